from __future__ import annotations

from pathlib import Path

from command import OK, ROOT, TROUBLE, Result, patternlint

EXAMPLES = ROOT / "examples"


def times(table: str) -> dict[str, float]:
    """Return the seconds of each row."""
    rows = [line.rsplit(maxsplit=2) for line in table.splitlines() if line.endswith("%")]
    return {name: float(seconds) for name, seconds, _ in rows}


def look(*arguments: str) -> Result:
    return patternlint("--isolated", "--exit-zero", *arguments, "library", cwd=EXAMPLES)


def test_stages_and_rules_are_shown_on_standard_error_and_nothing_else_changes() -> None:
    plain = look("--no-cache", "--output-format", "json")
    timed = look("--no-cache", "--output-format", "json", "--timing", "--jobs", "2")
    assert timed.code == plain.code == OK
    assert timed.out == plain.out
    assert plain.err == ""
    stages, _, rules = timed.err.strip().partition("\n\n")
    assert len(times(stages)) == 5
    assert "read and parse (14 files)" in times(stages)
    assert len(times(rules)) == 21
    assert rules.splitlines()[-1].split("  ")[0].endswith("rules more")


def test_the_rules_take_no_longer_than_the_stages_that_they_run_in() -> None:
    stages, _, rules = look("--no-cache", "--timing").err.strip().partition("\n\n")
    whole = times(stages)
    assert sum(times(rules).values()) <= whole["check each file"] + whole["check the library"] + 0.05


def test_what_the_cache_knows_takes_no_time(tmp_path: Path) -> None:
    look("--cache-dir", str(tmp_path))
    again = look("--cache-dir", str(tmp_path), "--timing", "--statistics")
    assert "read and parse (0 files)" in times(again.err)
    assert times(again.err)["check each file"] == 0


def test_fixing_is_not_timed() -> None:
    refused = look("--fix", "--timing")
    assert refused.code == TROUBLE
    assert "--timing is for runs that only look" in refused.err
