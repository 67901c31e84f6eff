"""The nodes of front matter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from patternlint.diagnostics.route import Route
from patternlint.messages.phrases import _NAMES
from patternlint.source import Span

_NUMBERS = frozenset((int, float))


class Node(Struct, frozen=True, gc=False):
    """A value of the front matter with its position in the text.

    Attributes:
        value: the plain value: str, int, float, bool, None, or a dict or list of such. Dates are str.
        start: offset of its first character.
        end: offset after its last character.
        key_start: offset of its key, or -1 for a list item and for the root.
        key_end: offset after its key, or -1.
        style: `"` or `'` (quoted), `|` or `>` (block scalar), `{` or `[` (flow collection), empty (plain, block).
        children: the nodes of a mapping by key, or those of a list; None for a scalar.
    """

    value: Any
    start: int
    end: int
    key_start: int
    key_end: int
    style: str
    children: dict[str, Node] | tuple[Node, ...] | None

    @property
    def span(self) -> Span:
        """The characters of the value."""
        return Span(self.start, self.end)

    @property
    def key_span(self) -> Span:
        """The characters of the key; those of the value for a list item."""
        return Span(self.key_start, self.key_end) if self.key_start >= 0 else self.span

    @property
    def items(self) -> tuple[Node, ...]:
        """The nodes of a list; empty for anything else."""
        return self.children if isinstance(self.children, tuple) else ()

    @property
    def keys(self) -> Mapping[str, Node]:
        """The nodes of a mapping by key; empty for anything else."""
        return self.children if isinstance(self.children, dict) else {}

    @property
    def label_span(self) -> Span:
        """The span that a label underlines: the value, or the key of a block mapping, block list or missing value."""
        if self.key_start >= 0 and (self.start == self.end or (self.children is not None and not self.style)):
            return self.key_span
        return self.span

    @property
    def number(self) -> float | None:
        """The value if it is a number, not a boolean, or None."""
        value = self.value
        return value if type(value) in _NUMBERS else None  # excludes bool, unlike isinstance

    def get(self, *route: str | int) -> Node | None:
        """Return the node at `route` below this one, or None."""
        node: Any = self
        try:  # faster than a check at each step: most routes lead to a node
            for step in route:
                node = node.children[step]
        except (KeyError, IndexError, TypeError):  # no such key, no such item, a scalar or a list that has no keys
            return None
        found: Node = node
        return found

    def text(self, *route: str | int) -> str | None:
        """Return the string at `route`, or None for a missing or any other value."""
        node = self.get(*route)
        return node.value if node is not None and isinstance(node.value, str) else None

    def walk(self, route: Route = ()) -> Iterator[tuple[Route, Node]]:
        """Yield every node below and including this one with its route, in the order of the text."""
        found: list[tuple[Route, Node]] = [(route, self)]
        _collect(self, route, found)  # a list: nested generators take four times as long
        return iter(found)

    def texts(self) -> Iterator[tuple[Route, Node, str]]:
        """Yield every string below and including this node with its route and value, in the order of the text."""
        for route, node in self.walk():
            if isinstance(node.value, str):
                yield route, node, node.value


def _collect(node: Node, route: Route, found: list[tuple[Route, Node]]) -> None:
    """Append every node below `node`, whose route is `route`."""
    children = node.children or ()
    for step, child in children.items() if isinstance(children, dict) else enumerate(children):
        inner = (*route, step)
        found.append((inner, child))
        if child.children:
            _collect(child, inner, found)


def item_name(root: Node, route: Route) -> str:
    """Return the name of the innermost list item on `route`, which identifies it after it has moved; empty without one."""
    for length in range(len(route), 0, -1):
        if isinstance(route[length - 1], int):
            item = root.get(*route[:length])
            if item is None:
                return ""
            if item.children is None:
                return str(item.value)
            return next((name for key in _NAMES if (name := item.text(key))), "")
    return ""
