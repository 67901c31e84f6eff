from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.command import ERROR, OK, ROOT, Result, patternlint

EXAMPLES = ROOT / "examples/library"


def times(table: str) -> dict[str, float]:
    """Return the seconds of each row."""
    rows = [line.rsplit(maxsplit=2) for line in table.splitlines() if line.endswith("%")]
    return {name: float(seconds) for name, seconds, _ in rows}


Look = Callable[..., Result]


@pytest.fixture
def look(tmp_path: Path) -> Look:
    """Lint the examples, in a project of their own."""
    folder = tmp_path / "library"
    shutil.copytree(EXAMPLES, folder)
    (folder / "patternlint.toml").touch()
    return lambda *arguments: patternlint("--exit-zero", *arguments, cwd=folder)


def test_stages_and_rules_are_shown_on_standard_error_and_nothing_else_changes(look: Look) -> None:
    plain = look("--no-cache", "--output-format", "json")
    timed = look("--no-cache", "--output-format", "json", "--timing", "--jobs", "2")
    assert timed.code == plain.code == OK
    assert timed.out == plain.out
    assert plain.err == ""
    stages, _, rules = timed.err.strip().partition("\n\n")
    assert len(times(stages)) == 5
    assert "read and parse (14 files)" in times(stages)
    assert len(times(rules)) == 21
    assert rules.splitlines()[-1].split("  ")[0].endswith("other rules")


def test_the_rules_take_no_longer_than_the_stages_that_they_run_in(look: Look) -> None:
    stages, _, rules = look("--no-cache", "--timing").err.strip().partition("\n\n")
    whole = times(stages)
    assert sum(times(rules).values()) <= whole["check each file"] + whole["check the library"] + 0.05


def test_cached_results_take_no_time(look: Look) -> None:
    look("--statistics")
    again = look("--statistics", "--timing")
    assert times(again.err)["check each file"] == 0


def test_fixing_is_not_timed(look: Look) -> None:
    refused = look("--fix", "--timing")
    assert refused.code == ERROR
    assert "--timing cannot be used with fixes" in refused.err
