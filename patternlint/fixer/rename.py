"""Change the slug of a pattern, in its file and wherever another file names it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote

from msgspec import Struct

from patternlint.diagnostics.fix import Replacement
from patternlint.diagnostics.route import Route
from patternlint.document.identifiers import is_slug
from patternlint.document.node import Node
from patternlint.document.pattern import Pattern
from patternlint.document.text_links import TextLink
from patternlint.edits.scalars import can_be_plain, double_quoted
from patternlint.edits.text_lines import newline
from patternlint.errors import UserError
from patternlint.library.entry import Entry, fold_title
from patternlint.library.library import Library
from patternlint.messages.did_you_mean import did_you_mean
from patternlint.parser.markdown.text_links import links_between
from patternlint.source import Source, Span, line_end, line_start

_ONE_LINE = ("", '"', "'")
_PROPERTIES = ("&", "!")


class RenameError(UserError):
    """An invalid new slug, or a pattern that cannot be renamed."""


class Renaming(Struct, frozen=True):
    """The change of a pattern's slug.

    Attributes:
        old: the current slug.
        new: the new slug.
        file: the absolute path of the file.
        moves: whether the file is renamed as well.
        roots: the folders that a destination with a leading `/` may start from.
        addresses: the new addresses of its page and its file by the current ones, without a final slash.
    """

    old: str
    new: str
    file: Path
    moves: bool
    roots: tuple[Path, ...] = ()
    addresses: Mapping[str, str] = {}


def entry_with_slug(library: Library, old: str) -> Entry:
    """Return the one pattern with the slug `old`.

    Raises:
        RenameError: if no pattern or more than one has it.
    """
    found = library.by_slug.get(old, ())
    if len(found) == 1:
        return found[0]
    if found:
        places = ", ".join(entry.path for entry in found)
        message = f"{len(found)} patterns have the slug `{old}`: {places}; give each its own slug first"
        raise RenameError(message)
    message = f"no pattern has the slug `{old}`{did_you_mean(old, library.by_slug)}"
    raise RenameError(message)


def require_unused(library: Library, entry: Entry, new: str) -> None:
    """Check that `new` is a valid slug that `entry` can have.

    Raises:
        RenameError: if it is not a valid slug, or is already a slug, an id or an alias of another pattern.
    """
    if not is_slug(new):
        message = f"`{new}` is not a valid slug: use lower-case words of a–z and 0–9, joined by `-`"
        raise RenameError(message)
    if not can_be_plain(new):
        message = f"YAML does not read `{new}` as text; use a slug with a letter"
        raise RenameError(message)
    owners = library.by_slug.get(new) or library.by_id.get(new)
    if owners:
        message = f"the slug `{new}` is already used by {owners[0].path}"
        raise RenameError(message)
    for other in library.by_alias.get(fold_title(new), ()):
        if new in other.aliases and other.path != entry.path:
            message = f"`{new}` is an alias in {other.path}"
            raise RenameError(message)


def files_mentioning(library: Library, old: str) -> frozenset[str]:
    """Return the paths of the patterns that name the slug `old` as slug, link, hub or alias."""
    return frozenset(
        entry.path
        for entry in library
        if entry.slug == old
        or old in entry.aliases
        or any(link.target == old for link in entry.links)
        or any(hub.target == old for hub in entry.hubs)
    )


def addresses(pattern: Pattern, old: str, new: str, *, moves: bool) -> dict[str, str]:
    """Return the new addresses in the front matter of a pattern by the ones that end in its old slug."""
    found: dict[str, str] = {}
    for node in _addresses_in(pattern, old, moves=moves):
        address = str(node.value).rstrip("/")
        head, _, last = address.rpartition("/")
        found[address] = f"{head}/{new}{last.removeprefix(old)}"
    return found


def _addresses_in(pattern: Pattern, old: str, *, moves: bool) -> Iterator[Node]:
    root, identity = pattern.front.root, pattern.spec.identity
    for key in filter(None, (identity.page_address, identity.file_address)):
        node = root.get(key)
        if node is not None and isinstance(node.value, str):
            last = node.value.rstrip("/").rpartition("/")[2]
            is_page = last in (old, f"{old}.html")
            if is_page if key == identity.page_address else moves and last in (old, f"{old}.md"):
                yield node


def front_matter_edits(pattern: Pattern, renaming: Renaming, *, keep_alias: bool) -> list[Replacement]:
    """Return the edits that replace the slug in the front matter of the pattern or of another one.

    Args:
        pattern: the renamed pattern, or another one that names it.
        renaming: the old slug and the new one.
        keep_alias: whether the renamed pattern keeps the old slug as an alias.

    Raises:
        RenameError: if a value cannot be replaced because of its YAML form.
    """
    root, text, old = pattern.front.root, pattern.source.text, renaming.old
    is_itself = root.text(pattern.spec.name_key) == old
    keeps = keep_alias and is_itself
    edits: list[Replacement] = []
    for node in _named(pattern, old, aliases=not keeps):
        _require_plain(pattern, node, old)
        edits.append(_with(text, node, renaming.new))
    for node in _addresses_in(pattern, old, moves=renaming.moves) if is_itself else ():
        _require_plain(pattern, node, old)
        address = str(node.value)
        slashes = address[len(address.rstrip("/")) :]
        edits.append(_with(text, node, renaming.addresses[address.rstrip("/")] + slashes))
    return edits + (_alias_edit(pattern, old) if keeps else [])


def _require_plain(pattern: Pattern, node: Node, old: str) -> None:
    text = pattern.source.text
    if node.style not in _ONE_LINE or text[node.start] in _PROPERTIES:
        line = text.count("\n", 0, node.start) + 1
        message = f"{pattern.path}:{line}: write `{old}` on one line without anchor or tag first"
        raise RenameError(message)


def text_edits(source: Source, start: int, folder: Path, renaming: Renaming) -> list[Replacement]:
    """Return the edits that update the links in a text to the renamed pattern.

    Args:
        source: the file.
        start: the offset of the text.
        folder: the absolute path of the folder of the file.
        renaming: the old slug and the new one.
    """
    links = links_between(source, start, len(source.text))
    destinations = ((link, _new_destination(link, folder, renaming)) for link in links)
    return [Replacement(link.span, destination) for link, destination in destinations if destination is not None]


def _new_destination(link: TextLink, folder: Path, renaming: Renaming) -> str | None:
    """Return the new destination of a link, or None if it does not lead to the pattern or need not change."""
    match = re.match(r"[^#?]*", link.destination)
    path = match[0] if match is not None else ""
    rest = link.destination[len(path) :]
    stem = path.rstrip("/")
    slashes = path[len(stem) :]
    if "://" in path:
        address = renaming.addresses.get(stem)
        return f"{address}{slashes}{rest}" if address is not None else None
    head, slash, last = stem.rpartition("/")
    old, new = renaming.old, renaming.new
    if last == f"{old}.md" and renaming.moves:
        leads_here = renaming.file in _places(stem, folder, renaming.roots) or (link.is_wiki and not slash)
        new += ".md"
    else:
        leads_here = last == old and (link.is_wiki or _is_page(stem, head, folder, renaming))
    return f"{head}{slash}{new}{slashes}{rest}" if leads_here else None


def _places(path: str, folder: Path, roots: Iterable[Path]) -> tuple[Path, ...]:
    """Return the files that a path in a link may refer to."""
    plain = unquote(path)
    bases = roots if plain.startswith("/") else (folder,)
    return tuple(Path(os.path.normpath(base / plain.lstrip("/"))) for base in bases)


def _is_page(path: str, head: str, folder: Path, renaming: Renaming) -> bool:
    """Return whether a path without `.md` leads to the page of the pattern, and not to another file.

    Sites serve a page from the folder of its file, next to its neighbors, or one level below (`../slug/`).
    """
    places = _places(path, folder, renaming.roots)
    if any(place.exists() for place in places):
        return False
    if renaming.file.with_name(renaming.old) in places:
        return True
    steps = [step for step in head.split("/") if step not in ("", ".", "..")]
    return not steps or steps[-1].lstrip("_") == renaming.file.parent.name.lstrip("_")


def occurrences(text: str, word: str) -> Iterator[int]:
    """Yield the numbers of the lines that contain a slug, from 1."""
    pattern = re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])")
    for number, line in enumerate(text.split("\n"), 1):
        if pattern.search(line):
            yield number


def routes_of(pattern: Pattern, slug: str) -> tuple[Route, ...]:
    """Return the routes of the values that `front_matter_edits` may change in a pattern."""
    named = (route for route, node in pattern.front.root.walk() if node.value == slug)
    identity = pattern.spec.identity
    return (*named, *((key,) for key in (identity.aliases, identity.page_address, identity.file_address) if key))


def _named(pattern: Pattern, old: str, *, aliases: bool) -> Iterator[Node]:
    """Yield every node with the slug `old`."""
    root = pattern.front.root
    spec = pattern.spec
    lists = [root.get(*route) for route in spec.link_routes]
    lists.append(root.get(spec.garden.key, spec.garden.links) if spec.garden.key else None)
    lists.append(root.get(spec.hubs) if spec.hubs else None)
    lists.append(root.get(spec.identity.aliases) if aliases else None)
    slug = root.get(spec.name_key)
    found: list[Node] = [slug] if slug is not None else []
    for one in lists:
        for item in one.items if one is not None else ():
            found += _named_in(item, spec.hub_key)
    yield from (node for node in found if node.value == old)


def _named_in(item: Node, hub_key: str) -> Iterable[Node]:
    if item.children is None:
        return (item,)
    return tuple(item.keys[step] for step in ("slug", "id", "target", hub_key) if step in item.keys)


def _with(text: str, node: Node, new: str) -> Replacement:
    """Return the edit that replaces a value and keeps its quotes."""
    quote = text[node.start] if node.style else ""
    return Replacement(node.span, f"{quote}{new}{quote}")


def _alias_edit(pattern: Pattern, old: str) -> list[Replacement]:
    root, text, ending = pattern.front.root, pattern.source.text, newline(pattern)
    key = pattern.spec.identity.aliases
    aliases = root.get(key)
    written = double_quoted(old)
    if aliases is None and not key:
        return []
    if aliases is None:
        title = root.get(pattern.spec.identity.title) or root.get(pattern.spec.name_key)
        end = line_end(text, title.end) if title is not None else -1
        return [Replacement(Span(end, end), f"{ending}{key}: [{written}]")] if end >= 0 else []
    if any(item.value == old for item in aliases.items):
        return []
    if aliases.style == "[":
        end = aliases.items[-1].end if aliases.items else aliases.start + 1
        return [Replacement(Span(end, end), f", {written}" if aliases.items else written)]
    if not aliases.items:
        return [Replacement(Span(aliases.key_end, aliases.end), f": [{written}]")] if aliases.value is None else []
    last = aliases.items[-1]
    start = line_start(text, last.start)
    return [Replacement(Span(last.end, last.end), f"{ending}{text[start : last.start]}{written}")]
