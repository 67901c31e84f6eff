"""What the command line advises works when it is typed."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.support.command import ERROR, FINDINGS, OK, ROOT, patternlint
from tests.support.repository import Repository

EXAMPLES = ROOT / "examples/library"
PATTERN = EXAMPLES / "small-circles.md"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLES, tmp_path / "library"))


def own_library(folder: Path) -> Path:
    """Write a library with a spec that has nothing of the built-in ones, and return its folder."""
    (folder / "spec").mkdir(parents=True)
    (folder / "spec/spec.toml").write_text(
        'version = "adr"\ntitle = "Decision"\n[mark]\nrank = 5\nany-key = ["status"]\n'
        '[[groups]]\nname = "page"\nkeys = ["slug", "title", "status", "deciders", "note", "slip"]\noptional = ["slip"]\n'
        '[[body.sections]]\ntitle = "Context"\nwords = [0, 9]\n[defaults]\ntitle = "title: {{title}}"\n'
    )
    schema = {"properties": {"status": {"enum": ["draft", "final"]}, "deciders": {"type": "array"}}}
    (folder / "spec/page.schema.json").write_text(json.dumps(schema))
    (folder / "patternlint.toml").write_text('specs = ["spec"]\nspec = "adr"\npatterns = ["p/*.md"]\n')
    (folder / "p").mkdir()
    return folder


def test_the_flags_behind_a_fix_work_when_they_are_typed(library: Path) -> None:
    shown = re.sub(r"\n +(?=--)", " ", patternlint("--no-cache", cwd=library).out)  # a long line is folded
    flags = set(re.findall(r"\((--[^)]*fix[^)]*)\)", shown)) | set(
        re.findall(r"(?:with|more with) (--[\w -]+?)(?:,|\n)", shown)
    )
    assert flags == {"--fix", "--fix --unsafe-fixes"}
    for one in flags:
        result = patternlint("--no-cache", *one.split(), cwd=library)
        assert result.code in (OK, FINDINGS)
        assert result.err == ""


def test_the_refusal_of_unsafe_fixes_alone_names_a_command_that_works(library: Path) -> None:
    result = patternlint("--unsafe-fixes", cwd=library)
    assert result.code == ERROR
    assert "write `--fix --unsafe-fixes`" in result.err


@pytest.mark.parametrize("word", ["fix", "help", "version", "lint"])
def test_the_command_of_another_program_names_the_one_to_type(library: Path, word: str) -> None:
    result = patternlint(word, cwd=library)
    assert result.code == ERROR
    meant = re.search(r"did you mean `patternlint ?([^`>]*)", result.err)
    assert meant is not None
    assert patternlint(*meant[1].split(), cwd=library).code in (OK, FINDINGS)


def test_the_settings_that_config_prints_are_a_config(library: Path) -> None:
    (library / "patternlint.toml").write_text(patternlint("config", cwd=library).out)
    assert patternlint("--no-cache", cwd=library).code == FINDINGS


@pytest.mark.parametrize(("in_config", "flags"), [("", ("--max-warnings", "0")), ("max-warnings = 0\n", ())])
def test_too_many_warnings_say_why_the_exit_code_is_1(library: Path, in_config: str, flags: tuple[str, ...]) -> None:
    (library / "patternlint.toml").write_text(f'select = ["overall-score-mean"]\n{in_config}')
    result = patternlint("--no-cache", *flags, cwd=library)
    assert result.code == FINDINGS
    assert result.out.endswith("allows 0: exit code 1\n")
    assert "exit code" not in patternlint("--no-cache", "--max-warnings", "9", cwd=library).out


def test_the_first_run_over_an_old_library_ends_with_two_commands_that_help(tmp_path: Path) -> None:
    folder = tmp_path / "an old library"
    folder.mkdir()
    (folder / "patternlint.toml").write_text("")
    for number in range(40):
        (folder / f"p-{number}.md").write_text(
            f"---\nid: pat_{number}\nslug: p-{number}\nontology: {{}}\n---\n\nText\n"
        )
    first = patternlint("--no-cache", folder, cwd=tmp_path).out
    commands = [shlex.split(line, comments=True) for line in first.splitlines() if line.startswith("  patternlint ")]
    assert [command[1] for command in commands] == ["--fix", "baseline"]
    for command in commands:
        assert patternlint(*command[1:], "--no-cache", cwd=tmp_path).code in (OK, FINDINGS)
    assert patternlint("--no-cache", folder, cwd=tmp_path).code == OK
    assert "to adopt patternlint" not in patternlint("--no-cache", folder, cwd=tmp_path).out


def test_few_findings_need_no_first_steps(library: Path) -> None:
    assert "to adopt patternlint" not in patternlint("--no-cache", cwd=library).out


@pytest.mark.parametrize(
    "title", ["1e3", "2024", "True", "012", "null", "0x1f", "My: thing # 1", "Größe \"so\" \\ 'x'"]
)
@pytest.mark.parametrize("spec", ["7.1", "8.2", "adr"])
def test_a_new_pattern_has_text_where_text_belongs(tmp_path: Path, title: str, spec: str) -> None:
    folder = own_library(tmp_path)
    text = patternlint("new", title, "--spec", spec, "--stdout", cwd=folder).out
    data = yaml.safe_load(text.split("---\n")[1])
    assert data["title"] == title
    assert isinstance(data["slug"], str)
    assert patternlint("new", title, "--spec", spec, "--into", "p", cwd=folder).code == OK
    found = patternlint(
        "--no-cache", "--select", "file,schema,layout,slug-filename", "p", "--config", "patternlint.toml", cwd=folder
    )
    assert "ambiguous-scalar" not in found.out
    assert "wrong-type" not in found.out


def test_a_new_pattern_of_an_own_spec_has_nothing_of_others(tmp_path: Path) -> None:
    text = patternlint("new", "My thing", "--stdout", cwd=own_library(tmp_path)).out
    assert text == (
        '---\nslug: my-thing\ntitle: My thing\nstatus: draft\ndeciders: []\nnote: ""\n---\n\n'
        "### Section 1: Context\n\n[Write this section.]\n"
    )


def test_a_new_pattern_follows_the_spec_of_most_patterns(library: Path) -> None:
    for path in library.glob("*.md"):
        if "\norbital_layer:" in path.read_text(encoding="utf-8", errors="replace"):
            path.unlink()
    assert "orbital_layer" not in patternlint("new", "A", "--stdout", cwd=library).out
    shutil.rmtree(library)
    shutil.copytree(EXAMPLES, library)
    assert "orbital_layer" in patternlint("new", "A", "--stdout", cwd=library).out  # seven of thirteen
    (library / "sub").mkdir()
    assert (
        "orbital_layer" not in patternlint("new", "A", "--stdout", "--into", "sub", cwd=library).out
    )  # 7.1, by default


def test_id_makes_ids(tmp_path: Path) -> None:
    ids = patternlint("id", "--count", "3", cwd=tmp_path).out.split()
    assert len(set(ids)) == 3
    assert all(re.fullmatch(r"pat_[0-7][0-9a-hjkmnp-tv-z]{25}", one) for one in ids)
    assert patternlint("id", "--prefix", "lh", cwd=tmp_path).out.startswith("lh_")
    assert "did you mean `ent`?" in patternlint("id", "--prefix", "entt", cwd=tmp_path).err


def test_rules_show_the_level_that_the_config_gives(library: Path) -> None:
    (library / "patternlint.toml").write_text('ignore = ["orphan"]\nlevels = { core-conflict = "error" }\n')
    out = patternlint("rules", cwd=library).out
    lines = {line.split()[0]: line for line in out.splitlines() if line.startswith("  ")}
    assert lines["orphan"].split()[1] == "off"
    assert lines["orphan"].endswith("(default: info)")
    assert lines["core-conflict"].split()[1] == "error"
    assert "default" not in lines["slug-format"]
    data = {one["name"]: one for one in json.loads(patternlint("rules", "--format", "json", cwd=library).out)}
    assert (data["orphan"]["level"], data["orphan"]["configured_level"]) == ("info", "off")


@pytest.mark.parametrize("flag", ["--fix", "--fix-only"])
def test_show_fixes_names_the_files_and_the_rules(library: Path, flag: str) -> None:
    out = patternlint("--no-cache", flag, "--show-fixes", cwd=library).out
    assert re.search(r"^fixed [\w-]+\.md: overall-score-mean$", out, re.MULTILINE)
    assert "fixed " not in patternlint("--no-cache", "--fix", "--show-fixes", cwd=library).out


@pytest.mark.parametrize("name", ["json", "sarif", "gitlab", "rdjson"])
def test_a_report_of_fix_only_is_valid_and_counts_the_fixes(library: Path, name: str) -> None:
    result = patternlint("--no-cache", "--fix-only", "--show-fixes", "--output-format", name, cwd=library)
    report = json.loads(result.out)
    assert result.code == OK
    if name == "json":
        assert report["summary"]["fixed"] >= 1
        assert report["findings"] == []


@pytest.mark.parametrize("name", ["json", "github", "junit", "concise"])
def test_a_report_of_fix_only_names_the_fixes_that_were_not_applied(library: Path, name: str) -> None:
    paths = [library / f"{slug}.md" for slug in ("repair-cafe", "shared-tool-library", "small-circles")]
    for path in paths:
        path.write_text(f"{path.read_text(encoding='utf-8')}\n\n", encoding="utf-8")
    paths[0].chmod(0o444)
    result = patternlint("--no-cache", "--fix-only", "--output-format", name, cwd=library)
    assert result.code == FINDINGS
    assert "it is read-only" in result.out
    assert [path for path in paths if path.read_bytes().endswith(b"\n\n")] == paths[:1]
    if name == "json":
        report = json.loads(result.out)
        assert [(one["path"], one["rule"]) for one in report["findings"]] == [(paths[0].name, "refused-fix")]
        assert report["summary"]["fixed"] >= len(paths) - 1
    elif name == "junit":
        assert ET.fromstring(result.out).tag == "testsuites"  # noqa: S314 - of our own


def test_only_new_fixes_what_the_change_introduced(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    path = tmp_path / PATTERN.name
    text = PATTERN.read_text(encoding="utf-8")
    path.write_text(text.replace("\n---\n", "  \n---\n", 1), encoding="utf-8")  # trailing spaces
    repository.git("init", "-q")
    repository.git("add", ".")
    repository.git("commit", "-qm", "old")
    before = path.read_text(encoding="utf-8")
    path.write_text(before.rstrip("\n") + "\n\n\n", encoding="utf-8")
    out = patternlint(
        "--no-cache", "--fix-only", "--since", "HEAD", "--only-new", "--show-fixes", "--select", "layout", cwd=tmp_path
    ).out
    assert out.startswith(f"fixed {PATTERN.name}: final-newline\n")
    assert path.read_text(encoding="utf-8") == before
    assert patternlint("--no-cache", "--select", "trailing-space", "--fail-on", "info", cwd=tmp_path).code == FINDINGS
    refused = patternlint("--fix", "--only-new", cwd=tmp_path)
    assert (refused.code, "--since HEAD" in refused.err) == (ERROR, True)


def test_the_edits_of_the_json_report_are_the_fix(library: Path) -> None:
    schema = json.loads((ROOT / "schemas/report-1.schema.json").read_text())
    report = json.loads(patternlint("--no-cache", "--output-format", "json", cwd=library).out)
    Draft202012Validator(schema).validate(report)
    safe = [one for one in report["findings"] if one["fix"] and one["fix"]["safety"] == "safe"]
    assert safe
    for finding in safe:
        for edit in reversed(finding["fix"]["edits"]):
            path = library / edit["path"]
            text = path.read_bytes().decode()
            path.write_bytes((text[: edit["start"]] + edit["text"] + text[edit["end"] :]).encode())
    by_hand = {path.name: path.read_bytes() for path in library.glob("*.md")}
    shutil.rmtree(library)
    shutil.copytree(EXAMPLES, library)
    patternlint("--no-cache", "--fix", cwd=library)
    assert by_hand == {path.name: path.read_bytes() for path in library.glob("*.md")}


# --- Help that shows the YAML to write --------------------------------------------------------------------------------


def helps(folder: Path, text: str) -> dict[str, str]:
    """Return the help of each finding of the schema in a pattern of 7.1, by rule and route."""
    (folder / "a.md").write_text(f"---\nid: pat_1\nslug: a\n{text}---\n\nText.\n", encoding="utf-8")
    out = patternlint("--no-cache", "--select", "schema", "--output-format", "json", "a.md", cwd=folder).out
    found: list[dict[str, Any]] = json.loads(out)["findings"]
    return {f"{one['rule']} {one['route']}": one["help"] for one in found}


def test_help_shows_the_yaml_to_write(tmp_path: Path) -> None:
    text = (
        "title: 2030\naliases: Bench, Stoop\ncontributors:\nontology: {}\nlifecycle: {version: 0.1}\n"
        "relationships:\n  enables:\n    - seed-library\n"
    )
    found = helps(tmp_path, text)
    assert found["wrong-type title"] == 'add double quotes: `title: "2030"`'
    assert found["wrong-type aliases"] == 'write `aliases: ["Bench", "Stoop"]`'
    assert found["missing-key lifecycle.status"].startswith("add a line such as `status: draft` under `lifecycle`")
    assert found["item-shape relationships.enables[0]"].startswith(
        "write `- slug: seed-library`, and below it `weight:"
    )


def test_help_for_a_missing_id_names_the_command_that_makes_one(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\nslug: a\nontology: {}\n---\n\nText.\n")
    result = patternlint("--no-cache", "--select", "missing-key", "a.md", cwd=tmp_path)
    assert "run `patternlint id`, and add `id:` with the id that it prints" in result.out
