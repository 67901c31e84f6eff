from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from patternlint.write import Rewrite, WriteError, sweep, write, write_all

OLD, NEW = b"old\n", b"new\n"


def file(path: Path, data: bytes = OLD) -> Path:
    path.write_bytes(data)
    return path


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_mode_and_neighbours_stay(tmp_path: Path) -> None:
    path = file(tmp_path / "gärten.md")
    path.chmod(0o640)
    write([Rewrite(path, OLD, NEW, tmp_path)])
    assert path.read_bytes() == NEW
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert names(tmp_path) == ["gärten.md"]


def test_a_link_stays_and_its_file_is_written(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    path = file(tmp_path / "deep" / "a.md")
    link = tmp_path / "link.md"
    link.symlink_to(path)
    write([Rewrite(link, OLD, NEW, tmp_path)])
    assert link.is_symlink()
    assert path.read_bytes() == NEW


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    path = file(tmp_path / "a.md")
    inside = tmp_path / "inside"
    inside.mkdir()
    link = inside / "link.md"
    link.symlink_to(path)
    with pytest.raises(WriteError, match="link to a file outside"):
        write([Rewrite(link, OLD, NEW, inside)])
    assert path.read_bytes() == OLD


def test_a_file_that_changed_is_not_written(tmp_path: Path) -> None:
    path = file(tmp_path / "a.md", b"other\n")
    with pytest.raises(WriteError, match="something else changed it"):
        write([Rewrite(path, OLD, NEW, tmp_path)])
    assert path.read_bytes() == b"other\n"


@pytest.mark.parametrize("trouble", ["read-only", "gone", "changed", "folder"])
def test_of_files_that_belong_together_all_or_none_are_written(tmp_path: Path, trouble: str) -> None:
    one, other = file(tmp_path / "a.md"), file(tmp_path / "b.md")
    alone = file(tmp_path / "c.md")
    if trouble == "read-only":
        other.chmod(0o444)
    elif trouble == "gone":
        other.unlink()
    elif trouble == "changed":
        other.write_bytes(b"x")
    else:
        other.unlink()
        other.mkdir()
    files = {path.name: Rewrite(path, OLD, NEW, tmp_path) for path in (one, other, alone)}
    failures = write_all(files, [frozenset(("a.md", "b.md"))])
    assert set(failures) == {"a.md", "b.md"}
    assert one.read_bytes() == OLD
    assert alone.read_bytes() == NEW
    assert not [name for name in names(tmp_path) if name.endswith("~")]


def test_a_failure_in_the_middle_is_undone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [file(tmp_path / f"{name}.md") for name in "abc"]
    real = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if target.name == "c.md" and self.read_bytes() == NEW:
            raise PermissionError(1, "no")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(WriteError, match=r"c\.md was not written: no permission"):
        write([Rewrite(path, OLD, NEW, tmp_path) for path in paths])
    assert [path.read_bytes() for path in paths] == [OLD] * 3
    assert names(tmp_path) == ["a.md", "b.md", "c.md"]


def test_no_room_on_the_disk_is_said_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = file(tmp_path / "a.md")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WriteError, match="no room is left on the disk"):
        write([Rewrite(path, OLD, NEW, tmp_path)])
    assert path.read_bytes() == OLD
    assert names(tmp_path) == ["a.md"]


def test_a_name_as_long_as_names_can_be(tmp_path: Path) -> None:
    path = file(tmp_path / ("ä" * 126 + ".md"))
    write([Rewrite(path, OLD, NEW, tmp_path)])
    assert path.read_bytes() == NEW


@pytest.mark.skipif(os.name == "nt", reason="nobody can ask there whether a process lives")
def test_what_dead_processes_left_is_swept_away(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    file(tmp_path / f".a.md.patternlint-{process.pid}-0a1b2c3d~")
    alive = file(tmp_path / f".a.md.patternlint-{os.getpid()}-0a1b2c3d~")
    ours = file(tmp_path / "notes.patternlint-1.md")
    sweep([tmp_path, tmp_path / "nowhere"])
    assert names(tmp_path) == [alive.name, ours.name]
