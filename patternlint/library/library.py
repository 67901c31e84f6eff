"""The library that rules see: an index of all entries, and the entries that diagnostics are reported for."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from msgspec import Struct

from patternlint.library.entry import Entry
from patternlint.library.graph import Graph
from patternlint.library.index import LibraryIndex, Stray
from patternlint.spec.model import Spec, SpecRegistry


class Library(Struct, frozen=True, eq=False):
    """All patterns of a run. Iterating yields their entries in the order of their paths.

    Attributes:
        index: the entries and the lookups over them; restricted libraries share it.
        targets: the entries that diagnostics are reported for, in the order of their paths. A rule that iterates over
            these, and looks others up, is fast when only one file is linted.
        is_target: whether diagnostics about an entry are reported.
    """

    index: LibraryIndex
    targets: tuple[Entry, ...]
    is_target: Callable[[Entry], bool]

    @classmethod
    def of(cls, index: LibraryIndex, is_target_path: Callable[[str], bool] = lambda _: True) -> Library:
        """Return a library whose targets are the internal entries at certain paths."""

        def is_target(entry: Entry) -> bool:
            return entry.internal and is_target_path(entry.path)

        return cls(index, tuple(filter(is_target, index.target_candidates)), is_target)

    @classmethod
    def build(
        cls,
        entries: Iterable[Entry],
        specs: SpecRegistry,
        is_target_path: Callable[[str], bool] = lambda _: True,
        former: Mapping[str, str] = MappingProxyType({}),
        excluded: Sequence[str] = (),
    ) -> Library:
        """Return a library with an index of `entries`; for the arguments see `LibraryIndex` and `of`."""
        return cls.of(LibraryIndex(entries, specs, former, excluded), is_target_path)

    def restricted_to(self, versions: Container[str]) -> Library:
        """Return this library with only the targets that follow one of some versions of the specification."""
        is_target = self.is_target
        return Library(
            self.index,
            tuple([entry for entry in self.targets if entry.spec in versions]),
            lambda entry: entry.spec in versions and is_target(entry),
        )

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries of all patterns, in the order of their paths."""
        return self.index.entries

    @property
    def left_alone(self) -> Sequence[Entry]:
        """The files that are not patterns, in the order of their paths."""
        return self.index.left_alone

    @property
    def specs(self) -> SpecRegistry:
        """The specifications."""
        return self.index.specs

    @property
    def former(self) -> Mapping[str, str]:
        """Files that were patterns in an earlier state of the library; see `LibraryIndex`."""
        return self.index.former

    @property
    def strays(self) -> Sequence[Entry]:
        """The files that are not patterns and were probably meant as patterns."""
        return self.index.strays

    @property
    def by_slug(self) -> Mapping[str, tuple[Entry, ...]]:
        """The entries of each slug, in the order of their paths."""
        return self.index.by_slug

    @property
    def by_id(self) -> Mapping[str, tuple[Entry, ...]]:
        """The entries of each id, in the order of their paths."""
        return self.index.by_id

    @property
    def by_alias(self) -> Mapping[str, tuple[Entry, ...]]:
        """The entries of each folded alias, in the order of their paths."""
        return self.index.by_alias

    @property
    def by_name(self) -> Mapping[str, tuple[Entry, ...]]:
        """The entries of each folded title or slug, in the order of their paths."""
        return self.index.by_name

    @property
    def by_path(self) -> Mapping[str, Entry]:
        """The entry of each path."""
        return self.index.by_path

    @property
    def referenced_names(self) -> Container[str]:
        """The slugs and ids that other patterns name in curated links or as hubs."""
        return self.index.referenced_names

    def spec(self, entry: Entry) -> Spec | None:
        """Return the specification that an entry follows."""
        return self.specs.by_version.get(entry.spec)

    def graph(self, forward: str, backward: str = "") -> Graph:
        """Return which patterns each pattern leads to; see `LibraryIndex.graph`."""
        return self.index.graph(forward, backward)

    def resolve(self, target: str) -> Entry | None:
        """Return the pattern whose slug or id is `target`; the first by path if there are several."""
        return self.index.resolve(target)

    def contains(self, target: str) -> bool:
        """Return whether `target` is a slug or an id of the library."""
        return self.index.contains(target)

    def suggest(self, target: str, source: Entry) -> Entry | None:
        """Return the pattern that the unknown `target` in `source` was most likely meant to be, or None."""
        return self.index.suggest(target, source)

    def stray(self, target: str) -> Stray | None:
        """Return the file that has the name of the unknown `target` and is not a pattern, or None."""
        return self.index.stray(target)
