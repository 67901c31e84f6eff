"""The keywords of a JSON Schema that a value fails, from the errors of jsonschema-rs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache, reduce
from operator import getitem
from typing import Any, NamedTuple, NoReturn

import jsonschema_rs
from msgspec.structs import replace

from patternlint.diagnostics.route import Route
from patternlint.spec.schemas import iter_subschemas, resolve_pointer
from patternlint.spec.string_formats import FORMATS
from patternlint.validation.mapping import FALSE, KeywordFailure, condition_of, join_conditions

_NAMED = frozenset(("properties", "patternProperties", "dependentSchemas", "$defs"))
"""Keywords whose argument is a mapping of names to schemas."""


class _KeywordPlace(NamedTuple):
    """Where an error is in a schema."""

    order: tuple[int, ...]  # the position of the keyword, for sorting
    schema: Mapping[str, Any]  # the part that has the keyword; empty where that part is `false`
    keyword: str
    condition: str  # the clause for the `if` that led here; empty for none


class Explainer:
    """Finds the keywords of one schema that a value fails."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self._schema = schema
        self._validator = make_validator(schema)
        self._place_of = lru_cache(1024)(self._follow)  # most files fail the same keywords

    def failures(self, value: Any) -> Sequence[KeywordFailure]:
        """Return the keywords that `value` fails."""
        errors = list(self._validator.iter_errors(value))
        return tuple(self._failures(errors, value, ())) if errors else ()

    def _failures(
        self, errors: Iterable[jsonschema_rs.ValidationError], value: Any, outer: Route
    ) -> Iterator[KeywordFailure]:
        """Yield the failures that errors about `value` and its parts mean, in the order of the value and of the schema.

        `outer` is the route of the error whose branch these errors are; empty for no branch.
        """
        located: list[tuple[list[int], _KeywordPlace, Route, jsonschema_rs.ValidationError]] = []
        for error in errors:
            place = self._place_of(tuple(error.evaluation_path))
            route = tuple(error.instance_path)
            if place.keyword == "items" and error.kind.name == "falseSchema":
                route = route[:-1]  # jsonschema-rs reports each item
            located.append((_positions(value, route), place, route, error))
        located.sort(key=lambda one: (one[0], one[1].order))
        for _, (_, schema, keyword, condition), route, error in located:
            kind: Any = error.kind
            at_route = reduce(getitem, route, value)
            inner = KeywordFailure(
                keyword, schema.get(keyword), schema, route, at_route, route == outer, condition=condition
            )
            if kind.name == "propertyNames":
                yield replace(inner, value=kind.error.instance, of_key=True)
            elif keyword == "propertyNames":
                yield from (replace(inner, value=key, of_key=True) for key in at_route)
            else:
                branches = (tuple(self._failures(branch, value, route)) for branch in getattr(kind, "context", ()))
                yield replace(inner, branches=tuple(filter(None, branches)))

    def _follow(self, path: tuple[str | int, ...]) -> _KeywordPlace:
        """Return where an evaluation path leads."""
        part: Any = self._schema
        resolver = self._resolver
        schema: Mapping[str, Any] = {}
        keyword = FALSE
        order: list[int] = []
        conditions: list[str] = []
        is_name = False  # whether the next step is a name, as below `properties`, and not a keyword
        for step in path:
            outer, schema, keyword = part, {}, FALSE
            part = outer[step]
            position = step
            if is_name or isinstance(step, int):
                is_name = False
            elif step in ("then", "else"):
                conditions.append(condition_of(outer["if"], holds=step == "then"))
                position = "if"
            elif step in ("$ref", "$dynamicRef"):
                part, resolver = self._resolve(part, resolver)
            else:
                schema, keyword, is_name = outer, step, step in _NAMED
            order.append([*outer].index(position) if isinstance(position, str) else position)
            if resolver is not None and not is_name and isinstance(part, dict):
                resolver = resolver.in_subresource(_resource(part))
        return _KeywordPlace(tuple(order), schema, keyword, join_conditions(*conditions))

    def _resolve(self, reference: str, resolver: Any) -> tuple[Any, Any]:
        """Return the schema that a reference leads to, and the resolver for the references in it."""
        if resolver is None:
            return resolve_pointer(self._schema, reference), None
        resolved = resolver.lookup(reference)
        return resolved.contents, resolved.resolver

    @cached_property
    def _resolver(self) -> Any:
        """The resolver of references, None where each is a JSON Pointer into the schema itself."""
        inner = [part for _, part in iter_subschemas(self._schema) if part is not self._schema]
        if not any("$id" in part or "$dynamicRef" in part or not _is_pointer(part.get("$ref", "#")) for part in inner):
            return None
        from referencing import Registry  # noqa: PLC0415 - slow to import

        return Registry().with_resource("", _resource(self._schema)).resolver()


def _is_pointer(reference: str) -> bool:
    return reference == "#" or reference.startswith("#/")


def _resource(part: Any) -> Any:
    from referencing.jsonschema import DRAFT202012  # noqa: PLC0415 - slow to import

    return DRAFT202012.create_resource(part)


def _positions(value: Any, route: Iterable[str | int]) -> list[int]:
    """Return the position of each step of a route among the items or keys of its parent."""
    positions = []
    for step in route:
        positions.append(step if isinstance(step, int) else [*value].index(step))
        value = value[step]
    return positions


def make_validator(schema: dict[str, Any]) -> jsonschema_rs.Draft202012Validator:
    """Return the validator of `schema`, which asserts `format` and never fetches anything.

    Raises:
        ValueError: when it is not a JSON Schema, or refers to something outside of itself.
    """
    return jsonschema_rs.Draft202012Validator(
        schema, formats=FORMATS, validate_formats=True, retriever=_refuse_to_fetch
    )


def _refuse_to_fetch(address: str) -> NoReturn:
    message = f"{address} is outside of the schema"
    raise ValueError(message)
