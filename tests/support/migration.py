"""Migrate texts in tests, without a library on disk."""

from __future__ import annotations

from functools import partial

from patternlint.document.pattern import Pattern
from patternlint.migrate.front import LibraryView
from patternlint.migrate.proof import missing_proof
from patternlint.migrate.step import RefusedError, apply_table
from patternlint.migrate.table import load_tables
from patternlint.parser.parser import ParsedFile, parse
from patternlint.source import Source
from patternlint.spec.loader import load_specs

SPECS = load_specs()
TABLES = load_tables(SPECS)


def read(version: str, source: Source) -> ParsedFile:
    return parse(source, SPECS, spec=SPECS.by_version[version], named=True)


def _pattern_in(version: str, source: Source) -> Pattern | None:
    return read(version, source).pattern


def version_of(data: bytes) -> str:
    pattern = parse(Source("garden.md", data), SPECS).pattern
    return TABLES.version_of(pattern) if pattern is not None else ""


def migrated(data: bytes, old: str, new: str, view: LibraryView) -> tuple[bytes, str] | None:
    """Return the migrated bytes, and why the file was refused; the old bytes then, and None for no pattern."""
    now = parse(Source("garden.md", data), SPECS)
    if now.pattern is None:
        return None
    for table in TABLES.path(old, new) or ():
        version = table.to if table.to in SPECS.by_version else "1.3"
        if now.pattern is None:
            return data, "no pattern"
        try:
            done = apply_table(
                now.pattern, table, SPECS.by_version[version], view, partial(_pattern_in, version), given={}
            )
        except RefusedError as error:
            return data, str(error)
        after = read(version, Source("garden.md", done.text.encode()))
        reason = missing_proof(now, after, done, table)
        if reason is not None:
            return data, reason
        now = after
    return now.source.data, ""
