"""Files that were meant as patterns and do not begin, or end their front matter, with exactly `---`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from patternlint.document.identifiers import is_document_name
from patternlint.linter.linter import Linter
from patternlint.linter.registry import Registry, built_in_rules
from patternlint.linter.selection import select
from patternlint.parser.parser import FileKind, parse
from patternlint.source import Source
from patternlint.spec.loader import load_specs
from tests.support.command import FINDINGS, OK, patternlint
from tests.support.libraries import generate_library
from tests.support.real_files import CORPUS, needs_corpus, real_files, sampled
from tests.support.repository import EXAMPLES, example_library

SPECS = load_specs()
ENGINE = Linter(select(Registry(tuple(built_in_rules())), SPECS, chosen=("file",)))
REPAIR = (EXAMPLES / "repair-cafe.md").read_bytes()


Damage = Callable[[bytes], bytes]


def before(text: str) -> Damage:
    return lambda data: text.encode() + data


def instead(line: str) -> Damage:
    return lambda data: line.encode() + data.removeprefix(b"---")


def recoded(encoding: str) -> Damage:
    return lambda data: data.decode().encode(encoding)


def with_first_key_glued(data: bytes) -> bytes:
    lines = data.decode().split("\n")
    key = next(line for line in lines if line.startswith("id:"))
    return "\n".join([f"---{key}", *(line for line in lines[1:] if line != key)]).encode()


FIXABLE: Mapping[str, Damage] = {
    "a blank line": before("\n"),
    "three blank lines": before("\n \n\n"),
    "a blank line with CRLF": lambda data: b"\r\n" + data.replace(b"\n", b"\r\n"),
    "a space": before(" "),
    "a tab": before("\t"),
    "a no-break space": before("\u00a0"),
    "a zero width space": before("\u200b"),
    "a word joiner": before("\u2060"),
    "two byte order marks": before("\ufeff\ufeff"),
    "a byte order mark and a blank line": before("\ufeff\n"),
    "four hyphens": instead("----"),
    "two hyphens": instead("--"),
    "an em dash": instead("—"),
    "three en dashes": instead("–––"),
    "a dash and a hyphen": instead("—-"),
    "minus signs": instead("−−−"),
    "a zero width space behind": instead("---\u200b"),
    "hyphens with spaces": instead("- - -"),
    "a comment behind": instead("--- # a pattern"),
    "no opening line": lambda data: data.removeprefix(b"---\n"),
    "lines that end in CR": lambda data: data.replace(b"\n", b"\r"),
    "a line separator": lambda data: data.replace(b"\n", "\u2028".encode(), 1),
}
FOR_A_PERSON: Mapping[str, Damage] = {
    "a key glued to it": with_first_key_glued,
    "a word glued to it": instead("---yaml"),
    "asterisks": instead("***"),
    "equals signs": instead("==="),
    "dots": instead("..."),
    "a code fence": instead("```yaml"),
    "the whole file in a code fence": lambda data: b"```markdown\n" + data + b"```\n",
    "an HTML comment": before("<!-- CC-BY-SA -->\n"),
    "a heading": before("# Repair\n\n"),
    "a sentence": before("Here is the pattern:\n\n"),
    "UTF-16": recoded("utf-16"),
    "UTF-16 without a mark": recoded("utf-16-le"),
    "UTF-16 of the other order": recoded("utf-16-be"),
    "UTF-32": recoded("utf-32"),
}
DAMAGES = {**FIXABLE, **FOR_A_PERSON}
ABOUT = ("README.md", "CONTRIBUTING.md", "index.md", "_index.md", "LICENSE.md", "CHANGELOG.md", "pattern-template.md")
NOT_PATTERNS: Mapping[str, bytes] = {
    "empty": b"",
    "blank": b"\n\n",
    "a pointer": b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n",
    "an empty front matter": b"---\n---\n",
    "one sentence": b"Repair.\n",
    "TOML": b'+++\ntitle = "Repair"\n+++\n\nText.\n',
}


def found_by_itself(path: str, data: bytes) -> list[str]:
    """Return the names of the rules that find something in a file of which nobody says that it is a pattern."""
    parsed = parse(Source(path, data), SPECS)
    return [finding.rule for finding in ENGINE.lint_file(parsed).own.findings]


def findings(folder: Path, *arguments: str) -> list[dict[str, Any]]:
    result = patternlint(*arguments, "--no-cache", "--output-format", "json", cwd=folder)
    assert result.code in {OK, FINDINGS}, result.err
    reported: list[dict[str, Any]] = json.loads(result.out)["findings"]
    return reported


def real_patterns() -> Iterator[Path]:
    for folder, step in (("commons-os/_patterns", 90), ("luebeck", 12)):
        yield from sorted((CORPUS / folder).rglob("*.md"))[::step]


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_opening_is_found_in_every_example(name: str) -> None:
    for path in EXAMPLES.glob("[!R]*.md"):
        damaged = parse(Source(path.name, DAMAGES[name](path.read_bytes())), SPECS)
        whole = parse(Source(path.name, path.read_bytes()), SPECS)
        assert damaged.kind is FileKind.BROKEN
        assert damaged.keys["slug"] == whole.keys["slug"]
        rules = found_by_itself(path.name, DAMAGES[name](path.read_bytes()))
        assert ("encoding" if name.startswith("UTF") else "front-matter-opening") in rules
        assert not {"unknown-spec", "yaml-syntax"} & set(rules)


@needs_corpus
def test_a_damaged_opening_is_found_in_real_files_of_three_specs() -> None:
    count, specs = 0, set[str]()
    for path in real_patterns():
        data = path.read_bytes()
        whole = parse(Source(path.name, data), SPECS)
        if whole.spec is None or whole.pattern is None:
            continue
        specs.add(whole.spec.version)
        assert not {"front-matter-opening", "body-empty"} & set(found_by_itself(path.name, data))
        for name, damage in DAMAGES.items():
            damaged = parse(Source(path.name, damage(data)), SPECS)
            assert damaged.kind is FileKind.BROKEN, (path, name)
            assert damaged.opening is not None, (path, name)
            count += 1
    assert specs == {"1.3", "7.1", "8.2"}
    assert count > 1_000


@needs_corpus
@sampled
def test_no_other_markdown_is_taken_for_a_damaged_pattern(*, sample: bool) -> None:
    pages = [*real_files("foreign", sample=sample), *CORPUS.glob("*/*.md"), *(CORPUS / "commons-os").glob("[at]*/*.md")]
    assert len(pages) > (100 if sample else 1_000)
    for path in pages:
        assert not found_by_itself(str(path), path.read_bytes()), path


@pytest.mark.parametrize(
    "name",
    [*ABOUT, "readme.de.md", "templates/repair.md", "PATTERN_SPEC.md", ".github/PULL_REQUEST_TEMPLATE.md"],
)
def test_a_file_about_the_library_is_never_taken_for_a_pattern(name: str) -> None:
    assert is_document_name(name)
    assert not found_by_itself(name, b"# About\n\n" + REPAIR)


@pytest.mark.parametrize("name", ["repair-cafe.md", "a/b/mentor-bench.md", "new-index.md", "Ü.md"])
def test_the_name_of_a_pattern_is_not_that_of_a_document(name: str) -> None:
    assert not is_document_name(name)


@pytest.mark.parametrize("name", DAMAGES)
def test_a_link_to_a_file_with_a_damaged_opening_is_not_called_dangling(name: str, tmp_path: Path) -> None:
    library = example_library(tmp_path / "library").top
    known = [one for one in findings(library) if one["rule"] == "dangling-target"]
    (library / "repair-cafe.md").write_bytes(DAMAGES[name](REPAIR))
    found = findings(library)
    assert [one for one in found if one["rule"] == "dangling-target"] == known
    assert any(one["path"] == "repair-cafe.md" and one["level"] == "error" for one in found)


@pytest.mark.parametrize("name", FIXABLE)
def test_the_fix_of_an_opening_keeps_all_data(name: str, tmp_path: Path) -> None:
    path = tmp_path / "repair-cafe.md"
    path.write_bytes(FIXABLE[name](REPAIR))
    patternlint("--fix", "--no-cache", tmp_path, cwd=tmp_path)
    fixed, whole = (parse(Source("a.md", data), SPECS).pattern for data in (path.read_bytes(), REPAIR))
    assert fixed is not None
    assert whole is not None
    assert fixed.data == whole.data
    assert path.read_bytes().partition(b"\n---\n")[2] == REPAIR.partition(b"\n---\n")[2]
    assert not found_by_itself("repair-cafe.md", path.read_bytes())


@pytest.mark.parametrize("name", [name for name in FOR_A_PERSON if name != "a key glued to it"])
def test_an_opening_that_only_a_person_can_repair_is_left_as_it_is(name: str, tmp_path: Path) -> None:
    path = tmp_path / "repair-cafe.md"
    path.write_bytes(FOR_A_PERSON[name](REPAIR))
    patternlint("--fix", "--unsafe-fixes", "--no-cache", tmp_path, cwd=tmp_path)
    assert path.read_bytes() == FOR_A_PERSON[name](REPAIR)


def test_the_fix_of_an_opening_is_followed_by_those_that_it_makes_possible(tmp_path: Path) -> None:
    path = tmp_path / "repair-cafe.md"
    path.write_bytes(b"\n" + REPAIR.rstrip(b"\n"))
    patternlint("--fix", "--no-cache", tmp_path, cwd=tmp_path)
    assert path.read_bytes() == REPAIR


def test_an_opening_without_a_closing_line_is_not_fixed(tmp_path: Path) -> None:
    path = tmp_path / "repair-cafe.md"
    data = b"\n" + REPAIR.replace(b"\n---\n", b"\n")
    path.write_bytes(data)
    patternlint("--fix", "--no-cache", tmp_path, cwd=tmp_path)
    assert path.read_bytes() == data


@pytest.mark.parametrize("arguments", [("hook",), ("--since", "HEAD")])
@pytest.mark.parametrize("name", list(DAMAGES)[::4])
def test_the_change_that_damages_an_opening_is_stopped(name: str, arguments: tuple[str, ...], tmp_path: Path) -> None:
    repository = example_library(tmp_path / "library")
    (repository.top / "repair-cafe.md").write_bytes(DAMAGES[name](REPAIR))
    repository.git("add", "-A")
    result = patternlint(*arguments, "--output-format", "concise", cwd=repository.top)
    assert result.code == FINDINGS
    assert "repair-cafe.md:1:" in result.out


# --- Files that hold nothing of a pattern -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of thirty patterns in one folder."""
    return generate_library(tmp_path_factory.mktemp("many") / "library", 30)


