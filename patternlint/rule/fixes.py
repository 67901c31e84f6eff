"""Fixes that several rules offer: replace a scalar, delete items of a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from patternlint.diagnostics.fix import DeclaredChange, Fix, Replacement, Safety
from patternlint.diagnostics.route import Route
from patternlint.document.pattern import Pattern
from patternlint.edits.list_items import remove_items
from patternlint.edits.scalars import can_be_plain
from patternlint.source import Span


def replace_value(span: Span, old: str, new: str, route: Route, safety: Safety = Safety.SAFE) -> Fix:
    """Return the fix that writes the YAML scalar `new` in place of `old`, which stands at `span`.

    Args:
        span: the characters of `old`, with its quotes.
        old: the text to replace, as the title of the fix shows it.
        new: the text to write, with its quotes.
        route: the value that changes.
        safety: how safe the fix is.
    """
    return Fix(f"replace `{old}` with `{new}`", safety, (Replacement(span, new),), (DeclaredChange(route),))


def replace_word(span: Span, old: str, new: str, route: Route, safety: Safety) -> Fix | None:
    """Return the fix that writes the text `new` in place of `old`, between its quotes if it has some; None if it needs quotes."""
    return replace_value(span, old, new, route, safety) if can_be_plain(new) else None


def delete_items(
    pattern: Pattern, route: Route, indices: Sequence[int], title: str, safety: Safety = Safety.SAFE
) -> Mapping[int, Fix]:
    """Return the one fix that deletes items of a list, by the index of each item whose diagnostic offers it.

    Args:
        pattern: the pattern.
        route: the list.
        indices: the items to delete, in order; those that no edit can delete have no fix.
        title: what the fix does.
        safety: how safe it is.
    """
    edits = remove_items(pattern.source, pattern.get(*route), indices)
    return {index: Fix(title, safety, (edit,), (DeclaredChange(route),)) for index, edit in edits.items()}
