"""Suggest an existing slug for an unknown one.

Most mistakes are one wrong word, few are one wrong letter: `adverse-growth` for `adversarial-growth`. So words are
compared before letters. A library has tens of thousands of slugs and may have thousands of unknown ones, so every
comparison has an index, which is built when it pays: for a few lookups it is faster to scan all slugs.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from functools import cache, cached_property
from itertools import chain, islice, pairwise, takewhile
from typing import TypeVar

_PREFIX = "ce-"
_SMALL_WORDS = frozenset(("and", "of", "the", "a", "to", "in"))
_ANY = "*"
_MIN_PREFIX = 3  # letters that two similar words or slugs have in common
_MAX_EDITS = 2
_LETTERS_PER_EDIT = 3  # in a shorter text, an edit makes another word
_MAX_CANDIDATES = 1_000  # among more, none is the obvious one, and comparing them is slow
_INDEX_PAYS = 7  # lookups from which an index is faster than scanning all slugs
_PIECE_INDEX_PAYS = 2  # the same for an index of pieces

_Key = TypeVar("_Key")

_Piece = tuple[int, int]
"""The start and end of a piece of a text."""

_PieceIndex = tuple[Mapping[str, Sequence[str]], Sequence[_Piece]]
"""Slugs by the text of a piece, and where this piece may be in the target."""


class SlugSuggester:
    """Finds the slug that an unknown one was meant to be.

    Args:
        slugs: the existing slugs, in any order.
    """

    def __init__(self, slugs: Iterable[str]) -> None:
        self._below = _SlugIndex(frozenset(slugs))
        self._change(frozenset(), frozenset())

    def _change(self, added: frozenset[str], removed: frozenset[str]) -> None:
        self._above = _SlugIndex(added)
        self._removed = removed
        self._nearest: dict[str, str | None] = {}
        self._close: dict[str, tuple[str, ...]] = {}

    def with_changes(self, added: Collection[str], removed: Collection[str]) -> SlugSuggester:
        """Return a suggester with some slugs more, and some less. It shares the indexes of this one."""
        changed = copy(self)
        below = self._below.slugs
        more = (self._above.slugs - set(removed)) | (set(added) - below)
        changed._change(more - below, (self._removed - set(added)) | below.intersection(removed))  # noqa: SLF001 - its own
        return changed

    def nearest(self, target: str, without: str = "") -> str | None:
        """Return the slug that `target` was most likely meant to be, or None.

        These are tried in order: the prefix `ce-` added or dropped; the same words, except for order and small words like
        "of"; the same words except one, which starts with the same letters; at most two letters inserted, deleted or
        changed; one a prefix of the other. The nearest slug wins, then the first in alphabetical order. A step with more
        than a thousand candidates is skipped.

        Args:
            target: the unknown slug.
            without: a slug that is not suggested: that of the pattern with the link.
        """
        if target not in self._nearest:  # libraries repeat the same mistake
            self._nearest[target] = self._first(target, "")
        meant = self._nearest[target]
        return meant if meant is None or meant != without else self._first(target, without)

    def _first(self, target: str, without: str) -> str | None:
        self._below.lookups += 1
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
        """Return the slugs within two insertions, deletions or changes of a letter, the nearest first."""
        if target not in self._close:
            self._close[target] = tuple(self._with_few_edits(target))
        return self._close[target]

    def _with_few_edits(self, target: str) -> Iterator[str]:
        """Yield the slugs of `within_edit_distance`.

        Two edits leave one of three pieces of a slug unchanged, with at most as many edits before it as pieces, and at
        most as many after it. So only slugs with such a piece near its position are compared ("Pass-Join": Li, Deng, Wang
        and Feng, 2011, with multi-match-aware windows).
        """
        from rapidfuzz.distance.Levenshtein import distance  # noqa: PLC0415 - only needed for unknown slugs

        self._below.lookups += 1
        edits = min(_MAX_EDITS, len(target) // _LETTERS_PER_EDIT)
        groups = [self._kept(group) for group in self._below.with_pieces(target, edits)]
        groups += self._above.with_pieces(target, edits)
        if not groups or _too_many(groups):
            return
        near = set(chain.from_iterable(groups))
        for _, slug in sorted(
            (away, slug) for slug in near if (away := distance(target, slug, score_cutoff=edits)) <= edits
        ):
            yield slug

    def _kept(self, slugs: Sequence[str]) -> Sequence[str]:
        """Return the slugs of the shared index without the removed ones."""
        removed = self._removed
        return [slug for slug in slugs if slug not in removed] if removed else slugs

    @property
    def _limit(self) -> int:
        """The number of candidates that is enough to see whether there are too many."""
        return _MAX_CANDIDATES + 1 + len(self._removed)

    def _has(self, slug: str) -> bool:
        return slug in self._above.slugs or (slug in self._below.slugs and slug not in self._removed)

    def _other_prefix(self, target: str) -> Iterator[str]:
        other = target[len(_PREFIX) :] if target.startswith(_PREFIX) else _PREFIX + target
        if self._has(other):
            yield other

    def _same_words(self, target: str) -> Iterator[str]:
        key = _words_key(target)
        if key:
            below = self._kept(self._below.with_words(key, self._limit))
            yield from sorted((*below, *self._above.with_words(key, self._limit)))

    def _one_word_differs(self, target: str) -> Iterator[str]:
        words = target.split("-")
        keys = list(_all_but_one(target))
        below, above = (index.with_all_but_one(target, keys, self._limit) for index in (self._below, self._above))
        groups = [(index, [*self._kept(below.get(key, ())), *above.get(key, ())]) for index, key in keys]
        if _too_many(group for _, group in groups):
            return
        found = [
            (-_leading_letters(words[index], slug.split("-")[index]), slug) for index, group in groups for slug in group
        ]
        for _, slug in sorted(found):
            yield slug

    def _beginning(self, target: str) -> Iterator[str]:
        if len(target) < _MIN_PREFIX:
            return
        longer = [
            *self._kept(self._below.beginning_with(target, self._limit)),
            *self._above.beginning_with(target, self._limit),
        ]
        if len(longer) > _MAX_CANDIDATES:
            return
        shorter = {start for end in range(_MIN_PREFIX, len(target)) if self._has(start := target[:end])}
        yield from sorted((*longer, *shorter), key=lambda slug: (abs(len(slug) - len(target)), slug))


class _SlugIndex:
    """Finds slugs by their words and letters. Each method scans all slugs until there were so many lookups that an index pays.

    Args:
        slugs: the slugs.
    """

    def __init__(self, slugs: frozenset[str]) -> None:
        self.slugs = slugs
        self.lookups = 0
        self._pieces: dict[tuple[int, _Piece], Mapping[str, Sequence[str]]] = {}
        self._indexes_by_length: dict[int, Sequence[_PieceIndex]] = {}

    def with_words(self, key: str, limit: int) -> Sequence[str]:
        """Return the slugs with the words of a key, at most `limit`."""
        if self.lookups > _INDEX_PAYS:
            return self._found(self._by_words, key, lambda slug: _words_key(slug) == key, limit)
        longest = max(key.split("-"), key=len)
        return [slug for slug in self.slugs if longest in slug and _words_key(slug) == key]

    def with_all_but_one(self, target: str, keys: Iterable[tuple[int, str]], limit: int) -> Mapping[str, Sequence[str]]:
        """Return the slugs that differ from a target in one word, at most `limit` for each of its keys (see `_all_but_one`)."""
        if self.lookups <= _INDEX_PAYS and _ANY not in target:
            return self._alike(target.split("-"), keys)

        def having(key: str) -> Sequence[str]:
            def has(slug: str) -> bool:
                return any(key == one for _, one in _all_but_one(slug))

            return self._found(self._by_all_but_one, key, has, limit)

        return {key: having(key) for _, key in keys}

    def _alike(self, words: Sequence[str], keys: Iterable[tuple[int, str]]) -> Mapping[str, Sequence[str]]:
        """Return the same as `with_all_but_one` without its index, from the slugs with one of the two longest words."""
        if len(words) < 2:  # noqa: PLR2004 - a single word
            return {}
        *_, second, longest = sorted(words, key=len)
        key_set = {key for _, key in keys}
        near = [slug for slug in self.slugs if longest in slug or second in slug]
        return _group((key, slug) for slug in near for _, key in _all_but_one(slug) if key in key_set)

    def beginning_with(self, target: str, limit: int) -> Sequence[str]:
        """Return the slugs that begin with a target, and maybe itself, at most `limit`."""
        if self.lookups <= _INDEX_PAYS:
            return [slug for slug in self.slugs if slug.startswith(target)]
        first = bisect_left(self._sorted, target)
        behind = map(self._sorted.__getitem__, range(first, min(first + limit, len(self._sorted))))
        return list(takewhile(lambda slug: slug.startswith(target), behind))

    def with_pieces(self, target: str, edits: int) -> list[Sequence[str]]:
        """Return the slugs that have a piece in common with a target, for each piece."""
        if self.lookups > _PIECE_INDEX_PAYS:
            indexes = self._piece_indexes(len(target), edits)
        else:
            indexes = [
                (self._scan_pieces(length, place, {target[start:end] for start, end in windows}), windows)
                for length, place, windows in _windows(len(target), edits)
            ]
        return [
            index[piece]
            for index, windows in indexes
            for start, end in windows
            if (piece := target[start:end]) in index
        ]

    @cached_property
    def _sorted(self) -> Sequence[str]:
        return sorted(self.slugs)

    @cached_property
    def _by_words(self) -> _Index:
        return _Index((_words_key(slug), place) for place, slug in enumerate(self._sorted))

    @cached_property
    def _by_all_but_one(self) -> _Index:
        return _Index((key, place) for place, slug in enumerate(self._sorted) for _, key in _all_but_one(slug))

    def _found(self, index: _Index, key: str, has: Callable[[str], bool], limit: int) -> Sequence[str]:
        """Return the slugs of a key in an index, in order, at most `limit`."""
        slugs = self._sorted
        return list(islice((slug for place in index.places(key) if has(slug := slugs[place])), limit))

    @cached_property
    def _by_length(self) -> Mapping[int, Sequence[str]]:
        return _group((len(slug), slug) for slug in self.slugs)

    def _scan_pieces(self, length: int, place: _Piece, pieces: Collection[str]) -> Mapping[str, Sequence[str]]:
        """Return the slugs of a length that have one of `pieces` at a position, by piece."""
        start, end = place
        return _group((piece, slug) for slug in self._by_length.get(length, ()) if (piece := slug[start:end]) in pieces)

    def _by_piece(self, length: int, place: _Piece) -> Mapping[str, Sequence[str]]:
        """Return the slugs of a length by their piece at a position."""
        found = self._pieces.get((length, place))
        if found is None:
            start, end = place
            slugs = self._by_length.get(length, ())
            found = self._pieces[length, place] = _group((slug[start:end], slug) for slug in slugs)
        return found

    def _piece_indexes(self, length: int, edits: int) -> Sequence[_PieceIndex]:
        """Return the indexes for a target of some length."""
        found = self._indexes_by_length.get(length)
        if found is None:
            found = [(self._by_piece(long, place), windows) for long, place, windows in _windows(length, edits)]
            self._indexes_by_length[length] = found
        return found


class _Index:
    """Maps hashes of keys to positions, in a twentieth of the size of a dict. Lookups may return false positives."""

    def __init__(self, pairs: Iterable[tuple[str, int]]) -> None:
        self._hashes = array("Q", sorted([_hash(key) | place for key, place in pairs]))

    def places(self, key: str) -> Iterator[int]:
        """Yield the positions of a key in ascending order, and maybe others."""
        first = _hash(key)
        for at in range(bisect_left(self._hashes, first), len(self._hashes)):
            place = self._hashes[at] - first
            if place >> _POSITION_BITS:
                return
            yield place


_POSITION_BITS = 32  # below those of the hash


def _hash(key: str) -> int:
    return (hash(key) & 0xFFFF_FFFF) << _POSITION_BITS


def _too_many(groups: Iterable[Sequence[str]]) -> bool:
    return sum(map(len, groups)) > _MAX_CANDIDATES


def _words_key(slug: str) -> str:
    """Return the words of a slug in alphabetical order, without the small ones."""
    return "-".join(sorted([word for word in slug.split("-") if word not in _SMALL_WORDS]))


def _leading_letters(one: str, other: str) -> int:
    """Return the number of leading letters that two words have in common."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _all_but_one(slug: str) -> Iterator[tuple[int, str]]:
    """Yield, for each word that is long enough, its index and the slug with this word cut to its first letters.

    Yield nothing for a slug of one word.
    """
    if "-" in slug:
        start = 0
        for index, word in enumerate(slug.split("-")):
            end = start + len(word)
            if end - start >= _MIN_PREFIX:
                yield index, f"{slug[: start + _MIN_PREFIX]}{_ANY}{slug[end:]}"
            start = end + 1


