"""Applies fixes: edits on the text, never load-and-dump."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from patternlint.diagnostic import AddItem, Diagnostic, Edit, Replace, sort_key
from patternlint.parse import Parsed


def apply_edits(text: str, edits: Iterable[Replace]) -> str:
    """Return `text` with all `edits` made; they must not overlap."""
    for edit in sorted(edits, key=lambda edit: edit.span, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


def fix_files(parsed: Mapping[str, Parsed], findings: Iterable[Diagnostic]) -> dict[str, bytes]:
    """Return the bytes of every file with the fixes of `findings` made, as far as they do not overlap.

    Of two fixes that overlap the one whose finding comes first in the order of findings is made. Two that relate one
    pattern to the same other one overlap too: after the first of them the second is answered.
    """
    edits: defaultdict[str, list[Replace]] = defaultdict(list)
    related: set[tuple[str, str]] = set()
    for finding in sorted(findings, key=sort_key):
        if finding.fix is not None:
            pairs = {(edit.path or finding.path, edit.target) for edit in finding.fix.edits if isinstance(edit, AddItem)}
            if not related.isdisjoint(pairs):
                continue
            mine = [(edit.path or finding.path, lower(edit, parsed[edit.path or finding.path])) for edit in finding.fix.edits]
            if not any(_overlaps(edit, edits[path]) for path, edit in mine):
                related |= pairs
                for path, edit in mine:
                    edits[path].append(edit)
    return {path: apply_edits(one.source.text, edits[path]).encode() for path, one in parsed.items()}


def _overlaps(edit: Replace, others: Iterable[Replace]) -> bool:
    return any(
        edit.span == other.span or (edit.span.start < other.span.end and other.span.start < edit.span.end)
        for other in others
    )


def lower(edit: Edit, parsed: Parsed) -> Replace:
    """Return an edit of data as an edit of the text of the file that it is about."""
    if isinstance(edit, Replace):
        return edit
    raise NotImplementedError
