"""`patternlint init`, through the command: what it writes for libraries of many kinds."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import ERROR, FINDINGS, OK, ROOT, patternlint
from tests.support.real_files import CORPUS

Library = Callable[[Mapping[str, str]], Path]
TEXT = "There is enough text here.\n"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """Return a function that writes files to a folder, and returns it."""

    def write(files: Mapping[str, str]) -> Path:
        for name, text in files.items():
            path = tmp_path / "cookbook" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        (tmp_path / "cookbook").mkdir(exist_ok=True)
        return tmp_path / "cookbook"

    return write


def record(front: str = "", body: str = f"\n{TEXT}") -> str:
    """Return the text of a file."""
    return f"---\n{front}---\n{body}" if front else body.lstrip("\n")


def recipes(count: int, front: str = "title: Dish {0}\ncourse: main\n", body: str = f"\n{TEXT}") -> dict[str, str]:
    """Return files that differ by a number, which stands in `front` and `body` as `{0}`."""
    return {f"recipes/dish-{n}.md": record(front.format(n), body.format(n)) for n in range(1, count + 1)}


def drafted(folder: Path, *arguments: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Draft a specification, and return it with the schema of its front matter."""
    result = patternlint("init", "--spec", *arguments, cwd=folder)
    assert (result.code, result.err) == (OK, "")
    (path,) = (folder / "specs").glob("*/spec.toml")
    schema = path.with_name("header.schema.json")
    spec = tomllib.loads(path.read_text(encoding="utf-8"))
    return spec, json.loads(schema.read_text(encoding="utf-8")) if schema.exists() else {}


def properties(folder: Path, *arguments: str) -> dict[str, Any]:
    """Return what a drafted schema says about each key, without the comment."""
    described = drafted(folder, *arguments)[1]["properties"]
    return {key: {word: one for word, one in found.items() if word != "$comment"} for key, found in described.items()}


def report(folder: Path) -> tuple[int, dict[str, set[str]]]:
    """Return the number of records of a library, and the rules with findings by file."""
    result = patternlint("--no-cache", "--output-format", "json", cwd=folder)
    assert result.code in (OK, FINDINGS), result.err
    found = json.loads(result.out)
    rules: dict[str, set[str]] = {}
    for one in found["findings"]:
        rules.setdefault(one["path"], set()).add(one["rule"])
    return sum(found["summary"]["patterns"].values()), rules


# --- The configuration ------------------------------------------------------------------------------------------------


def test_the_configuration_names_the_built_in_specifications_in_use(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ROOT / "examples/library", tmp_path / "library"))
    before = report(folder)
    assert patternlint("init", cwd=folder).out == "wrote patternlint.toml\n"
    text = (folder / "patternlint.toml").read_text()
    assert tomllib.loads(text) == {"builtin-specs": ["7.1", "8.2"]}
    assert '"7.1", # 6 files' in text
    assert report(folder) == before


@pytest.mark.parametrize("files", [{}, {"a.md": "# Notes\n"}])
def test_a_library_of_another_kind_gets_advice_to_draft_one(library: Library, files: Mapping[str, str]) -> None:
    folder = library(files)
    result = patternlint("init", cwd=folder)
    assert result.code == OK
    assert "patternlint init --spec" in result.out
    assert tomllib.loads((folder / "patternlint.toml").read_text()) == {}


def test_nothing_is_overwritten_without_a_word(library: Library) -> None:
    folder = library({"patternlint.toml": "pedantic = true\n", **recipes(2)})
    result = patternlint("init", cwd=folder)
    assert (result.code, result.out) == (ERROR, "")
    assert result.err == "patternlint: patternlint.toml already exists; pass --force to replace it\n"
    assert (folder / "patternlint.toml").read_text() == "pedantic = true\n"
    assert patternlint("init", "--force", cwd=folder).code == OK
    assert "pedantic" not in (folder / "patternlint.toml").read_text()


def test_settings_in_pyproject_count_as_a_configuration(library: Library) -> None:
    folder = library({"pyproject.toml": "[tool.patternlint]\npedantic = true\n", **recipes(2)})
    result = patternlint("init", cwd=folder)
    assert result.code == ERROR
    assert "pyproject.toml already has a table `tool.patternlint`" in result.err


