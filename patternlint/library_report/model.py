"""Everything that a report about a library shows, as one frozen value."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from patternlint.diagnostics.severity import Severity
from patternlint.diagnostics.statistics import RunStatistics
from patternlint.library.shape import AlphabetShape, ConcentrationShape, ScoreShape
from patternlint.library_report.findings import CollectedFindings
from patternlint.library_report.graph import Graph


class RuleInfo(Struct, frozen=True):
    """A rule with findings: its name, group and level, the requirement in one line, and the address of its page."""

    name: str
    group: str
    severity: Severity
    summary: str
    url: str


class LibraryShape(Struct, frozen=True):
    """The shape of a library.

    Attributes:
        alphabet: links over the alphabet.
        concentration: links to the most linked names.
        scores: the scores.
        statuses: the number of patterns of each status, in descending order; patterns without one are left out.
        copied: sentences that stand in several patterns, with the number of patterns, in descending order.
        copied_percentages: the percentage of such sentences of each pattern with sentences, by path.
        growth: the number of patterns by the day on which their id was generated, as in ISO 8601, for ids that contain it.
    """

    alphabet: AlphabetShape = AlphabetShape()
    concentration: ConcentrationShape = ConcentrationShape()
    scores: ScoreShape = ScoreShape()
    statuses: tuple[tuple[str, int], ...] = ()
    copied: tuple[tuple[str, int], ...] = ()
    copied_percentages: Mapping[str, int] = {}
    growth: tuple[tuple[str, int], ...] = ()


class CountChange(Struct, frozen=True):
    """The number of findings of a rule that are known, new and resolved since the baseline."""

    rule: str
    known: int
    new: int
    resolved: int


class CauseChange(Struct, frozen=True):
    """The number of findings of a rule about one subject, or key, that are new and resolved since the baseline."""

    rule: str
    about: str
    new: int
    resolved: int


class HistoryPoint(Struct, frozen=True, omit_defaults=True):
    """One line of a history file: the findings of a run by level and by rule, and the library in numbers.

    Attributes:
        statuses: the number of patterns of each status; empty in lines of earlier versions.
        without_links: the number of patterns without relationships; None in lines of earlier versions.
    """

    date: str
    commit: str
    patterns: int
    levels: Mapping[str, int]
    rules: Mapping[str, int]
    statuses: Mapping[str, int] = {}
    without_links: int | None = None

    @property
    def findings(self) -> int:
        """The number of findings."""
        return sum(self.levels.values())


class LibraryReport(Struct, frozen=True):
    """Everything that a report about a library shows.

    Attributes:
        title: the name of the library.
        date: the date of the run, as in ISO 8601.
        version: the version of patternlint.
        home: the address of the documentation.
        link: the address of a file, with `{path}` and `{line}`; empty for none.
        noun: the word for a record, and its plural.
        summary: the numbers of the run.
        notes: lines for the reader.
        rules: the rules with findings, by name.
        graph: the patterns and links.
        findings: the findings.
        shape: the shape of the library.
        since: what changed since the baseline, by rule; None without a baseline.
        since_causes: likewise, by cause, the greatest change first.
        history: earlier runs and this one, in their order.
    """

    title: str
    date: str
    version: str
    home: str
    link: str
    noun: tuple[str, str]
    summary: RunStatistics
    notes: tuple[str, ...]
    rules: Mapping[str, RuleInfo]
    graph: Graph
    findings: CollectedFindings
    shape: LibraryShape
    since: tuple[CountChange, ...] | None = None
    since_causes: tuple[CauseChange, ...] = ()
    history: tuple[HistoryPoint, ...] = ()
