"""Types, values and routes as phrases of messages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isfinite
from typing import Any

from patternlint.diagnostics.route import Route

_TYPES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "nothing",
    "number": "a number",
    "object": "a mapping",
    "string": "a string",
}
_NAMES = ("slug", "target", "hub_id", "id", "typeid", "label", "name")
_SHOWN = 60


def describe_type(types: str | Iterable[str]) -> str:
    """Return the phrase for one or several JSON Schema types: "a list", "a number or a string"."""
    names = (types,) if isinstance(types, str) else tuple(types)
    return join_or([_TYPES.get(name, name) for name in names])


def describe_kind(value: Any) -> str:
    """Return the phrase for the type of a value: "a list", "nothing", "`true`"."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return f"`{'true' if value else 'false'}`"
    if isinstance(value, int | float):
        return "a number" if isfinite(value) else "no finite number"
    if isinstance(value, str):
        return "a string"
    return "a list" if isinstance(value, list) else "a mapping"


def describe_value(value: Any) -> str:
    """Return a short value in backticks, or the phrase for its type."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return describe_kind(value)
    text = " ".join(str(value).split())
    if not text:
        return "empty"
    return f"`{text}`" if len(text) <= _SHOWN else f"`{text[: _SHOWN - 1]}…`"


def join_or(words: Sequence[str]) -> str:
    """Join alternatives: "a, b or c"."""
    return " or ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else "".join(words)


def join_and(words: Sequence[str]) -> str:
    """Join items: "a, b and c"."""
    return " and ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else "".join(words)


def plural(noun: str) -> str:
    """Return the plural of an English noun with a regular one."""
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "z", "ch", "sh")) else f"{noun}s"


def with_article(noun: str) -> str:
    """Return an English noun with its indefinite article, by its first letter."""
    return f"{'an' if noun[:1].lower() in tuple('aeiou') else 'a'} {noun}"


def backticked(words: Iterable[Any]) -> list[str]:
    """Return each word in backticks."""
    return [f"`{word}`" for word in words]


def describe_route(route: Route) -> str:
    """Return the phrase for the value at `route`: "`weight`", "item 2 of `sources`"."""
    if not route:
        return "the front matter"
    last = route[-1]
    return f"`{last}`" if isinstance(last, str) else f"item {last + 1} of {describe_route(route[:-1])}"


def config_route(route: Route) -> str:
    """Return a route as the configuration names it, the same for all items of a list: `graph_garden.entities[].type`."""
    return "".join("[]" if isinstance(step, int) else f".{step}" for step in route).removeprefix(".")


def percent(part: int, whole: int) -> str:
    """Return a share as a percentage: "91 %", or "0.4 %" for a small one."""
    share = 100 * part / whole if whole else 0.0
    return f"{share:.1f} %" if 0 < share < 1 else f"{share:.0f} %"
