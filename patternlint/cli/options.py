"""The options of a command line as frozen values. `cli/arguments.py` has the parsers that return them."""

from __future__ import annotations

from msgspec import Struct


class CommonOptions(Struct, frozen=True, kw_only=True):
    """Options of every command."""

    config: str = ""
    config_from: str = ""
    isolated: bool = False
    color: str = "auto"
    quiet: bool = False
    verbose: bool = False


class PlanOptions(CommonOptions, frozen=True, kw_only=True):
    """Options of the commands that change many files together."""

    folder: str = "."
    diff: bool = False
    dry_run: bool = False


class RunOptions(CommonOptions, frozen=True, kw_only=True):
    """Options of the commands that check files. `baseline` has no flags for the last three."""

    paths: tuple[str, ...] = ()
    force_exclude: bool = False
    libraries: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, str], ...] = ()
    levels: tuple[tuple[str, str], ...] = ()
    pedantic: bool = False
    baseline: str = ""
    no_cache: bool = False
    cache_dir: str = ""
    jobs: int = 1
    stdin_filename: str = ""
    at: str = ""
    no_baseline: bool = False


class CheckOptions(RunOptions, frozen=True, kw_only=True):
    """Options of `check` and `hook`.

    Attributes:
        output_formats: each format with its file; the file is empty for standard output.
        statistics: by what findings are counted, "rules" or "causes"; empty to report the findings.
        allow_no_patterns: whether a run without patterns succeeds; not a flag.
    """

    fix: bool = False
    unsafe_fixes: bool = False
    diff: bool = False
    fix_only: bool = False
    show_fixes: bool = False
    only_new: bool = False
    exit_non_zero_on_fix: bool = False
    add_suppressions: bool = False
    reason: str = ""
    output_formats: tuple[tuple[str, str], ...] = ()
    output_file: str = ""
    statistics: str = ""
    max_findings_per_rule: int | None = None
    show_all: bool = False
    show_files: bool = False
    show_settings: bool = False
    fail_on: str = ""
    max_warnings: int | None = None
    exit_zero: bool = False
    since: str = ""
    staged: bool = False
    timing: bool = False
    watch: bool = False
    allow_no_patterns: bool = False
