"""`patternlint config`."""

from __future__ import annotations

import sys

from patternlint.cli.arguments import Parser, add_common
from patternlint.cli.config import load_config_for
from patternlint.cli.exit_codes import OK
from patternlint.cli.options import CommonOptions
from patternlint.explain.settings import settings, toml
from patternlint.project.config import Config
from patternlint.project.paths import existing_path


class ConfigOptions(CommonOptions, frozen=True, kw_only=True):
    """Options of `patternlint config`."""

    path: str = "."


def parser() -> Parser[ConfigOptions]:
    """Return the parser of `patternlint config`."""
    arguments = Parser(
        lambda: ConfigOptions,
        "config",
        "[PATH]",
        "List all settings and their values, in the format of patternlint.toml.",
    )
    arguments.add_argument("path", nargs="?", metavar="PATH", help="File or folder (default: the current folder)")
    return add_common(arguments)


def run(options: ConfigOptions) -> int:
    """Print the settings for a path, and return the exit code."""
    return print_settings(options, options.path)


def print_settings(options: CommonOptions, path: str) -> int:
    """Print the description and the value of every setting, and return the exit code."""
    loaded = load_config_for(options, existing_path(path))
    revision = f" in {loaded.commit.name}" if loaded.commit is not None else ""
    lines = [
        f"# from {loaded.path}{revision}"
        if loaded.path is not None
        else f"# no configuration file{revision}: all settings have their defaults",
        "",
    ]
    for setting in settings(Config):
        value = getattr(loaded.config, setting.name.replace("-", "_"))
        assignment = f"{setting.name} = {toml(value)}" if value is not None else f"# {setting.name} ="
        lines += [f"# {setting.description}", assignment, ""]
    sys.stdout.write("\n".join(lines))
    return OK
