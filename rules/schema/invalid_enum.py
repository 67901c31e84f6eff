from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from patternlint.rule import (
    Annotated,
    Diagnostic,
    Example,
    Fix,
    Meta,
    Node,
    Pattern,
    Safety,
    Severity,
    did_you_mean,
    phrases,
    replace_value,
    yaml_text,
)
from patternlint.rule.internal import SchemaRule, SchemaViolation

_STEM_LENGTH = 4  # characters


class InvalidEnum(SchemaRule):
    """Values of a closed list are allowed values."""

    name = "invalid-enum"
    severity = Severity.ERROR
    why = "Filters and pages use these values. A pattern with another value does not appear in them."
    notes = (
        "Widely used values are allowed in addition to those of the specification; `enum-strict` reports them. "
        "A fix is available if the value and the closest allowed value start with the same four letters: `enabler` becomes "
        "`enables`, but `context` does not become `concept`. "
        'Allow more values in the configuration: `allow = { "graph_garden.entities[].type" = ["organism"] }`.'
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
        Example("graph_garden:\n  entities:\n    - type: «context»\n", note="similar to `concept`, but another word"),
        Example("license: «MIT»\n", note="only one value is allowed"),
        Example(
            "orbital_layer: 3\nsector: «life»\n",
            "orbital_layer: 3\nsector: Life\n",
            spec="8.2",
            unsafe=True,
        ),
    )
    good = (
        Example("lifecycle:\n  status: active\n", note="widely used, but not in the specification"),
        Example(
            "graph_garden:\n  entities:\n    - type: organism\n",
            options={"allow": {"graph_garden.entities[].type": ["organism"]}},
        ),
        Example("lifecycle:\n  status: 3\n", note="not a string: reported by `wrong-type`"),
    )

    allow: Annotated[
        dict[str, tuple[str, ...]],
        Meta(description="Additional allowed values, by the path of the key."),
    ] = {}  # noqa: RUF012 - msgspec copies the default for each rule

    def check(self, error: SchemaViolation, pattern: Pattern) -> Iterator[Diagnostic]:
        extra = self.allow.get(phrases.config_route(error.route), ())
        if error.value in extra:
            return
        allowed = [*(error.expected if isinstance(error.expected, list) else [error.expected]), *extra]
        bare = _without_quotes(str(error.value))
        near = did_you_mean.closest_matches(bare, [str(value) for value in allowed], len(allowed))
        ordered = sorted(allowed, key=lambda value: near.index(str(value)) if str(value) in near else len(near))
        is_near = bool(near) and _same_stem(bare, near[0])
        fault = f"expected `{allowed[0]}`" if len(allowed) == 1 else "which is not allowed"
        yield self.report(
            error,
            pattern,
            f"{phrases.describe_route(error.route)} is {phrases.describe_value(error.value)}, {fault}",
            _advice(error, ordered, is_near=is_near),
            _fix(error, pattern, ordered[0]) if is_near else None,
        )


def _without_quotes(value: str) -> str:
    """Return a value without quotes, punctuation and whitespace around it."""
    return value.strip("\"'“”„‘’‚«»,; \t\u00a0\u200b\u202f\ufeff")


def _same_stem(value: str, other: str) -> bool:
    """Return whether two words are probably forms of one: `enabler` and `enables`, but not `context` and `concept`."""
    length = min(_STEM_LENGTH, len(value), len(other))
    return length > 0 and value[:length].casefold() == other[:length].casefold()


def _advice(error: SchemaViolation, ordered: Sequence[Any], *, is_near: bool) -> str:
    """Return the allowed values; the line to write if the first of them was probably meant."""
    first, *others = ordered
    if not isinstance(error.route[-1], str) or not (is_near or len(ordered) == 1):
        return f"write {phrases.join_or(phrases.backticked(ordered))}"
    line = f"write `{yaml_text.yaml_line(error.route[-1], first)}`"
    written = str(error.value)
    bare = _without_quotes(written)
    extra = dict.fromkeys(
        f"U+{ord(char):04X}" if char.isspace() or not char.isprintable() else f"`{char}`"
        for char in written
        if char not in bare
    )
    if extra and bare == first:
        line += f", without the {phrases.join_and(list(extra))}"
    return f"{line}, or {phrases.join_or(phrases.backticked(others))}" if others else line


def _fix(error: SchemaViolation, pattern: Pattern, value: Any) -> Fix:
    span = error.node.span
    return replace_value(span, pattern.source.slice(span), _scalar(value, error.node), error.route, Safety.UNSAFE)


def _scalar(value: Any, node: Node) -> str:
    """Return `value` as YAML, in the quotes of the old value."""
    if not isinstance(value, str):
        return json.dumps(value)
    if node.style == "'":
        escaped = value.replace("'", "''")
        return f"'{escaped}'"
    if node.style:
        return json.dumps(value, ensure_ascii=False)
    letters = re.sub("[-_.]", "", value)
    return value if letters[:1].isalpha() and letters.isalnum() else json.dumps(value)
