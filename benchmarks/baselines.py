"""What patternlint is measured against: `python benchmarks/baselines.py NAME FOLDER`.

* `yaml`: PyYAML's `CSafeLoader` over the front matter of every file, the values thrown away. Nobody who works with
  front matter in Python does less.
* `hash`: every file read and hashed, as git hashes it. No cache that trusts contents alone does less.
* `busy`: a fixed amount of work for one processor, in `FOLDER` hundred thousand steps.
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
    import yaml  # noqa: PLC0415 - the other baselines are measured without it

    for data in _files(folder):
        _, fence, rest = data.decode("utf-8", "replace").partition("---\n")
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
    """Work for a while."""
    total = 0
    for number in range(int(steps) * 100_000):
        total += number & 7


BASELINES = {"yaml": load_yaml, "hash": hash_files, "busy": keep_busy}

if __name__ == "__main__":
    BASELINES[sys.argv[1]](sys.argv[2])
