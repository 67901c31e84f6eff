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
from patternlint.diagnostics.fix import AddItem, AddKey, Change, Edit, Fix, Replace, Safety
from patternlint.diagnostics.route import BODY_ROUTE, Route
from patternlint.diagnostics.severity import Severity
from patternlint.document import body_text
from patternlint.document.body import Body, Fence, Heading, Line, Section
from patternlint.document.identifiers import ALPHABET, SUFFIX_LENGTH, are_slugs, decode_suffix, is_slug, is_wikidata
from patternlint.document.links import INFERRED, Link, link_route, list_route
from patternlint.document.node import Node, item_name
from patternlint.document.pattern import FrontMatter, Pattern
from patternlint.edits.list_items import with_items, without_items
from patternlint.edits.quote_fix import quote_fix
from patternlint.library.entry import Entry, Hub, fold_title
from patternlint.library.graph import Graph, circles, shortest_way_back
from patternlint.library.library import Library, Stray, namesakes
from patternlint.messages.characters import name_of, odd_characters, visible
from patternlint.messages.did_you_mean import nearest
from patternlint.messages.phrases import (
    all_of,
    any_of,
    dotted,
    kind_words,
    quoted,
    route_words,
    type_words,
    value_words,
)
from patternlint.parser.delimiters import wide_encoding
from patternlint.parser.parser import Damage, Directive, Kind, Parsed
from patternlint.rule.base import BaseRule, FileRule, LibraryRule, Rule, label
from patternlint.rule.example import Example
from patternlint.rule.internal import (
    AddedSuppression,
    AddedSuppressionRule,
    BrokenRuleError,
    CodePlace,
    Crash,
    CrashRule,
    DirectiveRule,
    FileTooLargeError,
    FixRefusal,
    FixRefusalRule,
    LineTooLongError,
    RuleTimeout,
    SchemaRule,
    Unused,
)
from patternlint.rule.reciprocity import not_returned
from patternlint.source import FIRST_LINE, Region, Source, Span
from patternlint.spec import yaml_text
from patternlint.spec.model import Spec
from patternlint.spec.schema_lookup import asks_for_text, date_routes, is_in_bounds, known_keys
from patternlint.validation.violation import SchemaError

__all__ = [
    "ALL_RULES",
    "ALPHABET",
    "BODY_ROUTE",
    "FIRST_LINE",
    "INFERRED",
    "SUFFIX_LENGTH",
    "AddItem",
    "AddKey",
    "AddedSuppression",
    "AddedSuppressionRule",
    "Annotated",
    "BaseRule",
    "Body",
    "BrokenRuleError",
    "Change",
    "CodePlace",
    "Crash",
    "CrashRule",
    "Damage",
    "Diagnostic",
    "Directive",
    "DirectiveRule",
    "Edit",
    "Entry",
    "Example",
    "Fence",
    "FileRule",
    "FileTooLargeError",
    "Fix",
    "FixRefusal",
    "FixRefusalRule",
    "FrontMatter",
    "Graph",
    "Heading",
    "Hub",
    "Kind",
    "Label",
    "Library",
    "LibraryRule",
    "Line",
    "LineTooLongError",
    "Link",
    "Meta",
    "Node",
    "Parsed",
    "Pattern",
    "Region",
    "Replace",
    "Route",
    "Rule",
    "RuleTimeout",
    "Safety",
    "SchemaError",
    "SchemaRule",
    "Section",
    "Severity",
    "Source",
    "Span",
    "Spec",
    "Stray",
    "Unused",
    "all_of",
    "any_of",
    "are_slugs",
    "asks_for_text",
    "body_text",
    "circles",
    "date_routes",
    "decode_suffix",
    "dotted",
    "fold_title",
    "is_in_bounds",
    "is_slug",
    "is_wikidata",
    "item_name",
    "kind_words",
    "known_keys",
    "label",
    "layout",
    "link_route",
    "list_route",
    "name_of",
    "namesakes",
    "nearest",
    "not_returned",
    "odd_characters",
    "quote_fix",
    "quoted",
    "route_words",
    "shortest_way_back",
    "type_words",
    "value_words",
    "visible",
    "wide_encoding",
    "with_items",
    "without_items",
    "yaml_text",
]