def test_paths_need_a_specification_to_draft(library: Library) -> None:
    result = patternlint("init", "recipes", cwd=library(recipes(2)))
    assert result.code == ERROR
    assert "add --spec" in result.err


# --- The files of a draft ---------------------------------------------------------------------------------------------


def test_a_draft_fits_at_once(library: Library) -> None:
    folder = library(recipes(3))
    result = patternlint("init", "--spec", cwd=folder)
    assert result.out.splitlines() == [
        "wrote patternlint.toml",
        "wrote specs/recipe/spec.toml",
        "wrote specs/recipe/header.schema.json",
        "drafted from 3 files: recipes/*.md",
    ]
    assert report(folder) == (3, {})


def test_a_configuration_without_settings_is_replaced(library: Library) -> None:
    folder = library(recipes(3))
    assert patternlint("init", cwd=folder).code == OK
    assert patternlint("init", "--spec", cwd=folder).code == OK
    assert report(folder) == (3, {})


def test_a_configuration_with_settings_is_kept(library: Library) -> None:
    folder = library({"patternlint.toml": "pedantic = true\n", **recipes(3)})
    result = patternlint("init", "--spec", cwd=folder)
    assert (
        "patternlint.toml was not changed; to enable the specification, add:\n"
        'specs = ["specs/recipe"]\nbuiltin-specs = false\n'
    ) in result.out
    assert (folder / "patternlint.toml").read_text() == "pedantic = true\n"


def test_an_existing_specification_is_kept(library: Library) -> None:
    folder = library({"specs/recipe/spec.toml": "# mine\n", **recipes(3)})
    result = patternlint("init", "--spec", cwd=folder)
    assert result.err == "patternlint: specs/recipe/spec.toml already exists; pass --force to replace it\n"
    assert [path.name for path in folder.iterdir()] == ["specs", "recipes"] or not (
        folder / "patternlint.toml"
    ).exists()


def test_a_draft_that_cannot_be_written_leaves_no_configuration(library: Library) -> None:
    folder = library({"specs": "", **recipes(3)})
    result = patternlint("init", "--spec", cwd=folder)
    assert (result.code, result.out) == (ERROR, "")
    assert len(result.err.splitlines()) == 1
    assert not (folder / "patternlint.toml").exists()


def test_a_draft_is_written_in_the_folder_of_the_library(library: Library) -> None:
    folder = library(recipes(3))
    (folder / "else").mkdir()
    result = patternlint("init", "--spec", "dish", "../recipes", cwd=folder / "else")
    assert (result.code, result.out) == (ERROR, "")
    assert result.err.endswith(
        "recipes is not in the current folder; run `patternlint init` in the folder of the library\n"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="file names are not bytes")
def test_files_whose_names_are_not_utf_8_are_left_out(library: Library) -> None:
    folder = library(recipes(3))
    (folder / "recipes" / os.fsdecode(b"caf\xe9.md")).write_text(record("title: Coffee\ncourse: main\n"))
    result = patternlint("init", "--spec", cwd=folder)
    assert (result.code, result.err) == (OK, "")
    assert result.out.endswith("drafted from 3 files: recipes/*.md\n")


def test_two_drafts_are_the_same(library: Library) -> None:
    folder = library(recipes(7))
    drafted(folder)
    first = {path: path.read_bytes() for path in folder.rglob("*.*") if path.is_file()}
    drafted(folder, "--force")
    assert {path: path.read_bytes() for path in folder.rglob("*.*") if path.is_file()} == first


def test_the_largest_set_of_similar_files_is_drafted_from(library: Library) -> None:
    others = {f"people/{name}.md": record(f"born: 19{n}0\n") for n, name in enumerate(("ada", "grace"))}
    more = {f"soups/{n}.md": record(f"title: Soup {n}\ncourse: soup\n") for n in range(1, 4)}
    folder = library({"README.md": "# Cookbook\n", **others, **recipes(5), **more})
    result = patternlint("init", "--spec", cwd=folder)
    assert (
        result.out.splitlines()[-2:]
        == [
            "drafted from 8 files: recipes/*.md, soups/[0-9]*.md",
            "left out: 2 files in people, 1 file in .; `patternlint init --spec NAME FOLDER` drafts from another folder",
        ]
        or "drafted from 8 files: recipes/*.md, soups/*.md" in result.out
    )
    assert report(folder)[0] == 8


