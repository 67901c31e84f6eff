"""A fresh clone starts from the cache of another one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from patternlint.linter.linter import Linter
from tests.support.command import FINDINGS, OK, patternlint
from tests.support.repository import Repository, example_library


@pytest.mark.parametrize("flags", [(), ("--since", "HEAD~1"), ("--at", "HEAD~1")])
def test_a_fresh_clone_analyzes_no_file_again(
    flags: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = example_library(tmp_path / "one")
    file = sorted(repository.top.rglob("*.md"))[3]
    file.write_text(file.read_text(encoding="utf-8").replace("slug: ", "slug: x-", 1), encoding="utf-8")
    repository.commit("a change")
    arguments = ("--output-format", "json", "--cache-dir", str(tmp_path / "cache"), *flags)
    first = patternlint(*arguments, cwd=repository.top)
    assert first.code in (OK, FINDINGS)
    elsewhere = tmp_path / "another" / "clone"
    elsewhere.parent.mkdir()
    repository.git("clone", "-q", repository.top, elsewhere)
    expected = patternlint("--output-format", "json", "--no-cache", *flags, cwd=elsewhere)

    def lint_file(*_: Any) -> None:
        message = "a file is analyzed"
        raise AssertionError(message)

    monkeypatch.setattr(Linter, "lint_file", lint_file)
    again = patternlint(*arguments, cwd=elsewhere)
    assert again.out == expected.out == first.out


def test_records_that_are_named_by_their_folder_are_not_mixed_up(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "first-name")
    repository.top.mkdir()
    spec = 'version = "own"\ntitle = "Own"\nfiles = ["*.md"]\nfront-matter = "none"\n[identity]\nname = "{folder}"\ntitle = "#"\n'
    (repository.top / "spec").mkdir()
    repository.add("spec/spec.toml", spec)
    repository.add("patternlint.toml", 'specs = ["spec"]\n')
    repository.add("README.md", "# A record\n")
    repository.git("init", "-q", "-b", "main")
    repository.commit("records")
    elsewhere = tmp_path / "second-name"
    repository.git("clone", "-q", repository.top, elsewhere)
    arguments = ("--output-format", "json", "--select", "ALL")
    patternlint(*arguments, "--cache-dir", str(tmp_path / "cache"), cwd=repository.top)
    shared = patternlint(*arguments, "--cache-dir", str(tmp_path / "cache"), cwd=elsewhere)
    assert shared.out == patternlint(*arguments, "--no-cache", cwd=elsewhere).out
