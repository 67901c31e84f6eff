"""Links in the text: which are found, which form they have, and which addresses are broken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patternlint.document.text_links import TextLink
from patternlint.parser.markdown.text_links import checked_links, links_between
from patternlint.source import Source
from patternlint.spec.body import LinkForm

ALL: tuple[LinkForm, ...] = ("path", "wiki", "name")


def destinations(text: str) -> list[str]:
    return [link.destination for link in checked_links(Source("a.md", text.encode()), 0, ALL)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Öl [a](b.md), [a](<b c.md>) [a](./b.md#c 'd')", ["b.md", "b c.md", "./b.md#c"]),
        ("[a](b) [a](./b) [a](b/c) [a](../b) [a](b.png) [a](#b) [a]()", ["b", "./b"]),
        ("[a](https://b.md) [a](mailto:b.md) [a](/b.md) [a](x:b.md)", []),
        ("[a][b]\n\n[b]: ../c.md", ["../c.md"]),
        ("[[a]] [[a|b]] [[a#b]] ![[c]] [[d/e.md]]", ["a", "a", "a#b", "c", "d/e.md"]),
        ("| [[a\\|b]] |\n|---|\n| [[c]] |", ["a", "c"]),
        ("[[1]] [[2023, 2]] [[a]](b.md) [[#c]]", ["b.md"]),
        ("![a](b.md) ![a](b)", []),
        ("`[a](b.md)` `[[c]]` \\[a](b.md)\n\n    [a](b.md)\n\n```\n[[c]]\n```\n\n<div>\n[a](b.md)\n</div>", []),
        ("- [ ] task ](x\n\n> [!NOTE] Öl", []),
    ],
)
def test_links_to_other_files_are_found(text: str, expected: list[str]) -> None:
    assert destinations(text) == expected


@pytest.mark.parametrize("forms", [("path",), ("wiki",), ("name",)])
def test_only_the_forms_of_the_spec_are_found(forms: tuple[LinkForm, ...]) -> None:
    source = Source("a.md", b"[a](b.md) [[c]] [d](e)")
    assert [link.form for link in checked_links(source, 0, forms)] == list(forms)


PIECES = st.sampled_from(
    ["[a](", "[a]: ", "[[", "]]", "](", "]", ")", "<", ">", "\n", "\n\n", " ", "b.md", "c", "https://x.org", "https.www.x/", "http://y", "#z", "mailto:q", "|", "`", "!", "Ö", "- ", "[^1]", "\\", "…\u2028", "   ", "![a]("]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30).map("".join))
def test_the_scan_for_candidates_misses_no_link(text: str) -> None:
    source = Source("a.md", text.encode())
    found = links_between(source, 0, len(text))
    assert all(text[link.start : link.end] == link.destination for link in found)
    expected = [link for link in found if link.form is not None and not link.is_wiki]
    assert [link for link in checked_links(source, 0, ALL) if not link.is_wiki] == expected


@pytest.mark.parametrize(
    ("destination", "repaired"),
    [
        ("https.www.example.org/a", "https://www.example.org/a"),
        ("http//example.org", "http://example.org"),
        ("htps://example.org", "https://example.org"),
        ("htttp://example.org", "http://example.org"),
        ("ttps://example.org", "https://example.org"),
        ("hhtp://example.org", "http://example.org"),
        ("https:/example.org", "https://example.org"),
        ("https:example.org", "https://example.org"),
        ("https.example.org/a", ""),
        ("https.org/a", ""),
        ("www.example.org", ""),
        ("https:", ""),
    ],
)
def test_a_broken_address_is_repaired_where_it_is_certain(destination: str, repaired: str) -> None:
    link = TextLink(0, 1, destination)
    assert (link.is_broken_address, link.form, link.repaired_address) == (True, "path", repaired)


@pytest.mark.parametrize(
    "destination",
    ["https://a.org", "HTTP://a.org", "http:///a", "ssh://a", "shttp://a", "ftp://a", "http.md", "https.server.md", "www.md",
     "www", "http", "a/www.example.org", "tps:a", "mailto:www.a@example.org", "../https.a/b.md"],
)  # fmt: skip
def test_other_destinations_are_not_broken_addresses(destination: str) -> None:
    assert not TextLink(0, 1, destination).is_broken_address


@given(st.text("htps:/.w-Öa1", max_size=20))
def test_a_repaired_address_is_not_broken(destination: str) -> None:
    link = TextLink(0, 1, destination)
    if link.is_broken_address and link.repaired_address:
        assert not TextLink(0, 1, link.repaired_address).is_broken_address
