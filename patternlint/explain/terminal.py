"""Render a page of `explain.pages` for a terminal, colored and wrapped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from textwrap import wrap

from patternlint.report.color import Paint

_INLINE = re.compile(r"`[^`\n]+`|\*\*[^*\n]+\*\*")
_INDENT = "    "
_MAX_WIDTH = 100
_LEVELS = ("error", "warning", "info")


def for_terminal(page: str, paint: Paint, width: int) -> Iterator[str]:
    """Yield the lines of a page for a terminal of `width` columns."""
    room = min(width, _MAX_WIDTH)
    fence = ""
    language = ""
    for line in page.splitlines():
        if fence:
            if line == fence:
                fence = ""
            else:
                yield f"{_INDENT}{_code(line, language, paint)}".rstrip()
        elif line.startswith("```"):
            language = line.lstrip("`")
            fence = line[: len(line) - len(language)]
        elif line.startswith("#"):
            yield paint("message", line.lstrip("# "))
        else:
            yield from _prose(line, paint, room)


def _code(line: str, language: str, paint: Paint) -> str:
    if language == "diff":
        return paint("good" if line.startswith("+") else "error" if line.startswith("-") else "dim", line)
    if line.strip(" \t^") == "" and "^" in line:
        return paint("error", line)
    head, bracket, rest = line.partition("[")
    if bracket and head in _LEVELS:
        return paint(head, head) + bracket + rest
    return line


def _prose(line: str, paint: Paint, room: int) -> Iterator[str]:
    margin = "  " if line.startswith("- ") else ""
    # Spaces in code are no-break spaces while the line is wrapped.
    whole = _INLINE.sub(lambda match: match[0].replace(" ", "\xa0"), line)
    for part in wrap(whole, room, subsequent_indent=margin, break_long_words=False, break_on_hyphens=False) or [""]:
        yield _INLINE.sub(
            lambda match: paint("label", match[0]) if match[0][0] == "`" else paint("message", match[0].strip("*")),
            part,
        ).replace("\xa0", " ")
