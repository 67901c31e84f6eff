"""Commands that change many files together, or none: load the library, and show what changes and what is left."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from patternlint.cli.config import load_config_for
from patternlint.cli.diff import unified_diff, write_diff
from patternlint.cli.errors import print_note
from patternlint.cli.options import PlanOptions
from patternlint.cli.requests import undo_interrupted_writes
from patternlint.project.git import find_top
from patternlint.project.paths import absolute, find_scope
from patternlint.project.project import Overrides
from patternlint.report.escape import escape_line
from patternlint.report.summary import number
from patternlint.run.rename import RenamePlan, format_locations
from patternlint.run.request import RunRequest, cache_folder
from patternlint.run.run import Run, check

_MAX_LINES = 20


def load_library(options: PlanOptions) -> Run:
    """Return the run of the library that contains the folder of the options."""
    folder = absolute(options.folder)
    loaded = load_config_for(options, folder)
    places = find_scope([folder], loaded.folder, [])
    request = RunRequest(places, loaded, Overrides(), 1, cache_folder(places, None), find_top(folder))
    undo_interrupted_writes(request)
    return check(request, lambda _: lambda _: None)


def print_diff(plan: RenamePlan, moved: Mapping[str, str] | None = None) -> None:
    """Print the changes of a plan as a diff; `moved` are the new paths of renamed files."""
    for path in sorted(plan.after):
        write_diff(unified_diff(plan.before[path], plan.after[path], path, (moved or {}).get(path, path)))


def print_remaining(word: str, plan: RenamePlan, moved: Mapping[str, str] | None = None) -> None:
    """List the lines that still contain the old name: only a person can decide whether they refer to the pattern."""
    sys.stdout.flush()
    lines = list(format_locations({(moved or {}).get(path, path): at for path, at in plan.remaining.items()}))
    if lines:
        count = number(len(lines), "other line contains", "other lines contain")
        print_note(f"{count} the word `{word}`; check {'it' if len(lines) == 1 else 'them'} by hand:")
        sys.stderr.writelines(f"  {escape_line(line)}\n" for line in lines[:_MAX_LINES])
        if len(lines) > _MAX_LINES:
            sys.stderr.write(f"  and {len(lines) - _MAX_LINES:,} more\n")
