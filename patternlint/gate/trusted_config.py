"""The config of the branch that a change goes to, with its rules and specs: a change does not choose its own judge."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from msgspec.structs import replace

from patternlint.gate.revisions import resolve_base
from patternlint.project.config import CONFIG_NAMES, ConfigError, LoadedConfig, is_config, load_config
from patternlint.project.git import Commit, GitError, files_of_commit


def load_config_of(
    revision: str, top: Path, named: Path | None, start: Path, environment: Mapping[str, str]
) -> LoadedConfig:
    """Return the config as a commit has it; the files of the work tree do not count, nor does a config above its top.

    Args:
        revision: a commit or a branch; `auto` for the branch that a change goes to.
        top: the top of the work tree.
        named: the config, by its place in the work tree; None for the nearest one to `start`.
        start: a folder in the work tree.
        environment: tells of pull requests.

    Raises:
        ConfigError: when the config cannot be used.
        GitError: when there is no such commit.
    """
    return load_config(named, start, Commit(top, resolve_base(top, revision, environment), revision))


def configs_of(commit: Commit) -> tuple[Path, ...]:
    """Return the configs of a commit, by their places in the work tree.

    Raises:
        GitError: when git cannot tell.
    """
    places = (commit.top.joinpath(*file.path.split("/")) for file in files_of_commit(commit.top, commit.id))
    return tuple(path for path in places if path.name in CONFIG_NAMES and is_config(path, commit.read))


def with_code_of_commit(loaded: LoadedConfig, target: Path) -> LoadedConfig:
    """Return a config of a commit with its own rules and specs, which are written into the folder `target`.

    Raises:
        ConfigError: when the commit has no such folder, or when it would be one of the work tree.
    """
    commit, folder = loaded.commit, loaded.folder
    names = (*loaded.config.rules, *loaded.config.specs)
    if commit is None or folder is None or not names:
        return loaded
    code = target / folder.relative_to(commit.top)
    for name in names:
        try:
            _export(commit, folder, name, code)
        except GitError as error:
            message = f"{loaded.path}: {error}"
            raise ConfigError(message) from error
    return replace(loaded, code=code)


def _export(commit: Commit, folder: Path, name: str, code: Path) -> None:
    """Write one folder of rules or specs below `code`. One outside of the repository, with its whole path, stays there."""
    place = Path(os.path.normpath(folder / name))
    if Path(name).is_absolute():
        if not place.resolve().is_relative_to(commit.top.resolve()):
            return
    elif place.is_relative_to(commit.top):
        commit.export(place, Path(os.path.normpath(code / name)))
        return
    message = f"`{name}` cannot be taken from {commit.name}: name a folder of the repository, relative to the config"
    raise GitError(message)
