"""Reports, baselines and new patterns stay inside the repository that names them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import ERROR, FINDINGS, OK, patternlint
from tests.support.repository import Repository, example_library

OUTSIDE = b"not yours\n"


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "file").write_bytes(OUTSIDE)
    return folder


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return example_library(tmp_path / "library")


@pytest.mark.parametrize("format_", ["gitlab", "sarif", "json", "text"])
@pytest.mark.parametrize("flag", ["--output-format", "--output-file"])
@pytest.mark.parametrize("link", ["file", "folder", "missing"])
def test_a_report_is_not_written_through_a_link_that_leads_out(
    repository: Repository, outside: Path, link: str, flag: str, format_: str
) -> None:
    if link == "folder":
        (repository.top / "reports").symlink_to(outside)
        name = "reports/file"
    else:
        (repository.top / "report").symlink_to(outside / link)
        name = "report"
    arguments = (flag, f"{format_}:{name}") if flag == "--output-format" else ("--output-format", format_, flag, name)
    result = patternlint("--no-cache", *arguments, cwd=repository.top)
    assert result.code == ERROR
    assert "Traceback" not in result.err
    assert f"{repository.top / name} was not written: a link leads to {outside}" in result.err
    assert [(path.name, path.read_bytes()) for path in outside.iterdir()] == [("file", OUTSIDE)]


def test_a_report_is_not_written_into_the_folder_of_git(repository: Repository) -> None:
    (repository.top / "report").symlink_to(".git/config")
    before = (repository.top / ".git" / "config").read_bytes()
    result = patternlint("--no-cache", "--output-file", "report", cwd=repository.top)
    assert result.code == ERROR
    assert (repository.top / ".git" / "config").read_bytes() == before


def test_a_report_may_go_through_a_link_that_stays_inside(repository: Repository) -> None:
    (repository.top / "build").mkdir()
    (repository.top / "reports").symlink_to("build")
    result = patternlint("--no-cache", "--output-format", "json:reports/new/a.json", cwd=repository.top)
    assert result.code in (OK, FINDINGS)
    assert (repository.top / "build" / "new" / "a.json").read_bytes().startswith(b"{")


def test_a_report_may_go_wherever_a_person_says_outside_of_the_repository(
    repository: Repository, outside: Path, tmp_path: Path
) -> None:
    (tmp_path / "link").symlink_to(outside / "file")
    patternlint("--no-cache", "--output-format", f"json:{tmp_path / 'link'}", cwd=repository.top)
    assert (outside / "file").read_bytes().startswith(b"{")


@pytest.mark.parametrize("link", ["file", "folder"])
def test_a_baseline_is_not_written_through_a_link_that_leads_out(
    repository: Repository, outside: Path, link: str
) -> None:
    name = "patternlint-baseline.json"
    if link == "folder":
        (repository.top / "known").symlink_to(outside)
        name = "known/file"
    else:
        (repository.top / name).symlink_to(outside / "file")
    result = patternlint("baseline", "write", "--baseline", name, cwd=repository.top)
    assert result.code == ERROR
    assert f"{repository.top / name} was not written: a link leads to {outside}" in result.err
    assert [(path.name, path.read_bytes()) for path in outside.iterdir()] == [("file", OUTSIDE)]


@pytest.mark.parametrize("command", [("baseline", "show"), (), ("--since", "HEAD"), ("--config-from", "HEAD")])
@pytest.mark.parametrize("link", ["file", "folder"])
def test_a_baseline_is_not_read_through_a_link_that_leads_out(
    repository: Repository, outside: Path, link: str, command: tuple[str, ...]
) -> None:
    patternlint("baseline", "write", "--baseline", outside / "file", cwd=repository.top)
    if link == "folder":
        (repository.top / "known").symlink_to(outside)
        name = "known/file"
    else:
        name = "patternlint-baseline.json"
        (repository.top / name).symlink_to(outside / "file")
    result = patternlint(*command, "--baseline", name, cwd=repository.top)
    assert (result.code, result.out) == (ERROR, "")
    assert f"the baseline {repository.top / name} was not read: a link leads to {outside}" in result.err


def test_a_baseline_is_read_through_a_link_that_stays_inside(repository: Repository) -> None:
    (repository.top / "known.json").symlink_to("patternlint-baseline.json")
    assert patternlint("baseline", "write", cwd=repository.top).code == OK
    assert patternlint("--baseline", "known.json", cwd=repository.top).code == OK


def test_a_new_pattern_is_not_written_through_a_link_that_leads_out(repository: Repository, outside: Path) -> None:
    (repository.top / "new").symlink_to(outside)
    result = patternlint("new", "Open Table", "--into", "new", cwd=repository.top)
    assert result.code == ERROR
    assert "a link leads to" in result.err
    assert [path.name for path in outside.iterdir()] == ["file"]


@pytest.mark.parametrize("name", ["sarif", "json", "gitlab"])
def test_a_format_with_an_empty_file_name_is_an_error(repository: Repository, name: str) -> None:
    result = patternlint("--output-format", f"{name}:", cwd=repository.top)
    assert (result.code, result.out) == (ERROR, "")
    assert f"missing file name after `{name}:`" in result.err
