"""What every command reads: the config."""

from __future__ import annotations

import os
from argparse import Namespace
from pathlib import Path

from patternlint.cli.arguments import UsageError, work_tree
from patternlint.cli.ending import at_end
from patternlint.config import Config, LoadedConfig, load_config
from patternlint.run.discover import absolute, git_top


def load_settings(options: Namespace, start: Path) -> LoadedConfig:
    """Return the config that the command line names, or the nearest one to `start`.

    Raises:
        UsageError: when the command line asks for a config and for none.
        ConfigError: when the config cannot be used.
        GitError: when there is no commit to take it from.
    """
    if options.isolated:
        if options.config or options.config_from:
            message = (
                f"--isolated ignores every config, and {'--config' if options.config else '--config-from'} names one"
            )
            raise UsageError(message)
        return LoadedConfig(Config(), None)
    named = absolute(Path(options.config)) if options.config else None
    folder = start if start.is_dir() else start.parent
    return _of_commit(options.config_from, named, folder) if options.config_from else load_config(named, folder)


def _of_commit(revision: str, named: Path | None, start: Path) -> LoadedConfig:
    """Return a config as a commit has it, with rules and specs of the same commit in a folder that goes at the end."""
    from tempfile import TemporaryDirectory  # noqa: PLC0415 - for this flag only

    from patternlint.gate.base import load_config_of, with_code_of_commit  # noqa: PLC0415 - as above

    top = work_tree(git_top(start), "--config-from asks")
    loaded = load_config_of(revision, top, named, start, os.environ)
    return with_code_of_commit(loaded, Path(at_end.enter_context(TemporaryDirectory(prefix="patternlint-"))))
