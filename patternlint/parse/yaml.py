"""YAML text → nodes with exact places, by the events of libyaml.

ruamel.yaml's own composer takes 31 ms for a file; its C parser's events, composed here, take 0.4 ms and keep every
place. Scalars are resolved by the core schema of YAML 1.2 (https://yaml.org/spec/1.2.2/#103-core-schema); dates stay
text, because JSON Schema has no dates.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from msgspec import Struct
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

try:
    from ruamel.yaml.cyaml import CParser  # type: ignore[attr-defined]

    HAS_C_PARSER = True
except ImportError:  # ruamel.yaml was installed without its C extension
    from ruamel.yaml import YAML

    HAS_C_PARSER = False

from patternlint.pattern import Node
from patternlint.text import Span

MAX_DEPTH = 64
"""Deeper nesting is refused: a pattern needs five levels, and hostile input could exhaust the stack."""

MAX_NODES = 200_000
"""More nodes, aliases counted as often as they are used, are refused (the "billion laughs")."""

_BLANK = " \t\r\n"
_WORDS: dict[str, bool | None] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_INT = re.compile(r"[-+]?[0-9]+\Z")
_BASED = re.compile(r"0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_SPECIAL = re.compile(r"([-+])?\.(?:inf|Inf|INF)\Z|\.(?:nan|NaN|NAN)\Z")
_NUMERIC_START = frozenset("0123456789+-.")
_MAX_DIGITS = 300


class YamlProblem(Struct, frozen=True):
    """What is wrong with YAML text: in plain words, where, and maybe a second place with its own words."""

    message: str
    span: Span
    other: Span | None = None
    other_message: str = ""
    help: str = ""


class Duplicate(Struct, frozen=True):
    """A key that is twice in one mapping: its name and both places."""

    key: str
    first: Span
    second: Span


class YamlTree(Struct, frozen=True):
    """What `compose` found: the root node or None, what stopped it, and keys that are there twice."""

    root: Node | None
    problem: YamlProblem | None = None
    duplicates: tuple[Duplicate, ...] = ()


class _Stop(Exception):  # noqa: N818 - no error of the program: ends the composing of text that is no good
    def __init__(self, problem: YamlProblem) -> None:
        self.problem = problem


def resolve(text: str) -> str | int | float | bool | None:
    """Return the value of a plain scalar by the YAML 1.2 core schema."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMERIC_START or len(text) > _MAX_DIGITS:
        return text
    if _INT.match(text):
        return int(text)
    if _FLOAT.match(text):
        return float(text)
    if _BASED.match(text):
        return int(text, 0)
    special = _SPECIAL.match(text)
    if special:
        return float(text.lower().replace(".", ""))
    return text


_TAGGED: dict[str, Callable[[str], Any]] = {
    "tag:yaml.org,2002:str": str,
    "tag:yaml.org,2002:null": lambda _: None,
}


def compose(text: str, offset: int = 0) -> YamlTree:
    """Parse `text` into nodes whose places are shifted by `offset`.

    Never raises: what is wrong is in the result.
    """
    composer = _Composer(text, offset)
    try:
        root = composer.document()
    except _Stop as stop:
        return YamlTree(None, stop.problem, tuple(composer.duplicates))
    except MarkedYAMLError as error:
        return YamlTree(None, _explain(error, text, offset), tuple(composer.duplicates))
    except (YAMLError, ValueError) as error:
        at = min(max(getattr(error, "position", 0) or 0, 0), len(text))
        span = Span(at + offset, min(at + 1, len(text)) + offset)
        return YamlTree(None, YamlProblem(_reader_message(error), span), tuple(composer.duplicates))
    return YamlTree(root, None, tuple(composer.duplicates))


