"""Applies fixes: edits on the text, never load-and-dump.

A fix is made whole or not at all, also when it touches several files. Of two fixes that are in each other's way the one
whose finding comes first is made; the other has its turn in the next pass.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from patternlint.diagnostic import AddItem, AddKey, Diagnostic, Edit, Fix, Replace, Route, sort_key
from patternlint.guard import guard
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


class Round(Struct, frozen=True):
    """What the files are and what was found in them, at one time.

    Attributes:
        parsed: the files, by path; only those with fixes are looked at, so it may parse when it is asked.
        findings: all findings, those without a fix too.
    """

    parsed: Mapping[str, Parsed]
    findings: Sequence[Diagnostic]


Relint = Callable[[Mapping[str, bytes]], Round]
"""Takes the new bytes of the files that changed since the last round, and returns the round that follows."""


class Refusal(Struct, frozen=True):
    """A file that stays as it was, and why."""

    path: str
    reason: str


class Settled(Struct, frozen=True):
    """What is left when no fix changes anything any more.

    Attributes:
        data: the new bytes of every file that is to be written, by path.
        made: the findings whose fixes were made, in the order in which they were.
        together: files that must be written all or none, since one fix touches them all.
        refused: the files that stay as they were though there are fixes for them.
        last: the last round: what there is to find once `data` is written.
    """

    data: Mapping[str, bytes]
    made: tuple[Diagnostic, ...]
    together: tuple[frozenset[str], ...]
    refused: tuple[Refusal, ...]
    last: Round


MAX_PASSES = 10


def settle(start: Round, relint: Relint, wanted: Callable[[Diagnostic], bool]) -> Settled:
    """Make fixes, look again, and go on until nothing changes; then keep what is sure to be right.

    A file that the guard refuses stays as it was, and so do those that were fixed together with it.

    Args:
        start: the files as they are, and what was found in them.
        relint: looks again at files that changed.
        wanted: whether the fix of a finding is wanted.
    """
    now = start
    changed: set[str] = set()
    restless: frozenset[str] = frozenset()
    made: list[Diagnostic] = []
    for count in range(MAX_PASSES + 1):
        outcome = apply_fixes(now.parsed, (one for one in now.findings if one.fix is not None and wanted(one)))
        if not outcome.texts:
            break
        if count == MAX_PASSES:
            restless = frozenset(outcome.texts)
            break
        made += outcome.made
        changed |= outcome.texts.keys()
        now = relint({path: text.encode() for path, text in outcome.texts.items()})
    groups = _together(made)
    refused = _refused(start, now, made, changed, restless)
    dropped = _spread(frozenset(refused), groups)
    if dropped:
        now = relint({path: start.parsed[path].source.data for path in sorted(dropped & changed)})
    data = {
        path: now.parsed[path].source.data
        for path in sorted(changed - dropped)
        if now.parsed[path].source.data != start.parsed[path].source.data
    }
    return Settled(
        data,
        tuple(finding for finding in made if dropped.isdisjoint(_touched(finding))),
        tuple(group for group in groups if dropped.isdisjoint(group)),
        tuple(Refusal(path, refused.get(path, _COMPANY)) for path in sorted(dropped)),
        now,
    )


_COMPANY = "a fix also touches a file that must not be written"
_RESTLESS = f"after {MAX_PASSES} passes the fixes still change it"


def _refused(
    start: Round, now: Round, made: Iterable[Diagnostic], changed: Iterable[str], restless: frozenset[str]
) -> dict[str, str]:
    """Return the changed files that must not be written, each with the reason."""
    declared: defaultdict[str, set[Route]] = defaultdict(set)
    brought: set[str] = set()
    for finding in made:
        if finding.fix is not None:
            brought.update(finding.fix.brings)
            for change in finding.fix.changes:
                declared[change.path or finding.path].add(change.route)
    wanted = frozenset(changed)
    before, after = _counts(start.findings, wanted), _counts(now.findings, wanted)
    refused: dict[str, str] = {}
    for path in sorted(wanted):
        found = before[path], {rule: count for rule, count in after[path].items() if rule not in brought}
        reason = _RESTLESS if path in restless else guard(start.parsed[path], now.parsed[path], declared[path], found)
        if reason is not None:
            refused[path] = reason
    return refused


def _counts(findings: Iterable[Diagnostic], paths: frozenset[str]) -> defaultdict[str, Counter[str]]:
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for finding in findings:
        if finding.path in paths:
            counts[finding.path][finding.rule] += 1
    return counts


def _touched(finding: Diagnostic) -> frozenset[str]:
    fix = finding.fix
    return frozenset(edit.path or finding.path for edit in fix.edits) if fix is not None else frozenset()


def _together(made: Iterable[Diagnostic]) -> tuple[frozenset[str], ...]:
    """Return the sets of files that fixes with several files tie together."""
    groups: list[frozenset[str]] = []
    for finding in made:
        touched = _touched(finding)
        if len(touched) > 1:
            apart = [group for group in groups if group.isdisjoint(touched)]
            groups = [*apart, touched.union(*(group for group in groups if not group.isdisjoint(touched)))]
    return tuple(sorted(groups, key=sorted))


def _spread(paths: frozenset[str], groups: Iterable[frozenset[str]]) -> frozenset[str]:
    """Return `paths` and all files that are tied to one of them."""
    return paths.union(*(group for group in groups if not group.isdisjoint(paths)))


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
