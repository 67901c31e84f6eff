"""`patternlint rule NAME`: what a rule means."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence

from patternlint.cli.config import load_settings
from patternlint.cli.exit_codes import OK
from patternlint.cli.options import Parser, add_common
from patternlint.cli.terminal import use_color
from patternlint.explain.pages import page
from patternlint.explain.terminal import for_terminal
from patternlint.linter.registry import ALL, RegistryError
from patternlint.messages.did_you_mean import did_you_mean
from patternlint.project.paths import absolute
from patternlint.project.project import load_all_specs, load_registry
from patternlint.report.color import painter


def parser() -> Parser:
    """Return the parser of `patternlint rule`."""
    made = Parser(prog="patternlint rule", description="What a rule means: why, bad and good, its fix, its options.")
    made.add_argument(
        "names", nargs="+", metavar="NAME", help="a rule, or a group for all its rules; ALL for every rule"
    )
    add_common(made)
    return made


def run(arguments: Sequence[str]) -> int:
    """Run the command and return the exit code."""
    options = parser().parse(arguments)
    loaded = load_settings(options, absolute("."))
    registry = load_registry(loaded)
    names: list[str] = []
    for selector in options.names:
        if not registry.has(selector):
            hint = did_you_mean(selector, (*registry.rules, *registry.groups, ALL))
            message = f"there is no rule or group called `{selector}`{hint or '; `patternlint rules` lists all'}"
            raise RegistryError(message)
        names += registry.names(selector)
    specs = load_all_specs(loaded)
    text = "\n".join(page(registry.rules[name], registry, specs) for name in names)
    color = use_color(options, terminal=sys.stdout.isatty())
    if color or sys.stdout.isatty():
        width = shutil.get_terminal_size().columns
        text = "".join(f"{line}\n" for line in for_terminal(text, painter(color=color), width))
    sys.stdout.write(text)
    return OK