@cache
def _windows(length: int, edits: int) -> tuple[tuple[int, _Piece, tuple[_Piece, ...]], ...]:
    """Return where a text of some length may contain a piece of a slug within some edits.

    Each item is the length of the slug, the position of the piece in it, and its possible positions in the text.
    """
    return tuple(
        (length - longer, (start, end), tuple((start + by, end + by) for by in shifts if start + by >= 0))
        for longer in range(-edits, edits + 1)
        for before, (start, end) in enumerate(_pieces(length - longer))
        if (shifts := range(max(-before, longer - _MAX_EDITS + before), min(before, longer + _MAX_EDITS - before) + 1))
    )


def _pieces(length: int) -> Iterator[_Piece]:
    """Yield the starts and ends of three pieces, as equal as possible, of a text of this length."""
    bounds = [length * part // (_MAX_EDITS + 1) for part in range(_MAX_EDITS + 2)]
    return pairwise(bounds)


def _group(pairs: Iterable[tuple[_Key, str]]) -> Mapping[_Key, Sequence[str]]:
    found: defaultdict[_Key, list[str]] = defaultdict(list)
    for key, slug in pairs:
        found[key].append(slug)
    return {key: tuple(slugs) for key, slugs in found.items()}  # most have one slug: 48 bytes instead of 88 in a list
