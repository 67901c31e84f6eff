"""Extend the data of a spec by that of a project's own: tables are merged, lists joined, what `drop` names is left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_JOINED = frozenset(
    ("types", "symmetric", "inverse", "acyclic", "external", "keys", "optional", "id-prefixes", "banner-aliases")
) | {"quoted", "plain", "inline"}
"""Lists that an own spec extends; it replaces all others."""

_TABLES = {"groups": "name", "sections": "title", "text": "name"}
"""Lists of tables that an own spec extends, with the key that identifies a table."""

_REPLACE = "replace"


def extend(base: Mapping[str, Any], addition: Mapping[str, Any]) -> dict[str, Any]:
    """Return a spec's data extended by that of an own spec.

    A table with `replace = true` stands in for that of the base; `drop` in the addition names what the base loses.

    Args:
        base: the data of the base, whole.
        addition: the data of the own spec, of which nothing has been checked yet.
    """
    return _extend(_without(base, addition.get("drop")), addition)


def _extend(base: Mapping[str, Any], addition: Mapping[str, Any]) -> dict[str, Any]:
    merged = {} if addition.get(_REPLACE) is True else dict(base)
    for key, value in addition.items():
        known = merged.get(key)
        if key == _REPLACE and value is True:
            continue
        if isinstance(value, dict):
            merged[key] = _extend(known if isinstance(known, dict) else {}, value)
        elif key in _TABLES and _are_tables(value):
            merged[key] = _join_tables(known if isinstance(known, list) else [], value, _TABLES[key])
        elif key in _JOINED and isinstance(known, list) and isinstance(value, list):
            merged[key] = [*known, *(item for item in value if item not in known)]
        else:
            merged[key] = value
    return merged


def _are_tables(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _join_tables(known: list[dict[str, Any]], added: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """Join lists of tables: a table changes or replaces the one with its name, others are appended."""
    tables = {table[name]: table for table in known}
    unnamed = [table for table in added if not isinstance(table.get(name), str)]
    for table in added:
        key = table.get(name)
        if isinstance(key, str):
            tables[key] = _extend(tables.get(key, {}), table)
    return [*tables.values(), *unnamed]


def droppable(base: Mapping[str, Any]) -> Mapping[str, list[str]]:
    """Return what an own spec may drop from the data of its base: names by the settings of `drop`."""
    return {
        "groups": [group["name"] for group in base["groups"]],
        "keys": [key for group in base["groups"] for key in group["keys"]],
        "sections": [section["title"] for section in base["body"]["sections"]],
        "types": list(base["relationships"]["types"]),
    }


def dropped_names(addition: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what an own spec drops: pairs of a setting of `drop` and a name."""
    drop = addition.get("drop")
    for setting, names in drop.items() if isinstance(drop, dict) else ():
        yield from ((setting, name) for name in names if isinstance(name, str)) if isinstance(names, list) else ()


def _without(base: Mapping[str, Any], drop: Any) -> dict[str, Any]:
    """Return the data of a base without what `drop` names, and without settings that are about that."""
    lost: dict[str, set[str]] = {setting: set() for setting in droppable(base)}
    for setting, name in dropped_names({"drop": drop}):
        lost.setdefault(setting, set()).add(name)
    kept = [group for group in base["groups"] if group["name"] not in lost["groups"]]
    keys = lost["keys"].union(*(group["keys"] for group in base["groups"] if group["name"] in lost["groups"]))
    types = lost["types"]
    links = base["relationships"]
    data = dict(base)
    data["groups"] = [
        group | {name: [key for key in group[name] if key not in keys] for name in ("keys", "optional")}
        for group in kept
    ]
    data["key-orders"] = [[key for key in order if key not in keys] for order in base["key-orders"]]
    data["defaults"] = {key: text for key, text in base["defaults"].items() if key not in keys}
    data["relationships"] = links | {
        name: [one for one in links[name] if types.isdisjoint((one,) if isinstance(one, str) else one)]
        for name in ("types", "symmetric", "inverse", "acyclic", "external")
    }
    if not keys.isdisjoint((links["key"],)):
        data["relationships"] = {}
    data["garden"] = {} if base["garden"]["key"] in keys else base["garden"]
    data["scores"] = {} if not keys.isdisjoint(base["scores"]["route"][:1]) else base["scores"]
    data |= {name: [] for name in ("revision", "confidence", "tension") if not keys.isdisjoint(base[name][:1])}
    data |= {name: "" for name in ("summary", "labels", "sector", "sources", "hubs", "orbit") if base[name] in keys}
    data["card"] = {name: [] if not keys.isdisjoint(route[:1]) else route for name, route in base["card"].items()}
    stats = base["stats"]
    data["stats"] = stats | {
        "stages": [route for route in stats["stages"] if keys.isdisjoint(route[:1])],
        "created": stats["created"] if keys.isdisjoint(stats["created"][:1]) else [],
    }
    body = base["body"]
    sections = [section for section in body["sections"] if section["title"] not in lost["sections"]]
    data["body"] = body | {"sections": sections}
    return data
