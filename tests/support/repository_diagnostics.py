"""Diagnostics of a repository, found in this process and compared by their subject."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import chdir

from patternlint.cli.commands.check import parser
from patternlint.cli.requests import RequestQueue
from patternlint.cli.session import run_checks
from patternlint.diagnostics.diagnostic import Diagnostic
from tests.support.repository import Repository

Key = tuple[str, str, tuple[str, ...], str]
"""Path, rule, route without list indexes, and subject. Diagnostics with equal keys count as the same."""


def lint_repository(repository: Repository, *flags: str) -> list[Diagnostic]:
    """Return the diagnostics of a run in the top folder with these flags."""
    with chdir(repository.top):
        options = parser().parse([*flags, "--jobs", "1"])
        (request,) = RequestQueue(options)
        diagnostics, _ = run_checks(options, request)
        return list(diagnostics)


def count_keys(diagnostics: Iterable[Diagnostic], new_names: Mapping[str, str] | None = None) -> Counter[Key]:
    """Count diagnostics by key. `new_names` maps the old paths and subjects of renamed patterns to the new ones."""
    return Counter(_key(diagnostic, new_names or {}) for diagnostic in diagnostics)


def describe(keys: Counter[Key]) -> list[str]:
    """Return a sorted line for each diagnostic: path, rule and subject."""
    return sorted(f"{path} {rule} {subject}".rstrip() for path, rule, _, subject in keys.elements())


def _key(diagnostic: Diagnostic, new_names: Mapping[str, str]) -> Key:
    route = tuple("[]" if isinstance(step, int) else step for step in diagnostic.route)
    path, subject = (new_names.get(name, name) for name in (diagnostic.path, diagnostic.subject))
    return path, diagnostic.rule, route, subject
