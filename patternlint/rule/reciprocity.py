"""Diagnostics about relationships without a link back, shared by two rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.document.links import link_route
from patternlint.library.library import Library
from patternlint.library.reciprocity import find_missing_reciprocals
from patternlint.messages.phrases import (
    backticked,
    join_and,
)
from patternlint.rule.base import LibraryRule, label
from patternlint.source import Span
from patternlint.spec.model import Spec


def missing_reciprocal_diagnostics(
    rule: LibraryRule, library: Library, expected: Callable[[Spec], Mapping[str, str]]
) -> Iterator[Diagnostic]:
    """Yield a finding of `rule` for each relationship that the other pattern should link back and does not.

    Args:
        rule: the rule that reports them.
        library: the library.
        expected: returns the relationship types of a spec that need a link back, each with the type of that link.
    """
    for missing in find_missing_reciprocals(library, expected):
        entry, link, other = missing.entry, missing.link, missing.other
        span = other.spans.get(missing.type)
        advice = f"add `{entry.name}` to `{missing.type}` of `{other.name}`, or delete `{link.target}` here"
        if missing.also_listed_as:
            advice += f"; one link back is enough, also for {join_and(backticked(missing.also_listed_as))}"
        yield rule.at(
            entry,
            link.span,
            f"`{other.name}` does not link back to `{entry.name}` under `{missing.type}`",
            route=link_route(link, library.specs.by_version[entry.spec]),
            subject=link.target,
            labels=(label(other, Span(*span), "missing here"),) if span is not None else (),
            help=advice,
            fix=missing.fix,
        )
