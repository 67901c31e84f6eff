"""Fingerprints: identify a finding independent of its line, in baselines, comparisons and services that track findings.

A finding is identified by its file, its rule, its route without the indexes in lists, and its subject. It stays the same
if lines move, keys are reordered, items are inserted before it, or its message or level changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b
from posixpath import isabs, normpath

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.diagnostics.route import Route

_SIZE = 16
"""Bytes: 32 hexadecimal digits."""


def repository_path(path: str, prefix: str) -> str:
    """Return `path` relative to the top of the repository.

    Args:
        path: relative to the working directory, or absolute.
        prefix: the path of the working directory in the repository, such as "docs/library/"; empty for the top.
    """
    return normpath(prefix + path) if prefix and not is_absolute(path) else path


def is_absolute(path: str) -> bool:
    """Return whether a path with `/` is absolute, on any system."""
    return isabs(path) or path[1:3] == ":/"


def stable_subject(finding: Diagnostic) -> str:
    """Return the route and the subject of a finding as text: `relationships.enables[]: open-table`.

    The key of a subject in a list item is omitted: fixes rename it (`id` to `slug`), or replace a text with a mapping.
    """
    if not finding.subject:
        return _steps(finding.route)
    in_item = len(finding.route) > 1 and isinstance(finding.route[-2], int)
    return f"{_steps(finding.route[:-1] if in_item else finding.route)}: {finding.subject}"


def current_about(text: str) -> str:
    """Return the current form of a `stable_subject` of version 0.1, which contained the key in the list item."""
    return re.sub(r"\[\]\.[^.:\[\]]+: ", "[]: ", text)


@lru_cache(maxsize=4096)  # the same few routes recur
def _steps(route: Route) -> str:
    """Return a route without the indexes in lists."""
    return "".join("[]" if isinstance(step, int) else f".{step}" for step in route).removeprefix(".")


def fingerprints(findings: Iterable[Diagnostic], prefix: str = "") -> Iterator[tuple[Diagnostic, str]]:
    """Yield each finding with its unique fingerprint; equal ones of a file get `#2`, `#3` in their order.

    Args:
        findings: sorted by file.
        prefix: as for `repository_path`.
    """
    path = top = ""
    counts: dict[str, int] = {}
    for finding in findings:
        if finding.path != path:
            path = finding.path
            top = repository_path(path, prefix)
            counts.clear()
        text = f"{finding.rule}\0{top}\0{stable_subject(finding)}"
        key = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_SIZE).hexdigest()
        if key in counts:
            counts[key] += 1
            key = f"{key}#{counts[key]}"
        else:
            counts[key] = 1
        yield finding, key
