from __future__ import annotations

from collections.abc import Mapping

import pytest

from patternlint.diagnostics.fingerprint import stable_subject
from patternlint.document.node import Node
from patternlint.document.pattern import Pattern
from patternlint.linter.registry import Registry, RuleInfo, built_in_rules
from patternlint.rule import BODY_ROUTE, Example, Route
from patternlint.source import Span
from patternlint.spec.loader import load_specs
from patternlint.testing import check_examples, lint_example, parse_example, unmark

SPECS = load_specs()
REGISTRY = Registry(built_in_rules())
WITHOUT_ROUTE = {
    *("conflict-marker", "cut-by-comment", "encoding", "mojibake", "script-glitch", "unused-suppression"),
    *("banner-form", "banner-missing", "blank-lines", "final-newline", "indentation", "trailing-space"),  # about lines
    "new-suppression",
    "refused-fix",
    *(
        "broken-rule",
        "file-too-large",
        "internal-error",
        "line-too-long",
        "slow-rule",
        "unreadable-file",
    ),  # about files
}
"""Rules whose findings are, or may be, about no value."""
ALIKE = {"banner-form", "duplicate-key"}
"""Rules that may say the same of one place several times; what tells others apart while lines move is the subject."""
WITHOUT_SUBJECT = {"invalid-enum", "quote-style"}
"""Rules whose findings in a list may have nothing that tells them apart when items move: the item has no name."""


@pytest.mark.parametrize("info", tuple(REGISTRY), ids=lambda info: info.name)
def test_examples_of_a_rule(info: RuleInfo) -> None:
    assert list(check_examples(info, REGISTRY, SPECS)) == []


def route_around(node: Node, span: Span) -> Route:
    """The route of the innermost value around a place."""
    children = node.children.items() if isinstance(node.children, dict) else enumerate(node.items)
    for step, child in children:
        start = child.key_start if child.key_start >= 0 else child.start
        if start <= span.start and span.end <= child.end:
            return (step, *route_around(child, span))
    return ()


def is_about(route: Route, span: Span, pattern: Pattern) -> bool:
    """Whether a route leads to what is underlined: the value itself, a key or an item that is wrong in it, or the text."""
    first = str(route[0]) if route else ""
    if span.start >= pattern.body.span.start or first.startswith("section-"):
        return route == BODY_ROUTE or (len(route) == 1 and first.startswith("section-"))
    place = route_around(pattern.front.root, span)
    return bool(route) and place in (route, route[:-1], (*route, place[-1] if place else ""))


ABOUT_THE_SLUG = {"cycle"}
"""What is underlined may be in one file or another: the route stays the same when a fix lists a link on its other side."""


@pytest.mark.parametrize("info", tuple(REGISTRY), ids=lambda info: info.name)
def test_routes_lead_to_what_is_underlined(info: RuleInfo) -> None:
    for example in info.rule.bad:
        files, _ = unmark(example)
        parsed = parse_example(example, files, SPECS)
        reported: set[tuple[str, Route, str]] = set()
        for finding in lint_example(info, example, files, REGISTRY, SPECS):
            one = finding.path, tuple(step for step in finding.route if not isinstance(step, int)), finding.subject
            assert one not in reported or info.name in ALIKE, finding
            reported.add(one)
            if not finding.path:  # about the library as a whole
                continue
            pattern = parsed[finding.path].pattern
            if any(isinstance(step, int) for step in finding.route) and info.name not in WITHOUT_SUBJECT:
                assert finding.subject, finding
            if pattern is None:
                assert finding.route == ()
            elif info.name in ABOUT_THE_SLUG:
                assert finding.route == ("slug",)
            elif finding.route or info.name not in WITHOUT_ROUTE:
                assert is_about(finding.route, finding.span, pattern), finding


def test_a_duplicate_key_in_an_item_names_the_item() -> None:
    text = (
        "ontology: {}\ngraph_garden:\n  entities:\n    - {id: a, label: a}\n    - {id: b, id: c}\n"
        "    - {label: d, id: d, label: e}\nlifecycle: {status: draft, status: stable}\n"
    )
    info = REGISTRY.rules["duplicate-key"]
    found = lint_example(info, Example(text), {"a.md": f"---\n{text}---\n".encode()}, REGISTRY, SPECS)
    assert [(finding.message, stable_subject(finding)) for finding in found] == [
        ("duplicate key `id` in item 2 of `entities`", "graph_garden.entities[]: c"),
        ("duplicate key `label` in item 3 of `entities`", "graph_garden.entities[]: d"),
        ("duplicate key `status`", "lifecycle.status"),
    ]


