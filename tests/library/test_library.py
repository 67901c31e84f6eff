from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patternlint.document.links import INFERRED, Link, link_route
from patternlint.document.pattern import Pattern
from patternlint.library.entry import Entry, Hub, build_entry, fold_title
from patternlint.library.library import Library
from patternlint.parser.parser import FileKind, parse
from patternlint.source import WHOLE_FILE, Region, Source, Span
from patternlint.spec.loader import load_specs

SPECS = load_specs()
ID = "pat_01m3250v00fay828t5cy4tqkff"


def read(front: str, version: str = "7.1", path: str = "größe.md") -> tuple[Pattern, Entry]:
    parsed = parse(Source(path, f"---\n{front}---\nText\n".encode()), SPECS, spec=SPECS.by_version[version], named=True)
    assert parsed.pattern is not None
    return parsed.pattern, build_entry(parsed)


def library(*entries: Entry) -> Library:
    return Library.build(entries, SPECS)


# --- What becomes a link ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "target", "step", "weight", "typeid"),
    [
        pytest.param("ölmühle", "ölmühle", "", None, "", id="a bare string"),
        pytest.param('"a-b"', "a-b", "", None, "", id="a quoted string"),
        pytest.param("{slug: a-b, weight: 0.8}", "a-b", "slug", 0.8, "", id="slug"),
        pytest.param(f"{{id: {ID}}}", ID, "id", None, "", id="id"),
        pytest.param(f"{{typeid: {ID}}}", ID, "typeid", None, "", id="typeid alone"),
        pytest.param(f"{{typeid: {ID}, slug: a-b, weight: 1}}", "a-b", "slug", 1, ID, id="typeid and slug"),
        pytest.param(f'{{typeid: "{ID}", slug: a-b}}', "a-b", "slug", None, ID, id="typeid in quotes"),
        pytest.param(f'{{typeid: {ID}, slug: ""}}', ID, "typeid", None, "", id="an empty slug"),
        pytest.param("{slug: a-b, typeid: 7}", "a-b", "slug", None, "", id="a typeid that is no text"),
        pytest.param("{slug: a-b, weight: high}", "a-b", "slug", None, "", id="a weight that is no number"),
        pytest.param("{slug: a-b, weight: true}", "a-b", "slug", None, "", id="true is no weight"),
    ],
)
def test_what_an_item_links_to(item: str, target: str, step: str, weight: float | None, typeid: str) -> None:
    pattern, entry = read(f"relationships:\n  enables:\n    - {item}\n")
    (link,) = entry.links
    assert (link.relation, link.type, link.index) == ("enables", "enables", 0)
    assert (link.target, link.key, link.weight, link.typeid) == (target, step, weight, typeid)
    assert link.is_curated
    assert pattern.source.slice(link.span).strip('"') == target
    if typeid:
        assert pattern.source.slice(link.typeid_span).strip('"') == typeid


@pytest.mark.parametrize("item", ["", '""', "7", "true", "[a]", "{}", "{name: a}", "{slug: 7}", "{slug: }", '{id: ""}'])
def test_what_links_to_nothing(item: str) -> None:
    _, entry = read(f"relationships:\n  enables:\n    - {item}\n    - b\n")
    assert [(link.index, link.target) for link in entry.links] == [(1, "b")]


@pytest.mark.parametrize("value", ["", " []", " a", " {slug: a}", " 3"])
def test_a_list_that_is_none_links_to_nothing(value: str) -> None:
    _, entry = read(f"relationships:\n  enables:{value}\ngraph_garden:\n  inferred_links:{value}\n")
    assert entry.links == ()
    assert set(entry.spans) == {"enables", INFERRED}


@pytest.mark.parametrize(
    ("item", "target", "step", "kind", "weight"),
    [
        pytest.param("a-b", "a-b", "", "", None, id="a bare string"),
        pytest.param("{target: a-b, type: enables, confidence: 0.7}", "a-b", "target", "enables", 0.7, id="target"),
        pytest.param("{slug: a-b, type: requires}", "a-b", "slug", "requires", None, id="slug"),
        pytest.param("{id: a-b}", "a-b", "id", "", None, id="id"),
        pytest.param("{target: a-b, slug: c-d, strength: 1}", "a-b", "target", "", None, id="the target counts"),
    ],
)
def test_what_an_inferred_link_links_to(item: str, target: str, step: str, kind: str, weight: float | None) -> None:
    _, entry = read(f"graph_garden:\n  inferred_links:\n    - {item}\n")
    (link,) = entry.links
    assert (link.relation, link.type, link.target, link.key, link.weight) == (INFERRED, kind, target, step, weight)
    assert not link.is_curated


