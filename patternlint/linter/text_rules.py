"""The rules that specifications describe with `[[text]]`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.diagnostics.route import BODY_ROUTE, Route, path_steps
from patternlint.diagnostics.severity import Severity
from patternlint.document import body_text
from patternlint.document.node import Node
from patternlint.document.pattern import Pattern
from patternlint.linter.registry import RuleInfo
from patternlint.rule.base import Rule
from patternlint.source import Span
from patternlint.spec.model import SpecRegistry
from patternlint.spec.text import BODY, FRONT_MATTER, TextRuleSpec, compile_expression

GROUP = "text"
MAX_FINDINGS = 100  # of a rule in a file
MAX_MATCHES = 1_000  # also in code: to find all of n matches may take n times as long as to find one
_SUBJECT_LENGTH = 40


class TextRule(Rule):
    """Base class of the rules of `[[text]]`: one for each name, which checks what the specification of a file says."""

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        """Yield the findings about `pattern`, if its specification has this rule."""
        for rule in pattern.spec.text:
            if rule.name == self.name:
                yield from islice(self._check(pattern, rule), MAX_FINDINGS)

    def _check(self, pattern: Pattern, rule: TextRuleSpec) -> Iterator[Diagnostic]:
        expression = compile_expression(rule.expression)
        for route, text, span in _texts(pattern, rule.place):
            if rule.match:
                if not expression.search(text):
                    yield self._finding(pattern, rule, _place_of_missing(pattern, route, span), route)
                continue
            is_verbatim = len(text) == len(span)
            for match in islice(expression.finditer(text), MAX_MATCHES):
                found = Span(span.start + match.start(), span.start + match.end()) if is_verbatim else span
                if match.start() < match.end() and not _is_code(pattern, found):
                    at = body_text.route_at(pattern, found.start) if route == BODY_ROUTE else route
                    yield self._finding(pattern, rule, found, at)

    def _finding(self, pattern: Pattern, rule: TextRuleSpec, span: Span, route: Route) -> Diagnostic:
        subject = " ".join(pattern.source.slice(span).split())[:_SUBJECT_LENGTH] if rule.forbid else ""
        return self.at(pattern, span, rule.message, route=route, subject=subject, help=rule.help)


def _texts(pattern: Pattern, place: str) -> Iterator[tuple[Route, str, Span]]:
    """Yield the texts at a place, each with its route and span; a text of another length than its span is not verbatim."""
    if place == BODY:
        yield BODY_ROUTE, pattern.source.slice(pattern.body.span), pattern.body.span
    elif place == FRONT_MATTER:
        yield (), pattern.source.slice(pattern.front.span), pattern.front.span
    else:
        for route, node in pattern.front.root.walk():
            if node.children is None and _is_at(route, place):
                yield route, *_value(pattern, node)


def _is_at(route: Route, place: str) -> bool:
    """Return whether a route is the one that `place` describes, or below it."""
    steps = path_steps(place)
    return len(route) >= len(steps) and all(
        step in ("*", name) or (step == "[]" and isinstance(name, int))
        for step, name in zip(steps, route, strict=False)
    )


def _value(pattern: Pattern, node: Node) -> tuple[str, Span]:
    """Return the text of a scalar and its span, inside the quotes if the text has no escapes."""
    written = pattern.source.slice(node.span)
    text = node.value if isinstance(node.value, str) else written
    inner = Span(node.span.start + 1, node.span.end - 1)
    return text, inner if written[:1] in ("'", '"') and written[1:-1] == text else node.span


def _is_code(pattern: Pattern, span: Span) -> bool:
    """Return whether a match in the body is in code or in a suppression comment."""
    body, text = pattern.body, pattern.source.text
    if span.start < body.span.start:
        return False
    html = body.html_at(span.start)
    line = text.rfind("\n", 0, span.start) + 1
    return (
        body.is_in_code_block(span.start)
        or text.count("`", line, span.start) % 2 == 1
        or (html is not None and "patternlint:" in pattern.source.slice(html))
    )


def _place_of_missing(pattern: Pattern, route: Route, span: Span) -> Span:
    """Return where a text that does not match is reported: the value, or the first line of the body."""
    if route != BODY_ROUTE:
        return span if route else pattern.front.opening
    first = body_text.first_line(pattern)
    return first.span if first is not None else Span(span.end, span.end)


def text_rules(specs: SpecRegistry) -> Iterator[RuleInfo]:
    """Yield a rule for each name that specifications describe."""
    names: dict[str, list[str]] = {}
    first: dict[str, TextRuleSpec] = {}
    for spec in specs.all:
        for rule in spec.text:
            first.setdefault(rule.name, rule)
            names.setdefault(rule.name, []).append(spec.version)
    for name, rule in first.items():
        yield RuleInfo(_rule_class(rule), GROUP, GROUP, f"the specification {' and '.join(names[name])}")


def _rule_class(described: TextRuleSpec) -> type[TextRule]:
    class DescribedRule(TextRule):
        name = described.name
        severity = Severity[described.level.upper()]
        why = described.message[:1].upper() + described.message[1:] + "."
        notes = "\n".join(_notes(described))

    DescribedRule.__doc__ = (
        f"{_where(described)} {'does not match' if described.forbid else 'matches'} `{described.expression}`."
    )
    return DescribedRule


def _where(rule: TextRuleSpec) -> str:
    return {BODY: "The body", FRONT_MATTER: "The front matter"}.get(rule.place, f"`{rule.place}`")


def _notes(rule: TextRuleSpec) -> Iterable[str]:
    if rule.help:
        yield f"{rule.help[:1].upper()}{rule.help[1:]}.\n"
    yield (
        "The rule is described by `[[text]]` in a `spec.toml`. Code and suppression comments are skipped, and at most "
        f"{MAX_FINDINGS} findings are reported in a file."
    )
