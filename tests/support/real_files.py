"""The libraries of real files beside this checkout: a sample of every form in the gate, all of them in the slow tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import ROOT

CORPUS = ROOT / "../shared/corpus"
_EVERY = {"commons-os": 12, "commons-os/_patterns": 12, "foreign": 10}
"""A sample takes every so many files of a folder, and all files of the other folders."""

needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="the real files are not here")
sampled = pytest.mark.parametrize(
    "sample", [True, pytest.param(False, marks=pytest.mark.slow)], ids=["a sample", "all files"]
)


def real_files(*folders: str, sample: bool) -> list[Path]:
    """Return the sorted files of some folders of the corpus, or of all its folders."""
    return [
        path
        for folder in sorted(folders) or sorted(path.name for path in CORPUS.iterdir() if path.is_dir())
        for path in sorted((CORPUS / folder).rglob("*.md"))[:: _EVERY.get(folder, 1) if sample else 1]
    ]