def linked(library: Path) -> tuple[Path, Path]:
    """Return a pattern of a library and another one that is named in a link of it."""
    for path in sorted(library.rglob("*.md")):
        parsed = parse(Source(path.name, path.read_bytes()), SPECS)
        links = parsed.pattern.links if parsed.pattern is not None else ()
        for link in links:
            target = next(library.rglob(f"{link.target}.md"), None)
            if target is not None and target != path:
                return path, target
    pytest.fail("no pattern links to another one")


@pytest.mark.parametrize("name", NOT_PATTERNS)
def test_a_stray_file_among_patterns_is_reported_and_links_to_it_are_kept(name: str, many: Path) -> None:
    one, target = linked(many)
    saved, asking = target.read_bytes(), one.read_bytes()
    target.write_bytes(NOT_PATTERNS[name])
    try:
        found = findings(many)
        assert [each["rule"] for each in found if each["path"].endswith(target.name)] == ["stray-file"]
        about = [each for each in found if each["rule"] == "dangling-target" and target.stem in each["message"]]
        assert about
        for each in about:
            assert target.name in each["message"]
            assert "repair" in each["help"]
            assert each["fix"] is None
        patternlint("--fix", "--unsafe-fixes", "--no-cache", "--select", "dangling-target", cwd=many)
        assert one.read_bytes() == asking
        assert target.read_bytes() == NOT_PATTERNS[name]
    finally:
        target.write_bytes(saved)


