"""Tiny libraries with a mistake in the specification or in a record: the sentence that a person gets, with its place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import ERROR, FINDINGS, OK, patternlint

SPEC = 'version = "tool"\ntitle = "Tool"\nnoun = "tool"\nfiles = ["shed/*"]\n[[groups]]\nname = "card"\n'
TEXT = "\nIt hangs on the wall.\n"


def write(folder: Path, files: Mapping[str, Any]) -> Path:
    """Write files, JSON for values that are not text, and return the folder."""
    for name, content in {"patternlint.toml": 'specs = ["spec"]\nbuiltin-specs = false\n', **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content, indent=1), encoding="utf-8")
    return folder


def lines(folder: Path, *arguments: str) -> list[str]:
    """Return the findings of a library, or why it cannot be checked."""
    result = patternlint("--no-cache", "--output-format", "concise", *arguments, cwd=folder)
    if result.code == ERROR:
        assert result.out == ""
        return result.err.replace(f"{folder}/", "").splitlines()
    assert result.code in (OK, FINDINGS)
    return result.out.split("\n\n")[0].splitlines()


PROPERTIES = {"name": {"type": "string"}}


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ('{\n "properties": {\n  "name": {"type": "string",}\n }\n}', ":3: not valid JSON: Expecting property name"),
        ({"properties": {"name": {"type": "text"}}}, ":4: unknown type `text`; did you mean `string`?"),
        ({"properties": {"name": {"type": "date"}}}, ':4: unknown type `date`; write `"type": "string", "format": "date"`'),
        ({"properties": {"name": "string"}}, ':3: `name` must be a mapping such as `{"type": "string"}`, not a string'),
        ({"properties": ["name"]}, ":2: `properties` must be a mapping, not a list"),
        ({"properties": PROPERTIES, "required": "name"}, ":7: `required` must be a list, not a string"),
        ({"properties": PROPERTIES, "required": [5]}, ":7: `required` must be a list of texts"),
        ({"properties": {"name": {"enum": "hoe"}}}, ":4: `enum` must be a list, not a string"),
        ({"properties": {"name": {"minimum": "1"}}}, ":4: `minimum` must be a number, not a string"),
        ({"properties": {"name": {"maxLength": -1}}}, ":4: `maxLength` must be a whole number from 0"),
        ({"properties": {"name": {"pattern": 5}}}, ":4: `pattern` must be a text, not a number"),
        ({"properties": {"name": {"type": 5}}}, ":4: `type` must be the name of a type, not a number"),
        ({"properties": {"name": {"anyOf": [{"type": "number"}, "text"]}}}, ":8: `1` must be a mapping such as"),
        ({"name": {"type": "string"}}, ":2: `name` is outside of `properties`; move the keys of the front matter into `properties`"),
        ({"propertys": PROPERTIES}, ":2: unknown keyword `propertys` at #; did you mean `properties`?"),
        ({"properties": {"name": {"enums": ["hoe"]}}}, ":4: unknown keyword `enums` at #/properties/name; did you mean `enum`?"),
        ({"properties": PROPERTIES, "dependencies": {}}, ":7: unsupported keyword `dependencies` at #: in JSON Schema 2020-12"),
        ({"properties": PROPERTIES, "dependentRequired": {"name": "use"}}, ":7: `dependentRequired` must be a mapping from"),
        ({"properties": PROPERTIES, "dependentRequired": {"name": [5]}}, ":7: `dependentRequired` must be a mapping from"),
        ('{"properties": {"name": {"maxLength": 1e400}}}', ":1: `maxLength` must be a whole number from 0"),
        ('{"properties": {"name": {"const": NaN}}}', ": not valid JSON: unexpected `NaN`"),
        ({"$id": "::x", "properties": PROPERTIES}, ": Invalid URI reference '::x'"),
        ({"properties": {"name": {"items": [{}]}}}, ":4: `items` at #/properties/name is a list, as in older drafts"),
        ({"properties": {"name": {"format": "year"}}}, ":4: unsupported format `year` at #/properties/name"),
        ({"properties": {"name": {"$ref": "parts.json#/tool"}}}, ":4: `$ref` leads to `parts.json#/tool`; file not found"),
        ({"properties": {"name": {"$ref": "#/$defs/tool"}}}, ":4: `$ref` leads to `#/$defs/tool`, which is not a place"),
        ({"$schema": "http://json-schema.org/draft-07/schema#"}, ":2: unsupported `$schema` at #"),
        ("[]", ": a JSON Schema must be a mapping"),
    ],
)  # fmt: skip
def test_a_wrong_schema(tmp_path: Path, schema: Any, message: str) -> None:
    record = {"shed/hoe.md": f"---\nname: Hoe\n---\n{TEXT}"}
    (line,) = lines(write(tmp_path, {"spec/spec.toml": SPEC, "spec/card.schema.json": schema, **record}))
    assert line.startswith(f"patternlint: spec/card.schema.json{message}")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("cards", "5: group `card` has no schema: card.schema.json not found; did you mean `cards.schema.json`?"),
        (
            "",
            "5: group `card` has no schema: card.schema.json not found; write it, with `{}` in it where any value is allowed",
        ),
    ],
)
def test_a_missing_schema(tmp_path: Path, name: str, message: str) -> None:
    other = {f"spec/{name}.schema.json": "{}"} if name else {}
    assert lines(write(tmp_path, {"spec/spec.toml": SPEC, **other})) == [f"patternlint: spec/spec.toml:{message}"]


def test_a_key_that_no_group_lists(tmp_path: Path) -> None:
    schema = {"properties": {"name": {}, "use": {}}, "required": ["use"]}
    folder = write(tmp_path, {"spec/spec.toml": f'{SPEC}keys = ["name"]\n', "spec/card.schema.json": schema})
    reason = "card.schema.json describes `use`, which is not in `keys` of the group `card`; add it there"
    assert lines(folder) == [f"patternlint: spec/spec.toml:7: {reason}"]


def schema_findings(folder: Path, schema: Any, *fronts: str) -> list[str]:
    """Return the findings about the front matter of some records."""
    records = {f"shed/{name}.md": f"---\n{front}---\n{TEXT}" for name, front in zip("abc", fronts, strict=False)}
    return lines(write(folder, {"spec/spec.toml": SPEC, "spec/card.schema.json": schema, **records}))


@pytest.mark.parametrize(
    ("schema", "front", "findings"),
    [
        (
            {"properties": {"bought": {"format": "date"}, "web": {"format": "uri"}}},
            "bought: 2023-02-30\nweb: www example org\n",
            [
                "2:9: error [invalid-value] `bought` is `2023-02-30`, which is not a valid date",
                "3:6: error [invalid-value] `web` is `www example org`, which is not a valid URI",
            ],
        ),
        (
            {"properties": {"state": {}}, "if": {"properties": {"state": {"const": "lost"}}}, "then": False},
            "state: lost\n",
            ["2:8: error [invalid-value] `state` is `lost`, which is not allowed"],
        ),
        (
            {"properties": {"state": {}, "price": {}}}
            | {"if": {"properties": {"state": {"const": "lent"}}}, "then": {"properties": {"price": False}}},
            "state: lent\nprice: 5\n",
            ["3:1: warning [unknown-key] `price` is not allowed where `state` is `lent`"],
        ),
        (
            {"properties": {"size": {"anyOf": [{"type": "integer"}, {"enum": ["small", "large"]}]}}},
            "size: lerge\n",
            ["2:7: error [invalid-enum] `size` is `lerge`, which is not allowed"],
        ),
        (
            {"properties": {"name": {"not": {"pattern": "[Oo]ld"}}}},
            "name: Old hoe\n",
            ["2:7: error [invalid-value] `name` is `Old hoe`, which must not match `[Oo]ld`"],
        ),
        (
            {"properties": {"name": {}}, "patternProperties": {"^x-": {"type": "string"}}},
            "name: Hoe\nx-bed: 4\n",
            ["3:8: error [wrong-type] `x-bed`: expected a string, found a number"],
        ),
        (
            {"properties": {"parts": {"items": {"type": "string"}}}},
            "parts:\n  - slug: handle\n    count: 1\n",
            ["3:5: error [wrong-type] item 1 of `parts`: expected a string, found a mapping"],
        ),
    ],
)
def test_wrong_values(tmp_path: Path, schema: Any, front: str, findings: list[str]) -> None:
    assert schema_findings(tmp_path, schema, front) == [f"shed/a.md:{finding}" for finding in findings]


def test_what_to_write_in_place_of_a_mapping(tmp_path: Path) -> None:
    schema = {"properties": {"parts": {"items": {"type": "string"}}}}
    schema_findings(tmp_path, schema, "parts:\n  - slug: handle\n    count: 1\n")
    assert 'help: write `- "handle"`' in patternlint("--no-cache", cwd=tmp_path).out


LINKS = '[relationships]\ntypes = ["needs"]\n'


@pytest.mark.parametrize(
    ("settings", "needs", "findings"),
    [
        ("", "b", ["`needs`: expected a list, found a string"]),
        ("", "[b, 4]", ["item 2 of `needs`: expected a string or a mapping, found a number"]),
        ("", "[b.md]", ["no tool has the name `b.md`"]),
        ("", "[shed/b]", ["no tool has the name `shed/b`"]),
        ('split = ","\n', "b, d", ["no tool has the name `d`"]),
        ("form = '\\[\\[([^\\]|#]+)'\n", '"[[b]]"', []),
        ("form = '\\[\\[([^\\]|#]+)'\n", "[[b]]", []),
        ("form = '\\[\\[([^\\]|#]+)'\n", '["[[d|D]]"]', ["no tool has the name `d`"]),
    ],
)
def test_forms_of_links(tmp_path: Path, settings: str, needs: str, findings: list[str]) -> None:
    records = {
        f"shed/{name}.md": f"---\n{front}---\n{TEXT}"
        for name, front in {"a": f"needs: {needs}\n", "b": "name: B\n"}.items()
    }
    spec = {
        "spec/spec.toml": f"{SPEC}{LINKS}{settings}",
        "spec/card.schema.json": {"properties": {"name": {}, "needs": {}}},
    }
    found = lines(write(tmp_path, {**spec, **records}), "--select", "schema,dangling-target")
    assert [line.split("] ", 1)[1] for line in found if line.startswith("shed/a.md")] == findings


def test_a_path_in_place_of_a_name_gets_the_name(tmp_path: Path) -> None:
    files = {"shed/a.md": f"---\nneeds: [./b.md]\n---\n{TEXT}", "shed/b.md": f"---\nname: B\n---\n{TEXT}"}
    spec = {"spec/spec.toml": f"{SPEC}{LINKS}", "spec/card.schema.json": {"properties": {"name": {}, "needs": {}}}}
    assert "did you mean `b`?" in patternlint("--no-cache", cwd=write(tmp_path, {**spec, **files})).out


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('+++\nname = "Hoe"\n+++\n', "the front matter is TOML (`+++`), not YAML"),
        ('---toml\nname = "Hoe"\n---\n', "the front matter is TOML (`---toml`), not YAML"),
        ('{\n  "name": "Hoe"\n}\n', "the front matter is JSON, not YAML"),
        (";;;\n{}\n;;;\n", "the front matter is JSON, not YAML"),
        ("Hoe\n", "the file does not begin with `---`"),
    ],
)
def test_front_matter_in_another_language(tmp_path: Path, text: str, message: str) -> None:
    folder = write(tmp_path, {"spec/spec.toml": SPEC, "spec/card.schema.json": {}, "shed/a.md": f"{text}{TEXT}"})
    assert lines(folder) == [f"shed/a.md:1:1: error [front-matter-opening] {message}"]


@pytest.mark.parametrize(
    ("config", "spec", "place"),
    [
        ('patterns = ["shed/*.qmd"]\n', SPEC, "patternlint.toml:3: `shed/*.qmd` in `patterns`"),
        ("", SPEC.replace("shed/*", "shed/**/*.txt"), "spec/spec.toml:4: `shed/**/*.txt` in `files`"),
    ],
)
def test_globs_for_other_suffixes(tmp_path: Path, config: str, spec: str, place: str) -> None:
    settings = f'specs = ["spec"]\nbuiltin-specs = false\n{config}'
    folder = write(tmp_path, {"patternlint.toml": settings, "spec/spec.toml": spec, "spec/card.schema.json": {}})
    advice = "matches no file: only files that end in .md, .markdown, .mdx are checked"
    assert lines(folder) == [f"patternlint: {place} {advice}"]


@pytest.mark.parametrize(
    ("config", "spec", "names", "note"),
    [
        (
            'patterns = ["shed/**/*"]\n',
            SPEC,
            ["in/b.qmd"],
            "shed/in/b.qmd is skipped, although `patterns` or `files` matches it",
        ),
        (
            "",
            SPEC,
            ["b.qmd", "c.Rmd", "d.png"],
            "2 files such as shed/b.qmd are skipped, although `patterns` or `files` matches them",
        ),
        ('patterns = ["shed/*.md"]\n', SPEC.replace("shed/*", "shed/*.md"), ["b.qmd"], ""),
        ('exclude = ["*.qmd"]\n', SPEC, ["b.qmd"], ""),
        ("", SPEC, [".old/b.qmd", "d.png"], ""),
    ],
)
def test_globs_that_match_files_that_are_not_read(
    tmp_path: Path, config: str, spec: str, names: list[str], note: str
) -> None:
    settings = f'specs = ["spec"]\nbuiltin-specs = false\n{config}'
    files = {"patternlint.toml": settings, "spec/spec.toml": spec, "spec/card.schema.json": {}, "shed/a.md": TEXT}
    folder = write(tmp_path, files | {f"shed/{name}": TEXT for name in names})
    ending = "only files that end in .md, .markdown, .mdx are checked"
    notes = json.loads(patternlint("--no-cache", "--output-format", "json", cwd=folder).out)["summary"]["notes"]
    assert notes == ([f"{note}: {ending}"] if note else [])
    (folder / "shed/a.md").unlink()
    assert (f"; {note}: {ending}\n" in patternlint("--no-cache", cwd=folder).err) == bool(note)


def test_the_word_for_a_record(tmp_path: Path) -> None:
    files = {"spec/spec.toml": SPEC.replace('noun = "tool"', 'noun = "axe"'), "spec/card.schema.json": {}}
    folder = write(tmp_path, {**files, "shed/a.md": f"Axe\n{TEXT}"})
    assert "help: an axe begins with front matter" in patternlint("--no-cache", cwd=folder).out


def test_suppressions_in_mdx(tmp_path: Path) -> None:
    body = "\n{/* patternlint: ignore[placeholder] next week */}\nTODO describe what it is for.\n"
    folder = write(
        tmp_path, {"spec/spec.toml": SPEC, "spec/card.schema.json": {}, "shed/a.mdx": f"---\n{{}}\n---\n{body}"}
    )
    assert lines(folder) == ["1 file: 1 tool of spec tool", "no findings (1 silenced)"]


def test_two_specifications_by_path(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        {
            "patternlint.toml": 'specs = ["spec", "people"]\n',
            "spec/spec.toml": SPEC,
            "spec/card.schema.json": {"properties": {"name": {}}},
            "people/spec.toml": 'version = "person"\ntitle = "Person"\nfiles = ["folk/*"]\n[[groups]]\nname = "card"\n',
            "people/card.schema.json": {"properties": {"name": {}, "tags": {"type": "object"}}},
            "shed/a.md": f"---\nname: A\n---\n{TEXT}",
            "folk/b.md": f"---\nname: B\ntags:\n  a: 1\n---\n{TEXT}",
        },
    )
    assert lines(folder) == ["2 files: 2 patterns (1 of spec person, 1 of spec tool)", "no findings"]


def test_a_new_record_has_only_what_its_specification_names(tmp_path: Path) -> None:
    sections = '[body]\nheading = "## {title}"\n[[body.sections]]\ntitle = "Use"\nprompt = "[Say it.]"\n'
    schema = {"properties": {"name": {"type": "string"}, "state": {"enum": ["here", "lent"]}}}
    folder = write(tmp_path, {"spec/spec.toml": f"{SPEC}{sections}", "spec/card.schema.json": schema})
    new = patternlint("new", "--stdout", "--spec", "tool", "Hoe", cwd=folder).out
    assert new == '---\nname: ""\nstate: here\n---\n\n## Use\n\n[Say it.]\n'


@pytest.mark.parametrize("form", [r"^(a\+)+$", "^([+)]+)$", "^([a-z]+-?)$", r"\[\[([^\]|#]+)", "^(a|b+)$", "(x{2})+"])
def test_expressions_without_nested_repetitions(tmp_path: Path, form: str) -> None:
    spec = {"spec/spec.toml": f"{SPEC}{LINKS}form = '{form}'\n", "spec/card.schema.json": {"properties": {"needs": {}}}}
    assert lines(write(tmp_path, {**spec, "shed/a.md": f"---\n{{}}\n---\n{TEXT}"}))[0].startswith(
        ("1 file", "shed/a.md")
    )
