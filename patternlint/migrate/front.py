"""The keys of a migrated file: what each gets, from where, and its text."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from patternlint.diagnostics.route import Route
from patternlint.document.identifiers import slugify
from patternlint.document.node import Node
from patternlint.document.pattern import Pattern
from patternlint.edits.scalars import can_be_plain, double_quoted
from patternlint.edits.text_lines import INDENT
from patternlint.layout import expected_quotes
from patternlint.migrate.sections import first_sentences
from patternlint.migrate.table import KeyStep, Table
from patternlint.migrate.text import copied_lines, folded_lines, prompt_text, shifted
from patternlint.parser.yaml.compose import compose

_VERSION = re.compile(r"([0-9]+)(?:\.([0-9]+))?(?:\.0)*")


class LibraryView(Struct, frozen=True):
    """What a migration asks about the library.

    Attributes:
        find: returns the id and the slug of the record that a name in a link leads to, or None.
        is_referenced: returns whether some record links to a name.
    """

    find: Callable[[str], tuple[str, str] | None]
    is_referenced: Callable[[str], bool]


class Piece(Struct, frozen=True):
    """A key of a migrated file.

    Attributes:
        route: its route.
        value: its value.
        lines: its lines, the key at column 0.
        source: the route that its value had before; empty for a new value.
        is_same: whether the value is the old one, not a form of it.
        has_all: whether all scalars of the old value are in it.
        is_prompt: whether a person must replace it.
        is_draft: whether a person should revise it, because it is a part of the text.
        is_derived: whether the source keeps its place, unless it has none.
    """

    route: Route
    value: Any
    lines: tuple[str, ...]
    source: Route = ()
    is_same: bool = True
    has_all: bool = False
    is_prompt: bool = False
    is_draft: bool = False
    is_derived: bool = False


def pieces_of(pattern: Pattern, table: Table, view: LibraryView) -> list[Piece]:
    """Return the keys that a table gives to a file, in the order of the table.

    Raises:
        UnmovableError: if the text of a value cannot be written elsewhere.
    """
    found = (_piece(pattern, table, step, view) for step in table.keys)
    return [piece for piece in found if piece is not None]


def _piece(pattern: Pattern, table: Table, step: KeyStep, view: LibraryView) -> Piece | None:
    node, source = _source(pattern, step)
    if node is None:
        return _new_piece(pattern, table, step)
    name = str(step.route[-1])
    if step.values:
        mapped = _mapped(node.value, step)
        is_same = mapped == node.value
        lines = copied_lines(pattern, node, name) if is_same else [f"{name}: {_written(pattern, step.route, mapped)}"]
        return Piece(step.route, mapped, tuple(lines), source, is_same, is_derived=True)
    if step.form == "links":
        return _links(pattern, step, node, source, view)
    form = _FORMS.get(step.form)
    changed = form(node.value) if form is not None else node.value
    if changed == node.value or (step.form == "lower" and view.is_referenced(str(node.value))):
        return Piece(step.route, node.value, tuple(copied_lines(pattern, node, name)), source)
    return Piece(step.route, changed, (f"{name}: {_inline(changed)}",), source, is_same=False)


def _new_piece(pattern: Pattern, table: Table, step: KeyStep) -> Piece | None:
    """Return a key whose value was not in the front matter."""
    name = str(step.route[-1])
    text = first_sentences(pattern, step.section, table.body) if step.section else ""
    if text:
        return Piece(step.route, text, tuple(folded_lines(name, text, pattern.spec.style.fold_width)), is_draft=True)
    match = re.search(step.path, Path(os.path.abspath(pattern.path)).as_posix()) if step.path else None  # noqa: PTH100
    if match is not None:
        written = _written(pattern, step.route, match[1])
        if step.form == "list":
            return Piece(step.route, [match[1]], (f"{name}:", f"{' ' * INDENT}- {written}"))
        return Piece(step.route, match[1], (f"{name}: {written}",))
    if step.value:
        return _constant(step.route, step.value)
    return _constant(step.route, prompt_text(step.prompt)) if step.prompt else None


def _written(pattern: Pattern, route: Route, value: str) -> str:
    return double_quoted(value) if expected_quotes(pattern.spec, route) else _scalar(value)


def _constant(route: Route, text: str) -> Piece:
    root = compose(f"x: {text}\n").root
    value = root.value["x"] if root is not None else None
    return Piece(route, value, (f"{route[-1]}: {text}",), is_prompt="[" in str(value) and value != [])


def given_piece(piece: Piece, text: str) -> Piece:
    """Return a key with a value in YAML that the user gives."""
    root = compose(f"x: {text}\n").root
    return Piece(piece.route, root.value["x"] if root is not None else text, (f"{piece.route[-1]}: {text}",))


def _source(pattern: Pattern, step: KeyStep) -> tuple[Node | None, Route]:
    for route in (step.route, *step.sources) if not step.values else step.sources:
        node = pattern.get(*route)
        if node is not None and node.value is not None and (route in step.sources or step.form == ""):
            return node, route
    return None, ()


def _mapped(value: Any, step: KeyStep) -> str:
    """Return the new value for an old one, or for a list the one that all its items lead to."""
    values = {step.values.get(str(one), "") for one in (value if isinstance(value, list) else [value])}
    only = next(iter(values), "") if len(values) == 1 else ""
    return only or step.mixed or str(value)


def _number(value: Any) -> Any:
    """Return the number that a version in a text means, such as 1.0 for `1.0.0`; any other value unchanged."""
    match = _VERSION.fullmatch(value.strip()) if isinstance(value, str) else None
    return float(f"{match[1]}.{match[2] or 0}") if match is not None else value


def _names(value: Any) -> Any:
    """Return the names in a list of mappings as slugs; any other value unchanged."""
    if not isinstance(value, list) or not any(isinstance(one, dict) for one in value):
        return value
    names = [slugify(str(one["name"])) if isinstance(one, dict) and one.get("name") else one for one in value]
    return names if all(isinstance(one, str) and one for one in names) else value


_FORMS: Mapping[str, Callable[[Any], Any]] = {
    "list": lambda value: value if isinstance(value, list) else [value],
    "number": _number,
    "names": _names,
    "lower": lambda value: value.lower() if isinstance(value, str) else value,
}


def _inline(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_scalar, value))}]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if not isinstance(value, str):
        return repr(value)
    return value if can_be_plain(value) else double_quoted(value)


def _links(pattern: Pattern, step: KeyStep, node: Node, source: Route, view: LibraryView) -> Piece:
    """Return a list of ids as links by slug, with the ids; an id that no record has takes the place of the slug."""
    name = str(step.route[-1])
    if not isinstance(node.value, list) or not node.value or not all(isinstance(one, str) for one in node.value):
        return Piece(step.route, node.value, tuple(copied_lines(pattern, node, name)), source)
    value: list[dict[str, str]] = []
    lines = [f"{name}:"]
    for target in node.value:
        found = view.find(target)
        item = {"typeid": found[0], "slug": found[1]} if found is not None else {"slug": target}
        item |= {"weight": f"[{step.prompt}]"} | ({"source": "migration"} if found is not None else {})
        pairs = [f"{key}: {_scalar(text)}" for key, text in item.items()]
        lines += [f"{' ' * INDENT}- {pairs[0]}", *shifted(pairs[1:], 2 * INDENT)]
        value.append(item)
    return Piece(step.route, value, tuple(lines), source, is_same=False, has_all=True, is_prompt=True)


def kept_pieces(pattern: Pattern, table: Table, pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Yield what has no place in the new version, below the key `rest`: the same routes, the same text.

    Raises:
        UnmovableError: if the text of a value cannot be written elsewhere.
    """
    taken = {piece.source for piece in pieces if piece.source and (piece.is_same or piece.has_all)}
    for key, node in pattern.front.root.keys.items():
        yield from _kept(pattern, (key,), node, taken, table.rest)


def _kept(pattern: Pattern, route: Route, node: Node, taken: set[Route], rest: str) -> Iterator[Piece]:
    if route in taken:
        return
    if any(one[: len(route)] == route for one in taken):
        for key, child in node.keys.items():
            yield from _kept(pattern, (*route, key), child, taken, rest)
    else:
        yield Piece((rest, *route), node.value, tuple(copied_lines(pattern, node, str(route[-1]))), route)
