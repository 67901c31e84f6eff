"""`patternlint completion`."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from patternlint.cli.arguments import COMMANDS, Parser, add_commands, add_common
from patternlint.cli.config import load_config_for
from patternlint.cli.errors import UsageError
from patternlint.cli.exit_codes import OK
from patternlint.cli.options import CommonOptions, PlanOptions
from patternlint.cli.plans import load_library
from patternlint.project.project import load_all_specs, load_registry
from patternlint.report import FORMATS

_SHELLS = ("bash", "zsh", "fish")

_LISTS = ("rules", "slugs", "specs")

_LIST_OF: Mapping[tuple[str, str], str] = {
    ("rule", "names"): "rules",
    ("rename", "old"): "slugs",
    ("retarget", "old"): "slugs",
    ("retarget", "new"): "slugs",
    ("schema", "spec"): "specs",
    ("new", "spec"): "specs",
    ("migrate", "to"): "specs",
    **{(command, flag): "rules" for command in ("", "check") for flag in ("select", "extend_select", "ignore")},
}
"""The list that completes an argument, by its command and its field."""

_FILES, _FOLDERS = ("PATHS", "PATH", "FILE"), ("DIR",)
"""The names in the help of arguments that are files, and of those that are folders."""


class CompletionOptions(CommonOptions, frozen=True, kw_only=True):
    """Options of `patternlint completion`."""

    shell: str | None = None
    names: str = ""


def parser() -> Parser[CompletionOptions]:
    """Return the parser of `patternlint completion`."""
    arguments = Parser(
        lambda: CompletionOptions,
        "completion",
        "SHELL",
        "Print a script that completes commands, options, files, rules and slugs in a shell.",
    )
    add = arguments.add_argument
    add("shell", nargs="?", default=None, choices=_SHELLS, metavar="SHELL", help=f"Shell: {', '.join(_SHELLS)}")
    add(
        "--list",
        dest="names",
        choices=_LISTS,
        metavar="NAMES",
        help=f"Print names that the scripts offer instead: {', '.join(_LISTS)}",
    )
    return add_common(arguments)


def run(options: CompletionOptions) -> int:
    """Print a completion script, or the names that it offers, and return the exit code.

    Raises:
        UsageError: when no shell is given.
    """
    if options.names:
        sys.stdout.writelines(f"{name}\n" for name in _names(options))
        return OK
    if options.shell is None:
        message = f"missing shell; write `patternlint completion {_SHELLS[0]}`"
        raise UsageError(message)
    sys.stdout.write(script(options.shell))
    return OK


def _names(options: CompletionOptions) -> list[str]:
    loaded = load_config_for(options)
    specs = load_all_specs(loaded)
    if options.names == "specs":
        return list(specs.by_version)
    if options.names == "rules":
        registry = load_registry(loaded, specs)
        return sorted({*(info.name for info in registry), *(info.group for info in registry)})
    common = {name: getattr(options, name) for name in CommonOptions.__struct_fields__}
    return sorted(set(load_library(PlanOptions(**common)).library.store.slugs()))


def script(shell: str) -> str:
    """Return the completion script of a shell."""
    import shtab  # noqa: PLC0415 - for this command only

    root = import_module("patternlint.cli.commands.check").parser()
    commands = {name: import_module(f"patternlint.cli.commands.{name}").parser() for name in COMMANDS}
    for name, parser in {"": root, **commands}.items():
        for action in parser._actions:  # noqa: SLF001 - argparse has no public access
            _add_values(action, _LIST_OF.get((name, action.dest), ""), shtab)
    add_commands(root, commands)
    text: str = shtab.complete(root, shell)
    return _with_files(text, shell)


def _with_files(text: str, shell: str) -> str:
    """Return a script that completes files besides commands: shtab offers the names of commands only."""
    if shell == "bash":
        return text.replace("complete -o bashdefault -F", "complete -o bashdefault -o default -F")
    if shell == "zsh":
        text = text.replace(
            "_describe 'patternlint commands' _commands\n", "_describe 'patternlint commands' _commands\n  _files\n"
        )
        return text.replace("\n      esac\n", "\n        *) _files ;;\n      esac\n")
    paths = '-a "(__fish_complete_path (commandline -ct))"'
    return f"{text}\ncomplete -c patternlint -n _shtab_patternlint_using {paths}\n"


def _add_values(action: Any, names: str, shtab: Any) -> None:
    """Set how the value of an argument is completed: from a list of names, or by the name of the value in the help."""
    if names:
        action.complete = _from_list(names)
    elif action.metavar in _FILES:
        action.complete = shtab.FILE
    elif action.metavar in _FOLDERS:
        action.complete = shtab.DIRECTORY
    elif action.dest == "output_formats":
        action.choices = FORMATS
    if action.metavar:
        action.metavar = re.sub(r"\W+", " ", action.metavar).strip()  # zsh separates fields by colons


def _from_list(names: str) -> dict[str, str | dict[str, str]]:
    """Return the completion from a list of names, which the scripts load when it is needed."""
    command, function = f"patternlint completion --list {names} 2>/dev/null", f"_patternlint_{names}"
    return {
        "bash": function,
        "zsh": function,
        "fish": f"({command})",
        "preamble": {
            "bash": f'{function}() {{ compgen -W "$({command})" -- "$1"; }}',
            "zsh": f'{function}() {{ compadd "$@" -- ${{(f)"$({command})"}}; }}',
        },
    }
