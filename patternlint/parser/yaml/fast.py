"""Compose the usual subset of YAML line by line, with the same result as libyaml.

The subset: block mappings and lists, plain and quoted scalars, lists in brackets, and scalars folded with `>`. A text
with any other construct, or with an error, is left to libyaml as a whole.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate, islice
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
      | (?P<flow> \[ (?: [^\[\]{}"'\#:?]++ | "[^"\\]*+" | '[^']*+' )*+ \] ) [ ]*+
      | (?P<begun> \[ (?: [^\[\]{}"'\#:?]++ | "[^"\\]*+" | '[^']*+' )*+ (?<=,) )
      | (?P<folded> >-? ) [ ]*+
      | (?P<quoted> ["'].*+ )
    )
    \Z
    """,
    re.VERBOSE,
)
_PLAIN, _DOUBLE, _SINGLE, _FLOW, _BEGUN, _FOLDED, _QUOTED = range(1, 8)  # its groups

_BRACKETS = re.compile(r"""\[(?:[^\[\]{}"'\n\#:?]++|"[^"\\\n]*+"|'[^'\n]*+'|(?<=,)\n[ ]++)*+\]""")
"""A list in brackets over several lines."""

_SINGLE_QUOTED = re.compile(r"'(?:[^']++|'')*+'")
_DOUBLE_QUOTED = re.compile(r'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_LINE_END = re.compile(r"\n[ \n]*+")
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([^\n])|\n([ \n]*+))|\n[ \n]*+")
_ESCAPED = dict(zip('0abtnvfre "/\\N_LP', '\0\a\b\t\n\v\f\r\x1b "/\\\x85\xa0\u2028\u2029', strict=True))
_SURROGATES = range(0xD800, 0xE000)

_ITEM = re.compile(r""" *+(?:\n *+)?+(?:"([^"]*+)"|'([^']*+)'|([A-Za-z0-9_][^,"'\n]*+)) *+(?:,|\Z)""")

_SINGLE_ITEM = 2  # its group of a text in single quotes

