"""What jsonschema says of a value, as what patternlint says: one error a rule, at its place in the front matter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from patternlint.diagnostic import Route
from patternlint.node import Node
from patternlint.rule import SchemaError
from patternlint.schema_files import compile_pattern

if TYPE_CHECKING:
    from jsonschema import ValidationError

MISSING = "missing-key"
UNKNOWN = "unknown-key"
_TYPE = "wrong-type"
_SHAPE = "item-shape"
_X_RULE = "x-rule"
FALSE = "false"
"""Stands for the keyword where the schema is `false`: nothing may be there."""

_RULE_OF = {
    "required": MISSING,
    "dependentRequired": MISSING,
    "additionalProperties": UNKNOWN,
    "unevaluatedProperties": UNKNOWN,
    FALSE: UNKNOWN,
    "type": _TYPE,
    "enum": "invalid-enum",
    "const": "invalid-enum",
    "minimum": "out-of-range",
    "maximum": "out-of-range",
    "exclusiveMinimum": "out-of-range",
    "exclusiveMaximum": "out-of-range",
}
_LEAST = frozenset(("minLength", "minItems", "minProperties"))
_UNIONS = frozenset(("anyOf", "oneOf"))
_OVERRIDABLE = frozenset(
    (
        "type",
        "required",
        "dependentRequired",
        "additionalProperties",
        "unevaluatedProperties",
        "pattern",
        "not",
        *_UNIONS,
    )
)
"""Keywords that `x-rule` beside them speaks of; bounds and enums have rules that say it better."""


class Failure(Struct, frozen=True):
    """What failed (a keyword, its argument, the schema around it), where, and in which branches."""

    keyword: str
    argument: Any
    schema: Mapping[str, Any]
    route: Route
    value: Any
    whole: bool
    branches: tuple[tuple[Failure, ...], ...] = ()
    of_key: bool = False


def explain(failures: Iterable[Failure], root: Node) -> Iterator[SchemaError]:
    """Yield what `failures` about the front matter `root` mean, each thing once."""
    found: dict[tuple[str, Route], SchemaError] = {}
    for failure in failures:
        for located in _locate(failure, root):
            found.setdefault((located.rule, located.route), located)
    yield from _without_echoes(tuple(found.values()))


def read(error: ValidationError, route: Route = ()) -> Failure:
    """Return what an error of jsonschema says of the value at `route`."""
    branches: dict[int, list[Failure]] = {}
    for inner in error.context or ():
        path = inner.relative_schema_path  # empty for a branch that is `false`, of which jsonschema says no number
        branches.setdefault(int(path[0]) if path else -1 - len(branches), []).append(read(inner, route))
    schema: Any = error.schema
    value: Any = error.instance
    return Failure(
        str(error.validator or FALSE),
        error.validator_value,
        schema if isinstance(schema, dict) else {},
        (*route, *error.absolute_path),
        value,
        not error.relative_path,
        tuple(tuple(inner) for inner in branches.values()),
        "propertyNames" in error.absolute_schema_path,
    )


def _without_echoes(errors: Sequence[SchemaError]) -> Iterator[SchemaError]:
    """Yield the errors without those that say of a value what a weightier one says already.

    A value of the wrong type breaks other keywords too; the wrong shape of an item covers its keys.
    """
    typed = {error.route for error in errors if error.keyword == "type"}
    shaped = {error.route for error in errors if error.rule == _SHAPE}
    for error in errors:
        if error.keyword != "type" and error.route in typed:
            continue
        if error.rule != _SHAPE and (
            error.route in shaped or (error.rule in (MISSING, UNKNOWN) and error.route[:-1] in shaped)
        ):
            continue
        yield error


def _locate(failure: Failure, root: Node) -> Iterator[SchemaError]:
    """Yield what one failure means, at its place."""
    keyword = failure.keyword
    rule = failure.schema.get(_X_RULE) if keyword in _OVERRIDABLE else None
    if rule is None and keyword in _UNIONS and failure.branches:
        yield from _locate_branch(failure, root)
        return
    node = root.get(*failure.route) or root
    if rule is None:
        rule = "empty-value" if keyword in _LEAST and not failure.value else _RULE_OF.get(keyword, "invalid-value")
    if failure.of_key:
        yield from _unknown(failure, node)
    elif rule in _SPECIAL and rule == _RULE_OF.get(keyword):
        yield from _SPECIAL[rule](failure, node)
    else:
        yield SchemaError(rule, keyword, failure.route, node, failure.argument, failure.value, schema=failure.schema)


def _missing(failure: Failure, node: Node) -> Iterator[SchemaError]:
    """Yield the keys that `node` lacks."""
    needed = failure.argument
    if failure.keyword == "dependentRequired":
        needed = [key for cause, keys in needed.items() if cause in failure.value for key in keys]
    properties = failure.schema.get("properties", {})
    for key in needed:
        if key not in failure.value:
            schema = properties.get(key, {})
            yield SchemaError(MISSING, failure.keyword, (*failure.route, key), node, value=key, schema=schema)


def _unknown(failure: Failure, node: Node) -> Iterator[SchemaError]:
    """Yield the keys of `node` that may not be there."""
    if failure.keyword == FALSE:
        key = failure.route[-1] if failure.route else None
        yield SchemaError(UNKNOWN, FALSE, failure.route, node, value=key)
        return
    if failure.of_key:
        key = str(failure.value)
        yield SchemaError(UNKNOWN, failure.keyword, (*failure.route, key), node.get(key) or node, value=key)
        return
    known = tuple(dict.fromkeys(_declared(failure.schema)))
    patterns = [compile_pattern(text) for text in failure.schema.get("patternProperties", ())]
    for key in failure.value:
        if key not in known and not any(pattern.search(key) for pattern in patterns):
            yield SchemaError(
                UNKNOWN, failure.keyword, (*failure.route, key), node.get(key) or node, value=key, known=known
            )


_SPECIAL: Mapping[str, Callable[[Failure, Node], Iterator[SchemaError]]] = {MISSING: _missing, UNKNOWN: _unknown}


def _declared(schema: Mapping[str, Any]) -> Iterator[str]:
    """Yield the keys that `schema` names, also in the branches that `unevaluatedProperties` looks into."""
    yield from schema.get("properties", ())
    branches = [schema.get(word) for word in ("if", "then", "else")]
    for word in ("allOf", *_UNIONS):
        branches += schema.get(word, ())
    for branch in branches:
        if isinstance(branch, dict):
            yield from _declared(branch)


def _locate_branch(failure: Failure, root: Node) -> Iterator[SchemaError]:
    """Yield the errors of that branch of `anyOf` or `oneOf` that the value was likeliest meant to be.

    A branch whose type the value has goes before one whose type it has not; then one whose fixed values (`const`,
    `enum`) it has; then the one with fewest errors. When all fail by their type, or all by their fixed values, these
    are joined.
    """
    for keywords in (("type",), ("enum", "const")):
        firsts = [
            next((inner for inner in inners if inner.whole and inner.keyword in keywords), None)
            for inners in failure.branches
        ]
        if all(first is not None for first in firsts):
            expected: list[Any] = []
            for first in firsts:
                if first is not None:
                    expected += first.argument if isinstance(first.argument, list) else [first.argument]
            keyword = keywords[0]
            node = root.get(*failure.route) or root
            yield SchemaError(
                _RULE_OF[keyword],
                keyword,
                failure.route,
                node,
                [value for place, value in enumerate(expected) if value not in expected[:place]],
                failure.value,
                schema=failure.schema,
            )
            return
    for inner in min(failure.branches, key=_unfitness):
        yield from _locate(inner, root)


def _unfitness(failures: Sequence[Failure]) -> tuple[bool, int, int]:
    fixed = sum(failure.keyword in ("const", "enum") for failure in failures)
    return any(failure.whole and failure.keyword == "type" for failure in failures), fixed, len(failures)
