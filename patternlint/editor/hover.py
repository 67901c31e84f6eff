"""What an editor shows about a place: a pattern, a key, or the reason of a finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from msgspec import Struct

from patternlint.document.cursor import TokenKind
from patternlint.document.links import INFERRED
from patternlint.editor.completion import key_help
from patternlint.editor.references import linking, target_of
from patternlint.editor.view import View
from patternlint.library.entry import Entry
from patternlint.library.library import Library
from patternlint.library.text_links import linked_from, linking_to
from patternlint.source import Span

_IN_TEXT = "in the text"


class Hover(Struct, frozen=True):
    """Text about a span, in Markdown."""

    text: str
    span: Span


About = Callable[[Entry], str]
"""Returns details of a pattern besides its entry, in Markdown."""


def hover(view: View, offset: int, about: About) -> Hover | None:
    """Return the text to show at an offset of the front matter or at a link in the text, or None.

    Args:
        view: the file.
        offset: a character offset.
        about: returns more about a pattern.
    """
    if view.spec is None:
        return None
    named = view.named_at(offset)
    entry = target_of(view, named) if named is not None else None
    if entry is not None and named is not None and not entry.left_alone:
        return Hover(describe(view.library, entry, about(entry)), named.span)
    cursor = view.cursor(offset)
    if cursor is None:
        return None
    token = cursor.token
    if token.kind is TokenKind.KEY:
        key = view.text[token.span.start : token.span.end]
        text = key_help(view.spec, (*token.route, key))
        return Hover(text, token.span) if text else None
    if token.kind is TokenKind.VALUE and token.span:
        text = key_help(view.spec, token.route)
        return Hover(text, token.span) if text else None
    return None


def describe(library: Library, entry: Entry, about: str = "") -> str:
    """Return a pattern as Markdown: its title, its details and its links.

    Args:
        library: the library.
        entry: the pattern.
        about: more about it.
    """
    parts = [f"**{_plain(entry.title or entry.name)}**", about]
    outgoing = Counter(link.relation for link in entry.links if link.relation != INFERRED)
    outgoing[_IN_TEXT] += len({other.path for other in linked_from(library, entry)})
    incoming = Counter({relation: len(paths) for relation, paths in linking(library, entry).items()})
    incoming[_IN_TEXT] += sum(1 for _ in linking_to(library, entry))
    parts += [_counts("Links to", outgoing), _counts("Linked from", incoming)]
    parts.append(f"`{entry.slug or entry.path}`" + (f" · `{entry.id}`" if entry.id else ""))
    return "\n\n".join(filter(None, parts))


def _plain(text: str) -> str:
    return "".join(f"\\{character}" if character in "\\`*_[]<>" else character for character in text)


def _counts(lead: str, counts: Counter[str]) -> str:
    if not counts.total():
        return ""
    by_type = ", ".join(f"{count} {kind}" for kind, count in counts.most_common() if count)
    return f"{lead} {counts.total()}: {by_type}"


def why(reasons: Iterable[tuple[str, str]]) -> str:
    """Return why findings are reported, in Markdown, given the name and the reason of each rule."""
    return "\n\n".join(f"**{name}**: {reason}" for name, reason in dict(reasons).items())
