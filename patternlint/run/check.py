"""A whole run: discover, learn what is not known yet, look at the library, and gather the findings."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from functools import cached_property, partial
from pathlib import Path
from typing import Protocol

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from patternlint.cache import FILE, FOLDER, Cache, Stamp
from patternlint.config import LoadedConfig
from patternlint.diagnostic import Diagnostic, Safety
from patternlint.engine import NOTHING, Engine, Own
from patternlint.git import GitError, git
from patternlint.learned import Learned, entry_in, own_of, without_entry
from patternlint.library import Entry, Library
from patternlint.parse import Kind
from patternlint.registry import Checks
from patternlint.run.discover import FileRef, Places, discover
from patternlint.run.learn import Crew, Reader, learn_all
from patternlint.run.project import Overrides, Project, load_project
from patternlint.run.signature import signature
from patternlint.severity import Severity
from patternlint.text import Source

NO_LIBRARY = (
    "library rules are off: these files are in no git repository and have no patternlint.toml, "
    "so nothing says which patterns their links may name (--library DIR tells)"
)


class Request(Struct, frozen=True):
    """What a run is asked for.

    Attributes:
        places: where to look.
        loaded: the config.
        overrides: what the command line says about rules.
        jobs: how many processes may work.
        cache: the folder of the cache, or None for none.
        repository: the top of the git work tree that contents are read from, where they are not read from disk.
        make_engine: what makes checks ready to use, in this process.
    """

    places: Places
    loaded: LoadedConfig
    overrides: Overrides
    jobs: int = 1
    cache: Path | None = None
    repository: Path | None = None
    make_engine: Callable[[Checks], Engine] = Engine

    def crew(self, project: Project) -> Crew:
        """Return what those who learn from the files have to know."""
        return Crew(self.loaded, self.overrides, project, self.repository)


class RuleStat(Struct, frozen=True):
    """How often a rule spoke, at which level, and about how many files."""

    rule: str
    severity: Severity
    count: int
    files: int


class Counts(Struct, frozen=True):
    """A run in numbers.

    Attributes:
        files: the Markdown files that were asked for.
        patterns: those that are patterns, by the version of their spec; of no known spec under "unknown".
        left_alone: those that are none.
        findings: how many, by level.
        silenced: how many a suppression silenced.
        known: how many were known before, and are in no other number.
        fixable: how many a safe fix mends, and how many an unsafe one.
        rules: the rules that spoke, in the order of their names.
    """

    files: int
    patterns: dict[str, int]
    left_alone: int
    findings: dict[Severity, int]
    silenced: int
    known: int
    fixable: dict[Safety, int]
    rules: tuple[RuleStat, ...]


Across = dict[str, list[Diagnostic]]
"""What the library shows about each file that was asked for."""

_encode = msgspec.msgpack.Encoder().encode
_decode_across = msgspec.msgpack.Decoder(Across).decode
_decode_counts = msgspec.msgpack.Decoder(Counts).decode


class FileFindings(Struct, frozen=True):
    """The findings about one file, sorted; how many were silenced by suppressions, and how many were known before."""

    path: str
    findings: Sequence[Diagnostic]
    silenced: int = 0
    known: int = 0


class Known(Protocol):
    """Findings that were there before: in a baseline, or in an earlier revision."""

    def split(self, path: str, findings: Sequence[Diagnostic]) -> tuple[Sequence[Diagnostic], int]:
        """Return those of a file's findings that are new, and how many are not."""
        ...


class Fresh(Struct, frozen=True):
    """What this run learned, by key, without entries; and the entries, by key."""

    learned: Mapping[str, Learned]
    entries: Mapping[str, Entry]


