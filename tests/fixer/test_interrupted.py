"""Whatever happens while files are written, each is whole: the old one or the new one; and the next run is right."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from patternlint.project import atomic_write
from patternlint.run import fix as fixing
from tests.support.command import FINDINGS, OK, patternlint, process
from tests.support.faults import kill_at, run_until_file_size, run_with
from tests.support.libraries import generate_library
from tests.support.repository import EXAMPLES, cache_folder

COUNT = 100
FEW = int(os.environ.get("PATTERNLINT_KILLED_FILES", "3"))
"""Number of files in the libraries in which runs are killed at every step."""
MOST_STEPS = 10_000
_SILENT: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}

needs_kill = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL")


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.md"))}


def restore(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        (folder / name).write_bytes(data)


def left_over(folder: Path) -> list[Path]:
    return [path for path in folder.rglob(".*~") if ".patternlint-" in path.name]


def untidy(folder: Path, count: int) -> Path:
    """Make a library in which every file has something to fix."""
    generate_library(folder, count)
    for path in folder.rglob("*.md"):
        if path.name.startswith("seed-swap-day"):  # its front matter does not parse
            path.unlink()
        else:
            path.write_bytes(path.read_bytes().rstrip(b"\n") + b"   \n\n\n")
    return folder


@pytest.fixture(scope="session")
def states(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes], dict[str, bytes]]:
    """An untidy library, and what its files hold before and after `--fix`."""
    folder = untidy(tmp_path_factory.mktemp("untidy") / "library", COUNT)
    old = contents(folder)
    fixed = tmp_path_factory.mktemp("fixed") / "library"
    shutil.copytree(folder, fixed)
    assert patternlint("--fix", "--no-cache", "--quiet", cwd=fixed).code in (OK, FINDINGS)
    new = contents(fixed)
    assert old.keys() == new.keys()
    assert all(old[name] != new[name] for name in old)
    return folder, old, new


# --- Kills ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def few(tmp_path: Path) -> tuple[Path, dict[str, bytes], dict[str, bytes]]:
    """Some untidy files, and what they hold before and after `--fix`."""
    folder = untidy(tmp_path / "few", FEW)
    old = contents(folder)
    assert patternlint("--fix", "--no-cache", "--quiet", cwd=folder).code in (OK, FINDINGS)
    new = contents(folder)
    restore(folder, old)
    return folder, old, new


@needs_kill
def test_a_kill_leaves_every_file_complete_and_the_next_run_fixes_all(
    few: tuple[Path, dict[str, bytes], dict[str, bytes]],
) -> None:
    folder, old, new = few
    fix = ("--fix", "--quiet", "--jobs", "1")
    half_way = with_temporary = 0
    for step in range(1, MOST_STEPS):
        restore(folder, old)
        code = run_with(kill_at(step), (folder,), *fix, cwd=folder)
        now = contents(folder)
        assert now.keys() == old.keys()
        assert [name for name, data in now.items() if data not in (old[name], new[name])] == [], step
        half_way += now not in (old, new)
        with_temporary += bool(left_over(folder))
        assert patternlint(*fix, cwd=folder).code in (OK, FINDINGS)
        assert contents(folder) == new, step
        assert now == new or left_over(folder) == [], step  # a run that fixes nothing deletes nothing
        if code != -signal.SIGKILL:
            break
    else:
        pytest.fail("the run never came to its end")
    assert code in (OK, FINDINGS)
    assert now == new
    assert half_way > 1, "no kill came between two files"
    assert with_temporary > 1, "no kill came while a file was written"


@pytest.fixture
def fixed_since(few: tuple[Path, dict[str, bytes], dict[str, bytes]], tmp_path: Path) -> tuple[Path, Path, bytes]:
    """A library, a copy of its cache from before its files changed, and its report since."""
    folder, old, new = few
    report = tmp_path / "report.json"
    ask = ("--output-format", f"json:{report}", "--quiet")
    assert patternlint(*ask, cwd=folder).code in (OK, FINDINGS)
    before = report.read_bytes()
    known = shutil.copytree(cache_folder(folder), tmp_path / "known")
    restore(folder, {name: new[name] for name in list(old)[::2]})
    assert patternlint("--no-cache", *ask, cwd=folder).code in (OK, FINDINGS)
    assert report.read_bytes() != before
    return folder, known, report.read_bytes()


def check_after_kills(
    fixed_since: tuple[Path, Path, bytes], *, with_cache: bool, kill: Callable[[int, Path], int]
) -> None:
    """Kill one run after the other, each at a later step, and ask again after each."""
    folder, known, expected = fixed_since
    cache, report = cache_folder(folder), folder.parent / "report.json"
    partial = set[tuple[str, ...]]()
    for step in range(MOST_STEPS):
        shutil.rmtree(cache, ignore_errors=True)
        if with_cache:
            shutil.copytree(known, cache)
        code = kill(step, folder)
        partial.add(tuple(sorted(path.name for path in cache.glob("*"))))
        assert patternlint("--output-format", f"json:{report}", "--quiet", cwd=folder).code in (OK, FINDINGS)
        assert report.read_bytes() == expected, step
        if code >= 0:
            break
    else:
        pytest.fail("the run never came to its end")
    assert code in (OK, FINDINGS)
    assert step > 5
    assert len(partial) > 1, "no kill came while the cache was written"


@needs_kill
@pytest.mark.parametrize(
    ("with_cache", "every"),
    [(False, 4), *(pytest.param(known, 1, marks=pytest.mark.slow) for known in (False, True))],
)
def test_a_kill_while_the_cache_is_written_changes_no_answer(
    fixed_since: tuple[Path, Path, bytes], *, with_cache: bool, every: int
) -> None:
    """Before each call of SQLite, or each fourth."""

    def kill(step: int, folder: Path) -> int:
        return run_with(kill_at(every * step + 1), (cache_folder(folder),), "--quiet", "--jobs", "1", cwd=folder)

    check_after_kills(fixed_since, with_cache=with_cache, kill=kill)


@needs_kill
@pytest.mark.parametrize(
    "with_cache",
    [False, pytest.param(True, marks=pytest.mark.slow)],
    ids=["no cache", "a cache of older files"],
)
def test_a_kill_within_a_write_of_the_cache_changes_no_answer(
    fixed_since: tuple[Path, Path, bytes], *, with_cache: bool
) -> None:
    """When one of its files reaches a size, in steps that are not multiples of a page."""

    def kill(step: int, folder: Path) -> int:
        return run_until_file_size(step * 20_000, "--quiet", "--jobs", "1", cwd=folder)

    check_after_kills(fixed_since, with_cache=with_cache, kill=kill)


@needs_kill
def test_a_kill_leaves_the_old_baseline_or_the_new_one(few: tuple[Path, dict[str, bytes], dict[str, bytes]]) -> None:
    """At every step, so that it does not depend on what else the machine does."""
    folder, old, new = few
    baseline = folder / "patternlint-baseline.json"
    write_baseline = ("baseline", "write", "--no-cache", "--jobs", "1")
    written: list[bytes] = []
    for files in (new, old):
        for name, data in files.items():
            (folder / name).write_bytes(data)
        assert patternlint(*write_baseline, cwd=folder).code == OK
        written.append(baseline.read_bytes())
    before, after = written
    assert before != after
    versions: list[bytes] = []
    with_temporary = 0
    for step in range(1, MOST_STEPS):
        baseline.write_bytes(before)
        code = run_with(kill_at(step), (folder,), *write_baseline, cwd=folder)
        versions.append(baseline.read_bytes())
        with_temporary += bool(left_over(folder))
        if code != -signal.SIGKILL:
            break
    else:
        pytest.fail("the run never came to its end")
    assert with_temporary > 0, "no kill came while the baseline was written"
    assert set(versions[:-1]) <= {before, after}
    assert (code, versions[-1]) == (OK, after)
    assert left_over(folder) == []


# --- Several runs at once ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [4, pytest.param(10, marks=pytest.mark.slow)])
def test_runs_at_once_on_one_library_and_cache_give_the_same_answer(
    states: tuple[Path, dict[str, bytes], dict[str, bytes]], tmp_path: Path, count: int
) -> None:
    folder = tmp_path / "library"
    shutil.copytree(states[0], folder)
    for path in sorted(folder.rglob("*.md"))[::7]:
        path.write_bytes(path.read_bytes().replace(b"slug: ", b"slug: z"))
    cold = patternlint("--no-cache", "--output-format", "json", cwd=folder).out
    outs = [tmp_path / f"{number}.json" for number in range(count)]
    running = [
        process("--output-format", f"json:{out}", "--jobs", str(1 + number % 2), cwd=folder, **_SILENT)
        for number, out in enumerate(outs)
    ]
    for one in running:
        assert one.wait(timeout=600) == FINDINGS
    assert {out.read_text(encoding="utf-8") for out in outs} == {cold}
    assert patternlint("--output-format", "json", cwd=folder).out == cold


def test_two_runs_that_fix_at_once_leave_what_one_leaves(
    states: tuple[Path, dict[str, bytes], dict[str, bytes]], tmp_path: Path
) -> None:
    source, _, new = states
    folder = tmp_path / "library"
    shutil.copytree(source, folder)
    running = [process("--fix", "--quiet", cwd=folder, **_SILENT) for _ in range(2)]
    for one in running:
        assert one.wait(timeout=600) in (OK, FINDINGS)
    patternlint("--fix", "--quiet", cwd=folder)
    assert contents(folder) == new


# --- Files that cannot be written -------------------------------------------------------------------------------------


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return untidy(tmp_path / "small", 5)


def test_a_read_only_file_is_left_alone_and_named(small: Path) -> None:
    before = contents(small)
    name = sorted(before)[2]
    (small / name).chmod(0o444)
    result = patternlint("--fix", "--output-format", "concise", cwd=small)
    assert result.code == FINDINGS
    after = contents(small)
    assert after[name] == before[name]
    assert all(after[one] != before[one] for one in before if one != name)
    [line] = [line for line in result.out.splitlines() if "[refused-fix]" in line]
    assert line.startswith(f"{name}:")
    assert "read-only" in line
    assert left_over(small) == []


@pytest.mark.parametrize("flag", ["--fix", "--add-suppressions"])
def test_a_link_is_followed_as_far_as_its_own_library_goes(tmp_path: Path, flag: str) -> None:
    text = (EXAMPLES / "open-ledger-evening.md").read_bytes()
    for folder in ("one", "two", "away"):
        (tmp_path / folder / "kept").mkdir(parents=True)
        for name in ("a", "b"):
            (tmp_path / folder / "kept" / f"{name}.txt").write_bytes(text)
    (tmp_path / "two" / "a.md").symlink_to("kept/a.txt")
    (tmp_path / "two" / "b.md").symlink_to("../away/kept/b.txt")
    (tmp_path / "one" / "a.md").write_bytes(text)
    (tmp_path / "one" / "b.md").write_bytes(text)
    cli_arguments = ("--select", "overall-score-mean", "one", "two", "two/a.md", "two/b.md")
    result = patternlint(flag, *cli_arguments, cwd=tmp_path)
    assert "link to a file outside of the folder" in result.out + result.err
    assert (tmp_path / "two" / "kept" / "a.txt").read_bytes() != text
    assert (tmp_path / "away" / "kept" / "b.txt").read_bytes() == text
    assert (tmp_path / "two" / "a.md").is_symlink()


def test_a_file_that_changes_between_reading_and_writing_keeps_the_change(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(small)
    name = sorted(before)[1]
    plain = atomic_write.write_all

    def late(*arguments: object) -> object:
        with (small / name).open("ab") as file:
            file.write(b"Somebody wrote this meanwhile.\n")
        return plain(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(fixing, "write_all", late)
    result = patternlint("--fix", "--output-format", "concise", cwd=small)
    assert result.code == FINDINGS
    assert (small / name).read_bytes() == before[name] + b"Somebody wrote this meanwhile.\n"
    assert "[refused-fix]" in result.out
    assert "something else changed it in the meantime" in result.out
    assert left_over(small) == []


def test_a_deleted_file_is_not_written_again(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = sorted(contents(small))[1]
    plain = atomic_write.write_all

    def late(*arguments: object) -> object:
        (small / name).unlink()
        return plain(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(fixing, "write_all", late)
    result = patternlint("--fix", "--output-format", "concise", cwd=small)
    assert "Traceback" not in result.err
    assert result.code in (OK, FINDINGS)
    assert not (small / name).exists()
    assert left_over(small) == []


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own with little room."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("only root on Linux may mount a disk")
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(b"tmpfs", str(folder).encode(), b"tmpfs", 0, b"size=1m") != 0:
        pytest.skip(f"no disk can be mounted here: {os.strerror(ctypes.get_errno())}")
    yield folder
    libc.umount2(str(folder).encode(), 2)


def fill(disk: Path, leave: int) -> None:
    """Leave so many bytes on a disk."""
    with (disk / "filler").open("wb", buffering=0) as file:
        room = os.statvfs(disk)
        file.write(bytes(max(0, room.f_bavail * room.f_frsize - leave)))


@pytest.mark.parametrize("leave", [0, 4096])
def test_a_full_disk_loses_nothing(tiny_disk: Path, small: Path, leave: int) -> None:
    folder = tiny_disk / "library"
    shutil.copytree(small, folder)
    old = contents(folder)
    patternlint("--fix", "--quiet", cwd=small)
    new = contents(small)
    fill(tiny_disk, leave)
    result = patternlint("--fix", "--output-format", "concise", cwd=folder)
    assert "Traceback" not in result.err
    assert result.code == FINDINGS
    now = contents(folder)
    assert [name for name in now if now[name] not in (old[name], new[name])] == []
    assert "no room is left on the disk" in result.out
    assert left_over(folder) == []
    (tiny_disk / "filler").unlink()
    patternlint("--fix", "--quiet", cwd=folder)
    assert contents(folder) == new


def test_a_full_disk_does_not_change_the_answer(tiny_disk: Path, small: Path) -> None:
    folder = tiny_disk / "library"
    shutil.copytree(small, folder)
    cold = patternlint("--no-cache", "--output-format", "json", cwd=folder).out
    fill(tiny_disk, 4096)
    assert patternlint("--output-format", "json", cwd=folder).out == cold
    assert patternlint("--output-format", "json", cwd=folder).out == cold
    (tiny_disk / "filler").unlink()
    assert patternlint("--output-format", "json", cwd=folder).out == cold


def test_a_baseline_for_which_there_is_no_room_stays_as_it_was(tiny_disk: Path, small: Path) -> None:
    folder = tiny_disk / "library"
    shutil.copytree(small, folder)
    assert patternlint("baseline", "write", cwd=folder).code == OK
    saved = (folder / "patternlint-baseline.json").read_bytes()
    for path in folder.rglob("*.md"):
        path.write_bytes(path.read_bytes().replace(b"slug: ", b"slug: z"))
    fill(tiny_disk, 0)
    result = patternlint("baseline", "write", cwd=folder)
    assert "Traceback" not in result.err
    assert result.code != OK
    assert (folder / "patternlint-baseline.json").read_bytes() == saved


def test_a_report_for_which_there_is_no_room_is_a_sentence(tiny_disk: Path, small: Path) -> None:
    fill(tiny_disk, 0)
    result = patternlint("--output-format", "json", "--output-file", tiny_disk / "report.json", cwd=small)
    assert "Traceback" not in result.err
    assert result.code == 2
