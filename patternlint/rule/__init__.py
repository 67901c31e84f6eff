"""The public API for rules.

A rule is a class with a `name`, a `severity`, a `why`, and `bad` and `good` examples, which are both its tests and its
documentation. The first line of its docstring states the requirement. Its fields are its options: typed, with defaults,
and validated when the configuration is read. It has no state. Its base class decides what `check` receives:

* `Rule`: one pattern;
* `LibraryRule`: the entries of all patterns, never the text of a file;
* `FileRule`: one file, even if its front matter does not parse.

The names come in three groups:

1. what every rule uses: base classes, examples, diagnostics and fixes;
2. the document model: the types of the values that a rule reads;
3. helpers, most of them modules, such as `layout` and `phrases`.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from patternlint import layout
from patternlint.diagnostics.diagnostic import ALL_RULES, Diagnostic, Label
from patternlint.diagnostics.fix import CHANGES_BODY, DeclaredChange, Fix, InsertItem, InsertKey, Replacement, Safety
from patternlint.diagnostics.route import BODY_ROUTE, Route, path_steps
from patternlint.diagnostics.severity import Severity
from patternlint.document import body_text, identifiers, identity, links
from patternlint.document.body import BodyLine, CodeBlock, Heading, Section
from patternlint.document.links import Link
from patternlint.document.node import Node, item_name
from patternlint.document.pattern import Pattern
from patternlint.document.text_links import TextLink
from patternlint.edits import list_items
from patternlint.edits.quote_fix import quote_fix
from patternlint.library import graph, sentences, shape, text_links
from patternlint.library.card import Card
from patternlint.library.entry import Entry, GraphNode, Hub, are_linked, fold_title
from patternlint.library.library import Library, Stray
from patternlint.messages import characters, did_you_mean, phrases
from patternlint.parser.parser import FileKind, ParsedFile
from patternlint.rule.base import FileRule, LibraryRule, Rule, label
from patternlint.rule.example import Example
from patternlint.rule.fixes import delete_items, replace_value, replace_word
from patternlint.source import Source, Span
from patternlint.spec import schema_lookup, yaml_text
from patternlint.spec.body import TENSION
from patternlint.spec.derived import DerivedSpec
from patternlint.spec.model import Spec

__all__ = [  # noqa: RUF022 - in the groups of the docstring
    # 1. Every rule
    "Rule",
    "FileRule",
    "LibraryRule",
    "Example",
    "Diagnostic",
    "Severity",
    "Pattern",
    "Library",
    "Entry",
    "Card",
    "ParsedFile",
    "Span",
    "Label",
    "label",
    "Fix",
    "Safety",
    "Replacement",
    "InsertKey",
    "InsertItem",
    "DeclaredChange",
    "CHANGES_BODY",
    "ALL_RULES",
    "Annotated",
    "Meta",
    # 2. Document model
    "Node",
    "Heading",
    "Section",
    "BodyLine",
    "CodeBlock",
    "Link",
    "TextLink",
    "Hub",
    "GraphNode",
    "Stray",
    "FileKind",
    "Spec",
    "DerivedSpec",
    "Source",
    "Route",
    "BODY_ROUTE",
    "TENSION",
    # 3. Helpers
    "body_text",
    "characters",
    "did_you_mean",
    "graph",
    "identifiers",
    "identity",
    "layout",
    "links",
    "list_items",
    "path_steps",
    "phrases",
    "schema_lookup",
    "sentences",
    "shape",
    "text_links",
    "yaml_text",
    "are_linked",
    "delete_items",
    "fold_title",
    "item_name",
    "quote_fix",
    "replace_value",
    "replace_word",
]
