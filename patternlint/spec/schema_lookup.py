"""Query the JSON Schemas of a specification about a route, without a value to validate."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from patternlint.diagnostics.route import Route
from patternlint.spec.model import Spec
from patternlint.spec.schemas import bundle_schema, resolve_pointer

_Schema = Mapping[str, Any]
_BRANCHES = ("allOf", "anyOf", "oneOf")
_MAX_DEPTH = 20
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T|\Z)")

_Lookup = Callable[[Route], Sequence[_Schema]]

_lookups: dict[tuple[Path, str], _Lookup] = {}  # a few specs, each read once in a process
_date_routes: dict[tuple[Path, str], Sequence[Route]] = {}


def subschemas(spec: Spec, route: Route) -> Sequence[_Schema]:
    """Return the parts of the schemas for `route`: all branches, with references resolved.

    Args:
        spec: the specification.
        route: the keys and indices that lead to the value.

    Raises:
        SpecError: when a schema file cannot be read.
    """
    key = spec.folder, spec.version
    lookup = _lookups.get(key)
    if lookup is None:
        lookup = _lookups[key] = _lookup_in(bundle_schema(spec))
    return lookup(tuple(step if isinstance(step, str) else 0 for step in route))  # a schema is that of all items


def _lookup_in(root: _Schema) -> _Lookup:
    @lru_cache(1024)  # rules ask about the same few routes in every file
    def lookup(route: Route) -> Sequence[_Schema]:
        found = tuple(_expanded(root, root))
        for step in route:
            below = [child for schema in found for child in _children(schema, step)]
            found = tuple(one for child in below for one in _expanded(root, child))
        return found

    return lookup


def asks_for_text(spec: Spec, route: Route) -> bool:
    """Return whether the value at `route` must be a string, and any string will do as far as its type goes.

    A date is a string of its own kind: it is written without quotes.
    """
    return required_types(spec, route) == {"string"} and not any(map(_is_date, subschemas(spec, route)))


def allowed_values(spec: Spec, route: Route) -> tuple[str, ...]:
    """Return the strings that the schemas list for a value, in their order; empty if they list none."""
    return tuple(
        value for schema in subschemas(spec, route) for value in schema.get("enum", ()) if isinstance(value, str)
    )


def required_types(spec: Spec, route: Route) -> frozenset[str]:
    """Return the types that the schemas allow at `route`; empty when they do not restrict it."""
    return frozenset(kind for schema in subschemas(spec, route) for kind in _types(schema))


def required_keys(spec: Spec, route: Route) -> frozenset[str]:
    """Return the keys that the schemas require unconditionally in the mapping at `route`."""
    return frozenset(key for schema in subschemas(spec, route) for key in schema.get("required", ()))


def known_keys(spec: Spec, route: Route) -> frozenset[str]:
    """Return the keys that the schemas define in the mapping at `route`."""
    return frozenset(key for schema in subschemas(spec, route) for key in schema.get("properties", ()))


def date_routes(spec: Spec) -> Sequence[Route]:
    """Return the routes, outside of lists, where the schemas require a date."""
    key = spec.folder, spec.version
    found = _date_routes.get(key)
    if found is None:
        found = _date_routes[key] = tuple(_dates_below(spec, ()))
    return found


def _dates_below(spec: Spec, route: Route) -> Iterator[Route]:
    schemas = subschemas(spec, route) if len(route) < _MAX_DEPTH else []
    if any(map(_is_date, schemas)):
        yield route
    for key in dict.fromkeys(key for schema in schemas for key in schema.get("properties", ())):
        yield from _dates_below(spec, (*route, key))


def _is_date(schema: _Schema) -> bool:
    examples = schema.get("examples", ())
    return schema.get("format") == "date" or any(isinstance(one, str) and _DATE.match(one) for one in examples)


def is_in_bounds(spec: Spec, route: Route, value: float) -> bool:
    """Return whether a number is within the bounds that the schemas set at `route`."""
    return all(
        schema.get("minimum", value) <= value <= schema.get("maximum", value) for schema in subschemas(spec, route)
    )


def _types(schema: _Schema) -> Iterable[str]:
    kind = schema.get("type")
    if isinstance(kind, list):
        return kind
    return () if kind is None else (kind,)


def _expanded(root: _Schema, schema: Any, depth: int = 0) -> Iterator[_Schema]:
    if not isinstance(schema, Mapping) or depth > _MAX_DEPTH:
        return
    yield schema
    reference = schema.get("$ref")
    if isinstance(reference, str):
        yield from _expanded(root, resolve_pointer(root, reference), depth + 1)
    for keyword in _BRANCHES:
        for branch in schema.get(keyword, ()):
            yield from _expanded(root, branch, depth + 1)


def _children(schema: _Schema, step: str | int) -> Iterator[Any]:
    if isinstance(step, str):
        properties = schema.get("properties", {})
        yield properties[step] if step in properties else schema.get("additionalProperties")
    else:
        yield schema.get("items")
