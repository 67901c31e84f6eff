"""`patternlint new`."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from patternlint.cli.arguments import Parser, add_common
from patternlint.cli.config import load_config_for
from patternlint.cli.errors import UsageError, require_choice
from patternlint.cli.exit_codes import OK
from patternlint.cli.options import CommonOptions
from patternlint.document.identifiers import is_slug, slugify
from patternlint.document.identity import expected_stem
from patternlint.messages.phrases import plural
from patternlint.project.atomic_write import create_file, require_inside
from patternlint.project.config import LoadedConfig
from patternlint.project.git import find_top
from patternlint.project.paths import absolute
from patternlint.project.project import Overrides, load_all_specs, load_project
from patternlint.scaffold import PatternIdentity, new_id, new_pattern
from patternlint.source import Source
from patternlint.spec import schema_lookup
from patternlint.spec.loader import built_in_folder
from patternlint.spec.model import Spec, SpecRegistry

_MAX_SAMPLED_FILES = 500  # enough to find the most common specification
_DEFAULT_SPEC = "7.1"


class NewOptions(CommonOptions, frozen=True, kw_only=True):
    """Options of `patternlint new`."""

    title: tuple[str, ...]
    spec: str = ""
    sector: str = ""
    slug: str = ""
    into: str = "."
    stdout: bool = False


def parser() -> Parser[NewOptions]:
    """Return the parser of `patternlint new`."""
    arguments = Parser(
        lambda: NewOptions,
        "new",
        "TITLE",
        "Create a pattern with a new id, all keys of its specification, and placeholders for its text.",
    )
    add = arguments.add_argument
    add("title", nargs="+", metavar="TITLE", help="Title of the pattern")
    add(
        "--spec",
        metavar="VERSION",
        help="Specification (default: from the configuration, else the most common one of the library, else "
        f"{_DEFAULT_SPEC})",
    )
    add(
        "--sector",
        metavar="SECTOR",
        help="Sector, for specifications that have sectors (default: the last one in the schema)",
    )
    add("--slug", metavar="SLUG", help="Slug or other name in links (default: derived from the title)")
    add("--into", metavar="DIR", help="Folder of the new file (default: the current folder)")
    add("--stdout", action="store_true", help="Print the pattern instead of writing a file")
    return add_common(arguments)


def run(options: NewOptions) -> int:
    """Create a pattern, print the path of its file, and return the exit code.

    Raises:
        UsageError: when an option is invalid or the file exists.
        WriteError: when the file cannot be written.
    """
    folder = absolute(options.into)
    loaded = load_config_for(options, folder)
    specs = load_all_specs(loaded)
    version = options.spec or loaded.config.spec or _most_common_version(loaded, folder)
    spec = _find_spec(specs, version or (_DEFAULT_SPEC if _DEFAULT_SPEC in specs.by_version else specs.all[0].version))
    title = " ".join(" ".join(options.title).split())
    slug = options.slug or (slugify(title) if spec.has_slugs or not spec.name_key else "")
    if not (is_slug(slug) if spec.has_slugs else slug or slugify(title)):
        message = (
            f"`{slug}` is not a valid slug; use lower-case words of a–z and 0–9, joined by `-`"
            if slug
            else "cannot derive a slug from the title; pass --slug SLUG"
        )
        raise UsageError(message)
    sectors = schema_lookup.allowed_values(spec, (spec.sector,)) if spec.sector else ()
    if options.sector:
        if not sectors:
            message = f"{plural(spec.noun)} of the specification `{spec.version}` have no sector; leave out --sector"
            raise UsageError(message)
        require_choice("sector", options.sector, sectors)
    sector = options.sector or (sectors[-1] if sectors else "")
    pattern_id = new_id(spec.identity.id_prefixes[0]) if spec.identity.id_prefixes else ""
    text = new_pattern(spec, PatternIdentity(pattern_id, slug, title, sector, datetime.now(UTC).date()))
    if options.stdout:
        sys.stdout.write(text)
        return OK
    stem = expected_stem(spec, {spec.name_key: slug} if slug else {}) or slug or slugify(title)
    path = folder / f"{stem}.md"
    if not folder.is_dir() or path.exists():
        message = f"{path} already exists" if folder.is_dir() else f"folder not found: {folder}"
        raise UsageError(message)
    tops = (loaded.folder, find_top(folder))
    create_file(require_inside(path, [top for top in tops if top is not None]), text.encode())
    sys.stdout.write(f"{path}\n")
    return OK


def _find_spec(specs: SpecRegistry, version: str) -> Spec:
    own = {spec.version for spec in specs.all if spec.groups and not spec.folder.is_relative_to(built_in_folder())}
    supported = {version: spec for version, spec in specs.by_version.items() if spec.defaults or version in own}
    require_choice("specification", version, supported)
    return supported[version]


def _most_common_version(loaded: LoadedConfig, folder: Path) -> str:
    """Return the most common specification in the folder of the new file, else in the library; empty without patterns."""
    project = load_project(loaded, Overrides())
    for paths in (folder.glob("*.md"), (loaded.folder or folder).rglob("*.md")):
        counts: Counter[str] = Counter()
        for path in islice(paths, _MAX_SAMPLED_FILES):
            if path.is_file():
                parsed = project.parse(
                    Source(str(path), path.read_bytes()), named=project.is_declared_pattern(str(path))
                )
                counts.update([parsed.spec.version] if parsed.spec is not None else [])
        if counts:
            return max(counts, key=lambda version: (counts[version], version))
    return ""
