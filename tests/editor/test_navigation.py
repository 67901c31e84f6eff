from __future__ import annotations

import re
from itertools import pairwise

from patternlint.editor.hints import hints, lens
from patternlint.editor.hover import describe, hover
from patternlint.editor.outline import folds, outline, selection
from patternlint.editor.references import (
    Location,
    definition,
    highlights,
    incoming,
    links,
    outgoing,
    references,
    search,
    target_at,
)
from patternlint.editor.rename import renamable_at
from patternlint.editor.view import View
from patternlint.source import Region, Span
from tests.support.views import edited, names_of, text_of, view_of

_FILE = "rain-garden-street.md"
_HUB = "neighbourhood-assembly"
_LINK = "neighbourhood-assemblage"


def test_a_slug_leads_to_its_pattern() -> None:
    view, offset = edited(_FILE, _LINK, f"|{_HUB}")
    place = definition(view, offset + 3)
    assert place is not None
    assert place.path == f"{_HUB}.md"
    line = text_of(place.path).split("\n")[place.region.line - 1]
    assert line[place.region.column - 1 : place.region.end_column - 1] == _HUB
    assert definition(view_of(_FILE, text_of(_FILE)), text_of(_FILE).index(_LINK)) is None


def test_references_are_all_places_that_name_a_pattern() -> None:
    view = view_of(_FILE, text_of(_FILE))
    entry = view.library.resolve(_HUB)
    assert entry is not None
    found = list(references(view.library, entry))
    expected = []
    for other in view.library:
        for number, line in enumerate(text_of(other.path).split("\n"), 1):
            for name in (entry.slug, entry.id):
                at = line.find(name)
                is_own = other.path == entry.path and line.startswith(("id:", "slug:"))
                if at >= 0 and not is_own and "http" not in line and f"{name}-" not in line and "](" not in line:
                    expected.append((other.path, number, at + 1))
    assert [(place.path, place.region.line, place.region.column) for place in found] == expected
    assert len(found) > 5


_LINKS = f"Öl: [a]({_HUB}.md#why), [b]({_HUB}), [c](./{_HUB}.md), [[{_HUB}|d]], `[e]({_HUB}.md)`, [[gone]]"


def _with_text_links() -> View:
    return view_of(_FILE, f"{text_of(_FILE)}\n{_LINKS}\n")


def test_links_in_the_text_are_references() -> None:
    view = _with_text_links()
    before, after = (
        {(place.path, place.region.line, place.region.column) for place in references(one.library, entry)}
        for one in (view_of(_FILE, text_of(_FILE)), view)
        if (entry := one.library.resolve(_HUB)) is not None
    )
    last = view.text.rstrip("\n").count("\n") + 1
    starts = [match.start() + 1 for match in re.finditer(rf"(\./)?{_HUB}", _LINKS)]
    assert after - before == {(_FILE, last, column) for column in starts[:-1]}  # the last one is code
    assert before <= after


def test_links_in_the_text_lead_to_the_start_of_the_file() -> None:
    view = _with_text_links()
    place = definition(view, view.text.index(f"[[{_HUB}") + 5)
    assert place == Location(f"{_HUB}.md", Region(1, 1, 1, 1))
    assert definition(view, view.text.index("gone") + 1) is None
    found = [view.text[named.span.start : named.span.end] for named, _ in links(view) if named.link is not None]
    assert found == [f"{_HUB}.md#why", _HUB, f"./{_HUB}.md", _HUB]
    at = view.text.index(f"[b]({_HUB}") + 6
    assert [view.text[span.start : span.end] for span in highlights(view, at)][-4:] == found
    shown = hover(view, at, lambda _: "")
    assert shown is not None
    assert "1 in the text" in shown.text


def test_links_in_the_text_can_be_renamed_by_their_name() -> None:
    view = _with_text_links()
    for mark in ("[a](", "[b](", "[c](./", "[["):
        found = renamable_at(view, view.text.index(f"{mark}{_HUB}") + len(mark) + 2)
        assert found is not None, mark
        assert view.text[found[0].span.start : found[0].span.end] == _HUB
    assert renamable_at(view, view.text.index("gone") + 1) is None


def test_highlights_are_the_places_in_the_same_file() -> None:
    view, offset = edited(_FILE, _LINK, f"{_HUB}|\n    - slug: {_HUB}")
    assert [view.text[span.start : span.end] for span in highlights(view, offset)] == [_HUB, _HUB]
    own = view.text.index("slug: rain") + 8
    assert [span.start for span in highlights(view, own)][:1] == [view.text.index("pat_")]


def test_links_lead_to_other_patterns() -> None:
    view = view_of("living-commons.md", text_of("living-commons.md"))
    found = list(links(view))
    assert {entry.slug for _, entry in found} >= {"care-before-ownership", "small-circles", _HUB}
    assert all(view.text[named.span.start : named.span.end] == named.name for named, _ in found)


