"""The shape of a library: where its links go and how its scores are spread. Numbers only, no wording."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import Struct

from patternlint.library.card import Card
from patternlint.library.entry import Entry
from patternlint.library.library import Library

PARTS = 26
"""The number of equal parts, at most, that the slugs in alphabetical order are divided into."""


def links_by_slug(library: Library) -> Counter[str]:
    """Return the number of curated links to each slug, by those that name it: ids all begin with the same letter."""
    return Counter(
        link.target
        for entry in library.own_patterns
        for link in entry.links
        if link.is_curated and not library.specs.is_known_prefix(link.target)
    )


def links_by_name(library: Library) -> Counter[str]:
    """Return the number of curated links to each pattern, by its name, and to each name that does not exist."""
    names: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for entry in library.own_patterns:
        for link in entry.links:
            if link.is_curated:
                target = link.target
                if target not in names:
                    found = library.resolve(target)
                    names[target] = found.name if found is not None else target
                counts[names[target]] += 1
    return counts


def untargeted(library: Library) -> int:
    """Return the number of patterns that no other pattern links to."""
    linked: set[str] = set()
    for entry in library.own_patterns:
        for target in {link.target for link in entry.links if link.is_curated}:
            found = library.resolve(target)
            if found is not None and found is not entry:
                linked.add(found.path)
    return sum(entry.path not in linked for entry in library.own_patterns)


class DomainLinks(Struct, frozen=True):
    """The links of the patterns of a domain: to patterns of the same domain, and to all patterns with one."""

    domain: str
    patterns: int
    inside: int
    total: int


def links_by_domain(library: Library, cards: Mapping[str, Card]) -> Sequence[DomainLinks]:
    """Return the links of each domain, sorted by its name."""

    def domain(entry: Entry) -> str:
        card = cards.get(entry.path)
        return card.domain if card is not None else ""

    patterns: Counter[str] = Counter()
    inside: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for entry in library.own_patterns:
        own = domain(entry)
        patterns[own] += 1
        for link in entry.links if own else ():
            found = library.resolve(link.target) if link.is_curated else None
            other = domain(found) if found is not None and found is not entry else ""
            if other:
                total[own] += 1
                inside[own] += other == own
    return [DomainLinks(name, count, inside[name], total[name]) for name, count in sorted(patterns.items()) if name]


class AlphabetShape(Struct, frozen=True):
    """Links by slug and the patterns, by first letter and along the alphabet.

    Attributes:
        letters: each first letter with the number of links and of patterns, sorted.
        parts: the number of links to each of some equal parts of the slugs in alphabetical order.
        firsts: the first slug of each part.
    """

    letters: tuple[tuple[str, int, int], ...] = ()
    parts: tuple[int, ...] = ()
    firsts: tuple[str, ...] = ()

    @property
    def links(self) -> int:
        """The number of links."""
        return sum(links for _, links, _ in self.letters)

    @property
    def patterns(self) -> int:
        """The number of patterns."""
        return sum(patterns for _, _, patterns in self.letters)


def alphabet_shape(slugs: Iterable[str], targets: Mapping[str, int]) -> AlphabetShape:
    """Return how links are spread over the alphabet.

    Args:
        slugs: the slugs of all patterns.
        targets: the number of links to each slug, also of patterns that do not exist.
    """
    ordered = sorted(filter(None, slugs))
    patterns = Counter(slug[0] for slug in ordered)
    links: Counter[str] = Counter()
    for target, count in targets.items():
        links[target[:1]] += count
    letters = tuple((letter, links[letter], patterns[letter]) for letter in sorted({*links, *patterns} - {""}))
    size = min(PARTS, len(ordered))
    parts, firsts = [0] * size, [""] * size
    for place, slug in enumerate(ordered):
        part = place * size // len(ordered)
        parts[part] += targets.get(slug, 0)
        firsts[part] = firsts[part] or slug
    return AlphabetShape(letters, tuple(parts), tuple(firsts))


class ConcentrationShape(Struct, frozen=True):
    """How many links the most linked names take.

    Attributes:
        counts: the number of links to each name, in descending order.
        untargeted: the number of patterns that no other pattern links to.
        patterns: the number of patterns.
    """

    counts: tuple[int, ...] = ()
    untargeted: int = 0
    patterns: int = 0

    @property
    def links(self) -> int:
        """The number of links."""
        return sum(self.counts)

    def share_of(self, top: int) -> float:
        """Return the share of all links that lead to the `top` most linked names."""
        return sum(self.counts[:top]) / self.links if self.counts else 0.0


class ScoreShape(Struct, frozen=True):
    """How scores are spread.

    Attributes:
        dimensions: the names of the scores.
        sets: each set of scores with the number of patterns that have it, the most frequent first.
        values: for each dimension, its values with their numbers, sorted.
        overall: the overall scores, rounded to tenths, with their numbers, sorted.
    """

    dimensions: tuple[str, ...] = ()
    sets: tuple[tuple[tuple[float, ...], int], ...] = ()
    values: tuple[tuple[tuple[float, int], ...], ...] = ()
    overall: tuple[tuple[float, int], ...] = ()

    @property
    def patterns(self) -> int:
        """The number of patterns with all scores."""
        return sum(count for _, count in self.sets)


def score_shape(scores: Iterable[Mapping[str, float]], overall: Iterable[float | None] = ()) -> ScoreShape:
    """Return how scores are spread in the patterns that have all of them.

    Args:
        scores: the scores of each pattern by dimension, in the order of the specification.
        overall: the overall scores.
    """
    found = [one for one in scores if one]
    dimensions = tuple(dict.fromkeys(name for one in found for name in one))
    complete = [tuple(map(float, one.values())) for one in found if tuple(one) == dimensions]
    sets = sorted(Counter(complete).items(), key=lambda pair: (-pair[1], pair[0]))
    values = tuple(tuple(sorted(Counter(column).items())) for column in zip(*complete, strict=True))
    rounded = Counter(round(one, 1) for one in overall if one is not None)
    return ScoreShape(dimensions, tuple(sets), values, tuple(sorted(rounded.items())))


class SharedText(Struct, frozen=True):
    """A text that several patterns have: the text or its digest, their number, and the path of the first."""

    text: str
    count: int
    path: str


def shared_reasoning(cards: Mapping[str, Card]) -> tuple[Sequence[SharedText], int]:
    """Return the digests of the reasons for scores that several patterns share, and the number of patterns with reasons."""
    digests = {path: (card.reasoning.hex(),) for path, card in cards.items() if card.reasoning}
    return _shared(digests), len(digests)


def title_templates(titles: Mapping[str, str], cards: Mapping[str, Card]) -> tuple[Sequence[SharedText], int]:
    """Return the labels of several patterns that are the title and the same words, and the number of patterns with labels.

    Args:
        titles: the title of each pattern, by path.
        cards: the cards, by path.
    """
    labeled = {path: card.labels.values() for path, card in cards.items() if card.labels}
    return _shared({path: _templates(titles.get(path, ""), labels) for path, labels in labeled.items()}), len(labeled)


def _templates(title: str, labels: Iterable[str]) -> set[str]:
    """Return the labels that contain a title and more, with "…" in its place."""
    if not title:
        return set()
    words = re.compile(rf"(?<!\w){re.escape(title)}(?!\w)", re.IGNORECASE)
    templates = {words.sub("…", " ".join(label.split())) for label in labels}
    return {template for template in templates if "…" in template and template != "…"}


def _shared(texts: Mapping[str, Collection[str]]) -> Sequence[SharedText]:
    """Return the texts that several files have, the most frequent first."""
    paths: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted(texts):
        for text in texts[path]:
            paths[text].append(path)
    shared = [SharedText(text, len(found), found[0]) for text, found in paths.items() if len(found) > 1]
    return sorted(shared, key=lambda one: (-one.count, one.text))


def shares(counts: Mapping[str, int]) -> Sequence[tuple[str, int]]:
    """Return counts in descending order, equal ones by name."""
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
