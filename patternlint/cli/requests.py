"""The runs that a command line asks for: one for each config that counts.

The nearest config upwards decides for each path. A folder below it that has a config of its own is found on the way and
gets a run of its own. The order of the paths on the command line changes nothing.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from patternlint.cli.config import Settings
from patternlint.cli.options import COMMANDS, UsageError
from patternlint.messages.did_you_mean import closest_matches
from patternlint.project.config import LoadedConfig
from patternlint.project.git import find_top
from patternlint.project.paths import DiscoveryError, absolute, enclosing_library, existing_path, find_scope
from patternlint.project.project import Overrides, Project
from patternlint.project.user_folder import has_journals
from patternlint.report.escape import escape_line
from patternlint.run.request import RunRequest, cache_folder
from patternlint.run.run import Run


class Requests:
    """The requests of a command line, the outermost config first."""

    def __init__(self, options: Namespace) -> None:
        """Group the paths of a command line by the config that decides for them.

        Raises:
            UsageError, ConfigError: when a path, a flag or a config cannot be used.
        """
        self._options = options
        self._settings = Settings(options)
        self._waiting: dict[Path | None, tuple[LoadedConfig, list[Path]]] = {}
        named = [options.stdin_filename] if options.stdin_filename else options.paths
        for path in [Path(text) for text in named] or [Path()]:
            if options.stdin_filename and path.is_dir():
                message = f"--stdin-filename says where the pattern would be, and {path} is a folder"
                raise UsageError(message)
            try:
                self._add(absolute(path) if options.stdin_filename or options.at else existing_path(path))
            except DiscoveryError as error:
                message = f"{error}{_perhaps(str(path))}"
                raise UsageError(message) from error

    def _add(self, path: Path) -> None:
        loaded = self._settings.of(path)
        _, targets = self._waiting.setdefault(loaded.path, (loaded, []))
        if path not in targets:
            targets.append(path)

    def __iter__(self) -> Iterator[RunRequest]:
        """Yield each request. `add_nested` may add more in between."""
        while self._waiting:
            path = min(self._waiting, key=lambda path: (len(path.parts), str(path)) if path is not None else (0, ""))
            yield self._request(*self._waiting.pop(path))

    def add_nested(self, run: Run) -> None:
        """Add the folders of a run that have a config of their own."""
        for folder in run.request.scope.nested_targets():
            self._add(folder)

    def _request(self, loaded: LoadedConfig, paths: list[Path]) -> RunRequest:
        options, folder = self._options, loaded.folder
        extra = [Path(text) for text in options.library]
        if folder is not None:
            around = enclosing_library(folder)
            extra += [*_libraries(loaded, folder), *([around] if around is not None else [])]
        typed = bool(options.stdin_filename)
        exist = not (typed or options.at)
        places = find_scope(paths, folder, extra, exist=exist, forced=typed or not options.force_exclude)
        places = replace(places, configs=self._settings.configs(places))
        overrides = Overrides(
            select=tuple(options.select),
            extend_select=tuple(options.extend_select),
            ignore=tuple(options.ignore),
            levels=tuple(options.level),
            per_file_ignores=tuple(options.per_file_ignores),
            pedantic=options.pedantic,
            library_rules=places.has_library,
        )
        asked = absolute(options.cache_dir) if options.cache_dir else None
        cache = None if options.no_cache else cache_folder(places, asked)
        request = RunRequest(places, loaded, overrides, options.jobs, cache, find_top(places.targets[0]))
        undo_interrupted(request)
        return request


def undo_interrupted(request: RunRequest) -> None:
    """Undo what killed runs left half done, before files are read, and say so on standard error."""
    if not has_journals():
        return
    from patternlint.project.atomic_write import recover  # noqa: PLC0415 - hardly any run writes or restores files

    for sentence in recover(request.checkouts):
        sys.stderr.write(f"patternlint: {escape_line(sentence)}\n")


def run_each(options: Namespace, look: Callable[[RunRequest], Run]) -> list[Run]:
    """Return what `look` makes of each request of a command line."""
    requests = Requests(options)
    runs: list[Run] = []
    for request in requests:
        run = look(request)
        requests.add_nested(run)
        runs.append(run)
    require_rules(options, [run.project for run in runs])
    return runs


def require_rules(options: Namespace, projects: Sequence[Project]) -> None:
    """Make sure that a selection leaves at least one rule to one of some projects.

    Raises:
        UsageError: when it does not.
    """
    selects = options.select or any(project.config.select for project in projects)
    if selects and not any(project.selection.has_selected for project in projects):
        message = "none of the selected rules is left: `ignore`, or the level `off`, takes them all out"
        raise UsageError(message)


def _perhaps(name: str) -> str:
    """Return what a name that is no file was likely meant to be instead: standard input, or a command."""
    if name == "-":
        return "; `--stdin-filename PATH` reads a pattern from standard input"
    if name in _MEANT:
        return f"; did you mean {_MEANT[name]}?"
    found = closest_matches(name, COMMANDS)
    return f"; or did you mean the command `{found[0]}`?" if found and not Path(name).exists() else ""


_MEANT = {
    "fix": "`patternlint --fix`",
    "format": "`patternlint --fix`",
    "help": "`patternlint --help`",
    "init": "`patternlint config > patternlint.toml`, which writes all settings",
    "lint": "`patternlint`",
    "list": "`patternlint rules`",
    "version": "`patternlint --version`",
}
"""What the commands of other programs are called here."""


def _libraries(loaded: LoadedConfig, folder: Path) -> Iterator[Path]:
    """Yield the folders that a config in `folder` names to resolve links against.

    Raises:
        UsageError: when there is no such folder.
    """
    for place, name in enumerate(loaded.config.library):
        if not (folder / name).exists():
            message = f"{loaded.location('library', place)}: `library`: folder not found: {name}"
            raise UsageError(message)
        yield folder / name
