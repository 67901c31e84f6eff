"""The structure of a file: groups with their keys, sections, and ranges that can be folded or selected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from patternlint.diagnostics.route import Route
from patternlint.document.cursor import Token, TokenKind, scan_tokens
from patternlint.document.pattern import Pattern
from patternlint.editor.view import View
from patternlint.source import Span, line_end, line_start

_MIN_LINES = 2  # of a range that can be folded


class Node(Struct, frozen=True):
    """A part of a file.

    Attributes:
        name: its name.
        kind: whether it is a group of keys, a key or a section.
        span: all of it.
        name_span: its name in the text, inside `span`.
        children: the parts in it.
    """

    name: str
    kind: str
    span: Span
    name_span: Span
    children: tuple[Node, ...] = ()


def outline(view: View) -> Sequence[Node]:
    """Return the groups of the front matter with their keys, and the sections of the body, in the order of the text."""
    pattern = view.parsed.pattern
    keys = _keys(view, ())
    if pattern is None:
        return keys
    return (*_grouped(pattern, keys), *_sections(pattern))


def _keys(view: View, route: Route) -> tuple[Node, ...]:
    """Return the keys of the mapping at `route` with those below them, two levels deep."""
    front = view.front
    if front is None:
        return ()
    tokens = scan_tokens(view.text, front)
    return tuple(_below(view.text, tokens, route, front.end, 2))


def _below(text: str, tokens: Sequence[Token], route: Route, end: int, depth: int) -> Iterator[Node]:
    keys = [token for token in tokens if token.kind is TokenKind.KEY and token.route == route]
    for index, token in enumerate(keys):
        after = keys[index + 1].span.start if index + 1 < len(keys) else end
        name = text[token.span.start : token.span.end]
        inner = (*route, name)
        inside = [one for one in tokens if one.route[: len(inner)] == inner and one.span.start < after]
        last = max((one.span.end for one in inside), default=token.span.end)
        children = tuple(_below(text, inside, inner, last, depth - 1)) if depth > 1 else ()
        yield Node(name, "key", Span(token.span.start, max(last, token.span.end)), token.span, children)


def _grouped(pattern: Pattern, keys: Sequence[Node]) -> Iterator[Node]:
    """Yield the groups with the keys below their banners; keys above the first banner stay on their own."""
    banners = [(banner, banner.name_line) for banner in pattern.banners]
    text = pattern.source.text
    first = banners[0][1].start if banners else pattern.front.span.end
    yield from (key for key in keys if key.span.start < first)
    for index, (banner, line) in enumerate(banners):
        end = banners[index + 1][0].start if index + 1 < len(banners) else pattern.front.span.end
        inside = tuple(key for key in keys if line.start <= key.span.start < end)
        start = banner.start
        last = max((key.span.end for key in inside), default=banner.end - 1)
        name_span = Span(line.start, line_end(text, line.start))
        yield Node(line.text.lstrip("# ").strip(), "group", Span(start, max(last, name_span.end)), name_span, inside)


def _sections(pattern: Pattern) -> Iterator[Node]:
    text = pattern.source.text
    for section in pattern.body.sections:
        start = section.heading.span.start
        end = section.span.start + len(text[section.span.start : section.span.end].rstrip())
        name_span = Span(start, line_end(text, start))
        yield Node(section.heading.text, "section", Span(start, max(end, name_span.end)), name_span)


def folds(view: View) -> Iterator[tuple[int, int]]:
    """Yield the first and the last line, from 0, of each part that can be folded."""
    source = view.parsed.source

    def of(nodes: Sequence[Node]) -> Iterator[tuple[int, int]]:
        for node in nodes:
            region = source.region(node.span)
            if region.end_line - region.line >= _MIN_LINES:
                yield region.line - 1, region.end_line - 1
            yield from of(node.children)

    yield from of(outline(view))


def selection(view: View, offset: int) -> Sequence[Span]:
    """Return the spans around an offset that can be selected, from the innermost to the whole file."""
    found: list[Span] = []
    cursor = view.cursor(offset)
    if cursor is not None and cursor.token.span:
        found.append(cursor.token.span)
    text = view.text
    found.append(Span(line_start(text, offset), line_end(text, offset)))

    def around(nodes: Sequence[Node]) -> Iterator[Span]:
        for node in nodes:
            if node.span.start <= offset <= node.span.end:
                yield from around(node.children)
                yield node.span

    found += around(outline(view))
    found.append(Span(0, len(text)))
    result: list[Span] = []
    for span in found:
        if not result or (span.start <= result[-1].start and span.end >= result[-1].end and span != result[-1]):
            result.append(span)
    return result
