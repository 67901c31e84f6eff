"""Files whose CRLF line endings are only in the work tree: git stores LF (`core.autocrlf`, attributes `text` and `eol`)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from patternlint.project.files import path_prefixes
from patternlint.project.git import GitError, files_of_index, git

_ATTRIBUTES = ("text", "crlf", "eol")  # `crlf` is the old name of `text`
_TRUE = ("", "true", "yes", "on", "1", "input")  # values of `core.autocrlf` with which git stores LF
_MAX_PATHS = 100  # on a command line, which is short on Windows


def files_stored_with_lf(top: Path, blob_ids: Mapping[str, bytes]) -> frozenset[str]:
    """Return those of some files with CRLF line endings that git stores with LF.

    Where git decides by the content (`text=auto`, `core.autocrlf`), it leaves a file alone that it already stores with CRLF.
    Such a file holds in the work tree what git stores.

    Args:
        top: the top of the work tree.
        blob_ids: the blob ids of what the files hold in the work tree, by absolute path.
    """
    (lead,) = path_prefixes((top,))
    names = {path[len(lead) :].replace(os.sep, "/"): path for path in blob_ids if path.startswith(lead)}
    try:
        always, by_content = _converted(top, tuple(names))
        some = by_content if len(by_content) <= _MAX_PATHS else ()
        stored = {file.path: file.blob_id for file in files_of_index(top, *some)} if by_content else {}
    except GitError:
        return frozenset()
    differing = (name for name in by_content if stored.get(name) != blob_ids[names[name]])
    return frozenset(map(names.__getitem__, (*always, *differing)))


def _converted(top: Path, names: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Return the files with line endings that git always converts, and those where it depends on the content."""
    listed = b"".join(os.fsencode(name) + b"\0" for name in names)
    values = git(top, "check-attr", "-z", "--stdin", *_ATTRIBUTES, data=listed).split(b"\0")[2::3]
    setting = git(top, "config", "--default", "false", "--get", "core.autocrlf")
    default = b"auto" if setting.decode().strip().lower() in _TRUE else b"unset"
    always: list[str] = []
    by_content: list[str] = []
    for name, text, crlf, eol in zip(names, values[::3], values[1::3], values[2::3], strict=True):
        kind = crlf if text == b"unspecified" else text
        if kind not in (b"auto", b"set", b"input", b"unset"):
            kind = b"set" if eol in (b"lf", b"crlf") else default
        if kind == b"auto":
            by_content.append(name)
        elif kind != b"unset":
            always.append(name)
    return always, by_content
