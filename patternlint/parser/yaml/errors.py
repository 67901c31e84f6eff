"""YAML syntax errors with messages and help for authors."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from msgspec import Struct
from yaml.error import MarkedYAMLError

from patternlint.parser.yaml.mistakes import find_mistake
from patternlint.source import Span, line_start


class SyntaxProblem(Struct, frozen=True):
    """A syntax error: message, position, help, and maybe a second position with its own message."""

    message: str
    span: Span
    other: Span | None = None
    other_message: str = ""
    help: str = ""


SECOND_DOCUMENT = "a second YAML document starts here; front matter is one document"
_BLANK = " \t\r\n"
_TAB = "tab used for indentation", "indent with spaces"
_QUOTE = "put the text in double quotes"
_BRACKETS = "put text that contains `{`, `[`, `,` or `:` in double quotes, and add the missing `,` or closing bracket"

_KEY = ("did not find expected key", "expected <block end>")

# Parts of the parsers' messages (of libyaml, then of ruamel.yaml if different), the message, and the help.
_PROBLEMS = (
    (
        ("mapping values are not allowed",),
        "unexpected `:`",
        "put each key on its own line, indented like its neighbors, and text that contains `: ` in double quotes",
    ),
    (("found unexpected end of stream",), "missing closing quote", "add the closing quote"),
    (
        ("could not find expected ':'",),
        "expected `key: value`",
        "add the `:` after the key, or indent the line under the key that it belongs to",
    ),
    (("',' or '}'",), "missing `,` or `}` in this mapping", _BRACKETS),
    (("did not find expected ',' or", "expected ',' or"), "missing `,` or `]` in this list", _BRACKETS),
    (("found character that cannot start any token", "that cannot start any token"), "unexpected character", _QUOTE),
    (_KEY, "wrong indentation", "indent the line like the keys around it"),
    (
        ("did not find expected '-' indicator",),
        "expected a list item that begins with `- `",
        "begin the line with `- `, or indent it like the other keys of the item",
    ),
    (("did not find expected node content", "expected the node content"), "expected a value", _QUOTE),
    (("did not find expected alphabetic", "expected alphabetic"), "text without quotes begins with `*` or `&`", _QUOTE),
    (
        ("found unknown escape character", "expected hexdecimal", "expected escape sequence", "invalid Unicode"),
        "invalid escape sequence in double quotes",
        "write `\\\\` for a backslash, or use single quotes",
    ),
    (("tag",), "text without quotes begins with `!`", _QUOTE),
    (
        ("block sequence entries are not allowed", "sequence entries are not allowed"),
        "unexpected list item",
        "put the list on the lines below its key",
    ),
    (("mapping keys are not allowed",), "unexpected `?` or key", _QUOTE),
    (
        ("did not find expected comment or line break", "expected a comment or a line break", "indentation indicator"),
        "text after `|` or `>`",
        "move the text to the lines below, or put it in double quotes",
    ),
    (("found unexpected ':'",), "unexpected `:` in brackets", "put text that contains `:` in double quotes"),
    (("found unexpected document",), "missing closing quote", "add the closing quote"),
    (("<document start>",), SECOND_DOCUMENT, "delete the line `...`, or the `%` at its start"),
    (("directive",), "text without quotes begins with `%`", _QUOTE),
)

# Parts of the parsers' messages about the second position, and its label.
_CONTEXTS = (
    ("flow mapping", "opening `{`"),
    ("flow sequence", "opening `[`"),
    ("quoted scalar", "opening quote"),
    ("double-quoted", "opening quote"),
    ("block mapping", "first key of this mapping"),
    ("block collection", "start of the list"),
    ("block sequence", "start of the list"),
    ("block scalar", "start of the text"),
)

_AT_CONTEXT = ("found unexpected end of stream", "could not find expected ':'", "found unexpected document")
"""Problems reported at the start of the parser's context, because it stops far below."""

_NOT_YAML = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def explain(error: MarkedYAMLError, text: str, offset: int) -> SyntaxProblem:
    """Return the problem for a parser's error, with positions shifted by `offset`."""
    problem = str(error.problem or error.context or "invalid YAML")
    context = str(error.context or "")
    first = _place(error.context_mark, text, offset)
    place = _place(error.problem_mark, text, offset) or first or Span(offset, offset)
    message, advice = _plain(problem, text, place.start - offset)
    other_message = next((plain for words, plain in _CONTEXTS if words in context), "start")
    if first is not None and any(words in problem for words in _AT_CONTEXT):
        place, first = first, None
    if first == place:
        first = None
    return SyntaxProblem(message, place, first, other_message if first is not None else "", advice)


def with_likely_cause(
    problem: SyntaxProblem, text: str, offset: int, error_offset: Callable[[str], int | None]
) -> SyntaxProblem:
    """Return the mistake that probably caused a syntax error, or the error itself if none is found.

    Args:
        problem: the error in `text`, with positions shifted by `offset`.
        text: the parsed text.
        offset: the offset of `text` in the file.
        error_offset: returns the offset at which a text stops the parser, or None if it parses.
    """
    mistake = find_mistake(text, problem.span.start - offset, error_offset)
    if mistake is None:
        return problem
    span = Span(mistake.span.start + offset, mistake.span.end + offset)
    return SyntaxProblem(mistake.message, span, help=mistake.help)


def _plain(problem: str, text: str, at: int) -> tuple[str, str]:
    """Return the message and the help for a parser's `problem` at `at`."""
    if text[at : at + 1] == "\t":
        return _TAB
    if any(words in problem for words in _KEY) and text[line_start(text, at) : at].strip():
        return "text after a closing quote or bracket", "put the whole text in quotes of the other kind"
    for words, plain, remedy in _PROBLEMS:
        if any(word in problem for word in words):
            return plain, remedy
    return problem, ""


def _place(mark: Any, text: str, offset: int) -> Span | None:
    """Return the span of the character at a parser's mark, or of the last visible one before a line ending."""
    if mark is None:
        return None
    at = min(mark.index, len(text))
    if at == len(text) or text[at] in "\r\n":
        while at > 0 and text[at - 1] in _BLANK:
            at -= 1
        at = max(at - 1, 0)
    return Span(at + offset, min(at + 1, len(text)) + offset)


def explain_unreadable(error: Exception, text: str, offset: int) -> SyntaxProblem:
    """Return the problem for an error without a position, usually a character that is not allowed in YAML.

    The parsers count its position in bytes or in characters, so it is searched for.
    """
    found = _NOT_YAML.search(text)
    if found is not None:
        span = Span(found.start() + offset, found.end() + offset)
        return SyntaxProblem(f"the character U+{ord(found[0]):04X} is not allowed in YAML", span, help="delete it")
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    return SyntaxProblem(f"invalid YAML ({reason})", Span(offset, offset))
