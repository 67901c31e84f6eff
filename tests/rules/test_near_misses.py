"""Further examples of rules, beside those that are their documentation: what is just within a rule, and just outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pytest

from patternlint.diagnostics.severity import Severity
from patternlint.linter.registry import Registry, built_in_rules
from patternlint.report.model import Report
from patternlint.rule import Example
from patternlint.spec.loader import load_specs
from patternlint.testing import check_bad, check_good, lint_example, unmark
from tests.support.layout_examples import LAYOUT

SPECS = load_specs()
REGISTRY = Registry(built_in_rules())


def text_in(body: str) -> str:
    return f"---\ntitle: Kräutergarten\n---\n\n### Section 8: Vitality\n\n{body}"


SCORED = (
    "---\ntitle: Kräutergarten\nontology:\n  commons_assessment:\n    resilience: 4.0\n    fractal_value: 3.5\n"
    "    vitality: 3.75\n    autonomy: hoch\n    ownership: true\n    composability: .nan\n---\n\n"
)


def rated(line: str, confidence: str = "2") -> str:
    return f"---\ntitle: Kräutergarten\nlifecycle:\n  confidence: {confidence}\n---\n\n{line}\n"


def torn(section: str, tension: str = "Nähe vs. Weite") -> str:
    hints = f"ontology:\n  search_hints:\n    primary_tension: {tension}\n"
    return f"---\ntitle: Kräutergarten\n{hints}---\n\n### Section 2: Problem\n\n{section}"


def torn_here(section: str, tension: str = "Nähe vs. Weite") -> str:
    return torn(section, tension).replace("### Section 2: Problem", "«### Section 2: Problem»")


def here(text: str) -> str:
    return f"---\ntitle: Kräutergarten\n---\n\n«### Section 1: Context»\n\n{text}"


def unmarked(text: str) -> str:
    return text.replace("«", "").replace("»", "")


def orbits(far: int, near: int, *, found: bool = False) -> Example:
    hubs = "«gravitational_hubs»" if found else "gravitational_hubs"
    return Example(
        {
            "far.md": f"---\nslug: far\norbital_layer: {far}\n{hubs}:\n  - hub_id: near\n---\n",
            "near.md": f"---\nslug: near\norbital_layer: {near}\n---\n",
        },
        spec="8.2",
    )


MISSPELLED_LINKS = """---
slug: m
title: M
ontology: {}
relationships:
  requires:
    - slg: shared-tool-library
      weight: 0.85
    - Slug: seed-library
      Wieght: 0.8
    - slug: repair-cafe
      wieght: 0.7
    - id: Öfen
      weight: 0.6
---
"""


def test_a_misspelled_key_in_a_link_is_an_error_with_a_rename_and_no_wrong_shape(lint: Callable[..., Report]) -> None:
    report = lint({"m.md": MISSPELLED_LINKS}, "unknown-key", "item-shape")
    found = [(one.rule, one.severity, one.route[2:], one.fix and one.fix.title) for one in report.findings]
    assert found == [
        ("unknown-key", Severity.ERROR, (0, "slg"), "rename `slg` to `slug`"),
        ("unknown-key", Severity.ERROR, (1, "Slug"), "rename `Slug` to `slug`"),
        ("unknown-key", Severity.ERROR, (1, "Wieght"), "rename `Wieght` to `weight`"),
        ("unknown-key", Severity.ERROR, (2, "wieght"), "rename `wieght` to `weight`"),
        ("item-shape", Severity.WARNING, (3,), None),
    ]
    assert [one.fix.safety for one in report.findings if one.fix] == ["unsafe", "safe", "unsafe", "unsafe"]
    alone = lint({"m.md": MISSPELLED_LINKS}, "item-shape")
    assert [one.route[2:] for one in alone.findings] == [(0,), (1,), (2,), (3,)]


def lifecycle(properties: Mapping[str, object]) -> dict[str, object]:
    """A JSON Schema of one's own that says more of what is below `lifecycle`."""
    return {"lifecycle": {"properties": {"lifecycle": {"properties": properties}}}}


