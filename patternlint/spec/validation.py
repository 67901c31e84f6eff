"""Check that a project's own spec is consistent: every name in its `spec.toml` must exist.

An unknown group, key or relationship type would otherwise have no effect without any error.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise, takewhile
from typing import Any

from msgspec.structs import asdict

from patternlint.diagnostics.route import path_steps
from patternlint.messages.did_you_mean import did_you_mean
from patternlint.spec.body import BodySpec, parse_form
from patternlint.spec.json_lines import line_of_pointer
from patternlint.spec.loader import SCHEMA_SUFFIX, SPEC_NAME, SpecError, spec_error, written_path
from patternlint.spec.model import HEADING, PATH_PARTS, Identity, Spec, template_keys
from patternlint.spec.schemas import (
    PATTERN,
    admits_other_keys,
    load_group_schema,
    referenced_files,
    require_shape,
    resolve_pointer,
    schema_path,
    top_level_keys,
)
from patternlint.spec.text import BODY, FRONT_MATTER, text_rule_problem

_KEY_SETTINGS = ("summary", "labels", "sector", "sources", "hubs", "orbit")
"""Settings at the top of a spec that name a top-level key."""

_Problem = tuple[tuple[Any, ...], str]
"""The path of a part of `spec.toml`, as `spec_error` takes it, and the reason why it is invalid."""


def check_spec(spec: Spec) -> None:
    """Reject a project's own spec that refers to unknown names.

    Raises:
        SpecError: naming the file, the line, and the nearest name that it has.
    """
    for name in (*(group.name for group in spec.groups), PATTERN):
        if (path := schema_path(spec.folder, name)).is_file():
            require_shape(path)
    _refuse_unknown_keys(spec)
    for steps, reason in _problems(spec):
        raise spec_error(spec.folder, steps, reason)
    written = tomllib.loads((spec.folder / SPEC_NAME).read_text(encoding="utf-8"))
    for steps, reason in _name_problems(spec):
        if len(written_path(written, steps)) == len(
            steps
        ):  # else it is inherited, and the spec may have taken a key away
            raise spec_error(spec.folder, steps, reason)
    _refuse_stray_schemas(spec)


def _problems(spec: Spec) -> Iterator[_Problem]:
    yield from _group_problems(spec)
    yield from _file_problems(spec)
    yield from _pattern_problems(spec)
    schemas = {group.name: load_group_schema(spec, group.name) for group in spec.groups}
    yield from _schema_problems(spec, schemas)
    yield from _body_problems(spec.body)
    for name, count in Counter(rule.name for rule in spec.text).items():
        if count > 1:
            yield ("text", name), f"duplicate rule `{name}`"
    for rule in spec.text:
        problem = text_rule_problem(rule)
        if problem is not None:
            setting, reason = problem
            yield ("text", rule.name, setting), reason


def _body_problems(body: BodySpec) -> Iterator[_Problem]:
    if parse_form(body.heading) is None:
        reason = (
            f"`heading` must be one to six `#`, a space and `{{title}}`, such as `## {{title}}` or "
            f"`### Section {{number}}: {{title}}`, not `{body.heading}`"
        )
        yield ("body", "heading"), reason
    titles: dict[str, str] = {}
    for section in body.sections:
        low, high = section.words
        if not 0 <= low <= high:
            steps = ("body", "sections", section.title, "words")
            yield steps, f"`words` of the section `{section.title}` must be [least, most], not [{low}, {high}]"
        least, most = section.row_numbers or (0, 0)
        if least > most or (section.row_numbers and not section.rows):
            steps = ("body", "sections", section.title, "row-numbers")
            yield steps, f"`row-numbers` of the section `{section.title}` must be [least, most], beside `rows`"
        for title in section.titles:
            other = titles.setdefault(title.casefold(), section.title)
            if other != section.title or section.titles.count(title) > 1:
                yield ("body", "sections", section.title), f"duplicate section title `{title}`"


CHECKED_SUFFIXES = (".md", ".markdown", ".mdx")
"""The suffixes of the files that are listed in folders."""


def _file_problems(spec: Spec) -> Iterator[_Problem]:
    """Yield the globs in `files` that match no file, because of their suffix."""
    for glob in spec.files:
        reason = suffix_problem(glob, "files")
        if reason:
            yield ("files", glob), reason


def suffix_problem(glob: str, setting: str) -> str:
    """Return why a glob in a setting matches no file, because of its suffix; empty if it may match some."""
    name = glob.rpartition("/")[2]
    suffix = name[name.rfind(".") :].lower() if "." in name else ""
    if glob.endswith("/") or not suffix or not frozenset("*?[").isdisjoint(suffix) or suffix in CHECKED_SUFFIXES:
        return ""
    return f"`{glob}` in `{setting}` matches no file: only files that end in {', '.join(CHECKED_SUFFIXES)} are checked"


_ATOMS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
"""Escapes and character classes, in which `+` and `)` are characters."""
_NESTED = re.compile(r"(?:[+*]|,\})\??\)(?:[+*]|\{[0-9]*,)")


def _pattern_problems(spec: Spec) -> Iterator[_Problem]:
    """Yield the regular expressions that Python does not understand, or that can take exponential time.

    RE2, which has no such expressions, is an optional package, and names must not depend on what is installed.
    """
    for steps, pattern in (
        (("identity", "name"), spec.identity.name.partition("|")[2]),
        (("relationships", "form"), spec.relationships.form),
        *((("derived",), one.of) for one in spec.derived if one.kind == "in-text"),
    ):
        try:
            re.compile(pattern)
        except re.error as error:
            yield steps, f"`{pattern}` is not a regular expression: {error}"
        if _NESTED.search(_ATOMS.sub("x", pattern)):
            yield (
                steps,
                f"`{pattern}` repeats a repetition, as in `(a+)+`, which can take forever; remove one of the two",
            )


def _identity_problems(spec: Spec) -> Iterator[_Problem]:
    """Yield the settings of `[identity]` that name no key of the front matter, and no part of a path."""
    identity, keys = spec.identity, spec.keys
    named = [("title", identity.title)] if identity.title not in (HEADING, Identity().title) else []
    named += [("id", identity.id)] if identity.id != Identity().id else []
    named += [("file", key) for key in template_keys(identity.file)]
    others = {"aliases": identity.aliases, "page-address": identity.page_address, "file-address": identity.file_address}
    named += [(setting, key) for setting, key in others.items() if key and not spec.bases]
    name = spec.name_source
    if name.startswith("{") and name not in PATH_PARTS:
        reason = f"unknown `{name}` in `name`{did_you_mean(name, PATH_PARTS)}; a key, or {' or '.join(PATH_PARTS)}"
        yield ("identity", "name"), reason
    elif spec.name_key:
        named.append(("name", spec.name_key))
    for setting, key in named:
        if key not in keys:
            yield ("identity", setting), f"unknown key `{key}` in `identity.{setting}`{did_you_mean(key, keys)}"


def _name_problems(spec: Spec) -> Iterator[_Problem]:
    if spec.groups:  # a spec without groups is one whose keys nobody checks
        schemas = {group.name: load_group_schema(spec, group.name) for group in spec.groups}
        yield from _identity_problems(spec)
        yield from _key_problems(spec, schemas)
        yield from _relationship_problems(spec, schemas)


def _group_problems(spec: Spec) -> Iterator[_Problem]:
    names = [group.name for group in spec.groups]
    for one, other in pairwise(sorted(names)):
        if one == other:
            yield ("groups", one), f"duplicate group `{one}`"
    inherited = {path.name.removesuffix(SCHEMA_SUFFIX) for folder in spec.bases for path in _schemas_in(folder)}
    own = {path.name.removesuffix(SCHEMA_SUFFIX) for path in _schemas_in(spec.folder)}
    for group in spec.groups:
        if group.name not in own | inherited:
            files = [
                path.name for path in spec.folder.glob("*.json") if path.name.removesuffix(SCHEMA_SUFFIX) not in names
            ]
            hint = did_you_mean(f"{group.name}{SCHEMA_SUFFIX}", files) or did_you_mean(group.name, inherited)
            advice = "; write it, with `{}` in it where any value is allowed"
            reason = f"group `{group.name}` has no schema: {group.name}{SCHEMA_SUFFIX} not found{hint or advice}"
            yield ("groups", group.name), reason
        for key in group.optional:
            if key not in group.keys:
                steps = ("groups", group.name, "optional", key)
                yield steps, f"`optional` names `{key}`, which is not in `keys`{did_you_mean(key, group.keys)}"


def _schemas_in(folder: Any) -> list[Any]:
    return sorted(folder.glob(f"*{SCHEMA_SUFFIX}"))


def _schema_problems(spec: Spec, schemas: Mapping[str, Mapping[str, Any]]) -> Iterator[_Problem]:
    """Yield the keys that the schema of a group defines and the group does not list."""
    for group in spec.groups:
        schema = schemas[group.name]
        dependent = schema.get("dependentRequired", {})
        needed = [key for keys in dependent.values() for key in keys]
        for key in dict.fromkeys((*schema.get("properties", ()), *schema.get("required", ()), *dependent, *needed)):
            if key in group.keys:
                continue
            home = spec.group_of.get(key)
            reason = (
                f"{group.name}{SCHEMA_SUFFIX} describes `{key}`, which is not in `keys` of the group `{group.name}`"
            )
            hint = did_you_mean(key, set(group.keys) - schema.get("properties", {}).keys()) or "; add it there"
            if home is not None:
                hint = f"; it belongs to the group `{home.name}`"
            yield ("groups", group.name, "keys"), reason + hint


def _refuse_stray_schemas(spec: Spec) -> None:
    """Reject a schema file that belongs to no group and is referenced by no schema.

    Raises:
        SpecError: naming the file, and the group that was likely meant.
    """
    names = [group.name for group in spec.groups]
    used = {schema_path(spec.folder, name) for name in (*names, PATTERN)} | referenced_files(spec)
    for path in _schemas_in(spec.folder):
        if path not in used:
            stem = path.name.removesuffix(SCHEMA_SUFFIX)
            raise SpecError(path, f"no group is called `{stem}`{did_you_mean(stem, names)}")


def _refuse_unknown_keys(spec: Spec) -> None:
    """Reject a schema for the whole front matter that names a key of no group: its condition would never apply.

    Raises:
        SpecError: naming the key, and the one that was likely meant.
    """
    path = schema_path(spec.folder, PATTERN)
    if not spec.groups or not path.is_file():
        return
    text = path.read_text(encoding="utf-8")
    for key, where in top_level_keys(json.loads(text)):
        if key not in spec.keys:
            raise SpecError(path, f"unknown key `{key}`{did_you_mean(key, spec.keys)}", line_of_pointer(text, where))


def _key_problems(spec: Spec, schemas: Mapping[str, Mapping[str, Any]]) -> Iterator[_Problem]:
    """Yield the settings that name an unknown key."""
    named: list[tuple[tuple[Any, ...], str]] = [
        *((("mark", "any-key", key), key) for key in spec.mark.any_key),
        *((("mark", "mapping-key", key), key) for key in spec.mark.mapping_key),
        *((("defaults", key), key) for key in spec.defaults),
        *((("key-orders", order, key), key) for order in map(list, spec.key_orders) for key in order),
        *((("where", key), key.partition(".")[0]) for key in spec.where),
        *(((setting,), key) for setting in _KEY_SETTINGS if (key := getattr(spec, setting))),
    ]
    if spec.garden.key:
        named.append((("garden", "key"), spec.garden.key))
    for steps, key in named:
        if key not in spec.keys:
            yield steps, f"unknown key `{key}` in `{steps[0]}`{did_you_mean(key, spec.keys)}"
    routes: list[tuple[tuple[Any, ...], tuple[str, ...]]] = [
        *(
            ((setting,), route)
            for setting, route in (
                ("revision", spec.revision),
                ("confidence", spec.confidence),
                ("tension", spec.tension),
            )
        ),
        *((("card", name), route) for name, route in asdict(spec.card).items()),
        *((("stats", "stages", index), route) for index, route in enumerate(spec.stats.stages)),
        (("stats", "created"), spec.stats.created),
        (("scores", "route"), spec.scores.route),
        *((("scores", "dimensions", name), (*spec.scores.route, name)) for name in spec.scores.dimensions),
    ]
    for setting in ("quoted", "plain", "inline"):
        routes += [(("style", setting, route), _fixed_steps(route)) for route in getattr(spec.style, setting)]
    places = ((rule.name, rule.place) for rule in spec.text if rule.place not in (BODY, FRONT_MATTER))
    routes += [(("text", name, "in"), _fixed_steps(place)) for name, place in places]
    for one in spec.derived:
        routes.append((("derived",), _fixed_steps(one.value)))
        if one.kind != "in-text":
            routes.append((("derived",), _fixed_steps(one.of)))
    for steps, keys in routes:
        found = _unknown_step(spec, schemas, keys)
        if found is not None:
            key, known = found
            where = ".".join(step for step in steps[:2] if isinstance(step, str))
            yield steps, f"unknown key `{key}` in `{where}`{did_you_mean(key, known)}"


def _fixed_steps(route: str) -> tuple[str, ...]:
    """Return the keys of a route up to the first `*` or `[]`."""
    return tuple(takewhile(lambda step: step not in ("*", "[]"), path_steps(route)))


def _unknown_step(
    spec: Spec, schemas: Mapping[str, Mapping[str, Any]], route: tuple[str, ...]
) -> tuple[str, Collection[str]] | None:
    """Return the first unknown key of a route into the front matter, and the known ones in its place; or None."""
    if not route:
        return None
    first, *rest = route
    if first not in spec.keys:
        return first, spec.keys
    whole = schemas[spec.group_of[first].name]
    schema: Any = whole.get("properties", {}).get(first)
    for key in rest:
        schema = _followed(whole, schema)
        known = schema.get("properties")
        if not known or admits_other_keys(schema):
            return None
        if key not in known:
            return key, known
        schema = known[key]
    return None


def _followed(whole: Mapping[str, Any], schema: Any) -> Mapping[str, Any]:
    """Return a schema with its reference resolved; an empty one for a boolean."""
    visited: set[str] = set()
    while isinstance(schema, dict) and isinstance(reference := schema.get("$ref"), str) and reference not in visited:
        visited.add(reference)
        schema = resolve_pointer(whole, reference)
    return schema if isinstance(schema, dict) else {}


def _relationship_problems(spec: Spec, schemas: Mapping[str, Mapping[str, Any]]) -> Iterator[_Problem]:
    links = spec.relationships
    if links.key and links.key not in spec.keys:
        yield (
            ("relationships", "key"),
            f"unknown key `{links.key}` in `relationships`{did_you_mean(links.key, spec.keys)}",
        )
        return
    for kind in links.types:
        found = _unknown_step(spec, schemas, (links.key, kind) if links.key else (kind,))
        if found is not None:
            reason = f"the relationship type `{kind}` is not a key of the front matter{did_you_mean(kind, found[1])}"
            yield ("relationships", "types", kind), reason
    named: list[tuple[tuple[Any, ...], str]] = [(("symmetric", kind), kind) for kind in links.symmetric]
    named += [(("acyclic", kind), kind) for kind in links.acyclic]
    named += [(("external", kind), kind) for kind in links.external]
    named += [(("flow", "types", kind), kind) for kind in links.flow.types]
    named += [(("inverse", list(pair), kind), kind) for pair in links.inverse for kind in pair]
    for steps, kind in named:
        if kind not in links.types:
            reason = f"unknown relationship type `{kind}` in `{steps[0]}`{did_you_mean(kind, links.types)}"
            yield ("relationships", *steps), reason
    if links.flow.key and links.flow.key not in spec.keys:
        reason = f"unknown key `{links.flow.key}` in `relationships.flow.key`{did_you_mean(links.flow.key, spec.keys)}"
        yield ("relationships", "flow", "key"), reason
