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
    phrases,
    quote_fix,
    yaml_text,
)
from patternlint.rule.internal import SchemaRule, SchemaViolation

_NUMBERS = frozenset(("number", "integer"))
_DASHES = "-–—−•*·"
_QUOTES = "\"'"
_SEPARATOR = re.compile(r"[,;]\s+|\n")
_NAMES = ("slug", "id", "name")
_SHOWN = 72  # characters


class WrongType(SchemaRule):
    """Values have the type that their key requires: string, number, list or mapping."""

    name = "wrong-type"
    severity = Severity.ERROR
    why = "A program that expects a list and reads a string fails, or processes each letter as an item."
    notes = (
        "If a list is required, the fix writes `[]` for a key without a value. If a string is required, it adds double "
        'quotes to a number, `true` or `false`, and leaves the text unchanged: `1e3` becomes `"1e3"`. `3`, `true` and '
        "`null` without quotes are not strings."
    )
    bad = (
        Example('contributors: «"Zoë"»\n'),
        Example("relationships:\n  «enables»:\n", "relationships:\n  enables: []\n", note="null instead of a list"),
        Example("«aliases»: &none\n", note="an anchor without a value"),
        Example("graph_garden:\n  entities: «null» # später\n", "graph_garden:\n  entities: [] # später\n"),
        Example("title: «2030»\n", 'title: "2030"\n'),
        Example(
            "slug: «1e3»\naliases: [«012», «0x1F», «.5», «true»]\n",
            'slug: "1e3"\naliases: ["012", "0x1F", ".5", "true"]\n',
        ),
        Example("title: «null»\n", note="either no value or the word"),
        Example("«summary»:\n"),
        Example('sources: ["Größe", «1984»]\n', 'sources: ["Größe", "1984"]\n'),
        Example('lifecycle:\n  confidence: «"2"»\n'),
        Example(
            "relationships:\n  requires:\n    - slug: café\n      weight: «.inf»\n",
            note="infinity is not a valid number",
        ),
        Example("ontology:\n  «commons_assessment»:\n    - resilience: 3.0\n"),
        Example("aliases:\n  - «slug: gärten\n    weight: 0.5»\n", note="a mapping in place of a name"),
    )
    good = (
        Example('title: "2030"\nsources: []\n'),
        Example("lifecycle:\n  confidence: 2.0\n", note="equal to 2"),
        Example("graph_garden:\n  entities:\n    - Füße\n", note="reported by `item-shape`"),
    )

    def check(self, error: SchemaViolation, pattern: Pattern) -> Iterator[Diagnostic]:
        expected = (error.expected,) if isinstance(error.expected, str) else tuple(error.expected)
        fault = f"expected {phrases.describe_type(expected)}, found {phrases.describe_kind(error.value)}"
        message = f"{phrases.describe_route(error.route)}: {fault}"
        advice = _advice(error, expected, pattern) or str(error.schema.get("description", ""))
        yield self.report(error, pattern, message, advice, _fix(expected, error, pattern))


def _fix(expected: tuple[str, ...], error: SchemaViolation, pattern: Pattern) -> Fix | None:
    """Return the fix that writes `[]`, unless `:` or an anchor is in the way, or the fix that adds quotes."""
    if "array" not in expected or error.value is not None:
        return quote_fix(pattern, error.route, error.node) if expected == ("string",) else None
    span, text = error.node.span, pattern.source.text
    is_bare = span.start == span.end
    if (is_bare and text[span.start - 1] != ":") or text[span.start :].lstrip(" ").startswith(("&", "!")):
        return None
    edit = Replacement(span, " []" if is_bare else "[]")
    return Fix(f"write `{error.route[-1]}: []`", Safety.SAFE, (edit,), (DeclaredChange(error.route),))


def _advice(error: SchemaViolation, expected: tuple[str, ...], pattern: Pattern) -> str:
    """Return what to write, as far as the present value tells."""
    value = error.value
    if value is None:
        return _advice_for_null(error, expected, pattern)
    if isinstance(value, str | int | float) and not _NUMBERS.isdisjoint(expected):
        return _advice_for_number(error)
    if "array" in expected:
        return _advice_for_list(error)
    if "string" in expected:
        return _advice_for_string(error, pattern)
    if "object" in expected:
        keys = [str(key) for key in error.schema.get("required", ()) or error.schema.get("properties", ())]
        listed = f": {phrases.join_and(phrases.backticked(keys))}" if keys else ""
        return f"write its keys on the lines below, each indented with {2 * len(error.route)} spaces{listed}"
    return ""


def _line(error: SchemaViolation, value: Any) -> str:
    return f"`{yaml_text.yaml_line(error.route[-1], value)}`"


