"""A check that layout edits preserve the data, for YAML with unusual constructs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from patternlint.diagnostics.fix import Replacement
from patternlint.document.pattern import Pattern
from patternlint.edits.apply import apply_edits
from patternlint.parser.yaml.compose import compose

_UNUSUAL = re.compile(
    r"""
      \t
    | \n[ ]*+(?:-[ ]++)*+\?[ \r\n]
    | &(?<=[ \[,{]&)[^ \r\n] | \*(?<=[ \[,{]\*)[^ \r\n] | !(?<=[ \[,{]!)[^ \r\n]
    """,
    re.VERBOSE,
)
"""A tab, an explicit key, an anchor, an alias, or a tag. Each begins with a literal: `re` finds those quickly."""


def preserves_data(pattern: Pattern, edits: Sequence[Replacement]) -> bool:
    """Return whether the front matter has the same data after `edits`, which must not overlap and must lie inside it.

    It is only parsed again if it has unusual constructs.
    """
    front = pattern.front
    text = pattern.source.text
    if not front.duplicates and not _UNUSUAL.search(text, front.span.start - 1, front.span.end):
        return True
    edited = apply_edits(text, edits)
    root = compose(edited[front.span.start : front.span.end + len(edited) - len(text)]).root
    return root is not None and bool(root.value == pattern.data)
