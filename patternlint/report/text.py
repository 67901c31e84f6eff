"""The format for terminals: every finding with its source lines, and the summary."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Generator, Iterator
from textwrap import wrap
from typing import TextIO

from msgspec import Struct

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.diagnostics.fix import Safety
from patternlint.report.color import Paint, painter
from patternlint.report.escape import SAMPLE, encodable, escape_line, writer
from patternlint.report.locations import is_located
from patternlint.report.model import RenderOptions, Report
from patternlint.report.snippet import ASCII, UNICODE, Annotation, Glyphs, SnippetStyle, fits, render_snippet
from patternlint.report.summary import number, summary_text
from patternlint.source import Source

_LABELS = 8
"""The maximum number of labels per finding."""
_MIN_ROOM = 20
_FLAGS = {Safety.SAFE: "--fix", Safety.UNSAFE: "--fix --unsafe-fixes"}


def write(report: Report, out: TextIO, style: RenderOptions) -> None:
    """Write up to `max_per_rule` findings of each rule, the number of the others, and the summary."""
    say = writer(out)
    pen = _pen(report, out, style)
    counts: defaultdict[str, int] = defaultdict(int)
    for finding in report.findings:
        counts[finding.rule] += 1
        if style.max_per_rule is None or counts[finding.rule] <= style.max_per_rule:
            say("".join(f"{line}\n" for line in render(finding, pen)) + "\n")
    if style.max_per_rule is not None:
        hidden = {rule: count - style.max_per_rule for rule, count in counts.items() if count > style.max_per_rule}
        for rule, count in sorted(hidden.items(), key=lambda one: (-one[1], one[0])):
            say(f"{pen.glyphs.cut} and {count:,} more {escape_line(rule)}: --show-all\n")
        if hidden:
            say("\n")
    if not style.quiet:
        say(summary_text(report, pen.paint))


class _Pen(Struct, frozen=True):
    paint: Paint
    glyphs: Glyphs
    width: int
    source: Callable[[str], Source | None]
    encoding: str


def _pen(report: Report, out: TextIO, style: RenderOptions) -> _Pen:
    drawn = f"{UNICODE.corner}{UNICODE.bar}{UNICODE.cut}"
    glyphs = UNICODE if encodable(drawn, out) else ASCII
    encoding = "" if encodable(SAMPLE, out) else out.encoding
    return _Pen(painter(color=style.color), glyphs, style.width, report.source, encoding)


def render(finding: Diagnostic, pen: _Pen) -> Iterator[str]:
    """Yield the lines of one finding without line endings."""
    role = finding.severity.label
    places = _places(finding, role)
    gutter = max(len(str(one.region.end_line)) for _, one in places)
    canvas = SnippetStyle(pen.paint, pen.glyphs, pen.width, gutter, pen.encoding)
    yield f"{pen.paint(role, f'{role}[{escape_line(finding.rule)}]')}{pen.paint('message', f': {escape_line(finding.message)}')}"
    drawn = False
    for path, marks in _by_file(places).items():
        if drawn:
            yield canvas.row()
        drawn = yield from _block(canvas, path, pen.source(path), marks)
    left = len(finding.labels) - _LABELS
    if left > 0:
        yield f"{' ' * (canvas.gutter + 1)}{pen.glyphs.cut} and {number(left, 'more place')}"
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


def _by_file(places: list[tuple[str, Annotation]]) -> dict[str, list[Annotation]]:
    files: dict[str, list[Annotation]] = {}
    for path, mark in places:
        files.setdefault(path, []).append(mark)
    return files


def _block(
    canvas: SnippetStyle, path: str, source: Source | None, marks: list[Annotation]
) -> Generator[str, None, bool]:
    """Yield the annotations in one file; return whether source lines were displayed."""
    drawable = [mark for mark in marks if fits(mark.region, source)]
    first, *others = marks
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
