from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from patternlint.rule import (
    DeclaredChange,
    Diagnostic,
    Example,
    Fix,
    Node,
    Pattern,
    Replacement,
    Rule,
    Safety,
    Severity,
    phrases,
)

_LENGTH = len("2024-05-01")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class DateType(Rule):
    """The day on which the graph garden was last tidied is a plain date that exists: 2024-05-01."""

    name = "date-type"
    severity = Severity.INFO
    why = "Dates are compared and sorted; one in another form, or in quotes, falls out of the order."
    notes = (
        "A real date in quotes loses them; the data stay the same for readers that know no dates. In 8.2 the date may "
        "be left out or `null`: never tidied. A date with a time of day is no plain date."
    )
    bad = (
        Example(
            'title: "Gärten"\ngraph_garden:\n  last_pruned: «"2024-05-01"»\n',
            'title: "Gärten"\ngraph_garden:\n  last_pruned: 2024-05-01\n',
        ),
        Example("graph_garden:\n  last_pruned: «2023-02-29» # im März\n", note="no such day"),
        Example("graph_garden:\n  last_pruned: «01.05.2024»\n"),
        Example("graph_garden:\n  last_pruned: «2024-05-01T10:00:00Z»\n"),
        Example("graph_garden:\n  last_pruned: «2024»\n"),
        Example("graph_garden:\n  last_pruned: «2024-W09-4»\n", note="a week date of ISO 8601"),
        Example("graph_garden:\n  «last_pruned»:\n"),
        Example('orbital_layer: 3\ngraph_garden:\n  last_pruned: «""»\n', spec="8.2"),
    )
    good = (
        Example("graph_garden:\n  last_pruned: 2024-02-29 # ein Schaltjahr\n"),
        Example("orbital_layer: 3\ngraph_garden:\n  last_pruned: null\n", spec="8.2"),
        Example("graph_garden:\n  entities: []\n", note="`missing-key` says so"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        """Read the date."""
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
            f"{phrases.describe_route(route)} is {_fault(node, real=date is not None)}",
            route=route,
            help=f"{_advice(garden.pruned, value)}{', without quotes' if node.style else ''}",
            fix=None
            if date is None
            else Fix(f"write {date}", Safety.SAFE, (Replacement(node.span, date),), (DeclaredChange(route),)),
        )


def _fault(node: Node, *, real: bool) -> str:
    """Say what is there instead of a plain date."""
    if real:
        return "a date in quotes"
    if not isinstance(node.value, str):
        return f"{phrases.describe_kind(node.value)}, not a date"
    if _DATE.fullmatch(node.value):
        return f"{phrases.describe_value(node.value)}, a day that does not exist"
    return f"{phrases.describe_value(node.value)}, not a date"


def _advice(key: str, value: object) -> str:
    """Return the line to write, where the value tells which day is meant."""
    meant = _days(value) if isinstance(value, str) else set()
    day = f"`{key}: {meant.pop()}`" if len(meant) == 1 else f"the date as year-month-day, such as `{key}: 2024-05-01`"
    return f"write {day}"


def _days(text: str) -> set[str]:
    """Return the days that a date in another form may mean."""
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
    """Return whether `text` is a day of the calendar as YYYY-MM-DD."""
    if len(text) != _LENGTH:
        return False
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
