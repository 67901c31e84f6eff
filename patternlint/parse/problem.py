"""What stops a YAML parser, put plainly: for people who know what a colon is, and not what a token is."""

from __future__ import annotations

import re
from typing import Any

from msgspec import Struct
from yaml.error import MarkedYAMLError

from patternlint.text import Span


class YamlProblem(Struct, frozen=True):
    """What is wrong with YAML text: in plain words, where, and maybe a second place with its own words."""

    message: str
    span: Span
    other: Span | None = None
    other_message: str = ""
    help: str = ""


SECOND_DOCUMENT = "a second YAML document starts here; front matter is one document"
_BLANK = " \t\r\n"
_TAB = "a tab where only spaces may be", "indent with spaces"
_QUOTE = "put the text in double quotes"
_BRACKETS = "put text that holds `{`, `[`, `,` or `:` in double quotes, and close what is open"

_KEY = ("did not find expected key", "expected <block end>")

# What the parsers say (libyaml's words, then ruamel.yaml's where they differ), what it means, what to do.
_PROBLEMS = (
    (
        ("mapping values are not allowed",),
        "a `:` where no value can begin",
        "put text that holds `: ` in double quotes",
    ),
    (("found unexpected end of stream",), "a quoted text that is never closed", "add the closing quote"),
    (
        ("could not find expected ':'",),
        "a line that is no `key: value`",
        "add the `:`, or indent the line under its key",
    ),
    (
        ("did not find expected ',' or", "expected ',' or"),
        "a list or mapping in brackets that does not go on as one",
        _BRACKETS,
    ),
    (
        ("found character that cannot start any token", "that cannot start any token"),
        "a character that begins no value",
        _QUOTE,
    ),
    (
        _KEY,
        "a line that does not fit where it is indented",
        "line it up with the keys around it",
    ),
    (
        ("did not find expected '-' indicator",),
        "a line in a list that does not begin with `- `",
        "line it up with the items around it",
    ),
    (
        ("did not find expected node content", "expected the node content"),
        "a value that is missing or cannot begin so",
        _QUOTE,
    ),
    (
        ("did not find expected alphabetic", "expected alphabetic"),
        "a `*` or `&`, which has a meaning of its own in YAML",
        _QUOTE,
    ),
    (
        ("found unknown escape character", "expected hexdecimal", "expected escape sequence", "invalid Unicode"),
        "a backslash in double quotes that begins no known sign",
        "write `\\\\`, or use single quotes",
    ),
    (("tag",), "a `!`, which has a meaning of its own in YAML", _QUOTE),
    (
        ("block sequence entries are not allowed", "sequence entries are not allowed"),
        "a `- ` where no list can begin",
        "put the list on the lines below its key",
    ),
    (("mapping keys are not allowed",), "a `?` or a key where none can begin", _QUOTE),
    (
        ("did not find expected comment or line break", "expected a comment or a line break", "indentation indicator"),
        "a `|` or `>` with text behind it",
        "put the text on the lines below, or in double quotes",
    ),
    (("found unexpected ':'",), "a `:` in brackets that begins no value", "put text that holds `:` in double quotes"),
    (("found unexpected document",), "a quoted text that is never closed", "add the closing quote"),
    (("<document start>",), SECOND_DOCUMENT, "take out the line `...`, or the `%` at its start"),
    (("directive",), "a `%`, which has a meaning of its own in YAML", _QUOTE),
)

# What the parsers say of the second place, and what is to be seen there.
_CONTEXTS = (
    ("flow mapping", "the `{` is here"),
    ("flow sequence", "the `[` is here"),
    ("quoted scalar", "the quote opens here"),
    ("double-quoted", "the quote opens here"),
    ("block mapping", "the keys begin here"),
    ("block collection", "the list begins here"),
    ("block sequence", "the list begins here"),
    ("block scalar", "the text begins here"),
)

_AT_CONTEXT = ("found unexpected end of stream", "could not find expected ':'", "found unexpected document")
"""Where the parser stops late: what is wrong is where it had begun."""

_NOT_YAML = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def explain(error: MarkedYAMLError, text: str, offset: int) -> YamlProblem:
    """Put a parser's words plainly, at its own places, which are shifted by `offset`."""
    problem = str(error.problem or error.context or "not YAML")
    context = str(error.context or "")
    first = _place(error.context_mark, text, offset)
    place = _place(error.problem_mark, text, offset) or first or Span(offset, offset)
    message, advice = _plain(problem, text, place.start - offset)
    other_message = next((plain for words, plain in _CONTEXTS if words in context), "it begins here")
    if first is not None and any(words in problem for words in _AT_CONTEXT):
        place, first = first, None
    if first == place:
        first = None
    said = f"the YAML parser says: {problem}"
    return YamlProblem(
        message, place, first, other_message if first is not None else "", f"{advice}; {said}" if advice else said
    )


def _plain(problem: str, text: str, at: int) -> tuple[str, str]:
    """Return what a parser's `problem` at `at` means, and what to do."""
    if text[at : at + 1] == "\t":
        return _TAB
    if any(words in problem for words in _KEY) and text[text.rfind("\n", 0, at) + 1 : at].strip():
        return "text behind a closing quote or bracket", "put the whole text in quotes of the other kind"
    for words, plain, remedy in _PROBLEMS:
        if any(word in problem for word in words):
            return plain, remedy
    return problem, ""


def _place(mark: Any, text: str, offset: int) -> Span | None:
    """Return the character at a parser's mark; the last one before it where the line has ended there."""
    if mark is None:
        return None
    at = min(mark.index, len(text))
    if at == len(text) or text[at] in "\r\n":
        while at > 0 and text[at - 1] in _BLANK:
            at -= 1
        at = max(at - 1, 0)
    return Span(at + offset, min(at + 1, len(text)) + offset)


def explain_unreadable(error: Exception, text: str, offset: int) -> YamlProblem:
    """Say which character YAML does not allow: the parsers count it in bytes or in characters, as they like."""
    found = _NOT_YAML.search(text)
    if found is not None:
        span = Span(found.start() + offset, found.end() + offset)
        return YamlProblem(f"the character U+{ord(found[0]):04X}, which YAML does not allow", span, help="delete it")
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    return YamlProblem(f"text that YAML cannot read ({reason})", Span(offset, offset))
