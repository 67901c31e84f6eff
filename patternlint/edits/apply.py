"""Apply edits to a text."""

from __future__ import annotations

from collections.abc import Iterable

from patternlint.diagnostics.fix import Replacement


def apply_edits(text: str, edits: Iterable[Replacement]) -> str:
    """Return `text` with all `edits` made; they must not overlap."""
    parts: list[str] = []
    at = 0
    for edit in sorted(edits, key=lambda edit: edit.span):
        parts += text[at : edit.span.start], edit.text
        at = edit.span.end
    parts.append(text[at:])
    return "".join(parts)
