"""Relationships as texts, numbers, comma lists, wiki links and lists of them, as `[relationships]` describes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patternlint.document.links import Link, link_route
from patternlint.document.pattern import Pattern
from patternlint.parser.parser import parse
from patternlint.source import Source
from patternlint.spec.loader import load_spec
from patternlint.spec.model import Spec, SpecRegistry
from tests.support.command import FINDINGS, OK, patternlint


def spec_of(folder: Path, settings: str, schema: dict[str, Any] | None = None, key: str = "") -> Spec:
    head = 'version = "t"\ntitle = "T"\n[[groups]]\nname = "page"\nkeys = ["name", "a", "b", "state", "links"]\n'
    above = f'key = "{key}"\n' if key else ""
    folder.mkdir(exist_ok=True)
    (folder / "spec.toml").write_text(f'{head}[relationships]\n{above}types = ["a", "b"]\n{settings}')
    (folder / "page.schema.json").write_text(json.dumps({"properties": schema or {}}))
    return load_spec(folder)


def pattern_of(spec: Spec, front: str) -> Pattern:
    parsed = parse(Source("x.md", f"---\n{front}\n---\n".encode()), SpecRegistry([spec]), spec=spec, named=True)
    assert parsed.pattern is not None, parsed.problem
    return parsed.pattern


def names(pattern: Pattern) -> list[str]:
    return [link.target for link in pattern.links]


def marked(pattern: Pattern, link: Link) -> str:
    return pattern.source.slice(link.span)


TEXT = {"a": {"type": ["string", "integer"]}}
NUMBERS = {"a": {"items": {"type": "integer"}}}
COMMAS = 'split = ","\n'
DIGITS = "form = '^([0-9]+)$'\n"
WIKI = "form = '\\[\\[([^\\]|#]+)'\n"
RECORD = "form = 'ADR-([0-9]{4})'\n"


@pytest.mark.parametrize(
    ("settings", "schema", "front", "targets"),
    [
        ("", {}, "a: x", []),
        ("", {}, "a: 2", []),
        ("", {}, "a: [x, {slug: y}]", ["x", "y"]),
        ("", {"a": {"type": "array", "items": {"type": "string"}}}, "a: [2]", []),
        ("", TEXT, "a: x", ["x"]),
        ("", TEXT, "a: 0042", ["0042"]),
        ("", TEXT, "a: x, y", ["x, y"]),
        ("", TEXT, "a: true", []),
        ("", TEXT, "a:", []),
        ("", TEXT, "a: ''", []),
        ("", NUMBERS, "a: [2, 3]", ["2", "3"]),
        (COMMAS, {}, "a: 1559, 2718", ["1559", "2718"]),
        (COMMAS, {}, "a: 1559", ["1559"]),
        (COMMAS, {}, 'a: "x,y ,, z"', ["x", "y", "z"]),
        (COMMAS, {}, "a: [x, y]", ["x", "y"]),
        (COMMAS + DIGITS, {}, "a: 1, two, 3", ["1", "two", "3"]),
        (DIGITS, {}, "a: [1, two]", ["1", "two"]),
        (RECORD, {}, "a: accepted", []),
        (RECORD, {}, "a: superseded by [ADR-0042](0042-x.md) and ADR-0043", ["0042", "0043"]),
        (RECORD, {}, "a: [ADR-0042, see ADR-0001, x]", ["0042", "0001", "x"]),
        (WIKI, {}, 'a: "[[Some page|shown]]"', ["Some page"]),
        (WIKI, {}, "a: [[Some page]]", ["Some page"]),
        (WIKI, {}, "a:\n  - [[One]]\n  - '[[Two#part]]'", ["One", "Two"]),
        (WIKI, {}, "a: [[[One]], [[Two]]]", ["One", "Two"]),
        (WIKI, {}, "a: [{slug: y}]", ["y"]),
    ],
)  # fmt: skip
def test_names_in_relationships(
    tmp_path: Path, settings: str, schema: dict[str, Any], front: str, targets: list[str]
) -> None:
    pattern = pattern_of(spec_of(tmp_path, settings, schema), front)
    assert names(pattern) == targets
    assert [marked(pattern, link) for link in pattern.links] == targets


def test_types_below_a_key_may_be_texts_too(tmp_path: Path) -> None:
    pattern = pattern_of(spec_of(tmp_path, COMMAS, key="links"), "links:\n  a: x, y\n  b: [z]\n")
    assert names(pattern) == ["x", "y", "z"]
    assert [link_route(link, pattern.spec) for link in pattern.links] == [
        ("links", "a"),
        ("links", "a"),
        ("links", "b", 0),
    ]


@pytest.mark.parametrize("front", ['a: "x\\u0020y, z"', "a: >-\n  x,\n  z", "a: 'it''s, z'"])
def test_a_name_in_a_text_with_escapes_is_marked_whole(tmp_path: Path, front: str) -> None:
    pattern = pattern_of(spec_of(tmp_path, COMMAS), front)
    node = pattern.get("a")
    assert node is not None
    assert {link.span for link in pattern.links} == {node.span}


@given(st.lists(st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1), min_size=1))
def test_a_comma_list_gives_its_names(tmp_path_factory: pytest.TempPathFactory, parts: list[str]) -> None:
    spec = spec_of(tmp_path_factory.getbasetemp() / "commas", COMMAS)
    pattern = pattern_of(spec, f'a: "{", ".join(parts)}"')
    assert names(pattern) == parts
    assert [marked(pattern, link) for link in pattern.links] == parts


def library(folder: Path, settings: str, files: dict[str, str], schema: dict[str, Any] | None = None) -> Path:
    spec_of(folder / "spec", settings, schema)
    (folder / "patternlint.toml").write_text(
        'specs = ["spec"]\nspec = "t"\npatterns = ["*.md"]\nbuiltin-specs = false\nselect = ["relationships", "schema"]\n'
    )
    for name, front in files.items():
        (folder / name).write_text(f"---\n{front}\n---\n\nText.\n")
    return folder


def found(folder: Path, *flags: str) -> list[str]:
    result = patternlint("--no-cache", "--output-format", "json", *flags, cwd=folder)
    assert result.code in (OK, FINDINGS), result.err
    shown: list[dict[str, Any]] = json.loads(result.out)["findings"]
    return [f"{one['path']}:{one['line']}:{one['column']}: {one['rule']}: {one['message']}" for one in shown]


def test_links_in_texts_are_checked_and_not_broken_by_fixes(tmp_path: Path) -> None:
    folder = library(
        tmp_path,
        f'{COMMAS}symmetric = ["a"]\nacyclic = ["b"]\n',
        {"one.md": "a: two, tow, two", "two.md": "b: one, two", "three.md": "a: one\nb: 3", "four.md": "b: four"},
    )
    assert found(folder) == [
        "four.md:1:1: orphan: no relationship connects `four` to another pattern",
        "four.md:2:4: self-reference: the pattern links to itself under `b`",
        "one.md:2:9: dangling-target: no pattern has the name `tow`",
        "one.md:2:14: duplicate-target: duplicate item `two` in `a`",
        "three.md:2:4: missing-reciprocal: `one` does not link back to `three` under `a`",
        "three.md:3:4: dangling-target: no pattern has the name `3`",
        "two.md:2:9: self-reference: the pattern links to itself under `b`",
    ]
    patternlint("--no-cache", "--fix", "--unsafe-fixes", cwd=folder)
    assert (folder / "one.md").read_text() == "---\na: two, tow, two\n---\n\nText.\n"
    assert (folder / "three.md").read_text() == "---\na: one\nb: 3\n---\n\nText.\n"


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ("form = '('", "spec.toml:8: `(` is not a regular expression"),
        ("form = '^([a-z]+)+$'", "spec.toml:8: `^([a-z]+)+$` repeats a repetition, as in `(a+)+`"),
        ("form = '^(?:x{2,})*$'", "spec.toml:8: `^(?:x{2,})*$` repeats a repetition, as in `(a+)+`"),
        ('acyclic = ["c"]', "spec.toml:8: unknown relationship type `c` in `acyclic`"),
        ('flow = { key = "stat" }', "spec.toml:8: unknown key `stat` in `relationships.flow.key`; did you mean `state`?"),
        ('flow = { key = "state", types = ["c"] }', "unknown relationship type `c` in `flow`"),
        ('item = "list"', "spec.toml:8: "),
        ('splitt = ","', "unknown setting `splitt` in `relationships`; did you mean `split`?"),
    ],
)  # fmt: skip
def test_a_relationship_setting_that_names_nothing_is_refused(tmp_path: Path, settings: str, reason: str) -> None:
    folder = tmp_path
    (folder / "spec").mkdir()
    (folder / "spec/page.schema.json").write_text("{}")
    (folder / "spec/spec.toml").write_text(
        'version = "t"\ntitle = "T"\n[[groups]]\nname = "page"\nkeys = ["a", "b", "state"]\n'
        f'[relationships]\ntypes = ["a", "b"]\n{settings}\n'
    )
    (folder / "patternlint.toml").write_text('specs = ["spec"]\n')
    result = patternlint("--no-cache", cwd=folder)
    assert reason in result.err


@pytest.mark.parametrize(
    ("settings", "schema", "item"),
    [
        ('item = "text"\n', {}, "\n  - one"),
        ('item = "mapping"\n', {"a": {"items": {"properties": {"slug": {}}}}}, "\n  - slug: one"),
        ("", {"a": {"items": {"type": "string"}}}, "\n  - one"),
        (WIKI, {}, " []"),
    ],
)
def test_a_fix_writes_an_item_as_the_spec_says(
    tmp_path: Path, settings: str, schema: dict[str, Any], item: str
) -> None:
    link = '["[[two]]"]' if settings == WIKI else "[two]"
    folder = library(tmp_path, f'{settings}symmetric = ["a"]\n', {"one.md": f"a: {link}", "two.md": "a: []"}, schema)
    patternlint("--no-cache", "--fix", "--unsafe-fixes", cwd=folder)
    assert (folder / "two.md").read_text() == f"---\na:{item}\n---\n\nText.\n"
