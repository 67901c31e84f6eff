"""Results of linting one file."""

from __future__ import annotations

from msgspec import Struct

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.library.card import Card
from patternlint.library.entry import Entry
from patternlint.linter.suppressions import SuppressionUse
from patternlint.parser.parser import FileKind, Suppression


class LocalDiagnostics(Struct, frozen=True, omit_defaults=True):
    """Diagnostics of one file, before library rules, and its suppressions.

    Attributes:
        findings: the diagnostics that are not suppressed, sorted.
        silenced: the number of suppressed diagnostics.
        suppressions: the suppressions of the file.
        used: the names in them that suppressed a diagnostic.
    """

    findings: tuple[Diagnostic, ...] = ()
    silenced: int = 0
    suppressions: tuple[Suppression, ...] = ()
    used: frozenset[SuppressionUse] = frozenset()


NO_DIAGNOSTICS = LocalDiagnostics()


class FileAnalysis(Struct, frozen=True):
    """The analysis of one file: its kind, its library entry, its diagnostics and its card.

    It is complete unless the file could not be linted or a rule failed; an incomplete one is not cached.
    """

    path: str
    kind: FileKind
    entry: Entry | None = None
    own: LocalDiagnostics = NO_DIAGNOSTICS
    is_complete: bool = True
    card: Card | None = None
