"""JUnit XML: a suite per file with findings, a case per finding.

A finding that makes the run fail is a failure; one below that level is a passed case with output.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import TextIO
from xml.sax.saxutils import escape, quoteattr

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.diagnostics.severity import LEVELS, Severity
from patternlint.report.chunks import batches
from patternlint.report.escape import shown_lines, writer
from patternlint.report.locations import location, plain_text_lines
from patternlint.report.model import RenderOptions, Report
from patternlint.report.summary import files_line


def write(report: Report, out: TextIO, style: RenderOptions) -> None:
    """Write the suites; without findings, one suite with a passed case."""
    say = writer(out, xml=True)
    summary = report.summary
    failures = sum(count for level, count in summary.findings.items() if level >= style.fail_on)
    say('<?xml version="1.0" encoding="UTF-8"?>\n')
    say(f'<testsuites name="patternlint" tests="{summary.total or 1}" failures="{failures}" errors="0">\n')
    if not summary.total:
        say('  <testsuite name="patternlint" tests="1" failures="0" errors="0">\n')
        say(f'    <testcase name={_attribute(files_line(report))} classname="patternlint"/>\n')
        say("  </testsuite>\n")
    for text in batches(_suites(report, style.fail_on)):
        say(text)
    say("</testsuites>\n")


def _suites(report: Report, fail_on: Severity) -> Iterator[str]:
    for path, group in groupby(report.findings, attrgetter("path")):
        findings = list(group)
        name = _attribute(path)
        failures = sum(finding.severity >= fail_on for finding in findings)
        yield f'  <testsuite name={name} tests="{len(findings)}" failures="{failures}" errors="0">\n'
        for finding in findings:
            yield _case(finding, name, fail_on)
        yield "  </testsuite>\n"


def _case(finding: Diagnostic, path: str, fail_on: Severity) -> str:
    region = finding.region
    label = LEVELS[finding.severity]
    text = escape(f"{location(finding.path, region)}: " + "\n".join(plain_text_lines(finding)))
    if finding.severity >= fail_on:
        element = f'<failure type="{label}" message={_attribute(finding.message)}>{text}</failure>'
    else:
        element = f"<system-out>{label}: {text}</system-out>"
    name = _attribute(f"{finding.rule} {region.line}:{region.column}")
    return f'    <testcase name={name} classname={path} file={path} line="{region.line}">{element}</testcase>\n'


def _attribute(text: str) -> str:
    """Return a text as a quoted attribute; characters that XML does not allow are escaped."""
    return quoteattr(shown_lines(text))
