"""Migration tables: one frozen `Table` per step, read from `schemas/<version>/from-<older version>.toml`.

A new step is a new file, without new Python code.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct, field

from patternlint.diagnostics.route import Route
from patternlint.document.pattern import Pattern
from patternlint.messages.conversion_errors import explain_conversion_error, path_of
from patternlint.messages.did_you_mean import did_you_mean
from patternlint.parser.yaml.compose import compose
from patternlint.spec.loader import SpecError
from patternlint.spec.model import Spec, SpecRegistry
from patternlint.spec.toml_lines import line_of

_PREFIX = "from-"


class When(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """How files of a version without a specification of its own are recognized.

    Attributes:
        spec: the specification that these files are recognized as.
        has: routes of which a file has at least one.
        lacks: routes that a file does not have.
        texts: routes of which a file has at least one with a text in the place of a list.
        mappings: routes of which a file has at least one list with a mapping as an item.
        without_section: the title of a section that a file does not have.
    """

    spec: str
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    mappings: tuple[str, ...] = ()
    without_section: str = ""

    def matches(self, pattern: Pattern) -> bool:
        """Return whether a file has this version."""
        if pattern.spec.version != self.spec:
            return False
        if any(pattern.get(*steps(one)) is not None for one in self.lacks):
            return False
        if self.without_section and any(one.title == self.without_section for one in pattern.body.sections):
            return False
        texts = (pattern.text(*steps(one)) is not None for one in self.texts)
        items = (item for one in self.mappings if (node := pattern.get(*steps(one))) is not None for item in node.items)
        marks = (pattern.get(*steps(one)) is not None for one in self.has)
        return any(marks) or any(texts) or any(isinstance(item.children, dict) for item in items)


class KeyStep(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """How a key of the new version gets its value: from `from`, else `section`, else `path`, else `value`, else `prompt`.

    A key that the file already has keeps its value.

    Attributes:
        key: the route of the key, with dots.
        from_: routes in the old version; the first one that the file has gives the value.
        form: the form of the value: "list" makes a list of a text, "number" a number of a text, "names" slugs of the names
            in mappings, "lower" the same text in lower case, and "links" links by slug of a list of ids.
        values: new values by old ones; of a list, its items must lead to the same one.
        mixed: the value where the items of a list lead to several, or one is not in `values`.
        section: titles of sections; the first sentences of the first paragraph of the first one are the value.
        path: a regular expression; its first group in the path of the file is the value.
        value: the value in YAML.
        prompt: what a person must write; the file gets it in brackets. With the form "links": the weight of each link.
    """

    key: str
    from_: str | tuple[str, ...] = field(default=(), name="from")
    form: Literal["", "list", "number", "names", "lower", "links"] = ""
    values: dict[str, str] = {}
    mixed: str = ""
    section: tuple[str, ...] = ()
    path: str = ""
    value: str = ""
    prompt: str = ""

    @property
    def route(self) -> Route:
        """The route of the key."""
        return steps(self.key)

    @property
    def sources(self) -> tuple[Route, ...]:
        """The routes in the old version."""
        names = (self.from_,) if isinstance(self.from_, str) else self.from_
        return tuple(steps(name) for name in names)


class SectionStep(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Where a section of the new version comes from.

    Attributes:
        title: the title of the section.
        from_: titles of sections in the old version, in the order of the new text.
    """

    title: str
    from_: tuple[str, ...] = field(default=(), name="from")


