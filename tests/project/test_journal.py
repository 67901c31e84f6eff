"""Changes of several files happen all or none: whenever the run is killed, and whatever is saved meanwhile."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from patternlint.project import atomic_rename
from patternlint.project.user_folder import user_folder
from tests.support.command import ERROR, FINDINGS, OK, patternlint, process
from tests.support.faults import kill_at, run_with
from tests.support.repository import EXAMPLES

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")

RENAME = ("rename", "old-thing", "new-thing")
FIX = ("--fix", "--no-cache", "--unsafe-fixes", "--select", "slug-filename")


def pattern(slug: str, links: str = "[]", more: str = "") -> str:
    identity = f"pat_01kg1tp8mce2zbdw95pa7835{slug[0]}{slug[1]}".replace("l", "1").replace("o", "0").replace("i", "1")
    return (
        f"---\nid: {identity}\nslug: {slug}\ntitle: {slug.title()}\n"
        f"relationships:\n  complementary: {links}\n---\n\n# {slug}\n{more}"
    )


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A library in which `rename` and `--fix` change several files together: the slug of one file is not its name."""
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "patternlint.toml").write_text('patterns = ["*.md"]\nspec = "7.1"\n', encoding="utf-8")
    link = "\n    - slug: {}\n      weight: 0.5"
    (folder / "old-thing.md").write_text(pattern("old-thing"), encoding="utf-8")
    for name in ("apple", "berry"):
        (folder / f"{name}.md").write_text(pattern(name, link.format("old-thing")), encoding="utf-8")
    (folder / "cherry.md").write_text(pattern("cherries", more="See [old](old-thing.md).\n"), encoding="utf-8")
    with (folder / "berry.md").open("a", encoding="utf-8") as file:
        file.write("See [[cherries]].\n")
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def journals() -> list[str]:
    base = user_folder()
    assert base is not None
    folder = base / "journals"
    return [path.name for path in folder.iterdir()] if folder.is_dir() else []


def states(library: Path, arguments: tuple[str, ...]) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Return the content of the library before and after a command, and restore it."""
    before = contents(library)
    copy = shutil.copytree(library, library.parent / "copy")
    assert patternlint(*arguments, cwd=copy).code in (OK, FINDINGS)
    after = contents(copy)
    assert len({*before.items()} - {*after.items()}) > 1
    return before, after


def restore(library: Path, files: dict[str, bytes]) -> None:
    for path in library.iterdir():
        path.unlink()
    for name, data in files.items():
        (library / name).write_bytes(data)


def watched(library: Path) -> tuple[Path, ...]:
    base = user_folder()
    assert base is not None
    return library, base / "journals"


@pytest.fixture(params=["swap", "replace"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Let files be put in place by a swap, or, as where the system cannot swap, by a plain rename."""
    way: str = request.param
    if way == "replace":

        def missing(*_: object, **__: object) -> object:
            raise OSError

        monkeypatch.setattr(ctypes, "CDLL", missing)
    atomic_rename._system_call.cache_clear()  # noqa: SLF001 - it asks the system once
    yield way
    atomic_rename._system_call.cache_clear()  # noqa: SLF001 - as above


@needs_fork
@pytest.mark.slow
@pytest.mark.parametrize("arguments", [RENAME, FIX])
def test_a_kill_at_any_step_leaves_all_or_none_once_the_next_run_is_over(
    library: Path, arguments: tuple[str, ...], way: str
) -> None:
    before, after = states(library, arguments)
    half_way = 0
    for step in range(1, 1000):
        restore(library, before)
        code = run_with(kill_at(step), watched(library), *arguments, cwd=library)
        now = {name: data for name, data in contents(library).items() if not name.startswith(".")}
        half_way += now not in (before, after)
        patternlint("--no-cache", "--quiet", cwd=library)
        now = {name: data for name, data in contents(library).items() if not name.startswith(".")}
        assert now in (before, after), step
        assert journals() == []
        if code != -signal.SIGKILL:
            break
    else:
        pytest.fail("the run never came to its end")
    assert half_way > 1, "no kill came between two files"
    assert now == after


@needs_fork
@pytest.mark.slow
def test_a_rename_that_was_killed_can_be_repeated(library: Path) -> None:
    before, after = states(library, RENAME)
    for step in range(1, 1000):
        restore(library, before)
        if run_with(kill_at(step), watched(library), *RENAME, cwd=library) != -signal.SIGKILL:
            break
        again = patternlint(*RENAME, cwd=library)
        # A kill after the last step: all is renamed already.
        assert again.code == OK or "no pattern has the slug `old-thing`" in again.err
        assert {name: data for name, data in contents(library).items() if not name.startswith(".")} == after


