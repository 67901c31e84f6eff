"""Gives a pattern another slug: in its file, and wherever the library names it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from patternlint.diagnostic import Replace, Route
from patternlint.fixes import apply_edits
from patternlint.layout.lines import line_end, newline
from patternlint.layout.scalars import can_be_plain, double_quoted
from patternlint.library import Entry, Library, fold_title
from patternlint.names import is_slug
from patternlint.node import Node
from patternlint.pattern import Pattern
from patternlint.text import Span
from patternlint.trouble import Trouble

_ONE_LINE = ("", '"', "'")
_PROPERTIES = ("&", "!")


class RenameError(Trouble):
    """A new name that cannot be given: one clear sentence."""


def find(library: Library, old: str) -> Entry:
    """Return the one pattern with the slug `old`.

    Raises:
        RenameError: when there is none, or more than one.
    """
    found = library.by_slug.get(old, ())
    if len(found) == 1:
        return found[0]
    if found:
        places = ", ".join(entry.path for entry in found)
        message = f"{len(found)} patterns have the slug `{old}`: {places}; give each a slug of its own first"
        raise RenameError(message)
    message = f"no pattern has the slug `{old}`"
    raise RenameError(message)


def require_free(library: Library, entry: Entry, new: str) -> None:
    """Refuse a slug that is none, or that stands for another pattern than `entry` already.

    Raises:
        RenameError: when `new` is no slug, or is a slug, an id or another pattern's alias in the library.
    """
    if not is_slug(new):
        message = f"`{new}` is no slug: lower-case words of a–z and 0–9, joined by `-`"
        raise RenameError(message)
    if not can_be_plain(new):
        message = f"YAML reads `{new}` as something else than text; choose a slug with a letter in it"
        raise RenameError(message)
    taken = library.by_slug.get(new) or library.by_id.get(new)
    if taken:
        message = f"the slug `{new}` is taken by {taken[0].path}"
        raise RenameError(message)
    alias = library.by_alias.get(fold_title(new), ())
    for other in alias:
        if new in other.aliases and other.path != entry.path:
            message = f"`{new}` is an alias in {other.path}"
            raise RenameError(message)


def mentions(library: Library, old: str) -> frozenset[str]:
    """Return the paths of the files that name the slug `old`: as slug, in a link, as a hub, or as an alias."""
    return frozenset(
        entry.path
        for entry in library
        if entry.slug == old
        or old in entry.aliases
        or any(link.target == old for link in entry.links)
        or any(hub.target == old for hub in entry.hubs)
    )


def renamed(pattern: Pattern, old: str, new: str, *, keep_alias: bool) -> str:
    """Return the text of a pattern in which `old` is called `new`.

    Args:
        pattern: the pattern itself, or another one that names it.
        old: the slug as it is.
        new: the slug as it shall be.
        keep_alias: whether the pattern itself keeps the old slug as an alias.

    Raises:
        RenameError: when it is written where no other can be put in its place.
    """
    root = pattern.front.root
    text = pattern.source.text
    keeps = keep_alias and root.text("slug") == old
    named = list(_named(pattern, old, aliases=not keeps))
    for node in named:
        if node.style not in _ONE_LINE or text[node.start] in _PROPERTIES:
            line = text.count("\n", 0, node.start) + 1
            message = f"{pattern.path}:{line} does not write `{old}` plainly, on one line; do so first"
            raise RenameError(message)
    edits = [_with(text, node, new) for node in named]
    if keeps:
        edits += _alias_edit(pattern, old)
    return apply_edits(text, edits)


def routes_of(pattern: Pattern, slug: str) -> tuple[Route, ...]:
    """Return the routes of all values of a pattern that are the slug."""
    return tuple(route for route, node in pattern.front.root.walk() if node.value == slug)


def _named(pattern: Pattern, old: str, *, aliases: bool) -> Iterator[Node]:
    """Yield every node that names the slug `old`, each once."""
    root = pattern.front.root
    spec = pattern.spec
    lists = [root.get(*route) for route in spec.link_routes]
    lists.append(root.get(spec.garden.key, spec.garden.links) if spec.garden.key else None)
    lists.append(root.get(spec.hubs) if spec.hubs else None)
    lists.append(root.get("aliases") if aliases else None)
    slug = root.get("slug")
    found: list[Node] = [slug] if slug is not None else []
    for one in lists:
        for item in one.items if one is not None else ():
            found += _named_in(item)
    yield from (node for node in found if node.value == old)


def _named_in(item: Node) -> Iterable[Node]:
    if item.children is None:
        return (item,)
    return tuple(item.keys[step] for step in ("slug", "id", "target", "hub_id") if step in item.keys)


def _with(text: str, node: Node, new: str) -> Replace:
    """Return the edit that writes `new` in the quotes that are there."""
    quote = text[node.start] if node.style else ""
    return Replace(node.span, f"{quote}{new}{quote}")


def _alias_edit(pattern: Pattern, old: str) -> list[Replace]:
    root, text, ending = pattern.front.root, pattern.source.text, newline(pattern)
    aliases = root.get("aliases")
    written = double_quoted(old)
    if aliases is None:
        title = root.get("title") or root.get("slug")
        end = line_end(text, title.end) if title is not None else -1
        return [Replace(Span(end, end), f"{ending}aliases: [{written}]")] if end >= 0 else []
    if any(item.value == old for item in aliases.items):
        return []
    if aliases.style == "[":
        end = aliases.items[-1].end if aliases.items else aliases.start + 1
        return [Replace(Span(end, end), f", {written}" if aliases.items else written)]
    if not aliases.items:
        return [Replace(Span(aliases.key_end, aliases.end), f": [{written}]")] if aliases.value is None else []
    last = aliases.items[-1]
    start = text.rfind("\n", 0, last.start) + 1
    return [Replace(Span(last.end, last.end), f"{ending}{text[start : last.start]}{written}")]
