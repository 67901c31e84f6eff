"""The command line as people use it: real files, nothing in between."""

from __future__ import annotations

import json
import os
import random
import re
import shlex
import shutil
import socket
import subprocess
import sys
from contextlib import chdir, suppress
from pathlib import Path
from typing import Any

import pytest

from patternlint import __version__
from patternlint.cache.store import FILE_NAME
from patternlint.cli.arguments import COMMANDS
from patternlint.report import FORMATS
from tests.support.command import ERROR, FINDINGS, OK, ROOT, Result, answer, patternlint, process
from tests.support.real_files import CORPUS, needs_corpus, real_files, sampled
from tests.support.repository import cache_folder

EXAMPLES = ROOT / "examples" / "library"
SEED = ROOT / "../shared/seed"
PATTERNS = "commons-os/_patterns"


def findings(result: Result) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(result.out)["findings"]
    return found


def rules_of(result: Result) -> set[str]:
    return {one["rule"] for one in findings(result)}


def complaint(result: Result) -> str:
    """Return the one sentence that a refused run says."""
    assert result.code == ERROR
    assert result.out == ""
    assert result.err.startswith("patternlint: ")
    assert result.err.count("\n") == 1
    return result.err.removeprefix("patternlint: ").rstrip()


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A copy of the example library, outside any repository and without a config."""
    folder = tmp_path / "library"
    shutil.copytree(EXAMPLES, folder)
    return folder


@pytest.fixture
def lone(tmp_path: Path) -> Path:
    """A folder with one pattern in it, whose score is wrong and whose links lead nowhere."""
    folder = tmp_path / "lone"
    folder.mkdir()
    shutil.copy(EXAMPLES / "open-ledger-evening.md", folder)
    return folder


# --- The same bytes ---------------------------------------------------------------------------------------------------


def test_json_is_the_same_over_several_runs_and_for_any_order_of_the_arguments(library: Path) -> None:
    paths = sorted(path.name for path in library.glob("*.md") if path.name != "README.md")
    shuffle = random.Random(7).shuffle  # noqa: S311 - no secret
    answers = set()
    for number in range(4):
        shuffle(paths)
        cache = ("--no-cache",) if number % 2 else ()
        answers.add(answer(*paths, "--library", ".", "--output-format", "json", *cache, cwd=library).out)
    assert len(answers) == 1
    assert len(json.loads(answers.pop())["findings"]) >= 6


def test_any_number_of_processes_gives_the_same_bytes(tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    text = (EXAMPLES / "open-ledger-evening.md").read_text(encoding="utf-8")
    for number in range(640):
        slug = f"evening-{number}"
        other = f"evening-{(number * 7) % 700}"
        (folder / f"{slug}.md").write_text(
            text.replace("slug: open-ledger-evening", f"slug: {slug}").replace("neighbourhood-assembly", other),
            encoding="utf-8",
        )
    one, two = (answer(".", "--no-cache", "--output-format", "json", "--jobs", jobs, cwd=folder) for jobs in ("1", "2"))
    assert one == two
    assert one.code == FINDINGS
    assert json.loads(one.out)["summary"]["files"] == 640
    assert {"overall-score-mean", "dangling-target", "missing-reciprocal"} <= rules_of(one)


# --- Where the library is ---------------------------------------------------------------------------------------------


def test_files_alone_have_no_library(lone: Path) -> None:
    result = patternlint("open-ledger-evening.md", cwd=lone)
    assert "overall-score-mean" in result.out
    assert "dangling-target" not in result.out
    notes = [line for line in result.out.splitlines() if line.startswith("cross-file rules skipped")]
    assert len(notes) == 1


def test_a_folder_is_a_library_when_it_holds_several_patterns(lone: Path, library: Path) -> None:
    result = patternlint(".", "--output-format", "json", cwd=lone)
    assert "dangling-target" not in rules_of(result)
    assert "cross-file rules skipped" in patternlint(".", cwd=lone).out
    shutil.copy(library / "small-circles.md", lone)
    result = patternlint(".", "--output-format", "json", cwd=lone)
    assert "dangling-target" in rules_of(result)


def test_links_resolve_in_further_libraries_that_are_not_reported_on(lone: Path, library: Path) -> None:
    (library / "open-ledger-evening.md").unlink()
    result = patternlint("open-ledger-evening.md", "--library", library, "--output-format", "json", cwd=lone)
    assert "dangling-target" not in rules_of(result)
    assert {one["path"] for one in findings(result)} == {"open-ledger-evening.md"}


def test_the_config_names_further_libraries(lone: Path, library: Path) -> None:
    (library / "open-ledger-evening.md").unlink()
    (lone / "patternlint.toml").write_text('library = ["../library"]\n')
    result = patternlint("--output-format", "json", cwd=lone)
    assert "dangling-target" not in rules_of(result)


def test_links_of_a_single_file_resolve_in_the_library_around_it(library: Path) -> None:
    (library / "patternlint.toml").touch()
    result = patternlint("rain-garden-street.md", "--output-format", "json", cwd=library)
    dangling = [one for one in findings(result) if one["rule"] == "dangling-target"]
    assert len(dangling) == 1
    assert "neighbourhood-assembly" in dangling[0]["help"]
    assert {one["path"] for one in findings(result)} == {"rain-garden-street.md"}


@pytest.mark.skipif(not SEED.is_dir(), reason="the seed is not beside this checkout")
def test_the_seed_alone(tmp_path: Path) -> None:
    for path in SEED.glob("*.md"):
        shutil.copy(path, tmp_path)
    [name] = (path.name for path in tmp_path.glob("*.md"))
    result = patternlint(name, cwd=tmp_path)
    assert sum("cross-file rules skipped" in line for line in result.out.splitlines()) == 1
    assert {"confidence-line", "confidence-mismatch"} <= set(re.findall(r"\[([a-z0-9-]+)\]: ", result.out))
    assert "dangling-target" not in result.out


@needs_corpus
@sampled
@pytest.mark.skipif(not SEED.is_dir(), reason="the seed is not beside this checkout")
def test_the_links_of_the_seed_resolve_in_its_library(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, *, sample: bool
) -> None:
    for path in SEED.glob("*.md"):
        shutil.copy(path, tmp_path)
    [name] = (path.name for path in tmp_path.glob("*.md"))
    (tmp_path / "patternlint.toml").touch()
    alone = patternlint(".", "--select", "dangling-target", "--output-format", "json", cwd=tmp_path)
    library = CORPUS / PATTERNS
    if sample:
        library = tmp_path_factory.mktemp("library")
        slugs = set(re.findall(r"[a-z0-9-]+", (tmp_path / name).read_text(encoding="utf-8")))
        linked = [path for path in real_files(PATTERNS, sample=False) if path.stem in slugs]
        for path in (*real_files(PATTERNS, sample=True), *linked):
            shutil.copy(path, library)
    result = patternlint(name, "--library", library, "--output-format", "json", cwd=tmp_path)
    count = sum(one["rule"] == "dangling-target" for one in findings(result))
    assert count < len(findings(alone))
    assert all(one["path"] == name for one in findings(result))


# --- Bad input: one clear sentence, or a finding, and never a traceback -----------------------------------------------


def test_a_missing_path_names_the_nearest(library: Path) -> None:
    error_message = complaint(patternlint("repair-caffe.md", cwd=library))
    assert "file or folder not found" in error_message
    assert "repair-cafe.md" in error_message.partition("did you mean")[2]


def test_an_empty_folder(tmp_path: Path) -> None:
    assert "no Markdown files in" in complaint(patternlint(cwd=tmp_path))


def test_a_folder_without_patterns(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("# Notes\n")
    assert "1 Markdown file skipped" in complaint(patternlint(cwd=tmp_path))


def test_a_folder_with_the_name_of_a_file(tmp_path: Path) -> None:
    folder = tmp_path / "x.md"
    folder.mkdir()
    assert "no Markdown files in" in complaint(patternlint("x.md", cwd=tmp_path))
    shutil.copy(EXAMPLES / "repair-cafe.md", folder)
    assert patternlint(".", "--select", "slug-filename", cwd=tmp_path).code == OK


def test_nul_bytes(lone: Path) -> None:
    path = lone / "open-ledger-evening.md"
    path.write_bytes(path.read_bytes().replace(b"slug: open", b"slug: o\0pen"))
    result = patternlint("--output-format", "json", cwd=lone)
    assert result.code == FINDINGS
    assert "yaml-syntax" in rules_of(result)


def test_a_binary_file_is_one_finding(lone: Path) -> None:
    """Of a picture with the name of a pattern each kind of byte would else be a finding."""
    text = (lone / "open-ledger-evening.md").read_text(encoding="utf-8")
    (lone / "picture.md").write_bytes(bytes(range(256)) * 20)
    (lone / "wide.md").write_bytes(text.encode("utf-16"))
    result = patternlint("--output-format", "json", "picture.md", "wide.md", "--select", "encoding", cwd=lone)
    assert [(one["path"], one["message"]) for one in findings(result)] == [
        ("picture.md", "file is not text: it contains NUL bytes, and bytes that are not UTF-8"),
        ("wide.md", "file is UTF-16, not UTF-8"),
    ]


def test_a_huge_file_does_not_hide_the_others(lone: Path) -> None:
    with (lone / "huge.md").open("wb") as file:
        file.write((EXAMPLES / "repair-cafe.md").read_bytes())
        file.write(b"word " * 4_000_000)
    result = patternlint("--output-format", "json", cwd=lone)
    assert result.code == FINDINGS
    [huge] = [one for one in findings(result) if one["path"] == "huge.md"]
    assert "the limit is 5,000,000" in huge["message"]
    assert "overall-score-mean" in {one["rule"] for one in findings(result) if one["path"] != "huge.md"}


def test_bytes_that_are_no_utf8(lone: Path) -> None:
    path = lone / "open-ledger-evening.md"
    path.write_bytes(path.read_bytes().replace(b"title: ", b"title: \xe9"))
    result = patternlint("--output-format", "json", cwd=lone)
    assert result.code == FINDINGS
    assert "encoding" in rules_of(result)


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="no file here that is there and cannot be read")
def test_a_file_that_cannot_be_read(lone: Path) -> None:
    result = patternlint("open-ledger-evening.md", "/proc/self/mem", "--output-format", "json", cwd=lone)
    assert result.code == FINDINGS
    [unread] = [one for one in findings(result) if one["path"].endswith("mem")]
    assert unread["rule"] == "unreadable-file"
    assert unread["message"].startswith("file cannot be read: ")
    assert len(findings(result)) > 1


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_file_that_must_not_be_read(lone: Path) -> None:
    (lone / "open-ledger-evening.md").chmod(0)
    result = patternlint("--output-format", "json", cwd=lone)
    assert [one["message"] for one in findings(result)] == ["file cannot be read: Permission denied"]


def test_a_folder_that_cannot_be_listed(lone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (lone / "closed").mkdir()
    plain = os.scandir

    def closed(path: str) -> object:  # nothing is forbidden to root
        if str(path).rstrip("/").endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return plain(path)

    monkeypatch.setattr(os, "scandir", closed)
    result = patternlint("--output-format", "json", cwd=lone)
    assert result.code == FINDINGS
    [found] = [one for one in findings(result) if one["rule"] == "unreadable-file"]
    assert (found["path"], found["message"]) == ("closed/", "folder cannot be read: Permission denied")
    monkeypatch.undo()
    assert patternlint(cwd=lone).code == OK  # nothing of it was kept


def test_named_files_with_the_same_name_in_two_folders_are_reported_once(lone: Path) -> None:
    [path] = lone.glob("*.md")
    data = path.read_bytes()
    names = [f"{folder}/{path.name}" for folder in ("one", "other")]
    for name in names:
        (lone / name).parent.mkdir()
        (lone / name).write_bytes(data)
    (lone / "patternlint.toml").touch()
    flags = ("--force-exclude", "--select", "overall-score-mean", "--output-format", "concise")
    lines = patternlint(*names, *flags, cwd=lone).out.splitlines()
    assert [line.partition(":")[0] for line in lines if "overall-score-mean" in line] == names


def test_files_whose_names_differ_in_bytes_that_are_no_utf8(lone: Path) -> None:
    names = [b"a\xe9.md", b"a\xe8.md", b"a\\xe9.md", b"a\\\xe9.md", b"a\\q.md"]
    [good] = lone.glob("*.md")
    for name in names:
        try:
            (lone / os.fsdecode(name)).write_bytes(good.read_bytes().replace(b"title: ", b"tittle: "))
        except OSError:
            pytest.skip("names are text here")
    for _ in range(2):  # once from the cache
        result = patternlint("--output-format", "json", "--select", "unknown-key", cwd=lone)
        assert {one["path"] for one in findings(result)} == {
            r"a\xe9.md",
            r"a\xe8.md",
            r"a\\xe9.md",
            r"a\\\xe9.md",
            r"a\q.md",
        }


def test_verbose_says_what_a_run_worked_with(lone: Path) -> None:
    (lone / "patternlint.toml").write_text("")
    cache = cache_folder(lone)
    first = patternlint("--verbose", cwd=lone)
    assert f"patternlint: config: {lone / 'patternlint.toml'}\n" in first.err
    assert f"patternlint: library: {lone}\n" in first.err
    assert f"patternlint: cache: {cache}\n" in first.err
    for path in cache.glob(f"{FILE_NAME}*"):
        path.write_bytes(b"nonsense" * 1000)
    assert "; cache rebuilt because it was damaged (" in patternlint("--verbose", cwd=lone).err
    assert "patternlint: cache: none\n" in patternlint("--verbose", "--no-cache", cwd=lone).err
    assert patternlint(cwd=lone).err == ""


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_pipes_and_sockets_are_no_files(lone: Path) -> None:
    os.mkfifo(lone / "pipe.md")
    with socket.socket(socket.AF_UNIX) as server:
        with chdir(lone):  # the path of a socket must be short
            server.bind("socket.md")
        assert patternlint("--select", "slug-format", cwd=lone).out.startswith("1 file")
    assert "is neither a file nor a folder" in complaint(patternlint("pipe.md", cwd=lone))


def test_loops_of_links(lone: Path) -> None:
    (lone / "again").symlink_to(lone, target_is_directory=True)
    (lone / "self.md").symlink_to("self.md")
    assert patternlint("--select", "slug-format", cwd=lone).out.startswith("1 file")
    assert "cannot read" in complaint(patternlint("self.md", cwd=lone))
    (lone / "lost.md").symlink_to("nowhere.md")
    assert complaint(patternlint("lost.md", cwd=lone)).endswith("lost.md is a broken link")


@pytest.mark.skipif(os.name == "nt", reason="the folder that one is in cannot be deleted here")
def test_a_deleted_working_directory(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    done = shell(tmp_path, "2>&1", "rules", before="cd gone && rmdir ../gone && ")
    assert (done.returncode, done.stdout) == (ERROR, b"patternlint: the current folder no longer exists\n")


def test_a_path_with_bytes_that_are_no_utf8_is_shown_as_such(lone: Path) -> None:
    name = os.fsdecode(b"n\xe9.md")
    assert complaint(patternlint(name, cwd=lone)).endswith(r"n\xe9.md")


def test_a_cache_folder_that_cannot_be_used(lone: Path) -> None:
    taken = lone.parent / "taken"
    taken.write_text("a file")
    cli_arguments = ("--cache-dir", taken, "--select", "slug-format")
    result = patternlint(*cli_arguments, cwd=lone)
    assert (result.code, result.err) == (OK, f"patternlint: {taken}: cache not used: File exists\n")
    assert patternlint(*cli_arguments, "--quiet", cwd=lone).err == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--select", "slug-fromat"), "unknown rule or group `slug-fromat`; did you mean `slug-format`?"),
        (("--ignore", "bodi"), "unknown rule or group `bodi`; did you mean `body`?"),
        (("--selct", "body"), "unknown option `--selct`; did you mean `--select`?"),
        (("--level", "orphan"), "expected RULE=LEVEL, got `orphan`; the levels are off, info, warning, error"),
        (("--level", "orfan=error"), "unknown rule or group `orfan`; did you mean `orphan`?"),
        (("--per-file-ignores", "x"), "expected GLOB:RULE, got `x`"),
        (("--fail-on", "eror"), "'eror'"),
        (("--max-warnings", "few"), "expected a non-negative integer, got `few`"),
        (("--jobs", "0"), "expected a number of processes or `auto`, got `0`"),
        (("--output-format", "jsn"), "unknown output format `jsn`; did you mean `json`?"),
        (("--output-format", "json", "--output-format", "concise"), "two formats write to standard output"),
        (
            ("--output-format", "json", "--output-format", "text", "--output-file", "x"),
            "--output-file requires a single format",
        ),
        (("--library", "nope"), "file or folder not found"),
        (("--library", "repair-cafe.md"), "library is not a folder"),
        (("--config", "nope.toml"), "no config file"),
        (("--config", "nope.toml", "--isolated"), "--isolated cannot be used with --config"),
        (("--since", "HEAD"), "--at require a git work tree"),
        (("--baseline", "nope.json"), "nope.json"),
        (("rule", "slug-fromat"), "did you mean `slug-format`?"),
        (("rule",), "required: NAME"),
        (("rules", "more"), "unexpected argument `more`"),
        (("schema", "8.3"), "unknown specification `8.3`"),
        (("schema", "8.2", "lifecyle"), "unknown group `lifecyle`; did you mean `lifecycle`?"),
        (("test",), "no rules to test"),
        (("test", "slug-fromat"), "did you mean `slug-format`?"),
        (("--since", ""), "the argument after --since is empty"),
        (("--since=",), "the value of --since is empty"),
        (("",), "an argument is empty"),
        (("rename", "repair-cafe", ""), "the argument after repair-cafe is empty"),
        (("basline",), "file or folder not found"),
        (("basline",), "did you mean the command `baseline`?"),
        (("-",), "use `--stdin-filename PATH` to read from standard input"),
        (("config", "nope"), "file or folder not found"),
        (("--show-settings", "nope"), "file or folder not found"),
        (("--output-file", "."), "cannot write the report to .: Is a directory"),
        (("--output-file", "repair-cafe.md"), "the report would overwrite the pattern repair-cafe.md"),
        (("--output-format", "json:x", "--output-format", "concise:x"), "two formats write to x"),
        (("--select", ","), "expected rule names, got `,`"),
        (("--select", "all"), "did you mean `ALL`?"),
        (("rule", "all"), "did you mean `ALL`?"),
        (("--output-format", "json:README.md/report.json"), "cannot write the report to README.md/report.json"),
        (("--stdin-filename", "."), "expected a file name after --stdin-filename, and . is a folder"),
        (("--stdin-filename", "a.md", "--staged"), "--stdin-filename cannot be used with --staged"),
        (("--stdin-filename", "a.md", "--show-files"), "--stdin-filename cannot be used with --show-files"),
        (("--stdin-filename", "a.md", "b.md"), "--stdin-filename cannot be used with PATHS"),
        (("hook", "--selct", "body"), "unknown option `--selct`; did you mean `--select`?"),
        (("baseline", "write", "--fix"), "unknown option `--fix`"),
        (("baseline",), "missing action; expected one of write, "),
        (("baseline", "wirte"), "did you mean `write`?"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_wrong_usage(library: Path, arguments: tuple[str, ...], words: str) -> None:
    assert words in complaint(patternlint(*arguments, cwd=library))


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ('selct = ["body"]', "unknown setting `selct`; did you mean `select`?"),
        ('select = "body"', "`select` must be a list, not text"),
        ("select = [1]", "item 1 of `select` must be text, not a whole number"),
        ("select = [", "is not valid TOML"),
        ('select = ["bodi"]', "unknown rule or group `bodi`"),
        ('levels = { orfan = "error" }', "unknown rule or group `orfan`"),
        ('levels = { orphan = "eror" }', "`eror` is not a level for `orphan`"),
        ('per-file-ignores = { "*.md" = ["bodi"] }', "unknown rule or group `bodi`"),
        ('fail-on = "eror"', "`eror` is not a level"),
        ("max-warnings = -1", "`max-warnings` must be a whole number from 0"),
        ("limits = { file-sise = 1 }", "unknown setting `file-sise` in `limits`; did you mean `file-size`?"),
        ("limits = { file-size = 0 }", "`limits.file-size` must be a whole number from 1"),
        ("options = { orphan = { many = 1 } }", "unknown option `many` of the rule `orphan`"),
        ("options = { body = { many = 1 } }", "`body` is a group of rules; only a rule has options"),
        ("options = { overall-score-mean = { dimension = [] } }", "did you mean `dimensions`?"),
        ("options = { overall-score-mean = { dimensions = 8 } }", "`dimensions` must be a list, not a whole number"),
        (
            "options = { overall-score-mean = { many = 8 } }",
            "unknown option `many` of the rule `overall-score-mean`; it has dimensions",
        ),
        ("tool.patternlint = {}", "unknown setting `tool`; write settings at the top of this file, outside of tables"),
        ('select = ["orphan"]\nignore = ["relationships"]', "no selected rule is enabled"),
        ('exclude = ["*"]', "except those that the configuration excludes"),
        ('library = ["nope"]', "folder not found: nope"),
        ('spec = "8.3"', "unknown spec `8.3`"),
        ('specs = ["nope"]', "no spec.toml in nope"),
        ('rules = ["nope"]', "folder not found: nope"),
    ],
    ids=lambda value: value if "=" in value else "",
)
def test_a_wrong_config(library: Path, config: str, words: str) -> None:
    (library / "patternlint.toml").write_text(f"{config}\n")
    error_message = complaint(patternlint(cwd=library))
    assert words in error_message
    of_the_whole = ("no selected rule", "is not valid TOML", "except those")
    assert "patternlint.toml:1: " in error_message or words.startswith(of_the_whole)


def test_a_config_that_an_editor_on_windows_has_saved(library: Path) -> None:
    (library / "patternlint.toml").write_bytes(b'\xef\xbb\xbfselect = ["slug-format"]\r\n')
    assert patternlint(cwd=library).code == OK


def test_a_config_that_is_no_utf8(library: Path) -> None:
    (library / "patternlint.toml").write_bytes(b'select = []\nspec = "\xe9"\n')
    assert complaint(patternlint(cwd=library)).endswith("patternlint.toml is not valid TOML: line 2 is not UTF-8")


def test_a_wrong_table_in_pyproject(library: Path) -> None:
    config = library / "pyproject.toml"
    config.write_text('[tool.patternlint]\nselct = ["body"]\n')
    assert "pyproject.toml:2: unknown setting `selct`" in complaint(patternlint(cwd=library))
    config.write_text("tool.patternlint = 3\n")
    assert complaint(patternlint(cwd=library)).endswith("`tool.patternlint` must be a table")
    config.write_text("tool = 3 # not tool.patternlint\n")
    assert patternlint("--select", "slug-format", cwd=library).code == OK


@pytest.mark.parametrize(
    ("module", "words"),
    [
        ("import nothing_of_that_name", "ModuleNotFoundError"),
        ("def (", "SyntaxError"),
        ("raise RuntimeError('no')", "RuntimeError: no"),
        (
            "from patternlint.rule import Rule\n\n\nclass Bare(Rule):\n    '''Holds.'''\n",
            "the rule class Bare in",
        ),
    ],
)
def test_a_broken_rule_of_the_project(library: Path, module: str, words: str) -> None:
    (library / "patternlint.toml").write_text('rules = ["lint"]\n')
    (library / "lint").mkdir()
    (library / "lint" / "broken.py").write_text(module)
    error_message = complaint(patternlint(cwd=library))
    assert "broken.py" in error_message
    assert words in error_message


def test_a_rule_that_raises_is_a_finding_and_the_others_go_on(library: Path) -> None:
    (library / "patternlint.toml").write_text('rules = ["lint"]\n')
    (library / "lint").mkdir()
    (library / "lint" / "raises.py").write_text(
        "from patternlint.rule import Example, Rule, Severity\n\n\n"
        "class Raises(Rule):\n"
        "    '''Never holds.'''\n\n"
        "    name = 'raises'\n    severity = Severity.INFO\n    why = 'To see.'\n"
        "    bad = (Example('«»slug: a'),)\n    good = (Example('slug: a'),)\n\n"
        "    def check(self, pattern):\n        raise ValueError('odd')\n"
    )
    result = patternlint("--output-format", "json", cwd=library)
    assert result.code == FINDINGS
    [broken] = [one for one in findings(result) if one["rule"] == "broken-rule"]
    assert broken["message"] == "rule `raises` raised ValueError: odd (lint/raises.py:14)"
    [label] = broken["labels"]
    assert (label["path"], label["line"]) == ("lint/raises.py", 14)
    assert "dangling-target" in rules_of(result)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("spec.toml", "version = ", "spec.toml"),
        (
            "spec.toml",
            'version = "9.0"\ntitle = "Ours"\nextends = "8.3"\n',
            "spec.toml:3: unknown spec `8.3` in `extends`; did you mean",
        ),
        (
            "spec.toml",
            'version = "9.0"\ntitle = "Ours"\nextends = "8.2"\ncolour = 1\n',
            "spec.toml:4: unknown setting `colour`",
        ),
        ("lifecycle.schema.json", "{", "lifecycle.schema.json:1: not valid JSON: Expecting property name"),
        ("lifecycle.schema.json", "[]", "a JSON Schema must be a mapping"),
        (
            "lifecycle.schema.json",
            '{"properties": {"lifecycle": {"type": "lst"}}}',
            "lifecycle.schema.json:1: unknown type `lst`; the types are string",
        ),
    ],
    ids=["no TOML", "unknown base", "unknown key", "no JSON", "no mapping", "no schema"],
)
def test_a_broken_spec_of_the_project(library: Path, name: str, text: str, words: str) -> None:
    (library / "patternlint.toml").write_text(
        'specs = ["ours"]\nspec = "9.0"\npatterns = ["*.md"]\nexclude = ["README.md"]\n'
    )
    (library / "ours").mkdir()
    (library / "ours" / "spec.toml").write_text('version = "9.0"\ntitle = "Ours"\nextends = "8.2"\n')
    (library / "ours" / name).write_text(text)
    assert words in complaint(patternlint(cwd=library))


# --- Exit codes -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--select", "overall-score-mean"), OK),
        (("--select", "overall-score-mean", "--fail-on", "warning"), FINDINGS),
        (("--select", "overall-score-mean", "--fail-on", "info"), FINDINGS),
        (("--select", "overall-score-mean", "--level", "overall-score-mean=error"), FINDINGS),
        (("--select", "overall-score-mean", "--level", "overall-score-mean=info", "--fail-on", "warning"), OK),
        (("--select", "overall-score-mean", "--max-warnings", "1"), OK),
        (("--select", "overall-score-mean", "--max-warnings", "0"), FINDINGS),
        (("--select", "dangling-target"), FINDINGS),
        (("--select", "dangling-target", "--exit-zero"), OK),
        (("--select", "dangling-target", "--statistics"), FINDINGS),
        (("--select", "slug-format"), OK),
        (("--version",), OK),
        (("--help",), OK),
        (("rules", "--help"), OK),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else str(value),
)
def test_exit_codes(library: Path, arguments: tuple[str, ...], code: int) -> None:
    result = patternlint(*arguments, cwd=library)
    assert result.code == code
    assert result.out


def test_the_config_decides_the_exit_code(library: Path) -> None:
    config = library / "patternlint.toml"
    config.write_text('select = ["overall-score-mean"]\nfail-on = "warning"\n')
    assert patternlint(cwd=library).code == FINDINGS
    assert patternlint("--fail-on", "error", cwd=library).code == OK
    config.write_text('select = ["overall-score-mean"]\nmax-warnings = 0\n')
    assert patternlint(cwd=library).code == FINDINGS
    assert patternlint("--isolated", "--select", "overall-score-mean", cwd=library).code == OK


def test_a_reader_that_closes_the_pipe_causes_no_error(library: Path) -> None:
    with process("rules", cwd=library, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert running.stderr.read() == b""


@pytest.mark.parametrize("arguments", [("--version",), ("rules",), ("rule", "body"), ("--no-cache",)])
def test_nobody_reads_what_is_written(library: Path, arguments: tuple[str, ...]) -> None:
    for pipe in ("| true", "2>&-", "<&-"):
        done = shell(library, pipe, *arguments)
        assert b"Traceback" not in done.stderr
        assert done.returncode in {OK, FINDINGS}


def test_an_error_that_cannot_be_printed_has_its_exit_code(library: Path) -> None:
    for pipe in ("2>&-", ">&- 2>&-", "2>/dev/full"):
        assert shell(library, pipe, "--selct").returncode == ERROR


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk here that is always full")
@pytest.mark.parametrize(
    "arguments", [("--version",), ("rules",), ("--no-cache",), ("--diff",), ("--help",), ("rules", "--help")]
)
def test_a_full_disk(library: Path, arguments: tuple[str, ...]) -> None:
    done = shell(library, ">/dev/full", *arguments)
    assert (done.returncode, done.stderr) == (ERROR, b"patternlint: No space left on device\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--version",),
        ("--help",),
        ("rules",),
        ("rule", "body"),
        ("schema", "8.2"),
        ("--diff",),
        ("--show-files",),
        *(("--output-format", name) for name in FORMATS),
    ],
)
def test_output_to_a_closed_stream_is_an_error(library: Path, arguments: tuple[str, ...]) -> None:
    done = shell(library, ">&-", *arguments)
    assert (done.returncode, done.stderr) == (ERROR, b"patternlint: standard output is closed\n")


@pytest.mark.parametrize("arguments", [("--version",), ("rules",), ("--no-cache",)])
def test_output_to_closed_streams_is_an_error(library: Path, arguments: tuple[str, ...]) -> None:
    assert shell(library, ">&- 2>&- <&-", *arguments).returncode == ERROR


def test_fixed_text_to_a_closed_stream_is_an_error(library: Path) -> None:
    name = "open-ledger-evening.md"
    done = shell(library, f"<{name} >&-", "--stdin-filename", name, "--fix", "--no-cache", "--quiet")
    assert done.returncode == ERROR
    assert done.stderr.endswith(b"patternlint: standard output is closed\n")


def test_a_closed_stream_without_output_is_not_an_error(library: Path) -> None:
    done = shell(library, ">&-", "--quiet", "--no-cache", "--select", "slug-format", "--output-format", "concise")
    assert (done.returncode, done.stderr) == (OK, b"")


def shell(cwd: Path, redirected: str, *arguments: str, before: str = "") -> subprocess.CompletedProcess[bytes]:
    """Run the command line in a shell, with its streams going somewhere."""
    words = shlex.join([sys.executable, "-m", "patternlint", *arguments])
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONUNBUFFERED", None)  # else Python keeps nothing back that it could not write at its end
    return subprocess.run(
        ["/bin/sh", "-c", f"{before}{words} {redirected}"], cwd=cwd, env=environment, capture_output=True, check=False
    )


# --- A pattern from standard input ------------------------------------------------------------------------------------


def typed(folder: Path, text: bytes, name: str, *arguments: str) -> Result:
    pipes: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with process("--stdin-filename", name, *arguments, cwd=folder, **pipes) as running:
        out, err = running.communicate(text, timeout=60)
    return Result(running.returncode, out.decode(), err.decode())


def test_standard_input_is_checked_like_the_file(library: Path) -> None:
    (library / "patternlint.toml").touch()
    name = "open-ledger-evening.md"
    text = (library / name).read_bytes()
    result = typed(library, text.replace(b"slug: small-circles", b"slug: small-circuits"), name, "--output-format=json")
    assert rules_of(result) == {"dangling-target", "missing-reciprocal", "overall-score-mean"}
    assert (library / name).read_bytes() == text


def test_a_pattern_that_is_on_no_disk_yet_counts_by_what_it_holds(lone: Path) -> None:
    [path] = lone.glob("*.md")
    text = path.read_bytes()
    path.unlink()
    result = typed(lone, text, path.name)
    assert "1 file: 1 pattern of spec 7.1\n" in result.out
    assert "1 pattern of no known spec\n" in typed(lone, b"no pattern", path.name).out


def test_the_fixed_text_goes_to_standard_output_and_findings_to_the_other(lone: Path) -> None:
    [path] = lone.glob("*.md")
    result = typed(lone, path.read_bytes(), path.name, "--fix", "--select", "overall-score-mean")
    assert result.out == path.read_text(encoding="utf-8").replace("overall_score: 4.6", "overall_score: 3.8")
    assert "fixed 1 finding\n" in result.err


def test_what_is_excluded_or_no_pattern_is_handed_back_as_it_is(lone: Path) -> None:
    [path] = lone.glob("*.md")
    text = path.read_text(encoding="utf-8")
    (lone / "patternlint.toml").write_text('exclude = ["drafts"]\n')
    flags = ("--fix", "--force-exclude")
    assert typed(lone, text.encode(), f"drafts/{path.name}", *flags) == Result(OK, text, "")
    assert typed(lone, b"# notes\n", "notes.md", *flags) == Result(OK, "# notes\n", "")
    assert typed(lone, b"# notes\n", "notes.md", "--force-exclude") == Result(OK, "", "")
    assert typed(lone, text.encode(), path.name, *flags).out != text


# --- Help -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["check", *COMMANDS])
def test_every_command_has_help_without_any_file(tmp_path: Path, command: str) -> None:
    result = patternlint(command, "--help", cwd=tmp_path)
    assert (result.code, result.err) == (OK, "")
    assert result.out.startswith("usage: patternlint ")
    assert "-h, --help" in result.out


def test_help_lists_the_commands(tmp_path: Path) -> None:
    lines = patternlint("--help", cwd=tmp_path).out.splitlines()
    assert [line.split()[0] for line in lines if line[:3].strip() and line[:2] == "  " and line[2] != "-"][1:] == [
        *COMMANDS
    ]


@pytest.mark.parametrize("command", ["check", "rules", "baseline", "hook"])
def test_every_command_tells_the_version(tmp_path: Path, command: str) -> None:
    assert patternlint(command, "--version", cwd=tmp_path) == Result(OK, f"patternlint {__version__}\n", "")


# --- Which rules look -------------------------------------------------------------------------------------------------


def reported_rules(library: Path, *arguments: str) -> set[str]:
    return rules_of(patternlint("--output-format", "json", *arguments, cwd=library))


def test_selection(library: Path) -> None:
    every = reported_rules(library)
    assert {"dangling-target", "overall-score-mean", "unknown-key", "invalid-enum"} <= every
    assert reported_rules(library, "--select", "dangling-target") == {"dangling-target"}
    assert reported_rules(library, "--select", "dangling-target,overall-score-mean") == {
        "dangling-target",
        "overall-score-mean",
    }
    assert reported_rules(library, "--select", "dangling-target", "--select", "unknown-key") == {
        "dangling-target",
        "unknown-key",
    }
    assert reported_rules(library, "--select", "relationships") == {"dangling-target", "missing-reciprocal"}
    assert reported_rules(library, "--ignore", "relationships") == every - {"dangling-target", "missing-reciprocal"}
    assert reported_rules(library, "--select", "relationships", "--ignore", "dangling-target") == {"missing-reciprocal"}
    assert "section-length" not in every
    assert "section-length" in reported_rules(library, "--extend-select", "section-length") - every
    assert "section-length" in reported_rules(library, "--pedantic") & reported_rules(library, "--select", "ALL")
    assert "section-length" in reported_rules(library, "--level", "section-length=info")
    assert "unknown-key" not in reported_rules(library, "--level", "unknown-key=off")


def test_selection_in_the_config(library: Path) -> None:
    config = library / "patternlint.toml"
    config.write_text('select = ["relationships"]\nignore = ["dangling-target"]\nextend-select = ["unknown-key"]\n')
    assert reported_rules(library) == {"missing-reciprocal", "unknown-key"}
    assert reported_rules(library, "--select", "dangling-target,unknown-key") == {"unknown-key"}
    assert reported_rules(library, "--select", "missing-reciprocal") == {"missing-reciprocal"}
    assert "no selected rule is enabled" in complaint(patternlint("--select", "dangling-target", cwd=library))
    assert reported_rules(library, "--select", "invalid-enum", "--extend-select", "missing-key") == {
        "invalid-enum",
        "missing-key",
    }
    assert reported_rules(library, "--isolated", "--select", "dangling-target") == {"dangling-target"}
    config.write_text("pedantic = true\n")
    assert "section-length" in reported_rules(library)


def test_a_rule_that_reports_failures_can_be_the_only_one_selected(library: Path) -> None:
    assert reported_rules(library, "--select", "internal-error") == set()
    error_message = complaint(patternlint("--select", "internal-error", "--ignore", "file", cwd=library))
    assert "no selected rule is enabled" in error_message


def test_levels(library: Path) -> None:
    (library / "patternlint.toml").write_text(
        'select = ["overall-score-mean", "unknown-key"]\nlevels = { overall-score-mean = "info", unknown-key = "error" }\n'
    )
    result = patternlint("--output-format", "json", cwd=library)
    assert {one["rule"]: one["level"] for one in findings(result)} == {
        "overall-score-mean": "info",
        "unknown-key": "error",
    }
    result = patternlint("--output-format", "json", "--level", "overall-score-mean=error", cwd=library)
    assert {one["level"] for one in findings(result)} == {"error"}


def test_rules_left_out_for_some_files(library: Path) -> None:
    only = ("--select", "overall-score-mean,unknown-key,missing-reciprocal")
    assert reported_rules(library, *only, "--per-file-ignores", "winter-*.md:unknown-key") == {
        "overall-score-mean",
        "missing-reciprocal",
    }
    (library / "patternlint.toml").write_text(
        'per-file-ignores = { "open-*.md" = ["ontology", "missing-reciprocal"] }\n'
    )
    assert reported_rules(library, *only) == {"unknown-key"}


def test_options(library: Path) -> None:
    (library / "patternlint.toml").write_text('[options.overall-score-mean]\ndimensions = ["resilience"]\n')
    result = patternlint("--select", "overall-score-mean", "--output-format", "json", cwd=library)
    assert len(findings(result)) > 1


def test_excluded_files_are_checked_only_if_named(library: Path) -> None:
    (library / "patternlint.toml").write_text('exclude = ["open-*.md"]\n')
    shown = patternlint("--show-files", cwd=library).out.split()
    assert "open-ledger-evening.md" not in shown
    assert "repair-cafe.md" in shown
    assert patternlint("--show-files", "open-ledger-evening.md", cwd=library).out.split() == ["open-ledger-evening.md"]


# --- Output -----------------------------------------------------------------------------------------------------------


def test_colors(library: Path) -> None:
    def colored(*arguments: str, **env: str) -> bool:
        return "\x1b[" in patternlint("--select", "unknown-key", *arguments, cwd=library, env=env).out

    assert not colored()
    assert colored(FORCE_COLOR="1")
    assert colored("--color", "always")
    assert colored("--color", "always", NO_COLOR="1")
    assert not colored("--color", "never", FORCE_COLOR="1")
    assert not colored(NO_COLOR="1", FORCE_COLOR="1")


def test_several_formats_at_once(library: Path, tmp_path: Path) -> None:
    target = tmp_path / "out" / "report.json"
    result = patternlint(
        "--select", "unknown-key", "--output-format", "concise", "--output-format", f"json:{target}", cwd=library
    )
    assert result.out.startswith("winter-kitchen.md:17:1: warning [unknown-key] ")
    assert len(json.loads(target.read_text(encoding="utf-8"))["findings"]) == 1
    result = patternlint("--select", "unknown-key", "--output-format", "json", "--output-file", target, cwd=library)
    assert result.out == ""
    assert len(json.loads(target.read_text(encoding="utf-8"))["findings"]) == 1


def test_long_lists_are_cut_on_request(library: Path) -> None:
    few = patternlint("--select", "section-length", "--max-findings-per-rule", "2", cwd=library).out
    assert few.count("info[section-length]") == 2
    assert re.search(r"and \d+ more section-length", few)
    everything = patternlint("--select", "section-length", cwd=library).out
    assert everything.count("info[section-length]") > 20
    for name in ("concise", "json", "jsonl"):
        cut = patternlint(
            "--select", "section-length", "--max-findings-per-rule", "2", "--output-format", name, cwd=library
        )
        assert cut.out.count("section-length") > 20


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="no terminals here")
def test_a_terminal_gets_colors_and_at_most_twenty_findings_per_rule(library: Path) -> None:
    ours, theirs = os.openpty()
    with process("--select", "section-length", cwd=library, stdout=theirs, stderr=subprocess.PIPE):
        os.close(theirs)
        parts: list[bytes] = []
        with suppress(OSError):  # the end of a terminal whose other side has gone
            while part := os.read(ours, 65536):
                parts.append(part)
    os.close(ours)
    shown = re.sub(r"\x1b\[[0-9;]*m", "", b"".join(parts).decode())
    assert b"\x1b[" in b"".join(parts)
    assert shown.count("info[section-length]") == 20
    assert re.search(r"and \d+ more section-length: --show-all", shown)


def test_statistics(library: Path) -> None:
    result = patternlint("--statistics", "--select", "unknown-key,missing-key", cwd=library)
    assert re.search(r"^unknown-key +warning +1 +1$", result.out, re.MULTILINE)
    assert "winter-kitchen.md" not in result.out


def test_causes(library: Path) -> None:
    result = patternlint("--statistics", "causes", "--select", "unknown-key,missing-key", cwd=library)
    assert re.search(r"^ +1 +1 +warning +unknown-key +unknown key `[^`]+`$", result.out, re.MULTILINE)
    assert "account for 80 % of the findings" in result.out


def test_a_path_after_statistics_is_a_path(library: Path) -> None:
    assert patternlint("--statistics", ".", cwd=library).out == patternlint("--statistics", cwd=library).out


def test_the_summary_accounts_for_every_file(library: Path) -> None:
    summary = json.loads(patternlint("--output-format", "json", cwd=library).out)["summary"]
    assert summary["files"] == sum(summary["patterns"].values()) + summary["left_alone"]
    assert summary["files"] == len(list(library.glob("*.md")))
    assert set(summary["patterns"]) == {"7.1", "8.2"}


def test_a_config_of_the_other_kind_and_a_nearer_one(library: Path) -> None:
    (library / "pyproject.toml").write_text('[tool.patternlint]\nselect = ["unknown-key"]\n')
    assert reported_rules(library) == {"unknown-key"}
    inner = library / "inner"
    inner.mkdir()
    shutil.copy(library / "open-ledger-evening.md", inner)
    (inner / "patternlint.toml").write_text('select = ["overall-score-mean"]\n')
    assert rules_of(patternlint("--output-format", "json", cwd=inner)) == {"overall-score-mean"}


# --- The other commands -----------------------------------------------------------------------------------------------


def test_rule_is_a_page(library: Path) -> None:
    page = patternlint("rule", "dangling-target", cwd=library).out
    for heading in ("# dangling-target", "## Why", "## Bad", "## Good", "## How to disable"):
        assert f"{heading}\n" in page
    assert "^^^" in page
    assert "error[dangling-target]: " in page
    colored = patternlint("rule", "dangling-target", "--color", "always", cwd=library).out
    assert "```" not in colored
    assert "\x1b[" in colored


def test_rule_takes_a_group(library: Path) -> None:
    pages = patternlint("rule", "ontology", cwd=library).out
    assert "# overall-score-mean\n" in pages
    assert "# score-precision\n" in pages


def test_rules_are_listed_by_group(library: Path) -> None:
    listed = patternlint("rules", cwd=library).out
    assert "\nidentity\n" in f"\n{listed}"
    assert re.search(r"^  overall-score-mean +warning +safe ", listed, re.MULTILINE)


def test_schema(library: Path) -> None:
    whole = json.loads(patternlint("schema", "8.2", cwd=library).out)
    assert {"id", "slug", "gravitational_hubs", "lifecycle"} <= set(whole["properties"])
    group = json.loads(patternlint("schema", "7.1", "lifecycle", cwd=library).out)
    assert set(group["properties"]) == {"lifecycle"}
    listed = [line.split()[0] for line in patternlint("schema", cwd=library).out.splitlines()]
    assert {"1.3", "7.1", "8.2", "entity", "lighthouse"} <= set(listed)


def test_config_prints_what_is_in_force(library: Path) -> None:
    config = library / "patternlint.toml"
    config.write_text('select = ["unknown-key"]\nmax-warnings = 3\n[levels]\norphan = "error"\n')
    printed = patternlint("config", cwd=library).out
    assert f"# from {config}" in printed
    assert 'select = ["unknown-key"]' in printed
    assert 'levels = { orphan = "error" }' in printed
    again = library / "again.toml"
    again.write_text(printed, encoding="utf-8")
    assert patternlint("config", "--config", again, cwd=library).out.splitlines()[1:] == printed.splitlines()[1:]


def test_show_settings(library: Path) -> None:
    (library / "patternlint.toml").write_text('select = ["unknown-key"]\n')
    assert 'select = ["unknown-key"]' in patternlint("--show-settings", cwd=library).out


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--diff", "--output-format", "json"), "--diff cannot be used with --output-format"),
        (("--diff", "--output-file", "report.txt"), "--diff cannot be used with --output-format"),
        (("--reason", "old"), "--reason requires --add-suppressions"),
        (("--fix", "--reason", "old"), "--reason requires --add-suppressions"),
    ],
)
def test_a_flag_without_effect_is_refused(flags: tuple[str, ...], message: str, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\nslug: a\nontology: {}\n---\n")
    result = patternlint(*flags, cwd=tmp_path)
    assert (result.code, result.out) == (ERROR, "")
    assert message in result.err
    assert not (tmp_path / "report.txt").exists()


def test_a_file_in_another_encoding_gets_the_encoding_error_alone(tmp_path: Path) -> None:
    text = (EXAMPLES / "repair-cafe.md").read_text(encoding="utf-8")
    text = text.replace("═", "=").replace("★", "*").replace("☆", "*").replace("—", "-")
    text = text.replace("  status: stable", "  status: stable  # patternlint: ignore[invalid-enum] an example")
    (tmp_path / "repair-cafe.md").write_bytes(text.encode("latin-1", "replace"))
    result = patternlint("--output-format", "json", "--select", "ALL", cwd=tmp_path)
    [found] = json.loads(result.out)["findings"]
    assert (found["rule"], found["line"]) == ("encoding", text[: text.index("Café")].count("\n") + 1)