class _Composer:
    """Builds nodes from the events of one document. Used once."""

    def __init__(self, text: str, offset: int) -> None:
        self._text = text
        self._offset = offset
        self._anchors: dict[str, tuple[Node, int]] = {}
        self._count = 0
        self._resolved: dict[str, Any] = {}
        self.duplicates: list[Duplicate] = []

    def document(self) -> Node | None:
        parser = _parser(self._text)
        self._get = parser.get_event
        try:
            self._get()  # the stream starts
            event = self._get()
            if type(event).__name__ == "StreamEndEvent":
                return None
            root = self._node(self._get(), -1, -1, 0)
            self._get()  # the document ends
            event = self._get()
            if type(event).__name__ != "StreamEndEvent":
                start = event.start_mark.index + self._offset
                message = "a second YAML document starts here; front matter is one document"
                raise _Stop(YamlProblem(message, Span(start, start)))
            return root
        finally:
            parser.dispose()

    def _node(self, event: Any, key_start: int, key_end: int, depth: int) -> Node:
        kind = type(event)
        if kind is ScalarEvent:
            self._count += 1
            node = self._scalar(event, key_start, key_end)
            if event.anchor is not None:
                self._anchors[event.anchor] = node, 1
            return node
        if kind is AliasEvent:
            return self._alias(event, key_start, key_end)
        if depth >= MAX_DEPTH:
            raise self._stop(event, f"nested more than {MAX_DEPTH} levels deep")
        before = self._count
        self._count += 1
        build = self._mapping if kind is MappingStartEvent else self._sequence
        node = build(event, key_start, key_end, depth)
        if event.anchor is not None:
            self._anchors[event.anchor] = node, self._count - before
        return node

    def _scalar(self, event: Any, key_start: int, key_end: int) -> Node:
        start = event.start_mark.index + self._offset
        end = event.end_mark.index + self._offset
        style = event.style
        value: Any = event.value
        if event.ctag is not None:
            value = self._tagged(event)
            end = self._trim(start, end)
        elif not style:
            if not value:
                end = start
            known = self._resolved
            value = known[value] if value in known else known.setdefault(value, resolve(value))
        elif style in "|>":
            end = self._trim(start, end)
        return Node(value, start, end, key_start, key_end, style or "", None)

    def _tagged(self, event: Any) -> Any:
        tag = str(event.tag)
        convert = _TAGGED.get(tag)
        if convert is not None:
            return convert(event.value)
        return event.value if event.style else resolve(event.value)

    def _mapping(self, event: Any, key_start: int, key_end: int, depth: int) -> Node:
        offset = self._offset
        values: dict[str, Any] = {}
        children: dict[str, Node] = {}
        start = event.start_mark.index + offset
        end = start
        get = self._get
        depth += 1
        while True:
            key = get()
            if type(key) is not ScalarEvent:
                if type(key) is MappingEndEvent:
                    break
                raise self._stop(key, "a key that is not plain text")
            name: str = key.value
            this_start = key.start_mark.index + offset
            end = key.end_mark.index + offset
            child = self._node(get(), this_start, end, depth)
            if name in children:
                self.duplicates.append(Duplicate(name, children[name].key_span, Span(this_start, end)))
            if child.end > end:
                end = child.end
            values[name] = child.value
            children[name] = child
        if event.flow_style:
            return Node(values, start, key.end_mark.index + offset, key_start, key_end, "{", children)
        return Node(values, start, end, key_start, key_end, "", children)

    def _sequence(self, event: Any, key_start: int, key_end: int, depth: int) -> Node:
        offset = self._offset
        values: list[Any] = []
        children: list[Node] = []
        start = event.start_mark.index + offset
        end = start
        get = self._get
        depth += 1
        while True:
            item = get()
            if type(item) is SequenceEndEvent:
                break
            child = self._node(item, -1, -1, depth)
            if child.end > end:
                end = child.end
            values.append(child.value)
            children.append(child)
        if event.flow_style:
            return Node(values, start, item.end_mark.index + offset, key_start, key_end, "[", tuple(children))
        return Node(values, start, end, key_start, key_end, "", tuple(children))

    def _alias(self, event: Any, key_start: int, key_end: int) -> Node:
        known = self._anchors.get(event.anchor)
        if known is None:
            raise self._stop(event, f"the alias `*{event.anchor}` stands for nothing that was named before")
        node, size = known
        self._count += size
        if self._count > MAX_NODES:
            raise self._stop(event, f"aliases stand for more than {MAX_NODES:,} values")
        start, end = event.start_mark.index + self._offset, event.end_mark.index + self._offset
        return Node(node.value, start, end, key_start, key_end, "*", node.children)

    def _trim(self, start: int, end: int) -> int:
        """Return `end` without trailing white space: YAML ends a block where the next token starts."""
        text = self._text
        offset = self._offset
        while end > start and text[end - 1 - offset] in _BLANK:
            end -= 1
        return end

    def _stop(self, event: Any, message: str) -> _Stop:
        start = event.start_mark.index + self._offset
        return _Stop(YamlProblem(message, Span(start, max(start, event.end_mark.index + self._offset))))