def test_links_come_in_the_order_of_the_spec_then_inferred_ones() -> None:
    front = (
        "graph_garden:\n  inferred_links: [{target: e, type: enables}]\n"
        "relationships:\n  complementary: [d]\n  enables: [b, c]\n  generalizes_from: [a]\n  made_up: [x]\n"
    )
    _, entry = read(front)
    assert [(link.relation, link.index, link.target) for link in entry.links] == [
        ("generalizes_from", 0, "a"),
        ("enables", 0, "b"),
        ("enables", 1, "c"),
        ("complementary", 0, "d"),
        (INFERRED, 0, "e"),
    ]


def test_tools_of_8_2_point_outside_the_library() -> None:
    front = "relationships:\n  tools: [{slug: hammer}]\n  governed_by: [{slug: a}]\n"
    assert [link.target for link in read(front, "8.2")[1].links] == ["a"]
    assert [link.target for link in read(front, "7.1")[1].links] == ["hammer"]


def test_lists_of_1_3_stand_at_the_top() -> None:
    pattern, entry = read(f"related:\n  - {ID}\nrelationships:\n  enables: [a]\n", "1.3")
    (link,) = entry.links
    assert (link.relation, link.target) == ("related", ID)
    assert link_route(link, pattern.spec) == ("related", 0)


@pytest.mark.parametrize(
    ("link", "version", "route"),
    [
        (Link("enables", 2, "enables", "a", 0, 1), "7.1", ("relationships", "enables", 2, "slug")),
        (Link("enables", 2, "enables", "a", 0, 1, ""), "7.1", ("relationships", "enables", 2)),
        (Link("requires", 0, "requires", "a", 0, 1, "typeid"), "8.2", ("relationships", "requires", 0, "typeid")),
        (Link(INFERRED, 1, "enables", "a", 0, 1, "target"), "7.1", ("graph_garden", "inferred_links", 1, "target")),
        (Link("related", 3, "related", "a", 0, 1, "id"), "1.3", ("related", 3, "id")),
    ],
)
def test_the_route_of_a_link(link: Link, version: str, route: tuple[str | int, ...]) -> None:
    assert link_route(link, SPECS.by_version[version]) == route


VALUES = st.one_of(
    st.sampled_from(["a", "größe", "𝄞-b", '"a # b"', "'it''s'", "", "~", "7", "3.5", "[]", "{}", "2026-02-17", ID])
)
ITEMS = st.one_of(
    VALUES,
    st.dictionaries(st.sampled_from(["slug", "id", "typeid", "target", "weight", "type", "ä"]), VALUES, max_size=4).map(
        lambda pairs: f"{{{', '.join(f'{key}: {value}' for key, value in pairs.items())}}}"
    ),
)


@given(st.dictionaries(st.sampled_from(["enables", "tools", "alternatives"]), st.lists(ITEMS, max_size=4)), ITEMS)
def test_the_route_of_a_link_leads_to_its_place(lists: dict[str, list[str]], inferred: str) -> None:
    lines = [f"  {name}:\n" + "".join(f"    - {item}\n" for item in items) for name, items in lists.items()]
    pattern, entry = read(f"relationships:\n{''.join(lines)}graph_garden:\n  inferred_links:\n  - {inferred}\n")
    for link in entry.links:
        node = pattern.get(*link_route(link, pattern.spec))
        assert node is not None
        assert (node.value, node.span) == (link.target, link.span)
        assert entry.region(link.span) == pattern.region(link.span)
    found = {(link.relation, link.index) for link in entry.links}
    for name, items in lists.items():
        for index in range(len(items)):
            item = pattern.data["relationships"][name][index]
            assert ((name, index) in found) == bool(_names_something(item))


