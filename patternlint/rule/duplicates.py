"""Diagnostics about an id, slug or title of several patterns, shared by three rules."""

from __future__ import annotations

from collections.abc import Iterator

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.library.index import DuplicateField
from patternlint.library.library import Library
from patternlint.rule.base import LibraryRule, label

_LABELS = 5


def duplicate_diagnostics(
    rule: LibraryRule, library: Library, field: DuplicateField, advice: str
) -> Iterator[Diagnostic]:
    """Yield a finding of `rule` for every target of `library` whose `field` another internal pattern has too."""
    for key, everyone in library.index.duplicates(field):
        entries = [entry for entry in everyone if entry.internal] if key else []
        if len(entries) < 2:  # noqa: PLR2004 - an entry and another one
            continue
        more = f" and {len(entries) - 2} more" if len(entries) > 2 else ""  # noqa: PLR2004 - as above
        for entry in filter(library.is_target, entries):
            others = [other for other in entries[: _LABELS + 1] if other is not entry][:_LABELS]
            value = entry.title if field == "title" else key
            yield rule.at(
                entry,
                entry.span(field),
                f"duplicate {field} `{value}`, also in `{others[0].path}`{more}",
                route=(field,),
                labels=tuple([label(other, other.span(field), f"the same {field}") for other in others]),
                help=advice,
            )
