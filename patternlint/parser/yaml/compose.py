"""Compose YAML into nodes with exact positions: with the fast reader if possible, else with libyaml."""

from __future__ import annotations

from patternlint.parser.yaml.errors import SyntaxProblem
from patternlint.parser.yaml.fast import compose_fast
from patternlint.parser.yaml.libyaml import compose_libyaml
from patternlint.parser.yaml.tree import DEFAULT_LIMITS, Limits, YamlTree
from patternlint.source import BOM, Span, line_end


def compose(text: str, span: Span | None = None, limits: Limits = DEFAULT_LIMITS, *, clean: bool = False) -> YamlTree:
    """Parse YAML into nodes with offsets into `text`.

    Never raises: the result contains the syntax error.

    Args:
        text: the text that contains the YAML.
        span: the lines of the YAML; None for all of `text`.
        limits: the limits.
        clean: whether the text is free of characters that are not allowed in YAML.
    """
    start, end = (span.start, span.end) if span is not None else (0, len(text))
    if (end - start) * 4 > limits.size:  # a character has at most four bytes
        size = len(text[start:end].encode())
        if size > limits.size:
            message = f"the front matter holds {size:,} bytes, and the limit is {limits.size:,}"
            advice = "move text into the body; if it must be this long, raise `limits.front-matter-size` in the config"
            return YamlTree(None, SyntaxProblem(message, Span(start, line_end(text, start, end)), help=advice))
    tree = compose_fast(text, start, end, limits, clean=clean)
    if tree is not None:
        return tree
    while text.startswith(BOM, start, end):  # libyaml does not count it
        start += len(BOM)
    return compose_libyaml(text[start:end], start, limits)
