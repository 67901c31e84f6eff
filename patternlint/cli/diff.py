"""Unified diffs."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterable, Iterator
from io import StringIO

from patternlint.report.escape import command_brackets, shown_lines


def write_diff(lines: Iterable[str]) -> None:
    """Write a diff to standard output: byte for byte, but without control characters on a terminal."""
    is_terminal = sys.stdout.isatty()
    sys.stdout.writelines(f"{shown_lines(line[:-1])}\n" if is_terminal else line for line in lines)


def unified_diff(before: bytes, after: bytes, old: str, new: str) -> Iterator[str]:
    """Yield the lines of the diff of one file, whose path is `old` before and `new` after the change.

    GitHub ignores the spaces at the beginning of a line. So a context line that GitHub would run as a workflow command is
    deleted and inserted again. A file that is only renamed has the two lines with its paths.
    """
    names = _quote_name(f"a/{old}"), _quote_name(f"b/{new}")
    if before == after and old != new:
        yield from (f"--- {names[0]}\n", f"+++ {names[1]}\n")
    texts = (data.decode("utf-8", "surrogateescape") for data in (before, after))
    old_lines, new_lines = (list(StringIO(text, newline="\n")) for text in texts)  # only LF ends a line
    for line in difflib.unified_diff(old_lines, new_lines, *names):
        is_command = line.startswith(" ") and line.lstrip().startswith("::")
        for text in (f"-{line[1:]}", f"+{line[1:]}") if is_command else (line,):
            yield text if text.endswith("\n") else f"{text}\n\\ No newline at end of file\n"


def _quote_name(name: str) -> str:
    """Return a file name as git writes it: with octal escapes if it contains control characters or a workflow command."""
    brackets = command_brackets(name)
    if name.isprintable() and '"' not in name and not brackets:
        return name
    escaped = (
        f"\\{character}"
        if character in '"\\'
        else character
        if character.isprintable() and index not in brackets
        else _octal(character)
        for index, character in enumerate(name)
    )
    return f'"{"".join(escaped)}"'


def _octal(character: str) -> str:
    return "".join(f"\\{byte:03o}" for byte in character.encode("utf-8", "surrogateescape"))