class Knowledge:
    """What the files of a run taught: fresh from this run, or kept in the cache and fetched when asked for."""

    def __init__(
        self,
        cache: Cache | None,
        refs: Sequence[FileRef],
        fresh: Fresh,
        kept: Mapping[str, bytes],
        learn_again: Callable[[Sequence[FileRef]], Iterator[Learned]],
    ) -> None:
        """Take what this run learned, and what the cache knows.

        Args:
            cache: the cache.
            refs: the files of the run.
            fresh: what this run learned.
            kept: the contents of the other files, by key: the cache knows what they taught.
            learn_again: learns from files about which the cache, when it was asked, knew nothing after all.
        """
        self._cache = cache
        self._fresh = fresh.learned
        self._entries = fresh.entries
        self._kept = {ref.key: (kept[ref.key], ref) for ref in refs if ref.key in kept}
        self._learn_again = learn_again
        self._key = _run_key(refs, fresh.learned, kept)

    @cached_property
    def _fetched(self) -> tuple[Mapping[str, Learned], Mapping[str, Entry]]:
        """What every file taught, by key, and every entry."""
        if self._cache is None or not self._kept:
            return self._fresh, self._entries
        learned, entries = dict(self._fresh), dict(self._entries)
        for key, one in self._complete(self._kept, self._cache.all_learned):
            learned[key] = without_entry(one)
            entry = entry_in(one, reported=self._kept[key][1].reported)
            if entry is not None:
                entries[key] = entry
        return learned, entries

    def _complete(
        self,
        kept: Mapping[str, tuple[bytes, FileRef]],
        fetch: Callable[[Mapping[str, tuple[bytes, str]]], Iterator[tuple[str, Learned]]],
    ) -> Iterator[tuple[str, Learned]]:
        """Yield what the cache knows of files, by key, and what they teach again where it knows nothing any more.

        That happens: its disk is full or spoilt, it was deleted, another run tidied it up.
        """
        missing = dict(kept)
        for key, one in fetch({key: (blob, ref.path) for key, (blob, ref) in kept.items()}):
            if missing.pop(key, None) is not None:
                yield key, one
        refs = [ref for _, ref in missing.values()]
        for (key, (blob, _)), one in zip(missing.items(), self._learn_again(refs), strict=True):
            if one.blob != blob:  # changed in the meantime: what is found is not about what the key stands for
                self._key = b""
            yield key, one

    @property
    def everything(self) -> Mapping[str, Learned]:
        """What every file taught, by key."""
        return self._fetched[0]

    @property
    def entries(self) -> Mapping[str, Entry]:
        """What the library may know about each pattern, by key."""
        return self._fetched[1]

    @cached_property
    def own(self) -> Mapping[str, Learned]:
        """What the text of each wanted file shows by itself, by key."""
        if self._cache is None or not self._kept or "_fetched" in self.__dict__:
            return self.everything
        wanted = {key: (blob, ref) for key, (blob, ref) in self._kept.items() if ref.wanted}
        return {**self._fresh, **dict(self._complete(wanted, self._cache.all_own))}

    def kept(self, what: str) -> bytes | None:
        """Return what is kept of a run in which every file held the same."""
        return self._cache.run(self._key + what.encode()) if self._cache is not None and self._key else None

    def keep(self, what: str, data: bytes) -> None:
        """Keep something of this run."""
        if self._cache is not None and self._key:
            self._cache.keep_run(self._key + what.encode(), data)


