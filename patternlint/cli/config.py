"""What every command reads: the config."""

from __future__ import annotations

import os
from argparse import Namespace
from pathlib import Path

from patternlint.cli.cleanup import exit_stack
from patternlint.cli.options import UsageError, work_tree
from patternlint.project.config import Config, LoadedConfig, find_trusted_config, load_config
from patternlint.project.git import find_top
from patternlint.project.paths import Scope, absolute


class Settings:
    """The configs of a command line: each is read once."""

    def __init__(self, options: Namespace) -> None:
        """Take the command line.

        Raises:
            UsageError: when it asks for a config and for none.
        """
        if options.isolated and (options.config or options.config_from):
            name = "--config" if options.config else "--config-from"
            message = f"--isolated ignores every config, and {name} names one"
            raise UsageError(message)
        self._options = options
        self._named = absolute(Path(options.config)) if options.config else None
        self._by_folder: dict[Path, LoadedConfig] = {}
        self._by_path: dict[Path | None, LoadedConfig] = {}

    def of(self, start: Path) -> LoadedConfig:
        """Return the config that the command line names, or the nearest one to an absolute path.

        Raises:
            ConfigError: when the config cannot be used.
            UsageError, GitError: when there is no commit to take it from.
        """
        folder = start if start.is_dir() else start.parent
        loaded = self._by_folder.get(folder)
        if loaded is None:
            loaded = self._by_folder[folder] = self._load(folder)
        return loaded

    def _load(self, folder: Path) -> LoadedConfig:
        options = self._options
        if options.isolated:
            return LoadedConfig(Config(), None)
        if options.config_from:
            return self._of_commit(options.config_from, folder)
        path = self._named or find_trusted_config(folder)
        if path not in self._by_path:
            self._by_path[path] = load_config(path, folder) if path is not None else LoadedConfig(Config(), None)
        return self._by_path[path]

    def _of_commit(self, revision: str, start: Path) -> LoadedConfig:
        """Return a config as a commit has it, with rules and specs of the same commit in a folder that goes at the end."""
        from tempfile import TemporaryDirectory  # noqa: PLC0415 - for this flag only

        from patternlint.gate.trusted_config import load_config_of, with_code_of_commit  # noqa: PLC0415 - as above

        top = work_tree(find_top(start), "--config-from asks")
        loaded = load_config_of(revision, top, self._named, start, os.environ)
        if loaded.path not in self._by_path:
            folder = Path(exit_stack.enter_context(TemporaryDirectory(prefix="patternlint-")))
            self._by_path[loaded.path] = with_code_of_commit(loaded, folder)
        return self._by_path[loaded.path]

    def configs(self, places: Scope) -> tuple[Path, ...] | None:
        """Return the configs that count for folders below `places`; None for those on disk."""
        if self._options.isolated or self._named is not None:
            return ()
        if not self._options.config_from:
            return None
        from patternlint.gate.trusted_config import configs_of  # noqa: PLC0415 - for this flag only

        commit = self.of(places.targets[0]).commit
        return configs_of(commit) if commit is not None else ()


def load_settings(options: Namespace, start: Path) -> LoadedConfig:
    """Return the config that the command line names, or the nearest one to `start` (see `Settings`)."""
    return Settings(options).of(start)
