"""Front matter in any form keeps its data, its comments and its text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from patternlint.migrate.front import LibraryView
from tests.support.migration import migrated
from tests.support.pattern_strategy import Writer, comments_of, is_readable, load, patterns

VIEW = LibraryView({"wood": ("wood", "forest")}.get, lambda _: False)
KEYS_OF_1_3 = ("id", "slug", "title", "aliases", "version", "created", "contributors", "sources", "license", "own")
TITLES = ("1. Overview", "2. Core Principles", "Notes", "4. Application Context", "5. Implementation (300–500 words)")


def scalars(value: Any) -> Iterator[str]:
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    if children is None:
        yield repr(value)
    else:
        for child in children:
            yield from scalars(child)


def text_of(data: bytes) -> Counter[str]:
    """Count the lines of the text, without headings and rules."""
    _, _, text = data.decode().replace("\r\n", "\n").partition("\n---\n")
    return Counter(line.strip() for line in text.split("\n") if line.strip(" -") and not line.lstrip().startswith("#"))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(data=patterns())
def test_any_form_of_7_1_keeps_its_data(data: bytes) -> None:
    assume(is_readable(data) and isinstance(load(data), dict))
    result = migrated(data, "7.1", "8.2", VIEW)
    assume(result is not None)
    assert result is not None
    new, refused = result
    assume(not refused)  # a text block that keeps its blank lines cannot stand above a banner
    before, after = load(data), load(new)
    assert {key: after.get(key) for key in before} == before
    assert after.keys() - before.keys() == {"orbital_layer", "sector", "gravitational_hubs"}
    assert comments_of(data) == comments_of(new)
    assert text_of(data) == text_of(new)


@st.composite
def older_patterns(draw: Callable[..., Any]) -> bytes:
    """Draw a file of 1.3. Most of them are valid YAML; callers skip the others."""
    writer = Writer(draw)
    words = st.sampled_from(["garden", "Gärten: #1", "it's", "1.0.0", "1.0", "2026-01-01", "x" * 90, '"so"', "yes"])
    for key in draw(st.permutations(KEYS_OF_1_3)):
        writer.odd_lines(0)
        if key in ("aliases", "contributors", "sources"):
            writer.words(f"{key}:", 0, draw(st.lists(words, max_size=3)))
        else:
            writer.scalar(f"{key}:", 0, draw(words))
    writer.lines.append("classification:")
    for key in draw(st.permutations(("domain", "category", "status", "commons_domain", "era"))):
        writer.odd_lines(writer.step)
        if key == "category":
            writer.words("category:", writer.step, draw(st.lists(words, max_size=3)))
        else:
            writer.scalar(f"{key}:", writer.step, draw(words))
    for key in ("enables", "related"):
        writer.words(f"{key}:", 0, draw(st.lists(st.sampled_from(["wood", "pat_2", "a b"]), max_size=3)))
    eol = draw(st.sampled_from(["\n", "\r\n"]))
    level = draw(st.sampled_from(["#", "##", "###"]))
    sections = draw(st.lists(st.sampled_from(TITLES), max_size=6))
    body = "".join(
        f"{level} {title}\n\n{draw(st.sampled_from(['', 'Text. More e.g. here.', '- a', '#' + level + ' Sub']))}\n\n"
        for title in sections
    )
    return "\n".join(["---", *writer.lines, "---", "", body]).replace("\n", eol).encode()


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(data=older_patterns())
def test_any_form_of_1_3_is_found_again_in_7_1(data: bytes) -> None:
    assume(is_readable(data) and isinstance(load(data), dict))
    result = migrated(data, "1.3", "7.1", VIEW)
    assume(result is not None)
    assert result is not None
    new, refused = result
    assume(not refused)  # a text block that keeps its blank lines cannot stand above a banner
    assert not Counter(scalars(load(data))) - Counter(scalars(load(new)))
    assert not comments_of(data) - comments_of(new)
    assert not text_of(data) - text_of(new)


def test_most_forms_can_be_migrated() -> None:
    plain = b"---\nid: a\nslug: b\nclassification:\n  domain: life\nenables: [wood]\n---\n\n### 1. Overview\n\nText.\n"
    result = migrated(plain, "1.3", "7.1", VIEW)
    assert result is not None
    assert not result[1]
    assert b"slug: forest" in result[0]