def test_a_stray_file_is_reported_with_another_target(many: Path) -> None:
    one, target = linked(many)
    saved = target.read_bytes()
    target.write_bytes(b"")
    try:
        for _ in range(2):  # the second time from the cache
            patternlint(".", cwd=many)
            result = patternlint(one.relative_to(many), "--output-format", "concise", cwd=many)
            assert f"`{target.stem}` is the file" in result.out
            result = patternlint(target.relative_to(many), "--force-exclude", "--output-format", "concise", cwd=many)
            assert "[stray-file]" in result.out
    finally:
        target.write_bytes(saved)


def test_a_folder_of_pointers_is_not_silent(many: Path, tmp_path: Path) -> None:
    for path in list(many.rglob("*.md"))[:12]:
        (tmp_path / path.name).write_bytes(NOT_PATTERNS["a pointer"])
    (tmp_path / "README.md").write_text("# About\n")
    found = findings(tmp_path)
    assert [one["rule"] for one in found] == ["stray-file"] * 12


def test_files_about_a_library_are_no_strays(many: Path) -> None:
    for name in ABOUT:
        (many / name).write_text("")
    try:
        assert not [one for one in findings(many) if one["rule"] == "stray-file"]
    finally:
        for name in ABOUT:
            (many / name).unlink()


