"""Results of linting one file."""

from __future__ import annotations

from msgspec import Struct

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.library.entry import Entry
from patternlint.linter.suppressions import SuppressionUse
from patternlint.parser.parser import FileKind, Suppression
from patternlint.source import Region


class LocalDiagnostics(Struct, frozen=True, omit_defaults=True):
    """What a file's own text shows.

    Attributes:
        findings: sorted, without those that a suppression silences.
        silenced: how many were silenced.
        suppressions: its suppressions.
        regions: the places of the names in each suppression.
        used: the names in them that silenced something.
    """

    findings: tuple[Diagnostic, ...] = ()
    silenced: int = 0
    suppressions: tuple[Suppression, ...] = ()
    regions: tuple[tuple[Region, ...], ...] = ()
    used: frozenset[SuppressionUse] = frozenset()


NO_DIAGNOSTICS = LocalDiagnostics()


class FileAnalysis(Struct, frozen=True):
    """What one file taught: what it is, what the library may know about it, and what its text shows.

    It is complete unless the file could not be checked or a rule failed: the next run may find more.
    """

    path: str
    kind: FileKind
    entry: Entry | None = None
    own: LocalDiagnostics = NO_DIAGNOSTICS
    is_complete: bool = True
