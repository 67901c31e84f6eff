"""Fixes: text edits with a title, a safety and the changes of data that they declare."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from msgspec import Struct

from patternlint.diagnostics.route import BODY_ROUTE, Route
from patternlint.source import Span


class Safety(StrEnum):
    """What a fix may do: `safe` keeps the meaning or derives the value by the specification."""

    SAFE = "safe"
    UNSAFE = "unsafe"


class Replacement(Struct, frozen=True, tag="replace", gc=False):
    """An edit: put `text` where `span` is. An empty `path` is the finding's own file."""

    span: Span
    text: str
    path: str = ""


class InsertItem(Struct, frozen=True, tag="add-item", gc=False):
    """An edit: add a relationship to a list, in falling order of weight and in the style of that file.

    `route` names the list. `target` is what the item points to. An empty `path` is the finding's own file. `step` is the
    key that holds the target; empty for an item that is the target alone.
    """

    route: Route
    target: str
    weight: float | None
    path: str = ""
    step: str = "slug"


class InsertKey(Struct, frozen=True, tag="add-key", gc=False):
    """An edit: add the key that `route` ends in, with the YAML flow text `value`, where the spec's order has it."""

    route: Route
    value: str
    path: str = ""


Edit = Replacement | InsertItem | InsertKey


class DeclaredChange(Struct, frozen=True, gc=False):
    """A place in a file's data, or in its body, that a fix says it changes. An empty `path` is the finding's file.

    `("body",)` is the text after the front matter. A list item that is added or taken out changes the list.
    """

    route: Route
    path: str = ""


CHANGES_BODY = (DeclaredChange(BODY_ROUTE),)
"""The declaration of a fix that changes the body of its own file."""


class Fix(Struct, frozen=True):
    """A repair: what it does (`title`, an order: "write 3.5"), how safe it is, and its edits.

    `changes` declares every place whose data becomes another; empty for a fix that moves only layout. `brings` names the
    rules that may find something new because of it: it writes what is right, and more comes to light, such as a circle
    that a wrong target hid; `ALL_RULES` where it makes a file readable. `new_slug` is a slug that the pattern gets together with all references to it, in every file
    of the library; `edits` then hold the edit of the slug alone.
    """

    title: str
    safety: Safety
    edits: tuple[Edit, ...]
    declared_changes: tuple[DeclaredChange, ...] = ()
    may_reveal: tuple[str, ...] = ()
    new_slug: str = ""

    SAFE: ClassVar = Safety.SAFE
    UNSAFE: ClassVar = Safety.UNSAFE
