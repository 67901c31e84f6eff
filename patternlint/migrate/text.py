"""Text of values: copied from a file with its comments and quotes, or written new."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from patternlint.document.node import Node
from patternlint.document.pattern import Pattern
from patternlint.document.trivia import end_of_value
from patternlint.edits.scalars import double_quoted
from patternlint.edits.text_lines import INDENT, column
from patternlint.source import Span


class UnmovableError(ValueError):
    """A value whose text cannot be written elsewhere, and the reason as a clause."""


def prompt_text(prompt: str) -> str:
    """Return a prompt as a value in YAML."""
    return double_quoted(f"[{prompt}]")


def shifted(lines: Sequence[str], indent: int) -> list[str]:
    """Return lines with `indent` more spaces; empty lines stay empty."""
    return [" " * indent + line if line else line for line in lines]


def value_span(pattern: Pattern, node: Node) -> Span:
    """Return the lines of a key with its value, from the key to the end of the last line, with comments that belong to it.

    Raises:
        UnmovableError: if the key is not in a block mapping, or refers to another value.
    """
    text = pattern.source.text
    start = node.key_start
    if start < 0 or text[start - column(text, start) : start].strip(" "):
        name = f"`{text[start : node.key_end].rstrip(': ')}`" if start >= 0 else "a value"
        message = f"{name} is inside braces, or behind another key; write it in a line of its own"
        raise UnmovableError(message)
    return Span(start, end_of_value(text, node, column(text, start), pattern.front.span.end))


def copied_lines(pattern: Pattern, node: Node, name: str) -> list[str]:
    """Return the lines of a key with its value under another name, as if its column were 0.

    Raises:
        UnmovableError: if the value cannot be moved.
    """
    text = pattern.source.text
    span = value_span(pattern, node)
    if any(text.startswith(("&", "*"), one.start) for _, one in node.walk()):
        message = "it has an anchor or an alias"
        raise UnmovableError(message)
    indent = column(text, span.start)
    first, *rest = text[node.key_end : span.end].replace("\r\n", "\n").removesuffix("\n").split("\n")
    return [name + first, *(line[min(indent, len(line) - len(line.lstrip(" "))) :] for line in rest)]


def folded_lines(key: str, value: str, width: int) -> list[str]:
    """Return a key with a text of one paragraph in folded style."""
    filled = textwrap.wrap(value, width - INDENT, break_long_words=False, break_on_hyphens=False)
    return [f"{key}: >-", *shifted(filled, INDENT)]
