"""Compose the usual subset of YAML line by line, with the same result as libyaml.

The subset: block mappings and lists, plain and quoted scalars in one line, lists in brackets, and scalars folded with
`>`. A text with any other construct, or with an error, is left to libyaml as a whole.
"""

from __future__ import annotations

import re
import sys
from functools import lru_cache
from itertools import accumulate
from typing import Any

from msgspec import Struct

from patternlint.document.node import Node
from patternlint.parser.yaml.scalars import NON_STRING_INITIALS, resolve_scalar
from patternlint.parser.yaml.tree import Limits, YamlTree

_HEAD = re.compile(r"(?P<indent>[ ]*+)(?P<dash>-[ ]++)?+(?P<key>[A-Za-z0-9_][A-Za-z0-9_-]{0,99}+)")
"""The text before the colon."""

_INDICATORS = frozenset("-?:,[]{}#&*!|>'\"%@` ") | {""}
"""First characters that a plain scalar cannot have, or only before certain others."""

_VALUE = re.compile(
    r"""
    [ ]*+
    (?: (?P<plain>                                          # without `: ` and ` #`
          (?: [^\-?:,\[\]{}#&*!|>'"%@`] | -(?=[A-Za-z0-9]) )
          [^:#]*+ (?: (?: :(?=[^ ]) | (?<![ ])\# ) [^:#]*+ )*+ )
      | (?P<double> "[^"\\]*+" ) [ ]*+
      | (?P<single> '[^']*+' ) [ ]*+
      | (?P<flow> \[ (?: [^\[\]{}"'\#:?]++ | "[^"\\]*+" )*+ \] ) [ ]*+
      | (?P<begun> \[ (?: [^\[\]{}"'\#:?]++ | "[^"\\]*+" )*+ (?<=,) )
      | (?P<folded> >-? ) [ ]*+
    )
    \Z
    """,
    re.VERBOSE,
)
_PLAIN, _DOUBLE, _SINGLE, _FLOW, _BEGUN, _FOLDED = range(1, 7)  # its groups

_BRACKETS = re.compile(
    r"""
    (?P<indent> [ ]*+ ) [^\n\[]*+
    \[ (?: [^\[\]{}"'\n\#:?]++ | "[^"\\\n]*+" | (?<=,)\n(?P=indent)[ ]++ )*+ \]
    (?P<behind> [ ]*+ \n )
    """,
    re.VERBOSE,
)
"""A list in brackets over several lines, with the line of its key."""

_FOLDED_TEXT = re.compile(
    r"""
    (?P<indent> [ ]*+ ) [^\n]*+ \n
    (?P<text> (?: (?P=indent) [ ]++ [^ \n][^\n]*+ \n | \n )++ )
    (?! [ ]++ (?: \n | \Z ) )
    """,
    re.VERBOSE,
)
"""A line, and the lines below it that are indented deeper."""

_ITEM = re.compile(r' *+(?:\n *+)?+(?:"([^"]*+)"|([A-Za-z0-9_][^,"\n]*+)) *+(?:,|\Z)')

