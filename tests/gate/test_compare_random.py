"""After any changes, a comparison gives the same answer with the cache, without it, and over the whole library."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from patternlint.cache import store
from patternlint.gate import compare
from patternlint.library.concern import Change
from patternlint.library.library import Library
from patternlint.run import state
from tests.support.command import FINDINGS, OK, patternlint
from tests.support.editor import Editor
from tests.support.libraries import generate_library
from tests.support.repository import Repository


def report(*arguments: str, cwd: Path) -> dict[str, Any]:
    result = patternlint("--output-format", "json", *arguments, cwd=cwd)
    assert result.code in (OK, FINDINGS), result.err
    read: dict[str, Any] = json.loads(result.out)
    return read


@pytest.mark.parametrize(
    ("seed", "steps"), [(0, 6), *(pytest.param(seed, 30, marks=pytest.mark.slow) for seed in range(1, 9))]
)
def test_after_any_changes_a_comparison_finds_what_is_new(
    seed: int, steps: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "RACY_WINDOW_NS", 30_000_000)
    library = generate_library(tmp_path / "library", 60)
    repository = Repository(library)
    repository.git("init", "-q", "-b", "main")
    repository.commit("a library")
    editor = Editor(library, seed)
    history: list[str] = []
    for _ in range(steps):
        history += [editor.step() for _ in range(editor.random.choice([1, 1, 3]))]
        time.sleep(0.06)
        flags = ["--since", "HEAD", "--select", "ALL"]
        if editor.random.random() < 0.5:
            repository.git("add", "-A")
            flags.append("--staged")
        monkeypatch.setattr(state, "MAX_CHANGED", editor.random.choice([2, 300]))
        monkeypatch.setattr(state, "MAX_LOOKUPS", editor.random.choice([5, 3_000]))
        found = report(*flags, cwd=library)
        assert found == report(*flags, cwd=library), history
        assert found == report(*flags, "--no-cache", cwd=library), history
        with monkeypatch.context() as everywhere:
            everywhere.setattr(compare, "concerned", _everything)
            assert found["findings"] == report(*flags, "--no-cache", cwd=library)["findings"], history
        if editor.random.random() < 0.3:
            repository.commit("changes")
            assert report("--since", "HEAD", "--select", "ALL", cwd=library)["findings"] == [], history


def _everything(before: Library, after: Library, changes: list[Change]) -> frozenset[str]:
    return frozenset(entry.path for entry in after.store.everything)
