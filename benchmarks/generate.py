"""Generate a library of any size from the patterns of another: `python -m benchmarks.generate SOURCE FOLDER --files N`.

The files are copies of the source with unique slugs, ids, titles and aliases, in one of the `FORMS`. Links lead to the patterns of the same copy,
and a few to other copies. Links that dangle in the source dangle in each copy. Everything else, including layout, stays
unchanged in the form of the source. The first copy has the names of the source. The same source, size and seed give the same bytes.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.forms import FORMS, WRITTEN, Form
from patternlint.document.identifiers import ALPHABET
from patternlint.library.entry import Entry, build_entry
from patternlint.parser.parser import FileKind, parse
from patternlint.source import Source
from patternlint.spec.loader import load_specs
from patternlint.spec.model import SpecRegistry

PER_FOLDER = 4_000
"""Maximum number of files per folder."""

ELSEWHERE = 0.03
"""Share of links that lead to another copy."""

FIRST_MOMENT = 1_767_225_600_000
"""Time stamp of the first id, in milliseconds: the start of 2026."""

SHORT_WORDS = 1_000
"""Below this number, words have four letters: only 4,900 exist, and random search for more gets slow."""

MARKER = "patternlint.toml"
"""Marks the root of the library, and records how it was generated."""

Slot = tuple[str, int]
"""A position in a template: the kind of text, and its owner (0: the pattern itself, else the number of a link)."""

ID, SLUG, SLUG_TAIL, TITLE_TAIL = "id", "slug", "slug tail", "title tail"


class Template(NamedTuple):
    """A source file, split where its copies differ.

    Attributes:
        path: its path in the source folder.
        id, slug: its names.
        targets: numbers of the sources that the slots refer to, its own first.
        texts: the constant parts in order; one more than `slots`.
        slots: the variable parts in order.
    """

    path: Path
    id: str
    slug: str
    targets: tuple[int, ...]
    texts: tuple[bytes, ...]
    slots: tuple[Slot, ...]


class _Raw(NamedTuple):
    path: Path
    text: str
    entry: Entry


def read_templates(folder: Path, seed: int, spec: str = "") -> list[Template]:
    """Return the patterns of `folder` as templates, shuffled, so that the first N are a random sample.

    Args:
        folder: the source.
        seed: the seed of the order.
        spec: the version of the patterns; empty for all.
    """
    raws = list(_read(folder, load_specs(()), spec))
    random.Random(seed).shuffle(raws)  # noqa: S311 - not for security
    slots: dict[str, Slot] = {}
    for number, raw in enumerate(raws):
        for what, name in ((SLUG, raw.entry.slug), (ID, raw.entry.id)):
            if name:
                slots.setdefault(name, (what, number))
    return [_Cutter(number, raw, slots).template() for number, raw in enumerate(raws)]


def _read(folder: Path, specs: SpecRegistry, spec: str) -> Iterator[_Raw]:
    for path in sorted(folder.rglob("*.md")):
        source = Source(path.name, path.read_bytes())
        parsed = parse(source, specs)
        is_of_spec = not spec or (parsed.spec is not None and parsed.spec.version == spec)
        if parsed.kind is not FileKind.NOT_A_PATTERN and source.decode_error is None and is_of_spec:
            yield _Raw(path.relative_to(folder), source.text, build_entry(parsed))


class _Cutter:
    """Splits a source file where its copies differ.

    Args:
        number: the number of the source.
        raw: the source.
        slots: the slot for each slug and id of all sources.
    """

    def __init__(self, number: int, raw: _Raw, slots: Mapping[str, Slot]) -> None:
        self._raw = raw
        self._slots = slots
        self._targets = [number]
        self._cuts: list[tuple[int, int, Slot]] = []

    def template(self) -> Template:
        """Return the source as a template."""
        entry = self._raw.entry
        self._replace(entry.id, *_value_span(self._raw, "id"), (ID, 0))
        self._replace(entry.slug, *_value_span(self._raw, "slug"), (SLUG, 0))
        self._extend(entry.title, *_value_span(self._raw, "title"), (TITLE_TAIL, 0))
        for alias, (start, end) in zip(entry.aliases, entry.alias_spans, strict=True):
            self._extend(alias, start, end, (TITLE_TAIL, 0))
        for link in entry.links:
            self._add_link(link.target, link.start, link.end)
            self._add_link(link.typeid, link.typeid_start, link.typeid_end)
        for hub in entry.hubs:
            self._add_link(hub.target, hub.start, hub.end)
        cuts = sorted(self._cuts)
        ends = [0, *(end for _, end, _ in cuts)]
        starts = [*(start for start, _, _ in cuts), len(self._raw.text)]
        texts = tuple(self._raw.text[end:start].encode() for end, start in zip(ends, starts, strict=True))
        return Template(
            self._raw.path, entry.id, entry.slug, tuple(self._targets), texts, tuple(slot for _, _, slot in cuts)
        )

    def _replace(self, name: str, start: int, end: int, slot: Slot) -> None:
        """Replace `name`, which is between `start` and `end` including its quotes, with a slot."""
        at = self._raw.text.find(name, start, end) if name else -1
        if at >= 0:
            self._cuts.append((at, at + len(name), slot))

    def _extend(self, name: str, start: int, end: int, slot: Slot) -> None:
        """Insert a slot after `name`, inside its quotes."""
        if name:
            text = self._raw.text
            at = end - (text[end - 1] in "\"'" and text[start] == text[end - 1])
            self._cuts.append((at, at, slot))

    def _add_link(self, target: str, start: int, end: int) -> None:
        """Replace the target of a link with a slot. Two names of one pattern keep the same owner."""
        if target in self._slots:
            what, number = self._slots[target]
            if self._targets[-1] != number:
                self._targets.append(number)
            self._replace(target, start, end, (what, len(self._targets) - 1))
        elif "_" not in target:
            self._extend(target, start, end, (SLUG_TAIL, 0))


def _value_span(raw: _Raw, key: str) -> tuple[int, int]:
    """Return the span of the value of a top-level key; if the file does not parse, that of the rest of its line."""
    if not raw.entry.failed_to_parse:
        return raw.entry.spans.get(key, (0, 0))
    start = raw.text.find(f"\n{key}:") + 1
    if not start:
        return 0, 0
    line = raw.text[start : raw.text.find("\n", start)]
    value = line[len(key) + 1 :].strip()
    return start + line.find(value, len(key) + 1), start + len(line.rstrip())


class Names:
    """Names of the patterns of all copies.

    Args:
        templates: the sources.
        files: number of patterns, copy after copy.
        seed: seed of the random names.
    """

    def __init__(self, templates: Sequence[Template], files: int, seed: int) -> None:
        chance = random.Random(seed + 1)  # noqa: S311 - not for security
        count = len(templates)
        self.words = ["", *_words(chance, (files - 1) // count)]
        self.slugs = [one.slug.encode() for one in templates]
        self.tails = [f"-{word}".encode() if word else b"" for word in self.words]
        self.title_tails = [f" ({word.title()})".encode() if word else b"" for word in self.words]
        self.ids = [
            templates[number].id.encode() if number < count else _new_id(templates[number % count].id, number, chance)
            for number in range(files)
        ]


def _words(chance: random.Random, count: int) -> list[str]:
    """Return `count` unique made-up words, short ones if possible, so that suffixes do not dominate the names."""
    syllables = 2 if count < SHORT_WORDS else 4
    words: dict[str, None] = {}
    while len(words) < count:
        word = "".join(chance.choice("bdfgklmnprstvw") + chance.choice("aeiou") for _ in range(syllables))
        words[word] = None
    return list(words)


def _new_id(old: str, number: int, chance: random.Random) -> bytes:
    """Return a TypeID with the prefix of `old` and a UUIDv7."""
    moment = FIRST_MOMENT + number
    value = moment << 80 | 0x7 << 76 | chance.getrandbits(12) << 64 | 0b10 << 62 | chance.getrandbits(62)
    suffix = "".join(ALPHABET[value >> shift & 31] for shift in range(125, -1, -5))
    return f"{old.partition('_')[0] or 'pat'}_{suffix}".encode()


def copies(templates: Sequence[Template], files: int, seed: int) -> Iterator[tuple[Path, bytes]]:
    """Yield the path and the content of each file of a library."""
    names = Names(templates, files, seed)
    chance = random.Random(seed + 2)  # noqa: S311 - not for security
    count = len(templates)
    whole_copies = max(1, files // count)
    for number in range(files):
        copy, source = divmod(number, count)
        template = templates[source]
        owners = [number]
        for target in template.targets[1:]:
            where = chance.randrange(whole_copies) if chance.random() < ELSEWHERE else copy
            owner = where * count + target
            owners.append(owner if owner < files else target % files)
        parts = [template.texts[0]]
        for (what, whose), text in zip(template.slots, template.texts[1:], strict=True):
            parts.append(_written(what, owners[whose], names))
            parts.append(text)
        tail = f"-{names.words[copy]}" if copy else ""
        folder = f"{number // PER_FOLDER:03}" / template.path.parent
        yield folder / f"{template.path.stem}{tail}.md", b"".join(parts)


def write_library(
    templates: Sequence[Template], folder: Path, files: int, seed: int, rewrite: Callable[[bytes], bytes] = bytes
) -> None:
    """Write a library with `files` files, each as `rewrite` returns it, into the new folder `folder`.

    Raises:
        FileExistsError: if `folder` exists.
    """
    folder.mkdir(parents=True)
    created: set[Path] = set()
    for path, data in copies(templates, files, seed):
        below = folder / path.parent
        if below not in created:
            below.mkdir(parents=True, exist_ok=True)
            created.add(below)
        with open(folder / path, "wb") as file:  # noqa: PTH123 - a third faster
            file.write(rewrite(data))
    folder.joinpath(MARKER).write_text(f"{marker(files, seed, len(templates))}\n", encoding="utf-8")


def marker(files: int, seed: int, count: int) -> str:
    """Return the line that records how a library was generated. Without it, a library is incomplete."""
    return f"# {files} files, generated by benchmarks/generate.py from {count} patterns, seed {seed}"


def _written(what: str, owner: int, names: Names) -> bytes:
    """Return the text of a slot that refers to the pattern with the number `owner`."""
    if what == ID:
        return names.ids[owner]
    copy, source = divmod(owner, len(names.slugs))
    if what == SLUG:
        return names.slugs[source] + names.tails[copy]
    return names.tails[copy] if what == SLUG_TAIL else names.title_tails[copy]


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description="Generate a library of any size from the patterns of another.")
    parser.add_argument("source", type=Path, metavar="SOURCE", help="folder with patterns")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="folder of the new library; must not exist")
    parser.add_argument("--files", type=int, required=True, metavar="N", help="number of files to write")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="seed of names and links (default: 1)")
    parser.add_argument("--form", choices=FORMS, default=WRITTEN, help="form of the files (default: that of SOURCE)")
    options = parser.parse_args()
    form = FORMS.get(options.form, Form("", bytes))
    templates = read_templates(options.source, options.seed, form.spec)
    if not templates or options.files < 1:
        missing = f"no pattern{f' of spec {form.spec}' if form.spec else ''} in {options.source}"
        parser.error(missing if not templates else "--files must be at least 1")
    if options.folder.exists():
        parser.error(f"{options.folder} already exists")
    write_library(templates, options.folder, options.files, options.seed, form.rewrite)
    sys.stdout.write(f"{options.files} files from {len(templates)} patterns in {options.folder}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
