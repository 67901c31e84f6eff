"""A comparison reports ids that a change exchanges."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import FINDINGS, OK, patternlint
from tests.support.repository import Repository, environment, example_library

NEW = "pat_01m3250v00fay828t5cy4tqkfg"
NAME = "rain-garden-street.md"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return example_library(tmp_path / "library")


def id_of(repository: Repository, name: str = NAME) -> str:
    return repository.read(name).partition("\nid: ")[2].partition("\n")[0]


def exchange(repository: Repository, new: str = NEW, name: str = NAME) -> str:
    """Give a pattern another id, and return the old one."""
    old = id_of(repository, name)
    repository.edit(name, (f"id: {old}", f"id: {new}"))
    return old


def found(repository: Repository, *flags: str, command: str = "check") -> list[str]:
    flags = flags or (("--since", "HEAD") if command == "check" else ())
    result = patternlint(
        command, *flags, "--select", "id-changed,unused-suppression", "--output-format", "concise", "--jobs", "1",
        cwd=repository.top, env=environment(),
    )  # fmt: skip
    assert result.code in (OK, FINDINGS), result.err
    return [line for line in result.out.splitlines() if line.partition("[")[2]]


@pytest.mark.parametrize(
    ("command", "flags"), [("check", ("--since", "HEAD")), ("check", ("--since", "HEAD", "--staged")), ("hook", ())]
)
def test_an_exchanged_id_is_reported(repository: Repository, command: str, flags: tuple[str, ...]) -> None:
    old = exchange(repository)
    repository.git("add", "-A")
    (line,) = found(repository, *flags, command=command)
    assert line.startswith(f"{NAME}:5:5: error [id-changed] id changed from `{old}` to `{NEW}`")


def test_the_help_tells_what_to_write(repository: Repository) -> None:
    old = exchange(repository)
    out = patternlint("--since", "HEAD", cwd=repository.top).out
    assert f"help: write `id: {old}` again: links to this pattern lead to it" in " ".join(out.split())
    repository.add("redirects.toml", f'"{old}" = "rain-garden-street"\n')
    assert "id-changed" not in patternlint("--since", "HEAD", cwd=repository.top).out


def test_an_unchanged_library_and_a_full_run_have_no_such_finding(repository: Repository) -> None:
    assert found(repository) == []
    exchange(repository)
    assert found(repository, "--no-cache") == []


def test_a_file_without_other_findings_and_a_renamed_one(repository: Repository) -> None:
    old = exchange(repository, name="small-circles.md")
    repository.rename("small-circles.md", "circles/small-circles.md")
    (line,) = found(repository)
    assert line.startswith("circles/small-circles.md:")
    assert old in line


def test_a_removed_id(repository: Repository) -> None:
    repository.edit(NAME, (f"id: {id_of(repository)}\n", ""))
    (line,) = found(repository)
    assert f"{NAME}:1:1: error [id-changed] id `" in line


def test_a_swap_of_files_and_a_copy_are_not_reported(repository: Repository) -> None:
    one, other = repository.read(NAME), repository.read("repair-cafe.md")
    repository.add(NAME, other)
    repository.add("repair-cafe.md", one)
    assert found(repository) == []
    repository.add(NAME, one)
    repository.add("repair-cafe.md", other)
    repository.add("copy.md", one)
    repository.commit()
    exchange(repository, name="copy.md")
    assert found(repository) == []


def test_settings_and_suppressions_apply(repository: Repository) -> None:
    exchange(repository, f"{NEW} # patternlint: ignore[id-changed] imported twice")
    assert found(repository) == []
    repository.commit()
    assert found(repository, "--no-cache") == []
    assert found(repository, "--since", "HEAD~1") == []
    repository.git("reset", "-q", "--hard", "HEAD~1")
    exchange(repository)
    repository.add("patternlint.toml", 'levels = { id-changed = "info" }\n')
    assert "info [id-changed]" in found(repository)[0]
    repository.add("patternlint.toml", f'per-file-ignores = {{ "{NAME}" = ["id-changed"] }}\n')
    assert found(repository) == []


def test_a_merge_reports_only_what_neither_side_has(repository: Repository) -> None:
    repository.git("checkout", "-q", "-b", "side")
    exchange(repository)
    repository.commit()
    repository.git("checkout", "-q", "main")
    repository.edit("repair-cafe.md", ("license: CC-BY-SA-4.0", "license: CC-BY-4.0"))
    repository.commit()
    repository.git("merge", "-q", "--no-commit", "side")
    assert found(repository, command="hook") == []
    exchange(repository, f"{NEW[:-1]}h", name="repair-cafe.md")
    repository.git("add", "-A")
    (line,) = found(repository, command="hook")
    assert line.startswith("repair-cafe.md:")