def _names_something(item: Any) -> bool:
    names = item if isinstance(item, dict) else {"slug": item}
    return any(isinstance(names.get(key), str) and names[key] for key in ("slug", "id", "typeid"))


# --- What becomes an entry --------------------------------------------------------------------------------------------


def test_an_entry_has_names_and_their_spans() -> None:
    front = f'# ═\nid: {ID}\nslug: größe\ntitle: "Über Größe"\naliases: ["Maß", 7, Umfang]\n'
    pattern, entry = read(front)
    assert (entry.path, entry.spec, entry.failed_to_parse, entry.internal) == ("größe.md", "7.1", False, True)
    assert (entry.id, entry.slug, entry.title, entry.aliases) == (ID, "größe", "Über Größe", ("Maß", "", "Umfang"))
    places = {name: pattern.source.slice(entry.span(name)) for name in entry.spans}
    assert places == {"id": ID, "slug": "größe", "title": '"Über Größe"', "aliases": '["Maß", 7, Umfang]'}
    assert [pattern.source.slice(Span(*span)) for span in entry.alias_spans] == ['"Maß"', "7", "Umfang"]
    assert entry.region(entry.span("title")) == Region(5, 8, 5, 20)
    assert entry.name == "größe"


@pytest.mark.parametrize("front", ["id: 7\nslug: 2.5\ntitle: [a]\naliases: a\n", "id:\nslug:\ntitle:\naliases:\n"])
def test_what_is_no_name_is_none(front: str) -> None:
    _, entry = read(front)
    assert (entry.id, entry.slug, entry.title, entry.aliases) == ("", "", "", ())
    assert set(entry.spans) == {"id", "slug", "title", "aliases"}
    assert entry.name == "größe.md"


def test_what_is_missing_is_at_the_start_of_the_file() -> None:
    _, entry = read("lifecycle: {}\n")
    assert entry.span("id") == Span(0, 0)
    assert entry.region(entry.span("id")) == WHOLE_FILE


def test_hubs_and_orbit() -> None:
    front = (
        'orbital_layer: 4\ngravitational_hubs:\n  - hub_id: "größe"\n    influence: 0.8\n'
        f"  - {ID}\n  - influence: 1\n  - 7\n  - {{hub_id: c}}\n"
    )
    pattern, entry = read(front, "8.2")
    assert entry.orbit == 4
    assert [(hub.index, hub.target, hub.step) for hub in entry.hubs] == [
        (0, "größe", "hub_id"),
        (1, ID, ""),
        (4, "c", "hub_id"),
    ]
    assert [pattern.source.slice(hub.span) for hub in entry.hubs] == ['"größe"', ID, "c"]
    assert pattern.source.slice(entry.span("hubs")) == "gravitational_hubs"
    assert pattern.source.slice(entry.span("orbit")) == "4"
    for hub in entry.hubs:
        route = ("gravitational_hubs", hub.index, hub.step) if hub.step else ("gravitational_hubs", hub.index)
        assert pattern.front.root.text(*route) == hub.target


@pytest.mark.parametrize("value", ["", " near", " true", ' "4"', " [4]"])
def test_an_orbit_that_is_no_number_is_none(value: str) -> None:
    _, entry = read(f"orbital_layer:{value}\ngravitational_hubs: near\n", "8.2")
    assert entry.orbit is None
    assert entry.hubs == ()
    assert {"orbit", "hubs"} <= set(entry.spans)


def test_7_1_has_no_orbit() -> None:
    _, entry = read("orbital_layer: 4\ngravitational_hubs: [a]\n", "7.1")
    assert (entry.orbit, entry.hubs) == (None, ())


@pytest.mark.parametrize(
    ("front", "names"),
    [
        (f"id: {ID}\nslug: größe\ntitle: Über\nontology: [\n", (ID, "größe", "Über")),
        (f"id: '{ID}'\nslug: \"größe\"  # the name\ntitle: 'Über # 5'\nontology: [\n", (ID, "größe", "Über # 5")),
        (f"id: {ID} # made up\nslug:\n  größe\ntitle: >-\n  Über\nontology: [\n", (ID, "", "")),
    ],
)
def test_a_file_that_does_not_parse_keeps_its_names(front: str, names: tuple[str, str, str]) -> None:
    parsed = parse(Source("größe.md", f"---\n{front}---\n".encode()), SPECS)
    assert parsed.kind is FileKind.BROKEN
    entry = build_entry(parsed)
    assert (entry.id, entry.slug, entry.title) == names
    assert (entry.path, entry.spec, entry.failed_to_parse, entry.links, entry.spans) == (
        "größe.md",
        "7.1",
        True,
        (),
        {},
    )
    assert entry.region(entry.span("slug")) == WHOLE_FILE


