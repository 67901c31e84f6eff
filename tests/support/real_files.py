"""Real pattern files from outside the repository: a sample in the gate, all files in the slow tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import ROOT

CORPUS = ROOT / "../shared/corpus"
_SAMPLE_STEPS = {"commons-os": 12, "commons-os/_patterns": 12, "foreign": 10}
"""Step of the sample by folder; other folders are complete."""

needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="requires the real files")
sampled = pytest.mark.parametrize(
    "sample", [True, pytest.param(False, marks=pytest.mark.slow)], ids=["a sample", "all files"]
)


def real_files(*folders: str, sample: bool) -> list[Path]:
    """Return the sorted files of these folders of the corpus, by default of all."""
    return [
        path
        for folder in sorted(folders) or sorted(path.name for path in CORPUS.iterdir() if path.is_dir())
        for path in sorted((CORPUS / folder).rglob("*.md"))[:: _SAMPLE_STEPS.get(folder, 1) if sample else 1]
    ]
