"""The hooks as pre-commit installs and runs them from this repository, at its last commit."""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.command import ERROR, ROOT, patternlint
from tests.support.repository import Repository, environment, example_library

pytestmark = pytest.mark.slow

CONFIG = """
default_install_hook_types: [pre-commit, pre-merge-commit]
repos:
  - repo: file://{source}
    rev: {revision}
    hooks:
      - id: {hook}
        args: [--fail-on=warning, --output-format=concise]
"""

NO_INDEX = ("No matching distribution", "Could not find a version", "Connection", "Temporary failure", "timed out")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    if not (ROOT / ".git").exists():
        pytest.skip("this is no git repository: there is nothing that pre-commit could clone")
    top = tmp_path_factory.mktemp("source") / "patternlint"
    Repository(ROOT).git("clone", "-q", ROOT, top)
    clone = Repository(top)
    if not (top / ".pre-commit-hooks.yaml").exists():
        pytest.skip("the hooks are not committed yet")
    return clone


@pytest.fixture(scope="module")
def hooked(source: Repository, tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """The example library with the hook installed."""
    pytest.importorskip("pre_commit", reason="pre-commit is not installed")
    repository = example_library(tmp_path_factory.mktemp("hooked") / "library")
    revision = source.git("rev-parse", "HEAD")
    config = CONFIG.format(source=source.top, revision=revision, hook="patternlint")
    repository.add(".pre-commit-config.yaml", config)
    repository.commit("hooks")
    done = pre_commit(repository, "install", "--install-hooks")
    if done.returncode and any(words in done.stdout for words in NO_INDEX):
        pytest.skip(f"the package index cannot be reached: {done.stdout.strip().splitlines()[-1]}")
    assert done.returncode == 0, done.stdout
    return repository


def pre_commit(repository: Repository, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run(repository, sys.executable, "-m", "pre_commit", *arguments)


def run(repository: Repository, *command: str) -> subprocess.CompletedProcess[str]:
    home = str(repository.top.parent / "pre-commit")
    return subprocess.run(
        command,
        cwd=repository.top,
        env=environment(PRE_COMMIT_HOME=home, PRE_COMMIT_COLOR="never"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


@pytest.fixture
def repository(hooked: Repository, tmp_path: Path) -> Repository:
    """A copy of the library with the hook; the hook's own environment is shared."""
    shutil.copytree(hooked.top, tmp_path / "library")
    (tmp_path / "pre-commit").symlink_to(hooked.top.parent / "pre-commit")
    return Repository(tmp_path / "library")


def commit(repository: Repository, *, add: bool = True) -> tuple[bool, list[str]]:
    """Commit, and return whether that went through, and the rules and files that stopped it."""
    if add:
        repository.git("add", "-A")
    done = run(repository, "git", "commit", "-q", "--allow-empty", "-m", "a change")
    return done.returncode == 0, found(done.stdout)


def found(output: str) -> list[str]:
    return sorted(
        f"{line.split(':')[0]} {line.partition('[')[2].partition(']')[0]}"
        for line in output.splitlines()
        if ".md:" in line
    )


def a_bad_score(repository: Repository) -> None:
    repository.edit("rain-garden-street.md", ("overall_score: 3.8", "overall_score: 4.8"))


def a_dangling_link(repository: Repository) -> None:
    repository.edit("open-ledger-evening.md", ("slug: small-circles", "slug: small-circuits"))


def a_deleted_pattern(repository: Repository) -> None:
    repository.delete("shared-tool-library.md")


def a_rename_without_its_links(repository: Repository) -> None:
    repository.rename("bread-oven-square.md", "oven-square.md")
    repository.edit("oven-square.md", ("slug: bread-oven-square", "slug: oven-square"))


def a_section_less(repository: Repository) -> None:
    text = repository.read("repair-cafe.md")
    start, end = text.index("### Section 4"), text.index("### Section 5")
    repository.add("repair-cafe.md", text[:start] + text[end:])


def broken_yaml(repository: Repository) -> None:
    repository.edit("mentor-bench.md", ("title: ", "title: [\n"))


STOPPED: dict[Callable[[Repository], None], list[str]] = {
    a_bad_score: ["rain-garden-street.md overall-score-mean"],
    a_dangling_link: ["open-ledger-evening.md dangling-target"],
    a_deleted_pattern: [
        "bread-oven-square.md dangling-target",
        "care-before-ownership.md dangling-target",
        "living-commons.md dangling-target",
        "repair-cafe.md dangling-target",
    ],
    a_rename_without_its_links: [
        "neighbourhood-assembly.md dangling-target",
        "oven-square.md missing-reciprocal",
        "oven-square.md missing-reciprocal",
        "oven-square.md missing-reciprocal",
        "repair-cafe.md dangling-target",
        "shared-tool-library.md dangling-target",
        "walking-school-bus.md dangling-target",
        "winter-kitchen.md dangling-target",
    ],
    a_section_less: ["repair-cafe.md section-missing"],
    broken_yaml: ["mentor-bench.md yaml-syntax"],
}


def test_a_work_tree_elsewhere_is_reported_in_a_sentence(tmp_path: Path) -> None:
    repository = example_library(tmp_path / "library")
    (tmp_path / "tree").mkdir()
    shutil.copy(repository.top / "repair-cafe.md", tmp_path / "tree")
    repository.git("config", "core.worktree", tmp_path / "tree")
    done = patternlint("hook", cwd=repository.top)
    assert done.code == ERROR
    assert f"the work tree of this repository is {tmp_path / 'tree'} (`core.worktree`)" in done.err
    assert done.err.count("\n") == 1


def test_an_untouched_commit_passes(repository: Repository) -> None:
    assert commit(repository) == (True, [])


def test_all_files_are_checked_when_nothing_is_staged(repository: Repository) -> None:
    a_bad_score(repository)
    repository.commit("as in CI")
    done = pre_commit(repository, "run", "--all-files")
    assert done.returncode == 1
    assert "rain-garden-street.md overall-score-mean" in found(done.stdout)
    assert "rain-garden-street.md dangling-target" in found(done.stdout)
    [command] = (repository.top.parent / "pre-commit").glob("repo*/py_env*/bin/patternlint")
    assert run(repository, str(command), "baseline", "write").returncode == 0
    repository.commit("what is known")
    assert pre_commit(repository, "run", "--all-files").returncode == 0
    assert run(repository, "git", "commit", "-q", "--amend", "-m", "another message").returncode == 0


@pytest.mark.parametrize("change", STOPPED, ids=lambda change: change.__name__)
def test_a_commit_is_stopped(repository: Repository, change: Callable[[Repository], None]) -> None:
    change(repository)
    assert commit(repository) == (False, STOPPED[change])


def test_a_pattern_that_is_not_staged_satisfies_no_link(repository: Repository) -> None:
    text = repository.read("repair-cafe.md").replace("slug: repair-cafe", "slug: mending-room")
    repository.add("mending-room.md", text.replace("pat_01k", "pat_01m").replace("Repair Café", "Mending Room"))
    repository.edit("open-ledger-evening.md", ("slug: small-circles", "slug: mending-room"))
    repository.git("add", "open-ledger-evening.md")
    assert commit(repository, add=False) == (False, ["open-ledger-evening.md dangling-target"])


def test_a_good_change_passes_and_the_old_findings_stay(repository: Repository) -> None:
    repository.edit("rain-garden-street.md", ("Gravel below,", "Stones below,"))
    assert commit(repository) == (True, [])


def test_a_merge_without_conflicts_is_checked_too(repository: Repository) -> None:
    repository.git("checkout", "-q", "-b", "side")
    repository.edit("rain-garden-street.md", ("slug: neighbourhood-assemblage", "slug: seed-swap-day"))
    repository.commit()
    repository.git("checkout", "-q", "main")
    repository.delete("seed-swap-day.md")
    repository.commit()
    done = run(repository, "git", "merge", "--no-edit", "side")
    assert done.returncode != 0
    assert found(done.stdout) == ["rain-garden-street.md dangling-target"]


def test_a_merge_that_breaks_nothing_passes(repository: Repository) -> None:
    repository.git("checkout", "-q", "-b", "side")
    a_bad_score(repository)
    repository.commit()
    repository.git("checkout", "-q", "main")
    repository.edit("open-ledger-evening.md", ("status: draft", "status: dratf"))
    repository.commit()
    done = run(repository, "git", "merge", "--no-edit", "side")
    assert done.returncode == 0, done.stdout


def test_a_push_brings_what_is_new_to_the_other_side(repository: Repository, tmp_path: Path) -> None:
    """The first push brings the whole history, and pre-commit names no commits for that."""
    assert pre_commit(repository, "install", "--hook-type", "pre-push").returncode == 0
    repository.git("init", "-q", "--bare", tmp_path / "shared.git")
    repository.git("remote", "add", "origin", tmp_path / "shared.git")
    repository.add("notes.txt", "not committed")

    def push(*branches: str) -> tuple[bool, list[str]]:
        done = run(repository, "git", "push", "-q", "origin", *branches)
        return done.returncode == 0, found(done.stdout)

    passed, stopped_by = push("main")
    assert not passed
    assert "rain-garden-street.md dangling-target" in stopped_by
    assert len(stopped_by) == 9
    [command] = (repository.top.parent / "pre-commit").glob("repo*/py_env*/bin/patternlint")
    assert run(repository, str(command), "baseline", "write").returncode == 0
    repository.commit("what is known")
    assert push("main") == (True, [])

    repository.git("checkout", "-q", "-b", "side")
    a_bad_score(repository)
    repository.commit()
    assert push("side") == (False, ["rain-garden-street.md overall-score-mean"])
    repository.git("checkout", "-q", "main")
    assert push("side") == (False, ["rain-garden-street.md overall-score-mean"])
    a_dangling_link(repository)
    repository.commit()
    assert push("main") == (False, ["open-ledger-evening.md dangling-target"])
    repository.git("reset", "-q", "--hard", "HEAD~1")
    repository.add("README.md", "# Ours\n")
    repository.commit()
    assert push("main") == (True, [])


def test_a_commit_that_touches_no_pattern_costs_little(repository: Repository) -> None:
    repository.add("notes.txt", "n")
    repository.git("add", "-A")
    environments = list((repository.top.parent / "pre-commit").glob("repo*/py_env*/bin/patternlint"))
    times = []
    for _ in range(3):
        begun = seconds_of_children()
        assert run(repository, str(environments[0]), "hook").returncode == 0
        times.append(seconds_of_children() - begun)
    assert min(times) < 0.5


def seconds_of_children() -> float:
    """Return the processor time of finished processes: unlike a clock it does not tell what else the machine does."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_fixes_are_made_in_patterns_and_in_nothing_else(repository: Repository) -> None:
    config = repository.read(".pre-commit-config.yaml")
    repository.add(
        ".pre-commit-config.yaml",
        "".join(line for line in config.splitlines(keepends=True) if "args:" not in line).replace(
            "id: patternlint", "id: patternlint-fix"
        ),
    )
    repository.add("README.md", "# A library  \n\ntext without an end")
    repository.edit("rain-garden-street.md", ("overall_score: 3.8", "overall_score: 4.8"))
    repository.git("add", "-A")
    readme = repository.read("README.md")
    done = pre_commit(repository, "run")
    assert done.returncode == 1, done.stdout
    assert "1 finding fixed in 1 file" in done.stdout
    assert "overall_score: 3.8" in repository.read("rain-garden-street.md")
    assert repository.read("README.md") == readme
    repository.git("add", "-A")
    assert pre_commit(repository, "run").returncode == 0
