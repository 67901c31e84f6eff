"""The request of a run: its scope, configuration and cache."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from patternlint.cache.key import cache_key
from patternlint.cache.store import ResultCache
from patternlint.linter.linter import LinterProfiler
from patternlint.project.config import LoadedConfig
from patternlint.project.git import find_top
from patternlint.project.paths import Scope
from patternlint.project.project import Overrides, Project, load_project
from patternlint.project.redirects import load_redirects
from patternlint.project.user_folder import library_cache_folder
from patternlint.run.analysis import WorkerContext

NO_LIBRARY = "cross-file rules skipped: no git repository or configuration found; pass `--library DIR`"


class RunRequest(Struct, frozen=True):
    """The request of a run.

    Attributes:
        scope: the targets and the library.
        loaded: the configuration.
        overrides: the rule settings of the command line.
        jobs: the maximum number of processes.
        cache: the folder of the cache; None for no cache.
        repository: the top of the git work tree whose object store holds the files; None when they are on disk.
        profiler: measures the rules in this process, if given.
    """

    scope: Scope
    loaded: LoadedConfig
    overrides: Overrides
    jobs: int = 1
    cache: Path | None = None
    repository: Path | None = None
    profiler: LinterProfiler | None = None

    @property
    def checkouts(self) -> tuple[Path, ...]:
        """The folders whose content a commit can replace: the library, the targets, and the repositories around them."""
        tops = (self.scope.project_folder, self.repository, find_top(Path.cwd()))
        return tuple(dict.fromkeys((*self.scope.roots, *self.scope.targets, *filter(None, tops))))

    def worker_context(self, project: Project) -> WorkerContext:
        """Return what is needed to analyze files."""
        return WorkerContext(self.loaded, self.overrides, project, self.repository)


def prepare(request: RunRequest) -> tuple[Project, ResultCache | None]:
    """Return the project and the opened cache, if any.

    Raises:
        RegistryError, SpecError: when a rule or a specification cannot be used.
        RedirectError: when the file with former names is invalid.
    """
    project = replace(
        load_project(request.loaded, request.overrides),
        profiler=request.profiler,
        redirects=load_redirects(request.scope.project_folder),
    )
    if request.cache is None:
        return project, None
    key = cache_key(request.loaded, request.overrides, request.scope.project_folder)
    return project, ResultCache(request.cache, key, request.checkouts)


def cache_folder(scope: Scope, chosen: Path | None) -> Path | None:
    """Return the folder of the cache: the chosen one, else that of the library in the user's own folder.

    Runs without a repository or configuration have no cache.
    """
    if chosen is not None:
        return chosen
    return library_cache_folder(scope.project_folder) if scope.project_folder is not None else None
