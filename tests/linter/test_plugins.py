"""Rules and specs that others write: as a user adds them, by copying what the documentation shows."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from patternlint.project.config import parse_config
from tests.support.command import ROOT, answer, patternlint

PLUGIN = ROOT / "examples" / "plugin"
OWN_SPEC = ROOT / "examples" / "own-spec"
LIBRARY = ROOT / "examples" / "library"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def findings(*arguments: str, cwd: Path, packages: Path | None = None) -> list[dict[str, Any]]:
    run = patternlint if packages is None else partial(answer, packages=packages)
    result = run("--output-format", "json", *arguments, cwd=cwd)
    assert result.err == ""
    found: list[dict[str, Any]] = json.loads(result.out)["findings"]
    return found


def blocks(page: str, language: str) -> list[str]:
    """Return the code blocks of a page of the documentation."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return [code for kind, code in _BLOCK.findall(text) if kind == language]


# --- An installed package ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the example plug-in is installed into."""
    folder = tmp_path_factory.mktemp("plugin")
    source = folder / "source"
    shutil.copytree(PLUGIN, source)
    target = folder / "packages"
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
            *("--no-deps", "--no-build-isolation", "--target", target, source),
        ],
        stdin=subprocess.DEVNULL,
        check=True,
        timeout=300,
    )
    return target


def test_an_installed_plugin_is_found(installed: Path, tmp_path: Path) -> None:
    listed = json.loads(answer("rules", "--format", "json", cwd=tmp_path, packages=installed).out)
    mine = {one["name"]: one for one in listed if one["plugin"] == "orchard"}
    assert set(mine) == {"orchard/idle-hub", "orchard/plain-words"}
    assert mine["orchard/plain-words"]["group"] == "style"
    assert mine["orchard/plain-words"]["fix"] == "unsafe"
    assert mine["orchard/idle-hub"]["scope"] == "library"
    assert "orchard/" not in patternlint("rules", cwd=tmp_path).out