def test_a_folder_can_be_chosen(library: Library) -> None:
    folder = library({"people/ada.md": record("born: 1815\n"), **recipes(5)})
    spec, _ = drafted(folder, "person", "people")
    assert (spec["version"], spec["noun"], spec["files"]) == ("person", "person", ["people/*.md"])


@pytest.mark.parametrize(
    ("files", "globs"),
    [
        (
            {"decisions/README.md": "# All\n", "decisions/0001-a.md": TEXT, "decisions/0002-b.md": TEXT},
            ["decisions/[0-9]*.md"],
        ),
        ({"notes/README.md": "# All\n", "notes/a.md": TEXT, "notes/b.md": TEXT}, ["notes/*.md", "!notes/README.md"]),
        ({"ADR-001.md": TEXT, "ADR-002.md": TEXT, "ADR-003.md": TEXT}, ["/*.md"]),
        ({"a [1]/b.md": TEXT, "a [1]/c.md": TEXT}, ["a \\[1\\]/*.md"]),
        ({"docs/a.mdx": TEXT, "docs/b.markdown": TEXT}, ["docs/*.markdown", "docs/*.mdx"]),
        ({f"pages/{name}/index.md": TEXT for name in "abcdefgh"}, ["pages/**/*.md"]),
    ],
    ids=["numbers", "a page about the folder", "capitals", "special characters", "suffixes", "folders"],
)
def test_the_globs_match_the_records_alone(library: Library, files: Mapping[str, str], globs: list[str]) -> None:
    folder = library(files)
    assert drafted(folder)[0]["files"] == globs
    assert report(folder) == (len([name for name in files if "README" not in name]), {})


@pytest.mark.parametrize(
    ("name", "reason"),
    [("7.1", "the built-in specification `7.1` has this name"), ("../x", "`../x` is not a valid name")],
)
def test_names_that_cannot_be_used(library: Library, name: str, reason: str) -> None:
    result = patternlint("init", "--spec", name, cwd=library(recipes(2)))
    assert result.code == ERROR
    assert reason in result.err


@pytest.mark.parametrize("files", [{}, {"README.md": "# Cookbook\n"}, {"a.md": "---\ntitle: [a\n---\n"}])
def test_nothing_to_draft_from(library: Library, files: Mapping[str, str]) -> None:
    result = patternlint("init", "--spec", cwd=library(files))
    assert result.code == ERROR
    assert result.err.startswith("patternlint: ")
    assert result.err.count("\n") == 1


def test_invalid_files_are_named_and_count_for_nothing(library: Library) -> None:
    broken = {"recipes/x.md": "---\ntitle: [a\n---\n", "recipes/y.md": f"---\ntitle: A\n\n{TEXT}"}
    folder = library({**recipes(3), **broken})
    result = patternlint("init", "--spec", cwd=folder)
    assert "not used, because the front matter is not valid: recipes/x.md and 1 more" in result.out
    assert report(folder) == (5, {"recipes/x.md": {"yaml-syntax"}, "recipes/y.md": {"yaml-syntax"}})


# --- What a draft says ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "schema"),
    [
        (["a", "b"] * 6, {"enum": ["a", "b"]}),
        (["2024-01-0{0}"] * 8, {"type": "string", "format": "date"}),
        (["https://example.org/{0}"] * 8, {"type": "string", "format": "uri"}),
        (["ADR-00{0}1"] * 8, {"type": "string", "pattern": "^ADR-[0-9]{4}$"}),
        (["{0}"] * 8, {"type": "integer", "minimum": 1}),
        (["0.{0}"] * 8, {"type": "number"}),
        (["true"] * 3, {"type": "boolean"}),
        (["some text about {0} and what is with it"] * 8, {"type": "string", "minLength": 1}),
        (["[a{0}, b]"] * 3, {"type": "array", "items": {"type": "string", "minLength": 1}}),
        (["{{a: {0}}}"] * 3, {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}),
        (["", "text"], {"type": ["string", "null"], "minLength": 1}),
        (["", ""], {}),
        (["1", "some text"], {"type": ["integer", "string"], "minLength": 1}),
        (["{{name of the cook}}", "Ada"], {"type": ["object", "string"], "minLength": 1, "additionalProperties": True}),
    ],
)
def test_values(library: Library, values: list[str], schema: Mapping[str, Any]) -> None:
    files = {f"r/f{n}.md": record(f"key: {value.format(n)}\n") for n, value in enumerate(values, 1)}
    folder = library(files)
    assert properties(folder)["key"] == schema
    assert report(folder) == (len(values), {})


