from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from patternlint.rule import (
    Diagnostic,
    Example,
    Node,
    Pattern,
    Rule,
    Severity,
    phrases,
    replace_value,
)

_LENGTH = len("2024-05-01")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class DateType(Rule):
    """The date of the last pruning is a valid date in the form YYYY-MM-DD, without quotes."""

    name = "date-type"
    severity = Severity.INFO
    why = "Dates are compared and sorted. A quoted date, or one in another format, is out of order."
    notes = (
        "The fix removes the quotes around a valid date. In 8.2 the date may be missing or `null`, which means never "
        "pruned. A date with a time of day is not valid."
    )
    bad = (
        Example(
            'title: "Gärten"\ngraph_garden:\n  last_pruned: «"2024-05-01"»\n',
            'title: "Gärten"\ngraph_garden:\n  last_pruned: 2024-05-01\n',
        ),
        Example("graph_garden:\n  last_pruned: «2023-02-29» # im März\n", note="this day does not exist"),
        Example("graph_garden:\n  last_pruned: «01.05.2024»\n"),
        Example("graph_garden:\n  last_pruned: «2024-05-01T10:00:00Z»\n"),
        Example("graph_garden:\n  last_pruned: «2024»\n"),
        Example("graph_garden:\n  last_pruned: «2024-W09-4»\n", note="an ISO 8601 week date"),
        Example("graph_garden:\n  «last_pruned»:\n"),
        Example('orbital_layer: 3\ngraph_garden:\n  last_pruned: «""»\n', spec="8.2"),
    )
    good = (
        Example("graph_garden:\n  last_pruned: 2024-02-29 # ein Schaltjahr\n"),
        Example("orbital_layer: 3\ngraph_garden:\n  last_pruned: null\n", spec="8.2"),
        Example("graph_garden:\n  entities: []\n", note="reported by `missing-key`"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        garden = pattern.spec.garden
        node = pattern.get(garden.key, garden.pruned) if garden.key else None
        if node is None or (node.value is None and garden.never_pruned):
            return
        value = node.value
        date = value if isinstance(value, str) and _is_date(value) else None
        if date is not None and not node.style:
            return
        route = (garden.key, garden.pruned)
        yield self.at(
            pattern,
            node.label_span,
            f"{phrases.describe_route(route)} is {_fault(node, is_date=date is not None)}",
            route=route,
            help=f"{_advice(garden.pruned, value)}{', without quotes' if node.style else ''}",
            fix=replace_value(node.span, pattern.source.slice(node.span), date, route) if date is not None else None,
        )


def _fault(node: Node, *, is_date: bool) -> str:
    if is_date:
        return "a date in quotes"
    if not isinstance(node.value, str):
        return f"{phrases.describe_kind(node.value)}, not a date"
    if _DATE.fullmatch(node.value):
        return f"{phrases.describe_value(node.value)}, a day that does not exist"
    return f"{phrases.describe_value(node.value)}, not a date"


def _advice(key: str, value: object) -> str:
    """Return the line to write, with the date if `value` has one unambiguous reading."""
    days = _possible_days(value) if isinstance(value, str) else set()
    return f"write `{key}: {days.pop()}`" if len(days) == 1 else f"write a date as `{key}: 2024-05-01`"


def _possible_days(text: str) -> set[str]:
    """Return the possible readings of a date in another format, as YYYY-MM-DD."""
    numbers = re.findall(r"\d+", text.partition("T")[0])
    if len(numbers) != 3 or _DATE.fullmatch(text):  # noqa: PLR2004 - year, month, day
        return {text} if _is_date(text) else set()
    first, second, third = numbers
    orders = ((first, second, third), (third, second, first), (third, first, second))
    days = {f"{year:0>4}-{month:0>2}-{day:0>2}" for year, month, day in orders if len(year) == 4}  # noqa: PLR2004 - as in 2024
    if "." in text:
        days = {f"{third:0>4}-{second:0>2}-{first:0>2}"}
    return {day for day in days if _is_date(day)}


def _is_date(text: str) -> bool:
    """Return whether `text` is a valid date in the form YYYY-MM-DD."""
    if len(text) != _LENGTH:
        return False
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
