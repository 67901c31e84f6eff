"""The baseline keeps what a run did not check, and merges without letting anything new in."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.support.command import ERROR, FINDINGS, OK, Result, patternlint
from tests.support.repository import Repository, example_library

FILE = "patternlint-baseline.json"
PRUNE = ("baseline", "prune", "--jobs", "1")
MERGE = ("baseline", "merge", "--jobs", "1")
WRITE = ("baseline", "write", "--jobs", "1")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """The example library with a baseline."""
    made = example_library(tmp_path / "library")
    patternlint(*WRITE, cwd=made.top)
    made.commit("a baseline")
    return made


def known(repository: Repository) -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = json.loads(repository.read(FILE))["files"]
    return found


def break_score(repository: Repository, name: str, score: str = "resilience") -> None:
    text = repository.read(name)
    start = text.index(f"{score}: ")
    repository.add(name, f"{text[:start]}{score}: 9{text[text.index(chr(10), start) :]}")


@pytest.mark.parametrize("action", ["write", "update", "prune", "merge"])
def test_quiet_prints_nothing_when_the_baseline_is_written(repository: Repository, action: str) -> None:
    break_score(repository, "repair-cafe.md")
    before = repository.read(FILE)
    assert patternlint("baseline", action, "-q", "--jobs", "1", cwd=repository.top) == Result(OK, "", "")
    assert (repository.read(FILE) != before) == (action in ("write", "update"))


@pytest.mark.parametrize("flags", [("repair-cafe.md",), ("--select", "out-of-range"), ("--ignore", "body")])
@pytest.mark.parametrize("action", ["write", "update"])
def test_writing_part_of_a_baseline_keeps_the_rest(repository: Repository, action: str, flags: tuple[str, ...]) -> None:
    before = known(repository)
    break_score(repository, "repair-cafe.md")
    out = patternlint("baseline", action, *flags, "--jobs", "1", cwd=repository.top).out
    after = known(repository)
    assert "outside of this run unchanged" in out
    assert {name: after.get(name) for name in before if name != "repair-cafe.md"} == {
        name: rules for name, rules in before.items() if name != "repair-cafe.md"
    }
    assert "out-of-range" in after["repair-cafe.md"]


def test_a_part_of_a_run_keeps_a_file_whose_name_is_not_utf_8(repository: Repository) -> None:
    (repository.top / os.fsdecode(b"caf\xe9.md")).write_text("---\nslug: cafe\nontology: {}\n---\n", encoding="utf-8")
    patternlint(*WRITE, cwd=repository.top)
    before = repository.read(FILE)
    assert "caf\\\\xe9.md" in before
    assert "no longer exist" not in patternlint("repair-cafe.md", cwd=repository.top).out
    patternlint(*PRUNE, "repair-cafe.md", cwd=repository.top)
    assert repository.read(FILE) == before


def test_writing_the_whole_baseline_forgets_files_that_are_now_excluded(repository: Repository) -> None:
    name = next(iter(known(repository)))
    repository.add("patternlint.toml", f'exclude = ["{name}"]\n')
    assert "kept" not in patternlint(*WRITE, cwd=repository.top).out
    assert name not in known(repository)


def conflict(repository: Repository) -> None:
    """Merge two branches that both changed the baseline: each accepted a finding, and one fixed an old one."""
    git = repository.git
    git("checkout", "-q", "-b", "side")
    break_score(repository, "mentor-bench.md", "ownership")
    patternlint(*WRITE, cwd=repository.top)
    repository.commit("side")
    git("checkout", "-q", "main")
    break_score(repository, "mentor-bench.md")
    repository.edit("winter-kitchen.md", ("aliasses", "aliases"))
    patternlint(*WRITE, cwd=repository.top)
    repository.commit("main")
    git("merge", "-q", "side", check=False)
    git("checkout", "-q", "--theirs", "mentor-bench.md")
    break_score(repository, "mentor-bench.md")


def test_a_merge_conflict_in_the_baseline_is_named_with_its_remedy(repository: Repository) -> None:
    conflict(repository)
    assert "<<<<<<<" in repository.read(FILE)
    for command in ((), PRUNE, WRITE, ("baseline", "show")):
        found = patternlint(*command, cwd=repository.top)
        assert found.code == ERROR
        assert "has merge conflicts; run `patternlint baseline merge` to resolve them" in found.err


@pytest.mark.parametrize("style", ["merge", "diff3"])
def test_merging_a_baseline_lets_nothing_new_in(repository: Repository, style: str) -> None:
    repository.git("config", "merge.conflictStyle", style)
    conflict(repository)
    assert ("|||||||" in repository.read(FILE)) == (style == "diff3")
    break_score(repository, "repair-cafe.md")
    assert patternlint(*MERGE, cwd=repository.top).code == OK
    after = known(repository)
    assert len(after["mentor-bench.md"]["out-of-range"]) == len(("resilience", "ownership"))
    assert "unknown-key" not in after.get("winter-kitchen.md", {})
    found = patternlint("--output-format", "concise", "--jobs", "1", cwd=repository.top)
    assert found.code == FINDINGS
    assert [line.partition(":")[0] for line in found.out.splitlines() if "[out-of-range]" in line] == ["repair-cafe.md"]


def test_merging_a_baseline_without_conflicts_prunes_it(repository: Repository) -> None:
    repository.edit("winter-kitchen.md", ("aliasses", "aliases"))
    assert patternlint(*MERGE, cwd=repository.top).code == OK
    assert "unknown-key" not in known(repository).get("winter-kitchen.md", {})
