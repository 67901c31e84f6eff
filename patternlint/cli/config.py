"""Find and load the configuration that a command line selects."""

from __future__ import annotations

import os
from pathlib import Path

from patternlint.cli.cleanup import exit_stack
from patternlint.cli.errors import UsageError, require_work_tree
from patternlint.cli.options import CommonOptions
from patternlint.project.config import Config, LoadedConfig, find_trusted_config, load_config
from patternlint.project.git import find_top
from patternlint.project.paths import Scope, absolute


class ConfigLoader:
    """Loads the configurations of a command line, each of them once.

    Raises:
        UsageError: when the options exclude each other.
    """

    def __init__(self, options: CommonOptions) -> None:
        if options.isolated and (options.config or options.config_from):
            message = f"--isolated cannot be used with {'--config' if options.config else '--config-from'}"
            raise UsageError(message)
        self._options = options
        self._explicit = absolute(Path(options.config)) if options.config else None
        self._by_folder: dict[Path, LoadedConfig] = {}
        self._by_path: dict[Path | None, LoadedConfig] = {}

    def for_path(self, start: Path) -> LoadedConfig:
        """Return the configuration that the options name, or the nearest one to an absolute path.

        Raises:
            ConfigError: when the configuration is invalid.
            UsageError, GitError: when the commit to take it from is not found.
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
            return self._load_from_commit(options.config_from, folder)
        path = self._explicit or find_trusted_config(folder)
        if path not in self._by_path:
            self._by_path[path] = load_config(path, folder) if path is not None else LoadedConfig(Config(), None)
        return self._by_path[path]

    def _load_from_commit(self, revision: str, start: Path) -> LoadedConfig:
        """Return the configuration of a commit, with its rules and specifications in a temporary folder."""
        from tempfile import TemporaryDirectory  # noqa: PLC0415 - for this flag only

        from patternlint.gate.trusted_config import load_config_of, with_code_of_commit  # noqa: PLC0415 - as above

        top = require_work_tree(find_top(start), "--config-from requires")
        loaded = load_config_of(revision, top, self._explicit, start, os.environ)
        if loaded.path not in self._by_path:
            folder = Path(exit_stack.enter_context(TemporaryDirectory(prefix="patternlint-")))
            self._by_path[loaded.path] = with_code_of_commit(loaded, folder)
        return self._by_path[loaded.path]

    def nested_configs(self, places: Scope) -> tuple[Path, ...] | None:
        """Return the configurations that apply to folders below `places`; None for those on disk."""
        if self._options.isolated or self._explicit is not None:
            return ()
        if not self._options.config_from:
            return None
        from patternlint.gate.trusted_config import configs_of  # noqa: PLC0415 - for this flag only

        commit = self.for_path(places.targets[0]).commit
        return configs_of(commit) if commit is not None else ()


def load_config_for(options: CommonOptions, start: Path | None = None) -> LoadedConfig:
    """Return the configuration that the options name, or the nearest one to `start`, by default the current folder.

    See `ConfigLoader.for_path`.
    """
    return ConfigLoader(options).for_path(start or Path.cwd())
