from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Pattern, Rule, Severity

_JOINT = " vs. "
_HINTS = "ontology:\n  domain: gärten\n  search_hints:\n    primary_tension: "


class TensionForm(Rule):
    """The primary tension has the form "A vs. B"."""

    name = "tension-form"
    severity = Severity.INFO
    why = "The page and the graph take the tension apart at its ` vs. ` to show the two forces against each other."
    notes = (
        "`vs`, `versus` and `v.` are not the form, which every real tension keeps. More than two forces pass: what "
        "stands before the first ` vs. ` is one side, the rest the other."
    )
    bad = (
        Example(_HINTS + '«"Nähe und Abstand"»\n'),
        Example(_HINTS + '«"Nähe vs Abstand"»\n'),
        Example(_HINTS + "«Order versus Chaos»\n"),
        Example(_HINTS + '«"Order vs. "»\n'),
        Example(_HINTS + '«""»\n'),
    )
    good = (
        Example(_HINTS + '"Nähe vs. Abstand"\n'),
        Example(_HINTS + '"Care for One vs. Care for All (now vs. later)"\n'),
        Example(_HINTS + "\n", note="no text: `wrong-type` says so"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        """Take the tension apart."""
        route = pattern.spec.tension
        node = pattern.get(*route) if route else None
        if node is None or not isinstance(node.value, str):
            return
        one, _, other = f"{node.value} ".partition(_JOINT)
        if one.strip() and other.strip():
            return
        yield self.at(
            pattern,
            node.label_span,
            "the primary tension has not the form “A vs. B”",
            route=route,
            help="name the two forces with “vs.” between them, such as “Speed vs. Care”",
        )
