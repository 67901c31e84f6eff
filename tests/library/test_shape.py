"""The shape of a library: letters, parts of the alphabet, sets of scores, copied sentences."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from patternlint.library.sentences import (
    DIGEST_SIZE,
    copied_percentage,
    copied_sentences,
    digest,
    frequent_sentences,
    sentence_digests,
    sentences,
    wording,
)
from patternlint.library.shape import PARTS, alphabet_shape, score_shape

SLUGS = st.lists(st.text("abö-", min_size=1, max_size=4), unique=True, max_size=60)
LONG = "This sentence is long enough to count as one that somebody copied"


@given(SLUGS, st.dictionaries(st.text("abö-", min_size=1, max_size=4), st.integers(1, 9)))
def test_every_link_and_slug_has_one_letter(slugs: list[str], targets: dict[str, int]) -> None:
    shape = alphabet_shape(slugs, targets)
    assert (shape.links, shape.patterns) == (sum(targets.values()), len(slugs))
    assert len(shape.parts) == len(shape.firsts) == min(PARTS, len(slugs))
    assert sum(shape.parts) == sum(targets.get(slug, 0) for slug in slugs)
    assert list(shape.firsts) == sorted(shape.firsts)


def test_only_patterns_with_all_scores_are_compared() -> None:
    shape = score_shape([{"a": 1, "b": 2.5}, {"a": 1, "b": 2.5}, {"a": 3}, {}], [3.44, None, 3.4])
    assert shape.dimensions == ("a", "b")
    assert shape.sets == (((1.0, 2.5), 2),)
    assert shape.values == (((1.0, 2),), ((2.5, 2),))
    assert shape.overall == ((3.4, 2),)


def test_what_counts_as_a_sentence() -> None:
    text = (
        f"---\ntitle: Öven\nsummary: >-\n  {LONG}\n  over two lines. Short.\nurl: https://example.org/{LONG}\n---\n"
        f"# {LONG}\n\n| {LONG} | x |\n\n**Öven** says: {LONG}!\n- {LONG}\n"
    )
    assert list(sentences(text, "Öven")) == [f"{LONG} over two lines", f"… says: {LONG}", LONG]


@given(st.dictionaries(st.text("abc", max_size=2), st.lists(st.sampled_from("xyz"), max_size=5), max_size=6))
def test_copied_sentences(words: dict[str, list[str]]) -> None:
    texts = {path: "".join(f"{LONG} {word}.\n\n" for word in some) for path, some in words.items()}
    digests = {path: sentence_digests(text, "") for path, text in texts.items()}
    frequent = frequent_sentences(digests.values(), 2)
    found = copied_sentences(digests, frequent)
    expected = Counter(word for some in words.values() for word in set(some))
    counts = {wording(one, texts[one.path], ""): one.count for one in found}
    assert counts == {f"{LONG} {word}": count for word, count in expected.items() if count > 1}
    for path, some in words.items():
        shares = [expected[word] > 1 for word in set(some)]
        percentage = round(100 * sum(shares) / len(shares)) if shares else None
        assert copied_percentage(digests[path], frequent) == percentage
    assert all(len(one.digest) == DIGEST_SIZE and digest(f"{LONG} x") for one in found)
