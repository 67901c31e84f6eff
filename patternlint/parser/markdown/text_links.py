"""Links in Markdown with exact positions of their destinations. Code is ignored."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping
from itertools import accumulate
from typing import Any, cast

import pyromark
from msgspec.structs import replace

from patternlint.document.text_links import TextLink
from patternlint.parser.markdown.commonmark import offset_converter
from patternlint.source import Source
from patternlint.spec.body import LinkForm

_PLAIN = pyromark.Markdown()
_WIKI = pyromark.Markdown(options=pyromark.Options.ENABLE_WIKILINKS | pyromark.Options.ENABLE_TABLES)
_DEFINITION = re.compile(
    r"^[ \t>]*(?:[-*+] +|\d{1,9}[.)] +)?\[(?!\^)(?:\\.|[^\[\]\\])+\]:[ \t]*\n?[ \t]*<?(?P<to>[^\s<>]+)", re.MULTILINE
)
"""A link reference definition, maybe in a quote or a list. A label with `^` is a footnote to most renderers."""

_LINKS = ("Link", "Image")
_OPAQUE = ("CodeBlock", "HtmlBlock")


_HARMLESS = ("http://", "https://", "#", "mailto:")
"""Beginnings of destinations that are not checked: what most links of a library are."""


def checked_links(source: Source, start: int, forms: Collection[LinkForm]) -> tuple[TextLink, ...]:
    """Return the links of some forms from offset `start` to the end, in order."""
    text = source.text
    if not _has_candidate(text, start):
        return ()
    return tuple(
        [
            link
            for link in links_between(source, start, len(text))
            if link.form in forms and not _is_citation(link, text)
        ]
    )


def _has_candidate(text: str, start: int) -> bool:
    """Return whether a text may have a link to check. Parsing a text takes a hundred times as long."""
    at = text.find("]", start)
    while at >= 0:
        following = text[at + 1 : at + 2]
        if following == "]" or (
            following in ("(", ":") and not text[at + 2 : at + 12].lstrip(" <\n").startswith(_HARMLESS)
        ):
            return True
        at = text.find("]", at + 1)
    return False


def _is_citation(link: TextLink, text: str) -> bool:
    """Return whether a wiki link is the number of a source, `[[1]]`, or the text of another link, `[[1]](address)`."""
    if not link.is_wiki:
        return False
    closing = text.find("]]", link.end) + 2
    return text.startswith("(", closing) or not any(map(str.isalpha, link.name))


def links_between(source: Source, start: int, end: int) -> list[TextLink]:
    """Return inline links, images, wiki links and link reference definitions from offset `start` to `end`, in order.

    Destinations with escapes or entities are left out, since they cannot be replaced verbatim.
    """
    text = source.text[start:end]
    found = set(_links(_PLAIN, text, start))
    if "[[" in text:
        found.update(_links(_WIKI, text, start))
    return sorted(found)


def _links(parser: pyromark.Markdown, text: str, start: int) -> Iterator[TextLink]:
    at = offset_converter(text, 0)
    content: list[tuple[int, int]] = []
    opened: list[tuple[Mapping[str, Any], int]] = []
    for event, place in parser.events_with_range(text):
        first, last = at(place["start"]), at(place["end"])
        tag, value = next(iter(cast("Mapping[str, Any]", event).items())) if isinstance(event, dict) else (event, None)
        if tag == "Start":
            kind, inside = next(iter(value.items())) if isinstance(value, dict) else (value, {})
            if kind in _LINKS:
                opened.append((inside, first + 1))
            elif kind in _OPAQUE:
                content.append((first, last))
            continue
        if tag != "End":
            content.append((first, last))
        elif value in _LINKS:
            found = _link(*opened.pop(), text, first, last)
            if found is not None:
                yield replace(found, start=start + found.start, end=start + found.end)
        if opened:
            opened[-1] = opened[-1][0], max(opened[-1][1], last)
    if "]:" in text:
        yield from _definitions(text, start, content)


def _link(link: Mapping[str, Any], inside: int, text: str, first: int, last: int) -> TextLink | None:
    """Return the link from `first` to `last` whose text ends at `inside`."""
    kind: object = link["link_type"]
    destination = str(link["dest_url"])
    if isinstance(kind, dict):
        begin, destination = text.index("[[", first) + 2, destination.rstrip("\\")  # in a table, `|` is escaped
    elif kind == "Inline":
        begin = text.find("](", inside, last) + 2
        while begin < last and text[begin] in " \t\r\n<":
            begin += 1
    else:
        return None
    if not destination or not text.startswith(destination, begin):
        return None
    return TextLink(begin, begin + len(destination), destination, isinstance(kind, dict), text[first] == "!")


def _definitions(text: str, start: int, content: list[tuple[int, int]]) -> Iterator[TextLink]:
    """Yield the destinations of link reference definitions, which are not part of the content for the parser."""
    content.sort()
    furthest = list(accumulate((last for _, last in content), max))
    for match in _DEFINITION.finditer(text):
        begin, end = match.span("to")
        before = bisect_left(content, (end,))  # the number of contents that begin before `end`
        if not before or furthest[before - 1] <= begin:
            yield TextLink(start + begin, start + end, match["to"])
