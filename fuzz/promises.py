"""What must hold for every file, whatever its bytes: parse → lint with all rules → safe fix → report."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as ET

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.diagnostics.fix import Replacement, Safety
from patternlint.fixer.fixpoint import LintPass
from patternlint.fixer.verify import rejection_reason
from patternlint.library.library import Library
from patternlint.linter.linter import Linter
from patternlint.linter.registry import Registry, built_in_rules
from patternlint.linter.selection import select
from patternlint.parser.parser import ParsedFile, parse
from patternlint.report import FORMATS
from patternlint.report.model import RenderOptions, Report, Summary
from patternlint.run.fix import ALL_FIXES, SAFE_ONLY, fix_in_phases
from patternlint.source import Source
from patternlint.spec.loader import load_specs
from patternlint.spec.model import Spec

SECONDS = 1.0
"""No file of a few thousand bytes may take longer."""

_SPECS = load_specs()
_CHECKS = select(Registry(built_in_rules()), _SPECS, pedantic=True)
_ENGINE = Linter(_CHECKS)
_FAILURES = frozenset(rule.name for rule in _CHECKS.error_rules.values())
_PATH = "a.md"
_ONE_LINE = ("concise", "github")
_OTHERS = tuple(name for name in FORMATS if name != "concise")
_OBEYED = frozenset("\x1b\r\x85\u2028\u202e\x00")


class BrokenPromiseError(Exception):
    """A promise that did not hold."""


def check(data: bytes, turn: int | None = None) -> list[str]:
    """Look at one file.

    Args:
        data: what the file holds.
        turn: which file of many it is: of the formats, which cost most, only `concise` and the one whose turn it is are
            tried. None for all of them.

    Returns:
        What was tried, for statistics.

    Raises:
        BrokenPromiseError: when a promise does not hold. Other exceptions break one too.
    """
    begun = time.process_time()
    spec = _SPECS.all[len(data) % len(_SPECS.all)]  # for a text that does not say which one it follows
    before = _parsed(data, spec)
    tried = [f"kind: {before.kind.name.lower()}"]
    findings = _lint(before)
    _places(before.source, findings)
    formats: Sequence[str] = _OTHERS if turn is None else (_OTHERS[turn % len(_OTHERS)],)
    for name in ("concise", *formats):
        _report(name, before.source, findings)
        tried.append(f"format: {name}")
    if any(finding.fix is not None for finding in findings):
        tried += _fixes(before, findings, spec)
    seconds = time.process_time() - begun
    if seconds > SECONDS:
        _break(f"it took {seconds:.1f} seconds")
    return tried


def _parsed(data: bytes, spec: Spec) -> ParsedFile:
    source = Source(_PATH, data)
    parsed = parse(source, _SPECS, named=True)
    return parsed if parsed.spec is not None else parse(source, _SPECS, spec=spec, named=True)


def _lint(parsed: ParsedFile) -> tuple[Diagnostic, ...]:
    result = _ENGINE.lint_file(parsed)
    library = Library.build([result.entry] if result.entry is not None else [], _SPECS)
    across = _ENGINE.lint_library(library, lambda _: frozenset())
    findings, _ = _ENGINE.finalize(_PATH, result.own, across)
    for finding in findings:
        if finding.rule in _FAILURES:
            _break(f"a rule raised: {finding.message}")
    return tuple(findings)


def _places(source: Source, findings: tuple[Diagnostic, ...]) -> None:
    """Every place is inside the text."""
    for finding in findings:
        spans = [finding.span]
        spans += [edit.span for edit in (finding.fix.edits if finding.fix else ()) if isinstance(edit, Replacement)]
        for span in spans:
            if not 0 <= span.start <= span.end <= len(source.text):
                _break(f"{finding.rule} points outside of the text: {span}")
        for region in (finding.region, *(label.region for label in finding.labels)):
            lines_are_there = 1 <= region.line <= region.end_line <= len(source.lines)
            if not lines_are_there or min(region.column, region.end_column) < 1:
                _break(f"{finding.rule} is at no place: {region}")


def _report(name: str, source: Source, findings: tuple[Diagnostic, ...]) -> None:
    """A format takes it, shows nothing that a terminal obeys, and can be read again."""
    out = io.StringIO()
    FORMATS[name].write(Report(findings, Summary(files=1), source={_PATH: source}.get), out, RenderOptions())
    text = out.getvalue()
    if not _OBEYED.isdisjoint(text):
        _break(f"{name} shows a control character")
    if name in _ONE_LINE and any(not line.startswith((_PATH, "::")) for line in text.splitlines()[: len(findings)]):
        _break(f"{name} has a line that is no finding")
    if name in {"json", "sarif", "gitlab", "rdjson"}:
        json.loads(text)
    elif name == "jsonl":
        for line in text.split("\n")[:-1]:
            json.loads(line)
    elif name == "junit":
        ET.fromstring(text)  # noqa: S314 - our own text
    text.encode()


def _fixes(before: ParsedFile, findings: tuple[Diagnostic, ...], spec: Spec) -> list[str]:
    """Fixes settle, change nothing but what they declare, and change nothing when they are applied again.

    Both kinds of runs are tried: with the safe fixes, and with all of them.
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
    for phase in phases:  # one by one: the first may make front matter of what was none, and others change its data
        later = phase.last.parsed[_PATH]
        made = [one.fix for one in phase.applied if one.fix is not None]
        reason = rejection_reason(earlier, later, {change.route for fix in made for change in fix.declared_changes})
        if reason is not None:
            _break(f"a fix was not refused: {reason}")
        earlier = later
    after = _parsed(fixed, spec)
    again, more, _ = fix_in_phases(LintPass({_PATH: after}, _lint(after)), relint, safeties, lambda _: True)
    if again.get(_PATH, fixed) != fixed:
        rules = sorted({one.rule for phase in more for one in phase.applied})
        _break(f"fixing twice is not fixing once: {rules}")
    return "applied, some refused" if refused else "applied"


def _break(words: str) -> None:
    raise BrokenPromiseError(words)
