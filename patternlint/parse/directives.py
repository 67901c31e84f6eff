"""Suppressions: comments in a file that silence findings.

In the front matter `# patternlint: ignore[rule] reason` speaks of its own line, or of the next one when it stands on a
line of its own; in the body `<!-- patternlint: ignore[rule] reason -->` does. `ignore-file[rule]` speaks of the file.
"""

from __future__ import annotations

import re

from msgspec import Struct

from patternlint.text import Source, Span

NEEDLE = "patternlint:"
_COMMENT = re.compile(
    r"(?P<open>#|<!--)[ \t]*patternlint:[ \t]*(?P<what>ignore-file|ignore)[ \t]*\[(?P<rules>[^\]\n]*)\](?P<rest>[^\n]*)",
)


class Directive(Struct, frozen=True):
    """A suppression as it stands in a file.

    Attributes:
        rules: the names of rules and groups that it silences, in order.
        lines: the first and last line that it speaks of; (0, 0) for the whole file.
        reason: why, in the writer's words; may be empty.
        span: the whole comment.
        names: the place of each name in `rules`.
        line: the line that it stands on.
        alone: whether nothing else stands on its line.
    """

    rules: tuple[str, ...]
    lines: tuple[int, int]
    reason: str
    span: Span
    names: tuple[Span, ...]
    line: int
    alone: bool


def find_directives(source: Source, body_start: int, closed: tuple[Span, ...]) -> tuple[Directive, ...]:
    """Return the suppressions of a file.

    Args:
        source: the file.
        body_start: where the body starts: `#` counts before it, `<!--` behind it.
        closed: where text is only text: quoted scalars of the front matter, code blocks of the body.
    """
    if NEEDLE not in source.text:
        return ()
    found: list[Directive] = []
    for match in _COMMENT.finditer(source.text):
        start = match.start()
        in_body = start >= body_start
        if (match["open"] == "<!--") != in_body or any(span.start <= start < span.end for span in closed):
            continue
        before = source.text[source.text.rfind("\n", 0, start) + 1 : start]
        if not in_body and before and not before[-1].isspace():
            continue
        found.append(_directive(source, match, alone=not before.strip(), in_body=in_body))
    return tuple(found)


def _directive(source: Source, match: re.Match[str], *, alone: bool, in_body: bool) -> Directive:
    rest = match["rest"].rstrip("\r")
    end = match.end("rest") - (len(match["rest"]) - len(rest))
    if in_body and "-->" in rest:
        reason, _, _ = rest.partition("-->")
        end = match.start("rest") + len(reason) + 3
    else:
        reason = rest
    line = source.lines.line(match.start())
    rules: list[str] = []
    names: list[Span] = []
    at = match.start("rules")
    for part in match["rules"].split(","):
        name = part.strip()
        if name:
            begin = at + part.index(name)
            rules.append(name)
            names.append(Span(begin, begin + len(name)))
        at += len(part) + 1
    lines = (0, 0) if match["what"] == "ignore-file" else (line, _reach(source, line, match["open"]) if alone else line)
    return Directive(tuple(rules), lines, reason.strip(), Span(match.start(), end), tuple(names), line, alone)


def _reach(source: Source, line: int, comment: str) -> int:
    """Return the next line behind `line` that is neither blank nor a comment."""
    last = len(source.lines)
    reach = line + 1
    while reach < last:
        text = source.line_text(reach).strip()
        if text and not text.startswith(comment):
            break
        reach += 1
    return min(reach, last)
