"""One step of a migration: the new text of a file, its expected data, and what is left for a person."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from itertools import groupby
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from patternlint.diagnostics.fix import Replacement
from patternlint.diagnostics.route import Route, format_route
from patternlint.document.banners import banner_lines
from patternlint.document.node import Node
from patternlint.document.pattern import Pattern
from patternlint.edits.apply import apply_edits
from patternlint.edits.insert_key import NewKey, key_insertions
from patternlint.edits.insertion import Insertion, join_lines, merge_insertions
from patternlint.edits.text_lines import INDENT, is_block_list, newline
from patternlint.layout import (
    LayoutIssue,
    all_edits,
    check_indentation,
    check_list_style,
    check_missing_banners,
    check_quotes,
)
from patternlint.migrate.front import LibraryView, Piece, given_piece, kept_pieces, pieces_of
from patternlint.migrate.sections import migrated_body, with_section
from patternlint.migrate.table import Table
from patternlint.migrate.text import UnmovableError, shifted, value_span
from patternlint.source import Source, Span, line_start
from patternlint.spec.model import Spec

Parse = Callable[[Source], Pattern | None]
"""Parses a file again after a change."""


_SPANNING = "patternlint: ignore-start"


class RefusedError(Exception):
    """A file that cannot be migrated, and the reason as a clause."""


class Migrated(Struct, frozen=True):
    """The result of a step.

    Attributes:
        text: the new text.
        data: the data that its front matter must have.
        pieces: the keys that the step gave.
        added: the routes that are new or have new values; all other data is as before.
    """

    text: str
    data: Mapping[str, Any]
    pieces: tuple[Piece, ...]
    added: frozenset[Route]


def apply_table(  # noqa: PLR0913 - all facts about the step
    pattern: Pattern, table: Table, spec: Spec, view: LibraryView, parse: Parse, *, given: Mapping[str, str]
) -> Migrated:
    """Return a file after one step.

    Args:
        pattern: the file.
        table: the step.
        spec: the specification of the new version.
        view: the library.
        parse: parses a file.
        given: values in YAML by routes with dots, in the place of prompts and other new values.

    Raises:
        RefusedError: if the file cannot be migrated.
    """
    if pattern.front.duplicates:
        message = "it has duplicate keys"
        raise RefusedError(message)
    target = replace(pattern, spec=spec)
    try:
        pieces = [_with_given(piece, given) for piece in pieces_of(target, table, view)]
        if table.rest:
            if _SPANNING in pattern.source.text:
                message = "its text would move, and `ignore-start` comments in it apply to lines; remove them first"
                raise RefusedError(message)
            pieces += kept_pieces(pattern, table, pieces)
            return _tidied(_rebuilt(target, table, pieces), pattern.source.path, parse, _LAYOUT)
        done = _in_place(target, pieces)
    except UnmovableError as error:
        raise RefusedError(str(error)) from error
    if table.body.add:
        again = parse(Source(pattern.source.path, done.text.encode()))
        if again is not None:
            done = replace(done, text=with_section(again, spec, table.body.add))
    checks = (_missing_banners,) if pattern.banners and done.added else ()
    return _tidied(done, pattern.source.path, parse, checks)


def _with_given(piece: Piece, given: Mapping[str, str]) -> Piece:
    text = given.get(".".join(map(str, piece.route)))
    return given_piece(piece, text) if text is not None and not piece.source else piece


def _missing_banners(pattern: Pattern) -> list[LayoutIssue]:
    issue = check_missing_banners(pattern)
    return [issue] if issue is not None else []


def _indentation(pattern: Pattern) -> list[LayoutIssue]:
    issue, _ = check_indentation(pattern)
    return [issue] if issue is not None else []


_LAYOUT: tuple[Callable[[Pattern], Sequence[LayoutIssue]], ...] = (_indentation, check_quotes, check_list_style)


def _tidied(
    done: Migrated, path: str, parse: Parse, checks: Sequence[Callable[[Pattern], Sequence[LayoutIssue]]]
) -> Migrated:
    """Return the result in the layout of the new specification."""
    for check in checks:
        pattern = parse(Source(path, done.text.encode()))
        if pattern is not None:
            done = replace(done, text=apply_edits(done.text, all_edits(check(pattern))))
    return done


# --- Keys in their places -------------------------------------------------------------------------------------------


def _in_place(pattern: Pattern, pieces: Sequence[Piece]) -> Migrated:
    """Return a file with new keys beside the old ones; moved keys leave their places."""
    data = deepcopy(pattern.data)
    insertions: list[Insertion] = []
    edits: list[Replacement] = []
    used: list[Piece] = []
    for piece in pieces:
        node = pattern.get(*piece.route)
        if node is not None and (piece.source != piece.route or piece.is_same):
            continue
        used.append(piece)
        _set(data, piece.route, deepcopy(piece.value))
        if node is not None:
            edits += _converted(pattern, node, piece)
            continue
        if piece.source and not piece.is_derived:
            _remove(data, piece.source)
            old = _existing(pattern, piece.source)
            if piece.source[:-1] == piece.route[:-1] and piece.is_same:
                edits.append(Replacement(old.key_span, str(piece.route[-1])))
                continue
            span = value_span(pattern, old)
            edits.append(Replacement(Span(line_start(pattern.source.text, span.start), span.end), ""))
        found = key_insertions(pattern, _new_key(piece))
        if found is None:
            message = f"`{format_route(piece.route)}` cannot be added to it"
            raise RefusedError(message)
        insertions += found
    removed = [edit.span for edit in edits]
    merged = [replace(edit, span=_outside(edit.span, removed)) for edit in merge_insertions(insertions)]
    text = apply_edits(pattern.source.text, [*edits, *merged])
    routes = frozenset(route for piece in used for route in (piece.route, piece.source) if route)
    return Migrated(text, data, tuple(used), routes)


def _new_key(piece: Piece) -> NewKey:
    inline = piece.lines[0] if len(piece.lines) == 1 else ""  # several lines do not fit in braces, and fail the proof
    return NewKey(piece.route, lambda indent: shifted(piece.lines, indent), inline)


def _outside(span: Span, removed: Sequence[Span]) -> Span:
    """Return the place of an insertion, moved out of removed lines."""
    inside = next((one for one in removed if one.start < span.start < one.end), None)
    return Span(inside.end, inside.end) if inside is not None and not len(span) else span


def _existing(pattern: Pattern, route: Route) -> Node:
    node = pattern.get(*route)
    if node is None:
        raise KeyError(route)
    return node


def _converted(pattern: Pattern, node: Node, piece: Piece) -> Iterator[Replacement]:
    """Yield the edits that give a value another form where it is."""
    text = pattern.source.text
    _, _, written = piece.lines[0].partition(": ")
    if node.children is None:
        yield Replacement(node.span, written)
    elif is_block_list(text, node):
        for item, value in zip(node.items, piece.value, strict=True):
            if item.value != value:
                yield Replacement(item.span, f"{value}  # {_in_words(item)}")
    else:
        message = f"`{format_route(piece.route)}` is in braces"
        raise RefusedError(message)


def _in_words(item: Node) -> str:
    """Return the mapping of an item as a comment: "name: Rosa Elm, role: author"."""
    return ", ".join(f"{key}: {' '.join(str(child.value).split())}" for key, child in item.keys.items())


# --- Front matter in a new order ------------------------------------------------------------------------------------


def _rebuilt(pattern: Pattern, table: Table, pieces: Sequence[Piece]) -> Migrated:
    """Return a file whose front matter has the keys of the new version in its order, and its groups."""
    data: dict[str, Any] = {}
    for piece in pieces:
        _set(data, piece.route, deepcopy(piece.value))
    spec = pattern.spec
    lines: list[str] = []
    tops = [group.keys for group in spec.groups]
    for group in spec.groups:
        here = [piece for piece in pieces if piece.route[0] in group.keys]
        if here and group.banner:
            lines += [*([""] if lines and group.blank_before == "always" else []), *banner_lines(group)]
        lines += _nested(here, 0)
    lines += _nested([piece for piece in pieces if not any(piece.route[0] in keys for keys in tops)], 0)
    lines += _comments_outside(pattern, pieces)
    source, front = pattern.source, pattern.front
    summary = next((str(piece.value) for piece in pieces if piece.route == (spec.summary,) and piece.is_draft), "")
    body = "\n" + migrated_body(pattern, spec, table.body, summary)
    eol = newline(pattern)
    head = source.text[: front.span.start] + join_lines(lines, eol)
    text = head + source.text[front.span.end : pattern.body.span.start] + body.replace("\n", eol)
    return Migrated(text, data, tuple(pieces), frozenset(piece.route for piece in pieces))


def _nested(pieces: Sequence[Piece], depth: int) -> Iterator[str]:
    """Yield the lines of keys with the same keys above them, down to `depth`."""
    for name, group in groupby(pieces, key=lambda piece: piece.route[depth]):
        some = list(group)
        if len(some[0].route) == depth + 1:
            yield from shifted(some[0].lines, INDENT * depth)
        else:
            yield f"{' ' * (INDENT * depth)}{name}:"
            yield from _nested(some, depth + 1)


def _comments_outside(pattern: Pattern, pieces: Sequence[Piece]) -> Iterator[str]:
    """Yield the comments that are in no copied text."""
    copied = [
        value_span(pattern, _existing(pattern, piece.source)) for piece in pieces if piece.source and piece.is_same
    ]
    for comment in pattern.comments:
        if not any(span.start <= comment.start < span.end for span in copied):
            yield pattern.source.slice(comment).rstrip()


# --- Data -----------------------------------------------------------------------------------------------------------


def _set(data: dict[str, Any], route: Route, value: Any) -> None:
    """Set the value at a route.

    Raises:
        RefusedError: if it would be below a value that is not a mapping.
    """
    *above, last = route
    for depth, step in enumerate(above, 1):
        data = data.setdefault(str(step), {})
        if not isinstance(data, dict):
            parent = format_route(route[:depth])
            message = f"`{format_route(route)}` cannot be added to it, because `{parent}` is not a mapping"
            raise RefusedError(message)
    data[str(last)] = value


def _remove(data: Any, route: Route) -> None:
    """Remove the key at a route.

    Raises:
        RefusedError: if it has left this place with another key.
    """
    *above, last = map(str, route)
    for step in above:
        data = data.get(step) if isinstance(data, dict) else None
    if not isinstance(data, dict) or last not in data:
        message = f"`{format_route(route)}` would move to two keys"
        raise RefusedError(message)
    del data[last]
