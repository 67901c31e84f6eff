"""Specifications: one frozen `Spec` per version, read from `schemas/<version>/spec.toml`.

A new version of the pattern specification is a new folder, without new Python code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct, field

from patternlint.diagnostics.route import path_steps
from patternlint.spec.body import BodySpec
from patternlint.spec.derived import DerivedSpec
from patternlint.spec.text import TextRuleSpec

_PROMPT = re.compile(r"\[([A-Za-z][^\[\]\"]*)\]")


HEADING = "#"
"""The setting `title` of `[identity]` for the first heading."""

PATH_PARTS = ("{stem}", "{folder}")
"""What the setting `name` of `[identity]` may take from the path of a file."""

_KEY_IN_BRACES = re.compile(r"\{([^{}]*)\}")


def template_keys(template: str) -> tuple[str, ...]:
    """Return the keys in braces in a template such as "eip-{eip}"."""
    return tuple(_KEY_IN_BRACES.findall(template))


def fill(template: str, values: Mapping[str, str]) -> str:
    """Return a template with the values of its keys."""
    return _KEY_IN_BRACES.sub(lambda match: values[match[1]], template)


Scalar = str | int | float | bool
"""A value that `where` compares."""


class Detection(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """How patterns of this spec are recognized by their content.

    Attributes:
        rank: specs are tried in rising order of rank; the first that fits is the file's.
        id_prefixes: fits when the id begins with one of these and `_`.
        any_key: fits when one of these keys is at the top.
        mapping_key: fits when one of these keys is at the top and holds a mapping.
        foreign_keys: top-level keys that show that the file belongs to another spec, although its id fits.
        own_keys: top-level keys that show that the file belongs to this spec, whatever other keys it has.
    """

    rank: int = 0
    id_prefixes: tuple[str, ...] = ()
    any_key: tuple[str, ...] = ()
    mapping_key: tuple[str, ...] = ()
    foreign_keys: tuple[str, ...] = ()
    own_keys: tuple[str, ...] = ()


class Group(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """A commented group of front matter.

    Attributes:
        name: names the schema file, `<name>.schema.json`.
        keys: its top-level keys in the spec's order; by default those that its schema describes, in the schema's order.
        banner: the text of its banner line, such as "GROUP 1: CORE IDENTITY"; empty when it has none.
        banner_aliases: shorter or older texts that are accepted.
        blank_before: whether a blank line before its banner is "always", "never" or "either".
        optional: keys of `keys` that a file may lack (the schema decides what is required; `new` leaves these out).
    """

    name: str
    keys: tuple[str, ...] = ()
    banner: str = ""
    banner_aliases: tuple[str, ...] = ()
    blank_before: Literal["always", "never", "either"] = "always"
    optional: tuple[str, ...] = ()


class Drop(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """What an own spec leaves out of the one that it extends.

    Attributes:
        groups: names of groups, with their keys.
        keys: top-level keys.
        sections: titles of sections.
        types: relationship types.
    """

    groups: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    types: tuple[str, ...] = ()


class Identity(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """How a record is called.

    Attributes:
        name: what links say: a top-level key, "{stem}" (the file name without its suffix) or "{folder}" (that of the
            file), each with `|` and a regular expression behind it where the name is a part: its first group, or all of it.
            By default the key "slug" where the spec has it, else "{stem}".
        file: what the file must be called, without its suffix, such as "eip-{eip}" with a key in braces; empty for any
            name. By default the slug, where the name is one.
        title: the key of the title, or "#" for the first heading.
        id: the key of the permanent id, by which links may reach it too.
        aliases: the key of the list of other names; empty for none.
        page_address: the key of the web address of its page; empty for none.
        file_address: the key of the web address of its file; empty for none.
        id_prefixes: the prefixes of ids, which are TypeIDs then; empty for ids of another form.
        fillers: words that do not tell two slugs apart, such as "the".
        slugs: whether names are slugs: lower-case words joined by hyphens. By default if the name is the key "slug".
    """

    name: str = ""
    file: str = ""
    title: str = "title"
    id: str = "id"
    aliases: str = ""
    page_address: str = ""
    file_address: str = ""
    id_prefixes: tuple[str, ...] = ()
    fillers: tuple[str, ...] = ()
    slugs: bool = False


class Flow(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """The stages that records go through: what a record links to must be at the same stage or at a later one.

    Attributes:
        key: the top-level key of the stage; empty without stages.
        order: the stages from the first to the last; stages in an inner list count as the same one.
        types: the relationship types that it is about; all types by default.
    """

    key: str = ""
    order: tuple[str | tuple[str, ...], ...] = ()
    types: tuple[str, ...] = ()

    @property
    def ranks(self) -> Mapping[str, int]:
        """The rank of each stage, from 0."""
        stages = ((rank, stage) for rank, stage in enumerate(self.order))
        return {name: rank for rank, stage in stages for name in ((stage,) if isinstance(stage, str) else stage)}


class Relationships(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab", dict=True):
    """The curated links between patterns.

    Attributes:
        key: the top-level key that holds the lists; empty when they are top-level keys themselves.
        types: the relationship types in the spec's order.
        symmetric: types that both sides must list.
        inverse: pairs of types, each the other side of the other.
        acyclic: types whose links must not form cycles; pairs of inverse types must not either.
        external: types whose items point outside the library and have a free shape.
        targets: what an item names: "slug" or "typeid".
        split: the text between names in a text with several, such as ",".
        form: a regular expression for how a name is written: its first group, or all of it, is the name. In a list, and in
            a text with `split`, each item is a name. In any other text, each match is.
        item: how a fix writes an item: "text" or "mapping"; by default as the schema describes it.
        flow: the stages of records.
    """

    key: str = ""
    types: tuple[str, ...] = ()
    symmetric: tuple[str, ...] = ()
    inverse: tuple[tuple[str, str], ...] = ()
    acyclic: tuple[str, ...] = ()
    external: tuple[str, ...] = ()
    targets: Literal["slug", "typeid"] = "slug"
    split: str = ""
    form: str = ""
    item: Literal["", "text", "mapping"] = ""
    flow: Flow = Flow()

    @cached_property
    def name_form(self) -> re.Pattern[str] | None:
        """The compiled `form`, or None."""
        return re.compile(self.form) if self.form else None


class Garden(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """The machine-written graph: its top-level key, and the keys below it.

    Attributes:
        key: the top-level key; empty for a spec without such a graph.
        links: holds the links.
        entities: holds the entities.
        communities: holds the communities.
        node_id: the key of the id in an entity or a community.
        node_label: the key of its name in words.
        pruned: holds the date on which it was last tidied.
        never_pruned: whether that date may be null.
    """

    key: str = ""
    links: str = ""
    entities: str = ""
    communities: str = ""
    node_id: str = ""
    node_label: str = ""
    pruned: str = ""
    never_pruned: bool = False


class Scores(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """The scores in the front matter.

    Attributes:
        route: the keys that lead to the mapping with the scores.
        dimensions: the scores that the mean is taken over, besides `vitality`.
        vitality: the score for vitality.
        overall: the mean of the scores.
        reasoning: the text with the reasons for the scores.
    """

    route: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()
    vitality: str = ""
    overall: str = ""
    reasoning: str = ""


class CardSpec(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Where editors and reports find what they show of a record, each as the keys that lead to it.

    Attributes:
        domain: the domain, or a list of domains with the main one first.
        status: the status.
        keywords: the list of keywords.
    """

    domain: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()


