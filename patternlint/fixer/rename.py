"""Change the name of a pattern, in its file and wherever another file names it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from msgspec import Struct

from patternlint.diagnostics.fix import Replacement
from patternlint.diagnostics.route import Route
from patternlint.document.identifiers import is_slug
from patternlint.document.identity import expected_stem, name_text, record_name, template_keys
from patternlint.document.links import link_route
from patternlint.document.node import Node
from patternlint.document.pattern import Pattern
from patternlint.document.text_links import TextLink
from patternlint.edits.scalars import can_be_plain, double_quoted
from patternlint.edits.text_lines import newline
from patternlint.fixer.references import RenameError, is_page, places_of, split_destination, target_edit, value_edit
from patternlint.library.entry import Entry, fold_title
from patternlint.library.library import Library
from patternlint.parser.markdown.text_links import links_between
from patternlint.source import Source, Span, line_end, line_start
from patternlint.spec.model import Spec


class Renaming(Struct, frozen=True):
    """The change of a pattern's name.

    Attributes:
        old: the current name.
        new: the new name.
        file: the absolute path of the file.
        new_file: its new absolute path, in the same folder; the same path if it keeps its name.
        pages: the new names of its page in links without `.md`, by the current ones.
        roots: the folders that a destination with a leading `/` may start from.
        addresses: the new addresses of its page and its file by the current ones, without a final slash.
    """

    old: str
    new: str
    file: Path
    new_file: Path
    pages: Mapping[str, str]
    roots: tuple[Path, ...] = ()
    addresses: Mapping[str, str] = {}

    @property
    def word(self) -> str:
        """What a person searches for to find the pattern: the name of its page."""
        return next(iter(self.pages), self.old)

    @property
    def moves(self) -> bool:
        """Whether the file is renamed as well."""
        return self.new_file != self.file


def renaming_for(pattern: Pattern, file: Path, new: str, roots: tuple[Path, ...]) -> Renaming:
    """Return the renaming of a pattern. Its file is renamed if its name is the old name or follows from it.

    Raises:
        RenameError: if the name is that of a folder, or `new` is not a name of the form that the specification describes.
    """
    spec, old = pattern.spec, pattern.name
    if spec.name_source == "{folder}":
        message = (
            f"the name of a {spec.noun} is that of its folder: rename the folder `{old}` to `{new}`, and run "
            f"`patternlint retarget {old} {new}`"
        )
        raise RenameError(message)
    keys = dict(pattern.data)
    if spec.name_key:
        value = _renamed_value(spec, name_text(keys[spec.name_key]), new)
        keys[spec.name_key] = int(value) if type(keys[spec.name_key]) is int and value.isdecimal() else value
    is_same_type = all(type(value) is type(keys[key]) for key, value in pattern.data.items())
    stem = _new_stem(pattern, file.stem, keys, new)
    new_file = file.parent / f"{stem}{file.suffix}"
    if not is_same_type or record_name(spec, keys, str(new_file)) != new or new_file.parent != file.parent:
        message = f"`{new}` is not a valid name of a {spec.noun}; write one in the form of `{old}`"
        raise RenameError(message)
    pages = {old: new} if spec.has_slugs or file.stem == old else {}
    pages |= {file.stem: stem} if stem != file.stem else {}
    moves = stem != file.stem
    return Renaming(old, new, file, new_file, pages, roots, addresses(pattern, old, new, moves=moves))


def _new_stem(pattern: Pattern, stem: str, keys: Mapping[str, str], new: str) -> str:
    spec = pattern.spec
    if stem == pattern.name:
        return new
    if spec.name_source == "{stem}":
        return _renamed_value(spec, stem, new)
    follows = spec.name_key in template_keys(spec.file_template) and stem == expected_stem(spec, pattern.data)
    return expected_stem(spec, keys) if follows else stem


def _renamed_value(spec: Spec, text: str, new: str) -> str:
    """Return a key's value or a file's name with another name in it."""
    match = spec.name_part.search(text) if spec.name_part is not None else None
    if match is None:
        return new
    start, end = match.span(1 if match.re.groups else 0)
    return text[:start] + new + text[end:]


def require_unused(library: Library, entry: Entry, new: str) -> None:
    """Check that `entry` can have the name `new`.

    Raises:
        RenameError: if it is not a slug where names are slugs, or is already a name, an id or an alias of another pattern.
    """
    has_slugs = library.spec_of(entry).has_slugs
    if has_slugs and not is_slug(new):
        message = f"`{new}` is not a valid slug: use lower-case words of a–z and 0–9, joined by `-`"
        raise RenameError(message)
    if has_slugs and not can_be_plain(new):
        message = f"YAML does not read `{new}` as text; use a slug with a letter"
        raise RenameError(message)
    owners = library.by_slug.get(new) or library.by_id.get(new)
    if owners:
        message = f"the {'slug' if has_slugs else 'name'} `{new}` is already used by {owners[0].path}"
        raise RenameError(message)
    for other in library.by_alias.get(fold_title(new), ()):
        if new in other.aliases and other.path != entry.path:
            message = f"`{new}` is an alias in {other.path}"
            raise RenameError(message)


def files_mentioning(library: Library, old: str) -> frozenset[str]:
    """Return the paths of the patterns that name the slug `old` as slug, link, hub or alias."""
    aliases = [entry for entry in library.by_alias.get(fold_title(old), ()) if old in entry.aliases]
    return frozenset(entry.path for entry in (*library.by_slug.get(old, ()), *aliases, *library.store.naming(old)))


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


def front_matter_edits(pattern: Pattern, renaming: Renaming, folder: Path, *, keep_alias: bool) -> list[Replacement]:
    """Return the edits that replace the name in the front matter of the pattern or of another one.

    Args:
        pattern: the renamed pattern, or another one that names it.
        renaming: the old name and the new one.
        folder: the absolute path of the folder of the file.
        keep_alias: whether the renamed pattern keeps the old name as an alias.

    Raises:
        RenameError: if a value cannot be replaced because of its YAML form.
    """
    root, spec, old, new = pattern.front.root, pattern.spec, renaming.old, renaming.new
    is_itself = pattern.name == old
    keeps = keep_alias and is_itself
    edits = [value_edit(pattern, node, old, new) for node in _named(pattern, old, aliases=not keeps)]
    name = root.get(spec.name_key) if is_itself and spec.name_key else None
    if name is not None:
        edits.append(value_edit(pattern, name, old, _renamed_value(spec, name_text(name.value), new)))
    edits += [target_edit(pattern, link, new) for link in pattern.links if link.target == old]
    for node in _addresses_in(pattern, old, moves=renaming.moves) if is_itself else ():
        address = str(node.value)
        slashes = address[len(address.rstrip("/")) :]
        edits.append(value_edit(pattern, node, old, renaming.addresses[address.rstrip("/")] + slashes))
    edits = list(dict.fromkeys(edits))
    edits += (
        edit
        for span in texts_with_links(pattern)
        for edit in text_edits(pattern.source, span, folder, renaming)
        if not any(edit.span.start < one.span.end and one.span.start < edit.span.end for one in edits)
    )
    return edits + (_alias_edit(pattern, old) if keeps else [])


def texts_with_links(pattern: Pattern) -> Iterator[Span]:
    """Yield the relationships that are texts: they may contain Markdown links besides names."""
    if pattern.spec.relationships.form:
        yield from (node.span for _, node in pattern.link_lists if isinstance(node.value, str))


def text_edits(source: Source, span: Span, folder: Path, renaming: Renaming) -> list[Replacement]:
    """Return the edits that update the links in a text to the renamed pattern.

    Args:
        source: the file.
        span: the text.
        folder: the absolute path of the folder of the file.
        renaming: the old name and the new one.
    """
    text = source.slice(span)
    if not any(name in text for name in (*renaming.pages, *renaming.addresses)):
        return []  # parsing Markdown takes most of the time of a rename
    links = links_between(source, span.start, span.end)
    destinations = ((link, _new_destination(link, folder, renaming)) for link in links)
    return [Replacement(link.span, destination) for link, destination in destinations if destination is not None]


def _new_destination(link: TextLink, folder: Path, renaming: Renaming) -> str | None:
    """Return the new destination of a link, or None if it does not lead to the pattern or need not change."""
    path, slashes, rest = split_destination(link.destination)
    if "://" in path:
        address = renaming.addresses.get(path)
        return f"{address}{slashes}{rest}" if address is not None else None
    head, slash, last = path.rpartition("/")
    file = renaming.file
    if last == file.name and renaming.moves:
        leads_here = file in places_of(path, folder, renaming.roots) or (link.is_wiki and not slash)
        new = renaming.new_file.name
    else:
        leads_here = last in renaming.pages and (link.is_wiki or is_page(path, folder, renaming.roots, file, last))
        new = renaming.pages.get(last, last)
    new = new if link.is_wiki else quote(new)
    return f"{head}{slash}{new}{slashes}{rest}" if leads_here else None


def occurrences(text: str, word: str) -> Iterator[int]:
    """Yield the numbers of the lines that contain a name, from 1."""
    pattern = re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])")
    for number, line in enumerate(text.split("\n"), 1):
        if pattern.search(line):
            yield number


def routes_of(pattern: Pattern, name: str) -> tuple[Route, ...]:
    """Return the routes of the values that `front_matter_edits` may change in a pattern."""
    named = (route for route, node in pattern.front.root.walk() if node.value == name)
    linked = (link_route(link, pattern.spec) for link in pattern.links if link.target == name)
    identity = pattern.spec.identity
    keys = (pattern.spec.name_key, identity.aliases, identity.page_address, identity.file_address)
    return (*named, *linked, *((key,) for key in keys if key))


def _named(pattern: Pattern, old: str, *, aliases: bool) -> Iterator[Node]:
    """Yield the hubs, aliases and items of links with the value `old`."""
    root = pattern.front.root
    spec = pattern.spec
    lists = [root.get(*route) for route in spec.link_routes]
    lists.append(root.get(spec.garden.key, spec.garden.links) if spec.garden.key else None)
    lists.append(root.get(spec.hubs) if spec.hubs else None)
    lists.append(root.get(spec.identity.aliases) if aliases else None)
    found = [node for one in lists if one is not None for item in one.items for node in names_in(item, spec.hub_key)]
    yield from (node for node in found if node.value == old)


def names_in(item: Node, hub_key: str) -> Iterable[Node]:
    """Return the values of a list item that may name a pattern."""
    if item.children is None:
        return (item,)
    return tuple(item.keys[step] for step in ("slug", "id", "target", hub_key) if step in item.keys)


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