NEAR: Mapping[str, tuple[str | Example, ...]] = {
    "body-truncated": (
        text_in("Vögel | viele |\n"),
        text_in("| Vögel | viele\n"),
        text_in("Vögel | «viele»\n"),
        text_in("Mehr im [Hof](hof.md)\n"),
        text_in("Mehr im [Hof](hof.md), im [Beet](beet.md)\n"),
        text_in("Mehr im [Hof](hof.md) (und im «Beet)»\n"),
        text_in("Mehr im Hof (und im «Beet)»\n"),
        text_in("Mehr: www.example.org\n"),
        text_in("Mehr (www.example.org)\n"),
        text_in("Mehr: https://example.org\n"),
        text_in("Mehr dazu steht bei «mywww.example»\n"),
        text_in("[1]: hof.md\n"),
        text_in("[^1]: Im Hof\n"),
        text_in("[1] Im «Hof»\n"),
        text_in("Im Hof [1]: «Beete»\n"),
        text_in("<br>\n"),
        text_in("<em>Es</em> «blüht»\n"),
        text_in("Es «<em>blüht</em>»\n"),
        text_in("Es blüht. <!-- im Mai -->  \n"),
        text_in("Es <!-- im --> «blüht» <!-- Mai -->\n"),
        text_in("1. Es blüht.\n"),
        text_in("1) Es blüht.\n"),
        text_in("Es blüht.\n2) «**»\n"),
        text_in("> 1. Es blüht.\n> 2. «**»\n"),
        text_in("Es blüht.[^a]\n"),
        text_in("Es blüht.[x-y]\n"),
        text_in("Es «blüht[2]»\n"),
        text_in("Es «blüht.[2»\n"),
    ),
    "quoted-score": (
        SCORED + "Resilience is low («3.0» out of 5). Resilience («3.0» / 5); resilience («3.0»/5.0).\n",
        SCORED + "Resilience is low («3»/5).\n",
        SCORED + "Resilience is low (3), (3 of 5) or (3.0001), (6.0), ().\n",
        SCORED + "Vitality is fair (3.8). Vitality is fair (3.7). Vitality is fair (4/5). Vitality is fair («3.6»).\n",
        SCORED + f"Resilience {'x' * 43} («3.0»).\n",
        SCORED + f"Resilience {'x' * 44} (3.0).\n",
        SCORED + "Resilience, so far (3.0), and resilience of soil (3.0).\n",
        SCORED + "Resilience. It is (3.0). Resilience; here (3.0)! Resilience\nis (3.0).\n",
        SCORED + "It is low (resilience «3.0»), (scored «3.0» for resilience).\n",
        SCORED + "It is low (resilience and vitality 3.0), (resilience in winter 3.0), (winter 3.0).\n",
        SCORED + "Fractal-value («4.5»), fractal_value («4.5»), fractal value («4.5»), a fractal value («4.5»).\n",
        SCORED + "Autonomy (3.0), ownership (3.0), composability (3.0), stakeholder architecture (3.0).\n",
        SCORED + "Resilience (3.0 to 4.0) and resilience (see 3.0, 2019).\n",
        "---\ntitle: Kräutergarten\n---\n\nResilience (3.0).\n",
    ),
    "section-empty": (
        torn("The core is green.\n"),
        torn_here("the core conflict is Nähe.\n"),
        torn("#Garten\n"),
        torn_here("##\n"),
        torn_here("## Garten\n"),
        torn_here("##\tGarten\n"),
        torn("![](a.png)\n"),
        torn_here("– …\n"),
        torn_here("<!-- a --> <!-- b -->\n"),
        torn("<!-- a -->\nEnge.\n"),
    ),
    "section-missing": ("---\r\ntitle: ä\r\n---«»«»«»«»«»«»«»«»\r\n", "---\r\ntitle: ä\r\n---\r\nÄ.«»«»«»«»«»«»«»«»"),
    "section-order": (
        text_in("Es blüht.\n\n«### Section 7: Cognitive Era Considerations»\n\n### Section 8: Vitality\n"),
    ),
    "setext-rule": (
        Example(text_in("Draußen.\n«---»\n"), text_in("Draußen.\n\n---\n")),
        text_in("Draußen.\n--\n"),
        text_in("Draußen.\n----\n"),
        Example(text_in("Draußen,\nim Hof.\n«----»\n"), text_in("Draußen,\nim Hof.\n\n----\n")),
        text_in("Draußen,\nim Hof.\n====\n"),
    ),
    "confidence-line": (
        rated("«> [!NOTE] Confidence rating: ★★☆ (Medium»"),
        rated("«> [!NOTE] Confidence rating: ★★☆ Medium)»"),
        rated("«> [!NOTE] Confidence Rating: rund ★★☆ (Medium)»"),
        rated("> [!NOTE] Confidence Rating: ★☆ (ä)"),
        rated("> [!NOTE] Confidence Rating: ★★★ (ä)"),
        Example(rated("«> [!NOTE] Confidence Rating: ★★★☆ (ä)»"), rated("> [!NOTE] Confidence Rating: ★★★ (ä)")),
        Example(rated("«> [!NOTE] Confidence Rating: ★☆☆☆ (ä)»"), rated("> [!NOTE] Confidence Rating: ★☆☆ (ä)")),
        rated("«> [!NOTE] Confidence Rating: 0/3 (ä)»"),
        rated("«Grün.»", "true"),
        rated("«Grün.»", "hoch"),
        rated("«Grün.»", "4"),
        rated("«Grün.»", "0"),
        Example(rated("«Grün.»", "3.0"), rated("Grün.\n\n> [!NOTE] Confidence Rating: ★★★ (High)", "3.0"), unsafe=True),
        Example(rated("«Grün.»", "1"), rated("Grün.\n\n> [!NOTE] Confidence Rating: ★☆☆ (Low)", "1"), unsafe=True),
        Example(rated("Grün.\n\n«Confidence Rating: ★ (ä)»"), rated("Grün.\n\n> [!NOTE] Confidence Rating: ★☆☆ (ä)")),
    ),
    "confidence-mismatch": (
        rated("> [!NOTE] Confidence Rating: ★★★ (ä)", "true"),
        rated("> [!NOTE] Confidence Rating: «★» (ä)", "3"),
        rated("> [!NOTE] Confidence Rating: ★★☆ (ä)", "2.0"),
        rated("> [!NOTE] Confidence Rating: ★★☆ (ä)", "2.5"),
        rated("> [!NOTE] Confidence Rating: ★★★★ (ä)", "3"),
        rated("Grün.", "1"),
        "---\ntitle: Kräutergarten\n---\n\n> [!NOTE] Confidence Rating: ★★☆ (ä)\n",
    ),
    "core-conflict": (
        torn("> **The core conflict is Nähe vs. Weite.**"),
        Example(
            torn("> **The core conflict is «Enge».**"), torn("> **The core conflict is Nähe vs. Weite.**"), unsafe=True
        ),
        Example(
            torn_here("> **The core conflict is .**\n"),
            torn("> **The core conflict is Nähe vs. Weite.**\n"),
            unsafe=True,
        ),
        Example(
            torn_here("The core conflict is Nähe.\n"),
            torn("> **The core conflict is Nähe vs. Weite.**\n\nThe core conflict is Nähe.\n"),
            unsafe=True,
        ),
        Example(
            torn_here("*The core tension: Nähe*\n"),
            torn("> **The core conflict is Nähe vs. Weite.**\n"),
            unsafe=True,
        ),
        Example(
            torn_here("__The core conflict__\n"),
            torn("> **The core conflict is Nähe vs. Weite.**\n"),
            unsafe=True,
        ),
        Example(
            torn_here("Eng.\n", "Nähe vs. Weite."),
            torn("> **The core conflict is Nähe vs. Weite.**\n\nEng.\n", "Nähe vs. Weite."),
            unsafe=True,
        ),
        torn("> **The core conflict is the kind's nähe versus a weite!.**\n", "Kinds Nähe vs. Weite"),
        torn("> **The core conflict is so.\n> **The core conflict is Nähe vs. Weite.**\n"),
        Example(
            torn("> **The core conflict is «Nähe vs. Weiten».**\n"),
            torn("> **The core conflict is Nähe vs. Weite.**\n"),
            unsafe=True,
        ),
        torn("> **The core conflict is Nähe.**\n", "{}"),
    ),
    "therefore": (
        text_in("\n### Section 3: Solution\n> **Therefore** gießen.\n"),
        text_in("\n«### Section 3: Solution»\n\nSo: > **Therefore** gießen.\n"),
        text_in("> **Therefore** gießen.\n\n«### Section 3: Solution»\n\nSo.\n"),
    ),
    "section-length": (
        here("Wort " * 89),
        unmarked(here("Wort " * 90)),
        unmarked(here("Wort " * 220)),
        here("Wort " * 221),
        Example(here("Wort " * 99), options={"tolerance": 0}),
        Example(unmarked(here("Wort " * 100)), options={"tolerance": 0}),
        Example(unmarked(here("Wort " * 200)), options={"tolerance": 0}),
        Example(here("Wort " * 201), options={"tolerance": 0}),
        here("Wort\n"),
        unmarked(here("– …\n")),
        here("<!-- " + "Wort " * 100 + "-->Wort\n"),
    ),
    "diagnostic-blocks": (
        text_in("Signs of life\n").replace("### Section 8: Vitality", "«««### Section 8: Vitality»»»"),
        text_in("__Signs of life__\n\n> **Signs of decay**\n\n1. When to replant\n").replace(
            "### Section 8: Vitality", "«### Section 8: Vitality»"
        ),
        text_in("+ **Signs of life**\n\n#### Signs of decay\n\n#### When to replant it\n"),
        text_in("```\n# Signs of life\n```\n**Signs of decay**\n**When to replant**\n").replace(
            "### Section 8: Vitality", "«### Section 8: Vitality»"
        ),
    ),
    "heading-skip": ("---\ntitle: Kräuter\n---\n# A\n## B\n«#### C»\n# D\n«### E»\n",),
    "lead-truncated": (
        "---\nsummary: Kräuter für alle.\n---\n\n«Kräuter für alle»\n\n### Section 1: Context\n",
        "---\nsummary: Kräuter für alle.\n---\n\nKräuter für alle da\n\n### Section 1: Context\n",
        "---\nsummary: Kräuter für alle.\n---\n\n– „\n\n### Section 1: Context\n",
        "---\nsummary: 12\n---\n\n1\n\n### Section 1: Context\n",
        "---\ntitle: Kräuter\n---\n\nKräuter\n\n### Section 1: Context\n",
    ),
    "placeholder": (
        text_in("«[Add the soil]», [Add], [Adder of soil], «[List what grows]», [List of plants], [List Plants].\n"),
        text_in("[Add the soil](a), [Add the soil][a], ![Add the soil], \\[Add the soil].\n"),
        text_in("[Add the\n\nsoil]\n"),
        text_in(f"«[Add {'x' * 594}]»\n"),
        text_in(f"[Add {'x' * 595}]\n"),
        text_in("[Add the soil]: a\n\n[Add the soil] and «[Add the water]»\n"),
        text_in(
            "«{Name of it}», «{TITLE}», {T}, {Title}, {{Name of it}}, x{Name of it}, ${Name of it}, \\{Name of it}.\n"
        ),
        text_in("{Name\n\nof it} {name of it} {}\n"),
        text_in("«TODO», «TBD». «TODO»! (TODO-x) x_TODO TODO/x –TODO “TODO” 'TODO' \"TODO\" ATODO TODO1\n").replace(
            "–", "-"
        ),
        text_in("«TODO» water, «TODO»: notes, TODO notes, TODO item; the TODO, every TBD, «TODO» the soil\n"),
        text_in("«*(100–200 words)*»\n\n«(100-200 words)»\n\n_(so–many words)_\n\n100–200 words)\n\n(100 words)\n"),
        text_in("(100–200 words) and more\n\nmore (100–200 words)\n"),
        text_in("`[Add the soil]` «[Add the soil]» `{Name of it}` ` «TODO»\n").replace(" ` «TODO»", " «TODO»"),
        text_in("<!-- patternlint: ignore[therefore] [Add the soil] -->\n\n<!-- «[Add the soil]» -->\n"),
        "title: '«[Add a title]»'\naliases: [«TODO», 'TODO-list', \"a «TBD»\"]\n",
        "title: «{title}»\nsummary: 'so {title} or «{Title}»'\nontology: {domain: x}\n",
        "lifecycle:\n  status: a # TODO\n  # [Add the soil]\n",
    ),
    "label-filler": (
        "title: Garden\ncontext_labels:\n  tech: «Garden»\n  corporate: «' GARDEN for movements '»\n  activist: 3\n",
        "title: Garden\ncontext_labels: Garden\n",
        "title: ''\ncontext_labels:\n  tech: ''\n",
    ),
    "id-format": (
        "id: «pat_XXXX»\n",
        "id: «pat_{TYPEID}»\n",
        "id: «pat_»\n",
        "id: «_01kq3v9hexfe5xw2m8b4n7c6ad»\n",
        "id: «pat_01kq3v9hexfe5xw2m8b4n7c6ad1»\n",
        "id: «pat_01kq3v9hexfe5xw2m8b4n7c6a»\n",
        "id: «pat-01kq3v9hexfe5xw2m8b4n7c6ad»\n",
        "id: «' '»\n",
    ),
    "hub-anchor": (
        orbits(4, 0),
        orbits(3, 1),
        orbits(3, 2),
        orbits(3, 5, found=True),
        orbits(2, 5),
        orbits(5, 5),
        Example(
            {
                "far.md": "---\nslug: far\norbital_layer: 3\ngravitational_hubs:\n  - hub_id: near\n---\n",
                "near.md": "---\nslug: near\norbital_layer: [\n---\n",
            },
            spec="8.2",
        ),
    ),
    "alias-collision": (
        Example(
            {
                "a.md": "---\nslug: a\ntitle: Meals\naliases: [Bench, a, meals, «table»]\n---\n",
                "b.md": "---\nslug: table\ntitle: Bänke\naliases: [Bench]\n---\n",
            }
        ),
    ),
    "slug-filename": (
        Example({"a/urban-garden.markdown": "---\nslug: urban-garden\n---\n"}),
        Example({"a/urban-garden.md": "---\nslug: ''\n---\n"}),
        Example({"a/urban-garden.md": "---\nslug: 12\n---\n"}),
        Example({"a/2030.md": "---\nslug: «year»\n---\n"}),
        Example({"a/5s.md": "---\nslug: «year»\n---\n"}, {"a/5s.md": "---\nslug: 5s\n---\n"}, unsafe=True),
        Example({"a/Büro.md": "---\nslug: «büro»\n---\n"}),
    ),
    "slug-format": ("slug: «coalition-»\n", "slug: «'a\tb'»\n", "slug: a\n", "slug: 5s\n", "slug: «a.b»\n"),
    "summary-truncated": (
        "summary: «So weit»\n",
        "summary: So weit!\n",
        "summary: So weit?\n",
        "summary: So weit…\n",
        "summary: 'So weit.”'\n",
        "summary: «'So weit.,'»\n",
        "summary: '  '\n",
        "summary: 12\n",
        "title: So weit\n",
    ),
    "unused-suppression": (
        Example(
            "title: ä # patternlint: ignore[«unused-suppression», dangling-target] so\n",
            "title: ä # patternlint: ignore[dangling-target] so\n",
        ),
        Example(
            "title: ä # patternlint: ignore[dangling-target, «unused-suppression»] so\n",
            "title: ä # patternlint: ignore[dangling-target] so\n",
        ),
        Example(
            "title: ä # patternlint: ignore[dangling-target,«unused-suppression»,orphan] so\n",
            "title: ä # patternlint: ignore[dangling-target,orphan] so\n",
        ),
        Example(
            text_in("Ä. <!-- patternlint: ignore[«unused-suppression», orphan] so -->\n"),
            text_in("Ä. <!-- patternlint: ignore[orphan] so -->\n"),
        ),
    ),
    "ambiguous-scalar": (
        Example("title: «n»\nsummary: «Off»\n", 'title: "n"\nsummary: "Off"\n'),
        Example("title: «y»\nsummary: «ON»\n", 'title: "y"\nsummary: "ON"\n'),
        Example("a: &x no\nb: *x\nc: «off»\n", 'a: &x no\nb: *x\nc: "off"\n', unsafe=True),
        Example("title: «0b11»\nsummary: «1:30.5»\n", 'title: "0b11"\nsummary: "1:30.5"\n'),
        Example("sources: [«0_1», «+0b1», «1_0.5»]\n", 'sources: ["0_1", "+0b1", "1_0.5"]\n'),
        Example("mine: [«1e999», «-1e999», «-012»]\n", "mine: [.inf, -.inf, -12]\n", unsafe=True),
        Example("sources: [«1e999», «-012», «=», «<<»]\n", 'sources: ["1e999", "-012", "=", "<<"]\n'),
        Example("title: ä\n«012»: 1\n«1:30»: 2\n1.5: 3\n", 'title: ä\n"012": 1\n"1:30": 2\n1.5: 3\n'),
        Example(
            "graph_garden:\n  last_pruned: 2024-05-01\ntitle: «2024-05-01»\naliases:\n  - «2024-05-01 10:00:00 Z»\n",
            'graph_garden:\n  last_pruned: 2024-05-01\ntitle: "2024-05-01"\naliases:\n  - "2024-05-01 10:00:00 Z"\n',
        ),
        "graph_garden:\n  last_pruned: 2024-05-01\ntitle: Since 2024-05-01\nmine: 2024-05-01\n",
        "title: ~\nsummary: -.inf\nslug: +12\nid: -12\n",
        "title: Nope\nsummary: 1.0.0\nslug: 1:75\nid: 09a\nlicense: 1e+3x\n",
    ),
    "conflict-marker": (
        text_in("<<<<<<<\n=======\n>>>>>>>\n"),
        text_in("> a\n>>>>>>> b\n"),
        text_in("«>>>>>>> b»"),
        text_in("«<<<<<<< a»\n======= \n>>>>>>> b\n"),
        text_in("======= a\n||||||| b\n"),
    ),
    "encoding": (
        Example(b"\xff\xfet\x00"),
        Example("a: «\x7f»\nb: «\x1b»\n"),
        Example("---\ntitle: ä«\r\n»---\nText.\n", "---\ntitle: ä\n---\nText.\n"),
        Example("---\ntitle: ä\n---\nText.«\r\n»", "---\ntitle: ä\n---\nText.\n"),
    ),
    "mojibake": (
        text_in("«ðŸŒ±» grün.\n"),
        text_in("«Â¿»Que? Â¿Que?\n"),
        text_in("Ã€ cole.\n"),
        text_in("«Ã€»pfel.\n"),
        text_in("«Ã\u00a0» und â\u201a.\n"),
        text_in("Grün «â€œ»so.\n"),
        text_in("Straße, Ânge.\n"),
    ),
    "script-glitch": (
        text_in("`соmmons` und «соmmons» und https://a.example/соmmons.\n"),
        text_in("`а` «соmmons» `b`\n"),
    ),
    "id-not-uuid7": (
        "id: pat_7zzzz\n",
        "id: 12\n",
        "title: ä\n",
        "id: pat_de_01m3250v00fay828t5cy4tqkff\n",
    ),
    "bad-node-id": (
        "graph_garden:\n  entities:\n    - id: 3\n    - id: «Ä»\n    - id: «Ä»\n    - id: a\n    - id: «a»\n    - id: «a»\n",
        "graph_garden:\n  entities: []\n  communities:\n    - id: «Q0x»\n    - id: b\n",
    ),
    "sources-line": (
        "---\nsources: []\n---\n> This pattern draws on «Ostrom»",
        "---\nsources: [Ostrom]\n---\n> This pattern draws on «Alexander».\n> This pattern draws on «Berry».\n",
    ),
    "type-conflict": (
        "slug: a\nontology: {}\nrelationships:\n  enables: [{slug: b}, {slug: b}, {slug: c}]\n  requires: [{slug: «c»}]\n",
    ),
    "unsorted-weights": (
        Example(
            "slug: a\nontology: {}\nrelationships:\n  enables:\n    - slug: b\n    - {slug: c, weight: 0.1}\n"
            "    - {slug: d, weight: 0.2}\n  «requires»:\n    - {slug: e, weight: 0.1}\n    - {slug: f, weight: 0.2}\n",
            "slug: a\nontology: {}\nrelationships:\n  enables:\n    - slug: b\n    - {slug: c, weight: 0.1}\n"
            "    - {slug: d, weight: 0.2}\n  requires:\n    - {slug: f, weight: 0.2}\n    - {slug: e, weight: 0.1}\n",
        ),
        "slug: a\nontology: {}\nrelationships:\n  enables: [{slug: b, weight: 1}]\n  requires: [{slug: c, weight: 2}]\n",
        "slug: a\nontology: {}\nrelationships:\n  enables: [{slug: b, weight: 1}, {slug: c, weight: 1}]\n",
    ),
}


