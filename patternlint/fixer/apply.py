"""Apply fixes as edits of the text.

A fix is applied as a whole or not at all, even in several files. If two fixes conflict, the one of the first diagnostic
is applied; the other can be applied in the next pass.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

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
    """The result of applying fixes.

    Attributes:
        texts: the new text of every changed file, by path.
        applied: the diagnostics whose fixes were applied.
    """

    texts: Mapping[str, str]
    applied: tuple[Diagnostic, ...]


def fix_files(parsed: Mapping[str, ParsedFile], diagnostics: Iterable[Diagnostic]) -> dict[str, bytes]:
    """Return the bytes of every file in `parsed` with the compatible fixes of `diagnostics` applied."""
    texts = apply_fixes(parsed, diagnostics).texts
    return {path: texts[path].encode() if path in texts else one.source.data for path, one in parsed.items()}


def apply_fixes(parsed: Mapping[str, ParsedFile], diagnostics: Iterable[Diagnostic]) -> AppliedFixes:
    """Apply the fixes of `diagnostics` that are compatible.

    Two fixes that link the same two patterns, by a new item or a new target, are not: the first makes the second needless
    or contradictory. A fix that several diagnostics share is applied once, for all of them.

    Args:
        parsed: the files that the diagnostics are about. A fix of a file that is missing here is not applied.
        diagnostics: in any order.
    """
    footprints_in: defaultdict[str, FootprintIndex] = defaultdict(FootprintIndex)
    accepted: defaultdict[str, list[Edit]] = defaultdict(list)
    related: set[tuple[str, str]] = set()
    written: set[tuple[str, str]] = set()
    done: set[tuple[str, tuple[Edit, ...]]] = set()
    applied: list[Diagnostic] = []
    for diagnostic in sorted(diagnostics, key=sort_key):
        fix = diagnostic.fix
        if fix is None:
            continue
        if (diagnostic.path, fix.edits) in done:
            applied.append(diagnostic)
            continue
        pairs = {(edit.path or diagnostic.path, edit.target) for edit in fix.edits if isinstance(edit, InsertItem)}
        texts = {(edit.path or diagnostic.path, edit.text) for edit in fix.edits if isinstance(edit, Replacement)}
        footprints = footprints_of(fix, diagnostic.path, parsed)
        if footprints is None or not related.isdisjoint(pairs | texts) or not written.isdisjoint(pairs):
            continue
        if all(footprints_in[path].is_free(footprint) for path, footprint in footprints):
            related |= pairs
            written |= texts
            done.add((diagnostic.path, fix.edits))
            applied.append(diagnostic)
            for path, footprint in footprints:
                footprints_in[path].add(footprint)
            for edit in fix.edits:
                accepted[edit.path or diagnostic.path].append(edit)
    after: dict[str, str] = {}
    for path, edits in accepted.items():
        lowered = lower(edits, parsed[path])
        text = parsed[path].source.text
        fixed = apply_edits(text, lowered) if lowered is not None else text
        if fixed != text:
            after[path] = fixed
    return AppliedFixes(after, tuple(applied))


def lower(edits: Iterable[Edit], parsed: ParsedFile) -> tuple[Replacement, ...] | None:
    """Return edits of one file's data as edits of its text; None if one of them cannot be made.

    Edits of text keep the line ending of the file. Items of the same list are inserted together.
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
    pattern = parsed.pattern
    if pattern is None:
        return None if keys or items else tuple(replaced)
    found: list[Insertion] = []
    for insertions in (
        *(key_insertions(pattern, one_line_key(key.route, key.value)) for key in keys),
        *(item_insertions(pattern, route, inserted) for route, inserted in items.items()),
    ):
        if insertions is None:
            return None
        found += insertions
    return (*replaced, *merge_insertions(found))


def _with_line_endings(edit: Replacement, text: str) -> Replacement:
    """Return an edit that inserts lines with the line endings of the file.

    An edit that replaces lines is not changed: it may be about the line endings.
    """
    if "\n" not in edit.text or "\r" in edit.text or "\n" in text[edit.span.start : edit.span.end]:
        return edit
    first = text.find("\n")
    if first < 1 or text[first - 1] != "\r":
        return edit
    return Replacement(edit.span, edit.text.replace("\n", "\r\n"), edit.path)
