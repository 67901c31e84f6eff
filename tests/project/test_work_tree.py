"""Work tree, index and revision are one library: git decides which files belong to it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.command import ERROR, FINDINGS, OK, ROOT, patternlint, process
from tests.support.repository import Repository, example_library

posix = pytest.mark.skipif(os.name == "nt", reason="symbolic links")

COPIED = "repair-cafe.md"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    return example_library(tmp_path_factory.mktemp("tree") / "library")


@pytest.fixture
def repository(template: Repository, tmp_path: Path) -> Repository:
    shutil.copytree(template.top, tmp_path / "library")
    return Repository(tmp_path / "library")


def findings(repository: Repository, *flags: str | Path, cwd: Path | None = None) -> list[str]:
    """Return what is found, a line each, without the summary."""
    result = patternlint(*flags, "--no-cache", "--output-format", "concise", cwd=cwd or repository.top)
    assert result.code in (OK, FINDINGS), result.err
    return result.out.partition("\n\n")[0].splitlines() if "\n\n" in result.out else []


def files(repository: Repository, *flags: str | Path) -> list[str]:
    result = patternlint(*flags, "--show-files", cwd=repository.top)
    assert result.code == OK, result.err
    return [line.partition("\t")[0] for line in result.out.splitlines()]


def assert_unchanged(repository: Repository, old: list[str] | None = None) -> None:
    """Check that a clean checkout has nothing new, and that work tree, index and `HEAD` show the same."""
    assert repository.git("status", "--porcelain") == ""
    assert findings(repository, "--since", "HEAD") == []
    hook = patternlint("hook", "--no-cache", cwd=repository.top)
    assert (hook.code, hook.out) == (OK, ""), hook
    now = findings(repository)
    assert now == findings(repository, "--at", "HEAD")
    assert now == findings(repository, "--staged")
    if old is not None:
        assert now == old


# --- What git leaves out ----------------------------------------------------------------------------------------------


def test_copies_that_git_ignores_are_left_out(repository: Repository) -> None:
    old = findings(repository)
    repository.add(".gitignore", "_site/\n*.copy.md\n")
    repository.commit()
    repository.add(".git/info/exclude", "build/\n")
    for name in ("_site/deep/x.md", "build/x.md", "a.copy.md"):
        repository.add(name, repository.read(COPIED))
    assert_unchanged(repository, old)


def test_nested_repositories_and_linked_work_trees_are_left_out(repository: Repository) -> None:
    repository.add("patternlint.toml", "")
    repository.commit()
    old = findings(repository)
    repository.add(".git/info/exclude", "hidden/\n")
    repository.git("worktree", "add", "-q", "linked")
    repository.git("worktree", "add", "-q", "-b", "side", "hidden/linked")
    repository.git("clone", "-q", repository.top, "nested/clone")
    assert findings(repository) == old
    assert findings(repository, "--since", "HEAD") == []
    assert findings(Repository(repository.top / "linked")) == old


def test_an_ignored_file_that_is_tracked_belongs_to_the_library(repository: Repository) -> None:
    old = findings(repository)
    repository.add(".gitignore", "repair-*\n")
    repository.commit()
    assert COPIED in files(repository)
    assert_unchanged(repository, old)


def test_a_tracked_file_in_a_nested_repository_belongs_to_the_library(repository: Repository) -> None:
    old = findings(repository)
    repository.rename(COPIED, f"sub/{COPIED}")
    repository.commit()
    repository.git("init", "-q", "sub")
    repository.add("sub/other.md", repository.read(f"sub/{COPIED}"))
    assert f"sub/{COPIED}" in files(repository)
    assert "sub/other.md" not in files(repository)
    assert len(findings(repository)) == len(old)


def test_an_untracked_file_belongs_to_the_work_tree(repository: Repository) -> None:
    repository.add("copy.md", repository.read(COPIED))
    assert "copy.md" in files(repository)
    assert any(
        line.startswith("copy.md:") and "duplicate-id" in line for line in findings(repository, "--since", "HEAD")
    )
    assert findings(repository, "--staged", "--since", "HEAD") == []


def test_a_file_that_is_named_is_checked_though_git_ignores_it(repository: Repository) -> None:
    repository.add(".git/info/exclude", "_site/\n")
    repository.add("_site/x.md", repository.read(COPIED))
    assert files(repository, "_site/x.md") == ["_site/x.md"]
    assert files(repository, "_site") == ["_site/x.md"]
    assert "_site/x.md" not in files(repository, ".")


def test_a_library_in_an_ignored_folder_is_checked_as_without_git(repository: Repository) -> None:
    repository.add(".git/info/exclude", "own/\n")
    repository.add("own/patternlint.toml", "")
    repository.add("own/x.md", repository.read(COPIED))
    result = patternlint("--show-files", cwd=repository.top / "own")
    assert result.out.splitlines() == ["x.md"]


def test_without_git_nested_repositories_are_left_out_all_the_same(repository: Repository, tmp_path: Path) -> None:
    repository.git("clone", "-q", repository.top, "nested")
    result = patternlint("--show-files", cwd=repository.top, env={"PATH": str(tmp_path)})
    assert result.code == OK
    assert not [name for name in result.out.splitlines() if name.startswith("nested/")]


def test_outside_of_git_every_file_is_checked(repository: Repository) -> None:
    repository.add("sub/.git", "gitdir: nowhere\n")
    repository.add("sub/x.md", repository.read(COPIED))
    repository.add(".gitignore", "other.md\n")
    repository.add("other.md", repository.read(COPIED))
    shutil.rmtree(repository.top / ".git")
    assert {"sub/x.md", "other.md"} <= set(files(repository))


def test_a_folder_that_begins_with_a_dot_is_the_same_for_git_when_it_is_named(repository: Repository) -> None:
    repository.rename(COPIED, f".wiki/{COPIED}")
    repository.commit()
    assert files(repository, ".wiki") == [f".wiki/{COPIED}"]
    assert findings(repository, ".wiki", "--since", "HEAD") == []
    assert findings(repository, ".wiki") == findings(repository, ".wiki", "--at", "HEAD")


# --- Links ------------------------------------------------------------------------------------------------------------


@posix
def test_a_symbolic_link_is_another_name_of_the_same_file(repository: Repository) -> None:
    old = findings(repository)
    (repository.top / "index").mkdir()
    (repository.top / "index" / COPIED).symlink_to(f"../{COPIED}")
    (repository.top / "folder").symlink_to("index")
    repository.commit()
    assert_unchanged(repository, old)
    assert files(repository, f"index/{COPIED}") == [COPIED]
    assert files(repository, "folder", COPIED) == [COPIED]


@posix
def test_a_symbolic_link_is_one_file_outside_of_git(repository: Repository) -> None:
    shutil.rmtree(repository.top / ".git")
    old = findings(repository)
    (repository.top / "copy.md").symlink_to(COPIED)
    assert findings(repository) == old


@posix
def test_a_link_to_a_folder_whose_name_only_begins_alike_is_not_followed(repository: Repository) -> None:
    shutil.rmtree(repository.top / ".git")
    other = repository.top.with_name(f"{repository.top.name}-private")
    other.mkdir()
    (other / "secret.txt").write_text(repository.read(COPIED), encoding="utf-8")
    (repository.top / "inside.txt").write_text("---\nslug: x\n", encoding="utf-8")
    (repository.top / "a.md").symlink_to("inside.txt")
    (repository.top / "b.md").symlink_to(other / "secret.txt")
    assert "a.md" in files(repository)
    assert "b.md" not in files(repository)


@posix
def test_links_in_a_commit_are_not_read_as_files(repository: Repository) -> None:
    (repository.top / "link.md").symlink_to("---\nid: pat_x\nslug: x\nontology: {}\n---\n")
    repository.commit()
    assert "link.md" not in files(repository, "--at", "HEAD")


@posix
@pytest.mark.parametrize("has_git", [False, True])
def test_fixes_do_not_follow_a_folder_link_out_of_the_library(repository: Repository, *, has_git: bool) -> None:
    outside = repository.top.parent / "outside"
    outside.mkdir()
    if has_git:
        Repository(outside).git("init", "-q")
    damaged = repository.read(COPIED).replace("\n---\n", "\n---\n\n\n\n", 1)
    (outside / "a.md").write_text(damaged, encoding="utf-8")
    (outside / "b.md").write_text(damaged, encoding="utf-8")
    (repository.top / "ext").symlink_to(outside)
    for named in ("ext", "ext/", ".", "ext/a.md", repository.top / "ext" / "a.md"):
        result = patternlint("--fix", "--unsafe-fixes", named, cwd=repository.top)
        assert (outside / "a.md").read_text(encoding="utf-8") == damaged, named
        assert (outside / "b.md").read_text(encoding="utf-8") == damaged, named
        if named != ".":
            assert result.code == ERROR
            assert "ext is a link to a folder outside of" in result.err


# --- Submodules, sparse checkouts, line ends --------------------------------------------------------------------------


def dangling(lines: list[str]) -> list[str]:
    """Return the findings about links to the pattern that has moved."""
    return [line for line in lines if "dangling-target" in line and "repair-cafe" in line]


def with_submodule(repository: Repository, tmp_path: Path) -> None:
    other = Repository(tmp_path / "other")
    other.top.mkdir()
    other.git("init", "-q")
    repository.rename(COPIED, "../other/repair-cafe.md")
    other.commit()
    repository.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", other.top, "sub")


def test_a_submodule_is_left_out_everywhere(repository: Repository, tmp_path: Path) -> None:
    with_submodule(repository, tmp_path)
    repository.commit()
    assert f"sub/{COPIED}" not in files(repository)
    assert dangling(findings(repository))
    assert_unchanged(repository)


def test_links_resolve_in_a_submodule_that_is_a_library(repository: Repository, tmp_path: Path) -> None:
    with_submodule(repository, tmp_path)
    repository.add("patternlint.toml", 'library = ["sub"]\n')
    repository.commit()
    assert not dangling(findings(repository))
    assert_unchanged(repository)


def test_links_resolve_in_a_further_library_of_the_same_repository(repository: Repository) -> None:
    repository.rename(COPIED, f"other/{COPIED}")
    for path in repository.top.glob("*.md"):
        repository.rename(path.name, f"own/{path.name}")
    repository.add("own/patternlint.toml", 'library = ["../other"]\n')
    repository.commit()
    own = repository.top / "own"
    now = findings(repository, cwd=own)
    assert not dangling(now)
    assert now == findings(repository, "--at", "HEAD", cwd=own) == findings(repository, "--staged", cwd=own)
    assert findings(repository, "--since", "HEAD", cwd=own) == []


def test_files_outside_of_a_sparse_checkout_are_known_and_not_reported(repository: Repository) -> None:
    repository.rename(COPIED, f"far/{COPIED}")
    repository.commit()
    old = [line for line in findings(repository) if not line.startswith("far/")]
    repository.git("sparse-checkout", "set", "--no-cone", "/*", "!/far/")
    assert not (repository.top / "far").exists()
    assert findings(repository) == old
    assert findings(repository, "--since", "HEAD") == []
    assert patternlint("hook", cwd=repository.top).code == OK
    assert f"far/{COPIED}" not in files(repository)
    assert patternlint("--since", "HEAD", cwd=repository.top).code == OK
    repository.git("sparse-checkout", "disable")
    assert_unchanged(repository)


@pytest.mark.parametrize("has_git", [True, False])
def test_links_resolve_in_a_sparse_checkout_of_another_repository(
    repository: Repository, tmp_path: Path, *, has_git: bool
) -> None:
    other = example_library(tmp_path / "other")
    other.add(f"far/{COPIED}", f"{other.read(COPIED)}\n")
    other.delete(COPIED)
    other.commit()
    other.git("sparse-checkout", "set", "--no-cone", "/*", "!/far/")
    repository.delete(COPIED)
    repository.add("patternlint.toml", 'library = ["../other"]\n')
    repository.commit()
    if has_git:
        assert_unchanged(repository)
        assert patternlint("--since", "HEAD", cwd=repository.top).code == OK
    else:
        shutil.rmtree(repository.top / ".git")
    assert not dangling(findings(repository))


def test_the_cache_follows_a_file_outside_of_a_sparse_checkout(repository: Repository) -> None:
    repository.rename(COPIED, f"far/{COPIED}")
    repository.commit()
    repository.git("sparse-checkout", "set", "--no-cone", "/*", "!/far/")
    before = patternlint("--output-format", "concise", cwd=repository.top)
    assert patternlint("--output-format", "concise", cwd=repository.top) == before
    blob = repository.git("rev-parse", "HEAD:small-circles.md")
    repository.git("update-index", "--cacheinfo", f"100644,{blob},far/{COPIED}")
    repository.git("update-index", "--skip-worktree", f"far/{COPIED}")
    after = patternlint("--output-format", "concise", cwd=repository.top)
    assert "duplicate-slug" in after.out
    assert "duplicate-slug" not in before.out


def check_out_with_crlf(repository: Repository, setting: str = "autocrlf") -> None:
    """Check all files out again with CRLF, which git replaces by LF when it stores them."""
    if setting == "autocrlf":
        repository.git("config", "core.autocrlf", "true")
    else:
        repository.git("config", "core.eol", "crlf")
        repository.add(".gitattributes", f"*.md {setting}\n")
        repository.commit()
    for path in repository.top.glob("*.md"):
        path.unlink()
    repository.git("checkout", "-q", "--", ".")
    assert b"\r\n" in (repository.top / COPIED).read_bytes()


CONVERSIONS = ("autocrlf", "eol=crlf", "text=auto", "text", "crlf", "crlf=auto", "text=auto eol=crlf")


@pytest.mark.parametrize("setting", CONVERSIONS)
def test_line_endings_that_git_converts_are_not_reported(repository: Repository, setting: str) -> None:
    old = findings(repository)
    check_out_with_crlf(repository, setting)
    assert_unchanged(repository, old)
    repository.edit(COPIED, ("status: stable", "status: stabel"))
    path = repository.top / COPIED
    path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    for flags in (("--since", "HEAD"), (COPIED,)):
        (line,) = set(findings(repository, *flags)) - set(old)
        assert "stabel" in line
    for _ in range(2):  # also from the cache
        result = patternlint("--statistics", "--select", "encoding", cwd=repository.top)
        assert result.code == OK, result.out


@pytest.mark.parametrize("text", ["a\r\nb\r\n", "a\r\nb\n"])
@pytest.mark.parametrize("setting", ["autocrlf", "text=auto", "-text"])
def test_line_endings_that_git_stores_are_reported(repository: Repository, setting: str, text: str) -> None:
    path = repository.top / COPIED
    path.write_bytes(path.read_bytes() + text.encode())
    repository.commit()
    check_out_with_crlf(repository) if setting == "autocrlf" else repository.add(".gitattributes", f"*.md {setting}\n")
    repository.commit()
    assert any("CRLF" in line and line.startswith(COPIED) for line in findings(repository, "--select", "encoding"))
    assert_unchanged(repository)


def test_a_change_of_the_settings_of_git_shows_without_a_change_of_files(repository: Repository) -> None:
    check_out_with_crlf(repository)
    arguments = ("--select", "encoding", "--statistics")
    assert patternlint(*arguments, cwd=repository.top).code == OK
    repository.git("config", "core.autocrlf", "false")
    assert patternlint(*arguments, cwd=repository.top).code == FINDINGS
    repository.git("config", "core.autocrlf", "input")
    assert patternlint(*arguments, cwd=repository.top).code == OK


def test_the_hook_and_unsaved_text_in_a_checkout_with_crlf(repository: Repository) -> None:
    check_out_with_crlf(repository)
    path = repository.top / COPIED
    broken = path.read_bytes().replace(b"status: stable", b"status: stabel")
    for name in (COPIED, "new-file.md"):
        arguments = ("--stdin-filename", name, "--select", "encoding")
        with process(*arguments, cwd=repository.top, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as linter:
            out, _ = linter.communicate(broken)
        assert (linter.returncode, b"CRLF" in out) == (OK, False), name
    path.write_bytes(broken)
    (repository.top / "new.md").write_bytes(b"---\r\nid: pat_x\r\nslug: new\r\nontology: {}\r\n---\r\n")
    assert "CRLF" not in "".join(findings(repository, "--since", "HEAD"))
    repository.git("add", "-A")
    result = patternlint("hook", "--output-format", "concise", cwd=repository.top)
    assert "stabel" in result.out
    assert "CRLF" not in result.out


@pytest.mark.parametrize("flags", [(), (COPIED,), ("--since", "HEAD")])
def test_fixes_keep_line_endings_that_git_converts(repository: Repository, flags: tuple[str, ...]) -> None:
    check_out_with_crlf(repository)
    path = repository.top / COPIED
    data = path.read_bytes()
    path.write_bytes(data.replace(b"\r\n---\r\n", b"\r\n---\r\n\r\n\r\n\r\n", 1))
    others = {one: one.read_bytes() for one in repository.top.glob("*.md") if one != path}
    result = patternlint("--fix", *flags, cwd=repository.top)
    assert result.code in (OK, FINDINGS), result.err
    assert path.read_bytes() == data
    assert all(b"\r\n" in one.read_bytes() for one in others)


def test_another_encoding_of_the_work_tree_is_refused(repository: Repository) -> None:
    (repository.top / COPIED).write_text(repository.read(COPIED), encoding="utf-16")  # not every git can convert it
    result = patternlint("--select", "encoding", "--output-format", "json", cwd=repository.top)
    assert "delete `working-tree-encoding` from `.gitattributes`" in result.out


def test_line_endings_that_git_does_not_convert_are_new(repository: Repository) -> None:
    path = repository.top / COPIED
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert any("CRLF" in line for line in findings(repository, "--since", "HEAD"))
    repository.add("patternlint.toml", "[options.encoding]\nallow-crlf = true\n")
    assert findings(repository, "--select", "encoding") == []


# --- Names of files ---------------------------------------------------------------------------------------------------


def test_markdown_files_by_other_names(repository: Repository) -> None:
    for new in ("small-circles.MD", "walking-school-bus.markdown", "winter-kitchen.mdx"):
        repository.rename(f"{new.partition('.')[0]}.md", new)
    repository.commit()
    count = len(list((ROOT / "examples" / "library").glob("*.md")))
    out = patternlint(cwd=repository.top).out
    assert f"{count} files: {count - 3} patterns" in out
    assert "3 skipped" in out
    assert not any(line.startswith("small-circles.MD") and "slug-filename" in line for line in findings(repository))
    assert_unchanged(repository)
    repository.add("patternlint.toml", 'patterns = ["*.markdown", "*.mdx"]\n')
    repository.commit()
    assert f"{count} files: {count - 1} patterns" in patternlint(cwd=repository.top).out
    assert_unchanged(repository)


def test_the_hook_sees_a_change_of_markdown_by_another_name(repository: Repository) -> None:
    repository.rename(COPIED, "repair-cafe.MD")
    repository.commit()
    repository.edit("repair-cafe.MD", ("status: stable", "status: stabel"))
    repository.git("add", "-A")
    assert patternlint("hook", cwd=repository.top).code == FINDINGS


# --- Paths of a revision ----------------------------------------------------------------------------------------------


def test_at_takes_a_path_that_only_the_revision_has(repository: Repository) -> None:
    repository.rename(COPIED, f"old/{COPIED}")
    repository.commit()
    repository.rename(f"old/{COPIED}", COPIED)
    (repository.top / "old").rmdir()
    repository.commit()
    for named in (f"old/{COPIED}", "old", "./old/"):
        assert files(repository, "--at", "HEAD~1", named) == [f"old/{COPIED}"]
    result = patternlint("--at", "HEAD", "old", cwd=repository.top)
    assert result.code == ERROR
    assert "old does not exist in HEAD" in result.err
    assert patternlint("--at", "HEAD", "..", cwd=repository.top).code == ERROR


@pytest.mark.parametrize(
    "revision", ["HEAD~1", "HEAD^", "@~2", "main~1", "main@{1}", "abc1234", "side", "origin/side", "v1"]
)
def test_the_fetch_command_for_a_shallow_clone_works(repository: Repository, tmp_path: Path, revision: str) -> None:
    repository.git("branch", "side")
    repository.git("tag", "v1")
    for _ in range(3):
        repository.commit()
    repository.git("clone", "-q", "--depth=1", f"file://{repository.top}", tmp_path / "shallow")
    shallow = Repository(tmp_path / "shallow")
    result = patternlint("--since", revision, cwd=shallow.top)
    assert result.code == ERROR
    command = result.err.split("`")[-2]
    assert command.startswith("git fetch ")
    shallow.git(*command.split()[1:])
    if revision not in ("main@{1}", "abc1234"):
        assert patternlint("--since", revision, cwd=shallow.top).code == OK


# --- Names and contents that a terminal would obey --------------------------------------------------------------------


@posix
def test_show_files_and_diff_hold_nothing_that_a_log_obeys(repository: Repository) -> None:
    damaged = repository.read(COPIED).replace("\n---\n", "\n---\n\n\n\n::error::first\n", 1)
    for name in ("::error::x.md", "a\n::error::y.md", "b\x1b[2J.md", 'c"\t.md'):
        repository.add(name, damaged)
    for flags in (("--show-files",), ("--diff",)):
        out = patternlint(*flags, cwd=repository.top).out
        assert "error::" in out
        assert "\x1b" not in out
        assert not [line for line in out.splitlines() if line.lstrip().startswith("::")]
    (repository.top / "fixes.diff").write_text(patternlint("--diff", cwd=repository.top).out, encoding="utf-8")
    repository.git("apply", "fixes.diff")
    assert "\n---\n\n::error::first\n" in repository.read("a\n::error::y.md")
    assert patternlint("--diff", cwd=repository.top).out == ""
