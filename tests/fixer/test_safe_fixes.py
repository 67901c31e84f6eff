"""Safe fixes keep what a person wrote: symptoms that were seen, through the command."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from tests.support.command import patternlint
from tests.support.repository import EXAMPLES

NAME = "bread-oven-square.md"


@pytest.fixture
def pattern(tmp_path: Path) -> Path:
    path = tmp_path / NAME
    path.write_text((EXAMPLES / NAME).read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "patternlint.toml").write_text('ignore = ["dangling-target"]\n', encoding="utf-8")
    return path


def edit(path: Path, *changes: tuple[str, str]) -> str:
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        text, count = re.subn(old, lambda _, new=new: new, text, count=1, flags=re.MULTILINE)  # type: ignore[misc]
        assert count == 1, old
    path.write_text(text, encoding="utf-8")
    return text


def fix(path: Path, *flags: str) -> str:
    patternlint("--fix", "--no-cache", *flags, cwd=path.parent)
    return path.read_text(encoding="utf-8")


def front_of(path: Path) -> dict[str, object]:
    data: dict[str, object] = yaml.safe_load(path.read_text(encoding="utf-8").split("---\n")[1])
    return data


WRITTEN = "1e3 0o7 012 1_000 1:30 .5 5. 0x1F yes No y = << .inf 2024-05-01 true -1 +12 0b11 1e999".split()  # noqa: SIM905


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (r"^aliases: .*$", "aliases: [{}]"),
        (r"^aliases: .*$", "aliases:\n  - {}"),
        (r"^title: .*$", "title: {}"),
        (r"^  corporate: .*$", "  corporate: {}"),
    ],
)
def test_text_that_looks_like_something_else_keeps_its_characters(
    pattern: Path, written: str, old: str, new: str
) -> None:
    before = edit(pattern, (old, new.format(written)))
    after = fix(pattern)
    assert f'"{written}"' in after
    assert f'"{written}"' not in before


@pytest.mark.parametrize("written", ["null", "~", "Null"])
def test_nothing_is_not_turned_into_a_word(pattern: Path, written: str) -> None:
    edit(pattern, (r"^title: .*$", f"title: {written}"))
    assert f"\ntitle: {written}\n" in fix(pattern, "--unsafe-fixes")


@pytest.mark.parametrize("written", ["010", "0o12", "1_0", "1e0"])
def test_a_number_with_two_readings_is_not_rewritten_by_a_safe_fix(pattern: Path, written: str) -> None:
    edit(pattern, (r"^  version: .*$", f"  version: {written}"))
    assert f"\n  version: {written}\n" in fix(pattern)


@pytest.mark.parametrize("written", ['"1.10"', "'2.20'", "1.10"])
def test_a_version_that_ends_in_zero_stays(pattern: Path, written: str) -> None:
    edit(pattern, (r"^  version: .*$", f"  version: {written}"))
    assert f"\n  version: {written}\n" in fix(pattern, "--unsafe-fixes")


@pytest.mark.parametrize("score", ["0.5", "-4.5", "45", "010", "4_0", "3.0\n    resilience: 4.0", ".inf", '"4.0"'])
def test_no_mean_of_scores_that_are_wrong_themselves(pattern: Path, score: str) -> None:
    edit(
        pattern,
        (r"^    resilience: .*$", f"    resilience: {score}"),
        (r"^    overall_score: .*$", "    overall_score: 1.2"),
    )
    assert "\n    overall_score: 1.2\n" in fix(pattern, "--unsafe-fixes")


TAILS = [
    "{#problem}",
    '<a name="p"></a>',
    "[^1]",
    "[of the drains](https://example.org/drains)",
    "![map](map.png)",
    "<!-- ask Rosa -->",
    "of the drains, and how it all began in 1923",
]


@pytest.mark.parametrize("tail", TAILS)
def test_what_stands_behind_a_section_title_is_kept(pattern: Path, tail: str) -> None:
    before = edit(pattern, (r"^### Section 2: Problem$", f"### Section 2: Problem {tail}"))
    assert fix(pattern) == before
    assert f"\n### Section 2: Problem\n\n{tail}\n" in fix(pattern, "--unsafe-fixes")


def test_notes_of_the_template_behind_a_section_title_are_dropped(pattern: Path) -> None:
    before = pattern.read_text(encoding="utf-8")
    edit(
        pattern,
        (r"^### Section 2: Problem$", "### Section 2: Problem (100–200 words)"),
        (r"^### Section 7: Cognitive Era$", "### Section 7: Cognitive Era Considerations"),
        (r"^### Section 8: Vitality$", "### Section 8: Vitality — The Quality Without a Name (200-300 words)"),
    )
    assert fix(pattern) == before


@pytest.mark.parametrize("line", [r"^### Section 2: Problem$", r"^> \[!NOTE\] Confidence Rating: .*\)$"])
def test_a_suppression_in_a_heading_or_the_confidence_line_is_no_fault_and_stays(pattern: Path, line: str) -> None:
    found = re.search(line, pattern.read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None
    before = edit(pattern, (line, f"{found[0]} <!-- patternlint: ignore[fold-width] on purpose -->"))
    out = patternlint("--no-cache", "--select", "section-heading,confidence-line", cwd=pattern.parent).out
    assert "no findings" in out
    assert fix(pattern, "--unsafe-fixes", "--select", "section-heading,confidence-line") == before


def test_a_misspelled_key_is_renamed_and_not_added_again(pattern: Path) -> None:
    text = pattern.read_text(encoding="utf-8")
    before = edit(pattern, (r"^  complementary:", "  complimentary:"))
    assert fix(pattern) == before
    assert fix(pattern, "--unsafe-fixes", "--select", "unknown-key,missing-key") == text


def test_a_key_that_differs_in_case_and_hyphens_is_renamed_safely(pattern: Path) -> None:
    text = pattern.read_text(encoding="utf-8")
    edit(pattern, (r"^  generalizes_from:", "  Generalizes-From:"))
    assert fix(pattern) == text


def test_the_lines_of_a_repeated_key_are_indented_too(pattern: Path) -> None:
    edit(pattern, (r"^  corporate: (.*)$", '    corporate: "One"\n    corporate: "Two"'))
    text = pattern.read_text(encoding="utf-8")
    text = re.sub(r"^  (government|activist|tech): ", r"    \1: ", text, flags=re.MULTILINE)
    pattern.write_text(text, encoding="utf-8")
    after = fix(pattern)
    assert '\n  corporate: "One"\n  corporate: "Two"\n  government: ' in after


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (r"^relationships:$", "relationships: &r"),
        (r"^aliases: .*$", "aliases: &none"),
        (r"^aliases: .*$", "aliases: *x"),
        (r"^  tools: .*$", "  ? tools\n  : []"),
    ],
)
def test_no_fix_is_offered_that_cannot_be_applied(pattern: Path, old: str, new: str) -> None:
    edit(pattern, (old, new), (r"^  alternatives:.*\n", ""))
    if "*x" in new:
        edit(pattern, (r"^contributors: .*\n", ""), (r"^id: ", "contributors: &x [rosa]\nid: "))
    out = patternlint("--no-cache", "--fix", "--output-format", "concise", cwd=pattern.parent).out
    assert "refused-fix" not in out
    assert "fixable with --fix" not in out


SPEC = """\
version = "own"
title = "Own"
rules = ["ALL"]
[mark]
rank = 1
any-key = ["dependsOn"]
[[groups]]
name = "identity"
keys = ["slug", "title", "dependsOn", "supports"]
[relationships]
key = ""
types = ["dependsOn", "supports"]
inverse = [["dependsOn", "supports"]]
targets = "slug"
"""
TEXTS = {"type": "array", "items": {"type": "string"}}
MAPPINGS = {
    "type": "array",
    "items": {"type": "object", "properties": {"slug": {}, "weight": {}}, "required": ["slug"]},
}
WEIGHTED = {"type": "array", "items": {**MAPPINGS["items"], "required": ["slug", "weight"]}}  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("schema", "given", "expected"),
    [
        ({}, '"window"', ["alcove"]),
        ({"dependsOn": TEXTS, "supports": TEXTS}, '"window"', ["alcove"]),
        ({"dependsOn": TEXTS, "supports": MAPPINGS}, '"window"', [{"slug": "alcove"}]),
        ({"supports": WEIGHTED}, "{slug: window, weight: 0.7}", [{"slug": "alcove", "weight": 0.7}]),
        ({"supports": WEIGHTED}, "{slug: window}", []),
        ({"supports": TEXTS}, "{slug: window, weight: 0.7}", ["alcove"]),
    ],
)
def test_an_item_has_the_shape_of_the_schema_and_no_invented_weight(
    tmp_path: Path, schema: dict[str, object], given: str, expected: list[object]
) -> None:
    (tmp_path / "spec").mkdir()
    (tmp_path / "spec" / "spec.toml").write_text(SPEC, encoding="utf-8")
    text = json.dumps({"type": "object", "properties": schema})
    (tmp_path / "spec" / "identity.schema.json").write_text(text, encoding="utf-8")
    (tmp_path / "patternlint.toml").write_text('specs = ["spec"]\nspec = "own"\n', encoding="utf-8")
    for name, links in (("alcove", f"[{given}]"), ("window", "[]")):
        front = f'slug: {name}\ntitle: "{name}"\ndependsOn: {links}\nsupports: []\n'
        (tmp_path / f"{name}.md").write_text(f"---\n{front}---\n\nText.\n", encoding="utf-8")
    patternlint("--fix", "--unsafe-fixes", "--no-cache", cwd=tmp_path)
    assert front_of(tmp_path / "window.md")["supports"] == expected
