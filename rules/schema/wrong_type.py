from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from patternlint.rule import (
    DeclaredChange,
    Diagnostic,
    Example,
    Fix,
    Pattern,
    Replacement,
    Safety,
    Severity,
    item_name,
    phrases,
    quote_fix,
    yaml_text,
)
from patternlint.rule.internal import SchemaRule, SchemaViolation

_NUMBERS = frozenset(("number", "integer"))
_DASHES = "-–—−•*·"
_SHOWN = 72


class WrongType(SchemaRule):
    """Every value is of the kind that its key asks for: text, number, list or mapping."""

    name = "wrong-type"
    severity = Severity.ERROR
    why = "A program that expects a list and finds a word breaks, or takes the word apart letter by letter."
    notes = (
        "A key without a value, where a list is expected, becomes `[]`: both say that there is nothing. A `string` is "
        "a text; `3`, `true` and `null` without quotes are none. Where text is asked for, the fix puts a number, `true` or "
        '`false` in double quotes as it is written: `1e3` becomes `"1e3"`.'
    )
    bad = (
        Example('contributors: «"Zoë"»\n'),
        Example("relationships:\n  «enables»:\n", "relationships:\n  enables: []\n", note="null where a list belongs"),
        Example("«aliases»: &none\n", note="an anchor on nothing"),
        Example("graph_garden:\n  entities: «null» # später\n", "graph_garden:\n  entities: [] # später\n"),
        Example("title: «2030»\n", 'title: "2030"\n'),
        Example(
            "slug: «1e3»\naliases: [«012», «0x1F», «.5», «true»]\n",
            'slug: "1e3"\naliases: ["012", "0x1F", ".5", "true"]\n',
        ),
        Example("title: «null»\n", note="it may mean nothing, or the word"),
        Example("«summary»:\n"),
        Example('sources: ["Größe", «1984»]\n', 'sources: ["Größe", "1984"]\n'),
        Example('lifecycle:\n  confidence: «"2"»\n'),
        Example(
            "relationships:\n  requires:\n    - slug: café\n      weight: «.inf»\n", note="infinity is no number here"
        ),
        Example("ontology:\n  «commons_assessment»:\n    - resilience: 3.0\n"),
    )
    good = (
        Example('title: "2030"\nsources: []\n'),
        Example("lifecycle:\n  confidence: 2.0\n", note="the same as 2"),
        Example("graph_garden:\n  entities:\n    - Füße\n", note="`item-shape` says what an entity is"),
    )

    def check(self, error: SchemaViolation, pattern: Pattern) -> Iterator[Diagnostic]:
        """Say what was expected and what is there."""
        expected = (error.expected,) if isinstance(error.expected, str) else tuple(error.expected)
        description = str(error.schema.get("description", ""))
        yield self.at(
            pattern,
            error.node.label_span,
            f"{phrases.describe_route(error.route)}: expected {phrases.describe_type(expected)}, found {phrases.describe_kind(error.value)}",
            route=error.route,
            subject=item_name(pattern.front.root, error.route),
            help=_advice(error, expected, pattern) or description,
            fix=_fix(expected, error, pattern),
        )


def _advice(error: SchemaViolation, expected: tuple[str, ...], pattern: Pattern) -> str:
    """Return what to write, as far as the value that is there tells."""
    value = error.value
    if value is None:
        return _advice_for_nothing(error, expected, pattern)
    if isinstance(value, str | int | float) and not _NUMBERS.isdisjoint(expected):
        return _advice_for_number(error)
    if "array" in expected:
        return _advice_for_list(error)
    if "string" in expected:
        return _advice_for_string(error, pattern)
    if "object" in expected:
        keys = [str(key) for key in error.schema.get("required", ()) or error.schema.get("properties", ())]
        below = f": {phrases.join_and(phrases.backticked(keys))}" if keys else ""
        return f"write its keys on the lines below, each indented with {2 * len(error.route)} spaces{below}"
    return ""


def _fix(expected: tuple[str, ...], error: SchemaViolation, pattern: Pattern) -> Fix | None:
    if "array" in expected and error.value is None:
        return _empty_list(error, pattern)
    return quote_fix(pattern, error.route, error.node) if expected == ("string",) else None


def _line(error: SchemaViolation, value: Any) -> str:
    """Return the line that a value stands in."""
    key = error.route[-1]
    return yaml_text.yaml_line(key, value) if isinstance(key, str) else f"- {yaml_text.inline_yaml(value, quoted=True)}"


