"""What a rule says: a finding with its places, its help and, where there is one, its fix."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from msgspec import Struct

from patternlint.severity import Severity
from patternlint.text import FIRST_LINE, Region, Span

Route = tuple[str | int, ...]
"""A path into front matter, such as `("relationships", "enables", 0, "slug")`, or `("section-3",)` in the body."""

BODY_ROUTE: Route = ("body",)


class Safety(StrEnum):
    """What a fix may do: `safe` keeps the meaning or derives the value by the specification."""

    SAFE = "safe"
    UNSAFE = "unsafe"


class Label(Struct, frozen=True, omit_defaults=True, gc=False):
    """A secondary place of a finding, maybe in another file. An empty `path` is the finding's own file."""

    message: str
    region: Region
    path: str = ""


class Replace(Struct, frozen=True, tag="replace", gc=False):
    """An edit: put `text` where `span` is. An empty `path` is the finding's own file."""

    span: Span
    text: str
    path: str = ""


class AddItem(Struct, frozen=True, tag="add-item", gc=False):
    """An edit: add a relationship to a list, in falling order of weight and in the style of that file.

    `route` names the list. `target` is what the item points to. An empty `path` is the finding's own file. `step` is the
    key that holds the target; empty for an item that is the target alone.
    """

    route: Route
    target: str
    weight: float | None
    path: str = ""
    step: str = "slug"


class AddKey(Struct, frozen=True, tag="add-key", gc=False):
    """An edit: add the key that `route` ends in, with the YAML flow text `value`, where the spec's order has it."""

    route: Route
    value: str
    path: str = ""


Edit = Replace | AddItem | AddKey


class Change(Struct, frozen=True, gc=False):
    """A place in a file's data, or in its body, that a fix says it changes. An empty `path` is the finding's file.

    `("body",)` is the text after the front matter. A list item that is added or taken out changes the list.
    """

    route: Route
    path: str = ""


ALL_RULES = "ALL"


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
    changes: tuple[Change, ...] = ()
    brings: tuple[str, ...] = ()
    new_slug: str = ""

    SAFE: ClassVar = Safety.SAFE
    UNSAFE: ClassVar = Safety.UNSAFE


class Diagnostic(Struct, frozen=True, omit_defaults=True):
    """One finding.

    Attributes:
        path: the file, as its `Source` names it.
        rule: the name of the rule.
        severity: how much it matters, after the config has spoken.
        message: short, lower-case, names the thing and does not say how to mend it.
        span: the exact characters that it is about.
        region: the same in lines and columns.
        route: the same as a path into the front matter or the body, stable while lines move.
        subject: what, of several things at one route, it is about (a slug, a phrase): tells two findings of
            one rule in one list apart when items move. Empty where the route says all.
        labels: other places that help to understand it.
        help: what to do, in one or two sentences.
        fix: the repair, or None.
    """

    path: str
    rule: str
    severity: Severity
    message: str
    span: Span = Span(0, 0)
    region: Region = FIRST_LINE
    route: Route = ()
    subject: str = ""
    labels: tuple[Label, ...] = ()
    help: str = ""
    fix: Fix | None = None


def sort_key(finding: Diagnostic) -> tuple[str, int, int, str, str]:
    """Return the key by which findings are sorted: path, span, rule, message."""
    return finding.path, finding.span.start, finding.span.end, finding.rule, finding.message


def route_text(route: Route) -> str:
    """Write a route as people read it: `relationships.enables[0].slug`."""
    parts: list[str] = []
    for step in route:
        if isinstance(step, int):
            parts.append(f"[{step}]")
        else:
            parts.append(f".{step}" if parts else step)
    return "".join(parts)
