"""Guarantees for every file, whatever its bytes: parse, lint with all rules, apply fixes, report."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as ET

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.diagnostics.fix import Replacement, Safety
from patternlint.diagnostics.statistics import RunStatistics
from patternlint.fixer.fixpoint import LintPass
from patternlint.fixer.verify import rejection_reason
from patternlint.library.library import Library
from patternlint.linter.linter import Linter
from patternlint.linter.registry import Registry, built_in_rules
from patternlint.linter.selection import select
from patternlint.parser.parser import ParsedFile, parse
from patternlint.report import FORMATS, write_report
from patternlint.report.model import RenderOptions, Report
from patternlint.run.fix import ALL_FIXES, SAFE_ONLY, fix_in_phases
from patternlint.source import Source
from patternlint.spec.loader import load_specs
from patternlint.spec.model import Spec

SECONDS = 1.0
"""Time limit for a file of a few thousand bytes."""

_SPECS = load_specs()
_SELECTION = select(Registry(built_in_rules()), _SPECS, pedantic=True)
_LINTER = Linter(_SELECTION)
_FAILURES = frozenset(rule.name for rule in _SELECTION.error_rules.values())
_PATH = "a.md"
_ONE_LINE = ("concise", "github")
_OTHERS = tuple(name for name in FORMATS if name != "concise")
_CONTROL = frozenset("\x1b\r\x85\u2028\u202e\x00")


class ViolationError(Exception):
    """A violated guarantee."""


def check(data: bytes, turn: int | None = None) -> list[str]:
    """Check one file.

    Args:
        data: the content of the file.
        turn: number of the file in a search. The slow output formats take turns; `concise` is always checked. None
            checks all formats.

    Returns:
        Names of the checked cases, for statistics.

    Raises:
        ViolationError: if a guarantee is violated. Any other exception violates one too.
    """
    begun = time.process_time()
    spec = _SPECS.all[len(data) % len(_SPECS.all)]  # for files without a detectable specification
    before = _parsed(data, spec)
    tried = [f"kind: {before.kind.name.lower()}"]
    findings = _lint(before)
    _check_locations(before.source, findings)
    formats: Sequence[str] = _OTHERS if turn is None else (_OTHERS[turn % len(_OTHERS)],)
    for name in ("concise", *formats):
        _report(name, before.source, findings)
        tried.append(f"format: {name}")
    if any(finding.fix is not None for finding in findings):
        tried += _fixes(before, findings, spec)
    seconds = time.process_time() - begun
    if seconds > SECONDS:
        _fail(f"it took {seconds:.1f} seconds")
    return tried


def _parsed(data: bytes, spec: Spec) -> ParsedFile:
    source = Source(_PATH, data)
    parsed = parse(source, _SPECS, named=True)
    return parsed if parsed.spec is not None else parse(source, _SPECS, spec=spec, named=True)


def _lint(parsed: ParsedFile) -> tuple[Diagnostic, ...]:
    result = _LINTER.lint_file(parsed)
    library = Library.build([result.entry] if result.entry is not None else [], _SPECS)
    library_diagnostics = _LINTER.lint_library(library, lambda _: frozenset())
    findings, _ = _LINTER.finalize(_PATH, result.own, library_diagnostics)
    for finding in findings:
        if finding.rule in _FAILURES:
            _fail(f"a rule raised: {finding.message}")
    return tuple(findings)


def _check_locations(source: Source, findings: tuple[Diagnostic, ...]) -> None:
    """Check that all locations are inside the text."""
    for finding in findings:
        spans = [finding.span]
        spans += [edit.span for edit in (finding.fix.edits if finding.fix else ()) if isinstance(edit, Replacement)]
        for span in spans:
            if not 0 <= span.start <= span.end <= len(source.text):
                _fail(f"{finding.rule} points outside the text: {span}")
        for region in (finding.region, *(label.region for label in finding.labels)):
            lines_exist = 1 <= region.line <= region.end_line <= len(source.lines)
            if not lines_exist or min(region.column, region.end_column) < 1:
                _fail(f"{finding.rule} has an invalid region: {region}")


def _report(name: str, source: Source, findings: tuple[Diagnostic, ...]) -> None:
    """Check that a format accepts the findings, is valid, and contains no control characters."""
    out = io.StringIO()
    write_report(name, Report(findings, RunStatistics(files=1), source={_PATH: source}.get), out, RenderOptions())
    text = out.getvalue()
    if not _CONTROL.isdisjoint(text):
        _fail(f"{name} contains a control character")
    if name in _ONE_LINE and any(not line.startswith((_PATH, "::")) for line in text.splitlines()[: len(findings)]):
        _fail(f"{name} has an unexpected line")
    if name in {"json", "sarif", "gitlab", "rdjson"}:
        json.loads(text)
    elif name == "jsonl":
        for line in text.split("\n")[:-1]:
            json.loads(line)
    elif name == "junit":
        ET.fromstring(text)  # noqa: S314 - our own output
    text.encode()


def _fixes(before: ParsedFile, findings: tuple[Diagnostic, ...], spec: Spec) -> list[str]:
    """Check that fixes reach a stable state, change only declared data, and change nothing when applied again.

    This is checked for the safe fixes and for all fixes.
    """
    return [f"{name}, {_settled(before, findings, spec, safeties)}" for name, safeties in _KINDS.items()]


_KINDS = {"safe fixes": SAFE_ONLY, "all fixes": ALL_FIXES}


def _settled(before: ParsedFile, findings: tuple[Diagnostic, ...], spec: Spec, safeties: frozenset[Safety]) -> str:

    def relint(changed: Mapping[str, bytes]) -> LintPass:
        parsed = _parsed(changed[_PATH], spec)
        return LintPass({_PATH: parsed}, _lint(parsed))

    data, phases, refused = fix_in_phases(LintPass({_PATH: before}, findings), relint, safeties, lambda _: True)
    fixed = data.get(_PATH, before.source.data)
    if fixed == before.source.data:
        return "refused" if refused else "none applied"
    earlier = before
    for phase in phases:  # separately: the first phase may create the front matter that a later one changes
        later = phase.last.parsed[_PATH]
        fixes = [diagnostic.fix for diagnostic in phase.applied if diagnostic.fix is not None]
        reason = rejection_reason(earlier, later, {change.route for fix in fixes for change in fix.declared_changes})
        if reason is not None:
            _fail(f"a fix was not rejected: {reason}")
        earlier = later
    after = _parsed(fixed, spec)
    again, more, _ = fix_in_phases(LintPass({_PATH: after}, _lint(after)), relint, safeties, lambda _: True)
    if again.get(_PATH, fixed) != fixed:
        rules = sorted({one.rule for phase in more for one in phase.applied})
        _fail(f"fixes are not idempotent: {rules}")
    return "applied, some refused" if refused else "applied"


def _fail(message: str) -> None:
    raise ViolationError(message)
