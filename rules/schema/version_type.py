from __future__ import annotations

import re
from collections.abc import Iterator

from patternlint.rule import DeclaredChange, Diagnostic, Example, Fix, Pattern, Replacement, Safety, Severity, phrases
from patternlint.rule.internal import SchemaRule, SchemaViolation

_DATE = re.compile(r"\d+[-./]\d+[-./]\d{4}|\d{4}[-./]\d+[-./]\d+")


class VersionType(SchemaRule):
    """The version is a number."""

    name = "version-type"
    severity = Severity.INFO
    why = "Versions are compared as numbers; among texts, 10 comes before 9."
    notes = (
        'The fix takes the quotes from a version that reads as the same number (`"0.2"`). `1.0.0` is not a number, and '
        '`"1.10"` would become 1.1, an older version: only a person knows which number is meant.'
    )
    bad = (
        Example("lifecycle:\n  status: draft # für später\n  version: «1.0.0»\n"),
        Example('title: "Gärten"\nlifecycle:\n  version: «"0.2"»\n', 'title: "Gärten"\nlifecycle:\n  version: 0.2\n'),
        Example("lifecycle:\n  version: «'1'»\n", "lifecycle:\n  version: 1\n"),
        Example("lifecycle:\n  «version»:\n"),
        Example('lifecycle:\n  version: «"1.10"»\n', note="as a number it is 1.1"),
    )
    good = (
        Example("lifecycle:\n  version: 1\n"),
        Example("lifecycle:\n  version: 0.1 # Entwürfe beginnen so\n"),
    )

    def check(self, error: SchemaViolation, pattern: Pattern) -> Iterator[Diagnostic]:
        """Take the quotes from what reads as a number."""
        value = error.value
        fault = "not a number"
        fix = None
        if isinstance(value, str) and _is_number(value):
            fault = "text in quotes, not a number"
            if _is_kept(value):
                fix = Fix(
                    f"write {value}",
                    Safety.SAFE,
                    (Replacement(error.node.span, value),),
                    (DeclaredChange(error.route),),
                )
        yield self.at(
            pattern,
            error.node.label_span,
            f"{phrases.describe_route(error.route)} is {phrases.describe_value(value)}, {fault}",
            route=error.route,
            help=_advice(str(error.route[-1]), value, is_quoted=bool(error.node.style)),
            fix=fix,
        )


def _advice(key: str, value: object, *, is_quoted: bool) -> str:
    """Return the line to write, with the number that the value begins with."""
    if isinstance(value, str) and _is_number(value) and not _is_kept(value):
        return f"as a number, {value} is {float(value):g}: write a number that is higher than the versions before it"
    found = (
        re.match(r"[vV]?\.?\s*(\d+(?:\.\d+)?)", value) if isinstance(value, str) and not _DATE.search(value) else None
    )
    if found and _is_number(found[1]) and _is_kept(found[1]):
        return f"write `{key}: {found[1]}`{', without quotes' if is_quoted else ''}"
    return f"write a plain number{' without quotes' if is_quoted else ''}, such as `{key}: 0.1` or `{key}: 1.0`"


def _is_kept(text: str) -> bool:
    """Return whether a number is read back as it is written: `1.10` becomes 1.1."""
    number = float(text)
    return text in {f"{number:.0f}", repr(number)}


def _is_number(text: str) -> bool:
    """Return whether `text` consists of digits, maybe with one point between them, so that every reader agrees."""
    whole, point, part = text.partition(".")
    if not (whole.isascii() and whole.isdigit()) or (len(whole) > 1 and whole[0] == "0"):
        return False
    return not point or (part.isascii() and part.isdigit())
