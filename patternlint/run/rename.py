"""Plan to rename a pattern of a run: the new bytes of every file, and where the old slug is left."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.diagnostics.fix import DeclaredChange, Replacement
from patternlint.diagnostics.route import BODY_ROUTE
from patternlint.edits.apply import apply_edits
from patternlint.fixer.references import RenameError, entry_with_slug
from patternlint.fixer.rename import (
    Renaming,
    addresses,
    files_mentioning,
    front_matter_edits,
    occurrences,
    renaming_for,
    require_unused,
    routes_of,
    text_edits,
)
from patternlint.fixer.verify import rejection_reason
from patternlint.library.entry import Entry
from patternlint.library.library import Library
from patternlint.parser.parser import FileKind, ParsedFile
from patternlint.project.files import FileRef
from patternlint.run.run import Run
from patternlint.source import Source, Span


class RenamePlan(Struct, frozen=True):
    """The result of renaming a pattern.

    Attributes:
        before: the bytes of every file that changes, by path.
        after: its new bytes.
        references: how many places are changed, its own slug and addresses apart.
        remaining: the lines in which the old name is left, by path, numbered as after the change.
        merged: how many items are deleted, because others in their lists lead to the same pattern.
    """

    before: Mapping[str, bytes]
    after: Mapping[str, bytes]
    references: int
    remaining: Mapping[str, tuple[int, ...]]
    merged: int = 0


class FileEdits(Struct, frozen=True):
    """The edits of one file; `text` are those below its front matter."""

    parsed: ParsedFile
    front: tuple[Replacement, ...]
    text: tuple[Replacement, ...]

    @property
    def all(self) -> tuple[Replacement, ...]:
        """All edits."""
        return (*self.front, *self.text)


def renaming_of(run: Run, entry: Entry, new: str) -> Renaming:
    """Return the renaming of a pattern.

    Raises:
        RenameError: when it cannot have this name.
    """
    ref = run.ref(entry.path)
    pattern = _parsed(run, ref).pattern
    if pattern is None:
        raise cannot_change(entry.path, entry.slug)
    return renaming_for(pattern, Path(ref.absolute), new, run.request.scope.roots)


def plan_rename(run: Run, entry: Entry, renaming: Renaming, *, keep_alias: bool = False) -> RenamePlan:
    """Return what the files of a run become when a pattern gets another name. Nothing is written.

    Raises:
        RenameError: when a file names the pattern and cannot be changed.
    """
    named = files_mentioning(run.library, renaming.old)
    before: dict[str, bytes] = {}
    after: dict[str, bytes] = {}
    elsewhere: dict[str, tuple[int, ...]] = {}
    references = 0
    for ref in run.files.all:
        source = run.source(ref.path)
        text = source.text if source is not None else ""
        if source is not None and renaming.old in text:
            edits = edits_of(
                run.project.parse(source, named=ref.declared_pattern), ref, named, renaming, keep_alias=keep_alias
            )
            if edits.all:
                text = apply_edits(text, edits.all)
                _verify(run, ref, edits, text, renaming)
                before[ref.path], after[ref.path] = source.data, text.encode()
                references += len(edits.all) - (len(edits.front) if ref.path == entry.path else 0)
            left = tuple(occurrences(text, renaming.word))
            if left:
                elsewhere[ref.path] = left
        elif ref.path in named and ref.path != entry.path:
            raise cannot_change(ref.path, renaming.old)
        if ref.path == entry.path and source is not None and renaming.moves:
            before.setdefault(ref.path, source.data)
            after.setdefault(ref.path, source.data)
    return RenamePlan(before, after, references, elsewhere)


def edits_of(
    parsed: ParsedFile, ref: FileRef, named: frozenset[str], renaming: Renaming, *, keep_alias: bool = False
) -> FileEdits:
    """Return the edits that rename a pattern in one file.

    Args:
        parsed: the file.
        ref: the same as a file of the run.
        named: the paths of the files whose front matter names the pattern.
        renaming: the old slug and the new one.
        keep_alias: whether the pattern itself keeps the old slug as an alias.

    Raises:
        RenameError: when the file names the pattern and cannot be changed.
    """
    pattern, source = parsed.pattern, parsed.source
    can_change = (
        ref.internal and source.decode_error is None and (pattern is not None or parsed.kind is FileKind.NOT_A_PATTERN)
    )
    if not can_change:
        if ref.path in named:
            raise cannot_change(ref.path, renaming.old)
        return FileEdits(parsed, (), ())
    folder = Path(ref.absolute).parent
    front = (
        front_matter_edits(pattern, renaming, folder, keep_alias=keep_alias) if pattern and ref.path in named else []
    )
    return FileEdits(parsed, tuple(front), tuple(text_edits(source, text_span(parsed), folder, renaming)))


class RenameWorkspace(Struct, frozen=True):
    """The files in which a fix may rename a pattern.

    Attributes:
        library: all patterns.
        refs: all files, by path.
        read: returns the text of a file, or None when it cannot be read or is not what was linted.
        parse: parses a file.
        roots: the folders of the library.
    """

    library: Library
    refs: Mapping[str, FileRef]
    read: Callable[[str], Source | None]
    parse: Callable[[Source, FileRef], ParsedFile]
    roots: tuple[Path, ...] = ()


def with_references(finding: Diagnostic, space: RenameWorkspace) -> Diagnostic:
    """Return a finding whose fix gives its pattern another slug, with the edits of all references to the old one.

    Where another file has the old slug as its name and as its slug, the references belong to that one and stay.

    Raises:
        RenameError: when the new slug is taken, or a reference cannot be changed.
    """
    fix = finding.fix
    entry = space.library.entry(finding.path)
    if fix is None or not fix.new_slug or entry is None:
        return finding
    old, ref = entry.slug, space.refs[entry.path]
    require_unused(space.library, entry, fix.new_slug)
    others = [other for other in space.library.by_slug[old] if other.path != entry.path]
    if any(Path(space.refs[other.path].absolute).stem == old for other in others):
        return finding
    entry_with_slug(space.library, old)
    file, new = Path(ref.absolute), fix.new_slug
    renaming = Renaming(old, new, file, file, {old: new}, space.roots)
    named = files_mentioning(space.library, old)
    edits: list[Replacement] = []
    changes: list[DeclaredChange] = []
    for path in sorted(space.refs):
        source = space.read(path)
        if source is None or old not in source.text:
            if path in named:
                raise cannot_change(path, old)
            continue
        parsed = space.parse(source, space.refs[path])
        if path == entry.path and parsed.pattern is not None:
            known = addresses(parsed.pattern, old, fix.new_slug, moves=False)
            renaming = replace(renaming, addresses=known)
        found = edits_of(parsed, space.refs[path], named, renaming)
        if found.all and not space.refs[path].is_target:
            message = f"{path} links to `{old}` and is not among the files to fix"
            raise RenameError(message)
        edits += (replace(edit, path=path) for edit in found.all)
        routes = routes_of(parsed.pattern, old) if found.front and parsed.pattern is not None else ()
        changes += (DeclaredChange(route, path) for route in (*routes, *((BODY_ROUTE,) if found.text else ())))
    return replace(finding, fix=replace(fix, edits=tuple(edits), declared_changes=tuple(changes)))


def text_span(parsed: ParsedFile) -> Span:
    """Return the text of a file, below front matter, where there is some."""
    text = parsed.source.text
    if parsed.pattern is not None:
        return parsed.pattern.body.span
    end = text.find("\n---", 3) if text.startswith("---") else -1
    return Span(end + 4 if end >= 0 else 0, len(text))


def cannot_change(path: str, old: str) -> RenameError:
    """Return the error for a file that names a pattern and cannot be changed."""
    return RenameError(f"{path} names `{old}` and cannot be changed; correct it first, or exclude it from the library")


def _verify(run: Run, ref: FileRef, edits: FileEdits, text: str, renaming: Renaming) -> None:
    pattern = edits.parsed.pattern
    if pattern is None:
        return
    again = run.project.parse(Source(ref.path, text.encode()), named=ref.declared_pattern)
    old, new = renaming.old, renaming.new
    routes = (*routes_of(pattern, old), *((BODY_ROUTE,) if edits.text else ()))
    reason = rejection_reason(edits.parsed, again, routes)
    if reason is not None:
        message = f"{ref.path} cannot be changed: {reason}"
        raise RenameError(message)
    expected = [new if link.target == old else link.target for link in pattern.links]
    if again.pattern is not None and [link.target for link in again.pattern.links] != expected:
        message = f"{ref.path} cannot be changed: `{new}` does not have the form of names in its links"
        raise RenameError(message)


def _parsed(run: Run, ref: FileRef) -> ParsedFile:
    source = run.source(ref.path)
    if source is None:
        raise cannot_change(ref.path, ref.path)
    return run.project.parse(source, named=ref.declared_pattern)


def format_locations(elsewhere: Mapping[str, tuple[int, ...]]) -> Iterator[str]:
    """Yield the places that a plan leaves, as `path:line`."""
    return (f"{path}:{line}" for path in sorted(elsewhere) for line in elsewhere[path])
