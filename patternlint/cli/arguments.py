"""Argument parsers. Imports nothing slow: `--help` and invalid flags are answered before a command is imported."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Generic, NoReturn, TypeVar

from patternlint import __version__
from patternlint.cli.errors import UsageError, require_choice
from patternlint.diagnostics.severity import LEVELS
from patternlint.messages.did_you_mean import did_you_mean
from patternlint.report import FORMATS
from patternlint.report.color import use_color

OptionsT = TypeVar("OptionsT")

_DEFAULT_WIDTH = 100

STATISTICS = ("rules", "causes")
"""The values of `--statistics`; the first one is the default."""

COMMANDS = {
    "check": "Check pattern files (default)",
    "rule": "Explain a rule",
    "rules": "List all rules",
    "schema": "Print the JSON Schema of front matter",
    "config": "List all settings and their values",
    "test": "Run the examples of rules",
    "init": "Write a configuration, and draft a specification from files",
    "new": "Create a pattern from the template of its specification",
    "id": "Generate pattern ids",
    "rename": "Rename a slug across the library",
    "retarget": "Change all links to one pattern into links to another one",
    "redirects": "Find the patterns that had missing ids in the git history",
    "report": "Write a report about the library as an HTML page",
    "stats": "Count patterns by status, domain and stage",
    "server": "Serve an editor (Language Server Protocol)",
    "migrate": "Migrate files to another version of their specification",
    "baseline": "Manage the baseline of known findings",
    "completion": "Print a completion script for a shell",
    "hook": "Check what a commit introduces (for pre-commit)",
}


class Parser(argparse.ArgumentParser, Generic[OptionsT]):
    """The argument parser of a command, which returns a frozen value and raises errors instead of printing them.

    Args:
        load_type: returns the type of the value; its fields have the names and the defaults of the arguments.
        command: the name of the command; empty for `patternlint` without a command.
        usage: the arguments before the options.
        description: the description of the command in its help.
        epilog: the last line of the help.
    """

    def __init__(
        self, load_type: Callable[[], type[OptionsT]], command: str, usage: str, description: str, epilog: str = ""
    ) -> None:
        name = f"patternlint {command}".rstrip()
        super().__init__(
            prog=name,
            usage=" ".join(filter(None, (name, usage, "[OPTIONS]"))),
            description=description,
            epilog=epilog,
            formatter_class=_formatter(),
            argument_default=argparse.SUPPRESS,
            add_help=False,
            allow_abbrev=False,
        )
        self._load_type = load_type

    def error(self, message: str) -> NoReturn:
        """Raise the error that argparse would print."""
        raise UsageError(message)

    def print_help(self, file: Any = None) -> None:
        """Write the help, and raise OSError when that fails, which argparse ignores."""
        (file or sys.stdout).write(self.format_help())

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        """End the command, and raise OSError when its output cannot be written."""
        sys.stdout.flush()
        super().exit(status, message)

    def parse(self, arguments: Sequence[str]) -> OptionsT:
        """Return the options of a command line.

        Raises:
            UsageError: when the arguments are invalid.
        """
        _reject_empty(arguments)
        namespace, rest = self.parse_known_args(_with_statistics(arguments))
        if rest:
            flag = rest[0].partition("=")[0]
            flags = [flag for action in self._actions for flag in action.option_strings]
            is_flag = flag.startswith("-")
            self.error(
                f"unknown option `{flag}`{did_you_mean(flag, flags)}" if is_flag else f"unexpected argument `{flag}`"
            )
        import msgspec  # noqa: PLC0415 - `--help` does not need it

        return msgspec.convert(vars(namespace), self._load_type())


def _with_statistics(arguments: Sequence[str]) -> list[str]:
    """Return a command line with the value of `--statistics` joined to it, so that a path after it is not its value."""
    found: list[str] = []
    for argument in arguments:
        if found and found[-1] == "--statistics":
            is_value = argument in STATISTICS
            found[-1] = f"--statistics={argument if is_value else STATISTICS[0]}"
            if is_value:
                continue
        found.append(argument)
    return found


def _reject_empty(arguments: Sequence[str]) -> None:
    """Reject empty arguments and values such as `--since ""`: in scripts they come from unset variables."""
    previous = ""
    for argument in arguments:
        name, equals, value = argument.partition("=")
        if argument and not (equals and not value and name.startswith("--")):
            previous = argument
            continue
        place = f"the value of {name}" if argument else f"the argument after {previous}" if previous else "an argument"
        message = f"{place} is empty; omit it, or check the variable that it comes from"
        raise UsageError(message)


def _formatter() -> Callable[..., argparse.HelpFormatter]:
    """Return the help formatter: colored on a terminal; else the plain one, which is ten times as fast."""
    needs_help = "-h" in sys.argv or "--help" in sys.argv
    if needs_help and use_color("auto", is_terminal=sys.stdout.isatty()):
        from rich_argparse import RichHelpFormatter  # noqa: PLC0415 - for help only

        return RichHelpFormatter
    return partial(argparse.HelpFormatter, width=_width(), max_help_position=33)


def _width() -> int:
    """Return the width of help texts, without `shutil`, which imports archive formats."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns) > 0:
        return int(columns) - 2
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns - 2
    except (OSError, ValueError):
        return _DEFAULT_WIDTH


