"""Words that an editor shows in a text: titles behind slugs, links that are not returned, and who links here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from msgspec import Struct

from patternlint.document.links import INFERRED
from patternlint.editor.references import linking, target_of
from patternlint.editor.view import HUB, OWN, View
from patternlint.library.entry import fold_title
from patternlint.source import Span

_MAX_TITLE = 40  # characters


class Hint(Struct, frozen=True):
    """Words behind an offset."""

    offset: int
    text: str
    is_title: bool = True


class Lens(Struct, frozen=True):
    """Words above a span, about the pattern of the file."""

    span: Span
    text: str


def hints(view: View, span: Span) -> Iterator[Hint]:
    """Yield the hints in a part of a file: titles that are more than the slug, and links that are not returned."""
    spec, own = view.spec, view.entry
    own_names = {own.slug, own.id} - {""} if own is not None else set()
    for named in view.names():
        if named.span.end < span.start or named.span.start > span.end or named.place.relation == OWN:
            continue
        entry = target_of(view, named)
        if entry is None:
            continue
        if entry.title and (named.place.is_id or fold_title(entry.title) != fold_title(named.name)):
            title = entry.title if len(entry.title) <= _MAX_TITLE else f"{entry.title[: _MAX_TITLE - 1]}…"
            yield Hint(named.span.end, title)
        relation = named.place.relation
        if spec is None or not own_names or relation in (HUB, INFERRED):
            continue
        expected = relation if relation in spec.relationships.symmetric else spec.inverse_of.get(relation, "")
        if expected and not any(link.relation == expected and link.target in own_names for link in entry.links):
            yield Hint(named.span.end, "← not returned", is_title=False)


def lens(view: View) -> Lens | None:
    """Return how many patterns link to the one of the file, by type."""
    entry = view.entry
    if entry is None or entry.failed_to_parse or not (entry.slug or entry.id):
        return None
    span = entry.span("slug" if "slug" in entry.spans else "title")
    found = linking(view.library, entry)
    counts = Counter({relation: len(paths) for relation, paths in found.items()})
    others = len(frozenset().union(*found.values()) - {entry.path})
    number = f"{others:,} pattern links here" if others == 1 else f"{others:,} patterns link here"
    by_type = "".join(f" · {count:,} {kind}" for kind, count in counts.most_common())
    return Lens(span, number + by_type)
