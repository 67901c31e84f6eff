"""A library index that loads entries on demand.

One file in fifty thousand depends on a few dozen others. A `LazyIndex` gives the same answers as a `LibraryIndex`, from
the entries that an `EntryStore` finds by lookup keys: their names and the names that they reference. Lookups that need
all entries load all of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import Protocol

from patternlint.document.identifiers import is_document_name
from patternlint.document.links import INFERRED
from patternlint.library.entry import Entry, fold_title, is_template, names_of
from patternlint.library.graph import Graph
from patternlint.library.index import DuplicateField, LibraryIndex
from patternlint.library.slug_suggestions import SlugSuggester
from patternlint.spec.model import SpecRegistry

MAX_LOOKUPS = 3_000  # more cost as much as loading every entry of a large library

_HUB = "hub"
_STRAY = "stray"
_TEMPLATE = "template"


def lookup_keys(entry: Entry) -> set[tuple[str, str]]:
    """Return the keys that find an entry: its names and the names that it references, each with its kind."""
    if entry.left_alone:
        return {(_STRAY, entry.stem)}
    found = {(link.relation, link.target) for link in entry.links if link.relation != INFERRED}
    if entry.slug:
        found.add(("slug", entry.slug))
    if entry.id:
        found.add(("id", entry.id))
    found.update([("name", fold_title(name)) for name in (entry.title, entry.slug) if name])
    found.update([("alias", fold_title(alias)) for alias in entry.aliases if alias])
    found.update([(_HUB, hub.target) for hub in entry.hubs])
    if is_template(entry):
        found.add((_TEMPLATE, ""))
    return found


class EntryStore(Protocol):
    """Stores the entries of a library. An entry is the same object each time that it is returned."""

    def find(self, kind: str, name: str) -> Iterable[Entry]:
        """Return all entries with this lookup key (see `lookup_keys`), and maybe others."""
        ...

    def slugs(self) -> Iterable[str]:
        """Return every slug."""
        ...

    def ids(self) -> Iterable[str]:
        """Return every id."""
        ...

    def targets(self) -> Iterable[Entry]:
        """Return the entries that diagnostics are reported for."""
        ...

    def everything(self) -> Iterable[Entry]:
        """Return every entry."""
        ...


class LazyIndex(LibraryIndex):
    """An index that loads entries from a store when they are looked up; for the arguments see `LibraryIndex`."""

    def __init__(
        self,
        store: EntryStore,
        specs: SpecRegistry,
        former: Mapping[str, str] = MappingProxyType({}),
        excluded: Sequence[str] = (),
    ) -> None:
        super().__init__(store.targets(), specs, former, excluded)
        self._store = store
        self._entry_by_path = {entry.path: entry for entry in self.target_candidates}
        self._lookups = 0
        self._relations = {route[-1] for spec in specs.all for route in spec.link_routes}

    @cached_property
    def whole(self) -> LibraryIndex:
        """The index of all entries."""
        return LibraryIndex(self._store.everything(), self.specs, self.former, self.excluded)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """See `LibraryIndex`."""
        return self.whole.entries

    def materialized(self) -> LibraryIndex | None:
        """Return the index of all entries if it exists, or if there are so many lookups that it pays; else None."""
        return self.whole if self._lookups > MAX_LOOKUPS or "whole" in self.__dict__ else None

    def find(self, kind: str, name: str) -> list[Entry]:
        """Return the entries that the store finds, in the order of their paths."""
        self._lookups += 1
        found = sorted(self._store.find(kind, name), key=lambda entry: entry.path)
        self._entry_by_path.update((entry.path, entry) for entry in found)
        return found

    @cached_property
    def strays(self) -> Sequence[Entry]:
        """See `LibraryIndex`."""
        mine = {entry.path for entry in self.left_alone}
        return tuple(entry for entry in self.whole.strays if entry.path in mine) if mine else ()

    def left_alone_as(self, stem: str) -> Entry | None:
        """See `LibraryIndex`."""
        found = self.find(_STRAY, stem)
        named = (one for one in found if one.left_alone and one.stem == stem and not is_document_name(one.path))
        return next(named, None)

    @cached_property
    def by_slug(self) -> Mapping[str, tuple[Entry, ...]]:
        """See `LibraryIndex`."""
        return _LazyLookup(self, "slug", lambda entry, slug: entry.slug == slug != "", lambda whole: whole.by_slug)

    @cached_property
    def by_id(self) -> Mapping[str, tuple[Entry, ...]]:
        """See `LibraryIndex`."""
        return _LazyLookup(self, "id", lambda entry, identity: entry.id == identity != "", lambda whole: whole.by_id)

    @cached_property
    def by_title(self) -> Mapping[str, tuple[Entry, ...]]:
        """See `LibraryIndex`."""
        return _LazyLookup(self, "name", _has_title, lambda whole: whole.by_title)

    @cached_property
    def by_alias(self) -> Mapping[str, tuple[Entry, ...]]:
        """See `LibraryIndex`."""
        return _LazyLookup(self, "alias", _has_alias, lambda whole: whole.by_alias)

    @cached_property
    def by_name(self) -> Mapping[str, tuple[Entry, ...]]:
        """See `LibraryIndex`."""
        return _LazyLookup(self, "name", lambda entry, name: name in names_of(entry), lambda whole: whole.by_name)

    @cached_property
    def by_path(self) -> Mapping[str, Entry]:
        """See `LibraryIndex`."""
        return _LazyPaths(self, self._entry_by_path)

    @cached_property
    def referenced_names(self) -> Container[str]:
        """See `LibraryIndex`."""
        return _LazyReferences(self, (*self._relations, _HUB))

    def graph(self, forward: str, backward: str = "") -> Graph:
        """See `LibraryIndex`."""
        return _LazyGraph(self, forward, backward)

    def duplicates(self, field: DuplicateField) -> Iterator[tuple[str, tuple[Entry, ...]]]:
        """See `LibraryIndex`."""
        index = {"id": self.by_id, "slug": self.by_slug, "title": self.by_title}[field]
        if field == "title":
            keys = {fold_title(entry.title): None for entry in self.target_candidates if entry.title}
        else:
            keys = {
                name: None for entry in self.target_candidates if (name := entry.id if field == "id" else entry.slug)
            }
        for key in keys:
            yield key, index[key]

    @cached_property
    def _known_slugs(self) -> SlugSuggester:
        templates = Counter(entry.slug for entry in self.find(_TEMPLATE, "") if is_template(entry))
        return SlugSuggester(Counter(self._store.slugs()) - templates)

    @cached_property
    def _known_ids(self) -> SlugSuggester:
        return SlugSuggester(self._store.ids())


def _has_title(entry: Entry, folded: str) -> bool:
    return bool(entry.title) and fold_title(entry.title) == folded


def _has_alias(entry: Entry, folded: str) -> bool:
    return any(fold_title(alias) == folded for alias in entry.aliases if alias)


class _LazyLookup(Mapping[str, tuple[Entry, ...]]):
    """Entries by one kind of name."""

    def __init__(
        self,
        index: LazyIndex,
        kind: str,
        has: Callable[[Entry, str], bool],
        of: Callable[[LibraryIndex], Mapping[str, tuple[Entry, ...]]],
    ) -> None:
        self._index = index
        self._kind = kind
        self._has = has
        self._of = of
        self._found: dict[str, tuple[Entry, ...]] = {}

    def __getitem__(self, name: str) -> tuple[Entry, ...]:
        found = self._found.get(name)
        if found is None:
            whole = self._index.materialized()
            if whole is not None:
                return self._of(whole)[name]
            found = tuple(entry for entry in self._index.find(self._kind, name) if self._has(entry, name))
            self._found[name] = found
        if not found:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._of(self._index.whole))

    def __len__(self) -> int:
        return len(self._of(self._index.whole))


class _LazyPaths(Mapping[str, Entry]):
    """Entries by path: the loaded ones, else all."""

    def __init__(self, index: LazyIndex, found: Mapping[str, Entry]) -> None:
        self._index = index
        self._found = found

    def __getitem__(self, path: str) -> Entry:
        return self._found[path] if path in self._found else self._index.whole.by_path[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._index.whole.by_path)

    def __len__(self) -> int:
        return len(self._index.whole.by_path)


class _LazyReferences:
    """The names that other patterns reference."""

    def __init__(self, index: LazyIndex, kinds: Iterable[str]) -> None:
        self._index = index
        self._kinds = tuple(kinds)

    def __contains__(self, name: object) -> bool:
        if not isinstance(name, str) or not name:
            return False
        return any(name in entry.foreign_targets for kind in self._kinds for entry in self._index.find(kind, name))


class _LazyGraph(Mapping[str, list[str]]):
    """A graph whose edges are computed for each node on demand."""

    def __init__(self, index: LazyIndex, forward: str, backward: str) -> None:
        self._index = index
        self._forward = forward
        self._backward = backward
        self._successors_of: dict[str, list[str]] = {}

    @cached_property
    def _all(self) -> Graph:
        return self._index.whole.graph(self._forward, self._backward)

    def __getitem__(self, path: str) -> list[str]:
        successors = self._successors_of.get(path)
        if successors is None:
            whole = self._index.materialized()
            successors = list(self._all.get(path, ())) if whole is not None else sorted(self._successors(path))
            self._successors_of[path] = successors
        return successors

    def _successors(self, path: str) -> set[str]:
        index = self._index
        one = index.by_path[path]
        found = {
            other.path
            for link in one.links
            if link.relation == self._forward and (other := index.resolve(link.target)) is not None
        }
        for name in {one.slug, one.id} - {""} if self._backward else ():
            for other in index.find(self._backward, name):
                if any(link.relation == self._backward and index.resolve(link.target) is one for link in other.links):
                    found.add(other.path)
        return found - {path}

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)
