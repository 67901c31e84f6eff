"""The `---` lines around front matter, and the lines that damage or replace them.

An ordinary file only needs `find_delimiters`. The other functions run if it finds nothing, or if the YAML between the
delimiters does not parse.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from patternlint.diagnostics.fix import Replacement
from patternlint.messages.characters import BLANK, DASHES, INVISIBLE, name_of
from patternlint.source import BOM, Source, Span, line_end, next_line
from patternlint.spec.model import SpecRegistry, scan_top_level_keys

_HEAD = 16_384  # characters in which the front matter of a pattern begins, whatever precedes it
_NEAR_TOP = 60  # lines; an `id` further below belongs to the text
_MAX_SHOWN = 40  # characters of a line in a message

_VISIBLE = re.compile(f"[^\\s{INVISIBLE}{BLANK}]")
_LINE_END = re.compile(r"[\r\n\x85\u2028\u2029]")
_LONE_CR = re.compile(r"\r(?!\n)")
_RUN = re.compile(f"[-{DASHES}]+")
_RUN_LINE = re.compile(f"[-{DASHES}](?:[ \\t{INVISIBLE}{BLANK}]*[-{DASHES}])*[ \\t{INVISIBLE}{BLANK}]*")
_OTHER_LINE = re.compile(r"(?:\*{3,}|_{3,}|={3,}|\.{3})[ \t]*")
_CODE = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*(ya?ml|yml|markdown|md|text|)[ \t]*", re.IGNORECASE)
_TOML_LINES = ("+++", "---toml", "--- toml")
_JSON = re.compile(r"\{\s*+\"[^\"\r\n]*+\"\s*+:")
_TOML = re.compile(r"^(\w+)[ \t]*=[ \t]*[\"']([^\"'\r\n]*)[\"']", re.MULTILINE)
_KEY = re.compile(r"[A-Za-z_][\w-]*:(?:\s|\Z)")
_LOWER_KEY = re.compile(r"^[a-z_][\w-]*:(?:\s|\Z)", re.MULTILINE)
_PROSE = re.compile(r"> |[*_]{1,2}\w|\w[^:]* [^:]*\Z")
_DELIMITER = re.compile(r"---[^\S\n]*$", re.MULTILINE)
_CLOSING_DELIMITER = re.compile(r"\n---[^\S\n]*$", re.MULTILINE)
_CLOSING = re.compile(r"^---[ \t\r]*$", re.MULTILINE)
_KEY_BELOW = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*(?P<line>[ \t]*(?P<key>[A-Za-z_][\w-]*:)(?:[ \t][^\n]*|\r?)\n)")
_YAML_LINE = re.compile(r"\s*(?:#.*)?|[ \t]+\S.*|- .*|[A-Za-z_][\w-]*:(?:\s.*)?", re.DOTALL)
_WIDE = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"-\0-\0-\0", "utf-16-le"),
    (b"\0-\0-\0-", "utf-16-be"),
)

LFS_POINTER = "the file is a Git LFS pointer, not the content (`git lfs pull` fetches it)"


class Delimiters(Struct, frozen=True):
    """The delimiters of front matter.

    Attributes:
        opening: the opening `---`.
        closing: the closing `---`, or None if it is missing.
        content: the lines between them.
        body: the offset of the body.
    """

    opening: Span
    closing: Span | None
    content: Span
    body: int


class DamagedDelimiter(Struct, frozen=True):
    """A malformed or missing delimiter in a file that is meant as a pattern.

    Attributes:
        message: the message.
        span: its position.
        help: the help.
        keys: the keys of the front matter, as far as they can be read.
        edits: the fix, which preserves all data; empty if no fix is safe.
        title: the title of the fix.
        label: the beginning of the front matter, if that is elsewhere.
    """

    message: str
    span: Span
    help: str
    keys: Mapping[str, Any] = {}
    edits: tuple[Replacement, ...] = ()
    title: str = ""
    label: Span | None = None


def find_delimiters(source: Source) -> Delimiters | None:
    """Return the delimiters of front matter, or None for a file that does not begin with `---`."""
    text = source.text
    start = len(BOM) if text.startswith(BOM) else 0
    first = _DELIMITER.match(text, start)
    if first is None:
        return None
    opening = Span(start, start + 3)
    content = min(first.end() + 1, len(text))
    closing = _CLOSING_DELIMITER.search(text, first.end())
    if closing is None:
        return Delimiters(opening, None, Span(content, len(text)), len(text))
    at = closing.start() + 1
    return Delimiters(opening, Span(at, at + 3), Span(content, at), min(closing.end() + 1, len(text)))


def _first(pattern: re.Pattern[str], text: str, at: int = 0) -> int:
    """Return the offset of the first match from `at` on, or the end of the text."""
    found = pattern.search(text, at)
    return found.start() if found is not None else len(text)


def strip_opening(text: str) -> str:
    """Return a text without its opening dashes, in any form, and the whitespace around them."""
    start = _first(_VISIBLE, text)
    run = _RUN_LINE.match(text, start)
    at = run.end() if run is not None else start
    return text[_first(_VISIBLE, text, at) :]


def utf16_or_utf32(data: bytes) -> str:
    """Return the encoding of UTF-16 or UTF-32 text as a codec name, or an empty string for any other encoding."""
    for beginning, name in _WIDE:
        if data.startswith(beginning):
            return name
    head = data[:64]
    for name, zeros, letters in (("utf-16-le", head[1::2], head[::2]), ("utf-16-be", head[::2], head[1::2])):
        if len(head) > 7 and not zeros.strip(b"\0") and b"\0" not in letters:  # noqa: PLR2004 - four characters
            return name
    return ""


def skip_reason(source: Source) -> str:
    """Return why a file is not a pattern, as a clause that follows "not checked:"."""
    text = source.text
    start = _first(_VISIBLE, text)
    if start == len(text):
        return "the file is empty" if not source.data else "the file is blank"
    if text.startswith("version https://git-lfs.github.com/", start):
        return LFS_POINTER
    if b"\0" in source.data:
        encoding = utf16_or_utf32(source.data)[:6].upper()
        return f"the file is {encoding}, not UTF-8" if encoding else "the file is not text"
    line = text[start : _first(_LINE_END, text, start)].rstrip()
    if line in _TOML_LINES:
        return f"the front matter is TOML (`{line}`), not YAML"
    if line == ";;;" or _JSON.match(text, start):
        return "the front matter is JSON, not YAML"
    has_front = find_delimiters(source) is not None
    return f"the {'front matter has no `id` of a pattern' if has_front else 'file does not begin with `---`'}"


def find_damaged_opening(source: Source, specs: SpecRegistry) -> DamagedDelimiter | None:
    """Return the damaged opening delimiter of a file that is meant as a pattern, or None.

    A file is meant as a pattern if the keys below its first line are those of one, or if the `id` of a pattern is near
    its top and outside code.
    """
    encoding = utf16_or_utf32(source.data)
    text = source.data[: 4 * _HEAD].decode(encoding, "replace") if encoding else source.text[:_HEAD]
    if not any(key in text for keys in (specs.id_keys, specs.name_keys) for key in keys):
        return None
    lines = _LONE_CR.sub("\n", text)  # of the same length, so that offsets stay valid
    start = _first(_VISIBLE, text)
    first = Span(start, _first(_LINE_END, text, start))
    line = text[first.start : first.end]
    if encoding:
        keys = _pattern_keys(lines, first.end, specs)
        message = f"the file is {encoding[:6].upper()}, not UTF-8"
        return DamagedDelimiter(message, Span(0, 1), "save it as UTF-8", keys) if keys else None
    return _damage_in_first_line(source, lines, first, line, specs) or _damage_below_text(lines, first, specs)


def _damage_in_first_line(
    source: Source, lines: str, first: Span, line: str, specs: SpecRegistry
) -> DamagedDelimiter | None:
    """Return the damage if the first line with text opens front matter, well-formed or not, or None."""
    run = _RUN.match(line)
    code = _CODE.fullmatch(line)
    is_toml = line.rstrip() == "+++"
    begins_yaml = _KEY.match(line) is not None or line.startswith(("# \u2550", "# GROUP "))
    if not (run or code or is_toml or begins_yaml or _OTHER_LINE.fullmatch(line)):
        return None
    content = first.start if begins_yaml else first.end
    if run is not None and _RUN_LINE.fullmatch(line) is None:
        content = first.start + run.end()
    if code and (again := _CLOSING.match(lines, next_line(lines, first.end))):
        content = again.end()
    if is_toml:
        values = dict(_TOML.findall(lines[content:].partition("\n+++")[0]))
        if specs.is_known_prefix(specs.id_in(values)):
            advice = "write it as YAML, between two lines `---`"
            return DamagedDelimiter("the front matter is TOML (`+++`), not YAML", first, advice, values)
    keys = _pattern_keys(lines, content, specs)
    if not keys:
        return None
    if code:
        advice = "begin the file with `---`, and delete the code fence and the line that closes it"
        damage = DamagedDelimiter("a code fence opens the file instead of `---`", first, advice, keys)
    elif begins_yaml:
        message = "no line `---` above the front matter"
        edit = Replacement(Span(0, first.start), "---\n")
        damage = DamagedDelimiter(message, Span(0, 0), _ADVICE, keys, (edit,), "insert `---` above the first key")
    elif line.rstrip() == "---":
        damage = _damage_around_dashes(source, first, keys)
    else:
        damage = _damage_of_dashes(first, line, keys)
    is_closed = _CLOSING.search(lines, next_line(lines, content)) is not None
    return damage if is_closed else replace(damage, edits=())


def _damage_around_dashes(source: Source, first: Span, keys: Mapping[str, Any]) -> DamagedDelimiter:
    """Return the damage of a first `---` with text before it, or with another character than a line feed after it."""
    text = source.text
    before = text[: first.start]
    if before not in ("", BOM):
        strange = next((one for one in before if one not in " \t\r\n"), "")
        name = "a blank line" if before.strip(" \t") else "a tab" if "\t" in before else "a space"
        span = Span(0, first.start)
        edits: tuple[Replacement, ...] = (Replacement(span, ""),)
        if strange:
            span, name = Span(before.index(strange), before.index(strange) + 1), name_of(strange)
        advice = "`---` must be the first characters of the file"
        title = "delete all characters before `---`"
        return DamagedDelimiter(f"{name} before the opening `---`", span, advice, keys, edits, title)
    end = Span(first.end, first.end + 1)
    if text[end.start] == "\r":
        edits = tuple(Replacement(Span(found.start(), found.end()), "\n") for found in _LONE_CR.finditer(text))
        advice = "save the file with line ends of Unix (LF)"
        title = "replace each CR with a line feed"
        return DamagedDelimiter("the lines end in CR alone", end, advice, keys, edits, title)
    name = name_of(text[end.start])
    edits = (Replacement(end, "\n"),)
    title = f"replace {name} with a line feed"
    return DamagedDelimiter(f"{name} behind the opening `---`", end, _ADVICE, keys, edits, title)


def _damage_of_dashes(first: Span, line: str, keys: Mapping[str, Any]) -> DamagedDelimiter:
    """Return the damage of a first line that is meant as `---`."""
    shown = line.strip()[:_MAX_SHOWN]
    run = _RUN.match(line)
    if shown == "+++":
        advice = "write `---` here and in the line that closes the front matter"
        return DamagedDelimiter("the first line is `+++`, which opens TOML, but YAML follows", first, advice, keys)
    if run is None:
        return DamagedDelimiter(f"the first line is `{shown}`, not `---`", first, _ADVICE, keys)
    edits: tuple[Replacement, ...] = ()
    if _RUN_LINE.fullmatch(line) is None:
        message = f"text behind the opening `---`: `{shown}`"
        rest = line[run.end() :].lstrip()
        span = Span(first.start + run.end(), first.end)
        if run[0] == "---" and (rest.startswith("#") or _KEY.match(rest)):
            edits = (Replacement(Span(span.start, first.end - len(rest)), "\n"),)
            if first.start:
                edits = Replacement(Span(0, first.start), ""), *edits
        return DamagedDelimiter(message, span, _ADVICE, keys, edits, "insert a line break after `---`")
    strange = next((character for character in line.strip() if character not in "- "), "")
    edits = (Replacement(Span(0, first.start + len(line.rstrip())), "---"),)
    message = f"the first line is `{shown}`{f', with {name_of(strange)}' if strange else ''}, not `---`"
    return DamagedDelimiter(message, first, _ADVICE, keys, edits, f"replace `{shown}` with `---`")


_ADVICE = "the first line of a pattern is `---` and nothing else"


def _damage_below_text(lines: str, first: Span, specs: SpecRegistry) -> DamagedDelimiter | None:
    """Return the damage if other text precedes the front matter, or None."""
    at = 0
    opening: Span | None = None
    fence = ""
    id_lines = tuple(f"{key}:" for key in specs.id_keys)
    for number, line in enumerate(lines.splitlines(keepends=True)):
        if number >= _NEAR_TOP:
            return None
        bare = line.strip()
        code = _CODE.match(line) if not fence else None
        if code is not None:
            fence = code[1]
        elif fence:
            fence = "" if bare.startswith(fence) and not bare.strip(fence[0]) else fence
        elif bare == "---" and line.startswith("-"):
            opening = Span(at, at + 3)
        elif line.startswith(id_lines) and specs.is_known_prefix(specs.id_in(scan_top_level_keys(line))):
            keys = scan_top_level_keys(_block(lines, opening.end if opening is not None else at))
            above = lines[first.start : first.end]
            is_heading = re.match(r"#{1,6}\s", above) is not None
            kind = "an HTML comment" if above.startswith("<!--") else "a heading" if is_heading else "text"
            advice = "move it below the front matter: the first line of a pattern is `---`"
            return DamagedDelimiter(f"{kind} before the front matter", first, advice, keys, label=opening)
        at += len(line)
    return None


def _block(lines: str, start: int) -> str:
    """Return the front matter that begins at `start`, up to a closing delimiter."""
    end = _CLOSING.search(lines, next_line(lines, start))
    return lines[start : end.start() if end is not None else len(lines)].lstrip(" \t")


def _pattern_keys(lines: str, start: int, specs: SpecRegistry) -> Mapping[str, Any]:
    """Return the keys of the front matter that begins at `start`; empty if they are not those of a pattern."""
    keys = scan_top_level_keys(_block(lines, start))
    return keys if specs.looks_like_pattern(keys, specs.id_in(keys)) else {}


def find_damaged_closing(source: Source, delimiters: Delimiters, reached: int) -> DamagedDelimiter | None:
    """Return the line that was probably meant as the closing delimiter, or its missing position, or None.

    Args:
        source: the file.
        delimiters: the delimiters of its front matter, where found.
        reached: the offset at which a YAML parser stopped; the text before it is front matter.
    """
    text = source.text
    at = last = delimiters.content.start
    after_blank_line = False
    while at < delimiters.content.end:
        end = line_end(text, at, delimiters.content.end)
        line = text[at:end].rstrip()
        span = Span(at, at + len(line))
        is_run = line != "-" and _RUN_LINE.fullmatch(line) is not None
        is_closing = len(line) <= _MAX_SHOWN and (is_run or _OTHER_LINE.fullmatch(line) is not None)
        if is_closing or (after_blank_line and _PROSE.match(line)):
            if reached < at or _LOWER_KEY.search(text, end, delimiters.content.end):
                return None
            if not is_closing:
                advice = "write `---` on a line of its own above this line"
                message = "the front matter has no closing `---`"
                return DamagedDelimiter(message, span, advice, label=Span(last, last))
            strange = next((one for one in line if one not in "-. *_=;#"), "")
            named = f" with {name_of(strange)}," if strange else ""
            message = f"the front matter is closed by `{line}`,{named} not by `---`"
            return DamagedDelimiter(message, span, "write `---` in this line")
        if not line:
            after_blank_line = True
        elif not line.startswith("#"):
            last, after_blank_line = at + len(line), False
        at = next_line(text, at, delimiters.content.end)
    return None


def find_early_closing(source: Source, delimiters: Delimiters, specs: SpecRegistry) -> DamagedDelimiter | None:
    """Return the closing delimiter if the front matter continues below it, up to another `---`, or None.

    It continues if the lines below look like YAML and have a key of the specification that is missing above.
    """
    text = source.text
    below = _KEY_BELOW.match(text, delimiters.body)
    if below is None or delimiters.closing is None:
        return None
    end = _CLOSING.search(text, below.end())
    if end is None or not all(map(_YAML_LINE.fullmatch, text[below.start() : end.start()].splitlines())):
        return None
    above = scan_top_level_keys(source.slice(delimiters.content))
    added = scan_top_level_keys(text[below.start() : end.start()])
    keys = above | added
    identity = specs.id_in(keys)
    spec = specs.find(keys, identity) if specs.looks_like_pattern(keys, identity) else None
    if spec is None or not any(key in spec.keys and key not in above for key in added):
        return None
    message = f"the front matter ends here, but `{below['key']}` follows"
    return DamagedDelimiter(message, delimiters.closing, "delete this line", keys, label=Span(*below.span("key")))
