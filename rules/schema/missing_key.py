from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from patternlint.rule import (
    DeclaredChange,
    Diagnostic,
    Example,
    Fix,
    InsertKey,
    Pattern,
    Route,
    Safety,
    Severity,
    did_you_mean,
    item_name,
    layout,
    phrases,
    schema_lookup,
    yaml_text,
)
from patternlint.rule.internal import SchemaRule, SchemaViolation

_BEFORE_LINKS = """\
id: pat_01kh8ad0m6eqtt63hys8cf2dej
slug: essbare-gaerten
title: "Essbare Gärten"
summary: >-
  Neighbours grow food on public ground. What is ripe belongs to whoever passes by.
context_labels:
  corporate: "Edible Campus"
  government: "Edible City"
  activist: "Guerrilla Gardening"
  tech: "Open Harvest"
ontology:
  domain: food
  search_hints:
    primary_tension: "Public Ground vs. Private Harvest"
    vector_keywords: ["garden", "harvest"]
  commons_assessment:
    stakeholder_architecture: 4.0
    value_creation: 4.0
    resilience: 4.0
    ownership: 4.0
    autonomy: 4.0
    composability: 4.0
    fractal_value: 4.0
    vitality: 4.0
    vitality_reasoning: "People meet where food grows."
    overall_score: 4.0
"""
_LIFECYCLE = """\
  usage_stage: design
  adoption_stage: emerging
  status: draft
"""
_LINKS = """\
  generalizes_from: []
  specializes_to: []
  enables: []
  requires: []
  alternatives: []
  complementary: []
"""
_AFTER_LINKS = """\
graph_garden:
  last_pruned: 2024-05-01
  entities: []
  communities: []
  inferred_links: []
contributors: ["rosa-elm"]
license: CC-BY-SA-4.0
attribution: "Example Library, https://library.example"
"""
_VERSION = "  version: 0.1\n  confidence: 1\n"
_TOOLS = "  tools: []\n"
_SOURCES = 'sources: ["Field notes, 2023"]\n'


def _front(lifecycle: str, relationships: str, *rest: str) -> str:
    """Return a whole front matter made of its parts."""
    links = f"{relationships}\n{_LINKS}"
    return "".join((_BEFORE_LINKS, lifecycle, "\n", _LIFECYCLE, _VERSION, links, *rest))


class MissingKey(SchemaRule):
    """Every key that the specification asks for is there."""

    name = "missing-key"
    severity = Severity.ERROR
    why = "Pages, search and the graph are made of these keys; where one is missing, something stays empty or breaks."
    notes = (
        "There is one finding for each key, and none for the keys inside a missing one. A key at the top that is "
        "missing is reported on line 1, one deeper down on the key that should hold it. A missing list of "
        "relationships or of the graph garden is filled in as `[]`, which says the same as leaving it out; not beside a "
        "misspelt key, which is renamed instead."
    )
    bad = (
        Example(
            _front("lifecycle:", "«relationships»:", _AFTER_LINKS, _SOURCES),
            _front("lifecycle:", "relationships:", _TOOLS, _AFTER_LINKS, _SOURCES),
            note="relationships without `tools`",
        ),
        Example(
            "«»---\n" + _front("lifecycle:", "relationships:", _TOOLS, _AFTER_LINKS) + "---\n",
            note="no `sources`",
        ),
        Example(
            _front("«lifecycle»:", "relationships:", _TOOLS, _AFTER_LINKS, _SOURCES).replace("  confidence: 1\n", ""),
            note="a lifecycle without `confidence`",
        ),
        Example(
            _front("lifecycle:", "«relationships»:", "  tols: []\n", _AFTER_LINKS, _SOURCES),
            note="`tols` is likely `tools`",
        ),
        Example(
            _front("lifecycle:", "«relationships»: &links", _AFTER_LINKS, _SOURCES) + "again: *links\n",
            note="an anchor: a key that is added here would come up wherever the alias stands",
        ),
    )
    good = (
        Example(_front("lifecycle:", "relationships:", _TOOLS, _AFTER_LINKS, _SOURCES)),
        Example(
            _front("lifecycle:", "relationships:", _TOOLS, _AFTER_LINKS, _SOURCES).replace(
                "  confidence: 1\n", "  confidence:\n"
            ),
            note="the key is there; that it has no value, `wrong-type` says",
        ),
    )

    def check(self, error: SchemaViolation, pattern: Pattern) -> Iterator[Diagnostic]:
        """Name the key, and what belongs there."""
        route = error.route
        key = str(error.value)
        missing = (
            f"missing key `{key}` in {phrases.describe_route(route[:-1])}" if len(route) > 1 else f"missing key `{key}`"
        )
        fix = None
        misspelt = _misspelt(route, pattern)
        if not misspelt and _is_list_of_links(error, pattern) and layout.can_add_key(pattern, route):
            fix = Fix(f"add `{key}: []`", Safety.SAFE, (InsertKey(route, "[]"),), (DeclaredChange(route),))
        yield self.at(
            pattern,
            error.node.key_span if len(route) > 1 else None,
            " ".join(filter(None, (missing, error.condition))),
            route=route,
            subject=item_name(pattern.front.root, route),
            help=f"rename `{misspelt}` to `{key}`"
            if misspelt
            else _advice(route, error.schema, is_list=fix is not None),
            fix=fix,
        )


def _misspelt(route: Route, pattern: Pattern) -> str:
    """Return a key beside the missing one that is likely meant to be it, or an empty string."""
    parent = pattern.get(*route[:-1])
    present = parent.keys if parent is not None else {}
    known = schema_lookup.known_keys(pattern.spec, route[:-1])
    free = [key for key in known if key not in present]
    return next(
        (key for key in present if key not in known and route[-1] in did_you_mean.closest_matches(key, free)), ""
    )


def _advice(route: Route, schema: Mapping[str, Any], *, is_list: bool) -> str:
    """Return the line to write, and what belongs there."""
    key = str(route[-1])
    place = f" under `{route[-2]}`" if len(route) > 1 and isinstance(route[-2], str) else ""
    description = str(schema.get("description", ""))
    example = yaml_text.example_value(schema)
    if key == "id":
        advice = "add `id:` with an id that `patternlint id` prints; an id is never made up"
    elif is_list:
        advice = f"add `{key}: []`{place}"
    elif schema.get("type") == "object":
        inner = schema.get("required", ())
        advice = f"add `{key}:`{place}" + (
            f", and below it, indented, {phrases.join_and(phrases.backticked(inner))}" if inner else ""
        )
    elif example is not None:
        advice = f"add a line such as `{yaml_text.yaml_line(key, example)}`{place}"
    else:
        advice = f"add `{key}`{place}"
    return f"{advice}. {description}" if description else advice


def _is_list_of_links(error: SchemaViolation, pattern: Pattern) -> bool:
    """Return whether a list of the relationships or of the graph garden is missing."""
    spec = pattern.spec
    return (
        len(error.route) > 1
        and error.route[0] in (spec.relationships.key, spec.garden.key)
        and error.schema.get("type") == "array"
    )
