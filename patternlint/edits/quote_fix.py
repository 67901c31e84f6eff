"""The fix that puts a value in double quotes where a specification asks for text."""

from __future__ import annotations

from patternlint.diagnostics.fix import DeclaredChange, Fix, Replacement, Safety
from patternlint.diagnostics.route import Route
from patternlint.document.node import Node
from patternlint.document.pattern import Pattern

_REVEALED = (
    *(
        "alias-collision",
        "bad-node-id",
        "cycle",
        "dangling-target",
        "duplicate-id",
        "duplicate-slug",
        "duplicate-target",
    ),
    *("duplicate-title", "hub-anchor", "hub-exists", "id-format", "invalid-enum", "invalid-value", "label-filler"),
    *("label-junk", "missing-inverse", "missing-reciprocal", "self-reference", "slug-filename", "slug-format"),
    *("summary-truncated", "tension-form", "tension-from-title", "type-conflict", "typeid-slug-mismatch"),
)
"""Rules that check texts: a number in the place of a text hides what they would report."""


def quote_fix(pattern: Pattern, route: Route, node: Node) -> Fix | None:
    """Return the safe fix that quotes a plain scalar as it is written, or None where the value is not a plain one.

    Nothing is lost: the specification asks for text at `route`, and this is the text that stands there.
    """
    written = pattern.source.slice(node.span)
    if node.style or node.value is None or node.children is not None or written.startswith(("&", "!", "*")):
        return None
    edit = Replacement(node.span, f'"{written}"')
    title = f"replace `{written}` with `{edit.text}`"
    if isinstance(node.value, str):
        return Fix(title, Safety.SAFE, (edit,))
    return Fix(title, Safety.SAFE, (edit,), (DeclaredChange(route),), _REVEALED)
