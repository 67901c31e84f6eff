"""Applies fixes: edits on the text, never load-and-dump.

A fix is made whole or not at all, also when it touches several files. Of two fixes that are in each other's way the one
whose finding comes first is made; the other has its turn in the next pass.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from patternlint.diagnostics.diagnostic import Diagnostic, sort_key
from patternlint.diagnostics.fix import Edit, InsertItem, InsertKey, Replacement
from patternlint.diagnostics.route import Route
from patternlint.edits.apply import apply_edits
from patternlint.edits.insert_item import item_insertions
from patternlint.edits.insert_key import key_insertions, one_line_key
from patternlint.edits.insertion import Insertion, merge_insertions
from patternlint.fixer.conflicts import FootprintIndex, footprints_of
from patternlint.parser.parser import ParsedFile


class AppliedFixes(Struct, frozen=True):
    """What fixes come to.

    Attributes:
        texts: the new text of every file that changes, by path.
        applied: the findings whose fixes were made.
    """

    texts: Mapping[str, str]
    applied: tuple[Diagnostic, ...]


def fix_files(parsed: Mapping[str, ParsedFile], findings: Iterable[Diagnostic]) -> dict[str, bytes]:
    """Return the bytes of every file in `parsed` with the fixes of `findings` made, as far as they go together."""
    texts = apply_fixes(parsed, findings).texts
    return {path: texts[path].encode() if path in texts else one.source.data for path, one in parsed.items()}


def apply_fixes(parsed: Mapping[str, ParsedFile], findings: Iterable[Diagnostic]) -> AppliedFixes:
    """Make the fixes of `findings`, as far as they go together.

    Two that relate one pattern to the same other one do not, be it by a new item or by a new target: after the first of
    them the second is answered, or would contradict it. Two findings may have one and the same fix: it is made for both.

    Args:
        parsed: the files, as the findings saw them. A fix that touches a file that is not here is not made.
        findings: in any order.
    """
    claims: defaultdict[str, FootprintIndex] = defaultdict(FootprintIndex)
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
        pairs = {(edit.path or finding.path, edit.target) for edit in fix.edits if isinstance(edit, InsertItem)}
        texts = {(edit.path or finding.path, edit.text) for edit in fix.edits if isinstance(edit, Replacement)}
        wanted = footprints_of(fix, finding.path, parsed)
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
    return AppliedFixes(after, tuple(made))


def lower(edits: Iterable[Edit], parsed: ParsedFile) -> tuple[Replacement, ...] | None:
    """Return edits of one file's data as edits of its text; None where one of them cannot be made.

    Edits of text keep the line ending of the file. Items that come into one list are placed together.
    """
    replaced: list[Replacement] = []
    keys: list[InsertKey] = []
    items: defaultdict[Route, list[InsertItem]] = defaultdict(list)
    for edit in edits:
        if isinstance(edit, Replacement):
            replaced.append(_with_line_endings(edit, parsed.source.text))
        elif isinstance(edit, InsertKey):
            keys.append(edit)
        else:
            items[edit.route].append(edit)
    found: list[Insertion] = []
    for insertions in _insertions(keys, items, parsed):
        if insertions is None:
            return None
        found += insertions
    return (*replaced, *merge_insertions(found))


def _insertions(
    keys: Iterable[InsertKey], items: Mapping[Route, Sequence[InsertItem]], parsed: ParsedFile
) -> Iterator[list[Insertion] | None]:
    pattern = parsed.pattern
    for key in keys:
        yield key_insertions(pattern, one_line_key(key.route, key.value)) if pattern is not None else None
    for route, wanted in items.items():
        yield item_insertions(pattern, route, wanted) if pattern is not None else None


def _with_line_endings(edit: Replacement, text: str) -> Replacement:
    """Return an edit that puts lines into a file whose lines end in CR LF with such endings.

    One that replaces lines is left alone: it may be about the endings themselves.
    """
    if "\n" not in edit.text or "\r" in edit.text or "\n" in text[edit.span.start : edit.span.end]:
        return edit
    first = text.find("\n")
    if first < 1 or text[first - 1] != "\r":
        return edit
    return Replacement(edit.span, edit.text.replace("\n", "\r\n"), edit.path)
