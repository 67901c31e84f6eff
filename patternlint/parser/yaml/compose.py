"""YAML text → nodes with exact places.

What is written in the usual way is read line by line, which takes a third of the time (`simple`); everything else, and
everything that is wrong, is left to libyaml (`events`).
"""

from __future__ import annotations

from patternlint.parser.yaml.errors import SyntaxProblem
from patternlint.parser.yaml.fast import compose_fast
from patternlint.parser.yaml.libyaml import compose_libyaml
from patternlint.parser.yaml.tree import DEFAULT_LIMITS, Limits, YamlTree
from patternlint.source import BOM, Span, line_end


def compose(text: str, span: Span | None = None, limits: Limits = DEFAULT_LIMITS, *, clean: bool = False) -> YamlTree:
    """Parse `text`, or what of it lies within `span`, into nodes whose places are offsets into `text`.

    Never raises: what is wrong is in the result.

    Args:
        text: what holds the YAML.
        span: where it is: whole lines; None for all of `text`.
        limits: what it may at most hold.
        clean: whether it is known that YAML refuses none of its characters.
    """
    start, end = (span.start, span.end) if span is not None else (0, len(text))
    if (end - start) * 4 > limits.size:  # a character has at most four bytes
        size = len(text[start:end].encode())
        if size > limits.size:
            message = f"the front matter holds {size:,} bytes, and the limit is {limits.size:,}"
            advice = "move text into the body; if it must be so long, raise `limits.front-matter-size` in the config"
            return YamlTree(None, SyntaxProblem(message, Span(start, line_end(text, start, end)), help=advice))
    tree = compose_fast(text, start, end, limits, clean=clean)
    if tree is not None:
        return tree
    while text.startswith(BOM, start, end):  # libyaml does not count it
        start += len(BOM)
    return compose_libyaml(text[start:end], start, limits)
