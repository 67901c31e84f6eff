"""Failed keywords as schema violations: one per rule and place in the front matter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from patternlint.diagnostics.route import Route
from patternlint.document.node import Node
from patternlint.messages.did_you_mean import closest_matches
from patternlint.messages.phrases import backticked, join_and, join_or
from patternlint.spec.schemas import HELP, MESSAGE, compile_pattern
from patternlint.validation.violation import SchemaViolation

MISSING = "missing-key"
UNKNOWN = "unknown-key"
_TYPE = "wrong-type"
SHAPE = "item-shape"
_X_RULE = "x-rule"
FALSE = "false"
"""The keyword of a failure where the schema is `false`, which allows nothing."""

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
_OBJECT_KEYWORDS = ("required", "dependentRequired", "additionalProperties", "unevaluatedProperties")
_OVERRIDABLE = _UNIONS | {"type", "pattern", "not", *_OBJECT_KEYWORDS}
"""Keywords whose rule `x-rule` beside them sets; bounds and enums keep their own rules."""


class KeywordFailure(Struct, frozen=True):
    """A failed keyword: its argument, the schema around it, the place, the branches, and the condition that led to it."""

    keyword: str
    argument: Any
    schema: Mapping[str, Any]
    route: Route
    value: Any
    whole: bool
    branches: tuple[tuple[KeywordFailure, ...], ...] = ()
    of_key: bool = False
    condition: str = ""


def to_violations(failures: Iterable[KeywordFailure], root: Node) -> Iterator[SchemaViolation]:
    """Yield the violations in the front matter `root` for `failures`, each once."""
    found: dict[tuple[str, Route], SchemaViolation] = {}
    for failure in failures:
        for located in _locate(failure, root):
            found.setdefault((located.rule, located.route), located)
    yield from _drop_redundant(tuple(found.values()))


def join_conditions(*conditions: str) -> str:
    """Join the clauses of conditions, the outermost first."""
    return " and ".join(filter(None, conditions))


def condition_of(schema: Any, *, holds: bool) -> str:
    """Return the clause for the `if` of a schema: "where `kind` is `x`", or "unless `a` is present" if it must not hold.

    Empty for an `if` that is more than a few keys and their values.
    """
    if isinstance(schema, dict) and schema.keys() == {"not"}:
        return condition_of(schema["not"], holds=not holds)
    words = describe_conditions(schema)
    return f"{'where' if holds else 'unless'} {words}" if words else ""


def describe_conditions(schema: Any) -> str:
    """Return the conditions of a schema on keys as a clause, "`kind` is `x`", or an empty string for complex ones."""
    if not isinstance(schema, dict) or not schema.keys() <= {"type", "properties", "required"}:
        return ""
    properties = schema.get("properties", {})
    parts = [_describe_condition(key, inner) for key, inner in properties.items()]
    if not all(parts):
        return ""
    present = [key for key in schema.get("required", ()) if key not in properties]
    if present:
        parts.append(f"{join_and(backticked(present))} {'is' if len(present) == 1 else 'are'} present")
    return " and ".join(parts)


def _describe_condition(key: str, schema: Any) -> str:
    if not isinstance(schema, dict) or len(schema) != 1:
        return ""
    ((keyword, argument),) = schema.items()
    if keyword == "const":
        return f"`{key}` is {join_or(backticked([argument]))}"
    if keyword == "enum":
        return f"`{key}` is {join_or(backticked(argument))}"
    return f"`{key}` matches `{argument}`" if keyword == "pattern" else ""


def fold_consequences(errors: Sequence[SchemaViolation]) -> Iterator[SchemaViolation]:
    """Yield `errors`, each cause once.

    A required key that is missing beside an unknown one of nearly the same name, or that is elsewhere, is a
    consequence of that unknown key, and so is the wrong shape of a list item with such a key. Items of one list that are
    wrong in the same way are one error.
    """
    errors = [one for error in errors for one in (_misspelled_keys(error) or (error,))]
    missing = {error.route: error for error in errors if error.rule == MISSING}
    meant = {}
    for error in errors if missing else ():
        if error.rule == UNKNOWN:
            cause = _stands_for(error, missing)
            if cause is not None:
                meant[error.route] = missing.pop(cause)
    folded = {id(consequence) for consequence in meant.values()}
    alike = _alike(errors)
    for error in errors:
        consequence = meant.get(error.route) if error.rule == UNKNOWN else None
        if consequence is not None:
            key = str(consequence.value)
            yield replace(error, known=(key,), required=True, consequences=(consequence,))
        elif id(error) not in folded and id(error) in alike:
            yield alike[id(error)]
        elif id(error) not in folded and error.rule != SHAPE:
            yield error


def _misspelled_keys(error: SchemaViolation) -> list[SchemaViolation]:
    """Return an unknown key for each key of a list item that is probably a misspelled required key; or an empty list."""
    if error.rule != SHAPE or not isinstance(error.value, dict) or "properties" not in error.schema:
        return []
    missing = [str(key) for key in error.schema.get("required", ()) if key not in error.value]
    meant: dict[str, str] = {}
    for key in error.value:
        found = closest_matches(key, missing) if key not in error.schema["properties"] else ()
        if found:
            meant[key] = found[0]
            missing.remove(found[0])
    errors = [
        SchemaViolation(
            UNKNOWN, error.keyword, (*error.route, key), error.node.keys.get(key, error.node), value=key, known=(known,)
        )
        for key, known in meant.items()
    ]
    return [replace(one, required=True, consequences=() if at else (error,)) for at, one in enumerate(errors)]


def _stands_for(error: SchemaViolation, missing: Mapping[Route, SchemaViolation]) -> Route | None:
    """Return the route of the missing key that an unknown key probably replaces, or None."""
    if error.elsewhere in missing:
        return error.elsewhere
    beside = {str(one.value): route for route, one in missing.items() if route[:-1] == error.route[:-1]}
    found = closest_matches(str(error.value), beside) if beside else ()
    return beside[found[0]] if found and found[0] != error.value else None


def _alike(errors: Sequence[SchemaViolation]) -> dict[int, SchemaViolation]:
    """Group item errors of the same kind in one list, by the `id` of the first."""
    groups: dict[tuple[Any, ...], list[SchemaViolation]] = {}
    for error in errors:
        if error.rule == SHAPE:
            value = error.value
            kind = tuple(sorted(value)) if isinstance(value, dict) else type(value)
            place = error.route[:-1] if error.route and isinstance(error.route[-1], int) else error.route
            groups.setdefault((place, error.keyword, kind), []).append(error)
    return {id(first): replace(first, also=tuple(others)) for first, *others in groups.values()}


def _drop_redundant(errors: Sequence[SchemaViolation]) -> Iterator[SchemaViolation]:
    """Yield the errors without the consequences of others about the same value.

    A value of the wrong type fails other keywords too; the wrong shape of an item covers its keys.
    """
    typed = {error.route for error in errors if error.keyword == "type"}
    shaped = {error.route for error in errors if error.rule == SHAPE}
    for error in errors:
        if error.keyword != "type" and error.route in typed:
            continue
        if error.rule != SHAPE and (
            error.route in shaped or (error.rule in (MISSING, UNKNOWN) and error.route[:-1] in shaped)
        ):
            continue
        yield error


def _locate(failure: KeywordFailure, root: Node) -> Iterator[SchemaViolation]:
    """Yield the violations of one failure with their nodes, and with the words of the schema for them."""
    message, advice = (_own_words(failure, keyword) for keyword in (MESSAGE, HELP))
    for violation in _locate_nodes(failure, root):
        if message or advice:
            yield replace(violation, message=violation.message or message, help=violation.help or advice)
        else:
            yield violation


def _own_words(failure: KeywordFailure, annotation: str) -> str:
    """Return what a schema says about a failed keyword: one text for all keywords beside it, or one for each."""
    words = failure.schema.get(annotation, "")
    return str(words.get(failure.keyword, "") if isinstance(words, Mapping) else words)


def _locate_nodes(failure: KeywordFailure, root: Node) -> Iterator[SchemaViolation]:
    keyword = failure.keyword
    rule = failure.schema.get(_X_RULE) if keyword in _OVERRIDABLE else None
    if rule is None and keyword in _UNIONS and failure.branches:
        yield from _locate_branch(failure, root)
        return
    node = root.get(*failure.route) or root
    condition = describe_conditions(failure.argument) if keyword == "not" else failure.condition
    route = failure.route
    is_keyed = bool(failure.route) and isinstance(failure.route[-1], str)
    if keyword == "not" or (keyword == FALSE and not is_keyed):
        rule = rule or "invalid-value"
        if condition and isinstance(failure.value, dict):  # about a whole mapping: show a key that the condition names
            named = next((key for key in reversed(failure.value) if f"`{key}`" in condition), None)
            if named is not None:
                node, route = node.keys[named], (*route, named)
    if rule is None:
        rule = "empty-value" if keyword in _LEAST and not failure.value else _RULE_OF.get(keyword, "invalid-value")
    if failure.of_key:
        yield from _unknown(failure, node)
    elif rule in (MISSING, UNKNOWN) and rule == _RULE_OF.get(keyword):
        yield from (_missing if rule == MISSING else _unknown)(failure, node)
    else:
        schema = failure.schema
        yield SchemaViolation(
            rule, keyword, route, node, failure.argument, failure.value, schema=schema, condition=condition
        )


def _missing(failure: KeywordFailure, node: Node) -> Iterator[SchemaViolation]:
    """Yield the missing keys of `node`."""
    needed = dict.fromkeys(failure.argument, failure.condition)
    if failure.keyword == "dependentRequired":
        needed = {
            key: join_conditions(failure.condition, f"where `{cause}` is present")
            for cause, keys in failure.argument.items()
            if cause in failure.value
            for key in keys
        }
    properties = failure.schema.get("properties", {})
    for key, condition in needed.items():
        if key not in failure.value:
            schema = properties.get(key, {})
            route = (*failure.route, key)
            yield SchemaViolation(MISSING, failure.keyword, route, node, value=key, schema=schema, condition=condition)


def _unknown(failure: KeywordFailure, node: Node) -> Iterator[SchemaViolation]:
    """Yield the unexpected keys of `node`."""
    if failure.of_key:
        key = str(failure.value)
        yield SchemaViolation(UNKNOWN, "propertyNames", (*failure.route, key), node.get(key) or node, value=key)
        return
    if failure.keyword == FALSE:
        name = failure.route[-1]
        yield SchemaViolation(UNKNOWN, FALSE, failure.route, node, value=name, condition=failure.condition)
        return
    known = tuple(dict.fromkeys(_declared(failure.schema)))
    patterns = [compile_pattern(text) for text in failure.schema.get("patternProperties", ())]
    for key in failure.value:
        if key not in known and not any(pattern.search(key) for pattern in patterns):
            yield SchemaViolation(
                UNKNOWN, failure.keyword, (*failure.route, key), node.get(key) or node, value=key, known=known
            )


def _declared(schema: Mapping[str, Any]) -> Iterator[str]:
    """Yield the keys that `schema` defines, including those in branches that `unevaluatedProperties` covers."""
    yield from schema.get("properties", ())
    branches = [schema.get(word) for word in ("if", "then", "else")]
    for word in ("allOf", *_UNIONS):
        branches += schema.get(word, ())
    for branch in branches:
        if isinstance(branch, dict):
            yield from _declared(branch)


def _locate_branch(failure: KeywordFailure, root: Node) -> Iterator[SchemaViolation]:
    """Yield the errors of the branch of `anyOf` or `oneOf` that the value is most likely meant for.

    A branch with the type of the value precedes others; then one with its fixed values (`const`, `enum`); then the one
    with the fewest errors. If all fail by their type, or all by their fixed values, these are joined.
    """
    for keywords in (("type",), ("enum", "const")):
        firsts = [
            next((inner for inner in inners if inner.whole and inner.keyword in keywords), None)
            for inners in failure.branches
        ]
        if all(firsts):
            arguments = [first.argument for first in firsts if first is not None]
            expected = [*chain.from_iterable(one if isinstance(one, list) else [one] for one in arguments)]
            distinct = [value for place, value in enumerate(expected) if value not in expected[:place]]
            keyword, route = keywords[0], failure.route
            node = root.get(*route) or root
            yield SchemaViolation(
                _RULE_OF[keyword], keyword, route, node, distinct, failure.value, schema=failure.schema
            )
            return
    for inner in min(failure.branches, key=_unfitness):
        yield from _locate(replace(inner, condition=join_conditions(failure.condition, inner.condition)), root)


def _unfitness(failures: Sequence[KeywordFailure]) -> tuple[bool, int, int]:
    fixed = sum(failure.keyword in ("const", "enum") for failure in failures)
    return any(failure.whole and failure.keyword == "type" for failure in failures), fixed, len(failures)
