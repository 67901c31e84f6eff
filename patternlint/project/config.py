"""Settings from `patternlint.toml`, or from `[tool.patternlint]` in `pyproject.toml`."""

from __future__ import annotations

import os
import shlex
import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from stat import S_ISVTX, S_IWOTH
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct, field

from patternlint.diagnostics.severity import LEVELS
from patternlint.errors import UserError
from patternlint.messages.conversion_errors import explain_conversion_error, path_of
from patternlint.project.git import Commit, find_top
from patternlint.spec.toml_lines import line_of

CONFIG_NAME = "patternlint.toml"
PYPROJECT = "pyproject.toml"
CONFIG_NAMES = (CONFIG_NAME, PYPROJECT)


class ConfigError(UserError):
    """An invalid configuration: one sentence that names the file."""


class LimitSettings(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """LimitSettings of a file and of a rule. A finding reports a file or rule that exceeds one."""

    file_size: Annotated[int, Meta(gt=0, description="maximum size of a file in bytes")] = 5_000_000
    front_matter_size: Annotated[int, Meta(gt=0, description="maximum size of the front matter in bytes")] = 1_000_000
    nesting: Annotated[int, Meta(gt=0, le=100, description="maximum depth of nested lists and mappings")] = 64
    values: Annotated[
        int, Meta(gt=0, description="maximum number of values in the front matter, those of aliases included")
    ] = 200_000
    line_length: Annotated[int, Meta(gt=0, description="maximum length of a line in bytes")] = 1_000_000
    rule_time: Annotated[
        float,
        Meta(
            ge=0.01,
            le=86_400,
            description="maximum time of a rule for one file in seconds; ten times as long for the whole library",
        ),
    ] = 10.0


class Config(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """The settings of a project. Paths and globs are relative to the folder of the config file."""

    patterns: Annotated[
        tuple[str, ...], Meta(description="globs of files to check as patterns, whatever their content")
    ] = ()
    exclude: Annotated[tuple[str, ...], Meta(description="globs of files and folders to exclude")] = ()
    library: Annotated[tuple[str, ...], Meta(description="extra folders to resolve links against (not checked)")] = ()
    spec: Annotated[str, Meta(description="the specification of all patterns; empty to detect it by content")] = ""
    specs: Annotated[tuple[str, ...], Meta(description="folders of the project's own specifications")] = ()
    builtin_specs: Annotated[
        bool | tuple[str, ...],
        Meta(description="which built-in specifications files may follow: all (`true`), none (`false`), or a list"),
    ] = True
    rules: Annotated[tuple[str, ...], Meta(description="folders of the project's own rules")] = ()
    select: Annotated[tuple[str, ...], Meta(description="enable only these rules and groups")] = ()
    extend_select: Annotated[tuple[str, ...], Meta(description="also enable these rules and groups")] = ()
    ignore: Annotated[tuple[str, ...], Meta(description="disable these rules and groups")] = ()
    per_file_ignores: Annotated[
        dict[str, tuple[str, ...]], Meta(description="disable these rules and groups in files that match a glob")
    ] = field(default_factory=dict)
    levels: Annotated[dict[str, str], Meta(description="level of a rule: off, info, warning or error")] = field(
        default_factory=dict
    )
    options: Annotated[dict[str, dict[str, Any]], Meta(description="options of a rule, as a table")] = field(
        default_factory=dict
    )
    pedantic: Annotated[bool, Meta(description="also enable the rules that are disabled by default")] = False
    fail_on: Annotated[str, Meta(description="lowest level of findings for exit code 1")] = "error"
    max_warnings: Annotated[
        Annotated[int, Meta(ge=0)] | None, Meta(description="maximum number of warnings before exit code 1")
    ] = None
    baseline: Annotated[str, Meta(description="the file of known findings")] = ""
    limits: Annotated[LimitSettings, Meta(description="limits of a file and of a rule")] = LimitSettings()


class LoadedConfig(Struct, frozen=True):
    """A configuration and its origin.

    Attributes:
        config: the settings.
        path: the file that they were read from, or None.
        commit: the commit that they were read from; None for files on disk.
        code: the folder that own rules and specs are relative to, if it is not that of the file.
    """

    config: Config
    path: Path | None
    commit: Commit | None = None
    code: Path | None = None

    @property
    def folder(self) -> Path | None:
        """The folder that paths and globs in the config are relative to."""
        return self.path.parent if self.path is not None else None

    def location(self, *keys: str | int) -> str:
        """Return the file and the line of the setting at `keys`, for messages."""
        read = _read_file if self.commit is None else self.commit.read
        content = read(self.path) if self.path is not None else None
        return str(self.path) if self.path is None or content is None else _location(self.path, content, keys)

    @property
    def code_folder(self) -> Path | None:
        """The folder that own rules and specs are relative to."""
        return self.code or self.folder


def _read_file(path: Path) -> bytes | None:
    """Return the content of a file, or None if it does not exist."""
    return path.read_bytes() if path.is_file() else None


def find_config(start: Path, read: Callable[[Path], bytes | None] = _read_file) -> Path | None:
    """Return the nearest config file in `start` or a folder above it, or None.

    Args:
        start: a folder.
        read: returns the content of a file, or None if it does not exist.
    """
    places = (folder / name for folder in (start, *start.parents) for name in CONFIG_NAMES)
    return next((path for path in places if is_config(path, read)), None)


def find_trusted_config(start: Path) -> Path | None:
    """Return the nearest config file on disk, as `find_config`.

    Raises:
        ConfigError: when another user may have written it (see `distrust_reason`).
    """
    path = find_config(start)
    reason = distrust_reason(path, start) if path is not None else ""
    if path is None or not reason:
        return path
    message = (
        f"the config {path} is not used: {reason}, and a config can name rules, which are code; "
        f"`--config {shlex.quote(str(path))}` uses it, `--isolated` uses none"
    )
    raise ConfigError(message)


def distrust_reason(path: Path, start: Path) -> str:
    """Return the reason not to trust a config that was found from `start`; empty if it is trusted.

    Trusted owners are the current user, root, and the owner of `start`. A repository of theirs is trusted as a whole, and
    so is a config in `start` itself, unless every user can write there. Windows has no such owners.

    Args:
        path: the config, in `start` or in a folder above it.
        start: a folder.
    """
    if not hasattr(os, "geteuid"):
        return ""
    owners = {os.geteuid(), 0, *([start.stat().st_uid] if start.is_dir() else [])}
    top = find_top(start)
    if top is not None and path.is_relative_to(top) and (top / ".git").lstat().st_uid in owners:
        return ""
    mode = path.parent.stat().st_mode
    is_above = path.parent != start
    if not (is_above or mode & S_IWOTH):
        return ""
    if not {path.lstat().st_uid, path.stat().st_uid} <= owners:
        return "it belongs to another user"
    return "every user can replace it" if is_above and mode & S_IWOTH and not mode & S_ISVTX else ""


def is_config(path: Path, read: Callable[[Path], bytes | None] = _read_file) -> bool:
    """Return whether a file is a config; a `pyproject.toml` is one if it has a table `tool.patternlint`.

    Raises:
        ConfigError: when that table cannot be read.
    """
    data = read(path)
    if data is None or path.name == CONFIG_NAME:
        return data is not None
    return b"tool.patternlint" in data and "patternlint" in _tool_tables(_toml(data, path))


def load_config(path: Path | None, start: Path, commit: Commit | None = None) -> LoadedConfig:
    """Return the config in `path`, or the nearest one to `start` when `path` is None.

    Args:
        path: the file, or None.
        start: a folder.
        commit: the commit with the files; None for files on disk.

    Raises:
        ConfigError: when the file cannot be read, is not TOML, or has unknown settings.
    """
    read = _read_file if commit is None else commit.read
    try:
        found = path or find_config(start, read)
        if found is None:
            return LoadedConfig(Config(), None, commit)
        content = read(found)
    except OSError as error:
        message = f"the config {error.filename} cannot be read: {error.strerror}"
        raise ConfigError(message) from error
    if content is None:
        message = f"no config file {found}{f' in {commit.name}' if commit is not None else ''}"
        raise ConfigError(message)
    data: Mapping[str, Any] = _toml(content, found)
    if found.name == PYPROJECT:
        data = _tool_tables(data).get("patternlint", {})
        if not isinstance(data, dict):
            message = f"{found}: `tool.patternlint` must be a table"
            raise ConfigError(message)
    return LoadedConfig(parse_config(data, partial(_location, found, content)), found, commit)


def _location(path: Path, content: bytes, keys: Sequence[str | int]) -> str:
    """Return the file, with the line of a setting if it is in the file."""
    above = ("tool", "patternlint") if path.name == PYPROJECT else ()
    line = line_of(content.decode("utf-8-sig"), (*above, *keys)) if keys else None
    return f"{path}:{line}" if line is not None else str(path)


def pyproject_table(content: bytes) -> Any:
    """Return the table `tool.patternlint` of a `pyproject.toml`, or None."""
    try:
        return _tool_tables(tomllib.loads(content.decode("utf-8-sig"))).get("patternlint")
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError):
        return None


def _tool_tables(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the tables of tools in a `pyproject.toml`."""
    found = data.get("tool")
    return found if isinstance(found, dict) else {}


def _toml(data: bytes, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"the config {path} is not valid TOML: line {line} is not UTF-8"
        raise ConfigError(message) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        message = f"the config {path} is not valid TOML: {error}"
        raise ConfigError(message) from error


def parse_config(data: Mapping[str, Any], locate: Callable[[Sequence[str | int]], str]) -> Config:
    """Return the config in the TOML table `data`.

    Args:
        data: the table.
        locate: returns the file and the line of a setting, for messages.

    Raises:
        ConfigError: when a key is unknown, with the closest one, or a value is invalid.
    """
    if "tool" in data:
        message = (
            f"{locate(('tool',))}: unknown setting `tool`; write settings at the top of this file, outside of tables"
        )
        raise ConfigError(message)
    try:
        config = msgspec.convert(data, Config)
    except msgspec.ValidationError as error:
        message = f"{locate(path_of(error))}: {explain_conversion_error(error, Config)}"
        raise ConfigError(message) from error
    levels = {("levels", name): level for name, level in config.levels.items()} | {("fail-on",): config.fail_on}
    for keys, level in levels.items():
        if level not in LEVELS:
            message = f"{locate(keys)}: `{level}` is not a level for `{keys[-1]}`; the levels are {', '.join(LEVELS)}"
            raise ConfigError(message)
    return config
