"""The files that `patternlint init` writes."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from msgspec import Struct

from patternlint.cli.errors import UsageError
from patternlint.cli.session import progress_bar
from patternlint.draft.config import HEADER, config_for_library, config_for_spec, ignored_rules
from patternlint.draft.draft import draft_of
from patternlint.draft.files import Selection, name_of_kind, select_records
from patternlint.draft.records import Record, read_record
from patternlint.draft.text import GROUP, of_files, schema_text, spec_text
from patternlint.project.config import CONFIG_NAME, PYPROJECT, Config, LoadedConfig, is_config, pyproject_table
from patternlint.project.discovery import FileSet, walk_folders
from patternlint.project.files import encodable
from patternlint.project.git import find_top
from patternlint.project.paths import existing_path, find_scope
from patternlint.project.project import Overrides
from patternlint.run.analysis import read_source
from patternlint.run.request import RunRequest
from patternlint.run.run import Run, check
from patternlint.spec.loader import SCHEMA_SUFFIX, SPEC_NAME, load_specs

FROM_FOLDER = "-"
"""Stands for the name of a specification that is called after the folder of its files."""

_NAME = re.compile(r"[^\W_](?:[\w.-]*\w)?")
_SPECS = "specs"


class InitialFiles(Struct, frozen=True):
    """The files to write.

    Attributes:
        files: the text of each file by its path from the library.
        notes: the lines to print below their names.
        replaceable: the files that may exist, because nothing is lost.
    """

    files: Mapping[str, str]
    notes: Sequence[str] = ()
    replaceable: Sequence[str] = ()


def has_config_table(folder: Path) -> bool:
    """Return whether a folder has a `pyproject.toml` with settings."""
    return is_config(folder / PYPROJECT)


def config_only(folder: Path, *, quiet: bool) -> InitialFiles:
    """Return the configuration of a library that built-in specifications describe.

    Args:
        folder: the folder of the library.
        quiet: whether to show no progress.
    """
    known = [spec.version for spec in load_specs().all]
    counts = _lint(folder, Config(), None, quiet=quiet).counts
    found = {version: count for version, count in counts.patterns.items() if version in known}
    text = config_for_library(found, known, counts.files - sum(found.values()))
    note = "no file here follows a built-in specification; run `patternlint init --spec` to draft one"
    return InitialFiles({CONFIG_NAME: text}, () if found else (note,))


def with_spec(folder: Path, name: str, paths: Iterable[str], *, force: bool, quiet: bool) -> InitialFiles:
    """Return a specification drafted from files, and a configuration that enables it.

    Args:
        folder: the folder of the library.
        name: the name of the specification, or `FROM_FOLDER`.
        paths: the files and folders to draft it from; by default the largest set of similar files.
        force: whether to replace any configuration.
        quiet: whether to show no progress.

    Raises:
        UsageError: when the name is not valid, or no file can be drafted from.
    """
    selection = _select(folder, [existing_path(path) for path in paths])
    version = name if name != FROM_FOLDER else name_of_kind(selection.records, folder.name)
    _require_name(version)
    draft = draft_of(selection.records, selection.globs)
    texts = {SPEC_NAME: spec_text(draft, version, version if version.isalpha() else "record")}
    if draft.values.files:
        texts[f"{GROUP}{SCHEMA_SUFFIX}"] = schema_text(draft)
    config = _config_that_fits(folder, version, texts, selection.records, quiet=quiet)
    spec_files = {f"{_SPECS}/{version}/{file}": text for file, text in texts.items()}
    notes = list(_selection_notes(selection))
    existing = _settings_in(folder)
    if force or existing is None:
        return InitialFiles({CONFIG_NAME: config} | spec_files, notes, replaceable=(CONFIG_NAME,))
    lines = config.splitlines()
    settings = [
        line for line in lines if line and line[0] != "#" and line.partition(" =")[0] not in {*existing} - {_SPECS}
    ]
    place = PYPROJECT if has_config_table(folder) else CONFIG_NAME
    return InitialFiles(spec_files, [*notes, f"{place} was not changed; to enable the specification, add:", *settings])


def _require_name(name: str) -> None:
    if _NAME.fullmatch(name) is None:
        message = f"`{name}` is not a valid name for a specification; use letters, digits, `-`, `_` and `.`"
        raise UsageError(message)
    if name in load_specs().by_version:
        message = f"the built-in specification `{name}` has this name; choose another one after --spec"
        raise UsageError(message)


def _select(folder: Path, paths: Sequence[Path]) -> Selection:
    """Return the records to draft from. Globs cannot name files whose names are not UTF-8; these are left out.

    Raises:
        UsageError: without any, or when a path is outside of the folder.
    """
    outside = next((path for path in paths if not path.is_relative_to(folder)), None)
    if outside is not None:
        message = f"{outside} is not in the current folder; run `patternlint init` in the folder of the library"
        raise UsageError(message)
    scope, listing = walk_folders(find_scope(paths or [folder], folder, ()), lambda _: False)
    records: list[Record] = []
    limits = Config().limits
    for ref in FileSet(scope, lambda _: False, listing).targets:
        path = Path(ref.absolute)
        name = path.relative_to(folder).as_posix()
        if path.is_file() and encodable(name) == name:
            records.append(read_record(name, read_source(ref.path, str(path), limits).data))
    selection = select_records(records, is_chosen=bool(paths))
    if all(record.is_broken for record in selection.records):
        message = (
            f"no file has valid front matter, such as {selection.records[0].path}; correct it first"
            if selection.records
            else "no Markdown files to draft a specification from; write a few records first, or pass their folder"
        )
        raise UsageError(message)
    return selection


def _config_that_fits(
    folder: Path, version: str, texts: Mapping[str, str], records: Sequence[Record], *, quiet: bool
) -> str:
    """Return a configuration under which nearly all of some records have no findings."""
    numbers = {record.path: number for number, record in enumerate(records) if not record.is_broken}
    files: dict[str, set[int]] = defaultdict(set)
    with TemporaryDirectory(prefix="patternlint-") as temporary:
        spec_folder = Path(temporary) / version
        spec_folder.mkdir()
        for name, text in texts.items():
            (spec_folder / name).write_text(text, encoding="utf-8")
        run = _lint(folder, Config(specs=(version,), builtin_specs=False), Path(temporary), quiet=quiet)
        groups = {info.name: info.group for info in run.project.registry}
        for file in run.by_file():
            for finding in file.findings if file.path in numbers else ():
                files[finding.rule].add(numbers[file.path])
    ignored = {rule: len(files[rule]) for rule in ignored_rules(files, groups, len(records))}
    return config_for_spec(f"{_SPECS}/{version}", ignored, len(records))


def _lint(folder: Path, config: Config, code: Path | None, *, quiet: bool) -> Run:
    """Check a library with settings that are not written yet.

    Args:
        folder: the folder of the library.
        config: the settings.
        code: the folder that its specifications are relative to, if it is not `folder`.
        quiet: whether to show no progress.
    """
    scope = find_scope([folder], folder, ())
    loaded = LoadedConfig(config, folder / CONFIG_NAME, code=code)
    with progress_bar(quiet=quiet) as progress:
        return check(RunRequest(scope, loaded, Overrides(), repository=find_top(folder)), progress)


def _settings_in(folder: Path) -> Mapping[str, Any] | None:
    """Return the settings of a folder; None without any, or with a file that `patternlint init` left without any."""
    path = folder / CONFIG_NAME
    if not path.exists():
        return pyproject_table((folder / PYPROJECT).read_bytes()) if has_config_table(folder) else None
    text = path.read_bytes()
    try:
        settings = tomllib.loads(text.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        return {}
    return settings if settings or not text.startswith(HEADER.encode()) else None


def _selection_notes(selection: Selection) -> list[str]:
    broken = [record.path for record in selection.records if record.is_broken]
    count = len(selection.records) - len(broken)
    notes = [f"drafted from {of_files(count, count)}: {', '.join(selection.globs)}"]
    if broken:
        counted = f"{broken[0]} and {len(broken) - 1:,} more" if len(broken) > 1 else broken[0]
        notes.append(f"not used, because the front matter is not valid: {counted}")
    if selection.others:
        largest = sorted(selection.others, key=lambda folder: (-selection.others[folder], folder))[:3]
        counts = [f"{of_files(selection.others[one], selection.others[one])} in {one or '.'}" for one in largest]
        notes.append(f"left out: {', '.join(counts)}; `patternlint init --spec NAME FOLDER` drafts from another folder")
    return notes
