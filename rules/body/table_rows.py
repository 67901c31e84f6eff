from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from patternlint.rule import Diagnostic, Example, Pattern, Rule, Section, Severity, Span, body_text

_SETTINGS = '[body]\nheading = "## {title}"\n[[body.sections]]\ntitle = "Noten"\nrows = ["Boden", "Öffnung"]\nrow-numbers = [1, 5]\n'
_TABLE = "---\ntitle: Gärten\n---\n\n{heading}\n\n| Maß | Note | Warum |\n|---|---|---|\n{rows}\n"
_HEADING, _MARKED = "## Noten", "«## Noten»"
_MARKS = " \t*_`:[]"
_NUMBER = re.compile(r"[\s*_]*(-?[0-9]+(?:[.,][0-9]+)?)(?:\s*/\s*[0-9]+)?(?:\s*\([^()]*\))?[\s*_]*")

_Cells = Sequence[tuple[int, str]]


class TableRows(Rule):
    """A table has the rows that the specification asks for, each with its score."""

    name = "table-rows"
    severity = Severity.WARNING
    yields_to = ("section-empty",)
    why = "Readers compare such tables across the library. A missing row, or a score from another scale, misleads them."
    notes = (
        "Applies only to specifications whose sections have `rows`: a lighthouse has a row for each of the seven pillars "
        "and for the overall score, with numbers from 1 to 5. The first cell of a row may be bold or go on after the name; "
        "case is ignored. The first cell with nothing but a number counts; `/ 5` or a note in parentheses may follow it."
    )
    bad = (
        Example(_TABLE.format(heading=_MARKED, rows="| Boden | 4 | Lehm |"), settings=_SETTINGS),
        Example(_TABLE.format(heading="««## Noten»»", rows=""), settings=_SETTINGS, note="two rows are missing"),
        Example(
            _TABLE.format(heading=_HEADING, rows="| Boden | «40» | Lehm |\n| «Öffnung» | hoch | Süden |"),
            settings=_SETTINGS,
        ),
    )
    good = (
        Example(
            _TABLE.format(
                heading=_HEADING, rows="| **Boden** | **4.5** | 2019 |\n| öffnung (Tor) | 3/5 | 12 Menschen |"
            ),
            settings=_SETTINGS,
        ),
        Example(_TABLE.format(heading="## Anderes", rows="| Boden | 40 |"), settings=_SETTINGS),
        Example(_TABLE.format(heading=_HEADING, rows="| Boden | 40 |"), note="8.2 asks for no rows"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        for number, expected in enumerate(pattern.spec.body.sections, 1):
            section = pattern.body.section(number) if expected.rows else None
            if section is None:
                continue
            found = _rows(pattern, section, expected.rows)
            for row in expected.rows:
                if row not in found:
                    yield self.at(
                        pattern,
                        section.heading.span,
                        f"missing table row `{row}` in {section.name}",
                        route=section.route,
                        subject=row,
                        help=f"add a row `| {row} | … |` to the table",
                    )
                elif expected.row_numbers is not None:
                    yield from self._check_numbers(pattern, row, found[row], expected.row_numbers)

    def _check_numbers(
        self, pattern: Pattern, row: str, cells: _Cells, bounds: tuple[float, float]
    ) -> Iterator[Diagnostic]:
        low, high = bounds
        start, text = cells[0]
        name = text.strip()
        at, written = start + text.index(name), name
        numbers = [
            (start + match.start(1), match[1]) for start, text in cells[1:] if (match := _NUMBER.fullmatch(text))
        ]
        if numbers:
            at, written = numbers[0]  # others may be a year or a count
            if low <= Decimal(written.replace(",", ".")) <= high:
                return
        allowed = f"from {low:g} to {high:g}"
        wrong = f"`{written}` in the table row `{row}` is not {allowed}"
        yield self.at(
            pattern,
            Span(at, at + len(written)),
            wrong if numbers else f"missing number in the table row `{row}`",
            route=body_text.route_at(pattern, at),
            subject=row,
            help=f"write a number {allowed}",
        )


def _rows(pattern: Pattern, section: Section, names: Sequence[str]) -> Mapping[str, _Cells]:
    """Return the cells of the first table row for each name that has one."""
    found: dict[str, _Cells] = {}
    for line in body_text.table_rows(pattern, section.span):
        cells = body_text.table_cells(line)
        label = cells[0][1].strip(_MARKS).casefold() if cells else ""
        for name in names if label else ():
            rest = label.removeprefix(name.casefold())
            if rest != label and not rest[:1].isalnum():
                found.setdefault(name, cells)
    return found
