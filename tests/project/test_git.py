"""A checkout names programs for git to run, in its configuration or by its files: patternlint runs none of them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support.command import ERROR, FINDINGS, OK, patternlint
from tests.support.repository import Repository, environment, example_library

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the programs are shell scripts")

COMMANDS = (
    ("--no-cache",),
    ("--since", "HEAD~1"),
    ("--since", "HEAD", "--staged"),
    ("--at", "HEAD"),
    ("--config-from", "HEAD~1"),
    ("--diff", "--since", "HEAD~1"),
    ("baseline", "write"),
    ("rename", "repair-cafe", "mending-cafe", "--diff"),
    ("hook",),
)


class Trap(NamedTuple):
    """How a checkout names a program, and the git command that runs it."""

    lay: Callable[[Repository, str], None]
    spring: tuple[str, ...]


def settings(*pairs: tuple[str, str]) -> Callable[[Repository, str], None]:
    """Return what writes settings; `{}` in a value stands for the program."""

    def lay(repository: Repository, program: str) -> None:
        for key, value in pairs:
            repository.git("config", key, value.format(program))

    return lay


def hooks(repository: Repository, program: str) -> None:
    for name in ("post-index-change", "pre-commit", "post-checkout", "reference-transaction"):
        shutil.copy(program, repository.top / ".git" / "hooks" / name)


def own_hooks(repository: Repository, program: str) -> None:
    (repository.top / "hooks").mkdir()
    shutil.copy(program, repository.top / "hooks" / "post-index-change")
    repository.git("config", "core.hooksPath", "hooks")


def lazy(url: str, *pairs: tuple[str, str]) -> Callable[[Repository, str], None]:
    """Return what makes a partial clone that lacks the content that a file had, and would fetch it from `url`."""

    def lay(repository: Repository, program: str) -> None:
        blob = repository.git("rev-parse", "HEAD~1:repair-cafe.md")
        (repository.top / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
        promisor = (("remote.origin.url", url), ("remote.origin.promisor", "true"))
        settings(("core.repositoryFormatVersion", "1"), ("extensions.partialClone", "origin"), *promisor, *pairs)(
            repository, program
        )

    return lay


def submodule(repository: Repository, program: str) -> None:
    repository.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", repository.top / ".git", "sub")
    repository.git("commit", "-q", "--no-verify", "-m", "sub")
    repository.git("-C", "sub", "config", "core.fsmonitor", program)
    (repository.top / "sub" / "repair-cafe.md").touch()


def included(repository: Repository, program: str) -> None:
    (repository.top / "settings").write_text(f"[core]\n\tfsmonitor = {program}\n", encoding="utf-8")
    repository.git("config", "include.path", "../settings")


def worktree_settings(repository: Repository, program: str) -> None:
    repository.git("config", "extensions.worktreeConfig", "true")
    repository.git("config", "--worktree", "core.fsmonitor", program)


STATUS, DIFF, SHOW = ("status",), ("diff", "HEAD"), ("diff", "HEAD~1", "HEAD")
FETCH = ("cat-file", "blob", "HEAD~1:repair-cafe.md")

TRAPS = {
    "core.fsmonitor": Trap(settings(("core.fsmonitor", "{}")), STATUS),
    "core.fsmonitor, version 1": Trap(settings(("core.fsmonitor", "{}"), ("core.fsmonitorHookVersion", "1")), STATUS),
    "an included file": Trap(included, STATUS),
    "settings of the work tree": Trap(worktree_settings, STATUS),
    "hooks in .git": Trap(hooks, STATUS),
    "core.hooksPath": Trap(own_hooks, STATUS),
    "filter.*.clean": Trap(settings(("filter.trap.clean", "{}; cat")), DIFF),
    "filter.*.clean, required": Trap(
        settings(("filter.trap.clean", "{}; cat"), ("filter.trap.required", "true")), DIFF
    ),
    "filter.*.process": Trap(settings(("filter.trap.process", "{}")), DIFF),
    "diff.*.textconv": Trap(settings(("diff.trap.textconv", "{}; cat")), SHOW),
    "diff.*.command": Trap(settings(("diff.trap.command", "{}")), SHOW),
    "diff.external": Trap(settings(("diff.external", "{}")), SHOW),
    "core.sshCommand": Trap(lazy("ssh://nowhere.invalid/x", ("core.sshCommand", "{}")), FETCH),
    "core.gitProxy": Trap(lazy("git://nowhere.invalid/x", ("core.gitProxy", "{}")), FETCH),
    "ext::": Trap(lazy("ext::{} %S", ("protocol.ext.allow", "always")), FETCH),
    "remote.*.uploadpack": Trap(lazy(".", ("remote.origin.uploadpack", "{}")), FETCH),
    "core.fsmonitor of a submodule": Trap(submodule, STATUS),
}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    repository = example_library(tmp_path_factory.mktemp("safety") / "library")
    repository.add(".gitattributes", "*.md filter=trap diff=trap\n")
    repository.commit()
    repository.edit("repair-cafe.md", ("status: stable", "status: draft"))
    repository.commit()
    return repository


@pytest.fixture
def repository(template: Repository, tmp_path: Path) -> Repository:
    shutil.copytree(template.top, tmp_path / "library")
    return Repository(tmp_path / "library")


@pytest.fixture
def mark(tmp_path: Path) -> Path:
    """The file that exists once a program of the checkout has run."""
    return tmp_path / "mark"


def program(folder: Path, mark: Path, name: str = "trap") -> str:
    path = folder / name
    path.write_text(f"#!/bin/sh\ntouch {mark}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def touch(repository: Repository) -> None:
    """Make git read the contents of all files."""
    for path in repository.top.glob("*.md"):
        os.utime(path, ns=(1, 1))


@pytest.mark.parametrize("name", TRAPS)
def test_git_runs_no_program_that_the_checkout_names(repository: Repository, mark: Path, name: str) -> None:
    trap = TRAPS[name]
    trap.lay(repository, program(mark.parent, mark))
    index = (repository.top / ".git" / "index").read_bytes()
    touch(repository)
    repository.git(*trap.spring, check=False)
    assert mark.exists(), "the trap does not work"
    mark.unlink()
    (repository.top / ".git" / "index").write_bytes(index)
    for command in COMMANDS:
        touch(repository)
        patternlint(*command, cwd=repository.top)
        assert not mark.exists(), command
    repository.edit("repair-cafe.md", ("status: draft", "status: stable"))
    for command in COMMANDS:
        patternlint(*command, cwd=repository.top)
        assert not mark.exists(), command


def test_no_bare_repository_in_a_folder_is_used(repository: Repository, mark: Path) -> None:
    bare = repository.top / "docs"
    repository.git("clone", "-q", "--bare", repository.top, bare)
    shutil.copy(repository.top / "repair-cafe.md", bare)
    settings(("core.bare", "false"), ("core.worktree", "."), ("core.fsmonitor", program(mark.parent, mark)))(
        Repository(bare), ""
    )
    Repository(bare).git("status", check=False)
    assert mark.exists(), "the trap does not work"
    mark.unlink()
    for command in COMMANDS:
        patternlint(*command, cwd=bare)
        patternlint(*command, bare, cwd=repository.top)
        assert not mark.exists(), command


def test_a_bare_repository_without_one_around_it_is_not_used(repository: Repository, mark: Path) -> None:
    bare = Repository(mark.parent / "bare")
    repository.git("clone", "-q", "--bare", repository.top, bare.top)
    settings(("core.bare", "false"), ("core.worktree", "."), ("core.fsmonitor", program(mark.parent, mark)))(bare, "")
    result = patternlint("hook", cwd=bare.top)
    assert result.code == ERROR
    assert "is in no git work tree" in result.err
    assert not mark.exists()


def test_no_git_in_the_checkout_is_run(repository: Repository, mark: Path) -> None:
    program(repository.top, mark, "git")
    path = os.pathsep.join((".", "", os.environ["PATH"]))
    subprocess.run(["sh", "-c", "git status"], cwd=repository.top, env={**environment(), "PATH": path}, check=True)
    assert mark.exists(), "the trap does not work"
    mark.unlink()
    for command in COMMANDS:
        patternlint(*command, cwd=repository.top, env={"PATH": path})
        assert not mark.exists(), command


def test_the_index_is_not_written(repository: Repository) -> None:
    touch(repository)
    before = (repository.top / ".git" / "index").read_bytes()
    for command in COMMANDS:
        patternlint(*command, cwd=repository.top)
    assert (repository.top / ".git" / "index").read_bytes() == before


def test_a_filter_that_cannot_be_turned_off_is_named(repository: Repository) -> None:
    repository.git("config", "filter.a=b.clean", "cat")
    result = patternlint("--since", "HEAD~1", cwd=repository.top)
    assert result.code == ERROR
    assert "filter.a=b" in result.err


# --- Partial clones ---------------------------------------------------------------------------------------------------


def test_since_in_a_partial_clone_fetches_nothing_and_says_what_to_do(repository: Repository, tmp_path: Path) -> None:
    repository.git("config", "uploadpack.allowFilter", "true")
    repository.git("clone", "-q", "--filter=blob:none", f"file://{repository.top}", tmp_path / "partial")
    partial = Repository(tmp_path / "partial")
    missing = partial.git("rev-list", "--objects", "--all", "--missing=print")
    for flags in (("--since", "HEAD~1"), ("--at", "HEAD~1"), ("--config-from", "HEAD~1", "--since", "HEAD~1")):
        result = patternlint(*flags, cwd=partial.top)
        assert result.code == ERROR, flags
        assert "this is a partial clone" in result.err
        assert "`git fetch --refetch --no-filter`" in result.err
        assert partial.git("rev-list", "--objects", "--all", "--missing=print") == missing
    assert patternlint("--since", "HEAD", "--no-cache", cwd=partial.top).code == OK
    partial.git("fetch", "-q", "--refetch", "--no-filter")
    assert patternlint("--since", "HEAD~1", cwd=partial.top).code in (OK, FINDINGS)
