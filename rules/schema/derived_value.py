from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from math import isfinite

from patternlint.rule import (
    DerivedSpec,
    Diagnostic,
    Example,
    Node,
    Pattern,
    Route,
    Rule,
    Safety,
    Severity,
    Span,
    did_you_mean,
    item_name,
    label,
    path_steps,
    phrases,
    replace_value,
)

_GREATEST = '[[derived]]\nvalue = "summary"\nis = "greatest"\nof = "context_labels"\n'
_SHARE = '[[derived]]\nvalue = "lifecycle.version"\nis = "share"\nof = "context_labels"\n'
_MEAN = '[[derived]]\nvalue = "lifecycle.version"\nis = "mean"\nof = "context_labels"\ndecimals = 1\n'
_ONE = '[[derived]]\nvalue = "sources[]"\nis = "one-of"\nof = "contributors[]"\n'
_TEXT = '[[derived]]\nvalue = "lifecycle.version"\nis = "in-text"\nof = \'Score:[* ]+([0-9.]+)\'\n'
_SCORED = "---\nlifecycle:\n  version: {}\n---\n\nGärten.\n\n{}\n"
_NUMBERS = "context_labels:\n  tech: 1\n  activist: 6\n  corporate: 3\n"


class DerivedValue(Rule):
    """Values that follow from others in the same file agree with them."""

    name = "derived-value"
    severity = Severity.ERROR
    why = "When one of the two changes and the other does not, programs that read the old one are misled."
    notes = (
        "Applies only to specifications with `[[derived]]`. A value that is not of the expected type, or that follows from "
        "values that are not, is reported by other rules. If two numbers are the greatest, either key is right."
    )
    bad = (
        Example(
            "summary: «tech»  # Gärten\n" + _NUMBERS,
            "summary: activist  # Gärten\n" + _NUMBERS,
            unsafe=True,
            settings=_GREATEST,
        ),
        Example(
            _NUMBERS + "lifecycle:\n  version: «0.5»\n",
            _NUMBERS + "lifecycle:\n  version: 0.6\n",
            unsafe=True,
            settings=_SHARE,
        ),
        Example(
            _NUMBERS + "lifecycle:\n  version: «3»\n",
            _NUMBERS + "lifecycle:\n  version: 3.3\n",
            unsafe=True,
            settings=_MEAN,
        ),
        Example("contributors: [Öl, Holz]\nsources: [Holz, «Hölz»]\n", settings=_ONE),
        Example(_SCORED.format("«3»", "**Score: 4 (high)**"), settings=_TEXT),
    )
    good = (
        Example("summary: activist\n" + _NUMBERS, settings=_GREATEST),
        Example("summary: tech\n" + _NUMBERS.replace("1", "6"), settings=_GREATEST, note="two are the greatest"),
        Example(_NUMBERS + "lifecycle:\n  version: 0.6\n", settings=_SHARE),
        Example("contributors: [Öl, Holz]\nsources: [Holz, 7]\n", settings=_ONE),
        Example(_SCORED.format("4", "**Score: 3**\n\n**Score:** 4.0"), settings=_TEXT, note="one of two numbers"),
        Example(_SCORED.format("4", "Score: high\n\n```\nScore: 3\n```"), settings=_TEXT),
        Example("summary: tech\n" + _NUMBERS, note="7.1 describes no derived value"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        root = pattern.front.root
        for derived in pattern.spec.derived:
            sources = [node for _, node in _nodes(root, derived.of)] if derived.kind != "in-text" else []
            for route, node in _nodes(root, derived.value):
                if derived.kind == "one-of":
                    yield from self._check_name(pattern, derived, route, node, sources)
                elif derived.kind == "in-text":
                    yield from self._check_text(pattern, derived, route, node)
                elif len(sources) == 1:
                    yield from self._check_number(pattern, derived, route, node, sources[0])

    def _check_name(
        self, pattern: Pattern, derived: DerivedSpec, route: Route, node: Node, sources: list[Node]
    ) -> Iterator[Diagnostic]:
        known = [source.value for source in sources if isinstance(source.value, str)]
        if not isinstance(node.value, str) or node.value in known:
            return
        hint = did_you_mean.did_you_mean(node.value, known).removeprefix("; ")
        yield self.at(
            pattern,
            node.span,
            f"{phrases.describe_route(route)} is `{node.value}`, which is not in `{derived.of}`",
            route=route,
            subject=item_name(pattern.front.root, route),
            help=hint or f"write one of the values of `{derived.of}`, or add `{node.value}` there",
        )

    def _check_text(self, pattern: Pattern, derived: DerivedSpec, route: Route, node: Node) -> Iterator[Diagnostic]:
        text, body = pattern.source.text, pattern.body
        matches = [
            match
            for match in derived.form.finditer(text, body.span.start, body.span.end)
            if not body.is_in_code_block(match.start()) and _NUMBER.fullmatch(match[1])
        ]
        number = node.number
        if not matches or number is None or any(float(match[1]) == number for match in matches):
            return
        last = matches[-1]
        yield self.at(
            pattern,
            node.span,
            f"{phrases.describe_route(route)} is `{node.value}`, but the text says {last[1]}",
            route=route,
            help=f"write `{last[1]}`, or correct the text",
            labels=(label(pattern, Span(last.start(1), last.end(1)), "the number in the text"),),
        )

    def _check_number(
        self, pattern: Pattern, derived: DerivedSpec, route: Route, node: Node, source: Node
    ) -> Iterator[Diagnostic]:
        numbers = {key: child.number for key, child in source.keys.items() if child.number is not None}
        if not numbers or len(numbers) != len(source.keys) or not all(map(isfinite, numbers.values())):
            return
        expected = _expected(derived, numbers, node)
        if not expected:
            return
        written = pattern.source.slice(node.span)
        yield self.at(
            pattern,
            node.span,
            f"{phrases.describe_route(route)} is `{node.value}`, but the {_WORDS[derived.kind]} of `{derived.of}` is `{expected}`",
            route=route,
            help=f"write `{expected}`, or correct `{derived.of}`",
            fix=replace_value(node.span, written, expected, route, Safety.UNSAFE),
        )


_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_WORDS = {"greatest": "key of the greatest number", "share": "share of the greatest number", "mean": "mean"}


def _expected(derived: DerivedSpec, numbers: dict[str, float], node: Node) -> str:
    """Return the value that should be there; empty if it is, or if it is unknown."""
    greatest = max(numbers.values())
    if derived.kind == "greatest":
        keys = [key for key, number in numbers.items() if number == greatest]
        return keys[0] if isinstance(node.value, str) and node.value not in keys else ""
    values = [Decimal(str(number)) for number in numbers.values()]
    total = sum(values, Decimal(0))
    if node.number is None or not isfinite(node.number) or (derived.kind == "share" and not total):
        return ""
    exact = max(values) / total if derived.kind == "share" else total / len(values)
    unit = Decimal(1).scaleb(-derived.decimals)
    if abs(exact - Decimal(str(node.number))) <= unit / 2:
        return ""
    return str(exact.quantize(unit, ROUND_HALF_UP).normalize() + 0) if derived.decimals else str(round(exact))


def _nodes(root: Node, path: str) -> Iterator[tuple[Route, Node]]:
    """Yield the nodes at a path such as `states[].name`, each with its route."""
    found: list[tuple[Route, Node]] = [((), root)]
    for step in path_steps(path):
        found = [
            ((*route, key), child)
            for route, node in found
            for key, child in (
                enumerate(node.items) if step == "[]" else [(step, node.keys[step])] if step in node.keys else []
            )
        ]
    yield from found
