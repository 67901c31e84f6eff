from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from patternlint.rule import Diagnostic, Example, Pattern, Severity, phrases
from patternlint.rule.internal import SchemaRule, SchemaViolation

_UNITS = {"Length": "character", "Items": "item", "Properties": "key"}


class InvalidValue(SchemaRule):
    """Values match the JSON Schema of their group."""

    name = "invalid-value"
    severity = Severity.ERROR
    why = "A project's own schema adds requirements to the specification."
    notes = (
        "This rule covers the JSON Schema keywords that no other rule reports, such as `pattern`, `maxLength` and "
        "`uniqueItems`. Most of them are used by a project's own schemas only. `format` is checked for `date`, `date-time`, `time`, `duration`, `email`, `hostname`, "
        "`ipv4`, `ipv6`, `uri`, `uri-reference`, `iri`, `iri-reference`, `uuid`, `json-pointer` and "
        '`relative-json-pointer`; a schema with another format is rejected. To have another rule report a violation, add `"x-rule": "its-name"` next to the keyword.'
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
        Example(
            'slug: «ab012-gaerten»\ntitle: «"AB012: Gärten"»\n',
            spec="1.3",
            note="numbers of a catalog, in specification 1.3",
        ),
    )
    good = (
        Example(
            'title: "2024-02-29"\naliases: ["Füße"]\n',
            schema={"identity": {"properties": {"title": {"format": "date"}}}},
            note="a valid date",
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
            note="empty: reported by `empty-value`",
        ),
        Example(
            'slug: 360-degree-feedback\ntitle: "5S, ISO 9001 und 2030: Füße"\n',
            spec="1.3",
            note="numbers that belong to the name",
        ),
    )

    def check(self, error: SchemaViolation, pattern: Pattern) -> Iterator[Diagnostic]:
        description = str(error.schema.get("description", ""))
        examples = [example for example in error.schema.get("examples", ()) if isinstance(example, str | int | float)]
        write = f"write a value such as {phrases.join_or(phrases.backticked(examples))}" if examples else ""
        advice = ". ".join(filter(None, (write, description))) or _EXAMPLES.get(str(error.expected), "")
        yield self.report(error, pattern, _message(error), advice)


def _size(error: SchemaViolation) -> str:
    unit = _UNITS[error.keyword[3:]]
    count = len(error.value)
    bound = "at least" if error.keyword.startswith("min") else "at most"
    return f"has {count} {unit}{'s' * (count != 1)}, expected {bound} {error.expected}"


def _repeated_item(error: SchemaViolation) -> str:
    items = error.value
    repeated = next((item for index, item in enumerate(items) if item in items[:index]), None)
    return f"has a duplicate item: {phrases.describe_value(repeated)}"


def _forbidden(error: SchemaViolation) -> str:
    if error.condition:
        return f"is not allowed: {error.condition}"
    if isinstance(error.value, dict | list):
        return "has a form that is not allowed"
    pattern = error.expected.get("pattern") if isinstance(error.expected, dict) and len(error.expected) == 1 else None
    fault = f"which must not match `{pattern}`" if pattern else "which is not allowed"
    return f"is {phrases.describe_value(error.value)}, {fault}"


_FORMATS = {
    "date-time": "date with time and time zone",
    "time": "time with time zone",
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
    "date": "write a date such as `2024-05-01`",
    "date-time": "write a date with time and time zone such as `2024-05-01T10:30:00Z`",
    "time": "write a time with time zone such as `10:30:00Z`",
    "duration": "write a duration such as `P3D` or `PT1H30M`",
    "email": "write an address such as `rosa@example.org`",
    "uri": "write the full address such as `https://example.org/page`, with `%20` for a space",
    "uuid": "write a UUID such as `123e4567-e89b-12d3-a456-426614174000`",
}


_WHERE = "where "


def _message(error: SchemaViolation) -> str:
    is_inside = isinstance(error.value, dict) and error.node.value != error.value  # a key of the mapping that failed
    route = error.route[:-1] if is_inside else error.route
    if error.keyword == "not" and error.condition and not route:
        return f"{error.condition}, which is not allowed"
    if error.keyword == "false" and error.condition.startswith(_WHERE) and not route:
        return f"{error.condition.removeprefix(_WHERE)}, which is not allowed"
    describe = _MESSAGES.get(error.keyword)
    return f"{phrases.describe_route(route)} {describe(error) if describe else 'does not match the schema'}"


_MESSAGES: Mapping[str, Callable[[SchemaViolation], Any]] = {
    **{f"{bound}{what}": _size for bound in ("min", "max") for what in _UNITS},
    "uniqueItems": _repeated_item,
    "pattern": lambda error: f"is {phrases.describe_value(error.value)}, which does not match `{error.expected}`",
    "multipleOf": lambda error: f"is {phrases.describe_value(error.value)}, expected a multiple of {error.expected}",
    "contains": lambda _: "lacks a required item",
    "minContains": lambda error: f"has fewer than {error.expected} of the required items",
    "maxContains": lambda error: (
        f"has more than {error.expected} item{'s' * (error.expected != 1)} of a restricted kind"
    ),
    "items": lambda _: "has too many items",
    "not": _forbidden,
    "false": lambda error: " ".join(filter(None, ("is not allowed", error.condition))),
    "format": lambda error: (
        f"is {phrases.describe_value(error.value)}, which is not a valid {_FORMATS.get(error.expected, error.expected)}"
    ),
    "oneOf": lambda _: "matches several alternatives of the schema, expected one",
}
