"""The built-in rules match the catalog, are complete, and have the expected names."""

from __future__ import annotations

import ast
import json
import re

import pytest

from patternlint.explain import DOCS_URL, fix_words
from patternlint.linter.registry import Registry, RuleInfo, built_in_rules
from patternlint.testing import unmark
from tests.support.command import ROOT, patternlint

REGISTRY = Registry(built_in_rules())
RULES = tuple(REGISTRY)

SCHEMA = """
    missing-key unknown-key wrong-type invalid-enum enum-strict out-of-range empty-value item-shape version-type date-type
"""
FILE = """
    yaml-syntax encoding duplicate-key conflict-marker ambiguous-scalar mojibake script-glitch unused-suppression
    internal-error broken-rule slow-rule unreadable-file file-too-large line-too-long
"""
IDENTITY = """
    id-format id-not-uuid7 id-changed slug-format slug-filename duplicate-id duplicate-slug duplicate-title slug-prefix alias-collision
    summary-truncated hub-exists hub-anchor sector-label
"""
CONTENT = """
    label-junk label-filler overall-score-mean score-precision vitality-review tension-form tension-from-title
"""
LINKS = """
    dangling-target typeid-slug-mismatch self-reference duplicate-target type-conflict missing-reciprocal missing-inverse
    cycle orphan unsorted-weights inferred-conflict inferred-redundant inferred-weight bad-node-id label-ids sources-line
"""
BODY = """
    section-missing section-duplicate section-order section-empty section-heading section-length placeholder
    confidence-line confidence-mismatch core-conflict therefore lineage diagnostic-blocks quoted-score lead-truncated
    body-truncated heading-skip setext-rule unclosed-fence table-mean table-rows
"""
LAYOUT = """
    banner-missing banner-form key-order fold-width quote-style list-style indentation blank-lines trailing-space
    final-newline
"""
SHAPE = """
    alphabet-bias link-concentration score-monotony copied-sentence copied-reasoning title-template cluster-mismatch
"""
CATALOG = frozenset(f"{SCHEMA} {FILE} {IDENTITY} {CONTENT} {LINKS} {BODY} {LAYOUT} {SHAPE}".split())
BEYOND = frozenset(
    (
        *("invalid-value", "unknown-spec", "refused-fix", "version-trailing-zero", "new-suppression"),
        *("front-matter-opening", "stray-file", "body-empty", "section-unknown", "derived-value", "relationship-flow"),
        "broken-link",
        *("typographic-quotes", "cut-by-comment", "invisible-character"),
    )
)
"""Rules besides: for what a schema of one's own may say, for files that follow no spec, for what `--fix` leaves out, for `1.10`."""

OFF = """
    enum-strict sector-label label-filler inferred-redundant inferred-weight sources-line section-length lineage
    diagnostic-blocks alphabet-bias link-concentration score-monotony copied-sentence copied-reasoning title-template
    cluster-mismatch slug-prefix
"""
PLAIN = re.compile(r"[a-z]+[a-z0-9]*(-[a-z0-9]+)*")


def test_the_rules_match_the_catalog() -> None:
    assert set(REGISTRY.rules) - BEYOND == CATALOG


def test_rules_that_are_off_by_default() -> None:
    assert {info.name for info in RULES if not info.rule.enabled} == set(OFF.split())


def test_rules_as_json_are_those_in_the_folders() -> None:
    listed = json.loads(patternlint("rules", "--format", "json", "--isolated", cwd=ROOT).out)
    folders = {
        path.stem.replace("_", "-"): path.parent.name
        for path in (ROOT / "rules").glob("*/*.py")
        if not path.name.startswith("_")
    }
    assert {one["name"]: one["group"] for one in listed} == folders
    for one in listed:
        assert set(one) == {
            "name",
            "group",
            "level",
            "level_when_on",
            "configured_level",
            "fix",
            "scope",
            "summary",
            "docs",
            "plugin",
        }
        assert one["level"] in {"off", "info", "warning", "error"}
        assert one["fix"] in {"none", "safe", "unsafe", "safe or unsafe"}
        assert one["scope"] in {"pattern", "file", "library", "schema", "run"}
        assert one["docs"] == f"{DOCS_URL}/{one['group']}/{one['name']}/"
        assert (ROOT / "docs" / "rules" / one["group"] / f"{one['name']}.md").is_file()


@pytest.mark.parametrize("info", RULES, ids=lambda info: info.name)
def test_a_rule_is_complete(info: RuleInfo) -> None:
    rule = info.rule
    assert PLAIN.fullmatch(info.name)
    assert info.name not in REGISTRY.groups
    assert rule.__name__.lower() == info.name.replace("-", "")
    assert rule.bad
    assert rule.good
    for text in (rule.__doc__ or "", rule.why):
        assert text.partition("\n")[0].rstrip().endswith((".", "…", "?"))
    for field in rule.__struct_fields__:
        assert field in rule.__annotations__


LOCATED = [info for info in RULES if info.group != "shape"]
"""The rules whose findings have a place in a file."""


@pytest.mark.parametrize("info", LOCATED, ids=lambda info: info.name)
def test_an_example_has_letters_beyond_ascii_before_its_mark(info: RuleInfo) -> None:
    for example in info.rule.bad:
        if any(isinstance(text, bytes) for text in example.files.values()):
            return  # its places cannot be marked
        files, marks = unmark(example)
        for path, spans in marks.items():
            text = files[path].decode()
            if any(not text[: span.start].isascii() for span in spans):
                return
            if spans and all(span.start == 0 for span in spans) and not text.isascii():
                return  # the first line: nothing is before it
    pytest.fail("no bad example has")


def test_the_safety_of_fixes_matches_the_catalog() -> None:
    safe = (
        "encoding unused-suppression overall-score-mean score-precision unsorted-weights self-reference section-heading"
    )
    unsafe = "label-ids missing-reciprocal missing-inverse slug-filename hub-exists core-conflict"
    for name in safe.split():
        assert "safe" in fix_words(REGISTRY.rules[name].rule).split(), name
    for name in unsafe.split():
        assert fix_words(REGISTRY.rules[name].rule) == "unsafe", name


@pytest.mark.parametrize(
    "module",
    [
        "linter/linter.py",
        "linter/suppressions.py",
        "linter/registry.py",
        "fixer/apply.py",
        "library/library.py",
        "cache/store.py",
    ],
)
def test_the_engine_names_no_rule(module: str) -> None:
    tree = ast.parse((ROOT / "patternlint" / module).read_text(encoding="utf-8"))
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    assert not texts & set(REGISTRY.rules)
