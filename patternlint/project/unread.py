"""Files that a configuration declares as patterns, and that are not read because of their suffix."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePath

from patternlint.document.identifiers import is_markdown_name, is_skipped_folder
from patternlint.project.paths import Scope
from patternlint.project.project import Project
from patternlint.spec.validation import CHECKED_SUFFIXES

_OTHER_MARKDOWN = (".qmd", ".rmd", ".mkd", ".mkdn", ".mdown", ".mdwn", ".markdn", ".mdtext", ".livemd")
"""Suffixes of Markdown in other programs, in lower case. A glob that matches images and data as well means none of these."""


def unread_note(project: Project, scope: Scope) -> str:
    """Return a note about the files on disk that `patterns` or `files` match and that are not read; empty without any."""
    paths = [*_unread(project, scope)]
    if not paths:
        return ""
    shown = PurePath(os.path.relpath(min(paths))).as_posix()
    files, them = (f"{shown} is", "it") if len(paths) == 1 else (f"{len(paths):,} files such as {shown} are", "them")
    suffixes = ", ".join(CHECKED_SUFFIXES)
    return (
        f"{files} skipped, although `patterns` or `files` matches {them}: only files that end in {suffixes} are checked"
    )


def _unread(project: Project, scope: Scope) -> Iterator[str]:
    if not any(map(_is_open, (*project.config.patterns, *(glob for spec in project.specs.all for glob in spec.files)))):
        return
    for root in scope.roots:
        for folder, folders, names in os.walk(root):
            folders[:] = [
                name for name in folders if not is_skipped_folder(name) and Path(folder, name) not in scope.nested
            ]
            for name in names:
                path = str(Path(folder, name)) if name.lower().endswith(_OTHER_MARKDOWN) else ""
                if path and project.is_declared_pattern(path) and not project.is_excluded(path):
                    yield path


def _is_open(glob: str) -> bool:
    """Return whether a glob can match files with any suffix."""
    return not glob.startswith("!") and not is_markdown_name(glob)
