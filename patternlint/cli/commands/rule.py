"""`patternlint rule`."""

from __future__ import annotations

import shutil
import sys

from patternlint.cli.arguments import Parser, add_common
from patternlint.cli.config import load_config_for
from patternlint.cli.exit_codes import OK
from patternlint.cli.options import CommonOptions
from patternlint.explain.pages import page
from patternlint.explain.terminal import for_terminal
from patternlint.project.project import load_all_specs, load_registry
from patternlint.report.color import painter, use_color


class RuleOptions(CommonOptions, frozen=True, kw_only=True):
    """Options of `patternlint rule`."""

    names: tuple[str, ...]


def parser() -> Parser[RuleOptions]:
    """Return the parser of `patternlint rule`."""
    arguments = Parser(
        lambda: RuleOptions, "rule", "NAME …", "Explain rules: reason, bad and good examples, fix and settings."
    )
    arguments.add_argument("names", nargs="+", metavar="NAME", help="Rule or group; ALL for every rule")
    return add_common(arguments)


def run(options: RuleOptions) -> int:
    """Print the pages of rules, and return the exit code.

    Raises:
        RegistryError: when a name is unknown.
    """
    loaded = load_config_for(options)
    specs = load_all_specs(loaded)
    registry = load_registry(loaded, specs)
    names = [name for selector in options.names for name in registry.names(selector)]
    text = "\n".join(page(registry.rules[name], registry, specs) for name in names)
    is_terminal = sys.stdout.isatty()
    color = use_color(options.color, is_terminal=is_terminal)
    if color or is_terminal:
        width = shutil.get_terminal_size().columns
        text = "".join(f"{line}\n" for line in for_terminal(text, painter(color=color), width))
    sys.stdout.write(text)
    return OK
