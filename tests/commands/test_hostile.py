"""Files as strangers with bad intentions bring them: each gives the finding that it should, and harms nobody.

`tests/hostile/` holds those that are text and small, each named for what it tries; the others are made here.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.support.command import ERROR, FINDINGS, OK, ROOT, Result, answer, patternlint
from tests.support.repository import EXAMPLES

HERE = ROOT / "tests" / "hostile"
GOOD = (EXAMPLES / "repair-cafe.md").read_bytes()
FORMATS = ("text", "concise", "json", "sarif", "github", "markdown", "junit")
SECONDS = 15
"""For all formats of one sample, on a slow machine."""
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_XML_BAD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_COMMAND = re.compile(r"^::(?:error|warning|notice|group|endgroup|add-mask|stop-commands)\b")
ELSEWHERE = "a-secret-of-this-machine"


def front(*lines: str) -> bytes:
    """Return the good pattern with more lines at the end of its front matter."""
    text = "\n".join(lines).encode("utf-8", "surrogatepass")
    return GOOD.replace(b"\n---\n", b"\n" + text + b"\n---\n", 1)


def body(text: str) -> bytes:
    return GOOD + text.encode()


def with_value(key: str, value: str) -> bytes:
    """Return the good pattern with another value of a key at the top."""
    changed, count = re.subn(
        rb"(?m)^" + key.encode() + rb": .*$",
        lambda _: f"{key}: {value}".encode("utf-8", "surrogatepass"),
        GOOD,
        count=1,
    )
    assert count == 1, key
    return changed


def laughs(levels: int, width: int) -> list[str]:
    lines = ["l0: &l0 [a, a, a, a, a, a, a, a, a]"]
    return lines + [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * width)}]" for n in range(1, levels)]


_ANYWHERE = re.compile(r"##(?:vso)?\[", re.IGNORECASE)
HARMLESS = ""
MADE: dict[str, tuple[Callable[[], bytes], str]] = {
    # --- YAML that wants to grow
    "billion-laughs": (lambda: front(*laughs(12, 9)), "yaml-syntax"),
    "billion-laughs-of-mappings": (
        lambda: front(
            "m0: &m0 {a: 1}", *(f"m{n}: &m{n} {{a: *m{n - 1}, b: *m{n - 1}, c: *m{n - 1}}}" for n in range(1, 30))
        ),
        "yaml-syntax",
    ),
    "alias-of-itself": (lambda: front("loop: &loop [*loop]"), "yaml-syntax"),
    "alias-cycle": (lambda: front("a1: &a1 {b: *b1}", "b1: &b1 {a: *a1}"), "yaml-syntax"),
    "merge-key-bomb": (
        lambda: front("base: &base {x: 1}", *(f"k{n}: {{<<: *base}}" for n in range(2000))),
        "unknown-key",
    ),
    "three-thousand-aliases": (lambda: front("one: &one x", f"all: [{', '.join(['*one'] * 3000)}]"), "unknown-key"),
    "deep-flow-sequence": (lambda: front(f"deep: {'[' * 50_000}"), "yaml-syntax"),
    "deep-flow-sequence-closed": (lambda: front(f"deep: {'[' * 5000}{']' * 5000}"), "yaml-syntax"),
    "deep-flow-mapping": (lambda: front(f"deep: {'{a: ' * 5000}1{'}' * 5000}"), "yaml-syntax"),
    "deep-block-mapping": (lambda: front("deep:", *(f"{' ' * n}a:" for n in range(1, 400))), "yaml-syntax"),
    "deep-block-sequence": (lambda: front(f"deep: \n  {'- ' * 5000}x"), "yaml-syntax"),
    "three-thousand-keys": (lambda: front(*(f"key{n}: {n}" for n in range(3000))), "unknown-key"),
    "three-thousand-items": (lambda: front(f"all: [{', '.join(map(str, range(3000)))}]"), "unknown-key"),
    "three-thousand-duplicate-keys": (lambda: front(*(["again: 1"] * 3000)), "duplicate-key"),
    "three-thousand-comments": (lambda: front(*(["# nothing"] * 3000)), HARMLESS),
    "front-matter-of-two-megabytes": (lambda: front("big: |", *(["  " + "x" * 1000] * 2000)), "yaml-syntax"),
    "line-of-a-million-characters": (lambda: front(f"big: {'x' * 900_000}"), "unknown-key"),
    "line-of-two-megabytes": (lambda: front(f"big: {'x' * 2_000_000}"), "line-too-long"),
    "file-of-six-megabytes": (lambda: body("word " * 1_200_000), "file-too-large"),
    "key-of-five-thousand-characters": (lambda: front(f"? {'k' * 5000}\n: v"), "unknown-key"),
    "number-of-a-million-digits": (lambda: front(f"orbit: {'9' * 900_000}"), "unknown-key"),
    "number-beyond-floats": (lambda: front("orbit: 1e999999"), "unknown-key"),
    # --- Bytes
    "nul-in-front-matter": (lambda: with_value("title", '"a\0b"'), "yaml-syntax"),
    "nul-in-body": (lambda: body("\0"), "encoding"),
    "escape-in-title": (lambda: with_value("title", '"\x1b[31mred\x1b[0m"'), "yaml-syntax"),
    "escape-by-yaml-escape-in-title": (lambda: with_value("title", r'"\e]0;owned\a red \x9b31m"'), HARMLESS),
    "escape-by-yaml-escape-in-slug": (lambda: with_value("slug", r'"a\e[2J\r\nb"'), "slug-filename"),
    "escape-by-yaml-escape-in-key": (lambda: front(r'"\e[2Jkey\n::error::x": 1'), "unknown-key"),
    "escape-in-body": (lambda: body("\n\x1b[2J\x1b]8;;http://evil\x07\n"), "encoding"),
    "invalid-utf8": (lambda: with_value("title", '"x"').replace(b'"x"', b'"\xff\xfe\xc3("'), "encoding"),
    "overlong-utf8": (lambda: body("").rstrip() + b"\xc0\xaf\xe0\x80\xaf", "encoding"),
    "surrogates-in-utf8": (lambda: body("").rstrip() + b"\xed\xa0\x80", "encoding"),
    "utf16": (lambda: GOOD.decode().encode("utf-16"), "encoding"),
    "utf16-without-mark": (lambda: GOOD.decode().encode("utf-16-le"), "encoding"),
    "bom-in-the-middle": (lambda: front("bommed: \ufeffx"), "unknown-key"),
    "two-boms": (lambda: b"\xef\xbb\xbf\xef\xbb\xbf" + GOOD, "front-matter-opening"),
    "carriage-returns-only": (lambda: GOOD.replace(b"\n", b"\r"), "front-matter-opening"),
    "old-line-breaks": (lambda: front("breaks: a\x85b\u2028c\u2029d"), "unknown-key"),
    "lone-surrogate-by-escape": (lambda: with_value("title", r'"\ud800"'), "yaml-syntax"),
    "surrogate-pair-by-escape": (lambda: with_value("title", r'"\ud83d\ude00"'), "yaml-syntax"),
    "bidi-override-in-title": (lambda: with_value("title", '"\u202eeno doog\u202c"'), HARMLESS),
    "bidi-isolate-in-slug": (lambda: with_value("slug", '"a\u2066b\u2069"'), "slug-filename"),
    "zero-width-in-slug": (lambda: with_value("slug", "repair\u200b-cafe"), "slug-filename"),
    "joiners-and-combining-marks": (lambda: with_value("title", f'"e{chr(0x301) * 5000}👩\u200d🌾"'), HARMLESS),
    "noncharacters": (lambda: with_value("title", '"a\ufffe\uffffb"'), "yaml-syntax"),
    "private-use-everywhere": (
        lambda: with_value("title", f'"{"".join(map(chr, range(0xE000, 0xF8FF)))}\u2028"'),
        HARMLESS,
    ),
    "homoglyphs": (lambda: with_value("title", '"Rераir Café"'), "script-glitch"),
    "only-nul-bytes": (lambda: bytes(10_000), "encoding"),
    "random-bytes": (lambda: bytes(n * 7919 % 256 for n in range(20_000)), "encoding"),
    "no-bytes": (lambda: b"", "front-matter-opening"),
    # --- Bodies
    "word-of-forty-thousand-characters": (lambda: body(f"\n{'x' * 40_000}\n"), HARMLESS),
    "table-row-of-forty-thousand-characters": (lambda: body(f"\n|{' a |' * 10_000}\n"), HARMLESS),
    "two-thousand-headings": (lambda: body("".join(f"\n#### Heading {n}\n\ntext.\n" for n in range(2000))), HARMLESS),
    "two-thousand-sections": (lambda: body("\n### Section 2: Problem\n\ntext.\n" * 2000), "section-duplicate"),
    "never-closed-comments": (lambda: body("\n<!-- patternlint: ignore[body] " * 2000), "unused-suppression"),
    "never-closed-fences": (lambda: body("\n```python\n" * 3001), "unclosed-fence"),
    "deep-quotes": (lambda: body(f"\n{'> ' * 5000}deep\n"), HARMLESS),
    "deep-lists": (lambda: body("".join(f"\n{'  ' * n}- a" for n in range(1000))), HARMLESS),
    "emphasis-bomb": (lambda: body(f"\n{'*a **b ' * 10_000}\n"), HARMLESS),
    "bracket-bomb": (lambda: body(f"\n{'[' * 30_000}{'](' * 10_000}\n"), HARMLESS),
    "backtick-bomb": (lambda: body("\n" + "".join("`" * n + "a" for n in range(1, 300)) + "\n"), HARMLESS),
    "reference-bomb": (lambda: body("\n[a]: x\n" + "[a]" * 20_000 + "\n"), HARMLESS),
    "html-bomb": (lambda: body("\n" + "<div " * 20_000 + "\n"), HARMLESS),
    "workflow-commands-of-other-runners": (
        lambda: front('"##[error]owned": 1', '"##vso[task.complete]é": ##[warning]x'),
        "unknown-key",
    ),
    "workflow-commands-in-body": (lambda: body("\n::error file=x::owned\n::stop-commands::x\n"), HARMLESS),
}


def collect() -> Iterator[tuple[str, bytes, str]]:
    for name, (make, rule) in MADE.items():
        yield name, make(), rule
    for path in sorted(HERE.glob("*.md")):
        text = path.read_bytes()
        first, _, rest = text.partition(b"\n")
        yield path.stem, rest, first.decode().removeprefix("expected: ").replace("nothing", HARMLESS)


SAMPLES = {name: (data, rule) for name, data, rule in collect()}


def test_there_are_enough() -> None:
    assert len(SAMPLES) + len(NAMES) >= 60


def look(cwd: Path, *arguments: str | Path, formats: tuple[str, ...] = FORMATS) -> dict[str, Result]:
    """Return what each format shows, checked for everything that must hold of any of them."""
    results = {}
    for name in formats:
        result = results[name] = patternlint("--output-format", name, *arguments, cwd=cwd)
        assert result.code in (OK, FINDINGS), result.err
        assert "Traceback" not in result.out + result.err
        shown = result.out.replace("\n", "").replace("\t", "")
        assert not _CONTROL.search(shown), (name, _CONTROL.search(shown))
        assert not _CONTROL.search(result.err.replace("\n", ""))
        assert ELSEWHERE not in result.out
    check_formats(results)
    return results


def check_formats(results: dict[str, Result]) -> None:
    report = json.loads(results["json"].out)
    count = len(report["findings"])
    if "sarif" in results:
        [run] = json.loads(results["sarif"].out)["runs"]
        assert len(run["results"]) == count
    if "junit" in results:
        assert not _XML_BAD.search(results["junit"].out)
        ET.fromstring(results["junit"].out)  # noqa: S314 - written a moment ago
    if "concise" in results:
        lines = results["concise"].out.split("\n\n")[0].splitlines()
        assert sum(bool(re.search(r":\d+:\d+: (?:error|warning|info) \[", line)) for line in lines) >= count
        assert not any(_COMMAND.match(line) for line in lines)
    if "github" in results:
        for line in results["github"].out.splitlines():
            if line.startswith("::"):
                properties = line.split("::", 2)[1]
                assert re.fullmatch(r"(?:error|warning|notice) [^\x00-\x1f]*|group|endgroup", properties), line
    assert not any(_COMMAND.match(line) for line in results["text"].out.splitlines())
    for form in ("text", "concise", "github", "markdown", "junit"):
        assert not _ANYWHERE.search(results[form].out if form in results else ""), form


@pytest.mark.parametrize("name", SAMPLES)
def test_a_hostile_file_gives_its_finding_and_harms_nobody(name: str, tmp_path: Path) -> None:
    data, rule = SAMPLES[name]
    path = tmp_path / "hostile.md"
    path.write_bytes(data)
    begun = time.process_time()
    results = look(tmp_path, "--no-cache", "--pedantic", path)
    assert time.process_time() - begun < SECONDS
    found = {one["rule"] for one in json.loads(results["json"].out)["findings"]}
    if rule:
        assert rule in found
    assert "internal-error" not in found
    assert path.read_bytes() == data


@pytest.mark.parametrize("name", SAMPLES)
def test_fixing_a_hostile_file_ends_and_settles(name: str, tmp_path: Path) -> None:
    data, _ = SAMPLES[name]
    path = tmp_path / "hostile.md"
    path.write_bytes(data)
    begun = time.process_time()
    for _ in range(2):
        result = patternlint("--fix", "--no-cache", "--quiet", "--output-format", "concise", path, cwd=tmp_path)
        assert result.code in (OK, FINDINGS)
        assert "Traceback" not in result.err
        again = path.read_bytes()
    diff = patternlint("--diff", "--no-cache", path, cwd=tmp_path)
    assert diff.out == ""
    assert path.read_bytes() == again
    assert time.process_time() - begun < SECONDS
    assert [one.name for one in tmp_path.iterdir()] == ["hostile.md"]


# --- Names of files ---------------------------------------------------------------------------------------------------

NAMES = {
    "newline": "a\nb.md",
    "workflow-command": "::error::owned.md",
    "workflow-command-behind-a-newline": "a\n::error::owned\n.md",
    "workflow-command-of-other-runners": "a ##[error]owned ##vso[task.setvariable variable=x]y.md",
    "workflow-properties": "a,line=1,title=owned::x%0A.md",
    "escape": "a\x1b[31m.md",
    "carriage-return": "ok.md\rb.md",
    "bidi-override": "a\u202edm.txt.md",
    "quotes": "a'\"`b.md",
    "html": "<img src=x onerror=alert(1)>.md",
    "markdown": "](http:evil) **a** | b.md",
    "xml": "a]]>&amp;<b>.md",
    "percent": "%0A%0D%25.md",
    "colons": "C:a:1:1: error.md",
    "spaces": "  a  .md",
    "dash": "--fix.md",
    "backslash": "a\\..\\..\\b.md",
    "no-utf8": os.fsdecode(b"a\xff\xfe.md"),
    "long": f"{'ü' * 120}.md",
    "at": "@config.md",
    "glob": "[a-z]*?.md",
}


@pytest.mark.skipif(os.name == "nt", reason="Windows does not take such names")
@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_file_name_is_shown_harmlessly(name: str, tmp_path: Path) -> None:
    (tmp_path / "patternlint.toml").touch()
    try:
        (tmp_path / NAMES[name]).write_bytes(with_value("slug", "other"))
    except OSError:
        pytest.skip("this disk does not take such names")
    results = look(tmp_path)
    found = json.loads(results["json"].out)["findings"]
    assert {one["rule"] for one in found} >= {"slug-filename"}
    assert "<img" not in results["markdown"].out.replace("\\<img", "").replace("`", "") or name == "html"
    assert patternlint("--fix", "--quiet", cwd=tmp_path).code == FINDINGS


VALUES = {
    "workflow-command": r'"::error::owned%0A::warning::x"',
    "newline-and-command": r'"a\n::error file=a,line=1::owned"',
    "markdown": '"[click](http://evil) ![x](http://evil/t.png) | a | `b` **c** <details>"',
    "html": '"<script>alert(1)</script><img src=x onerror=alert(1)> &amp;"',
    "xml": '"]]><failure/><!-- --> & \' <a>"',
    "json": r'"\\\" } ] \u0000"',
    "rich-markup": '"[bold red]x[/bold red][/] [link=http://evil]a[/link]"',
    "format-string": '"{0.__class__} %s %(x)s ${x} {{x}}"',
    "mentions": '"@everyone #1 closes #2"',
}


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize("key", ["slug", "title", "id", "license"])
def test_a_hostile_value_is_shown_harmlessly(key: str, name: str, tmp_path: Path) -> None:
    (tmp_path / "patternlint.toml").touch()
    for number in (1, 2):  # findings that name each other
        (tmp_path / f"a{number}.md").write_bytes(with_value(key, VALUES[name]))
    results = look(tmp_path, "--no-cache")
    markdown = results["markdown"].out
    assert not re.search(r"(?<!\\)<(?:script|img|details>\"|a>)", re.sub(r"`+[^`]*`+", "", markdown))
    assert "![x](http" not in re.sub(r"`+[^`]*`+", "", markdown)


# --- Special files, and links to places outside the library ---------------------------------------------------------------

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has none of these")


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "patternlint.toml").touch()
    (folder / "repair-cafe.md").write_bytes(GOOD)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.md").write_bytes(
        with_value("title", f'"{ELSEWHERE}"').replace(b"\n---\n", b"\n---\n\n\n", 1)
    )
    return folder


def names(folder: Path) -> list[str]:
    shown = patternlint("--show-files", cwd=folder)
    assert shown.code == OK
    return sorted(shown.out.splitlines())


@posix
def test_nothing_but_ordinary_files_is_opened(library: Path) -> None:
    os.mkfifo(library / "pipe.md")
    (library / "folder.md").mkdir()
    (library / "device.md").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as made:
        here = Path.cwd()
        os.chdir(library)  # names of sockets are short
        try:
            made.bind("socket.md")
        finally:
            os.chdir(here)
        assert names(library) == ["repair-cafe.md"]
        look(library)
        for name in ("pipe.md", "socket.md", "device.md"):
            result = patternlint(name, cwd=library)
            assert result.code == ERROR
            assert "is neither a file nor a folder" in result.err


@posix
def test_links_are_followed_only_inside_the_library(library: Path) -> None:
    outside = library.parent / "outside"
    (library / "out.md").symlink_to(outside / "secret.md")
    (library / "relative.md").symlink_to("../outside/secret.md")
    (library / "folder").symlink_to(outside)
    (library / "loop.md").symlink_to("loop.md")
    (library / "circle").symlink_to(library)
    (library / "nowhere.md").symlink_to("nowhere-else.md")
    (library / "inside.md").symlink_to("repair-cafe.md")
    before = (outside / "secret.md").read_bytes()
    assert names(library) == ["repair-cafe.md"]
    look(library, "--pedantic")
    patternlint("--fix", "--unsafe-fixes", cwd=library)
    assert (outside / "secret.md").read_bytes() == before
    assert (library / "inside.md").is_symlink()


@posix
@pytest.mark.parametrize("arguments", [(), ("--fix",), ("--diff",), ("--output-format", "json")])
def test_a_named_link_to_a_file_outside_is_refused_and_shows_nothing_of_it(
    library: Path, arguments: tuple[str, ...]
) -> None:
    outside = library.parent / "outside"
    (library / "out.md").symlink_to(outside / "secret.md")
    (library / "folder").symlink_to(outside)
    for name, kind in (("out.md", "file"), ("folder/secret.md", "folder")):
        result = patternlint(name, *arguments, cwd=library)
        assert (result.code, result.out) == (ERROR, "")
        assert f"is a link to a {kind} outside of {library}; use its path instead" in result.err
        assert ELSEWHERE not in result.err
    (library / "inside.md").symlink_to("repair-cafe.md")
    shown = patternlint("inside.md", "--show-files", cwd=library)
    assert (shown.code, shown.out) == (OK, "repair-cafe.md\n")


@posix
def test_a_file_name_with_a_command_is_listed_harmlessly_and_a_diff_of_it_applies(library: Path) -> None:
    path = library / "a ##[error]b ##vso[c.md"
    path.write_bytes(GOOD.rstrip(b"\n"))
    assert any("a ##\\[error]b ##vso\\[c.md" in name for name in names(library))
    diff = patternlint("--diff", "--no-cache", "--select", "final-newline", cwd=library).out
    assert diff
    assert not _ANYWHERE.search(diff)
    subprocess.run(["git", "apply", "-"], cwd=library, input=diff.encode(), check=True)
    assert path.read_bytes() == GOOD


def test_slugs_ids_and_targets_are_never_paths(library: Path) -> None:
    expected = (
        ("slug", '"../outside/secret"'),
        ("id", '"pat_../../outside/secret"'),
        ("title", '"../outside/secret.md"'),
    )
    for number, (key, value) in enumerate(expected):
        (library / f"a{number}.md").write_bytes(with_value(key, value))
    (library / "link.md").write_bytes(GOOD.replace(b"- slug: ", b"- slug: ../outside/secret # ", 1))
    there = sorted(path.name for path in library.parent.rglob("*"))
    look(library, "--no-cache", "--pedantic")
    patternlint("--fix", "--unsafe-fixes", "--no-cache", "--quiet", cwd=library)
    assert sorted(path.name for path in library.parent.rglob("*")) == there


@posix
def test_a_report_does_not_follow_what_a_file_is_called(library: Path) -> None:
    (library / "..md").write_bytes(GOOD)
    (library / "...md").write_bytes(GOOD)
    assert names(library) == ["repair-cafe.md"]  # names that begin with a dot are left out


# --- Configs, own specs and rules -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfe\x00",
        b"a = " + b"[" * 5000,
        b"x" * 3_000_000,
        b"exclude = [" + b'"a", ' * 100_000 + b"]",
        b'"\\u001b[31mred" = 1',
        b"select = ['\\u001b']",
        b'select = ["\\u001b[2J\\n::error::x"]',
        bytes(1000),
        b"a.b.c.d = 1\n" * 2,
    ],
)
def test_a_hostile_config_is_one_harmless_sentence(data: bytes, library: Path) -> None:
    (library / "patternlint.toml").write_bytes(data)
    result = patternlint(cwd=library)
    assert result.code in (OK, FINDINGS, ERROR)
    assert "Traceback" not in result.err
    assert not _CONTROL.search(result.err.replace("\n", ""))
    assert not any(_COMMAND.match(line) for line in result.err.splitlines())
    assert len(result.err) < 2000


def test_suppressions_do_not_silence_what_the_tool_says_of_itself(library: Path) -> None:
    (library / "a.md").write_bytes(
        front("# patternlint: ignore-file[yaml-syntax, internal-error, encoding, duplicate-key]", "broken: [")
    )
    found = json.loads(look(library)["json"].out)["findings"]
    assert "yaml-syntax" in {one["rule"] for one in found}


def test_a_rule_that_crashes_takes_nothing_with_it(library: Path) -> None:
    (library / "own").mkdir()
    (library / "own" / "bad.py").write_text(
        """from patternlint.rule import Example, Pattern, Rule, Severity


