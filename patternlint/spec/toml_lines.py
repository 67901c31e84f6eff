"""Line numbers of keys in TOML, for error messages: neither tomllib nor tomlkit has them.

Every statement of a TOML file is TOML by itself, so tomllib tells where one ends: at the first line with which it parses.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

Steps = tuple[str | int, ...]
"""A path into TOML data, such as `("groups", 0, "keys")`."""


class _Statement(Struct, frozen=True):
    """A table header or a key with its value: its first line, its lines, and the path that it sets."""

    line: int
    lines: tuple[str, ...]
    path: Steps


def line_of(text: str, path: Sequence[str | int]) -> int | None:
    """Return the line, from 1, of the deepest part of `path` that `text` sets; None where it sets none of it.

    Args:
        text: valid TOML.
        path: keys, and places in lists, from the top.
    """
    best = max(_statements(text), key=lambda one: _common(one.path, path), default=None)
    if best is None or not _common(best.path, path):
        return None
    words = [_word(text, path)] if len(path) > len(best.path) else []
    return next(
        (best.line + at for word in words for at, line in enumerate(best.lines) if word and word in line), best.line
    )


def _common(one: Sequence[str | int], other: Sequence[str | int]) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _word(text: str, path: Sequence[str | int]) -> str:
    """Return the text to search for in a statement: the last key of `path`, or its value."""
    if isinstance(path[-1], str):
        return path[-1]
    value: Any = tomllib.loads(text)
    try:
        for step in path:
            value = value[step]
    except (LookupError, TypeError):
        return ""
    return value if isinstance(value, str) else ""


def _statements(text: str) -> Iterator[_Statement]:
    above: Steps = ()
    tables: Counter[Steps] = Counter()
    lines: list[str] = []
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        lines.append(line)
        try:
            data = tomllib.loads("\n".join(lines))
        except tomllib.TOMLDecodeError:
            continue
        if data:
            path, is_list = _path_of(data)
            if lines[0].lstrip().startswith("["):
                path = above = _header(path, tables, is_list=is_list)
            else:
                path = (*above, *path)
            yield _Statement(number - len(lines) + 1, tuple(lines), path)
        lines = []


def _path_of(data: dict[str, Any]) -> tuple[Steps, bool]:
    """Return the path that a statement with this `data` sets, and whether it ends in a list of tables."""
    path: list[str] = []
    value: Any = data
    while isinstance(value, dict) and len(value) == 1:
        ((key, value),) = value.items()
        path.append(key)
    return tuple(path), value == [{}]


def _header(keys: Steps, tables: Counter[Steps], *, is_list: bool) -> Steps:
    """Return the path of a table header, with its place in each list of tables."""
    path: Steps = ()
    for key in keys[: len(keys) - is_list]:
        path = (*path, key)
        if path in tables:
            path = (*path, tables[path] - 1)
    if is_list:
        path = (*path, keys[-1])
        tables[path] += 1
        path = (*path, tables[path] - 1)
    return path
