"""What every command reads: the config."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

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
