"""The hash of everything but the patterns that could change what a run finds."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from importlib.metadata import entry_points, version
from importlib.util import find_spec
from pathlib import Path

import msgspec

import patternlint
from patternlint.config import LoadedConfig
from patternlint.registry import ENTRY_POINTS
from patternlint.run.project import Overrides
from patternlint.spec import built_in_folder

_LIBRARIES = ("jsonschema", "jsonschema-rs", "msgspec", "pyromark", "rapidfuzz", "ruamel.yaml")
_CODE = ("*.py", "*.json", "*.toml")


def signature(loaded: LoadedConfig, overrides: Overrides) -> bytes:
    """Return the hash of the tool's code, the libraries that parse and judge, the config, and own specs and rules."""
    digest = hashlib.blake2b(digest_size=20)
    digest.update(repr((sys.version_info[:3], [version(name) for name in _LIBRARIES])).encode())
    digest.update(msgspec.json.encode((loaded.config, str(loaded.folder), overrides)))
    for path in _code(loaded):
        digest.update(f"\0{path.name}\0".encode())
        digest.update(path.read_bytes())
    return digest.digest()


def _code(loaded: LoadedConfig) -> Iterator[Path]:
    """Yield every file whose content decides about findings, in a fixed order."""
    package = Path(patternlint.__file__).parent
    folders = [package, built_in_folder()]
    rules = package / "rules"
    if not rules.is_dir():
        folders.append(package.parent / "rules")
    base = loaded.folder or Path.cwd()
    folders += [base / name for name in (*loaded.config.rules, *loaded.config.specs)]
    for point in sorted(entry_points(group=ENTRY_POINTS), key=lambda point: point.name):
        found = find_spec(point.module)
        folders += (
            [Path(place) for place in (found.submodule_search_locations or ()) if found is not None] if found else []
        )
    for folder in folders:
        for pattern in _CODE:
            yield from sorted(folder.rglob(pattern))
