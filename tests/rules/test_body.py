from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.diagnostics.fix import Replacement
from patternlint.document import body_text
from patternlint.document.pattern import Pattern
from patternlint.edits.apply import apply_edits
from patternlint.linter.registry import Registry, built_in_rules
from patternlint.linter.selection import select
from patternlint.parser.parser import parse
from patternlint.rule import Rule
from patternlint.source import Source, Span
from patternlint.spec.loader import load_specs

SPECS = load_specs()
REGISTRY = Registry(built_in_rules())
NAMES = tuple(name for name in REGISTRY.groups["body"] if name != "broken-link")  # it looks into the library
RULES = {
    rule.name: rule
    for rule in select(REGISTRY, SPECS, chosen=NAMES).by_spec["8.2"].pattern_rules
    if isinstance(rule, Rule) and rule.name in NAMES
}
FRONT = """\
---
id: pat_01h00000000000000000000000
orbital_layer: 3
title: Kräuter 🌿
summary: Kräuter in Töpfen, für alle im Hof.
ontology:
  search_hints:
    primary_tension: Nähe vs. Weite
  commons_assessment:
    resilience: 4.0
lifecycle:
  confidence: 2
---
"""


def pattern_of(body: str, front: str = FRONT) -> Pattern:
    parsed = parse(Source("example.md", (front + body).encode()), SPECS, named=True)
    assert parsed.pattern is not None
    return parsed.pattern


def findings(pattern: Pattern, *names: str) -> list[Diagnostic]:
    return [finding for name in names or NAMES for finding in RULES[name].check(pattern)]


def sections(body: str) -> list[tuple[int, str]]:
    return [(section.number, section.heading.text) for section in pattern_of(body).body.sections]


# --- Which headings are sections --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "heading",
    [
        "### Section 3: Solution",
        "# Section 3: Solution",
        "###### section 3: SOLUTION",
        "### Section 3: Solution (200–400 words)",
        "### Section 3: Solution Considerations",
        "### Section 3: Solution — The Quality Without a Name",
        "### Section 3: Solution Ã¢â‚¬â€œ The Quality",
        "### **Section 3: Solution** ###",
        "### Section 3 : *Solution*",
        "### Section 2: Solution",
        "Section 3: Solution\n---",
        "> ### Section 3: Solution",
        "### 3. Solution",
        "## 3. Solution: what to do",
        "### 03. Solution".replace("03", "3"),
    ],
)
def test_known_forms_of_a_section_heading(heading: str) -> None:
    assert [number for number, _ in sections(f"{heading}\n\nKisten.\n")] == [3]


@pytest.mark.parametrize(
    "heading",
    [
        "### Solution",
        "### Section: Solution",
        "### Section 3 Solution",
        "### Section three: Solution",
        "### Section 3: Solutions",
        "### 2. Solution",
        "### 3 Solution",
        "### ³. Solution",
        f"### {'3' * 5000}. Solution",
        "    ### Section 3: Solution",
        "###Section 3: Solution",
        "```\n### Section 3: Solution\n```",
        "<!--\n### Section 3: Solution\n-->",
    ],
)
def test_what_is_no_section_heading(heading: str) -> None:
    assert sections(f"Kräuter.\n\n{heading}\n\nKisten.\n") == []


def test_the_short_form_is_a_sub_heading_beside_the_long_one() -> None:
    body = "### 1. Context\n\nHof.\n\n### Section 3: Solution\n\n### 4. Implementation\n\nSägen.\n"
    assert sections(body) == [(3, "Section 3: Solution")]


def test_a_section_goes_on_to_the_next_one() -> None:
    pattern = pattern_of("ü\n\n### Section 1: Context\n\n#### Hof\n\nä 🌿\n\n### Section 2: Problem\nEnge.\n")
    first, second = pattern.body.sections
    assert pattern.source.slice(first.span) == "\n\n#### Hof\n\nä 🌿\n\n"
    assert pattern.source.slice(second.span) == "\nEnge.\n"
    assert pattern.source.slice(second.heading.span) == "### Section 2: Problem"


# --- The parser's places ----------------------------------------------------------------------------------------------


def test_places_of_headings_code_and_comments() -> None:
    body = "# ä <!-- ö --> 🌿\n\n<!-- ü -->\n\n```\n🌿\n```\n\n#hof\n===\n\n~~~\nnie zu\n"
    pattern = pattern_of(body)
    found = pattern.body
    slice_of = pattern.source.slice
    assert [(heading.level, heading.setext, slice_of(heading.span)) for heading in found.headings] == [
        (1, False, "# ä <!-- ö --> 🌿"),
        (1, True, "#hof\n==="),
    ]
    assert [slice_of(span).strip() for span in found.html_spans] == ["<!-- ö -->", "<!-- ü -->"]
    assert [(slice_of(fence.span).strip(), fence.closed) for fence in found.code_blocks] == [
        ("```\n🌿\n```", True),
        ("~~~\nnie zu", False),
    ]
    for offset in range(found.span.start, found.span.end):
        assert found.is_in_code_block(offset) == any(
            one.span.start <= offset < one.span.end for one in found.code_blocks
        )
        inside = [one for one in found.headings if one.span.start <= offset < one.span.end]
        assert found.heading_at(offset) == (inside[0] if inside else None)
        assert (found.html_at(offset) is not None) == any(one.start <= offset < one.end for one in found.html_spans)


