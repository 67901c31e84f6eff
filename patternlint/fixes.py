"""Applies fixes: edits on the text, never load-and-dump.

A fix is made whole or not at all, also when it touches several files. Of two fixes that are in each other's way the one
whose finding comes first is made; the other has its turn in the next pass.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from patternlint.diagnostic import AddItem, AddKey, Diagnostic, Edit, Fix, Replace, Route, sort_key
from patternlint.layout.insertion import Insertion, merged
from patternlint.layout.items import item_insertions
from patternlint.layout.keys import key_insertions, simple_key
from patternlint.parse import Parsed
from patternlint.text import Span


class Outcome(Struct, frozen=True):
    """What fixes come to.

    Attributes:
        texts: the new text of every file that changes, by path.
        made: the findings whose fixes were made.
    """

    texts: Mapping[str, str]
    made: tuple[Diagnostic, ...]


def apply_edits(text: str, edits: Iterable[Replace]) -> str:
    """Return `text` with all `edits` made; they must not overlap."""
    parts: list[str] = []
    at = 0
    for edit in sorted(edits, key=lambda edit: edit.span):
        parts += text[at : edit.span.start], edit.text
        at = edit.span.end
    parts.append(text[at:])
    return "".join(parts)


def fix_files(parsed: Mapping[str, Parsed], findings: Iterable[Diagnostic]) -> dict[str, bytes]:
    """Return the bytes of every file in `parsed` with the fixes of `findings` made, as far as they go together."""
    texts = apply_fixes(parsed, findings).texts
    return {path: texts[path].encode() if path in texts else one.source.data for path, one in parsed.items()}


def apply_fixes(parsed: Mapping[str, Parsed], findings: Iterable[Diagnostic]) -> Outcome:
    """Make the fixes of `findings`, as far as they go together.

    Two that relate one pattern to the same other one do not: after the first of them the second is answered.

    Args:
        parsed: the files, as the findings saw them. A fix that touches a file that is not here is not made.
        findings: in any order.
    """
    claims: defaultdict[str, _Claims] = defaultdict(_Claims)
    accepted: defaultdict[str, list[Edit]] = defaultdict(list)
    related: set[tuple[str, str]] = set()
    made: list[Diagnostic] = []
    for finding in sorted(findings, key=sort_key):
        fix = finding.fix
        if fix is None:
            continue
        pairs = {(edit.path or finding.path, edit.target) for edit in fix.edits if isinstance(edit, AddItem)}
        wanted = _claims_of(fix, finding.path, parsed)
        if wanted is None or not related.isdisjoint(pairs):
            continue
        if all(claims[path].free(claim) for path, claim in wanted):
            related |= pairs
            made.append(finding)
            for path, claim in wanted:
                claims[path].add(claim)
            for edit in fix.edits:
                accepted[edit.path or finding.path].append(edit)
    texts: dict[str, str] = {}
    for path, edits in accepted.items():
        lowered = lower(edits, parsed[path])
        text = parsed[path].source.text
        after = apply_edits(text, lowered) if lowered is not None else text
        if after != text:
            texts[path] = after
    return Outcome(texts, tuple(made))


def lower(edits: Iterable[Edit], parsed: Parsed) -> tuple[Replace, ...] | None:
    """Return edits of one file's data as edits of its text; None where one of them cannot be made.

    Edits of text keep the line ending of the file. Items that come into one list are placed together.
    """
    replaced: list[Replace] = []
    keys: list[AddKey] = []
    items: defaultdict[Route, list[AddItem]] = defaultdict(list)
    for edit in edits:
        if isinstance(edit, Replace):
            replaced.append(_with_line_endings(edit, parsed.source.text))
        elif isinstance(edit, AddKey):
            keys.append(edit)
        else:
            items[edit.route].append(edit)
    found: list[Insertion] = []
    for insertions in _insertions(keys, items, parsed):
        if insertions is None:
            return None
        found += insertions
    return (*replaced, *merged(found))


def _insertions(
    keys: Iterable[AddKey], items: Mapping[Route, Sequence[AddItem]], parsed: Parsed
) -> Iterator[list[Insertion] | None]:
    pattern = parsed.pattern
    for key in keys:
        yield key_insertions(pattern, simple_key(key.route, key.value)) if pattern is not None else None
    for route, wanted in items.items():
        yield item_insertions(pattern, route, wanted) if pattern is not None else None


def _with_line_endings(edit: Replace, text: str) -> Replace:
    """Return an edit that puts lines into a file whose lines end in CR LF with such endings.

    One that replaces lines is left alone: it may be about the endings themselves.
    """
    if "\n" not in edit.text or "\r" in edit.text or "\n" in text[edit.span.start : edit.span.end]:
        return edit
    first = text.find("\n")
    if first < 1 or text[first - 1] != "\r":
        return edit
    return Replace(edit.span, edit.text.replace("\n", "\r\n"), edit.path)


class _Claim(Struct, frozen=True):
    """A part of a text that a fix changes.

    Attributes:
        span: the part; empty where something is put in.
        created: the route of the key or list that an edit of data is about; None for an edit of text.
        item: whether an item is added.
    """

    span: Span
    created: Route | None = None
    item: bool = False

    def goes_with(self, other: _Claim) -> bool:
        """Return whether two edits at one place can both be made: both put something in, and not the same thing."""
        mine, theirs = self.created, other.created
        if mine is None or theirs is None:
            return False
        if self.item and other.item and mine == theirs:
            return True
        return not self.span and not other.span and mine[: len(theirs)] != theirs and theirs[: len(mine)] != mine


def _claims_of(fix: Fix, home: str, parsed: Mapping[str, Parsed]) -> list[tuple[str, _Claim]] | None:
    """Return what a fix changes in which file; None when it cannot be made."""
    claims: list[tuple[str, _Claim]] = []
    for edit in fix.edits:
        path = edit.path or home
        one = parsed.get(path)
        if one is None or one.source.decode_error is not None:
            return None
        if isinstance(edit, Replace):
            claims.append((path, _Claim(edit.span)))
            continue
        pattern = one.pattern
        if pattern is None:
            return None
        if isinstance(edit, AddItem):
            found = item_insertions(pattern, edit.route, (edit,))
        else:
            found = key_insertions(pattern, simple_key(edit.route, edit.value))
        if found is None:
            return None
        claims += [(path, _Claim(one.span, one.created, isinstance(edit, AddItem))) for one in found]
    return claims


class _Claims:
    """The parts of one text that accepted fixes change."""

    def __init__(self) -> None:
        self._solid: list[Span] = []
        self._owners: dict[Span, _Claim] = {}
        self._points: list[int] = []
        self._put_in: defaultdict[int, list[_Claim]] = defaultdict(list)

    def free(self, claim: _Claim) -> bool:
        """Return whether `claim` is in the way of none that was added; to put something in at the edge of a change is."""
        start, end = claim.span.start, claim.span.end
        at = bisect_right(self._solid, claim.span)
        for span in self._solid[max(at - 1, 0) : at + 1]:
            apart = span.end < start or end < span.start if start == end else span.end <= start or end <= span.start
            if not apart and not (span == claim.span and claim.goes_with(self._owners[span])):
                return False
        near = self._points[bisect_left(self._points, start) : bisect_right(self._points, end)]
        return all(claim.goes_with(other) for point in near for other in self._put_in[point])

    def add(self, claim: _Claim) -> None:
        """Add a claim that is free."""
        if claim.span:
            if claim.span not in self._owners:
                insort(self._solid, claim.span)
                self._owners[claim.span] = claim
        else:
            if claim.span.start not in self._put_in:
                insort(self._points, claim.span.start)
            if claim not in self._put_in[claim.span.start]:
                self._put_in[claim.span.start].append(claim)
