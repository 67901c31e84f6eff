"""Whether edits of layout keep the data, where the YAML has parts that a person seldom writes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from patternlint.diagnostics.fix import Replacement
from patternlint.document.pattern import Pattern
from patternlint.parser.yaml.compose import compose

_UNUSUAL = re.compile(r"^[ \t]*(?:- +)*\?[ \t\r\n]|(?<=[ \t\[,{])[&*!][^ \t\r\n]|\t", re.MULTILINE)
"""An explicit key, an anchor, an alias, a tag, or a tab."""


def preserves_data(pattern: Pattern, edits: Sequence[Replacement]) -> bool:
    """Return whether front matter means the same after `edits`, which do not overlap and stay inside it.

    The usual YAML is not parsed again.
    """
    front = pattern.front
    text = pattern.source.text
    if not front.duplicates and not _UNUSUAL.search(text, front.span.start, front.span.end):
        return True
    parts: list[str] = []
    at = front.span.start
    for edit in sorted(edits, key=lambda edit: edit.span):
        parts += text[at : edit.span.start], edit.text
        at = edit.span.end
    root = compose("".join((*parts, text[at : front.span.end]))).root
    return root is not None and bool(root.value == pattern.data)
