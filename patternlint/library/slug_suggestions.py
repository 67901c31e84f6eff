"""Which slug a misspelt one was meant to be.

Real slips are one wrong word, seldom one wrong letter: `adverse-growth` for `adversarial-growth`. So words are compared
before letters. A library has tens of thousands of slugs and may have thousands of slips, so every comparison has an
index of its own, made when it pays: for a few slips it is quicker to go through all slugs.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from itertools import chain, islice, pairwise, takewhile
from typing import TypeVar

_PREFIX = "ce-"
_SMALL_WORDS = frozenset(("and", "of", "the", "a", "to", "in"))
_ANY = "*"
_LEADING = 3
"""So many leading letters two words, or two slugs, must have in common to be taken for each other."""
_EDITS = 2
_LETTERS_PER_EDIT = 3
"""In a shorter text an edit makes another word of it, not a slip."""

_CROWD = 1_000
"""Of more slugs than this that are alike nobody can say which was meant, and to compare each would take its time."""

_PAYS = 7
"""From so many slips on an index costs less than going through all slugs for each."""

_PIECES_PAY = 2
"""The same for an index of pieces, which are looked for one by one."""

_Key = TypeVar("_Key")

_Place = tuple[int, int]
"""Where a piece of a text starts and ends."""

_PieceIndex = tuple[Mapping[str, Sequence[str]], Sequence[_Place]]
"""Slugs by a piece of theirs, and where in the text that is looked for this piece may be."""


class SlugSuggester:
    """The slugs of a library, arranged to find the one that was meant."""

    def __init__(self, slugs: Iterable[str]) -> None:
        """Take the slugs in any order."""
        self._known = frozenset(slugs)
        self._asked = 0
        self._meant: dict[str, str | None] = {}
        self._few: dict[str, tuple[str, ...]] = {}
        self._pieces: dict[tuple[int, _Place], Mapping[str, Sequence[str]]] = {}
        self._shelves_of: dict[int, Sequence[_PieceIndex]] = {}

    def nearest(self, target: str, without: str = "") -> str | None:
        """Return the slug that `target` was most likely meant to be, or None when none is near.

        The first of these that there is; of several the nearest, of these the alphabetically first: the prefix `ce-`
        added or dropped; the same words, small ones like "of" and the order apart; the same words but one, which begins
        alike; at most two letters added, dropped or changed; one of the two the beginning of the other. Where more than
        a thousand come into question at one of these, none does.

        Args:
            target: what is written.
            without: a slug that it cannot have meant: that of the pattern that it stands in.
        """
        if target not in self._meant:  # a library has the same slip again and again
            self._meant[target] = self._first(target, "")
        meant = self._meant[target]
        return meant if meant is None or meant != without else self._first(target, without)

    def _first(self, target: str, without: str) -> str | None:
        self._asked += 1
        for step in (
            self._other_prefix,
            self._same_words,
            self._one_word_differs,
            self.within_edit_distance,
            self._beginning,
        ):
            for slug in step(target):
                if slug not in (target, without):
                    return slug
        return None

    def within_edit_distance(self, target: str) -> Sequence[str]:
        """Return the slugs that are at most two letters added, dropped or changed away, the nearest first."""
        if target not in self._few:
            self._few[target] = tuple(self._with_few_edits(target))
        return self._few[target]

    def _with_few_edits(self, target: str) -> Iterator[str]:
        """Yield what `few_edits` returns.

        Of three pieces of a slug two such edits leave one as it is, with no more edits before it than there are pieces
        before it, and no more behind it than there are behind it: only slugs with such a piece so near to its place are
        compared (the "Pass-Join" of Li, Deng, Wang and Feng, 2011, with its windows that know of several matches).
        """
        from rapidfuzz.distance.Levenshtein import distance  # noqa: PLC0415 - needed only when something is wrong

        self._asked += 1
        edits = min(_EDITS, len(target) // _LETTERS_PER_EDIT)
        if self._asked > _PIECES_PAY:
            shelves = self._shelves(len(target), edits)
        else:
            shelves = [
                (self._with_pieces(length, place, {target[start:end] for start, end in windows}), windows)
                for length, place, windows in _windows(len(target), edits)
            ]
        groups = [
            shelf[piece]
            for shelf, windows in shelves
            for start, end in windows
            if (piece := target[start:end]) in shelf
        ]
        if not groups or _too_many(groups):
            return
        near = set(chain.from_iterable(groups))
        for _, slug in sorted(
            (away, slug) for slug in near if (away := distance(target, slug, score_cutoff=edits)) <= edits
        ):
            yield slug

    def _other_prefix(self, target: str) -> Iterator[str]:
        other = target[len(_PREFIX) :] if target.startswith(_PREFIX) else _PREFIX + target
        if other in self._known:
            yield other

    def _same_words(self, target: str) -> Iterator[str]:
        key = _words_key(target)
        if key and self._asked > _PAYS:
            yield from self._found(self._by_words, key, lambda slug: _words_key(slug) == key)
        elif key:
            longest = max(key.split("-"), key=len)
            yield from sorted(slug for slug in self._known if longest in slug and _words_key(slug) == key)

    def _one_word_differs(self, target: str) -> Iterator[str]:
        words = target.split("-")
        wanted = list(_all_but_one(target))
        known = self._with_all_but_one(wanted) if self._asked > _PAYS or _ANY in target else self._alike(words, wanted)
        groups = [(index, known.get(key, ())) for index, key in wanted]
        if _too_many(group for _, group in groups):
            return
        found = [
            (-_leading_letters(words[index], slug.split("-")[index]), slug) for index, group in groups for slug in group
        ]
        for _, slug in sorted(found):
            yield slug

    def _with_all_but_one(self, wanted: Iterable[tuple[int, str]]) -> Mapping[str, Sequence[str]]:
        """Return the slugs with each of the wanted keys."""

        def having(key: str) -> Sequence[str]:
            return self._found(self._by_all_but_one, key, lambda slug: any(key == one for _, one in _all_but_one(slug)))

        return {key: having(key) for _, key in wanted}

    def _alike(self, words: Sequence[str], wanted: Iterable[tuple[int, str]]) -> Mapping[str, Sequence[str]]:
        """Return the same as `_with_all_but_one`, without an index; they have one of the two longest words, so few are compared."""
        if len(words) < 2:  # noqa: PLR2004 - one word has no others
            return {}
        *_, second, longest = sorted(words, key=len)
        keys = {key for _, key in wanted}
        near = [slug for slug in self._known if longest in slug or second in slug]
        return _group((key, slug) for slug in near for _, key in _all_but_one(slug) if key in keys)

    def _beginning(self, target: str) -> Iterator[str]:
        if len(target) < _LEADING:
            return
        if self._asked > _PAYS:
            first = bisect_left(self._slugs, target)
            behind = map(self._slugs.__getitem__, range(first, min(first + _CROWD + 1, len(self._slugs))))
            longer = list(takewhile(lambda slug: slug.startswith(target), behind))
        else:
            longer = [slug for slug in self._known if slug.startswith(target)]
        if len(longer) > _CROWD:
            return
        shorter = self._known.intersection(target[:end] for end in range(_LEADING, len(target)))
        yield from sorted((*longer, *shorter), key=lambda slug: (abs(len(slug) - len(target)), slug))

    @cached_property
    def _slugs(self) -> Sequence[str]:
        return sorted(self._known)

    @cached_property
    def _by_words(self) -> _Index:
        return _Index((_words_key(slug), place) for place, slug in enumerate(self._slugs))

    @cached_property
    def _by_all_but_one(self) -> _Index:
        return _Index((key, place) for place, slug in enumerate(self._slugs) for _, key in _all_but_one(slug))

    def _found(self, index: _Index, key: str, has: Callable[[str], bool]) -> Sequence[str]:
        """Return the slugs that an index has under a key, in their order; of a crowd not all."""
        places = index.places(key)
        return list(islice((slug for place in places if has(slug := self._slugs[place])), _CROWD + 1))

    @cached_property
    def _by_length(self) -> Mapping[int, Sequence[str]]:
        return _group((len(slug), slug) for slug in self._known)

    def _with_pieces(self, length: int, place: _Place, pieces: Collection[str]) -> Mapping[str, Sequence[str]]:
        """Return the slugs of a length that have one of some pieces in one place, by this piece."""
        start, end = place
        return _group((piece, slug) for slug in self._by_length.get(length, ()) if (piece := slug[start:end]) in pieces)

    def _by_piece(self, length: int, place: _Place) -> Mapping[str, Sequence[str]]:
        """Return the slugs of a length by the piece that is in one place."""
        found = self._pieces.get((length, place))
        if found is None:
            start, end = place
            slugs = self._by_length.get(length, ())
            found = self._pieces[length, place] = _group((slug[start:end], slug) for slug in slugs)
        return found

    def _shelves(self, length: int, edits: int) -> Sequence[_PieceIndex]:
        """Return where to look for what is near to a text of some length."""
        found = self._shelves_of.get(length)
        if found is None:
            found = [(self._by_piece(long, place), windows) for long, place, windows in _windows(length, edits)]
            self._shelves_of[length] = found
        return found


class _Index:
    """Places by the hashes of keys: a twentieth of a dict's size. What is found under a key may belong to another."""

    def __init__(self, pairs: Iterable[tuple[str, int]]) -> None:
        self._hashes = array("Q", sorted([_hash(key) | place for key, place in pairs]))

    def places(self, key: str) -> Iterator[int]:
        """Yield the places of a key in rising order, and maybe others."""
        first = _hash(key)
        for at in range(bisect_left(self._hashes, first), len(self._hashes)):
            place = self._hashes[at] - first
            if place >> _PLACE:
                return
            yield place


