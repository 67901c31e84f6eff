"""The form of list items: `--normalize` gives links and nodes the keys that the new version asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

from msgspec import Struct

from patternlint.diagnostics.fix import Replacement
from patternlint.diagnostics.route import Route
from patternlint.document.identifiers import is_slug, slugify
from patternlint.document.node import Node
from patternlint.document.pattern import Pattern
from patternlint.edits.apply import apply_edits
from patternlint.edits.scalars import can_be_plain, double_quoted
from patternlint.edits.text_lines import column, is_block_list, newline
from patternlint.layout import expected_quotes
from patternlint.migrate.front import LibraryView
from patternlint.migrate.step import Migrated
from patternlint.migrate.table import ItemForm, steps
from patternlint.parser.yaml.compose import compose
from patternlint.source import Span, next_line

_NAMES = ("slug", "target", "id")
_ID = "typeid"


class _Change(Struct, frozen=True):
    """The keys that an item gets: pairs of a key and its value in YAML, in the order of the form, and a renamed key."""

    new: Mapping[str, str]
    renamed: tuple[str, str] = ("", "")


def normalized(
    pattern: Pattern, forms: Sequence[ItemForm], view: LibraryView, is_suppressed: Callable[[int], bool]
) -> Migrated:
    """Return a file whose list items have the forms of a version.

    Args:
        pattern: the file.
        forms: the forms.
        view: the library.
        is_suppressed: whether findings about the form of items are suppressed on a line.
    """
    data = deepcopy(pattern.data)
    edits: list[Replacement] = []
    routes: set[Route] = set()
    for form in forms:
        for route, node in _lists(pattern, form):
            rows: Any = data
            for step in route:
                rows = rows[step]
            found = list(_in_list(pattern, form, route, node, rows, view, is_suppressed))
            edits += found
            routes |= {route} if found else set()
    return Migrated(apply_edits(pattern.source.text, edits), data, (), frozenset(routes))


def _lists(pattern: Pattern, form: ItemForm) -> Iterator[tuple[Route, Node]]:
    for name in form.lists:
        *above, last = steps(name)
        parent = pattern.get(*above)
        keys = [key for key in parent.keys if key not in form.except_] if parent is not None and last == "*" else [last]
        for key in keys:
            node = pattern.get(*above, key)
            if (
                node is not None
                and node.items
                and not any(pattern.source.text.startswith(("&", "*", "!"), one.start) for _, one in node.walk())
            ):
                yield (*above, key), node


def _in_list(  # noqa: PLR0913, PLR0917 - all facts about the list
    pattern: Pattern,
    form: ItemForm,
    route: Route,
    node: Node,
    rows: list[Any],
    view: LibraryView,
    is_suppressed: Callable[[int], bool],
) -> Iterator[Replacement]:
    """Yield the edits of a list, and change `rows` in the same way."""
    text = pattern.source.text
    is_block = is_block_list(text, node)
    for index, item in enumerate(node.items):
        if is_suppressed(pattern.source.lines.line_of(item.start)):
            continue
        change = _change(pattern, form, (*route, index), item, view)
        if change is None or (item.children is None and not is_block):
            continue
        row = rows[index] if isinstance(item.value, dict) else {}
        old, new = change.renamed
        if old:
            row = {new if key == old else key: value for key, value in row.items()}
        for key, written in change.new.items():
            root = compose(f"x: {written}\n").root
            row[key] = root.value["x"] if root is not None else written
        rows[index] = row
        if item.children is None:
            lines = [f"{key}: {value}" for key, value in change.new.items()]
            between = newline(pattern) + " " * column(text, item.start)
            yield Replacement(item.span, between.join(lines))
        else:
            yield from _insertions(pattern, form, item, change)


def _change(pattern: Pattern, form: ItemForm, route: Route, item: Node, view: LibraryView) -> _Change | None:
    """Return what an item gets; None if it has the form, or its name cannot be told."""
    name_key = next((key for key in form.keys if key in _NAMES), form.keys[0])
    given = item.keys
    known: dict[str, str] = {}
    renamed = ("", "")
    if item.children is None and isinstance(item.value, str) and item.value:
        known = _node_of(item.value) if form.kind == "node" else {name_key: item.value}
    elif form.kind == "link" and given:
        old = next((key for key in (name_key, *_NAMES) if item.text(key)), "")
        if not old:
            return None
        renamed = (old, name_key) if old != name_key else renamed
        known = {name_key: item.text(old) or ""}
    else:
        return None
    links = form.kind == "link" and _ID in form.keys
    found = view.find(known[name_key]) if links else None
    if found is not None:
        known = {_ID: found[0], **known}
    new: dict[str, str] = {}
    for key in form.keys:
        if key in given or key == renamed[1]:
            continue
        if key in known:
            new[key] = _written(pattern, (*route, key), known[key])
        elif key in form.prompts:
            new[key] = double_quoted(f"[{form.prompts[key]}]")
        elif key in form.values and (found is not None or not links or _ID in given):
            new[key] = form.values[key]
    return _Change(new, renamed) if new or renamed[0] else None


def _node_of(words: str) -> dict[str, str]:
    """Return the id and the label of a node that is only words."""
    return {
        "id": words if is_slug(words) else slugify(words),
        "label": words.replace("-", " ") if is_slug(words) else words,
    }


def _written(pattern: Pattern, route: Route, value: str) -> str:
    return value if can_be_plain(value) and not expected_quotes(pattern.spec, route) else double_quoted(value)


def _insertions(pattern: Pattern, form: ItemForm, item: Node, change: _Change) -> Iterator[Replacement]:
    """Yield the edits that add keys to an item that is a mapping, each behind the key before it."""
    text = pattern.source.text
    old, new = change.renamed
    keys = {new if key == old else key: node for key, node in item.keys.items()}
    if old:
        yield Replacement(item.keys[old].key_span, new)
    first = min(keys.values(), key=lambda node: node.key_start)
    is_flow = item.style == "{"
    indent = " " * column(text, first.key_start)
    eol = newline(pattern)
    at_place: dict[Span, str] = {}
    for key, value in change.new.items():
        order = form.keys[: form.keys.index(key)]
        before = next((keys[other] for other in reversed(order) if other in keys), None)
        pair = f"{key}: {value}"
        if before is None:
            place, piece = first.key_start, f"{pair}, " if is_flow else f"{pair}{eol}{indent}"
        elif is_flow:
            place, piece = max(before.end, before.key_end), f", {pair}"
        else:
            place, piece = next_line(text, max(before.end, before.key_end)), f"{indent}{pair}{eol}"
        at_place[Span(place, place)] = at_place.get(Span(place, place), "") + piece
    yield from (Replacement(span, piece) for span, piece in at_place.items())
