"""Slips that people make in a pattern: the first finding names the cause, at its line, with a remedy that is right."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import pytest

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.library.entry import Entry
from patternlint.library.library import Library
from patternlint.linter.linter import Linter
from patternlint.linter.registry import Registry, built_in_rules
from patternlint.linter.selection import select
from patternlint.parser.parser import parse
from patternlint.source import Source, Span
from patternlint.spec.loader import load_specs
from tests.support.repository import EXAMPLES

SPECS = load_specs()
NAME = "repair-cafe.md"
PATTERN = (EXAMPLES / NAME).read_text(encoding="utf-8")
SUMMARY = PATTERN[PATTERN.index("summary: >-") : PATTERN.index("\n\n# ", PATTERN.index("summary: >-"))]


class Typo(NamedTuple):
    """What a person changed in the example, and the finding that should come first.

    Attributes:
        old: text of the example.
        new: text in its place.
        rule: the rule of the first finding.
        line: a part of the line that it points at.
        words: what its message or its help says.
    """

    old: str
    new: str
    rule: str
    line: str
    words: str


@cache
def engine() -> Linter:
    return Linter(select(Registry(built_in_rules()), SPECS))


@cache
def others() -> tuple[Entry, ...]:
    paths = [path for path in sorted(EXAMPLES.glob("*.md")) if path.name != NAME]
    results = [engine().lint_file(parse(Source(path.name, path.read_bytes()), SPECS)) for path in paths]
    return tuple(result.entry for result in results if result.entry is not None)


def findings(text: str) -> tuple[Source, list[Diagnostic]]:
    """Return what is found in the example with another text, among the other patterns of its library."""
    source = Source(NAME, text.encode())
    result = engine().lint_file(parse(source, SPECS, named=True))
    entries = [*others(), *([result.entry] if result.entry is not None else [])]
    library_diagnostics = engine().lint_library(Library.build(entries, SPECS), lambda _: frozenset())
    found, _ = engine().finalize(NAME, result.own, [one for one in library_diagnostics if one.path == NAME])
    return source, found


def changed(old: str, new: str) -> str:
    assert old in PATTERN, old
    return PATTERN.replace(old, new, 1)


def check(typo: Typo) -> list[Diagnostic]:
    source, found = findings(changed(typo.old, typo.new))
    assert found, "nothing is found"
    first = found[0]
    assert first.rule == typo.rule, first
    assert typo.words in f"{first.message}\n{first.help}", first
    line = source.slice(source.line_span(first.region.line))
    assert typo.line in line, (first, line)
    return found


def yaml(old: str, new: str, line: str, words: str) -> Typo:
    return Typo(old, new, "yaml-syntax", line, words)


TITLE = 'title: "Repair Café"'
ALIASES = 'aliases: ["Mending Afternoon"]'
STATUS = "  status: stable"
SLUG = "    - slug: shared-tool-library"
LINK = f"{SLUG}\n      weight: 0.85\n"
PEOPLE = 'contributors: ["rosa-elm", "t-søndergård"]'
KEYWORDS = '"coffee", "waste"]'

SYNTAX = {
    "no space after a colon": yaml(STATUS, "  status:stable", "status:stable", "write `status: stable`"),
    "no space before a quote": yaml(TITLE, 'title:"Repair Café"', "title:", 'write `title: "Repair Café"`'),
    "no space in the last line of a group": yaml(
        "  confidence: 2\n", "  confidence:2\n", "confidence:2", "missing space"
    ),
    "no space in a link": yaml(
        SLUG, "    - slug:shared-tool-library", "- slug:", "write `- slug: shared-tool-library`"
    ),
    "no space after a dash": yaml(
        SLUG, "    -slug: shared-tool-library", "-slug", "write `- slug: shared-tool-library`"
    ),
    "en dash": yaml(SLUG, "    – slug: shared-tool-library", "– slug", "write `- slug: shared-tool-library`"),
    "em dash": yaml(SLUG, "    — slug: shared-tool-library", "— slug", "(em dash) instead of `-`"),
    "bullet": yaml(SLUG, "    • slug: shared-tool-library", "• slug", "write `- slug: shared-tool-library`"),
    "star": yaml(SLUG, "    * slug: shared-tool-library", "* slug", "write `- slug: shared-tool-library`"),
    "full-width colon": yaml(STATUS, "  status：stable", "status：", "write `status: stable`"),
    "ratio sign": yaml(STATUS, "  status∶ stable", "status∶", "write `status: stable`"),
    "no-break spaces": yaml(
        STATUS, "\u00a0\u00a0status: stable", "status", "no-break space (U+00A0) used for indentation"
    ),
    "one no-break space": yaml(STATUS, "\u00a0 status: stable", "status", "indent the line with 2 spaces"),
    "ideographic space": yaml(STATUS, "\u3000status: stable", "status", "indent the line with 2 spaces"),
    "thin space": yaml("    ownership", "\u2009   ownership", "ownership", "thin space (U+2009)"),
    "no-break space after a colon": yaml(STATUS, "  status:\u00a0stable", "status", "instead of a space"),
    "no-break space after a dash": yaml(
        SLUG, "    -\u00a0slug: shared-tool-library", "slug", "replace it with a space"
    ),
    "tab before a key": yaml(STATUS, "\tstatus: stable", "status", "tab used for indentation"),
    "tab before an item": yaml(SLUG, "\t- slug: shared-tool-library", "- slug", "indent the line with 4 spaces"),
    "tabs before two keys": yaml(
        "    ownership: 3.5\n    autonomy", "\t\townership: 3.5\n\t\tautonomy", "ownership", "and in 1 more line"
    ),
    "a key one space deeper": yaml("    resilience: 4.0", "     resilience: 4.0", "resilience", "with 4 spaces"),
    "a key one space less": yaml("    resilience: 4.0", "   resilience: 4.0", "resilience", "with 4 spaces"),
    "the first key deeper": yaml(STATUS, "   status: stable", "status", "indent the line with 2 spaces"),
    "the first key less deep": yaml(STATUS, " status: stable", "status", "indent the line with 2 spaces"),
    "the last key deeper": yaml(
        "  confidence: 2\n", "    confidence: 2\n", "confidence", "indent the line with 2 spaces"
    ),
    "a key at the top indented": yaml(TITLE, f" {TITLE}", "title", "do not indent the line"),
    "an item less deep": yaml(SLUG, f"{SLUG[1:]}", "slug", "indent the line with 4 spaces"),
    "a weight not below its slug": yaml("      weight: 0.85", "    weight: 0.85", "weight: 0.85", "with 6 spaces"),
    "a weight one deeper": yaml("      weight: 0.85", "       weight: 0.85", "weight: 0.85", "like `slug`"),
    "a group of scores deeper": yaml("  commons_assess", "   commons_assess", "commons_assess", "with 2 spaces"),
    "unclosed double quote": yaml(TITLE, TITLE[:-1], "title", f"write `{TITLE}`"),
    "unclosed single quote": yaml(TITLE, "title: 'Repair Café", "title", "write `title: 'Repair Café'`"),
    "unclosed in the middle": yaml('sector: "Life"', 'sector: "Life', "sector", 'write `sector: "Life"`'),
    "unclosed at the end": yaml(
        'example library"\n---', "example library\n---", "attribution", "missing closing quote"
    ),
    "unclosed in a list": yaml(
        '["repair",', '["repair,', "vector_keywords", 'write `vector_keywords: ["repair", "mend'
    ),
    "two kinds of quotes": yaml(TITLE, "title: \"Repair Café'", "title", f"write `{TITLE}`"),
    "closed by a curly quote": yaml(TITLE, 'title: "Repair Café”', "title", f"write `{TITLE}`"),
    "an apostrophe": yaml(TITLE, "title: 'It's a Café'", "title", 'write `title: "It\'s a Café"`'),
    "quotes within quotes": yaml(TITLE, 'title: "The "Repair" Café"', "title", "write `title: 'The \"Repair\" Café'`"),
    "one word in quotes": yaml(TITLE, 'title: "Repair" Café', "title", "write `title: '\"Repair\" Café'`"),
    "comma behind a value": yaml(TITLE, f"{TITLE},", "title", "unexpected `,`"),
    "unclosed bracket": yaml(ALIASES, ALIASES[:-1], "aliases", f"write `{ALIASES}`"),
    "unclosed bracket of words": yaml(ALIASES, "aliases: [a, b", "aliases", "write `aliases: [a, b]`"),
    "closed by a parenthesis": yaml(ALIASES, 'aliases: ["Mending Afternoon")', "aliases", f"write `{ALIASES}`"),
    "closed by a brace": yaml(ALIASES, 'aliases: ["Mending Afternoon"}', "aliases", f"write `{ALIASES}`"),
    "no opening bracket": yaml(ALIASES, 'aliases: "Mending Afternoon"]', "aliases", f"write `{ALIASES}`"),
    "a bracket too many": yaml(ALIASES, f"{ALIASES}]", "aliases", "unexpected `]`"),
    "no comma between items": yaml(KEYWORDS, '"coffee" "waste"]', "vector_keywords", '"coffee", "waste"]`'),
    "semicolon between items": yaml(KEYWORDS, '"coffee"; "waste"]', "vector_keywords", '"coffee", "waste"]`'),
    "two commas": yaml(KEYWORDS, '"coffee",, "waste"]', "vector_keywords", '"coffee", "waste"]`'),
    "no colon": yaml("  domain: n", "  domain n", "domain", "write `domain: neighbourhood-economy`"),
    "no colon before a quote": yaml(TITLE, 'title "Repair Café"', "title", "missing `:` after `title`"),
    "no colon before a number": yaml("ownership: 3.5", "ownership 3.5", "ownership", "write `ownership: 3.5`"),
    "no colon before a group": yaml("lifecycle:\n", "lifecycle\n", "lifecycle", "write `lifecycle:`"),
    "no colon before a list": yaml("  requires:\n", "  requires\n", "requires", "write `requires:`"),
    "equals sign": yaml(STATUS, "  status = stable", "status", "write `status: stable`"),
    "tight equals sign": yaml(STATUS, "  status=stable", "status", "`=` instead of `:`"),
    "template variable": yaml(TITLE, "title: {{ title }}", "title", 'write `title: "{{ title }}"`'),
    "template variable with text": yaml(TITLE, "title: {{ title }} x", "title", 'write `title: "{{ title }} x"`'),
    "percent sign": yaml(TITLE, "title: %Repair Café", "title", 'write `title: "%Repair Café"`'),
    "at sign": yaml(PEOPLE, "contributors: @rosa-elm", "contributors", 'write `contributors: "@rosa-elm"`'),
    "at sign in a list": yaml(PEOPLE, "contributors: [@rosa-elm, ts]", "contributors", '["@rosa-elm", ts]'),
    "at sign in an item": yaml(PEOPLE, "contributors:\n  - @rosa-elm", "- @rosa", 'write `- "@rosa-elm"`'),
    "backtick": yaml(TITLE, "title: `Repair` Café", "title", 'title: "`Repair` Café"'),
    "bold": yaml(TITLE, "title: **Repair Café**", "title", 'write `title: "**Repair Café**"`'),
    "ampersand": yaml(TITLE, "title: & Café", "title", 'write `title: "& Café"`'),
    "a link": yaml(TITLE, "title: [Repair Café](x.md)", "title", 'write `title: "[Repair Café](x.md)"`'),
    "colon in text": yaml(TITLE, "title: Repair Café: mend", "title", 'write `title: "Repair Café: mend"`'),
    "colon in an item": yaml("sources: []", "sources:\n  - Elm, R.: On: x", "Elm", 'write `- "Elm, R.: On: x"`'),
    "colon at the end": yaml(TITLE, "title: Repair Café:", "title", 'write `title: "Repair Café:"`'),
    "summary not indented": yaml(
        SUMMARY, SUMMARY.replace("\n  ", "\n"), "Once a month", "each line of the text with 2"
    ),
    "summary in the line of its key": yaml(SUMMARY, SUMMARY.replace(">-\n  ", ">- "), "summary", "to the next line"),
    "summary continued at the margin": yaml(
        SUMMARY, SUMMARY.replace(">-\n  ", "").replace("\n  ", "\n"), "broken, over coffee", "`summary` is not indented"
    ),
    "HTML comment": yaml("lifecycle:\n", "<!-- now -->\nlifecycle:\n", "<!--", "write `# now`"),
    "comment with slashes": yaml("lifecycle:\n", "// now\nlifecycle:\n", "// now", "write `# now`"),
    "backslash": yaml(TITLE, 'title: "Repair\\Café"', "title", "write `title: 'Repair\\Café'`"),
    "list in the line of its key": yaml("sources: []", 'sources: - "Notes"', "sources", "on the next line"),
    "no closing line": yaml('library"\n---\n', 'library"\n', "> Two heads", "write `---` on a line of its own"),
    "closed by an em dash": yaml('library"\n---\n', 'library"\n—\n', "—", "write `---`"),
    "closed behind a space": yaml('library"\n---\n', 'library"\n ---\n', " ---", "delete the space before `---`"),
    "closed by two hyphens": yaml('library"\n---\n', 'library"\n--\n', "--", "write `---`"),
    "a line of text": yaml(TITLE, f"{TITLE}\nThis is our café.", "This is", "delete the line"),
    "an empty mapping above keys": yaml("lifecycle:\n", "lifecycle: {}\n", "lifecycle: {}", "delete `{}`"),
    "an empty list above items": yaml("  requires:\n", "  requires: []\n", "requires: []", "has the value `[]`"),
    "a value above items": yaml("  requires:\n", "  requires: tool-library\n", "requires", "delete `tool-library`"),
    "an item below a weight": yaml(
        "      weight: 0.85\n", "      weight: 0.85\n        - slug: bread-oven\n", "- slug", "indent the line with 4"
    ),
    "a value below its key": yaml(STATUS, "  status:\n  stable", "  stable", "write `status: stable`"),
}


@pytest.mark.parametrize("typo", SYNTAX.values(), ids=SYNTAX.keys())
def test_a_typo_in_yaml_is_reported_at_its_location(typo: Typo) -> None:
    assert len(check(typo)) == 1


def test_no_indentation_makes_text_of_keys() -> None:
    head = "---\nid: pat_x\nslug: x\nsummary: >-\n  People\n  repair.\n\ncontext_labels: {a: b}\n"
    text = f"{head}ontology: {{domain: a, cross_domains: []\n  commons_domain:\n    - life\nlifecycle: {{}}\n---\n"
    _, found = findings(text)
    assert "indent" not in found[0].help


def test_the_first_of_two_typos_is_reported() -> None:
    text = changed(STATUS, "  status:stable").replace("license: CC", "license CC")
    source, (found,) = findings(text)
    assert source.slice(source.line_span(found.region.line)) == "  status:stable"


def test_a_long_front_matter_gets_the_words_of_the_parser() -> None:
    _, (found,) = findings(changed(STATUS, "  status:stable").replace("aliases: [", f"aliases: [{'word, ' * 4000}"))
    assert found.message == "unexpected `:`"


def of(rule: str, old: str, new: str, words: str) -> Typo:
    """Return a slip that is found in the line that was changed."""
    return Typo(old, new, rule, new.strip().split("\n")[0], words)


def score(text: str, words: str) -> Typo:
    return of("wrong-type", "ownership: 3.5", f"ownership: {text}", words)


def weight(text: str, words: str) -> Typo:
    return of("wrong-type", "weight: 0.85", f"weight: {text}", words)


SCHEMA = {
    "decimal comma": score("4,5", "write `ownership: 4.5`, with a decimal point"),
    "score in quotes": score("'4.5'", "write `ownership: 4.5`, without quotes"),
    "percent of a scale to five": score("85%", "write a number from 1 to 5, such as `ownership: 4.0`"),
    "score as a word": score("high", "write a number from 1 to 5"),
    "score as a number word": score("four", "write `ownership: 4`"),
    "fraction": score("4/5", "write `ownership: 4`"),
    "out of": score("4 out of 5", "write `ownership: 4`"),
    "score as stars": score("★★★★", "write `ownership: 4`"),
    "about": score("~4", "write `ownership: 4`"),
    "plus": score("4+", "write `ownership: 4`"),
    "range": score("3-4", "write a number from 1 to 5"),
    "not available": score("n/a", "write a number from 1 to 5"),
    "score as a comment": Typo("ownership: 3.5", "ownership: #4", "wrong-type", "ownership", "write `ownership: 4`"),
    "no score": Typo(
        "ownership: 3.5", "ownership:", "wrong-type", "ownership", "write a value, such as `ownership: 4.0`"
    ),
    "score too high": of("out-of-range", "ownership: 3.5", "ownership: 6", "write a number from 1 to 5. "),
    "score out of ten": of("out-of-range", "ownership: 3.5", "ownership: 35", "such as `ownership: 3.5`"),
    "weight with a comma": weight("0,85", "write `weight: 0.85`, with a decimal point"),
    "weight in percent": weight("85 %", "write `weight: 0.85`"),
    "weight in quotes": weight('"0.85"', "write `weight: 0.85`, without quotes"),
    "weight as a word": weight("strong", "write a number from 0 to 1, such as `weight: 0.85`"),
    "weight of 85": of("out-of-range", "weight: 0.85", "weight: 85", "such as `weight: 0.85`"),
    "confidence in quotes": of(
        "wrong-type", "confidence: 2", 'confidence: "2"', "write `confidence: 2`, without quotes"
    ),
    "confidence as stars": of("wrong-type", "confidence: 2", "confidence: ★★☆", "write `confidence: 2`"),
    "confidence as a fraction": of("wrong-type", "confidence: 2", "confidence: 2/3", "write `confidence: 2`"),
    "confidence of 4": of("out-of-range", "confidence: 2", "confidence: 4", "write a number from 1 to 3"),
    "orbit as a word": of("wrong-type", "orbital_layer: 4", "orbital_layer: three", "write `orbital_layer: 3`"),
    "German date": of("date-type", "2026-03-14", ["last_pruned:", "14.03.2026"][1], "write `last_pruned: 2026-03-14`"),
    "date with slashes": of("date-type", "2026-03-14", "2026/03/14", "write `last_pruned: 2026-03-14`"),
    "American date": of("date-type", "2026-03-14", "03/14/2026", "write `last_pruned: 2026-03-14`"),
    "date that may be either": of("date-type", "2026-03-14", "03/04/2026", "write a date as `last_pruned: 2024-05-01`"),
    "date with a time": of("date-type", "2026-03-14", "2026-03-14T10:00:00Z", "write `last_pruned: 2026-03-14`"),
    "no such day": of("date-type", "2026-03-14", "2026-02-30", "a day that does not exist"),
    "version of three parts": of("version-type", "version: 1.0", "version: 1.0.0", "write `version: 1.0`"),
    "version with a letter": of("version-type", "version: 1.0", "version: v2", "write `version: 2`"),
    "word for a list": of("wrong-type", ALIASES, "aliases: Mending Afternoon", f"write `{ALIASES}`"),
    "words with a comma for a list": of("wrong-type", ALIASES, "aliases: A, B", 'write `aliases: ["A", "B"]`'),
    "list in parentheses": of("wrong-type", ALIASES, 'aliases: ("A")', 'write `aliases: ["A"]`'),
    "bullets": Typo("sources: []", "sources:\n  • Notes\n  • More", "wrong-type", "• Notes", '`- "Notes"`'),
    "em dashes": Typo("sources: []", "sources:\n  — Notes\n  — More", "wrong-type", "— Notes", '`- "Notes"`'),
    "no space after dashes": Typo("sources: []", 'sources:\n  -"A"\n  -"B"', "wrong-type", '-"A"', '`- "A"`'),
    "no space after one dash": Typo(
        LINK, "    -slug: shared-tool-library\n", "wrong-type", "requires:", "`- slug: shared-tool-library`"
    ),
    "a mapping for a list": Typo(
        LINK,
        LINK.replace("    - ", "    ").replace("      ", "    "),
        "wrong-type",
        "requires:",
        "start each item with `- `",
    ),
    "a slug for a list": Typo(
        f"  requires:\n{LINK}",
        "  requires: shared-tool-library\n",
        "wrong-type",
        "requires",
        "`- slug: shared-tool-library`",
    ),
    "a list for a text": of("wrong-type", TITLE, 'title: ["Repair Café"]', f"write `{TITLE}`, without brackets"),
    "a wiki link": of(
        "wrong-type", SLUG, f"{SLUG[:12]}[[shared-tool-library]]", "write `slug: shared-tool-library`, without"
    ),
    "a number for a text": of("wrong-type", TITLE, "title: 2030", 'add double quotes: `title: "2030"`'),
    "a title behind a hash": of("wrong-type", TITLE, "title: #1 Café", '`title: "#1 Café"`'),
    "a source with a colon": of(
        "wrong-type", "sources: []", "sources:\n  - Ostrom: Commons", '`- "Ostrom: Commons"`'
    )._replace(line="- Ostrom"),
    "a slug for an item": of(
        "item-shape", LINK, "    - shared-tool-library\n", "write `- slug: shared-tool-library`, and below"
    ),
    "no weight": of("item-shape", LINK, f"{SLUG}\n", "add `weight: 0.85` with a value of your own"),
    "curly quotes around a word": of(
        "invalid-enum", STATUS, "  status: “stable”", "write `status: stable`, without the `“`"
    ),
    "no-break space behind a word": Typo(STATUS, f"{STATUS}\u00a0", "invalid-enum", "status", "without the U+00A0"),
    "a misspelt word": of("invalid-enum", STATUS, "  status: stabel", "write `status: stable`"),
    "a misspelt relation": of(
        "unknown-key", "  complementary:", "  complimentary:", "did you mean the required key `complementary`"
    ),
    "a key with a capital": of("unknown-key", TITLE, 'Title: "Repair Café"', "did you mean the required key `title`"),
    "two colons": of("unknown-key", STATUS, "  status:: stable", "did you mean the required key `status`"),
    "a key out of its group": of(
        "unknown-key", "  confidence: 2\n", "confidence: 2\n", "move it under `lifecycle`, indented with 2"
    ),
    "a relation of one's own": of("unknown-key", "  tools: []", "  relates_to: []", "[options.unknown-key]"),
    "a missing key": Typo(
        "  confidence: 2\n", "", "missing-key", "lifecycle:", "add a line such as `confidence: 1` under `lifecycle`"
    ),
    "a missing list": Typo("  alternatives: []\n", "", "missing-key", "relationships:", "add `alternatives: []` under"),
}


@pytest.mark.parametrize("typo", SCHEMA.values(), ids=SCHEMA.keys())
def test_a_typo_in_a_value_is_one_finding_with_the_text_to_write(typo: Typo) -> None:
    found = [one for one in check(typo) if one.rule != "overall-score-mean"]
    assert len(found) == 1, found


HEADING = "### Section 7: Cognitive Era"
NEAR_HEADINGS = (
    "###Section 7: Cognitive Era",
    "##Cognitive Era",
    "####### Section 7: Cognitive Era",
    "###\u00a0Section 7: Cognitive Era",
    "＃＃＃ Section 7: Cognitive Era",
    "\\### Section 7: Cognitive Era",
    "**Section 7: Cognitive Era**",
    "__Cognitive Era__",
    "<h3>Section 7: Cognitive Era</h3>",
    "<h3 id='x'>Cognitive Era</h3>",
    "<!-- ### Section 7: Cognitive Era -->",
    "    ### Section 7: Cognitive Era",
    "\t### Section 7: Cognitive Era",
    "### Section 7 – Cognitive Era",
    "### Section 7 Cognitive Era",
    "### Section 7：Cognitive Era",
    "### Section7: Cognitive Era",
    "### Section #7: Cognitive Era",
    "### Section VII: Cognitive Era",
    "### Section Seven: Cognitive Era",
    "### Abschnitt 7: Cognitive Era",
    "### 7) Cognitive Era",
    "### 7. Cognitive Era",
    "## Cognitive Era",
    "Section 7: Cognitive Era",
    "Cognitive Era",
    "- Section 7: Cognitive Era",
    "### 🌧️ Section 7: Cognitive Era",
    "### Section 7: AI Era",
    "### Section 7: Cognitve Era",
)


@pytest.mark.parametrize("near", NEAR_HEADINGS)
def test_a_heading_that_is_none_is_named_by_the_section_that_is_missing(near: str) -> None:
    found = check(Typo(HEADING, near, "section-missing", near.strip(), f"write `{HEADING}`"))
    assert len(found) == 1


@pytest.mark.parametrize(
    "text",
    [
        "The Cognitive Era begins.",
        "In section 7: Cognitive Era, we said so.",
        "```\n### Section 7: Cognitive Era\n```",
        "Text.\n\nMore text about the cognitive era and its tools.",
    ],
)
def test_text_that_only_names_a_section_is_no_heading_of_it(text: str) -> None:
    source, found = findings(changed(HEADING, text))
    (missing,) = [one for one in found if one.rule == "section-missing"]
    assert missing.region.line == source.text.count("\n")
    assert missing.help.startswith("add the heading")


RATING = "> [!NOTE] Confidence Rating: ★★☆ (Medium)"
NEAR_RATINGS = (
    "> [!NOTE] Confidence Rating: ⭐⭐ (Medium)",
    "> [!NOTE] Confidence Rating: ⭐\ufe0f⭐\ufe0f (Medium)",
    "> [!NOTE] Confidence Rating: ✭✭ (Medium)",
    "> [!NOTE] Confidence Rating: ★ ★ ☆ (Medium)",
    "> [!NOTE] Confidence Rating: ** (Medium)",
    "> [!NOTE] Confidence Rating: 2/3 (Medium)",
    "> [!NOTE] Confidence Rating: 2 out of 3 (Medium)",
    "> [!NOTE] Confidence Rating: 2 stars (Medium)",
    "> [!NOTE] Confidence Rating: ★★☆ Medium",
    "> [!NOTE] Confidence Rating: ★★☆ [Medium]",
    "> [!NOTE]- Confidence Rating: ★★☆ (Medium)",
    "> [!NOTE]+ Confidence Rating: ★★☆ (Medium)",
    "> [NOTE] Confidence Rating: ★★☆ (Medium)",
    "> !NOTE Confidence Rating: ★★☆ (Medium)",
    "> [!INFO] Confidence Rating: ★★☆ (Medium)",
    "> [!NOTE] Confidence Rating: ★★★★★ (High)",
    "> [!NOTE] Confidence Rating: Medium",
)


@pytest.mark.parametrize("near", NEAR_RATINGS)
def test_a_rating_in_another_form_is_answered_with_the_line_to_write(near: str) -> None:
    assert len(check(Typo(RATING, near, "confidence-line", near, f"`{RATING}`"))) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    ownership: 3.5\n", "    <<: {ownership: 3.5}\n"),
        (TITLE, f"<<: {{{TITLE}}}"),
        (f"{LINK}", "    - <<: {weight: 0.85}\n      slug: shared-tool-library\n"),
    ],
)
def test_a_merge_key_is_one_finding_and_its_keys_count_as_present(old: str, new: str) -> None:
    found = check(Typo(old, new, "ambiguous-scalar", "<<", "write out the keys"))
    assert len(found) == 1


def test_a_merge_key_at_the_top_may_bring_a_key_that_is_unknown() -> None:
    _, found = findings(changed(TITLE, f"{TITLE}\n<<: {{moood: good}}"))
    assert sorted(one.rule for one in found) == ["ambiguous-scalar", "unknown-key"]


def test_banner_lines_that_are_wrong_in_the_same_way_are_one_finding_with_one_fix() -> None:
    _, found = findings(PATTERN.replace("═", "="))
    (banners,) = found
    assert banners.rule == "banner-form"
    assert banners.message.endswith(", and 15 more")
    assert banners.fix is not None
    assert len(banners.fix.edits) == 16


def test_items_that_are_wrong_in_the_same_way_are_one_finding() -> None:
    items = "".join(f"    - {slug}\n" for slug in ("shared-tool-library", "living-commons", "rain-garden-street"))
    _, found = findings(changed(LINK, items))
    (shape,) = [one for one in found if one.rule == "item-shape"]
    assert shape.message.startswith("3 items of `requires`")
    assert [one.region.line - shape.region.line for one in shape.labels] == [1, 2]


def test_a_hub_that_does_not_exist_is_not_also_a_missing_anchor() -> None:
    assert len(check(of("hub-exists", "living-commons", ["hub_id: ", "living-comons", ""][1], "did you mean"))) == 1


def test_a_slug_with_a_capital_is_one_finding_with_the_slug_to_write() -> None:
    found = check(of("slug-filename", "slug: repair-cafe", "slug: Repair-Cafe", "write `slug: repair-cafe`"))
    assert "slug-format" not in {one.rule for one in found}


@pytest.mark.parametrize(
    "link",
    [
        "[Shared Tool Library](shared-tool-library.md)",
        "[[shared-tool-library]]",
        "[[patterns/shared-tool-library|Tools]]",
    ],
)
def test_a_link_in_another_syntax_names_the_pattern_it_leads_to(link: str) -> None:
    check(of("dangling-target", "slug: shared-tool-library", f'slug: "{link}"', "did you mean `shared-tool-library`"))


def test_a_missing_key_is_reported_where_the_misspelled_one_is_allowed() -> None:
    rules = select(
        Registry(built_in_rules()), SPECS, options={"unknown-key": {"allow": ["relationships.complimentary"]}}
    )
    text = changed("  complementary:", "  complimentary:")
    result = Linter(rules).lint_file(parse(Source(NAME, text.encode()), SPECS))
    assert [one.rule for one in result.own.findings] == ["missing-key"]


@pytest.mark.parametrize("word", ["!Repair", "&Repair"])
def test_a_first_word_that_yaml_drops_is_shown_in_quotes(word: str) -> None:
    found = check(Typo(TITLE, f"title: {word} Café", "cut-by-comment", word, f'write `title: "{word} Café"`'))
    assert len(found) == 1


@pytest.mark.parametrize("key", ["lifecycle:", "summary:", "  status:", "id:"])
def test_a_closing_line_above_more_front_matter_is_the_only_finding(key: str) -> None:
    at = PATTERN.index(f"\n{key}") + 1
    source, found = findings(f"{PATTERN[:at]}---\n{PATTERN[at:]}")
    (only,) = found
    assert only.message == f"the front matter ends here, but `{key.strip()}` follows"
    assert only.help == "delete this line"
    assert only.region.line == source.region(Span(at, at)).line


@pytest.mark.parametrize("text", ["Note: this is text.\n", "license: CC0\n", "title: again\n\nText.\n"])
def test_text_with_a_colon_above_a_rule_does_not_continue_the_front_matter(text: str) -> None:
    _, found = findings(changed('library"\n---\n', f'library"\n---\n\n{text}\n---\n'))
    assert "yaml-syntax" not in [one.rule for one in found]


@pytest.mark.parametrize("opening", ["<!-- todo", "```python", "~~~~"])
def test_sections_inside_an_unclosed_block_are_one_finding_at_its_line(opening: str) -> None:
    at = PATTERN.index("### Section 5")
    source, found = findings(f"{PATTERN[:at]}{opening}\n\n{PATTERN[at:]}")
    (missing,) = (one for one in found if one.rule == "section-missing")
    line = source.region(Span(at, at)).line
    assert missing.region.line == line
    assert missing.message.startswith("section 5, Consequences, and 3 more are inside an unclosed ")
    assert f"in line {line}" in missing.help


@pytest.mark.parametrize(("fence", "words"), [("```", "a line of three backticks"), ("~~~~", "four tildes (`~~~~`)")])
def test_the_closing_mark_of_a_code_block_is_described_in_words(fence: str, words: str) -> None:
    _, found = findings(f"{PATTERN}\n{fence}\nx\n")
    assert words in next(one for one in found if one.rule == "unclosed-fence").help


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("old", [f"{STATUS}\n", TITLE, f"{LINK}"])
def test_a_merge_conflict_in_front_matter_is_one_finding(old: str, end: str) -> None:
    text = changed(old, f"<<<<<<< HEAD\n{old.rstrip()}\n=======\n{old.rstrip()} x\n>>>>>>> other\n")
    _, found = findings(text.replace("\n", end))
    assert [one.rule for one in found if one.rule != "encoding"] == ["conflict-marker"]


def test_a_merge_conflict_is_reported_where_conflict_marker_is_disabled() -> None:
    rules = select(Registry(built_in_rules()), SPECS, ignored=["conflict-marker"])
    text = changed(TITLE, f"<<<<<<< HEAD\n{TITLE}\n=======\n{TITLE}\n>>>>>>> other")
    (found,) = Linter(rules).lint_file(parse(Source(NAME, text.encode()), SPECS)).own.findings
    assert (found.rule, found.message) == ("yaml-syntax", "merge conflict in the front matter")


@pytest.mark.parametrize(
    ("value", "advice"),
    [
        ("1.0.0", "write `version: 1.0`"),
        ("v1", "write `version: 1`"),
        ("14.03.2026", "write a number, such as `version: 0.1` or `version: 1.0`"),
        ('"v2"', "write `version: 2`, without quotes"),
    ],
)
def test_the_help_for_a_version_names_quotes_only_where_they_are(value: str, advice: str) -> None:
    old = next(line for line in PATTERN.splitlines() if line.startswith("  version: "))
    _, found = findings(changed(old, f"  version: {value}"))
    assert [one.help for one in found] == [advice]


@pytest.mark.parametrize(("value", "ending"), [("14.03.2026", "2026-03-14`"), ('"14.03.2026"', "`, without quotes")])
def test_the_help_for_a_date_names_quotes_only_where_they_are(value: str, ending: str) -> None:
    _, (found,) = findings(changed("last_pruned: 2026-03-14", f"last_pruned: {value}"))
    assert found.help.endswith(ending)


@pytest.mark.parametrize("value", ["123e4567-e89b-12d3-a456-426614174000", "pat_01kh8ad0m6eqtt63hys8cf"])
def test_the_help_for_an_id_that_is_not_one_names_the_command(value: str) -> None:
    old = next(line for line in PATTERN.splitlines() if line.startswith("id: "))
    _, found = findings(changed(old, f"id: {value}"))
    assert "`patternlint id`" in next(one for one in found if one.rule == "id-format").help


def test_a_list_in_braces_is_shown_in_brackets() -> None:
    _, (found,) = findings(changed(ALIASES, 'aliases: {"learning", "ecology"}'))
    assert found.help == 'write `aliases: ["learning", "ecology"]`'
