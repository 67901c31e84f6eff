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
    Spec,
    did_you_mean,
    item_name,
    layout,
    phrases,
    schema_lookup,
    yaml_text,
)
from patternlint.rule.internal import SchemaRule, SchemaViolation

_COMPLETE = """\
id: pat_01kh8ad0m6eqtt63hys8cf2dej
slug: essbare-gaerten
title: "Essbare Gärten"
summary: >-
  Neighbors grow food on public ground. What is ripe belongs to whoever passes by.
context_labels: {corporate: Edible Campus, government: Edible City, activist: Guerrilla Gardening, tech: Open Harvest}
ontology:
  domain: food
  search_hints: {primary_tension: Public Ground vs. Private Harvest, vector_keywords: [garden, harvest]}
  commons_assessment:
    {stakeholder_architecture: 4.0, value_creation: 4.0, resilience: 4.0, ownership: 4.0, autonomy: 4.0,
     composability: 4.0, fractal_value: 4.0, vitality: 4.0, vitality_reasoning: People meet., overall_score: 4.0}
lifecycle:
  usage_stage: design
  adoption_stage: emerging
  status: draft
  version: 0.1
  confidence: 1
relationships:
  generalizes_from: []
  specializes_to: []
  enables: []
  requires: []
  alternatives: []
  complementary: []
  tools: []
graph_garden: {last_pruned: 2024-05-01, entities: [], communities: [], inferred_links: []}
contributors: ["rosa-elm"]
license: CC-BY-SA-4.0
attribution: "Example Library, https://library.example"
sources: ["Field notes, 2023"]
"""
_TOOLS = "  tools: []\n"


def _bad(key: str, removed: str, added: str = "") -> str:
    """Return the complete front matter with `key` marked, and the lines `removed` replaced by `added`."""
    return _COMPLETE.replace(f"\n{key}:", f"\n«{key}»:").replace(removed, added)


class MissingKey(SchemaRule):
    """All required keys are present."""

    name = "missing-key"
    severity = Severity.ERROR
    why = "Pages, search and the graph are built from these keys. A missing one leaves them incomplete or breaks them."
    notes = (
        "Each missing key is reported once, without the keys inside it. A missing top-level key is reported on line 1, a "
        "nested one at the key that should contain it. The fix adds a missing list of relationships or of the graph "
        "garden as `[]`, which has the same meaning; it does not if another key looks like a misspelling of it."
    )
    bad = (
        Example(_bad("relationships", _TOOLS), _COMPLETE, note="relationships without `tools`"),
        Example("«»---\n" + _bad("", 'sources: ["Field notes, 2023"]\n') + "---\n", note="no `sources`"),
        Example(_bad("lifecycle", "  confidence: 1\n"), note="a lifecycle without `confidence`"),
        Example(_bad("relationships", _TOOLS, "  tols: []\n"), note="`tols` is probably `tools`"),
        Example(
            _bad("relationships", _TOOLS).replace("«relationships»:", "«relationships»: &links") + "again: *links\n",
            note="an anchor: a key added here would also be added wherever the alias is used",
        ),
    )
    good = (
        Example(_COMPLETE),
        Example(
            _COMPLETE.replace("confidence: 1", "confidence:"),
            note="the key is present; `wrong-type` reports that it has no value",
        ),
    )

    def check(self, error: SchemaViolation, pattern: Pattern) -> Iterator[Diagnostic]:
        route = error.route
        key = str(error.value)
        place = f" in {phrases.describe_route(route[:-1])}" if len(route) > 1 else ""
        misspelled = _misspelled(route, pattern)
        fix = None
        if not misspelled and _is_list_of_links(error, pattern) and layout.can_add_key(pattern, route):
            fix = Fix(f"add `{key}: []`", Safety.SAFE, (InsertKey(route, "[]"),), (DeclaredChange(route),))
        advice = _advice(route, error.schema, _id_key(pattern.spec), is_list=fix is not None)
        yield self.at(
            pattern,
            error.node.key_span if len(route) > 1 else None,
            f"missing key `{key}`{place} {error.condition}".rstrip(),
            route=route,
            subject=item_name(pattern.front.root, route),
            help=f"rename `{misspelled}` to `{key}`" if misspelled else advice,
            fix=fix,
        )


def _misspelled(route: Route, pattern: Pattern) -> str:
    """Return the unknown key next to the missing one that is probably a misspelling of it, or an empty string."""
    parent = pattern.get(*route[:-1])
    present = parent.keys if parent is not None else {}
    known = schema_lookup.known_keys(pattern.spec, route[:-1])
    free = [key for key in known if key not in present]
    unknown = (key for key in present if key not in known)
    return next((key for key in unknown if route[-1] in did_you_mean.closest_matches(key, free)), "")


def _id_key(spec: Spec) -> str:
    """Return the key of the id where `patternlint id` generates one, else an empty string."""
    return spec.identity.id if spec.identity.id_prefixes else ""


def _advice(route: Route, schema: Mapping[str, Any], id_key: str, *, is_list: bool) -> str:
    """Return the line to write, and the description of the key."""
    key = str(route[-1])
    place = f" under `{route[-2]}`" if len(route) > 1 and isinstance(route[-2], str) else ""
    description = str(schema.get("description", ""))
    example = yaml_text.example_value(schema)
    if key == id_key:
        advice = f"run `patternlint id`, and add `{key}:` with the id that it prints"
    elif is_list:
        advice = f"add `{key}: []`{place}"
    elif schema.get("type") == "object":
        inner = phrases.join_and(phrases.backticked(schema.get("required", ())))
        advice = f"add `{key}:`{place}{', and below it, indented, ' if inner else ''}{inner}"
    elif example is not None:
        advice = f"add a line such as `{yaml_text.yaml_line(key, example)}`{place}"
    else:
        advice = f"add `{key}`{place}"
    return f"{advice}. {description}" if description else advice


def _is_list_of_links(error: SchemaViolation, pattern: Pattern) -> bool:
    """Return whether a list of the relationships or of the graph garden is missing."""
    groups = pattern.spec.relationships.key, pattern.spec.garden.key
    return len(error.route) > 1 and error.route[0] in groups and error.schema.get("type") == "array"
