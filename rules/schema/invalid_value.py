"""invalid-value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from patternlint.rule import (
    Diagnostic,
    Example,
    Pattern,
    SchemaError,
    SchemaRule,
    Severity,
    any_of,
    item_name,
    quoted,
    route_words,
    value_words,
)

_UNITS = {"Length": "character", "Items": "item", "Properties": "key"}


class InvalidValue(SchemaRule, frozen=True):
    """Every value is as the schema of its group asks for."""

    name = "invalid-value"
    severity = Severity.ERROR
    why = "A project's own schema says what its patterns must look like beyond the specification."
    notes = (
        "The built-in schemas ask for nothing that other rules do not say better. This rule speaks of everything else "
        "that a JSON Schema can ask for, in a project's own spec: a `pattern`, a greatest length, items that must "
        "differ, and so on. `format` is a note to the reader, as JSON Schema has it, and is not checked: write a "
        '`pattern`. To have another rule speak of a failure, write `"x-rule": "its-name"` beside the keyword.'
    )
    bad = (
        Example(
            'title: «"Ein Garten für alle, die vorüberkommen"»\n',
            schema={"identity": {"properties": {"title": {"maxLength": 20}}}},
        ),
        Example(
            'aliases: «["Gärten", "Beete", "Gärten"]»\n',
            schema={"identity": {"properties": {"aliases": {"uniqueItems": True}}}},
        ),
        Example(
            "# geändert\nlifecycle:\n  version: «0.25»\n",
            schema={"lifecycle": {"properties": {"lifecycle": {"properties": {"version": {"multipleOf": 0.1}}}}}},
        ),
        Example(
            'sources: [«"Feldnotizen"»]\n',
            schema={"provenance": {"properties": {"sources": {"items": {"pattern": "[0-9]{4}$"}}}}},
        ),
    )
    good = (
        Example(
            'title: "Füße"\nsources: ["Feldnotizen, 2023"]\n',
            schema={
                "identity": {"properties": {"title": {"maxLength": 4}}},
                "provenance": {"properties": {"sources": {"items": {"pattern": "[0-9]{4}$"}}}},
            },
        ),
        Example(
            'title: ""\n',
            schema={"identity": {"properties": {"title": {"minLength": 5}}}},
            note="empty: `empty-value` says so",
        ),
    )

    def check(self, error: SchemaError, pattern: Pattern) -> Iterator[Diagnostic]:
        """Say what the schema asks for."""
        say = _MESSAGES.get(error.keyword)
        description = str(error.schema.get("description", ""))
        examples = [example for example in error.schema.get("examples", ()) if isinstance(example, str | int | float)]
        such_as = f"such as {any_of(quoted(examples))}" if examples else ""
        yield self.at(
            pattern,
            error.node.mark,
            f"{route_words(error.route)} {say(error) if say else 'is not as the schema asks for'}",
            route=error.route,
            subject=item_name(pattern.front.root, error.route),
            help=" ".join(part for part in (description, such_as) if part),
        )


def _bound(error: SchemaError) -> str:
    """Say how long a text, a list or a mapping is, and may be."""
    unit = _UNITS[error.keyword[3:]]
    count = len(error.value)
    bound = error.expected
    words = "at least" if error.keyword.startswith("min") else "at most"
    return f"has {count} {unit}{'s' * (count != 1)}, expected {words} {bound}"


def _twice(error: SchemaError) -> str:
    """Say which item of a list is there twice."""
    items = error.value
    again = next((item for place, item in enumerate(items) if item in items[:place]), None)
    return f"has the same item twice: {value_words(again)}"


_MESSAGES: Mapping[str, Callable[[SchemaError], Any]] = {
    "minLength": _bound,
    "maxLength": _bound,
    "minItems": _bound,
    "maxItems": _bound,
    "minProperties": _bound,
    "maxProperties": _bound,
    "uniqueItems": _twice,
    "pattern": lambda error: f"is {value_words(error.value)}, which does not match `{error.expected}`",
    "multipleOf": lambda error: f"is {value_words(error.value)}, expected a multiple of {error.expected}",
    "contains": lambda _: "lacks an item that must be there",
    "minContains": lambda error: f"lacks items that must be there {error.expected} times",
    "maxContains": lambda error: f"has more than {error.expected} item{'s' * (error.expected != 1)} of one kind",
    "items": lambda _: "has more items than it may have",
    "not": lambda error: f"is {value_words(error.value)}, which is not allowed",
    "oneOf": lambda _: "is two things at once of which it may be one",
}
