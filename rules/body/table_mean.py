from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Literal

from patternlint.rule import Diagnostic, Example, Pattern, Rule, Severity, Span, body_text

_SETTINGS = '[body]\nmean-rows = ["Overall"]\n'
_TABLE = "---\ntitle: Gärten\n---\n\n| Säule | Score |\n|---|---|\n| Zweck | 3 |\n| Ort | 4 |\n{}\n"
_NUMBER = re.compile(r"[\s*_]*([0-9]+(?:\.[0-9]+)?)(?:\s*/\s*[0-9]+)?[\s*_]*")
_ABSENT = ("n/a", "na", "-", "–", "—")
_TOLERANCE = Decimal("0.05")
_HALF = Decimal("0.5")


_Cell = Decimal | Literal["absent"] | None
"""The number of a cell; "absent" for a cell that has none, such as `N/A`; None for any other text."""


class TableMean(Rule):
    """The row of a table that has the means agrees with the numbers above it."""

    name = "table-mean"
    severity = Severity.WARNING
    why = "Readers take the last row for the sum of the others. If only one of them was changed, both are in doubt."
    notes = (
        "Applies only to specifications with `mean-rows`. A mean that is rounded to a whole number is accepted, and so "
        "are both neighbors of a tie. Cells such as `N/A` and `–` do not count; a table with other words among the numbers is "
        "not checked."
    )
    bad = (
        Example(_TABLE.format("| **Overall** | **«3.9»** | Fazit |"), settings=_SETTINGS),
        Example(_TABLE.format("| Overall | «2» |"), settings=_SETTINGS),
        Example(_TABLE.format("| Öl | N/A |\n| Overall | «3.9» |"), settings=_SETTINGS),
    )
    good = (
        Example(_TABLE.format("| **Overall** | **3.5** |"), settings=_SETTINGS),
        Example(_TABLE.format("| Overall | 4 / 5 |"), settings=_SETTINGS, note="rounded"),
        Example(_TABLE.format("| Ort | hoch |\n| Overall | 1.0 |"), settings=_SETTINGS, note="not all are numbers"),
        Example(_TABLE.format("| Overall | 1.0 |"), note="7.1 has no such tables"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        names = frozenset(name.casefold() for name in pattern.spec.body.mean_rows)
        if not names:
            return
        above: list[list[_Cell]] = []
        end = -1  # of the line above, if it is a row
        for row in body_text.table_rows(pattern, pattern.body.span):
            cells = body_text.table_cells(row)
            if not cells or row.start != end:
                above = []
            end = pattern.source.text.find("\n", row.start) + 1
            if not cells:
                continue
            numbers: list[_Cell] = [_number(text) for _, text in cells]
            if cells[0][1].strip(" *_:").casefold() in names:
                yield from self._check_row(pattern, cells, numbers, above)
            elif above or any(number is not None for number in numbers[1:]):
                above.append(numbers)

    def _check_row(
        self,
        pattern: Pattern,
        cells: Sequence[tuple[int, str]],
        numbers: Sequence[_Cell],
        above: Sequence[Sequence[_Cell]],
    ) -> Iterator[Diagnostic]:
        for column, ((start, text), number) in enumerate(zip(cells, numbers, strict=True)):
            values = [row[column] for row in above if column < len(row)]
            known = [value for value in values if isinstance(value, Decimal)]
            is_complete = len(values) == len(above) and None not in values
            if not isinstance(number, Decimal) or not is_complete or len(known) < 2:  # noqa: PLR2004 - the mean of several
                continue
            mean = sum(known, Decimal(0)) / len(known)
            is_rounded = number == number.to_integral_value() and abs(number - mean) <= _HALF
            if is_rounded or abs(number - mean) <= _TOLERANCE:
                continue
            written = str(number)
            at = start + text.index(written)
            yield self.at(
                pattern,
                Span(at, at + len(written)),
                f"this is `{written}`, but the mean of the {len(known)} numbers above is `{mean:.2f}`",
                route=body_text.route_at(pattern, at),
                help=f"write `{mean:.1f}`, or correct the numbers above",
            )


def _number(text: str) -> _Cell:
    match = _NUMBER.fullmatch(text)
    if match is None:
        return "absent" if text.strip(" \t*_").casefold() in _ABSENT else None
    return Decimal(match[1])