def _advice_for_nothing(error: SchemaViolation, expected: tuple[str, ...], pattern: Pattern) -> str:
    if "array" in expected:
        return "write `[]` where there is nothing to list"
    description = str(error.schema.get("description", ""))
    source = pattern.source.text
    end = source.find("\n", error.node.key_span.end)
    _, hidden, comment = source[error.node.key_span.end : end if end >= 0 else None].partition("#")
    if hidden and not _NUMBERS.isdisjoint(expected):
        number = yaml_text.intended_number(comment, error.schema)
        return f"delete the `#`, which begins a comment: write `{_line(error, number)}`" if number is not None else ""
    if hidden and "string" in expected:
        return f"put the text in double quotes, because `#` begins a comment: `{_line(error, f'#{comment.rstrip()}')}`"
    example = yaml_text.example_value(error.schema)
    if example is None or isinstance(example, dict):
        return ""
    return f"write a value, such as `{_line(error, example)}`. {description}".rstrip()


def _advice_for_number(error: SchemaViolation) -> str:
    schema = error.schema
    text = str(error.value)
    number = yaml_text.intended_number(text, schema)
    if number is not None:
        how = "with a point" if re.search(r"\d,\d", text) else "without quotes" if _is_number(text) else "as a number"
        return f"write `{_line(error, number)}`, {how}"
    low, high = schema.get("minimum"), schema.get("maximum")
    kind = "a whole number" if schema.get("type") == "integer" else "a number"
    span = f" from {low} to {high}" if low is not None and high is not None else ""
    example = yaml_text.example_value(schema)
    such = f", such as `{_line(error, example)}`" if example is not None else ""
    return f"write {kind}{span}{such}. {schema.get('description', '')}".rstrip()


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _advice_for_list(error: SchemaViolation) -> str:
    value = error.value
    example = next((one[0] for one in error.schema.get("examples", ()) if one), None)
    keys = example if isinstance(example, dict) else {}
    if (
        isinstance(value, dict)
        and error.node.style == "{"
        and value
        and not keys
        and all(one is None for one in value.values())
    ):
        return f"write `{_line(error, list(value))}`"
    if isinstance(value, dict):
        return _advice_for_mapping(value, has_keys=bool(keys))
    if not isinstance(value, str):
        return f"write `{_line(error, [value])}`"
    text = value.strip("() ")
    if text[:1] and text[0] in _DASHES:
        first = re.split(rf"\s[{re.escape(_DASHES)}]", text.lstrip(f"{_DASHES} "))[0].strip("\"' ")
        return f"write `-` and a space before each item: `- {yaml_text.inline_yaml(first[:_SHOWN], quoted=True)}`"
    if keys:
        name, *others = keys
        rest = [yaml_text.yaml_line(key, keys[key]) for key in others]
        below = f", and below it {phrases.join_and(phrases.backticked(rest))} with a value of your own" if rest else ""
        return f"write each item on the lines below: `- {yaml_text.yaml_line(name, text)}`{below}"
    items = [item.strip().strip("\"'") for item in re.split(r"[,;]\s+|\n", text) if item.strip()]
    return f"write `{_line(error, items)}`"


def _advice_for_mapping(value: Mapping[str, Any], *, has_keys: bool) -> str:
    """Return how to write a list whose items were not begun with a dash and a space."""
    first, inner = next(iter(value.items()), ("", None))
    bare = first.lstrip(f"{_DASHES} ")
    line = yaml_text.yaml_line(bare, inner)
    if bare != first:
        return f"write `-` and a space before each item: `- {line}`"
    return f"begin each item with `- `: write `- {line}`, and indent the keys below it by 2 more" if has_keys else ""


def _advice_for_string(error: SchemaViolation, pattern: Pattern) -> str:
    value = error.value
    while isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, str):
        return f"write `{_line(error, value)}`, without brackets"
    if isinstance(value, list):
        return f"write one text in place of the list, such as `{_line(error, value[0])}`" if value else ""
    written = pattern.source.slice(error.node.span)
    if "\n" in written or len(written) > _SHOWN:
        return "put the text in double quotes"
    key = f"{error.route[-1]}: " if isinstance(error.route[-1], str) else "- "
    return f"put it in double quotes: `{key}{json.dumps(written, ensure_ascii=False)}`"


def _empty_list(error: SchemaViolation, pattern: Pattern) -> Fix | None:
    """Return the fix that writes `[]`; None where that needs another `:`, or where an anchor or a tag stands."""
    span, text = error.node.span, pattern.source.text
    bare = span.start == span.end
    if (bare and text[span.start - 1] != ":") or text[span.start :].lstrip(" ").startswith(("&", "!")):
        return None
    edit = Replacement(span, " []" if bare else "[]")
    return Fix("write `[]`", Safety.SAFE, (edit,), (DeclaredChange(error.route),))
