"""A history of a small library: in each state, work tree, index and revision show the same, and nothing is new."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.command import FINDINGS, OK, patternlint
from tests.support.repository import Repository, example_library

STATES: list[Callable[[Repository], None]] = []
FAR = "far"
"""The folder that a sparse checkout leaves out."""


def state(change: Callable[[Repository], None]) -> Callable[[Repository], None]:
    STATES.append(change)
    return change


def check_out_again(repository: Repository) -> None:
    for path in repository.top.glob("*.md"):
        path.unlink()
    repository.git("checkout", "-q", "--", ".")


@state
def a_library(repository: Repository) -> None:
    pass


@state
def a_renamed_file(repository: Repository) -> None:
    repository.git("mv", "small-circles.md", "little-circles.md")


@state
def a_renamed_file_with_another_slug(repository: Repository) -> None:
    repository.rename("winter-kitchen.md", "summer-kitchen.md")
    repository.edit("summer-kitchen.md", ("\nslug: winter-kitchen\n", "\nslug: summer-kitchen\n"))


@state
def a_deleted_file(repository: Repository) -> None:
    repository.delete("seed-swap-day.md")


@state
def a_folder(repository: Repository) -> None:
    repository.rename("mentor-bench.md", "people/mentor-bench.md")


@state
def ignored_copies(repository: Repository) -> None:
    repository.add(".gitignore", "_site/\n*.copy.md\n")
    repository.add("_site/people/mentor-bench.md", repository.read("people/mentor-bench.md"))
    repository.add("people/mentor-bench.copy.md", repository.read("people/mentor-bench.md"))


@state
def a_tracked_file_that_is_ignored(repository: Repository) -> None:
    repository.add("people/.gitignore", "mentor-*\n")


@state
def a_link_to_a_file(repository: Repository) -> None:
    (repository.top / "index.md").symlink_to("repair-cafe.md")


@state
def a_link_to_a_folder(repository: Repository) -> None:
    (repository.top / "all-people").symlink_to("people")


@state
def a_link_to_nowhere(repository: Repository) -> None:
    (repository.top / "lost.md").symlink_to("nowhere.md")


@state
def a_file_that_becomes_a_link(repository: Repository) -> None:
    repository.rename("living-commons.md", "people/living-commons.md")
    (repository.top / "living-commons.md").symlink_to("people/living-commons.md")


@state
def a_file_with_crlf(repository: Repository) -> None:
    path = repository.top / "repair-cafe.md"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


@state
def files_with_crlf_by_attributes(repository: Repository) -> None:
    repository.add(".gitattributes", "l*.md text eol=crlf\n")
    repository.commit()
    check_out_again(repository)


@state
def files_with_crlf_by_configuration(repository: Repository) -> None:
    repository.git("config", "core.autocrlf", "true")
    check_out_again(repository)


@state
def a_submodule(repository: Repository) -> None:
    other = Repository(repository.top.parent / "other")
    other.add("repair-shed.md", repository.read("repair-cafe.md"))
    other.git("init", "-q")
    other.commit()
    repository.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", other.top, "sub")


@state
def a_link_into_the_submodule(repository: Repository) -> None:
    (repository.top / "shed.md").symlink_to("sub/repair-shed.md")


@state
def a_linked_work_tree(repository: Repository) -> None:
    repository.add(".git/info/exclude", "linked/\nnested/\n")
    repository.git("worktree", "add", "-q", "linked")


@state
def a_nested_repository(repository: Repository) -> None:
    repository.git("clone", "-q", repository.top, "nested")


@state
def a_suffix_in_capitals(repository: Repository) -> None:
    repository.rename("walking-school-bus.md", "walking-school-bus.MD")


@state
def other_suffixes(repository: Repository) -> None:
    repository.rename("open-ledger-evening.md", "open-ledger-evening.markdown")
    repository.rename("bread-oven-square.md", "bread-oven-square.mdx")


@state
def other_suffixes_that_are_configured(repository: Repository) -> None:
    repository.add("patternlint.toml", 'patterns = ["*.markdown"]\nexclude = ["people/living-*"]\n')


@state
def a_duplicate_and_a_broken_pattern(repository: Repository) -> None:
    repository.add("people/copy.md", repository.read("people/mentor-bench.md"))
    repository.add("broken.md", "---\nid: pat_01kg1tp8mce2zbdw95pa7835sy\nslug: [\ngraph_garden: {}\n---\n")


@state
def names_that_are_not_utf8(repository: Repository) -> None:
    name = os.fsencode(repository.top) + b"/caf\xe9.md"
    Path(os.fsdecode(name)).write_text(repository.read("people/copy.md"), encoding="utf-8", newline="\r\n")


@state
def a_merge(repository: Repository) -> None:
    repository.git("checkout", "-q", "-b", "feature")
    repository.rename("rain-garden-street.md", f"{FAR}/rain-garden-street.md")
    repository.commit()
    repository.git("checkout", "-q", "main")
    repository.delete("people/copy.md")
    repository.commit()
    repository.git("merge", "-q", "--no-ff", "-m", "merge", "feature")


@state
def a_sparse_checkout(repository: Repository) -> None:
    repository.git("sparse-checkout", "set", "--no-cone", "/*", f"!/{FAR}/")
    assert not (repository.top / FAR).exists()


def findings(repository: Repository, *flags: str) -> list[str]:
    """Return what is found, a line each, apart from files that are not checked out."""
    result = patternlint(*flags, "--output-format", "concise", cwd=repository.top)
    assert result.code in (OK, FINDINGS), result.err
    return [
        line for line in result.out.splitlines() if ": " in line and not line.startswith((f"{FAR}/", *"0123456789"))
    ]


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="symbolic links")
def test_an_unchanged_checkout_is_the_same_to_the_work_tree_the_index_and_the_revision(tmp_path: Path) -> None:
    repository = example_library(tmp_path / "library")
    assert len(STATES) >= 24
    for change in STATES:
        change(repository)
        repository.commit()
        name = change.__name__
        assert repository.git("status", "--porcelain") == "", name
        now = findings(repository)
        assert now, name
        assert findings(repository, "--no-cache") == now, name
        assert findings(repository, "--at", "HEAD") == now, name
        assert findings(repository, "--staged") == now, name
        assert findings(repository, "--since", "HEAD") == [], name
        assert findings(repository, "--since", "HEAD", "--staged") == [], name
        hook = patternlint("hook", cwd=repository.top)
        assert (hook.code, hook.out) == (OK, ""), name
        assert findings(repository) == now, name
