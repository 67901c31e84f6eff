"""Compose YAML into nodes with exact positions from the events of libyaml, through PyYAML."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from functools import partial
from itertools import chain
from typing import Any

from msgspec.structs import replace
from yaml.error import MarkedYAMLError, YAMLError
from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

try:
    from yaml.cyaml import CParser  # type: ignore[attr-defined]

    HAS_C_PARSER = True
except ImportError:  # PyYAML was installed without its C extension
    HAS_C_PARSER = False

from patternlint.document.node import Node
from patternlint.parser.yaml.errors import (
    SECOND_DOCUMENT,
    SyntaxProblem,
    explain,
    explain_unreadable,
    with_likely_cause,
)
from patternlint.parser.yaml.scalars import NON_STRING_INITIALS, resolve_scalar
from patternlint.parser.yaml.tree import Duplicate, Limits, YamlTree
from patternlint.source import Span

_SECOND_OPINION = 200_000
"""Characters; up to this length a text that libyaml rejects inside brackets is parsed again in pure Python, because
libyaml rejects `[:a]` and `[?]`, which are valid YAML."""

_BLANK = " \t\r\n"
_MERGE = "<<"
_OLD_BREAKS = "\x85\u2028\u2029"
_PRIVATE_USE = range(0xE000, 0xF900), range(0xF0000, 0xFFFFE), range(0x100000, 0x10FFFE)


class _Stop(Exception):  # noqa: N818 - control flow: ends the composition of an invalid text
    def __init__(self, problem: SyntaxProblem, kind: _Error) -> None:
        self.problem = problem
        self.kind = kind


_DEEP_ADVICE = "a pattern needs five levels; if it must be this deep, raise `limits.nesting` in the config"


def _too_deep(limits: Limits) -> str:
    return f"nested more than {limits.depth} levels deep"


_TAGGED: dict[str, Callable[[str], Any]] = {
    "tag:yaml.org,2002:str": str,
    "tag:yaml.org,2002:null": lambda _: None,
}


def compose_libyaml(text: str, offset: int, limits: Limits) -> YamlTree:
    """Parse `text` into nodes with positions shifted by `offset`. Never raises: the result holds the syntax error."""
    tree, error = _compose(text, offset, limits, pure=not HAS_C_PARSER)
    if error is _Error.BRACKETS and HAS_C_PARSER and len(text) <= _SECOND_OPINION:
        again, _ = _compose(text, offset, limits, pure=True)
        if again.problem is None:
            return again
    if tree.problem is None or error is _Error.LIMIT:
        return tree
    return replace(tree, problem=with_likely_cause(tree.problem, text, offset, partial(_error_offset, limits=limits)))


class _Error(Enum):
    SYNTAX = auto()
    BRACKETS = auto()
    """A syntax error inside brackets, where libyaml rejects some valid `:` and `?`."""
    LIMIT = auto()


def _compose(text: str, offset: int, limits: Limits, *, pure: bool) -> tuple[YamlTree, _Error]:
    """Return the nodes of `text`, and the kind of error if there is one."""
    composer = _Composer(text, offset, limits)
    problem: SyntaxProblem | None = None
    root: Node | None = None
    kind = _Error.SYNTAX
    try:
        root = composer.document(_parser(text, pure=pure))
    except _Stop as stop:
        problem = stop.problem
        kind = stop.kind
    except MarkedYAMLError as error:
        problem = explain(error, text, offset)
        if "nesting depth" in str(error.problem):  # libyaml has a limit of its own, and looks ahead
            problem = replace(problem, message=_too_deep(limits), help=_DEEP_ADVICE)
            kind = _Error.LIMIT
        elif any(words in f"{error.context} {error.problem}" for words in ("flow", "unexpected ':'")):
            kind = _Error.BRACKETS
    except (YAMLError, ValueError) as error:
        problem = explain_unreadable(error, text, offset)
    return YamlTree(root, problem, tuple(composer.duplicates), composer.plain, composer.names), kind


def _error_offset(text: str, limits: Limits) -> int | None:
    """Return the offset at which `text` stops the parser, None for a mapping, or 0 for any other value."""
    tree, _ = _compose(text, 0, limits, pure=not HAS_C_PARSER)
    if tree.problem is not None:
        return tree.problem.span.start
    return None if tree.root is not None and isinstance(tree.root.children, dict) else 0


def _merged(values: dict[str, Any]) -> dict[str, Any]:
    """Return a mapping with the values of its merge key `<<`, as in Jekyll, Hugo and PyYAML; its own keys win.

    The nodes are unchanged: `ambiguous-scalar` reports the key, and no other rule needs to.
    """
    merged = values[_MERGE] if isinstance(values[_MERGE], list) else [values[_MERGE]]
    if not all(isinstance(one, dict) for one in merged):
        return values
    result = {key: value for one in reversed(merged) for key, value in one.items()}
    return result | {key: value for key, value in values.items() if key != _MERGE}


class _Composer:
    """Builds nodes from the events of one document. Used once."""

    def __init__(self, text: str, offset: int, limits: Limits) -> None:
        self._text = text
        self._offset = offset
        self._limits = limits
        self._anchors: dict[str, tuple[Node, int]] = {}
        self._count = 0
        self.plain: dict[str, Any] = {}
        self.names: set[str] = set()
        self.duplicates: list[Duplicate] = []

    def document(self, parser: Any) -> Node | None:
        """Return the root of the only document of `parser`, or None for an empty text."""
        self._get = parser.get_event
        try:
            self._get()  # the stream starts
            event = self._get()
            if type(event) is StreamEndEvent:
                return None
            root = self._node(self._get(), -1, -1, 0)
            self._check_count(self._get())  # the document ends
            event = self._get()
            if type(event) is not StreamEndEvent:
                raise self._stop(event, SECOND_DOCUMENT)
            return root
        finally:
            parser.dispose()

    def _node(self, event: Any, key_start: int, key_end: int, depth: int) -> Node:
        kind = type(event)
        if kind is ScalarEvent:
            return self._scalar(event, key_start, key_end)
        if kind is AliasEvent:
            return self._alias(event, key_start, key_end)
        if depth >= self._limits.depth:
            raise self._stop(event, _too_deep(self._limits), _DEEP_ADVICE)
        self._check_count(event)
        before = self._count
        self._count += 1
        build = self._mapping if kind is MappingStartEvent else self._sequence
        node = build(event, key_start, key_end, depth)
        if event.anchor is not None:
            self._anchors[event.anchor] = node, self._count - before
        return node

    def _scalar(self, event: Any, key_start: int, key_end: int) -> Node:
        self._count += 1
        start = event.start_mark.index + self._offset
        end = event.end_mark.index + self._offset
        style = event.style
        value: Any = event.value
        if event.tag is not None:
            value = self._tagged(event)
            end = self._trim(start, end)
        elif not style:
            if not value:
                start = end = self._nothing(key_end, start)
            written = value
            value = resolve_scalar(written)
            if written[:1] in NON_STRING_INITIALS:
                self.plain[written] = value
        elif style in "|>":
            end = self._trim(start, end)
        node = Node(value, start, end, key_start, key_end, style or "", None)
        if event.anchor is not None:
            self._anchors[event.anchor] = node, 1
        return node

    def _tagged(self, event: Any) -> Any:
        convert = _TAGGED.get(event.tag, str if event.style else resolve_scalar)
        return convert(event.value)

    def _mapping(self, event: Any, key_start: int, key_end: int, depth: int) -> Node:
        offset = self._offset
        values: dict[str, Any] = {}
        children: dict[str, Node] = {}
        start = event.start_mark.index + offset
        end = start
        get = self._get
        scalar = self._scalar
        depth += 1
        while True:
            key = get()
            kind = type(key)
            if kind is not ScalarEvent:
                if kind is MappingEndEvent:
                    break
                raise self._stop(key, "a key that is not plain text")
            name: str = key.value
            this_start = key.start_mark.index + offset
            end = key.end_mark.index + offset
            inner = get()
            kind = type(inner)
            child = scalar(inner, this_start, end) if kind is ScalarEvent else self._node(inner, this_start, end, depth)
            if name in children:
                self.duplicates.append(Duplicate(name, children[name].key_span, Span(this_start, end)))
            if child.end > end:  # noqa: PLR1730 - `max` costs three times as much, once for every node
                end = child.end
            values[name] = child.value
            children[name] = child
        self.names.update(children)
        if _MERGE in values:
            values = _merged(values)
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
        scalar = self._scalar
        depth += 1
        while True:
            item = get()
            kind = type(item)
            if kind is SequenceEndEvent:
                break
            child = scalar(item, -1, -1) if kind is ScalarEvent else self._node(item, -1, -1, depth)
            if child.end > end:  # noqa: PLR1730 - `max` costs three times as much, once for every node
                end = child.end
            values.append(child.value)
            children.append(child)
        if event.flow_style:
            return Node(values, start, item.end_mark.index + offset, key_start, key_end, "[", tuple(children))
        return Node(values, start, end, key_start, key_end, "", tuple(children))

    def _alias(self, event: Any, key_start: int, key_end: int) -> Node:
        known = self._anchors.get(event.anchor)
        if known is None:
            raise self._stop(event, f"unknown alias `*{event.anchor}`")
        node, size = known
        self._count += size
        self._check_count(event)
        start, end = event.start_mark.index + self._offset, event.end_mark.index + self._offset
        return Node(node.value, start, end, key_start, key_end, "*", node.children)

    def _nothing(self, key_end: int, start: int) -> int:
        """Return the offset of a missing value: after the `:`, or after the key without one.

        The parsers report any offset up to the next token.
        """
        if key_end < 0:
            return start
        offset = self._offset
        between = self._text[key_end - offset : start - offset]
        colon = between.find(":")
        return key_end if colon < 0 or between[:colon].strip() else key_end + colon + 1

    def _trim(self, start: int, end: int) -> int:
        """Return `end` without trailing whitespace: in YAML a block ends at the next token."""
        text = self._text
        offset = self._offset
        while end > start and text[end - 1 - offset] in _BLANK:
            end -= 1
        return end

    def _check_count(self, event: Any) -> None:
        if self._count > self._limits.values:
            message = f"more than {self._limits.values:,} values, including those of aliases"
            raise self._stop(event, message, "if it must have this many, raise `limits.values` in the config")

    def _stop(self, event: Any, message: str, advice: str = "") -> _Stop:
        start = min(event.start_mark.index, len(self._text))
        end = min(max(start + 1, event.end_mark.index), len(self._text))
        kind = _Error.LIMIT if advice else _Error.SYNTAX
        return _Stop(SyntaxProblem(message, Span(start + self._offset, end + self._offset), help=advice), kind)


class _LineBreakMasker:
    """A parser that masks the characters that are line breaks in YAML 1.1 but not in 1.2.

    Characters that do not occur in the text replace them, and are replaced back in the values.
    """

    def __init__(self, text: str, *, pure: bool) -> None:
        used = set(text)
        free = (character for character in map(chr, chain(*_PRIVATE_USE)) if character not in used)
        hidden = dict(zip(map(ord, _OLD_BREAKS), free, strict=False))  # hostile input leaves none free
        self._back = {ord(stand_in): chr(code) for code, stand_in in hidden.items()}
        self._inner = _plain_parser(text.translate(hidden), pure=pure)

    def get_event(self) -> Any:
        event = self._inner.get_event()
        if type(event) is ScalarEvent:
            event.value = event.value.translate(self._back)
        return event

    def dispose(self) -> None:
        self._inner.dispose()


def _plain_parser(text: str, *, pure: bool) -> Any:
    if pure:
        from patternlint.parser.yaml.ruamel import PureParser  # noqa: PLC0415 - slow to import, and rarely needed

        return PureParser(text)
    return CParser(text)  # pyright: ignore[reportPossiblyUnboundVariable] - `pure` where it is missing


def _parser(text: str, *, pure: bool) -> Any:
    if text.isascii() or not any(character in text for character in _OLD_BREAKS):
        return _plain_parser(text, pure=pure)
    return _LineBreakMasker(text, pure=pure)