_half_way = [1]
"""The step at which the search for a kill half-way starts: a little before the one that was found last."""


def interrupted(library: Path) -> dict[str, bytes]:
    """Kill a rename half-way, and return what the library held before."""
    before, after = states(library, RENAME)
    for step in range(_half_way[0], 1000):
        restore(library, before)
        assert run_with(kill_at(step), watched(library), *RENAME, cwd=library) == -signal.SIGKILL
        if contents(library)["apple.md"] == after["apple.md"]:
            _half_way[0] = max(1, step - 3)
            return before
    pytest.fail("no kill came half-way")


@needs_fork
def test_the_run_that_undoes_an_interrupted_change_says_so(library: Path) -> None:
    before = interrupted(library)
    result = patternlint("--no-cache", "--quiet", cwd=library)
    assert "patternlint: a change that was interrupted half-way is undone; restored: " in result.err
    assert contents(library)["apple.md"] == before["apple.md"]
    assert patternlint("--no-cache", "--quiet", cwd=library).err == ""


@needs_fork
def test_undoing_keeps_what_a_person_wrote_since(library: Path) -> None:
    interrupted(library)
    (library / "apple.md").write_text("mine\n", encoding="utf-8")
    patternlint("--no-cache", cwd=library)
    assert (library / "apple.md").read_text(encoding="utf-8") == "mine\n"
    assert journals() == []


@needs_fork
def test_a_journal_that_a_commit_brings_is_not_read(library: Path, tmp_path: Path) -> None:
    interrupted(library)
    base = user_folder()
    assert base is not None
    now = contents(library)
    shutil.move(base / "journals", library / "user" / "patternlint" / "journals")
    patternlint("--no-cache", cwd=library, env={"XDG_CACHE_HOME": str(library / "user")})
    shutil.rmtree(library / "user")
    assert contents(library) == now


@needs_fork
def test_a_journal_in_a_folder_that_everybody_can_write_is_not_read(library: Path) -> None:
    before = interrupted(library)
    base = user_folder()
    assert base is not None
    now = contents(library)
    (base / "journals").chmod(0o777)
    patternlint("--no-cache", cwd=library)
    assert contents(library) == now
    (base / "journals").chmod(0o700)
    patternlint("--no-cache", cwd=library)
    assert contents(library)["apple.md"] == before["apple.md"]


def test_a_rename_needs_no_folder_of_the_user(library: Path) -> None:
    _, after = states(library, RENAME)
    assert patternlint(*RENAME, cwd=library, env={"XDG_CACHE_HOME": "/dev/null/none"}).code == OK
    assert contents(library) == after


# --- Somebody saves a file meanwhile ----------------------------------------------------------------------------------

SAVED = b"Somebody wrote this meanwhile.\n"


def save_by_replacing(path: Path) -> None:
    other = path.with_name("editor")
    other.write_bytes(path.read_bytes() + SAVED)
    other.replace(path)


def save_in_place(path: Path) -> None:
    data = path.read_bytes()
    with path.open("wb") as file:
        file.write(data + SAVED)


@needs_fork
@pytest.mark.slow
@pytest.mark.parametrize("save", [save_by_replacing, save_in_place])
@pytest.mark.parametrize("arguments", [RENAME, FIX, ("--fix", "--select", "final-newline")])
def test_what_is_saved_at_any_step_of_a_fix_is_not_lost(
    library: Path, arguments: tuple[str, ...], save: Callable[[Path], None]
) -> None:
    path = library / "berry.md"
    for each in library.glob("*.md"):
        each.write_bytes(each.read_bytes() + b"\n\n")
    before, after = states(library, arguments)
    begins = before["berry.md"].rstrip(b"\n"), after["berry.md"].rstrip(b"\n")
    ended = False
    for step in range(1, 1000):
        restore(library, before)
        ended = True

        def at_step(number: int, target: int = step) -> None:
            if number == target and path.exists():
                save(path)
                (library / "saved").touch()

        run_with(at_step, watched(library), *arguments, cwd=library)
        ended = not (library / "saved").exists()
        if ended:
            break
        now = path.read_bytes()
        assert now.endswith(SAVED), (step, now)
        assert now.startswith(begins), (step, now)
        others = {name: data for name, data in contents(library).items() if name not in ("berry.md", "saved", "editor")}
        without = [{name: data for name, data in state.items() if name != "berry.md"} for state in (before, after)]
        if arguments in (RENAME, FIX):
            assert others in without, step
    assert ended
    assert step > 3


