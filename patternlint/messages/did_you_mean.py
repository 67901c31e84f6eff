"""The nearest known word to one that is not known."""

from __future__ import annotations

from collections.abc import Iterable


def closest_matches(word: str, known: Iterable[str], limit: int = 1) -> tuple[str, ...]:
    """Return up to `limit` of the known words that `word` was likely meant to be, the likeliest first."""
    from rapidfuzz import fuzz, process, utils  # noqa: PLC0415 - needed only when something is wrong

    choices = sorted(set(known))
    found = process.extract(
        word, choices, scorer=fuzz.ratio, processor=utils.default_process, limit=limit, score_cutoff=65
    )
    return tuple(choice for choice, _, _ in found)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean …?` for the nearest known word, or nothing when none is near."""
    found = closest_matches(word, known)
    return f"; did you mean `{found[0]}`?" if found else ""
