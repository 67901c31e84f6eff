"""The configuration of the target branch, with its rules and specifications: a change must not disable its own checks."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from msgspec.structs import replace

from patternlint.gate.revisions import resolve_base
from patternlint.project.config import CONFIG_NAMES, ConfigError, LoadedConfig, is_config, load_config
from patternlint.project.git import Commit, GitError, files_of_commit


def load_config_of(
    revision: str, top: Path, explicit: Path | None, start: Path, environment: Mapping[str, str]
) -> LoadedConfig:
    """Return the configuration at a commit. Files of the work tree and of folders above it are not read.

    Args:
        revision: a commit or a branch; `auto` for the target branch of the change.
        top: the top of the work tree.
        explicit: the path of the configuration in the work tree; None for the nearest one to `start`.
        start: a folder in the work tree.
        environment: the environment variables, which describe a pull request.

    Raises:
        ConfigError: when the configuration is invalid.
        GitError: when the commit is not found.
    """
    return load_config(explicit, start, Commit(top, resolve_base(top, revision, environment), revision))


def configs_of(commit: Commit) -> tuple[Path, ...]:
    """Return the paths of the configurations of a commit in the work tree.

    Raises:
        GitError: when git fails.
    """
    paths = (commit.top.joinpath(*file.path.split("/")) for file in files_of_commit(commit.top, commit.id))
    return tuple(path for path in paths if path.name in CONFIG_NAMES and is_config(path, commit.read))


def with_code_of_commit(loaded: LoadedConfig, target: Path) -> LoadedConfig:
    """Return the configuration of a commit after writing its custom rules and specifications into the folder `target`.

    Raises:
        ConfigError: when the commit lacks one of their folders, or the folder belongs to the work tree.
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
    """Write a folder of rules or specifications below `code`. A folder outside of the repository is used in place."""
    path = Path(os.path.normpath(folder / name))
    if Path(name).is_absolute():
        if not path.resolve().is_relative_to(commit.top.resolve()):
            return
    elif path.is_relative_to(commit.top):
        commit.export(path, Path(os.path.normpath(code / name)))
        return
    message = (
        f"cannot take `{name}` from {commit.name}; use a folder of the repository, relative to the configuration file"
    )
    raise GitError(message)
