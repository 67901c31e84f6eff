"""An index of the names of patterns by the beginnings of their words."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence

from msgspec import Struct

from patternlint.library.entry import fold_title


class Name(Struct, frozen=True):
    """The slug and the title of a pattern; the title is empty where it is not known."""

    slug: str
    title: str = ""


class NameIndex:
    """Finds names by the beginnings of words.

    All names are in one text, a line for each, because searching two megabytes takes a millisecond.

    Args:
        names: the names.
    """

    def __init__(self, names: Iterable[Name]) -> None:
        self._names = list(names)
        lines = [f" {_words(name)}\n" for name in self._names]
        self._text = "".join(lines)
        self._starts: list[int] = []
        at = 0
        for line in lines:
            self._starts.append(at)
            at += len(line)

    def __len__(self) -> int:
        return len(self._names)

    def find(self, words: Sequence[str]) -> list[tuple[Name, int]]:
        """Return the names that have a word with each of some beginnings, with the number of those that are whole words.

        Args:
            words: folded words (see `fold_title`), at least one.
        """
        text, starts = self._text, self._starts
        longest = max(words, key=len)
        found: list[tuple[Name, int]] = []
        last = -1
        for match in re.finditer(re.escape(f" {longest}"), text):
            place = bisect_right(starts, match.start()) - 1
            if place == last:
                continue
            last = place
            end = starts[place + 1] if place + 1 < len(starts) else len(text)
            line = f"{text[starts[place] : end - 1]} "
            if all(f" {word}" in line for word in words):
                found.append((self._names[place], sum(f" {word} " in line for word in words)))
        return found


def _words(name: Name) -> str:
    return f"{name.slug.replace('-', ' ').casefold()} {fold_title(name.title)}"
