"""What a finding is, whatever line it stands on: the key of baselines, of comparisons and of services that follow findings.

In its file a finding is known by its rule, its route without the places in lists, and its subject; so it stays the same
when lines move, keys change their order, items are added before it, a message is worded anew or a level is set. A
fingerprint is that and the file, as a short number.
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
    """Return `path` as counts from the top of the repository.

    Args:
        path: relative to the working directory, or absolute.
        prefix: the way from the top to the working directory, such as "docs/library/"; empty where they are the same.
    """
    return normpath(prefix + path) if prefix and not is_absolute(path) else path


def is_absolute(path: str) -> bool:
    """Return whether a path with `/` says all of the way, on any system."""
    return isabs(path) or path[1:3] == ":/"


def fingerprint(finding: Diagnostic, prefix: str = "") -> str:
    """Return 32 hexadecimal digits that stay while the finding does.

    Args:
        finding: the finding.
        prefix: the way from the top of the repository to the directory that its path is relative to.
    """
    return _digest(finding, repository_path(finding.path, prefix))


def stable_subject(finding: Diagnostic) -> str:
    """Return the subject of a finding within its file, readable: `relationships.enables[]: open-table`.

    A subject in a list item is known without the key that holds it: fixes rename that key (`id` to `slug`), or make a
    mapping of a text.
    """
    if not finding.subject:
        return _steps(finding.route)
    in_item = len(finding.route) > 1 and isinstance(finding.route[-2], int)
    return f"{_steps(finding.route[:-1] if in_item else finding.route)}: {finding.subject}"


def current_about(text: str) -> str:
    """Return what `about` returns now for what it returned before: with the key in the list item."""
    return _KEY_IN_ITEM.sub(r"[]: ", text)


_KEY_IN_ITEM = re.compile(r"\[\]\.[^.:\[\]]+: ")


def _digest(finding: Diagnostic, path: str) -> str:
    key = f"{finding.rule}\0{path}\0{stable_subject(finding)}"
    return blake2b(key.encode("utf-8", "surrogatepass"), digest_size=_SIZE).hexdigest()


@lru_cache(maxsize=4096)
def _steps(route: Route) -> str:
    """Return a route without the places in lists. The same few routes come again and again."""
    return "".join("[]" if isinstance(step, int) else f".{step}" for step in route).removeprefix(".")


def fingerprints(findings: Iterable[Diagnostic], prefix: str = "") -> Iterator[tuple[Diagnostic, str]]:
    """Yield each finding with a fingerprint that no other has: equal ones of a file get `#2`, `#3` in their order.

    Args:
        findings: sorted, so that those of a file stand together.
        prefix: as for `fingerprint`.
    """
    path = top = ""
    counts: dict[str, int] = {}
    for finding in findings:
        if finding.path != path:
            path = finding.path
            top = repository_path(path, prefix)
            counts.clear()
        key = _digest(finding, top)
        if key in counts:
            counts[key] += 1
            key = f"{key}#{counts[key]}"
        else:
            counts[key] = 1
        yield finding, key
