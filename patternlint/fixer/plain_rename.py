"""Edits that rename a pattern in a file that names it in the usual form: found from its entry, without parsing YAML.

A slug in place of a slug, between the same quotes, changes one value and nothing else, so the result need not be parsed
either. Every doubt leaves the file to `fixer.rename`, which gives the same edits.
"""

from __future__ import annotations

import re

from patternlint.diagnostics.fix import Replacement
from patternlint.document.identifiers import is_slug
from patternlint.edits.scalars import can_be_plain
from patternlint.fixer.rename import Renaming
from patternlint.library.entry import Entry
from patternlint.parser.delimiters import find_delimiters
from patternlint.source import Source, Span
from patternlint.spec.model import Spec


def body_of(source: Source) -> Span | None:
    """Return the text below front matter, or None without it."""
    delimiters = find_delimiters(source)
    return Span(delimiters.body, len(source.text)) if delimiters is not None and delimiters.closing else None


def is_plain(source: Source, entry: Entry, spec: Spec, renaming: Renaming) -> bool:
    """Return whether the edits of a file can be found from its entry: it is another pattern, whose links have usual forms."""
    return (
        entry.internal
        and not entry.failed_to_parse
        and not entry.left_alone
        and entry.slug != renaming.old
        and renaming.old not in entry.aliases
        and spec.has_slugs
        and spec.front_matter == "required"
        and not spec.relationships.form
        and not spec.relationships.split
        and source.decode_error is None
        and is_slug(renaming.new)
        and can_be_plain(renaming.new)
    )


def plain_edits(source: Source, entry: Entry, renaming: Renaming) -> list[Replacement] | None:
    """Return the edits of the links and hubs of another pattern, or None if its front matter has the name anywhere else.

    Args:
        source: the file, which `is_plain`.
        entry: its entry.
        renaming: the old name and the new one.
    """
    old, new = renaming.old, renaming.new
    delimiters = find_delimiters(source)
    if delimiters is None or delimiters.closing is None:
        return None
    front = source.slice(delimiters.content)
    named = {link.span for link in entry.links if link.target == old} | {
        hub.span for hub in entry.hubs if hub.target == old
    }
    edits = [Replacement(span, source.slice(span).replace(old, new)) for span in sorted(named)]
    usual = {old, f'"{old}"', f"'{old}'"}
    starts = {edit.span.start + source.slice(edit.span).find(old) for edit in edits}
    words = re.finditer(rf"(?<![\w-]){re.escape(old)}(?![\w-])", front)
    if (
        "\\" in front  # a name may be written with escapes
        or any(source.slice(edit.span) not in usual for edit in edits)
        or {delimiters.content.start + word.start() for word in words} != starts
    ):
        return None
    return edits
