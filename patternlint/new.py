"""A new pattern: everything that its spec asks for, in canonical layout, with prompts where a person has to write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from msgspec import Struct

from patternlint.banners import banner_lines
from patternlint.spec import Group, Spec

UNWRITTEN = "[Write this section.]"
"""Stands in a section for which the spec has no prompt."""

SECTORS = ("Life", "Ecology", "Urban", "Business", "Universal")
OPENING = "[Say the core of the pattern in one sentence.]"
CONFIDENCE = "> [!NOTE] Confidence Rating: ★☆☆ (Low)"


class Identity(Struct, frozen=True):
    """What is known of a new pattern: its id, slug and title, its sector, and the day."""

    id: str
    slug: str
    title: str
    sector: str
    today: date


def new_pattern(spec: Spec, identity: Identity) -> str:
    """Return the text of a new pattern that follows `spec`."""
    values = {
        "{{id}}": identity.id,
        "{{slug}}": identity.slug,
        "{{title}}": identity.title.replace("\\", "\\\\").replace('"', '\\"'),
        "{{sector}}": identity.sector,
        "{{today}}": identity.today.isoformat(),
    }
    front = "\n".join(line for number, group in enumerate(spec.groups) for line in _group(spec, group, number, values))
    body = "\n\n---\n\n".join((f"{OPENING}\n\n{CONFIDENCE}", *_sections(spec)))
    return f"---\n{front}\n---\n\n{body}\n"


def _group(spec: Spec, group: Group, number: int, values: Mapping[str, str]) -> Iterator[str]:
    if number and group.blank_before != "never":
        yield ""
    if group.banner:
        yield from banner_lines(group)
    for key in group.keys:
        if key not in group.optional:
            yield _filled(spec.defaults.get(key, f'{key}: ""').strip("\n"), values)


def _filled(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(name, value)
    return text


def _sections(spec: Spec) -> Iterator[str]:
    for number, section in enumerate(spec.body.sections, 1):
        yield f"### Section {number}: {section.title}\n\n{section.prompt.strip() or UNWRITTEN}"
