"""Where the entries of a library come from.

A rule looks entries up by lookup keys: their names and the names that they reference. `MemoryStore` holds all entries;
other stores load an entry when a lookup finds it, because one file in fifty thousand depends on a few dozen others.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import chain
from typing import NamedTuple

from patternlint.document.identifiers import is_document_name, word_prefixes
from patternlint.document.links import INFERRED
from patternlint.library.entry import Entry, fold_title, is_template, names_of
from patternlint.library.link_graph import ChangedGraph, LinkGraph
from patternlint.library.slug_suggestions import SlugSuggester

HUB = "hub"
TYPEID = "typeid"
STEM = "stem"
BRIEF = "brief"
PREFIX = "prefix"
LABEL = "label"
TEXT = "text"
ELSEWHERE = "elsewhere"
REFERENCED = "referenced"
_LINK = "link "
_MIN_REBUILT = 0.1  # the share of changed entries from which new indexes are faster than lookups in two stores
_STRAY = "stray"
_TEMPLATE = "template"

_NAMES: Mapping[str, Callable[[Entry], Collection[str]]] = {
    "slug": lambda entry: (entry.slug,),
    "id": lambda entry: (entry.id,),
    "title": lambda entry: (fold_title(entry.title),),
    "alias": lambda entry: set(map(fold_title, entry.aliases)),
    "name": names_of,
    HUB: lambda entry: {hub.target for hub in entry.hubs},
    TYPEID: lambda entry: {link.typeid for link in entry.links},
    BRIEF: lambda entry: (entry.brief_slug or entry.slug,),
    PREFIX: lambda entry: word_prefixes(entry.slug),
    LABEL: lambda entry: {node.key for node in entry.nodes},
    STEM: lambda entry: (entry.stem,) if entry.stem != entry.slug else (),
    TEXT: lambda entry: {text_key(link.name) for link in entry.text_links},
    ELSEWHERE: lambda entry: (ELSEWHERE,) if any(link.leaves_folder for link in entry.text_links) else (),
    REFERENCED: lambda entry: entry.foreign_targets,
    _TEMPLATE: lambda entry: (_TEMPLATE,) if is_template(entry) else (),
}


def text_key(name: str) -> str:
    """Return the lookup key for a name in the text: folded, since a title may lead to a pattern, if that leaves anything."""
    return fold_title(name) or name


def link_kind(relation: str) -> str:
    """Return the kind of lookup keys for the targets of links under a relationship, or `INFERRED`."""
    return _LINK + relation


def keys_of(entry: Entry, kind: str) -> Collection[str]:
    """Return the lookup keys of an entry of one kind: its names of this kind, or the names that it references."""
    if entry.left_alone:
        return (entry.stem,) if kind == _STRAY and not is_document_name(entry.path) else ()
    names = _NAMES.get(kind)
    if names is not None:
        return [name for name in names(entry) if name]
    relation = kind.removeprefix(_LINK)
    return {link.target for link in entry.links if link.relation == relation}


def lookup_keys(entry: Entry) -> set[tuple[str, str]]:
    """Return all lookup keys of an entry, each with its kind."""
    kinds = (_STRAY,) if entry.left_alone else _NAMES
    keys = {(kind, name) for kind in kinds for name in keys_of(entry, kind)}
    return keys.union([(link_kind(link.relation), link.target) for link in entry.links])


class PatternGroup(NamedTuple):
    """What patterns that are counted together have in common: the folder, as in their paths, and the specification."""

    folder: str
    spec: str
    internal: bool


def _sums(counts: Iterable[tuple[str, int]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for name, count in counts:
        found[name] += count
    return found


class EntryStore(ABC):
    """The entries of all files of a library. An entry is the same object each time that it is returned.

    Args:
        relations: the relationships of all specifications.
    """

    def __init__(self, relations: Iterable[str]) -> None:
        self.relations = frozenset(relations)
        self._graphs: dict[tuple[str, str], LinkGraph] = {}
        self._label_ids: dict[str, Mapping[str, int]] = {}

    @abstractmethod
    def find(self, kind: str, name: str) -> Sequence[Entry]:
        """Return the entries with a lookup key (see `keys_of`), in the order of their paths."""

    @abstractmethod
    def get(self, path: str) -> Entry | None:
        """Return the entry of a file, by its path as displayed."""

    def get_all(self, paths: Iterable[str]) -> Iterator[Entry]:
        """Yield the entries of those files that have one, in order."""
        return filter(None, map(self.get, paths))

    @cached_property
    def everything(self) -> Sequence[Entry]:
        """All entries, in the order of their paths."""
        return self._everything()

    @abstractmethod
    def _everything(self) -> Sequence[Entry]: ...

    @cached_property
    def left_alone(self) -> Sequence[Entry]:
        """The files that are not patterns, in the order of their paths."""
        return self._left_alone()

    @abstractmethod
    def _left_alone(self) -> Sequence[Entry]: ...

    @abstractmethod
    def slugs(self) -> Iterator[str]:
        """Yield the slug of every pattern that has one."""

    @abstractmethod
    def ids(self) -> Iterator[str]:
        """Yield the id of every pattern that has one."""

    @cached_property
    def pattern_groups(self) -> Counter[PatternGroup]:
        """The number of patterns in each group."""
        return self._count_groups()

    @abstractmethod
    def _count_groups(self) -> Counter[PatternGroup]: ...

    @cached_property
    def pattern_counts(self) -> Counter[str]:
        """The number of patterns by folder."""
        return _sums((group.folder, count) for group, count in self.pattern_groups.items())

    @cached_property
    def own_counts(self) -> Counter[str]:
        """The number of internal patterns by specification."""
        return _sums((group.spec, count) for group, count in self.pattern_groups.items() if group.internal)

    @cached_property
    def patterns(self) -> tuple[Entry, ...]:
        """The entries of all patterns, in the order of their paths."""
        return tuple([entry for entry in self.everything if not entry.left_alone])

    def index(self, kind: str) -> Mapping[str, tuple[Entry, ...]]:
        """Return the entries by their lookup keys of one kind."""
        return _Index(self, kind)

    def is_referenced(self, name: str) -> bool:
        """Return whether another pattern has a slug or id among its curated links or hubs."""
        return bool(self.find(REFERENCED, name))

    def naming(self, name: str) -> Sequence[Entry]:
        """Return the patterns with a name among the targets of their links and hubs, in the order of their paths."""
        kinds = (HUB, *map(link_kind, (*sorted(self.relations), INFERRED)))
        found = {entry.path: entry for kind in kinds for entry in self.find(kind, name)}
        return sorted(found.values(), key=lambda entry: entry.path)

    def resolve(self, target: str) -> Entry | None:
        """Return the pattern whose slug or id is `target`; the first by path if there are several."""
        found = self.find("slug", target) or self.find("id", target)
        return found[0] if found else None

    def pattern_paths(self) -> Sequence[str]:
        """Return the paths of all patterns, sorted."""
        return [entry.path for entry in self.patterns]

    def linking(self, relation: str, name: str) -> Sequence[Entry]:
        """Return the patterns with a link under a relationship to a name."""
        return self.find(link_kind(relation), name)

    def graph(self, forward: str, backward: str = "") -> LinkGraph:
        """Return the graph of the links under a relationship and its inverse, if any (see `LinkGraph`)."""
        graph = self._graphs.get((forward, backward))
        if graph is None:
            graph = self._graphs[forward, backward] = self._graph(forward, backward)
        return graph

    def _graph(self, forward: str, backward: str) -> LinkGraph:
        return LinkGraph(self, forward, backward)

    def label_ids(self, key: str) -> Mapping[str, int]:
        """Return the ids of the nodes of internal patterns with a label (see `GraphNode.key`), with the number of patterns."""
        found = self._label_ids.get(key)
        if found is None:
            found = self._label_ids[key] = self._count_label_ids(key)
        return found

    def _count_label_ids(self, key: str) -> Mapping[str, int]:
        entries = [entry for entry in self.find(LABEL, key) if entry.internal]
        return Counter(chain.from_iterable({node.id for node in entry.nodes if node.key == key} for entry in entries))

    def with_changes(self, changed: Mapping[str, Entry | None]) -> EntryStore:
        """Return these entries with others for some paths; None for a missing file."""
        return OverlayStore(self, changed) if changed else self

    def trim(self) -> None:  # noqa: B027 - most stores have nothing to forget
        """Forget entries that can be loaded again, if there are many. Those that are loaded later are other objects."""

    def left_alone_as(self, stem: str) -> Entry | None:
        """Return the file with this name, without extension, that is not a pattern, or None."""
        return next(iter(self.find(_STRAY, stem)), None)

    @cached_property
    def known_slugs(self) -> SlugSuggester:
        """The slugs that may be suggested."""
        return self._known_slugs()

    def _known_slugs(self) -> SlugSuggester:
        templates = Counter(entry.slug for entry in self.find(_TEMPLATE, _TEMPLATE))
        return SlugSuggester(Counter(self.slugs()) - templates)

    @cached_property
    def known_ids(self) -> SlugSuggester:
        """The ids that may be suggested."""
        return self._known_ids()

    def _known_ids(self) -> SlugSuggester:
        return SlugSuggester(self.ids())


class MemoryStore(EntryStore):
    """Entries in memory.

    Args:
        entries: the entries, in any order.
        relations: as for `EntryStore`.
    """

    def __init__(self, entries: Iterable[Entry], relations: Iterable[str]) -> None:
        super().__init__(relations)
        self._entries = sorted(entries, key=lambda entry: entry.path)
        self._indexes: dict[str, Mapping[str, tuple[Entry, ...]]] = {}

    def find(self, kind: str, name: str) -> Sequence[Entry]:
        return self.index(kind).get(name, ())

    def get(self, path: str) -> Entry | None:
        return self._by_path.get(path)

    @cached_property
    def _by_path(self) -> Mapping[str, Entry]:
        return {entry.path: entry for entry in self._entries}

    def _everything(self) -> Sequence[Entry]:
        return self._entries

    def _left_alone(self) -> Sequence[Entry]:
        return [entry for entry in self._entries if entry.left_alone]

    def slugs(self) -> Iterator[str]:
        return (entry.slug for entry in self.patterns if entry.slug)

    def ids(self) -> Iterator[str]:
        return (entry.id for entry in self.patterns if entry.id)

    def _count_groups(self) -> Counter[PatternGroup]:
        return Counter(PatternGroup(entry.folder, entry.spec, entry.internal) for entry in self.patterns)

    def index(self, kind: str) -> Mapping[str, tuple[Entry, ...]]:
        if kind not in self._indexes:
            found: defaultdict[str, list[Entry]] = defaultdict(list)
            for entry in self._entries:
                for name in keys_of(entry, kind):
                    found[name].append(entry)
            self._indexes[kind] = {name: tuple(entries) for name, entries in found.items()}
        return self._indexes[kind]

    def with_changes(self, changed: Mapping[str, Entry | None]) -> EntryStore:
        if len(changed) < _MIN_REBUILT * len(self._entries):
            return super().with_changes(changed)
        return MemoryStore(filter(None, {**self._by_path, **changed}.values()), self.relations)

    def naming(self, name: str) -> Sequence[Entry]:
        return [
            entry
            for entry in self.patterns
            if any(link.target == name for link in entry.links) or any(hub.target == name for hub in entry.hubs)
        ]

    def is_referenced(self, name: str) -> bool:
        return name in self._referenced

    @cached_property
    def _referenced(self) -> Collection[str]:
        """All names that `is_referenced` accepts: a small fraction of the size of the indexes."""
        return {name for entry in self.patterns for name in entry.foreign_targets}


class OverlayStore(EntryStore):
    """A store in which some files have other entries, are new, or are missing.

    Args:
        base: the store below.
        changed: the entries by path; None for a missing file.
    """

    def __init__(self, base: EntryStore, changed: Mapping[str, Entry | None]) -> None:
        super().__init__(base.relations)
        self._base = base
        self._changed = changed
        self._above = MemoryStore(filter(None, changed.values()), base.relations)
        self._hidden = MemoryStore(base.get_all(changed), base.relations)

    def _joined(self, below: Iterable[Entry], above: Iterable[Entry]) -> list[Entry]:
        kept = [entry for entry in below if entry.path not in self._changed]
        return sorted([*kept, *above], key=lambda entry: entry.path)

    def find(self, kind: str, name: str) -> Sequence[Entry]:
        below, above = self._base.find(kind, name), self._above.find(kind, name)
        return self._joined(below, above) if above or self._hidden.find(kind, name) else below

    def is_referenced(self, name: str) -> bool:
        if self._above.is_referenced(name):
            return True
        return super().is_referenced(name) if self._hidden.is_referenced(name) else self._base.is_referenced(name)

    def _count_label_ids(self, key: str) -> Mapping[str, int]:
        below, changes = self._base.label_ids(key), self._label_changes.get(key)
        return (
            +Counter({**below, **{one: below.get(one, 0) + change for one, change in changes.items()}})
            if changes
            else below
        )

    @cached_property
    def _label_changes(self) -> Mapping[str, Mapping[str, int]]:
        """By label, in how many more patterns it has each id than in the store below; only where that differs."""
        changes: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for store, sign in ((self._hidden, -1), (self._above, 1)):
            for nodes in (entry.nodes for entry in store.patterns if entry.internal):
                for key, identity in {(node.key, node.id) for node in nodes}:
                    changes[key][identity] += sign
        return {key: counts for key, counts in changes.items() if any(counts.values())}

    def _graph(self, forward: str, backward: str) -> LinkGraph:
        below = self._base.graph(forward, backward)
        different = [*self._hidden.everything, *self._above.everything]
        return ChangedGraph(self, self._base, below, self._changed, different)

    def get(self, path: str) -> Entry | None:
        return self._changed[path] if path in self._changed else self._base.get(path)

    def _everything(self) -> Sequence[Entry]:
        return self._joined(self._base.everything, self._above.everything)

    def _left_alone(self) -> Sequence[Entry]:
        return self._joined(self._base.left_alone, self._above.left_alone)

    def slugs(self) -> Iterator[str]:
        return self._names(lambda store: store.slugs())

    def ids(self) -> Iterator[str]:
        return self._names(lambda store: store.ids())

    def _known_slugs(self) -> SlugSuggester:
        slugs = {*self._above.slugs(), *self._hidden.slugs()}
        known = {slug for slug in slugs if not all(map(is_template, self.find("slug", slug)))}
        return self._base.known_slugs.with_changes(known, slugs - known)

    def _known_ids(self) -> SlugSuggester:
        ids = {*self._above.ids(), *self._hidden.ids()}
        known = set(filter(partial(self.find, "id"), ids))
        return self._base.known_ids.with_changes(known, ids - known)

    def _names(self, names: Callable[[EntryStore], Iterator[str]]) -> Iterator[str]:
        below = Counter(names(self._base))
        below.subtract(names(self._hidden))
        below.update(names(self._above))
        return below.elements()

    def _count_groups(self) -> Counter[PatternGroup]:
        counts = Counter(self._base.pattern_groups)
        counts.subtract(self._hidden.pattern_groups)
        counts.update(self._above.pattern_groups)
        return counts


class _Index(Mapping[str, tuple[Entry, ...]]):
    """The entries of a store by lookup keys of one kind."""

    def __init__(self, store: EntryStore, kind: str) -> None:
        self._store = store
        self._kind = kind

    def __getitem__(self, name: str) -> tuple[Entry, ...]:
        found = self._store.find(self._kind, name)
        if not found:
            raise KeyError(name)
        return tuple(found)

    @cached_property
    def _all(self) -> Mapping[str, tuple[Entry, ...]]:
        return MemoryStore(self._store.everything, ()).index(self._kind)

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)
