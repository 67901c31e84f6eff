"""How an editor colors the names of patterns: known, unknown or deprecated."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct

from patternlint.editor.references import target_of
from patternlint.editor.view import OWN, View
from patternlint.library.entry import Entry
from patternlint.source import Span


class Token(Struct, frozen=True):
    """The name of another pattern.

    Attributes:
        span: its characters.
        is_known: whether a pattern has the name.
        is_deprecated: whether that pattern is deprecated.
    """

    span: Span
    is_known: bool
    is_deprecated: bool = False


def tokens(view: View, is_deprecated: Callable[[Entry], bool]) -> Iterator[Token]:
    """Yield the names of other patterns in the front matter of a file, in order.

    Args:
        view: the file.
        is_deprecated: returns whether a pattern is deprecated.
    """
    for named in view.names():
        if named.place.relation != OWN:
            entry = target_of(view, named)
            yield Token(named.span, entry is not None, entry is not None and is_deprecated(entry))
