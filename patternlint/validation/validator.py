"""Violations of the JSON Schemas of a spec, with their places in a pattern.

jsonschema-rs finds the keywords that fail, group by group, and then those of the schema for the whole front matter. The keyword decides which rule reports a violation, unless
`x-rule` stands beside it.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from pathlib import Path
from typing import Any

from jsonschema_rs import ValidationError
from msgspec import Struct
from msgspec.structs import replace

from patternlint.diagnostics.route import Route
from patternlint.document.node import Node
from patternlint.document.pattern import Pattern
from patternlint.spec.loader import SpecError
from patternlint.spec.model import Spec
from patternlint.spec.schemas import (
    PATTERN,
    STRICT,
    admits_other_keys,
    compile_pattern,
    constraints_of,
    load_group_schema,
    load_whole_schema,
    require_supported,
    resolve_pointer,
    schema_path,
)
from patternlint.validation.failures import Explainer
from patternlint.validation.mapping import UNKNOWN, fold_consequences, to_violations
from patternlint.validation.violation import SchemaViolation

_BEYOND = "enum-strict"
"""The rule for values that a strict enum does not list."""


class _Strict(Struct, frozen=True):
    """A strict enum: the route of its values, with None for any list item, and the schema that has it."""

    route: tuple[str | None, ...]
    schema: Mapping[str, Any]


class SchemaValidator:
    """The compiled schemas of one spec.

    Raises:
        SpecError: when a schema file is not JSON, or not a valid JSON Schema.
    """

    def __init__(self, spec: Spec) -> None:
        self._spec = spec
        self._schemas = {group.name: load_group_schema(spec, group.name) for group in spec.groups}
        self._explainers = {
            name: _explainer(schema, schema_path(spec.folder, name)) for name, schema in self._schemas.items()
        }
        whole = load_whole_schema(spec)
        self._whole = _explainer(whole, schema_path(spec.folder, PATTERN)) if constraints_of(whole) else None
        self._groups_of = {
            key: tuple(group.name for group in spec.groups if key in group.keys) for key in spec.group_of
        }
        self._homes = dict(home for schema in self._schemas.values() for home in _homes(schema))
        self._strict = tuple(strict for schema in self._schemas.values() for strict in _strict_values(schema, schema))

    def iter_violations(self, pattern: Pattern, enabled: Container[str] | None = None) -> Iterator[SchemaViolation]:
        """Yield every violation in the front matter of `pattern`, group by group.

        Args:
            pattern: the pattern.
            enabled: the enabled rules, None for all; violations that only other rules report may be left out.
        """
        errors = self._check(pattern, strictly=enabled is None or _BEYOND in enabled)
        yield from fold_consequences([self._with_home(error) for error in errors])

    def _with_home(self, error: SchemaViolation) -> SchemaViolation:
        """Return the violation of an unknown key with the place where that key belongs, if it is another one."""
        home = self._homes.get(error.value) if error.rule == UNKNOWN else None
        return error if home is None or home == error.route else replace(error, elsewhere=home)

    def _check(self, pattern: Pattern, *, strictly: bool) -> Iterator[SchemaViolation]:
        root, data = pattern.front.root, pattern.data
        parts: dict[str, dict[str, Any]] = {name: {} for name in self._explainers}
        for key, value in data.items():
            for name in self._groups_of.get(key) or self._groups_with(key):
                parts[name][key] = value
        for name, explainer in self._explainers.items():
            failures = explainer.failures(parts[name])
            if failures:
                yield from to_violations(failures, root)
        if self._whole is not None:
            yield from to_violations(self._whole.failures(data), root)
        if self._explainers and not data.keys() <= self._groups_of.keys():
            for key in data:
                if not self._groups_with(key):
                    where = root.keys.get(key, root)  # the keys of a merge key have no position
                    yield SchemaViolation(
                        UNKNOWN, "unevaluatedProperties", (key,), where, value=key, known=self._spec.keys
                    )
        for strict in self._strict if strictly else ():
            yield from _beyond_strict(strict, root)

    def _groups_with(self, key: str) -> tuple[str, ...]:
        """Return the groups of a top-level key: those that list it, else those whose schema allows it."""
        named = self._groups_of.get(key)
        if named is not None:
            return named
        return tuple(
            name
            for name, schema in self._schemas.items()
            if admits_other_keys({**schema, "patternProperties": None})
            or any(compile_pattern(text).search(key) for text in schema.get("patternProperties", ()))
        )


def _homes(schema: Mapping[str, Any], route: tuple[str, ...] = ()) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the keys that `schema` defines below its top level, outside of lists, each with its route."""
    for key, inner in schema.get("properties", {}).items():
        if route:
            yield key, (*route, key)
        if isinstance(inner, dict):
            yield from _homes(inner, (*route, key))


def _strict_values(
    schema: Any, whole: Mapping[str, Any], route: tuple[str | None, ...] = (), visited: frozenset[str] = frozenset()
) -> Iterator[_Strict]:
    """Yield the strict enums in `schema`, a part of `whole`.

    Each reference is followed once per path, since a schema may contain itself.
    """
    if not isinstance(schema, dict):
        return
    if STRICT in schema:
        yield _Strict(route, schema)
    reference = schema.get("$ref")
    if isinstance(reference, str) and reference not in visited:
        yield from _strict_values(resolve_pointer(whole, reference), whole, route, visited | {reference})
    for key, inner in schema.get("properties", {}).items():
        yield from _strict_values(inner, whole, (*route, key), visited)
    yield from _strict_values(schema.get("items"), whole, (*route, None), visited)
    branches = [schema.get(word) for word in ("then", "else")]
    for word in ("allOf", "anyOf", "oneOf"):
        branches += schema.get(word, ())
    for branch in branches:
        yield from _strict_values(branch, whole, route, visited)


def _beyond_strict(strict: _Strict, root: Node) -> list[SchemaViolation]:
    """Return violations for the values that the schema allows and the strict enum does not list."""
    listed = strict.schema[STRICT]
    allowed = strict.schema.get("enum")
    return [
        SchemaViolation(_BEYOND, STRICT, route, node, listed, node.value, schema=strict.schema)
        for route, node in _nodes_at(root, strict.route)
        if node.value not in listed and (allowed is None or node.value in allowed)
    ]


def _nodes_at(node: Node, steps: tuple[str | None, ...], route: Route = ()) -> list[tuple[Route, Node]]:
    """Return the nodes at `steps`, where None stands for any list item, with their routes."""
    for index, step in enumerate(steps):
        if step is None:
            rest = steps[index + 1 :]
            return [found for place, item in enumerate(node.items) for found in _nodes_at(item, rest, (*route, place))]
        child = node.keys.get(step)
        if child is None:
            return []
        node = child
        route = (*route, step)
    return [(route, node)]


def _explainer(schema: dict[str, Any], path: Path) -> Explainer:
    """Return the explainer of the schema in `path`, or raise SpecError if it is invalid or not supported."""
    require_supported(schema, path)
    try:
        return Explainer(schema)
    except ValidationError as error:
        _refuse_invalid(schema, path)
        raise SpecError(path, error.message) from error


def _refuse_invalid(schema: dict[str, Any], path: Path) -> None:
    """Refuse what is not a JSON Schema, with the words of jsonschema: it weighs which error is the best match.

    Raises:
        SpecError: naming the place in the schema.
    """
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - slow to import
    from jsonschema.exceptions import SchemaError  # noqa: PLC0415 - slow to import

    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        where = "".join(f"/{step}" for step in error.absolute_path)
        raise SpecError(path, f"not a valid JSON Schema{where and f' at #{where}'}: {error.message}") from error
