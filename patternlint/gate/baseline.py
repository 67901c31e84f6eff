"""The baseline: a file of known findings, so that a library with old ones can let no new one in from today.

It is sorted and readable, so that it changes little and a reviewer sees what: by file, by rule, by what the finding is
about. A finding is known by rule, file and route, not by its line and not by a mere count.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from patternlint.diagnostic import Diagnostic
from patternlint.gate.identity import Identity, identities, split

VERSION = 1


class BaselineError(Exception):
    """A baseline that cannot be used: one clear sentence."""


class Baseline(Struct, frozen=True):
    """Known findings.

    Attributes:
        files: what is known about each file, by its path from the folder of the baseline, with `/`.
    """

    files: Mapping[str, Counter[Identity]]

    def __len__(self) -> int:
        """Return how many findings are known."""
        return sum(known.total() for known in self.files.values())


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    files: dict[str, dict[str, list[str]]]


def read_baseline(path: Path) -> Baseline:
    """Return the baseline in a file.

    Raises:
        BaselineError: when it cannot be read, or is none.
    """
    try:
        found = msgspec.json.decode(path.read_bytes(), type=_File)
    except FileNotFoundError as error:
        message = f"there is no baseline {path}; `patternlint baseline write` makes one"
        raise BaselineError(message) from error
    except OSError as error:
        message = f"the baseline {path} cannot be read: {error.strerror}"
        raise BaselineError(message) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        message = f"{path} is no baseline: {error}"
        raise BaselineError(message) from error
    if found.version != VERSION:
        message = f"the baseline {path} has version {found.version}; this patternlint reads version {VERSION}"
        raise BaselineError(message)
    return Baseline(
        {
            name: Counter((rule, about) for rule, abouts in rules.items() for about in abouts)
            for name, rules in found.files.items()
        }
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
    return json.dumps({"version": VERSION, "files": files}, indent=1, ensure_ascii=False) + "\n"


class KnownByBaseline:
    """A baseline at work on a run, whose paths count from the working directory."""

    def __init__(self, baseline: Baseline, folder: Path) -> None:
        """Take the baseline and its folder."""
        self._baseline = baseline
        self._folder = folder

    def name(self, path: str) -> str:
        """Return a path of the run as the baseline has it."""
        return os.path.relpath(path or ".", self._folder).replace(os.sep, "/") if path else ""

    def split(self, path: str, findings: Sequence[Diagnostic]) -> tuple[Sequence[Diagnostic], int]:
        """Return those of a file's findings that are new, and how many are not."""
        known = self._baseline.files.get(self.name(path))
        return (findings, 0) if known is None else split(findings, known)


def taken(findings: Iterable[tuple[str, Sequence[Diagnostic]]], names: KnownByBaseline) -> Baseline:
    """Return the baseline that knows the given findings, by the paths of a run."""
    return Baseline({names.name(path): identities(found) for path, found in findings if found})


def gone(baseline: Baseline, present: Baseline, looked_at: Iterable[str]) -> Baseline:
    """Return what a baseline knows that is no longer there, in the files that were looked at."""
    return Baseline(
        {
            name: missing
            for name in sorted(looked_at)
            if name in baseline.files and (missing := baseline.files[name] - present.files.get(name, Counter()))
        }
    )


def without(baseline: Baseline, other: Baseline) -> Baseline:
    """Return a baseline without what `other` knows."""
    left = {name: known - other.files.get(name, Counter()) for name, known in baseline.files.items()}
    return Baseline({name: known for name, known in left.items() if known})


def joined(baseline: Baseline, fresh: Baseline, looked_at: frozenset[str]) -> Baseline:
    """Return a baseline in which what is known of the files that were looked at is what `fresh` knows."""
    kept = {name: known for name, known in baseline.files.items() if name not in looked_at}
    return Baseline({**kept, **fresh.files})
