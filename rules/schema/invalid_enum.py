from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from patternlint.rule import (
    Annotated,
    DeclaredChange,
    Diagnostic,
    Example,
    Fix,
    Meta,
    Node,
    Pattern,
    Replacement,
    Safety,
    Severity,
    did_you_mean,
    item_name,
    phrases,
    yaml_text,
)
from patternlint.rule.internal import SchemaRule, SchemaViolation

_STEM = 4


class InvalidEnum(SchemaRule):
    """Where only certain values are allowed, the value is one of them."""

    name = "invalid-enum"
    severity = Severity.ERROR
    why = "Filters and pages are built on these words; a pattern with another one appears in none of them."
    notes = (
        "The words that are in wide use are allowed beside those of the specification; `enum-strict` tells them apart. "
        "A fix is offered where the value and the nearest word begin with the same four letters: `enabler` becomes "
        "`enables`, while `context` does not become `concept`. "
        'A project that uses more names them in its config: `allow = { "graph_garden.entities[].type" = ["organism"] }`.'
    )
    bad = (
        Example("lifecycle:\n  usage_stage: design\n  status: «published»\n"),
        Example(
            "title: Gärten\nlifecycle:\n  status: «drafted»\n",
            "title: Gärten\nlifecycle:\n  status: draft\n",
            unsafe=True,
        ),
        Example(
            'graph_garden:\n  entities:\n    - label: "Café"\n      type: «"practise"»\n',
            'graph_garden:\n  entities:\n    - label: "Café"\n      type: "practice"\n',
            unsafe=True,
        ),
        Example("graph_garden:\n  entities:\n    - type: «context»\n", note="near to `concept`, and another word"),
        Example("license: «MIT»\n", note="one value alone is allowed"),
        Example(
            "orbital_layer: 3\nsector: «life»\n",
            "orbital_layer: 3\nsector: Life\n",
            spec="8.2",
            unsafe=True,
        ),
    )
    good = (
        Example("lifecycle:\n  status: active\n", note="in use, though the specification does not list it"),
        Example(
            "graph_garden:\n  entities:\n    - type: organism\n",
            options={"allow": {"graph_garden.entities[].type": ["organism"]}},
        ),
        Example("lifecycle:\n  status: 3\n", note="no text: `wrong-type` says so"),
    )

    allow: Annotated[
        dict[str, tuple[str, ...]],
        Meta(description="More values, under the way to the key that may have them."),
    ] = {}  # noqa: RUF012 - msgspec makes a new one for every value

    def check(self, error: SchemaViolation, pattern: Pattern) -> Iterator[Diagnostic]:
        """Say what is allowed, nearest first."""
        value = error.value
        extra = self.allow.get(phrases.config_route(error.route), ())
        if value in extra:
            return
        allowed = [*(error.expected if isinstance(error.expected, list) else [error.expected]), *extra]
        near = did_you_mean.closest_matches(_bare(str(value)), [str(one) for one in allowed], len(allowed))
        ordered = sorted(allowed, key=lambda one: near.index(str(one)) if str(one) in near else len(near))
        name = f"{phrases.describe_route(error.route)} is {phrases.describe_value(value)}"
        is_near = bool(near) and _begin_alike(_bare(str(value)), near[0])
        yield self.at(
            pattern,
            error.node.label_span,
            f"{name}, expected {allowed[0]}" if len(allowed) == 1 else f"{name}, which is not allowed",
            route=error.route,
            subject=item_name(pattern.front.root, error.route),
            help=_advice(str(value), error, ordered, is_near=is_near),
            fix=_fix(error, ordered[0]) if is_near else None,
        )


def _bare(value: str) -> str:
    """Return a value without quotes and blanks around it that are part of it."""
    return value.strip("\"'“”„‘’‚«»,; \t\u00a0\u200b\u202f\ufeff")


def _advice(value: str, error: SchemaViolation, ordered: Sequence[Any], *, is_near: bool) -> str:
    """Return the values to choose from; the one that was meant, with its line, where that is plain."""
    first, *others = ordered
    if not is_near or not isinstance(error.route[-1], str):
        return f"write {phrases.join_or(phrases.backticked(ordered))}"
    bare = _bare(value)
    extra = [
        f"U+{ord(one):04X}" if one.isspace() or not one.isprintable() else f"`{one}`"
        for one in value
        if one not in bare
    ]
    without = f", without the {phrases.join_and(list(dict.fromkeys(extra)))}" if extra and bare == first else ""
    line = f"write `{yaml_text.yaml_line(error.route[-1], first)}`{without}"
    return (
        f"{line}; {phrases.join_or(phrases.backticked(others))} {'are' if len(others) > 1 else 'is'} also allowed"
        if others
        else line
    )


def _begin_alike(value: str, other: str) -> bool:
    """Return whether two words are likely forms of one: `enabler` and `enables`, not `context` and `concept`."""
    length = min(_STEM, len(value), len(other))
    return length > 0 and value[:length].casefold() == other[:length].casefold()


def _fix(error: SchemaViolation, value: Any) -> Fix:
    edit = Replacement(error.node.span, _scalar(value, error.node))
    return Fix(f"write `{value}`", Safety.UNSAFE, (edit,), (DeclaredChange(error.route),))


def _scalar(value: Any, node: Node) -> str:
    """Return `value` as YAML, a text in the quotes that the old value has."""
    if not isinstance(value, str):
        return json.dumps(value)
    if node.style == "'" or not node.style:
        plain = value.replace("-", "").replace("_", "").replace(".", "")
        if node.style:
            return f"'{value.replace(node.style, node.style * 2)}'"
        return value if plain[:1].isalpha() and plain.isalnum() else json.dumps(value)
    return json.dumps(value, ensure_ascii=False)
