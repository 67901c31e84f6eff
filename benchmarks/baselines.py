"""Baselines for the benchmarks: `python benchmarks/baselines.py NAME FOLDER`.

* `yaml`: load the front matter of every file with PyYAML's `CSafeLoader`, the minimum for any program that uses it.
* `hash`: read and hash every file as git does, the minimum for a cache that relies on content only.
* `busy`: a fixed amount of work for one processor; `FOLDER` is the number of steps in hundred thousands.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path


def _files(folder: str) -> Iterator[bytes]:
    """Yield the content of every Markdown file below `folder`."""
    for top, _, names in os.walk(folder):
        for name in names:
            if name.endswith(".md"):
                yield Path(top, name).read_bytes()


def load_yaml(folder: str) -> None:
    """Load the front matter of every file."""
    import yaml  # noqa: PLC0415 - other baselines must not import it

    for data in _files(folder):
        _, fence, rest = data.decode("utf-8", "replace").partition("---")
        front, _, _ = rest.partition("\n---")
        if fence:
            try:
                yaml.load(front, yaml.CSafeLoader)
            except yaml.YAMLError:
                continue


def hash_files(folder: str) -> None:
    """Read and hash every file."""
    for data in _files(folder):
        hashlib.sha1(b"blob %d\0%b" % (len(data), data), usedforsecurity=False).digest()


def keep_busy(steps: str) -> None:
    """Do a fixed amount of work."""
    total = 0
    for number in range(int(steps) * 100_000):
        total += number & 7


BASELINES = {"yaml": load_yaml, "hash": hash_files, "busy": keep_busy}

if __name__ == "__main__":
    BASELINES[sys.argv[1]](sys.argv[2])
