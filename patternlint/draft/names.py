"""What may be the name of a record."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from patternlint.document.identity import name_text
from patternlint.draft.records import Record

_MOST_SHARED = 4  # one in so many records has the name of another one
_MOST_SOURCES = 8
_NUMBERS = ("id", "number", "no", "nr", "num")
_PARTS = (r"^([0-9]+)", r"^([A-Za-z]+-[0-9]+)", r"([0-9]+)$")


def name_sources(records: Sequence[Record]) -> Iterator[str]:
    """Yield values for the setting `name` of `[identity]`, the most usual first."""
    yield "slug" if _have_nearly_all(records, "slug") else path_name(records)
    yield from _unique_keys(records)[:_MOST_SOURCES]
    for part in _PARTS:
        names = [match[1] for record in records if (match := re.search(part, record.stem))]
        if 10 * len(names) >= 9 * len(records) and _are_unique(names):
            yield f"{{stem}}|{part}"


def path_name(records: Sequence[Record]) -> str:
    """Return the setting for names from the path: that of the folder if all files have the same name."""
    return "{folder}" if len(records) > 1 and len({record.stem for record in records}) == 1 else "{stem}"


def _unique_keys(records: Sequence[Record]) -> list[str]:
    counts = Counter(key for record in records for key in record.keys)
    keys = [key for key in sorted(counts) if key != "slug" and "|" not in key and not key.startswith("{")]
    return [
        key
        for key in keys
        if _have_nearly_all(records, key) and _are_unique(_texts(records, key)) and not _is_amount(records, key)
    ]


def _is_amount(records: Sequence[Record], key: str) -> bool:
    """Return whether a key has numbers that the names of files do not have."""
    numbers = [(str(value), record.stem) for record in records if type(value := record.keys.get(key)) is int]
    return 2 * sum(value in stem for value, stem in numbers) < len(numbers) and key not in _NUMBERS


def _texts(records: Sequence[Record], key: str) -> list[str]:
    return [text for record in records if (text := name_text(record.keys.get(key)))]


def _have_nearly_all(records: Sequence[Record], key: str) -> bool:
    return 0 < 9 * len(records) <= 10 * len(_texts(records, key))


def _are_unique(names: Sequence[str]) -> bool:
    return _MOST_SHARED * (len(names) - len({*names})) <= len(names)


def names_by(source: str, records: Sequence[Record]) -> tuple[str, ...]:
    """Return the name of each record by a value of the setting; empty without one."""
    place, _, part = source.partition("|")

    def name(record: Record) -> str:
        if place == "{stem}":
            text = record.stem
        elif place == "{folder}":
            text = record.folder.rpartition("/")[2]
        else:
            text = name_text(record.keys.get(place))
        match = re.search(part, text) if part else None
        return text if not part else match[1] if match is not None else ""

    return tuple(map(name, records))


def file_template(source: str, records: Sequence[Record]) -> str:
    """Return the setting `file` of `[identity]` that most file names have, such as `eip-{eip}`; empty for none."""
    if source.startswith("{"):
        return ""
    names = names_by(source, records)
    forms = Counter(
        (before, after)
        for name, record in zip(names, records, strict=True)
        if name
        and (before := record.stem.partition(name)[0]) + name + (after := record.stem.partition(name)[2]) == record.stem
    )
    if not forms:
        return ""
    before, after = max(forms, key=lambda form: (forms[form], form))
    is_plain = not any(character in "{}" for character in before + after + source)
    return f"{before}{{{source}}}{after}" if is_plain and 10 * forms[before, after] >= 9 * len(records) else ""
