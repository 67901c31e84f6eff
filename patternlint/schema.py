"""JSON Schema errors with their places.

jsonschema-rs decides in microseconds whether a group of front matter is valid; only for a group that is not,
jsonschema, which is 150 times slower and explains better, says what is wrong. Without jsonschema-rs everything still
works. Which rule speaks of an error is decided by the keyword that failed, or by `x-rule` beside it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patternlint.diagnostic import Route
from patternlint.pattern import Node, Pattern
from patternlint.rule import SchemaError
from patternlint.spec import Spec, SpecError

if TYPE_CHECKING:
    from jsonschema import ValidationError
    from jsonschema.protocols import Validator

X_RULE = "x-rule"
_RULE_OF = {
    "required": "missing-key",
    "additionalProperties": "unknown-key",
    "unevaluatedProperties": "unknown-key",
    "type": "wrong-type",
    "enum": "invalid-enum",
    "const": "invalid-enum",
    "minimum": "out-of-range",
    "maximum": "out-of-range",
    "exclusiveMinimum": "out-of-range",
    "exclusiveMaximum": "out-of-range",
    "minLength": "empty-value",
    "minItems": "empty-value",
    "minProperties": "empty-value",
}
_OVERRIDABLE = frozenset(("type", "required", "additionalProperties", "anyOf", "oneOf", "pattern", "format"))
_UNIONS = frozenset(("anyOf", "oneOf"))
_JOINED = frozenset(("required", "enum", "x-strict-enum", "examples"))


def group_schema(spec: Spec, group: str) -> dict[str, Any]:
    """Return the JSON Schema of a group, with what the spec's bases say joined in.

    A project's own spec writes only what it adds: mappings are merged, the lists `required`, `enum`, `x-strict-enum`
    and `examples` are joined, `null` takes a key away, everything else is replaced.

    Raises:
        SpecError: when a schema file is no JSON, or no valid JSON Schema.
    """
    merged: dict[str, Any] = {}
    for folder in (*reversed(spec.bases), spec.folder):
        path = folder / f"{group}.schema.json"
        if path.is_file():
            merged = _merge(merged, _read(path))
    return merged


def joined_schema(spec: Spec) -> dict[str, Any]:
    """Return one JSON Schema for the whole front matter, without references to other files: for editors.

    Raises:
        SpecError: when a schema file is no JSON, or no valid JSON Schema.
    """
    joined: dict[str, Any] = group_schema(spec, "pattern")
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
        raise SpecError(path, str(error)) from error
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
            merged[key] = known + [item for item in value if item not in known]
        else:
            merged[key] = value
    return merged


class Schemas:
    """The schemas of one spec, ready to use."""

    def __init__(self, spec: Spec) -> None:
        """Read and compile the schemas of `spec`.

        Raises:
            SpecError: when a schema file is no JSON, or no valid JSON Schema.
        """
        self._spec = spec
        self._schemas = {group.name: group_schema(spec, group.name) for group in spec.groups}
        self._valid = tuple(
            (group.name, group.keys, _decider(spec.folder, self._schemas[group.name])) for group in spec.groups
        )
        self._explainers: dict[str, Validator] = {}

    def check(self, pattern: Pattern) -> Iterator[SchemaError]:
        """Yield every error in the front matter of `pattern`, group by group."""
        root = pattern.front.root
        data: Mapping[str, Any] = root.value
        seen = 0
        for name, keys, is_valid in self._valid:
            part = {key: data[key] for key in keys if key in data}
            seen += len(part)
            if not is_valid(part):
                yield from self._explain(name, part, root)
        if seen < len(data):
            known = self._spec.group_of
            for key, child in root.keys.items():
                if key not in known:
                    yield SchemaError(
                        "unknown-key", "unevaluatedProperties", (key,), child, value=key, known=self._spec.keys
                    )

    def _explain(self, group: str, part: dict[str, Any], root: Node) -> Iterator[SchemaError]:
        explainer = self._explainers.get(group)
        if explainer is None:
            explainer = self._explainers[group] = _explainer(self._schemas[group])
        found: dict[tuple[str, Route], SchemaError] = {}
        for error in explainer.iter_errors(part):
            for located in _located(error, root):
                key = located.rule, located.route
                if key not in found:
                    found[key] = located
        shaped = {route for rule, route in found if rule == "item-shape"}
        for (rule, route), located in found.items():
            if rule in ("wrong-type", "missing-key", "unknown-key") and any(route[: len(top)] == top for top in shaped):
                continue
            yield located


def _located(error: ValidationError, root: Node) -> Iterator[SchemaError]:
    keyword = str(error.validator)
    schema: Mapping[str, Any] = error.schema if isinstance(error.schema, dict) else {}
    rule = schema.get(X_RULE) if keyword in _OVERRIDABLE else None
    if keyword in _UNIONS and not rule and error.context:
        yield from _located(_best(error), root)
        return
    route: Route = tuple(error.absolute_path)
    node = root.get(*route) or root
    rule = str(rule) if rule else _RULE_OF.get(keyword, "invalid-value")
    if rule == "missing-key":
        for key in error.validator_value:
            if key not in error.instance:
                yield SchemaError(
                    rule, keyword, (*route, key), node, value=key, schema=schema.get("properties", {}).get(key, {})
                )
    elif rule == "unknown-key":
        known = tuple(schema.get("properties", ()))
        patterns = [re.compile(text) for text in schema.get("patternProperties", ())]
        for key in error.instance:
            if key not in known and not any(pattern.search(key) for pattern in patterns):
                yield SchemaError(rule, keyword, (*route, key), node.get(key) or node, value=key, known=known)
    else:
        yield SchemaError(rule, keyword, route, node, error.validator_value, error.instance, schema=schema)


def _best(error: ValidationError) -> ValidationError:
    """Return the error of the branch of `anyOf` or `oneOf` that fits best: the one that fails deepest and least."""
    from jsonschema.exceptions import best_match  # noqa: PLC0415 - slow to import, and needed only for invalid files

    best = best_match([error])
    return best if best is not None else error


@cache
def _formats() -> Any:
    from jsonschema import FormatChecker  # noqa: PLC0415 - slow to import, and needed only for invalid files

    return FormatChecker(formats=())


def _explainer(schema: dict[str, Any]) -> Validator:
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - slow to import, and needed only for invalid files

    return Draft202012Validator(schema, format_checker=_formats())


def _decider(folder: Path, schema: dict[str, Any]) -> Callable[[dict[str, Any]], bool]:
    """Return a function that says whether data is valid.

    Raises:
        SpecError: when the schema is no valid JSON Schema.
    """
    try:
        import jsonschema_rs  # noqa: PLC0415 - an optional speed-up
    except ImportError:
        from jsonschema.exceptions import SchemaError as InvalidSchema  # noqa: PLC0415 - slow to import

        explainer = _explainer(schema)
        try:
            explainer.check_schema(schema)
        except InvalidSchema as error:
            raise SpecError(folder, f"no valid JSON Schema: {error.message}") from error
        return explainer.is_valid
    try:
        return jsonschema_rs.Draft202012Validator(schema).is_valid
    except ValueError as error:
        raise SpecError(folder, f"no valid JSON Schema: {str(error).splitlines()[0]}") from error
