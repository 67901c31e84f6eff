"""`patternlint rule NAME`: what a rule means."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from patternlint.cli import OK
from patternlint.cli.arguments import Parser, add_common
from patternlint.cli.settings import load_settings, use_color
from patternlint.explain import page
from patternlint.registry import RegistryError
from patternlint.run.discover import absolute
from patternlint.run.project import load_registry
from patternlint.suggest import did_you_mean


def run(arguments: Sequence[str]) -> int:
    """Run the command and return the exit code."""
    parser = Parser(prog="patternlint rule", description="What a rule means: why, bad and good, its fix, its options.")
    parser.add_argument("names", nargs="+", metavar="NAME", help="a rule, or a group for all its rules")
    add_common(parser)
    options = parser.parse(arguments)
    loaded = load_settings(options, absolute("."))
    registry = load_registry(loaded.config, loaded.folder)
    names: list[str] = []
    for selector in options.names:
        if not registry.knows(selector):
            hint = did_you_mean(selector, (*registry.rules, *registry.groups))
            message = f"there is no rule or group called `{selector}`{hint or '; `patternlint rules` lists all'}"
            raise RegistryError(message)
        names += registry.names(selector)
    text = "\n".join(page(registry.rules[name]) for name in names)
    if sys.stdout.isatty():
        from rich.console import Console  # noqa: PLC0415 - on terminals only
        from rich.markdown import Markdown  # noqa: PLC0415 - on terminals only

        color = use_color(options, terminal=True)
        Console(no_color=not color, highlight=False).print(Markdown(text, code_theme="ansi_dark"))
    else:
        sys.stdout.write(text)
    return OK
