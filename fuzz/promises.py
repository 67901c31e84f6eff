"""What must hold for every file, whatever its bytes: parse → lint with all rules → safe fix → report."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterator, Mapping

from patternlint.diagnostic import Diagnostic, Replace, Safety
from patternlint.engine import Engine
from patternlint.fixes import Round, settle
from patternlint.guard import guard
from patternlint.parse import Parsed, parse
from patternlint.registry import Registry, built_in, select
from patternlint.report import FORMATS, Report, Style, Summary
from patternlint.rule import CrashRule
from patternlint.spec import load_specs
from patternlint.text import Source

SECONDS = 1.0
"""No file of a few thousand bytes may take longer."""

_SPECS = load_specs()
_CHECKS = select(Registry(built_in()), _SPECS, pedantic=True)
_ENGINE = Engine(_CHECKS)
_PATH = "a.md"
_ONE_LINE = ("concise", "github")
_PROGRAMS = ("json", "jsonl", "sarif")


class BrokenPromiseError(Exception):
    """A promise that did not hold."""


def check(data: bytes) -> None:
    """Look at one file.

    Raises:
        BrokenPromiseError: when a promise does not hold. Other exceptions break one too.
    """
    begun = time.process_time()
    before = _parsed(data)
    findings = _lint(before)
    _places(before.source, findings)
    _reports(before.source, findings)
    _fixes(before, findings)
    seconds = time.process_time() - begun
    if seconds > SECONDS:
        _break(f"it took {seconds:.1f} seconds")


def _parsed(data: bytes) -> Parsed:
    return parse(Source(_PATH, data), _SPECS, named=True)


def _lint(parsed: Parsed) -> tuple[Diagnostic, ...]:
    result = _ENGINE.lint(parsed)
    findings, _ = _ENGINE.finish(_PATH, result.own, ())
    for finding in findings:
        if finding.rule == _CHECKS.crash.name:
            _break(f"a rule raised: {finding.message}")
    return tuple(findings)


def _places(source: Source, findings: tuple[Diagnostic, ...]) -> None:
    """Every place is inside the text."""
    for finding in findings:
        spans = [finding.span]
        spans += [edit.span for edit in (finding.fix.edits if finding.fix else ()) if isinstance(edit, Replace)]
        for span in spans:
            if not 0 <= span.start <= span.end <= len(source.text):
                _break(f"{finding.rule} points outside of the text: {span}")
        region = finding.region
        if not (1 <= region.line <= region.end_line <= len(source.lines)) or min(region.column, region.end_column) < 1:
            _break(f"{finding.rule} is at no place: {region}")


def _reports(source: Source, findings: tuple[Diagnostic, ...]) -> None:
    """Every format takes it, shows nothing that a terminal obeys, and can be read again."""
    report = Report(findings, Summary(files=1), source={_PATH: source}.get)
    for name in ("text", *_ONE_LINE, *_PROGRAMS):
        out = io.StringIO()
        FORMATS[name].write(report, out, Style())
        text = out.getvalue()
        if any(character in text for character in "\x1b\r\x85\u2028\u202e\x00"):
            _break(f"{name} shows a control character")
        if name in _ONE_LINE and any(not line.startswith((_PATH, "::")) for line in text.splitlines()[: len(findings)]):
            _break(f"{name} has a line that is no finding")
        if name in ("json", "sarif"):
            json.loads(text)
        text.encode()


def _fixes(before: Parsed, findings: tuple[Diagnostic, ...]) -> None:
    """Safe fixes settle, keep the data, and change nothing when they are made again."""
    first = settle(Round({_PATH: before}, findings), _relint, _is_safe)
    fixed = first.data.get(_PATH)
    if fixed is None:
        return
    after = _parsed(fixed)
    declared = {change.route for one in first.made if one.fix is not None for change in one.fix.changes}
    reason = guard(before, after, declared)
    if reason is not None:
        _break(f"a fix was not refused: {reason}")
    again = settle(Round({_PATH: after}, _lint(after)), _relint, _is_safe)
    if again.data:
        _break(f"fixing twice is not fixing once: {sorted({one.rule for one in again.made})}")


def _relint(changed: Mapping[str, bytes]) -> Round:
    parsed = _parsed(changed[_PATH])
    return Round({_PATH: parsed}, _lint(parsed))


def _is_safe(finding: Diagnostic) -> bool:
    return finding.fix is not None and finding.fix.safety is Safety.SAFE


def _break(words: str) -> None:
    raise BrokenPromiseError(words)


def seeds() -> Iterator[bytes]:
    """Yield the texts of all rules' examples: each is a file that some rule cares about."""
    for info in Registry(built_in()):
        if issubclass(info.rule, CrashRule):
            continue
        for example in (*info.rule.bad, *info.rule.good):
            for text in example.files.values():
                yield text.replace("«", "").replace("»", "").encode() if isinstance(text, str) else text
