"""jsonschema as the second opinion on what jsonschema-rs finds: the same formats, numbers and patterns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from math import isfinite
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from patternlint.diagnostics.route import Route
from patternlint.spec.string_formats import FORMATS
from patternlint.validation.failures import make_validator
from patternlint.validation.mapping import FALSE, KeywordFailure, condition_of, join_conditions


def from_jsonschema(error: ValidationError, route: Route = ()) -> KeywordFailure:
    """Return what an error of jsonschema says of the value at `route`."""
    branches: dict[int, list[KeywordFailure]] = {}
    for inner in error.context or ():
        path = inner.relative_schema_path  # empty for a branch that is `false`, of which jsonschema says no number
        branches.setdefault(int(path[0]) if path else -1 - len(branches), []).append(from_jsonschema(inner, route))
    is_of_key = "propertyNames" in error.absolute_schema_path
    is_false = error.validator in (None, FALSE)
    schema: Any = {} if is_false else error.schema
    value: Any = error.instance
    return KeywordFailure(
        "propertyNames" if is_false and is_of_key else str(error.validator or FALSE),
        None if is_false else error.validator_value,
        schema if isinstance(schema, dict) else {},
        (*route, *error.absolute_path),
        value,
        not error.relative_path,
        tuple(tuple(inner) for inner in branches.values()),
        is_of_key,
        join_conditions(*reversed(getattr(error, "__notes__", ()))),
    )


@cache
def validator_class() -> Callable[..., Validator]:  # noqa: C901 - one small function a keyword
    """Return jsonschema's validator, agreeing with jsonschema-rs where the two differ.

    A number is finite; patterns are JavaScript's; a multiple of 0.1 is one in decimals; `format` is checked by the same
    functions. A property whose schema is `false` is named, where jsonschema names what holds it.
    """

    def is_number(_checker: object, value: Any) -> bool:
        return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)

    def pattern(validator: Validator, text: str, value: Any, _schema: object) -> Iterator[ValidationError]:
        if validator.is_type(value, "string") and not _matcher(text)(value):
            yield ValidationError(f"{value!r} does not match {text!r}")

    def descend(validator: Any, value: Any, schema: Any, step: str | int, path: str | int) -> Iterator[ValidationError]:
        """Yield the errors of a part, naming the part where its schema is `false`, which jsonschema does not."""
        if schema is False:
            yield ValidationError("may not be there", validator=FALSE, path=(step,), instance=value)
        else:
            yield from validator.descend(value, schema, path=step, schema_path=path)

    def properties(validator: Any, inner: Mapping[str, Any], value: Any, _schema: object) -> Iterator[ValidationError]:
        for key, schema in inner.items() if validator.is_type(value, "object") else ():
            if key in value:
                yield from descend(validator, value[key], schema, key, key)

    def pattern_properties(
        validator: Any, inner: Mapping[str, Any], value: Any, _: object
    ) -> Iterator[ValidationError]:
        for text, schema in inner.items() if validator.is_type(value, "object") else ():
            for key in filter(_matcher(text), value):
                yield from descend(validator, value[key], schema, key, text)

    def prefix_items(validator: Any, inner: Sequence[Any], value: Any, _schema: object) -> Iterator[ValidationError]:
        for place, (schema, item) in enumerate(
            zip(inner, value, strict=False) if validator.is_type(value, "array") else ()
        ):
            yield from descend(validator, item, schema, place, place)

    def conditional(validator: Any, condition: Any, value: Any, schema: Mapping[str, Any]) -> Iterator[ValidationError]:
        holds = validator.evolve(schema=condition).is_valid(value)
        branch = "then" if holds else "else"
        for error in validator.descend(value, schema.get(branch, True), schema_path=branch):
            error.add_note(condition_of(condition, holds=holds))  # `read` takes the notes for the conditions
            yield error

    def multiple_of(validator: Validator, step: float, value: Any, _schema: object) -> Iterator[ValidationError]:
        if validator.is_type(value, "number") and Decimal(str(value)) % Decimal(str(step)):
            yield ValidationError(f"{value!r} is not a multiple of {step}")

    def string_format(validator: Validator, name: str, value: Any, _schema: object) -> Iterator[ValidationError]:
        if validator.is_type(value, "string") and not FORMATS.get(name, bool)(value):
            yield ValidationError(f"{value!r} is not a {name!r}")

    checker = Draft202012Validator.TYPE_CHECKER.redefine("number", is_number)
    make: Callable[..., Callable[..., Validator]] = extend
    return make(
        Draft202012Validator,
        {
            "pattern": pattern,
            "multipleOf": multiple_of,
            "properties": properties,
            "patternProperties": pattern_properties,
            "prefixItems": prefix_items,
            "format": string_format,
            "if": conditional,
        },
        type_checker=checker,
    )


@cache
def _matcher(pattern: str) -> Callable[[Any], bool]:
    """Return a function that tells whether a text matches a pattern of JSON Schema, which is one of JavaScript."""
    return make_validator({"pattern": pattern}).is_valid
