"""Sections as a specification describes them: headings in any form, other titles, any order, lines that they open with."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.diagnostics.fix import Replacement
from patternlint.document.pattern import Pattern
from patternlint.edits.apply import apply_edits
from patternlint.linter.registry import Registry, built_in_rules
from patternlint.linter.selection import select
from patternlint.parser.parser import parse
from patternlint.rule import Rule
from patternlint.scaffold import PatternIdentity, new_pattern
from patternlint.source import Source
from patternlint.spec.body import HeadingForm, SectionSpec, SectionTitles, parse_form
from patternlint.spec.loader import SpecError, load_spec
from patternlint.spec.model import Spec, SpecRegistry
from patternlint.spec.validation import check_spec

REGISTRY = Registry(built_in_rules())
HEAD = 'version = "garden"\ntitle = "Garden"\n[mark]\nrank = 5\nany-key = ["bed"]\n'
DECISIONS = """
[body]
heading = "## {title}"
[[body.sections]]
title = "Context"
also = ["Background"]
[[body.sections]]
title = "Decision"
opens-with = "> **We choose "
[[body.sections]]
title = "Costs"
optional = true
words = [1, 3]
"""


def spec_of(folder: Path, body: str) -> Spec:
    (folder / "spec.toml").write_text(HEAD + body, encoding="utf-8")
    return load_spec(folder)


def pattern_of(spec: Spec, body: str) -> Pattern:
    parsed = parse(Source("a.md", f"---\nbed: rosé\n---\n\n{body}".encode()), SpecRegistry([spec]), named=True)
    assert parsed.pattern is not None
    return parsed.pattern


def findings(spec: Spec, body: str, *names: str) -> list[Diagnostic]:
    checks = select(REGISTRY, SpecRegistry([spec]), chosen=("body",))
    rules = [one for one in checks.by_spec[spec.version].pattern_rules if isinstance(one, Rule)]
    pattern = pattern_of(spec, body)
    return [found for rule in rules if not names or rule.name in names for found in rule.check(pattern)]


def messages(spec: Spec, body: str, *names: str) -> list[str]:
    return [f"{one.rule}: {one.message}" for one in findings(spec, body, *names)]


# --- Forms ------------------------------------------------------------------------------------------------------------

FORMS = st.builds(
    HeadingForm,
    st.integers(1, 6),
    st.sampled_from(["", "Section ", "Teil ", "Ä "]),
    st.sampled_from(["", ": ", ". ", " – ", ") "]),
)
TITLES = st.text(st.sampled_from("aZü 9-"), min_size=1).map(str.strip).filter(lambda text: text[:1].isalpha())


@given(FORMS, st.integers(1, 30), TITLES)
def test_a_heading_of_a_form_has_its_parts(form: HeadingForm, number: int, title: str) -> None:
    hashes, _, text = form.heading(number, title).partition(" ")
    parts = form.split(text)
    assert len(hashes) == form.level
    assert parts.title == title
    assert parts.number == (str(number) if form.between else "")
    assert parts.is_named is bool(form.before)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("### Section {number}: {title}", HeadingForm(3, "Section ", ": ")),
        ("## {title}", HeadingForm(2, "", "")),
        ("# {number}. {title}", HeadingForm(1, "", ". ")),
        ("#### Teil: {title}", HeadingForm(4, "Teil: ", "")),
        *((text, None) for text in ("{title}", "#{title}", "## Title", "## {number}{title}", "## {title} {number}")),
        ("## {name}", None),
        ("####### {title}", None),
    ],
)
def test_forms(text: str, form: HeadingForm | None) -> None:
    assert parse_form(text) == form


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(
            (text, 1)
            for text in ("Known Uses", "known uses", "Known Uses:", "Known Uses (optional)", "Uses", "Known Uses – Old")
        ),
        *((text, 0) for text in ("Known Uses of it", "Known", "Usest", "Known Uses (a) b", "")),
        ("Ort", 2),
    ],
)
def test_exact_titles(text: str, number: int) -> None:
    sections = (SectionSpec("Known Uses", also=("Uses",), tails=("Old",)), SectionSpec("Ort"))
    assert SectionTitles(sections).exact(text)[0] == number


# --- Which headings are sections --------------------------------------------------------------------------------------


def test_titles_without_numbers(tmp_path: Path) -> None:
    spec = spec_of(tmp_path, DECISIONS)
    pattern = pattern_of(spec, "# Öfen\n\n## Background\n\n### Decision\n\nNo.\n\n## Decision:\n\n> **We choose x.**\n")
    assert [(one.number, one.title, one.name) for one in pattern.body.sections] == [
        (1, "Background", "section `Context`"),
        (2, "Decision", "section `Decision`"),
    ]


def test_sections_on_another_level_are_found_together(tmp_path: Path) -> None:
    spec = spec_of(tmp_path, DECISIONS)
    text = "### Context\n\nÖfen.\n\n#### Heiß\n\n### Decision\n\n> **We choose x.**\n"
    found = findings(spec, text, "section-heading", "section-missing")
    assert [one.message for one in found] == [
        "heading of section `Context` is not `## Context`",
        "heading of section `Decision` is not `## Decision`",
    ]
    pattern = pattern_of(spec, text)
    assert found[0].fix is not None
    fixed = apply_edits(pattern.source.text, [edit for edit in found[0].fix.edits if isinstance(edit, Replacement)])
    assert fixed.endswith("## Context\n\nÖfen.\n\n### Heiß\n\n## Decision\n\n> **We choose x.**\n")


def test_a_correct_file_has_no_finding_and_no_fix(tmp_path: Path) -> None:
    spec = spec_of(tmp_path, DECISIONS)
    text = "# Öfen\n\n## Background\n\nKalt.\n\n## Decision\n\n> **We choose wood.**\n\nWarm.\n\n### Costs\n\nWenig.\n"
    assert findings(spec, text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("## Decision\n\n> **We choose x.**\n", ["section-missing: missing section `Context`"]),
        (
            "## Decision\n\nÖfen.\n\n## Context\n\nA.\n",
            [
                "section-order: section `Context` comes after section `Decision`",
                "therefore: missing line `> **We choose ….**` in section `Decision`",
            ],
        ),
        (
            "## Contxt\n\nA.\n\n## Decision\n\n## Decision\n\n> **We choose x.**\n",
            [
                "section-duplicate: duplicate section `Decision`",
                "section-empty: section `Decision` is empty",
                "section-missing: missing section `Context`",
                "therefore: missing line `> **We choose ….**` in section `Decision`",
            ],
        ),
        (
            "## context\n\nA.\n\n## Decision\n\n> **We choose x.**\n\n## Costs\n\nÖl – und Holz, und Kohle.\n",
            [
                "section-heading: heading of section `Context` is not `## Context`",
                "section-length: section `Costs` has 5 words, expected 1 to 3",
            ],
        ),
    ],
)
def test_what_is_wrong(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert sorted(messages(spec_of(tmp_path, DECISIONS), text)) == expected


def test_a_misspelled_title_is_shown(tmp_path: Path) -> None:
    (found,) = findings(spec_of(tmp_path, DECISIONS), "## Contxt\n\nÄ.\n\n## Decision\n\n> **We choose x.**\n")
    assert (found.message, found.region.line, found.labels[0].message) == (
        "missing section `Context`",
        5,
        "similar title",
    )


def test_any_order_and_no_others(tmp_path: Path) -> None:
    spec = spec_of(tmp_path, DECISIONS.replace("[body]\n", "[body]\nordered = false\nothers = false\n"))
    text = "## Decision\n\n> **We choose x.**\n\n## Öfen\n\n## Context\n\nA.\n"
    assert messages(spec, text) == ["section-unknown: unknown section `Öfen`"]


ANY_NUMBER = DECISIONS.replace('"## {title}"', '"## {number}. {title}"\nany-number = true\nordered = false')


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# 7. Decision\n\n### 1. Decision\n\n## 1. Background\n\n## Decision\n", [("Decision", 1), ("Background", 2)]),
        (
            "## 3. Decision\n\n## 4. Decision (v2)\n\n# 1. decision\n",
            [("Decision", 2), ("Decision", 2), ("Decision", 1)],
        ),
        ("# Öfen\n\n### Context\n\n#### Costs\n\n### Decision\n", [("Context", 3), ("Decision", 3)]),
        ("## 1. Contextual\n\n## 2 Decision\n", []),
    ],
)
def test_any_number(tmp_path: Path, text: str, expected: list[tuple[str, int]]) -> None:
    pattern = pattern_of(spec_of(tmp_path, ANY_NUMBER), text)
    assert [(one.title, one.heading.level) for one in pattern.body.sections] == expected


def test_what_is_wrong_with_any_number(tmp_path: Path) -> None:
    text = "# 9. Decision\n\n## 2. Decision (10 words)\n\n> **We choose x.**\n\n## 1. Contxt\n\nÖl.\n"
    assert sorted(messages(spec_of(tmp_path, ANY_NUMBER), text)) == [
        "placeholder: headings end in word ranges of the template, such as `(10 words)`",
        "section-duplicate: duplicate section `Decision`",
        "section-empty: section `Decision` is empty",
        "section-missing: missing section `Context`",
        "therefore: missing line `> **We choose ….**` in section `Decision`",
    ]


def test_more_sections_than_there_are_number_words(tmp_path: Path) -> None:
    spec = spec_of(tmp_path, "".join(f'[[body.sections]]\ntitle = "Ä{number}"\n' for number in range(1, 31)))
    assert len(findings(spec, "Text.\n", "section-missing")) == 30


def test_a_body_without_sections_has_no_findings_about_sections(tmp_path: Path) -> None:
    text = "Öfen.\n\n> [!NOTE] Confidence Rating: ?\n\n### Section 3: Solution\n\n[Hub ID/Name].\n"
    assert findings(spec_of(tmp_path, ""), text) == []


# --- The other lines --------------------------------------------------------------------------------------------------


def test_a_confidence_line_of_another_kind(tmp_path: Path) -> None:
    body = '[body]\nconfidence-line = "> **Trust:** "\nconfidence-labels = ["low", "high"]\n'
    (tmp_path / "spec.toml").write_text('confidence = ["bed"]\n' + HEAD + body, encoding="utf-8")
    spec = load_spec(tmp_path)
    assert messages(spec, "> **Trust:** ★☆ (low)\n\nÖfen.\n") == []
    assert messages(spec, "> **Trust:** ★★☆ (Öl)\n\nÖfen.\n") == [
        "confidence-line: confidence rating is not one to two ★ and a word in parentheses"
    ]
    assert messages(spec, "> **Trust:** ★★★ (Öl)\n\nÖfen.\n") == [
        "confidence-line: confidence rating has 3 stars, expected one to two"
    ]
    assert messages(spec, "Öfen.\n") == ["confidence-line: missing confidence rating"]


def test_a_new_pattern_has_what_its_specification_asks_for(tmp_path: Path) -> None:
    spec = spec_of(tmp_path, DECISIONS.replace('"> **We choose "', '"> **We choose "\nprompt = "> **We choose [a].**"'))
    text = new_pattern(spec, PatternIdentity("x_1", "oefen", "Öfen", "", date(2026, 11, 29)))
    assert text == "---\n\n---\n\n## Context\n\n[Write this section.]\n\n## Decision\n\n> **We choose [a].**\n"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('[body]\nheading = "{title}"\n', "spec.toml:7: `heading` must be one to six `#`, a space and `{title}`"),
        (
            '[[body.sections]]\ntitle = "A"\n[[body.sections]]\ntitle = "B"\nalso = ["a"]\n',
            "spec.toml:8: duplicate section title `a`",
        ),
        ('[[body.sections]]\ntitle = "A"\nalso = ["A"]\n', "spec.toml:6: duplicate section title `A`"),
    ],
)
def test_refused_bodies(tmp_path: Path, body: str, reason: str) -> None:
    with pytest.raises(SpecError, match=re.escape(reason)):
        check_spec(spec_of(tmp_path, body))


# --- Headings that a specification asks for ---------------------------------------------------------------------------


@settings(deadline=None, max_examples=30)
@given(FORMS, st.lists(TITLES, min_size=1, max_size=4, unique_by=str.casefold))
def test_a_fix_touches_no_heading_that_its_specification_asks_for(
    tmp_path_factory: pytest.TempPathFactory, form: HeadingForm, titles: list[str]
) -> None:
    heading = form.heading(0, "{title}").replace("0", "{number}")
    sections = "".join(f'[[body.sections]]\ntitle = "{title}"\n' for title in titles)
    spec = spec_of(tmp_path_factory.mktemp("spec"), f'[body]\nheading = "{heading}"\n{sections}')
    text = "".join(f"{spec.body.heading_of(at)}\n\nÖl und Holz.\n\n" for at in range(1, len(titles) + 1))
    assert messages(spec, text) == []