def test_the_rules_of_a_plugin_look_at_patterns(installed: Path, tmp_path: Path) -> None:
    shutil.copytree(LIBRARY, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "repair-cafe.md"
    path.write_text(path.read_text(encoding="utf-8").replace("people who can mend", "people utilise"), encoding="utf-8")
    [plain] = findings("--select", "orchard/plain-words", cwd=tmp_path, packages=installed)
    assert (plain["path"], plain["line"], plain["level"]) == ("repair-cafe.md", 19, "info")
    assert findings("--select", "orchard", cwd=tmp_path, packages=installed) == [plain]
    (tmp_path / "patternlint.toml").write_text(
        'select = ["orchard"]\nlevels = { "orchard/plain-words" = "error" }\n'
        '[options."orchard/plain-words"]\nwords = ["coffee"]\n'
    )
    strict = findings(cwd=tmp_path, packages=installed)
    assert [one["message"] for one in strict] == ["`utilise` is not a plain word", "`coffee` is not a plain word"]
    assert {one["level"] for one in strict} == {"error"}
    silenced = path.read_text(encoding="utf-8").replace(
        "summary: >-", "# patternlint: ignore-file[orchard/plain-words] a name\nsummary: >-"
    )
    path.write_text(silenced, encoding="utf-8")
    assert findings(cwd=tmp_path, packages=installed) == []


def test_the_examples_of_a_plugin_are_run(installed: Path, tmp_path: Path) -> None:
    done = answer("test", cwd=tmp_path, packages=installed)
    assert done.code == 0
    assert done.out.splitlines() == [
        "passed orchard/idle-hub (3 examples)",
        "passed orchard/plain-words (3 examples)",
        "2 rules: all examples passed",
    ]


def test_a_plugin_has_pages(installed: Path, tmp_path: Path) -> None:
    page = answer("rule", "orchard/plain-words", cwd=tmp_path, packages=installed).out
    assert "- Group: **style**, from **orchard**" in page
    assert '[options."orchard/plain-words"]' in page


@pytest.mark.parametrize(
    ("module", "words"),
    [
        (
            "raise RuntimeError('no')",
            "the rules in patternlint_orchard.style.plain_words cannot be loaded: RuntimeError",
        ),
        (
            "from patternlint.rule import Example, Rule, Severity\n\n\n"  # noqa: ISC004 - one text
            "class Stray(Rule):\n    'Holds.'\n\n"
            "    name = 'stray'\n    severity = Severity.INFO\n    why = 'So.'\n"
            "    bad = (Example('«»slug: a'),)\n    good = (Example('slug: a'),)\n",
            "has the name `stray`, which does not start with `orchard/`",
        ),
    ],
    ids=["one that raises", "one with a stranger's name"],
)
def test_a_broken_plugin_is_one_sentence(installed: Path, tmp_path: Path, module: str, words: str) -> None:
    packages = tmp_path / "packages"
    shutil.copytree(installed, packages)
    (packages / "patternlint_orchard" / "style" / "plain_words.py").write_text(module)
    done = answer("rules", cwd=tmp_path, packages=packages)
    assert done.code == 2
    assert words in done.err
    assert done.err.count("\n") == 1


# --- A folder of the project ------------------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with the rule of its own that the documentation shows."""
    folder = tmp_path / "lint" / "rules" / "style"
    folder.mkdir(parents=True)
    (tmp_path / "patternlint.toml").write_text('rules = ["lint/rules"]\n')
    (folder / "plain_words.py").write_text(blocks("own-rules.md", "python")[0], encoding="utf-8")
    return tmp_path


def test_the_rule_that_the_documentation_shows_works(project: Path) -> None:
    done = patternlint("test", cwd=project)
    assert (done.code, done.out) == (
        0,
        "passed plain-words (2 examples)\n1 rule: all examples passed\n",
    )
    (project / "pattern.md").write_text('---\nslug: café\ntitle: "Synergy"\nontology: {}\n---\n', encoding="utf-8")
    [found] = findings("--select", "style", cwd=project)
    assert (found["rule"], found["line"], found["column"], found["end_column"]) == ("plain-words", 3, 8, 17)


def test_examples_that_are_not_as_they_say_are_named(project: Path) -> None:
    path = project / "lint" / "rules" / "style" / "plain_words.py"
    path.write_text(
        path.read_text(encoding="utf-8").replace("Repair Café", "Synergy").replace("«", "").replace("»", "")
    )
    done = patternlint("test", cwd=project)
    assert done.code == 1
    assert done.out.startswith(f"FAILED plain-words ({path})\n")
    assert "  bad example 1: no span is marked with «»" in done.out
    assert "  good example 1: the rule reports it" in done.out
    assert done.out.endswith("1 rule: 1 failed\n")


MENDING = """
from patternlint.rule import DeclaredChange, Diagnostic, Example, Fix, Pattern, Replacement, Rule, Safety, Severity


class PlainWords(Rule):
    \"\"\"Titles are plain.\"\"\"

    name = "plain-words"
    severity = Severity.INFO
    why = "The title is read first."
    bad = (Example("title: «Synergy»\\n", "---\\ntitle: Café\\n---\\n"),)
    good = (Example("title: Café\\n"),)

    def check(self, pattern):
        node = pattern.get("title")
        if node is not None and "Synergy" in str(node.value):
            fix = Fix("write Café", Safety.SAFE, (Replacement(node.span, "Café"),), (DeclaredChange(("title",)),))
            yield self.at(pattern, node.span, "no plain word", route=("title",), help="say it plainly", fix=fix)
"""


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("", "", None),
        ("«Synergy»", "«Syn»ergy", "expected diagnostics at example.md[11:14] 'Syn', got example.md[11:18] 'Synergy'"),
        ("«Synergy»", "«Harmony»", "the rule reports nothing"),
        ("no plain", "No plain", "the message starts with a capital letter: 'No plain word'"),
        ("plain word", "plain word.", "the message ends with a full stop: 'no plain word.'"),
        ('"title: Café', '"title: «Café»', "a good example must not have marks"),
        ('»\\n", "---\\ntitle: Café\\n---\\n"', '»\\n"', "the rule has a fix, but the example has no `fixed`"),
        (", fix=fix", "", "the example has `fixed`, but the rule has no fix"),
        ("Safety.SAFE", "Safety.UNSAFE", "the fix is unsafe, but the example has `unsafe=False`"),
        (
            '"---\\ntitle: Café',
            '"---\\ntitle: Cafe',
            "example.md is fixed to\n---\ntitle: Café\n---\n\ninstead of\n---\n",
        ),
        (
            ', (DeclaredChange(("title",)),)',
            "",
            "the fix of example.md would be rejected: it would change `title`, which it does not declare",
        ),
        ("Café", "Synergy Café", "the fixed text still violates the rule: no plain word"),
        ('node.span, "Café"', 'node.span, str(node.value) + "!"', "applying the fix again changes the text"),
        ("if node", "1 / 0\n        if node", "unexpected diagnostic of broken-rule"),
    ],
)
def test_errors_in_an_example_are_reported(project: Path, old: str, new: str, problem: str | None) -> None:
    path = project / "lint" / "rules" / "style" / "plain_words.py"
    path.write_text(MENDING.replace(old, new), encoding="utf-8")
    done = patternlint("test", cwd=project)
    assert (done.code == 0) == (problem is None)
    assert (problem or "all examples passed") in done.out.replace("\n  ", "\n")


def test_built_in_rules_can_be_tested_too(tmp_path: Path) -> None:
    done = patternlint("test", "slug-format", cwd=tmp_path)
    assert done.out.endswith("1 rule: all examples passed\n")


# --- A spec of the project --------------------------------------------------------------------------------------------


def in_own_spec(folder: Path) -> dict[str, set[str]]:
    """Return the names of the rules with findings in each file of a copy of the example."""
    found: dict[str, set[str]] = {}
    for one in findings(cwd=folder):
        found.setdefault(one["path"], set()).add(one["rule"])
    return found


@pytest.fixture
def own_spec(tmp_path: Path) -> Path:
    folder = tmp_path / "ours"
    shutil.copytree(OWN_SPEC, folder)
    return folder


