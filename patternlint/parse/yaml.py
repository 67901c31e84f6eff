"""YAML text → nodes with exact places.

What is written in the usual way is read line by line, which takes half the time (`simple`); everything else, and
everything that is wrong, is left to libyaml (`events`).
"""

from __future__ import annotations

from patternlint.parse.events import compose_events
from patternlint.parse.problem import YamlProblem
from patternlint.parse.simple import compose_simple
from patternlint.parse.tree import USUAL, Limits, YamlTree
from patternlint.text import BOM, Span


def compose(text: str, span: Span | None = None, limits: Limits = USUAL) -> YamlTree:
    """Parse `text`, or what of it lies within `span`, into nodes whose places are offsets into `text`.

    Never raises: what is wrong is in the result.
    """
    start, end = (span.start, span.end) if span is not None else (0, len(text))
    if (end - start) * 4 > limits.size:  # a character has at most four bytes
        size = len(text[start:end].encode())
        if size > limits.size:
            line_end = text.find("\n", start, end)
            message = f"the front matter holds {size:,} bytes, and the limit is {limits.size:,}"
            advice = "move text into the body; if it must be so long, raise `limits.front-matter-size` in the config"
            return YamlTree(None, YamlProblem(message, Span(start, line_end if line_end >= 0 else end), help=advice))
    while text.startswith(BOM, start, end):  # libyaml does not count it
        start += len(BOM)
    return compose_simple(text, start, end, limits) or compose_events(text[start:end], start, limits)
