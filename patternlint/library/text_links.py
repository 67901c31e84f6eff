"""Where the links in the text of patterns lead.

A path leads to the file at that path. A name leads to the pattern with this slug or id; else to the file with this name in
the same folder, or to any pattern whose file has it; else to the pattern with this title or alias, in any case.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from itertools import chain
from urllib.parse import unquote

from patternlint.document.identifiers import is_document_name, is_markdown_name, is_slug
from patternlint.document.text_links import TextLink
from patternlint.library.entry import Entry, fold_title
from patternlint.library.library import Library
from patternlint.library.store import STEM, TEXT, text_key


def linked_path(entry: Entry, link: TextLink) -> str:
    """Return the path, as displayed, that a link in an entry leads to if it is a path."""
    return posixpath.normpath(posixpath.join(entry.folder, unquote(link.path).strip()))


def target_of(library: Library, entry: Entry, link: TextLink) -> Entry | None:
    """Return the pattern or other file that a link in the text of an entry leads to, or None."""
    if link.form == "path":
        return library.entry(linked_path(entry, link))
    name = link.name
    sibling = posixpath.join(entry.folder, f"{name}.md")
    found = library.resolve(name) or library.entry(sibling) or next(iter(library.store.find(STEM, name)), None)
    if found is not None:
        return found
    folded = fold_title(name)
    return next(chain(library.by_name.get(folded, ()), library.by_alias.get(folded, ())), None)


def is_broken(library: Library, entry: Entry, link: TextLink) -> bool:
    """Return whether a link in the text of an entry leads nowhere, as far as the library can tell.

    Files in folders without patterns may be left out of the library, so paths into them are not broken for certain.
    """
    if target_of(library, entry, link) is not None:
        return False
    if link.form == "path":
        path = linked_path(entry, link)
        return link.is_broken_address or (
            _has_patterns(library, posixpath.dirname(path)) and path not in library.excluded
        )
    name = link.name
    if library.stray(name) is not None or is_document_name(f"{name}.md"):
        return False
    if link.is_wiki:
        return "." not in name or is_markdown_name(link.path)
    return is_slug(name) and not _is_folder(library, posixpath.join(entry.folder, name))


def _has_patterns(library: Library, folder: str) -> bool:
    """Return whether a folder, or one next to it, has patterns."""
    counts = library.store.pattern_counts
    if counts.get(folder):
        return True
    parent = posixpath.dirname(folder)
    siblings = (other for other, count in counts.items() if count and other != parent)
    return library.lists(folder) and any(posixpath.dirname(other) == parent for other in siblings)


def _is_folder(library: Library, path: str) -> bool:
    """Return whether a folder, or one below it, has Markdown files."""
    counts = library.store.pattern_counts
    folders = chain((folder for folder, count in counts.items() if count), (one.folder for one in library.left_alone))
    return any(folder == path or folder.startswith(f"{path}/") for folder in folders)


def suggestion(library: Library, entry: Entry, link: TextLink) -> Entry | None:
    """Return the pattern that a broken link was most likely meant to lead to, or None."""
    name = link.name
    meant = library.resolve(name) or next(iter(library.store.find(STEM, name)), None)
    if meant is None and is_slug(name) and library.spec_of(entry).has_slugs:
        meant = library.suggest(name, entry)
    return _other(meant, entry, link)


def renamed(library: Library, entry: Entry, link: TextLink) -> Entry | None:
    """Return the pattern that had the name in a broken link, according to `redirects` of the library, or None."""
    return _other(library.resolve_former(link.name) if link.name in library.redirects else None, entry, link)


def _other(meant: Entry | None, entry: Entry, link: TextLink) -> Entry | None:
    """Return the pattern that a link in an entry meant if the link can name it, or None."""
    return meant if meant is not None and meant.path != entry.path and (link.form == "path" or meant.slug) else None


def text_names(entry: Entry) -> frozenset[str]:
    """Return the lookup keys of all links in texts that may lead to an entry."""
    return frozenset(map(text_key, (entry.slug, entry.id, entry.stem, entry.title, *entry.aliases))) - {""}


def mentioning(library: Library, entry: Entry) -> Iterator[Entry]:
    """Yield the patterns, each once, with links in the text that may lead to an entry."""
    found = {other.path: other for name in text_names(entry) for other in library.store.find(TEXT, name)}
    yield from found.values()


def links_to(library: Library, entry: Entry, target: Entry) -> Iterator[TextLink]:
    """Yield the links in the text of an entry that lead to another one, or to itself."""
    for link in entry.text_links:
        found = target_of(library, entry, link)
        if found is not None and found.path == target.path:
            yield link


def linking_to(library: Library, entry: Entry) -> Iterator[Entry]:
    """Yield the other patterns whose text links to an entry."""
    for other in mentioning(library, entry):
        if other.path != entry.path and any(True for _ in links_to(library, other, entry)):
            yield other


def linked_from(library: Library, entry: Entry) -> Iterator[Entry]:
    """Yield the other patterns that the text of an entry links to."""
    for link in entry.text_links:
        target = target_of(library, entry, link)
        if target is not None and not target.left_alone and target.path != entry.path:
            yield target
