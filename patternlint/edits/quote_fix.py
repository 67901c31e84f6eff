"""The fix that quotes a value for which the specification requires text."""

from __future__ import annotations

from patternlint.diagnostics.fix import DeclaredChange, Fix, Replacement, Safety
from patternlint.diagnostics.route import Route
from patternlint.document.node import Node
from patternlint.document.pattern import Pattern

_REVEALED = tuple(
    (  # noqa: SIM905 - shorter than a list of one name per line
        "alias-collision bad-node-id cycle dangling-target duplicate-id duplicate-slug duplicate-target "
        "duplicate-title hub-anchor hub-exists id-format invalid-enum invalid-value label-filler label-junk "
        "missing-inverse missing-reciprocal self-reference slug-filename slug-format summary-truncated "
        "tension-form tension-from-title type-conflict typeid-slug-mismatch"
    ).split()
)
"""Rules that check text and may report a finding once the value is text."""


def quote_fix(pattern: Pattern, route: Route, node: Node) -> Fix | None:
    """Return the safe fix that encloses a plain scalar in quotes, or None for any other value.

    The specification requires text at `route`, so the fix preserves the meaning.
    """
    written = pattern.source.slice(node.span)
    if node.style or node.value is None or node.children is not None or written.startswith(("&", "!", "*")):
        return None
    edit = Replacement(node.span, f'"{written}"')
    title = f"replace `{written}` with `{edit.text}`"
    if isinstance(node.value, str):
        return Fix(title, Safety.SAFE, (edit,))
    return Fix(title, Safety.SAFE, (edit,), (DeclaredChange(route),), _REVEALED)
