"""Links to patterns that the configuration excludes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import OK, patternlint
from tests.support.repository import Repository, example_library

STATES: dict[str, tuple[str, ...]] = {
    "disk": (),
    "disk without cache": ("--no-cache",),
    "one file": ("repair-cafe.md",),
    "index": ("--staged",),
    "revision": ("--at", "HEAD"),
}
LINKED = "shared-tool-library"


@pytest.fixture
def library(tmp_path: Path) -> Repository:
    return example_library(tmp_path / "library")


def lost(repository: Repository, *arguments: str) -> list[dict[str, Any]]:
    """Return the findings about the excluded pattern."""
    result = patternlint(*arguments, "--output-format", "json", cwd=repository.top)
    found: list[dict[str, Any]] = json.loads(result.out)["findings"]
    return [one for one in found if one["path"] == "repair-cafe.md" and LINKED in one["message"]]


def exclude(repository: Repository, setting: str) -> None:
    (repository.top / "patternlint.toml").write_text(f"{setting}\n")
    repository.git("add", "-A")
    repository.git("commit", "-qm", "exclude", "--no-verify")


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("glob", ["archive/", "archive/*.md", "shared-tool-library.md"])
def test_a_link_to_an_excluded_pattern_is_reported_as_such(glob: str, state: str, library: Repository) -> None:
    folder = library.top / "archive/old"
    folder.mkdir(parents=True)
    (library.top / f"{LINKED}.md").rename(folder / f"{LINKED}.md")
    exclude(library, f'exclude = ["{glob.replace("*", "**/*")}"]')
    for _ in range(2):  # the second time from the cache
        [one] = lost(library, *STATES[state])
        path = f"archive/old/{LINKED}.md"
        assert one["message"] == f"`{LINKED}` is the file `{path}`, which is excluded by the configuration"
        assert one["help"] == (
            f"change `exclude` in the configuration so that it does not match `{path}`, and keep this link"
        )
        assert one["fix"] is None


@pytest.mark.parametrize("state", STATES)
def test_a_link_to_a_file_that_patterns_does_not_match_is_reported_as_such(state: str, library: Repository) -> None:
    (library.top / f"{LINKED}.md").rename(library.top / f"{LINKED}.mdx")
    exclude(library, 'patterns = ["*.md"]')
    [one] = lost(library, *STATES[state])
    assert "`patterns` does not match it" in one["message"]
    assert one["help"] == f"add `{LINKED}.mdx` to `patterns` in the configuration, and keep this link"
    assert one["fix"] is None


def test_an_excluded_hub_is_reported_as_such(library: Repository) -> None:
    exclude(library, 'exclude = ["living-commons.md"]')
    result = patternlint("repair-cafe.md", "--output-format", "json", cwd=library.top)
    helps = [one["help"] for one in json.loads(result.out)["findings"] if one["rule"] == "hub-exists"]
    assert any("`exclude`" in one and "keep this hub" in one for one in helps)


def test_an_excluded_file_that_comes_or_goes_is_noticed_at_once(library: Repository) -> None:
    exclude(library, f'exclude = ["{LINKED}.md"]')
    assert "excluded" in lost(library)[0]["message"]
    saved = library.top / "saved"
    (library.top / f"{LINKED}.md").rename(saved)
    assert "no pattern has the slug" in lost(library)[0]["message"]
    saved.rename(library.top / f"{LINKED}.md")
    assert "excluded" in lost(library)[0]["message"]


def test_an_excluded_file_that_git_ignores_counts_nowhere(library: Repository) -> None:
    (library.top / f"{LINKED}.md").rename(library.top / "saved")
    (library.top / ".gitignore").write_text("/build/\n/saved\n")
    exclude(library, 'exclude = ["build/"]')
    (library.top / "build").mkdir()
    (library.top / "saved").rename(library.top / "build" / f"{LINKED}.md")
    for state in STATES.values():
        assert "no pattern has the slug" in lost(library, *state)[0]["message"]


def test_unsafe_fixes_keep_a_link_to_an_excluded_pattern(library: Repository) -> None:
    exclude(library, f'exclude = ["{LINKED}.md"]')
    before = (library.top / "repair-cafe.md").read_bytes()
    patternlint("--fix", "--unsafe-fixes", "--select", "dangling-target", cwd=library.top)
    assert (library.top / "repair-cafe.md").read_bytes() == before
    assert patternlint("--since", "HEAD", cwd=library.top).code == OK