def test_a_search_finds_titles_first() -> None:
    view = view_of(_FILE, text_of(_FILE))
    names = names_of(view)
    assert [symbol.slug for symbol in search(view.library, names, "gard str")] == ["rain-garden-street"]
    assert search(view.library, names, "commons")[0].title == "Living Commons"
    assert [symbol.slug for symbol in search(view.library, names, "Village Oven")] == ["bread-oven-square"]  # an alias
    assert search(view.library, names, "") == []


def test_calls_are_the_curated_links() -> None:
    view = view_of(_FILE, text_of(_FILE))
    entry = view.library.resolve(_HUB)
    assert entry is not None
    callers = {call.entry.slug: call.relations for call in incoming(view.library, entry)}
    assert callers["bread-oven-square"] == ("requires",)
    called = {call.entry.slug: call.relations for call in outgoing(view.library, entry)}
    assert called.keys() == {link.target for link in entry.links if link.is_curated}


def test_hover_shows_a_pattern() -> None:
    view, offset = edited(_FILE, _LINK, f"|{_HUB}")
    found = hover(view, offset + 1, lambda entry: f"about {entry.slug}")
    assert found is not None
    assert found.text.startswith("**Neighbourhood Assembly**\n\nabout neighbourhood-assembly\n\nLinks to ")
    assert "1 requires" not in describe(view.library, view.entry or view.library.entries[0])[:20]
    assert view.text[found.span.start : found.span.end] == _HUB


def test_hover_shows_what_the_schema_says_about_keys_and_values() -> None:
    view = view_of(_FILE, text_of(_FILE))
    for place in ("status: ", "status:"):
        found = hover(view, view.text.index(f"  {place}") + len(place) + 1, lambda _: "")
        assert found is not None
        assert "Allowed values: `draft`" in found.text
    assert hover(view, len(view.text), lambda _: "") is None


def test_titles_are_text_in_markdown() -> None:
    view, _ = edited(_FILE, 'title: "Rain Garden Street"', 'title: "A [b](c) <d>"')
    assert view.entry is not None
    assert describe(view.library, view.entry).startswith(r"**A \[b\](c) \<d\>**")


def test_hints_show_titles_and_links_that_are_not_returned() -> None:
    view = view_of("open-ledger-evening.md", text_of("open-ledger-evening.md"))
    found = [(view.text[: hint.offset].rpartition(" ")[2], hint.text) for hint in hints(view, Span(0, len(view.text)))]
    assert (_HUB, "← not returned") in found
    view, _ = edited(_FILE, _LINK, "repair-cafe")
    assert "Repair Café" in [hint.text for hint in hints(view, Span(0, len(view.text)))]
    assert list(hints(view, Span(0, 10))) == []


def test_a_lens_counts_who_links_here() -> None:
    view = view_of(f"{_HUB}.md", text_of(f"{_HUB}.md"))
    found = lens(view)
    assert found is not None
    assert view.text[found.span.start : found.span.end] == _HUB
    assert found.text.startswith("4 patterns link here · 2 complementary · ")


def test_the_outline_has_groups_with_keys_and_sections() -> None:
    view = view_of(_FILE, text_of(_FILE))
    nodes = outline(view)
    groups = {node.name: [child.name for child in node.children] for node in nodes if node.kind == "group"}
    assert groups["GROUP 1: CORE IDENTITY"] == ["id", "slug", "title", "aliases", "summary"]
    assert next(node.name for node in nodes if node.kind == "section") == "Section 1: Context"
    for node in nodes:
        assert node.span.start <= node.name_span.start <= node.name_span.end <= node.span.end
        for child in node.children:
            assert node.span.start <= child.span.start <= child.span.end <= node.span.end, (node.name, child)


def test_invalid_front_matter_has_an_outline() -> None:
    view, _ = edited(_FILE, _LINK, "[")
    assert view.parsed.pattern is None
    assert [node.name for node in outline(view)][:3] == ["id", "slug", "title"]


def test_folds_and_selections_are_nested() -> None:
    view = view_of(_FILE, text_of(_FILE))
    found = sorted(folds(view))
    assert all(start < end for start, end in found)
    at = view.text.index(_LINK) + 3
    spans = selection(view, at)
    assert view.text[spans[0].start : spans[0].end] == _LINK
    assert spans[-1] == Span(0, len(view.text))
    for inner, outer in pairwise(spans):
        assert outer.start <= inner.start
        assert inner.end <= outer.end
        assert outer != inner


def test_own_names_lead_to_the_pattern_itself() -> None:
    view = view_of(_FILE, text_of(_FILE))
    assert target_at(view, view.text.index("slug: rain") + 7) is view.entry
