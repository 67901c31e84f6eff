"""An excerpt says of each pattern what the whole library says, whatever the library looks like."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator

import msgspec
import pytest

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.document.links import INFERRED, Link
from patternlint.library import lazy
from patternlint.library.entry import Entry, Hub
from patternlint.library.index import LibraryIndex
from patternlint.library.lazy import LazyIndex, lookup_keys
from patternlint.library.library import Library
from patternlint.linter.linter import Linter
from patternlint.linter.registry import Registry
from patternlint.linter.selection import select
from patternlint.spec.model import Flow, SpecRegistry

LISTS = ("requires", "enables", "generalizes_from", "specializes_to", "complementary", "alternatives", INFERRED)
NAMES = (
    *("garden", "wild-garden", "garden-wild", "wild-gardens", "ce-garden", "wilder-garden", "Wild Garden", "w_g"),
    *("open-table", "long-open-table", "opening-table", "pat_x", "…", "", "öven", "a-b-c", "a-b-d", "a-bee-c"),
)
TIMES = 250


class MemoryStore:
    """All entries, found by what they are found by; what was handed out is counted."""

    def __init__(self, entries: Iterable[Entry], target_paths: frozenset[str]) -> None:
        self._entries = list(entries)
        self._target_paths = target_paths
        self.handed_out: set[str] = set()
        self.whole = False

    def find(self, kind: str, name: str) -> Iterator[Entry]:
        for entry in self._entries:
            if (kind, name) in lookup_keys(entry) or entry.path == "0.md":
                self.handed_out.add(entry.path)
                yield entry

    def slugs(self) -> Iterator[str]:
        return (entry.slug for entry in self._entries if entry.slug)

    def ids(self) -> Iterator[str]:
        return (entry.id for entry in self._entries if entry.id)

    def targets(self) -> list[Entry]:
        return [entry for entry in self._entries if entry.path in self._target_paths]

    def everything(self) -> list[Entry]:
        self.whole = True
        return self._entries


def random_entry(number: int, chance: random.Random, lists: tuple[str, ...]) -> Entry:
    def name() -> str:
        return chance.choice(NAMES)

    def identity() -> str:
        return f"pat_{name()}" if chance.random() < 0.8 else ""

    links = tuple(
        Link(kind, at, kind, target, at * 9, at * 9 + 4, "slug", 0.5, chance.choice(["", identity()]), 3, 4)
        for at in range(chance.choice([0, 1, 1, 2, 5]))
        if (kind := chance.choice(lists)) and (target := chance.choice([name(), name(), identity()]))
    )
    hubs = tuple(Hub(at, target, at, at + 1) for at in range(chance.choice([0, 0, 1])) if (target := name()))
    aliases = tuple(name() for _ in range(chance.choice([0, 0, 1, 3])))
    return Entry(
        f"{number}.md",
        chance.choice(["7.1", "7.1", "8.2", "1.3"]),
        identity(),
        name(),
        name().replace("-", " ").title(),
        aliases,
        links,
        hubs,
        chance.choice([None, 0, 2, 3, 4]),
        alias_spans=((1, 2),) * len(aliases),
        failed_to_parse=chance.random() < 0.05,
        has_template_summary=chance.random() < 0.05,
        internal=chance.random() < 0.9,
    )


def findings(engine: Linter, library: Library) -> list[Diagnostic]:
    return engine.lint_library(library, lambda _: frozenset())


def with_stages(specs: SpecRegistry) -> SpecRegistry:
    """Return the specs with stages, which no built-in one has."""
    flow = Flow("stage", ("draft", "final"))
    replace = msgspec.structs.replace
    return SpecRegistry(replace(one, relationships=replace(one.relationships, flow=flow)) for one in specs.all)


@pytest.mark.parametrize("most", [3_000, 5])
def test_an_excerpt_says_what_the_library_says(
    most: int, specs: SpecRegistry, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lazy, "MAX_LOOKUPS", most)
    specs = with_stages(specs)
    engine = Linter(select(registry, specs, pedantic=True))
    chance = random.Random(20_261_123)  # noqa: S311 - the same libraries every time
    strays = random.Random(1)  # noqa: S311 - as above
    names: set[str] = set()
    for _ in range(TIMES):
        lists = tuple(chance.sample(LISTS, chance.randint(1, len(LISTS))))
        entries = [random_entry(number, chance, lists) for number in range(chance.choice([2, 5, 10, 25]))]
        entries = [msgspec.structs.replace(one, stage=strays.choice(("", "draft", "final"))) for one in entries]
        if chance.random() < 0.5:
            entries.insert(0, Entry(f"{strays.choice(NAMES)}.md", "", left_alone="the file is empty"))
        whole = findings(engine, Library.build(entries, specs))
        for target_paths in (frozenset((chance.choice(entries).path,)), frozenset(one.path for one in entries[:3])):
            expected = [finding for finding in whole if finding.path in target_paths]
            names.update(finding.rule for finding in expected)
            assert findings(engine, Library.build(entries, specs, target_paths.__contains__)) == expected
            assert (
                findings(
                    engine, Library.of(LazyIndex(MemoryStore(entries, target_paths), specs), target_paths.__contains__)
                )
                == expected
            )
    assert names == {rule.name for rule in select(registry, specs, pedantic=True).library_rules}


def test_an_excerpt_answers_as_a_mapping_of_everything(specs: SpecRegistry) -> None:
    chance = random.Random(7)  # noqa: S311 - the same libraries every time
    for _ in range(TIMES // 10):
        entries = [random_entry(number, chance, LISTS) for number in range(12)]
        whole = LibraryIndex(entries, specs)
        part = LazyIndex(MemoryStore(entries, frozenset()), specs)
        for name in ("by_slug", "by_id", "by_title", "by_name", "by_path"):
            for key in (*NAMES, "nothing", *(f"pat_{one}" for one in NAMES), "1.md", "99.md"):
                assert getattr(part, name).get(key) == getattr(whole, name).get(key), (name, key)
        for kinds in (("requires", ""), ("generalizes_from", "specializes_to")):
            ways = {path: ways for path in whole.by_path if (ways := part.graph(*kinds)[path])}
            assert ways == whole.graph(*kinds)
        for name in NAMES:
            assert (name in part.referenced_names) == (name in whole.referenced_names)
        assert part.entries == whole.entries
        assert dict(part.by_alias) == dict(whole.by_alias)
        assert part.graph("requires").keys() == whole.graph("requires").keys()
        assert len(part.by_slug) == len(whole.by_slug)
        assert len(part.by_path) == len(whole.entries)


def test_no_rule_asks_for_everything(specs: SpecRegistry, registry: Registry) -> None:
    """As long as there are few patterns around the one that is asked about, however many there are elsewhere."""
    engine = Linter(select(registry, specs, pedantic=True))
    links = (
        Link("requires", 0, "requires", "near", 1, 2),
        Link("generalizes_from", 0, "generalizes_from", "gone", 1, 2),
        Link("complementary", 0, "complementary", "near", 1, 2),
    )
    far = [Entry(f"{number}.md", "7.1", f"pat_{number}", f"far-{number}", f"Far {number}") for number in range(100)]
    near = Entry("near.md", "7.1", "pat_near", "near", "Near")
    store = MemoryStore(
        [Entry("asked.md", "7.1", "pat_a", "asked", "Asked", ("Near",), links, alias_spans=((1, 2),)), near, *far],
        frozenset(("asked.md",)),
    )
    found = findings(engine, Library.of(LazyIndex(store, specs), "asked.md".__eq__))
    assert {finding.rule for finding in found} == {"dangling-target", "alias-collision", "missing-reciprocal"}
    assert not store.whole
    assert store.handed_out == {"asked.md", "near.md", "0.md"}
