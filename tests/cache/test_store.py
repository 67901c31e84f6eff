"""The cache: whatever happened to the files, the config, the rules or the cache itself, the answer is that of a cold run."""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from patternlint.cache import store
from patternlint.cache.store import ResultCache
from patternlint.linter import linter
from patternlint.project.config import LimitSettings
from patternlint.project.discovery import FileSet
from patternlint.run import analysis, library_diagnostics, run
from patternlint.source import Source
from tests.support.command import FINDINGS, OK, patternlint, process
from tests.support.editor import OWN_RULE, Editor, patterns
from tests.support.libraries import generate_library
from tests.support.repository import Repository, cache_folder, example_library

COUNT = 60
OLD_ENOUGH = 0.06
"""Seconds: more than the clock of a file system is coarse."""
EDITS = int(os.environ.get("PATTERNLINT_CACHE_EDITS", "20"))


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate_library(tmp_path_factory.mktemp("generated") / "library", COUNT)


@pytest.fixture
def library(generated: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    shutil.copytree(generated, folder)
    return folder


@pytest.fixture
def quick_stamps(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let stamps be believed after a moment, and return what waits for that moment."""
    monkeypatch.setattr(store, "RACY_WINDOW_NS", int(OLD_ENOUGH * 1e9 / 2))
    return lambda: time.sleep(OLD_ENOUGH)


def json_of(*arguments: str | Path, cwd: Path) -> str:
    result = patternlint("--output-format", "json", *arguments, cwd=cwd)
    assert result.code in (OK, FINDINGS), result.err
    assert "Traceback" not in result.err
    return result.out


def answer(*arguments: str | Path, cwd: Path) -> str:
    """Return the report, or the error message if no file is a pattern."""
    result = patternlint("--output-format", "json", *arguments, cwd=cwd)
    assert "Traceback" not in result.err
    return result.out or result.err


def same_as_cold(*arguments: str | Path, cwd: Path) -> str:
    warm = json_of(*arguments, cwd=cwd)
    cold = json_of(*arguments, "--no-cache", "--jobs", "1", cwd=cwd)
    assert warm == cold
    return warm


def cache_file(library: Path) -> Path:
    return cache_folder(library) / store.FILE_NAME


# --- Random changes ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seed", "steps"), [(0, 10), *(pytest.param(seed, EDITS, marks=pytest.mark.slow) for seed in range(4))]
)
def test_after_any_changes_the_answer_is_that_of_a_cold_run(
    seed: int, steps: int, library: Path, quick_stamps: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "FILES_PER_BATCH", 7)  # this library is small: divided into batches like a large one
    monkeypatch.setattr(library_diagnostics, "FILES_PER_BATCH", 11)
    monkeypatch.setattr(linter, "BATCH_SIZE", 5)
    editor = Editor(library, seed)
    history: list[str] = []
    for step in range(steps):
        history += [editor.step() for _ in range(editor.random.choice([1, 1, 3]))]
        quick_stamps()
        many = step % 10 == 9  # a pool is slow to start
        monkeypatch.setattr(analysis, "POOL_THRESHOLD", 1 if many else 600)
        monkeypatch.setattr(store, "_MAX_LOOKUPS", editor.random.choice([3, 2000]))
        targets = [editor.pick().relative_to(library) for _ in range(editor.random.choice([1, 1, 3]))]
        history.append(f"{' and '.join(path.name for path in targets)} alone")
        early = editor.random.random() < 0.7
        flags = editor.random.choice([(), ("--force-exclude",)])
        alone = answer(*flags, *targets, cwd=library) if early else ""
        warm = "" if early and step % 4 else json_of("--jobs", "2" if many else "1", cwd=library)
        alone = alone or answer(*flags, *targets, cwd=library)
        again = json_of(cwd=library) if warm else ""
        monkeypatch.setattr(analysis, "POOL_THRESHOLD", 600)
        cold = json_of("--no-cache", cwd=library)
        assert warm == again
        assert warm in {"", cold}, history
        assert alone == answer(*flags, *targets, "--no-cache", cwd=library), history
        if flags and alone.startswith("{"):
            assert findings(alone, targets) == findings(alone) == findings(cold, targets), history


def findings(output: str, about: Iterable[Path] = ()) -> list[Any]:
    """Return the findings of a run, or those about some files."""
    paths = {path.as_posix() for path in about}
    return [finding for finding in json.loads(output)["findings"] if not paths or finding["path"] in paths]


def test_with_one_target_only_it_and_changed_files_are_read(
    library: Path, quick_stamps: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a library that nobody has changed, or has changed a little, all else is looked up in the cache."""
    first, second, third, *_ = patterns(library)
    cold = {path: json_of(path, "--no-cache", cwd=library) for path in (first, second)}
    quick_stamps()
    json_of(cwd=library)
    read: list[str] = []
    before = analysis.read_source

    def reading(path: str, real: str, limit: LimitSettings) -> Source:
        read.append(path)
        return before(path, real, limit)

    everything = FileSet.__dict__["all"]
    monkeypatch.setattr(FileSet, "all", None)  # what makes a list of all files
    monkeypatch.setattr(analysis, "read_source", reading)
    assert json_of(first, cwd=library) == cold[first]
    third.write_bytes(third.read_bytes() + b"\n")
    assert json_of(second, cwd=library) == cold[second]
    assert sorted(set(read)) == sorted({path.relative_to(library).as_posix() for path in (first, second, third)})
    json_of(first, second, "--output-format", "text:shown.txt", cwd=library)  # with lines of the files around
    shown = (library / "shown.txt").read_text(encoding="utf-8")
    monkeypatch.setattr(FileSet, "all", everything)
    json_of(first, second, "--output-format", "text:shown.txt", "--no-cache", cwd=library)
    assert (library / "shown.txt").read_text(encoding="utf-8") == shown


def test_a_template_is_not_suggested_with_one_target_either(tmp_path: Path, quick_stamps: Callable[[], None]) -> None:
    library = tmp_path / "library"
    library.mkdir()
    (library / "patternlint.toml").write_text('spec = "7.1"\n', encoding="utf-8")
    text = "---\nid: pat_{}\nslug: {}\ntitle: A title\nontology: {{}}\n---\n"
    (library / "template.md").write_text(text.format("placeholder", "open-table"), encoding="utf-8")
    target = library / "asked.md"
    link = "relationships:\n  requires:\n    - slug: open-tabel\n"
    target.write_text(text.format("asked", "asked").replace("ontology: {}\n", link), encoding="utf-8")
    quick_stamps()
    patternlint(cwd=library)  # fills the store
    found = [one for one in findings(same_as_cold(target, cwd=library)) if one["rule"] == "dangling-target"]
    assert [("did you mean" in one["help"], one["fix"]) for one in found] == [(False, None)]


def test_what_was_found_is_kept_as_long_as_it_is_used(
    library: Path, quick_stamps: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_USE_INTERVAL_NS", 0)
    quick_stamps()
    whole = json_of(cwd=library)
    folder = library / "more"
    folder.mkdir()
    for number in range(store.MAX_RUNS):
        (folder / f"{number}.md").write_text("---\nslug: more\nontology: {}\n---\n", encoding="utf-8")
        json_of(cwd=library)
        shutil.rmtree(folder)
        folder.mkdir()
        assert json_of(cwd=library) == whole
    load = ResultCache.load
    columns: set[str] = set()

    def loading(cache: ResultCache, column: store.Column, contents: Any) -> Any:
        columns.add(column)
        return load(cache, column, contents)

    monkeypatch.setattr(ResultCache, "load", loading)
    assert json_of(cwd=library) == whole
    assert columns == {"diagnostics"}  # the library rules would need entries


def test_unchanged_files_are_not_read_again(
    library: Path, quick_stamps: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    quick_stamps()
    first = json_of(cwd=library)
    read: list[str] = []
    before = analysis.read_source

    def reading(path: str, real: str, limit: LimitSettings) -> Source:
        read.append(path)
        return before(path, real, limit)

    monkeypatch.setattr(analysis, "read_source", reading)
    assert json_of(cwd=library) == first
    assert read == []
    path = patterns(library)[0]
    path.write_bytes(path.read_bytes() + b"\n")
    same_as_cold(cwd=library)
    assert len(read) == 1 + COUNT
    assert read[0] == path.relative_to(library).as_posix()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--select", "body"],
        ["--ignore", "relationships"],
        ["--level", "slug-filename=info"],
        ["--pedantic"],
        ["--per-file-ignores", "*.md:body"],
        ["--isolated"],
    ],
)
def test_flags_do_not_mix(arguments: list[str], library: Path) -> None:
    plain = json_of(cwd=library)
    same_as_cold(*arguments, cwd=library)
    assert json_of(cwd=library) == plain


def test_globs_without_a_config_are_relative_to_the_folder_that_one_is_in(tmp_path: Path) -> None:
    top = example_library(tmp_path / "library").top
    (top / "a").mkdir()
    for path in top.glob("*.md"):
        data = path.read_bytes().replace(b"status: ", b"status: x")
        path.write_bytes(data)
        (top / "a" / path.name).write_bytes(data)
    flags = ("--per-file-ignores", "a/*.md:invalid-enum", "--select", "invalid-enum")
    assert same_as_cold(*flags, cwd=top) != same_as_cold(*flags, top, cwd=top / "a")


def test_files_in_another_folder_of_the_same_content_are_named_rightly(library: Path) -> None:
    path = patterns(library)[0]
    (library / "sub").mkdir()
    json_of(cwd=library)
    same_as_cold(library, cwd=library / "sub")
    path.rename(library / "sub" / path.name)
    same_as_cold(cwd=library)


# --- Own rules --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("gate", [(), ("--baseline", "base.json")])
def test_the_numbers_are_those_of_the_findings(library: Path, gate: tuple[str, ...]) -> None:
    cli_arguments = ("--select", "ALL", *gate)
    if gate:
        patternlint("baseline", "write", *gate, cwd=library)
    for path, rules in zip(
        patterns(library), ("dangling-target", "missing-reciprocal, section-length") * 5, strict=False
    ):
        path.write_text(path.read_text().replace("---\n", f"---\n# patternlint: ignore-file[{rules}] a test\n", 1))
    for change in (True, False, True):
        if change:
            with patterns(library)[-1].open("a") as file:
                file.write("\n\n\n\n")
        counted = json.loads(patternlint("--statistics", "--output-format", "json", *cli_arguments, cwd=library).out)
        report = json.loads(json_of(*cli_arguments, cwd=library))
        assert counted["summary"] == report["summary"]
        assert counted["summary"]["silenced"]
        assert bool(counted["summary"]["baselined"]) == bool(gate)
        spoke = Counter((one["rule"], one["level"]) for one in report["findings"])
        files = Counter(rule for rule, _ in {(one["rule"], one["path"]) for one in report["findings"]})
        assert {(one["rule"], one["level"]): one["findings"] for one in counted["statistics"]} == spoke
        assert {one["rule"]: one["files"] for one in counted["statistics"]} == files
        fixes = Counter(one["fix"]["safety"] for one in report["findings"] if one["fix"])
        assert (fixes["safe"], fixes["unsafe"]) == (counted["summary"]["fixable"], counted["summary"]["fixable_unsafe"])


def test_what_lies_beside_own_rules_counts(library: Path) -> None:
    folder = library / "own"
    folder.mkdir()
    (library / "patternlint.toml").write_text('rules = ["own"]\n', encoding="utf-8")
    words = folder / "words.txt"
    code = OWN_RULE.format(name="word", word="WORD", message="a word")
    reading = code.replace('"WORD"', 'Path(__file__).with_name("words.txt").read_text()').replace(
        "from collections", "from pathlib import Path\nfrom collections", 1
    )
    (folder / "word.py").write_text(reading, encoding="utf-8")
    counts = []
    for word in ("zzzz", "e"):
        words.write_text(word, encoding="utf-8")
        counts.append(same_as_cold("--select", "own", cwd=library).count('"word"'))
    assert counts[0] == 0 < counts[1]


def test_a_rule_that_raises_runs_again(library: Path, tmp_path: Path) -> None:
    folder = library / "own"
    folder.mkdir()
    flag = tmp_path / "flag"
    (library / "patternlint.toml").write_text('rules = ["own"]\n', encoding="utf-8")
    code = OWN_RULE.format(name="word", word="e", message="a word").replace(
        "        title =", f"        open({str(flag)!r}).close()\n        title =", 1
    )
    (folder / "word.py").write_text(code, encoding="utf-8")
    assert '"broken-rule"' in json_of("--select", "own,broken-rule", cwd=library)
    flag.touch()
    assert '"broken-rule"' not in json_of("--select", "own,broken-rule", cwd=library)


# --- What becomes of the cache ----------------------------------------------------------------------------------------


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _text(path: Path) -> None:
    path.write_text("this is no database\n" * 500, encoding="utf-8")


def _cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def _zeros(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def _foreign(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE analysis (a)")
    connection.close()


def _other_version(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()


def _no_tables(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        for table in ("analysis", "folder", "run"):
            connection.execute(f"DROP TABLE {table}")
    connection.close()


def _deleted(path: Path) -> None:
    shutil.rmtree(path.parent)


@pytest.mark.parametrize("damage", [_empty, _text, _cut, _zeros, _foreign, _other_version, _no_tables, _deleted])
def test_a_damaged_cache_is_built_anew(
    damage: Callable[[Path], None], library: Path, quick_stamps: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    quick_stamps()
    json_of(cwd=library)
    path = cache_file(library)
    for name in (f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)
    damage(path)
    result = patternlint("--output-format", "json", cwd=library)
    assert result.out == json_of("--no-cache", cwd=library)
    assert result.err == ""
    same_as_cold(cwd=library)  # one that broke while it was read is built by the run that follows
    monkeypatch.setattr(analysis, "read_source", None)  # nothing is read any more
    json_of(cwd=library)


@pytest.mark.parametrize("seed", [*range(8), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(8, 25))])
def test_corrupted_bytes_in_the_cache_do_not_change_the_result(
    seed: int, library: Path, quick_stamps: Callable[[], None]
) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    quick_stamps()
    cold = json_of("--no-cache", "--select", "relationships,body", cwd=library)
    assert json_of("--select", "relationships,body", cwd=library) == cold
    path = cache_file(library)
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if seed % 2:
            connection.execute("DELETE FROM run")
    connection.close()
    data = bytearray(path.read_bytes())
    for _ in range(chance.choice([1, 10, 300])):
        data[chance.randrange(100 if seed % 3 else 0, len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)
    assert json_of("--select", "relationships,body", cwd=library) == cold
    assert json_of("--select", "relationships,body", cwd=library) == cold


def test_a_folder_or_a_file_where_the_cache_should_be_is_left_alone(library: Path) -> None:
    cache_file(library).mkdir(parents=True)
    same_as_cold(cwd=library)
    assert cache_file(library).is_dir()
    shutil.rmtree(cache_file(library).parent)
    cache_file(library).parent.write_text("a file", encoding="utf-8")
    same_as_cold(cwd=library)
    assert cache_file(library).parent.is_file()


@pytest.fixture
def unwritable(library: Path) -> Iterator[Path]:
    """A library whose cache is warm and cannot be written any more."""
    json_of(cwd=library)
    path = cache_file(library)
    path.chmod(0o444)
    yield library
    path.chmod(0o644)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everything")
def test_a_read_only_cache_still_answers(unwritable: Path) -> None:
    path = patterns(unwritable)[0]
    path.write_bytes(path.read_bytes() + b"\n")
    same_as_cold(cwd=unwritable)


class _Failing:
    """A connection on which some statements fail, as on a full disk, from one moment on."""

    def __init__(self, inner: sqlite3.Connection, fails: Callable[[str], bool], error: Exception) -> None:
        self._inner, self._fails, self._error = inner, fails, error

    def _check(self, query: str) -> None:
        if self._fails(query):
            raise self._error

    def execute(self, query: str, *values: Any) -> object:
        self._check(query)
        return self._inner.execute(query, *values)

    def executemany(self, query: str, rows: Any) -> object:
        self._check(query)
        return self._inner.executemany(query, rows)

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)


_FULL = sqlite3.OperationalError("database or disk is full")
_MALFORMED = sqlite3.DatabaseError("database disk image is malformed")


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("INSERT",), _FULL),
        (("INSERT", "DELETE"), sqlite3.OperationalError("attempt to write a readonly database")),
        (("INSERT OR REPLACE INTO run",), _FULL),
        (("SELECT file_key, blob_id, kind",), _MALFORMED),
        (("SELECT file_key, blob_id, kind, summary, entry",), sqlite3.OperationalError("disk I/O error")),
        (("SELECT data",), _MALFORMED),
        (("SELECT blob_ids",), _MALFORMED),
    ],
)
def test_a_cache_that_fails_in_the_middle_hides_nothing(
    words: tuple[str, ...],
    error: Exception,
    library: Path,
    quick_stamps: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    quick_stamps()
    json_of(cwd=library)
    open_cache = store._open  # noqa: SLF001 - the only way in
    monkeypatch.setattr(
        store, "_open", lambda path: _Failing(open_cache(path), lambda text: text.startswith(words), error)
    )
    same_as_cold(cwd=library)
    path = patterns(library)[0]
    path.write_bytes(path.read_bytes().replace(b"slug: ", b"slug: z"))
    same_as_cold(cwd=library)
    same_as_cold(patterns(library)[3], cwd=library)


def test_rows_that_another_run_deletes_meanwhile_are_analyzed_again(
    library: Path, quick_stamps: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    quick_stamps()
    cold = json_of("--no-cache", cwd=library)
    json_of(cwd=library)
    before = ResultCache.load_snapshots

    def load_snapshots(mine: ResultCache) -> object:
        found = before(mine)
        with sqlite3.connect(cache_file(library)) as other:
            other.execute("DELETE FROM analysis WHERE file_key LIKE '%a%e.md'")
            other.execute("DELETE FROM run")
        other.close()
        return found

    monkeypatch.setattr(ResultCache, "load_snapshots", load_snapshots)
    assert json_of(cwd=library) == cold


def test_findings_of_a_file_that_changes_during_a_run_are_not_stored_for_its_old_contents(
    library: Path, quick_stamps: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    quick_stamps()
    cold = json_of("--no-cache", cwd=library)
    json_of(cwd=library)
    path = patterns(library)[3]
    data = path.read_bytes()
    before = ResultCache.load_snapshots

    def load_snapshots(mine: ResultCache) -> object:
        found = before(mine)
        with sqlite3.connect(cache_file(library)) as other:
            other.execute("DELETE FROM analysis")
            other.execute("DELETE FROM run")
        other.close()
        path.write_bytes(data.replace(b"\nslug: ", b"\nslug: another-"))
        return found

    with monkeypatch.context() as patch:
        patch.setattr(ResultCache, "load_snapshots", load_snapshots)
        assert json_of(cwd=library) != cold
    path.write_bytes(data)
    assert json_of(cwd=library) == cold


# --- A cache that somebody else wrote ---------------------------------------------------------------------------------


@pytest.fixture
def forged(tmp_path: Path) -> tuple[Path, Path]:
    """Return a library with findings, and a forged cache without findings; git tracks neither."""
    library = example_library(tmp_path / "checkout" / "library").top
    shutil.rmtree(library / ".git")
    (library / "patternlint.toml").write_text("", encoding="utf-8")
    path = library / "repair-cafe.md"
    path.write_bytes(path.read_bytes().replace(b"status: ", b"status: x"))
    made = tmp_path / "forged"
    assert findings(json_of("--cache-dir", made, cwd=library))
    with sqlite3.connect(made / store.FILE_NAME) as connection:
        connection.execute("DELETE FROM run")
        connection.execute("DELETE FROM folder")
        for row in connection.execute("SELECT file_key, blob_id, kind, spec, summary FROM analysis").fetchall():
            own = store._with_checksum(b"", store._row_checksum(*row))  # noqa: SLF001 - as a stranger would
            connection.execute("UPDATE analysis SET diagnostics = ? WHERE file_key = ?", (own, row[0]))
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return library, made


def test_a_forged_cache_in_a_trusted_folder_would_hide_findings(forged: tuple[Path, Path]) -> None:
    library, made = forged
    cold = json_of("--no-cache", cwd=library)
    assert len(findings(json_of("--cache-dir", made, cwd=library))) < len(findings(cold))


@pytest.mark.parametrize("place", ["old default", "named", "link", "link to the library", "outer repository"])
def test_a_cache_that_a_commit_brings_hides_no_finding(forged: tuple[Path, Path], tmp_path: Path, place: str) -> None:
    library, made = forged
    cold = json_of("--no-cache", cwd=library)
    cwd, cache_dir, committed = library, "ci", library / "ci"
    if place == "old default":
        committed = library / ".patternlint_cache"
    elif place == "link":
        committed, cache_dir = library / "real", "ci"
        (library / "ci").symlink_to("real")
    elif place == "link to the library":
        (tmp_path / "elsewhere").symlink_to(library)
        cache_dir = str(tmp_path / "elsewhere" / "ci")
    elif place == "outer repository":
        cwd = library.parent
        Repository(cwd).git("init", "-q")
        committed = cwd / "ci"
    shutil.copytree(made, committed)
    arguments = (
        "--output-format",
        "json",
        *(() if place == "old default" else ("--cache-dir", cache_dir)),
        library,
    )
    result = patternlint(*arguments, cwd=cwd)
    assert len(findings(result.out)) == len(findings(cold)) > 0
    if place != "old default":
        assert "cache not used: " in result.err
        assert "where a commit can replace it" in result.err
    assert (committed / store.FILE_NAME).read_bytes() == (made / store.FILE_NAME).read_bytes()


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="folders have no owner here")
@pytest.mark.parametrize("why", ["belongs to another user", "is writable by every user"])
def test_a_cache_that_another_user_could_have_written_is_not_used(forged: tuple[Path, Path], why: str) -> None:
    library, made = forged
    if why == "belongs to another user":
        if os.geteuid() != 0:
            pytest.skip("only root may give a folder away")
        os.chown(made, 12345, 12345)
    else:
        made.chmod(0o777)
    result = patternlint("--output-format", "json", "--cache-dir", made, cwd=library)
    assert len(findings(result.out)) == len(findings(json_of("--no-cache", cwd=library)))
    assert result.err.endswith(f"cache not used: {made} {why}\n")


@pytest.mark.parametrize("home", ["nowhere", "read-only", "relative"])
def test_a_user_without_a_folder_for_caches_gets_the_same_answer(library: Path, tmp_path: Path, home: str) -> None:
    (library / "patternlint.toml").write_text("", encoding="utf-8")
    cold = json_of("--no-cache", cwd=library)
    folder = {"nowhere": "/dev/null/home", "read-only": str(tmp_path / "file"), "relative": "home"}[home]
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    result = patternlint("--output-format", "json", cwd=library, env={"XDG_CACHE_HOME": "", "HOME": folder})
    assert (result.out, result.err) == (cold, "")
    assert not (library / "home").exists()


def test_a_run_writes_only_requested_files_into_the_library(tmp_path: Path) -> None:
    repository = example_library(tmp_path / "library")
    json_of(cwd=repository.top)
    assert cache_file(repository.top).is_file()
    assert repository.git("status", "--short", "--ignored") == ""


def test_a_new_cache_takes_the_place_of_those_that_nobody_uses(library: Path, tmp_path: Path) -> None:
    (library / "patternlint.toml").write_text("", encoding="utf-8")
    env = {"XDG_CACHE_HOME": str(tmp_path / "user")}
    inactive, active = tmp_path / "user" / "patternlint" / "idle", tmp_path / "user" / "patternlint" / "busy"
    for folder, days in ((inactive, 31), (active, 29)):
        folder.mkdir(parents=True)
        for name in (store.FILE_NAME, store.TAG_NAME):
            (folder / name).write_text("", encoding="utf-8")
        os.utime(folder / store.FILE_NAME, (time.time() - days * 86_400,) * 2)
    patternlint(cwd=library, env=env)
    assert not inactive.exists()
    assert (active / store.FILE_NAME).exists()


# --- Several at once --------------------------------------------------------------------------------------------------


def test_several_runs_at_once_give_the_same_answer(library: Path) -> None:
    cold = json_of("--no-cache", cwd=library)
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    running = [
        process("--output-format", "json", "--jobs", str(1 + number % 2), cwd=library, **pipes) for number in range(5)
    ]
    for one in running:
        out, err = one.communicate(timeout=300)
        assert out.decode() == cold
        assert err == b""
    same_as_cold(cwd=library)
