"""What can be done about findings: their fixes, the nearest names for an unknown one, suppressions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from msgspec import Struct

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.diagnostics.fix import DeclaredChange, Edit, Replacement, Safety
from patternlint.document.pattern import Pattern
from patternlint.editor.names import NameIndex
from patternlint.editor.view import OWN, View
from patternlint.edits.apply import apply_edits
from patternlint.edits.suppression_comments import CommentPlace, comment_place, suppression_edits
from patternlint.fixer.apply import lower
from patternlint.fixer.verify import rejection_reason
from patternlint.library.entry import fold_title
from patternlint.parser.parser import ParsedFile
from patternlint.source import Source

_MAX_NEAR = 3

Edits = Mapping[str, Sequence[Replacement]]
"""The edits of files, by path; those of a file do not overlap."""


class Files(Protocol):
    """Access to the files of a library, with the text in the editor."""

    def parsed(self, path: str) -> ParsedFile | None:
        """Return a file, or None if it cannot be read."""
        ...

    def parse(self, source: Source) -> ParsedFile:
        """Parse another text of a file."""
        ...

    def expand(self, finding: Diagnostic) -> Diagnostic | None:
        """Return a finding with the edits that its fix needs in other files, or None if they cannot be made."""
        ...


class Action(Struct, frozen=True):
    """A change that is offered.

    Attributes:
        title: the change, as a sentence.
        finding: the finding that it removes.
        edits: returns its edits, or None when they cannot be made without damage.
        safety: whether it preserves the meaning; None for a suppression.
    """

    title: str
    finding: Diagnostic
    edits: Callable[[], Edits | None]
    safety: Safety | None = None

    @property
    def is_preferred(self) -> bool:
        """Whether it may be applied without review."""
        return self.safety is Safety.SAFE


def actions(
    view: View, findings: Iterable[Diagnostic], files: Files, names: Callable[[], NameIndex]
) -> Iterator[Action]:
    """Yield what can be done about some findings of a file: fixes first, suppressions last."""
    ordered = list(findings)
    for finding in ordered:
        if finding.fix is not None:
            yield Action(_sentence(finding.fix.title), finding, _fixing(finding, files), finding.fix.safety)
    for finding in ordered:
        yield from _near_names(view, finding, names)
    pattern = view.parsed.pattern
    if pattern is not None:
        for finding in ordered:
            yield from _suppressions(pattern, finding)


def _sentence(title: str) -> str:
    return title[:1].upper() + title[1:]


def _fixing(finding: Diagnostic, files: Files) -> Callable[[], Edits | None]:
    return lambda: fix_edits(finding, files)


def fix_edits(finding: Diagnostic, files: Files) -> Edits | None:
    """Return the edits of a finding's fix, or None when they cannot be made, or would damage a file."""
    whole = files.expand(finding)
    if whole is None or whole.fix is None:
        return None
    by_path: defaultdict[str, list[Edit]] = defaultdict(list)
    for edit in whole.fix.edits:
        by_path[edit.path or whole.path].append(edit)
    found: dict[str, Sequence[Replacement]] = {}
    for path, edits in by_path.items():
        parsed = files.parsed(path)
        lowered = lower(edits, parsed) if parsed is not None else None
        if parsed is None or lowered is None or not _is_harmless(whole, path, parsed, lowered, files):
            return None
        found[path] = sorted(lowered, key=lambda edit: edit.span)
    return found


def _is_harmless(
    finding: Diagnostic, path: str, parsed: ParsedFile, edits: Sequence[Replacement], files: Files
) -> bool:
    text = apply_edits(parsed.source.text, edits)
    changes: tuple[DeclaredChange, ...] = finding.fix.declared_changes if finding.fix is not None else ()
    declared = [change.route for change in changes if (change.path or finding.path) == path]
    return rejection_reason(parsed, files.parse(Source(path, text.encode())), declared) is None


def _near_names(view: View, finding: Diagnostic, names: Callable[[], NameIndex]) -> Iterator[Action]:
    """Yield the replacements of an unknown name by the nearest ones, without the one that the fix writes."""
    named = view.named_at(finding.span.start + 1) if finding.span else None
    if named is None or named.place.relation == OWN or named.place.is_id or named.name != finding.subject:
        return
    if view.library.contains(named.name) or (named.link is not None and named.link.destination != named.name):
        return
    own = view.entry
    fixed = (
        {edit.text.strip("'\"") for edit in finding.fix.edits if isinstance(edit, Replacement)}
        if finding.fix
        else set()
    )
    without = {named.name, own.slug if own is not None else "", *fixed}
    for slug in near_slugs(view, named.name, names(), without):
        edit = Replacement(named.span, slug)
        entry = view.library.resolve(slug)
        title = f" ({entry.title})" if entry is not None and entry.title else ""
        yield Action(f"Replace `{named.name}` with `{slug}`{title}", finding, _just(view.path, edit), Safety.UNSAFE)


def near_slugs(view: View, name: str, names: NameIndex, without: Iterable[str]) -> list[str]:
    """Return the slugs that are most like an unknown name, the nearest first."""
    known = view.library.store.known_slugs
    nearest = known.nearest(name)
    words = fold_title(name).split()
    same_words = [found.slug for size in range(len(words), 0, -1) for found, _ in names.find(words[:size])[:_MAX_NEAR]]
    found = dict.fromkeys(
        (*((nearest,) if nearest is not None else ()), *known.within_edit_distance(name), *same_words)
    )
    return [slug for slug in found if slug not in without][:_MAX_NEAR]


def _suppressions(pattern: Pattern, finding: Diagnostic) -> Iterator[Action]:
    """Yield the suppressions of a finding: on its line, and in the file."""
    if comment_place(pattern, finding.region.line) is not CommentPlace.FILE:
        edits = suppression_edits(pattern, (finding,), "", ())
        yield Action(f"Ignore `{finding.rule}` on this line", finding, _just(pattern.path, *edits))
    edits = suppression_edits(pattern, (finding,), "", (finding.rule,))
    yield Action(f"Ignore `{finding.rule}` in this file", finding, _just(pattern.path, *edits))


def _just(path: str, *edits: Replacement) -> Callable[[], Edits]:
    return lambda: {path: edits}
