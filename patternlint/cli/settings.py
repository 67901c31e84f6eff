"""What every command reads: the config, and whether to colour."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from pathlib import Path

from patternlint.cli import TROUBLE
from patternlint.cli.arguments import UsageError
from patternlint.config import Config, LoadedConfig, load_config
from patternlint.run.discover import absolute


def load_settings(options: Namespace, start: Path) -> LoadedConfig:
    """Return the config that the command line names, or the nearest one to `start`.

    Raises:
        UsageError: when the command line asks for a config and for none.
        ConfigError: when the config cannot be used.
    """
    if options.isolated:
        if options.config:
            message = "--isolated ignores every config, and --config names one"
            raise UsageError(message)
        return LoadedConfig(Config(), None)
    named = absolute(Path(options.config)) if options.config else None
    return load_config(named, start if start.is_dir() else start.parent)


def use_color(options: Namespace, *, terminal: bool) -> bool:
    """Return whether to colour: as asked for, else by NO_COLOR and FORCE_COLOR (https://no-color.org), else on terminals."""
    if options.color != "auto":
        return bool(options.color == "always")
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return terminal and os.environ.get("TERM") != "dumb"


def complain(message: str) -> int:
    """Print one sentence about what is wrong, and return the exit code for it."""
    from patternlint.report.harmless import shown  # noqa: PLC0415 - for trouble only

    sys.stderr.write(f"patternlint: {shown(message)}\n")
    return TROUBLE
