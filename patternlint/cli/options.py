"""The arguments of every command, as people know them from ruff and ESLint."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn

from patternlint import __version__
from patternlint.cli.terminal import use_color
from patternlint.diagnostics.severity import LEVELS
from patternlint.errors import UserError
from patternlint.messages.did_you_mean import did_you_mean
from patternlint.report import FORMATS

if TYPE_CHECKING:  # as slow to import as all the rest
    from pathlib import Path

_USUAL_WIDTH = 100

COMMANDS = {
    "check": "look for findings (the default command)",
    "rule": "what a rule means: why, bad and good examples, its fix and its options",
    "rules": "all rules",
    "schema": "the JSON Schema of front matter",
    "config": "the settings, and those in force here",
    "test": "run the examples of a project's own rules",
    "new": "write a new pattern, with everything that its spec asks for",
    "id": "print a new id for a pattern",
    "rename": "give a pattern another slug, wherever the library names it",
    "baseline": "write, update, prune or show the file of known findings",
    "hook": "what the pre-commit hook runs: only what the commit brings",
}


class UsageError(UserError):
    """A command line that makes no sense: one clear sentence."""


def work_tree(top: Path | None, asking: str) -> Path:
    """Return the top of the git work tree.

    Args:
        top: what was found; None where there is none.
        asking: the flags that ask git, as the beginning of a sentence.

    Raises:
        UsageError: where there is none.
    """
    if top is None:
        message = f"{asking} git, and there is no git work tree here"
        raise UsageError(message)
    return top


class Parser(argparse.ArgumentParser):
    """An argument parser that raises one clear sentence and knows the nearest flag."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_abbrev=False, formatter_class=_formatter(), **options)

    def error(self, message: str) -> NoReturn:
        """Raise what argparse would print."""
        raise UsageError(message)

    def print_help(self, file: Any = None) -> None:
        """Write the help, and raise OSError when it cannot be written, which argparse ignores."""
        (file or sys.stdout).write(self.format_help())

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        """End the command, and raise OSError when what it printed cannot be written."""
        sys.stdout.flush()
        super().exit(status, message)

    def parse(self, arguments: Sequence[str]) -> argparse.Namespace:
        """Return the parsed arguments.

        Raises:
            UsageError: when they make no sense.
        """
        _refuse_empty(arguments)
        found, unknown = self.parse_known_args(arguments)
        if unknown:
            flag = unknown[0].partition("=")[0]
            known = [option for action in self._actions for option in action.option_strings]
            kind = "option" if flag.startswith("-") else "argument"
            message = f"there is no {kind} `{flag}`{did_you_mean(flag, known) if kind == 'option' else ''}"
            raise UsageError(message)
        return found


def _refuse_empty(arguments: Sequence[str]) -> None:
    """Refuse `--since ""`: in a script that is a variable without a value, and means nothing that anybody meant."""
    before = ""
    for argument in arguments:
        name, equals, value = argument.partition("=")
        if argument and not (equals and not value and name.startswith("--")):
            before = argument
            continue
        place = (
            f"the value of {name} is" if argument else f"the argument after {before} is" if before else "an argument is"
        )
        message = f"{place} empty; leave it out, or see why the variable behind it has no value"
        raise UsageError(message)


def _formatter() -> Callable[..., argparse.HelpFormatter]:
    """Return what formats help: in colour on a terminal, else plain, which takes a tenth of the time."""
    asked = "-h" in sys.argv or "--help" in sys.argv
    if asked and use_color(argparse.Namespace(color="auto"), terminal=sys.stdout.isatty()):
        from rich_argparse import RichHelpFormatter  # noqa: PLC0415 - for help only

        return RichHelpFormatter
    return partial(argparse.HelpFormatter, width=_width())


