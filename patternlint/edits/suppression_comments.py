"""Edits that add suppression comments for findings without changing anything else.

In the front matter a comment is added on a line of its own above the line of the finding. In the body it is added above
a heading or the beginning of a paragraph, and at the end of any other line, since a comment between two lines of a
paragraph would split it. Where no comment is possible (in a block scalar, in code, in a table), and for findings about
the whole file, a comment in the first line of the front matter suppresses the rule in the file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from enum import Enum

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.diagnostics.fix import Replacement
from patternlint.document.pattern import Pattern
from patternlint.parser.markdown.commonmark import is_mdx
from patternlint.parser.suppressions import SUPPRESSION_MARKER
from patternlint.source import Span


class CommentPlace(Enum):
    """The position of a suppression comment."""

    ABOVE = "on a line of its own above the line"
    BEHIND = "at the end of the line"
    FILE = "in the first line of the front matter, for the file"


def suppression_edits(
    pattern: Pattern, findings: Iterable[Diagnostic], reason: str, for_file: Container[str]
) -> tuple[Replacement, ...]:
    """Return the edits that add suppressions for `findings` to a file; rules on one line share a comment.

    Args:
        pattern: the file.
        findings: findings about it.
        reason: the reason to state; may be empty.
        for_file: the names of rules to suppress in the whole file.
    """
    rules_by_place: defaultdict[tuple[int, CommentPlace], set[str]] = defaultdict(set)
    for finding in findings:
        line = finding.region.line
        place = CommentPlace.FILE if finding.rule in for_file else comment_place(pattern, line)
        rules_by_place[0 if place is CommentPlace.FILE else line, place].add(finding.rule)
    return tuple(
        _edit(pattern, line, place, sorted(rules), reason)
        for (line, place), rules in sorted(rules_by_place.items(), key=lambda item: item[0][0])
    )


def comment_place(pattern: Pattern, line: int) -> CommentPlace:
    """Return the position of a suppression of a finding on `line`."""
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
        return CommentPlace.FILE  # a thematic break, or the underline of a heading
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
    comment = f"# {what}"
    if in_body:
        comment = f"{{/* {what} */}}" if is_mdx(source) else f"<!-- {what} -->"
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
    """Yield the problems of a reason that cannot be part of a comment."""
    if "\n" in reason or "\r" in reason:
        yield "a reason is one line"
    if "--" in reason:
        yield "a reason has no `--` in it: it would end a comment in Markdown"
    if "*/" in reason:
        yield "a reason has no `*/` in it: it would end a comment in MDX"