def test_a_page_in_a_folder_of_few_patterns_is_no_stray(tmp_path: Path) -> None:
    repository = example_library(tmp_path / "library")
    (repository.top / "about-us.md").write_text("# About us\n")
    for path in list(repository.top.glob("*-*.md"))[:4]:
        path.unlink()
    assert not [one for one in findings(repository.top) if one["rule"] == "stray-file"]


@pytest.mark.parametrize("arguments", [("hook",), ("--since", "HEAD"), ("--since", "HEAD", "--staged")])
@pytest.mark.parametrize("name", NOT_PATTERNS)
def test_a_change_that_makes_a_pattern_no_longer_one_is_stopped(
    name: str, arguments: tuple[str, ...], tmp_path: Path
) -> None:
    repository = example_library(tmp_path / "library")
    (repository.top / "repair-cafe.md").write_bytes(NOT_PATTERNS[name])
    repository.git("add", "-A")
    for _ in range(2):  # the second time from the cache
        result = patternlint(*arguments, "--output-format", "concise", cwd=repository.top)
        assert result.code == FINDINGS
        assert "repair-cafe.md:1:1: error [stray-file] file is no longer a pattern" in result.out
    repository.git("commit", "-qm", "damaged", "--no-verify")
    assert "stray-file" not in patternlint("--since", "HEAD", cwd=repository.top).out


@pytest.mark.parametrize("arguments", [("hook",), ("--since", "HEAD"), ("--since", "HEAD", "--staged")])
def test_a_change_that_ends_the_checks_of_a_pattern_is_stopped(arguments: tuple[str, ...], tmp_path: Path) -> None:
    repository = example_library(tmp_path / "library")
    (repository.top / "spec").mkdir()
    spec = 'version = "page"\ntitle = "Page"\n[mark]\nrank = -1\nany-key = ["page"]\n'
    (repository.top / "spec/spec.toml").write_text(spec, encoding="utf-8")
    (repository.top / "patternlint.toml").write_text('specs = ["spec"]\n', encoding="utf-8")
    path = repository.top / "repair-cafe.md"
    path.write_text(path.read_text(encoding="utf-8").replace("---\n", "---\npage: event\n", 1), encoding="utf-8")
    repository.git("add", "-A")
    for _ in range(2):  # the second time from the cache
        result = patternlint(*arguments, "--output-format", "concise", cwd=repository.top)
        assert result.code == FINDINGS
        [line] = [one for one in result.out.splitlines() if "[stray-file]" in one]
        assert line.startswith("repair-cafe.md:")
        assert (
            "file is no longer a pattern: its id selects the specification `page` instead of specification 8.2" in line
        )
    repository.git("commit", "-qm", "another kind", "--no-verify")
    assert "stray-file" not in patternlint("--since", "HEAD", cwd=repository.top).out


def test_a_change_of_the_id_that_makes_a_pattern_a_lighthouse_is_stopped(tmp_path: Path) -> None:
    repository = example_library(tmp_path / "library")
    path = repository.top / "repair-cafe.md"
    path.write_text(path.read_text(encoding="utf-8").replace("id: pat_", "id: lh_", 1), encoding="utf-8")
    repository.git("add", "-A")
    result = patternlint("hook", "--output-format", "concise", cwd=repository.top)
    assert result.code == FINDINGS
    assert "error [missing-key] missing key `implements`" in result.out


