"""An example of a rule as people read it: its text with carets below what is marked, and what the rule makes of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from difflib import unified_diff
from textwrap import wrap

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.diagnostics.fix import Safety
from patternlint.report.escape import escape_line, shown_lines
from patternlint.rule.example import Example

_MARKS = re.compile("[«»]")
_CODE = re.compile("`[^`]+`")
_TICKS = re.compile("`{3,}")
_LONG = 24
"""A text with more lines than this is cut to the lines around what is marked."""
_AROUND = 2
_FLAGS = {Safety.SAFE: "--fix", Safety.UNSAFE: "--fix --unsafe-fixes"}
_WIDTH = 96


def example_lines(example: Example, findings: Sequence[Diagnostic], read: set[str]) -> Iterator[str]:
    """Yield an example in Markdown: its files, what the rule says of them, and what the fix makes of them.

    Args:
        example: the example.
        findings: what the rule says of it.
        read: the help that the page has shown already, and that need not be read twice; added to.
    """
    several = len(example.files) > 1
    for path, text in example.files.items():
        if several:
            yield f"`{path}`"
            yield ""
        yield from block(list(_marked(_as_text(text))), _language(text))
    if findings:
        yield "patternlint says:"
        yield ""
        yield from block([line for one in findings for line in _said(one, read, several=several)], "text")
        read.update(one.help for one in findings)
    for path, text in (example.fixed or {}).items():
        yield f"The fix{f' in `{path}`' if several else ''}:"
        yield ""
        yield from block(list(_difference(_as_text(example.files[path]), text)), "diff")


def block(lines: Sequence[str], language: str) -> Iterator[str]:
    """Yield lines as a code block of Markdown, whatever is in them, and a blank line."""
    longest = max((len(run) for line in lines for run in _TICKS.findall(line)), default=2)
    fence = "`" * (longest + 1)
    yield f"{fence}{language}"
    yield from lines
    yield fence
    yield ""


def _as_text(text: str | bytes) -> str:
    return text if isinstance(text, str) else text.decode("utf-8", "backslashreplace")


def _language(text: str | bytes) -> str:
    """Return what to colour an example as: one with carets in it is no YAML any more."""
    whole = _as_text(text)
    if "«" in whole:
        return "text"
    return "markdown" if whole.startswith(("---", "\ufeff")) else "yaml"


def _marked(text: str) -> Iterator[str]:
    """Yield the lines of a text without marks, and below each line carets below what was marked in it."""
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    inside = False
    rows: list[tuple[str, str]] = []
    for line in lines:
        carets, inside = _carets(line, inside=inside)
        rows.append((shown_lines(_MARKS.sub("", line)), carets))
    kept = _kept([bool(carets) for _, carets in rows], [line for line, _ in rows])
    gap = False
    for (line, carets), keep in zip(rows, kept, strict=True):
        if keep:
            yield line
            if carets:
                yield carets
        elif not gap:
            yield "…"
        gap = not keep


def _carets(line: str, *, inside: bool) -> tuple[str, bool]:
    """Return the carets below what is marked in a line, and whether the mark goes on in the next line.

    Args:
        line: the line with its marks.
        inside: whether a mark that began in a line above goes on.
    """
    below: list[str] = []  # a sign below each character of the line, and one behind it
    empty: set[int] = set()
    opened = -1
    for character in line:
        if character == "«":
            inside, opened = True, len(below)
        elif character == "»":
            inside = False
            if opened == len(below):
                empty.add(opened)
        else:
            sign = "^" if inside else "\t" if character == "\t" else " "
            below.append(sign * len(shown_lines(character)))
    below.append("")
    for at in empty:
        below[at] = "^" + below[at][1:]
    return "".join(below).rstrip(), inside


def _kept(marked: Sequence[bool], lines: Sequence[str]) -> list[bool]:
    """Return which lines to show: all of a short text, else those near a mark and the keys that they are below."""
    if len(lines) <= _LONG or not any(marked):
        return [True] * len(lines)
    near = [any(marked[max(0, at - _AROUND) : at + _AROUND + 1]) for at in range(len(lines))]
    for at in [at for at, is_marked in enumerate(marked) if is_marked]:
        indent = _indent(lines[at])
        for above in range(at - 1, -1, -1):
            line = lines[above]
            if line.strip() and _indent(line) < indent:
                indent = _indent(line)
                near[above] = True
    return near


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _said(finding: Diagnostic, read: AbstractSet[str], *, several: bool) -> Iterator[str]:
    where = f" ({escape_line(finding.path)})" if several else ""
    yield f"{finding.severity.label}[{finding.rule}]: {escape_line(finding.message)}{where}"
    if finding.help and finding.help not in read:
        yield from _indented("  = help: ", escape_line(finding.help))
    if finding.fix is not None:
        yield from _indented("  = fix:  ", f"{escape_line(finding.fix.title)} ({_FLAGS[finding.fix.safety]})")


def _indented(head: str, text: str) -> Iterator[str]:
    whole = _CODE.sub(lambda match: match[0].replace(" ", "\xa0"), text)  # code is not broken at its blanks
    for at, line in enumerate(wrap(whole, _WIDTH - len(head), break_long_words=False, break_on_hyphens=False)):
        yield f"{head if at == 0 else ' ' * len(head)}{line}".replace("\xa0", " ")


def _difference(before: str, after: str) -> Iterator[str]:
    """Yield what a fix changes, as a diff without its head."""
    old = _MARKS.sub("", before).splitlines(keepends=True)
    new = after.splitlines(keepends=True)
    for line in list(unified_diff(old, new, n=1))[2:]:
        if line.startswith("@@"):
            continue
        yield shown_lines(line.removesuffix("\n"))
        if not line.endswith("\n"):
            yield "\\ no newline at the end"
