"""Every store gives the same findings, and a change concerns all files whose findings it changes."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Iterable, Iterator

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.document.links import INFERRED, Link
from patternlint.document.text_links import TextLink
from patternlint.gate.finding_key import finding_key
from patternlint.library.concern import concerned
from patternlint.library.entry import Entry, GraphNode, Hub
from patternlint.library.library import Library
from patternlint.library.store import EntryStore, MemoryStore, PatternGroup, keys_of, lookup_keys
from patternlint.linter.linter import Linter
from patternlint.linter.registry import Registry, built_in_rules
from patternlint.linter.selection import select
from patternlint.spec.loader import load_specs
from patternlint.spec.model import Flow, SpecRegistry


def with_stages(specs: SpecRegistry) -> SpecRegistry:
    """Return the specs with stages, which no built-in one has."""
    flow = Flow("stage", ("draft", "final"))
    replace = msgspec.structs.replace
    return SpecRegistry(replace(one, relationships=replace(one.relationships, flow=flow)) for one in specs.all)


SPECS = with_stages(load_specs())
REGISTRY = Registry(built_in_rules())
LISTS = ("requires", "enables", "generalizes_from", "specializes_to", "complementary", "alternatives", INFERRED)
NAMES = (
    *("garden", "wild-garden", "garden-wild", "wild-gardens", "ce-garden", "wilder-garden", "Wild Garden", "w_g"),
    *("open-table", "long-open-table", "opening-table", "pat_x", "…", "", "öven", "a-b-c", "a-b-d", "a-bee-c"),
)
LABELED = (
    ("Trust", "trust"),
    ("trust!", "trust"),
    ("Trust", "vertrauen"),
    ("Öven", "oven"),
    ("Öven", "öven"),
    ("…", "x"),
)
TIMES = 250


class LookupStore(EntryStore):
    """Entries that are found by their lookup keys, as in the cache; lookups and entries handed out are recorded."""

    def __init__(self, entries: Iterable[Entry], relations: Iterable[str]) -> None:
        super().__init__(relations)
        self._entries = sorted(entries, key=lambda entry: entry.path)
        self._keys = {entry.path: lookup_keys(entry) for entry in self._entries}
        self.handed_out: set[str] = set()
        self.lookups: list[tuple[str, str]] = []
        self.whole = False

    def _counted(self, entries: Iterable[Entry]) -> list[Entry]:
        found = list(entries)
        self.handed_out.update(entry.path for entry in found)
        return found

    def find(self, kind: str, name: str) -> list[Entry]:
        self.lookups.append((kind, name))
        return self._counted(entry for entry in self._entries if (kind, name) in self._keys[entry.path])

    def get(self, path: str) -> Entry | None:
        return next(iter(self._counted(entry for entry in self._entries if entry.path == path)), None)

    def _everything(self) -> list[Entry]:
        self.whole = True
        return self._entries

    def _left_alone(self) -> list[Entry]:
        return [entry for entry in self._entries if entry.left_alone]

    def _count_groups(self) -> Counter[PatternGroup]:
        patterns = [entry for entry in self._entries if not entry.left_alone]
        return Counter(PatternGroup(entry.folder, entry.spec, entry.internal) for entry in patterns)

    def slugs(self) -> Iterator[str]:
        return (entry.slug for entry in self._entries if entry.slug)

    def ids(self) -> Iterator[str]:
        return (entry.id for entry in self._entries if entry.id)


def stores(entries: list[Entry], relations: Iterable[str], chance: random.Random) -> Iterator[EntryStore]:
    """Yield stores of all kinds with the same entries."""
    yield MemoryStore(entries, relations)
    yield LookupStore(entries, relations)
    below = [entry for entry in entries if chance.random() < 0.8]
    others = [random_entry(number, chance, LISTS) for number in chance.sample(range(40), 5)]
    below += [entry for entry in others if entry.path not in {one.path for one in below}]
    above: dict[str, Entry | None] = {entry.path: None for entry in below}
    for entry in entries:
        if entry in below and chance.random() < 0.8:
            del above[entry.path]
        else:
            above[entry.path] = entry
    yield LookupStore(below, relations).with_changes(above)
    yield MemoryStore(below, relations).with_changes(above)


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
    broken = chance.random() < 0.05
    return Entry(
        path_of(number),
        "" if broken else chance.choice(["7.1", "7.1", "8.2", "1.3"]),
        identity(),
        name(),
        name().replace("-", " ").title(),
        aliases,
        links,
        hubs,
        chance.choice([None, 0, 2, 3, 4]),
        alias_spans=((1, 2),) * len(aliases),
        failed_to_parse=broken or chance.random() < 0.05,
        has_template_summary=chance.random() < 0.05,
        internal=chance.random() < 0.9,
        stage=chance.choice(("", "draft", "final")),
        packed_nodes=random_nodes(chance),
        text_links=tuple(random_text_link(at * 9, chance) for at in range(chance.choice([0, 0, 1, 3]))),
    )


def random_nodes(chance: random.Random) -> bytes:
    nodes = [
        GraphNode(chance.choice(("entities", "communities")), at, *chance.choice(LABELED), at * 9, at * 9 + 4, True)  # noqa: FBT003
        for at in range(chance.choice([0, 0, 1, 2]))
    ]
    return msgspec.msgpack.encode(nodes) if nodes else b""


def random_text_link(start: int, chance: random.Random) -> TextLink:
    name = chance.choice(NAMES)
    path = path_of(chance.randint(0, 25))
    destinations = (
        name,
        f"pat_{name}",
        name.title(),
        f"{name}.md",
        path,
        f"./{path}#a",
        f"../{path}",
        "../1.md",
        "sub",
        "5",
    )
    return TextLink(start, start + 4, chance.choice(destinations), is_wiki=chance.random() < 0.3)


def path_of(number: int) -> str:
    """Return a path; most files are in one of several folders."""
    return f"{('', 'sub/', 'sub/a/', 'b/', '')[number % 5]}{number}.md"


def findings(engine: Linter, library: Library) -> list[Diagnostic]:
    return engine.lint_library(library, lambda _: frozenset())


def test_rules_report_the_same_from_every_store(registry: Registry) -> None:
    specs = SPECS
    engine = Linter(select(registry, specs, pedantic=True))
    chance = random.Random(20_261_123)  # noqa: S311 - the same libraries every time
    strays = random.Random(1)  # noqa: S311 - as above
    names: set[str] = set()
    for _ in range(TIMES):
        lists = tuple(chance.sample(LISTS, chance.randint(1, len(LISTS))))
        entries = [random_entry(number, chance, lists) for number in range(chance.choice([2, 5, 10, 25]))]
        if chance.random() < 0.5:
            entries.insert(0, Entry(f"{strays.choice(NAMES)}.md", "", left_alone="the file is empty"))
        whole = findings(engine, Library.build(entries, specs))
        for target_paths in (frozenset((chance.choice(entries).path,)), frozenset(one.path for one in entries[:3])):
            expected = [finding for finding in whole if finding.path in target_paths]
            names.update(finding.rule for finding in expected)
            for store in stores(entries, specs.relations, strays):
                candidates = [entry for path in sorted(target_paths) if (entry := store.get(path)) is not None]
                library = Library.of(store, specs, candidates, target_paths.__contains__)
                assert findings(engine, library) == expected
    rules = {rule.name for rule in select(registry, specs, pedantic=True).library_rules}
    elsewhere = {*registry.groups["shape"], "id-changed"}  # about the library, or about an earlier revision
    assert names == rules - elsewhere


def test_every_store_has_the_same_entries(specs: SpecRegistry) -> None:
    chance = random.Random(7)  # noqa: S311 - the same libraries every time
    for _ in range(TIMES // 10):
        entries = [random_entry(number, chance, LISTS) for number in range(12)]
        whole, *others = (Library.of(store, specs, ()) for store in stores(entries, specs.relations, chance))
        for part in others:
            for name in ("by_slug", "by_id", "by_title", "by_alias", "by_name"):
                for key in (*NAMES, "nothing", *(f"pat_{one}" for one in NAMES), "sub/1.md", "5.md", "99.md"):
                    assert getattr(part, name).get(key) == getattr(whole, name).get(key), (name, key)
                assert dict(getattr(part, name)) == dict(getattr(whole, name))
            for kinds in (("requires", ""), ("generalizes_from", "specializes_to")):
                assert dict(part.graph(*kinds)) == dict(whole.graph(*kinds))
            for name in (*NAMES, "sub/1.md", "5.md", "99.md"):
                assert part.is_referenced(name) == whole.is_referenced(name)
                assert [entry.path for entry in part.store.naming(name)] == [
                    entry.path for entry in whole.store.naming(name)
                ]
                assert part.entry(name) == whole.entry(name)
                assert part.stray(name) == whole.stray(name)
            assert part.entries == whole.entries
            assert Counter(part.store.slugs()) == Counter(whole.store.slugs())
            assert Counter(part.store.ids()) == Counter(whole.store.ids())
            assert +Counter(part.store.pattern_counts) == Counter(whole.store.pattern_counts)
            assert +Counter(part.store.own_counts) == Counter(whole.store.own_counts)


def test_a_library_is_whole_if_all_patterns_of_its_specifications_are_targets(specs: SpecRegistry) -> None:
    entries = [
        Entry("a/1.md", "8.2"),
        Entry("a/2.md", "8.2"),
        Entry("b/1.md", "7.1"),
        Entry("b/2.md", "8.2", internal=False),
        Entry("b/3.md", "8.2", left_alone="the file is empty"),
    ]
    whole = Library.build(entries, specs)
    assert whole.is_whole
    assert whole.restricted_to({"8.2"}).is_whole
    assert not whole.restricted_to({"1.3"}).is_whole
    for targets, is_whole in (({"a/1.md", "a/2.md"}, True), ({"a/1.md"}, False), ({"a/1.md", "b/1.md"}, False)):
        assert Library.build(entries, specs, targets.__contains__).is_whole == is_whole
    renamed = {"a/2.md": None, "b/2.md": Entry("b/2.md", "8.2")}
    store = LookupStore(entries, specs.relations).with_changes(renamed)
    for targets, is_whole in (({"a/1.md", "b/2.md"}, True), ({"a/1.md"}, False)):
        assert Library.of(store, specs, store.get_all(sorted(targets)), targets.__contains__).is_whole == is_whole


def test_a_change_of_entries_in_memory_keeps_the_indexes(specs: SpecRegistry, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [Entry(f"{number:03}.md", "7.1", "", f"s-{number}") for number in range(100)]
    base = MemoryStore(entries, specs.relations)
    assert base.find("slug", "s-7") == (entries[7],)
    indexed: list[str] = []

    def counting(entry: Entry, kind: str) -> Collection[str]:
        indexed.append(entry.path)
        return keys_of(entry, kind)

    monkeypatch.setattr("patternlint.library.store.keys_of", counting)
    changed = Entry("050.md", "7.1", "", "other")
    after = base.with_changes({changed.path: changed})
    assert after.find("slug", "other") == [changed]
    assert after.find("slug", "s-7") == (entries[7],)
    assert not after.find("slug", "s-50")
    assert set(indexed) == {changed.path}


def test_a_change_computes_only_the_successors_that_it_affects(specs: SpecRegistry) -> None:
    def entry(number: int, slug: str) -> Entry:
        link = Link("requires", 0, "requires", f"s-{number + 1}", 1, 2)
        return Entry(f"{number:03}.md", "7.1", "", slug, links=(link,))

    entries = {one.path: one for one in (entry(number, f"s-{number}") for number in range(100))}
    store = LookupStore(entries.values(), specs.relations)
    assert len(dict(store.graph("requires"))["000.md"]) == 1
    store.lookups.clear()
    changed = entry(50, "other")
    graph = store.with_changes({changed.path: changed}).graph("requires")
    found = {path: graph[path] for path in entries}
    whole = MemoryStore({**entries, changed.path: changed}.values(), specs.relations)
    assert found == dict(whole.graph("requires"))
    assert {name for _, name in store.lookups} == {"s-50", "s-51"}


@settings(deadline=None)
@given(st.integers())
def test_findings_change_only_in_files_that_a_change_concerns(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - hypothesis chooses the seed
    engine = Linter(select(REGISTRY, SPECS, pedantic=True))
    lists = tuple(chance.sample(LISTS, chance.randint(1, len(LISTS))))
    before = {entry.path: entry for entry in (random_entry(one, chance, lists) for one in range(chance.randint(1, 20)))}
    after = dict(before)
    for _ in range(chance.randint(1, 3)):
        number = chance.randint(0, 20)
        path = path_of(number)
        after.pop(path, None)
        if chance.random() < 0.7:
            after[path] = random_entry(number, chance, lists)
        if chance.random() < 0.2:
            after[path] = Entry(path, "", left_alone="the file is empty")
    changes = [(before.get(path), after.get(path)) for path in {*before, *after} if before.get(path) != after.get(path)]
    libraries = [Library.build(entries.values(), SPECS) for entries in (before, after)]
    paths = concerned(libraries[0], libraries[1], changes)
    keys = [
        Counter(
            (finding.path, *finding_key(finding)) for finding in findings(engine, library) if finding.path not in paths
        )
        for library in libraries
    ]
    assert keys[0] == keys[1]


def test_a_cycle_through_a_pattern_without_a_name_concerns_all_of_its_patterns() -> None:
    def entry(path: str, slug: str, *links: tuple[str, str]) -> Entry:
        found = [Link(kind, at, kind, target, 0, 4, "slug", 0.5, "", 0, 0) for at, (kind, target) in enumerate(links)]
        return Entry(f"{path}.md", "7.1", "", slug, links=tuple(found))

    others = [
        entry("a", "one", ("generalizes_from", "two")),
        entry("b", "two"),
        entry("c", "three", ("generalizes_from", "one")),
    ]
    before = entry("d", "", ("specializes_to", "two"))
    after = entry("d", "", ("specializes_to", "two"), ("generalizes_from", "three"))
    libraries = [Library.build([*others, one], SPECS) for one in (before, after)]
    assert concerned(libraries[0], libraries[1], [(before, after)]) == {"a.md", "b.md", "c.md", "d.md"}


def test_no_rule_loads_the_whole_library(specs: SpecRegistry, registry: Registry) -> None:
    """As long as there are few patterns around a target, however many there are elsewhere."""
    engine = Linter(select(registry, specs, pedantic=True))
    links = (
        Link("requires", 0, "requires", "near", 1, 2),
        Link("generalizes_from", 0, "generalizes_from", "gone", 1, 2),
        Link("complementary", 0, "complementary", "near", 1, 2),
    )
    far = [Entry(f"{number}.md", "7.1", f"pat_{number}", f"far-{number}", f"Far {number}") for number in range(100)]
    near = Entry("near.md", "7.1", "pat_near", "near", "Near")
    target = Entry("target.md", "7.1", "pat_a", "target", "Target", ("Near",), links, alias_spans=((1, 2),))
    store = LookupStore([target, near, *far], specs.relations)
    found = findings(engine, Library.of(store, specs, [target], "target.md".__eq__))
    assert {finding.rule for finding in found} == {"dangling-target", "alias-collision", "missing-reciprocal"}
    assert not store.whole
    assert store.handed_out == {"target.md", "near.md"}
