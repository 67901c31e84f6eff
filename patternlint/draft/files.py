"""Choose the files of a draft, and write them as globs."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from msgspec import Struct

from patternlint.document.identifiers import is_document_name, slugify
from patternlint.draft.order import shared
from patternlint.draft.records import Record

_SIMILAR = 0.5
_MOST_GLOBS = 6
_ASCII_DIGITS = "0123456789"
_DIGITS = re.compile(r"[0-9]+")


class Selection(Struct, frozen=True):
    """The records of one kind.

    Attributes:
        records: the records, by path.
        globs: the globs for exactly their files.
        others: the number of other Markdown files by folder.
    """

    records: tuple[Record, ...]
    globs: tuple[str, ...]
    others: Mapping[str, int]


def select_records(records: Sequence[Record], *, is_chosen: bool = False) -> Selection:
    """Return the largest set of files of one kind: those of folders whose files have similar keys and headings.

    Files such as `README.md` are left out, unless most files of their folder have such names.

    Args:
        records: the files.
        is_chosen: whether the files are of one kind in any case.
    """
    by_folder: dict[str, list[Record]] = defaultdict(list)
    for record in sorted(records, key=lambda record: record.path):
        by_folder[record.folder].append(record)
    alone = Counter(files[0].stem for files in by_folder.values() if len(files) == 1)
    kinds = {
        folder: found
        for folder, files in by_folder.items()
        if (found := files if len(files) == 1 and alone[files[0].stem] > 1 else _without_documents(files))
    }
    if not kinds:
        return Selection((), (), {})
    first = max(sorted(kinds), key=lambda folder: len(kinds[folder]))
    features = _features(kinds[first])
    folders = [
        folder for folder in sorted(kinds) if is_chosen or shared(_features(kinds[folder]), features) >= _SIMILAR
    ]
    chosen = tuple(record for folder in folders for record in kinds[folder])
    paths = {record.path for record in chosen}
    rest = [record for record in sorted(records, key=lambda record: record.path) if record.path not in paths]
    return Selection(chosen, tuple(_globs(chosen, folders, rest)), Counter(record.folder for record in rest))


def _without_documents(files: Sequence[Record]) -> list[Record]:
    """Return the records in a folder: a file such as `README.md` is one if it is like the others, or all have such names."""
    records = [record for record in files if not is_document_name(record.path)]
    if 2 * len(records) < len(files) > 1 and len({_DIGITS.sub("0", record.stem) for record in files}) == 1:
        return [*files]
    if not records:
        return []
    features = _features(records)
    is_numbered = all(record.stem[0] in _ASCII_DIGITS for record in records)

    def is_record(record: Record) -> bool:
        if is_numbered:
            return record.stem[0] in _ASCII_DIGITS
        return "template" not in record.stem.lower() and shared(_features([record]), features) >= _SIMILAR

    return [record for record in files if record in records or is_record(record)]


def _features(records: Collection[Record]) -> frozenset[str]:
    """Return the keys and the headings that at least half of some records have."""
    counts = Counter(
        feature
        for record in records
        for feature in {*record.keys, *(f"{'#' * level} {text.casefold()}" for level, text in record.headings)}
    )
    return frozenset(feature for feature, count in counts.items() if 2 * count >= len(records))


def _globs(chosen: Sequence[Record], folders: Sequence[str], rest: Sequence[Record]) -> Iterator[str]:
    suffixes = sorted({PurePosixPath(record.path).suffix for record in chosen})
    is_numbered = all(record.stem[0] in _ASCII_DIGITS for record in chosen)
    names = [f"{'[0-9]*' if is_numbered else '*'}{suffix}" for suffix in suffixes]
    if len(folders) <= _MOST_GLOBS:
        globs = [f"{_escaped(folder)}/{name}" for folder in folders for name in names]
        reached = {record.path for record in rest if record.folder in folders}
    else:
        top = _common(folders)
        globs = [f"{_escaped(top)}/**/{name}".replace("//", "/") for name in names]
        reached = {record.path for record in rest if record.path.startswith(f"{top}/" if top else "")}
    yield from (glob.removeprefix("/") if glob.count("/") > 1 else glob for glob in globs)
    for path in sorted(reached):
        if PurePosixPath(path).suffix in suffixes and (not is_numbered or PurePosixPath(path).stem[0] in _ASCII_DIGITS):
            yield f"!{'/' if '/' not in path else ''}{_escaped(path)}"


def _common(folders: Sequence[str]) -> str:
    parts = [folder.split("/") for folder in folders]
    same = [column[0] for column in zip(*parts, strict=False) if len(set(column)) == 1]
    length = next((at for at, column in enumerate(zip(*parts, strict=False)) if len(set(column)) > 1), len(same))
    return "/".join(parts[0][:length])


def _escaped(path: str) -> str:
    """Return a path as a glob that matches it alone."""
    escaped = re.sub(r"([\\*?\[\]])", r"\\\1", path)
    return f"\\{escaped}" if escaped.startswith(("#", "!")) else escaped


def name_of_kind(records: Sequence[Record], library: str) -> str:
    """Return a name for records of one kind: the singular of the folder that contains them all.

    Args:
        records: the records.
        library: the name of the folder of the library.
    """
    folder = _common(sorted({record.folder for record in records})) or library
    words = slugify(folder.rpartition("/")[2]).strip("-")
    return _singular(words) or "record"


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word
