"""Describe a rule in a report and on its page."""

from __future__ import annotations

import inspect

from patternlint.diagnostics.severity import Severity
from patternlint.linter.registry import RuleInfo
from patternlint.report.model import RuleHelp
from patternlint.rule.base import BaseRule

DOCS_URL = "https://patternlint.github.io/patternlint/rules"


def summary(rule: type[BaseRule]) -> str:
    """Return the requirement of a rule, in one line."""
    return (inspect.getdoc(rule) or "").partition("\n")[0]


def default_level(rule: type[BaseRule]) -> str:
    """Return the default level of a rule."""
    return rule.severity.label if rule.enabled else Severity.OFF.label


def fix_words(rule: type[BaseRule]) -> str:
    """Return "safe", "unsafe", "safe or unsafe" or "none", according to the examples."""
    kinds = {"unsafe" if example.unsafe else "safe" for example in rule.bad if example.fixed is not None}
    return " or ".join(sorted(kinds)) or "none"


def rule_help(info: RuleInfo, severity: Severity) -> RuleHelp:
    """Return the description of a rule for reports, with the severity of its diagnostics."""
    rule = info.rule
    return RuleHelp(
        info.name,
        summary(rule),
        rule.why,
        "\n\n".join(part for part in (rule.why, rule.notes) if part),
        severity,
        info.group,
        "" if info.plugin else f"{DOCS_URL}/{info.group}/{info.name}/",
        fix_words(rule) != "none",
    )
