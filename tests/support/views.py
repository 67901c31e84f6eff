"""Views of files in the example library, as an editor has them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from patternlint.editor.names import Name, NameIndex
from patternlint.editor.view import View
from patternlint.library.entry import Entry, build_entry
from patternlint.library.library import Library
from patternlint.parser.parser import ParsedFile, parse
from patternlint.source import Source
from patternlint.spec.loader import load_specs
from tests.support.repository import EXAMPLES

_SPECS = load_specs()


def parse_text(path: str, text: str) -> ParsedFile:
    return parse(Source(path, text.encode("utf-8", "surrogatepass")), _SPECS)


@cache
def _entries() -> Mapping[str, Entry]:
    return {path.name: build_entry(parse_text(path.name, text_of(path.name))) for path in EXAMPLES.glob("*.md")}


def text_of(name: str) -> str:
    """Return the text of a file of the example library."""
    return (EXAMPLES / name).read_text(encoding="utf-8")


def view_of(name: str, text: str) -> View:
    """Return a file of the example library that holds another text."""
    parsed = parse_text(name, text)
    return View(parsed, Library.build({**_entries(), name: build_entry(parsed)}.values(), _SPECS))


def names_of(view: View) -> NameIndex:
    return NameIndex(Name(entry.slug, entry.title) for entry in view.library if entry.slug)


def edited(name: str, old: str, new: str) -> tuple[View, int]:
    """Return a file of the example library with a text replaced, and the offset of `|` in the new text, which is taken out."""
    text = text_of(name)
    assert text.count(old) == 1, (name, old, text.count(old))
    text = text.replace(old, new)
    offset = text.index("|", text.index(new.partition("|")[0] + "|")) if "|" in new else text.index(new)
    return view_of(name, text[:offset] + text[offset + ("|" in new) :]), offset
