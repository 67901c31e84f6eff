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
from patternlint.pattern import Pattern
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

    Two that relate one pattern to the same other one do not, be it by a new item or by a new target: after the first of
    them the second is answered, or would contradict it. Two findings may have one and the same fix: it is made for both.

    Args:
        parsed: the files, as the findings saw them. A fix that touches a file that is not here is not made.
        findings: in any order.
    """
    claims: defaultdict[str, _Claims] = defaultdict(_Claims)
    accepted: defaultdict[str, list[Edit]] = defaultdict(list)
    related: set[tuple[str, str]] = set()
    written: set[tuple[str, str]] = set()
    done: set[tuple[str, tuple[Edit, ...]]] = set()
    made: list[Diagnostic] = []
    for finding in sorted(findings, key=sort_key):
        fix = finding.fix
        if fix is None:
            continue
        if (finding.path, fix.edits) in done:
            made.append(finding)
            continue
        pairs = {(edit.path or finding.path, edit.target) for edit in fix.edits if isinstance(edit, AddItem)}
        texts = {(edit.path or finding.path, edit.text) for edit in fix.edits if isinstance(edit, Replace)}
        wanted = _claims_of(fix, finding.path, parsed)
        if wanted is None or not related.isdisjoint(pairs | texts) or not written.isdisjoint(pairs):
            continue
        if all(claims[path].free(claim) for path, claim in wanted):
            related |= pairs
            written |= texts
            done.add((finding.path, fix.edits))
            made.append(finding)
            for path, claim in wanted:
                claims[path].add(claim)
            for edit in fix.edits:
                accepted[edit.path or finding.path].append(edit)
    after: dict[str, str] = {}
    for path, edits in accepted.items():
        lowered = lower(edits, parsed[path])
        text = parsed[path].source.text
        fixed = apply_edits(text, lowered) if lowered is not None else text
        if fixed != text:
            after[path] = fixed
    return Outcome(after, tuple(made))


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
    """A part of a text that a fix changes, or that must stay as it is for the fix to be right.

    Attributes:
        span: the part; empty where something is put in.
        created: the route of the key or list that an edit of data is about; None for an edit of text.
        item: whether an item is added.
        leans: whether the part is only looked at: what is added is indented and quoted like its neighbours.
    """

    span: Span
    created: Route | None = None
    item: bool = False
    leans: bool = False

    def goes_with(self, other: _Claim) -> bool:
        """Return whether two edits at one place can both be made: items of one list, or different things put in."""
        mine, theirs = self.created, other.created
        if mine is None or theirs is None:
            return False
        if self.leans or other.leans or (self.item and other.item and mine == theirs):
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
        neighbours = _neighbours(pattern, edit.route)
        if neighbours:
            claims.append((path, _Claim(neighbours, edit.route, leans=True)))
    return None if _overlap(edit for edit in fix.edits if isinstance(edit, Replace)) else claims


def _neighbours(pattern: Pattern, route: Route) -> Span:
    """Return what an item or a key that is added at `route` takes its indentation and its quotes from."""
    depth = next(depth for depth in range(len(route), -1, -1) if pattern.get(*route[:depth]) is not None)
    node = pattern.front.root.get(*route[:depth])
    text = pattern.source.text
    if node is None or not node.children or node.style:
        first = node
    elif isinstance(node.children, tuple):
        return Span(node.key_end if node.key_start >= 0 else node.start, node.end)
    else:
        first = min(node.children.values(), key=lambda child: child.key_start)
    start = first.key_start if first is not None and first.key_start >= 0 else 0
    return Span(text.rfind("\n", 0, start) + 1, start)


def _overlap(edits: Iterable[Replace]) -> bool:
    """Return whether the edits of one fix are in each other's way: then the rule that made it is wrong."""
    ends: dict[str, int] = {}
    for edit in sorted(edits, key=lambda edit: (edit.path, edit.span)):
        if edit.span.start < ends.get(edit.path, 0):
            return True
        ends[edit.path] = edit.span.end
    return False


class _Claims:
    """The parts of one text that accepted fixes change."""

    def __init__(self) -> None:
        self._solid: list[Span] = []
        self._owners: dict[Span, _Claim] = {}
        self._points: list[int] = []
        self._put_in: defaultdict[int, list[_Claim]] = defaultdict(list)
        self._leans: set[Span] = set()

    def free(self, claim: _Claim) -> bool:
        """Return whether `claim` is in the way of none that was added; one that touches another is."""
        start, end = claim.span.start, claim.span.end
        at = bisect_left(self._solid, claim.span)
        for span in self._solid[max(at - 1, 0) : at + 2]:
            if span.start <= end and start <= span.end and not claim.goes_with(self._owners[span]):
                return False
        near = self._points[bisect_left(self._points, start) : bisect_right(self._points, end)]
        if not all(claim.goes_with(other) for point in near for other in self._put_in[point]):
            return False
        return claim.created is not None or not any(span.start <= end and start <= span.end for span in self._leans)

    def add(self, claim: _Claim) -> None:
        """Add a claim that is free."""
        if claim.leans:
            self._leans.add(claim.span)
        elif claim.span:
            if claim.span not in self._owners:
                insort(self._solid, claim.span)
                self._owners[claim.span] = claim
        else:
            if claim.span.start not in self._put_in:
                insort(self._points, claim.span.start)
            if claim not in self._put_in[claim.span.start]:
                self._put_in[claim.span.start].append(claim)
