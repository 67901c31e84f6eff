"""`patternlint rules`: all rules."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import msgspec

from patternlint.cli.config import load_settings
from patternlint.cli.exit_codes import OK
from patternlint.cli.options import Parser, add_common
from patternlint.diagnostics.severity import Severity
from patternlint.explain import default_level, fix_words, rule_help, summary
from patternlint.linter.registry import RuleInfo
from patternlint.linter.selection import RuleSelection
from patternlint.project.paths import absolute
from patternlint.project.project import Overrides, load_project, load_registry


def parser() -> Parser:
    """Return the parser of `patternlint rules`."""
    made = Parser(
        prog="patternlint rules",
        description="List all rules by group, with the level that the configuration gives them.",
    )
    made.add_argument("--format", choices=("text", "json"), default="text", help="text (default) or json")
    add_common(made)
    return made


def run(arguments: Sequence[str]) -> int:
    """Run the command and return the exit code."""
    options = parser().parse(arguments)
    loaded = load_settings(options, absolute("."))
    checks = load_project(loaded, Overrides()).selection
    registry = load_registry(loaded)
    levels = {info.name: _level(info, checks) for info in registry}
    if options.format == "json":
        data = msgspec.json.encode([_as_data(info, levels[info.name]) for info in registry])
        sys.stdout.write(msgspec.json.format(data, indent=2).decode() + "\n")
        return OK
    width = max(len(name) for name in registry.rules)
    for group in sorted({info.group for info in registry}):
        sys.stdout.write(f"{group}\n")
        for info in registry:
            if info.group == group:
                level, usual = levels[info.name], default_level(info.rule)
                changed = f" (default: {usual})" if level != usual else ""
                sys.stdout.write(f"  {info.name:<{width}}  {level:<8} {_fix(info):<7} {summary(info.rule)}{changed}\n")
        sys.stdout.write("\n")
    sys.stdout.write("`patternlint rule NAME` explains one.\n")
    return OK


def _level(info: RuleInfo, checks: RuleSelection) -> str:
    """Return the level that a rule has by the config: "off" where it is not enabled."""
    if info.name not in checks.names:
        return Severity.OFF.label
    return checks.severities.get(info.name, info.rule.severity).label


def _fix(info: RuleInfo) -> str:
    words = fix_words(info.rule)
    return {"none": "", "safe or unsafe": "both"}.get(words, words)


def _as_data(info: RuleInfo, level: str) -> dict[str, object]:
    known = rule_help(info, info.rule.severity)
    return {
        "name": info.name,
        "group": info.group,
        "level": default_level(info.rule),
        "level_when_on": info.rule.severity.label,
        "configured_level": level,
        "fix": fix_words(info.rule),
        "scope": info.scope,
        "summary": known.summary,
        "docs": known.url,
        "plugin": info.plugin,
    }
