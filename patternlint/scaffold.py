"""The text of a new pattern: all required keys and sections in canonical layout, with prompts for the author."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from patternlint.document.banners import banner_lines
from patternlint.document.identifiers import encode_id, uuid7
from patternlint.edits.scalars import can_be_plain
from patternlint.spec.body import BodySpec
from patternlint.spec.model import HEADING, Group, Spec
from patternlint.spec.schemas import load_group_schema

SECTION_PLACEHOLDER = "[Write this section.]"
"""The text of a section for which the spec has no prompt."""


class PatternIdentity(Struct, frozen=True):
    """The values of a new pattern that do not come from its spec: `slug` is its name, which may be empty."""

    id: str
    slug: str
    title: str
    sector: str
    today: date


def new_id(prefix: str) -> str:
    """Return a new TypeID with a prefix, from the current time and random bits."""
    return encode_id(prefix, uuid7(time.time_ns() // 1_000_000, secrets.randbits(74)))


def new_pattern(spec: Spec, identity: PatternIdentity) -> str:
    """Return the text of a new pattern of `spec`."""
    values = {
        "{{id}}": identity.id,
        "{{slug}}": identity.slug,
        "{{title}}": identity.title,
        "{{sector}}": identity.sector,
        "{{today}}": identity.today.isoformat(),
    }
    if spec.identity.title != HEADING:
        values[f"{{{{{spec.identity.title}}}}}"] = identity.title
    if spec.name_key and identity.slug:
        values[f"{{{{{spec.name_key}}}}}"] = identity.slug
    front = "\n".join(line for number, group in enumerate(spec.groups) for line in _group(spec, group, number, values))
    opening = "\n\n".join(_opening(spec.body))
    between = f"\n\n{spec.body.separator}\n\n" if spec.body.separator else "\n\n"
    body = between.join(part for part in (opening, *_sections(spec.body)) if part) or SECTION_PLACEHOLDER
    heading = f"# {identity.title}\n\n" if spec.identity.title == HEADING else ""
    header = f"---\n{front}\n---\n\n" if spec.front_matter != "none" else ""
    return f"{header}{heading}{body}\n"


def _group(spec: Spec, group: Group, number: int, values: Mapping[str, str]) -> Iterator[str]:
    if number and group.blank_before != "never":
        yield ""
    if group.banner:
        yield from banner_lines(group)
    properties = (
        load_group_schema(spec, group.name).get("properties", {}) if len(spec.defaults) < len(spec.keys) else {}
    )
    for key in group.keys:
        if key in spec.defaults:
            if key not in group.optional:
                yield _filled(spec.defaults[key].strip("\n"), values)
        elif key not in group.optional:
            yield f"{key}: {_value(key, properties.get(key, {}), values)}"


def _value(key: str, schema: Any, values: Mapping[str, str]) -> str:
    """Return the initial value of a key without a default: that of the command, or one that its schema allows."""
    given = values.get(f"{{{{{key}}}}}")
    schema = schema if isinstance(schema, dict) else {}
    if given and key != "today":
        return given if schema.get("type") == "integer" and given.isdecimal() else _scalar(given)
    allowed = [*([schema["const"]] if "const" in schema else []), *schema.get("enum", ())]
    least = schema.get("minimum", 0)
    empty = {"array": [], "object": {}, "integer": least, "number": least, "boolean": False, "null": None}
    kind = schema.get("type")
    value = allowed[0] if allowed else empty.get(kind, "") if isinstance(kind, str) else ""
    return _scalar(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _filled(text: str, values: Mapping[str, str]) -> str:
    """Return a template with its values: escaped between double quotes, elsewhere quoted if YAML requires it."""
    for name, value in values.items():
        inner = json.dumps(value, ensure_ascii=False)[1:-1]
        text = text.replace(f'"{name}"', f'"{inner}"').replace(name, _scalar(value) if name != "{{today}}" else value)
    return text


def _scalar(value: str) -> str:
    return value if can_be_plain(value) else json.dumps(value, ensure_ascii=False)


def _opening(body: BodySpec) -> Iterator[str]:
    """Yield the lines above the sections: the prompt, and the lowest rating of the confidence."""
    if body.opening:
        yield body.opening.strip()
    if body.confidence_line and body.confidence_labels:
        yield f"{body.confidence_line}★{'☆' * (len(body.confidence_labels) - 1)} ({body.confidence_labels[0]})"


def _sections(body: BodySpec) -> Iterator[str]:
    for number, section in enumerate(body.sections, 1):
        if not section.optional:
            yield f"{body.heading_of(number)}\n\n{section.prompt.strip() or SECTION_PLACEHOLDER}"
