"""A whole run: discover, learn, look at the library, and gather the findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from msgspec import Struct

from patternlint.config import LoadedConfig
from patternlint.diagnostic import Diagnostic, Safety, Severity
from patternlint.engine import Engine
from patternlint.library import Library
from patternlint.parse import Kind
from patternlint.run.discover import FileRef, Places, discover
from patternlint.run.learn import Learned, learn_all, own_of
from patternlint.run.project import Overrides, Project, load_project

NO_LIBRARY = (
    "library rules are off: these files are in no git repository and have no patternlint.toml, "
    "so nothing says which patterns their links may name (--library DIR tells)"
)


class Request(Struct, frozen=True):
    """What a run is asked for."""

    places: Places
    loaded: LoadedConfig
    overrides: Overrides
    jobs: int = 1


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
        fixable: how many a safe fix mends, and how many an unsafe one.
        rules: the rules that spoke, in the order of their names.
    """

    files: int
    patterns: Mapping[str, int]
    left_alone: int
    findings: Mapping[Severity, int]
    silenced: int
    fixable: Mapping[Safety, int]
    rules: tuple[RuleStat, ...]


class Run:
    """A finished look at the files; the findings can be gone through any number of times."""

    def __init__(self, request: Request, project: Project, refs: list[FileRef], learned: list[Learned]) -> None:
        """Take what was asked for, and what each file taught, in the order of paths."""
        self.request = request
        self.project = project
        self._refs = refs
        self._learned = learned
        self._engine: Engine = project.engine()

    @cached_property
    def library(self) -> Library:
        """All patterns of the run."""
        return Library((one.entry for one in self._learned if one.entry is not None), self.project.specs)

    @cached_property
    def refs(self) -> Mapping[str, FileRef]:
        """The files of the run by the path that people see."""
        return {ref.path: ref for ref in self._refs}

    @cached_property
    def _across(self) -> Mapping[str, list[Diagnostic]]:
        """What the library shows about each file that was asked for."""
        if not self.project.checks.library:
            return {}
        refs = self.refs
        found: dict[str, list[Diagnostic]] = {}
        across = self._engine.lint_library(
            self.library,
            lambda path: refs[path].wanted,
            lambda path: self.project.ignored(refs[path].real),
        )
        for finding in across:
            found.setdefault(finding.path, []).append(finding)
        return found

    def by_file(self) -> Iterator[tuple[str, list[Diagnostic], int]]:
        """Yield every file that was asked for with its findings, sorted, and how many were silenced."""
        across = self._across
        if "" in across:
            yield "", across[""], 0
        for ref, learned in zip(self._refs, self._learned, strict=True):
            if not ref.wanted:
                continue
            found = across.get(ref.path, ())
            if not learned.own and not found:
                yield ref.path, [], 0
                continue
            findings, silenced = self._engine.finish(ref.path, own_of(learned), found)
            yield ref.path, findings, silenced

    def __iter__(self) -> Iterator[Diagnostic]:
        """Yield all findings, sorted."""
        for _, findings, _ in self.by_file():
            yield from findings

    @cached_property
    def counts(self) -> Counts:
        """The run in numbers."""
        patterns: Counter[str] = Counter()
        left_alone = files = 0
        for ref, learned in zip(self._refs, self._learned, strict=True):
            if not ref.wanted:
                continue
            files += 1
            if learned.kind is Kind.OTHER:
                left_alone += 1
            elif learned.entry is not None:
                patterns[learned.entry.spec or "unknown"] += 1
            else:
                patterns["unknown"] += 1
        levels: Counter[Severity] = Counter()
        fixable: Counter[Safety] = Counter()
        by_rule: Counter[tuple[str, Severity]] = Counter()
        in_files: Counter[tuple[str, Severity]] = Counter()
        silenced = 0
        for _, findings, quiet in self.by_file():
            silenced += quiet
            here = set()
            for finding in findings:
                levels[finding.severity] += 1
                if finding.fix is not None:
                    fixable[finding.fix.safety] += 1
                key = finding.rule, finding.severity
                by_rule[key] += 1
                here.add(key)
            in_files.update(here)
        stats = tuple(RuleStat(*key, count, in_files[key]) for key, count in sorted(by_rule.items()))
        return Counts(files, dict(sorted(patterns.items())), left_alone, levels, silenced, fixable, stats)


def check(request: Request, progress: Callable[[int], Callable[[int], None]]) -> Run:
    """Look at the files that are asked for and at the library around them.

    Args:
        request: what is asked for.
        progress: told how many files there are; returns what is told how many more are done.

    Raises:
        RegistryError, SpecError: when a rule or a spec cannot be used.
    """
    project = load_project(request.loaded, request.overrides)
    refs = discover(request.places, project.is_excluded, project.is_named)
    if not project.checks.library:
        refs = [ref for ref in refs if ref.wanted]
    advance = progress(len(refs))
    learned = list(learn_all(request.loaded, request.overrides, project, refs, request.jobs, advance))
    return Run(request, project, refs, learned)
