"""Replace what a file says to name a pattern: targets in its front matter, and destinations in its text."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote

from patternlint.diagnostics.fix import Replacement
from patternlint.document.links import Link, link_route
from patternlint.document.node import Node
from patternlint.document.pattern import Pattern
from patternlint.errors import UserError
from patternlint.library.entry import Entry
from patternlint.library.library import Library
from patternlint.messages.did_you_mean import did_you_mean

_ONE_LINE = ("", '"', "'")
_PROPERTIES = ("&", "!")


class RenameError(UserError):
    """An invalid name, or a pattern whose name or links cannot be changed."""


def entry_with_slug(library: Library, slug: str) -> Entry:
    """Return the one pattern with a slug.

    Raises:
        RenameError: if no pattern or more than one has it.
    """
    found = library.by_slug.get(slug, ())
    kind = "slug" if any(spec.has_slugs for spec in library.specs.all) else "name"
    if len(found) == 1:
        return found[0]
    if found:
        places = ", ".join(entry.path for entry in found)
        message = f"{len(found)} patterns have the {kind} `{slug}`: {places}; give each its own {kind} first"
        raise RenameError(message)
    message = f"no pattern has the {kind} `{slug}`{did_you_mean(slug, library.by_slug)}"
    raise RenameError(message)


def value_edit(pattern: Pattern, node: Node, old: str, new: str) -> Replacement:
    """Return the edit that replaces the value `old` by `new`, inside its quotes.

    Raises:
        RenameError: if it cannot be replaced because of its YAML form.
    """
    text = pattern.source.text
    if node.style not in _ONE_LINE or text[node.start] in _PROPERTIES:
        raise _not_plain(pattern, node.start, old)
    quote = text[node.start] if node.style else ""
    return Replacement(node.span, f"{quote}{new}{quote}")


def target_edit(pattern: Pattern, link: Link, new: str) -> Replacement:
    """Return the edit that replaces the target of a link, which may be a part of a text.

    Raises:
        RenameError: as for `value_edit`.
    """
    node = pattern.get(*link_route(link, pattern.spec))
    if node is not None and node.value == link.target:
        return value_edit(pattern, node, link.target, new)
    if pattern.source.slice(link.span) != link.target:
        raise _not_plain(pattern, link.start, link.target)
    return Replacement(link.span, new)


def _not_plain(pattern: Pattern, offset: int, old: str) -> RenameError:
    return RenameError(f"{location(pattern, offset)}: write `{old}` on one line without anchor or tag first")


def location(pattern: Pattern, offset: int) -> str:
    """Return the path of a pattern and the line of an offset, as `path:line`."""
    return f"{pattern.path}:{pattern.source.text.count(chr(10), 0, offset) + 1}"


def split_destination(destination: str) -> tuple[str, str, str]:
    """Return the path in a destination without its final slashes, these, and what follows."""
    match = re.match(r"[^#?]*", destination)
    path = match[0] if match is not None else ""
    stem = path.rstrip("/")
    return stem, path[len(stem) :], destination[len(path) :]


def places_of(path: str, folder: Path, roots: Iterable[Path]) -> tuple[Path, ...]:
    """Return the files that a path in a link may refer to."""
    plain = unquote(path)
    bases = roots if plain.startswith("/") else (folder,)
    return tuple(Path(os.path.normpath(base / plain.lstrip("/"))) for base in bases)


def is_page(path: str, folder: Path, roots: Iterable[Path], file: Path, name: str) -> bool:
    """Return whether a path without `.md` leads to the page of a pattern, and not to another file.

    Sites serve a page from the folder of its file, next to its neighbors, or one level below (`../slug/`).

    Args:
        path: the path.
        folder: the folder that contains the link.
        roots: the folders that a path with a leading `/` may start from.
        file: the file of the pattern.
        name: the name of its page.
    """
    places = places_of(path, folder, roots)
    if any(place.exists() for place in places):
        return False
    if file.with_name(name) in places:
        return True
    steps = [step for step in path.rpartition("/")[0].split("/") if step not in ("", ".", "..")]
    return not steps or steps[-1].lstrip("_") == file.parent.name.lstrip("_")
