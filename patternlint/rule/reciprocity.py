"""Diagnostics about relationships that the other side lacks, shared by two rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

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
    rule: LibraryRule, library: Library, owed: Callable[[Spec], Mapping[str, str]], ending: str = ""
) -> Iterator[Diagnostic]:
    """Yield a finding of `rule` for every relationship that the other pattern should return and does not.

    Args:
        rule: the rule that says so.
        library: the library.
        owed: for a spec, the relationship types that are to be returned, each with the type of the answer.
        ending: what the message ends with.
    """
    for found in find_missing_reciprocals(library, owed):
        entry, link, other = found.entry, found.link, found.other
        there = other.spans.get(found.type)
        yield rule.at(
            entry,
            link.span,
            f"`{other.name}` does not list `{entry.name}` under `{found.type}`{ending}",
            route=link_route(link, library.specs.by_version[entry.spec]),
            subject=link.target,
            labels=(label(other, Span(*there), "missing here"),) if there is not None else (),
            help=f"add `{entry.name}` there, or delete `{link.target}` here{_one_is_enough(found.also_listed_as)}",
            fix=found.fix,
        )


def _one_is_enough(beside: Sequence[str]) -> str:
    """Return why there are two findings about one pair, where there are."""
    if not beside:
        return ""
    kinds = join_and(backticked(beside))
    return (
        f"; it is listed here under {kinds} too, and one answer is enough for {'both' if len(beside) == 1 else 'all'}"
    )