# --- Facts about the text ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "opening"),
    [
        ("", None),
        ("### Section 1: Context\n\nHof.\n", None),
        ("\n\n> Töpfe für alle.  \n\n---\n", "Töpfe für alle."),
        ("Töpfe\nfür alle\n> [!NOTE] Confidence Rating: ★\n", "Töpfe\nfür alle"),
        ("> Töpfe\n> für alle\n>\n> im Hof\n", "Töpfe\n> für alle"),
        ("# Kräuter\nTöpfe\n# Hof\n", "Töpfe"),
        ("Kräuter\n===\n\nTöpfe\r\nfür alle\r\n\r\nim Hof\r\n", "Töpfe\r\nfür alle"),
        ("<!-- x\n\ny -->\n\n---\n\n**Töpfe**\n", "**Töpfe**"),
        ("> [!NOTE] Confidence Rating: ★\n\nTöpfe\n", None),
        ("Töpfe\n```\nx\n```\nfür alle\n", "Töpfe"),
    ],
)
def test_opening(body: str, opening: str | None) -> None:
    pattern = pattern_of(body)
    span = body_text.lead_paragraph(pattern)
    assert (None if span is None else pattern.source.slice(span)) == opening


@pytest.mark.parametrize(
    ("line", "stars", "rating"),
    [
        ("> [!NOTE] Confidence Rating: ★★☆ (Medium)", "★★☆", 2),
        ("[!NOTE] Confidence Rating: ★★★★ (High)", "★★★★", 4),
        ("> [!TIP] Confidence: ★", "★", 1),
        ("> **Confidence rating:** 3/3 (Proven)", "3/3", 3),
        ("Confidence Rating: high ★★", "★★", 2),
        ("> [!NOTE] Confidence Rating: Ã¢Ëœâ€¦ (High)", "", 0),
        ("> [!NOTE] Confidence Rating: 13/30", "", 0),
        ("> [!NOTE] Confidence Rating:", "", 0),
    ],
)
def test_confidence(line: str, stars: str, rating: int) -> None:
    pattern = pattern_of(f"Confidence ratings are hard.\n\nSo is confidence.\n\n{line}\n\n### Section 1: Context\n")
    found = body_text.find_confidence_line(pattern)
    assert found is not None
    assert found.line.text == line
    assert (pattern.source.slice(found.stars), found.rating) == (stars, rating)


@pytest.mark.parametrize("line", ["Confidence ratings: no.", "My Confidence Rating: ★", "Confidence grows. ★", ""])
def test_no_confidence_line(line: str) -> None:
    assert body_text.find_confidence_line(pattern_of(f"\n{line}\n")) is None


@pytest.mark.parametrize(
    ("text", "bare"),
    [("", ""), ("a", "a"), ("a<!-- b -->c<!---->d", "acd"), ("a<!-- b", "a"), ("<!--> b -->c", "c"), ("a-->", "a-->")],
)
def test_without_comments(text: str, bare: str) -> None:
    assert body_text.strip_html_comments(text) == bare


@pytest.mark.parametrize(("line", "rule"), [("---", True), ("* * *", True), ("__", False), ("-*-", False), ("", False)])
def test_is_rule(line: str, rule: bool) -> None:  # noqa: FBT001 - a value that is expected
    assert body_text.is_thematic_break(line) is rule


# --- Templates --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["7.1", "8.2"])
def test_every_prompt_of_a_new_pattern_is_a_placeholder(version: str) -> None:
    spec = SPECS.by_version[version]
    assert spec.prompts
    for prompt in sorted(spec.prompts):
        pattern = pattern_of(f"\n> **Hof, [{prompt}].**\n", FRONT if version == "8.2" else "---\nontology: {}\n---\n")
        assert [pattern.source.slice(one.span) for one in findings(pattern, "placeholder")] == [f"[{prompt}]"]
        written = pattern_of("", f'---\nid: x\ntitle: "[{prompt}]"\norbital_layer: 1\n---\n')
        assert [one.route for one in findings(written, "placeholder")] == [("title",)]


