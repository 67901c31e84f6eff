"""Plan to rename a pattern of a run: the new bytes of every file, and where the old slug is left."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.diagnostics.fix import DeclaredChange, Replacement
from patternlint.diagnostics.route import BODY_ROUTE, Route
from patternlint.document.pattern import Pattern
from patternlint.edits.apply import apply_edits
from patternlint.fixer.plain_rename import body_of, is_plain, plain_edits
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
from patternlint.project.project import Project
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
    """The edits of one file.

    Attributes:
        ref: the file.
        source: its text.
        front: the edits of its front matter.
        text: those of the text below.
        parsed: the file; None if it need not be parsed, because the edits are harmless by their form.
    """

    ref: FileRef
    source: Source
    front: tuple[Replacement, ...]
    text: tuple[Replacement, ...]
    parsed: ParsedFile | None = None

    @property
    def all(self) -> tuple[Replacement, ...]:
        """All edits."""
        return (*self.front, *self.text)

    @property
    def text_after(self) -> str:
        """The text of the file after the edits."""
        return apply_edits(self.source.text, self.all)

    def routes(self, name: str) -> tuple[Route, ...]:
        """Return the routes of the values that the edits of the references to a name may change."""
        pattern = self.parsed.pattern if self.parsed is not None else None
        front = routes_of(pattern, name) if self.front and pattern is not None else ()
        return (*front, *((BODY_ROUTE,) if self.text else ()))


def renaming_of(space: RenameWorkspace, entry: Entry, new: str) -> Renaming:
    """Return the renaming of a pattern.

    Raises:
        RenameError: when it cannot have this name.
    """
    file = Path(space.refs[entry.path].absolute)
    return renaming_for(space.pattern(entry), file, new, space.roots)


def plan_rename(space: RenameWorkspace, entry: Entry, renaming: Renaming, *, keep_alias: bool = False) -> RenamePlan:
    """Return what files become when a pattern gets another name. Nothing is written.

    Raises:
        RenameError: when a file names the pattern and cannot be changed.
    """
    before: dict[str, bytes] = {}
    after: dict[str, bytes] = {}
    elsewhere: dict[str, tuple[int, ...]] = {}
    references = 0
    for edits in verified_edits(space, entry, renaming, keep_alias=keep_alias):
        path, source = edits.ref.path, edits.source
        text = edits.text_after
        if edits.all:
            before[path], after[path] = source.data, text.encode()
            references += len(edits.all) - (len(edits.front) if path == entry.path else 0)
        left = tuple(occurrences(text, renaming.word))
        if left:
            elsewhere[path] = left
    own = space.read(entry.path) if renaming.moves else None
    if own is not None and entry.path not in after:
        before[entry.path] = after[entry.path] = own.data
    return RenamePlan(before, after, references, elsewhere)


class RenameWorkspace(Struct, frozen=True):
    """The files in which a pattern is renamed.

    Attributes:
        library: all patterns.
        refs: all files, by path.
        read: returns the text of a file, or None when it cannot be read or is not what was linted.
        parse: parses a file.
        roots: the folders of the library.
        contains: returns whether the text of a file may contain a name, faster than `read`.
    """

    library: Library
    refs: Mapping[str, FileRef]
    read: Callable[[str], Source | None]
    parse: Callable[[Source, FileRef], ParsedFile]
    roots: tuple[Path, ...] = ()
    contains: Callable[[FileRef, str], bool] = lambda _, __: True

    def pattern(self, entry: Entry) -> Pattern:
        """Return the parsed pattern of an entry.

        Raises:
            RenameError: when its file cannot be read or parsed any more.
        """
        source = self.read(entry.path)
        pattern = self.parse(source, self.refs[entry.path]).pattern if source is not None else None
        if pattern is None:
            raise cannot_change(entry.path, entry.slug)
        return pattern


def workspace_of(run: Run, library: Library, read: Callable[[str], Source | None]) -> RenameWorkspace:
    """Return the files of a run; the library and the texts may differ from those of the run."""
    refs = {ref.path: ref for ref in run.files.all}
    return RenameWorkspace(library, refs, read, partial(parse_file, run.project), run.request.scope.roots, may_contain)


def may_contain(ref: FileRef, name: str) -> bool:
    """Return whether a file may contain a name: without decoding it, if it is on disk."""
    if ref.blob_id:
        return True
    try:
        with Path(ref.absolute).open("rb", buffering=0) as file:
            return name.encode() in file.read()
    except OSError:
        return True


def parse_file(project: Project, source: Source, ref: FileRef) -> ParsedFile:
    """Parse a text of a file."""
    return project.parse(source, named=ref.declared_pattern)


def verified_edits(
    space: RenameWorkspace, entry: Entry, renaming: Renaming, *, keep_alias: bool = False
) -> Iterator[FileEdits]:
    """Yield the edits that rename a pattern for each file whose text contains the old name, by path.

    Args:
        space: the files.
        entry: the pattern.
        renaming: the old name and the new one.
        keep_alias: whether the pattern keeps the old slug as an alias.

    Raises:
        RenameError: when a file names the pattern and cannot be changed.
    """
    for edits in _all_edits(space, entry, renaming, keep_alias=keep_alias, is_parsed=False):
        if edits.all and edits.parsed is not None:
            _verify(space, edits, edits.parsed, renaming)
        yield edits


def _all_edits(
    space: RenameWorkspace, entry: Entry, renaming: Renaming, *, keep_alias: bool = False, is_parsed: bool = True
) -> Iterator[FileEdits]:
    """Yield the edits of each file whose text contains the old name, by path.

    Args:
        space: the files.
        entry: the pattern.
        renaming: the old name and the new one.
        keep_alias: whether the pattern keeps the old slug as an alias.
        is_parsed: whether to parse files whose edits can be found from their entries.

    Raises:
        RenameError: when a file names the pattern and cannot be changed.
    """
    named = files_mentioning(space.library, renaming.old)
    for path, ref in sorted(space.refs.items()):
        source = space.read(path) if path in named or space.contains(ref, renaming.old) else None
        if source is not None and renaming.old in source.text:
            plain = _plain_edits_of(space, source, ref, named, renaming) if not is_parsed else None
            yield plain or _edits_of(space.parse(source, ref), ref, named, renaming, keep_alias=keep_alias)
        elif path in named and (source is None or path != entry.path):
            raise cannot_change(path, renaming.old)


def _plain_edits_of(
    space: RenameWorkspace, source: Source, ref: FileRef, named: frozenset[str], renaming: Renaming
) -> FileEdits | None:
    """Return the edits of a file from its entry, or None if it must be parsed (see `fixer.plain_rename`)."""
    entry = space.library.entry(ref.path)
    body = body_of(source)
    if entry is None or body is None or not is_plain(source, entry, space.library.spec_of(entry), renaming):
        return None
    front = plain_edits(source, entry, renaming) if ref.path in named else []
    if front is None:
        return None
    text = text_edits(source, body, Path(ref.absolute).parent, renaming)
    return FileEdits(ref, source, tuple(front), tuple(text))


def _edits_of(
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
        return FileEdits(ref, source, (), (), parsed)
    folder = Path(ref.absolute).parent
    front = (
        front_matter_edits(pattern, renaming, folder, keep_alias=keep_alias) if pattern and ref.path in named else []
    )
    text = text_edits(source, text_span(parsed), folder, renaming)
    return FileEdits(ref, source, tuple(front), tuple(text), parsed)


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
    known = addresses(space.pattern(entry), old, new, moves=False)
    renaming = Renaming(old, new, file, file, {old: new}, space.roots, known)
    edits: list[Replacement] = []
    changes: list[DeclaredChange] = []
    for found in _all_edits(space, entry, renaming):
        path = found.ref.path
        if found.all and not found.ref.is_target:
            message = f"{path} links to `{old}` and is not among the files to fix"
            raise RenameError(message)
        edits += (replace(edit, path=path) for edit in found.all)
        changes += (DeclaredChange(route, path) for route in found.routes(old))
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


def _verify(space: RenameWorkspace, edits: FileEdits, parsed: ParsedFile, renaming: Renaming) -> None:
    pattern, path = parsed.pattern, edits.ref.path
    if pattern is None:
        return
    again = space.parse(Source(path, edits.text_after.encode()), edits.ref)
    old, new = renaming.old, renaming.new
    require_harmless(parsed, again, edits.routes(old))
    expected = [new if link.target == old else link.target for link in pattern.links]
    if again.pattern is not None and [link.target for link in again.pattern.links] != expected:
        raise wrong_form(path, new)


def require_harmless(before: ParsedFile, after: ParsedFile, routes: Sequence[Route]) -> None:
    """Check that a change of a file changes the values at some routes only.

    Raises:
        RenameError: if it does not.
    """
    reason = rejection_reason(before, after, routes)
    if reason is not None:
        message = f"{before.source.path} cannot be changed: {reason}"
        raise RenameError(message)


def wrong_form(path: str, name: str) -> RenameError:
    """Return the error for a name that the links of a file cannot contain."""
    return RenameError(f"{path} cannot be changed: `{name}` does not have the form of names in its links")


def format_locations(elsewhere: Mapping[str, tuple[int, ...]]) -> Iterator[str]:
    """Yield the places that a plan leaves, as `path:line`."""
    return (f"{path}:{line}" for path in sorted(elsewhere) for line in elsewhere[path])
