from __future__ import annotations

import pytest

from patternlint.node import Node
from patternlint.pattern import Pattern
from patternlint.registry import Registry, RuleInfo, built_in
from patternlint.rule import BODY_ROUTE, Route
from patternlint.spec import load_specs
from patternlint.testing import check_examples, lint_example, parse_example, unmark
from patternlint.text import Span

SPECS = load_specs()
REGISTRY = Registry(built_in())
WITHOUT_ROUTE = {
    *("conflict-marker", "encoding", "mojibake", "script-glitch", "unused-suppression"),  # about characters
    *("banner-form", "banner-missing", "blank-lines", "final-newline", "indentation", "trailing-space"),  # about lines
    "internal-error",
}
"""Rules whose findings are, or may be, about no value."""


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


@pytest.mark.parametrize("info", tuple(REGISTRY), ids=lambda info: info.name)
def test_routes_lead_to_what_is_underlined(info: RuleInfo) -> None:
    for example in info.rule.bad:
        files, _ = unmark(example)
        parsed = parse_example(example, files, SPECS)
        for finding in lint_example(info, example, files, REGISTRY, SPECS):
            pattern = parsed[finding.path].pattern
            if pattern is None:
                assert finding.route == ()
            elif finding.route or info.name not in WITHOUT_ROUTE:
                assert is_about(finding.route, finding.span, pattern), finding
