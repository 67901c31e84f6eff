"""`patternlint init`."""

from __future__ import annotations

import sys
from pathlib import Path

from patternlint.cli.arguments import Parser, add_common
from patternlint.cli.errors import UsageError
from patternlint.cli.exit_codes import OK
from patternlint.cli.initial_files import FROM_FOLDER, InitialFiles, config_only, has_config_table, with_spec
from patternlint.cli.options import CommonOptions
from patternlint.project.atomic_write import replace_file, require_inside
from patternlint.project.config import CONFIG_NAME, PYPROJECT
from patternlint.project.git import find_top


class InitOptions(CommonOptions, frozen=True, kw_only=True):
    """Options of `patternlint init`."""

    paths: tuple[str, ...] = ()
    spec: str = ""
    force: bool = False


def parser() -> Parser[InitOptions]:
    """Return the parser of `patternlint init`."""
    arguments = Parser(
        lambda: InitOptions,
        "init",
        "[PATHS]",
        "Write patternlint.toml for the library in the current folder. With --spec, also draft a specification: what "
        "nearly all of its files have in common.",
    )
    add = arguments.add_argument
    add(
        "paths",
        nargs="*",
        metavar="PATHS",
        help="With --spec: files or folders to draft from (default: the largest set of similar files)",
    )
    add(
        "--spec",
        nargs="?",
        const=FROM_FOLDER,
        metavar="NAME",
        help="Draft a specification with this name (default: after the folder of the files)",
    )
    add("--force", action="store_true", help="Replace existing files")
    return add_common(arguments)


def run(options: InitOptions) -> int:
    """Write a configuration, and a drafted specification, print what was written, and return the exit code.

    Raises:
        UsageError: when a file exists, an option is invalid, or the library has no file to draft from.
        WriteError: when a file cannot be written.
    """
    folder = Path.cwd()
    if options.spec:
        initial = with_spec(folder, options.spec, options.paths, force=options.force, quiet=options.quiet)
    elif options.paths:
        message = f"`{options.paths[0]}`: a specification can be drafted from files, a configuration cannot; add --spec"
        raise UsageError(message)
    else:
        initial = _config(options, folder)
    names = (name for name in initial.files if name not in initial.replaceable)
    existing = next((name for name in names if (folder / name).exists()), "")
    if existing and not options.force:
        message = f"{existing} already exists; pass --force to replace it"
        raise UsageError(message)
    _write(folder, initial)
    sys.stdout.write("".join(f"{line}\n" for line in (*(f"wrote {name}" for name in initial.files), *initial.notes)))
    return OK


def _config(options: InitOptions, folder: Path) -> InitialFiles:
    if has_config_table(folder) and not options.force:
        message = f"{PYPROJECT} already has a table `tool.patternlint`; pass --force to write {CONFIG_NAME} too"
        raise UsageError(message)
    return config_only(folder, quiet=options.quiet)


def _write(folder: Path, initial: InitialFiles) -> None:
    top = find_top(folder)
    # the configuration comes last: one that names a missing specification stops every run
    for name, text in reversed([*initial.files.items()]):
        path = require_inside(folder / name, [folder, *([top] if top is not None else [])])
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, text.encode())
