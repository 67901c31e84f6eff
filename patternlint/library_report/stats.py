"""The records of a library in numbers. What a key means is data of the specification, under `[card]` and `[stats]`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from msgspec import Struct

from patternlint.document.identifiers import creation_date
from patternlint.library.card import Card
from patternlint.library.entry import Entry
from patternlint.library.library import Library

AGES_IN_DAYS = (30, 90, 180, 365)
"""The greatest ages of the classes that drafts are counted in; older ones are a class of their own."""

_NO_CARD = Card()


class DraftStats(Struct, frozen=True):
    """Records that are not finished.

    Attributes:
        total: their number.
        ages: the number in each class of `AGES_IN_DAYS`, not counting younger classes.
        older: the number of those that are older than all classes.
        unknown: the number of those whose date of creation is unknown.
        oldest: the path of the oldest one; empty without one.
        oldest_created: when it was created, as in ISO 8601.
    """

    total: int = 0
    ages: Mapping[str, int] = {}
    older: int = 0
    unknown: int = 0
    oldest: str = ""
    oldest_created: str = ""


class LibraryStats(Struct, frozen=True):
    """A library in numbers. In each mapping, the greatest number is first, and an empty name stands for a missing value.

    Attributes:
        date: the day on which ages are counted, as in ISO 8601.
        patterns: the number of records.
        specs: the number for each version of a specification.
        statuses: the number for each status.
        domains: the number for each domain; of several domains of a record, the first counts.
        stages: the number for each stage, by the route of the stage.
        without_links: the number of records without relationships to others.
        not_linked: the number of those that no relationship of another record leads to.
        isolated: the number of those to which both applies.
        drafts: the records that are not finished.
    """

    date: str
    patterns: int
    specs: Mapping[str, int]
    statuses: Mapping[str, int]
    domains: Mapping[str, int]
    stages: Mapping[str, Mapping[str, int]]
    without_links: int
    not_linked: int
    isolated: int
    drafts: DraftStats


def library_stats(libraries: Iterable[Library], today: date) -> LibraryStats:
    """Return the numbers of the targets of some libraries, with ages on a day."""
    specs, statuses, domains = Counter[str](), Counter[str](), Counter[str]()
    stages: dict[str, Counter[str]] = {}
    drafts: dict[str, date | None] = {}
    without, unlinked, isolated = 0, 0, 0
    for library in libraries:
        targets = library.targets
        cards = library.load_cards(targets)
        linking, linked = _linking(library)
        for entry in targets:
            spec, card = library.spec_of(entry), cards.get(entry.path, _NO_CARD)
            specs[entry.spec] += 1
            if spec.card.status:
                statuses[card.status] += 1
            if spec.card.domain:
                domains[card.domain] += 1
            for route in spec.stats.stages:
                name = ".".join(route)
                stages.setdefault(name, Counter())[card.stages.get(name, "")] += 1
            if card.status in spec.stats.drafts:
                drafts[entry.path] = _created(card, entry)
            has_links, is_linked = entry.path in linking, entry.path in linked
            without += not has_links
            unlinked += not is_linked
            isolated += not has_links and not is_linked
    return LibraryStats(
        today.isoformat(),
        specs.total(),
        _sorted(specs),
        _sorted(statuses),
        _sorted(domains),
        {name: _sorted(counts) for name, counts in stages.items()},
        without,
        unlinked,
        isolated,
        _draft_stats(drafts, today),
    )


def _linking(library: Library) -> tuple[set[str], set[str]]:
    """Return the paths of the records with relationships, and of those that relationships of others lead to."""
    linking: set[str] = set()
    linked: set[str] = set()
    for entry in library.own_patterns:
        for target in {link.target for link in entry.links if link.is_curated}:
            linking.add(entry.path)
            found = library.resolve(target)
            if found is not None and found is not entry:
                linked.add(found.path)
    return linking, linked


def _created(card: Card, entry: Entry) -> date | None:
    """Return the day on which a record was created: that of the file, else that of its id; None if both are unknown."""
    try:
        return date.fromisoformat(card.created[:10])
    except ValueError:
        return creation_date(entry.id)


def _draft_stats(drafts: Mapping[str, date | None], today: date) -> DraftStats:
    known = {path: created for path, created in drafts.items() if created is not None}
    classes = Counter(_age_class((today - created).days) for created in known.values())
    oldest = min(known, key=lambda path: (known[path], path), default="")
    return DraftStats(
        len(drafts),
        {str(limit): classes[limit] for limit in AGES_IN_DAYS},
        classes[None],
        len(drafts) - len(known),
        oldest,
        known[oldest].isoformat() if oldest else "",
    )


def _age_class(days: int) -> int | None:
    return next((limit for limit in AGES_IN_DAYS if days <= limit), None)


def _sorted(counts: Counter[str]) -> Mapping[str, int]:
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


_SHOWN = 20
_NONE = "(none)"


def stats_lines(stats: LibraryStats, noun: tuple[str, str]) -> Iterator[str]:
    """Yield the lines of the text about a library; the names in them are those of its files, not yet escaped.

    Args:
        stats: the numbers.
        noun: the word for a record, and its plural.
    """
    one, many = noun
    yield f"{stats.patterns:,} {one if stats.patterns == 1 else many}"
    tables = {"specification": stats.specs, "status": stats.statuses, "domain": stats.domains, **stats.stages}
    for title, counts in tables.items():
        if counts:
            yield from ("", title)
            yield from _table(counts, stats.patterns)
    yield from ("", "relationships")
    links = {
        "without relationships": stats.without_links,
        "not linked by others": stats.not_linked,
        "neither": stats.isolated,
    }
    yield from _table(links, stats.patterns)
    drafts = stats.drafts
    if not drafts.total:
        return
    yield from ("", f"drafts by age on {stats.date}")
    ages = {f"up to {days} days": count for days, count in drafts.ages.items()}
    ages |= {f"over {AGES_IN_DAYS[-1]} days": drafts.older, "unknown": drafts.unknown}
    yield from _table(ages, drafts.total)
    if drafts.oldest:
        yield f"  oldest: {drafts.oldest} ({drafts.oldest_created})"


def _table(counts: Mapping[str, int], total: int) -> Iterator[str]:
    """Yield a line for each count with its share; those of many names after the first ones together."""
    rows = [(name or _NONE, count) for name, count in counts.items()]
    if len(rows) > _SHOWN + 1:
        rest = rows[_SHOWN:]
        rows = [*rows[:_SHOWN], (f"{len(rest):,} others", sum(count for _, count in rest))]
    width = max(len(name) for name, _ in rows)
    for name, count in rows:
        yield f"  {name:<{width}}  {count:>7,}  {count / total:>4.0%}"
