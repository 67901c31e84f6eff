"""Errors of msgspec about a config, a spec or the options of a rule as messages."""

from __future__ import annotations

import re
from typing import Any, get_args

import msgspec
from msgspec import Struct

from patternlint.messages.did_you_mean import did_you_mean

_KINDS = {
    "array": "a list",
    "bool": "true or false",
    "float": "a number",
    "int": "a whole number",
    "null": "nothing",
    "object": "a table",
    "str": "text",
}
_BOUNDS = {">=": "from", ">": "above", "<=": "up to", "<": "below"}
_UNKNOWN = "Object contains unknown field "
_MISSING = "Object missing required field "
_STEP = re.compile(r"\[[^\]]*\]|[^.\[\]]+")


def explain_conversion_error(error: msgspec.ValidationError, kind: type[Struct]) -> str:
    """Return the message for an error: "`select` must be a list, not text".

    Args:
        error: the error.
        kind: the type of the data; its fields are suggested for an unknown name.
    """
    what, _, place = str(error).partition(" - at ")
    route = _STEP.findall(place.strip("`").removeprefix("$"))
    where = _words(route)
    if what.startswith(_UNKNOWN):
        name = what.removeprefix(_UNKNOWN).strip("`")
        known = _fields(kind, route)
        return f"unknown setting `{name}`{f' in {where}' if where else ''}{did_you_mean(name, known)}"
    if what.startswith(_MISSING):
        return f"missing setting {what.removeprefix(_MISSING)}{f' in {where}' if where else ''}"
    if not what.startswith("Expected "):
        return f"{where}: {what}" if where else what
    expected, _, found = what.removeprefix("Expected ").partition(", got ")
    return f"{where or 'the whole'} must be {_kinds(expected)}" + (f", not {_kinds(found)}" if found else "")


def path_of(error: msgspec.ValidationError) -> tuple[str | int, ...]:
    """Return the path of the invalid value: keys and indexes."""
    what, _, place = str(error).partition(" - at ")
    steps = _STEP.findall(place.strip("`").removeprefix("$"))
    if what.startswith(_UNKNOWN):
        steps.append(what.removeprefix(_UNKNOWN).strip("`"))
    path: list[str | int] = []
    for step in steps:
        name = step.strip("[]")
        if step == "[...]":  # some value of a table: msgspec does not say which
            break
        path.append(int(name) if step.startswith("[") else name)
    return tuple(path)


def _kinds(text: str) -> str:
    """Return the phrase for a type of msgspec: "a whole number or nothing from 1" for "`int | null` >= 1"."""
    types, _, bound = text.removeprefix("`").partition("`")
    words = " or ".join(_KINDS.get(one, one) for one in types.split(" | "))
    sign, _, limit = bound.strip().partition(" ")
    return f"{words} {_BOUNDS[sign]} {limit}" if sign in _BOUNDS else f"{words}{bound}"


def _words(route: list[str]) -> str:
    """Return a path as users write it: "`limits.file-size`", "item 9 of `body.sections`"."""
    if not route:
        return ""
    last = route[-1]
    if last.startswith("["):
        index = last.strip("[]")
        return f"{f'item {int(index) + 1}' if index.isdigit() else 'a value'} of {_words(route[:-1]) or 'the list'}"
    names = [step for step in route if not step.startswith("[")]
    return f"`{'.'.join(names)}`"


def _fields(kind: Any, route: list[str]) -> list[str]:
    """Return the names of the fields at a path in data of a type; empty for a type that is not a Struct."""
    for step in route:
        if step.startswith("["):
            kind = next(iter(get_args(kind)[-1:] if get_args(kind)[-1:] != (...,) else get_args(kind)[:1]), None)
        else:
            found = [field.type for field in _structure(kind) if field.encode_name == step]
            kind = found[0] if found else None
    return [field.encode_name for field in _structure(kind)]


def _structure(kind: Any) -> tuple[Any, ...]:
    if not (isinstance(kind, type) and issubclass(kind, Struct)):
        kind = next((one for one in get_args(kind) if isinstance(one, type) and issubclass(one, Struct)), None)
    return msgspec.structs.fields(kind) if kind is not None else ()
