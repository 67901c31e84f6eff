"""Build the report about a library from finished runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec
from msgspec import Struct

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.document.identifiers import creation_date
from patternlint.library.sentences import (
    copied_percentage,
    copied_sentences,
    frequent_sentences,
    sentence_digests,
    wording,
)
from patternlint.library.shape import (
    ConcentrationShape,
    alphabet_shape,
    links_by_name,
    links_by_slug,
    score_shape,
    shares,
)
from patternlint.library_report.excerpts import ExcerptReader
from patternlint.library_report.findings import ShownFinding, collect_findings
from patternlint.library_report.graph import ONE_SIDED_RULES, Graph, OneSided, build_graph, link_key
from patternlint.library_report.model import (
    CauseChange,
    CountChange,
    HistoryPoint,
    LibraryReport,
    LibraryShape,
    RuleInfo,
)
from patternlint.report.model import Report
from patternlint.run.combined import JoinedRun
from patternlint.run.run import Run

_EXCERPTS = "excerpts"
"""The name under which the excerpts of a run are stored with its results."""


_COPIED = "copied-texts"
_LEAST_COPIES = 5
_encode_copied = msgspec.msgpack.Encoder().encode


class _Copied(Struct, frozen=True):
    """Sentences that stand in several patterns with their number, and the percentage of such sentences of patterns by path."""

    sentences: list[tuple[str, int]]
    percentages: dict[str, int]


_decode_copied = msgspec.msgpack.Decoder(_Copied).decode


class ReportSettings(Struct, frozen=True):
    """What a report does not take from the run.

    Attributes:
        title: the name of the library.
        date: the date, as in ISO 8601.
        link: the address of a file, with `{path}` and `{line}`; empty for none.
        history: the lines of the history file, and one for this run.
        since: what changed since the baseline; None without a baseline.
        since_causes: likewise, by cause.
        is_new: returns whether each finding of a file is new since the baseline.
    """

    title: str
    date: str
    link: str = ""
    history: tuple[HistoryPoint, ...] = ()
    since: tuple[CountChange, ...] | None = None
    since_causes: tuple[CauseChange, ...] = ()
    is_new: Callable[[str, Sequence[Diagnostic]], Sequence[bool]] | None = None


def build_report(run: JoinedRun, content: Report, settings: ReportSettings) -> LibraryReport:
    """Return the report about the library of finished runs.

    Args:
        run: the runs.
        content: the rules, the notes and the numbers of the runs.
        settings: the rest.
    """
    one_sided: OneSided = set()
    paths = [entry.path for part in run.runs for entry in part.library.entries if entry.internal]
    index = {path: number for number, path in enumerate(dict.fromkeys(paths))}
    readers = [_excerpts(part) for part in run.runs]
    found = collect_findings(_observed(_findings(run, readers, settings.is_new), one_sided), index)
    for part, reader in zip(run.runs, readers, strict=True):
        if reader.has_new:
            part.linted.results.store(part.linted.stored_name(_EXCERPTS), reader.encoded())
    graph = build_graph([part.library for part in run.runs], one_sided)
    names = {one.rule for one in content.summary.rules}
    rules = {
        name: RuleInfo(name, rule.group, rule.severity, rule.summary, rule.url)
        for name, rule in sorted(content.rules.items())
        if name in names
    }
    return LibraryReport(
        settings.title,
        settings.date,
        content.version,
        content.home,
        settings.link,
        content.noun,
        content.summary,
        content.notes,
        rules,
        graph,
        found,
        _shape(run, graph),
        settings.since,
        settings.since_causes,
        settings.history,
    )


def _excerpts(run: Run) -> ExcerptReader:
    linted = run.linted
    stored = linted.results.load(linted.stored_name(_EXCERPTS)) if linted.is_complete else None
    return ExcerptReader(run.source, stored)


def _findings(
    run: JoinedRun,
    readers: Iterable[ExcerptReader],
    is_new: Callable[[str, Sequence[Diagnostic]], Sequence[bool]] | None,
) -> Iterator[ShownFinding]:
    """Yield the findings, those of one file after one another, each with its excerpt."""
    for part, reader in zip(run.runs, readers, strict=True):
        for file in part.by_file():
            findings = file.findings
            news = is_new(file.path, findings) if is_new is not None and findings else [False] * len(findings)
            for finding, new in zip(findings, news, strict=True):
                yield ShownFinding(finding, reader.of, new)


def _observed(findings: Iterable[ShownFinding], one_sided: OneSided) -> Iterator[ShownFinding]:
    """Yield findings, and add the links without a link back to `one_sided`."""
    for found in findings:
        if found.finding.rule in ONE_SIDED_RULES:
            one_sided.add(link_key(found.finding))
        yield found


def _shape(run: JoinedRun, graph: Graph) -> LibraryShape:
    nodes = graph.patterns
    libraries = [part.library for part in run.runs]
    by_name = sum(map(links_by_name, libraries), start=Counter[str]())
    statuses = Counter(node.card.status for node in nodes if node.card.status)
    copied = [_copied(part) for part in run.runs]
    days = (creation_date(node.entry.id) for node in nodes)
    growth = Counter(day.isoformat() for day in days if day is not None)
    return LibraryShape(
        alphabet_shape((node.entry.slug for node in nodes), sum(map(links_by_slug, libraries), start=Counter[str]())),
        ConcentrationShape(tuple(sorted(by_name.values(), reverse=True)), graph.incoming.count(0), len(nodes)),
        score_shape((node.card.scores for node in nodes), (node.card.overall for node in nodes)),
        tuple(shares(statuses)),
        tuple(sorted((pair for one in copied for pair in one.sentences), key=lambda pair: (-pair[1], pair[0]))),
        {path: share for one in copied for path, share in one.percentages.items()},
        tuple(sorted(growth.items())),
    )


def _copied(run: Run) -> _Copied:
    """Return what patterns have copied, as in an earlier run where nothing changed."""
    linted = run.linted
    name = linted.stored_name(_COPIED)
    stored = linted.results.load(name)
    if stored is not None:
        return _decode_copied(stored)
    titles = {entry.path: entry.title for entry in run.library.own_patterns}
    texts = ((path, source.text) for path in titles if (source := run.source(path)) is not None)
    digests = {path: sentence_digests(text, titles[path]) for path, text in texts}
    frequent = frequent_sentences(digests.values(), max(_LEAST_COPIES, len(titles) // 200))
    found: list[tuple[str, int]] = []
    for one in copied_sentences(digests, frequent):
        source = run.source(one.path)
        found.append((wording(one, source.text if source is not None else "", titles[one.path]), one.count))
    shares = {path: copied_percentage(joined, frequent) for path, joined in digests.items()}
    copied = _Copied(found, {path: share for path, share in shares.items() if share is not None})
    linted.results.store(name, _encode_copied(copied))
    return copied