def _rule_names(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names:
        message = f"expected rule names, got `{text}`"
        raise argparse.ArgumentTypeError(message)
    return names


def _level(text: str) -> tuple[str, str]:
    name, equals, level = text.rpartition("=")
    if not equals or level not in LEVELS:
        message = f"expected RULE=LEVEL, got `{text}`; the levels are {', '.join(LEVELS)}"
        raise argparse.ArgumentTypeError(message)
    return name, level


def _glob_rule(text: str) -> tuple[str, str]:
    glob, colon, name = text.rpartition(":")
    if not colon:
        message = f"expected GLOB:RULE, got `{text}`"
        raise argparse.ArgumentTypeError(message)
    return glob, name


def _jobs(text: str) -> int:
    if text == "auto":
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if not text.isdigit() or int(text) < 1:
        message = f"expected a number of processes or `auto`, got `{text}`"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def whole_number(text: str) -> int:
    """Return the non-negative integer that an argument is."""
    if not text.isdigit():
        message = f"expected a non-negative integer, got `{text}`"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def _format(text: str) -> tuple[str, str]:
    name, _, path = text.partition(":")
    require_choice("output format", name, FORMATS)
    if text == f"{name}:":
        message = f"missing file name after `{text}`; write `{name}:FILE`, or `{name}` for standard output"
        raise argparse.ArgumentTypeError(message)
    return name, path


def add_choices(parser: Parser[Any], title: str, choices: Mapping[str, str]) -> None:
    """List the values of the first argument, which is not for argparse to parse, with their help."""
    group = parser.add_argument_group(title)
    for name, text in choices.items():
        group._group_actions.append(argparse.Action((), name, metavar=name, help=text))  # noqa: SLF001 - for help only


def add_commands(parser: Parser[Any], commands: Mapping[str, Parser[Any]]) -> None:
    """Add commands as argparse describes them, for completion in shells; `cli.main` does not parse them this way.

    Args:
        parser: the parser of `patternlint` without a command; its paths are no longer completed.
        commands: the parsers of the commands.
    """
    for action in parser._get_positional_actions():  # noqa: SLF001 - argparse has no public access
        parser._remove_action(action)  # noqa: SLF001 - as above

    def parser_of(*, prog: str, **_: object) -> Parser[Any]:
        return commands[prog]

    make: Any = parser_of  # the annotations of argparse require a class
    added = parser.add_subparsers(parser_class=make)
    for name in commands:
        added.add_parser(name, prog=name, help=COMMANDS[name])


def add_check(parser: Parser[OptionsT]) -> Parser[OptionsT]:
    """Add the flags of `check`, and return the parser."""
    add_files(parser).add_argument(
        "--stdin-filename", metavar="PATH", help="Read one pattern from standard input, as if it were the file PATH"
    )
    add_rules(parser)
    _add_fixes(parser)
    _add_output(parser)
    _add_exit_code(parser)
    _add_new_only(parser)
    add_running(parser).add_argument(
        "--timing",
        action="store_true",
        help="Print the time of each stage and rule on standard error; runs in one process (add --no-cache to time "
        "every stage)",
    )
    return add_common(parser)


def add_files(parser: Parser[Any]) -> argparse._ArgumentGroup:
    """Add the paths and the flags about files, and return the group of these flags."""
    parser.add_argument("paths", nargs="*", metavar="PATHS", help="Files or folders (default: the current folder)")
    files = parser.add_argument_group("file selection")
    files.add_argument(
        "--force-exclude",
        action="store_true",
        help="Skip excluded files, and files that are not patterns, even if PATHS names them",
    )
    files.add_argument(
        "--library",
        dest="libraries",
        action="append",
        metavar="DIR",
        help="Extra folder to resolve links against; it is not checked (repeatable)",
    )
    return files


def add_rules(parser: Parser[Any]) -> None:
    """Add the flags that select and configure rules."""
    add = parser.add_argument_group("rule selection").add_argument
    for flag, text in (
        ("--select", "Enable only these rules or groups (comma-separated; ALL for every rule)"),
        ("--extend-select", "Also enable these rules or groups"),
        ("--ignore", "Disable these rules or groups"),
    ):
        add(flag, action="extend", type=_rule_names, metavar="NAMES", help=text)
    add(
        "--per-file-ignores",
        action="append",
        type=_glob_rule,
        metavar="GLOB:RULE",
        help="Disable a rule or group in files that match a glob (repeatable)",
    )
    add(
        "--level",
        dest="levels",
        action="append",
        type=_level,
        metavar="RULE=LEVEL",
        help="Set the level of a rule or group: off, info, warning or error (repeatable)",
    )
    add("--pedantic", action="store_true", help="Enable the rules that are off by default")


def _add_fixes(parser: Parser[Any]) -> None:
    add = parser.add_argument_group("fixes and suppressions").add_argument
    add("--fix", action="store_true", help="Apply safe fixes: those that preserve the meaning of the data")
    add("--unsafe-fixes", action="store_true", help="With --fix or --diff: also apply fixes that may change meaning")
    add("--diff", action="store_true", help="Print what --fix would change, without writing files")
    add("--fix-only", action="store_true", help="Apply fixes, and report only fixes that failed")
    add("--show-fixes", action="store_true", help="List the rules that were fixed in each file")
    add(
        "--only-new", action="store_true", help="With --since: apply only fixes for findings that the change introduced"
    )
    add("--exit-non-zero-on-fix", action="store_true", help="Exit with 1 if a fix was applied")
    add("--add-suppressions", action="store_true", help="Add a suppression comment for every current finding")
    add("--reason", metavar="TEXT", help="Reason to write into the comments of --add-suppressions")


def _add_output(parser: Parser[Any]) -> None:
    add = parser.add_argument_group("output").add_argument
    add(
        "--output-format",
        dest="output_formats",
        action="append",
        type=_format,
        metavar="FORMAT[:FILE]",
        help=f"Output format, and the file to write it to: {', '.join(FORMATS)} (repeatable; default: text)",
    )
    add("--output-file", metavar="FILE", help="Write the report to FILE instead of standard output")
    add(
        "--statistics",
        nargs="?",
        const="rules",
        choices=STATISTICS,
        metavar="causes",
        help="Print the number of findings per rule instead of the findings; with `causes`, per cause: findings that one "
        "decision can resolve",
    )
    add(
        "--max-findings-per-rule",
        type=whole_number,
        metavar="N",
        help="Print at most N findings per rule in the text format (default in a terminal: 20)",
    )
    add("--show-all", action="store_true", help="Print all findings in the text format")
    add("--watch", action="store_true", help="Keep running, and print each finding that appears or disappears")
    add("--show-files", action="store_true", help="List the files to check, and exit")
    add("--show-settings", action="store_true", help="List the settings in effect, and exit")


def _add_exit_code(parser: Parser[Any]) -> None:
    add = parser.add_argument_group("exit code").add_argument
    add(
        "--fail-on",
        choices=LEVELS[1:],
        metavar="LEVEL",
        help="Exit with 1 for findings at or above this level: info, warning or error (default)",
    )
    add("--max-warnings", type=whole_number, metavar="N", help="Exit with 1 for more than N warnings")
    add("--exit-zero", action="store_true", help="Exit with 0 even if there are findings")


def _add_new_only(parser: Parser[Any]) -> None:
    add = parser.add_argument_group("new findings only").add_argument
    add(
        "--since",
        metavar="REV",
        help="Report only findings that the change since this commit or branch introduced; `auto`: since the base of "
        "the pull request or push",
    )
    add("--staged", action="store_true", help="Check the staged content instead of the work tree")
    add("--at", metavar="REV", help="Check this commit or branch instead of the work tree")
    add(
        "--baseline",
        metavar="FILE",
        help="Do not report the known findings in this file (default: patternlint-baseline.json in the root of the "
        "library, if it exists)",
    )
    add("--no-baseline", action="store_true", help="Report known findings too")


def add_running(parser: Parser[Any]) -> argparse._ArgumentGroup:
    """Add the flags about the cache and processes, and return their group."""
    running = parser.add_argument_group("cache and performance")
    running.add_argument("--no-cache", action="store_true", help="Do not read or write the cache")
    running.add_argument(
        "--cache-dir",
        metavar="DIR",
        help="Cache folder, outside of the repository (default: one per library in the user's cache folder)",
    )
    running.add_argument(
        "--jobs", type=_jobs, default="auto", metavar="N", help="Number of processes (default: auto, one per processor)"
    )
    return running


def add_plan(parser: Parser[Any]) -> None:
    """Add the flags of a command that changes many files together."""
    add = parser.add_argument
    add("--in", dest="folder", metavar="DIR", help="Folder in the library (default: the current folder)")
    add("--diff", action="store_true", help="Print the changes without writing files")
    add("--dry-run", action="store_true", help="Print the number of changes without writing files")


def add_common(parser: Parser[OptionsT]) -> Parser[OptionsT]:
    """Add the flags of every command, and return the parser."""
    add = parser.add_argument_group("general").add_argument
    add("--config", metavar="FILE", help="Configuration file (default: the nearest patternlint.toml or pyproject.toml)")
    add(
        "--config-from",
        metavar="REV",
        help="Take configuration, custom rules, custom specifications and baseline from this commit or branch; `auto`: "
        "from the target branch of the pull request",
    )
    add("--isolated", action="store_true", help="Ignore all configuration files")
    add("--color", choices=("auto", "always", "never"), help="Color the output (default: auto)")
    add("-q", "--quiet", action="store_true", help="Print only findings")
    add("-v", "--verbose", action="store_true", help="Print details of the run on standard error")
    add("-h", "--help", action="help", help="Print help")
    add("-V", "--version", action="version", version=f"patternlint {__version__}", help="Print the version")
    return parser