def _width() -> int:
    """Return how wide help is, without `shutil`, which imports what unpacks archives."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns) > 0:
        return int(columns) - 2
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns - 2
    except (OSError, ValueError):
        return _USUAL_WIDTH


def _names(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names:
        message = f"`{text}` names no rule"
        raise argparse.ArgumentTypeError(message)
    return names


def _level(text: str) -> tuple[str, str]:
    name, equals, level = text.rpartition("=")
    if not equals or level not in LEVELS:
        message = f"`{text}` is not RULE=LEVEL; the levels are {', '.join(LEVELS)}"
        raise argparse.ArgumentTypeError(message)
    return name, level


def _glob_rule(text: str) -> tuple[str, str]:
    glob, colon, name = text.rpartition(":")
    if not colon:
        message = f"`{text}` is not GLOB:RULE"
        raise argparse.ArgumentTypeError(message)
    return glob, name


def _jobs(text: str) -> int:
    if text == "auto":
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if not text.isdigit() or int(text) < 1:
        message = f"`{text}` is no number of processes; `auto` takes one for each processor"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def whole_number(text: str) -> int:
    """Return the whole number that an argument is."""
    if not text.isdigit():
        message = f"`{text}` is no whole number from 0"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def _format(text: str) -> tuple[str, str]:
    name, _, path = text.partition(":")
    if name not in FORMATS:
        message = f"there is no output format `{name}`{did_you_mean(name, FORMATS)}; there are {', '.join(FORMATS)}"
        raise argparse.ArgumentTypeError(message)
    if text == f"{name}:":
        message = f"`{text}` lacks the file name; write `{name}:FILE`, or `{name}` for standard output"
        raise argparse.ArgumentTypeError(message)
    return name, path


def check_parser() -> Parser:
    """Return the parser of `patternlint check`, which is what there is without a command too."""
    parser = Parser(
        prog="patternlint",
        description="The schema validator and linter for pattern files: Markdown with YAML front matter.",
        usage="patternlint [COMMAND] [PATHS …] [OPTIONS]",
        epilog="`patternlint COMMAND --help` tells more of a command.",
    )
    commands = parser.add_argument_group("commands")
    for name, text in COMMANDS.items():
        shown = argparse.Action((), name, metavar=name, help=text)
        commands._group_actions.append(shown)  # noqa: SLF001 - for the help alone: a command is taken off before
    parser.set_defaults(nothing_is_fine=False)
    return _looking(parser)


def hook_parser() -> Parser:
    """Return the parser of `patternlint hook`."""
    parser = Parser(
        prog="patternlint hook",
        description="What the pre-commit hook runs: it reports what the commit brings, or what is pushed.",
        usage="patternlint hook [OPTIONS]",
    )
    parser.set_defaults(nothing_is_fine=True)  # the first commit of a repository, or the last pattern is deleted
    return _looking(parser)


def _looking(parser: Parser) -> Parser:
    _add_paths(parser)
    add_common(parser)
    _add_rules(parser)
    _add_fixes(parser)
    _add_output(parser)
    _add_exit_code(parser)
    _add_known(parser)
    _add_running(parser)
    return parser


def baseline_parser(actions: str) -> Parser:
    """Return the parser of `patternlint baseline` behind its action; `actions` says what each does."""
    parser = Parser(
        prog="patternlint baseline",
        description=f"The file of known findings. {actions}",
        usage="patternlint baseline ACTION [PATHS …] [OPTIONS]",
    )
    _add_paths(parser)
    parser.add_argument(
        "--baseline", metavar="FILE", help="the file (default: patternlint-baseline.json in the root of the library)"
    )
    add_common(parser)
    _add_rules(parser)
    _add_running(parser, timing=False)
    parser.set_defaults(at="", no_baseline=False, stdin_filename=None)
    return parser


def _add_paths(parser: Parser) -> None:
    parser.add_argument("paths", nargs="*", metavar="PATHS", help="files and folders (default: the current folder)")
    parser.add_argument(
        "--force-exclude",
        action="store_true",
        help="leave files that the config excludes, or that are no patterns, alone even when they are named",
    )


def _add_rules(parser: Parser) -> None:
    rules = parser.add_argument_group("rules")
    add = rules.add_argument
    add(
        "--select",
        action="extend",
        type=_names,
        default=[],
        metavar="NAMES",
        help="look for these rules and groups only; ALL for every rule",
    )
    add("--extend-select", action="extend", type=_names, default=[], metavar="NAMES", help="look for these besides")
    add("--ignore", action="extend", type=_names, default=[], metavar="NAMES", help="do not look for these")
    add(
        "--per-file-ignores",
        action="append",
        type=_glob_rule,
        default=[],
        metavar="GLOB:RULE",
        help="do not look for a rule in some files",
    )
    add(
        "--level",
        action="append",
        type=_level,
        default=[],
        metavar="RULE=LEVEL",
        help="off, info, warning or error for a rule",
    )
    add("--pedantic", action="store_true", help="turn on the rules that are off by default")
    add(
        "--library",
        action="append",
        default=[],
        metavar="DIR",
        help="a further folder whose patterns links may resolve to (repeatable)",
    )


def _add_fixes(parser: Parser) -> None:
    repair = parser.add_argument_group("fixes")
    add = repair.add_argument
    add("--fix", action="store_true", help="make the safe fixes: those that keep the meaning of the data")
    add("--unsafe-fixes", action="store_true", help="with --fix: also apply fixes that may change meaning")
    add("--diff", action="store_true", help="show what --fix would change, and write nothing")
    add("--fix-only", action="store_true", help="make fixes and report nothing but what could not be fixed")
    add("--show-fixes", action="store_true", help="list the rules that were fixed in each file")
    add(
        "--only-new",
        action="store_true",
        help="with --since: fix only what the change introduced, instead of everything in its files",
    )
    add("--exit-non-zero-on-fix", action="store_true", help="exit with 1 when something was fixed")
    add(
        "--add-suppressions",
        action="store_true",
        help="write a comment that silences it beside everything that is found today",
    )
    add("--reason", default="", metavar="TEXT", help="why, in the comments of --add-suppressions")
    add("--stdin-filename", metavar="PATH", help="read the pattern from standard input; PATH is where it would be")


def _add_output(parser: Parser) -> None:
    output = parser.add_argument_group("output")
    add = output.add_argument
    add(
        "--output-format",
        action="append",
        type=_format,
        default=[],
        metavar="FORMAT[:FILE]",
        help=f"{', '.join(FORMATS)} (repeatable; default: text)",
    )
    add("--output-file", metavar="FILE", help="write the report to a file")
    add("--statistics", action="store_true", help="show how often each rule spoke, instead of the findings")
    add(
        "--max-findings-per-rule",
        type=whole_number,
        metavar="N",
        help="show at most N findings of one rule in text (default in a terminal: 20)",
    )
    add("--show-all", action="store_true", help="show all findings in text, however many")
    add("--show-files", action="store_true", help="list the files that would be looked at, and stop")
    add("--show-settings", action="store_true", help="list the settings in force, and stop")


def _add_exit_code(parser: Parser) -> None:
    gate = parser.add_argument_group("exit code")
    add = gate.add_argument
    add(
        "--fail-on",
        choices=LEVELS[1:],
        metavar="LEVEL",
        help="exit with 1 from this level on: error (default), warning, info",
    )
    add("--max-warnings", type=whole_number, metavar="N", help="exit with 1 when there are more warnings")
    add("--exit-zero", action="store_true", help="exit with 0 whatever is found")


def _add_known(parser: Parser) -> None:
    old = parser.add_argument_group("only new findings")
    add = old.add_argument
    add(
        "--since",
        metavar="REV",
        help="report only what the change since this commit or branch brought; `auto`: since the branch that a pull request goes to",
    )
    add("--staged", action="store_true", help="look at what the next commit would hold, not at the work tree")
    add("--at", metavar="REV", help="look at what this commit or branch holds, not at the work tree")
    add(
        "--baseline",
        metavar="FILE",
        help="report only what this file of known findings does not hold (default: patternlint-baseline.json in the root of the library, where there is one)",
    )
    add("--no-baseline", action="store_true", help="report known findings too")


def _add_running(parser: Parser, *, timing: bool = True) -> None:
    speed = parser.add_argument_group("running")
    speed.add_argument("--no-cache", action="store_true", help="neither read nor write the cache")
    speed.add_argument(
        "--cache-dir",
        metavar="DIR",
        help="folder of the cache, outside of the repository (default: one for each library in the cache folder of the user)",
    )
    speed.add_argument(
        "--jobs", type=_jobs, default="auto", metavar="N", help="how many processes may work (default: auto)"
    )
    if timing:
        speed.add_argument(
            "--timing",
            action="store_true",
            help="show on standard error how long each stage and each rule took, in one process; with --no-cache all of them",
        )


def add_common(parser: Parser) -> None:
    """Add the flags that every command has."""
    common = parser.add_argument_group("general")
    add = common.add_argument
    add("--config", metavar="FILE", help="the config, instead of the nearest patternlint.toml or pyproject.toml")
    add(
        "--config-from",
        metavar="REV",
        help="take config, own rules, own specs and baseline from this commit or branch; `auto`: from what a pull request goes to",
    )
    add("--isolated", action="store_true", help="ignore every config")
    add("--color", choices=("auto", "always", "never"), default="auto", help="colour the output (default: auto)")
    add("-q", "--quiet", action="store_true", help="print findings and nothing else")
    add("-v", "--verbose", action="store_true", help="print what is done")
    add("-V", "--version", action="version", version=f"patternlint {__version__}", help="print the version")