def _advice_for_null(error: SchemaViolation, expected: tuple[str, ...], pattern: Pattern) -> str:
    if "array" in expected:
        return f"write {_line(error, [])} if the list is empty"
    line = pattern.source.text[error.node.key_span.end :].partition("\n")[0]
    _, hash_sign, comment = line.partition("#")
    if hash_sign and not _NUMBERS.isdisjoint(expected):
        number = yaml_text.intended_number(comment, error.schema)
        return f"delete the `#`, which starts a comment: write {_line(error, number)}" if number is not None else ""
    if hash_sign and "string" in expected:
        return f"add double quotes, because `#` starts a comment: {_line(error, f'#{comment.rstrip()}')}"
    example = yaml_text.example_value(error.schema)
    if example is None or isinstance(example, dict):
        return ""
    return _with_description(f"write a value, such as {_line(error, example)}", error)


def _advice_for_number(error: SchemaViolation) -> str:
    schema = error.schema
    text = str(error.value)
    number = yaml_text.intended_number(text, schema)
    if number is not None:
        is_number = re.fullmatch(r"\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*", text)
        how = "with a decimal point" if re.search(r"\d,\d", text) else "without quotes" if is_number else "as a number"
        return f"write {_line(error, number)}, {how}"
    low, high = schema.get("minimum"), schema.get("maximum")
    bounds = f" from {low} to {high}" if low is not None and high is not None else ""
    example = yaml_text.example_value(schema)
    such_as = f", such as {_line(error, example)}" if example is not None else ""
    kind = "a whole number" if schema.get("type") == "integer" else "a number"
    return _with_description(f"write {kind}{bounds}{such_as}", error)


def _with_description(advice: str, error: SchemaViolation) -> str:
    """Return the advice, followed by the description of the value if the schema has one."""
    description = error.schema.get("description", "")
    return f"{advice}. {description}" if description else advice


def _advice_for_list(error: SchemaViolation) -> str:
    value = error.value
    example = next((items[0] for items in error.schema.get("examples", ()) if items), None)
    keys = example if isinstance(example, dict) else {}
    if isinstance(value, dict):
        is_set = bool(value) and error.node.style == "{" and all(inner is None for inner in value.values())
        return (
            f"write {_line(error, list(value))}"
            if is_set and not keys
            else _advice_for_mapping(value, has_keys=bool(keys))
        )
    if not isinstance(value, str):
        return f"write {_line(error, [value])}"
    text = value.strip("() ")
    if text[:1] and text[0] in _DASHES:
        first = re.split(rf"\s[{re.escape(_DASHES)}]", text.lstrip(f"{_DASHES} "))[0].strip("\"' ")
        return f"write `-` and a space before each item: `- {yaml_text.inline_yaml(first[:_SHOWN], quoted=True)}`"
    if not keys:
        return f"write {_line(error, [item.strip().strip(_QUOTES) for item in _SEPARATOR.split(text) if item.strip()])}"
    name, *others = keys
    rest = phrases.join_and(phrases.backticked([yaml_text.yaml_line(key, keys[key]) for key in others]))
    below = f", and below it {rest} with a value of your own" if rest else ""
    return f"write each item on the lines below: `- {yaml_text.yaml_line(name, text)}`{below}"


def _advice_for_mapping(value: Mapping[str, Any], *, has_keys: bool) -> str:
    """Return how to write a list whose items do not start with a dash and a space."""
    first, inner = next(iter(value.items()), ("", None))
    bare = first.lstrip(f"{_DASHES} ")
    line = yaml_text.yaml_line(bare, inner)
    if bare != first:
        return f"write `-` and a space before each item: `- {line}`"
    return (
        f"start each item with `- `, as in `- {line}`, and indent its other keys by 2 more spaces" if has_keys else ""
    )


def _advice_for_string(error: SchemaViolation, pattern: Pattern) -> str:
    value = error.value
    while isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, str):
        return f"write {_line(error, value)}, without brackets"
    if isinstance(value, list):
        return f"write one string instead of the list, such as {_line(error, value[0])}" if value else ""
    written = pattern.source.slice(error.node.span)
    if isinstance(value, dict) and not error.node.style:
        name = next((value[key] for key in _NAMES if isinstance(value.get(key), str)), "")
        if name:
            return f"write {_line(error, name)}"
        return (
            f"write {_line(error, written)}"
            if len(value) == 1 and "\n" not in written
            else "write a text instead of the mapping"
        )
    if "\n" in written or len(written) > _SHOWN:
        return "put the text in double quotes"
    key = f"{error.route[-1]}: " if isinstance(error.route[-1], str) else "- "
    return f"add double quotes: `{key}{json.dumps(written, ensure_ascii=False)}`"
