"""The library that rules see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from patternlint.document.identifiers import is_document_name, is_skipped_folder, word_prefixes
from patternlint.library.card import Card
from patternlint.library.entry import UNKNOWN_SPEC, Entry, fold_title, is_template
from patternlint.library.graph import Graph
from patternlint.library.store import BRIEF, EntryStore, MemoryStore
from patternlint.parser.delimiters import LFS_POINTER
from patternlint.parser.parser import UNMATCHED
from patternlint.spec.model import Spec, SpecRegistry

DuplicateField = Literal["id", "slug", "title"]
"""What no two patterns should have in common."""

_MIN_PATTERNS = 10  # in a folder in which other files are probably meant as patterns
_MIN_SHARE = 0.9  # of the Markdown files in it


CardLoader = Callable[[Sequence[Entry]], Mapping[str, Card]]


def _no_cards(_: Sequence[Entry]) -> Mapping[str, Card]:
    return {}


class LabelIds(Struct, frozen=True):
    """The several ids that the nodes with one label have, each with the number of patterns."""

    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """The number of patterns; one with several ids counts for each of them."""
        return sum(self.counts.values())

    @property
    def usual(self) -> str:
        """The id that most patterns use; empty if several ids are equally frequent."""
        most = max(self.counts.values())
        frequent = [identity for identity, count in self.counts.items() if count == most]
        return frequent[0] if len(frequent) == 1 else ""


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


class Former(Struct, frozen=True):
    """What an earlier state of the library has else than the current one, by current path.

    Attributes:
        specs: the version of the specification that a file followed which was a pattern and is none now.
        ids: the id that a pattern had which has another one now, or none.
    """

    specs: Mapping[str, str] = {}
    ids: Mapping[str, str] = {}

    @classmethod
    def of(cls, pairs: Iterable[tuple[Entry, Entry]], specs: SpecRegistry) -> Former:
        """Return the differences between the entries of files before and after a change."""
        unchecked = {spec.version for spec in specs.all if not spec.groups}
        versions: dict[str, str] = {}
        ids: dict[str, str] = {}
        for before, after in pairs:
            if before.left_alone or before.spec in unchecked:
                continue
            if after.left_alone or after.spec in unchecked:
                versions[after.path] = before.spec
            elif before.id and before.id != after.id:
                ids[after.path] = before.id
        return cls(versions, ids)

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not self.specs and not self.ids


NO_FORMER = Former()


class Library(Struct, frozen=True, eq=False, dict=True):
    """All patterns of a run. Iterating yields their entries in the order of their paths.

    Attributes:
        store: the entries.
        specs: the specifications that they follow.
        targets: the entries that diagnostics are reported for, in the order of their paths. A rule that iterates over
            these, and looks others up, is fast when only one file is linted.
        is_target: whether diagnostics about an entry are reported.
        former: what an earlier state of the library has else, in a comparison with it.
        excluded: the paths of the Markdown files that the configuration excludes, sorted.
        roots: the folders whose Markdown files are all in the library, as prefixes of paths; the working directory is "".
        load_cards: returns the cards of entries by path.
        redirects: former slugs and ids, each with the name that replaced it.
    """

    store: EntryStore
    specs: SpecRegistry
    targets: tuple[Entry, ...]
    is_target: Callable[[Entry], bool]
    former: Former = NO_FORMER
    excluded: Sequence[str] = ()
    roots: Sequence[str] = ("",)
    load_cards: CardLoader = _no_cards
    redirects: Mapping[str, str] = MappingProxyType({})

    @classmethod
    def of(  # noqa: PLR0913 - as many as the library has
        cls,
        store: EntryStore,
        specs: SpecRegistry,
        candidates: Iterable[Entry],
        is_target_path: Callable[[str], bool] = lambda _: True,
        *,
        former: Former = NO_FORMER,
        excluded: Sequence[str] = (),
        roots: Sequence[str] = ("",),
        load_cards: CardLoader = _no_cards,
        redirects: Mapping[str, str] = MappingProxyType({}),
    ) -> Library:
        """Return a library whose targets are the internal candidates at certain paths; they are in order."""

        def is_target(entry: Entry) -> bool:
            return entry.internal and is_target_path(entry.path)

        targets = tuple([entry for entry in candidates if not entry.left_alone and is_target(entry)])
        return cls(store, specs, targets, is_target, former, excluded, roots, load_cards, redirects)

    @classmethod
    def build(  # noqa: PLR0913, PLR0917 - as many as the library has
        cls,
        entries: Iterable[Entry],
        specs: SpecRegistry,
        is_target_path: Callable[[str], bool] = lambda _: True,
        former: Former = NO_FORMER,
        excluded: Sequence[str] = (),
        load_cards: CardLoader = _no_cards,
    ) -> Library:
        """Return a library of entries in memory, in any order."""
        store = MemoryStore(entries, specs.relations)
        return cls.of(
            store, specs, store.everything, is_target_path, former=former, excluded=excluded, load_cards=load_cards
        )

    def restricted_to(self, versions: Container[str]) -> Library:
        """Return this library with only the targets that follow one of some versions of the specification."""
        is_target = self.is_target
        return replace(
            self,
            targets=tuple([entry for entry in self.targets if entry.spec in versions]),
            is_target=lambda entry: entry.spec in versions and is_target(entry),
        )

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries of all patterns, in the order of their paths."""
        return self.store.patterns

    @cached_property
    def own_patterns(self) -> Sequence[Entry]:
        """The entries of the patterns that are not only there to resolve links, whether they are targets or not."""
        return [entry for entry in self.entries if entry.internal]

    @cached_property
    def is_whole(self) -> bool:
        """Whether all patterns of the specifications that its targets follow are targets: not in a run for some files."""
        versions = {entry.spec for entry in self.targets}
        return bool(versions) and len(self.targets) == sum(map(self.store.own_counts.__getitem__, versions))

    @cached_property
    def cards(self) -> Mapping[str, Card]:
        """The cards of `own_patterns`, by path."""
        return self.load_cards(self.own_patterns)

    @property
    def left_alone(self) -> Sequence[Entry]:
        """The files that are not patterns, in the order of their paths."""
        return self.store.left_alone

    @cached_property
    def by_slug(self) -> Mapping[str, tuple[Entry, ...]]:
        """The entries of each slug, in the order of their paths."""
        return self.store.index("slug")

    @cached_property
    def by_id(self) -> Mapping[str, tuple[Entry, ...]]:
        """The entries of each id, in the order of their paths."""
        return self.store.index("id")

    @cached_property
    def by_title(self) -> Mapping[str, tuple[Entry, ...]]:
        """The entries of each folded title, in the order of their paths."""
        return self.store.index("title")

    @cached_property
    def by_alias(self) -> Mapping[str, tuple[Entry, ...]]:
        """The entries of each folded alias, in the order of their paths."""
        return self.store.index("alias")

    @cached_property
    def by_name(self) -> Mapping[str, tuple[Entry, ...]]:
        """The entries of each folded title or slug, in the order of their paths."""
        return self.store.index("name")

    def entry(self, path: str) -> Entry | None:
        """Return the entry of a file."""
        return self.store.get(path)

    def lists(self, folder: str) -> bool:
        """Return whether the Markdown files of a folder, as displayed, are in the library if it exists."""
        parts = [folder[len(root) :].split("/") for root in self.roots if folder.startswith(root)]
        return any(not any(part == "" or is_skipped_folder(part) for part in one) for one in parts)

    def is_referenced(self, name: str) -> bool:
        """Return whether another pattern has a slug or id among its curated links or hubs."""
        return self.store.is_referenced(name)

    def spec(self, entry: Entry) -> Spec | None:
        """Return the specification that an entry follows."""
        return self.specs.by_version.get(entry.spec)

    @property
    def hierarchies(self) -> Sequence[tuple[str, str]]:
        """The relationships that must not lead back to a pattern, each with its inverse, if any (see `graph`)."""
        kinds = [spec.relationships for spec in self.specs.all]
        acyclic = [(kind, "") for one in kinds for kind in one.acyclic]
        return tuple(dict.fromkeys((*acyclic, *(pair for one in kinds for pair in one.inverse))))

    def spec_of(self, entry: Entry) -> Spec:
        """Return the specification that an entry follows, or one without settings if it follows none."""
        return self.spec(entry) or UNKNOWN_SPEC

    def graph(self, forward: str, backward: str = "") -> Graph:
        """Return the paths of the successors of each pattern, by path, sorted.

        Args:
            forward: the relationship whose links are edges from the pattern to the target.
            backward: the inverse relationship, if any, whose links are edges from the target to the pattern.
        """
        return self.store.graph(forward, backward)

    def duplicates(self, field: DuplicateField) -> Iterator[tuple[str, tuple[Entry, ...]]]:
        """Yield every id, slug or folded title of a target, with all entries that have it."""
        index = {"id": self.by_id, "slug": self.by_slug, "title": self.by_title}[field]
        of = {
            "id": lambda entry: entry.id,
            "slug": lambda entry: entry.slug,
            "title": lambda entry: fold_title(entry.title),
        }
        for key in dict.fromkeys(map(of[field], self.targets)):
            if key:
                yield key, index[key]

    def with_similar_slugs(self, entry: Entry) -> Sequence[Entry]:
        """Return the internal patterns whose slug is that of an entry but for filler words, in the order of their paths."""
        if not entry.slug:
            return ()
        found = self.store.find(BRIEF, entry.brief_slug or entry.slug)
        return [other for other in found if other.internal and other.slug != entry.slug]

    def label_ids(self, key: str) -> LabelIds | None:
        """Return the ids of the nodes of internal patterns with a label (see `GraphNode.key`); None if all have one id."""
        if self.is_whole:
            return self._all_label_ids.get(key)
        ids = self.store.label_ids(key) if key else {}
        return LabelIds(ids) if len(ids) > 1 else None

    @cached_property
    def _all_label_ids(self) -> Mapping[str, LabelIds]:
        """The labels with several ids. Most have one, so only the ids of the others are counted."""
        first: dict[str, str] = {}
        counts: dict[str, Counter[str]] = {}
        for entry in self.own_patterns:
            for node in entry.nodes:
                if first.setdefault(node.key, node.id) != node.id:
                    counts[node.key] = Counter()
        first.clear()
        for entry in self.own_patterns:
            for key, identity in {(key, node.id) for node in entry.nodes if (key := node.key) in counts}:
                counts[key][identity] += 1
        return {key: LabelIds(ids) for key, ids in counts.items() if key}

    def slug_prefixes(self, entry: Entry) -> Iterator[tuple[str, Sequence[Entry]]]:
        """Yield the slugs that the slug of an entry starts with, at word borders, with their internal patterns."""
        for slug in word_prefixes(entry.slug):
            others = [other for other in self.by_slug.get(slug, ()) if other.internal]
            if others:
                yield slug, others

    def resolve(self, target: str) -> Entry | None:
        """Return the pattern whose slug or id is `target`; the first by path if there are several."""
        return self.store.resolve(target)

    def resolve_former(self, target: str) -> Entry | None:
        """Return the pattern that has `target` as its slug or id, or had it according to `redirects`, or None."""
        visited: set[str] = set()
        while (found := self.resolve(target)) is None and target in self.redirects and target not in visited:
            visited.add(target)
            target = self.redirects[target]
        return found

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
            near = self.store.known_ids.within_edit_distance(target)
            meant = next((known for known in near if known != source.id), None)
            return self.by_id[meant][0] if meant is not None else None
        named = self.named(target, source)
        if named is not None:
            return named
        slug = self.store.known_slugs.nearest(target, source.slug)
        return self.by_slug[slug][0] if slug is not None else None

    def named(self, words: str, source: Entry) -> Entry | None:
        """Return the pattern whose title or alias is `words`, but not `source` itself, or None."""
        title = fold_title(words)
        for entries in (self.by_title.get(title, ()), self.by_alias.get(title, ())) if title else ():
            others = [one for one in entries if one.slug and one.slug != source.slug and not is_template(one)]
            if others:
                return min(others, key=lambda entry: entry.slug)
        return None

    def stray(self, target: str) -> Stray | None:
        """Return the file that has the name of the unknown `target` and is not a pattern, or None."""
        entry = self.store.left_alone_as(target)
        if entry is not None:
            return _stray_of(entry)
        path = self._excluded_by_stem.get(target)
        return _excluded_file(path) if path is not None else None

    @cached_property
    def _excluded_by_stem(self) -> Mapping[str, str]:
        return {PurePosixPath(path).stem: path for path in reversed(self.excluded) if not is_document_name(path)}

    @property
    def strays(self) -> Sequence[Entry]:
        """The files that are not patterns and were probably meant as patterns, in the order of their paths.

        Those are files that were patterns before, and files in a folder with many patterns and few other files.
        """
        former = self.former.specs
        likely = [
            entry
            for entry in self.left_alone
            if entry.internal and (entry.path in former or not is_document_name(entry.path))
        ]
        if not likely:
            return ()
        pointers = Counter(entry.folder for entry in likely if _is_pointer(entry))
        others = Counter(entry.folder for entry in likely if not _is_pointer(entry))
        patterns = self.store.pattern_counts

        def is_stray(entry: Entry) -> bool:
            count = patterns.get(entry.folder, 0) + pointers[entry.folder]
            enough = count >= _MIN_PATTERNS and count >= _MIN_SHARE * (count + others[entry.folder])
            return enough or entry.path in former

        return tuple(filter(is_stray, likely))


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
