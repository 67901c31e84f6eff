"""Annotations for GitHub Actions: workflow commands on standard output.

GitHub displays ten errors, ten warnings and ten notices per step and drops the rest silently.
"""

from __future__ import annotations

from typing import TextIO

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.diagnostics.fingerprint import repository_path
from patternlint.diagnostics.severity import LEVELS, Severity
from patternlint.report.escape import shown_lines, writer
from patternlint.report.locations import is_located, plain_text_lines
from patternlint.report.model import RenderOptions, Report
from patternlint.report.summary import level_counts, number

MAX_OF_A_LEVEL = 10
MAX_MESSAGE = 4096

_COMMANDS = ("debug", "notice", "warning", "error")


def write(report: Report, out: TextIO, style: RenderOptions) -> None:
    """Write notes, then the most severe findings as annotations, and a notice with the number of the others."""
    say = writer(out)
    for note in report.notes:
        say(f"::warning title=patternlint::{escape_data(shown_lines(note))}\n")
    chosen, more = _choose(report)
    for finding in chosen:
        say(command(finding, report.prefix) + "\n")
    if more:
        where = style.elsewhere or "with `--output-format text`"
        text = (
            f"{number(report.summary.total, 'finding')}: {level_counts(report.summary)}. GitHub shows no more than "
            f"{MAX_OF_A_LEVEL} of a level here; {more:,} more are shown {where}"
        )
        say(f"::notice title=patternlint::{escape_data(text)}\n")


def _choose(report: Report) -> tuple[list[Diagnostic], int]:
    """Return the findings to show, the most severe first, and the number of others; one notice is reserved for that.

    Among those of a level, suppressions that the change adds come first.
    """
    first: dict[str, list[Diagnostic]] = {name: [] for name in reversed(LEVELS)}
    others: dict[str, list[Diagnostic]] = {name: [] for name in first}
    total = 0
    for finding in report.findings:
        total += 1
        some = (first if finding.rule == report.suppressing else others)[LEVELS[finding.severity]]
        if len(some) < MAX_OF_A_LEVEL:
            some.append(finding)
    chosen = {name: [*first[name], *others[name]][:MAX_OF_A_LEVEL] for name in first}
    findings = [finding for some in chosen.values() for finding in some]
    notices = chosen[Severity.INFO.label]
    if total > len(findings) and len(notices) == MAX_OF_A_LEVEL:
        findings.remove(notices[-1])
    return findings, total - len(findings)


def command(finding: Diagnostic, prefix: str = "") -> str:
    """Return the workflow command that annotates one finding."""
    region = finding.region
    properties = {"file": repository_path(finding.path, prefix), "line": region.line}
    if is_located(region):
        properties["endLine"] = region.end_line
        if region.line == region.end_line:  # GitHub takes columns of a single line only
            properties |= {"col": region.column, "endColumn": region.end_column}
    properties["title"] = finding.rule
    parameters = ",".join(f"{name}={escape_property(shown_lines(str(value)))}" for name, value in properties.items())
    text = "\n".join(plain_text_lines(finding))
    text = text if len(text) <= MAX_MESSAGE else f"{text[: MAX_MESSAGE - 1]}…"
    return f"::{_COMMANDS[finding.severity]} {parameters}::{escape_data(text)}"


def escape_data(text: str) -> str:
    """Escape the message of a workflow command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def escape_property(text: str) -> str:
    """Escape the value of a property of a workflow command."""
    return escape_data(text).replace(":", "%3A").replace(",", "%2C")
