"""Slips that people make in a pattern: the first finding names the cause, at its line, with a remedy that is right."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import pytest
from repository import EXAMPLES

from patternlint.diagnostic import Diagnostic
from patternlint.engine import Engine
from patternlint.library import Entry, Library
from patternlint.parse import parse
from patternlint.registry import Registry, built_in, select
from patternlint.spec import load_specs
from patternlint.text import Source

SPECS = load_specs()
NAME = "repair-cafe.md"
PATTERN = (EXAMPLES / NAME).read_text(encoding="utf-8")
SUMMARY = PATTERN[PATTERN.index("summary: >-") : PATTERN.index("\n\n# ", PATTERN.index("summary: >-"))]


class Slip(NamedTuple):
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
def engine() -> Engine:
    return Engine(select(Registry(built_in()), SPECS))


@cache
def others() -> tuple[Entry, ...]:
    paths = [path for path in sorted(EXAMPLES.glob("*.md")) if path.name != NAME]
    results = [engine().lint(parse(Source(path.name, path.read_bytes()), SPECS)) for path in paths]
    return tuple(result.entry for result in results if result.entry is not None)


def findings(text: str) -> tuple[Source, list[Diagnostic]]:
    """Return what is found in the example with another text, among the other patterns of its library."""
    source = Source(NAME, text.encode())
    result = engine().lint(parse(source, SPECS, named=True))
    entries = [*others(), *([result.entry] if result.entry is not None else [])]
    across = engine().lint_library(Library(entries, SPECS), lambda _: frozenset())
    found, _ = engine().finish(NAME, result.own, [one for one in across if one.path == NAME])
    return source, found


def changed(old: str, new: str) -> str:
    assert old in PATTERN, old
    return PATTERN.replace(old, new, 1)


def check(slip: Slip) -> list[Diagnostic]:
    source, found = findings(changed(slip.old, slip.new))
    assert found, "nothing is found"
    first = found[0]
    assert first.rule == slip.rule, first
    assert slip.words in f"{first.message}\n{first.help}", first
    line = source.slice(source.line_span(first.region.line))
    assert slip.line in line, (first, line)
    return found


def yaml(old: str, new: str, line: str, words: str) -> Slip:
    return Slip(old, new, "yaml-syntax", line, words)


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
    "a line of text": yaml(TITLE, f"{TITLE}\nThis is our café.", "This is", "delete the line"),
    "a value below its key": yaml(STATUS, "  status:\n  stable", "  stable", "write `status: stable`"),
}


@pytest.mark.parametrize("slip", SYNTAX.values(), ids=SYNTAX.keys())
def test_a_slip_in_yaml_is_named_where_it_is(slip: Slip) -> None:
    assert len(check(slip)) == 1


def test_the_first_of_two_slips_is_named() -> None:
    text = changed(STATUS, "  status:stable").replace("license: CC", "license CC")
    source, (found,) = findings(text)
    assert source.slice(source.line_span(found.region.line)) == "  status:stable"


def test_a_long_front_matter_gets_the_words_of_the_parser() -> None:
    _, (found,) = findings(changed(STATUS, "  status:stable").replace("aliases: [", f"aliases: [{'word, ' * 4000}"))
    assert found.message == "unexpected `:`"
