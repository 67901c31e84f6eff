"""The request of a run: what to check, with which settings and which cache."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from patternlint.cache.key import cache_key
from patternlint.cache.store import ResultCache
from patternlint.linter.linter import Linter
from patternlint.linter.selection import RuleSelection
from patternlint.project.config import LoadedConfig
from patternlint.project.git import find_top
from patternlint.project.paths import Scope
from patternlint.project.project import Overrides, Project, load_project
from patternlint.project.user_folder import library_cache_folder
from patternlint.run.analysis import WorkerContext

NO_LIBRARY = (
    "library rules are off: these files are in no git repository and have no patternlint.toml, "
    "so nothing says which patterns their links may name (--library DIR tells)"
)


class RunRequest(Struct, frozen=True):
    """What a run is asked for.

    Attributes:
        scope: where to look.
        loaded: the config.
        overrides: what the command line says about rules.
        jobs: how many processes may work.
        cache: the folder of the cache, or None for none.
        repository: the top of the git work tree that contents are read from, where they are not read from disk.
        make_linter: what makes checks ready to use, in this process.
    """

    scope: Scope
    loaded: LoadedConfig
    overrides: Overrides
    jobs: int = 1
    cache: Path | None = None
    repository: Path | None = None
    make_linter: Callable[[RuleSelection, float], Linter] = Linter

    @property
    def checkouts(self) -> tuple[Path, ...]:
        """The folders whose content a commit can replace: the library, the targets, and the repositories around them."""
        places = self.scope
        tops = (places.project_folder, self.repository, find_top(Path.cwd()))
        found = (*places.roots, *places.targets, *(top for top in tops if top is not None))
        return tuple(dict.fromkeys(found))

    def worker_context(self, project: Project) -> WorkerContext:
        """Return what those who learn from the files have to know."""
        return WorkerContext(self.loaded, self.overrides, project, self.repository)


def prepare(request: RunRequest) -> tuple[Project, ResultCache | None]:
    """Return what a run is made of, and the cache where there is one.

    Raises:
        RegistryError, SpecError: when a rule or a spec cannot be used.
    """
    project = replace(load_project(request.loaded, request.overrides), make_linter=request.make_linter)
    if request.cache is None:
        return project, None
    return project, ResultCache(request.cache, cache_key(request.loaded, request.overrides), request.checkouts)


def cache_folder(places: Scope, asked: Path | None) -> Path | None:
    """Return the folder of the cache: the one asked for, else that of the library in the user's own folder.

    A folder that is in no repository and has no config gets none.
    """
    if asked is not None:
        return asked
    return library_cache_folder(places.project_folder) if places.project_folder is not None else None
