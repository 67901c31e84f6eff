from __future__ import annotations

import re
from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Pattern, Rule, Severity

_LOSES_ZERO = re.compile(r"[0-9]+\.[0-9]+0")


class VersionTrailingZero(Rule):
    """The version has no trailing zero that is lost when it is read as a number."""

    name = "version-trailing-zero"
    severity = Severity.INFO
    why = "The version is a number: `1.10` is read as 1.1, which is lower than 1.9."
    notes = "No fix is offered, because the intended number is unclear. `1.0` and `2.0` are valid."
    bad = (Example("title: Gärten\nlifecycle:\n  version: «1.10»\n"),)
    good = (
        Example("lifecycle:\n  version: 1.0\n"),
        Example("lifecycle:\n  version: 0.01\n"),
        Example('lifecycle:\n  version: "1.10"\n', note="`version-type` reports it"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        route = pattern.spec.revision
        node = pattern.get(*route) if route else None
        if node is None or node.number is None:
            return
        written = pattern.source.slice(node.span)
        if _LOSES_ZERO.fullmatch(written):
            yield self.at(
                pattern,
                node.span,
                f"version `{written}` is read as `{node.number}`",
                route=route,
                help=f"write a number higher than all earlier versions, such as `{route[-1]}: 2.0`",
            )
