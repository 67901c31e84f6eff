from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from patternlint.rule import Diagnostic, Example, Pattern, Severity, item_name, phrases
from patternlint.rule.internal import SchemaRule, SchemaViolation

_UNITS = {"Length": "character", "Items": "item", "Properties": "key"}


class InvalidValue(SchemaRule):
    """Every value is as the schema of its group asks for."""

    name = "invalid-value"
    severity = Severity.ERROR
    why = "A project's own schema says what its patterns must look like beyond the specification."
    notes = (
        "The built-in schemas ask for nothing that other rules do not say better. This rule speaks of everything else "
        "that a JSON Schema can ask for, in a project's own spec: a `pattern`, a greatest length, items that must "
        "differ, and so on. `format` is checked for `date`, `date-time`, `time`, `duration`, `email`, `hostname`, "
        "`ipv4`, `ipv6`, `uri`, `uri-reference`, `iri`, `iri-reference`, `uuid`, `json-pointer` and "
        '`relative-json-pointer`; a schema with another format is refused. To have another rule speak of a failure, write `"x-rule": "its-name"` beside the keyword.'
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
        Example(
            'title: «"2022-13-45"» # März\n',
            schema={"identity": {"properties": {"title": {"format": "date"}}}},
            note="not a date",
        ),
        Example(
            'title: "Gärten"\naliases: «["Beete"]»\n',
            schema={"identity": {"not": {"required": ["title", "aliases"]}}},
        ),
    )
    good = (
        Example(
            'title: "2024-02-29"\naliases: ["Füße"]\n',
            schema={"identity": {"properties": {"title": {"format": "date"}}}},
            note="there is such a day",
        ),
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

    def check(self, error: SchemaViolation, pattern: Pattern) -> Iterator[Diagnostic]:
        """Say what the schema asks for."""
        description = str(error.schema.get("description", ""))
        examples = [example for example in error.schema.get("examples", ()) if isinstance(example, str | int | float)]
        such_as = f"such as {phrases.join_or(phrases.backticked(examples))}" if examples else ""
        yield self.at(
            pattern,
            error.node.label_span,
            _message(error),
            route=error.route,
            subject=item_name(pattern.front.root, error.route),
            help=" ".join(part for part in (description, such_as) if part) or _EXAMPLES.get(str(error.expected), ""),
        )


def _bound(error: SchemaViolation) -> str:
    """Say how long a text, a list or a mapping is, and may be."""
    unit = _UNITS[error.keyword[3:]]
    count = len(error.value)
    bound = error.expected
    words = "at least" if error.keyword.startswith("min") else "at most"
    return f"has {count} {unit}{'s' * (count != 1)}, expected {words} {bound}"


def _twice(error: SchemaViolation) -> str:
    """Say which item of a list is there twice."""
    items = error.value
    again = next((item for place, item in enumerate(items) if item in items[:place]), None)
    return f"has the same item twice: {phrases.describe_value(again)}"


def _refused(error: SchemaViolation) -> str:
    """Say what the value is, or has, that it may not."""
    if error.condition:
        return f"may not be as it is: {error.condition}"
    if isinstance(error.value, dict | list):
        return "has a form that is not allowed"
    pattern = error.expected.get("pattern") if isinstance(error.expected, dict) and len(error.expected) == 1 else None
    rest = f"which may not match `{pattern}`" if pattern else "which is not allowed"
    return f"is {phrases.describe_value(error.value)}, {rest}"


_FORMATS = {
    "date-time": "date with a time and a zone",
    "time": "time with a zone",
    "email": "email address",
    "hostname": "host name",
    "ipv4": "IPv4 address",
    "ipv6": "IPv6 address",
    "uri": "URI",
    "uri-reference": "URI or relative reference",
    "iri": "IRI",
    "iri-reference": "IRI or relative reference",
    "uuid": "UUID",
    "json-pointer": "JSON Pointer",
    "relative-json-pointer": "relative JSON Pointer",
}
_EXAMPLES = {
    "date": "write a date such as 2024-05-01",
    "date-time": "write a date with a time and a zone such as 2024-05-01T10:30:00Z",
    "time": "write a time with a zone such as 10:30:00Z",
    "duration": "write a duration such as P3D or PT1H30M",
    "email": "write an address such as rosa@example.org",
    "uri": "write the whole address such as https://example.org/page, with %20 for a space",
    "uuid": "write a UUID such as 123e4567-e89b-12d3-a456-426614174000",
}


def _message(error: SchemaViolation) -> str:
    say = _MESSAGES.get(error.keyword)
    is_inside = isinstance(error.value, dict) and error.node.value != error.value  # a key of the mapping that failed
    route = error.route[:-1] if is_inside else error.route
    if error.keyword == "not" and error.condition and not route:
        return f"{error.condition}, which is not allowed"
    return f"{phrases.describe_route(route)} {say(error) if say else 'does not meet the schema'}"


_MESSAGES: Mapping[str, Callable[[SchemaViolation], Any]] = {
    "minLength": _bound,
    "maxLength": _bound,
    "minItems": _bound,
    "maxItems": _bound,
    "minProperties": _bound,
    "maxProperties": _bound,
    "uniqueItems": _twice,
    "pattern": lambda error: f"is {phrases.describe_value(error.value)}, which does not match `{error.expected}`",
    "multipleOf": lambda error: f"is {phrases.describe_value(error.value)}, expected a multiple of {error.expected}",
    "contains": lambda _: "lacks an item that must be there",
    "minContains": lambda error: f"lacks items that must be there {error.expected} times",
    "maxContains": lambda error: f"has more than {error.expected} item{'s' * (error.expected != 1)} of one kind",
    "items": lambda _: "has more items than it may have",
    "not": _refused,
    "false": lambda error: " ".join(filter(None, ("is not allowed", error.condition))),
    "format": lambda error: (
        f"is {phrases.describe_value(error.value)}, which is not a valid {_FORMATS.get(error.expected, error.expected)}"
    ),
    "oneOf": lambda _: "is two things at once of which it may be one",
}
