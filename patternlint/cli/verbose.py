"""Details of a run for `--verbose`."""

from __future__ import annotations

from collections.abc import Iterator

from patternlint.parser.yaml.libyaml import HAS_C_PARSER
from patternlint.run.run import Run

_MAX_SKIPPED = 50


def verbose_lines(run: Run) -> Iterator[str]:
    """Yield the configuration, library, rules, cache and skipped files of a run, one per line."""
    request = run.request
    loaded = request.loaded
    revision = f" in {loaded.commit.name}" if loaded.commit is not None else ""
    yield f"config: {loaded.path or 'none'}{revision}"
    yield f"library: {', '.join(map(str, (*request.scope.roots, *request.scope.external))) or 'none'}"
    yield f"rules: {len(run.project.selection.names):,} of {len(run.project.registry.rules):,}"
    problem = f"; {run.cache_problem}" if run.cache_problem else ""
    yield f"cache: {request.cache}{problem}" if request.cache is not None else "cache: none"
    skipped = run.library.left_alone
    for entry in skipped[:_MAX_SKIPPED]:
        yield f"skipped: {entry.path}: {entry.left_alone}"
    if len(skipped) > _MAX_SKIPPED:
        yield f"skipped: {len(skipped) - _MAX_SKIPPED:,} more files (`--show-files` lists them)"
    if not HAS_C_PARSER:
        yield "YAML: PyYAML is installed without its C parser; parsing is many times slower"
