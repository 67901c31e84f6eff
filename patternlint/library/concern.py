"""Which patterns a change concerns: those about which library rules may report something else than before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from patternlint.document.links import INFERRED
from patternlint.library.entry import Entry, fold_title
from patternlint.library.graph import strongly_connected_components
from patternlint.library.library import Library
from patternlint.library.store import BRIEF, ELSEWHERE, HUB, LABEL, PREFIX, STEM, TEXT, TYPEID, link_kind, text_key
from patternlint.library.text_links import linked_from, text_names

Change = tuple[Entry | None, Entry | None]
"""The entry of a file before and after a change; None for a file that does not exist."""


def concerned(before: Library, after: Library, changes: Iterable[Change]) -> frozenset[str]:
    """Return the paths of the files about which the built-in library rules may report something else.

    A rule looks from a pattern at those that it names, that name it, and that share a name with it; `cycle` follows links
    further, and a file that is not a pattern counts among all files of its folder. So for each entry that differs, these
    are the files of its neighbors and of its cycles, before and after the change. The help of a finding may differ in
    other files, because any pattern may be suggested for an unknown name.

    Args:
        before: the library before the change.
        after: the library after the change.
        changes: the files that differ.
    """
    pairs = list(changes)
    paths = {entry.path for pair in pairs for entry in pair if entry is not None}
    different = [pair for pair in pairs if pair[0] != pair[1]]
    for library in (before, after):
        roots: set[str] = set()
        for entry in filter(None, chain.from_iterable(different)):
            paths.update(other.path for other in _neighbors(library, entry))
            roots.add(entry.path)  # without a name, it is found by its path only
            roots.update(other.path for other in _with_names(library, {entry.slug, entry.id}))
        for relations in library.hierarchies:
            for component in strongly_connected_components(library.graph(*relations), sorted(roots)):
                if not roots.isdisjoint(component):
                    paths.update(component)
    paths.update(_with_links_elsewhere(before, after, (entry for pair in different for entry in pair)))
    paths.update(_with_other_ids(before, after, different))
    if any(one is None or other is None or one.left_alone or other.left_alone for one, other in different):
        paths.update(entry.path for entry in after.left_alone)
    return frozenset(paths)


def _with_links_elsewhere(before: Library, after: Library, entries: Iterable[Entry | None]) -> Iterator[str]:
    """Yield the paths of the patterns whose text links to other folders, if a folder of some entries is new or lost its patterns.

    A path into a folder is broken only if that folder, or one next to it, has patterns.
    """
    counts = before.store.pattern_counts, after.store.pattern_counts
    folders = {entry.folder for entry in entries if entry is not None}
    if any(bool(counts[0].get(folder)) != bool(counts[1].get(folder)) for folder in folders):
        yield from (entry.path for library in (before, after) for entry in library.store.find(ELSEWHERE, ELSEWHERE))


def _with_other_ids(before: Library, after: Library, changes: Iterable[Change]) -> Iterator[str]:
    """Yield the paths of the patterns with a label whose usual id changes."""
    ids = [
        {(node.key, node.id) for node in (entry.nodes if entry is not None else ())}
        for pair in changes
        for entry in pair
    ]
    changed = {key for one, other in zip(ids[::2], ids[1::2], strict=True) for key, _ in one ^ other if key}
    for key in changed:
        found = [library.label_ids(key) for library in (before, after)]
        if len({None if one is None else one.usual for one in found}) > 1:
            yield from (entry.path for library in (before, after) for entry in library.store.find(LABEL, key))


def _neighbors(library: Library, entry: Entry) -> Iterator[Entry]:
    """Yield the patterns that an entry names, that name it, or that share a name with it."""
    find = library.store.find
    names = {entry.slug, entry.id, entry.stem if entry.left_alone else ""} - {""}
    kinds = (HUB, TYPEID, *map(link_kind, (*library.store.relations, INFERRED)))
    for name in names:
        yield from chain.from_iterable(find(kind, name) for kind in kinds)
    for title in {fold_title(one) for one in (entry.title, entry.slug, *entry.aliases)} - {""}:
        yield from (*find("name", title), *find("alias", title))
    yield from find(BRIEF, entry.brief_slug or entry.slug)
    yield from find(PREFIX, entry.slug)
    targets = {name for link in entry.links for name in (link.target, link.typeid)}
    yield from _with_names(library, names | targets | {hub.target for hub in entry.hubs})
    yield from _neighbors_in_text(library, entry)


def _neighbors_in_text(library: Library, entry: Entry) -> Iterator[Entry]:
    """Yield the patterns whose text may link to an entry or to a folder above it, and those that other links reach by its names.

    Of several patterns with a name, a link reaches one; so a change of one changes what leads to the others.
    """
    find = library.store.find
    yield from linked_from(library, entry)
    folders = map(text_key, entry.folder.split("/"))
    for name in {*text_names(entry), *folders} - {""}:
        yield from chain(find(TEXT, name), find("name", name), find("alias", name))
    for name in {entry.slug, entry.id, entry.stem} - {""}:
        yield from find(STEM, name)


def _with_names(library: Library, names: Iterable[str]) -> Iterator[Entry]:
    """Yield the patterns with one of some slugs or ids."""
    for name in filter(None, names):
        yield from (*library.by_slug.get(name, ()), *library.by_id.get(name, ()))
