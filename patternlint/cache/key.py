"""The hash of everything but the patterns that could change what a run finds."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from importlib.metadata import entry_points, version
from importlib.util import find_spec
from pathlib import Path

import msgspec

import patternlint
from patternlint.linter.registry import ENTRY_POINTS
from patternlint.parser.yaml.libyaml import HAS_C_PARSER
from patternlint.project.config import LoadedConfig
from patternlint.project.project import Overrides
from patternlint.spec.loader import built_in_folder

_LIBRARIES = ("jsonschema", "jsonschema-rs", "msgspec", "pathspec", "pyromark", "pyyaml", "rapidfuzz", "ruamel.yaml")
_CODE = (".py", ".json", ".toml")
_COMPILED = "__pycache__"


def cache_key(loaded: LoadedConfig, overrides: Overrides) -> bytes:
    """Return the hash of the tool's code, the libraries that parse and judge, the config, and own specs and rules."""
    digest = hashlib.blake2b(digest_size=20)
    digest.update(repr((sys.version_info[:3], HAS_C_PARSER, [version(name) for name in _LIBRARIES])).encode())
    base = loaded.folder or Path.cwd()  # what globs are relative to
    digest.update(msgspec.json.encode((loaded.config, str(base).encode(errors="surrogateescape"), overrides)))
    for name, path in _code(loaded, base):
        digest.update(f"\0{name}\0".encode("utf-8", "surrogateescape"))
        digest.update(hashlib.blake2b(path.read_bytes()).digest())
    return digest.digest()


def _code(loaded: LoadedConfig, base: Path) -> Iterator[tuple[str, Path]]:
    """Yield every file whose content decides about findings, with its name, in a fixed order."""
    package = Path(patternlint.__file__).parent
    folders = [package, built_in_folder()]
    rules = package / "rules"
    if not rules.is_dir():
        folders.append(package.parent / "rules")
    for folder in folders:
        yield from _files(folder, _CODE)
    code = loaded.code or base
    for name in (*loaded.config.rules, *loaded.config.specs):
        yield from _files(code / name)  # own rules may read what lies beside them
    for point in sorted(entry_points(group=ENTRY_POINTS), key=lambda point: point.name):
        yield point.value, Path(os.devnull)
        found = find_spec(point.module.partition(".")[0])
        for place in (found.submodule_search_locations or (found.origin,)) if found is not None else ():
            if place is not None:
                path = Path(place)
                yield from _files(path) if path.is_dir() else ((path.name, path),)


def _files(folder: Path, endings: tuple[str, ...] = ("",)) -> Iterator[tuple[str, Path]]:
    """Yield the files below a folder, with their names from there on."""
    for base, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != _COMPILED)
        for name in sorted(names):
            path = Path(base, name)
            if name.endswith(endings) and path.is_file():
                yield path.relative_to(folder).as_posix(), path
