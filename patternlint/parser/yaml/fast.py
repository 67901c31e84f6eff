"""Front matter in its usual form, read line by line.

Nearly all of it is so: mappings and lists that are indented by spaces, with a value behind its key, without quotes or
within them, a list in brackets, or a text folded with `>`. Of such a line a few looks tell all that there is to know, in
a third of the time that libyaml's events take. What is here is a part of YAML, decided narrowly: a text that holds
anything else, or anything that is wrong, is left to libyaml as a whole, and what is read here is what libyaml reads.
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
"""What stands before the colon."""

_INDICATORS = frozenset("-?:,[]{}#&*!|>'\"%@` ") | {""}
"""How no scalar without quotes begins, or none that is so by its first character alone."""

_VALUE = re.compile(
    r"""
    [ ]*+
    (?: (?P<plain>                                          # a `: ` or ` #` within would have a meaning
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
"""Lines with a list in brackets that ends on another one than it begins on."""

_FOLDED_TEXT = re.compile(
    r"""
    (?P<indent> [ ]*+ ) [^\n]*+ \n
    (?P<text> (?: (?P=indent) [ ]++ [^ \n][^\n]*+ \n | \n )++ )
    (?! [ ]++ (?: \n | \Z ) )
    """,
    re.VERBOSE,
)
"""A line, and the text that stands below it and further to the right."""

_ITEM = re.compile(r' *+(?:\n *+)?+(?:"([^"]*+)"|([A-Za-z0-9_][^,"\n]*+)) *+(?:,|\Z)')

_REFUSED = re.compile("[^\n -~\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
"""What YAML does not allow, a byte order mark, tabs and carriage returns."""

SUSPECT_BYTES = bytes({*range(0x20), 0x7F, 0xC2, 0xED, 0xEF} - {0x0A})
"""The bytes that such characters begin with, in UTF-8."""

_LONG = 1 << 14
"""Of front matter with more characters than this no key is kept in memory."""


class _FallBackError(Exception):
    """Ends the reading of what libyaml must be asked about."""


class _OpenCollection(Struct, gc=False):
    """A mapping or list whose end is not yet read.

    Attributes:
        above: the one that it is in; None for the outermost.
        level: twice the column that its lines begin in, and one more for a list: a list may stand in the column of the
            key that it belongs to, and is yet inside.
        start, values, children: as of its node, so far.
        room: how many levels may be within.
        key, key_start, key_end: the key whose value is being read, or still to come, and its place; of a list None, -1
            and -1.
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
        """Take a child: the value of the key that waits for one, or an item."""
        key = self.key
        if key is None:
            self.values.append(node.value)
            self.children.append(node)
        else:
            self.values[key] = node.value
            self.children[key] = node
            self.key = None


def compose_fast(text: str, start: int, end: int, limits: Limits, *, clean: bool = False) -> YamlTree | None:
    """Return what `text` holds from `start` to `end`, or None where it is not simple: then libyaml must be asked.

    Args:
        text: what holds it.
        start: where it begins, at the start of a line.
        end: where it ends, behind a line feed.
        limits: what it may at most hold.
        clean: whether it is known that YAML refuses none of its characters.
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
    """Return what stands before a colon, or None where it is no key.

    Returns:
        The level (see `_Open`) of the mapping or list that the line belongs to, the column in which the key begins, the
        key, and the column behind it.
    """
    found = _HEAD.fullmatch(head)
    if found is None:
        return None
    indent, begin = found.end("indent"), found.start("key")
    return 2 * indent + (begin > indent), begin, sys.intern(found["key"]), len(head)


_read_head_once = lru_cache(1024)(_read_head)  # the same few hundred come back in every file


class _BlockReader:
    """Builds the nodes. Used once."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self._text = text
        self._start = start
        self._end = end
        self._plain: dict[str, Any] = {}
        self._names: set[str] = set()

    def read(  # noqa: C901, PLR0912, PLR0915 - every line comes by here: one call more for each costs a tenth
        self, depth: int
    ) -> YamlTree:
        """Return what the text holds, lists and mappings within each other up to `depth` levels.

        Raises:
            _NotSimpleError: where libyaml must be asked.
        """
        plain = self._plain
        lines = self._text[self._start : self._end - 1].split("\n")
        starts = list(accumulate([len(line) + 1 for line in lines], initial=self._start))
        read_head = _read_head_once if self._end - self._start <= _LONG else _read_head
        top = root = _OpenCollection(None, 0, -1, {}, {}, depth)
        level, values, children = top.level, top.values, top.children
        waiting = False  # whether the last line was a key alone
        beyond = 0  # where a line begins: those before it belong to the last value
        last = self._start  # where the last value ends
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
                    self._end_item(top, belongs, key_start, last)
                else:
                    top = self._within(self._settle(top, belongs, at + (belongs >> 1), last), 2 * begin, key_start)
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
        """Return the list or mapping that a line at `level` belongs to: a new one, `top`, or one that is around it.

        Args:
            top: the innermost that is open.
            level: as of an open one.
            at: where the line begins, its indentation left out.
            end: where the last value ends.
        """
        if top.key is not None:
            if level > top.level:
                return self._within(top, level, at)
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

    def _end_item(self, top: _OpenCollection, level: int, start: int, end: int) -> None:
        """Let `top`, an item that is a mapping and ends at `end`, be the next one of a list at `level`, from `start` on.

        Raises:
            _NotSimpleError: where it is no item of such a list.
        """
        above = top.above
        if above is None or above.level != level:
            raise _FallBackError
        self._names.update(top.children)
        above.values.append(top.values)
        above.children.append(Node(top.values, top.start, end, -1, -1, "", top.children))
        top.start, top.values, top.children = start, {}, {}

    def _within(self, top: _OpenCollection, level: int, start: int) -> _OpenCollection:
        """Return a list or mapping that begins within `top`."""
        if not top.room:
            raise _FallBackError
        if level & 1:
            return _OpenCollection(top, level, start, [], [], top.room - 1)
        return _OpenCollection(top, level, start, {}, {}, top.room - 1)

    def _value(self, rest: str, start: int, at: int, column: int, key: tuple[int, int]) -> tuple[Node, int]:
        """Return the node of a value that takes more than a look, and where the line behind its last one begins.

        Args:
            rest: what stands on the line behind the key or the dash.
            start: where that begins.
            at: where the line begins.
            column: that of the mapping or list.
            key: where its key starts and ends, as of a node.

        Raises:
            _NotSimpleError: where libyaml must be asked.
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
        """Return the node of a text that is folded with `>`, which stands at `start`."""
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
        """Return the value of a scalar without quotes."""
        value = resolve_scalar(written)
        if written[0] in NON_STRING_INITIALS:
            self._plain[written] = value
        return value

    def _items(self, flow: str, offset: int) -> tuple[Node, ...]:
        """Return the items of a list in brackets, what is between these being `flow`."""
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
