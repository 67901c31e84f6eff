"""Which slug a misspelt one was meant to be.

Real slips are one wrong word, seldom one wrong letter: `adverse-growth` for `adversarial-growth`. So words are compared
before letters. A library has tens of thousands of slugs and may have thousands of slips, so every comparison has an
index of its own, made when it is first needed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice, takewhile
from typing import TypeVar

_PREFIX = "ce-"
_SMALL_WORDS = frozenset(("and", "of", "the", "a", "to", "in"))
_ANY_WORD = "*"
_LEADING = 3
"""So many leading letters two words, or two slugs, must have in common to be taken for each other."""
_EDITS = 2
_LETTERS_PER_EDIT = 3
"""In a shorter text an edit makes another word of it, not a slip."""

_Key = TypeVar("_Key")


class Suggestions:
    """The slugs of a library, arranged to find the one that was meant."""

    def __init__(self, slugs: Iterable[str]) -> None:
        """Take the slugs in any order."""
        self._known = frozenset(slugs)
        self._slugs = sorted(self._known)

    def nearest(self, target: str, without: str = "") -> str | None:
        """Return the slug that `target` was most likely meant to be, or None when none is near.

        The first of these that there is; of several the nearest, of these the alphabetically first: the prefix `ce-`
        added or dropped; the same words, small ones like "of" and the order apart; the same words but one, which begins
        alike; at most two letters added, dropped or changed; one of the two the beginning of the other.

        Args:
            target: what is written.
            without: a slug that it cannot have meant: that of the pattern that it stands in.
        """
        for step in (self._other_prefix, self._same_words, self._one_word_differs, self.few_edits, self._beginning):
            for slug in step(target):
                if slug not in (target, without):
                    return slug
        return None

    def few_edits(self, target: str) -> Iterator[str]:
        """Yield the slugs that are at most two letters added, dropped or changed away, the nearest first."""
        from rapidfuzz import process  # noqa: PLC0415 - needed only when something is wrong
        from rapidfuzz.distance import Levenshtein  # noqa: PLC0415

        edits = min(_EDITS, len(target) // _LETTERS_PER_EDIT)
        lengths = range(len(target) - edits, len(target) + edits + 1)
        found = [
            (distance, slug)
            for length in lengths
            for slug, distance, _ in process.extract(
                target, self._by_length.get(length, ()), scorer=Levenshtein.distance, score_cutoff=edits, limit=None
            )
        ]
        for _, slug in sorted(found):
            yield slug

    def _other_prefix(self, target: str) -> Iterator[str]:
        other = target[len(_PREFIX) :] if target.startswith(_PREFIX) else _PREFIX + target
        if other in self._known:
            yield other

    def _same_words(self, target: str) -> Iterator[str]:
        key = _words_key(target)
        if key:
            yield from self._by_words.get(key, ())

    def _one_word_differs(self, target: str) -> Iterator[str]:
        found: list[tuple[int, str]] = []
        words = target.split("-")
        for index, key in enumerate(_masked(words)):
            for slug in self._by_all_but_one.get(key, ()):
                alike = _leading_letters(words[index], slug.split("-")[index])
                if alike >= _LEADING:
                    found.append((-alike, slug))
        for _, slug in sorted(found):
            yield slug

    def _beginning(self, target: str) -> Iterator[str]:
        if len(target) < _LEADING:
            return
        first = bisect_left(self._slugs, target)
        longer = takewhile(lambda slug: slug.startswith(target), islice(self._slugs, first, None))
        shorter = self._known.intersection(target[:end] for end in range(_LEADING, len(target)))
        yield from sorted((*longer, *shorter), key=lambda slug: (abs(len(slug) - len(target)), slug))

    @cached_property
    def _by_words(self) -> Mapping[str, Sequence[str]]:
        return _group((_words_key(slug), slug) for slug in self._slugs)

    @cached_property
    def _by_all_but_one(self) -> Mapping[str, Sequence[str]]:
        return _group((key, slug) for slug in self._slugs for key in _masked(slug.split("-")))

    @cached_property
    def _by_length(self) -> Mapping[int, Sequence[str]]:
        return _group((len(slug), slug) for slug in self._slugs)


def _words_key(slug: str) -> str:
    """Return the words of a slug in alphabetical order, without the small ones."""
    return "-".join(sorted(word for word in slug.split("-") if word not in _SMALL_WORDS))


def _leading_letters(one: str, other: str) -> int:
    """Return how many leading letters two words have in common."""
    return next(
        (count for count, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def _masked(words: Sequence[str]) -> Iterator[str]:
    """Yield the words with each of them left open in turn; nothing for a single word, of which nothing would be left."""
    if len(words) > 1:
        for index in range(len(words)):
            yield "-".join((*words[:index], _ANY_WORD, *words[index + 1 :]))


def _group(pairs: Iterable[tuple[_Key, str]]) -> Mapping[_Key, Sequence[str]]:
    found: defaultdict[_Key, list[str]] = defaultdict(list)
    for key, slug in pairs:
        found[key].append(slug)
    return found
