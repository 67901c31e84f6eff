"""Paths of files in URIs."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit
from urllib.request import url2pathname


def path_of(uri: str) -> str | None:
    """Return the absolute path in a `file:` URI, without `..`, or None for another URI."""
    parts = urlsplit(uri)
    if parts.scheme != "file":
        return None
    path = url2pathname(parts.path) if os.name == "nt" else unquote(parts.path, errors="surrogateescape")
    return os.path.normpath(path)


def uri_of(path: str) -> str:
    """Return the URI of an absolute path."""
    if os.name == "nt":
        return Path(path).as_uri()
    return f"file://{quote(os.fsencode(path))}"