def test_rare_keys_and_values_are_left_to_the_author(library: Library) -> None:
    files = recipes(118, "title: Dish {0} with some text\ncourse: main\nminutes: {0}\n")
    files |= {
        "recipes/a.md": record("title: Dish 119 with some text\ncourse: mian\nminutes: 5\n"),
        "recipes/b.md": record("title: Dish 120 with some text\ncourse: main\nminuts: 5\n"),
    }
    folder = library(files)
    spec, schema = drafted(folder)
    assert schema["required"] == ["title", "course", "minutes"]
    assert list(schema["properties"]) == ["title", "course", "minutes"]
    assert spec["groups"] == [{"name": "header"}]
    assert report(folder)[1] == {"recipes/a.md": {"invalid-enum"}, "recipes/b.md": {"unknown-key"}}
    assert '"$comment": "in 119 of 120 files"' in (folder / "specs/recipe/header.schema.json").read_text()


def test_keys_that_go_with_a_value(library: Library) -> None:
    files = {
        f"r/f{n}.md": record(f"kind: {kind}\n" + (f"until: 2024-01-0{n}\n" if kind == "lent" else ""))
        for n, kind in enumerate(["lent", "sold"] * 4, 1)
    }
    folder = library(files)
    assert drafted(folder)[1]["allOf"] == [
        {"if": {"properties": {"kind": {"const": "lent"}}, "required": ["kind"]}, "then": {"required": ["until"]}}
    ]
    (folder / "r/f1.md").write_text(record("kind: lent\n"))
    assert report(folder) == (8, {"r/f1.md": {"missing-key"}})


@pytest.mark.parametrize(
    ("front", "name", "links"),
    [
        ("needs: [dish-{1}]\n", "{stem}", {"types": ["needs"]}),
        ("slug: d{0}x\nneeds: [d{1}x]\n", "slug", {"types": ["needs"]}),
        ("number: {0}\nneeds: {1}, {2}\n", "number", {"types": ["needs"], "split": ","}),
        ("needs: dish-{1}.md\n", "{stem}", {"types": ["needs"], "form": r"([^/]+)\.mdx?$"}),
        ('needs: "[[dish-{1}]]"\n', "{stem}", {"types": ["needs"], "form": r"\[\[([^\]|#]+)"}),
        ("note: see DISH-{1}\n", "{stem}|([0-9]+)$", {"types": ["note"], "form": "DISH-([0-9]+)"}),
        ("links:\n  needs:\n    - slug: dish-{1}\n", "{stem}", {"key": "links", "types": ["needs"]}),
        ("minutes: {1}\n", "{stem}", None),
    ],
    ids=["names", "slugs", "numbers", "paths", "wiki links", "numbers in a text", "a mapping", "amounts"],
)
def test_links(library: Library, front: str, name: str, links: Mapping[str, Any] | None) -> None:
    count = 11
    files = {
        f"r/dish-{n}.md": record(f"title: Dish {n}\n{front.format(n, n % count + 1, (n + 1) % count + 1)}")
        for n in range(1, count + 1)
    }
    folder = library(files)
    spec, _ = drafted(folder)
    assert spec["identity"]["name"] == name
    found = spec.get("relationships")
    assert (found and {key: value for key, value in found.items() if key != "acyclic"}) == links
    assert report(folder) == (count, {})


def test_both_sides_and_cycles(library: Library) -> None:
    def front(n: int) -> str:
        later = f"follows: [n{n - 1}]\n" if n > 1 else ""
        earlier = f"leads: [n{n + 1}]\n" if n < 9 else ""
        pair = n + 1 if n % 2 else n - 1
        return f"{later}{earlier}with: [n{pair if pair < 10 else n}]\n"

    folder = library({f"r/n{n}.md": record(front(n)) for n in range(1, 10)})
    found = drafted(folder)[0]["relationships"]
    assert found["acyclic"] == ["follows", "leads"]
    assert found["inverse"] == [["follows", "leads"]]