def test_a_file_that_follows_no_spec_is_an_entry_without_one() -> None:
    parsed = parse(Source("a.md", b"---\nslug: a\n---\n"), SPECS, named=True)
    entry = build_entry(parsed)
    assert (entry.spec, entry.slug, entry.failed_to_parse) == ("", "a", True)
    assert library(entry).spec(entry) is None


def test_an_entry_needs_no_text_to_know_lines() -> None:
    pattern, entry = read("title: a\r\nslug: b\r\nrelationships:\r\n  enables:\r\n  - c\r\n")
    (link,) = entry.links
    assert entry.region(link.span) == pattern.region(link.span) == Region(6, 5, 6, 6)
    assert len(entry.lines) == 7


# --- Look-ups ---------------------------------------------------------------------------------------------------------

A = Entry("a.md", "7.1", id="pat_1", slug="open-table", title="Open Table", aliases=("Long Bench", "…", ""))
B = Entry("b.md", "7.1", id="pat_2", slug="bench", title="open  TABLE!")
C = Entry("c.md", "1.3", id="pat_1", slug="open-table", internal=False)
D = Entry("d.md", "nowhere")


def test_entries_are_in_the_order_of_their_paths() -> None:
    for entries in ((A, B, C, D), (D, C, B, A)):
        known = library(*entries)
        assert list(known) == [A, B, C, D]
        assert list(known.targets) == [A, B, D]
        assert len(known) == 4


def test_lookup_by_name() -> None:
    known = library(D, C, B, A)
    assert known.by_slug == {"open-table": (A, C), "bench": (B,)}
    assert known.by_id == {"pat_1": (A, C), "pat_2": (B,)}
    assert known.by_title == {"open table": (A, B)}
    assert known.by_alias == {"long bench": (A,)}
    assert known.resolve("open-table") is A
    assert known.resolve("pat_2") is B
    assert known.resolve("") is None
    assert known.contains("bench")
    assert known.contains("pat_1")
    assert not known.contains("Open Table")
    assert known.spec(A) is SPECS.by_version["7.1"]
    assert known.spec(D) is None


def test_a_restricted_library_has_fewer_targets_and_the_same_entries() -> None:
    known = library(A, B, C, D)
    part = known.restricted_to({"7.1"})
    assert part.targets == tuple(one for one in known.targets if one.spec == "7.1") != known.targets
    assert [part.is_target(one) for one in known] == [one in part.targets for one in known]
    assert part.entries == known.entries
    assert part.store is known.store


def test_a_slug_counts_before_an_id() -> None:
    named = Entry("z.md", "7.1", slug="pat_1")
    assert library(A, named).resolve("pat_1") is named


def test_a_hub_has_its_span() -> None:
    assert Hub(0, "a", 3, 4).span == Span(3, 4)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Open Table", "open-table"),
        ("  Open\tTable! ", "“Open” (Table)"),
        ("STRASSE", "Straße"),
        ("Über_Größe", "über größe"),
        ("Cafe\u0301", "Café"),
    ],
)
def test_titles_that_are_the_same_to_a_reader(one: str, other: str) -> None:
    assert fold_title(one) == fold_title(other)


@pytest.mark.parametrize(("one", "other"), [("Selfcare", "Self-Care"), ("Table 1", "Table 2"), ("Cafe", "Café")])
def test_titles_that_differ(one: str, other: str) -> None:
    assert fold_title(one) != fold_title(other)


@given(st.text())
def test_folding_is_idempotent(title: str) -> None:
    folded = fold_title(title)
    assert fold_title(f"{title}\u00a0—") == folded
    assert fold_title(folded) == folded
    assert folded == " ".join(folded.split())
