"""The input of a reporter: the findings of a run, its summary, and the render options.

A reporter is a function `write(report, out, style)`. It takes all its data from here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct, field

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.diagnostics.severity import Severity
from patternlint.diagnostics.statistics import RunStatistics
from patternlint.source import Source


class RuleHelp(Struct, frozen=True):
    """The description of a rule.

    Attributes:
        name: its name.
        summary: the requirement, in one line.
        why: the reason for it.
        help_markdown: its page.
        severity: the level of its findings, after the configuration is applied.
        group: its group.
        url: the address of its page, or empty.
        fixable: whether it has a fix.
    """

    name: str
    summary: str
    why: str = ""
    help_markdown: str = ""
    severity: Severity = Severity.WARNING
    group: str = ""
    url: str = ""
    fixable: bool = False


class Report(Struct, frozen=True):
    """The findings of a run with all data that reporters need to display them.

    Attributes:
        findings: sorted; can be iterated over more than once, and may be too many for a list.
        summary: the numbers of the run.
        rules: the rules of the run, by name.
        notes: lines for the reader, such as "cross-file rules skipped: …".
        source: returns a file for snippets, or None if it cannot be read.
        version: the version of patternlint.
        prefix: the path of the working directory in the repository, such as "docs/library/"; empty for the top.
            Fingerprints, and paths for services that require repository paths, are relative to the top.
        home: the address of the documentation, or empty.
        suppressing: the rule whose findings are the suppressions that a change adds, or empty. Formats that show only
            some findings show these too: they hide others.
        noun: the word for a record of the run, and its plural.
    """

    findings: Iterable[Diagnostic]
    summary: RunStatistics
    rules: Mapping[str, RuleHelp] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    source: Callable[[str], Source | None] = lambda _: None
    version: str = ""
    prefix: str = ""
    home: str = ""
    suppressing: str = ""
    noun: tuple[str, str] = ("pattern", "patterns")


class RenderOptions(Struct, frozen=True):
    """How a report is displayed. Machine-readable formats always contain everything.

    Attributes:
        color: whether to color the text.
        width: number of columns.
        max_per_rule: how many findings of one rule are shown in full; the others are counted. None shows all.
        quiet: whether to leave out everything but the findings.
        links: the address to prefix to a path to open it in a browser: `https://…/blob/<commit>/`; or empty.
        elsewhere: where all findings are shown if a format shows only some: "in the job summary"; or empty.
        fail_on: the level from which on a finding makes the run fail, for formats with passed and failed tests.
    """

    color: bool = False
    width: int = 100
    max_per_rule: int | None = None
    quiet: bool = False
    links: str = ""
    elsewhere: str = ""
    fail_on: Severity = Severity.ERROR
