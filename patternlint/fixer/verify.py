"""Verify that fixes changed only what they declare, before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from patternlint.diagnostics.route import BODY_ROUTE, Route, format_route
from patternlint.document.banners import is_name_line, is_plain_ruler
from patternlint.document.pattern import Pattern
from patternlint.parser.delimiters import strip_opening
from patternlint.parser.parser import FileKind, ParsedFile
from patternlint.parser.suppressions import SUPPRESSION_MARKER
from patternlint.source import BOM

_SHOWN_LENGTH = 40  # of a comment in a message


def rejection_reason(
    before: ParsedFile,
    after: ParsedFile,
    declared: Iterable[Route],
    counts: tuple[Mapping[str, int], Mapping[str, int]] | None = None,
) -> str | None:
    """Return why a fixed file must not be written, as a clause, or None if it may be.

    Args:
        before: the original file.
        after: the fixed file.
        declared: the routes that the fixes declare to change.
        counts: the numbers of diagnostics by rule in the file before and after.
    """
    if before.source.decode_error is not None:
        return "the file is not UTF-8"
    return next(_reasons(before, after, frozenset(declared), counts or ({}, {})), None)


def _reasons(
    before: ParsedFile,
    after: ParsedFile,
    declared: frozenset[Route],
    counts: tuple[Mapping[str, int], Mapping[str, int]],
) -> Iterator[str]:
    old, new = before.pattern, after.pattern
    if old is None:
        is_text = (
            before.kind is FileKind.NOT_A_PATTERN and after.kind is FileKind.NOT_A_PATTERN and BODY_ROUTE in declared
        )
        if not is_text and _bare(before.source.text) != _bare(after.source.text):
            yield "the front matter does not parse, so the fix cannot be checked"
    elif new is None:
        reason = f": {after.problem.message}" if after.problem is not None else ""
        yield f"the front matter would no longer parse{reason}"
    else:
        if len(after.duplicates) > len(before.duplicates):
            yield f"it would duplicate the key `{after.duplicates[-1].key}`"
        for route in changed_routes(old.data, new.data):
            if not any(route[: len(one)] == one for one in declared):
                yield f"it would change `{format_route(route) or 'the whole front matter'}`, which it does not declare"
        yield from _lost_comments(old, new)
        if BODY_ROUTE not in declared and _body(old) != _body(new):
            yield "it would change the text, which it does not declare"
    more = new_finding(*counts)
    if more is not None:
        yield more


def new_finding(before: Mapping[str, int], after: Mapping[str, int]) -> str | None:
    """Return a clause about the first rule with more diagnostics than before, or None.

    Args:
        before: the number of diagnostics by rule before the fixes.
        after: the number of diagnostics by rule after the fixes.
    """
    new = next((rule for rule in sorted(after) if after[rule] > before.get(rule, 0)), None)
    return f"it would introduce a new finding `{new}`" if new is not None else None


def _bare(text: str) -> str:
    """Return a text without its opening delimiter, byte order mark and carriage returns."""
    return strip_opening(text.removeprefix(BOM).replace("\r\n", "\n").replace("\r", "\n"))


def _body(pattern: Pattern) -> str:
    return pattern.source.slice(pattern.body.span).replace("\r\n", "\n")


def changed_routes(old: Any, new: Any, route: Route = ()) -> Iterator[Route]:
    """Yield the routes at which two values differ; for lists of different lengths, the route of the list."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in old.keys() | new.keys():
            if key in old and key in new:
                yield from changed_routes(old[key], new[key], (*route, key))
            else:
                yield (*route, key)
    elif isinstance(old, list) and isinstance(new, list):
        if len(old) != len(new):
            yield route
        else:
            for index, (one, other) in enumerate(zip(old, new, strict=True)):
                yield from changed_routes(one, other, (*route, index))
    elif type(old) is not type(new) or (old != new and not (old != old and new != new)):  # noqa: PLR0124 - NaN
        yield route


def _lost_comments(old: Pattern, new: Pattern) -> Iterator[str]:
    lost = Counter(_comments(old)) - Counter(_comments(new))
    for comment in lost:
        shown = comment if len(comment) <= _SHOWN_LENGTH else f"{comment[: _SHOWN_LENGTH - 1]}…"
        yield f"it would delete the comment `{shown}`"


def _comments(pattern: Pattern) -> Iterator[str]:
    """Yield the comments in the front matter, without banners and suppressions, which rules may change."""
    text = pattern.source.text
    for span in pattern.comments:
        comment = text[span.start : span.end].rstrip()
        if SUPPRESSION_MARKER not in comment and not is_plain_ruler(comment) and not is_name_line(comment):
            yield comment
