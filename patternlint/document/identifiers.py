"""Slugs, TypeIDs, Wikidata ids and the names of Markdown files."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""The digits of Crockford's base32 in lower case, without i, l, o and u."""

SUFFIX_LENGTH = 26
"""Characters after the prefix of a TypeID (https://github.com/jetify-com/typeid/tree/main/spec)."""

_CHARACTERS = frozenset(ALPHABET)
_TO_PYTHON = str.maketrans(ALPHABET, "0123456789abcdefghijklmnopqrstuv")
_BITS = 128

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SLUGS = re.compile(r"[a-z0-9]++(?:[-\n][a-z0-9]++)*+")
_WIKIDATA = re.compile(r"Q[1-9][0-9]*")


_DOCUMENT_NAMES = frozenset(
    (  # noqa: SIM905 - shorter than a list of one name per line
        "404 about agents authors changelog changes claude code_of_conduct code-of-conduct codeowners "
        "contributing contributors copying credits faq gemini glossary governance history home index install "
        "licence license maintainers navbar news notice overview patterns readme releases release-notes roadmap "
        "security sidebar summary support template templates toc todo"
    ).split()
)


_MAX_PREFIXES = 32  # bounds the work for a name with thousands of hyphens


def word_prefixes(slug: str) -> Sequence[str]:
    """Return what a slug starts with at the borders of its words, without the slug itself; the longest last."""
    prefixes: list[str] = []
    at = slug.find("-")
    while at > 0 and len(prefixes) < _MAX_PREFIXES:
        prefixes.append(slug[:at])
        at = slug.find("-", at + 1)
    return prefixes


def is_document_name(path: str) -> bool:
    """Return whether a file is about a library by its name, such as `README.md`, and not a pattern."""
    *folders, name = path.replace("\\", "/").lower().split("/")
    stem = path.replace("\\", "/").rpartition("/")[2].partition(".")[0]
    word = name.partition(".")[0].strip("_")
    return (
        word in _DOCUMENT_NAMES
        or word.startswith(("readme", "license", "changelog", "contributing"))
        or "template" in name
        or name.startswith((".", "_"))
        or (stem.isupper() and len(stem) > 1)
        or any("template" in folder or folder == "archetypes" for folder in folders)
    )


SKIPPED_FOLDERS = frozenset(("node_modules", "__pycache__", "site-packages", "venv"))
"""Folders that are never listed, in addition to those whose name starts with a dot."""


def is_skipped_folder(name: str) -> bool:
    """Return whether a folder with this name is never listed."""
    return name[:1] == "." or name in SKIPPED_FOLDERS


_PATTERN_SUFFIX = ".md"
_MARKDOWN_SUFFIXES = (_PATTERN_SUFFIX, ".markdown", ".mdx")
_LONGEST_SUFFIX = 9


def is_markdown_name(path: str) -> bool:
    """Return whether a path has the name of a Markdown file, in any case."""
    return path[-_LONGEST_SUFFIX:].lower().endswith(_MARKDOWN_SUFFIXES)


def is_pattern_name(path: str) -> bool:
    """Return whether a path has the usual name of a pattern file (`.md`, in any case); others must be configured."""
    return path[-_LONGEST_SUFFIX:].lower().endswith(_PATTERN_SUFFIX)


def is_slug(text: str) -> bool:
    """Return whether `text` is a slug: lower-case words of a–z and 0–9, joined by `-`."""
    return _SLUG.fullmatch(text) is not None


def are_slugs(texts: Collection[str]) -> bool:
    """Return whether all of `texts` are slugs."""
    joined = "\n".join(texts)
    return _SLUGS.fullmatch(joined) is not None and joined.count("\n") == len(texts) - 1


def is_wikidata_id(text: str) -> bool:
    """Return whether `text` has the form of a Wikidata item id, such as Q42."""
    return _WIKIDATA.fullmatch(text) is not None


@lru_cache(maxsize=1)  # two rules ask about the id of a file
def decode_suffix(suffix: str) -> int | None:
    """Return the 128 bits of the suffix of a TypeID, or None when it is malformed."""
    if len(suffix) != SUFFIX_LENGTH or not _CHARACTERS.issuperset(suffix):
        return None
    value = int(suffix.translate(_TO_PYTHON), len(ALPHABET))
    return value if value.bit_length() <= _BITS else None


def encode_id(prefix: str, bits: int) -> str:
    """Return the TypeID with a prefix that encodes 128 bits."""
    digits = [ALPHABET[(bits >> shift) & 31] for shift in range(5 * (SUFFIX_LENGTH - 1), -1, -5)]
    return f"{prefix}_{''.join(digits)}"


def uuid7(milliseconds: int, random_bits: int) -> int:
    """Return the bits of a UUID of version 7 (RFC 9562, 5.7).

    Args:
        milliseconds: since the start of 1970, UTC.
        random_bits: 74 of them.
    """
    high, low = random_bits >> 62 & 0xFFF, random_bits & ((1 << 62) - 1)
    return milliseconds << 80 | 7 << 76 | high << 64 | 2 << 62 | low


def creation_date(identity: str) -> date | None:
    """Return the day (UTC) on which a TypeID with a UUID of version 7 was generated; None for any other id."""
    bits = decode_suffix(identity.rpartition("_")[2])
    if bits is None or bits >> 76 & 0xF != 7 or bits >> 62 & 0b11 != 0b10:  # noqa: PLR2004 - version and variant
        return None
    try:
        return datetime.fromtimestamp((bits >> 80) / 1000, UTC).date()
    except (ValueError, OverflowError, OSError):
        return None


def slugify(title: str) -> str:
    """Return the slug of a title: its words in a–z and 0–9, joined by `-`; empty when it has none."""
    spelled = title.translate(_SPELLED_OUT)
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain.replace("'", "")))


_SPELLED_OUT = str.maketrans(
    {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "Ä": "Ae",
        "Ö": "Oe",
        "Ü": "Ue",
        "ß": "ss",
        "æ": "ae",
        "ø": "o",
        "ł": "l",
        "’": "'",
    }
)
