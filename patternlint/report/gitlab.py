"""GitLab's code quality report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TextIO

from patternlint.diagnostics.fingerprint import fingerprints, repository_path
from patternlint.report.chunks import batches, separated
from patternlint.report.json_encoder import encoder
from patternlint.report.locations import sentences
from patternlint.report.model import RenderOptions, Report

_LEVELS = ("info", "info", "minor", "major")


def write(report: Report, out: TextIO, _style: RenderOptions) -> None:
    """Write a JSON array with one object per finding."""
    encode = encoder(out)
    out.write("[")
    out.writelines(batches(separated(map(encode, _issues(report)))))
    out.write("\n]\n")


def _issues(report: Report) -> Iterator[dict[str, Any]]:
    for finding, key in fingerprints(report.findings, report.prefix):
        rule = report.rules.get(finding.rule)
        issue: dict[str, Any] = {
            "description": " ".join(sentences(finding.message, finding.help)),
            "check_name": finding.rule,
            "fingerprint": key,
            "severity": _LEVELS[finding.severity],
            "location": {
                "path": repository_path(finding.path, report.prefix),
                "lines": {"begin": finding.region.line, "end": finding.region.end_line},
            },
        }
        if rule is not None and rule.why:
            issue["content"] = {"body": " ".join(sentences(rule.summary, rule.why))}
        yield issue