class Run:
    """A finished look at the files. Findings and counts are worked out when asked for, and can be asked for again."""

    def __init__(self, request: Request, project: Project, refs: Sequence[FileRef], knowledge: Knowledge) -> None:
        """Take what was asked for, the files in the order of their paths, and what they taught."""
        self.request = request
        self.project = project
        self._refs = refs
        self._knowledge = knowledge
        self.engine = project.engine()
        self._known: Known | None = None
        self._instead: Mapping[str, Sequence[Diagnostic]] = {}
        self._sources: Mapping[str, Source] = {}

    def gated(self, known: Known) -> Run:
        """Return this run without the findings that were known before."""
        other = copy(self)
        other._known = known  # noqa: SLF001 - a copy of its own
        other.__dict__.pop("counts", None)
        return other

    def with_findings(
        self, instead: Mapping[str, Sequence[Diagnostic]], sources: Mapping[str, Source] | None = None
    ) -> Run:
        """Return this run with other findings about some files, by path, sorted, and maybe with other texts."""
        other = copy(self)
        other._instead = instead  # noqa: SLF001 - a copy of its own
        other._sources = sources or {}  # noqa: SLF001 - a copy of its own
        other.__dict__.pop("counts", None)
        return other

    def source(self, path: str) -> Source | None:
        """Return the text of a file as this run saw it, or None when it can no longer be read."""
        known = self._sources.get(path)
        ref = self.refs.get(path)
        if known is not None or ref is None:
            return known
        reader = Reader(self.project.config.limits, self.request.repository)
        try:
            return reader.read(ref)
        except OSError:
            return None
        finally:
            reader.close()

    @cached_property
    def refs(self) -> Mapping[str, FileRef]:
        """The files of the run by the path that people see."""
        return {ref.path: ref for ref in self._refs}

    @cached_property
    def library(self) -> Library:
        """All patterns of the run."""
        refs = self.refs
        return Library(self._knowledge.entries.values(), self.project.specs, lambda path: refs[path].wanted)

    @cached_property
    def _across(self) -> Across:
        if not self.project.checks.library:
            return {}
        known = self._knowledge.kept("across")
        if known is not None:
            return _decode_across(known)
        refs = self.refs
        found: Across = {}
        for finding in self.engine.lint_library(self.library, lambda path: self.project.ignored(refs[path].real)):
            found.setdefault(finding.path, []).append(finding)
        self._knowledge.keep("across", _encode(found))
        return found

    def by_file(self) -> Iterator[FileFindings]:
        """Yield every file that was asked for with its findings."""
        if "" in self._across:
            yield FileFindings("", self._across[""])
        for ref in self._refs:
            if ref.wanted:
                yield self.about(ref)

    def own(self, ref: FileRef) -> Own:
        """Return what the text of one file shows by itself."""
        mine = self._knowledge.own.get(ref.key)
        return own_of(mine) if mine is not None else NOTHING

    def about(self, ref: FileRef) -> FileFindings:
        """Return the findings about one file."""
        if ref.path in self._instead:
            return FileFindings(ref.path, self._instead[ref.path])
        found = self._across.get(ref.path, ())
        own = self.own(ref)
        if not found and own is NOTHING:
            return FileFindings(ref.path, ())
        findings, silenced = self.engine.finish(ref.path, own, found)
        if self._known is None:
            return FileFindings(ref.path, findings, silenced)
        kept, known = self._known.split(ref.path, findings)
        return FileFindings(ref.path, kept, silenced, known)

    def __iter__(self) -> Iterator[Diagnostic]:
        """Yield all findings, sorted."""
        for one in self.by_file():
            yield from one.findings

    @cached_property
    def counts(self) -> Counts:
        """The run in numbers."""
        if self._known is not None or self._instead:
            return self._count()
        kept = self._knowledge.kept("counts")
        if kept is not None:
            return _decode_counts(kept)
        counts = self._count()
        self._knowledge.keep("counts", _encode(counts))
        return counts

    def _count(self) -> Counts:
        patterns: Counter[str] = Counter()
        left_alone = files = silenced = known = 0
        learned, entries = self._knowledge.everything, self._knowledge.entries
        for ref in self._refs:
            if ref.wanted:
                files += 1
                if learned[ref.key].kind is Kind.OTHER:
                    left_alone += 1
                else:
                    entry = entries.get(ref.key)
                    patterns[(entry.spec if entry is not None else "") or "unknown"] += 1
        levels: Counter[Severity] = Counter()
        fixable: Counter[Safety] = Counter()
        by_rule: Counter[tuple[str, Severity]] = Counter()
        in_files: Counter[tuple[str, Severity]] = Counter()
        for one in self.by_file():
            silenced += one.silenced
            known += one.known
            for finding in one.findings:
                levels[finding.severity] += 1
                if finding.fix is not None:
                    fixable[finding.fix.safety] += 1
                by_rule[finding.rule, finding.severity] += 1
            in_files.update({(finding.rule, finding.severity) for finding in one.findings})
        stats = tuple(RuleStat(*key, count, in_files[key]) for key, count in sorted(by_rule.items()))
        return Counts(files, dict(sorted(patterns.items())), left_alone, levels, silenced, known, fixable, stats)


def _run_key(refs: Sequence[FileRef], fresh: Mapping[str, Learned], kept: Mapping[str, bytes]) -> bytes:
    """Return the hash of all contents and of what is asked about them; empty when one is not known."""
    digest = hashlib.blake2b(digest_size=20)
    for ref in refs:
        key = ref.key
        blob = fresh[key].blob if key in fresh else kept[key]
        if not blob:
            return b""
        digest.update(f"{ref.path}\0{key}\0{ref.wanted:d}{ref.reported:d}\0".encode("utf-8", "surrogateescape") + blob)
    return digest.digest()


