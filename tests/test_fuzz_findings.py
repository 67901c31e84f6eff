"""Files that once violated a guarantee, found by `fuzz/run.py` and named after the bug."""

from __future__ import annotations

import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.support.command import ROOT

sys.path.insert(0, str(ROOT))  # `fuzz` is not installed

from fuzz.changes import change, seeds
from fuzz.guarantees import check

FILES = sorted((ROOT / "tests" / "fuzz_findings").glob("*.md"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_guarantee_is_violated(path: Path) -> None:
    check(path.read_bytes())


def test_changes_of_the_seeds_violate_no_guarantee() -> None:
    chance = random.Random(20_260_701)  # noqa: S311 - not for security
    start = list(seeds())
    tried: Counter[str] = Counter()
    for _ in range(150):
        tried.update(check(change(chance.choice(start), start, chance)))
    assert tried["kind: pattern"] > 50
    assert tried["safe fixes, applied"] > 20
    assert tried["all fixes, applied"] > 20


@pytest.mark.parametrize("count", [100, pytest.param(900, marks=pytest.mark.slow)])
def test_the_search_counts_the_checked_files_and_ends_in_time(count: int) -> None:
    run = [sys.executable, "-m", "fuzz.run", "--random", "--count", str(count), "--seed", "4"]
    done = subprocess.run(run, cwd=ROOT, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith(f"{count} files checked in ")
    kinds = [line.split() for line in done.stdout.splitlines() if " kind: " in line]
    assert sum(int(number.replace(",", "")) for number, *_ in kinds) == count
