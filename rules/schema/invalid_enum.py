"""invalid-enum."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from patternlint.rule import (
    Annotated,
    Change,
    Diagnostic,
    Example,
    Fix,
    Meta,
    Node,
    Pattern,
    Replace,
    Safety,
    SchemaError,
    SchemaRule,
    Severity,
    any_of,
    dotted,
    item_name,
    nearest,
    quoted,
    route_words,
    value_words,
)

_STEM = 4


class InvalidEnum(SchemaRule, frozen=True):
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

    def check(self, error: SchemaError, pattern: Pattern) -> Iterator[Diagnostic]:
        """Say what is allowed, nearest first."""
        value = error.value
        extra = self.allow.get(dotted(error.route), ())
        if value in extra:
            return
        allowed = [*(error.expected if isinstance(error.expected, list) else [error.expected]), *extra]
        near = nearest(str(value), [str(one) for one in allowed], len(allowed))
        ordered = sorted(allowed, key=lambda one: near.index(str(one)) if str(one) in near else len(near))
        name = f"{route_words(error.route)} is {value_words(value)}"
        yield self.at(
            pattern,
            error.node.mark,
            f"{name}, expected {allowed[0]}" if len(allowed) == 1 else f"{name}, which is not allowed",
            route=error.route,
            subject=item_name(pattern.front.root, error.route),
            help=f"write {any_of(quoted(ordered))}",
            fix=_fix(error, ordered[0]) if near and _begin_alike(str(value), near[0]) else None,
        )


def _begin_alike(value: str, other: str) -> bool:
    """Return whether two words are likely forms of one: `enabler` and `enables`, not `context` and `concept`."""
    length = min(_STEM, len(value), len(other))
    return length > 0 and value[:length].casefold() == other[:length].casefold()


def _fix(error: SchemaError, value: Any) -> Fix:
    edit = Replace(error.node.span, _scalar(value, error.node))
    return Fix(f"write `{value}`", Safety.UNSAFE, (edit,), (Change(error.route),))


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
