from __future__ import annotations

from collections.abc import Iterator
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
    """Relationships, hubs, entities, communities and inferred links have the required keys and no others."""

    name = "item-shape"
    severity = Severity.WARNING
    why = "Programs that draw the graph skip an item with unexpected keys, so its link is missing from the graph."
    notes = (
        "A relationship is `{slug, weight}`, optionally with a `description`, or `{typeid, slug, weight, source}`. A hub "
        "has a `hub_id` and an `influence`. Entities, communities and inferred links are mappings. An inferred link has a "
        "`confidence`, which older ones call `strength`. In 8.2 the `tools` are external and may have any shape. "
        "Items of one list with the same fault are reported once, at the first of them. The fix renames `id` to `slug` in a "
        "relationship whose `id` is a slug; all other faults have no fix."
    )
    bad = (
        Example(
            "relationships:\n  enables:\n    - «id: offene-gärten\n      weight: 0.8»\n",
            note="an `id` that is not a slug is not renamed",
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
            note="the weight is reported by `out-of-range`",
        ),
        Example("orbital_layer: 3\nrelationships:\n  tools: [Gießkanne]\n", spec="8.2"),
        Example("graph_garden:\n  inferred_links:\n    - target: repair-cafe\n      type: enables\n"),
    )

    def check(self, error: SchemaViolation, pattern: Pattern) -> Iterator[Diagnostic]:
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
            labels=tuple(label(pattern, _first_line(pattern, other.node), "the same fault") for other in others),
            fix=_rename((error, *others), pattern),
        )


def _kind(value: Any) -> str:
    """Return the keys of an item, or its type. The result is the same after `id` is renamed to `slug`."""
    keys = sorted(value.keys() - {"id", "slug"}) if isinstance(value, dict) else ()
    return ", ".join(keys) or phrases.describe_kind(value)


def _first_line(pattern: Pattern, node: Node) -> Span:
    end = pattern.source.text.find("\n", node.start, node.end)
    return Span(node.start, end if end >= 0 else node.end)


def _advice(error: SchemaViolation) -> str:
    """Return the lines to write, and the description of an item."""
    value, schema = error.value, error.schema
    example = next((item for item in schema.get("examples", ()) if isinstance(item, dict)), None)
    missing, extra = _wrong_keys(error)
    advice = ""
    if example is None or not missing:
        if extra and schema.get("additionalProperties") is False:
            advice = f"delete {phrases.join_and(phrases.backticked(extra))}"
    elif isinstance(value, dict) and len(missing) == len(extra) == 1:
        advice = f"rename `{extra[0]}` to `{missing[0]}`"
    elif isinstance(value, dict):
        lines = [yaml_text.yaml_line(key, example[key]) if key in example else f"{key}:" for key in missing]
        advice = f"add {_example_lines(lines)}"
    elif isinstance(value, str):
        first, *rest = missing
        lines = [yaml_text.yaml_line(key, example.get(key)) for key in rest]
        below = f", and below it {_example_lines(lines)}" if lines else ""
        advice = f"write `- {yaml_text.yaml_line(first, value)}`{below}"
    else:
        advice = f"write an item such as `- {yaml_text.inline_yaml(example)}`"
    return ". ".join(filter(None, (advice, str(schema.get("description", "")))))


def _example_lines(lines: list[str]) -> str:
    value = "a value" if len(lines) == 1 else "values"
    return f"{phrases.join_and(phrases.backticked(lines))} with {value} of your own"


def _wrong_keys(error: SchemaViolation) -> tuple[list[str], list[str]]:
    """Return the required keys that an item lacks, and its keys that the schema does not list."""
    value = error.value if isinstance(error.value, dict) else {}
    known = error.schema.get("properties", ())
    missing = [str(key) for key in error.schema.get("required", ()) if key not in value]
    is_closed = bool(known) or error.schema.get("additionalProperties") is False
    return missing, [key for key in value if key not in known] if is_closed else []


def _fault(error: SchemaViolation) -> str:
    if not isinstance(error.value, dict):
        return f"is {phrases.describe_kind(error.value)}, expected a mapping"
    missing, extra = _wrong_keys(error)
    if error.schema.get("additionalProperties") is not False:
        extra = []
    if len(missing) == len(extra) == 1:
        return f"has `{extra[0]}` instead of `{missing[0]}`"
    faults = [f"lacks {phrases.join_and(phrases.backticked(missing))}"] if missing else []
    if extra:
        faults.append(f"must not have {phrases.join_and(phrases.backticked(extra))}")
    return phrases.join_and(faults) or "does not have the expected form"


def _rename(errors: tuple[SchemaViolation, ...], pattern: Pattern) -> Fix | None:
    """Return the fix that renames `id` to `slug` in relationships whose id is a slug."""
    edits: list[Replacement] = []
    changes: list[DeclaredChange] = []
    for error in errors:
        node = error.node.get("id")
        if error.route[0] != pattern.spec.relationships.key or node is None or error.node.get("slug") is not None:
            return None
        if isinstance(node.value, str) and identifiers.is_slug(node.value):
            edits.append(Replacement(node.key_span, "slug"))
            changes += [DeclaredChange((*error.route, "id")), DeclaredChange((*error.route, "slug"))]
    if len(edits) < len(errors) and not _is_valid_renamed(errors[0]):
        return None  # the renamed items would still be wrong, and reported separately
    return Fix("rename `id` to `slug`", Safety.SAFE, tuple(edits), tuple(changes)) if edits else None


def _is_valid_renamed(error: SchemaViolation) -> bool:
    """Return whether an item has all required keys and no unknown ones once `id` is renamed to `slug`."""
    keys: set[str] = error.value.keys() - {"id"} | {"slug"}
    return set(error.schema.get("required", ())) <= keys <= set(error.schema.get("properties", keys))
