"""Plan the migration of the targets of a run: the new bytes of every file, and what is left for people."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial

from msgspec import Struct

from patternlint.diagnostics.route import format_route
from patternlint.document.pattern import Pattern
from patternlint.migrate.front import LibraryView
from patternlint.migrate.items import normalized
from patternlint.migrate.proof import missing_proof, wrong_items
from patternlint.migrate.step import RefusedError, apply_table
from patternlint.migrate.table import ItemForm, Table, Tables
from patternlint.parser.parser import FileKind, ParsedFile, parse
from patternlint.project.files import FileRef
from patternlint.run.run import Run
from patternlint.source import Source
from patternlint.spec.model import Spec

_FORM_RULES = frozenset(("item-shape", "schema", "ALL", "bad-node-id"))


class FileMigration(Struct, frozen=True):
    """The migration of one file.

    Attributes:
        path: the file.
        old: the version that it has.
        new: the version that it gets.
        prompts: the keys and sections that a person must write.
        drafts: the keys whose value is a part of the text, which a person should revise.
        kept: the keys without a place in the new version, which are below the key for them.
    """

    path: str
    old: str
    new: str
    prompts: tuple[str, ...] = ()
    drafts: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


class MigrationPlan(Struct, frozen=True):
    """What a migration does. Nothing is written.

    Attributes:
        files: the files that change, in the order of their paths.
        before: the bytes of every file that changes, by path.
        after: its new bytes.
        refused: why a file cannot be migrated, as a clause, by path.
        unreachable: how many files have a version from which no table leads to the new one, by version.
        unchanged: how many files have the new version and do not change.
        atomic_groups: files that are written all or none, because links between them change.
    """

    files: tuple[FileMigration, ...]
    before: Mapping[str, bytes]
    after: Mapping[str, bytes]
    refused: Mapping[str, str]
    unreachable: Mapping[str, int]
    unchanged: int
    atomic_groups: tuple[frozenset[str], ...]


class Migration(Struct, frozen=True):
    """What a migration shall do.

    Attributes:
        tables: all tables.
        target: the new version.
        given: values in YAML by routes with dots, for keys that need a person.
        normalize: whether list items get the form of the new version.
    """

    tables: Tables
    target: str
    given: Mapping[str, str] = {}
    normalize: bool = False


class _File(Struct, frozen=True):
    """A file during its migration, and what the steps said about it."""

    parsed: ParsedFile
    result: FileMigration


def plan_migration(run: Run, migration: Migration) -> MigrationPlan:
    """Return what the targets of a run become."""
    view = LibraryView(lambda name: _target(run, name), run.library.is_referenced)
    done: dict[str, _File] = {}
    before: dict[str, bytes] = {}
    refused: dict[str, str] = {}
    unreachable: Counter[str] = Counter()
    linked: set[str] = set()
    unchanged = 0
    for ref in run.targets:
        parsed = _parsed(run, ref)
        if parsed is None or parsed.kind is FileKind.NOT_A_PATTERN:
            continue
        pattern = parsed.pattern
        if pattern is None or parsed.source.decode_error is not None:
            refused[ref.path] = "it is not UTF-8" if pattern is not None else _syntax_problem(parsed)
            continue
        version = migration.tables.version_of(pattern)
        chain = migration.tables.path(version, migration.target)
        if chain is None:
            unreachable[version] += 1
            continue
        try:
            file = _migrated(run, parsed, version, chain, migration, view)
        except RefusedError as error:
            refused[ref.path] = str(error)
            file = None
        if any(table.changes_links for table in chain):
            linked.add(ref.path)
        if file is not None and file.parsed.source.data != parsed.source.data:
            done[ref.path] = file
            before[ref.path] = parsed.source.data
        elif file is not None:
            unchanged += 1
    if not refused.keys().isdisjoint(linked):
        held = "links to it or from it change, and other files cannot be migrated"
        refused |= dict.fromkeys(sorted(linked & done.keys()), held)
        done = {path: file for path, file in done.items() if path not in linked}
    together = linked & done.keys()
    return MigrationPlan(
        tuple(file.result for file in done.values()),
        {path: before[path] for path in done},
        {path: file.parsed.source.data for path, file in done.items()},
        refused,
        unreachable,
        unchanged,
        (frozenset(together),) if together else (),
    )


def _syntax_problem(parsed: ParsedFile) -> str:
    problem = parsed.problem
    if problem is None:
        return "it has no front matter between two `---` lines"
    return f"its front matter does not parse: {problem.message}"


def _parsed(run: Run, ref: FileRef) -> ParsedFile | None:
    source = run.source(ref.path)
    return run.project.parse(source, named=ref.declared_pattern) if source is not None else None


def _target(run: Run, name: str) -> tuple[str, str] | None:
    """Return the id and the slug of the pattern that a name leads to, or None."""
    entry = run.library.resolve(name)
    return (entry.id, entry.slug) if entry is not None and entry.id and entry.slug else None


def _migrated(  # noqa: PLR0913, PLR0917 - all facts about the file
    run: Run, start: ParsedFile, version: str, chain: Sequence[Table], migration: Migration, view: LibraryView
) -> _File:
    """Return a file after all steps.

    Raises:
        RefusedError: if it cannot be migrated.
    """
    now = start
    prompts: list[str] = []
    drafts: list[str] = []
    kept: list[str] = []
    for table in chain:
        pattern = _pattern(now)
        spec = run.project.specs.by_version.get(table.to, pattern.spec)
        done = apply_table(pattern, table, spec, view, partial(_read_pattern, run, spec), given=migration.given)
        after = _read(run, Source(start.source.path, done.text.encode()), spec)
        reason = missing_proof(now, after, done, table)
        if reason is not None:
            raise RefusedError(reason)
        prompts += [format_route(piece.route) for piece in done.pieces if piece.is_prompt]
        drafts += [format_route(piece.route) for piece in done.pieces if piece.is_draft]
        kept += [format_route(piece.route) for piece in done.pieces if table.rest and piece.route[0] == table.rest]
        now = after
    if migration.normalize:
        now = _with_item_forms(run, now, migration.tables.into(migration.target), view)
    if any(table.body.sections or table.body.add for table in chain):
        prompts += _prompted_sections(_pattern(now))
    result = FileMigration(start.source.path, version, migration.target, tuple(prompts), tuple(drafts), tuple(kept))
    return _File(now, result)


def _pattern(parsed: ParsedFile) -> Pattern:
    if parsed.pattern is None:
        message = "its front matter would no longer parse"
        raise RefusedError(message)
    return parsed.pattern


def _read(run: Run, source: Source, spec: Spec) -> ParsedFile:
    return parse(source, run.project.specs, spec=spec, named=True)


def _read_pattern(run: Run, spec: Spec, source: Source) -> Pattern | None:
    return _read(run, source, spec).pattern


def _with_item_forms(run: Run, now: ParsedFile, tables: Sequence[Table], view: LibraryView) -> ParsedFile:
    forms: tuple[ItemForm, ...] = tuple(form for table in tables for form in table.items)
    silenced = [one.lines for one in now.suppressions if not _FORM_RULES.isdisjoint(one.rules)]
    pattern = _pattern(now)
    done = normalized(
        pattern, forms, view, lambda line: any(not first or first <= line <= last for first, last in silenced)
    )
    after = _read(run, Source(now.source.path, done.text.encode()), pattern.spec)
    reason = wrong_items(now, after, done)
    if reason is not None:
        raise RefusedError(reason)
    return after


def _prompted_sections(pattern: Pattern) -> list[str]:
    """Return the sections that have a prompt of their specification."""
    prompts = [re.findall(r"\[[^\[\]]+\]", section.prompt) for section in pattern.spec.body.sections]
    texts = ((section, pattern.source.slice(section.span)) for section in pattern.body.sections)
    return [section.name for section, text in texts if any(one in text for one in prompts[section.number - 1])]
