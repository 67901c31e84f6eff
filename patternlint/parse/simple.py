"""Front matter in its usual form, read line by line.

Nearly all of it is so: mappings and lists that are indented by spaces, with a value behind its key, without quotes or
within them, a list in brackets, or a text folded with `>`. In such lines one regular expression tells all that there is
to know, in half the time that libyaml's events take. What is here is a part of YAML, decided narrowly: a text that holds
anything else, or anything that is wrong, is left to libyaml as a whole, and what is read here is what libyaml reads.
"""

from __future__ import annotations

import re
from typing import Any

from msgspec import Struct

from patternlint.node import Form, Node
from patternlint.parse.core import SPECIAL, resolve
from patternlint.parse.tree import Limits, YamlTree

# A scalar without quotes: what it may begin with, and all of it; a `: ` or ` #` within would have a meaning.
_WORDS = r"""
    (?: [^\s\-?:,\[\]{}#&*!|>'"%@`] | -(?=[A-Za-z0-9]) )
    [^\n:#]*+ (?: (?: :(?=[^ \n]) | (?<![ ])\# ) [^\n:#]*+ )*+
"""
_ENTRY = re.compile(
    rf"""
    (?: [ ]*+ (?:\#[^\n]*+)? \n )*+                         # empty lines and comments
    (?P<indent> [ ]*+ )
    (?P<dash> -[ ]++ )?+
    (?: (?P<key> [A-Za-z0-9_][A-Za-z0-9_-]{{0,99}}+ ) : (?=[ \n]) )?+
    [ ]*+
    (?: (?P<plain> {_WORDS} ) (?P<more> (?: \n(?P=indent)[ ]++ {_WORDS} (?=\n) )++ )?+
      | "(?P<double> [^"\\\n]*+ )" [ ]*+
      | '(?P<single> [^'\n]*+ )' [ ]*+
      | \[(?P<flow> (?: [^\[\]{{}}"'\n\#:?]++ | "[^"\\\n]*+" | (?<=,)\n(?P=indent)[ ]++ )*+ )\] [ ]*+
      | >(?P<strip> -? ) [ ]*+ \n (?P<folded> (?: (?P=indent)[ ]++ [^ \n][^\n]*+ \n | \n )++ ) (?! [ ]++ (?: \n | \Z ) )
    )?+
    (?: \n | (?<=\n) | \Z )
    | (?s: . )                                              # anything else
    """,
    re.VERBOSE,
)
_INDENT, _DASH, _KEY, _PLAIN, _MORE, _DOUBLE, _SINGLE, _FLOW, _STRIP, _FOLDED = range(1, 11)  # its groups

_ASCII = bytes(range(0x20, 0x7F)) + b"\n"
_ITEM = re.compile(r' *+(?:\n *+)?+(?:"([^"]*+)"|([A-Za-z0-9_][^,"\n]*+)) *+(?:,|\Z)')


class _NotSimpleError(Exception):
    """Ends the reading of what libyaml must be asked about."""


class _Open(Struct, gc=False):
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

    above: _Open | None
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


def compose_simple(text: str, start: int, end: int, limits: Limits) -> YamlTree | None:
    """Return what `text` holds from `start` to `end`, or None where it is not simple: then libyaml must be asked."""
    if end - start > limits.values or not _is_printable(text[start:end]):  # there are fewer values than characters
        return None
    try:
        return _Reader().read(text, start, end, limits.depth - 2)  # a list in brackets is a level more
    except _NotSimpleError:
        return None


def _is_printable(text: str) -> bool:
    """Return whether `text` has no other control characters than line feeds, and nothing else that cannot be seen."""
    letters = text.encode("utf-8", "surrogatepass").translate(None, _ASCII)  # to ask this of every letter takes longer
    return letters.decode("utf-8", "surrogatepass").isprintable()


