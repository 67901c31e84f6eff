"""Read and extend `spec.toml`."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from patternlint.errors import UserError
from patternlint.messages.conversion_errors import explain_conversion_error, path_of
from patternlint.messages.did_you_mean import did_you_mean
from patternlint.spec.extend import droppable, dropped_names, extend
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
SCHEMA_SUFFIX = ".schema.json"


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
        above = msgspec.json.decode(msgspec.json.encode(base, enc_hook=str))
        _check_drop(folder, data, droppable(above))
        data = extend(above, data)
    elif "drop" in data:
        raise spec_error(
            folder, ("drop",), "`drop` removes parts of the specification that `extends` names; add `extends`"
        )
    for group in data["groups"] if isinstance(data.get("groups"), list) else ():
        _keys_from_schema(folder, group)
    data["folder"] = folder
    data["bases"] = inherited
    try:
        return msgspec.convert(data, Spec, dec_hook=lambda kind, value: kind(value))
    except msgspec.ValidationError as error:
        raise spec_error(folder, _steps(data, path_of(error)), explain_conversion_error(error, Spec)) from error


def _check_drop(folder: Path, data: Mapping[str, Any], known: Mapping[str, list[str]]) -> None:
    """Reject names in `drop` that the base does not have.

    Raises:
        SpecError: naming the line, and the nearest name.
    """
    for setting, name in dropped_names(data):
        names = known.get(setting, ())  # an unknown setting is reported with all others
        if names and name not in names:
            reason = (
                f"`drop.{setting}` names `{name}`, which `{data['extends']}` does not have{did_you_mean(name, names)}"
            )
            raise spec_error(folder, ("drop", setting, name), reason)


def _steps(data: Any, path: Iterable[str | int]) -> Iterator[Any]:
    """Yield the way along `path` with items instead of their places, which are others where a spec extends one."""
    for step in path:
        known = step in data if isinstance(data, dict) else isinstance(step, int) and step < len(data)
        data = data[step] if known else {}
        yield _name_of(data) if isinstance(step, int) else step


def _keys_from_schema(folder: Path, group: Any) -> None:
    """Give a group that lists no keys those that its schema describes, in its order."""
    if not isinstance(group, dict) or "keys" in group or not isinstance(group.get("name"), str):
        return
    try:
        schema = json.loads((folder / f"{group['name']}{SCHEMA_SUFFIX}").read_text(encoding="utf-8"))
    except (OSError, ValueError):  # reported when the schemas are checked
        return
    properties = schema.get("properties") if isinstance(schema, dict) else None
    group["keys"] = list(properties) if isinstance(properties, dict) else []


@cache
def _built_in_specs() -> Mapping[str, Spec]:
    """Return the built-in specs by version. They do not change while the program runs."""
    bases: dict[str, Spec] = {}
    for path in sorted(built_in_folder().glob("*/spec.toml")):  # one may extend another before it
        spec = load_spec(path.parent, bases)
        bases[spec.version] = spec
    return bases


def load_specs(own: Iterable[Path] = (), *, built_in: bool | Collection[str] = True) -> SpecRegistry:
    """Return the specs that files may follow: built-in ones and a project's own.

    Args:
        own: folders of the project's own specs; each may extend a built-in one or one before it.
        built_in: whether built-in specs are among them, or the versions of those that are.

    Raises:
        SpecError: when a folder holds no spec that can be used.
    """
    bases = dict(_built_in_specs())
    chosen = bases if built_in is True else built_in or ()
    found = {version: spec for version, spec in bases.items() if version in chosen}
    for folder in own:
        spec = load_spec(folder, bases)
        bases[spec.version] = found[spec.version] = spec
    return SpecRegistry(found.values())
