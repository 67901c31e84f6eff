"""The run requests of a command line: one per configuration.

The nearest configuration in a parent folder applies to each path. A folder below it that has a configuration of its own is
found during the run and gets its own request. The order of the paths on the command line changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from patternlint.cli.arguments import COMMANDS
from patternlint.cli.config import ConfigLoader
from patternlint.cli.errors import UsageError, print_note
from patternlint.cli.options import RunOptions
from patternlint.messages.did_you_mean import closest_matches
from patternlint.project.config import LoadedConfig
from patternlint.project.git import find_top
from patternlint.project.paths import DiscoveryError, absolute, enclosing_library, existing_path, find_scope
from patternlint.project.project import Overrides, Project
from patternlint.project.user_folder import has_journals
from patternlint.run.request import RunRequest, cache_folder
from patternlint.run.run import Run


class RequestQueue:
    """The pending requests of a command line. Iterating yields them, the outermost configuration first.

    Raises:
        UsageError, ConfigError: when a path, a flag or a configuration is invalid.
    """

    def __init__(self, options: RunOptions) -> None:
        self._options = options
        self._configs = ConfigLoader(options)
        self._pending: dict[Path | None, tuple[LoadedConfig, list[Path]]] = {}
        paths = [options.stdin_filename] if options.stdin_filename else options.paths
        for path in [Path(text) for text in paths] or [Path()]:
            if options.stdin_filename and path.is_dir():
                message = f"expected a file name after --stdin-filename, and {path} is a folder"
                raise UsageError(message)
            try:
                self._add(absolute(path) if options.stdin_filename or options.at else existing_path(path))
            except DiscoveryError as error:
                message = f"{error}{_suggest_command(str(path))}"
                raise UsageError(message) from error

    def _add(self, path: Path) -> None:
        loaded = self._configs.for_path(path)
        _, targets = self._pending.setdefault(loaded.path, (loaded, []))
        if path not in targets:
            targets.append(path)

    def __iter__(self) -> Iterator[RunRequest]:
        """Yield each request. `add_nested` may add more in between."""
        while self._pending:
            path = min(self._pending, key=lambda path: (len(path.parts), str(path)) if path is not None else (0, ""))
            yield self._request(*self._pending.pop(path))

    def add_nested(self, run: Run) -> None:
        """Add the folders of a run that have a configuration of their own."""
        for folder in run.request.scope.nested_targets():
            self._add(folder)

    def _request(self, loaded: LoadedConfig, paths: list[Path]) -> RunRequest:
        options, folder = self._options, loaded.folder
        extra = [Path(text) for text in options.libraries]
        if folder is not None:
            parent = enclosing_library(folder)
            extra += [*_library_folders(loaded, folder), *([parent] if parent is not None else [])]
        is_stdin = bool(options.stdin_filename)
        exist = not (is_stdin or options.at)
        places = find_scope(paths, folder, extra, exist=exist, explicit_targets=is_stdin or not options.force_exclude)
        places = replace(places, configs=self._configs.nested_configs(places))
        overrides = Overrides(
            select=options.select,
            extend_select=options.extend_select,
            ignore=options.ignore,
            levels=options.levels,
            per_file_ignores=options.per_file_ignores,
            pedantic=options.pedantic,
            library_rules=places.has_library,
        )
        cache_dir = absolute(options.cache_dir) if options.cache_dir else None
        cache = None if options.no_cache else cache_folder(places, cache_dir)
        request = RunRequest(places, loaded, overrides, options.jobs, cache, find_top(places.targets[0]))
        undo_interrupted_writes(request)
        return request


def undo_interrupted_writes(request: RunRequest) -> None:
    """Undo unfinished writes of killed runs before files are read, and report that on standard error."""
    if not has_journals():
        return
    from patternlint.project.atomic_write import recover  # noqa: PLC0415 - few runs write or restore files

    for message in recover(request.checkouts):
        print_note(message)


def run_each(options: RunOptions, run_request: Callable[[RunRequest], Run]) -> list[Run]:
    """Return the run of each request of a command line."""
    queue = RequestQueue(options)
    runs: list[Run] = []
    for request in queue:
        run = run_request(request)
        queue.add_nested(run)
        runs.append(run)
    require_rules(options, [run.project for run in runs])
    return runs


def require_rules(options: RunOptions, projects: Sequence[Project]) -> None:
    """Raise UsageError when rules are selected and none of them is enabled in any project."""
    has_selection = options.select or any(project.config.select for project in projects)
    if has_selection and not any(project.selection.has_selected for project in projects):
        message = "no selected rule is enabled: `ignore` or the level `off` disables all of them"
        raise UsageError(message)


def _suggest_command(name: str) -> str:
    """Return the end of an error message: what to write instead of a name that is not a file."""
    if name == "-":
        return "; use `--stdin-filename PATH` to read from standard input"
    if name in _EQUIVALENTS:
        return f"; did you mean {_EQUIVALENTS[name]}?"
    matches = closest_matches(name, COMMANDS)
    return f"; did you mean the command `{matches[0]}`?" if matches and not Path(name).exists() else ""


_EQUIVALENTS = {
    "fix": "`patternlint --fix`",
    "format": "`patternlint --fix`",
    "help": "`patternlint --help`",
    "lint": "`patternlint`",
    "list": "`patternlint rules`",
    "version": "`patternlint --version`",
}
"""Commands of other linters, with what to run here."""


def _library_folders(loaded: LoadedConfig, folder: Path) -> Iterator[Path]:
    """Yield the folders of the setting `library` of a configuration in `folder`.

    Raises:
        UsageError: when one does not exist.
    """
    for index, name in enumerate(loaded.config.library):
        if not (folder / name).exists():
            message = f"{loaded.location('library', index)}: `library`: folder not found: {name}"
            raise UsageError(message)
        yield folder / name
