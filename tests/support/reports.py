"""Statistics of findings that no run has made."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter

from msgspec.structs import replace

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.diagnostics.statistics import RunStatistics, StatisticsCollector, summarize


def statistics_of(findings: Iterable[Diagnostic], files: int = 1) -> RunStatistics:
    """Return the statistics of findings, sorted by path, in a number of patterns of spec 7.1."""
    collector = StatisticsCollector()
    for _, of_file in groupby(findings, attrgetter("path")):
        collector.add(summarize(of_file))
    return replace(collector.counts(), files=files, patterns={"7.1": files})
