"""Former names of patterns: `redirects.toml` in the folder of the project, each slug or id with the one that replaced it."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from patternlint.errors import UserError

REDIRECTS_NAME = "redirects.toml"

_ENCODING = "utf-8-sig"  # editors on Windows write a byte order mark
_LINE = re.compile(r"[^\n]*\n|[^\n]+")  # unlike `str.splitlines`, as TOML ends lines
_HEADER = b"# Former slugs and ids of patterns, each with the name that replaced it.\n"


class RedirectError(UserError):
    """A file with former names that is invalid."""


def redirects_path(folder: Path | None) -> Path | None:
    """Return the file with former names in the folder of a project, or None if it does not exist."""
    path = folder / REDIRECTS_NAME if folder is not None else None
    return path if path is not None and path.is_file() else None


def load_redirects(folder: Path | None) -> Mapping[str, str]:
    """Return the former names of a project, each with the name that replaced it.

    Raises:
        RedirectError: when the file is not valid TOML, or a value is not text.
    """
    path = redirects_path(folder)
    if path is None:
        return {}
    try:
        return _parse(path.read_bytes())
    except (OSError, ValueError) as error:
        message = f"{path}: {error}"
        raise RedirectError(message) from error


def _parse(content: bytes) -> Mapping[str, str]:
    try:
        names = tomllib.loads(content.decode(_ENCODING))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"line {line} is not UTF-8"
        raise ValueError(message) from error
    except RecursionError as error:
        message = "nested too deeply"
        raise ValueError(message) from error
    for old, new in names.items():
        if not isinstance(new, str):
            message = f'expected a name after `{old}`, as in `{old} = "new-name"`'
            raise ValueError(message)  # noqa: TRY004 - as tomllib does for any invalid content
    return names


def with_redirects(content: bytes, added: Mapping[str, str]) -> bytes:
    """Return a file with more former names.

    A name that it has already leads to the added name. The line of a name that is used again, as a replacement, is deleted.

    Raises:
        ValueError: when the content is invalid.
    """
    if not added:
        return content
    known = _parse(content)
    text = content.decode(_ENCODING)
    line_end = "\r\n" if "\r\n" in text else "\n"
    replaced = {*added.keys(), *added.values()} & known.keys()
    remaining = "".join(line for line in _LINE.findall(text) if not _names_in(line) & replaced)
    if remaining and not remaining.endswith("\n"):
        remaining += line_end
    new_lines = (f"{_quoted(old)} = {_quoted(new)}{line_end}" for old, new in sorted(added.items()))
    return (remaining.encode() or _HEADER) + "".join(new_lines).encode()


def _names_in(line: str) -> set[str]:
    """Return the names that a line of the file redirects; none for a comment, or a part of a value of several lines."""
    try:
        return set(tomllib.loads(line))
    except tomllib.TOMLDecodeError:
        return set()


def _quoted(name: str) -> str:
    return json.dumps(name, ensure_ascii=False).replace("\x7f", "\\u007f")
