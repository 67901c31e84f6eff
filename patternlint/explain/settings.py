"""Describe the options of rules and the settings of the configuration, and write values in TOML."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_type_hints

import msgspec
from msgspec import Meta, Struct

_BARE = re.compile(r"[A-Za-z0-9_-]+")


class Setting(Struct, frozen=True):
    """A setting: its name in TOML, the kind of its value, its default, a description, and the settings in it."""

    name: str
    kind: str
    default: Any
    description: str
    inner: tuple[Setting, ...] = ()


def settings(kind: type[Struct]) -> Iterator[Setting]:
    """Yield the settings of a struct, in its order."""
    hints = get_type_hints(kind, include_extras=True)
    for field in msgspec.structs.fields(kind):
        hint = hints[field.name]
        metas = [one for one in get_args(hint)[1:] if isinstance(one, Meta)]
        description = next((meta.description for meta in metas if meta.description), "")
        default = field.default_factory() if field.default is msgspec.NODEFAULT else field.default
        inner = tuple(settings(type(default))) if isinstance(default, Struct) else ()
        yield Setting(field.encode_name, kind_words(default, metas), default, description, inner)


def kind_words(default: object, metas: list[Meta]) -> str:
    """Return the kind of value that a setting takes, from its default and its bounds."""
    if isinstance(default, bool):
        return "true or false"
    if isinstance(default, int | float) or default is None:
        return f"a number{_bounds(metas)}"
    if isinstance(default, str):
        return "text"
    return "a table" if isinstance(default, dict | Struct) else "a list"


def _bounds(metas: list[Meta]) -> str:
    words = {"ge": "from", "gt": "above", "le": "to", "lt": "below"}
    bounds = ((word, getattr(meta, name)) for name, word in words.items() for meta in metas)
    return "".join(f" {word} {bound}" for word, bound in bounds if bound is not None)


def toml(value: object) -> str:
    """Return a value as TOML on one line."""
    if isinstance(value, Struct):
        value = msgspec.to_builtins(value)
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{toml_key(key)} = {toml(item)}' for key, item in value.items())} }}" if value else "{}"
    if isinstance(value, list | tuple | frozenset):
        return f"[{', '.join(map(toml, value))}]"
    return json.dumps(value, ensure_ascii=False)


def toml_key(key: str) -> str:
    """Return a key as TOML."""
    return key if _BARE.fullmatch(key) else json.dumps(key, ensure_ascii=False)
