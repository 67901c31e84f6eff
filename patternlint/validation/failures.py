"""What makes a value invalid by a JSON Schema, keyword by keyword.

jsonschema-rs says of a part of the schema, or of one keyword alone, whether a value is valid by it: that finds the way
down to what failed. jsonschema, which takes 150 times as long, and a tenth of a second to be imported, explains only
the keywords that weigh several things against each other, such as `anyOf`. Without jsonschema-rs it explains all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, NoReturn

from msgspec.structs import replace

from patternlint.diagnostics.route import Route
from patternlint.spec.schemas import compile_pattern, iter_subschemas, resolve_pointer
from patternlint.spec.string_formats import FORMATS
from patternlint.validation.mapping import FALSE, KeywordFailure, condition_of, from_jsonschema, joined_conditions

if TYPE_CHECKING:
    from jsonschema import ValidationError
    from jsonschema.protocols import Validator

_DEFINITIONS = "#/$defs/"
"""How a reference begins that leads to a schema's own definitions."""

ALONE = frozenset(
    (
        *("type", "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
        *("minLength", "maxLength", "pattern", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties"),
        *("required", "dependentRequired", "format"),
    )
)
"""Keywords that judge a value, whatever stands beside them."""

WAYS = frozenset(("$ref", "allOf", "if", "properties", "additionalProperties", "items"))
"""Keywords that lead to other parts of the schema; the last two judge the value itself when they are `false`."""

WEIGHING = frozenset(
    (
        *("anyOf", "oneOf", "not", "contains", "dependentSchemas", "patternProperties", "prefixItems", "propertyNames"),
        *("unevaluatedItems", "unevaluatedProperties", "$dynamicRef"),
    )
)
"""Keywords that jsonschema explains, with all that stands beside them."""

_Look = Callable[[Any], bool]
_Step = tuple[str, Any, _Look | None]
"""A keyword, its argument, and what says whether a value fulfils it, None where it leads on."""
_Way = tuple[Any, Any, Route, str]
"""A part of the schema, the value there, the way to it, and the condition under which it counts."""


class Explainer:
    """Says what makes values invalid by one schema."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        """Take the schema, which stays as it is: its parts are known by their `id`."""
        self._schema = schema
        self._looks: dict[int, _Look] = {}
        self._steps: dict[int, tuple[_Step, ...] | None] = {}

    def failures(self, value: Any) -> Iterator[KeywordFailure]:
        """Yield what makes `value` invalid, which it is: that is not asked again."""
        return self._failures(self._schema, value, ())

    def _failures(self, part: Any, value: Any, route: Route, condition: str = "") -> Iterator[KeywordFailure]:
        if part is False:
            yield KeywordFailure(FALSE, None, {}, route, value, not route, condition=condition)
            return
        steps = self._steps_of(part)
        if steps is None:
            for error in self._validator.evolve(schema=part).iter_errors(value):
                failure = from_jsonschema(error, route)
                yield replace(failure, condition=joined_conditions(condition, failure.condition))
            return
        is_only = len(steps) == 1  # a part of one keyword fails by it
        for keyword, argument, is_met in steps:
            if is_met is None:
                for inner, below, way, clause in self._ways(part, keyword, argument, value):
                    if (is_only and keyword == "$ref") or not self._passes(inner, below):
                        yield from self._failures(inner, below, (*route, *way), joined_conditions(condition, clause))
            elif is_only or not is_met(value):
                yield KeywordFailure(keyword, argument, part, route, value, not route, condition=condition)

    def _ways(self, part: Mapping[str, Any], keyword: str, argument: Any, value: Any) -> Iterable[_Way]:
        """Return the parts that a keyword of `part` leads to."""
        if keyword == "allOf":
            return [(inner, value, (), "") for inner in argument]
        if keyword == "$ref":
            return ((resolve_pointer(self._schema, argument), value, (), ""),)
        if keyword == "if":
            holds = self._passes(argument, value)
            inner = part.get("then" if holds else "else", True)
            return ((inner, value, (), condition_of(argument, holds=holds)),)
        return _ways_below(part, keyword, argument, value)

    def _passes(self, part: Any, value: Any) -> bool:
        look = self._looks.get(id(part))
        if look is None:
            definitions = self._schema.get("$defs", {})
            look = self._looks[id(part)] = compile_schema({"$defs": definitions, "allOf": [part]})
        return look(value)

    def _steps_of(self, part: Mapping[str, Any]) -> tuple[_Step, ...] | None:
        """Return the steps to take at a part, or None where jsonschema must be asked."""
        if id(part) not in self._steps:
            is_clear = self._stand_alone and not part.keys() & WEIGHING
            self._steps[id(part)] = tuple(_steps(part)) if is_clear else None
        return self._steps[id(part)]

    @cached_property
    def _stand_alone(self) -> bool:
        return _stand_alone(self._schema)

    @cached_property
    def _validator(self) -> Any:
        return make_validator(self._schema)


def _ways_below(part: Mapping[str, Any], keyword: str, argument: Any, value: Any) -> Iterable[_Way]:
    if keyword == "items":
        return [(argument, item, (at,), "") for at, item in enumerate(value if isinstance(value, list) else ())]
    if not isinstance(value, dict):
        return ()
    if keyword == "properties":
        return [(inner, value[key], (key,), "") for key, inner in argument.items() if key in value]
    known = part.get("properties", ())
    return [(argument, inner, (key,), "") for key, inner in value.items() if key not in known]


def _steps(part: Mapping[str, Any]) -> Iterator[_Step]:
    for keyword, argument in part.items():
        if keyword in ALONE or (keyword == "items" and argument is False):
            yield keyword, argument, compile_schema({keyword: argument})
        elif keyword == "additionalProperties" and argument is False:
            known = dict.fromkeys(part.get("properties", ()), True)
            yield keyword, argument, compile_schema({"properties": known, keyword: argument})
        elif keyword in WAYS:
            yield keyword, argument, None


def compile_schema(schema: dict[str, Any]) -> Callable[[Any], bool]:
    """Return what says whether a value is valid by `schema`, with jsonschema-rs. Nothing is ever fetched.

    Raises:
        ImportError: without jsonschema-rs.
        ValueError: when it is not a JSON Schema, or refers to something outside of itself.
    """
    import jsonschema_rs  # noqa: PLC0415 - an optional speed-up

    found: Callable[[Any], bool] = jsonschema_rs.Draft202012Validator(
        schema, formats=FORMATS, validate_formats=True, retriever=_refuse_to_fetch
    ).is_valid
    return found


def _refuse_to_fetch(address: str) -> NoReturn:
    message = f"{address} is outside of the schema"
    raise ValueError(message)


def _stand_alone(whole: Mapping[str, Any]) -> bool:
    """Return whether jsonschema-rs can look at each part of the schema `whole` by itself.

    It cannot where it is not installed, and where a reference leads elsewhere than into `$defs`.
    """
    try:
        import jsonschema_rs  # noqa: F401, PLC0415 - an optional speed-up
    except ImportError:
        return False
    inner = (part for _, part in iter_subschemas(whole) if part is not whole)
    return not any("$id" in part or not str(part.get("$ref", _DEFINITIONS)).startswith(_DEFINITIONS) for part in inner)


def make_validator(schema: Mapping[str, Any]) -> Any:
    """Return jsonschema's validator for a schema. Nothing is ever fetched."""
    from referencing import Registry  # noqa: PLC0415 - slow to import, with jsonschema

    return validator_class()(schema, registry=Registry())


@cache
def validator_class() -> Callable[..., Validator]:  # noqa: C901 - one small function a keyword
    """Return jsonschema's validator, agreeing with jsonschema-rs where the two differ.

    A number is finite; patterns are JavaScript's; a multiple of 0.1 is one in decimals; `format` is checked by the same
    functions. A property whose schema is `false` is named, where jsonschema names what holds it.
    """
    from decimal import Decimal  # noqa: PLC0415 - only for invalid files
    from math import isfinite  # noqa: PLC0415 - only for invalid files

    from jsonschema import Draft202012Validator, ValidationError  # noqa: PLC0415 - slow to import
    from jsonschema.validators import extend  # noqa: PLC0415 - slow to import

    def is_number(_checker: object, value: Any) -> bool:
        return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)

    def pattern(validator: Validator, text: str, value: Any, _schema: object) -> Iterator[ValidationError]:
        if validator.is_type(value, "string") and not _matcher(text)(value):
            yield ValidationError(f"{value!r} does not match {text!r}")

    def properties(validator: Any, inner: Mapping[str, Any], value: Any, _schema: object) -> Iterator[ValidationError]:
        for key, schema in inner.items() if validator.is_type(value, "object") else ():
            if key in value and schema is False:
                yield ValidationError(f"{key!r} may not be there", validator=FALSE, path=(key,), instance=value[key])
            elif key in value:
                yield from validator.descend(value[key], schema, path=key, schema_path=key)

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
            "format": string_format,
            "if": conditional,
        },
        type_checker=checker,
    )


@cache
def _matcher(pattern: str) -> Callable[[str], Any]:
    """Return what says whether a text matches a pattern of JSON Schema.

    jsonschema-rs does so in linear time, and where a pattern makes that impossible, in limited time; Python's own engine
    takes years over `^(a+)+$` and a text that somebody chose well.
    """
    try:
        return compile_schema({"pattern": pattern})
    except ImportError:
        return compile_pattern(pattern).search
