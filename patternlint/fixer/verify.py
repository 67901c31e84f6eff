"""Makes sure that fixes did what they say and nothing else, before anything is written."""

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

_SHOWN = 40
"""So much of a comment is shown."""


def rejection_reason(
    before: ParsedFile,
    after: ParsedFile,
    declared: Iterable[Route],
    found: tuple[Mapping[str, int], Mapping[str, int]] | None = None,
) -> str | None:
    """Return why a fixed file must not be written, in words, or None when all is well.

    Args:
        before: the file as it was.
        after: the file with its fixes.
        declared: the routes whose data the fixes say they change.
        found: how many findings of each rule there were in the file before, and how many there are now.
    """
    if before.source.decode_error is not None:
        return "the file is not UTF-8"
    return next(_reasons(before, after, frozenset(declared), found or ({}, {})), None)


def _reasons(
    before: ParsedFile,
    after: ParsedFile,
    declared: frozenset[Route],
    found: tuple[Mapping[str, int], Mapping[str, int]],
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
    more = new_finding(*found)
    if more is not None:
        yield more


def new_finding(before: Mapping[str, int], after: Mapping[str, int]) -> str | None:
    """Return a reason that names the first rule with more findings than before, or None.

    Args:
        before: the number of findings of each rule.
        after: the same after the fixes.
    """
    new = next((rule for rule in sorted(after) if after[rule] > before.get(rule, 0)), None)
    return f"it would introduce a new finding `{new}`" if new is not None else None


def _bare(text: str) -> str:
    """Return a text without its opening line, and without what an encoding may add to it."""
    return strip_opening(text.removeprefix(BOM).replace("\r\n", "\n").replace("\r", "\n"))


def _body(pattern: Pattern) -> str:
    return pattern.source.slice(pattern.body.span).replace("\r\n", "\n")


def changed_routes(old: Any, new: Any, route: Route = ()) -> Iterator[Route]:
    """Yield the routes at which two values differ; of two lists of other lengths the list's own."""
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
        shown = comment if len(comment) <= _SHOWN else f"{comment[: _SHOWN - 1]}…"
        yield f"it would delete the comment `{shown}`"


def _comments(pattern: Pattern) -> Iterator[str]:
    """Yield the comments of front matter that people wrote: no banners, and no suppressions, which rules look after."""
    text = pattern.source.text
    for span in pattern.comments:
        comment = text[span.start : span.end].rstrip()
        if SUPPRESSION_MARKER not in comment and not is_plain_ruler(comment) and not is_name_line(comment):
            yield comment
