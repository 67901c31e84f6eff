"""A config that another user may have put above the library names no rules: they are code."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.command import ERROR, patternlint
from tests.support.repository import Repository

OTHER, THIRD = 12_345, 12_346

pytestmark = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files to others"
)

RULE = "from pathlib import Path\nPath({!r}).touch()\n"


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """A folder like `/tmp`, in which another user has put a config with a rule, and I have a library."""
    folder = tmp_path / "shared"
    library = folder / "mine" / "patterns"
    library.mkdir(parents=True)
    folder.chmod(0o1777)
    (library / "a.md").write_text("# Notes\n", encoding="utf-8")
    (folder / "rules").mkdir()
    (folder / "rules" / "theirs.py").write_text(RULE.format(str(tmp_path / "ran")), encoding="utf-8")
    (folder / "patternlint.toml").write_text('rules = ["rules"]\n', encoding="utf-8")
    os.chown(folder / "patternlint.toml", OTHER, OTHER)
    return folder


def is_refused(shared: Path, *arguments: str | Path, cwd: Path | None = None) -> bool:
    """Return whether a run was refused with one sentence before the rule of the config ran."""
    config = shared / "patternlint.toml"
    result = patternlint(*arguments, cwd=cwd or shared / "mine")
    is_reported = result.err.startswith(f"patternlint: the config {config} is not used: ")
    has_run = (shared.parent / "ran").exists()
    assert is_reported != has_run, result
    if is_reported:
        assert (result.code, result.out, result.err.count("\n")) == (ERROR, "", 1)
        assert f"`--config {config}` uses it" in result.err
    return is_reported


@pytest.mark.parametrize("arguments", [(), ("patterns",), ("patterns/a.md",), ("rules",), ("baseline", "write")])
def test_a_config_of_another_user_above_the_start_is_refused(shared: Path, arguments: tuple[str, ...]) -> None:
    assert is_refused(shared, *arguments)


def test_a_config_of_another_user_beside_a_file_in_a_shared_folder_is_refused(shared: Path) -> None:
    (shared / "a.md").write_text("# Notes\n", encoding="utf-8")
    assert is_refused(shared, "a.md", cwd=shared)


def test_a_link_of_another_user_to_a_config_of_mine_is_refused(shared: Path) -> None:
    config = shared / "patternlint.toml"
    config.rename(shared / "mine" / "config.toml")
    os.chown(shared / "mine" / "config.toml", 0, 0)
    config.symlink_to(shared / "mine" / "config.toml")
    os.lchown(config, OTHER, OTHER)
    assert is_refused(shared)


def test_a_repository_of_another_user_around_the_shared_folder_changes_nothing(shared: Path) -> None:
    Repository(shared).git("init", "-q")
    os.chown(shared / ".git", OTHER, OTHER)
    assert is_refused(shared)


def test_a_config_that_every_user_can_replace_is_refused(shared: Path) -> None:
    os.chown(shared / "patternlint.toml", 0, 0)
    assert not is_refused(shared)
    (shared.parent / "ran").unlink()
    shared.chmod(0o777)
    assert is_refused(shared)


def test_a_config_of_another_user_in_a_repository_of_mine_is_used(shared: Path) -> None:
    Repository(shared).git("init", "-q")
    assert not is_refused(shared)


def test_a_checkout_of_another_user_uses_its_config(shared: Path) -> None:
    """As in a container that runs as root, with git and without."""
    shared.chmod(0o755)
    for path in (shared, *shared.rglob("*")):
        os.chown(path, OTHER, OTHER)
    assert not is_refused(shared)


def test_a_config_in_the_start_is_used(shared: Path) -> None:
    shared.chmod(0o755)
    assert not is_refused(shared, cwd=shared)


def test_a_config_of_another_user_is_used_when_it_is_named(shared: Path) -> None:
    assert not is_refused(shared, "--config", shared / "patternlint.toml")


def test_a_config_of_another_user_does_not_extend_the_library(shared: Path) -> None:
    (shared / "mine" / "patternlint.toml").write_text('patterns = ["*.md"]\n', encoding="utf-8")
    result = patternlint("--verbose", cwd=shared / "mine")
    assert f"patternlint: library: {shared / 'mine'}" in result.err.splitlines()
    assert result.code != ERROR
