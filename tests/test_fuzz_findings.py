"""Files that broke a promise once, found by `fuzz/run.py` and named for what was wrong."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from command import ROOT

sys.path.insert(0, str(ROOT))  # `fuzz` is not installed

from fuzz.promises import check
from fuzz.run import Search, all_seeds, change

FOUND = sorted((Path(__file__).resolve().parent / "fuzz_findings").glob("*.md"))


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.stem)
def test_it_keeps_every_promise_now(path: Path) -> None:
    check(path.read_bytes())


def test_changes_of_the_seeds_keep_every_promise() -> None:
    search = Search(seconds=60, count=150, seed=20_260_701)
    seeds = all_seeds()
    while not search.over:
        check(change(search.chance.choice(seeds), seeds, search.chance))
        search.tried += 1
    assert search.tried > 0
