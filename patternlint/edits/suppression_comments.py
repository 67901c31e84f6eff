"""Writes suppressions into a file: for each finding a comment where it reaches the finding and changes nothing else.

In the front matter a comment stands on a line of its own above the line of the finding, so that no line grows; in the
text it stands above a heading or the beginning of a paragraph, and at the end of any other line, since a comment between
two lines of a paragraph would part them. Where no comment can stand (in a block of text, in code, in a table), and for
findings about the file as a whole, one in the first line of the front matter speaks of the file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from enum import Enum

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.diagnostics.fix import Replacement
from patternlint.document.pattern import Pattern
from patternlint.parser.suppressions import SUPPRESSION_MARKER
from patternlint.source import Span


class CommentPlace(Enum):
    """Where a suppression stands."""

    ABOVE = "on a line of its own above the line"
    BEHIND = "at the end of the line"
    FILE = "in the first line of the front matter, for the file"


def suppression_edits(
    pattern: Pattern, findings: Iterable[Diagnostic], reason: str, for_file: Container[str]
) -> tuple[Replacement, ...]:
    """Return the edits that put suppressions for `findings` into a file; rules on one line share a comment.

    Args:
        pattern: the file.
        findings: findings about it.
        reason: why they are silenced; may be empty.
        for_file: the names of rules that are silenced for the whole file.
    """
    wanted: defaultdict[tuple[int, CommentPlace], set[str]] = defaultdict(set)
    for finding in findings:
        line = finding.region.line
        place = CommentPlace.FILE if finding.rule in for_file else comment_place(pattern, line)
        wanted[0 if place is CommentPlace.FILE else line, place].add(finding.rule)
    return tuple(
        _edit(pattern, line, place, sorted(rules), reason)
        for (line, place), rules in sorted(wanted.items(), key=lambda item: item[0][0])
    )


def comment_place(pattern: Pattern, line: int) -> CommentPlace:
    """Return where a suppression of a finding on `line` stands."""
    start = pattern.source.lines.line_start(line)
    front = pattern.front.span
    if front.start <= start < front.end:
        around = pattern.scalars.at(start)
        return CommentPlace.FILE if around is not None and around.start < start else CommentPlace.ABOVE
    return _place_in_body(pattern, line, start) if start >= pattern.body.span.start else CommentPlace.FILE


def _place_in_body(pattern: Pattern, line: int, start: int) -> CommentPlace:
    source, body = pattern.source, pattern.body
    text = source.line_text(line)
    if body.is_in_code_block(start) or body.html_at(start) is not None or text.lstrip(" >").startswith("|"):
        return CommentPlace.FILE
    heading = body.heading_at(start)
    if heading is not None:
        return CommentPlace.ABOVE if source.lines.line_of(heading.span.start) == line else CommentPlace.FILE
    if not text.strip():
        return CommentPlace.ABOVE
    if not any(character.isalnum() for character in text):
        return CommentPlace.FILE  # a rule, or the underline of a heading
    opens = not text[0].isspace() and (start == body.span.start or not source.line_text(line - 1).strip())
    return CommentPlace.ABOVE if opens else CommentPlace.BEHIND


def _edit(pattern: Pattern, line: int, place: CommentPlace, rules: Iterable[str], reason: str) -> Replacement:
    source = pattern.source
    what = f"{SUPPRESSION_MARKER} {'ignore-file' if place is CommentPlace.FILE else 'ignore'}[{', '.join(rules)}] {reason}".rstrip()
    if place is CommentPlace.FILE:
        at = pattern.front.span.start
        return Replacement(Span(at, at), f"# {what}{_ending(source.text, at)}")
    start = source.lines.line_start(line)
    text = source.line_text(line)
    in_body = start >= pattern.body.span.start
    comment = f"<!-- {what} -->" if in_body else f"# {what}"
    if place is CommentPlace.BEHIND:
        bare = text.rstrip()
        at = start + len(bare) - (len(bare) - len(bare.rstrip("\\"))) % 2  # a `\` at the end breaks the line
        return Replacement(Span(at, at), f" {comment}")
    indent = "" if in_body else text[: len(text) - len(text.lstrip())]
    return Replacement(Span(start, start), f"{indent}{comment}{_ending(source.text, start)}")


def _ending(text: str, at: int) -> str:
    """Return the line ending before an offset."""
    return "\r\n" if text[max(at - 2, 0) : at] == "\r\n" else "\n"


def reason_problems(reason: str) -> Iterator[str]:
    """Yield why a text cannot stand in a comment."""
    if "\n" in reason or "\r" in reason:
        yield "a reason is one line"
    if "--" in reason:
        yield "a reason has no `--` in it: it would end a comment in Markdown"
