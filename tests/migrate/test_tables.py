"""Migration tables are data: what they may say, and how wrong ones are reported."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import jsonschema
import pytest

from patternlint.migrate.table import load_table, load_tables
from patternlint.spec.loader import SpecError, load_specs
from tests.support.command import ROOT

SPECS = load_specs()
TABLES = load_tables(SPECS)


@pytest.mark.parametrize(
    ("old", "new", "steps"),
    [
        ("7.1", "8.2", ["7.1"]),
        ("7.0", "8.2", ["7.0", "7.1"]),
        ("1.1", "8.2", ["1.1", "1.2", "1.3", "7.1"]),
        ("8.2", "8.2", []),
        ("8.2", "7.1", None),
    ],
)
def test_steps_form_chains(old: str, new: str, steps: list[str] | None) -> None:
    chain = TABLES.path(old, new)
    assert (chain if chain is None else [table.from_ for table in chain]) == steps


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('from = "7.1"\n[[keys]]\nkey = "sector"\nvalu = "x"\n', 4, "unknown setting `valu`.*; did you mean `value`"),
        ('from = "7.1"\n[[keys]]\nkey = "sectr.x"\n', 3, "has no key `sectr`; did you mean `sector`"),
        ('from = "7.1"\n[[keys]]\nkey = "sector"\nvalue = "[a"\n', 4, "`value` of `sector` is not YAML"),
        ('from = "7.1"\n[[keys]]\nkey = "sector"\npath = "(a"\n', 4, "is not a regular expression with a group"),
        ('from = "7.1"\n[[keys]]\nkey = ""\n', 3, "has no key ``"),
        ('from = "7.1"\n[[items]]\nlists = ["a"]\nkind = "link"\nkeys = []\n', 5, "must name at least one key"),
        (
            'from = "7.1"\n[[items]]\nlists = ["a"]\nkind = "link"\nkeys = ["b"]\nvalues = { b = "[" }\n',
            6,
            "the value of `b` is not YAML",
        ),
        ('from = "7.1"\n[body]\nadd = ["Vitalty"]\n', 3, "has no section `Vitalty`; did you mean `Vitality`"),
        ('from = "7.1"\n[[keys]]\nkey = "sector"\nform = "set"\n', 4, "form"),
        ("from = 7.1\n", 1, "`from` must be text"),
        ("to = '8.2'\n", None, "missing setting `from`"),
        ("from = \n", None, "Invalid value"),
    ],
)
def test_wrong_tables_are_reported_with_their_line(text: str, line: int | None, words: str, tmp_path: Path) -> None:
    path = tmp_path / "from-7.1.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SpecError) as caught:
        load_table(path, SPECS.by_version["8.2"])
    place = f"{path}:{line}: " if line is not None else f"{path}: "
    assert str(caught.value).startswith(place)
    assert re.search(words, str(caught.value))


@pytest.mark.parametrize("path", sorted((ROOT / "schemas").glob("*/from-*.toml")), ids=lambda path: path.parent.name)
def test_tables_follow_their_json_schema(path: Path) -> None:
    schema = json.loads((ROOT / "schemas" / "migration-table.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    assert not [error.message for error in validator.iter_errors(data)]
    assert list(validator.iter_errors(data | {"fron": "1.1"}))


def test_the_versions_are_those_of_the_tables() -> None:
    assert TABLES.versions == ("1.2", "1.3", "7.1", "8.2")
