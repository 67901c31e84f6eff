"""`patternlint new "Title"`: a new pattern in canonical layout."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from patternlint.cli.config import load_settings
from patternlint.cli.exit_codes import OK
from patternlint.cli.options import Parser, UsageError, add_common
from patternlint.document.identifiers import is_slug, slugify
from patternlint.messages.did_you_mean import did_you_mean
from patternlint.project.atomic_write import create_file, require_inside
from patternlint.project.config import LoadedConfig
from patternlint.project.git import find_top
from patternlint.project.paths import absolute
from patternlint.project.project import Overrides, load_all_specs, load_project
from patternlint.scaffold import SECTORS, PatternIdentity, new_id, new_pattern
from patternlint.source import Source
from patternlint.spec.loader import built_in_folder
from patternlint.spec.model import Spec, SpecRegistry

_MOST_FILES = 500  # enough to tell which spec is usual


def parser() -> Parser:
    """Return the parser of `patternlint new`."""
    made = Parser(
        prog="patternlint new",
        description="Write a new pattern in canonical layout: a fresh id, all keys, and prompts where you have to write.",
    )
    add = made.add_argument
    add("title", nargs="+", metavar="TITLE", help="the title of the pattern")
    add(
        "--spec",
        default="",
        metavar="VERSION",
        help="specification to follow (default: from the config, else the most common one of the library, else 7.1)",
    )
    add(
        "--sector",
        default="",
        metavar="SECTOR",
        help=f"for specs with sectors: {', '.join(SECTORS)} (default: Universal)",
    )
    add("--slug", default="", metavar="SLUG", help="the slug (default: made of the title)")
    add("--into", default=".", metavar="DIR", help="the folder that the file goes into (default: the current one)")
    add("--stdout", action="store_true", help="print the pattern and write no file")
    add_common(made)
    return made


def run(arguments: Sequence[str]) -> int:
    """Run the command and return the exit code.

    Raises:
        UsageError: when the title makes no slug, or there is no such spec, sector or folder.
        WriteError: when the file cannot be written, or is there.
    """
    options = parser().parse(arguments)
    folder = absolute(options.into)
    loaded = load_settings(options, folder)
    specs = load_all_specs(loaded)
    spec = _spec(specs, options.spec or loaded.config.spec or _most_common(loaded, folder) or "7.1")
    title = " ".join(" ".join(options.title).split())
    slug = options.slug or slugify(title)
    if not is_slug(slug):
        message = (
            f"`{slug}` is no slug: lower-case words of a–z and 0–9, joined by `-`"
            if slug
            else "the title has no letters that a slug can be made of; give one with --slug"
        )
        raise UsageError(message)
    sector = options.sector or "Universal"
    if sector not in SECTORS:
        message = f"there is no sector `{sector}`{did_you_mean(sector, SECTORS)}; there are {', '.join(SECTORS)}"
        raise UsageError(message)
    identity = new_id(next(iter(spec.id_prefixes), "pat"))
    text = new_pattern(spec, PatternIdentity(identity, slug, title, sector, datetime.now(UTC).date()))
    if options.stdout:
        sys.stdout.write(text)
        return OK
    _require_free(folder, slug)
    path = folder / f"{slug}.md"
    tops = (loaded.folder, find_top(folder))
    create_file(require_inside(path, [top for top in tops if top is not None]), text.encode())
    sys.stdout.write(f"{path}\n")
    return OK


def _spec(specs: SpecRegistry, version: str) -> Spec:
    own = {spec.version for spec in specs.all if spec.groups and not spec.folder.is_relative_to(built_in_folder())}
    known = {version: spec for version, spec in specs.by_version.items() if spec.defaults or version in own}
    if version not in known:
        message = f"cannot create a pattern of spec `{version}`{did_you_mean(version, known)}; the specs are {', '.join(known)}"
        raise UsageError(message)
    return known[version]


def _most_common(loaded: LoadedConfig, folder: Path) -> str:
    """Return the spec that most patterns in the folder of the new file follow, else of those below; empty for none."""
    project = load_project(loaded, Overrides())
    for paths in (folder.glob("*.md"), (loaded.folder or folder).rglob("*.md")):
        counts: Counter[str] = Counter()
        for path in islice(paths, _MOST_FILES):
            if path.is_file():
                parsed = project.parse(
                    Source(path.name, path.read_bytes()), named=project.is_declared_pattern(str(path))
                )
                counts.update([parsed.spec.version] if parsed.spec is not None else [])
        if counts:
            return max(counts, key=lambda version: (counts[version], version))
    return ""


def _require_free(folder: Path, slug: str) -> None:
    if not folder.is_dir():
        message = f"there is no folder {folder}"
        raise UsageError(message)
    taken = folder / f"{slug}.md"
    if taken.exists():
        message = f"there is a pattern {taken} already"
        raise UsageError(message)
