"""A file → a pattern: front matter by a YAML parser, body by a CommonMark parser. Never raises."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from msgspec import Struct

from patternlint.parse.directives import NEEDLE, Directive, find_directives
from patternlint.parse.markdown import parse_body
from patternlint.parse.problem import YamlProblem
from patternlint.parse.simple import MAYBE_REFUSED
from patternlint.parse.tree import USUAL, Duplicate, Limits, YamlTree
from patternlint.parse.yaml import compose
from patternlint.pattern import FrontMatter, Pattern
from patternlint.spec import Spec, Specs, keys_at_line_starts
from patternlint.text import BOM, Source, Span

__all__ = ["Directive", "Kind", "Limits", "Parsed", "YamlProblem", "parse"]


class Kind(StrEnum):
    """What a file is."""

    PATTERN = "pattern"
    BROKEN = "broken"
    """A pattern by its marks, whose front matter does not parse."""
    OTHER = "other"
    """Markdown that is no pattern: left alone."""


class Parsed(Struct, frozen=True):
    """What is known of a file.

    Attributes:
        source: the file.
        kind: what it is.
        spec: the spec that it follows, also when it does not parse; None when none fits.
        pattern: the pattern; None when it is none or does not parse.
        problem: why the front matter does not parse, or None.
        duplicates: keys that are twice in one mapping.
        keys: the top-level keys with their plain values, also when it does not parse.
        directives: its suppressions.
        candidates: the specs that it might follow, where it is said to be a pattern and follows none.
    """

    source: Source
    kind: Kind
    spec: Spec | None = None
    pattern: Pattern | None = None
    problem: YamlProblem | None = None
    duplicates: tuple[Duplicate, ...] = ()
    keys: dict[str, Any] = {}
    directives: tuple[Directive, ...] = ()
    candidates: tuple[Spec, ...] = ()


class _Fences(Struct, frozen=True):
    opening: Span
    closing: Span | None
    content: Span
    body: int


def parse(  # noqa: PLR0911 - a file leaves as soon as it is known what it is
    source: Source, specs: Specs, *, spec: Spec | None = None, named: bool = False, limits: Limits = USUAL
) -> Parsed:
    """Return what `source` holds.

    Args:
        source: the file.
        specs: the specs that it may follow.
        spec: the spec that it follows whatever it holds, from the config.
        named: whether a person says that it is a pattern (a glob in the config, a path on the command line).
        limits: what its front matter may at most hold.
    """
    fences = _find_fences(source)
    if fences is None:
        if not named:
            return Parsed(source, Kind.OTHER)
        end = source.line_span(1)
        advice = "a pattern begins with a line `---`, its front matter, and another line `---`"
        return Parsed(source, Kind.BROKEN, spec, problem=YamlProblem("no front matter", end, help=advice))
    text = source.slice(fences.content)
    if fences.closing is None:
        keys = keys_at_line_starts(text)
        problem = YamlProblem(
            "the front matter has no closing `---`",
            fences.opening,
            help="put a line `---` between the front matter and the text",
        )
        return _broken(source, specs, spec, keys, problem, named=named)
    if not named and spec is None and not _may_be_pattern(text, specs):
        return Parsed(source, Kind.OTHER)
    tree = compose(source.text, fences.content, limits, clean=not source.has_any(MAYBE_REFUSED))
    if tree.lines:
        source.lines.note(tree.lines)
    if tree.root is None or not isinstance(tree.root.children, dict):
        problem = tree.problem or YamlProblem(
            "the front matter is no mapping", fences.opening, help="it consists of lines `key: value`"
        )
        return _broken(source, specs, spec, keys_at_line_starts(text), problem, tree=tree, named=named)
    keys = tree.root.value
    identity = keys.get("id")
    identity = identity if isinstance(identity, str) else ""
    if not (named or specs.looks_like_pattern(keys, identity)):
        return Parsed(source, Kind.OTHER)
    found = spec or specs.find(keys, identity)
    if found is None and not named:
        return Parsed(source, Kind.OTHER)
    if found is None:
        return Parsed(source, Kind.BROKEN, None, keys=keys, duplicates=tree.duplicates, candidates=specs.all)
    duplicates = tuple(span for one in tree.duplicates for span in (one.first, one.second))
    front = FrontMatter(
        fences.content, fences.opening, fences.closing, tree.root, tree.plain, tree.names, tree.form, duplicates
    )
    body = parse_body(source, fences.body, found)
    pattern = Pattern(source, found, front, body)
    return Parsed(
        source,
        Kind.PATTERN,
        found,
        pattern,
        duplicates=tree.duplicates,
        keys=keys,
        directives=_directives(pattern),
    )


def _broken(  # noqa: PLR0913 - what is known of the file by then
    source: Source,
    specs: Specs,
    spec: Spec | None,
    keys: dict[str, Any],
    problem: YamlProblem,
    *,
    tree: YamlTree | None = None,
    named: bool,
) -> Parsed:
    identity = keys.get("id")
    identity = identity if isinstance(identity, str) else ""
    if not (named or specs.looks_like_pattern(keys, identity)):
        return Parsed(source, Kind.OTHER)
    found = spec or specs.find(keys, identity)
    if found is None and not (named or specs.knows_prefix(identity)):
        return Parsed(source, Kind.OTHER)
    duplicates = tree.duplicates if tree is not None else ()
    return Parsed(source, Kind.BROKEN, found, problem=problem, duplicates=duplicates, keys=keys)


def _may_be_pattern(text: str, specs: Specs) -> bool:
    """Return false for front matter that cannot be a pattern's: it spares parsing the YAML of other pages."""
    return "id" in text or "slug" in text or any(key in text for key in specs.marker_keys)


_BLOCKS = ("|", ">")


def _directives(pattern: Pattern) -> tuple[Directive, ...]:
    if NEEDLE not in pattern.source.text:
        return ()
    nodes = [node for _, node in pattern.front.root.walk() if node.children is None and node.style]
    quoted = tuple(node.span for node in nodes if node.style not in _BLOCKS)
    blocks = tuple(node.span for node in nodes if node.style in _BLOCKS)
    code = tuple(fence.span for fence in pattern.body.fences)
    return find_directives(pattern.source, pattern.body.span.start, quoted + code, blocks)


def _find_fences(source: Source) -> _Fences | None:
    text = source.text
    start = 1 if text.startswith(BOM) else 0
    if not text.startswith("---", start):
        return None
    end = text.find("\n", start)
    end = len(text) if end < 0 else end
    if text[start:end].rstrip() != "---":
        return None
    opening = Span(start, start + 3)
    content = min(end + 1, len(text))
    at = content
    while True:
        if text.startswith("---", at):
            stop = text.find("\n", at)
            stop = len(text) if stop < 0 else stop
            if text[at:stop].rstrip() == "---":
                return _Fences(opening, Span(at, at + 3), Span(content, at), min(stop + 1, len(text)))
        at = text.find("\n---", at)
        if at < 0:
            return _Fences(opening, None, Span(content, len(text)), len(text))
        at += 1
