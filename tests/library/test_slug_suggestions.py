from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from patternlint.library.entry import Entry
from patternlint.library.library import Library
from patternlint.library.slug_suggestions import SlugSuggester
from patternlint.spec.loader import load_specs

SPECS = load_specs()


PARTS = ("ce", "open", "opens", "opener", "table", "tables", "the", "of", "long", "a", "öven")
SLUGS = st.lists(st.sampled_from(PARTS), min_size=1, max_size=4).map("-".join)

ASKER = Entry("asker.md", "7.1", slug="asker")


def meant_by(library: Library, target: str, asker: Entry = ASKER) -> str | None:
    found = library.suggest(target, asker)
    return found.slug if found is not None else None


@pytest.mark.parametrize(
    ("target", "meant"),
    [
        pytest.param("ce-shared-meals", "shared-meals", id="prefix dropped"),
        pytest.param("night-watch", "ce-night-watch", id="prefix added"),
        pytest.param("tools-library-in-the-street", "library-of-tools-street", id="small words and order"),
        pytest.param("adverse-growth", "adversarial-growth", id="one word, begins alike"),
        pytest.param("shared-meat", "shared-meals", id="one word differs before two letters do"),
        pytest.param("shraed-meals", "shared-meals", id="two letters"),
        pytest.param("sharedmeals", "shared-meals", id="a hyphen"),
        pytest.param("adversarial", "adversarial-growth", id="beginning of a slug"),
        pytest.param("shared-meals-for-all-who-come", "shared-meals", id="a slug is its beginning"),
        pytest.param("adversarial-gro", "adversarial-growth", id="cut in a word"),
        pytest.param("something-else", None, id="nothing near"),
        pytest.param("of-the", None, id="small words alone are nothing"),
        pytest.param("shoes", None, id="one word that begins alike is another word"),
        pytest.param("cat", None, id="two letters of three"),
        pytest.param("", None, id="empty"),
    ],
)
def test_what_was_meant(target: str, meant: str | None) -> None:
    slugs = ["shared-meals", "ce-night-watch", "library-of-tools-street", "adversarial-growth", "shop", "bar"]
    assert SlugSuggester(slugs).nearest(target) == meant
    assert SlugSuggester(reversed(slugs)).nearest(target) == meant


def test_words_count_before_letters() -> None:
    slugs = ["open-table", "openly-tablet", "table-of-the-open"]
    assert SlugSuggester(slugs).nearest("the-table-open") == "open-table"
    assert SlugSuggester(["ce-open-table", "table-open"]).nearest("open-table") == "ce-open-table"


def test_of_several_the_nearest_counts_then_the_first() -> None:
    assert (
        SlugSuggester(["interval-practice", "interview-practice"]).nearest("interactive-practice")
        == "interval-practice"
    )
    assert SlugSuggester(["advent-risk", "adverbial-risk", "adverb-risk"]).nearest("adversity-risk") == "adverb-risk"
    assert (
        SlugSuggester(["garden-share-long", "garden-share-b", "garden-share-a"]).nearest("garden-share")
        == "garden-share-a"
    )
    assert SlugSuggester(["gather", "lather", "rather"]).nearest("zather") == "gather"


def test_a_pattern_does_not_mean_itself() -> None:
    slugs = ["open-table-a", "open-table-b"]
    assert SlugSuggester(slugs).nearest("open-table") == "open-table-a"
    assert SlugSuggester(slugs).nearest("open-table", without="open-table-a") == "open-table-b"


def test_a_title_counts_first_then_an_alias() -> None:
    entries = [
        Entry("a.md", "7.1", slug="open-tables", title="Offene Tische"),
        Entry("b.md", "7.1", slug="long-bench", title="Long Bench", aliases=("Open Table", "Größe!")),
        Entry("c.md", "7.1", slug="another-bench", title="Another Bench", aliases=("Open Table",)),
        Entry("d.md", "7.1", slug="kitchen", title="Größe"),
    ]
    for ordered in (entries, entries[::-1]):
        known = Library.build(ordered, SPECS)
        assert meant_by(known, "open-table") == "another-bench"
        assert meant_by(known, "open-table", entries[2]) == "long-bench"
        assert meant_by(known, "größe") == "kitchen"
        assert meant_by(known, "Long Bench") == "long-bench"
        assert meant_by(known, "nothing-like-it") is None


