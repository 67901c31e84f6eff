"""The baseline: a file of known findings, which later runs do not report.

The file is sorted by path, rule and subject, so that its diffs are small and readable. A known finding is identified by file,
rule and route, independent of its line. A renamed file is found by the id of its pattern.
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

from patternlint.diagnostics.fingerprint import current_about
from patternlint.errors import UserError
from patternlint.gate.finding_key import FindingKey, count_keys, rename_keys
from patternlint.project.config import LoadedConfig
from patternlint.project.files import decodable
from patternlint.project.git import Commit
from patternlint.project.user_folder import outward_link_reason
from patternlint.run.run import Run

VERSION = 1
BASELINE_NAME = "patternlint-baseline.json"


class BaselineError(UserError):
    """A baseline that is missing or invalid."""


class Baseline(Struct, frozen=True):
    """Known findings.

    Attributes:
        files: the keys of the findings of each file, by its POSIX path relative to the folder of the baseline.
        patterns: the id of the pattern in each of these files, or its slug if it has no id.
    """

    files: Mapping[str, Counter[FindingKey]]
    patterns: Mapping[str, str] = {}

    def __len__(self) -> int:
        """Return the number of known findings."""
        return sum(keys.total() for keys in self.files.values())


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    files: dict[str, dict[str, list[str]]]
    patterns: dict[str, str] = {}


def default_baseline(loaded: LoadedConfig, roots: Sequence[Path]) -> Path | None:
    """Return the baseline file of the configuration, else the one in the library root, or None."""
    if loaded.config.baseline and loaded.folder is not None:
        return loaded.folder / loaded.config.baseline
    default, commit = (roots[0] / BASELINE_NAME if roots else None), loaded.commit
    if default is None or not (default.is_file() if commit is None else commit.read(default) is not None):
        return None
    return default


def read_baseline(path: Path, checkouts: Iterable[Path], commit: Commit | None = None) -> Baseline:
    """Return the baseline in a file, or in the revision of the file at a commit.

    Args:
        path: an absolute path; a file outside of the repository of `commit` is read from disk.
        checkouts: absolute paths of the folders that hold the library; symbolic links must not lead out of them.
        commit: the commit, or None for the file on disk.

    Raises:
        BaselineError: when the file cannot be read, is invalid, or has merge conflicts.
    """
    data = _read(path, checkouts, commit)
    if _has_conflict(data):
        message = f"the baseline {path} has merge conflicts; run `patternlint baseline merge` to resolve them"
        raise BaselineError(message)
    return _decode(path, data)


def read_conflict(path: Path, checkouts: Iterable[Path]) -> Baseline:
    """Return the findings of both sides of the merge conflicts in a file, or of the file if it has no conflicts.

    Raises:
        BaselineError: when the file cannot be read, or a side is invalid.
    """
    data = _read(path, checkouts, None)
    if not _has_conflict(data):
        return _decode(path, data)
    ours, theirs = (_decode(path, _conflict_side(data, use_theirs=use_theirs)) for use_theirs in (False, True))
    return Baseline(union(ours, theirs).files, {**ours.patterns, **theirs.patterns})


_OURS, _BASE, _THEIRS, _END = b"<<<<<<<", b"|||||||", b"=======", b">>>>>>>"
"""The beginnings of the marker lines of git's conflicts."""


def _has_conflict(data: bytes) -> bool:
    return any(line.startswith(_OURS) for line in data.splitlines())


def _conflict_side(data: bytes, *, use_theirs: bool) -> bytes:
    """Return the text of one side of the conflicts in a baseline.

    A conflict may split a list before or after a comma. So all commas are removed and inserted again: each value has its own
    line.
    """
    uses_lines_after = {_OURS: not use_theirs, _BASE: False, _THEIRS: use_theirs, _END: True}
    lines: list[bytes] = []
    is_used = True
    for line in data.splitlines():
        marker = line[: len(_OURS)]
        if marker in uses_lines_after:
            is_used = uses_lines_after[marker]
        elif is_used and line.strip():
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
        message = f"baseline not found: {path}; run `patternlint baseline write` to create it"
        raise BaselineError(message) from error
    except OSError as error:
        message = f"cannot read the baseline {path}: {error.strerror}"
        raise BaselineError(message) from error
    data = commit.read(path)
    if data is None:
        message = f"baseline not found in {commit.name}: {path}"
        raise BaselineError(message)
    return data


def _decode(path: Path, data: bytes) -> Baseline:
    try:
        content = msgspec.json.decode(data, type=_File)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        reason = error if isinstance(error, msgspec.ValidationError) else f"not valid JSON ({error})"
        message = (
            f"{path} is not a valid baseline: {reason}; restore an earlier version, or delete the file and run `patternlint "
            "baseline write` to accept all current findings"
        )
        raise BaselineError(message) from error
    if content.version != VERSION:
        message = f"unsupported version {content.version} of the baseline {path}; expected {VERSION}"
        raise BaselineError(message)
    return Baseline(
        {
            name: Counter((rule, current_about(about)) for rule, abouts in rules.items() for about in abouts)
            for name, rules in content.files.items()
        },
        content.patterns,
    )


