from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patternlint.editor.completion import Items, Kind, complete
from patternlint.editor.names import Name, NameIndex
from tests.support.views import edited, names_of, text_of, view_of

_FILE = "rain-garden-street.md"
_LINK = "    - slug: neighbourhood-assemblage\n"


def completed(old: str, new: str, name: str = _FILE) -> Items:
    """Return what can be written at the `|` in `new`, which stands for `old` in a file."""
    view, offset = edited(name, old, new)
    return complete(view, offset, lambda: names_of(view), ["layout", "dangling-target"])


def labels(items: Items) -> list[str]:
    return [item.label for item in items.items]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("neigh", "neighbourhood-assembly"),
        ("assem", "neighbourhood-assembly"),
        ("comm liv", "living-commons"),
        ("Café", "repair-cafe"),
        ("owner", "care-before-ownership"),
    ],
)
def test_patterns_are_found_by_words_of_slug_and_title(typed: str, expected: str) -> None:
    items = completed(_LINK, f"    - slug: {typed}|\n")
    assert labels(items)[0] == expected
    assert items.is_incomplete
    first = items.items[0]
    assert (first.kind, first.text, first.span.end - first.span.start) == (Kind.PATTERN, expected, len(typed))


def test_all_related_patterns_are_offered_before_anything_is_typed() -> None:
    found = labels(completed(_LINK, "    - slug: |\n"))
    assert "living-commons" in found
    assert "rain-garden-street" not in found  # itself


def test_a_pattern_that_expects_a_link_in_return_comes_first() -> None:
    found = labels(completed("    - slug: repair-cafe\n", "    - slug: |\n", "neighbourhood-assembly.md"))
    assert found[0] in ("open-ledger-evening", "repair-cafe")


def test_what_the_list_already_has_comes_last() -> None:
    items = completed(
        "    - slug: small-circles\n", "    - slug: small-circles\n    - slug: |\n", "neighbourhood-assembly.md"
    )
    marked = [item.label for item in items.items if item.is_listed]
    assert marked == labels(items)[-len(marked) :]


@pytest.mark.parametrize(
    ("new", "text"),
    [
        ("    - |\n", "slug: neighbourhood-assembly"),
        ("    |\n", "- slug: neighbourhood-assembly"),
        ("    - slug:|\n", " neighbourhood-assembly"),
        ("    - slug: '|'\n", "neighbourhood-assembly"),
        ("    - {slug: neigh|}\n", "neighbourhood-assembly"),
    ],
)
def test_a_new_item_has_the_form_of_the_specification(new: str, text: str) -> None:
    found = completed(_LINK + "      weight: 0.7\n", new)
    assert text in [item.text for item in found.items]


def test_hubs_are_patterns() -> None:
    view = view_of("living-commons.md", text_of("living-commons.md"))
    place = next(named for named in view.names() if named.place.relation == "hub")
    items = complete(view, place.span.end, lambda: names_of(view))
    assert place.name in [item.text for item in items.items]


def test_keys_that_are_missing_are_offered() -> None:
    text = text_of(_FILE)
    start = text.index("  status: ")
    line = text[start : text.index("\n", start) + 1]
    items = completed(line, "  |\n")
    assert labels(items) == ["status"]
    assert (items.items[0].kind, items.items[0].text) == (Kind.KEY, "status: ")
    assert "draft" in items.items[0].about
    assert "context_labels" not in labels(completed("context_labels:\n", "con|\ncontext_labels:\n"))


def test_a_key_brings_its_colon() -> None:
    items = completed("license: ", "lic|: ")
    assert [item.text for item in items.items if item.label == "license"] == ["license"]
    items = completed("license: ", "lic|\nattribution: ")
    assert [item.text for item in items.items if item.label == "license"] == ["license: "]


def test_values_of_the_schema_are_offered() -> None:
    text = text_of(_FILE)
    start = text.index("  status: ")
    line = text[start : text.index("\n", start) + 1]
    assert "draft" in labels(completed(line, "  status: |\n"))
    assert completed(line, "  status:|\n").items[0].text.startswith(" ")


def test_missing_sections_are_offered_in_the_body() -> None:
    found = labels(completed("### Section 8", "### |\n\n### Section 8"))
    assert "### Section 7: Cognitive Era" in found
    assert not any("Section 3" in label for label in found)


def test_rules_are_offered_in_suppressions() -> None:
    items = completed(_LINK, f"    # patternlint: ignore[lay|]\n{_LINK}")
    assert labels(items) == ["dangling-target", "layout"]
    assert items.items[0].span.end - items.items[0].span.start == 3


@pytest.mark.parametrize("before", ['title: "', "summary: >-\n  A", "\nid: ", "\nslug: "])
def test_free_text_and_own_names_have_no_completion(before: str) -> None:
    view = view_of(_FILE, text_of(_FILE))
    at = view.text.index(before) + len(before)
    assert not complete(view, at, lambda: names_of(view)).items


def test_while_the_front_matter_is_invalid_completion_works() -> None:
    view, offset = edited(_FILE, _LINK, "    - slug: neigh|\n  broken: [\n")
    assert view.parsed.pattern is None
    assert labels(complete(view, offset, lambda: names_of(view)))[0] == "neighbourhood-assembly"


_WORDS = st.sampled_from(["garden", "gardens", "street", "circle", "of", "a"])


@given(
    st.lists(st.lists(_WORDS, min_size=1, max_size=4).map("-".join), max_size=30),
    st.lists(_WORDS, min_size=1, max_size=2),
)
def test_the_index_finds_what_a_scan_finds(slugs: list[str], words: list[str]) -> None:
    names = [Name(slug) for slug in slugs]
    expected = [
        name for name in names if all(any(part.startswith(word) for part in name.slug.split("-")) for word in words)
    ]
    assert [name for name, _ in NameIndex(names).find(words)] == expected


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(text_of(_FILE))), st.text(alphabet="a:-[]{}\"'|#, \n", max_size=3))
def test_completion_never_fails(offset: int, typed: str) -> None:
    text = text_of(_FILE)
    text = text[:offset] + typed + text[offset:]
    view = view_of(_FILE, text)
    items = complete(view, offset + len(typed), lambda: names_of(view))
    for item in items.items:
        assert item.span.start <= offset + len(typed)
        assert "\n" not in text[item.span.start : item.span.end]