def check(request: Request, progress: Callable[[int], Callable[[int], None]]) -> Run:
    """Look at the files that are asked for and at the library around them.

    Args:
        request: what is asked for.
        progress: told how many files there are; returns what is told how many more are done.

    Raises:
        RegistryError, SpecError: when a rule or a spec cannot be used.
    """
    project, cache = prepare(request)
    refs = discover(request.places, project.is_excluded, project.is_named)
    if not project.checks.library:
        refs = [ref for ref in refs if ref.wanted]
    return look(request, project, refs, cache, progress)


def prepare(request: Request) -> tuple[Project, Cache | None]:
    """Return what a run is made of, and the cache where there is one.

    Raises:
        RegistryError, SpecError: when a rule or a spec cannot be used.
    """
    project = replace(load_project(request.loaded, request.overrides), make_engine=request.make_engine)
    if request.cache is None or _is_strangers(request.cache, request.repository):
        return project, None
    return project, Cache(request.cache, signature(request.loaded, request.overrides))


def _is_strangers(folder: Path, repository: Path | None) -> bool:
    """Return whether a cache is under version control: somebody could have committed one that hides findings."""
    if repository is None or not (folder / FILE).exists() or not folder.is_relative_to(repository):
        return False
    try:
        return bool(git(repository, "ls-files", "--", str(folder)))
    except GitError:
        return False


def look(
    request: Request,
    project: Project,
    refs: Sequence[FileRef],
    cache: Cache | None,
    progress: Callable[[int], Callable[[int], None]],
) -> Run:
    """Look at the given files: on disk, or contents in git."""
    return Run(request, project, refs, learn(request, project, refs, cache, progress))


def learn(
    request: Request,
    project: Project,
    refs: Sequence[FileRef],
    cache: Cache | None,
    progress: Callable[[int], Callable[[int], None]],
) -> Knowledge:
    """Return what the files teach; those that the cache does not know are read."""
    kept, changed = _known_by_stamp(refs, cache)
    contents = [cache.contents(ref.key) if cache is not None else frozenset[bytes]() for ref in changed]
    fresh: dict[str, Learned] = {}
    entries: dict[str, Entry] = {}
    stamps: list[tuple[str, Stamp, bytes]] = []
    batch: list[tuple[str, Learned]] = []
    learned = learn_all(request.crew(project), changed, contents, request.jobs, progress(len(changed)))
    for ref, before, one in zip(changed, contents, learned, strict=True):
        if one.blob and not ref.blob:
            stamps.append((ref.key, ref.stamp, one.blob))
        if one.blob and one.blob in before:
            kept[ref.key] = one.blob
            continue
        batch.append((ref.key, one))
        fresh[ref.key] = without_entry(one)
        entry = entry_in(one, reported=ref.reported)
        if entry is not None:
            entries[ref.key] = entry
        if cache is not None and len(batch) >= BATCH:
            cache.keep(batch)
            batch.clear()
    if cache is not None:
        cache.keep(batch)
        cache.keep_stamps(stamps)
        cache.tidy()
    return Knowledge(cache, refs, Fresh(fresh, entries), kept, partial(_learn_again, request.crew(project)))


def _learn_again(crew: Crew, refs: Sequence[FileRef]) -> Iterator[Learned]:
    return learn_all(crew, refs, [frozenset[bytes]()] * len(refs), 1, lambda _: None) if refs else iter(())


def _known_by_stamp(refs: Sequence[FileRef], cache: Cache | None) -> tuple[dict[str, bytes], list[FileRef]]:
    """Return the contents that need not be read, by key, and the files that must be."""
    if cache is None:
        return {}, list(refs)
    current = cache.current()
    in_git = cache.pairs() if any(ref.blob for ref in refs) else frozenset[tuple[str, bytes]]()
    kept: dict[str, bytes] = {}
    changed: list[FileRef] = []
    for ref in refs:
        known = current.get(ref.key)
        if ref.blob and (ref.key, ref.blob) in in_git:
            kept[ref.key] = ref.blob
        elif known is not None and not ref.blob and known[0] == ref.stamp:
            kept[ref.key] = known[1]
        else:
            changed.append(ref)
    return kept, changed


BATCH = 2048
"""Files whose teachings are written to the cache at a time."""


def cache_folder(places: Places, asked: Path | None) -> Path | None:
    """Return the folder of the cache: the one asked for, else one beside the config or at the top of the repository.

    A folder that is merely looked at gets none.
    """
    if asked is not None:
        return asked
    return places.home / FOLDER if places.home is not None else None
