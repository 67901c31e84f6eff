from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Pattern, Rule, Severity

_JOINT = " vs. "
_HINTS = "ontology:\n  domain: gärten\n  search_hints:\n    primary_tension: "


class TensionForm(Rule):
    """The primary tension has the form "A vs. B"."""

    name = "tension-form"
    severity = Severity.INFO
    why = "The page and the graph split the tension at ` vs. ` to show the two opposing forces."
    notes = "`vs`, `versus` and `v.` are not accepted. A tension of more than two forces is split at the first ` vs. `."
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
        Example(_HINTS + "\n", note="not a string: reported by `wrong-type`"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
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
            "primary tension does not have the form `A vs. B`",
            route=route,
            help=f'write the two forces with ` vs. ` between them, such as `{route[-1]}: "Speed vs. Care"`',
        )
