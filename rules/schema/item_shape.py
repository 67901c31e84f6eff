from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from patternlint.rule import (
    DeclaredChange,
    Diagnostic,
    Example,
    Fix,
    Node,
    Pattern,
    Replacement,
    Safety,
    Severity,
    Span,
    identifiers,
    label,
    phrases,
    yaml_text,
)
from patternlint.rule.internal import SchemaRule, SchemaViolation


class ItemShape(SchemaRule):
    """Every relationship, hub, entity, community and inferred link has the keys that its kind has."""

    name = "item-shape"
    severity = Severity.WARNING
    why = "Programs that draw the graph skip an item whose keys they do not know: the link is there and nobody sees it."
    notes = (
        "A relationship is `{slug, weight}`, maybe with a `description`, or `{typeid, slug, weight, source}`. A hub has "
        "a `hub_id` and an `influence`. An entity and a community are mappings, and so is an inferred link, which has a "
        "`confidence` where older ones have a `strength`. In 8.2 the `tools` are things outside the library, of any "
        "shape. Where an item of a relationship has an `id` that is a slug and no `slug`, the key is renamed; every "
        "other wrong shape needs a person. Items of one list that are wrong in the same "
        "way are one finding, at the first of them."
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
        Example("relationships:\n  requires:\n    - «seed-library»\n    - «{slug: café}»\n    - {slug: beet}\n"),
        Example("relationships:\n  requires:\n    - «{slug: café, weight: 0.7, source: curated}»\n"),
        Example("graph_garden:\n  entities: [«Füße», Feedback Loop]\n"),
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

    def check(self, error: SchemaViolation, pattern: Pattern) -> Iterator[Diagnostic]:
        """Report which keys are missing or too many, or that the item is not a mapping, once for a list."""
        others = error.also
        place = phrases.describe_route(error.route[:-1])
        name = f"{len(others) + 1} items of {place}: the first" if others else phrases.describe_route(error.route)
        yield self.at(
            pattern,
            error.node.span,
            f"{name} {_fault(error)}",
            route=error.route,
            subject=_kind(error.value),
            help=_advice(error),
            labels=tuple(label(pattern, _first_line(pattern, one.node), "the same here") for one in others),
            fix=_rename((error, *others), pattern),
        )


def _kind(value: Any) -> str:
    """Return what the wrong items of a list have in common, whatever their order and whether `id` is renamed to `slug`."""
    keys = sorted(value.keys() - {"id", "slug"}) if isinstance(value, dict) else ()
    return ", ".join(keys) or phrases.describe_kind(value)


def _first_line(pattern: Pattern, node: Node) -> Span:
    end = pattern.source.text.find("\n", node.start, node.end)
    return Span(node.start, end if end >= 0 else node.end)


def _advice(error: SchemaViolation) -> str:
    """Return the lines to write, and what an item consists of."""
    value, schema = error.value, error.schema
    description = str(schema.get("description", ""))
    example = next((one for one in schema.get("examples", ()) if isinstance(one, dict)), None)
    missing = [str(key) for key in schema.get("required", ()) if not isinstance(value, dict) or key not in value]
    known = schema.get("properties", ())
    extra = [key for key in value if key not in known] if isinstance(value, dict) and known else []
    if example is None or not missing:
        advice = (
            f"delete {phrases.join_and(phrases.backticked(extra))}"
            if extra and schema.get("additionalProperties") is False
            else ""
        )
    elif isinstance(value, dict):
        lines = [yaml_text.yaml_line(key, example[key]) if key in example else f"{key}:" for key in missing]
        advice = f"add {phrases.join_and(phrases.backticked(lines))} to the item, with {'values' if len(lines) > 1 else 'a value'} of your own"
        if len(missing) == len(extra) == 1:
            advice = f"rename `{extra[0]}` to `{missing[0]}`"
    elif isinstance(value, str):
        first, *rest = missing
        lines = [yaml_text.yaml_line(key, example.get(key)) for key in rest]
        below = (
            f", and below it {phrases.join_and(phrases.backticked(lines))} with a value of your own" if lines else ""
        )
        advice = f"write `- {yaml_text.yaml_line(first, value)}`{below}"
    else:
        advice = f"write an item such as `- {yaml_text.inline_yaml(example)}`"
    return ". ".join(part for part in (advice, description) if part)


def _fault(error: SchemaViolation) -> str:
    """Say what is wrong with the item's shape."""
    value = error.value
    if not isinstance(value, dict):
        return f"is {phrases.describe_kind(value)}, expected a mapping"
    schema: Mapping[str, Any] = error.schema
    known = schema.get("properties", ())
    missing = [str(key) for key in schema.get("required", ()) if key not in value]
    extra = [key for key in value if key not in known] if schema.get("additionalProperties") is False else []
    if len(missing) == len(extra) == 1:
        return f"has `{extra[0]}` instead of `{missing[0]}`"
    faults = [f"lacks {phrases.join_and(phrases.backticked(missing))}"] if missing else []
    if extra:
        faults.append(f"may not have {phrases.join_and(phrases.backticked(extra))}")
    return phrases.join_and(faults) or "is not of the shape that its kind has"


def _rename(errors: tuple[SchemaViolation, ...], pattern: Pattern) -> Fix | None:
    """Return the fix that renames `id` to `slug` in relationships, where the id is a slug."""
    edits: list[Replacement] = []
    changes: list[DeclaredChange] = []
    for error in errors:
        node = error.node.get("id")
        if error.route[0] != pattern.spec.relationships.key or node is None or error.node.get("slug") is not None:
            return None
        if isinstance(node.value, str) and identifiers.is_slug(node.value):
            edits.append(Replacement(node.key_span, "slug"))
            changes += [DeclaredChange((*error.route, "id")), DeclaredChange((*error.route, "slug"))]
    if len(edits) < len(errors) and not _is_right_renamed(errors[0]):
        return None  # the renamed items would still be wrong, and one finding would become two
    return Fix("rename `id` to `slug`", Safety.SAFE, tuple(edits), tuple(changes)) if edits else None


def _is_right_renamed(error: SchemaViolation) -> bool:
    """Return whether an item has exactly the keys of its kind once `id` is renamed to `slug`."""
    keys: set[str] = error.value.keys() - {"id"} | {"slug"}
    return set(error.schema.get("required", ())) <= keys <= set(error.schema.get("properties", keys))
