"""Render the examples of a rule: the text with carets below the marked spans, the diagnostics and the fix."""

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
_MAX_LINES = 24  # of a longer text, only the lines around marked spans are shown
_CONTEXT_LINES = 2
_FLAGS = {Safety.SAFE: "--fix", Safety.UNSAFE: "--fix --unsafe-fixes"}
_WIDTH = 96


def example_lines(example: Example, diagnostics: Sequence[Diagnostic], shown_help: set[str]) -> Iterator[str]:
    """Yield the lines of an example in Markdown: its files, the diagnostics and the fixed text.

    Args:
        example: the example.
        diagnostics: its diagnostics.
        shown_help: the help texts that the page has shown, and that are not repeated; extended.
    """
    several = len(example.files) > 1
    if example.settings:
        yield "With this in `spec.toml`:"
        yield ""
        yield from block(example.settings.splitlines(), "toml")
    for path, old in (example.before or {}).items():
        yield f"Before the change{f', in `{path}`' if several else ''}:"
        yield ""
        yield from block(old.splitlines(), _language(old))
    if example.before is not None:
        yield "After it:"
        yield ""
    for path, text in example.files.items():
        if several:
            yield f"`{path}`"
            yield ""
        yield from block(list(_lines_with_carets(_as_text(text))), _language(text))
    if diagnostics:
        yield "Output:"
        yield ""
        yield from block([line for one in diagnostics for line in _report(one, shown_help, several=several)], "text")
        shown_help.update(one.help for one in diagnostics)
    for path, text in (example.fixed or {}).items():
        yield f"Fix{f' in `{path}`' if several else ''}:"
        yield ""
        yield from block(list(_difference(_as_text(example.files[path]), text)), "diff")


def block(lines: Sequence[str], language: str) -> Iterator[str]:
    """Yield a code block in Markdown, whose fence is longer than any in `lines`, and a blank line."""
    longest = max((len(run) for line in lines for run in _TICKS.findall(line)), default=2)
    fence = "`" * (longest + 1)
    yield f"{fence}{language}"
    yield from lines
    yield fence
    yield ""


def _as_text(text: str | bytes) -> str:
    return text if isinstance(text, str) else text.decode("utf-8", "backslashreplace")


def _language(text: str | bytes) -> str:
    """Return the language of a code block; text with carets is not valid YAML."""
    whole = _as_text(text)
    if "«" in whole:
        return "text"
    return "markdown" if whole.startswith(("---", "\ufeff")) else "yaml"


def _lines_with_carets(text: str) -> Iterator[str]:
    """Yield the lines of a text without marks, each followed by carets below its marked spans."""
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    inside = False
    rows: list[tuple[str, str]] = []
    for line in lines:
        carets, inside = _carets(line, inside=inside)
        rows.append((shown_lines(_MARKS.sub("", line)), carets))
    kept = _lines_to_show([bool(carets) for _, carets in rows], [line for line, _ in rows])
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
    """Return the carets below the marked spans of a line; `inside` is whether a span continues from line to line."""
    below: list[str] = []  # one string below each character of the line, and one after it
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


def _lines_to_show(marked: Sequence[bool], lines: Sequence[str]) -> list[bool]:
    """Return which lines to show: all of a short text, else those near marked spans and their parent keys."""
    if len(lines) <= _MAX_LINES or not any(marked):
        return [True] * len(lines)
    near = [any(marked[max(0, at - _CONTEXT_LINES) : at + _CONTEXT_LINES + 1]) for at in range(len(lines))]
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


def _report(diagnostic: Diagnostic, shown_help: AbstractSet[str], *, several: bool) -> Iterator[str]:
    where = f" ({escape_line(diagnostic.path)})" if several and diagnostic.path else ""  # none about the library
    yield f"{diagnostic.severity.label}[{diagnostic.rule}]: {escape_line(diagnostic.message)}{where}"
    if diagnostic.help and diagnostic.help not in shown_help:
        yield from _wrap_after("  = help: ", escape_line(diagnostic.help))
    if diagnostic.fix is not None:
        yield from _wrap_after("  = fix:  ", f"{escape_line(diagnostic.fix.title)} ({_FLAGS[diagnostic.fix.safety]})")


def _wrap_after(head: str, text: str) -> Iterator[str]:
    whole = _CODE.sub(lambda match: match[0].replace(" ", "\xa0"), text)  # code is not wrapped
    for at, line in enumerate(wrap(whole, _WIDTH - len(head), break_long_words=False, break_on_hyphens=False)):
        yield f"{head if at == 0 else ' ' * len(head)}{line}".replace("\xa0", " ")


def _difference(before: str, after: str) -> Iterator[str]:
    """Yield the change of a fix as a diff without headers."""
    old = _MARKS.sub("", before).splitlines(keepends=True)
    new = after.splitlines(keepends=True)
    for line in list(unified_diff(old, new, n=1))[2:]:
        if line.startswith("@@"):
            continue
        yield shown_lines(line.removesuffix("\n"))
        if not line.endswith("\n"):
            yield "\\ no newline at the end"
