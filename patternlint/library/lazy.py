"""A library of which only that is fetched which somebody asks for.

One file in fifty thousand has to do with a few dozen others. An `Excerpt` answers every question as the whole `Library`
does, out of the entries that a `Shelf` finds by what they are called and by what they name. Questions that concern all
of them are answered too: then all are fetched.
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
from patternlint.library.library import DuplicateField, Library
from patternlint.library.slug_suggestions import SlugSuggester
from patternlint.spec.model import SpecRegistry

MOST = 3_000
"""So many questions cost as much as fetching every entry of a large library: then that is done."""

_HUB = "hub"
_STRAY = "stray"
_TEMPLATE = "template"


def lookup_keys(entry: Entry) -> set[tuple[str, str]]:
    """Return everything that an entry is found by: what it is called and what it names, each with what that is."""
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
    """Where the entries of a library lie. An entry is the same object whenever it is handed out."""

    def find(self, kind: str, name: str) -> Iterable[Entry]:
        """Return all entries that are found by this (see `found_by`), and maybe others."""
        ...

    def slugs(self) -> Iterable[str]:
        """Return every slug."""
        ...

    def ids(self) -> Iterable[str]:
        """Return every id."""
        ...

    def targets(self) -> Iterable[Entry]:
        """Return the entries that are asked about."""
        ...

    def everything(self) -> Iterable[Entry]:
        """Return every entry."""
        ...


class LazyLibrary(Library):
    """A library that looks on a shelf for what it is asked."""

    def __init__(
        self,
        shelf: EntryStore,
        specs: SpecRegistry,
        wanted: Callable[[str], bool],
        former: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Take the shelf; the rest as for `Library`."""
        super().__init__(shelf.targets(), specs, wanted, former)
        self._shelf = shelf
        self._entry_by_path = {entry.path: entry for entry in self._given}
        self._questions = 0
        self._lists = {route[-1] for spec in specs.all for route in spec.link_routes}

    @cached_property
    def whole(self) -> Library:
        """The whole library."""
        return Library(self._shelf.everything(), self.specs, self._wanted, self.former)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All entries, in the order of their paths."""
        return self.whole.entries

    def materialized(self) -> Library | None:
        """Return the whole library, when it is there or so much is asked that it is better fetched."""
        return self.whole if self._questions > MOST or "whole" in self.__dict__ else None

    def find(self, kind: str, name: str) -> list[Entry]:
        """Return the entries that the shelf finds, in the order of their paths."""
        self._questions += 1
        found = sorted(self._shelf.find(kind, name), key=lambda entry: entry.path)
        self._entry_by_path.update((entry.path, entry) for entry in found)
        return found

    @cached_property
    def strays(self) -> Sequence[Entry]:
        """See `Library`."""
        mine = {entry.path for entry in self.left_alone}
        return tuple(entry for entry in self.whole.strays if entry.path in mine) if mine else ()

    def left_alone_as(self, stem: str) -> Entry | None:
        """See `Library`."""
        found = self.find(_STRAY, stem)
        named = (one for one in found if one.left_alone and one.stem == stem and not is_document_name(one.path))
        return next(named, None)

    @cached_property
    def by_slug(self) -> Mapping[str, tuple[Entry, ...]]:
        """See `Library`."""
        return _Index(self, "slug", lambda entry, slug: entry.slug == slug != "", lambda whole: whole.by_slug)

    @cached_property
    def by_id(self) -> Mapping[str, tuple[Entry, ...]]:
        """See `Library`."""
        return _Index(self, "id", lambda entry, identity: entry.id == identity != "", lambda whole: whole.by_id)

    @cached_property
    def by_title(self) -> Mapping[str, tuple[Entry, ...]]:
        """See `Library`."""
        return _Index(self, "name", _has_title, lambda whole: whole.by_title)

    @cached_property
    def by_alias(self) -> Mapping[str, tuple[Entry, ...]]:
        """See `Library`."""
        return _Index(self, "alias", _has_alias, lambda whole: whole.by_alias)

    @cached_property
    def by_name(self) -> Mapping[str, tuple[Entry, ...]]:
        """See `Library`."""
        return _Index(self, "name", lambda entry, name: name in names_of(entry), lambda whole: whole.by_name)

    @cached_property
    def by_path(self) -> Mapping[str, Entry]:
        """See `Library`."""
        return _ByPath(self, self._entry_by_path)

    @cached_property
    def referenced_names(self) -> Container[str]:
        """See `Library`."""
        return _Named(self, (*self._lists, _HUB))

    def graph(self, forward: str, backward: str = "") -> Graph:
        """See `Library`."""
        return _Graph(self, forward, backward)

    def duplicates(self, what: DuplicateField) -> Iterator[tuple[str, tuple[Entry, ...]]]:
        """See `Library`."""
        index = {"id": self.by_id, "slug": self.by_slug, "title": self.by_title}[what]
        if what == "title":
            keys = {fold_title(entry.title): None for entry in self.targets if entry.title}
        else:
            keys = {name: None for entry in self.targets if (name := entry.id if what == "id" else entry.slug)}
        for key in keys:
            yield key, index[key]

    @cached_property
    def _known_slugs(self) -> SlugSuggester:
        templates = Counter(entry.slug for entry in self.find(_TEMPLATE, "") if is_template(entry))
        return SlugSuggester(Counter(self._shelf.slugs()) - templates)

    @cached_property
    def _known_ids(self) -> SlugSuggester:
        return SlugSuggester(self._shelf.ids())


def _has_title(entry: Entry, folded: str) -> bool:
    return bool(entry.title) and fold_title(entry.title) == folded


def _has_alias(entry: Entry, folded: str) -> bool:
    return any(fold_title(alias) == folded for alias in entry.aliases if alias)


class _Index(Mapping[str, tuple[Entry, ...]]):
    """Entries by something that they are called."""

    def __init__(
        self,
        excerpt: LazyLibrary,
        kind: str,
        has: Callable[[Entry, str], bool],
        of: Callable[[Library], Mapping[str, tuple[Entry, ...]]],
    ) -> None:
        self._excerpt = excerpt
        self._kind = kind
        self._has = has
        self._of = of
        self._found: dict[str, tuple[Entry, ...]] = {}

    def __getitem__(self, name: str) -> tuple[Entry, ...]:
        found = self._found.get(name)
        if found is None:
            whole = self._excerpt.materialized()
            if whole is not None:
                return self._of(whole)[name]
            found = tuple(entry for entry in self._excerpt.find(self._kind, name) if self._has(entry, name))
            self._found[name] = found
        if not found:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._of(self._excerpt.whole))

    def __len__(self) -> int:
        return len(self._of(self._excerpt.whole))


class _ByPath(Mapping[str, Entry]):
    """Entries by their path: those that were found before, or else all."""

    def __init__(self, excerpt: LazyLibrary, found: Mapping[str, Entry]) -> None:
        self._excerpt = excerpt
        self._found = found

    def __getitem__(self, path: str) -> Entry:
        return self._found[path] if path in self._found else self._excerpt.whole.by_path[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._excerpt.whole.by_path)

    def __len__(self) -> int:
        return len(self._excerpt.whole.by_path)


class _Named:
    """What is named by patterns that are not called so."""

    def __init__(self, excerpt: LazyLibrary, kinds: Iterable[str]) -> None:
        self._excerpt = excerpt
        self._kinds = tuple(kinds)

    def __contains__(self, name: object) -> bool:
        if not isinstance(name, str) or not name:
            return False
        return any(name in entry.foreign_targets for kind in self._kinds for entry in self._excerpt.find(kind, name))


class _Graph(Mapping[str, list[str]]):
    """Which pattern leads to which: worked out where somebody goes."""

    def __init__(self, excerpt: LazyLibrary, forward: str, backward: str) -> None:
        self._excerpt = excerpt
        self._forward = forward
        self._backward = backward
        self._ways: dict[str, list[str]] = {}

    @cached_property
    def _all(self) -> Graph:
        return self._excerpt.whole.graph(self._forward, self._backward)

    def __getitem__(self, path: str) -> list[str]:
        ways = self._ways.get(path)
        if ways is None:
            whole = self._excerpt.materialized()
            ways = list(self._all.get(path, ())) if whole is not None else sorted(self._others(path))
            self._ways[path] = ways
        return ways

    def _others(self, path: str) -> set[str]:
        excerpt = self._excerpt
        one = excerpt.by_path[path]
        found = {
            other.path
            for link in one.links
            if link.relation == self._forward and (other := excerpt.resolve(link.target)) is not None
        }
        for name in {one.slug, one.id} - {""} if self._backward else ():
            for other in excerpt.find(self._backward, name):
                if any(link.relation == self._backward and excerpt.resolve(link.target) is one for link in other.links):
                    found.add(other.path)
        return found - {path}

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)
