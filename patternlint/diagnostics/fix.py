"""Fixes: text edits with a title, a safety and the changes of data that they declare."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from msgspec import Struct

from patternlint.diagnostics.route import BODY_ROUTE, Route
from patternlint.source import Span


class Safety(StrEnum):
    """Whether a fix preserves the meaning, or derives the value from the specification (`safe`), or not (`unsafe`)."""

    SAFE = "safe"
    UNSAFE = "unsafe"


class Replacement(Struct, frozen=True, tag="replace", gc=False):
    """An edit: replace `span` with `text`. An empty `path` is the finding's own file."""

    span: Span
    text: str
    path: str = ""


class InsertItem(Struct, frozen=True, tag="add-item", gc=False):
    """An edit: insert a relationship into a list, in descending order of weight and in the style of the file.

    Attributes:
        route: the route of the list.
        target: the target of the relationship.
        weight: its weight, or None.
        path: the file; empty for the finding's own file.
        step: the key of the target in the item; empty for an item that is a bare target.
    """

    route: Route
    target: str
    weight: float | None
    path: str = ""
    step: str = "slug"


class InsertKey(Struct, frozen=True, tag="add-key", gc=False):
    """An edit: insert the key at `route` in the order of the spec, with the value `value` in YAML's flow style."""

    route: Route
    value: str
    path: str = ""


Edit = Replacement | InsertItem | InsertKey


class DeclaredChange(Struct, frozen=True, gc=False):
    """A route that a fix changes. An empty `path` is the finding's own file.

    `BODY_ROUTE` is the text after the front matter. Inserting or removing a list item changes the list.
    """

    route: Route
    path: str = ""


CHANGES_BODY = (DeclaredChange(BODY_ROUTE),)
"""The declaration of a fix that changes the body of its own file."""


class Fix(Struct, frozen=True):
    """A fix.

    Attributes:
        title: the complete change in the imperative: "replace `x` with `y`".
        safety: whether it preserves the meaning.
        edits: its edits.
        declared_changes: every route whose data it changes; empty for a fix of the layout.
        may_reveal: the rules that may report new findings because of it, such as a cycle that an invalid target hid;
            `ALL_RULES` if it makes a file readable.
        new_slug: the new slug of the pattern and of all references to it in the library; `edits` then contain the edit of
            the slug alone.
    """

    title: str
    safety: Safety
    edits: tuple[Edit, ...]
    declared_changes: tuple[DeclaredChange, ...] = ()
    may_reveal: tuple[str, ...] = ()
    new_slug: str = ""

    SAFE: ClassVar = Safety.SAFE
    UNSAFE: ClassVar = Safety.UNSAFE