LABELS: Mapping[str, tuple[str, ...]] = {
    "front-matter-opening": ("example.md: start of the front matter: ---",) * 2,
    "alias-collision": ("tisch.md: the same name: Open Table", "long-bench.md: the same name: long-bench"),
    "broken-rule": ("lint/rules/own/some_rule.py: rule fails here",),
    "bad-node-id": ("example.md: first item: open-source",),
    "confidence-mismatch": (
        "example.md: confidence in the front matter: 2",
        "example.md: confidence in the front matter: 2",
        "example.md: confidence in the front matter: 2",
    ),
    "derived-value": ("example.md: the number in the text: 4",),
    "placeholder": ("example.md: another word range: (9 words)",),
    "conflict-marker": (
        "example.md: other version: =======",
        "example.md: end of the conflict: >>>>>>> andere",
        "example.md: other version: =======",
        "example.md: end of the conflict: >>>>>>> andere",
        "example.md: other version: ||||||| b",
        "example.md: other version: =======",
        "example.md: end of the conflict: >>>>>>> c",
        "example.md: other version: =======",
    ),
    "core-conflict": (
        "example.md: similar line: > **The core tension is Nähe vs. Weite.**",
        "example.md: primary tension: Nähe vs. Weite",
        "example.md: primary tension: The vs. Weite",
    ),
    "cycle": (
        "b.md: `bread` lists it under `requires`: pat_flour",
        "c.md: `flour` lists it under `requires`: öven",
        "b.md: `fire` lists it under `specializes_to`: öven",
        "b.md: `fire` lists it under `generalizes_from`: öven",
        "b.md: `fire` lists it under `specializes_to`: öven",
    ),
    "duplicate-id": (
        "copy.md: the same id: pat_01m3250v00fay828t5cy4tqkff",
        "brücke.md: the same id: pat_01m3250v00fay828t5cy4tqkff",
    ),
    "duplicate-key": (
        "example.md: first occurrence: title",
        "example.md: first occurrence: status",
        "example.md: first occurrence: status",
        "example.md: first occurrence: id",
    ),
    "duplicate-slug": (
        'parks/shared-garden.md: the same slug: "shared-garden"',
        "gärten/shared-garden.md: the same slug: shared-garden",
    ),
    "duplicate-target": (
        "example.md: first item: öven",
        "example.md: first item: öven",
        "example.md: first item: öven",
        "example.md: first item: pat_01kg5023vdecr9aqhgjf4vp12v",
    ),
    "duplicate-title": (
        'open-kitchen.md: the same title: "Offene  KÜCHE!"',
        "küche.md: the same title: Offene Küche",
        "b.md: the similar slug: the-open-kitchen-pattern",
        "a.md: the similar slug: open-kitchen",
    ),
    "heading-skip": ("example.md: level 1: # Kräuter", "example.md: level 3: ### Section 1: Context"),
    "inferred-conflict": ("example.md: listed here: öven",),
    "inferred-redundant": ("example.md: the relationship: öven",),
    "inferred-weight": ("example.md: the relationship: öven",),
    "lead-truncated": ("example.md: summary: >-", "example.md: summary: >-"),
    "item-shape": ("example.md: the same fault: {slug: beet}", "example.md: the same fault: Feedback Loop"),
    "missing-inverse": (
        "b.md: missing here: specializes_to",
        "b.md: missing here: generalizes_from",
        "b.md: missing here: enables",
        "c.md: missing here: requires",
    ),
    "missing-reciprocal": (
        "b.md: missing here: complementary",
        "b.md: missing here: alternatives",
        "b.md: missing here: complementary",
    ),
    "quoted-score": (
        "example.md: score in the front matter: 4.0",
        "example.md: score in the front matter: 3.5",
        "example.md: score in the front matter: 3.75",
    ),
    "relationship-flow": (
        "bread.md: the `attribution` of `bread`: Last call",
        "flour.md: the `attribution` of `flour`: Draft",
    ),
    "section-duplicate": (
        "example.md: first occurrence: ### Section 1: Context",
        "example.md: first occurrence: ### Section 1: Context",
        "example.md: first occurrence: ### Section 1: Context",
        "example.md: first occurrence: # 6. References",
    ),
    "section-missing": (
        "example.md: same number, different title: ### Section 7: Future Era",
        "example.md: heading in another form: ### 7. Cognitive Era",
        "example.md: missing space after `#`: ###Section 7: Cognitive Era",
        "example.md: bold, not a heading: **Section 7: Cognitive Era**",
        "example.md: HTML heading: <h3>Cognitive Era</h3>",
    ),
    "section-order": (
        "example.md: section 3, Solution: ### Section 3: Solution",
        "example.md: section 6, Known Uses: ### Section 6: Known Uses",
    ),
    "slug-prefix": (
        "a.md: the shorter slug: open-table",
        "a.md: the shorter slug: circle",
        "a.md: the shorter slug: circle",
    ),
    "type-conflict": ("example.md: first item: öven", "example.md: first item: salt", "example.md: first item: öven"),
    "typeid-slug-mismatch": (
        "bread.md: the slug of `long-table` (Long Table): long-table",
        "bread.md: the slug of `oven` (Oven): oven",
        "bread.md: the slug of `table`: table",
    ),
    "unsorted-weights": (
        "example.md: weighs more than the item above: flour",
        "example.md: weighs more than the item above: salt",
        "example.md: weighs more than the item above: salt",
    ),
    "yaml-syntax": ("example.md: opening `{`: {",),
}
"""The other places that each rule shows in its examples: file, words, and what stands there, as far as the line goes."""


def labels_of(info: RuleInfo) -> tuple[str, ...]:
    found = []
    for example in info.rule.bad:
        files, _ = unmark(example)
        for finding in lint_example(info, example, files, REGISTRY, SPECS):
            for label in finding.labels:
                path, region = label.path or finding.path, label.region
                if path not in files:  # the code of an own rule
                    found.append(f"{path}: {label.message}")
                    continue
                line = files[path].decode().split("\n")[region.line - 1]
                end = region.end_column - 1 if region.line == region.end_line else len(line)
                found.append(f"{path}: {label.message}: {line[region.column - 1 : end]}")
    return tuple(found)


@pytest.mark.parametrize("info", tuple(REGISTRY), ids=lambda info: info.name)
def test_other_places_of_a_finding(info: RuleInfo) -> None:
    assert labels_of(info) == LABELS.get(info.name, ())
