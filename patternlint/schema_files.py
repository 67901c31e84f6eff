"""JSON Schema files as they lie in a spec's folder: reading them, joining own ones to those that they add to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from patternlint.spec import Spec, SpecError

STRICT = "x-strict-enum"
"""Beside `enum`: the values that the specification itself lists, where practice has more."""

_JOINED = frozenset(("required", "enum", STRICT, "examples"))
_DATA = frozenset(("const", "default", "enum", "examples", STRICT))
"""Keywords whose argument is data, in which nothing is a keyword."""


def group_schema(spec: Spec, group: str) -> dict[str, Any]:
    """Return the JSON Schema of a group, with what the spec's bases say joined in.

    A project's own spec writes only what it adds: mappings are merged, the lists `required`, `enum`, `x-strict-enum`
    and `examples` are joined, `null` takes a key away (a property also out of `required`), everything else is replaced.

    Raises:
        SpecError: when a schema file is no JSON, or no mapping.
    """
    merged: dict[str, Any] = {}
    for folder in (*reversed(spec.bases), spec.folder):
        path = schema_path(folder, group)
        if path.is_file():
            merged = _merge(merged, _read(path))
    return merged


def schema_path(folder: Path, group: str) -> Path:
    """Return where the schema of a group lies in a spec's folder."""
    return folder / f"{group}.schema.json"


def joined_schema(spec: Spec) -> dict[str, Any]:
    """Return one JSON Schema for the whole front matter, without references to other files: for editors.

    That of a project's own spec has a name of its own: an editor takes two of one name for one.

    Raises:
        SpecError: when a schema file is no JSON, or no mapping.
    """
    joined: dict[str, Any] = group_schema(spec, "pattern")
    if spec.bases:
        path = schema_path(spec.folder, "pattern")
        own = _read(path) if path.is_file() else {}
        joined |= {"title": spec.title, "description": f"The whole front matter by: {spec.title}."} | own
        if "$id" not in own:
            joined.pop("$id", None)
    properties: dict[str, Any] = {}
    required: list[str] = []
    definitions: dict[str, Any] = {}
    conditions: list[Any] = []
    for group in spec.groups:
        schema = group_schema(spec, group.name)
        properties |= schema.get("properties", {})
        required += schema.get("required", [])
        definitions |= schema.get("$defs", {})
        conditions += schema.get("allOf", [])
    joined.pop("allOf", None)
    joined.pop("unevaluatedProperties", None)
    joined |= {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
    if conditions:
        joined["allOf"] = conditions
    if definitions:
        joined["$defs"] = definitions
    return joined


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SpecError(path, f"no JSON: {error}") from error
    if not isinstance(found, dict):
        raise SpecError(path, "a JSON Schema is a mapping")
    return found


def _merge(base: dict[str, Any], addition: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in addition.items():
        known = merged.get(key)
        if value is None:
            merged.pop(key, None)
        elif isinstance(known, dict) and isinstance(value, dict):
            merged[key] = _merge(known, value)
        elif key in _JOINED and isinstance(known, list) and isinstance(value, list):
            merged[key] = _join(known, value)
            strict = base.get(STRICT)
            if key == "enum" and isinstance(strict, list) and STRICT not in addition:
                merged[STRICT] = _join(strict, value)  # what an own spec lists, it lists itself
        else:
            merged[key] = value
    properties = addition.get("properties")
    if isinstance(properties, dict) and isinstance(merged.get("required"), list):
        merged["required"] = [key for key in merged["required"] if properties.get(key, key) is not None]
    return merged


def _join(known: list[Any], added: list[Any]) -> list[Any]:
    return known + [item for item in added if item not in known]


def check_schema(schema: Mapping[str, Any], path: Path) -> None:
    """Refuse a schema that the two validators would not understand alike.

    References lead to a place in the same file, so that nothing is ever fetched; patterns are regular expressions that
    Python and JavaScript share.

    Raises:
        SpecError: naming the reference or the pattern.
    """
    for part in schema_parts(schema):
        reference = part.get("$ref")
        if isinstance(reference, str) and resolve_reference(schema, reference) is None:
            raise SpecError(path, f"`$ref` leads to `{reference}`, which is no place in this file (`#/$defs/…`)")
        patterns = part.get("patternProperties")
        for pattern in (part.get("pattern"), *(patterns if isinstance(patterns, dict) else ())):
            if isinstance(pattern, str):
                try:
                    compile_pattern(pattern)
                except re.error as error:
                    raise SpecError(path, f"`{pattern}` is no regular expression: {error}") from error


def schema_parts(value: Any) -> Iterator[Mapping[str, Any]]:
    """Yield every mapping in a schema, data apart."""
    if isinstance(value, dict):
        yield value
        for key, inner in value.items():
            if key not in _DATA:
                yield from schema_parts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from schema_parts(inner)


def resolve_reference(schema: Mapping[str, Any], reference: str) -> Any:
    """Return the part of `schema` that `reference` (`#` or a JSON Pointer behind `#`) leads to, or None."""
    if reference == "#":
        return schema
    if not reference.startswith("#/"):
        return None
    found: Any = schema
    for step in reference[2:].split("/"):
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(found, Mapping):
            found = found.get(name)
        elif isinstance(found, list) and name.isdigit() and int(name) < len(found):
            found = found[int(name)]
        else:
            return None
    return found


_PATTERN_PARTS = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\$", re.DOTALL)


def compile_pattern(pattern: str) -> re.Pattern[str]:
    r"""Return a pattern of JSON Schema, which is JavaScript's, as Python has it.

    In JavaScript `$` is the very end, also before a last newline, and `\d` and `\w` are ASCII.

    Raises:
        re.error: when Python does not understand it.
    """
    return re.compile(_PATTERN_PARTS.sub(lambda match: r"\Z" if match[0] == "$" else match[0], pattern), re.ASCII)
