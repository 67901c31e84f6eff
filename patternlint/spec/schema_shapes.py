"""Check the form of a JSON Schema file before anything relies on it: each keyword has a value of its kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from patternlint.messages.did_you_mean import did_you_mean
from patternlint.messages.phrases import describe_kind, join_and

_SCHEMA = ("items", "contains", "additionalProperties", "propertyNames", "not", "if", "then", "else")
_SCHEMAS = ("allOf", "anyOf", "oneOf", "prefixItems")
_NAMED = ("properties", "patternProperties", "$defs", "dependentSchemas")
_LISTS = ("required", "enum", "examples")
_TEXTS = ("title", "description", "$comment", "pattern", "format", "$ref", "$schema", "$id")
_NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
_COUNTS = (
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
    "minContains",
    "maxContains",
)
_TYPES = ("string", "number", "integer", "boolean", "array", "object", "null")
_OTHER_TYPES = {
    "text": "string",
    "str": "string",
    "int": "integer",
    "float": "number",
    "decimal": "number",
    "bool": "boolean",
    "list": "array",
    "map": "object",
    "mapping": "object",
    "dict": "object",
    "none": "null",
}
_COUNT = "a whole number from 0"
_KINDS: tuple[tuple[tuple[str, ...], type | tuple[type, ...], str], ...] = (
    (_NAMED, dict, "a mapping"),
    ((*_LISTS, *_SCHEMAS), list, "a list"),
    (_TEXTS, str, "a text"),
    (_NUMBERS, (int, float), "a number"),
    (_COUNTS, (int, float), _COUNT),
    (("type",), (str, list), "the name of a type"),
)
_FORMATS = ("date", "date-time", "time", "email", "uri", "uuid", "duration")


def shape_problem(schema: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the pointer to the first value of the wrong kind, and the reason; None for a well-formed schema.

    `null` is allowed everywhere: in a specification that extends another one, it removes something.
    """
    return next(_problems(schema, ""), None)


def _problems(schema: Mapping[str, Any], where: str) -> Iterator[tuple[str, str]]:
    for keyword, value in schema.items():
        here = f"{where}/{keyword}"
        if value is None:
            continue
        if not where and isinstance(value, dict) and (keyword in _TEXTS or not _is_known(keyword)):
            yield here, f"`{keyword}` is outside of `properties`; move the keys of the front matter into `properties`"
        expected = _expected(keyword, value)
        if expected:
            is_obvious = expected == _COUNT or isinstance(value, dict)
            yield here, f"`{keyword}` must be {expected}{'' if is_obvious else f', not {describe_kind(value)}'}"
        elif keyword == "type":
            yield from ((here, reason) for name in _listed(value) if (reason := _type_problem(name)))
        elif keyword in _LISTS[:1]:
            yield from ((here, "`required` must be a list of texts") for one in value if not isinstance(one, str))
        yield from _inner_problems(keyword, value, here)


def _inner_problems(keyword: str, value: Any, here: str) -> Iterator[tuple[str, str]]:
    inner: list[tuple[str, Any]] = []
    if keyword in _SCHEMA:
        inner = [(here, value)]
    elif keyword in _SCHEMAS and isinstance(value, list):
        inner = [(f"{here}/{place}", one) for place, one in enumerate(value)]
    elif keyword in _NAMED and isinstance(value, dict):
        inner = [(f"{here}/{name}", one) for name, one in value.items()]
    for place, one in inner:
        if isinstance(one, dict):
            yield from _problems(one, place)
        elif one is not None and not isinstance(one, bool) and not (keyword == "items" and isinstance(one, list)):
            name = place.rpartition("/")[2]
            yield place, f'`{name}` must be a mapping such as `{{"type": "string"}}`, not {describe_kind(one)}'


def _is_known(keyword: str) -> bool:
    """Return whether a word is a keyword, similar to one, or an annotation."""
    others = ("type", "const", "default", "uniqueItems", "dependentRequired", "dependencies", "definitions")
    known = (*_SCHEMA, *_SCHEMAS, *_NAMED, *_LISTS, *_NUMBERS, *_COUNTS, *others)
    is_prefixed = keyword.startswith(("x-", "$", "unevaluated", "content", "additional"))
    return keyword in known or is_prefixed or bool(did_you_mean(keyword, known))


def _expected(keyword: str, value: Any) -> str:
    """Return the kind of value that a keyword needs, if `value` is of another one; empty for a suitable value."""
    if keyword == "dependentRequired":
        lists = value.values() if isinstance(value, dict) else (None,)
        is_suitable = all(isinstance(one, list) and all(isinstance(key, str) for key in one) for one in lists)
        return "" if is_suitable else "a mapping from each key to a list of keys"
    for keywords, types, phrase in _KINDS:
        if keyword in keywords and not (isinstance(value, types) and not isinstance(value, bool)):
            return phrase
    is_count = keyword not in _COUNTS or (value >= 0 and value % 1 == 0)
    return "" if is_count else _COUNT


def _listed(value: Any) -> list[Any]:
    return [value] if isinstance(value, str) else value


def _type_problem(name: Any) -> str:
    if name in _TYPES:
        return ""
    if name in _FORMATS:
        return f'unknown type `{name}`; write `"type": "string", "format": "{name}"`'
    if not isinstance(name, str):
        return "`type` must be the name of a type, or a list of such names"
    meant = _OTHER_TYPES.get(name.lower())
    hint = f"; did you mean `{meant}`?" if meant else did_you_mean(name, _TYPES)
    return f"unknown type `{name}`{hint or f'; the types are {join_and(_TYPES)}'}"
