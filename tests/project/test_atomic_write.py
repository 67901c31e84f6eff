from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from patternlint.project.atomic_write import (
    PendingWrite,
    WriteError,
    create_file,
    remove_stale_temporaries,
    replace_file,
    write,
    write_all,
)

OLD, NEW = b"old\n", b"new\n"


def file(path: Path, data: bytes = OLD) -> Path:
    path.write_bytes(data)
    return path


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_mode_and_other_files_stay(tmp_path: Path) -> None:
    path = file(tmp_path / "gärten.md")
    path.chmod(0o640)
    write([PendingWrite(path, OLD, NEW, tmp_path)])
    assert path.read_bytes() == NEW
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert names(tmp_path) == ["gärten.md"]


def test_a_link_stays_and_its_file_is_written(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    path = file(tmp_path / "deep" / "a.md")
    link = tmp_path / "link.md"
    link.symlink_to(path)
    write([PendingWrite(link, OLD, NEW, tmp_path)])
    assert link.is_symlink()
    assert path.read_bytes() == NEW


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    path = file(tmp_path / "a.md")
    inside = tmp_path / "inside"
    inside.mkdir()
    link = inside / "link.md"
    link.symlink_to(path)
    with pytest.raises(WriteError, match="link to a file outside"):
        write([PendingWrite(link, OLD, NEW, inside)])
    assert path.read_bytes() == OLD


def test_a_file_that_changed_is_not_written(tmp_path: Path) -> None:
    path = file(tmp_path / "a.md", b"other\n")
    with pytest.raises(WriteError, match="something else changed it"):
        write([PendingWrite(path, OLD, NEW, tmp_path)])
    assert path.read_bytes() == b"other\n"


@pytest.mark.skipif(os.name == "nt", reason="folders are linked in another way there")
def test_a_file_behind_a_link_to_another_folder_is_not_written(tmp_path: Path) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    outside.mkdir()
    inside.mkdir()
    path = file(outside / "a.md")
    (inside / "linked").symlink_to(outside)
    with pytest.raises(WriteError, match="link to a file outside"):
        write([PendingWrite(inside / "linked" / "a.md", OLD, NEW, inside)])
    assert path.read_bytes() == OLD


@pytest.mark.parametrize("failure", ["read-only", "gone", "changed", "folder"])
def test_of_files_that_belong_together_all_or_none_are_written(tmp_path: Path, failure: str) -> None:
    one, other = file(tmp_path / "a.md"), file(tmp_path / "b.md")
    alone = file(tmp_path / "c.md")
    if failure == "read-only":
        other.chmod(0o444)
    elif failure == "gone":
        other.unlink()
    elif failure == "changed":
        other.write_bytes(b"x")
    else:
        other.unlink()
        other.mkdir()
    files = {path.name: PendingWrite(path, OLD, NEW, tmp_path) for path in (one, other, alone)}
    failures = write_all(files, [frozenset(("a.md", "b.md"))])
    assert set(failures) == {"a.md", "b.md"}
    assert one.read_bytes() == OLD
    assert alone.read_bytes() == NEW
    assert not [name for name in names(tmp_path) if name.endswith("~")]


def test_a_failure_in_the_middle_is_undone(tmp_path: Path) -> None:
    paths = [file(tmp_path / f"{name}.md") for name in "abcd"]
    changes = [PendingWrite(path, OLD, NEW, tmp_path) for path in paths[:3]]
    changes[1] = PendingWrite(paths[1], OLD, NEW, tmp_path, tmp_path / "e.md")
    changes[2] = PendingWrite(paths[2], OLD, NEW, tmp_path, paths[3])
    with pytest.raises(WriteError, match=r"c\.md was not written: there is a file .*d\.md already"):
        write(changes)
    assert [path.read_bytes() for path in paths] == [OLD] * 4
    assert names(tmp_path) == ["a.md", "b.md", "c.md", "d.md"]


def test_a_full_disk_is_reported_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = file(tmp_path / "a.md")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WriteError, match="no room is left on the disk"):
        write([PendingWrite(path, OLD, NEW, tmp_path)])
    assert path.read_bytes() == OLD
    assert names(tmp_path) == ["a.md"]


@pytest.mark.skipif(os.name == "nt", reason="files have no largest size there")
def test_nothing_is_left_of_a_new_file_that_does_not_fit(tmp_path: Path) -> None:
    import resource  # noqa: PLC0415 - missing on Windows

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2, limits[1]))
    try:
        with pytest.raises(WriteError, match=r"new\.md was not written"):
            create_file(tmp_path / "new.md", NEW)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert names(tmp_path) == []


def test_a_name_as_long_as_names_can_be(tmp_path: Path) -> None:
    path = file(tmp_path / ("ä" * 126 + ".md"))
    write([PendingWrite(path, OLD, NEW, tmp_path)])
    assert path.read_bytes() == NEW


@pytest.mark.skipif(os.name == "nt", reason="nobody can ask there whether a process lives")
def test_what_dead_processes_left_is_swept_away(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    file(tmp_path / f".a.md.patternlint-{process.pid}-0a1b2c3d~")
    file(tmp_path / f".a.md.patternlint-{10**30}-0a1b2c3d~")  # no system counts that far
    odd = file(tmp_path / ".a.md.patternlint-²-0a1b2c3d~")
    alive = file(tmp_path / f".a.md.patternlint-{os.getpid()}-0a1b2c3d~")
    ours = file(tmp_path / "notes.patternlint-1.md")
    remove_stale_temporaries([tmp_path, tmp_path / "nowhere"])
    assert names(tmp_path) == sorted([alive.name, odd.name, ours.name])


def test_replacing_a_file_keeps_a_link_to_it(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    path = file(tmp_path / "deep" / "baseline.json")
    link = tmp_path / "link.json"
    link.symlink_to(path)
    replace_file(link, NEW)
    assert link.is_symlink()
    assert path.read_bytes() == NEW
    assert names(tmp_path / "deep") == ["baseline.json"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a pipe with a name")
def test_a_pipe_is_written_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        replace_file(path, NEW)
        assert os.read(reader, 100) == NEW
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(path.stat().st_mode)
    assert names(tmp_path) == ["pipe"]
