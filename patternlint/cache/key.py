"""The cache key: a hash of everything but the patterns that can change a finding."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import msgspec

import patternlint
from patternlint.linter.registry import installed_plugins
from patternlint.parser.yaml.libyaml import HAS_C_PARSER
from patternlint.project.config import LoadedConfig
from patternlint.project.project import Overrides
from patternlint.project.redirects import REDIRECTS_NAME, redirects_path
from patternlint.spec.loader import built_in_folder

_DEPENDENCIES = ("jsonschema", "jsonschema-rs", "msgspec", "pathspec", "pyromark", "pyyaml", "rapidfuzz", "ruamel.yaml")
_CODE_SUFFIXES = (".py", ".json", ".toml")


def cache_key(loaded: LoadedConfig, overrides: Overrides, root: Path | None = None) -> bytes:
    """Return the hash of patternlint's code, its dependencies, the configuration, and the project's specs and rules.

    Args:
        loaded: the configuration.
        overrides: the rule settings of the command line.
        root: the folder of the project, which other clones have elsewhere; None without one.
    """
    digest = _program_hash().copy()
    base = loaded.folder or Path.cwd()  # globs are relative to it
    place = os.path.relpath(base, root) if root is not None else str(base)
    name = base.name if loaded.config.specs else ""  # a record may have the name of its folder
    folders = [text.encode(errors="surrogateescape") for text in (place, name)]
    digest.update(msgspec.json.encode((loaded.config, folders, overrides)))
    _hash_files(digest, _project_files(loaded, base))
    redirects = redirects_path(root)
    if redirects is not None:
        _hash_files(digest, [(REDIRECTS_NAME, redirects)])
    return digest.digest()


@cache
def _program_hash() -> hashlib.blake2b:
    """Return the hash of patternlint's code and of its dependencies, which do not change while it runs."""
    digest = hashlib.blake2b(digest_size=20)
    digest.update(repr((sys.version_info[:3], HAS_C_PARSER, [version(name) for name in _DEPENDENCIES])).encode())
    package = Path(patternlint.__file__).parent
    folders = [package, built_in_folder()]
    rules = package / "rules"
    if not rules.is_dir():
        folders.append(package.parent / "rules")
    for folder in folders:
        _hash_files(digest, _files_below(folder, _CODE_SUFFIXES))
    return digest


def _hash_files(digest: hashlib.blake2b, files: Iterable[tuple[str, str | Path]]) -> None:
    for name, path in files:
        digest.update(f"\0{name}\0".encode("utf-8", "surrogateescape"))
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - see `_files_below`
            digest.update(hashlib.blake2b(file.read()).digest())


def _project_files(loaded: LoadedConfig, base: Path) -> Iterator[tuple[str, str | Path]]:
    """Yield names and paths of the files with rules and specifications of a project and of plug-ins, in a fixed order."""
    code = loaded.code or base
    for name in (*loaded.config.rules, *loaded.config.specs):
        yield from _files_below(code / name)  # rules may read data files next to them
    for point in installed_plugins():
        yield point.value, Path(os.devnull)
        spec = find_spec(point.module.partition(".")[0])
        for location in (spec.submodule_search_locations or (spec.origin,)) if spec is not None else ():
            if location is not None:
                path = Path(location)
                yield from _files_below(path) if path.is_dir() else ((path.name, path),)


def _files_below(folder: Path, suffixes: tuple[str, ...] = ("",)) -> Iterator[tuple[str, str]]:
    """Yield the files below a folder by their path in it. As texts: every run goes through 500, and `Path` takes 40 ms."""
    for base, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        below = base[len(str(folder)) :].replace(os.sep, "/").lstrip("/")
        for name in sorted(names):
            path = f"{base}{os.sep}{name}"
            if name.endswith(suffixes) and os.path.isfile(path):  # noqa: PTH113 - as above
                yield f"{below}/{name}" if below else name, path