class _Reader:
    """Builds the nodes. Used once."""

    def __init__(self) -> None:
        self._plain: dict[str, Any] = {}
        self._names: set[str] = set()
        self._steps: set[int] = set()
        self._folds: list[Node] = []
        self._brackets: list[Node] = []

    def read(  # noqa: C901, PLR0912, PLR0915 - every line comes by here: one call more for each costs a tenth
        self, text: str, start: int, end: int, depth: int
    ) -> YamlTree:
        """Return what `text` holds from `start` to `end`, lists and mappings within each other up to `depth` levels.

        Raises:
            _NotSimpleError: where libyaml must be asked.
        """
        plain = self._plain
        steps = self._steps
        top = root = _Open(None, 0, -1, {}, {}, depth)
        level, values, children = top.level, top.values, top.children
        waiting = False  # whether the last line was a key alone
        last = start  # where the last value ends
        for found in _ENTRY.finditer(text, start, end):
            kind = found.lastindex
            if kind is None:
                raise _NotSimpleError
            line, at = found.span(_INDENT)
            dash = found.end(_DASH)
            key = found[_KEY]
            if dash >= 0:
                top = self._settle(top, 2 * (at - line) + 1, at, last)
                steps.add(dash - at)
                at = dash
                if key is not None:
                    top = self._within(top, 2 * (dash - line), dash)
                elif kind == _DASH:
                    raise _NotSimpleError
                level, values, children = top.level, top.values, top.children
            elif key is None:
                if kind == _INDENT and at == end:
                    break
                raise _NotSimpleError
            elif waiting or 2 * (at - line) != level:
                top = self._settle(top, 2 * (at - line), at, last)
                level, values, children = top.level, top.values, top.children
            waiting = False
            if key is None:
                key_start = key_end = -1
            else:
                if key in children:
                    raise _NotSimpleError
                key_start = at
                key_end = at + len(key)
            if kind == _PLAIN:
                written = found[_PLAIN].rstrip(" ")
                begin = found.start(_PLAIN)
                last = begin + len(written)
                value = resolve(written) if written[0] in SPECIAL else written
                plain[written] = value
                node = Node(value, begin, last, key_start, key_end, "", None)
            elif kind == _DOUBLE:
                value = found[_DOUBLE]
                begin = found.start(_DOUBLE) - 1
                last = begin + len(value) + 2
                node = Node(value, begin, last, key_start, key_end, '"', None)
            elif kind == _KEY:
                top.key, top.key_start, top.key_end = key, key_start, key_end
                waiting = True
                continue
            else:
                node = self._value(found, kind, level >> 1, key_start, key_end)
                value = node.value
                last = node.end
            if key is None:
                values.append(value)
                children.append(node)
            else:
                values[key] = value
                children[key] = node
        self._settle(top, 0, -1, last)
        if not root.children:
            raise _NotSimpleError
        self._names.update(root.children)
        nodes = list(root.children.values())
        node = Node(root.values, nodes[0].key_start, nodes[-1].end, -1, -1, "", root.children)
        form = Form(steps, tuple(self._folds), tuple(self._brackets))
        return YamlTree(node, None, (), plain, self._names, form)

    def _settle(self, top: _Open, level: int, at: int, end: int) -> _Open:
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
            self._plain.setdefault("", None)
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
            raise _NotSimpleError
        return top

    def _within(self, top: _Open, level: int, start: int) -> _Open:
        """Return a list or mapping that begins within `top`."""
        if not top.room:
            raise _NotSimpleError
        self._steps.add((level >> 1) - (top.level >> 1))
        if level & 1:
            return _Open(top, level, start, [], [], top.room - 1)
        return _Open(top, level, start, {}, {}, top.room - 1)

    def _value(self, found: re.Match[str], kind: int, column: int, key_start: int, key_end: int) -> Node:
        """Return the node of a value that is neither plain on one line nor in double quotes."""
        if kind == _SINGLE:
            start, end = found.span(_SINGLE)
            return Node(found[_SINGLE], start - 1, end + 1, key_start, key_end, "'", None)
        if kind == _FLOW:
            start, end = found.span(_FLOW)
            if start == end:
                return Node([], start - 1, end + 1, key_start, key_end, "[", ())
            items = self._items(found[_FLOW], start)
            node = Node([item.value for item in items], start - 1, end + 1, key_start, key_end, "[", items)
            self._brackets.append(node)
            return node
        if kind == _FOLDED:
            content = found[_FOLDED].rstrip("\n")
            indent = len(content) - len(content.lstrip(" "))
            margin = "\n" + " " * indent
            value = content[indent:].replace(margin, " ")
            if indent <= column or content[-1] == " " or "\n" in value or f"{margin} " in content:
                raise _NotSimpleError
            end = found.start(_FOLDED) + len(content)
            value = value if found[_STRIP] else value + "\n"
            node = Node(value, found.start(_STRIP) - 1, end, key_start, key_end, ">", None)
            self._steps.add(indent - column)
            self._folds.append(node)
            return node
        more = found[_MORE].split("\n")[1:]
        if more[-1][-1] == " " or any(len(line) - len(line.lstrip(" ")) <= column for line in more):
            raise _NotSimpleError
        written = " ".join(line.strip(" ") for line in (found[_PLAIN], *more))
        value = self._plain.setdefault(written, resolve(written))
        return Node(value, found.start(_PLAIN), found.end(_MORE), key_start, key_end, "", None)

    def _items(self, flow: str, offset: int) -> tuple[Node, ...]:
        """Return the items of a list in brackets, what is between these being `flow`."""
        if not flow.strip(" "):
            return ()
        if flow[-1] in ", ":
            raise _NotSimpleError
        nodes: list[Node] = []
        end = 0
        for found in _ITEM.finditer(flow):
            if found.start() != end:
                raise _NotSimpleError
            end = found.end()
            quoted = found[1]
            if quoted is not None:
                start = offset + found.start(1)
                nodes.append(Node(quoted, start - 1, start + len(quoted) + 1, -1, -1, '"', None))
            else:
                start = offset + found.start(2)
                written = found[2].rstrip(" ")
                value = self._plain.setdefault(written, resolve(written))
                nodes.append(Node(value, start, start + len(written), -1, -1, "", None))
        if end != len(flow):
            raise _NotSimpleError
        return tuple(nodes)
