"""The data of the page: columns as JSON, deflated, in Base64. `report-ui/src/data.ts` reads them.

Four blocks, since the page unpacks each when it needs it: the numbers of the overview, the patterns with their links and the causes,
the findings, and the texts of patterns.
"""

from __future__ import annotations

import base64
import zlib
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import PurePosixPath
from typing import Any

import msgspec

from patternlint.diagnostics.causes import Cause, causes_of_most
from patternlint.diagnostics.fix import Safety
from patternlint.diagnostics.severity import Severity
from patternlint.library_report.findings import FIX_CODES, TextColumn
from patternlint.library_report.graph import LinkEdge, PatternNode, plain_number
from patternlint.library_report.model import LibraryReport

_encode = msgspec.json.Encoder(order="deterministic").encode
_BEST = 9  # deflate

_ONE_SIDED, _MUTUAL = 1, 2
_FIRST_CAUSES = 8  # on the overview


def pack(value: object) -> str:
    """Return a value as JSON, deflated, in Base64."""
    return base64.b64encode(zlib.compress(_encode(_valid(value)), _BEST)).decode()


def unpack(text: str) -> Any:
    """Return the value that `pack` encoded."""
    return msgspec.json.decode(zlib.decompress(base64.b64decode(text)))


def _valid(value: Any) -> Any:
    """Return a value with text that UTF-8 can encode: undecodable bytes of a file name are replaced."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {key: _valid(inner) for key, inner in value.items()}
    if isinstance(value, list) and value and not isinstance(value[0], int | float):
        return [_valid(inner) for inner in value]
    return value


def overview_block(report: LibraryReport) -> dict[str, Any]:
    """Return what the overview and the shape need: numbers, and the most important causes."""
    summary, found = report.summary, report.findings
    return {
        "title": report.title,
        "date": report.date,
        "version": report.version,
        "home": report.home,
        "link": report.link,
        "noun": list(report.noun),
        "notes": list(report.notes),
        "files": summary.files,
        "skipped": summary.skipped,
        "silenced": summary.silenced,
        "known": summary.known,
        "omitted": found.omitted,
        "specs": dict(summary.patterns),
        "total": summary.total,
        "levels": [summary.findings.get(level, 0) for level in (Severity.ERROR, Severity.WARNING, Severity.INFO)],
        "fixable": [summary.fixable.get(safety, 0) for safety in Safety],
        "rules": [
            [rule.name, rule.group, int(rule.severity), rule.summary, rule.url] for rule in report.rules.values()
        ],
        "counts": _counts(report),
        "hub": _hub(report),
        "groups": _groups(report),
        "first": _causes(report, found.causes[:_FIRST_CAUSES]),
        "most": causes_of_most(found.causes),
        "shape": _shape(report),
        "since": [[one.rule, one.known, one.new, one.resolved] for one in report.since]
        if report.since is not None
        else None,
        "sinceCauses": [[one.rule, one.about, one.new, one.resolved] for one in report.since_causes],
        "history": [[one.date, one.commit, one.patterns, dict(one.levels), dict(one.rules)] for one in report.history],
    }


def library_block(report: LibraryReport) -> dict[str, Any]:
    """Return what the causes, the map and the table of patterns need."""
    return {
        "causes": _causes(report, report.findings.causes),
        "patterns": _pattern_columns(report),
        "links": _link_columns(report.graph.links),
        "missing": list(report.graph.missing),
    }


def _causes(report: LibraryReport, causes: Iterable[Cause]) -> list[list[Any]]:
    rules = {name: number for number, name in enumerate(report.rules)}
    return [
        [
            rules[one.rule],
            int(one.severity),
            one.subject,
            one.message,
            one.help,
            one.count,
            one.files,
            one.fix,
            FIX_CODES[one.safety],
        ]
        for one in causes
    ]


def _counts(report: LibraryReport) -> dict[str, int]:
    links, errors = report.graph.links, report.findings.levels[Severity.ERROR]
    return {
        "patterns": len(report.graph.patterns),
        "withoutErrors": errors.count(0),
        "causes": len(report.findings.causes),
        "links": len(links),
        "unresolved": report.graph.unresolved,
        "missing": len(report.graph.missing),
        "oneSided": sum(link.one_sided for link in links),
        "mutual": sum(link.mutual for link in links),
    }


def _hub(report: LibraryReport) -> list[Any] | None:
    """Return the index of the pattern that most links lead to, its title and their number; None without links."""
    incoming = report.graph.incoming
    most = max(incoming, default=0)
    return [at := incoming.index(most), report.graph.patterns[at].title, most] if most else None


def _groups(report: LibraryReport) -> list[list[Any]]:
    """Return the numbers of errors, warnings and infos of each group of rules, the largest group first."""
    counts: dict[str, Counter[Severity]] = {}
    for cause in report.findings.causes:
        counts.setdefault(report.rules[cause.rule].group, Counter())[cause.severity] += cause.count
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1].total(), pair[0]))
    return [[name, levels[Severity.ERROR], levels[Severity.WARNING], levels[Severity.INFO]] for name, levels in ordered]


def _pattern_columns(report: LibraryReport) -> dict[str, Any]:
    nodes = report.graph.patterns
    levels = report.findings.levels
    names = report.shape.scores.dimensions
    paths = [PurePosixPath(node.entry.path) for node in nodes]
    return {
        "folder": _texts(str(path.parent) for path in paths),
        "file": [path.name for path in paths],
        "slug": [
            "" if node.entry.slug == path.stem else node.entry.slug or path.stem
            for node, path in zip(nodes, paths, strict=True)
        ],
        "title": [node.title for node in nodes],
        "spec": _texts(node.entry.spec for node in nodes),
        "domain": _texts(node.card.domain for node in nodes),
        "sector": _texts(node.card.sector for node in nodes),
        "status": _texts(node.card.status for node in nodes),
        "orbit": _numbers(node.entry.orbit for node in nodes),
        "stars": _numbers(node.card.confidence for node in nodes),
        "overall": _numbers(node.card.overall for node in nodes),
        "dimensions": list(names),
        "scores": [_numbers(node.card.scores.get(name) for node in nodes) for name in names],
        "copied": [report.shape.copied_percentages.get(node.entry.path) for node in nodes],
        "errors": levels[Severity.ERROR],
        "warnings": levels[Severity.WARNING],
        "infos": levels[Severity.INFO],
    }


def _numbers(values: Iterable[float | None]) -> list[float | None]:
    return list(map(plain_number, values))


def _texts(values: Iterable[str]) -> dict[str, Any]:
    column = TextColumn()
    for value in values:
        column.add(value)
    return {"texts": column.texts, "values": column.values}


def _link_columns(links: Iterable[LinkEdge]) -> dict[str, Any]:
    """Return the links as columns; a link to a pattern outside of the report has no target."""
    links = list(links)
    return {
        "source": _deltas(link.source for link in links),
        "target": [link.target for link in links],
        "type": _texts(link.type for link in links),
        "weight": [link.weight for link in links],
        "flags": [link.one_sided * _ONE_SIDED + link.mutual * _MUTUAL for link in links],
    }


def _deltas(values: Iterable[int]) -> list[int]:
    """Return each value less the one before: those of a sorted column are small."""
    found: list[int] = []
    last = 0
    for value in values:
        found.append(value - last)
        last = value
    return found


def findings_block(report: LibraryReport) -> dict[str, Any]:
    """Return the findings."""
    columns = msgspec.structs.asdict(report.findings.columns)
    return {**columns, "file": _deltas(columns["file"]), "others": list(report.findings.other_paths)}


def texts_block(report: LibraryReport) -> dict[str, Any]:
    """Return the texts of patterns."""
    nodes = report.graph.patterns
    readers = list(dict.fromkeys(name for node in nodes for name in node.card.labels))
    return {
        "summary": [node.card.summary for node in nodes],
        "keywords": [_keywords(node) for node in nodes],
        "readers": readers,
        "labels": [_labels(node, readers) for node in nodes],
    }


def _labels(node: PatternNode, readers: Iterable[str]) -> str:
    """Return the label for each reader as a line, with a tab in place of the title: a third smaller once compressed."""
    labels = (" ".join(node.card.labels.get(name, "").split()) for name in readers)
    return "\n".join(label.replace(node.title, "\t") for label in labels).rstrip("\n")


def _keywords(node: PatternNode) -> str:
    return ", ".join(node.card.keywords)


def _shape(report: LibraryReport) -> dict[str, Any]:
    shape = report.shape
    return {
        "letters": [list(one) for one in shape.alphabet.letters],
        "parts": list(shape.alphabet.parts),
        "concentration": list(shape.concentration.counts),
        "untargeted": shape.concentration.untargeted,
        "sets": [[_numbers(values), count] for values, count in shape.scores.sets[:12]],
        "setCount": len(shape.scores.sets),
        "scored": shape.scores.patterns,
        "values": [[_numbers(pair) for pair in column] for column in shape.scores.values],
        "overall": [_numbers(pair) for pair in shape.scores.overall],
        "statuses": [list(pair) for pair in shape.statuses],
        "copied": [list(pair) for pair in shape.copied],
        "growth": [list(pair) for pair in shape.growth],
    }


OVERVIEW, FINDINGS = "overview", "findings"
"""The blocks that tell about the findings that are shown in full."""

BLOCKS: dict[str, Callable[[LibraryReport], dict[str, Any]]] = {
    OVERVIEW: overview_block,
    "library": library_block,
    FINDINGS: findings_block,
    "texts": texts_block,
}
"""The blocks by the id of their element."""