_REFUSED = re.compile("[^\n -~\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
"""Characters that YAML does not allow, byte order marks, tabs and carriage returns."""

SUSPECT_BYTES = bytes({*range(0x20), 0x7F, 0xC2, 0xED, 0xEF} - {0x0A})
"""The first bytes of such characters in UTF-8."""

_LONG = 1 << 14
"""Characters; the keys of longer front matter are not cached."""


class _FallBackError(Exception):
    """The text must be left to libyaml."""


class _OpenCollection(Struct, gc=False):
    """A mapping or list whose end has not been read.

    Attributes:
        above: its parent, or None for the root.
        level: its column times two, plus one for a list, because a list may have the column of its key.
        start, values, children: those of its node, so far.
        room: the number of levels that may be nested in it.
        key, key_start, key_end: the key without a value so far, and its position; None, -1 and -1 for a list.
    """

    above: _OpenCollection | None
    level: int
    start: int
    values: Any
    children: Any
    room: int
    key: str | None = None
    key_start: int = -1
    key_end: int = -1

    def add(self, node: Node) -> None:
        """Add an item, or the value of the current key."""
        key = self.key
        if key is None:
            self.values.append(node.value)
            self.children.append(node)
        else:
            self.values[key] = node.value
            self.children[key] = node
            self.key = None


def compose_fast(text: str, start: int, end: int, limits: Limits, *, clean: bool = False) -> YamlTree | None:
    """Return the tree of the YAML from `start` to `end`, which are line starts, or None if it must be left to libyaml.

    Args:
        text: the text that contains the YAML.
        start: the start of the YAML.
        end: the end of the YAML.
        limits: the limits.
        clean: whether the text is free of characters that are not allowed in YAML.
    """
    if end - start > limits.values or not text.endswith("\n", start, end):  # there are fewer values than characters
        return None
    if not clean and _REFUSED.search(text, start, end):
        return None
    try:
        return _BlockReader(text, start, end).read(limits.depth - 2)  # a list in brackets is a level more
    except _FallBackError:
        return None


def _read_head(head: str) -> tuple[int, int, str, int] | None:
    """Parse the text before a colon.

    Returns:
        The level (see `_OpenCollection`) of the mapping or list of the line, the column of the key, the key, and the
        column after it; None if it is not a simple key.
    """
    found = _HEAD.fullmatch(head)
    if found is None:
        return None
    indent, begin = found.end("indent"), found.start("key")
    return 2 * indent + (begin > indent), begin, sys.intern(found["key"]), len(head)


_read_head_once = lru_cache(1024)(_read_head)  # files share most keys


class _BlockReader:
    """Builds the nodes. Used once."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self._text = text
        self._start = start
        self._end = end
        self._plain: dict[str, Any] = {}
        self._names: set[str] = set()

    def read(  # noqa: C901, PLR0912, PLR0915 - a function call for each line would cost a tenth
        self, depth: int
    ) -> YamlTree:
        """Return the tree, with at most `depth` nested levels.

        Raises:
            _FallBackError: if the text must be left to libyaml.
        """
        plain = self._plain
        lines = self._text[self._start : self._end - 1].split("\n")
        starts = list(accumulate([len(line) + 1 for line in lines], initial=self._start))
        read_head = _read_head_once if self._end - self._start <= _LONG else _read_head
        top = root = _OpenCollection(None, 0, -1, {}, {}, depth)
        level, values, children = top.level, top.values, top.children
        waiting = False  # whether the last line was a key without a value
        beyond = 0  # the first line that does not belong to the last value
        last = self._start  # the end of the last value
        for line, at in zip(lines, starts):  # noqa: B905 - the last start is behind the last line
            if at < beyond:
                continue
            head, colon, rest = line.partition(": ")
            if colon:
                found = read_head(head)
                start = at + len(head) + 2
            else:
                found = read_head(line[:-1]) if line.endswith(":") else None
                start = at
            if found is not None:
                belongs, begin, key, key_end = found
                key_start = at + begin
                key_end += at
            else:
                bare = line.lstrip(" ")
                if not bare or bare[0] == "#":
                    continue
                if not bare.startswith("- "):
                    raise _FallBackError
                key = None
                key_start = key_end = -1
                rest = bare[2:].lstrip(" ")
                begin = len(line) - len(rest)
                start = at + begin
                belongs = 2 * (len(line) - len(bare)) + 1
            if key is not None and belongs & 1:  # the first key of an item
                if level == 2 * begin and not waiting:
                    self._next_item(top, belongs, key_start, last)
                else:
                    top = self._open(self._settle(top, belongs, at + (belongs >> 1), last), 2 * begin, key_start)
                level, values, children = top.level, top.values, top.children
            elif waiting or belongs != level:
                top = self._settle(top, belongs, at + (belongs >> 1), last)
                level, values, children = top.level, top.values, top.children
            if key is not None and key in children:
                raise _FallBackError
            waiting = False
            first = rest[:1]
            if first not in _INDICATORS:
                if rest[-1] == " ":
                    rest = rest.rstrip(" ")
                if ": " in rest or " #" in rest or rest[-1] == ":":
                    raise _FallBackError
                if first in NON_STRING_INITIALS:
                    plain[rest] = value = resolve_scalar(rest)
                else:
                    value = rest
                last = start + len(rest)
                node = Node(value, start, last, key_start, key_end, "", None)
            elif first == '"' and rest.find('"', 1) == len(rest) - 1 and "\\" not in rest:
                value = rest[1:-1]
                last = start + len(rest)
                node = Node(value, start, last, key_start, key_end, '"', None)
            elif rest.strip(" "):
                node, beyond = self._value(rest, start, at, level >> 1, (key_start, key_end))
                value = node.value
                last = node.end
            elif key is not None:
                top.key, top.key_start, top.key_end = key, key_start, key_end
                waiting = True
                continue
            else:
                raise _FallBackError
            if key is None:
                values.append(value)
                children.append(node)
            else:
                values[key] = value
                children[key] = node
        self._settle(top, 0, -1, last)
        if not root.children:
            raise _FallBackError
        self._names.update(root.children)
        nodes = list(root.children.values())
        node = Node(root.values, nodes[0].key_start, nodes[-1].end, -1, -1, "", root.children)
        return YamlTree(node, None, (), plain, self._names, starts)

    def _settle(self, top: _OpenCollection, level: int, at: int, end: int) -> _OpenCollection:
        """Return the list or mapping of a line at `level`: a new one, `top`, or one of its ancestors.

        Args:
            top: the innermost open collection.
            level: the level of the line.
            at: the offset of its first character that is not a space.
            end: the end of the last value.
        """
        if top.key is not None:
            if level > top.level:
                return self._open(top, level, at)
            end = top.key_end + 1  # behind the colon
            top.add(Node(None, end, end, top.key_start, top.key_end, "", None))
        while level < top.level and (above := top.above) is not None:
            children = top.children
            if top.level & 1:
                children = tuple(children)
            else:
                self._names.update(children)
            above.add(Node(top.values, top.start, end, above.key_start, above.key_end, "", children))
            top = above
        if level != top.level:
            raise _FallBackError
        return top

    def _next_item(self, top: _OpenCollection, level: int, start: int, end: int) -> None:
        """Close the item `top`, a mapping in a list at `level`, at `end`, and begin the next one at `start`.

        Raises:
            _FallBackError: if `top` is not an item of such a list.
        """
        above = top.above
        if above is None or above.level != level:
            raise _FallBackError
        self._names.update(top.children)
        above.values.append(top.values)
        above.children.append(Node(top.values, top.start, end, -1, -1, "", top.children))
        top.start, top.values, top.children = start, {}, {}

    def _open(self, top: _OpenCollection, level: int, start: int) -> _OpenCollection:
        """Return a new list or mapping in `top`."""
        if not top.room:
            raise _FallBackError
        if level & 1:
            return _OpenCollection(top, level, start, [], [], top.room - 1)
        return _OpenCollection(top, level, start, {}, {}, top.room - 1)

    def _value(self, rest: str, start: int, at: int, column: int, key: tuple[int, int]) -> tuple[Node, int]:
        """Return the node of a less simple value, and the offset of the line after it, or 0 for a value in one line.

        Args:
            rest: the text of the line after the key or dash.
            start: the offset of `rest`.
            at: the offset of the line.
            column: the column of the mapping or list.
            key: the start and end of its key.

        Raises:
            _FallBackError: if the text must be left to libyaml.
        """
        if rest == "[]":
            return Node([], start, start + len(rest), *key, "[", ()), 0
        found = _VALUE.match(rest)
        kind = found.lastindex if found is not None else None
        if found is None or kind is None:
            raise _FallBackError
        written = found[kind]
        start += found.start(kind)
        end = start + len(written)
        if kind == _PLAIN:
            written = written.rstrip(" ")
            end = start + len(written)
            return Node(self._resolved(written), start, end, *key, "", None), 0
        if kind <= _SINGLE:
            return Node(written[1:-1], start, end, *key, written[0], None), 0
        lines = None
        if kind != _FLOW:
            lines = (_BRACKETS if kind == _BEGUN else _FOLDED_TEXT).match(self._text, at, self._end)
            if lines is None:
                raise _FallBackError
            if kind == _FOLDED:
                return self._folded(lines, start, column, key), lines.end()
            end = lines.start("behind")
        items = self._items(self._text[start + 1 : end - 1], start + 1)
        node = Node([item.value for item in items], start, end, *key, "[", items)
        return node, lines.end() if lines is not None else 0

    def _folded(self, lines: re.Match[str], start: int, column: int, key: tuple[int, int]) -> Node:
        """Return the node of a folded scalar at `start`."""
        content = lines["text"].rstrip("\n")
        indent = len(content) - len(content.lstrip(" "))
        margin = "\n" + " " * indent
        value = content[indent:].replace(margin, " ")
        if indent <= column or content[-1] == " " or "\n" in value or f"{margin} " in content:
            raise _FallBackError
        if not self._text.startswith("-", start + 1):
            value += "\n"
        return Node(value, start, lines.start("text") + len(content), *key, ">", None)

    def _resolved(self, written: str) -> Any:
        """Return the value of a plain scalar."""
        value = resolve_scalar(written)
        if written[0] in NON_STRING_INITIALS:
            self._plain[written] = value
        return value

    def _items(self, flow: str, offset: int) -> tuple[Node, ...]:
        """Return the items of a list in brackets; `flow` is the text between them, at `offset`."""
        if not flow.strip(" "):
            return ()
        if flow[-1] in ", ":
            raise _FallBackError
        nodes: list[Node] = []
        end = 0
        for found in _ITEM.finditer(flow):
            if found.start() != end:
                raise _FallBackError
            end = found.end()
            quoted = found[1]
            if quoted is not None:
                start = offset + found.start(1)
                nodes.append(Node(quoted, start - 1, start + len(quoted) + 1, -1, -1, '"', None))
            else:
                start = offset + found.start(2)
                written = found[2].rstrip(" ")
                nodes.append(Node(self._resolved(written), start, start + len(written), -1, -1, "", None))
        if end != len(flow):
            raise _FallBackError
        return tuple(nodes)
