"""`patternlint rule`."""

from __future__ import annotations

import shutil
import sys

from patternlint.cli.arguments import Parser, add_common
from patternlint.cli.config import load_config_for
from patternlint.cli.errors import UsageError
from patternlint.cli.exit_codes import OK
from patternlint.cli.options import CommonOptions
from patternlint.cli.terminal import use_color
from patternlint.explain.pages import page
from patternlint.explain.terminal import for_terminal
from patternlint.linter.registry import ALL
from patternlint.messages.did_you_mean import did_you_mean
from patternlint.project.paths import absolute
from patternlint.project.project import load_all_specs, load_registry
from patternlint.report.color import painter


class RuleOptions(CommonOptions, frozen=True, kw_only=True):
    """Options of `patternlint rule`."""

    names: tuple[str, ...]


def parser() -> Parser[RuleOptions]:
    """Return the parser of `patternlint rule`."""
    arguments = Parser(
        lambda: RuleOptions,
        "patternlint rule",
        "NAME … [OPTIONS]",
        "Explain rules: reason, bad and good examples, fix and settings.",
    )
    arguments.add_argument("names", nargs="+", metavar="NAME", help="Rule or group; ALL for every rule")
    add_common(arguments)
    return arguments


def run(options: RuleOptions) -> int:
    """Print the pages of rules, and return the exit code."""
    loaded = load_config_for(options, absolute("."))
    registry = load_registry(loaded)
    names: list[str] = []
    for selector in options.names:
        if not registry.has(selector):
            hint = did_you_mean(selector, (*registry.rules, *registry.groups, ALL))
            message = f"unknown rule or group `{selector}`{hint or '; run `patternlint rules` to list all rules'}"
            raise UsageError(message)
        names += registry.names(selector)
    specs = load_all_specs(loaded)
    text = "\n".join(page(registry.rules[name], registry, specs) for name in names)
    is_terminal = sys.stdout.isatty()
    color = use_color(options.color, is_terminal=is_terminal)
    if color or is_terminal:
        width = shutil.get_terminal_size().columns
        text = "".join(f"{line}\n" for line in for_terminal(text, painter(color=color), width))
    sys.stdout.write(text)
    return OK