@pytest.mark.parametrize("prefix", ["lh", "ent"])
@pytest.mark.parametrize(
    "key", ["orbital_layer", "gravitational_hubs", "ontology", "graph_garden", "context_labels", "classification"]
)
def test_the_id_of_another_kind_in_a_pattern_is_an_error(key: str, prefix: str, tmp_path: Path) -> None:
    path = tmp_path / "laube.md"
    text = f"---\nid: {prefix}_01kq3v9hexfe5xw2m8b4n7c6ad\nslug: laube\n{key}: {{}}\n---\n\n# Laube\n"
    path.write_text(text, encoding="utf-8")
    [found] = [one for one in findings(tmp_path) if one["rule"] == "id-format"]
    assert found["level"] == "error"
    assert f"`{key}` is not one of its keys" in found["message"]


def test_what_is_left_alone_is_listed_with_the_reason(tmp_path: Path) -> None:
    repository = example_library(tmp_path / "library")
    shown = patternlint("--show-files", cwd=repository.top).out
    assert "README.md\tskipped: the file does not begin with `---`\n" in shown
    assert "repair-cafe.md\n" in shown
    messages = patternlint("--verbose", cwd=repository.top).err
    assert "skipped: README.md: the file does not begin with `---`" in messages


# --- The closing line -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rules_below", [True, False])
@pytest.mark.parametrize("line", ["...", "—", "–––", "--", "----", "***", "==="])
def test_a_damaged_closing_line_is_named(line: str, rules_below: bool) -> None:  # noqa: FBT001
    text = REPAIR.decode()
    head, _, tail = text.partition("\n---\n")
    tail = tail if rules_below else tail.replace("\n---\n", "\n")
    parsed = parse(Source("repair-cafe.md", f"{head}\n{line}\n{tail}".encode()), SPECS)
    assert parsed.problem is not None
    assert f"closed by `{line}`" in parsed.problem.message
    assert parsed.source.region(parsed.problem.span).line == head.count("\n") + 2


@pytest.mark.parametrize("rules_below", [True, False])
def test_where_a_missing_closing_line_belongs_is_named(rules_below: bool) -> None:  # noqa: FBT001
    head, _, tail = REPAIR.decode().partition("\n---\n")
    tail = tail if rules_below else tail.replace("\n---\n", "\n")
    parsed = parse(Source("repair-cafe.md", f"{head}\n{tail}".encode()), SPECS)
    assert parsed.problem is not None
    assert parsed.problem.message == "the front matter has no closing `---`"
    assert parsed.problem.other is not None
    assert parsed.source.region(parsed.problem.other).line == head.count("\n") + 1
    assert tail.lstrip().startswith(parsed.source.slice(parsed.problem.span))


def test_a_mistake_in_the_front_matter_is_not_taken_for_its_end() -> None:
    data = REPAIR.replace(b"license: ", b"license ")
    parsed = parse(Source("repair-cafe.md", data), SPECS)
    assert parsed.problem is not None
    assert "closing" not in parsed.problem.message


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "front-matter-opening"),
        ("Grüße\n".encode(), "front-matter-opening"),
        (b'+++\ntitle = "x"\n+++\n', "front-matter-opening"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xfe\0", "encoding"),
        (b"PNG\n\0\0\0\n", "encoding"),
    ],
)
def test_a_named_file_that_is_not_a_pattern_is_one_finding(tmp_path: Path, data: bytes, rule: str) -> None:
    (tmp_path / "a.md").write_bytes(data)
    assert [one["rule"] for one in findings(tmp_path, "a.md")] == [rule]


def test_yaml_between_plus_signs_is_named_as_such(tmp_path: Path) -> None:
    text = (EXAMPLES / "repair-cafe.md").read_text("utf-8").replace("---\n", "+++\n", 2)
    (tmp_path / "repair-cafe.md").write_text(text, "utf-8")
    (found,) = findings(tmp_path, "repair-cafe.md")
    assert found["rule"] == "front-matter-opening"
    assert "`+++`" in found["message"]
