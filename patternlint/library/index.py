"""Lookups over the entries of a library: by name, the graph, and suggestions for unknown names."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Literal

from msgspec import Struct

from patternlint.document.identifiers import is_document_name
from patternlint.library.entry import Entry, fold_title, is_template, names_of
from patternlint.library.graph import Graph
from patternlint.library.slug_suggestions import SlugSuggester
from patternlint.parser.delimiters import LFS_POINTER
from patternlint.parser.parser import UNMATCHED
from patternlint.spec.model import SpecRegistry

DuplicateField = Literal["id", "slug", "title"]
"""What no two patterns should have in common."""

_MIN_PATTERNS = 10  # in a folder in which other files are probably meant as patterns
_MIN_SHARE = 0.9  # of the Markdown files in it


class Stray(Struct, frozen=True):
    """A file that has the name of an unknown target and is not a pattern of the library.

    Attributes:
        path: the path, as displayed.
        reason: why it is not a pattern, to follow "which is".
        remedy: what to do about it, as an imperative clause.
    """

    path: str
    reason: str
    remedy: str


def _stray_of(entry: Entry) -> Stray:
    path, reason = entry.path, entry.left_alone
    if reason == UNMATCHED:
        return Stray(path, f"not checked: {reason}", f"add `{path}` to `patterns` in the configuration")
    return Stray(path, f"not a pattern: {reason}", f"repair `{path}`")


def _excluded_file(path: str) -> Stray:
    remedy = f"change `exclude` in the configuration so that it does not match `{path}`"
    return Stray(path, "excluded by the configuration", remedy)


def _is_pointer(entry: Entry) -> bool:
    """Return whether a file is a pointer of Git LFS, which probably stands for a pattern."""
    return entry.left_alone == LFS_POINTER


class LibraryIndex:
    """The entries of a library and lookups over them, each computed on first use.

    Args:
        entries: all entries in any order, including those of files that are not patterns.
        specs: the specifications that they follow.
        former: paths of files that were patterns in an earlier state of the library and are none now, each with the
            version of the specification that it followed.
        excluded: the paths of the Markdown files that the configuration excludes, sorted.

    Attributes:
        target_candidates: the entries that targets are chosen from, in the order of their paths.
        left_alone: the files that are not patterns, in the order of their paths.
    """

    def __init__(
        self,
        entries: Iterable[Entry],
        specs: SpecRegistry,
        former: Mapping[str, str] = MappingProxyType({}),
        excluded: Sequence[str] = (),
    ) -> None:
        ordered = sorted(entries, key=lambda entry: entry.path)
        self.target_candidates = tuple([entry for entry in ordered if not entry.left_alone])
        self.left_alone: Sequence[Entry] = tuple([entry for entry in ordered if entry.left_alone])
        self.specs = specs
        self.former = former
        self.excluded = excluded

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries of all patterns, in the order of their paths."""
        return self.target_candidates

    @cached_property
    def strays(self) -> Sequence[Entry]:
        """The files that are not patterns and were probably meant as patterns, in the order of their paths.

        Those are files that were patterns before, and files in a folder with many patterns and few other files.
        """
        former = self.former
        likely = [
            entry
            for entry in self.left_alone
            if entry.internal and (entry.path in former or not is_document_name(entry.path))
        ]
        if not likely:
            return ()
        patterns = Counter(entry.folder for entry in (*self.entries, *filter(_is_pointer, likely)))
        others = Counter(entry.folder for entry in likely if not _is_pointer(entry))

        def is_stray(entry: Entry) -> bool:
            count = patterns[entry.folder]
            enough = count >= _MIN_PATTERNS and count >= _MIN_SHARE * (count + others[entry.folder])
            return enough or entry.path in former

        return tuple(filter(is_stray, likely))

    def stray(self, target: str) -> Stray | None:
        """Return the file that has the name of the unknown `target` and is not a pattern, or None."""
        entry = self.left_alone_as(target)
        if entry is not None:
            return _stray_of(entry)
        path = self._excluded_by_stem.get(target)
        return _excluded_file(path) if path is not None else None

    def left_alone_as(self, stem: str) -> Entry | None:
        """Return the file with this name, without extension, that is not a pattern, or None."""
        return self._left_alone_by_stem.get(stem)

    @cached_property
    def _left_alone_by_stem(self) -> Mapping[str, Entry]:
        return {entry.stem: entry for entry in reversed(self.left_alone) if not is_document_name(entry.path)}

    @cached_property
    def _excluded_by_stem(self) -> Mapping[str, str]:
        return {PurePosixPath(path).stem: path for path in reversed(self.excluded) if not is_document_name(path)}

    @cached_property
    def by_slug(self) -> Mapping[str, tuple[Entry, ...]]:
        """The entries of each slug, in the order of their paths."""
        return _index((entry.slug, entry) for entry in self.entries if entry.slug)

    @cached_property
    def by_id(self) -> Mapping[str, tuple[Entry, ...]]:
        """The entries of each id, in the order of their paths."""
        return _index((entry.id, entry) for entry in self.entries if entry.id)

    @cached_property
    def by_title(self) -> Mapping[str, tuple[Entry, ...]]:
        """The entries of each folded title, in the order of their paths."""
        return _index((fold_title(entry.title), entry) for entry in self.entries if entry.title)

    @cached_property
    def by_alias(self) -> Mapping[str, tuple[Entry, ...]]:
        """The entries of each folded alias, in the order of their paths."""
        return _index((fold_title(alias), entry) for entry in self.entries for alias in entry.aliases if alias)

    @cached_property
    def by_name(self) -> Mapping[str, tuple[Entry, ...]]:
        """The entries of each folded title or slug, in the order of their paths."""
        return _index((name, entry) for entry in self.entries for name in names_of(entry))

    @cached_property
    def by_path(self) -> Mapping[str, Entry]:
        """The entry of each path."""
        return {entry.path: entry for entry in self.entries}

    @cached_property
    def referenced_names(self) -> Container[str]:
        """The slugs and ids that other patterns name in curated links or as hubs."""
        found: set[str] = set()
        for entry in self.entries:
            found |= entry.foreign_targets
        return found

    def graph(self, forward: str, backward: str = "") -> Graph:
        """Return the paths of the successors of each pattern, by path, sorted; patterns without any may be missing.

        Args:
            forward: the relationship whose links are edges from the pattern to the target.
            backward: the inverse relationship, if any, whose links are edges from the target to the pattern.
        """
        found: defaultdict[str, set[str]] = defaultdict(set)
        kinds = {forward, backward}
        for entry in self.entries:
            for link in [one for one in entry.links if one.relation in kinds]:
                other = self.resolve(link.target)
                if other is not None and other is not entry:
                    one, two = (entry, other) if link.relation == forward else (other, entry)
                    found[one.path].add(two.path)
        return {path: sorted(found[path]) for path in sorted(found)}

    def duplicates(self, field: DuplicateField) -> Iterator[tuple[str, tuple[Entry, ...]]]:
        """Yield every id, slug or folded title of a target candidate, with all entries that have it."""
        yield from {"id": self.by_id, "slug": self.by_slug, "title": self.by_title}[field].items()

    def resolve(self, target: str) -> Entry | None:
        """Return the pattern whose slug or id is `target`; the first by path if there are several."""
        found = self.by_slug.get(target) or self.by_id.get(target)
        return found[0] if found else None

    def contains(self, target: str) -> bool:
        """Return whether `target` is a slug or an id of the library."""
        return target in self.by_slug or target in self.by_id

    def suggest(self, target: str, source: Entry) -> Entry | None:
        """Return the pattern that an unknown target was most likely meant to be, or None.

        A title or an alias counts first, then what `SlugSuggester` finds; an id is compared with ids.

        Args:
            target: the unknown target.
            source: the pattern that names it; never suggested.
        """
        if target.partition("_")[0] in self.specs.id_prefixes:
            meant = next((known for known in self._known_ids.within_edit_distance(target) if known != source.id), None)
            return self.by_id[meant][0] if meant is not None else None
        title = fold_title(target)
        named = self.by_title.get(title, ()), self.by_alias.get(title, ())
        for entries in named:
            others = [one for one in entries if one.slug and one.slug != source.slug and not is_template(one)]
            if others:
                return min(others, key=lambda entry: entry.slug)
        slug = self._known_slugs.nearest(target, source.slug)
        return self.by_slug[slug][0] if slug is not None else None

    @cached_property
    def _known_slugs(self) -> SlugSuggester:
        return SlugSuggester(slug for slug, entries in self.by_slug.items() if not all(map(is_template, entries)))

    @cached_property
    def _known_ids(self) -> SlugSuggester:
        return SlugSuggester(self.by_id)


def _index(pairs: Iterable[tuple[str, Entry]]) -> Mapping[str, tuple[Entry, ...]]:
    found: defaultdict[str, list[Entry]] = defaultdict(list)
    for key, entry in pairs:
        found[key].append(entry)
    return {key: tuple(entries) for key, entries in found.items()}
