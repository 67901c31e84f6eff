"""The nearest config decides for each file, wherever a run starts and in whatever order the paths are given."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from tests.support.command import ERROR, FINDINGS, OK, Result, patternlint
from tests.support.repository import Repository, environment, example_library

CONCISE = ("--output-format", "concise", "--jobs", "1")
DEEP = "docs/patterns"
MOVED = ("small-circles.md", "mentor-bench.md", "old/winter-kitchen.md")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """The example library, three of whose patterns lie in a folder with a config of its own."""
    made = example_library(tmp_path / "library")
    for name in MOVED:
        made.rename(name.rpartition("/")[2], f"{DEEP}/{name}")
    made.add(f"{DEEP}/patternlint.toml", 'exclude = ["old/"]\nlevels = { out-of-range = "warning" }\n')
    made.commit("a library in two parts")
    return made


def break_scores(repository: Repository, score: str = "9") -> None:
    """Write a score into a file of the top, and into two of the part below, one of them excluded."""
    for name in ("repair-cafe.md", *(f"{DEEP}/{name}" for name in MOVED[1:])):
        text = repository.read(name)
        start = text.index("resilience: ")
        repository.add(name, f"{text[:start]}resilience: {score}{text[text.index(chr(10), start) :]}")


def dangling(result: Result) -> list[str]:
    """Return the targets of the dangling links in a report. The example library has one, `neighbourhood-assemblage`."""
    return sorted(line.split("`")[1] for line in result.out.splitlines() if "[dangling-target]" in line)


def lines(result: Result) -> list[str]:
    """Return level and file of each finding of a report."""
    return [
        f"{line.partition(': ')[2].partition(' ')[0]} {line.partition(':')[0]}"
        for line in result.out.splitlines()
        if ".md:" in line
    ]


BOTH = [f"warning {DEEP}/mentor-bench.md", "error repair-cafe.md"]


@pytest.mark.parametrize(
    "command",
    [
        (),
        ("--since", "HEAD"),
        ("--since", "HEAD", "--staged"),
        ("hook",),
        (".", DEEP),
        (DEEP, "."),
        (f"{DEEP}/mentor-bench.md", "repair-cafe.md"),
        ("repair-cafe.md", f"{DEEP}/mentor-bench.md"),
    ],
    ids=lambda command: " ".join(command) or "check",
)
def test_a_config_below_the_start_decides_for_its_files(repository: Repository, command: tuple[str, ...]) -> None:
    break_scores(repository)
    repository.git("add", "-A")
    name, *rest = command if command[:1] == ("hook",) else ("check", *command)
    found = patternlint(name, *rest, "--select", "out-of-range", *CONCISE, cwd=repository.top, env=environment())
    assert (found.code, lines(found)) == (FINDINGS, BOTH)


def test_a_revision_is_checked_by_the_nearest_config_too(repository: Repository) -> None:
    break_scores(repository)
    repository.commit()
    flags = ("--at", "HEAD", "--since", "HEAD^", "--select", "out-of-range", *CONCISE)
    assert lines(patternlint(*flags, cwd=repository.top)) == BOTH


def test_the_answer_is_the_same_from_inside_the_part(repository: Repository) -> None:
    break_scores(repository)
    below = patternlint(*CONCISE, cwd=repository.top / DEEP)
    whole = patternlint(*CONCISE, cwd=repository.top)
    assert below.out.splitlines()[0] in whole.out.replace(f"{DEEP}/", "")
    assert lines(below) == [line.replace(f"{DEEP}/", "") for line in lines(whole) if DEEP in line]


def test_links_between_the_parts_of_a_repository_resolve(repository: Repository) -> None:
    assert dangling(patternlint(*CONCISE, cwd=repository.top)) == ["neighbourhood-assemblage"]
    assert dangling(patternlint(*CONCISE, cwd=repository.top / DEEP)) == []
    repository.edit(f"{DEEP}/small-circles.md", ("\nslug: small-circles\n", "\nslug: small-circuits\n"))
    assert "small-circles" in dangling(patternlint(*CONCISE, cwd=repository.top))


def test_links_resolve_in_the_index_as_they_do_on_disk(repository: Repository) -> None:
    for flags in (("--staged",), ("--at", "HEAD")):
        assert patternlint(*flags, *CONCISE, cwd=repository.top).out == patternlint(*CONCISE, cwd=repository.top).out


def test_a_copy_in_another_part_is_not_a_duplicate(repository: Repository) -> None:
    repository.add(f"{DEEP}/repair-cafe.md", repository.read("repair-cafe.md"))
    out = patternlint("--select", "duplicate-id,duplicate-slug", *CONCISE, cwd=repository.top).out
    assert "no findings" in out


def test_a_config_in_an_excluded_folder_is_not_found_from_above(repository: Repository) -> None:
    repository.add("patternlint.toml", 'exclude = ["docs/"]\n')
    break_scores(repository)
    flags = ("--select", "out-of-range", *CONCISE)
    assert lines(patternlint(*flags, cwd=repository.top)) == ["error repair-cafe.md"]
    assert lines(patternlint(DEEP, *flags, cwd=repository.top)) == [f"warning {DEEP}/mentor-bench.md"]


def test_a_config_that_is_named_decides_for_all(repository: Repository) -> None:
    break_scores(repository)
    flags = ("--select", "out-of-range", *CONCISE)
    repository.add("other.toml", 'levels = { out-of-range = "info" }\n')
    for name in ("--config=other.toml", "--isolated"):
        found = patternlint(name, *flags, cwd=repository.top)
        assert [line.split()[1] for line in lines(found)] == [
            f"{DEEP}/mentor-bench.md",
            f"{DEEP}/old/winter-kitchen.md",
            "repair-cafe.md",
        ]
        assert len({line.split()[0] for line in lines(found)}) == 1


def test_the_worst_exit_code_counts(repository: Repository) -> None:
    break_scores(repository)
    repository.git("checkout", "-q", "--", "repair-cafe.md")
    flags = ("--select", "out-of-range", *CONCISE)
    assert patternlint(*flags, cwd=repository.top).code == OK
    repository.edit(f"{DEEP}/patternlint.toml", ("exclude", 'fail-on = "warning"\nexclude'))
    assert patternlint(*flags, cwd=repository.top).code == FINDINGS
    repository.edit(f"{DEEP}/patternlint.toml", ("fail-on", "fail-no"))
    assert patternlint(*flags, cwd=repository.top).code == ERROR


def test_a_rule_may_be_off_in_one_part_and_selected(repository: Repository) -> None:
    break_scores(repository)
    repository.add(f"{DEEP}/patternlint.toml", 'ignore = ["out-of-range"]\n')
    found = patternlint("--select", "out-of-range", *CONCISE, cwd=repository.top)
    assert (found.code, lines(found)) == (FINDINGS, ["error repair-cafe.md"])


def test_each_part_has_its_own_baseline(repository: Repository) -> None:
    break_scores(repository)
    flags = ("--select", "out-of-range", "--jobs", "1")
    written = patternlint("baseline", "write", *flags, cwd=repository.top)
    assert [line.partition(": ")[2] for line in written.out.splitlines()] == ["1 known finding in 1 file"] * 2
    for folder, name in (("", "repair-cafe.md"), (f"{DEEP}/", "mentor-bench.md")):
        assert [*json.loads(repository.read(f"{folder}patternlint-baseline.json"))["files"]] == [name]
    assert "no findings (2 known before)" in patternlint(*flags, cwd=repository.top).out


def test_fixes_and_suppressions_follow_the_nearest_config(repository: Repository) -> None:
    break_scores(repository, "1")
    repository.commit("means that are wrong")
    flags = ("--select", "overall-score-mean", "--jobs", "1")
    for flag in ("--fix-only", "--add-suppressions"):
        shown = patternlint("--diff", *flags, cwd=repository.top).out
        assert patternlint(flag, *flags, cwd=repository.top).code == OK
        changed = repository.git("diff", "--name-only").splitlines()
        assert {f"{DEEP}/mentor-bench.md", "repair-cafe.md"} <= set(changed)
        assert f"{DEEP}/old/winter-kitchen.md" not in changed
        assert [line[6:] for line in shown.splitlines() if line.startswith("+++ ")] == changed
        repository.git("checkout", "-q", ".")


def test_the_nearest_config_decides_for_a_text_and_for_the_settings(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_scores(repository)
    name = f"{DEEP}/mentor-bench.md"
    text = repository.read(name).encode()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text)))
    found = patternlint("--stdin-filename", name, "--select", "out-of-range", *CONCISE, cwd=repository.top)
    assert lines(found) == [f"warning {name}"]
    assert f"{DEEP}/patternlint.toml" in patternlint("--show-settings", name, cwd=repository.top).out


def test_files_are_listed_once_and_sorted(repository: Repository) -> None:
    out = patternlint("--show-files", DEEP, ".", f"{DEEP}/mentor-bench.md", cwd=repository.top).out.splitlines()
    assert out == sorted(set(out))
    assert f"{DEEP}/small-circles.md" in out
    assert f"{DEEP}/old/winter-kitchen.md" not in out


def test_with_the_config_of_a_commit_a_new_nested_config_does_not_count(repository: Repository) -> None:
    repository.add("sub/patternlint.toml", 'ignore = ["ALL"]\n')
    repository.rename("repair-cafe.md", "sub/repair-cafe.md")
    repository.delete(f"{DEEP}/patternlint.toml")
    name = "sub/repair-cafe.md"
    text = repository.read(name)
    start = text.index("resilience: ")
    repository.add(name, f"{text[:start]}resilience: 9{text[text.index(chr(10), start) :]}")
    repository.edit(f"{DEEP}/mentor-bench.md", ("status: ", "status:  "))
    flags = ("--config-from", "HEAD", "--select", "out-of-range", *CONCISE)
    assert lines(patternlint(*flags, cwd=repository.top)) == [f"error {name}"]
    assert f"{DEEP}/old/winter-kitchen.md" not in patternlint("--show-files", *flags, cwd=repository.top).out


def test_without_git_the_parts_of_a_library_know_each_other(tmp_path: Path) -> None:
    repository = example_library(tmp_path / "library")
    (repository.top / ".git").rename(tmp_path / "git")
    repository.add("patternlint.toml", "")
    repository.add("deep/patternlint.toml", "")
    repository.rename("small-circles.md", "deep/small-circles.md")
    assert dangling(patternlint(*CONCISE, cwd=repository.top)) == ["neighbourhood-assemblage"]
    assert dangling(patternlint(*CONCISE, cwd=repository.top / "deep")) == []
