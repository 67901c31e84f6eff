"""The format for terminals: every finding with its source lines, and the summary."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Iterator
from textwrap import wrap
from typing import TextIO

from msgspec.structs import replace

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.diagnostics.fix import Safety
from patternlint.report.color import painter
from patternlint.report.escape import SAMPLE, encodable, escape_line, writer
from patternlint.report.locations import is_located
from patternlint.report.model import RenderOptions, Report
from patternlint.report.snippet import ASCII, UNICODE, Annotation, SnippetStyle, fits, render_snippet
from patternlint.report.summary import number, summary_text
from patternlint.source import Source

_LABELS = 8
"""The maximum number of labels per finding."""
_MIN_ROOM = 20
_FLAGS = {Safety.SAFE: "--fix", Safety.UNSAFE: "--fix --unsafe-fixes"}


def write(report: Report, out: TextIO, style: RenderOptions) -> None:
    """Write up to `max_per_rule` findings of each rule, the number of the others, and the summary."""
    say = writer(out)
    glyphs = UNICODE if encodable(f"{UNICODE.corner}{UNICODE.bar}{UNICODE.cut}", out) else ASCII
    encoding = "" if encodable(SAMPLE, out) else out.encoding
    canvas = SnippetStyle(painter(color=style.color), glyphs, style.width, 0, encoding)
    counts: defaultdict[str, int] = defaultdict(int)
    for finding in report.findings:
        counts[finding.rule] += 1
        if style.max_per_rule is None or counts[finding.rule] <= style.max_per_rule:
            say("".join(f"{line}\n" for line in _lines(finding, report, canvas)) + "\n")
    if style.max_per_rule is not None:
        hidden = {rule: count - style.max_per_rule for rule, count in counts.items() if count > style.max_per_rule}
        for rule, count in sorted(hidden.items(), key=lambda one: (-one[1], one[0])):
            say(f"{glyphs.cut} and {count:,} more {escape_line(rule)}: --show-all\n")
        if hidden:
            say("\n")
    if not style.quiet:
        say(summary_text(report, canvas.paint))


def _lines(finding: Diagnostic, report: Report, canvas: SnippetStyle) -> Iterator[str]:
    """Yield the lines of one finding without line endings."""
    role = finding.severity.label
    places = _places(finding, role)
    canvas = replace(canvas, gutter=max(len(str(one.region.end_line)) for _, one in places))
    rule, message = f"{role}[{escape_line(finding.rule)}]", f": {escape_line(finding.message)}"
    yield f"{canvas.paint(role, rule)}{canvas.paint('message', message)}"
    by_file: defaultdict[str, list[Annotation]] = defaultdict(list)
    for path, mark in places:
        by_file[path].append(mark)
    drawn = False
    for path, marks in by_file.items():
        if drawn:
            yield canvas.row()
        drawn = yield from _block(canvas, path, report.source(path), marks)
    left = len(finding.labels) - _LABELS
    if left > 0:
        yield f"{' ' * (canvas.gutter + 1)}{canvas.glyphs.cut} and {number(left, 'more place')}"
    yield from _advice(canvas, finding, drawn=drawn)


def _places(finding: Diagnostic, role: str) -> list[tuple[str, Annotation]]:
    """Return the annotations of a finding and its labels, each with its file.

    A label at the position of the finding itself becomes the message of its underline.
    """
    message = ""
    labels: list[tuple[str, Annotation]] = []
    for one in finding.labels[:_LABELS]:
        path = one.path or finding.path
        if not message and path == finding.path and one.region == finding.region and is_located(one.region):
            message = one.message
        else:
            labels.append((path, Annotation(one.region, one.message, "label", "-")))
    return [(finding.path, Annotation(finding.region, message, role, "^")), *labels]


def _block(
    canvas: SnippetStyle, path: str, source: Source | None, marks: list[Annotation]
) -> Generator[str, None, bool]:
    """Yield the annotations in one file; return whether source lines were displayed."""
    drawable = [mark for mark in marks if fits(mark.region, source)]
    first, *others = marks
    if path:  # a finding about the library has no file
        yield canvas.location(path, first.region, "" if first in drawable else first.message)
    if source is not None and drawable:
        yield from render_snippet(canvas, source, drawable)
    for mark in others:
        if mark not in drawable:
            yield canvas.location(path, mark.region, mark.message)
    return bool(drawable)


def _advice(canvas: SnippetStyle, finding: Diagnostic, *, drawn: bool) -> Iterator[str]:
    """Yield the help and the fix, below the snippets."""
    if not finding.help and finding.fix is None:
        return
    if drawn:
        yield canvas.row()
    yield from _paragraph(canvas, "help:", finding.help)
    if finding.fix is not None:
        flag = _FLAGS[finding.fix.safety]
        yield from _paragraph(canvas, "fix: ", f"{finding.fix.title} ({flag})")


def _paragraph(canvas: SnippetStyle, head: str, text: str) -> Iterator[str]:
    """Yield a text after its label, wrapped."""
    if not text:
        return
    margin = " " * (canvas.gutter + 1)
    sign = canvas.paint("gutter", "=")
    text = escape_line(text)
    room = max(canvas.width - len(margin) - len(head) - 3, _MIN_ROOM)
    lines = [text] if len(text) <= room else wrap(text, room, break_long_words=False, break_on_hyphens=False)
    for at, line in enumerate(lines):
        yield f"{margin}{sign} {head} {line}" if at == 0 else f"{margin}{' ' * len(head)}   {line}"
