"""Plan to change all links to a pattern into links to another one: the new bytes of every file."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from patternlint.diagnostics.route import BODY_ROUTE
from patternlint.document.pattern import Pattern
from patternlint.edits.apply import apply_edits
from patternlint.fixer.references import RenameError, entry_with_slug
from patternlint.fixer.rename import occurrences
from patternlint.fixer.retarget import ListEdits, Retargeting, list_edits, names_between, text_edits
from patternlint.library.entry import Entry
from patternlint.library.library import Library
from patternlint.messages.did_you_mean import did_you_mean
from patternlint.parser.parser import FileKind, ParsedFile
from patternlint.project.files import FileRef
from patternlint.run.rename import RenamePlan, cannot_change, require_harmless, text_span, wrong_form
from patternlint.run.run import Run
from patternlint.source import Source


def retargeting_of(run: Run, old: str, new: str) -> Retargeting:
    """Return the change of all links to `old` into links to `new`, each the name or id of a pattern.

    Raises:
        RenameError: when `new` is not one pattern, or both are the same.
    """
    library = run.library
    target = (
        library.by_id[new][0] if new not in library.by_slug and new in library.by_id else entry_with_slug(library, new)
    )
    names = names_between(library, old, target)
    others = library.by_slug.get(old) or library.by_id.get(old) or ()
    addresses: dict[str, str] = {}
    for other in others:
        addresses |= _addresses(run, other, target)
    files = tuple(Path(run.ref(other.path).absolute) for other in others)
    file = Path(run.ref(target.path).absolute)
    targets = frozenset((target.slug, target.id)) - {""}
    return Retargeting(old, names, targets, target, file, files, run.request.scope.roots, addresses)


def _addresses(run: Run, old: Entry, new: Entry) -> dict[str, str]:
    """Return the addresses of a pattern by those of another one, which it has of the same kind."""
    patterns = [_pattern(run, entry) for entry in (old, new)]
    found = [
        {key: pattern.text(key) for key in (identity.page_address, identity.file_address) if key and pattern.text(key)}
        for pattern in patterns
        if pattern is not None and (identity := pattern.spec.identity)
    ]
    if len(found) < len(patterns):
        return {}
    return {str(found[0][key]).rstrip("/"): str(found[1][key]).rstrip("/") for key in found[0] if key in found[1]}


def _pattern(run: Run, entry: Entry) -> Pattern | None:
    ref, source = run.ref(entry.path), run.source(entry.path)
    return run.project.parse(source, named=ref.declared_pattern).pattern if source is not None else None


def plan_retarget(run: Run, change: Retargeting) -> RenamePlan:
    """Return what the files of a run become when all links to a pattern lead to another one. Nothing is written.

    Raises:
        RenameError: when nothing links to the first pattern, or a file that does cannot be changed.
    """
    named = frozenset(entry.path for entry in run.library if _links_to(entry, change))
    before: dict[str, bytes] = {}
    after: dict[str, bytes] = {}
    elsewhere: dict[str, tuple[int, ...]] = {}
    references = merged = 0
    old_paths = {run.ref(entry.path).path for name in change.names for entry in run.library.by_slug.get(name, ())}
    words = (*change.names, *(file.stem for file in change.old_files), *change.addresses)
    for ref in run.files.all:
        source = run.source(ref.path)
        if source is None or not any(word in source.text for word in words):
            if ref.path in named:
                raise cannot_change(ref.path, change.old)
            continue
        parsed = run.project.parse(source, named=ref.declared_pattern)
        text = source.text
        if _can_change(ref, parsed, change, is_named=ref.path in named):
            folder = Path(ref.absolute).parent
            front = list_edits(parsed.pattern, change, folder) if parsed.pattern is not None else ListEdits()
            below = text_edits(source, text_span(parsed), folder, change)
            if front.edits or below:
                text = apply_edits(text, (*front.edits, *below))
                routes = (*front.routes, *((BODY_ROUTE,) if below else ()))
                _verify(run, ref, parsed, text, change, routes)
                before[ref.path], after[ref.path] = source.data, text.encode()
                references += len(front.edits) + len(below)
                merged += front.merged
        left = tuple(occurrences(text, change.old))
        if left and ref.path not in old_paths:
            elsewhere[ref.path] = left
    if not after:
        raise _nothing(run.library, change)
    return RenamePlan(before, after, references, elsewhere, merged)


def _links_to(entry: Entry, change: Retargeting) -> bool:
    return any(link.target in change.names for link in entry.links) or any(
        hub.target in change.names for hub in entry.hubs
    )


def _can_change(ref: FileRef, parsed: ParsedFile, change: Retargeting, *, is_named: bool) -> bool:
    is_readable = parsed.source.decode_error is None and (
        parsed.pattern is not None or parsed.kind is FileKind.NOT_A_PATTERN
    )
    if is_named and not (ref.internal and is_readable):
        raise cannot_change(ref.path, change.old)
    return ref.internal and is_readable


def _nothing(library: Library, change: Retargeting) -> RenameError:
    targets = {link.target for entry in library for link in entry.links}
    return RenameError(f"no link leads to `{change.old}`{did_you_mean(change.old, targets)}")


def _verify(  # noqa: PLR0913, PLR0917 - a change and its result
    run: Run,
    ref: FileRef,
    parsed: ParsedFile,
    text: str,
    change: Retargeting,
    routes: tuple[tuple[str | int, ...], ...],
) -> None:
    pattern = parsed.pattern
    if pattern is None:
        return
    again = run.project.parse(Source(ref.path, text.encode()), named=ref.declared_pattern)
    require_harmless(parsed, again, routes)
    found = Counter(link.target for link in again.pattern.links) if again.pattern is not None else Counter[str]()
    expected = Counter(change.names.get(link.target, link.target) for link in pattern.links)
    if found - expected or any(name in found for name in change.names if name not in change.targets):
        raise wrong_form(ref.path, change.new.name)