class BodyStep(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """How the body changes.

    Attributes:
        sections: the sections of the new version. All other text stays, behind the last section. Absent: the body keeps
            its order.
        kept: titles of other sections in the old version, which help to find where a section ends.
        add: titles of sections that a file gets, with prompts, if it lacks them.
    """

    sections: tuple[SectionStep, ...] = ()
    kept: tuple[str, ...] = ()
    add: tuple[str, ...] = ()


class ItemForm(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """The form of the items of lists, which `--normalize` writes.

    Attributes:
        lists: routes of the lists; `*` stands for any key.
        kind: "link" for links to records, "node" for things with an id and a label.
        keys: the keys of an item in their order.
        values: values in YAML for keys that an item lacks.
        prompts: what a person must write for keys that an item lacks.
        except_: keys that `*` does not stand for.
    """

    lists: tuple[str, ...]
    kind: Literal["link", "node"]
    keys: tuple[str, ...]
    values: dict[str, str] = {}
    prompts: dict[str, str] = {}
    except_: tuple[str, ...] = field(default=(), name="except")


class Table(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """A step from one version to another.

    Attributes:
        from_: the old version.
        to: the new version; by default that of the folder.
        when: how files of the old version are recognized, if it is not a specification.
        rest: the key that keeps all keys without a place in the new version; empty to leave them where they are.
        keys: the keys of the new version that need a value, in their order.
        body: the body.
        items: the forms of items that `--normalize` writes.
    """

    from_: str = field(name="from")
    to: str = ""
    when: When | None = None
    rest: str = ""
    keys: tuple[KeyStep, ...] = ()
    body: BodyStep = BodyStep()
    items: tuple[ItemForm, ...] = ()

    @property
    def changes_links(self) -> bool:
        """Whether ids in links become names."""
        return any(step.form == "links" for step in self.keys)


def steps(route: str) -> Route:
    """Return a route that is written with dots."""
    return tuple(route.split("."))


def load_table(path: Path, spec: Spec) -> Table:
    """Return the table at `path`, which leads to `spec`.

    Raises:
        SpecError: when it is not valid TOML, or has something that a table does not have.
    """
    try:
        text = path.read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except (OSError, ValueError) as error:
        raise SpecError(path, str(error)) from error
    try:
        table = msgspec.convert({"to": spec.version, **data}, Table)
    except msgspec.ValidationError as error:
        raise SpecError(path, explain_conversion_error(error, Table), line_of(text, path_of(error))) from error
    for route, reason in _mistakes(table, spec):
        raise SpecError(path, reason, line_of(text, route))
    return table


def _mistakes(table: Table, spec: Spec) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield what a table says that cannot be, each with its place."""
    known = (*spec.keys, *((table.rest,) if table.rest else ()))
    for index, step in enumerate(table.keys):
        top = step.key.partition(".")[0]
        if top not in known:
            hint = did_you_mean(top, spec.keys)
            yield ("keys", index, "key"), f"the specification `{spec.version}` has no key `{top}`{hint}"
        if step.value and not _is_yaml(step.value):
            yield ("keys", index, "value"), f"`value` of `{step.key}` is not YAML"
        if step.path and not _has_group(step.path):
            yield ("keys", index, "path"), f"`path` of `{step.key}` is not a regular expression with a group"
    yield from _item_mistakes(table.items)
    titles = [section.title for section in spec.body.sections]
    named: list[tuple[tuple[str | int, ...], str]] = []
    named += [(("body", "sections", at, "title"), one.title) for at, one in enumerate(table.body.sections)]
    named += [(("body", "add", at), title) for at, title in enumerate(table.body.add)]
    for route, title in named:
        if title not in titles:
            hint = did_you_mean(title, titles)
            yield route, f"the specification `{spec.version}` has no section `{title}`{hint}"


def _item_mistakes(forms: Sequence[ItemForm]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for index, form in enumerate(forms):
        if not form.keys:
            yield ("items", index, "keys"), "`keys` must name at least one key"
        for key, value in form.values.items():
            if not _is_yaml(value):
                yield ("items", index, "values"), f"the value of `{key}` is not YAML"


def _is_yaml(value: str) -> bool:
    return compose(f"x: {value}\n").root is not None


def _has_group(expression: str) -> bool:
    try:
        return re.compile(expression).groups > 0
    except re.error:
        return False


class Tables:
    """All migration tables of a run."""

    def __init__(self, tables: Iterable[Table]) -> None:
        self._tables = tuple(tables)
        self.versions = tuple(sorted({table.to for table in self._tables}))
        """The versions that some table leads to."""

    @property
    def keys(self) -> frozenset[str]:
        """The keys to which some table gives a value."""
        return frozenset(step.key for table in self._tables for step in table.keys)

    def version_of(self, pattern: Pattern) -> str:
        """Return the version of a file: of its specification, or an older one without a specification."""
        found = [table for table in self._tables if table.when is not None and table.when.matches(pattern)]
        later = {table.to for table in found}
        return next((table.from_ for table in found if table.from_ not in later), pattern.spec.version)

    def path(self, old: str, new: str) -> tuple[Table, ...] | None:
        """Return the shortest chain of steps from one version to another, or None without one."""
        chains: list[tuple[Table, ...]] = [()]
        reached = {old}
        while chains:
            chain = chains.pop(0)
            at = chain[-1].to if chain else old
            if at == new:
                return chain
            for table in self._tables:
                if table.from_ == at and table.to not in reached:
                    reached.add(table.to)
                    chains.append((*chain, table))
        return None

    def into(self, version: str) -> tuple[Table, ...]:
        """Return the steps that end at a version."""
        return tuple(table for table in self._tables if table.to == version)


def load_tables(specs: SpecRegistry) -> Tables:
    """Return the migration tables beside the specifications.

    Raises:
        SpecError: when a table is invalid.
    """
    return Tables(load_table(path, spec) for spec in specs.all for path in sorted(spec.folder.glob(f"{_PREFIX}*.toml")))