@needs_fork
def test_a_file_that_is_saved_between_lint_and_fix_is_left_and_named(library: Path) -> None:
    path, report = library / "berry.md", library.parent / "report.txt"
    path.write_bytes(path.read_bytes() + b"\n\n")
    before = path.read_bytes()

    def at_step(number: int) -> None:
        if number == 2:  # it was linted, and is about to be read by the fixer
            path.write_bytes(b"X" * 40 + b"\n" + before)

    arguments = ("--fix", "--no-cache", "--output-format", f"concise:{report}")
    assert run_with(at_step, (path,), *arguments, cwd=library) == FINDINGS
    assert path.read_bytes() == b"X" * 40 + b"\n" + before
    [line] = [line for line in report.read_text(encoding="utf-8").splitlines() if "[refused-fix]" in line]
    assert line.startswith("berry.md:")
    assert "something else changed it in the meantime" in line


def test_a_file_with_two_names_is_left_and_named(library: Path) -> None:
    path = library / "berry.md"
    path.write_bytes(path.read_bytes() + b"\n\n")
    before = path.read_bytes()
    other = library.parent / "other.md"
    os.link(path, other)
    result = patternlint("--fix", "--no-cache", "--output-format", "concise", cwd=library)
    assert path.read_bytes() == other.read_bytes() == before
    [line] = [line for line in result.out.splitlines() if "[refused-fix]" in line]
    assert line.startswith("berry.md:")
    assert "it has 2 names (hard links)" in line


def test_a_rename_over_an_existing_file_is_refused(library: Path) -> None:
    (library / "new-thing.md").write_text("Notes, not a pattern.\n", encoding="utf-8")
    before = contents(library)
    result = patternlint(*RENAME, cwd=library)
    assert result.code == ERROR
    assert "new-thing.md already" in result.err
    assert contents(library) == before


@needs_fork
def test_a_rename_over_a_file_that_is_made_meanwhile_is_undone(library: Path, way: str) -> None:
    before = contents(library)

    def at_step(_: int) -> None:
        if any(path.name.startswith(".") for path in library.iterdir()):
            (library / "new-thing.md").write_text("mine\n", encoding="utf-8")

    assert run_with(at_step, watched(library), *RENAME, cwd=library) == ERROR
    assert contents(library) == {**before, "new-thing.md": b"mine\n"}
    assert journals() == []


def test_a_rename_to_the_id_of_another_pattern_is_refused(library: Path) -> None:
    path = library / "apple.md"
    path.write_text(path.read_text(encoding="utf-8").replace("id: pat_01kg1tp8mce2zbdw95pa7835ap", "id: taken"))
    before = contents(library)
    result = patternlint("rename", "old-thing", "taken", cwd=library)
    assert result.code == ERROR
    assert "`taken` is already used by apple.md" in result.err
    assert contents(library) == before


SAVES = int(os.environ.get("PATTERNLINT_SAVES", "60"))
"""How often an editor saves while fixes run: 1000 take some minutes."""


@pytest.mark.parametrize("flags", [("--fix",), ("--fix", "--unsafe-fixes")])
@pytest.mark.parametrize("replacing", [True, False])
def test_an_editor_that_saves_while_fixes_run_loses_nothing(
    tmp_path: Path, flags: tuple[str, ...], *, replacing: bool
) -> None:
    library = tmp_path / "library"
    library.mkdir()
    for path in EXAMPLES.glob("*.md"):
        (library / path.name).write_bytes(path.read_bytes().rstrip(b"\n") + b"   \n\n\n")
    paths = sorted(library.glob("*.md"))
    written: dict[Path, list[bytes]] = {path: [] for path in paths}
    silent: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    running = process("--no-cache", *flags, cwd=library, **silent)
    for number in range(SAVES):
        path = paths[number % len(paths)]
        line = b"\nSaved as number %d, with trailing blanks   \n\n\n" % number
        written[path].append(line.strip())
        data = path.read_bytes() + line
        if replacing:
            other = path.with_suffix(".editor")
            other.write_bytes(data)
            other.replace(path)
        else:
            path.write_bytes(data)
        if running.poll() is not None:
            assert running.returncode in (OK, FINDINGS)
            running = process("--no-cache", *flags, cwd=library, **silent)
        time.sleep(0.01)
    assert running.wait(timeout=300) in (OK, FINDINGS)
    for path in paths:
        text = path.read_bytes()
        lost = [line for line in written[path] if line not in text]
        assert lost == [], path
        assert (
            text.count(b"slug: ") == (EXAMPLES / path.name).read_bytes().count(b"slug: ") or "--unsafe-fixes" in flags
        )
