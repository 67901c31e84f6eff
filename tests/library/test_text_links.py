"""Where links in the text lead, which are broken, and which of them a change concerns."""

from __future__ import annotations

import pytest

from patternlint.document.text_links import TextLink
from patternlint.library.concern import concerned
from patternlint.library.entry import Entry
from patternlint.library.library import Library
from patternlint.library.text_links import is_broken, linking_to, target_of
from patternlint.spec.model import SpecRegistry


def entry(path: str, slug: str = "", *destinations: str, title: str = "", left_alone: str = "") -> Entry:
    links = tuple(TextLink(0, 1, one.removeprefix("[["), one.startswith("[[")) for one in destinations)
    spec = "" if left_alone else "7.1"
    return Entry(path, spec, f"pat_{slug}", slug, title, (f"Old {slug}",), text_links=links, left_alone=left_alone)


ENTRIES = [
    entry("a/bread.md", "bread", title="Größe"),
    entry("a/file.md", "salt"),
    entry("a/notes.md", left_alone="the file is empty"),
    entry("a/sub/far.md", "far"),
    entry("b/oil.md", "oil"),
]


@pytest.mark.parametrize(
    ("destination", "target"),
    [
        ("bread.md", "a/bread.md"),
        ("../b/oil.md#x", "b/oil.md"),
        ("oil.md", "broken"),
        ("../b/gone.md", "broken"),
        ("../new/gone.md", "broken"),
        ("new/deep/gone.md", None),
        (".hidden/gone.md", None),
        ("../../gone.md", None),
        ("excluded.md", None),
        ("notes.md", "a/notes.md"),
        ("notes", "a/notes.md"),
        ("oil", "b/oil.md"),
        ("pat_oil", "b/oil.md"),
        ("file", "a/file.md"),
        ("gone", "broken"),
        ("Gone", None),
        ("sub", None),
        ("[[größe", "a/bread.md"),
        ("[[old bread#part", "a/bread.md"),
        ("[[x/oil.md", "b/oil.md"),
        ("[[Gone", "broken"),
        ("[[README", None),
        ("[[gone.png", None),
        ("https.www.example.org", "broken"),
    ],
)
def test_a_link_leads_to_a_file_or_nowhere(destination: str, target: str | None, specs: SpecRegistry) -> None:
    here = entry("a/here.md", "here", destination)
    library = Library.build([*ENTRIES, here], specs, excluded=("a/excluded.md",))
    found = target_of(library, here, here.text_links[0])
    assert (found.path if found is not None else None) == (None if target == "broken" else target)
    assert is_broken(library, here, here.text_links[0]) == (target == "broken")
    if found is not None:
        assert list(linking_to(library, found)) == [here]


@pytest.mark.parametrize(
    ("destination", "path", "slug"),
    [
        ("new/gone.md", "new/first.md", "first"),
        ("new/gone.md", "next/first.md", "first"),
        ("sub", "sub/first.md", "first"),
        ("first", "c/first.md", "other"),
        ("[[old first", "c/first.md", "first"),
    ],
)
def test_a_change_concerns_the_links_that_it_breaks_or_repairs(
    destination: str, path: str, slug: str, specs: SpecRegistry
) -> None:
    here = entry("here.md", "here", destination)
    libraries = [Library.build(entries, specs) for entries in ([here], [here, entry(path, slug)])]
    broken = [is_broken(library, here, here.text_links[0]) for library in libraries]
    assert broken[0] != broken[1]
    for before, after in (libraries, libraries[::-1]):
        change = before.entry(path), after.entry(path)
        assert here.path in concerned(before, after, [change])


def test_a_change_concerns_the_other_patterns_with_a_name(specs: SpecRegistry) -> None:
    here, other = entry("here.md", "here", "bench"), entry("bench.md", "seat")
    new = entry("sub/new.md", "bench")
    libraries = [Library.build(entries, specs) for entries in ([here, other], [here, other, new])]
    assert [[one.path for one in linking_to(library, other)] for library in libraries] == [["here.md"], []]
    assert concerned(libraries[0], libraries[1], [(None, new)]) == {"here.md", "bench.md", "sub/new.md"}