def test_sections(library: Library) -> None:
    parts = {"Needs": 40, "Methods": 40, "Story": 10, "Ending": 1}
    files = {
        f"r/{n}.md": "".join(f"## {title}\n\n{TEXT}\n" for title, count in parts.items() if n <= count)
        for n in range(1, 41)
    }
    files["r/2.md"] = files["r/2.md"].replace("## Methods", "## Method")
    files["r/3.md"] = files["r/3.md"].replace("## Methods", "## Method")
    folder = library(files)
    spec, _ = drafted(folder)
    assert spec["front-matter"] == "none"
    assert "groups" not in spec
    assert spec["body"] == {
        "links": ["path"],
        "heading": "## {title}",
        "ordered": True,
        "others": False,
        "sections": [
            {"title": "Needs"},
            {"title": "Methods", "also": ["Method"]},
            {"title": "Story", "optional": True},
        ],
    }
    assert report(folder) == (40, {"r/1.md": {"section-unknown"}})


@pytest.mark.parametrize(
    ("body", "heading", "titles"),
    [
        ("# Dish {0}\n\n## Needs\n\n{1}\n## Steps\n\n{1}", "## {title}", ["Needs", "Steps"]),
        ("## 1. Needs\n\n{1}\n## 2. Steps\n\n{1}", "## {number}. {title}", ["Needs", "Steps"]),
        ("### Part 1: Needs\n\n{1}\n### Part 2: Steps\n\n{1}", "### Part {number}: {title}", ["Needs", "Steps"]),
        ("# Needs\n\n{1}\n# Steps (short)\n\n{1}", "# {title}", ["Needs", "Steps"]),
    ],
)
def test_forms_of_headings(library: Library, body: str, heading: str, titles: list[str]) -> None:
    folder = library({f"r/f{n}.md": body.format(n, TEXT) for n in range(1, 5)})
    found = drafted(folder)[0]["body"]
    assert (found["heading"], [section["title"] for section in found["sections"]]) == (heading, titles)
    assert report(folder) == (4, {})


def test_rules_with_many_findings_are_ignored_and_counted(library: Library) -> None:
    folder = library(recipes(4, body="\nTODO write more about dish {0}\n"))
    drafted(folder)
    config = (folder / "patternlint.toml").read_text()
    assert '"placeholder", # 4 files' in config
    assert report(folder) == (4, {})


def test_odd_names(library: Library) -> None:
    front = (
        'титул: R {0}\n"with space": [a]\nname.with.dots: x{0}\n"q\\"uote": yes\n\'#\': 1\ntoml: "[x] = \'y\' # no"\n'
        '"a\\nb": "\\u0007"\n'
    )
    folder = library(
        {f"файлы/{n} \"q\" 'a'.md": record(front.format(n), f"\n## Шаг [x] = 1 # z\n\n{TEXT}") for n in range(4)}
    )
    spec, schema = drafted(folder, "blätter.2")
    assert spec["version"] == "blätter.2"
    assert "a\nb" in schema["properties"]
    assert report(folder)[0] == 4


# --- Real libraries ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "place", "records"),
    [("decisions", "decisions", 77), ("innersource", ".", 80)],
    ids=["decisions", "innersource"],
)
def test_foreign_libraries_fit_at_once(tmp_path: Path, name: str, place: str, records: int) -> None:
    real = CORPUS / "foreign" / name
    if not real.is_dir():
        pytest.skip("requires the real files")
    folder = tmp_path / "library"
    shutil.copytree(real, folder / place, copy_function=shutil.copyfile)
    drafted(folder)
    count, found = report(folder)
    assert count == records
    assert len(found) <= 0.05 * records


@pytest.mark.slow
def test_real_proposals_fit_at_once(tmp_path: Path) -> None:
    real = CORPUS / "foreign/eips"
    if not real.is_dir():
        pytest.skip("requires the real files")
    folder = tmp_path / "library"
    shutil.copytree(real, folder / "EIPS", copy_function=shutil.copyfile)
    spec, schema = drafted(folder)
    assert spec["identity"] == {"name": "eip", "file": "eip-{eip}", "title": "title"}
    assert spec["relationships"] == {"types": ["requires"], "split": ",", "acyclic": ["requires"]}
    assert schema["required"] == ["eip", "status"]
    count, found = report(folder)
    assert count == 949
    assert len(found) <= 0.05 * count
