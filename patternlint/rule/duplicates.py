"""Diagnostics about an id, slug or title of several patterns, shared by three rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.library.library import DuplicateField, Library
from patternlint.rule.base import LibraryRule, label
from patternlint.spec.model import HEADING, Spec

_LABELS = 5


def duplicate_diagnostics(
    rule: LibraryRule, library: Library, field: DuplicateField, advice: Callable[[Spec], str]
) -> Iterator[Diagnostic]:
    """Yield a finding of `rule` for every target of `library` whose `field` another internal pattern has too.

    Args:
        rule: the rule that reports them.
        library: the library.
        field: what must be unique.
        advice: returns the help for a pattern of a spec.
    """
    for key, everyone in library.duplicates(field):
        entries = [entry for entry in everyone if entry.internal]
        if len(entries) < 2:  # noqa: PLR2004 - an entry and another one
            continue
        more = f" and {len(entries) - 2} more" if len(entries) > 2 else ""  # noqa: PLR2004 - as above
        for entry in filter(library.is_target, entries):
            others = [other for other in entries[: _LABELS + 1] if other is not entry][:_LABELS]
            value = entry.title if field == "title" else key
            spec = library.spec_of(entry)
            word = field_word(spec, field)
            yield rule.at(
                entry,
                entry.span(field),
                f"duplicate {word} `{value}`, also in `{others[0].path}`{more}",
                route=field_route(spec, field),
                labels=tuple([label(other, other.span(field), f"the same {word}") for other in others]),
                help=advice(spec),
            )


def field_word(spec: Spec, field: DuplicateField) -> str:
    """Return the word for the id, the name or the title of a record: its key, if it has one."""
    return "".join(field_route(spec, field)) or ("title" if field == "title" else "name")


def field_route(spec: Spec, field: DuplicateField) -> tuple[str, ...]:
    """Return the route of the id, the name or the title of a record; empty for a file name or a heading."""
    key = {"id": spec.identity.id, "slug": spec.name_key, "title": spec.identity.title.strip(HEADING)}[field]
    return (key,) if key else ()
