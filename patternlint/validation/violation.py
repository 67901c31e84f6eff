"""`SchemaViolation`: one failed schema keyword with the node that it is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from patternlint.diagnostics.route import Route
from patternlint.document.node import Node


class SchemaViolation(Struct, frozen=True):
    """A violation of a JSON Schema by one value.

    Attributes:
        rule: the name of the rule that reports it.
        keyword: the JSON Schema keyword that failed, such as "enum".
        route: the value that failed; for a missing or unknown key, the route of that key.
        node: the value's node; for a missing key, that of the mapping that lacks it.
        expected: the keyword's argument in the schema: the allowed values, the type or types, the bound, the pattern.
        value: the value that failed.
        known: for an unknown key, the keys that are known there.
        elsewhere: for an unknown key, where else a key of its name is known, if anywhere.
        schema: the subschema that failed (its title, description and examples explain it).
        condition: the clause for the `if` of the schema that decides: "where `kind` is `x`"; for `not`, the condition that
            is not allowed: "`a` and `b` are present". Empty for a complex one.
        required: for an unknown key, whether it probably replaces a required key that is missing.
        also: for an item of a list, the errors of the same kind in further items.
        message, help: what the schema says about it; empty for the words of the rule.
        consequences: errors that this one causes; they are reported only where no rule reports this one.
    """

    rule: str
    keyword: str
    route: Route
    node: Node
    expected: Any = None
    value: Any = None
    known: tuple[str, ...] = ()
    elsewhere: Route = ()
    schema: Mapping[str, Any] = {}
    condition: str = ""
    required: bool = False
    also: tuple[SchemaViolation, ...] = ()
    message: str = ""
    help: str = ""
    consequences: tuple[SchemaViolation, ...] = ()
