"""Line numbers of keys in JSON, for error messages."""

from __future__ import annotations

import json
import re

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


def line_of_pointer(text: str, pointer: str) -> int | None:
    """Return the line, from 1, of a key or an item in valid JSON; None if it is missing.

    Args:
        text: the JSON.
        pointer: the way to it, as a JSON Pointer without escapes; empty for the first line.
    """
    path: list[str | int | None] = []  # the key or the index in each open mapping or list; None before a key
    for token in _TOKEN.finditer(text):
        mark = token[0]
        if path and path[-1] is None and mark[0] == '"':
            path[-1] = json.loads(mark)
        if mark not in (",", ":", "}", "]") and None not in path and "".join(f"/{step}" for step in path) == pointer:
            return text.count("\n", 0, token.start()) + 1
        if mark in ("{", "["):
            path.append(None if mark == "{" else 0)
        elif mark in ("}", "]"):
            path.pop()
        elif mark == "," and path:
            path[-1] = path[-1] + 1 if isinstance(path[-1], int) else None
    return None