def examples() -> Iterator[tuple[str, Example]]:
    for name, texts in NEAR.items():
        for text in texts:
            yield name, text if isinstance(text, Example) else Example(text)


RULE = "# " + "═" * 67


@pytest.mark.parametrize(("name", "before", "after"), LAYOUT)
def test_layout(name: str, before: str, after: str | None) -> None:
    fixed = after.replace("<rule>", RULE) if after is not None else None
    test_near_misses(name, Example(before.replace("<rule>", RULE), fixed))


@pytest.mark.parametrize(("name", "example"), [*examples()])
def test_near_misses(name: str, example: Example) -> None:
    info = REGISTRY.rules[name]
    marked = any(isinstance(text, bytes) or "«" in text for text in example.files.values())
    assert list((check_bad if marked else check_good)(info, example, REGISTRY, SPECS)) == []


@pytest.mark.parametrize(
    ("rule", "schema", "value", "message", "advice"),
    [
        ("invalid-value", {"minLength": 3}, '"ä"', "`mood` has 1 character, expected at least 3", ""),
        ("invalid-value", {"maxLength": 3}, '"äöüß"', "`mood` has 4 characters, expected at most 3", ""),
        ("invalid-value", {"minItems": 2}, "[a]", "`mood` has 1 item, expected at least 2", ""),
        ("invalid-value", {"maxItems": 1}, "[a, b]", "`mood` has 2 items, expected at most 1", ""),
        ("invalid-value", {"minProperties": 2}, "{a: b}", "`mood` has 1 key, expected at least 2", ""),
        ("invalid-value", {"maxProperties": 0}, "{a: b, c: d}", "`mood` has 2 keys, expected at most 0", ""),
        ("invalid-value", {"uniqueItems": True}, "[a, b, a]", "has a duplicate item: `a`", ""),
        ("invalid-value", {"contains": {"const": 3}}, "[a]", "`mood` lacks a required item", ""),
        (
            "invalid-value",
            {"contains": {"const": 3}, "minContains": 2},
            "[3]",
            "has fewer than 2 of the required items",
            "",
        ),
        (
            "invalid-value",
            {"contains": {"const": 3}, "maxContains": 1},
            "[3, 3]",
            "more than 1 item of a restricted kind",
            "",
        ),
        ("invalid-value", {"prefixItems": [{}], "items": False}, "[a, b]", "has too many items", ""),
        ("invalid-value", {"not": {"const": 3}}, "3", "`mood` is `3`, which is not allowed", ""),
        ("invalid-value", {"oneOf": [{}, {"const": 3}]}, "3", "matches several alternatives of the schema", ""),
        (
            "invalid-value",
            {"pattern": "^b", "examples": ["bö", [], 3]},
            "a",
            "does not match `^b`",
            "write a value such as `bö` or `3`",
        ),
        ("invalid-value", {"pattern": "^b", "description": "So."}, "a", "is `a`, which", "So."),
        (
            "out-of-range",
            {"exclusiveMinimum": 3},
            "3",
            "`mood` is 3, expected more than 3",
            "write a number that is more than 3",
        ),
        (
            "out-of-range",
            {"exclusiveMaximum": 3},
            "3",
            "`mood` is 3, expected less than 3",
            "write a number that is less than 3",
        ),
        (
            "out-of-range",
            {"minimum": 3, "description": "So."},
            "2",
            "`mood` is 2, expected at least 3",
            "write a number that is at least 3. So.",
        ),
        (
            "out-of-range",
            {"maximum": 3},
            "4.50",
            "`mood` is 4.50, expected at most 3",
            "write a number that is at most 3",
        ),
        (
            "out-of-range",
            {"minimum": 0, "maximum": 3},
            "4",
            "`mood` is 4, expected 0 to 3",
            "write a number from 0 to 3",
        ),
        ("wrong-type", {"type": "integer"}, '"3"', "`mood`: expected", "write `mood: 3`, without quotes"),
        ("wrong-type", {"type": "string"}, "3", "`mood`: expected", "add double quotes"),
        (
            "wrong-type",
            {"type": "array"},
            "a",
            "`mood`: expected",
            'write `mood: ["a"]`',
        ),
        (
            "wrong-type",
            {"type": ["object", "array"], "description": "So."},
            "3",
            "`mood`: expected",
            "write `mood: [3]`",
        ),
        (
            "wrong-type",
            {"type": "object", "description": "So."},
            "a",
            "`mood`: expected",
            "write its keys on the lines below",
        ),
        ("invalid-enum", {"const": "b"}, "a", "`mood` is `a`, expected `b`", "write `mood: b`"),
        (
            "invalid-enum",
            {"enum": ["b", "aa"]},
            "a",
            "`mood` is `a`, which is not allowed",
            "write `mood: aa`, or `b`",
        ),
    ],
)
def test_messages_about_an_own_schema(
    rule: str, schema: Mapping[str, object], value: str, message: str, advice: str
) -> None:
    example = Example(f"lifecycle:\n  mood: {value}\n", schema=lifecycle({"mood": schema}))
    files, _ = unmark(example)
    [found] = lint_example(REGISTRY.rules[rule], example, files, REGISTRY, SPECS)
    assert message in found.message
    assert found.help.startswith(advice) if advice else not found.help


@pytest.mark.parametrize(
    ("allowed", "before", "after"),
    [
        ("no", "'nö'", None),
        ("nord", "'norden'", "'nord'"),
        ("nord", '"norden"', '"nord"'),
        ("nord", "norden", "nord"),
        ("nord-süd_1.x", "nord-süd", "nord-süd_1.x"),
        ("someone's", "'someones'", "'someone''s'"),
        ("someone's", "someones", '"someone\'s"'),
        ("1st", "1stt", '"1st"'),
        ("süd 1", "süd", '"s\\u00fcd 1"'),
        ("süd 1", '"süd"', '"süd 1"'),
        (12, "123", "12"),
    ],
)
def test_how_an_allowed_value_is_written(allowed: object, before: str, after: str | None) -> None:
    schema = lifecycle({"mood": {"enum": [allowed]}})
    fixed = f"---\nlifecycle:\n  mood: {after}\n---\n" if after is not None else None
    test_near_misses("invalid-enum", Example(f"lifecycle:\n  mood: «{before}»\n", fixed, unsafe=True, schema=schema))
