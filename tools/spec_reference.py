"""The reference of `spec.toml`: every table and key, from the fields of the code and the descriptions in its docstrings."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Struct

from patternlint.explain.settings import toml
from patternlint.migrate.table import BodyStep, ItemForm, KeyStep, SectionStep, Table, When
from patternlint.spec.body import BodySpec, SectionSpec
from patternlint.spec.derived import DerivedSpec
from patternlint.spec.model import (
    CardSpec,
    Detection,
    Drop,
    Flow,
    Garden,
    Group,
    Identity,
    LayoutStyle,
    Relationships,
    Scores,
    Spec,
    StatsSpec,
)
from patternlint.spec.text import TextRuleSpec

_ATTRIBUTE = re.compile(r"(?m)^    (\w+): (.*(?:\n        .*)*)")
_INTERNAL = frozenset(("folder", "bases"))

TABLES: dict[str, type[Struct]] = {
    "": Spec,
    "[mark]": Detection,
    "[identity]": Identity,
    "[[groups]]": Group,
    "[relationships]": Relationships,
    "[relationships.flow]": Flow,
    "[body]": BodySpec,
    "[[body.sections]]": SectionSpec,
    "[[text]]": TextRuleSpec,
    "[[derived]]": DerivedSpec,
    "[style]": LayoutStyle,
    "[drop]": Drop,
    "[scores]": Scores,
    "[card]": CardSpec,
    "[stats]": StatsSpec,
    "[garden]": Garden,
}
"""Every table of `spec.toml` in the order of the page; the keys above all tables first."""

EXAMPLES = {
    "": 'version = "adr"\ntitle = "Architecture decisions"\nnoun = "decision"\nfiles = ["decisions/*.md"]\n'
    'rules = ["file", "schema", "body", "relationships"]\n\n[where]\nstatus = ["accepted", "proposed"]\n\n'
    '[defaults]\nstatus = "status: proposed"',
    "[mark]": '[mark]\nany-key = ["decision", "deciders"]',
    "[identity]": "[identity]\nname = '{stem}|^([0-9]{4})-'\ntitle = \"#\"",
    "[[groups]]": '[[groups]]\nname = "header"\nkeys = ["status", "date", "deciders"]\noptional = ["deciders"]',
    "[relationships]": '[relationships]\ntypes = ["requires", "supersedes", "superseded-by"]\nsplit = ","\n'
    'inverse = [["supersedes", "superseded-by"]]',
    "[relationships.flow]": '[relationships.flow]\nkey = "status"\norder = ["Draft", "Review", ["Final", "Living"]]',
    "[body]": '[body]\nheading = "## {title}"\nordered = false\nothers = false',
    "[[body.sections]]": '[[body.sections]]\ntitle = "Solution"\nalso = ["Solutions"]\nwords = [20, 400]\n'
    'opens-with = "> **Therefore, "\nprompt = "[Say what to do.]"',
    "[[text]]": '[[text]]\nname = "no-http"\nforbid = \'http://\\S+\'\nmessage = "insecure link"\nhelp = "use https"',
    "[[derived]]": '[[derived]]\nvalue = "density.primary"\nis = "greatest"\nof = "density.numbers"',
    "[style]": '[style]\nfold-width = 100\nquoted = ["title"]\nplain = ["status", "links[].to"]\ninline = ["deciders"]',
    "[drop]": '[drop]\nsections = ["Cognitive Era"]\nkeys = ["graph_garden"]',
    "[scores]": '[scores]\nroute = ["assessment"]\ndimensions = ["cost", "benefit"]\nvitality = "vitality"\noverall = "mean"',
    "[card]": '[card]\ndomain = ["topic", "main"]\nstatus = ["status"]\nkeywords = ["tags"]',
    "[stats]": '[stats]\nstages = [["stage"], ["use", "phase"]]\ncreated = ["date"]\ndrafts = ["proposed"]',
    "[garden]": '[garden]\nkey = "graph"\nlinks = "found_links"',
}
"""An example of each table, as TOML."""


MIGRATION_TABLES: dict[str, type[Struct]] = {
    "": Table,
    "[when]": When,
    "[[keys]]": KeyStep,
    "[body]": BodyStep,
    "[[body.sections]]": SectionStep,
    "[[items]]": ItemForm,
}
"""Every table of a migration table in the order of the page; the keys above all tables first."""

MIGRATION_EXAMPLES = {
    "": 'from = "1.0"\nrest = "legacy"',
    "[when]": '[when]\nspec = "1.3"\nhas = ["tags"]\nlacks = ["classification"]',
    "[[keys]]": '[[keys]]\nkey = "lifecycle.status"\nfrom = "classification.status"\n'
    'values = { published = "stable" }\nvalue = "draft"',
    "[body]": '[body]\nadd = ["Vitality"]',
    "[[body.sections]]": '[[body.sections]]\ntitle = "Context"\nfrom = ["Application Context", "When to Use"]',
    "[[items]]": '[[items]]\nkind = "link"\nlists = ["relationships.*"]\nexcept = ["tools"]\n'
    'keys = ["typeid", "slug", "weight", "source"]\nvalues = { source = "migration" }\n'
    'prompts = { weight = "Give the weight, from 0 to 1" }',
}
"""An example of each, as TOML."""


def descriptions(kind: type[Struct]) -> dict[str, str]:
    """Return the description of each field of a struct, from the `Attributes` of its docstring."""
    _, _, text = inspect.cleandoc(kind.__doc__ or "").partition("Attributes:\n")
    return {name: " ".join(words.split()) for name, words in _ATTRIBUTE.findall(text)}


def spec_page() -> Iterator[str]:
    """Yield the lines of the page with all keys of `spec.toml`."""
    yield from ("# Specification files", "")
    yield (
        "Look up each key of a `spec.toml`, with its type and its default. "
        "[A specification from nothing](../specification-from-nothing.md) builds one step by step, and "
        "[Your own specification](../own-spec.md) extends an existing one. Each group of keys has a JSON Schema beside the "
        "file; [supported JSON Schema](../own-spec.md#supported-json-schema) lists what it may contain."
    )
    yield from (
        "",
        "An unknown key, group or type is an error with its line and the closest known name. In a specification",
    )
    yield "with `extends`, lists such as `types` and tables such as `[[groups]]` are added to those of the extended"
    yield "specification; `replace = true` in a table discards what the extended one has there."
    yield ""
    yield from _tables(TABLES, EXAMPLES)


def migration_page() -> Iterator[str]:
    """Yield the lines of the page with all keys of a migration table."""
    yield from ("# Migration tables", "")
    yield "Look up each key of a migration table, with its type and its default."
    yield "[Migrating files](../migration.md) shows what `patternlint migrate` does with these tables."
    yield ""
    yield "A step from one version to another is a file `from-<old version>.toml` beside the `spec.toml` of the new version."
    yield "An unknown key, section or form is an error with its line and the closest known name. Editors can check a table with"
    yield "the JSON Schema `schemas/migration-table.schema.json`."
    yield ""
    yield from _tables(MIGRATION_TABLES, MIGRATION_EXAMPLES)


def migration_schema() -> str:
    """Return the JSON Schema of migration tables as text."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(Table)}
    return json.dumps(schema, indent=2) + "\n"


