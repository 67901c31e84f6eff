"""Suppressions that a change adds are reported, whatever they silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import FINDINGS, OK, patternlint
from tests.support.repository import Repository, environment, example_library

CONCISE = ("--output-format", "concise", "--jobs", "1")
COMMENT = " # patternlint: ignore[overall-score-mean] as measured"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return example_library(tmp_path / "library")


def suppress_a_bad_score(repository: Repository) -> None:
    repository.edit("rain-garden-street.md", ("overall_score: 3.8", f"overall_score: 4.8{COMMENT}"))


def found(repository: Repository, *flags: str, command: str = "check") -> list[str]:
    result = patternlint(command, *flags, *CONCISE, cwd=repository.top, env=environment())
    return [line for line in result.out.splitlines() if "[new-suppression]" in line]


@pytest.mark.parametrize(
    ("command", "flags"), [("check", ("--since", "HEAD")), ("check", ("--since", "HEAD", "--staged")), ("hook", ())]
)
def test_a_suppression_that_the_change_adds_is_reported(
    repository: Repository, command: str, flags: tuple[str, ...]
) -> None:
    suppress_a_bad_score(repository)
    repository.git("add", "-A")
    (line,) = found(repository, *flags, command=command)
    assert line.startswith("rain-garden-street.md:")
    assert "info [new-suppression] new suppression of `overall-score-mean`, reason: as measured" in line


def test_a_suppression_that_was_there_or_moves_is_not_new(repository: Repository) -> None:
    suppress_a_bad_score(repository)
    repository.commit()
    text = repository.read("rain-garden-street.md")
    repository.add("rain-garden-street.md", text.replace("as measured", "another reason") + "\nMore.\n")
    repository.rename("rain-garden-street.md", "streets/rain-garden-street.md")
    assert found(repository, "--since", "HEAD") == []
    assert found(repository) == []
    repository.add("streets/rain-garden-street.md", text + "\n<!-- patternlint: ignore-file[body, orphan] -->\n")
    assert len(found(repository, "--since", "HEAD")) == len(("body", "orphan"))


def test_a_baseline_does_not_hide_a_new_suppression(repository: Repository) -> None:
    suppress_a_bad_score(repository)
    patternlint("baseline", "write", "--jobs", "1", cwd=repository.top)
    assert len(found(repository, "--since", "HEAD")) == 1


def test_its_level_is_a_setting_and_a_suppression_cannot_silence_it(repository: Repository) -> None:
    suppress_a_bad_score(repository)
    repository.add("CONTRIBUTING.md", "")
    text = repository.read("rain-garden-street.md")
    repository.add("rain-garden-street.md", f"{text}\n<!-- patternlint: ignore-file[new-suppression, file] -->\n")
    flags = ("--since", "HEAD", *CONCISE)
    assert patternlint(*flags, cwd=repository.top).code == OK
    repository.add("patternlint.toml", 'levels = { new-suppression = "error" }\n')
    result = patternlint(*flags, cwd=repository.top)
    assert (result.code, result.out.count("error [new-suppression]")) == (FINDINGS, 3)
    repository.add("patternlint.toml", 'ignore = ["new-suppression"]\n')
    assert "new-suppression" not in patternlint(*flags, cwd=repository.top).out.replace("`new-suppression`", "")


def test_the_formats_of_a_job_list_new_suppressions_before_anything_else(repository: Repository) -> None:
    suppress_a_bad_score(repository)
    for number in range(12):  # more notices than GitHub shows of a level
        text = repository.read("repair-cafe.md").replace("slug: repair-cafe", f"slug: repair-cafe-{number}")
        repository.add(f"a-{number:02}.md", text)
    flags = ("--since", "HEAD", "--level", "slug-filename=info", "--jobs", "1")
    annotations = patternlint(*flags, "--output-format", "github", cwd=repository.top).out
    assert "title=new-suppression::new suppression of `overall-score-mean`" in annotations
    summary = patternlint(*flags, "--output-format", "markdown", cwd=repository.top).out
    _, _, table = summary.partition("### New suppressions\n")
    assert "rain-garden-street.md" in table.partition("###")[0]
    assert "new suppression of `overall-score-mean`" in table.partition("###")[0]
    assert "new suppression" not in summary.partition("### Findings\n")[2]