def test_an_id_is_compared_with_ids() -> None:
    known = Library.build([Entry("a.md", "1.3", id="pat_01kg5023vdecr9aqhgjf4vp12v", slug="pat")], SPECS)
    assert known.suggest("pat_01kg5023vdecr9aqhgjf4vp12w", ASKER) is known.entries[0]
    assert known.suggest("pat_01kg5023vdecr9aqhgjf4vp12w", known.entries[0]) is None
    assert known.suggest("pat_01kg5023vdecr9aqhgjf4zzzzz", ASKER) is None


SHORT = st.text("ab-", min_size=0, max_size=9)


@given(st.lists(SHORT), SHORT)
def test_no_slug_with_few_edits_is_missed(slugs: list[str], target: str) -> None:
    edits = min(2, len(target) // 3)
    expected = sorted((away, slug) for slug in set(slugs) if (away := Levenshtein.distance(slug, target)) <= edits)
    assert list(SlugSuggester(slugs).within_edit_distance(target)) == [slug for _, slug in expected]


WORDS = st.sampled_from(["a", "ab", "abc", "abcd", "abce", "abc*", "xyz", "of", "the", "x", ""])
SLUGS = st.lists(WORDS, min_size=1, max_size=5).map("-".join)


@given(st.lists(SLUGS | SHORT, max_size=30), SLUGS | SHORT, SLUGS)
def test_many_typos_give_the_same_result_as_a_few(slugs: list[str], target: str, without: str) -> None:
    many = SlugSuggester(slugs)
    for number in range(30):
        many.nearest(f"some-{number}")
    assert SlugSuggester(slugs).nearest(target, without) == many.nearest(target, without)


def test_thousands_of_typos_among_tens_of_thousands_of_slugs_are_fast() -> None:
    heads = [f"{a}{b}{c}" for a in "bdfgklmnprst" for b in "aeiou" for c in "bdfgklmnprst"]
    slugs = [f"{one}-{two}-{heads[(n * m) % 720]}" for n, one in enumerate(heads) for m, two in enumerate(heads[:75])]
    assert len(slugs) == 54_000
    found = SlugSuggester(slugs)
    start = time.process_time()
    assert all(found.nearest(f"{slug}xyz-{slug}") is not None for slug in slugs[::54])
    assert all(found.nearest(f"q{slug}-qqq") is None for slug in slugs[::54])
    assert time.process_time() - start < 20


@given(
    st.lists(SLUGS, max_size=12), st.lists(SLUGS, max_size=3), st.lists(SLUGS, max_size=3), st.lists(SLUGS, max_size=4)
)
def test_changed_slugs_give_the_suggestions_of_a_new_suggester(
    slugs: list[str], added: list[str], removed: list[str], targets: list[str]
) -> None:
    base = SlugSuggester(slugs)
    once = base.with_changes(added, set(removed) - set(added))
    again = once.with_changes(removed, added)
    for _ in range(4):  # the first lookups scan, later ones use indexes
        for target in targets:
            kept = (set(slugs) - set(removed)) | set(added)
            assert once.nearest(target) == SlugSuggester(kept).nearest(target)
            assert again.nearest(target) == SlugSuggester((kept - set(added)) | set(removed)).nearest(target)
            assert base.nearest(target) == SlugSuggester(slugs).nearest(target)


def test_removed_slugs_do_not_count_among_too_many_candidates() -> None:
    many = [f"opening-{number}" for number in range(1_000, 2_001)]
    suggester = SlugSuggester(many)
    for _ in range(10):
        assert suggester.nearest("opening") is None
    assert suggester.with_changes((), many[:1]).nearest("opening") == SlugSuggester(many[1:]).nearest("opening")
    assert suggester.with_changes((), many[:1]).nearest("opening") is not None
