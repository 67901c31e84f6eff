"""`--verbose`: what was done, on standard error."""

from __future__ import annotations

from collections.abc import Iterator

from patternlint.parser.yaml.libyaml import HAS_C_PARSER
from patternlint.run.run import Run

_SHOWN = 50


def verbose_lines(run: Run) -> Iterator[str]:
    """Yield what a run worked with, a line each."""
    request = run.request
    loaded = request.loaded
    where = f" in {loaded.commit.name}" if loaded.commit is not None else ""
    yield f"config: {loaded.path}{where}" if loaded.path is not None else f"config: none{where}"
    yield f"library: {', '.join(map(str, (*request.scope.roots, *request.scope.external))) or 'none'}"
    yield f"rules: {len(run.project.selection.names):,} of {len(run.project.registry.rules):,}"
    yield f"cache: {_cache(run)}"
    found = run.library.left_alone
    for entry in found[:_SHOWN]:
        yield f"left alone: {entry.path}: {entry.left_alone}"
    if len(found) > _SHOWN:
        yield f"left alone: {len(found) - _SHOWN:,} more files (`--show-files` lists them)"
    if not HAS_C_PARSER:
        yield "YAML: the C parser of PyYAML is missing, and the one in Python takes many times as long"


def _cache(run: Run) -> str:
    folder = run.request.cache
    if folder is None:
        return "none"
    return f"{folder}{f'; {run.cache_problem}' if run.cache_problem else ''}"
