from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patternlint.diagnostics.route import Route
from patternlint.document.cursor import Cursor, TokenKind, cursor_at, front_matter_span, scan_tokens
from patternlint.parser.parser import parse
from patternlint.source import Source, Span
from patternlint.spec.loader import load_specs
from tests.support.pattern_strategy import patterns
from tests.support.real_files import needs_corpus, real_files, sampled
from tests.support.repository import EXAMPLES

_SPECS = load_specs()


def at(front: str) -> Cursor | None:
    """Return the cursor at the `|` in front matter."""
    text = f"---\n{front}"
    offset = text.index("|")
    return cursor_at(text[:offset] + text[offset + 1 :], offset)


@pytest.mark.parametrize(
    ("front", "kind", "route", "typed"),
    [
        ("sl|ug: a\n---\n", TokenKind.KEY, (), "sl"),
        ("slug: a|bc\n---\n", TokenKind.VALUE, ("slug",), "a"),
        ("slug: |\n---\n", TokenKind.VALUE, ("slug",), ""),
        ("slug: 'a b|'\n", TokenKind.VALUE, ("slug",), "a b"),
        ('slug: "a b|\nid: x\n', TokenKind.VALUE, ("slug",), "a b"),
        ("links:\n  - slug: a\n    w|\n", TokenKind.WORD, ("links", 0), "w"),
        ("links:\n  - slug: a\n  - slug: b|\n", TokenKind.VALUE, ("links", 1, "slug"), "b"),
        ("links:\n- slug: a\n- b|\n", TokenKind.VALUE, ("links", 1), "b"),
        ("links:\n  - slug: a\n  - |\n", TokenKind.VALUE, ("links", 1), ""),
        ("links:\n  - slug: a\n    |\n", TokenKind.WORD, ("links", 0), ""),
        ("links:\n  - slug: a\n  |\n", TokenKind.WORD, ("links",), ""),
        ("links:\n  a:\n    - x\n|\nid: b\n", TokenKind.WORD, (), ""),
        ("links: [a, b|, c]\n", TokenKind.VALUE, ("links", 1), "b"),
        ("links: [a, |]\n", TokenKind.VALUE, ("links", 1), ""),
        ("links: [|\nid: x\n", TokenKind.VALUE, ("links", 0), ""),
        ("links: [{slug: a|, weight: 1}]\n", TokenKind.VALUE, ("links", 0, "slug"), "a"),
        ("links: [{slug: a, |}]\n", TokenKind.WORD, ("links", 0), ""),
        ("links: [{slug: a, wei|}]\n", TokenKind.WORD, ("links", 0), "wei"),
        ("links: {a: [{b: c}], d: e|}\n", TokenKind.VALUE, ("links", "d"), "e"),
        ("links:\n  - - a\n    - b|\n", TokenKind.VALUE, ("links", 0, 1), "b"),
        ("text: >-\n  some: th|ing\nid: x\n", TokenKind.TEXT, ("text",), "some: th"),
        ("a: b # c\nd: e| # f\n", TokenKind.VALUE, ("d",), "e"),
        ('a: "x: y"\n"b c": d|\n', TokenKind.VALUE, ("b c",), "d"),
    ],
)
def test_a_place_in_front_matter(front: str, kind: TokenKind, route: Route, typed: str) -> None:
    cursor = at(front)
    assert cursor is not None
    found = cursor.typed if kind is not TokenKind.TEXT else cursor.typed.partition("\n")[2].strip()
    assert (cursor.token.kind, cursor.route, found) == (kind, route, typed)


@pytest.mark.parametrize(
    "front", ["a: b # c|d\n---\n", " | a: b\n---\n", "a: b\n---\ntext|\n", "a: b\n-|--\n", "# a: |b\n---\n"]
)
def test_places_without_meaning(front: str) -> None:
    assert at(front) is None


def test_text_without_front_matter_has_no_places() -> None:
    assert cursor_at("# A heading\n", 4) is None
    assert front_matter_span("# A heading\n") is None


def test_siblings_are_the_other_keys_of_the_mapping() -> None:
    cursor = at("a: 1\nb:\n  c: 2\n  d|: 3\n  e: 4\nf: 5\n---\n")
    assert cursor is not None
    assert cursor.siblings == {"c", "e"}


def test_a_value_directly_after_the_colon_lacks_a_space() -> None:
    cursor = at("slug:|\n---\n")
    assert cursor is not None
    assert cursor.follows_colon


def _require_same_routes(text: str, path: str) -> int:
    """Check that the token at the end of each scalar in one line has the route of its node, and return their number."""
    parsed = parse(Source(path, text.encode("utf-8", "surrogatepass")), _SPECS)
    pattern = parsed.pattern
    if pattern is None:
        return 0
    count = 0
    text = pattern.source.text
    tokens = scan_tokens(text, pattern.front.span)
    for route, node in pattern.front.root.walk():
        written = text[node.start : node.end]
        if node.children is not None or node.style in ("|", ">") or "\n" in written or written[:1] in ("&", "!", "*"):
            continue
        end = node.end - bool(node.style)
        token = next((one for one in tokens if one.zone.start <= end <= one.zone.end), None)
        assert token is not None, (path, route)
        assert (token.kind, token.route) == (TokenKind.VALUE, route), (path, route, token)
        count += 1
    return count


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(patterns())
def test_scalars_have_the_routes_of_their_nodes(data: bytes) -> None:
    _require_same_routes(data.decode(), "a.md")


def test_scalars_of_the_examples_have_the_routes_of_their_nodes() -> None:
    assert (
        sum(_require_same_routes(path.read_text(encoding="utf-8"), path.name) for path in EXAMPLES.glob("*.md")) > 500
    )


@needs_corpus
@sampled
def test_scalars_of_real_files_have_the_routes_of_their_nodes(*, sample: bool) -> None:
    paths = real_files("commons-os", sample=sample)
    count = sum(_require_same_routes(path.read_text(encoding="utf-8", errors="replace"), path.name) for path in paths)
    assert count > 20 * len(paths)


_EXAMPLE = Path(EXAMPLES, "living-commons.md").read_text(encoding="utf-8")


@given(st.integers(4, _EXAMPLE.index("\n---\n", 4)), st.text(alphabet="a:-[]{}\"'|#, \n", max_size=6))
def test_what_is_typed_does_not_change_places_in_lines_above(offset: int, typed: str) -> None:
    broken = _EXAMPLE[:offset] + typed + _EXAMPLE[offset:]
    span = front_matter_span(broken)
    line = _EXAMPLE.rfind("\n", 0, offset)
    before = [token for token in scan_tokens(_EXAMPLE, Span(4, _EXAMPLE.index("\n---\n", 4))) if token.zone.end < line]
    assert span is not None
    found = {(token.route, token.span) for token in scan_tokens(broken, span)}
    unfinished = {token.route[:1] for token in before[-1:]}  # a list in brackets or a folded text may go on
    assert all((token.route, token.span) in found for token in before if token.route[:1] not in unfinished)


@given(st.text(alphabet="ab:-[]{}\"'|>#,& \t\r\n", max_size=60), st.integers(0, 70))
def test_any_text_has_places(text: str, offset: int) -> None:
    whole = f"---\n{text}"
    offset = min(offset, len(whole))
    cursor = cursor_at(whole, offset)
    span = front_matter_span(whole)
    assert span is not None
    for token in scan_tokens(whole, span):
        assert span.start <= token.span.start <= token.span.end <= span.end
        assert token.zone.start <= token.zone.end
    assert cursor is None or whole[cursor.token.span.start :].startswith(cursor.typed)
