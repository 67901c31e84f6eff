"""Parse a file: its front matter as YAML, its body as CommonMark. Never raises."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from msgspec import Struct

from patternlint.document.identifiers import is_document_name
from patternlint.document.node import Node
from patternlint.document.pattern import FrontMatter, Pattern
from patternlint.messages.phrases import with_article
from patternlint.parser.delimiters import (
    DamagedDelimiter,
    Delimiters,
    find_damaged_closing,
    find_damaged_opening,
    find_delimiters,
    find_early_closing,
    skip_reason,
)
from patternlint.parser.markdown.body import parse_body
from patternlint.parser.suppressions import SUPPRESSION_MARKER, Suppression, find_suppressions
from patternlint.parser.yaml.compose import compose
from patternlint.parser.yaml.errors import SyntaxProblem
from patternlint.parser.yaml.fast import SUSPECT_BYTES
from patternlint.parser.yaml.tree import DEFAULT_LIMITS, Duplicate, Limits
from patternlint.source import Source, Span
from patternlint.spec.model import Spec, SpecRegistry, scan_top_level_keys

__all__ = ["UNMATCHED", "DamagedDelimiter", "FileKind", "Limits", "ParsedFile", "Suppression", "SyntaxProblem", "parse"]

UNMATCHED = "`patterns` does not match it"
"""The reason why a Markdown file with an unusual suffix is skipped."""
OTHER_VALUES = "`where` of its specification does not apply"
"""The reason why a file that `files` of a spec matches is skipped."""


class FileKind(StrEnum):
    """The kind of a file."""

    PATTERN = "pattern"
    BROKEN = "broken"
    """A pattern by its keys, whose front matter does not parse."""
    NOT_A_PATTERN = "other"
    """Markdown that is not a pattern, and is not checked."""


class ParsedFile(Struct, frozen=True):
    """The result of parsing a file.

    Attributes:
        source: the file.
        kind: its kind.
        spec: its spec, also if it does not parse; None if no spec matches.
        pattern: the pattern, or None if it is not one or does not parse.
        problem: the syntax error of the front matter, or None.
        opening: the damaged opening delimiter, or None.
        skip_reason: why a file is not a pattern, as a clause that follows a colon; empty for a pattern.
        duplicates: duplicate keys.
        keys: the top-level keys with their plain values, also if it does not parse.
        suppressions: its suppressions.
        candidates: the possible specs of a declared pattern that matches none.
    """

    source: Source
    kind: FileKind
    spec: Spec | None = None
    pattern: Pattern | None = None
    problem: SyntaxProblem | None = None
    opening: DamagedDelimiter | None = None
    skip_reason: str = ""
    duplicates: tuple[Duplicate, ...] = ()
    keys: dict[str, Any] = {}
    suppressions: tuple[Suppression, ...] = ()
    candidates: tuple[Spec, ...] = ()


def parse(  # noqa: C901, PLR0911 - one return for each kind of file
    source: Source,
    specs: SpecRegistry,
    *,
    spec: Spec | tuple[Spec, ...] | None = None,
    named: bool = False,
    limits: Limits = DEFAULT_LIMITS,
) -> ParsedFile:
    """Parse a file.

    Args:
        source: the file.
        specs: the available specs.
        spec: its spec by configuration, whatever its content is; of several, it follows the first whose `where` applies.
        named: whether it is declared as a pattern, by a glob in the config or a path on the command line.
        limits: the limits of its front matter.
    """
    candidates = spec if isinstance(spec, tuple) else (spec,) if spec is not None else ()
    spec = candidates[-1] if candidates else None
    delimiters = find_delimiters(source) if spec is None or spec.front_matter != "none" else None
    if delimiters is None or (delimiters.closing is None and spec is not None and spec.front_matter == "optional"):
        return _without_opening(source, specs, candidates, named=named)
    text = source.slice(delimiters.content)
    if delimiters.closing is None:
        return _broken(source, specs, spec, scan_top_level_keys(text), _unclosed(source, delimiters), named=named)
    early = find_early_closing(source, delimiters, specs)
    if early is not None:
        problem = SyntaxProblem(early.message, early.span, early.label, "this belongs to it", early.help)
        return _broken(source, specs, spec, dict(early.keys), problem, named=named)
    if not named and spec is None and not _may_be_pattern(text, specs):
        return _other(source)
    tree = compose(source.text, delimiters.content, limits, clean=not source.contains_any(SUSPECT_BYTES))
    if tree.line_starts:
        source.lines.seed(tree.line_starts)
    if tree.root is None or not isinstance(tree.root.children, dict):
        problem = tree.problem or SyntaxProblem(
            "the front matter is not a mapping", delimiters.opening, help="it consists of lines `key: value`"
        )
        closing = find_damaged_closing(source, delimiters, problem.span.start)
        problem = _at_closing(source, closing) if closing is not None else problem
        return _broken(source, specs, spec, scan_top_level_keys(text), problem, duplicates=tree.duplicates, named=named)
    keys = tree.root.value
    identity = specs.id_in(keys)
    if not (named or specs.looks_like_pattern(keys, identity)):
        return _other(source)
    found = _first_that_applies(candidates, keys) if candidates else specs.find(keys, identity)
    if found is None:
        if candidates:
            return ParsedFile(source, FileKind.NOT_A_PATTERN, skip_reason=OTHER_VALUES)
        if not named:
            return _other(source)
        return ParsedFile(source, FileKind.BROKEN, None, keys=keys, duplicates=tree.duplicates, candidates=specs.all)
    duplicates = tuple(span for one in tree.duplicates for span in (one.first, one.second))
    front = FrontMatter(
        delimiters.content,
        delimiters.opening,
        delimiters.closing,
        tree.root,
        tree.ambiguous_scalars,
        tree.key_names,
        duplicates,
    )
    body = parse_body(source, delimiters.body, found)
    pattern = Pattern(source, found, front, body)
    return ParsedFile(
        source,
        FileKind.PATTERN,
        found,
        pattern,
        duplicates=tree.duplicates,
        keys=keys,
        suppressions=_suppressions(pattern),
    )


def _first_that_applies(candidates: Iterable[Spec], keys: Mapping[str, Any]) -> Spec | None:
    """Return the first of some specs whose `where` applies to front matter with these top-level keys."""
    return next((spec for spec in candidates if spec.applies_to(keys)), None)


def _without_front_matter(source: Source, candidates: Sequence[Spec]) -> ParsedFile:
    """Return a file whose spec does not require front matter, and which has none: all of its text is the body."""
    spec = _first_that_applies(candidates, {})
    if spec is None:
        return ParsedFile(source, FileKind.NOT_A_PATTERN, skip_reason=OTHER_VALUES)
    start = Span(0, 0)
    front = FrontMatter(start, start, start, Node({}, 0, 0, -1, -1, "", {}))
    pattern = Pattern(source, spec, front, parse_body(source, 0, spec))
    return ParsedFile(source, FileKind.PATTERN, spec, pattern, suppressions=_suppressions(pattern))


def _other(source: Source) -> ParsedFile:
    return ParsedFile(source, FileKind.NOT_A_PATTERN, skip_reason=skip_reason(source))


def _without_opening(source: Source, specs: SpecRegistry, candidates: Sequence[Spec], *, named: bool) -> ParsedFile:
    """Return the result for a file without front matter: one that does not begin with `---`, if its spec requires it."""
    spec = candidates[-1] if candidates else None
    if spec is not None and spec.front_matter != "required":
        return _without_front_matter(source, candidates)
    damage = find_damaged_opening(source, specs) if named or not is_document_name(source.path) else None
    if damage is None and not named:
        return _other(source)
    if damage is None:
        first = source.line_span(1)
        noun = spec.noun if spec is not None else "pattern"
        damage = DamagedDelimiter(
            skip_reason(source), first, f"{with_article(noun)} begins with front matter between two lines `---`"
        )
    keys = dict(damage.keys)
    found = spec or specs.find(keys, specs.id_in(keys))
    return ParsedFile(source, FileKind.BROKEN, found, opening=damage, keys=keys)


def _unclosed(source: Source, delimiters: Delimiters) -> SyntaxProblem:
    """Return the problem of front matter without a closing delimiter."""
    closing = find_damaged_closing(source, delimiters, len(source.text))
    if closing is not None:
        return _at_closing(source, closing)
    advice = "add a line `---` between the front matter and the text"
    return SyntaxProblem("the front matter has no closing `---`", delimiters.opening, help=advice)


def _at_closing(source: Source, closing: DamagedDelimiter) -> SyntaxProblem:
    """Return the problem of a damaged closing delimiter."""
    line = source.region(closing.span).line
    other_message = "the front matter ends here" if closing.label is not None else ""
    help_text = f"{closing.help} (line {line:,})"
    return SyntaxProblem(closing.message, closing.span, closing.label, other_message, help_text)


def _broken(  # noqa: PLR0913 - all facts about the file
    source: Source,
    specs: SpecRegistry,
    spec: Spec | None,
    keys: dict[str, Any],
    problem: SyntaxProblem,
    *,
    duplicates: tuple[Duplicate, ...] = (),
    named: bool,
) -> ParsedFile:
    identity = specs.id_in(keys)
    if not (named or specs.looks_like_pattern(keys, identity)):
        return _other(source)
    found = spec or specs.find(keys, identity)
    if found is None and not (named or specs.is_known_prefix(identity)):
        return _other(source)
    return ParsedFile(source, FileKind.BROKEN, found, problem=problem, duplicates=duplicates, keys=keys)


def _may_be_pattern(text: str, specs: SpecRegistry) -> bool:
    """Return false for front matter that cannot be that of a pattern, which saves parsing the YAML of other pages."""
    return any(key in text for keys in (specs.id_keys, specs.name_keys, specs.marker_keys) for key in keys)


_BLOCKS = ("|", ">")


def _suppressions(pattern: Pattern) -> tuple[Suppression, ...]:
    if SUPPRESSION_MARKER not in pattern.source.text:
        return ()
    nodes = [node for _, node in pattern.front.root.walk() if node.children is None and node.style]
    quoted = tuple(node.span for node in nodes if node.style not in _BLOCKS)
    blocks = tuple(node.span for node in nodes if node.style in _BLOCKS)
    code = tuple(block.span for block in pattern.body.code_blocks)
    return find_suppressions(pattern.source, pattern.body.span.start, quoted + code, blocks)