class _PureParser:
    """The same events from ruamel.yaml in pure Python, some forty times slower."""

    def __init__(self, text: str) -> None:
        self._events = YAML(typ="safe", pure=True).parse(text)

    def get_event(self) -> Any:
        return next(self._events, None)

    def dispose(self) -> None:
        """Nothing is held that must be given back."""


def _parser(text: str) -> Any:
    return CParser(text) if HAS_C_PARSER else _PureParser(text)


_PLAIN_WORDS = (
    ("mapping values are not allowed", "a `:` that YAML takes for the start of a value", "put the text in double quotes"),
    ("found unexpected end of stream", "a quoted text that is never closed", "add the closing quote"),
    ("could not find expected ':'", "a line that is no `key: value`", "add the `:`, or indent the line under its key"),
    ("found character '\\t'", "a tab, where YAML allows only spaces", "indent with spaces"),
    ("found a tab character", "a tab, where YAML allows only spaces", "indent with spaces"),
    ("did not find expected ',' or", "a list or mapping in brackets that does not go on as one", "put text that holds `{`, `[`, `,` or `:` in double quotes"),
    ("found character that cannot start any token", "a character that cannot start a value", "put the text in double quotes"),
    ("did not find expected key", "a line that does not fit where it is indented", "line it up with the keys around it"),
    ("did not find expected '-' indicator", "a line in a list that does not begin with `- `", "line it up with the items around it"),
    ("found undefined alias", "an alias (`*name`) that stands for nothing", "put text that begins with `*` in double quotes"),
    ("found undefined tag handle", "a tag (`!name`) that means nothing", "put text that begins with `!` in double quotes"),
    ("did not find expected alphabetic", "a `*` or `&` that YAML takes for an alias", "put the text in double quotes"),
    ("found unknown escape character", "a backslash in double quotes that begins no known escape", "write `\\\\`, or use single quotes"),
    ("found invalid tag", "a tag (`!…`) that is no good", "put text that begins with `!` in double quotes"),
    ("did not find the expected", "something that YAML did not expect", ""),
    ("block sequence entries are not allowed", "a `- ` where no list can start", "put the list on the lines below its key"),
    ("control characters are not allowed", "a control character, which YAML does not allow", "delete it"),
)


def _explain(error: MarkedYAMLError, text: str, offset: int) -> YamlProblem:
    """Put the parser's words plainly, at the parser's own place."""
    problem = str(error.problem or error.context or "not YAML")
    mark = error.problem_mark or error.context_mark
    at = min(mark.index, len(text)) if mark is not None else 0
    message, advice = problem, ""
    for words, plain, remedy in _PLAIN_WORDS:
        if words in problem:
            message, advice = plain, remedy
            break
    while at > 0 and at == len(text) and text[at - 1] in _BLANK:
        at -= 1
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    start_line = text.rfind("\n", 0, at) + 1
    stop = min(end, at + 1) if at < end else at
    start = at if stop > at else max(start_line, at - 1)
    other = None
    other_message = ""
    if error.context_mark is not None and error.problem_mark is not None and error.context_mark.index != mark.index:
        begin = min(error.context_mark.index, len(text))
        other = Span(begin + offset, min(begin + 1, len(text)) + offset)
        other_message = str(error.context or "starts here")
    details = f"the YAML parser says: {problem}"
    return YamlProblem(
        message,
        Span(start + offset, stop + offset),
        other,
        other_message,
        f"{advice}; {details}" if advice and message != problem else details,
    )


def _reader_message(error: Exception) -> str:
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    return f"text that YAML cannot read ({reason})"