def _tables(tables: Mapping[str, type[Struct]], examples: Mapping[str, str]) -> Iterator[str]:
    for title, kind in tables.items():
        yield from (f"## {f'`{title}`' if title else 'Keys above all tables'}", "")
        if title:
            yield from (inspect.cleandoc(kind.__doc__ or "").partition("\n")[0], "")
        yield from ("| key | type | default | |", "|---|---|---|---|")
        known = descriptions(kind)
        hints = get_type_hints(kind)
        for field in msgspec.structs.fields(kind):
            if field.name not in _INTERNAL and not _is_table(hints[field.name]):
                anchor = f"{title.strip('[]').replace('.', '-') or 'top'}-{field.encode_name}"
                words = known[field.name].replace("|", "\\|").removesuffix(".")
                yield (
                    f"| [`{field.encode_name}`](#{anchor}){{ #{anchor} }} | {type_words(hints[field.name])} | "
                    f"{_default(field)} | {words} |"
                )
        yield from ("", "```toml", examples[title], "```", "")


def _is_table(hint: Any) -> bool:
    """Return whether a field has a section of its own on the page."""
    kinds = get_args(hint) if get_origin(hint) is tuple else (hint,)
    return any(isinstance(kind, type) and issubclass(kind, Struct) for kind in kinds)


def type_words(hint: Any) -> str:
    """Return the words for a type: "text", "list of text", "`a` or `b`"."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return " or ".join(f'`"{value}"`' for value in arguments if value)
    if origin is tuple:
        inner = arguments[:1] if arguments[-1] is Ellipsis else arguments
        words = [type_words(one) for one in inner]
        return f"list of {words[0]}" if arguments[-1] is Ellipsis else f"`[{', '.join(words)}]`"
    if origin is dict:
        return "table"
    if arguments:  # a union
        return " or ".join(dict.fromkeys(type_words(one) for one in arguments))
    return {str: "text", bool: "true or false", int: "number", float: "number"}.get(hint, "text")


def _default(field: msgspec.structs.FieldInfo) -> str:
    if field.required:
        return "*required*"
    value = {} if field.default is msgspec.NODEFAULT else field.default
    return f"`{toml(value)}`" if value not in ("", (), {}) else ""
