"""Proofs that a migration lost nothing: the data is the expected one, and all values and all text are found again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from patternlint.diagnostics.route import BODY_ROUTE, Route, format_route
from patternlint.document.pattern import Pattern
from patternlint.fixer.verify import changed_routes, rejection_reason
from patternlint.migrate.sections import bare_title
from patternlint.migrate.step import Migrated
from patternlint.migrate.table import Table
from patternlint.parser.parser import ParsedFile

_SHOWN = 40
_RULE = re.compile(r"[-=*_ ]+")
_HEADING = re.compile(r"[> ]*#{1,6}\s+(.*?)[\s#]*")


def missing_proof(before: ParsedFile, after: ParsedFile, done: Migrated, table: Table) -> str | None:
    """Return why a migrated file must not be written, as a clause, or None if nothing is lost.

    Args:
        before: the file before the step.
        after: the file after it.
        done: the result of the step.
        table: the step.
    """
    return next(_reasons(before, after, done, table), None)


def wrong_items(before: ParsedFile, after: ParsedFile, done: Migrated) -> str | None:
    """Return why a file with other list items must not be written, as a clause, or None if it may be."""
    reason = rejection_reason(before, after, done.added)
    if reason is not None or after.pattern is None:
        return reason
    wrong = next(changed_routes(done.data, after.pattern.data), None)
    return f"`{format_route(wrong)}` would get another value than it should" if wrong is not None else None


def _reasons(before: ParsedFile, after: ParsedFile, done: Migrated, table: Table) -> Iterator[str]:
    old, new = before.pattern, after.pattern
    moves_text = bool(table.body.sections or table.body.add)
    declared = {*((route,) if table.rest else () for route in old.data)} if old is not None else set()
    routes: set[Route] = {*done.added, *declared, *((BODY_ROUTE,) if moves_text else ())}
    reason = rejection_reason(before, after, routes | ({()} if table.rest else set()))
    if reason is not None:
        yield reason
    if old is None or new is None:
        return
    for route in changed_routes(done.data, new.data):
        yield f"`{format_route(route)}` would get another value than it should"
    yield from _lost_values(old, new, done, table)
    if moves_text:
        yield from _lost_lines(old, new, table)


def _lost_values(old: Pattern, new: Pattern, done: Migrated, table: Table) -> Iterator[str]:
    """Yield a clause for each value that is not found again; without `rest`, except for those that get another form."""
    changed = [piece.source for piece in done.pieces if piece.source and not piece.is_same and not piece.is_derived]
    kept = Counter(
        (type(node.value).__name__, str(node.value))
        for route, node in old.front.root.walk()
        if node.children is None and (table.rest or not any(route[: len(one)] == one for one in changed))
    )
    for _, value in kept - Counter(_scalars(new.data)):
        yield f"the value `{_short(value)}` would be lost"


def _scalars(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for one in value.values():
            yield from _scalars(one)
    elif isinstance(value, list):
        for one in value:
            yield from _scalars(one)
    else:
        yield type(value).__name__, str(value)


def _lost_lines(old: Pattern, new: Pattern, table: Table) -> Iterator[str]:
    """Yield a clause for each line of text that is not found again, and for each new section that cannot be found."""
    titles = Counter(section.title for section in new.body.sections)
    for title in (*(section.title for section in table.body.sections), *table.body.add):
        if titles[title] != 1:
            yield f"the section `{title}` would not be found exactly once"
    found = Counter(_lines(new)) + Counter(title for title, count in titles.items() for _ in range(count * 2))
    for line in Counter(_lines(old)) - found:
        if not new.spec.body.titles.exact(line)[0]:
            yield f"the text `{_short(line)}` would be lost"


def _lines(pattern: Pattern) -> Iterator[str]:
    for line in pattern.lines(pattern.body.span):
        text = line.text.strip()
        heading = _HEADING.fullmatch(text)
        if heading is not None:
            yield bare_title(heading[1])
        elif text and not _RULE.fullmatch(text):
            yield text


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