class Bad(Rule):
    \"\"\"Nothing holds.\"\"\"

    name = "bad"
    severity = Severity.WARNING
    why = "A test."
    bad = (Example("title: «x»\\n"),)
    good = (Example("title: x\\n"),)

    def check(self, pattern: Pattern):
        raise RecursionError("\\x1b[31m::error::owned\\n" * 3)
""",
        encoding="utf-8",
    )
    (library / "patternlint.toml").write_text('rules = ["own"]\n', encoding="utf-8")
    (library / "other.md").write_bytes(with_value("slug", "Other"))
    found = json.loads(look(library)["json"].out)["findings"]
    assert {"broken-rule", "slug-filename"} <= {one["rule"] for one in found}


def test_a_process_of_its_own_writes_no_escape_either(library: Path) -> None:
    (library / "a\x1b[31m.md").write_bytes(with_value("slug", r'"\e[31m"'))
    result = answer("--output-format", "text", cwd=library)
    assert "\x1b" not in result.out + result.err
    colored = answer("--color", "always", cwd=library)
    assert "\x1b[31m.md" not in colored.out


# --- Limits -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "lines", "words"),
    [
        ("file-size = 3000", [], "bytes; the limit is 3,000"),
        ("front-matter-size = 500", [], "the front matter holds"),
        ("nesting = 3", ["deep: {a: {b: {c: 1}}}"], "nested more than 3 levels deep"),
        ("values = 20", [], "more than 20 values"),
        ("line-length = 5000", [f"long: {'x' * 5000}"], "the line has 5,006 bytes; the limit is 5,000"),
    ],
)
def test_every_limit_is_a_setting_and_its_finding_names_it(
    setting: str, lines: list[str], words: str, library: Path
) -> None:
    (library / "repair-cafe.md").write_bytes(front(*lines))
    assert not any(words in one["message"] for one in json.loads(look(library)["json"].out)["findings"])
    (library / "patternlint.toml").write_text(f"limits = {{ {setting} }}\n", encoding="utf-8")
    [found] = [one for one in json.loads(look(library)["json"].out)["findings"] if words in one["message"]]
    assert found["level"] == "error"
    assert f"limits.{setting.partition(' ')[0]}" in found["message"] + (found["help"] or "")


@pytest.mark.parametrize("bomb", ["^(a+)+$", "^(a|a)*$", "^(?=a)(a+)+$", "^(a*)*b$"])
def test_a_pattern_in_an_own_spec_that_python_would_take_years_over(bomb: str, tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES.parent / "own-spec", tmp_path, dirs_exist_ok=True)
    [folder] = [path.parent for path in tmp_path.rglob("spec.toml")]
    for name in ("lifecycle", "provenance"):
        path = folder / f"{name}.schema.json"
        schema = json.loads(path.read_text(encoding="utf-8"))
        for key in schema["properties"]:
            schema["properties"][key] = {"type": "string", "pattern": bomb}
        path.write_text(json.dumps(schema), encoding="utf-8")
    for path in (tmp_path / "patterns").glob("*.md"):
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"(?m)^(\w+): .*$", rf"\1: {'a' * 60}!", text), encoding="utf-8")
    begun = time.process_time()
    result = patternlint("--no-cache", cwd=tmp_path)
    assert result.code == FINDINGS, result.err
    assert "does not match" in result.out
    assert time.process_time() - begun < SECONDS