@pytest.mark.parametrize("version", ["7.1", "8.2"])
def test_the_prompts_of_the_sections_break_no_other_rule(version: str) -> None:
    spec = SPECS.by_version[version]
    text = "\n\n---\n\n".join(
        f"### Section {number}: {section.title}\n\n{section.prompt}"
        for number, section in enumerate(spec.body.sections, 1)
    )
    front = FRONT.replace("Nähe vs. Weite", '"[One force] vs. [The force against it]"')
    front = front if version == "8.2" else front.replace("orbital_layer: 3\n", "")
    note = "> [!NOTE] Confidence Rating: ★★☆ (Medium)\n"
    pattern = pattern_of(f"\nKräuter.\n\n{note}\n---\n\n{text}\n", front)
    names = {one.rule for one in findings(pattern)} - {"section-length"}
    assert names == {"placeholder"}


# --- Whatever a body holds --------------------------------------------------------------------------------------------

PIECES = (
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    " ",
    "\t",
    "> ",
    "- ",
    "1. ",
    "# ",
    "### ",
    "---",
    "===",
    "```",
    "~~~~",
    "    ",
    "<!-- ",
    " -->",
    "<p>",
    "`",
    "*",
    "**",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "|",
    "Section 1: Context",
    "Section 2: Problem",
    "2. Problem",
    "Section 8: Vitality (200–300 words)",
    "> [!NOTE] Confidence Rating: ",
    "[!NOTE]",
    "Confidence rating:",
    "★",
    "☆",
    "2/3",
    "> **The core conflict is ",
    ".**",
    "the core tension",
    "Nähe vs. Weite",
    "> **Therefore",
    "Resilience",
    "(3.0)",
    "*(100–200 words)*",
    "[Describe it]",
    "{Describe it}",
    "TODO",
    "TBD",
    "Kräuter in Töpfen",
    "ü🌿",
    ".",
    "\u2028",
    "\x0b",
    "\u00a0",
    "²",
)
BODIES = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=40).map("".join)


@settings(deadline=None)
@given(body=BODIES)
def test_no_body_breaks_a_rule(body: str) -> None:
    pattern = pattern_of(body)
    length = len(pattern.source.text)
    for finding in findings(pattern):
        assert 0 <= finding.span.start <= finding.span.end <= length
        assert finding.region.line >= 1
        for edit in finding.fix.edits if finding.fix else ():
            assert isinstance(edit, Replacement)
            assert pattern.body.span.start <= edit.span.start <= edit.span.end <= length


@settings(deadline=None)
@given(body=BODIES)
def test_fixes_come_to_an_end_and_leave_the_front_matter_alone(body: str) -> None:
    pattern = pattern_of(body)
    data = pattern.data
    for _ in range(10):
        edits: list[Replacement] = []
        for finding in findings(pattern):
            mine = [edit for edit in (finding.fix.edits if finding.fix else ()) if isinstance(edit, Replacement)]
            if not any(_overlap(edit.span, other.span) for edit in mine for other in edits):
                edits += mine
        if not edits:
            return
        text = apply_edits(pattern.source.text, edits)
        pattern = pattern_of("", text)
        assert pattern.data == data
    pytest.fail("the fixes go on and on")


def _overlap(one: Span, other: Span) -> bool:
    return one == other or (one.start < other.end and other.start < one.end)


# --- Long lines and long bodies ---------------------------------------------------------------------------------------

SIZE = 40_000


LONG = (
    "a",
    " ",
    "\t",
    "*",
    "`",
    "(",
    "[",
    "{",
    "<",
    ">",
    "<!--",
    "-->",
    "<!---->",
    "[!",
    "](",
    "★",
    "D",
    "TD",
    "|",
    "> ",
    "# ",
    "- ",
    "-",
    "=",
    "\r",
    ".",
    "3.0 (",
    "(3.0) ",
    "resilience ",
    "onfidence ",
    "Confidence Rating: ",
    "TODO ",
    " words)",
    "[Describe it] ",
    "{Describe it} ",
    "the core conflict is ",
    "**Therefore",
    "ü🌿",
)


@pytest.mark.parametrize("piece", LONG)
def test_a_long_line_takes_no_time(piece: str) -> None:
    line = piece * (SIZE // len(piece))
    body = f"{line}\n\n### Section 2: Problem\n\n{line}\n\n### Section 8: Vitality\n\n> {line}"
    start = time.process_time()
    findings(pattern_of(body))
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    "block",
    [
        "#### Hof ä\n\n",
        "# ä\n## ö\n",
        "### Section 1: Context\n\n",
        "## Section 1: Context\n\n# ä\n\n",
        "### 1. Context\n\nHof.\n\n",
        "Hof\n---\n",
        "```\nx\n```\n\n",
        "> ```\n> x\n\n",
        "<!-- ä -->\n\n",
        "ä <!-- ö -->\n",
        "\n",
        ">\n",
        "- ä\n",
        "> **The core conflict is \n",
    ],
)
def test_many_blocks_take_time_in_proportion(block: str) -> None:
    def spent(count: int) -> float:
        pattern = pattern_of(block * count)
        start = time.process_time()
        findings(pattern)
        return time.process_time() - start

    spent(50)
    few, many = min(spent(1000) for _ in range(3)), min(spent(8000) for _ in range(2))
    assert many < max(24 * few, 0.2)
