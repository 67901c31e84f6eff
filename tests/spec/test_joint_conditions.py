"""Conditions across groups: the schema for the whole front matter sees keys of several groups."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.spec.test_lighthouse import BODY, FRONT
from tests.spec.test_tiny_libraries import TEXT, lines, write
from tests.support.command import patternlint

SPEC = """\
version = "tool"
title = "Tool"
noun = "tool"
files = ["shed/*"]
[[groups]]
name = "card"
[[groups]]
name = "loan"
"""
CARD = {"properties": {"name": {"type": "string"}, "state": {"enum": ["lent", "at home"]}}}
LOAN = {"properties": {"borrower": {"type": "string"}, "price": {"type": "number"}}}
LENT = {"properties": {"state": {"const": "lent"}}, "required": ["state"]}
WHOLE = {"if": LENT, "then": {"required": ["borrower"]}, "else": {"properties": {"borrower": False}}}


def shed(folder: Path, whole: Any, front: str = "name: Hoe\n") -> list[str]:
    """Return the findings about a tool of a library with two groups, or why it cannot be checked."""
    files = {"spec/spec.toml": SPEC, "spec/card.schema.json": CARD, "spec/loan.schema.json": LOAN}
    write(folder, {**files, "spec/pattern.schema.json": whole, "shed/a.md": f"---\n{front}---\n{TEXT}"})
    return [line for line in lines(folder) if line.startswith(("shed/", "patternlint: "))]


@pytest.mark.parametrize(
    ("whole", "front", "findings"),
    [
        (WHOLE, "state: lent\nborrower: Ümit\n", []),
        (WHOLE, "state: at home\n", []),
        (WHOLE, "state: lent\n", ["1:1: error [missing-key] missing key `borrower` where `state` is `lent`"]),
        (
            WHOLE,
            "state: at home\nborrower: Ümit\n",
            ["3:1: warning [unknown-key] `borrower` is not allowed unless `state` is `lent`"],
        ),
        ({"dependentRequired": {"price": ["state"]}}, "state: lent\nprice: 5\n", []),
        (
            {"dependentRequired": {"price": ["state"]}},
            "price: 5\n",
            ["1:1: error [missing-key] missing key `state` where `price` is present"],
        ),
        (
            {"allOf": [{"$ref": "card.schema.json"}, {"$ref": "parts.json#/lent"}], "unevaluatedProperties": False},
            "state: lent\nprice: 5\n",
            ["1:1: error [missing-key] missing key `borrower` where `state` is `lent`"],
        ),
        (
            {"if": LENT, "then": {"properties": {"price": {"maximum": 5, "x-message": "too dear to lend"}}}},
            "state: lent\nprice: 6\n",
            ["3:8: error [out-of-range] too dear to lend"],
        ),
        ({"title": "The whole front matter"}, "state: lent\n", []),
    ],
)
def test_keys_that_depend_on_those_of_another_group(
    tmp_path: Path, whole: Any, front: str, findings: list[str]
) -> None:
    write(tmp_path, {"spec/parts.json": {"lent": {"if": LENT, "then": {"required": ["borrower"]}}}})
    if "parts.json" not in json.dumps(whole):
        (tmp_path / "spec/parts.json").unlink()
    assert shed(tmp_path, whole, front) == [f"shed/a.md:{finding}" for finding in findings]


@pytest.mark.parametrize(
    ("whole", "message"),
    [
        ({"if": {"required": ["stat"]}, "then": False}, "4: unknown key `stat`; did you mean `state`?"),
        ({"then": {"properties": {"prise": False}}}, "4: unknown key `prise`; did you mean `price`?"),
        ({"dependentRequired": {"price": ["stat"]}}, "4: unknown key `stat`; did you mean `state`?"),
        ({"dependentSchemas": {"prise": {}}}, "3: unknown key `prise`; did you mean `price`?"),
        ({"allOf": [{"not": {"required": ["stat"]}}]}, "6: unknown key `stat`; did you mean `state`?"),
        ({"if": {"requires": ["state"]}}, "3: unknown keyword `requires` at #/if; did you mean `required`?"),
        ({"if": []}, "2: `if` must be a mapping"),
        ({"$ref": "gone.json"}, "2: `$ref` leads to `gone.json`; file not found"),
        ("{", "1: not valid JSON"),
    ],
)
def test_a_wrong_schema_for_the_whole_front_matter(tmp_path: Path, whole: Any, message: str) -> None:
    (line,) = shed(tmp_path, whole)
    assert line.startswith(f"patternlint: spec/pattern.schema.json:{message}")


def test_a_group_may_have_the_name_of_the_whole(tmp_path: Path) -> None:
    spec = SPEC.replace('"card"', '"pattern"').replace('[[groups]]\nname = "loan"\n', "")
    front = "---\nstate: lost\n---\n"
    write(tmp_path, {"spec/spec.toml": spec, "spec/pattern.schema.json": CARD, "shed/a.md": front + TEXT})
    assert [line.split("]")[0] for line in lines(tmp_path)] == ["shed/a.md:2:8: error [invalid-enum"]


PUBLISHED = {"properties": {"tags": {"properties": {"status": {"const": "published"}}, "required": ["status"]}}}


@pytest.mark.parametrize(
    ("status", "sources", "rules"),
    [
        ("draft", "[]", []),
        ("published", "[https://hof.example/report]", []),
        ("published", "[]", ["empty-value"]),
    ],
)
def test_an_own_specification_adds_a_condition_to_lighthouses(
    tmp_path: Path, status: str, sources: str, rules: list[str]
) -> None:
    spec = 'version = "ours"\ntitle = "Ours"\nextends = "lighthouse"\nfiles = ["_lighthouses/*"]\n'
    whole = {"if": PUBLISHED, "then": {"properties": {"sources": {"minItems": 1}}}}
    front = FRONT.replace("status: draft", f"status: {status}")
    front = front.replace("[https://hof.example/report]", sources)
    files = {"patternlint.toml": 'specs = ["spec"]\n', "spec/spec.toml": spec, "spec/pattern.schema.json": whole}
    write(tmp_path, {**files, "_lighthouses/7-green-wharf.md": front + BODY})
    ignored = "dangling-target,broken-link"
    report = patternlint("--no-cache", "--ignore", ignored, "--output-format", "json", cwd=tmp_path).out
    assert [one["rule"] for one in json.loads(report)["findings"]] == rules


def test_the_schema_for_editors_has_the_conditions(tmp_path: Path) -> None:
    shed(tmp_path, {"title": "All", **WHOLE})
    write(tmp_path, {"spec/card.schema.json": CARD | {"dependentRequired": {"state": ["name"]}}})
    schema = json.loads(patternlint("schema", "tool", cwd=tmp_path).out)
    assert schema["title"] == "All"
    assert schema["allOf"] == [WHOLE, {"dependentRequired": {"state": ["name"]}}]
    assert [*schema["properties"]] == ["name", "state", "borrower", "price"]
