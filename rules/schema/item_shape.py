"""item-shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from patternlint.rule import (
    Change,
    Diagnostic,
    Example,
    Fix,
    Pattern,
    Replace,
    Safety,
    SchemaError,
    SchemaRule,
    Severity,
    all_of,
    is_slug,
    item_name,
    kind_words,
    quoted,
    route_words,
)


class ItemShape(SchemaRule, frozen=True):
    """Every relationship, hub, entity, community and inferred link has the keys that its kind has."""

    name = "item-shape"
    severity = Severity.WARNING
    why = "Programs that draw the graph skip an item whose keys they do not know: the link is there and nobody sees it."
    notes = (
        "A relationship is `{slug, weight}`, maybe with a `description`, or `{typeid, slug, weight, source}`. A hub has "
        "a `hub_id` and an `influence`. An entity and a community are mappings, and so is an inferred link, which has a "
        "`confidence` where older ones have a `strength`. In 8.2 the `tools` are things outside the library, of any "
        "shape. Where an item of a relationship has an `id` that is a slug and no `slug`, the key is renamed; every "
        "other wrong shape needs a person. What is wrong with the values inside an item, other rules say."
    )
    bad = (
        Example(
            "relationships:\n  enables:\n    - «id: offene-gärten\n      weight: 0.8»\n",
            note="an `id` that is no slug is not renamed",
        ),
        Example(
            'title: "Gärten"\nrelationships:\n  enables:\n    - «id: offene-gaerten\n      weight: 0.8»\n',
            'title: "Gärten"\nrelationships:\n  enables:\n    - slug: offene-gaerten\n      weight: 0.8\n',
        ),
        Example("relationships:\n  requires:\n    - «seed-library»\n    - «{slug: café}»\n"),
        Example("relationships:\n  requires:\n    - «{slug: café, weight: 0.7, source: curated}»\n"),
        Example("graph_garden:\n  entities: [«Füße», «Feedback Loop»]\n"),
        Example("graph_garden:\n  inferred_links:\n    - «target: repair-cafe\n      strength: 0.6»\n"),
        Example("gravitational_hubs:\n  - «hub_id: öffentlichkeit»\n", spec="8.2"),
    )
    good = (
        Example('relationships:\n  enables:\n    - {slug: café, weight: 0.8, description: "Füllt den Raum."}\n'),
        Example(
            "relationships:\n  enables:\n    - typeid: pat_01kh8ad0m6eqtt63hys8cf2dej\n      slug: repair-cafe\n"
            "      weight: 2\n      source: curated\n",
            note="the weight is the matter of `out-of-range`",
        ),
        Example("orbital_layer: 3\nrelationships:\n  tools: [Gießkanne]\n", spec="8.2"),
        Example("graph_garden:\n  inferred_links:\n    - target: repair-cafe\n      type: enables\n"),
    )

    def check(self, error: SchemaError, pattern: Pattern) -> Iterator[Diagnostic]:
        """Say which keys are missing or too many, or that the item is no mapping."""
        yield self.at(
            pattern,
            error.node.span,
            f"{route_words(error.route)} {_fault(error)}",
            route=error.route,
            subject=item_name(pattern.front.root, error.route),
            help=str(error.schema.get("description", "")),
            fix=_rename(error, pattern),
        )


def _fault(error: SchemaError) -> str:
    """Say what is wrong with the item's shape."""
    value = error.value
    if not isinstance(value, dict):
        return f"is {kind_words(value)}, expected a mapping"
    schema: Mapping[str, Any] = error.schema
    known = schema.get("properties", ())
    missing = [str(key) for key in schema.get("required", ()) if key not in value]
    extra = [key for key in value if key not in known] if schema.get("additionalProperties") is False else []
    if len(missing) == len(extra) == 1:
        return f"has `{extra[0]}` instead of `{missing[0]}`"
    faults = [f"lacks {all_of(quoted(missing))}"] if missing else []
    if extra:
        faults.append(f"may not have {all_of(quoted(extra))}")
    return all_of(faults) or "is not of the shape that its kind has"


def _rename(error: SchemaError, pattern: Pattern) -> Fix | None:
    """Return the fix that renames `id` to `slug` in a relationship, where the id is a slug."""
    spec = pattern.spec
    node = error.node.get("id")
    if error.route[0] != spec.relationships.key or node is None or error.node.get("slug") is not None:
        return None
    if not (isinstance(node.value, str) and is_slug(node.value)):
        return None
    changes = (Change((*error.route, "id")), Change((*error.route, "slug")))
    return Fix("rename `id` to `slug`", Safety.SAFE, (Replace(node.key_span, "slug"),), changes)
