"""Sentences that stand in several patterns word for word.

A sentence is stored as a digest of 8 bytes, since a library has half a million. The title of the pattern counts as "…", and
markup, headings, tables, addresses and short sentences do not count.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from hashlib import blake2b

from msgspec import Struct

MIN_LENGTH = 45  # characters
DIGEST_SIZE = 8  # bytes
TITLE = "…"

MIN_WORDS = 6
_NOT_PROSE = "#|"
_STARTS = "-*+>0123456789"
_MARKUP = re.compile('[*_`"“”]+')
_KEY = re.compile(r"^[ ]*(?:- )?[\w-]+:(?:[ ][>|][-+]?)?(?:[ ]+|$)", re.MULTILINE)
_ENDS = ("! ", "? ", ".\n", "!\n", "?\n", "\n\n")


def sentences(text: str, title: str) -> Iterable[str]:
    """Return the sentences of a file without markup, with `TITLE` in place of its title."""
    if title:
        text = text.replace(title, TITLE)
    text = _MARKUP.sub("", text).replace("\n> [!", "\n#")  # a callout is a heading
    end = text.find("\n---", 3)
    if text.startswith("---") and end > 0:
        text = _KEY.sub("\n\n", text[:end]) + "\n" + text[end:]
    lines = [
        f"\n{line}" if line[:1] in _STARTS else line
        for line in text.splitlines()
        if line[:1] not in _NOT_PROSE or not line
    ]
    text = "\n".join(lines)
    for mark in _ENDS:
        text = text.replace(mark, ". ")
    found = [one for one in text.replace("\n", " ").split(". ") if len(one) >= MIN_LENGTH and "://" not in one]
    return [one for raw in found if len(words := raw.split()) >= MIN_WORDS and (one := " ".join(words).strip(" .->+"))]


def sentence_digests(text: str, title: str) -> bytes:
    """Return the digests of the sentences of a file, joined, each once and sorted."""
    return b"".join(sorted({digest(one) for one in sentences(text, title)}))


def digest(sentence: str) -> bytes:
    """Return the digest of a sentence."""
    return blake2b(sentence.encode("utf-8", "surrogatepass"), digest_size=DIGEST_SIZE).digest()


class CopiedSentence(Struct, frozen=True):
    """A sentence in several patterns: its digest, their number, and the path of the first."""

    digest: bytes
    count: int
    path: str


def frequent_sentences(digests: Iterable[bytes], least: int) -> Mapping[bytes, int]:
    """Return the digests of the sentences in at least a number of files, and two, with the number of their files.

    Args:
        digests: the joined digests of each file.
        least: the number of files.
    """
    counts: Counter[bytes] = Counter()
    for joined in digests:
        counts.update(_split(joined))
    return {one: count for one, count in counts.items() if count >= max(least, 2)}


def copied_sentences(
    digests: Mapping[str, bytes], frequent: Mapping[bytes, int], top: int = 10
) -> tuple[CopiedSentence, ...]:
    """Return the most frequent sentences, in descending order.

    Args:
        digests: the joined digests of each file, by path.
        frequent: the number of files of frequent sentences.
        top: the number of sentences.
    """
    found: list[CopiedSentence] = []
    for negative, one in sorted((-count, one) for one, count in frequent.items())[:top]:
        path = next(path for path in sorted(digests) if _contains(digests[path], one))
        found.append(CopiedSentence(one, -negative, path))
    return tuple(found)


def copied_percentage(joined: bytes, frequent: Mapping[bytes, int]) -> int | None:
    """Return the percentage of the sentences of a file that are among the frequent ones; None without sentences."""
    total = len(joined) // DIGEST_SIZE
    return round(100 * sum(one in frequent for one in _split(joined)) / total) if total else None


def _split(joined: bytes) -> Iterable[bytes]:
    return (joined[at : at + DIGEST_SIZE] for at in range(0, len(joined), DIGEST_SIZE))


def _contains(joined: bytes, one: bytes) -> bool:
    at = joined.find(one)
    while at >= 0 and at % DIGEST_SIZE:
        at = joined.find(one, at + 1)
    return at >= 0


def wording(found: CopiedSentence, text: str, title: str) -> str:
    """Return the sentence with a digest in the text of its first file; empty if the file has changed."""
    return next((one for one in sentences(text, title) if digest(one) == found.digest), "")