def baseline_text(baseline: Baseline) -> str:
    """Return the text of a baseline file, which does not depend on the order of the findings."""
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
    """The known findings of a baseline by the paths of a run, which are relative to the working directory.

    Args:
        baseline: the baseline.
        folder: the absolute path of its folder.
    """

    def __init__(self, baseline: Baseline, folder: Path) -> None:
        self._baseline = baseline
        self._folder = folder

    def name(self, path: str) -> str:
        """Return the name of a file in the baseline."""
        return os.path.relpath(path, self._folder).replace(os.sep, "/") if path else ""

    def known(self, path: str, present: Counter[FindingKey]) -> Counter[FindingKey]:  # noqa: ARG002 - as in the protocol
        """Return the known findings of a file of the run."""
        return self._baseline.files.get(self.name(path), Counter())


def baseline_of_run(run: Run, names: BaselineFilter) -> Baseline:
    """Return a baseline of all findings of a run."""
    return Baseline({names.name(file.path): count_keys(file.findings) for file in run.by_file() if file.findings})


def checked_files(run: Run, baseline: Baseline, folder: Path) -> frozenset[str]:
    """Return the names of the files that a run checked, and of the files of a baseline that no longer exist."""
    names = BaselineFilter(baseline, folder)
    return _missing_files(baseline, folder) | {names.name(ref.path) for ref in run.targets}


def _missing_files(baseline: Baseline, folder: Path) -> frozenset[str]:
    return frozenset(name for name in baseline.files if name and not (folder / decodable(name)).exists())


def pattern_names(run: Run, names: BaselineFilter) -> Mapping[str, tuple[str, ...]]:
    """Return the id and the slug of the pattern in each file of a run, as far as it has them."""
    return {names.name(entry.path): tuple(filter(None, (entry.id, entry.slug))) for entry in run.library}


def follow_renames(baseline: Baseline, folder: Path, run: Run) -> Baseline:
    """Return a baseline with the current names of renamed files and patterns.

    A file was renamed if it no longer exists and its pattern is in a file that the baseline does not contain; a copy is a new
    file. If the slug of the pattern changed with the file name, findings about links to the old slug become findings about
    links to the new one.
    """
    missing = _missing_files(baseline, folder) & baseline.patterns.keys()
    if not missing:
        return baseline
    names = BaselineFilter(baseline, folder)
    current = pattern_names(run, names)
    old_by_pattern = {baseline.patterns[name]: name for name in sorted(missing - current.keys(), reverse=True)}
    new_by_old: dict[str, str] = {}
    for new in sorted(current.keys() - baseline.files.keys()):
        old = next((old_by_pattern[name] for name in current[new] if name in old_by_pattern), None)
        if old is not None:
            new_by_old.setdefault(old, new)
    slugs = {_stem(old): _stem(new) for old, new in new_by_old.items() if _stem(new) in current[new]}
    new_slugs = {old: new for old, new in slugs.items() if not run.library.contains(old)}
    present = baseline_of_run(run, names).files if new_slugs else {}
    files = {new_by_old.get(name, name): keys for name, keys in baseline.files.items()}
    return Baseline(
        {name: rename_keys(keys, new_slugs, present.get(name, Counter())) for name, keys in files.items()},
        {new_by_old.get(name, name): pattern for name, pattern in baseline.patterns.items()},
    )


def _stem(name: str) -> str:
    return PurePosixPath(name).stem


def with_patterns(baseline: Baseline, old: Baseline, current: Mapping[str, tuple[str, ...]]) -> Baseline:
    """Return a baseline with the names of its patterns: the current ones, else those of `old`."""
    patterns = {name: (*current.get(name, ()), old.patterns.get(name, ""))[0] for name in baseline.files}
    return Baseline(baseline.files, {name: pattern for name, pattern in patterns.items() if pattern})


def resolved(
    baseline: Baseline, present: Baseline, checked: Iterable[str], is_checked: Callable[[str], bool]
) -> Baseline:
    """Return the findings of a baseline that no longer exist.

    Args:
        baseline: the baseline.
        present: the current findings.
        checked: the names of the checked files; findings of other files are not resolved.
        is_checked: whether a rule was checked; findings of other rules are not resolved.
    """
    absent = subtract(Baseline({name: baseline.files[name] for name in checked if name in baseline.files}), present)
    return _without_empty(
        {
            name: Counter({(rule, about): count for (rule, about), count in keys.items() if is_checked(rule)})
            for name, keys in absent.files.items()
        }
    )


def _without_empty(files: Mapping[str, Counter[FindingKey]]) -> Baseline:
    return Baseline({name: keys for name, keys in files.items() if keys})


def subtract(baseline: Baseline, other: Baseline) -> Baseline:
    """Return a baseline without the findings of another one."""
    return _without_empty({name: keys - other.files.get(name, Counter()) for name, keys in baseline.files.items()})


def update(
    baseline: Baseline, present: Baseline, checked: Iterable[str], is_checked: Callable[[str], bool]
) -> Baseline:
    """Return a baseline with the current findings and without the resolved ones (see `resolved`)."""
    return union(subtract(baseline, resolved(baseline, present, checked, is_checked)), present)


def union(baseline: Baseline, other: Baseline) -> Baseline:
    """Return a baseline with the findings of both."""
    names = sorted({*baseline.files, *other.files})
    return Baseline({name: baseline.files.get(name, Counter()) | other.files.get(name, Counter()) for name in names})
