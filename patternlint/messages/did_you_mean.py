"""Suggestions for misspelled words."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache


def closest_matches(word: str, known: Iterable[str], limit: int = 1) -> tuple[str, ...]:
    """Return up to `limit` known words that are similar to `word`, the closest first."""
    return _closest_matches(word, tuple(known), limit)


@lru_cache(1024)  # the files of a library share most mistakes
def _closest_matches(word: str, known: tuple[str, ...], limit: int) -> tuple[str, ...]:
    from rapidfuzz import fuzz, process, utils  # noqa: PLC0415 - needed only when something is wrong

    choices = sorted(set(known))
    found = process.extract(
        word, choices, scorer=fuzz.ratio, processor=utils.default_process, limit=limit, score_cutoff=65
    )
    return tuple(choice for choice, _, _ in found)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean …?` for the closest known word, or an empty string."""
    found = closest_matches(word, known)
    return f"; did you mean `{found[0]}`?" if found else ""