def test_the_example_of_an_own_spec(own_spec: Path) -> None:
    assert in_own_spec(own_spec) == {
        "patterns/borrowed-garden.md": {"dangling-target", "invalid-enum", "missing-key", "section-missing"}
    }
    messages = [one["message"] for one in findings(cwd=own_spec)]
    assert "missing key `steward`" in messages
    assert any("`tryal`" in message for message in messages)
    assert any("`evening-markt`" in message for message in messages)
    assert any("Costs" in message for message in messages)


def test_a_file_without_a_mistake_has_none_in_the_strictest_run_but_the_length_of_its_sections(own_spec: Path) -> None:
    found = findings(
        "--pedantic", "--ignore", "section-length,sector-label", "patterns/evening-market.md", cwd=own_spec
    )
    assert found == []


def test_the_schema_of_an_own_spec_is_for_editors_too(own_spec: Path) -> None:
    schema = json.loads(patternlint("schema", "9.0", cwd=own_spec).out)
    assert "steward" in schema["required"]
    assert "steward" in schema["properties"]
    assert "trial" in schema["properties"]["lifecycle"]["properties"]["status"]["enum"]
    assert "inspired_by" in schema["properties"]["relationships"]["properties"]


def test_the_schema_of_an_own_spec_does_not_take_the_name_of_the_one_that_it_adds_to(own_spec: Path) -> None:
    schema = json.loads(patternlint("schema", "9.0", cwd=own_spec).out)
    assert schema["title"] == "Our pattern specification 9.0"
    assert schema["description"] == "The whole front matter by: Our pattern specification 9.0."
    assert "$id" not in schema
    named = {"$id": "https://example.org/pattern", "title": "Ours"}
    (own_spec / "spec-9.0" / "pattern.schema.json").write_text(json.dumps(named))
    assert named.items() <= json.loads(patternlint("schema", "9.0", cwd=own_spec).out).items()
    assert json.loads(patternlint("schema", "8.2", cwd=own_spec).out)["title"] == "Pattern (specification 8.2)"


def test_an_own_spec_can_be_built_from_the_documentation_alone(own_spec: Path) -> None:
    """Every piece is taken from the page in the order of the page, as a reader would copy it."""
    for path in (own_spec / "spec-9.0").iterdir():
        path.unlink()
    config, start, group, section, types = (
        next(block for block in blocks("own-spec.md", "toml") if part in block)
        for part in ('specs = ["spec-9.0"]', 'extends = "8.2"', '"steward"', '"Costs"', 'types = ["inspired_by"]')
    )
    steward, reviewed, status, relationship, nothing = (
        next(block for block in blocks("own-spec.md", "json") if part in block)
        for part in ('"steward"', '"reviewed_by"', '"trial"', '"inspired_by"', '"usage_stage"')
    )
    (own_spec / "patternlint.toml").write_text(config)
    folder = own_spec / "spec-9.0"
    spec = folder / "spec.toml"
    before = {"patterns/borrowed-garden.md", "patterns/evening-market.md"}

    spec.write_text(start)
    assert set(in_own_spec(own_spec)) == before
    assert "unknown-key" in in_own_spec(own_spec)["patterns/evening-market.md"]

    spec.write_text(start + group + section + types)
    (folder / "provenance.schema.json").write_text(steward)
    (folder / "lifecycle.schema.json").write_text(status)
    (folder / "relationships.schema.json").write_text(relationship)
    assert in_own_spec(own_spec) == {
        "patterns/borrowed-garden.md": {"dangling-target", "invalid-enum", "missing-key", "section-missing"}
    }

    (folder / "lifecycle.schema.json").write_text(reviewed)
    missing = [one["message"] for one in findings("--select", "missing-key", cwd=own_spec)]
    assert sum("`reviewed_by`" in message for message in missing) == 2

    (folder / "lifecycle.schema.json").write_text(nothing)
    market = own_spec / "patterns" / "evening-market.md"
    market.write_text(
        market.read_text(encoding="utf-8").replace("status: trial", "status: trial\n  usage_stage: design")
    )
    unknown = [one["message"] for one in findings("--select", "unknown-key", cwd=own_spec)]
    assert len(unknown) == 1
    assert "usage_stage" in unknown[0]


# --- What the documentation says about settings -----------------------------------------------------------------------


@pytest.mark.parametrize("page", ["configuration.md", "../README.md"])
def test_the_configs_that_the_documentation_shows_are_good(page: str, tmp_path: Path) -> None:
    shown = blocks(page, "toml")
    assert shown
    (tmp_path.parent / "shared-patterns").mkdir(exist_ok=True)
    for text in shown:
        shutil.rmtree(tmp_path)
        shutil.copytree(LIBRARY, tmp_path)
        (tmp_path / "patternlint.toml").write_text(text, encoding="utf-8")
        done = patternlint(cwd=tmp_path)
        assert (done.err, done.code) == ("", 1)


def test_a_config_is_data() -> None:
    assert parse_config({"select": ["body"]}, lambda _: "a test").select == ("body",)
