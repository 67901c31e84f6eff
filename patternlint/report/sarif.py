"""SARIF 2.1.0, as GitHub's code scanning reads it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TextIO

from patternlint.diagnostics.diagnostic import Diagnostic, Label
from patternlint.diagnostics.fingerprint import fingerprints, repository_path
from patternlint.diagnostics.fix import Fix
from patternlint.diagnostics.severity import LEVELS, Severity
from patternlint.report.chunks import batches, separated
from patternlint.report.escape import escape_line
from patternlint.report.json_encoder import encoder
from patternlint.report.locations import replacements, sentences, uri
from patternlint.report.model import RenderOptions, Report, RuleHelp
from patternlint.source import Region

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

MAX_RESULTS = 25_000
"""GitHub rejects a file with more results per run."""
MAX_LABELS = 100

_LEVELS = ("none", "note", "warning", "error")
_ROOT = "%SRCROOT%"


def write(report: Report, out: TextIO, _style: RenderOptions) -> None:
    """Write one run, one result per line; at most the number that GitHub accepts, with a notification."""
    encode = encoder(out)
    rules = {name: index for index, name in enumerate(report.rules)}
    notes = list(report.notes)
    if report.summary.total > MAX_RESULTS:
        left = report.summary.total - MAX_RESULTS
        notes.append(f"GitHub takes {MAX_RESULTS:,} results: {left:,} of the lightest were left out")
    head = {
        "tool": {"driver": _driver(report)},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The top of the repository."}}},
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [
                    {"level": "note", "message": {"text": escape_line(note)}} for note in notes
                ],
            }
        ],
    }
    start = encode({"$schema": SCHEMA, "version": "2.1.0", "runs": [head]})
    out.write(start.removesuffix("}]}") + ',"results":[')
    chosen = fingerprints(_choose(report), report.prefix)
    out.writelines(batches(separated(encode(_result(one, key, report, rules)) for one, key in chosen)))
    out.write("\n]}]}\n")


def _choose(report: Report) -> Iterable[Diagnostic]:
    """Return the findings in order, the most severe ones when GitHub accepts no more."""
    if report.summary.total <= MAX_RESULTS:
        return report.findings
    room = MAX_RESULTS
    left: dict[Severity, int] = {}
    for level in sorted(Severity, reverse=True):
        left[level] = min(room, report.summary.findings.get(level, 0))
        room -= left[level]
    return _take_most_severe(report.findings, left)


def _take_most_severe(findings: Iterable[Diagnostic], left: dict[Severity, int]) -> Iterator[Diagnostic]:
    for finding in findings:
        if left[finding.severity] > 0:
            left[finding.severity] -= 1
            yield finding


def _driver(report: Report) -> dict[str, Any]:
    driver: dict[str, Any] = {"name": "patternlint", "semanticVersion": report.version or "0"}
    if report.home:
        driver["informationUri"] = report.home
    driver["rules"] = [_rule(rule) for rule in report.rules.values()]
    return driver


def _rule(rule: RuleHelp) -> dict[str, Any]:
    summary = rule.summary or rule.name
    description = " ".join(sentences(summary, rule.why))
    item: dict[str, Any] = {
        "id": rule.name,
        "shortDescription": {"text": " ".join(sentences(summary))},
        "fullDescription": {"text": description},
        "help": {"text": description, "markdown": rule.help_markdown or rule.why or summary},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {
            "tags": [rule.group] if rule.group else [],
            "precision": "high",
            "problem.severity": {"error": "error", "warning": "warning"}.get(LEVELS[rule.severity], "recommendation"),
        },
    }
    title = "".join(part.capitalize() for part in rule.name.replace("/", "-").split("-"))
    if title.lower() != rule.name:  # a name that only repeats the id is against the rules of SARIF
        item["name"] = title
    if rule.url:
        item["helpUri"] = rule.url
    return item


def _result(finding: Diagnostic, key: str, report: Report, rules: dict[str, int]) -> dict[str, Any]:
    prefix = report.prefix
    labels = finding.labels[:MAX_LABELS]
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": _message(finding, labels)},
        "locations": [{"physicalLocation": _place(repository_path(finding.path, prefix), finding.region)}],
        "partialFingerprints": {"primaryLocationLineHash": key},
    }
    if finding.rule in rules:
        result["ruleIndex"] = rules[finding.rule]
    if labels:
        result["relatedLocations"] = [
            {
                "id": number,
                "message": {"text": _plain(one.message or "here")},
                "physicalLocation": _place(repository_path(one.path or finding.path, prefix), one.region),
            }
            for number, one in enumerate(labels, 1)
        ]
    if finding.fix is not None and (changes := _changes(finding, finding.fix, report)):
        result["fixes"] = [{"description": {"text": _plain(finding.fix.title)}, "artifactChanges": changes}]
    return result


def _message(finding: Diagnostic, labels: tuple[Label, ...]) -> str:
    """Return the message, the help and a link to each label: GitHub displays a label only where it is linked."""
    links = ", ".join(f"[{_plain(one.message or 'here')}]({number})" for number, one in enumerate(labels, 1))
    return " ".join(sentences(_plain(finding.message), _plain(finding.help), links and f"See {links}"))


def _plain(text: str) -> str:
    """Escape brackets, which SARIF reads as links in messages."""
    return escape_line(text).replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


def _place(path: str, region: Region) -> dict[str, Any]:
    return {"artifactLocation": _artifact(path), "region": _region(region)}


def _artifact(path: str) -> dict[str, str]:
    address = uri(path)
    return {"uri": address} if address.startswith("file:") else {"uri": address, "uriBaseId": _ROOT}


def _region(region: Region) -> dict[str, int]:
    return {
        "startLine": region.line,
        "startColumn": region.column,
        "endLine": region.end_line,
        "endColumn": region.end_column,
    }


def _changes(finding: Diagnostic, fix: Fix, report: Report) -> list[dict[str, Any]]:
    """Return a fix as replacements per file; empty when it inserts without a position."""
    files: dict[str, list[dict[str, Any]]] = {}
    for path, edit in replacements(finding, fix) or ():
        source = report.source(path)
        if source is None or edit.span.end > len(source.text):
            return []
        files.setdefault(path, []).append(
            {"deletedRegion": _region(source.region(edit.span)), "insertedContent": {"text": edit.text}}
        )
    return [
        {"artifactLocation": _artifact(repository_path(path, report.prefix)), "replacements": all_of}
        for path, all_of in files.items()
    ]
