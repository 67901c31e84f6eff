"""Change all links to a pattern, which need not exist, into links to another one."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from msgspec import Struct

from patternlint.diagnostics.fix import Replacement
from patternlint.diagnostics.route import Route
from patternlint.document.identifiers import is_markdown_name
from patternlint.document.links import Link, link_route, list_route
from patternlint.document.node import Node
from patternlint.document.pattern import Pattern
from patternlint.document.text_links import TextLink
from patternlint.edits.list_items import remove_items
from patternlint.fixer.references import (
    RenameError,
    is_page,
    location,
    places_of,
    split_destination,
    target_edit,
    value_edit,
)
from patternlint.fixer.rename import names_in, texts_with_links
from patternlint.library.entry import Entry
from patternlint.library.library import Library
from patternlint.parser.markdown.text_links import links_between
from patternlint.source import Source, Span


class Retargeting(Struct, frozen=True):
    """The change of links from one pattern to another.

    Attributes:
        old: the name that the user gave for the first pattern.
        names: what links call the first pattern, each with what they call the second one; empty if it has no such name.
        targets: the names of the second pattern.
        new: the second pattern.
        file: the absolute path of its file.
        old_files: the absolute paths of the files of the first pattern; empty if it does not exist.
        roots: the folders that a destination with a leading `/` may start from.
        addresses: the addresses of the second pattern by those of the first, without a final slash.
    """

    old: str
    names: Mapping[str, str]
    targets: frozenset[str]
    new: Entry
    file: Path
    old_files: tuple[Path, ...] = ()
    roots: tuple[Path, ...] = ()
    addresses: Mapping[str, str] = {}


class ListEdits(Struct, frozen=True):
    """The edits of the front matter of a pattern; `merged` are the items that are deleted, because others lead to the same."""

    edits: tuple[Replacement, ...] = ()
    routes: tuple[Route, ...] = ()
    merged: int = 0


def names_between(library: Library, old: str, new: Entry) -> dict[str, str]:
    """Return what links call the pattern `old`, which need not exist, each with what they are to call `new`.

    Raises:
        RenameError: if both are the same pattern.
    """
    others = library.by_slug.get(old) or library.by_id.get(old) or ()
    if any(other.path == new.path for other in others):
        message = f"`{old}` is the name of {new.path} itself"
        raise RenameError(message)
    by_id = old not in library.by_slug and (library.specs.is_known_prefix(old) or old in library.by_id)
    names = {old: new.id if by_id else new.slug}
    for other in others:
        names |= {other.slug: new.slug} if other.slug else {}
        names |= {other.id: new.id} if other.id else {}
    return names


def list_edits(pattern: Pattern, change: Retargeting, folder: Path) -> ListEdits:
    """Return the edits of the relationships, inferred links and hubs of a pattern that lead to the first one.

    In a list that already has an item for the second pattern, and in the second pattern itself, the items are deleted.

    Raises:
        RenameError: if an item cannot be changed.
    """
    is_new = pattern.name == change.new.slug and pattern.path == change.new.path
    edits: list[Replacement] = []
    routes: list[Route] = []
    merged = 0
    by_list: dict[Route, list[Link]] = {}
    for link in pattern.links:
        by_list.setdefault(list_route(link, pattern.spec), []).append(link)
    for route, links in by_list.items():
        found = [link for link in links if link.target in change.names]
        if found and (is_new or any(link.target in change.targets for link in links)):
            edits.append(_removal(pattern, route, found, change))
            routes.append(route)
            merged += len(found)
            continue
        for link in found:
            edits += _link_edits(pattern, link, change)
            routes += (link_route(link, pattern.spec), (*route, link.index, "typeid"))
    hubs = _hub_edits(pattern, change, is_new=is_new)
    edits = list(dict.fromkeys(edits))
    for span in texts_with_links(pattern):
        texts = text_edits(pattern.source, span, folder, change)
        edits += (one for one in texts if not any(_overlap(one.span, other.span) for other in edits))
        routes += ((*list_route(link, pattern.spec),) for link in pattern.links if link.in_text)
    return ListEdits((*edits, *hubs.edits), (*routes, *hubs.routes), merged + hubs.merged)


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _removal(pattern: Pattern, route: Route, links: Sequence[Link], change: Retargeting) -> Replacement:
    """Return the edit that deletes the items of links from a list."""
    first = links[0]
    removed = remove_items(pattern.source, pattern.get(*route), [link.index for link in links])
    if first.in_text or len(removed) < len(links):
        raise _not_removable(pattern, first.target, first.start, change)
    return removed[first.index]


def _not_removable(pattern: Pattern, target: str, offset: int, change: Retargeting) -> RenameError:
    is_new = pattern.path == change.new.path
    reason = f"a link from `{change.new.name}` to itself" if is_new else f"a second link to `{change.new.name}`"
    return RenameError(f"{location(pattern, offset)}: delete `{target}` first; it would become {reason}")


def _link_edits(pattern: Pattern, link: Link, change: Retargeting) -> Iterator[Replacement]:
    yield target_edit(pattern, link, _new_name(pattern, link.target, link.start, change))
    typeid = pattern.get(*list_route(link, pattern.spec), link.index, "typeid") if link.typeid else None
    if typeid is not None and link.typeid != change.new.id:
        if not change.new.id:
            raise _nameless(pattern, link.typeid, link.typeid_start, change)
        yield value_edit(pattern, typeid, link.typeid, change.new.id)


def _new_name(pattern: Pattern, target: str, offset: int, change: Retargeting) -> str:
    new = change.names[target]
    if not new:
        raise _nameless(pattern, target, offset, change)
    return new


def _nameless(pattern: Pattern, target: str, offset: int, change: Retargeting) -> RenameError:
    kind = "id" if change.new.slug else "name"
    return RenameError(f"{location(pattern, offset)}: cannot replace `{target}`: {change.new.path} has no {kind}")


def _hub_edits(pattern: Pattern, change: Retargeting, *, is_new: bool) -> ListEdits:
    key = pattern.spec.hubs
    hubs = pattern.get(key) if key else None
    named = [
        (index, node)
        for index, item in enumerate(hubs.items if hubs is not None else ())
        for node in names_in(item, pattern.spec.hub_key)
    ]
    found = [(index, node) for index, node in named if _is_name(node, change.names)]
    if not found:
        return ListEdits()
    if is_new or any(_is_name(node, change.targets) for _, node in named):
        indices = list(dict.fromkeys(index for index, _ in found))
        removed = remove_items(pattern.source, hubs, indices)
        if len(removed) < len(indices):
            raise _not_removable(pattern, str(found[0][1].value), found[0][1].start, change)
        return ListEdits((removed[indices[0]],), ((key,),), len(indices))
    pairs = [(node, str(node.value)) for _, node in found]
    edits = [value_edit(pattern, node, old, _new_name(pattern, old, node.start, change)) for node, old in pairs]
    return ListEdits(tuple(edits), ((key,),))


def _is_name(node: Node, names: Iterable[str]) -> bool:
    return isinstance(node.value, str) and node.value in names


def text_edits(source: Source, span: Span, folder: Path, change: Retargeting) -> list[Replacement]:
    """Return the edits of the links in a text that lead to the first pattern.

    Args:
        source: the file.
        span: the text.
        folder: the absolute path of the folder of the file.
        change: the change.
    """
    links = links_between(source, span.start, span.end)
    destinations = ((link, _new_destination(link, folder, change)) for link in links)
    return [Replacement(link.span, new) for link, new in destinations if new is not None and new != link.destination]


def _new_destination(link: TextLink, folder: Path, change: Retargeting) -> str | None:
    """Return the new destination of a link, or None if it does not lead to the first pattern."""
    path, slashes, rest = split_destination(link.destination)
    if "://" in path:
        new = change.addresses.get(path)
    elif link.is_wiki:
        name = path.rpartition("/")[2]
        stem = name.removesuffix(".md")
        page = _new_page(stem, change)
        new = page + name[len(stem) :] if page else None
    elif is_markdown_name(path):
        new = _new_path(path, folder, change)
    else:
        new = _new_page_path(path, folder, change)
    return f"{new}{slashes}{rest}" if new is not None else None


def _new_path(path: str, folder: Path, change: Retargeting) -> str | None:
    """Return the new path of a link to a file, or None if it does not lead to that of the first pattern."""
    places = places_of(path, folder, change.roots)
    if change.old_files:
        leads_here = any(file in places for file in change.old_files)
    else:
        leads_here = Path(path).stem == change.old and not any(place.exists() for place in places)
    return _path_to(change.file, path, folder, change.roots) if leads_here else None


def _new_page_path(path: str, folder: Path, change: Retargeting) -> str | None:
    """Return the new path of a link without `.md`, or None if it does not lead to the page of the first pattern.

    Where the page of a pattern in another folder is, only the site decides; so such a link is left.
    """
    head, slash, last = path.rpartition("/")
    page = _new_page(last, change)
    if not page or (slash and any(file.parent != change.file.parent for file in change.old_files)):
        return None
    if change.old_files:
        leads_here = any(is_page(path, folder, change.roots, file, last) for file in change.old_files)
    else:
        leads_here = not any(place.exists() for place in places_of(path, folder, change.roots))
    return f"{head}{slash}{quote(page)}" if leads_here else None


def _new_page(name: str, change: Retargeting) -> str:
    """Return what a page or wiki link with a name of the first pattern is to say, or an empty string."""
    if name in change.names:
        return change.names[name]
    return change.file.stem if any(file.stem == name for file in change.old_files) else ""


def _path_to(file: Path, path: str, folder: Path, roots: Iterable[Path]) -> str:
    """Return the path of a file in the form of another path: relative to a folder, or to a root with a leading `/`."""
    if path.startswith("/"):
        root = next((root for root in roots if file.is_relative_to(root)), folder)
        return quote(f"/{file.relative_to(root).as_posix()}" if file.is_relative_to(root) else path)
    relative = quote(os.path.relpath(file, folder).replace(os.sep, "/"))
    return f"./{relative}" if path.startswith("./") and not relative.startswith("../") else relative