_REFUSED = re.compile("[\0-\t\v\f\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
"""Characters that YAML does not allow, byte order marks, and tabs."""

SUSPECT_BYTES = bytes({*range(0x20), 0x7F, 0xC2, 0xED, 0xEF} - {0x0A})
"""The first bytes of such characters in UTF-8, and carriage returns."""

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
    line_ending = "\n"
    if not clean:
        if _REFUSED.search(text, start, end):
            return None
        if text.find("\r", start, end) >= 0:
            line_ending = "\r\n"
            if not text.count("\r", start, end) == text.count("\n", start, end) == text.count("\r\n", start, end):
                return None
    try:
        return _BlockReader(text, start, end, line_ending).read(limits.depth - 2)  # a list in brackets is a level more
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


def _fold(breaks: re.Match[str]) -> str:
    """Return what line breaks within quotes, with the indentation below them, stand for."""
    return "\n" * (breaks[0].count("\n") - 1) or " "


def _unescape(escape: re.Match[str]) -> str:
    """Return what an escape, or line breaks within double quotes, stand for."""
    code = escape[1] or escape[2] or escape[3]
    if code is not None:
        number = int(code, 16)
        if number in _SURROGATES or number > sys.maxunicode:
            raise _FallBackError
        return chr(number)
    character = escape[4]
    if character is not None:
        if character not in _ESCAPED:
            raise _FallBackError
        return _ESCAPED[character]
    return "\n" * escape[5].count("\n") if escape[5] is not None else _fold(escape)


class _BlockReader:
    """Builds the nodes. Used once."""

    def __init__(self, text: str, start: int, end: int, line_ending: str) -> None:
        self._text = text
        self._start = start
        self._end = end
        self._lines = text[start : end - len(line_ending)].split(line_ending)
        width = len(line_ending)
        self._starts = list(accumulate([len(line) + width for line in self._lines], initial=start))
        self._plain: list[tuple[str, Any]] = []
        self._names: set[str] = set()

    def read(  # noqa: C901, PLR0912, PLR0915 - a function call for each line would cost a tenth
        self, depth: int
    ) -> YamlTree:
        """Return the tree, with at most `depth` nested levels.

        Raises:
            _FallBackError: if the text must be left to libyaml.
        """
        plain = self._plain
        starts = self._starts
        read_head = _read_head_once if self._end - self._start <= _LONG else _read_head
        top = root = _OpenCollection(None, 0, -1, {}, {}, depth)
        level, values, children = top.level, top.values, top.children
        waiting = False  # whether the last line was a key without a value
        beyond = 0  # the first line that does not belong to the last value
        last = self._start  # the end of the last value
        for line, at in zip(self._lines, starts):  # noqa: B905 - the last start is behind the last line
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
                    if waiting:
                        raise _FallBackError
                    last, beyond = self._continue(top, at)
                    continue
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
                    value = resolve_scalar(rest)
                    plain.append((rest, value))
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
        return YamlTree(node, None, (), dict(plain), self._names, starts)

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
        if rest in ("[]", "{}"):
            value: Any = [] if rest == "[]" else {}
            return Node(value, start, start + 2, *key, rest[0], () if rest == "[]" else {}), 0
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
        beyond = 0
        if kind == _FOLDED:
            return self._folded(written, start, at, column, key)
        if kind == _QUOTED:
            return self._quoted(written, start, at, column, key)
        if kind == _BEGUN:
            written, end, beyond = self._joined(written, at, column)
            if not _BRACKETS.fullmatch(written) or end - start != len(written):  # offsets differ with CRLF
                raise _FallBackError
        items = self._items(written[1:-1], start + 1)
        return Node([item.value for item in items], start, end, *key, "[", items), beyond

    def _joined(self, written: str, at: int, column: int) -> tuple[str, int, int]:
        """Join `written`, the start of a value in the line at `at`, with the lines below that are empty or indented deeper.

        Returns:
            The text, its end, and the offset of the line after it.

        Raises:
            _FallBackError: if no line follows, or one of them consists of spaces.
        """
        first = bisect_right(self._starts, at)
        margin = " " * (column + 1)
        lines: list[str] = []
        for line in islice(self._lines, first, None):
            if line and not line.startswith(margin):
                break
            if line.isspace():
                raise _FallBackError
            lines.append(line)
        while lines and not lines[-1]:
            lines.pop()
        if not lines:
            raise _FallBackError
        last = first + len(lines) - 1
        end = self._starts[last] + len(lines[-1].rstrip(" "))
        return "\n".join([written, *lines]).rstrip(" "), end, self._starts[last + 1]

    def _quoted(self, written: str, start: int, at: int, column: int, key: tuple[int, int]) -> tuple[Node, int]:
        """Return the node of a scalar in quotes, with escapes or over several lines, and the offset of the line after it."""
        pattern = _SINGLE_QUOTED if written[0] == "'" else _DOUBLE_QUOTED
        whole = written.rstrip(" ")
        end, beyond = start + len(whole), 0
        if not pattern.fullmatch(whole):
            whole, end, beyond = self._joined(written, at, column)
            if " \n" in whole or not pattern.fullmatch(whole):
                raise _FallBackError
        inner = whole[1:-1]
        if pattern is _SINGLE_QUOTED:
            value = _LINE_END.sub(_fold, inner).replace("''", "'")
        else:
            value = _ESCAPE.sub(_unescape, inner)
        return Node(value, start, end, *key, written[0], None), beyond

    def _folded(self, header: str, start: int, at: int, column: int, key: tuple[int, int]) -> tuple[Node, int]:
        """Return the node of a folded scalar at `start`, and the offset of the line after it."""
        text, end, beyond = self._joined("", at, column)
        content = text[1:]
        indent = len(content) - len(content.lstrip(" "))
        margin = "\n" + " " * indent
        value = content[indent:].replace(margin, " ")
        if self._text[end] == " " or "\n" in value or f"{margin} " in content:
            raise _FallBackError
        if header == ">":
            value += "\n"
        return Node(value, start, end, *key, ">", None), beyond

    def _continue(self, top: _OpenCollection, at: int) -> tuple[int, int]:
        """Add the lines from `at` on to the plain scalar in the line above.

        Returns:
            The end of the scalar, and the offset of the line after it.

        Raises:
            _FallBackError: if the line above does not end in a plain scalar.
        """
        children = top.children
        if not children:
            raise _FallBackError
        place = len(children) - 1 if top.level & 1 else next(reversed(children))
        node = children[place]
        if node.style or node.children is not None or self._text[node.end : at].strip(" \r") != "\n":
            raise _FallBackError
        first = bisect_right(self._starts, at) - 1
        margin = " " * ((top.level >> 1) + 1)
        parts = [self._text[node.start : node.end]]
        for line in islice(self._lines, first, None):
            if not line.startswith(margin):
                break
            if line.isspace() or ": " in line or " #" in line or line[-1] == ":":
                raise _FallBackError
            parts.append(line.strip(" "))
        if len(parts) == 1:
            raise _FallBackError
        written = " ".join(parts)
        stop = first + len(parts) - 1
        end = self._starts[stop - 1] + len(self._lines[stop - 1].rstrip(" "))
        if written[0] in NON_STRING_INITIALS:
            self._plain[-1] = written, written  # a text: no other value contains a space
        top.values[place] = written
        children[place] = Node(written, node.start, end, node.key_start, node.key_end, "", None)
        return end, self._starts[stop]

    def _resolved(self, written: str) -> Any:
        """Return the value of a plain scalar."""
        value = resolve_scalar(written)
        if written[0] in NON_STRING_INITIALS:
            self._plain.append((written, value))
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
            group = found.lastindex or 0
            start = offset + found.start(group)
            written = found[group]
            if group <= _SINGLE_ITEM:
                nodes.append(Node(written, start - 1, start + len(written) + 1, -1, -1, "\"'"[group - 1], None))
            else:
                written = written.rstrip(" ")
                nodes.append(Node(self._resolved(written), start, start + len(written), -1, -1, "", None))
        if end != len(flow):
            raise _FallBackError
        return tuple(nodes)
