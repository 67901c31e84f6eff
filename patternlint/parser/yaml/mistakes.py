"""The probable mistake behind a YAML syntax error.

A parser often stops some lines below the mistake. Each detector searches the lines around for one kind of mistake and
proposes a repair. A mistake is only reported if the parser gets farther with its repair, so that the help is correct.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import accumulate, chain, islice, takewhile
from typing import NamedTuple, TypeVar

from msgspec import Struct

from patternlint.source import Span

_MAX_TEXT_LENGTH = 20_000  # characters; each repair parses the text again
_MAX_REPAIRS = 60
_LINES_ABOVE = 4  # where the parser stops early, the mistake is at most a few lines above
_LINES_AROUND = 12  # lines whose indentation may be the one that was meant
_MAX_SHOWN = 72  # characters of a line in a help text

_KEY = r"[^\W\d][\w.-]*"
_KEY_LINE = re.compile(rf"(?P<head>[ ]*(?:- +)*)(?P<key>{_KEY}|\"[^\"]*\"|'[^']*')[ ]*:(?=[ ]|$)")
_VALUE = re.compile(rf"[ ]*(?:- +)*(?:(?:{_KEY}|\"[^\"]*\"|'[^']*')[ ]*:[ ]+)?(?P<value>\S.*?)[ ]*$")
_COMMENT = re.compile(r"[ ]+#.*$")
_MISSPELLED_DASH = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2022\u2023\u25cf\u25e6\u00b7*+"
_MISSPELLED_COLON = "\uff1a\ufe55\ufe13\u02d0\u2236\ua789"
_NO_COLON = re.compile(
    rf"(?P<head>[ ]*(?:- +)*)(?P<key>{_KEY})(?:[ ]*(?P<sign>=>|->|=|;)[ ]*|[ ]+-[ ]+|[ ]+|$)(?P<rest>.*)$"
)
_MAX_PLAIN_WORDS = 6  # words; more after a word without a colon are a line of text
_BLOCK_TEXT = re.compile(r"(?P<mark>[|>][-+0-9]*)[ ]*(?P<rest>[^ ].*)$")
_BLOCK_TEXT_KEY = re.compile(r".*:[ ]+[|>][-+0-9]*[ ]*$")
_SPECIAL_STARTS = ("%", "@", "`", "*", "&", "!", "{{", ",", "]", "}", "|", ">", "?")
_DOUBLE_QUOTED = re.compile(r"\"(?:\\.|[^\"\\])*\"")
_SINGLE_QUOTED = re.compile(r"'(?:[^']|'')*+'")
_COLON = re.compile(r":(?= |$)")
_EMPTY_VALUES = ("{}", "[]", "~", "null", '""', "''")
_QUOTES = frozenset("\"'")
_OPENING = _QUOTES | frozenset("[{")
_NOT_PLAIN = _OPENING | frozenset("|>")
_WRONG_QUOTES = {'"': "”“„'", "'": '’‘‚"'}
_CLOSING = {"[": "]", "{": "}"}
_WRONG_CLOSING = ")]}>"


_Place = TypeVar("_Place", "_Line", int)


class Mistake(Struct, frozen=True):
    """A probable mistake.

    Attributes:
        message: the message.
        span: its position in the parsed text.
        help: the help.
        edits: the repair: spans of the text and their replacements, in order.
    """

    message: str
    span: Span
    help: str
    edits: tuple[tuple[Span, str], ...]


class _Line(NamedTuple):
    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def indent(self) -> int:
        return len(self.text) - len(self.text.lstrip(" "))

    @property
    def has_content(self) -> bool:
        """Whether the line is neither blank nor a comment."""
        return self.text.strip() != "" and not self.text.lstrip().startswith("#")

    @property
    def is_item(self) -> bool:
        return self.text.lstrip().startswith("- ")

    @property
    def key(self) -> re.Match[str] | None:
        return _KEY_LINE.match(self.text)

    @property
    def value(self) -> tuple[int, str]:
        """The column of the value, and the value without a comment, which may be empty."""
        found = _VALUE.match(_COMMENT.sub("", self.text))
        return (found.start("value"), found["value"]) if found else (len(self.text), "")

    def span(self, start: int, end: int) -> Span:
        return Span(self.start + start, self.start + end)

    @property
    def whole(self) -> Span:
        return Span(self.start, self.end)

    @property
    def words(self) -> Span:
        return self.span(self.indent, max(len(self.text.rstrip()), self.indent + 1))


def find_mistake(text: str, stopped_at: int, error_offset: Callable[[str], int | None]) -> Mistake | None:
    """Return the mistake with whose repair the parser gets farthest beyond the line where it stopped, or None.

    Args:
        text: YAML that does not parse.
        stopped_at: the offset at which the parser stopped, or at which the unclosed construct begins.
        error_offset: returns the offset at which a text stops the parser, or None if it parses.
    """
    if len(text) > _MAX_TEXT_LENGTH:
        return None
    lines = _lines(text)
    at = max((number for number, line in enumerate(lines) if line.start <= stopped_at), default=0)
    best = None
    reached = lines[at].end
    for mistake in islice(_candidates(lines, at), _MAX_REPAIRS):
        repaired = _apply(text, mistake.edits)
        offset = error_offset(repaired)
        if offset is None:
            return mistake
        offset -= len(repaired) - len(text)
        if offset > reached:
            best, reached = mistake, offset
    return best


def _lines(text: str) -> list[_Line]:
    lines: list[_Line] = []
    start = 0
    for line in text.split("\n"):
        lines.append(_Line(start, line.removesuffix("\r")))
        start += len(line) + 1
    return lines


def _apply(text: str, edits: Sequence[tuple[Span, str]]) -> str:
    for span, new in reversed(edits):
        text = text[: span.start] + new + text[span.end :]
    return text


def _candidates(lines: list[_Line], at: int) -> Iterator[Mistake]:
    """Yield the mistakes that may have stopped the parser in line `at`, the most likely kinds first."""
    yield from _other_whitespace_as_indentation(lines)
    above = [number for number in range(at, -1, -1) if lines[number].has_content]
    near = [lines[number] for number in above[: _LINES_ABOVE + 1]]
    above = above[:_LINES_ABOVE]
    yield from _no_closing_line(lines, at)
    misspelled_signs = [partial(_misspelled_sign, *kind) for kind in _MISSPELLED_SIGNS]
    yield from _each(near, _wrong_whitespace, *misspelled_signs, _other_comment, _misquoted_item, _text_after_value)
    yield from _children_below_value(lines, at)
    yield from _each(lines[: at + 1], _unclosed_quote)
    for number in range(at, -1, -1):
        yield from _unclosed_bracket(lines, number, at)
    yield from _each(near, _special_start, _list_after_key, _bad_escape)
    yield from _each(above, partial(_value_below_key, lines))
    yield from _each(near, _no_colon)
    yield from _each(above, partial(_colon_in_text, lines))
    suspects = sorted(above, key=lambda number: lines[number].indent % 2 == 0)
    yield from _each(suspects, partial(_wrong_indentation, lines), partial(_wrong_indentation_of_several, lines))
    yield from _each(above, partial(_text_not_indented, lines))
    yield from _each(near, _stray_text)


def _each(places: Iterable[_Place], *detectors: Callable[[_Place], Iterable[Mistake]]) -> Iterator[Mistake]:
    for detect in detectors:
        yield from chain.from_iterable(map(detect, places))


def _in_backticks(line: str) -> str:
    """Return a stripped line in backticks for a help text."""
    line = line.strip()
    if "`" in line:
        return f"`` {line} ``"
    return f"`{line}`" if len(line) <= _MAX_SHOWN else f"`{line[: _MAX_SHOWN - 1]}…`"


def _rewrite(line: _Line, new: str, message: str, span: Span, advice: str = "write {}") -> Mistake:
    """Return a mistake that is repaired by replacing the line."""
    return Mistake(message, span, advice.replace("{}", _in_backticks(new)), ((line.whole, new),))


def _name(character: str) -> str:
    """Return the name of a character: "no-break space (U+00A0)"."""
    return f"{unicodedata.name(character, 'character').lower()} (U+{ord(character):04X})"


def _is_wrong_whitespace(character: str) -> bool:
    return character in "\u200b\u2060\ufeff" or (character not in " \t\n\r" and character.isspace())


def _other_whitespace_as_indentation(lines: list[_Line]) -> Iterator[Mistake]:
    """Tabs, or other whitespace than spaces, at the start of lines."""
    found: list[tuple[_Line, str]] = []
    for line in lines:
        lead = "".join(takewhile(lambda one: one in " \t" or _is_wrong_whitespace(one), line.text))
        if lead.strip(" ") and line.text.strip():
            found.append((line, lead))
    if not found:
        return
    line, lead = found[0]
    at = next(place for place, one in enumerate(lead) if one != " ")
    tab = lead[at] == "\t"
    message = "tab used for indentation" if tab else f"{_name(lead[at])} used for indentation"
    more = f", and in {len(found) - 1} more line{'s' * (len(found) > 2)}" if len(found) > 1 else ""  # noqa: PLR2004
    for width in (2, 4, 6, 8) if tab else (1, 2, 4):
        edits = tuple((one.span(0, len(old)), _spaces(old, width)) for one, old in found)
        count = len(edits[0][1])
        advice = f"{_indent_by(count)}{more}"
        yield Mistake(message, line.span(at, len(lead)), advice, edits)


def _spaces(lead: str, width: int) -> str:
    return "".join(one if one == " " else "" if one in "\u200b\u2060\ufeff" else " " * width for one in lead)


def _no_closing_line(lines: list[_Line], at: int) -> Iterator[Mistake]:
    """Unclosed front matter, or front matter closed by other dashes."""
    line = lines[at]
    bare = line.text.strip()
    edits = ((Span(line.start, lines[-1].end), ""),)
    if bare == "---" and line.indent:
        advice = f"delete the space{'s' * (line.indent > 1)} before `---`"
        yield Mistake("space before the closing `---`", line.span(0, line.indent), advice, edits)
    elif bare and not bare.strip("-–—―"):
        yield Mistake(f"`{bare}` instead of the closing `---`", line.words, "write `---`", edits)
    below = [one for one in lines[at : at + _LINES_AROUND] if one.has_content]
    if line.indent == 0 and len(below) > 1 and not any(one.key for one in below):
        advice = "write `---` on a line of its own between the front matter and the text"
        yield Mistake("missing closing `---` above this line", line.words, advice, edits)


def _wrong_whitespace(line: _Line) -> Iterator[Mistake]:
    """Other whitespace than a space after a colon or a dash."""
    found = re.search(r"(?<=[:-])[^\S \t]|(?<=[:-])[\u200b\u2060\ufeff]", line.text)
    if found:
        new = "".join(" " if _is_wrong_whitespace(one) else one for one in line.text)
        message = f"{_name(found[0])} instead of a space"
        yield Mistake(message, line.span(*found.span()), "replace it with a space", ((line.whole, new),))


def _children_below_value(lines: list[_Line], at: int) -> Iterator[Mistake]:
    """A value on the line of a key that has indented keys or items below."""
    first = next((number for number in range(at, 0, -1) if lines[number].indent == 0 and lines[number].has_content), 0)
    for number in range(at, max(first, 1) - 1, -1):
        child = lines[number]
        if not child.has_content or not (child.key or child.is_item):
            continue
        above = next((one for one in reversed(lines[:number]) if one.has_content), child)
        key, (column, value) = above.key, above.value
        if not value or key is None or key.end("key") >= column or child.indent <= above.indent:
            continue
        parent = next((one for one in reversed(lines[:number]) if one.has_content and one.indent < above.indent), above)
        in_item = parent.is_item
        if value not in _EMPTY_VALUES and (in_item or not child.is_item):
            continue  # more likely wrong indentation
        message = f"`{key['key']}` already has the value `{value}`"
        edits = ((above.span(key.end(), len(above.text)), ""),)
        yield Mistake(message, above.span(column, column + len(value)), f"delete {_in_backticks(value)}", edits)


_KEY_HEAD = rf"(?P<head>[ ]*(?:- +)*{_KEY})"
_DASHES = re.escape(_MISSPELLED_DASH)
_MISSPELLED_SIGNS = (
    (rf"{_KEY_HEAD}[ ]*(?P<sign>[{_MISSPELLED_COLON}])[ ]*(?P<rest>.*)$", ":", "`{0}` (U+{1:04X}) instead of `:`"),
    (
        rf"(?P<head>[ ]*)(?P<sign>[{_DASHES}])[ \u00a0]*(?P<rest>\S.*)$",
        "-",
        "`{0}`{2} instead of `-` before a list item",
    ),
    (rf"{_KEY_HEAD}(?P<sign>:)(?P<rest>[^\s:/].*)$", ":", "missing space after `:`"),
    (r"(?P<head>[ ]*)(?P<sign>-)(?P<rest>[^\s-].*)$", "-", "missing space after `-`"),
)
"""Patterns of a wrong sign, the right one, and the message, in which the wrong one is 0, its code point 1, its name 2."""


def _misspelled_sign(pattern: str, sign: str, message: str, line: _Line) -> Iterator[Mistake]:
    """Another character in place of `:` or `-`, or a missing space after it."""
    found = re.match(pattern, line.text)
    if found:
        wrong = found["sign"]
        name = "" if wrong.isascii() else f" ({unicodedata.name(wrong).lower()})"
        new = f"{found['head']}{sign} {found['rest']}"
        yield _rewrite(line, new, message.format(wrong, ord(wrong), name), line.span(*found.span("sign")))


def _other_comment(line: _Line) -> Iterator[Mistake]:
    """A comment in the syntax of HTML or a programming language."""
    bare = line.text.strip()
    for start, end, name in (("<!--", "-->", "`<!--`"), ("//", "", "`//`"), ("/*", "*/", "`/*`")):
        if bare.startswith(start) and bare.endswith(end):
            inner = bare.removeprefix(start).removesuffix(end).strip()
            new = f"{' ' * line.indent}# {inner}"
            yield _rewrite(line, new, f"{name} does not start a comment in YAML", line.words)


_MISTAKES_IN_BRACKETS = (
    (r"([\"'])(?P<at>\s*;\s*)(?=[\"'])", r"\1, ", "`;` instead of `,` between list items"),
    (r"(?<=[\w\"'])([\"'])(?P<at>\s+)(?=[\"']\w)", r"\1, ", "missing `,` between list items"),
    (r",\s*(?P<at>,)(?:\s*,)*", ",", "unexpected `,`"),
)


def _misquoted_item(line: _Line) -> Iterator[Mistake]:
    """A list in brackets with an item whose quotes do not match, or without a comma between two items."""
    bare = _COMMENT.sub("", line.text)
    start, end = bare.find("[") + 1, bare.rfind("]")
    if not 0 < start <= end:
        return
    head, inner, tail = line.text[:start], bare[start:end], line.text[end:]
    for wrong, right, message in _MISTAKES_IN_BRACKETS:
        found = re.search(wrong, inner)
        if found:
            new = f"{head}{re.sub(wrong, right, inner)}{tail}"
            yield _rewrite(line, new, message, line.span(start + found.start("at"), start + found.end("at")))
    special = re.sub(r"(?<![\w\"'])[%@`*&!|>?][^,\"']*", lambda item: _quote(item[0].rstrip()), inner)
    if special != inner:
        at = start + next(place for place, one in enumerate(inner) if one != special[place])
        message = f"text without quotes begins with {_character(line.text[at])}"
        yield _rewrite(line, f"{head}{special}{tail}", message, line.span(at, at + 1))
    at = start
    for item in inner.split(","):
        words = item.strip()
        quote = words[:1] if words[:1] in _QUOTES else words[-1:]
        if quote and quote in _QUOTES and (words[:1] == quote) != (words[-1:] == quote and len(words) > 1):
            place = at + item.index(words) + (0 if words[:1] == quote else len(words) - 1)
            fixed = item.replace(words, f"{quote}{words.strip(quote)}{quote}")
            new = line.text[:at] + fixed + line.text[at + len(item) :]
            message = f"missing closing `{quote}`" if words[:1] == quote else f"missing opening `{quote}`"
            yield _rewrite(line, new, message, line.span(place, place + 1))
        at += len(item) + 1


def _quote(text: str) -> str:
    """Return text in double quotes, or in single quotes if it contains a double quote or a backslash."""
    if ("\\" in text or '"' in text) and "'" not in text:
        return f"'{text}'"
    return json.dumps(text, ensure_ascii=False)


def _closing_quote(value: str) -> int:
    """Return the index of the quote that closes the first one of `value`, or -1."""
    found = (_DOUBLE_QUOTED if value[0] == '"' else _SINGLE_QUOTED).match(value)
    return found.end() - 1 if found else -1


def _closing_bracket(value: str) -> int:
    """Return the index of the bracket that closes the first one of `value`, or -1."""
    depths = accumulate((one in _CLOSING) - (one in _CLOSING.values()) for one in value)
    return next((at for at, depth in enumerate(depths) if depth == 0), -1)


def _text_after_value(line: _Line) -> Iterator[Mistake]:
    """Text after a closing quote or bracket."""
    at, value = line.value
    opening = value[:1]
    if opening not in _OPENING:
        return
    close = _closing_quote(value) if opening in _QUOTES else _closing_bracket(value)
    rest = value[close + 1 :].strip()
    if close < 0 or not rest:
        return
    head = line.text[:at]
    if opening in _QUOTES and rest[-1] == "]" and "[" not in rest:
        yield _rewrite(line, f"{head}[{value}", "missing opening `[`", line.span(at, at + 1))
    if rest in (",", ";") or not rest.strip("])}"):
        new = head + value[: close + 1]
        place = at + value.index(rest, close + 1)
        yield _rewrite(line, new, f"unexpected `{rest}`", line.span(place, place + len(rest)))
    if opening not in _QUOTES:
        message = f"text after the closing `{_CLOSING[opening]}`"
        yield _rewrite(line, head + _quote(value), message, line.span(at + close, at + close + 1))
        return
    inner = value[1:-1] if value[-1] == opening and len(value) > 1 else None
    sign, kind = ("an apostrophe", "single") if opening == "'" else ("a double quote", "double")
    message = f"{sign} inside text in {kind} quotes"
    if inner is None:
        message, inner = "text after the closing quote", value
    yield _rewrite(line, head + _quote(inner), message, line.span(at + close, at + close + 1))


def _unclosed_quote(line: _Line) -> Iterator[Mistake]:
    """A quote without its counterpart in the same line."""
    at, value = line.value
    quote = value[:1]
    if quote not in _QUOTES or _closing_quote(value) >= 0:
        return
    bare = value.rstrip(_WRONG_QUOTES[quote])
    message = "missing closing quote" if bare == value else f"text that begins with `{quote}` ends with `{value[-1]}`"
    yield _rewrite(line, line.text[:at] + bare + quote, message, line.span(at, at + 1))


def _unclosed_bracket(lines: list[_Line], number: int, at: int) -> Iterator[Mistake]:
    """A `[` or `{` that is not closed in the lines up to `at`."""
    line = lines[number]
    place, value = line.value
    opening = value[:1]
    if opening not in _CLOSING or _closes(value):
        return
    closing = _CLOSING[opening]
    span = line.span(place, place + 1)
    if value[-1] in _WRONG_CLOSING and value[-1] != closing:
        new = line.text[:place] + value[:-1] + closing
        yield _rewrite(line, new, f"`{opening}` is closed by `{value[-1]}`", span)
    for last in lines[number : min(at + 1, number + _LINES_AROUND)]:
        bare = _COMMENT.sub("", last.text).rstrip()
        if not bare or (last is not line and last.key):
            break
        end = last.start + len(bare.rstrip(","))
        new = last.text[: len(bare.rstrip(","))] + closing
        advice = (
            f"write {_in_backticks(new)}"
            if last is line
            else f"add `{closing}` at the end of the list: {_in_backticks(new)}"
        )
        edit = (Span(end, last.start + len(bare)), closing)
        yield Mistake(f"missing closing `{closing}`", span, advice, (edit,))


def _closes(value: str) -> bool:
    """Return whether there are as many closing brackets as opening ones outside quotes."""
    bare = re.sub(rf"{_DOUBLE_QUOTED.pattern}|'[^']*'", "", value)
    return all(bare.count(opening) <= bare.count(closing) for opening, closing in _CLOSING.items())


def _special_start(line: _Line) -> Iterator[Mistake]:
    """Text that begins with an indicator of YAML."""
    at, value = line.value
    if not value.startswith(_SPECIAL_STARTS) or line.text.lstrip().startswith("? "):
        return
    head = line.text[:at]
    block = _BLOCK_TEXT.match(value)
    if block:
        indent = " " * (line.indent + 2)
        edits = ((line.whole, f"{head}{block['mark']}\n{indent}{block['rest']}"),)
        advice = f"move the text to the next line, indented with {len(indent)} spaces"
        place = at + block.start("rest")
        yield Mistake(f"text after `{block['mark']}`", line.span(place, len(line.text.rstrip())), advice, edits)
    start = "{{" if value.startswith("{{") else value[0]
    message = f"text without quotes begins with {_character(start)}"
    advice = "write {}" if any(map(str.isalnum, value)) else "write the value, or {} if this text is meant"
    yield _rewrite(line, head + _quote(value), message, line.span(at, at + len(start)), advice)


def _character(text: str) -> str:
    return "`` ` ``" if text == "`" else f"`{text}`"


def _list_after_key(line: _Line) -> Iterator[Mistake]:
    """A list that begins on the line of its key."""
    found = re.match(rf"(?P<head>[ ]*{_KEY}:)[ ]+(?P<item>-[ ].*)$", line.text)
    if found:
        indent = " " * (line.indent + 2)
        edits = ((line.whole, f"{found['head']}\n{indent}{found['item']}"),)
        advice = f"write {_in_backticks(found['item'])} on the next line, indented with {len(indent)} spaces"
        at = found.start("item")
        yield Mistake("list item on the line of its key", line.span(at, at + 1), advice, edits)


def _bad_escape(line: _Line) -> Iterator[Mistake]:
    """An invalid escape sequence in double quotes."""
    at, value = line.value
    if not value.startswith('"') or "\\" not in value or _closing_quote(value) != len(value) - 1:
        return
    inner = value[1:-1]
    new = f"'{inner}'" if "'" not in inner else '"{}"'.format(inner.replace("\\", "\\\\"))
    place = at + value.index("\\")
    message = f"`{value[value.index(chr(92)) :][:2]}` is not an escape sequence"
    yield _rewrite(line, line.text[:at] + new, message, line.span(place, place + 2))


def _no_colon(line: _Line) -> Iterator[Mistake]:
    """A key without a colon, or with another sign in its place."""
    found = _NO_COLON.match(line.text)
    if not found or line.key:
        return
    rest, sign = found["rest"], found["sign"]
    is_prose = len(rest.split()) > _MAX_PLAIN_WORDS or rest.endswith((".", ",")) or found["key"] != found["key"].lower()
    if is_prose and not sign and rest[:1] not in ('"', "'", "["):
        return
    new = f"{found['head']}{found['key']}: {rest}".rstrip()
    message = f"`{sign}` instead of `:`" if sign else f"missing `:` after `{found['key']}`"
    span = line.span(*(found.span("sign") if sign else found.span("key")))
    yield _rewrite(line, new, message, span)


def _colon_in_text(lines: list[_Line], number: int) -> Iterator[Mistake]:
    """A colon in plain text of one or several lines."""
    line = lines[number]
    column, value = line.value
    key = line.key
    colon = _COLON.search(value)
    if colon and value[0] not in _NOT_PLAIN and (key or line.is_item):
        at = column + colon.start()
        yield _rewrite(line, line.text[:column] + _quote(value), "`:` in text without quotes", line.span(at, at + 1))
    colon = _COLON.search(line.text)
    first = next((one for one in reversed(lines[:number]) if one.key), None)
    if key or colon is None or first is None:
        return
    column, value = first.value
    if not value or value[0] in _NOT_PLAIN:
        return
    last = number
    while last + 1 < len(lines) and lines[last + 1].indent > first.indent and not lines[last + 1].key:
        last += 1
    start, end = first.start + column, lines[last].start + len(lines[last].text.rstrip())
    text = "\n".join(one.text for one in lines if start <= one.end and one.start < end)[column:].rstrip()
    new = json.dumps(" ".join(text.split()), ensure_ascii=False)
    advice = f"put the whole text in double quotes, from {_in_backticks(value)} to the end of the text"
    span = line.span(colon.start(), colon.start() + 1)
    yield Mistake("`:` in text without quotes", span, advice, ((Span(start, end), new),))


def _other_indents(lines: list[_Line], number: int) -> Iterator[tuple[int, str]]:
    """Yield the possible intended indentations of a key or item, each with a line that has it."""
    line = lines[number]
    if not (line.key or line.is_item):
        return
    around = [one for one in lines[max(0, number - _LINES_AROUND) : number + 3] if one is not line and one.has_content]
    models: dict[int, str] = {}
    for one in reversed(around):
        bare = one.text.lstrip()
        inner = len(one.text) - len(bare.lstrip("- "))
        models.setdefault(one.indent, bare)
        if bare.startswith("- "):
            models.setdefault(inner, bare.lstrip("- "))
        if bare.endswith(":"):
            models.setdefault(one.indent + 2, "")
    below = next((one for one in lines[number + 1 :] if one.has_content), None)
    opens = below is not None and line.text.rstrip().endswith(":") and below.indent > line.indent
    for indent in sorted(models.keys() - {line.indent}, key=lambda one: (one % 2, abs(one - line.indent), -one)):
        is_too_deep = opens and below is not None and indent >= below.indent
        if not is_too_deep and not _is_text_at(lines, number, indent):
            yield indent, models[indent]


def _is_text_at(lines: list[_Line], number: int, indent: int) -> bool:
    """Return whether a line would belong to the block scalar above if it had this indentation."""
    above = next((one for one in reversed(lines[:number]) if one.text.strip() and one.indent < indent), None)
    return above is not None and _BLOCK_TEXT_KEY.match(above.text) is not None


def _wrong_indentation(lines: list[_Line], number: int) -> Iterator[Mistake]:
    """A key or item that is not aligned with those around it."""
    line = lines[number]
    for indent, model in _other_indents(lines, number):
        edits = ((line.span(0, line.indent), " " * indent),)
        like = _KEY_LINE.match(model)
        advice = f"{_indent_by(indent)}, like `{like['key']}`" if like else _indent_by(indent)
        yield Mistake(_indentation_message(line, indent), line.words, advice, edits)


def _wrong_indentation_of_several(lines: list[_Line], number: int) -> Iterator[Mistake]:
    """A key or item that is not aligned, together with its nested or following lines."""
    line = lines[number]
    for indent, _ in _other_indents(lines, number) if line.indent else ():
        step = indent - line.indent
        for least in (line.indent + 1, line.indent):
            below = takewhile(lambda one: not one.has_content or one.indent >= least, lines[number + 1 :])  # noqa: B023 - used up at once
            run = [line, *(one for one in below if one.text.strip())]
            edits = tuple((one.span(0, one.indent), " " * (one.indent + step)) for one in run)
            direction = "more" if step > 0 else "less"
            advice = f"{_indent_by(indent)}, and the {len(run) - 1} below it by {abs(step)} {direction}"
            if len(run) > 1:
                yield Mistake(_indentation_message(line, indent), line.words, advice, edits)


def _indentation_message(line: _Line, indent: int) -> str:
    return f"indented with {_count_spaces(line.indent)} instead of {indent}"


def _indent_by(indent: int) -> str:
    return f"indent the line with {_count_spaces(indent)}" if indent else "do not indent the line"


def _count_spaces(count: int) -> str:
    return f"{count} space{'s' * (count != 1)}"


def _value_below_key(lines: list[_Line], number: int) -> Iterator[Mistake]:
    """A value on the line below its key that is not indented."""
    line = lines[number]
    above = lines[number - 1] if number else line
    key = above.key
    if key and above.text.rstrip() == key[0] and line.indent <= above.indent and not line.key:
        edits = ((Span(above.start + key.end(), line.start + line.indent), " "),)
        advice = f"write {_in_backticks(f'{above.text.strip()} {line.text.strip()}')}"
        yield Mistake(f"the value of `{key['key']}` is not indented", line.words, advice, edits)


def _stray_text(line: _Line) -> Iterator[Mistake]:
    """A line of text among keys."""
    if not line.key:
        new = f"{' ' * line.indent}# {line.text.strip()}"
        advice = "delete the line, or write {} to make it a comment"
        yield _rewrite(line, new, "expected `key: value`", line.words, advice)


def _text_not_indented(lines: list[_Line], number: int) -> Iterator[Mistake]:
    """A line of text that is not indented below its key."""
    line = lines[number]
    if line.key or not number:
        return
    above = next((one for one in reversed(lines[:number]) if one.text.strip()), None)
    if above is None:
        return
    key = next((one for one in reversed(lines[:number]) if (one.key)), above)
    indent = key.indent + 2 if above is key else max(above.indent, key.indent + 2)
    if line.indent >= indent:
        return
    run = list(takewhile(lambda one: not one.key and not one.text.startswith("#"), lines[number:]))
    edits = tuple((one.span(0, one.indent), " " * indent) for one in run if one.text.strip() and one.indent < indent)
    found = key.key
    of = f" of `{found['key']}`" if found else ""
    advice = f"indent {'each line of the text' if len(edits) > 1 else 'the line'} with {indent} spaces"
    yield Mistake(f"the text{of} is not indented", line.words, advice, edits)
