"""`patternlint rules`."""

from __future__ import annotations

import sys

import msgspec

from patternlint.cli.arguments import Parser, add_common
from patternlint.cli.config import load_config_for
from patternlint.cli.exit_codes import OK
from patternlint.cli.options import CommonOptions
from patternlint.diagnostics.severity import Severity
from patternlint.explain import default_level, fix_words, rule_help, summary
from patternlint.linter.registry import RuleInfo
from patternlint.linter.selection import RuleSelection
from patternlint.project.project import Overrides, load_project


class RulesOptions(CommonOptions, frozen=True, kw_only=True):
    """Options of `patternlint rules`."""

    format: str = "text"


def parser() -> Parser[RulesOptions]:
    """Return the parser of `patternlint rules`."""
    arguments = Parser(
        lambda: RulesOptions, "rules", "", "List all rules by group, with the levels that the configuration sets."
    )
    arguments.add_argument("--format", choices=("text", "json"), help="Output format (default: text)")
    return add_common(arguments)


def run(options: RulesOptions) -> int:
    """Print all rules, and return the exit code."""
    loaded = load_config_for(options)
    project = load_project(loaded, Overrides())
    checks, registry = project.selection, project.registry
    levels = {info.name: _level(info, checks) for info in registry}
    if options.format == "json":
        data = msgspec.json.encode([_json_value(info, levels[info.name]) for info in registry])
        sys.stdout.write(msgspec.json.format(data, indent=2).decode() + "\n")
        return OK
    width = max(len(name) for name in registry.rules)
    for group in sorted({info.group for info in registry}):
        sys.stdout.write(f"{group}\n")
        for info in registry:
            if info.group == group:
                level, default = levels[info.name], default_level(info.rule)
                changed = f" (default: {default})" if level != default else ""
                sys.stdout.write(f"  {info.name:<{width}}  {level:<8} {_fix(info):<7} {summary(info.rule)}{changed}\n")
        sys.stdout.write("\n")
    sys.stdout.write("Run `patternlint rule NAME` for the reason, examples and settings of a rule.\n")
    return OK


def _level(info: RuleInfo, checks: RuleSelection) -> str:
    """Return the configured level of a rule: "off" if it is not enabled."""
    if info.name not in checks.names:
        return Severity.OFF.label
    return checks.severities.get(info.name, info.rule.severity).label


def _fix(info: RuleInfo) -> str:
    words = fix_words(info.rule)
    return {"none": "", "safe or unsafe": "both"}.get(words, words)


def _json_value(info: RuleInfo, level: str) -> dict[str, object]:
    text = rule_help(info, info.rule.severity)
    return {
        "name": info.name,
        "group": info.group,
        "level": default_level(info.rule),
        "level_when_on": info.rule.severity.label,
        "configured_level": level,
        "fix": fix_words(info.rule),
        "scope": info.scope,
        "summary": text.summary,
        "docs": text.url,
        "plugin": info.plugin,
    }
