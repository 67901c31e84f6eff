"""Findings of a library, packed: what comes out is what went in, by file and sorted."""

from __future__ import annotations

import random

import pytest

from patternlint.diagnostics.diagnostic import Diagnostic, sort_key
from patternlint.diagnostics.severity import Severity
from patternlint.run.library_diagnostics import FILES_PER_BATCH, LibraryDiagnostics
from patternlint.source import Span


@pytest.mark.parametrize("count", [0, 1, FILES_PER_BATCH, 3 * FILES_PER_BATCH + 5])
def test_what_goes_in_comes_out(count: int) -> None:
    chance = random.Random(count)  # noqa: S311 - the same findings every time
    paths = sorted(f"{chance.randrange(10**9)}ü.md" for _ in range(count))
    findings = [
        Diagnostic(
            chance.choice([*paths[:9], *paths, ""]), "cycle", Severity.INFO, "ö", Span(at := chance.randrange(99), at)
        )
        for _ in range(count * 3)
    ]
    collection = LibraryDiagnostics.empty_for(tuple(paths))
    collection.for_path("")
    for start in range(0, len(findings), 100):
        collection.add(collection.encode(findings[start : start + 100]))
        assert list(collection.for_path("")) == sorted(
            (one for one in findings[: start + 100] if not one.path), key=sort_key
        )
    for some in (collection, LibraryDiagnostics.from_bytes(collection.to_bytes())):
        for path in ("", "no.md", *paths, *paths[:: max(1, count // 7)]):
            assert list(some.for_path(path)) == sorted((one for one in findings if one.path == path), key=sort_key)
