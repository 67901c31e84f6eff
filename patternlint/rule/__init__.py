"""The rule API. A rule sees this module and the ones below it, and nothing else of patternlint.

A rule is a class whose docstring's first line says what holds, with a `name`, a `severity`, a `why`, and `bad` and
`good` examples that are its tests and its page. Its fields are its options: typed, with a default, checked when the
config is read. It has no state. What it looks at is decided by its base class:

* `Rule`: one pattern at a time;
* `LibraryRule`: the library, that is what every pattern let the others know;
* `FileRule`: a file as read, also when it does not parse;
* `SchemaRule`: what a JSON Schema says about a value.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from patternlint import layout
from patternlint.diagnostics.diagnostic import ALL_RULES, Diagnostic, Label
from patternlint.diagnostics.fix import DeclaredChange, Edit, Fix, InsertItem, InsertKey, Replacement, Safety
from patternlint.diagnostics.route import BODY_ROUTE, Route
from patternlint.diagnostics.severity import Severity
from patternlint.document import body_text
from patternlint.document.body import Body, BodyLine, CodeBlock, Heading, Section
from patternlint.document.identifiers import ALPHABET, SUFFIX_LENGTH, are_slugs, decode_suffix, is_slug, is_wikidata
from patternlint.document.links import INFERRED, Link, link_route, list_route
from patternlint.document.node import Node, item_name
from patternlint.document.pattern import FrontMatter, Pattern
from patternlint.edits.list_items import remove_items, reorder_items
from patternlint.edits.quote_fix import quote_fix
from patternlint.library.entry import Entry, Hub, fold_title
from patternlint.library.graph import Graph, shortest_cycle, strongly_connected_components
from patternlint.library.library import Library, Stray, find_duplicates
from patternlint.messages.characters import name_of, odd_characters, visible
from patternlint.messages.did_you_mean import closest_matches
from patternlint.messages.phrases import (
    backticked,
    config_route,
    describe_kind,
    describe_route,
    describe_type,
    describe_value,
    join_and,
    join_or,
)
from patternlint.parser.delimiters import wide_encoding
from patternlint.parser.parser import Damage, FileKind, ParsedFile, Suppression
from patternlint.rule.base import BaseRule, FileRule, LibraryRule, Rule, label
from patternlint.rule.example import Example
from patternlint.rule.internal import (
    AddedSuppression,
    AddedSuppressionRule,
    BrokenRuleError,
    CodePlace,
    FileTooLargeError,
    FixRefusal,
    FixRefusalRule,
    InternalErrorRule,
    LineTooLongError,
    RuleFailure,
    RuleTimeout,
    SchemaRule,
    SuppressionRule,
    UnusedRuleName,
)
from patternlint.rule.reciprocity import missing_reciprocal_diagnostics
from patternlint.source import WHOLE_FILE, Region, Source, Span
from patternlint.spec import yaml_text
from patternlint.spec.model import Spec
from patternlint.spec.schema_lookup import asks_for_text, date_routes, is_in_bounds, known_keys
from patternlint.validation.violation import SchemaViolation

__all__ = [
    "ALL_RULES",
    "ALPHABET",
    "BODY_ROUTE",
    "INFERRED",
    "SUFFIX_LENGTH",
    "WHOLE_FILE",
    "AddedSuppression",
    "AddedSuppressionRule",
    "Annotated",
    "BaseRule",
    "Body",
    "BodyLine",
    "BrokenRuleError",
    "CodeBlock",
    "CodePlace",
    "Damage",
    "DeclaredChange",
    "Diagnostic",
    "Edit",
    "Entry",
    "Example",
    "FileKind",
    "FileRule",
    "FileTooLargeError",
    "Fix",
    "FixRefusal",
    "FixRefusalRule",
    "FrontMatter",
    "Graph",
    "Heading",
    "Hub",
    "InsertItem",
    "InsertKey",
    "InternalErrorRule",
    "Label",
    "Library",
    "LibraryRule",
    "LineTooLongError",
    "Link",
    "Meta",
    "Node",
    "ParsedFile",
    "Pattern",
    "Region",
    "Replacement",
    "Route",
    "Rule",
    "RuleFailure",
    "RuleTimeout",
    "Safety",
    "SchemaRule",
    "SchemaViolation",
    "Section",
    "Severity",
    "Source",
    "Span",
    "Spec",
    "Stray",
    "Suppression",
    "SuppressionRule",
    "UnusedRuleName",
    "are_slugs",
    "asks_for_text",
    "backticked",
    "body_text",
    "closest_matches",
    "config_route",
    "date_routes",
    "decode_suffix",
    "describe_kind",
    "describe_route",
    "describe_type",
    "describe_value",
    "find_duplicates",
    "fold_title",
    "is_in_bounds",
    "is_slug",
    "is_wikidata",
    "item_name",
    "join_and",
    "join_or",
    "known_keys",
    "label",
    "layout",
    "link_route",
    "list_route",
    "missing_reciprocal_diagnostics",
    "name_of",
    "odd_characters",
    "quote_fix",
    "remove_items",
    "reorder_items",
    "shortest_cycle",
    "strongly_connected_components",
    "visible",
    "wide_encoding",
    "yaml_text",
]
