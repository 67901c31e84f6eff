"""`patternlint check`. Imports nothing slow: `--help` is answered before a run is imported."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from patternlint.cli.arguments import COMMANDS, Parser, add_check, add_choices
from patternlint.cli.errors import UsageError

if TYPE_CHECKING:
    from patternlint.cli.options import CheckOptions


def parser() -> Parser[CheckOptions]:
    """Return the parser of `patternlint check`, which is also that of `patternlint` without a command."""
    arguments = Parser(
        _load_type,
        "",
        "[COMMAND] [PATHS …]",
        "A schema validator and linter for pattern files: Markdown with YAML front matter.",
        "Run `patternlint COMMAND --help` for the options of a command.",
    )
    add_choices(arguments, "commands", COMMANDS)
    return add_check(arguments)


def _load_type() -> type[CheckOptions]:
    from patternlint.cli.options import CheckOptions  # noqa: PLC0415 - imports msgspec

    return CheckOptions


def run(options: CheckOptions) -> int:
    """Run the module that the flags select, and return its exit code.

    Raises:
        UsageError: when the flags exclude each other.
    """
    if options.show_settings:
        from patternlint.cli.commands.config import print_settings  # noqa: PLC0415 - for this flag only

        return print_settings(options, options.paths[0] if options.paths else ".")
    if options.reason and not options.add_suppressions:
        message = "--reason requires --add-suppressions"
        raise UsageError(message)
    code: int = import_module(f"patternlint.cli.commands.{_module(options)}").run(options)
    return code


def _module(options: CheckOptions) -> str:
    if options.watch:
        return "watch"
    if options.add_suppressions:
        return "add_suppressions"
    if options.stdin_filename or options.fix or options.fix_only or options.diff or options.unsafe_fixes:
        return "fix"
    return "lint"
