"""What the built-in specifications say is in `schemas/`: no rule and no module names a key, a section or a prefix of theirs."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from patternlint.spec.loader import built_in_folder, load_specs
from patternlint.spec.schemas import iter_subschemas
from tests.support.command import ROOT

SHARED = frozenset(
    (
        # JSON Schema, reports, commands, and other formats
        *("description", "id", "label", "license", "location", "name", "origin", "region", "role", "scale", "source"),
        *("from", "optional", "required", "tags", "target", "title", "to", "type", "version"),
        # settings and parts of `spec.toml`
        *("confidence", "relationships", "slug", "summary"),
    )
)
"""Keys of the built-in specifications that are also words of patternlint or of a format."""

SETTINGS = frozenset(("aliases", "created", "sector", "sources"))
"""Keys that are also settings of `spec.toml`, which only the package `spec` may name."""

ITEMS = frozenset(("typeid", "weight", "confidence", "hub_id"))
CARDS = frozenset(("domain", "sector", "status", "weight", "concentration"))
"""Fields of cards and links, and facts about them, as reports name them."""

EXCEPTIONS = {
    "patternlint/document/links.py": ITEMS,
    "patternlint/cli/commands/new.py": frozenset(("sector",)),  # the flag `--sector`
    "patternlint/library/entry.py": frozenset(("aliases",)),  # a field of entries
    "patternlint/edits/insert_item.py": ITEMS,
    "patternlint/spec/model.py": ITEMS,
    "patternlint/spec/schemas.py": ITEMS,
    "patternlint/library/reciprocity.py": ITEMS,
    "patternlint/library/store.py": ITEMS,
    "patternlint/editor/view.py": ITEMS,
    "patternlint/fixer/retarget.py": ITEMS,
    "patternlint/library_report/exports.py": CARDS,
    "patternlint/library_report/payload.py": CARDS,
    "patternlint/library_report/stats.py": frozenset(("domain", "status")),  # titles of tables
    "patternlint/messages/phrases.py": ITEMS,
    "patternlint/migrate/front.py": ITEMS,
    "patternlint/migrate/items.py": ITEMS,
    "rules/identity/id_format.py": ITEMS,
    "rules/relationships/dangling_target.py": ITEMS,
    "rules/relationships/self_reference.py": ITEMS,
    "rules/relationships/typeid_slug_mismatch.py": ITEMS,
}
"""Modules that name a key for another reason; most know those of a link that is a mapping, which every spec shares."""

SPECS = load_specs()
PREFIXES = "|".join(sorted(SPECS.id_prefixes))
TELLTALE = re.compile(rf"\b(?:{PREFIXES})_|[Ss]ection [0-9]")


def names() -> frozenset[str]:
    """Return the keys, relationship types and section titles of the built-in specifications that are not shared."""
    found: set[str] = set()
    for spec in SPECS.all:
        found.update(spec.keys, spec.relationships.types, (section.title for section in spec.body.sections))
    for path in built_in_folder().glob("*/*.schema.json"):
        for _, part in iter_subschemas(json.loads(path.read_text(encoding="utf-8"))):
            found.update(part.get("properties", ()))
    return frozenset(found - SHARED)


NAMES = names()
DOCUMENTATION = frozenset(("bad", "good", "notes", "why", "name"))


def assigned(statement: ast.stmt) -> str:
    """Return the name that a statement at the top of a module or class defines; empty for any other statement."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return statement.name
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    return targets[0].id if isinstance(targets[0], ast.Name) else ""


def names_in(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def code_texts(module: str) -> Iterator[tuple[int, str]]:
    """Yield the string constants of a module, with their lines: without docstrings, examples and what only these use."""
    top = ast.parse(module).body
    classes = [one for one in top if isinstance(one, ast.ClassDef)]
    examples = [one for kind in classes for one in kind.body if assigned(one) in DOCUMENTATION]
    parts = [one for kind in classes for one in kind.body if one not in examples]
    code = [*parts, *(one for one in top if one not in classes)]
    defined = {assigned(one): one for one in top if assigned(one) and one not in classes}
    shown: set[str] = set()
    waiting = [*examples]
    while waiting:
        for name in names_in(waiting.pop()) & defined.keys() - shown:
            shown.add(name)
            waiting.append(defined[name])
    used: set[str] = set()
    waiting = [one for one in code if assigned(one) not in shown]
    while waiting:
        for name in names_in(waiting.pop()) & shown - used:
            used.add(name)
            waiting.append(defined[name])
    for statement in code:
        if assigned(statement) in shown - used:
            continue
        docstrings = {id(one.value) for one in ast.walk(statement) if isinstance(one, ast.Expr)}
        for one in ast.walk(statement):
            if isinstance(one, ast.Constant) and isinstance(one.value, str) and id(one) not in docstrings:
                yield one.lineno, one.value


MODULES = sorted(path for folder in ("rules", "patternlint") for path in (ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_module_names_what_a_built_in_specification_says(path: Path) -> None:
    where = path.relative_to(ROOT).as_posix()
    allowed = EXCEPTIONS.get(where, frozenset()) | (SETTINGS if where.startswith("patternlint/spec/") else frozenset())
    found = [
        f"{where}:{line}: {text!r}"
        for line, text in code_texts(path.read_text(encoding="utf-8"))
        if (text in NAMES and text not in allowed) or TELLTALE.search(text)
    ]
    assert not found


def test_each_exception_is_needed() -> None:
    for where, allowed in EXCEPTIONS.items():
        texts = {text for _, text in code_texts((ROOT / where).read_text(encoding="utf-8"))}
        assert texts & allowed & (NAMES | SHARED), where


def test_the_names_are_those_of_the_specifications() -> None:
    assert {"ontology", "orbital_layer", "requires", "Context", "hub_id", "inferred_links", "vitality"} <= NAMES


def test_code_that_names_a_key_is_found_and_examples_are_not() -> None:
    module = (
        'A = "ontology"\nB = "sector"\ndef example():\n    return A\n'
        'class Rule:\n    """ontology"""\n    bad = (example(),)\n    def check(self):\n        return B, "requires"\n'
    )
    assert [text for _, text in code_texts(module)] == ["requires", "sector"]
