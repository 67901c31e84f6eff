"""Locations, edits and messages in the forms that services expect."""

from __future__ import annotations

import os
from collections.abc import Iterator
from urllib.parse import quote

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.diagnostics.fingerprint import is_absolute
from patternlint.diagnostics.fix import Fix, Replacement
from patternlint.report.escape import escape_line, shown_path
from patternlint.source import WHOLE_FILE, Region


def uri(path: str) -> str:
    """Return a path, relative or absolute, as a percent-encoded URI reference."""
    if is_absolute(path):
        return f"file://{'' if path.startswith('/') else '/'}{_quote(path)}"
    return _quote(path)


def _quote(path: str) -> str:
    # Undecodable bytes of a file name are lone surrogates here, and become bytes again in the URI.
    return quote(os.fsencode(path))


def replacements(finding: Diagnostic, fix: Fix) -> list[tuple[str, Replacement]] | None:
    """Return the edits of a fix with the file of each, or None when an edit inserts without a position."""
    edits: list[tuple[str, Replacement]] = []
    for edit in fix.edits:
        if not isinstance(edit, Replacement):
            return None
        edits.append((edit.path or finding.path, edit))
    return edits


def sentences(*texts: str) -> Iterator[str]:
    """Yield the nonempty texts as sentences, capitalized and with a full stop."""
    for text in filter(None, texts):
        end = "" if text.endswith((".", "!", "?", "…")) else "."
        yield f"{text[0].upper()}{text[1:]}{end}"


def plain_text_lines(finding: Diagnostic) -> Iterator[str]:
    """Yield the message, the help and the labels of a finding, escaped, one per line."""
    yield escape_line(finding.message)
    if finding.help:
        yield escape_line(finding.help)
    for one in finding.labels:
        yield f"{location(one.path or finding.path, one.region)}: {escape_line(one.message)}"


def location(path: str, region: Region) -> str:
    """Return a location as `path:line:column`, or the path alone for a whole file."""
    return f"{shown_path(path)}:{region.line}:{region.column}" if is_located(region) else shown_path(path)


def is_located(region: Region) -> bool:
    """Return whether a region is not that of a whole file."""
    return region != WHOLE_FILE