_PLACE = 32
"""Bits of a place, below the hash."""


def _hash(key: str) -> int:
    return (hash(key) & 0xFFFF_FFFF) << _PLACE


def _too_many(groups: Iterable[Sequence[str]]) -> bool:
    return sum(map(len, groups)) > _CROWD


def _words_key(slug: str) -> str:
    """Return the words of a slug in alphabetical order, without the small ones."""
    return "-".join(sorted([word for word in slug.split("-") if word not in _SMALL_WORDS]))


def _leading_letters(one: str, other: str) -> int:
    """Return how many leading letters two words have in common."""
    return next(
        (count for count, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def _all_but_one(slug: str) -> Iterator[tuple[int, str]]:
    """Yield the slug with nothing but the first letters of one of its words, for each in turn, and which one it is.

    Nothing for a single word, of which too little would be left, and for words that are too short.
    """
    if "-" in slug:
        start = 0
        for index, word in enumerate(slug.split("-")):
            end = start + len(word)
            if end - start >= _LEADING:
                yield index, f"{slug[: start + _LEADING]}{_ANY}{slug[end:]}"
            start = end + 1


@cache
def _windows(length: int, edits: int) -> tuple[tuple[int, _Place, tuple[_Place, ...]], ...]:
    """Return where a text of some length may have a piece of a slug that is so many edits away.

    Each with the length of the slug, and the place of the piece in that.
    """
    return tuple(
        (length - longer, (start, end), tuple((start + by, end + by) for by in shifts if start + by >= 0))
        for longer in range(-edits, edits + 1)
        for before, (start, end) in enumerate(_pieces(length - longer))
        if (shifts := range(max(-before, longer - _EDITS + before), min(before, longer + _EDITS - before) + 1))
    )


def _pieces(length: int) -> Iterator[_Place]:
    """Yield where three pieces of a text of this length start and end, as equal as can be."""
    bounds = [length * part // (_EDITS + 1) for part in range(_EDITS + 2)]
    return pairwise(bounds)


def _group(pairs: Iterable[tuple[_Key, str]]) -> Mapping[_Key, Sequence[str]]:
    found: defaultdict[_Key, list[str]] = defaultdict(list)
    for key, slug in pairs:
        found[key].append(slug)
    return found
