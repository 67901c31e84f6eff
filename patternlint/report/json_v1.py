"""The json format, version 1. Its contract is `schemas/report-1.schema.json`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from msgspec import Struct

from patternlint.diagnostics.diagnostic import Diagnostic, Label
from patternlint.diagnostics.fingerprint import fingerprints
from patternlint.diagnostics.fix import Edit, Fix, InsertItem, Replacement, Safety
from patternlint.diagnostics.route import format_route
from patternlint.diagnostics.severity import LEVELS, Severity
from patternlint.report.chunks import batches, separated
from patternlint.report.json_encoder import encoder
from patternlint.report.model import RenderOptions, Report

VERSION = 1


class JsonReplace(Struct, frozen=True, gc=False, tag="replace", tag_field="kind"):
    """An edit: replace the characters from `start` to `end`, counted from 0, with `text`."""

    path: str
    start: int
    end: int
    text: str


class JsonAddItem(Struct, frozen=True, gc=False, tag="add-item", tag_field="kind"):
    """An edit: add a relationship to the list at `route`."""

    path: str
    route: str
    target: str
    weight: float | None


class JsonAddKey(Struct, frozen=True, gc=False, tag="add-key", tag_field="kind"):
    """An edit: add the key at `route`, with a value in YAML's flow style."""

    path: str
    route: str
    value: str


class JsonRenameSlug(Struct, frozen=True, gc=False, tag="rename-slug", tag_field="kind"):
    """An edit: rename the slug of a pattern, with all references to it in the library."""

    path: str
    slug: str


JsonEdit = JsonReplace | JsonAddItem | JsonAddKey | JsonRenameSlug


class JsonFix(Struct, frozen=True, gc=False):
    """A fix: its title, its safety and its edits."""

    title: str
    safety: str
    edits: tuple[JsonEdit, ...]


class JsonLabel(Struct, frozen=True, gc=False):
    """A secondary location of a finding."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    message: str


class JsonFinding(Struct, frozen=True, gc=False):
    """A finding; its fields are in output order."""

    path: str
    rule: str
    level: str
    message: str
    help: str
    route: str
    line: int
    column: int
    end_line: int
    end_column: int
    fix: JsonFix | None
    labels: tuple[JsonLabel, ...]
    fingerprint: str


def write(report: Report, out: TextIO, _style: RenderOptions) -> None:
    """Write the report as one JSON object, one finding per line."""
    encode = encoder(out)
    out.write(f'{{"version":{VERSION},"summary":{encode(summary_object(report))},"findings":[')
    out.writelines(batches(separated(map(encode, json_findings(report)))))
    out.write("\n]}\n")


def json_findings(report: Report) -> Iterator[JsonFinding]:
    """Yield each finding in output form."""
    for finding, key in fingerprints(report.findings, report.prefix):
        region = finding.region
        yield JsonFinding(
            finding.path,
            finding.rule,
            LEVELS[finding.severity],
            finding.message,
            finding.help,
            format_route(finding.route),
            region.line,
            region.column,
            region.end_line,
            region.end_column,
            _fix(finding.fix, finding.path) if finding.fix is not None else None,
            tuple([_label(one, finding) for one in finding.labels]) if finding.labels else (),
            key,
        )


def _fix(fix: Fix, path: str) -> JsonFix:
    if fix.new_slug:
        return JsonFix(fix.title, fix.safety, (JsonRenameSlug(path, fix.new_slug),))
    return JsonFix(fix.title, fix.safety, tuple([_edit(edit, edit.path or path) for edit in fix.edits]))


def _edit(edit: Edit, path: str) -> JsonEdit:
    if isinstance(edit, Replacement):
        return JsonReplace(path, edit.span.start, edit.span.end, edit.text)
    if isinstance(edit, InsertItem):
        return JsonAddItem(path, format_route(edit.route), edit.target, edit.weight)
    return JsonAddKey(path, format_route(edit.route), edit.value)


def _label(label: Label, finding: Diagnostic) -> JsonLabel:
    region = label.region
    path = label.path or finding.path
    return JsonLabel(path, region.line, region.column, region.end_line, region.end_column, label.message)


def summary_object(report: Report) -> dict[str, object]:
    """Return the summary in output form."""
    summary = report.summary
    return {
        "files": summary.files,
        "patterns": dict(summary.patterns),
        "left_alone": summary.skipped,
        "findings": {level.label: summary.findings.get(level, 0) for level in sorted(Severity, reverse=True) if level},
        "silenced": summary.silenced,
        "baselined": summary.known,
        "fixed": summary.fixed,
        "fixable": summary.fixable.get(Safety.SAFE, 0),
        "fixable_unsafe": summary.fixable.get(Safety.UNSAFE, 0),
        "notes": report.notes,
    }
