"""`patternlint config`: the settings that there are, and those in force here."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from patternlint.cli.config import load_settings
from patternlint.cli.exit_codes import OK
from patternlint.cli.options import Parser, add_common
from patternlint.explain.settings import settings, toml
from patternlint.project.config import Config, LoadedConfig
from patternlint.project.paths import existing_path


def parser() -> Parser:
    """Return the parser of `patternlint config`."""
    made = Parser(prog="patternlint config", description="The settings that there are, and those in force here.")
    made.add_argument("path", nargs="?", default=".", metavar="PATH", help="where (default: the current folder)")
    add_common(made)
    return made


def run(arguments: Sequence[str]) -> int:
    """Run the command and return the exit code."""
    options = parser().parse(arguments)
    sys.stdout.write(settings_text(load_settings(options, existing_path(options.path))))
    return OK


def settings_text(loaded: LoadedConfig) -> str:
    """Return every setting with what it does and its value."""
    where = f" in {loaded.commit.name}" if loaded.commit is not None else ""
    lines = [
        f"# from {loaded.path}{where}"
        if loaded.path is not None
        else f"# no config{where}: all settings have their defaults",
        "",
    ]
    for one in settings(Config):
        value = getattr(loaded.config, one.name.replace("-", "_"))
        given = f"{one.name} = {toml(value)}" if value is not None else f"# {one.name} ="
        lines += [f"# {one.description}", given, ""]
    return "\n".join(lines)