class StatsSpec(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """What `patternlint stats` counts besides the keys of `[card]`.

    Attributes:
        stages: the stages that it counts, each as the keys that lead to it.
        created: the keys that lead to the date on which a record was created. Without such a date, a TypeID tells it.
        drafts: the statuses of records that are not finished; their age is counted.
    """

    stages: tuple[tuple[str, ...], ...] = ()
    created: tuple[str, ...] = ()
    drafts: tuple[str, ...] = ()


class StyleTree(Struct):
    """The routes of a `Style` below one place, as a tree.

    Attributes:
        scalars: the keys with a scalar, each with its quotes: `"`, or empty for plain.
        inner: the keys with a mapping or list, each with what is below it.
        others: what any other key holds, or None.
        items: what a list's items are, or None.
        quotes: the quotes of such a key, or of such items, when it is a scalar; else None.
        inline: whether it is a list in one line.
    """

    scalars: dict[str, str] = {}
    inner: dict[str, StyleTree] = {}
    others: StyleTree | None = None
    items: StyleTree | None = None
    quotes: str | None = None
    inline: bool = False

    def add(self, route: str, quotes: str | None) -> None:
        """Add a route: that of a scalar with its quotes, or with None that of a list in one line."""
        tree = self
        *above, last = path_steps(route)
        for step in above:
            tree = tree.below(step)
        if quotes is None:
            tree.below(last).inline = True
        elif last in ("[]", "*"):
            tree.below(last).quotes = quotes
        else:
            tree.scalars[last] = quotes

    def below(self, step: str) -> StyleTree:
        """Return what a key holds, any key (`*`) or an item (`[]`)."""
        if step == "*":
            self.others = self.others or StyleTree()
            return self.others
        if step == "[]":
            self.items = self.items or StyleTree()
            return self.items
        return self.inner.setdefault(step, StyleTree())


class LayoutStyle(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab", dict=True):
    """Scalar and list style. Routes are written with dots; `*` stands for any one key, `[]` for any list item.

    Attributes:
        fold_width: folded scalars have no line with more columns than this.
        quoted: routes of scalars in double quotes.
        plain: routes of scalars without quotes.
        inline: routes of lists in one line.
    """

    fold_width: int = 72
    quoted: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    inline: tuple[str, ...] = ()

    @cached_property
    def tree(self) -> StyleTree:
        """The routes as a tree, to go through once for all."""
        tree = StyleTree()
        for routes, quotes in ((self.quoted, '"'), (self.plain, ""), (self.inline, None)):
            for route in routes:
                tree.add(route, quotes)
        return tree


class Spec(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab", dict=True):
    """One version of the pattern specification, as data.

    Attributes:
        version: its name, as in the config's `spec = "7.1"`.
        title: what people call it.
        noun: the word for one of its records in messages, such as "proposal".
        files: globs of the files that follow it, whatever their content; relative to the folder of the configuration.
        front_matter: whether its files begin with front matter: "required", "optional" or "none".
        where: the files of `files` or `mark` that it applies to: keys, each with the value or values that it must have.
        mark: how its patterns are recognized by their content.
        rules: the rules for files that follow it: names and groups, or "ALL".
        extends: the version that a project's own spec adds to; empty for the built-in ones.
        drop: what it leaves out of that version.
        identity: how its records are called.
        groups: the groups of the front matter.
        summary: the top-level key of the summary, or empty.
        labels: the top-level key of the titles for certain readers, or empty.
        sector: the top-level key of the sector, or empty.
        sources: the top-level key of the sources, or empty.
        revision: the route of the number of its version, or empty.
        hubs: the top-level key of the gravitational hubs, or empty.
        hub_key: the key of the target in a hub that is a mapping.
        hub_words: the key of its name in words, or empty; it helps to find the pattern that an unknown target means.
        orbit: the top-level key of the orbital layer, or empty.
        relationships: the curated links between patterns.
        garden: the machine-written graph.
        scores: the scores in the front matter.
        confidence: the keys that lead to the confidence in the front matter.
        tension: the keys that lead to the primary tension in the front matter.
        card: where editors and reports find what they show.
        stats: what `patternlint stats` counts besides.
        body: the body.
        text: rules about text.
        derived: values that follow from others.
        style: scalar and list style.
        key_orders: accepted orders of the top-level keys besides that of the groups, each a list of keys.
        defaults: YAML text of what `patternlint new` writes for a top-level key.
        folder: where it was read from; holds the JSON Schemas.
        bases: the folders that it extends, nearest first.
    """

    version: str
    title: str
    noun: str = "pattern"
    files: tuple[str, ...] = ()
    front_matter: Literal["required", "optional", "none"] = "required"
    where: dict[str, Scalar | tuple[Scalar, ...]] = field(default_factory=dict)
    mark: Detection = Detection()
    rules: tuple[str, ...] = ("ALL",)
    extends: str = ""
    drop: Drop = Drop()
    identity: Identity = Identity()
    groups: tuple[Group, ...] = ()
    summary: str = ""
    labels: str = ""
    sector: str = ""
    sources: str = ""
    hubs: str = ""
    hub_key: str = ""
    hub_words: str = ""
    orbit: str = ""
    relationships: Relationships = Relationships()
    garden: Garden = Garden()
    scores: Scores = Scores()
    revision: tuple[str, ...] = ()
    confidence: tuple[str, ...] = ()
    tension: tuple[str, ...] = ()
    card: CardSpec = CardSpec()
    stats: StatsSpec = StatsSpec()
    body: BodySpec = BodySpec()
    text: tuple[TextRuleSpec, ...] = ()
    derived: tuple[DerivedSpec, ...] = ()
    style: LayoutStyle = LayoutStyle()
    key_orders: tuple[tuple[str, ...], ...] = ()
    defaults: dict[str, str] = field(default_factory=dict)
    folder: Path = Path()
    bases: tuple[Path, ...] = ()

    @cached_property
    def name_source(self) -> str:
        """Where the name of a record comes from: a top-level key, "{stem}" or "{folder}"."""
        return self.identity.name.partition("|")[0] or ("slug" if "slug" in self.keys else "{stem}")

    @cached_property
    def name_key(self) -> str:
        """The top-level key that holds the name of a record; empty if the name comes from its path."""
        return "" if self.name_source.startswith("{") else self.name_source

    @cached_property
    def name_part(self) -> re.Pattern[str] | None:
        """The regular expression whose first group, or whole match, is the name; None if the whole value is."""
        part = self.identity.name.partition("|")[2]
        return re.compile(part) if part else None

    @cached_property
    def file_template(self) -> str:
        """What a file must be called, without its suffix, with keys in braces; empty for any name."""
        return self.identity.file or ("" if self.identity.name or not self.name_key else f"{{{self.name_key}}}")

    @cached_property
    def has_slugs(self) -> bool:
        """Whether the names of records are slugs."""
        return self.identity.slugs or (not self.identity.name and bool(self.name_key))

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """All known top-level keys in the spec's order."""
        return tuple(key for group in self.groups for key in group.keys)

    @cached_property
    def group_of(self) -> Mapping[str, Group]:
        """The group of each known top-level key."""
        return {key: group for group in self.groups for key in group.keys}

    @cached_property
    def banner_names(self) -> Mapping[str, Group]:
        """The groups by the names that their banners may have."""
        groups = [group for group in self.groups if group.banner]
        return {name: group for group in groups for name in (group.banner, *group.banner_aliases)}

    @cached_property
    def inverse_of(self) -> Mapping[str, str]:
        """The inverse of each relationship type that has one, both ways."""
        pairs = self.relationships.inverse
        return dict(pairs) | {b: a for a, b in pairs}

    @cached_property
    def link_routes(self) -> tuple[tuple[str, ...], ...]:
        """The routes of the lists that link to patterns of the library, in the spec's order."""
        relationships = self.relationships
        types = [kind for kind in relationships.types if kind not in relationships.external]
        return tuple((relationships.key, kind) if relationships.key else (kind,) for kind in types)

    @cached_property
    def prompts(self) -> frozenset[str]:
        """What `patternlint new` leaves in brackets for a person to replace, without the brackets."""
        body = self.body
        texts = (body.opening, *(section.prompt for section in body.sections), *self.defaults.values())
        return frozenset(" ".join(found.split()) for text in texts for found in _PROMPT.findall(text))

    def foreign_key(self, data: Mapping[str, Any]) -> str:
        """Return the first top-level key that shows that a file belongs to another spec, or an empty string.

        A text does not count: `classification: "cooperative"` is the free text of a lighthouse.
        """
        mark = self.mark
        if any(key in data for key in mark.own_keys):
            return ""
        return next((key for key in mark.foreign_keys if key in data and not isinstance(data[key], str)), "")

    def applies_to(self, keys: Mapping[str, Any]) -> bool:
        """Return whether front matter with these top-level keys has the values that `where` asks for."""
        return all(_has_value(keys, key.split("."), expected) for key, expected in self.where.items())

    def matches(self, keys: Mapping[str, Any], identity: str) -> bool:
        """Return whether front matter with these top-level keys and this id follows this spec by its mark."""
        mark = self.mark
        if self.where and not self.applies_to(keys):
            return False
        if mark.id_prefixes and identity.partition("_")[0] in mark.id_prefixes and "_" in identity:
            return True
        if any(key in keys for key in mark.any_key):
            return True
        return any(isinstance(keys.get(key), Mapping) for key in mark.mapping_key)


def _has_value(keys: Any, route: Sequence[str], expected: Scalar | tuple[Scalar, ...]) -> bool:
    for step in route:
        keys = keys.get(step) if isinstance(keys, Mapping) else None
    allowed = expected if isinstance(expected, tuple) else (expected,)
    found = keys if isinstance(keys, list) else (keys,)
    return any(type(one) is type(value) and one == value for one in found for value in allowed)


class SpecRegistry:
    """The specs of a run, by rising rank; of two with the same version the later one counts."""

    def __init__(self, specs: Iterable[Spec]) -> None:
        by_version = {spec.version: spec for spec in specs}
        self.all = tuple(
            sorted(by_version.values(), key=lambda spec: (not spec.where, spec.mark.rank, spec.version))
        )  # a spec with `where` is a variant of one without
        self.by_version: Mapping[str, Spec] = {spec.version: spec for spec in self.all}
        self.id_prefixes = frozenset(prefix for spec in self.all for prefix in spec.identity.id_prefixes)
        self.relations = frozenset(route[-1] for spec in self.all for route in spec.link_routes)
        self.marker_keys = frozenset(key for spec in self.all for key in spec.mark.any_key + spec.mark.mapping_key)
        self.name_keys = frozenset(spec.name_key for spec in self.all if spec.name_key)
        self.id_keys = frozenset(spec.identity.id for spec in self.all)
        nameless = [spec.mark for spec in self.all if not spec.name_key]
        self._sufficient_keys = frozenset(key for mark in nameless for key in mark.any_key + mark.mapping_key)

    def id_in(self, keys: Mapping[str, Any]) -> str:
        """Return the id in front matter with these top-level keys, of whatever spec; empty if it has none."""
        return next((found for key in self.id_keys if isinstance(found := keys.get(key), str)), "")

    def find(self, keys: Mapping[str, Any], identity: str) -> Spec | None:
        """Return the spec that front matter with these top-level keys and this id follows, or None."""
        for spec in self.all:
            if spec.matches(keys, identity):
                return spec
        return None

    def looks_like_pattern(self, keys: Mapping[str, Any], identity: str) -> bool:
        """Return whether front matter has a known id prefix, or a marker key and, where it holds the name, a name."""
        return (
            self.is_known_prefix(identity)
            or (not self.name_keys.isdisjoint(keys) and not self.marker_keys.isdisjoint(keys))
            or not self._sufficient_keys.isdisjoint(keys)
        )

    def is_known_prefix(self, identity: str) -> bool:
        """Return whether an id begins with a known prefix and `_`."""
        prefix, underscore, _ = identity.partition("_")
        return bool(underscore) and prefix in self.id_prefixes


_TOP_KEY = re.compile(r"^([A-Za-z_][\w-]*):(?=\s|\Z)[ \t]*([^\r\n]*)", re.MULTILINE)
_LIST_BELOW = re.compile(r"\s*-\s")


def scan_top_level_keys(text: str) -> dict[str, Any]:
    """Return the keys at the start of a line in front matter that does not parse, each with its plain value.

    A key without a value on its line is taken for a mapping, unless list items follow; a text on the lines below is
    left out.
    """
    return {match[1]: _value_on_line(match[2], text, match.end()) for match in _TOP_KEY.finditer(text)}


def _value_on_line(value: str, text: str, end: int) -> str | dict[str, Any] | list[Any]:
    mark = value[:1]
    if mark in ("", "#", "{"):
        return [] if mark != "{" and _LIST_BELOW.match(text, end) else {}
    if mark == "[":
        return []
    if mark in ("|", ">"):
        return ""
    if mark in ("'", '"'):
        return value[1:].partition(mark)[0]
    return value.partition(" #")[0].rstrip()
