from __future__ import annotations

import re
from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Pattern, Severity, phrases, replace_value
from patternlint.rule.internal import SchemaRule, SchemaViolation

_DATE = re.compile(r"\d+[-./]\d+[-./]\d{4}|\d{4}[-./]\d+[-./]\d+")


class VersionType(SchemaRule):
    """The version is a number."""

    name = "version-type"
    severity = Severity.INFO
    why = "Versions are compared as numbers; as strings, `10` sorts before `9`."
    notes = (
        'The fix removes the quotes from a version that reads back as the same number (`"0.2"`). No fix is offered for '
        '`1.0.0`, which is not a number, and for `"1.10"`, which would become the lower version 1.1.'
    )
    bad = (
        Example("lifecycle:\n  status: draft # für später\n  version: «1.0.0»\n"),
        Example('title: "Gärten"\nlifecycle:\n  version: «"0.2"»\n', 'title: "Gärten"\nlifecycle:\n  version: 0.2\n'),
        Example("lifecycle:\n  version: «'1'»\n", "lifecycle:\n  version: 1\n"),
        Example("lifecycle:\n  «version»:\n"),
        Example('lifecycle:\n  version: «"1.10"»\n', note="1.1 as a number"),
    )
    good = (
        Example("lifecycle:\n  version: 1\n"),
        Example("lifecycle:\n  version: 0.1 # Entwürfe beginnen so\n"),
    )

    def check(self, error: SchemaViolation, pattern: Pattern) -> Iterator[Diagnostic]:
        value = error.value
        fault = "not a number"
        fix = None
        if isinstance(value, str) and _is_number(value):
            fault = "a string, not a number"
            if _is_unchanged(value):
                fix = replace_value(error.node.span, pattern.source.slice(error.node.span), value, error.route)
        message = f"{phrases.describe_route(error.route)} is {phrases.describe_value(value)}, {fault}"
        yield self.report(error, pattern, message, _advice(error), fix)


def _advice(error: SchemaViolation) -> str:
    """Return the line to write, with the number that the value begins with."""
    key, value = str(error.route[-1]), error.value
    quotes = ", without quotes" if error.node.style else ""
    if isinstance(value, str) and not _DATE.search(value):
        if _is_number(value) and not _is_unchanged(value):
            return f"write a number higher than all earlier versions, because `{value}` is {float(value):g} as a number"
        match = re.match(r"[vV]?\.?\s*(\d+(?:\.\d+)?)", value)
        if match and _is_number(match[1]) and _is_unchanged(match[1]):
            return f"write `{key}: {match[1]}`{quotes}"
    return f"write a number{quotes}, such as `{key}: 0.1` or `{key}: 1.0`"


def _is_unchanged(text: str) -> bool:
    """Return whether a number keeps its form when it is read: `1.10` becomes 1.1."""
    number = float(text)
    return text in {f"{number:.0f}", repr(number)}


def _is_number(text: str) -> bool:
    """Return whether `text` is digits, with at most one point between them, which all YAML parsers read alike."""
    whole, point, part = text.partition(".")
    if not (whole.isascii() and whole.isdigit()) or (len(whole) > 1 and whole[0] == "0"):
        return False
    return not point or (part.isascii() and part.isdigit())
