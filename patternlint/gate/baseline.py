"""The baseline: a file of known findings, so that a library with old ones can let no new one in from today.

It is sorted and readable, so that it changes little and a reviewer sees what: by file, by rule, by what the finding is
about. A finding is known by rule, file and route, not by its line and not by a mere count. A file that gets another name
is followed by the id of its pattern.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec
from msgspec import Struct

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.diagnostics.fingerprint import current_about
from patternlint.errors import UserError
from patternlint.gate.finding_key import FindingKey, count_keys, rename_keys
from patternlint.project.git import Commit
from patternlint.project.user_folder import outward_link_reason
from patternlint.run.run import Run

VERSION = 1


class BaselineError(UserError):
    """A baseline that cannot be used: one clear sentence."""


class Baseline(Struct, frozen=True):
    """Known findings.

    Attributes:
        files: what is known about each file, by its path from the folder of the baseline, with `/`.
        patterns: what the pattern in each of these files is called: its id, or its slug when it has none.
    """

    files: Mapping[str, Counter[FindingKey]]
    patterns: Mapping[str, str] = {}

    def __len__(self) -> int:
        """Return how many findings are known."""
        return sum(known.total() for known in self.files.values())


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    files: dict[str, dict[str, list[str]]]
    patterns: dict[str, str] = {}


def read_baseline(path: Path, checkouts: Iterable[Path], commit: Commit | None = None) -> Baseline:
    """Return the baseline in a file; or as a commit has it, when the file is one of the repository.

    Args:
        path: an absolute path.
        checkouts: absolute paths of the folders that hold the library; no link in them may lead out.
        commit: the commit, or None for the file on disk.

    Raises:
        BaselineError: when it cannot be read, is invalid, or has merge conflicts.
    """
    data = _read(path, checkouts, commit)
    if _has_conflict(data):
        message = (
            f"the baseline {path} has merge conflicts; `patternlint baseline merge` resolves them: it keeps the "
            "findings that either side knows and that still exist"
        )
        raise BaselineError(message)
    return _decoded(path, data)


def read_conflict(path: Path, checkouts: Iterable[Path]) -> Baseline:
    """Return what either side of the merge conflicts in a file knows; without conflicts, what the file knows.

    Raises:
        BaselineError: when it cannot be read, or a side is invalid.
    """
    data = _read(path, checkouts, None)
    if not _has_conflict(data):
        return _decoded(path, data)
    ours, theirs = (_decoded(path, _side(data, other)) for other in (False, True))
    return Baseline(union(ours, theirs).files, {**ours.patterns, **theirs.patterns})


_OURS, _BASE, _THEIRS, _END = b"<<<<<<<", b"|||||||", b"=======", b">>>>>>>"
"""How the lines begin that git writes around the sides of a conflict."""


def _has_conflict(data: bytes) -> bool:
    return any(line.startswith(_OURS) for line in data.splitlines())


def _side(data: bytes, other: bool) -> bytes:  # noqa: FBT001 - the first or the other of two
    """Return the text of one side of the conflicts in a baseline.

    A conflict may cut a list before or after its last comma, so the commas are set again: each value has its own line.
    """
    sides = {_OURS: not other, _BASE: False, _THEIRS: other, _END: True}
    lines: list[bytes] = []
    taken = True
    for line in data.splitlines():
        mark = line[: len(_OURS)]
        if mark in sides:
            taken = sides[mark]
        elif taken and line.strip():
            lines.append(line.rstrip().removesuffix(b","))
    ends = (
        b"" if line.endswith((b"{", b"[")) or below.lstrip().startswith((b"}", b"]")) else b","
        for line, below in pairwise((*lines, b"}"))
    )
    return b"\n".join(line + end for line, end in zip(lines, ends, strict=True))


def _read(path: Path, checkouts: Iterable[Path], commit: Commit | None) -> bytes:
    reason = outward_link_reason(path, checkouts)
    if reason:
        message = f"the baseline {path} was not read: {reason}"
        raise BaselineError(message)
    try:
        if commit is None or not path.resolve().is_relative_to(commit.top.resolve()):
            return path.read_bytes()
    except FileNotFoundError as error:
        message = f"there is no baseline {path}; `patternlint baseline write` makes one"
        raise BaselineError(message) from error
    except OSError as error:
        message = f"the baseline {path} cannot be read: {error.strerror}"
        raise BaselineError(message) from error
    kept = commit.read(path)
    if kept is None:
        message = f"there is no baseline {path} in {commit.name}"
        raise BaselineError(message)
    return kept


def _decoded(path: Path, data: bytes) -> Baseline:
    try:
        found = msgspec.json.decode(data, type=_File)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        reason = error if isinstance(error, msgspec.ValidationError) else f"not valid JSON ({error})"
        message = (
            f"{path} is not a valid baseline: {reason}; restore an earlier version, or delete it and accept all current "
            "findings with `patternlint baseline write`"
        )
        raise BaselineError(message) from error
    if found.version != VERSION:
        message = f"the baseline {path} has version {found.version}; this patternlint reads version {VERSION}"
        raise BaselineError(message)
    return Baseline(
        {
            name: Counter((rule, current_about(about)) for rule, abouts in rules.items() for about in abouts)
            for name, rules in found.files.items()
        },
        found.patterns,
    )


def baseline_text(baseline: Baseline) -> str:
    """Return the text of a baseline file: the same for the same findings, whatever their order."""
    files: dict[str, Any] = {}
    for name in sorted(baseline.files):
        rules: dict[str, list[str]] = {}
        for rule, about in sorted(baseline.files[name].elements()):
            rules.setdefault(rule, []).append(about)
        if rules:
            files[name] = rules
    patterns = {name: baseline.patterns[name] for name in files if name in baseline.patterns}
    data = {"version": VERSION, "files": files, "patterns": patterns}
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


class BaselineFilter:
    """A baseline at work on a run, whose paths count from the working directory."""

    def __init__(self, baseline: Baseline, folder: Path) -> None:
        """Take the baseline and its folder."""
        self._baseline = baseline
        self._folder = folder

    def name(self, path: str) -> str:
        """Return a path of the run as the baseline has it."""
        return os.path.relpath(path or ".", self._folder).replace(os.sep, "/") if path else ""

    def known(self, path: str, present: Counter[FindingKey]) -> Counter[FindingKey]:  # noqa: ARG002 - other `Before`s need it
        """Return what the baseline knows about a file of the run, in which there is what is `present`."""
        return self._baseline.files.get(self.name(path), Counter())


def missing(baseline: Baseline, folder: Path) -> frozenset[str]:
    """Return the files of a baseline in `folder` that are no longer there."""
    return frozenset(name for name in baseline.files if name and not (folder / name).exists())


def pattern_names(found: Run, names: BaselineFilter) -> Mapping[str, tuple[str, ...]]:
    """Return what the pattern in each file of a run is called, by the names of the baseline: its id before its slug."""
    all_names = ((names.name(entry.path), (entry.id, entry.slug)) for entry in found.library)
    return {name: tuple(filter(None, both)) for name, both in all_names}


def follow_renames(baseline: Baseline, folder: Path, found: Run) -> Baseline:
    """Return a baseline that knows the files that were renamed since under the names that they have in a run.

    A file was renamed when it is gone, and its pattern is in a file that the baseline does not know: a copy is new.
    When its slug followed its name, what is known about links to it is known about the new slug.
    """
    gone = missing(baseline, folder) & baseline.patterns.keys()
    if not gone:
        return baseline
    names = BaselineFilter(baseline, folder)
    now = pattern_names(found, names)
    old_by_pattern = {baseline.patterns[name]: name for name in sorted(gone - now.keys(), reverse=True)}
    new_by_old: dict[str, str] = {}
    for new in sorted(now.keys() - baseline.files.keys()):
        old = next((old_by_pattern[name] for name in now[new] if name in old_by_pattern), None)
        if old is not None:
            new_by_old.setdefault(old, new)
    slugs = {_stem(old): _stem(new) for old, new in new_by_old.items() if _stem(new) in now[new]}
    anew = {old: new for old, new in slugs.items() if not found.library.contains(old)}
    present = baseline_of(((one.path, one.findings) for one in found.by_file()), names).files if anew else {}
    files = {new_by_old.get(name, name): known for name, known in baseline.files.items()}
    return Baseline(
        {name: rename_keys(known, anew, present.get(name, Counter())) for name, known in files.items()},
        {new_by_old.get(name, name): pattern for name, pattern in baseline.patterns.items()},
    )


def _stem(name: str) -> str:
    return PurePosixPath(name).stem


def with_patterns(baseline: Baseline, old: Baseline, now: Mapping[str, tuple[str, ...]]) -> Baseline:
    """Return a baseline that says what its patterns are called: as they are now, else as it was."""
    named = {name: (*now.get(name, ()), old.patterns.get(name, ""))[0] for name in baseline.files}
    return Baseline(baseline.files, {name: pattern for name, pattern in named.items() if pattern})


def baseline_of(findings: Iterable[tuple[str, Sequence[Diagnostic]]], names: BaselineFilter) -> Baseline:
    """Return the baseline that knows the given findings, by the paths of a run."""
    return Baseline({names.name(path): count_keys(found) for path, found in findings if found})


def resolved(
    baseline: Baseline, present: Baseline, looked_at: Iterable[str], looked_for: Callable[[str], bool]
) -> Baseline:
    """Return what a baseline knows that is no longer there.

    Args:
        baseline: the baseline.
        present: what is there.
        looked_at: the files that a run looked at, by the names of the baseline; of others nothing is gone.
        looked_for: whether the run looked for a rule; of others nothing is gone.
    """
    left = {
        name: baseline.files[name] - present.files.get(name, Counter())
        for name in sorted(looked_at)
        if name in baseline.files
    }
    return _no_empty({name: _of_rules(missing, looked_for) for name, missing in left.items()})


def _of_rules(known: Counter[FindingKey], wanted: Callable[[str], bool]) -> Counter[FindingKey]:
    return Counter({(rule, about): count for (rule, about), count in known.items() if wanted(rule)})


def _no_empty(files: Mapping[str, Counter[FindingKey]]) -> Baseline:
    return Baseline({name: known for name, known in files.items() if known})


def subtract(baseline: Baseline, other: Baseline) -> Baseline:
    """Return a baseline without what `other` knows."""
    return _no_empty({name: known - other.files.get(name, Counter()) for name, known in baseline.files.items()})


def update(
    baseline: Baseline, present: Baseline, looked_at: Iterable[str], looked_for: Callable[[str], bool]
) -> Baseline:
    """Return a baseline that knows what is there, and of what was not looked at or for what it knew (see `gone`)."""
    return union(subtract(baseline, resolved(baseline, present, looked_at, looked_for)), present)


def union(baseline: Baseline, present: Baseline) -> Baseline:
    """Return a baseline that knows what both know."""
    names = sorted({*baseline.files, *present.files})
    return Baseline({name: baseline.files.get(name, Counter()) | present.files.get(name, Counter()) for name in names})
