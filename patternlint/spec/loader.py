"""Read and extend `spec.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from patternlint.errors import UserError
from patternlint.messages.conversion_errors import explain_conversion_error, path_of
from patternlint.messages.did_you_mean import did_you_mean
from patternlint.spec.model import Spec, SpecRegistry
from patternlint.spec.toml_lines import line_of


class SpecError(UserError):
    """An invalid spec folder: the file, the line where available, and the reason."""

    def __init__(self, path: Path, reason: str, line: int | None = None) -> None:
        super().__init__(f"{path}:{line}: {reason}" if line is not None else f"{path}: {reason}")
        self.path = path
        self.reason = reason
        self.line = line


def spec_error(folder: Path, steps: Iterable[Any], reason: str) -> SpecError:
    """Return an error about a part of a folder's `spec.toml`, with its line.

    Args:
        folder: the folder.
        steps: the way to the place: keys, and for an item of a list its value, or the name or title of a table.
        reason: what is wrong there.
    """
    path = folder / SPEC_NAME
    text = path.read_text(encoding="utf-8")
    return SpecError(path, reason, line_of(text, written_path(tomllib.loads(text), steps)))


def written_path(data: Any, steps: Iterable[Any]) -> list[str | int]:
    """Return the way that `steps`, as `spec_error` takes them, are in the `data` of a `spec.toml`, as far as it has them."""
    path: list[str | int] = []
    for step in steps:
        key = step
        if isinstance(data, list):
            key = next((place for place, item in enumerate(data) if step in (item, _name_of(item))), None)
        if key is None or (isinstance(data, dict) and step not in data) or not isinstance(data, dict | list):
            break
        data = data[key]
        path.append(key)
    return path


def _name_of(item: Any) -> Any:
    """Return the name by which a table in a list is identified; a value that is not a named table identifies itself."""
    return item.get("name", item.get("title", item)) if isinstance(item, dict) else item


SPEC_NAME = "spec.toml"


BUILT_IN = Path(__file__).resolve().parents[2] / "schemas"


def built_in_folder() -> Path:
    """Return the folder that holds the built-in specs, installed or in a checkout."""
    installed = Path(__file__).resolve().parents[1] / "schemas"
    return installed if installed.is_dir() else BUILT_IN


def load_spec(folder: Path, bases: Mapping[str, Spec] | None = None) -> Spec:
    """Return the spec in `folder`, from its `spec.toml`.

    Args:
        folder: the folder.
        bases: the specs that it may extend, by version.

    Raises:
        SpecError: when `spec.toml` is missing, when it is not valid TOML, or when it has something that a spec does not have.
    """
    path = folder / SPEC_NAME
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SpecError(folder, f"no {SPEC_NAME} in this folder") from error
    except (OSError, ValueError) as error:
        raise SpecError(path, str(error)) from error
    inherited: tuple[Path, ...] = ()
    version = data.get("extends")
    if version:
        base = (bases or {}).get(str(version))
        if base is None:
            known = ", ".join(sorted(bases or ()))
            hint = did_you_mean(str(version), bases or ())
            raise spec_error(folder, ("extends",), f"unknown spec `{version}` in `extends`{hint}; known: {known}")
        inherited = (base.folder, *base.bases)
        data = _extend(msgspec.json.decode(msgspec.json.encode(base, enc_hook=str)), data)
    data["folder"] = folder
    data["bases"] = inherited
    try:
        return msgspec.convert(data, Spec, dec_hook=lambda kind, value: kind(value))
    except msgspec.ValidationError as error:
        raise spec_error(folder, _steps(data, path_of(error)), explain_conversion_error(error, Spec)) from error


def _steps(data: Any, path: Iterable[str | int]) -> Iterator[Any]:
    """Yield the way along `path` with items instead of their places, which are others where a spec extends one."""
    for step in path:
        known = step in data if isinstance(data, dict) else isinstance(step, int) and step < len(data)
        data = data[step] if known else {}
        yield _name_of(data) if isinstance(step, int) else step


_JOINED = frozenset(
    ("types", "symmetric", "inverse", "external", "keys", "optional", "id-prefixes", "banner-aliases")
) | {"quoted", "plain", "inline"}
"""Lists that an own spec extends; it replaces all others."""


_TABLES = {"groups": "name", "sections": "title"}
"""Lists of tables that an own spec extends, with the key that identifies a table."""


def _extend(base: Mapping[str, Any], addition: Mapping[str, Any]) -> dict[str, Any]:
    """Return a spec's data extended by that of an own spec: tables are merged, lists joined."""
    merged = dict(base)
    for key, value in addition.items():
        known = merged.get(key)
        if isinstance(known, dict) and isinstance(value, dict):
            merged[key] = _extend(known, value)
        elif key in _TABLES and isinstance(known, list) and _are_tables(value):
            merged[key] = _join_tables(known, value, _TABLES[key])
        elif key in _JOINED and isinstance(known, list) and isinstance(value, list):
            merged[key] = [*known, *(item for item in value if item not in known)]
        else:
            merged[key] = value
    return merged


def _are_tables(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _join_tables(known: list[dict[str, Any]], added: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """Join lists of tables: a table replaces parts of the one with its name, others are appended."""
    tables = {table[name]: table for table in known}
    unnamed = [table for table in added if not isinstance(table.get(name), str)]
    for table in added:
        key = table.get(name)
        if isinstance(key, str):
            tables[key] = _extend(tables.get(key, {}), table)
    return [*tables.values(), *unnamed]


def load_specs(own: Iterable[Path] = ()) -> SpecRegistry:
    """Return the built-in specs and a project's own.

    Args:
        own: folders of the project's own specs; each may extend a built-in one or one before it.

    Raises:
        SpecError: when a folder holds no spec that can be used.
    """
    found: dict[str, Spec] = {}
    for path in sorted(built_in_folder().glob("*/spec.toml")):
        spec = load_spec(path.parent)
        found[spec.version] = spec
    for folder in own:
        spec = load_spec(folder, found)
        found[spec.version] = spec
    return SpecRegistry(found.values())
