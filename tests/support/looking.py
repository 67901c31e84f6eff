"""Findings for tests of what a change brings: found in this process, and compared by what they are about."""

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
"""A file, a rule, a route without the places in lists, and a subject: what makes two findings one."""


def look(repository: Repository, *flags: str) -> list[Diagnostic]:
    with chdir(repository.top):
        options = parser().parse([*flags, "--jobs", "1"])
        (request,) = RequestQueue(options)
        found, _ = run_checks(options, request)
        return list(found)


def key(finding: Diagnostic, anew: Mapping[str, str]) -> Key:
    route = tuple("[]" if isinstance(step, int) else step for step in finding.route)
    return anew.get(finding.path, finding.path), finding.rule, route, anew.get(finding.subject, finding.subject)


def keys(findings: Iterable[Diagnostic], anew: Mapping[str, str] | None = None) -> Counter[Key]:
    """Count findings, with other names for some files and slugs."""
    return Counter(key(finding, anew or {}) for finding in findings)


def shown(found: Counter[Key]) -> list[str]:
    return sorted(f"{path} {rule} {subject}".rstrip() for path, rule, _, subject in found.elements())
