"""Links in the text of a pattern: what they name, and addresses that no browser can open."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote

from msgspec import Struct

from patternlint.document.identifiers import is_markdown_name
from patternlint.source import Span
from patternlint.spec.body import LinkForm

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(/*)")
_REPAIRABLE = re.compile(r"(https?)(?:\.(?=www\.)|//(?=[^/]))")
_WITHOUT_SCHEME = re.compile(r"https?//|https?\.(?:www\.|[\w.-]+/)|www\.[\w-]+\.\w")


def _misspellings(scheme: str) -> set[str]:
    """Return a scheme with one letter left out, doubled, replaced by the one before it, or exchanged with the next."""
    places = range(len(scheme))
    return {
        scheme[:at] + middle + scheme[at + length :]
        for at in places
        for length, middle in (
            (1, ""),
            (1, scheme[at] * 2),
            (1, scheme[at - 1 : at] or scheme[at]),
            (2, scheme[at : at + 2][::-1]),
        )
    }


_MEANT: Mapping[str, str] = {
    written: scheme for scheme in ("https", "http") for written in _misspellings(scheme) - {"http", "https", "shttp"}
} | {"http": "http", "https": "https"}
"""The schemes of web addresses by how they are written, right or misspelled."""

_LEADING_STEPS = re.compile(r"(?:\./)*")


class TextLink(Struct, frozen=True, order=True, array_like=True, gc=False):
    """A link in a text.

    Attributes:
        start, end: the offsets of the destination.
        destination: the destination, as written.
        is_wiki: whether it is a wiki link, `[[destination]]`.
        is_image: whether it is an image, `![text](destination)`.
    """

    start: int
    end: int
    destination: str
    is_wiki: bool = False
    is_image: bool = False

    @property
    def span(self) -> Span:
        """The characters of the destination."""
        return Span(self.start, self.end)

    @property
    def path(self) -> str:
        """The destination without fragment and query."""
        return re.split(r"[#^]" if self.is_wiki else r"[#?]", self.destination, maxsplit=1)[0]

    @property
    def name(self) -> str:
        """The name of the pattern or file that it leads to: the last part of the path, without `.md`."""
        path = self.path if self.is_wiki else unquote(self.path)
        last = path.strip().rstrip("/").rpartition("/")[2]
        return last.rpartition(".")[0] if is_markdown_name(last) else last

    @property
    def name_span(self) -> Span:
        """The characters of `name`; those of the whole destination if it is percent-encoded there."""
        at = self.path.rfind(self.name)
        return Span(self.start + at, self.start + at + len(self.name)) if at >= 0 else self.span

    @property
    def form(self) -> LinkForm | None:
        """The form that makes it a link to another file; None for any other link.

        A broken address counts as a path, because that is what a browser takes it for.
        """
        path = self.path
        if not path or (self.is_image and not self.is_wiki):
            return None
        if self.is_wiki:
            return "wiki"
        if self.is_broken_address:
            return "path"
        if path.startswith("/") or _SCHEME.match(path):
            return None
        if is_markdown_name(path):
            return "path"
        name = path[_LEADING_STEPS.match(path).end() :]  # type: ignore[union-attr]
        return "name" if name and not {"/", "."} & set(name) else None

    @property
    def leaves_folder(self) -> bool:
        """Whether it is a path to a file in another folder."""
        return "/" in self.path.removeprefix("./") and self.form == "path"

    @property
    def is_broken_address(self) -> bool:
        """Whether it is a web address with a damaged or missing scheme, such as `https.www.example.org`."""
        destination = self.destination
        if self.is_wiki:
            return False
        scheme = _SCHEME.match(destination)
        if scheme is not None:
            name = scheme[1].lower()
            return name in _MEANT and (_MEANT[name] != name or len(scheme[2]) < len("//"))
        is_file = "/" not in destination and is_markdown_name(self.path)
        return not is_file and _WITHOUT_SCHEME.match(destination) is not None

    @property
    def repaired_address(self) -> str:
        """A broken address with its scheme repaired, or an empty string if it is not certain what was meant."""
        destination = self.destination
        scheme = _SCHEME.match(destination)
        if scheme is not None:
            rest = destination[scheme.end() :]
            return f"{_MEANT[scheme[1].lower()]}://{rest}" if rest else ""
        return _REPAIRABLE.sub(r"\1://", destination, count=1) if _REPAIRABLE.match(destination) else ""
