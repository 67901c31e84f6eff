"""Links that must be mutual: if A is an alternative to B, B is an alternative to A."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property

from msgspec import Struct

from patternlint.diagnostics.fix import DeclaredChange, Fix, InsertItem, Safety
from patternlint.diagnostics.route import Route
from patternlint.document.links import Link
from patternlint.library.entry import Entry
from patternlint.library.library import Library
from patternlint.spec.model import Spec
from patternlint.spec.schema_lookup import known_keys, required_keys, required_types

_MAX_CACHED_TARGETS = 5_000  # those of a large library would take too much memory

_IDS = ("typeid", "id")

_MAY_REVEAL = ("cycle",)  # adding `requires` as the link back of `enables` can complete a cycle


class MissingReciprocal(Struct, frozen=True):
    """A link whose target does not link back.

    Attributes:
        entry: the pattern with the link.
        link: the link.
        other: the pattern that does not link back.
        type: the relationship type of the missing link.
        also_listed_as: other types that must be mutual under which `entry` links to `other`; one link back is enough.
        fix: adds the missing link; None if it is unclear what to add.
    """

    entry: Entry
    link: Link
    other: Entry
    type: str
    also_listed_as: tuple[str, ...]
    fix: Fix | None


def find_missing_reciprocals(
    library: Library, expected_types: Callable[[Spec], Mapping[str, str]]
) -> Iterator[MissingReciprocal]:
    """Yield every link whose target does not link back, once for each type and pattern.

    A link back of any type counts: one of the wrong type is a contradiction, which a second link does not solve. Patterns
    that cannot be fixed are skipped: those that do not parse, that only exist to resolve links, or whose specification
    lacks the type. If several patterns have the same slug, any of them may link back; the first is reported.

    Args:
        library: the library.
        expected_types: returns the relationship types of a specification that must be mutual, each with the type of the
            link back.
    """
    types = {spec.version: _types(spec) for spec in library.specs.all}
    inverses = {spec.version: expected_types(spec) for spec in library.specs.all}
    mutual = {spec.version: _mutual_types(spec, inverses[spec.version]) for spec in library.specs.all}
    targets = _Targets(library)
    for entry in library.targets:
        expected = inverses.get(entry.spec)
        names = {name for name in (entry.slug, entry.id) if name}
        if not expected or not names:
            continue
        reported: set[tuple[str, str]] = set()
        also_listed = _AlsoListed(entry, mutual[entry.spec])
        for link in entry.links:
            inverse = expected.get(link.relation)
            if inverse is None:
                continue
            named = targets.of(link.target)
            fixable = [one for one in named.entries if one.internal and inverse in types.get(one.spec, ())]
            if not fixable or not named.whole or (inverse, fixable[0].path) in reported:
                continue
            if link.target in names and [one for one in named.entries if one is entry]:
                continue
            reported.add((inverse, fixable[0].path))
            if names.isdisjoint(named.listed):
                fix = _fix(entry, link, fixable[0], inverse, library)
                yield MissingReciprocal(entry, link, fixable[0], inverse, also_listed.under(link, fixable[0]), fix)


class _Resolved(Struct, frozen=True, gc=False):
    """The patterns that have the slug or id of a target.

    Attributes:
        entries: the patterns, in the order of their paths.
        whole: whether all of them parse.
        listed: the targets of their curated links.
    """

    entries: tuple[Entry, ...]
    whole: bool
    listed: frozenset[str]


class _Targets:
    """Resolves targets, with a cache."""

    def __init__(self, library: Library) -> None:
        self._by_slug, self._by_id = library.by_slug, library.by_id
        self._known: dict[str, _Resolved] = {}

    def of(self, target: str) -> _Resolved:
        """Return the patterns of a target."""
        found = self._known.get(target)
        if found is None:
            if len(self._known) > _MAX_CACHED_TARGETS:
                self._known.clear()
            entries = self._by_slug.get(target) or self._by_id.get(target) or ()
            listed = frozenset([link.target for one in entries for link in one.links if link.is_curated])
            found = self._known[target] = _Resolved(entries, not any(one.failed_to_parse for one in entries), listed)
        return found


def _types(spec: Spec) -> frozenset[str]:
    return frozenset(route[-1] for route in spec.link_routes)


def _mutual_types(spec: Spec, expected: Mapping[str, str]) -> frozenset[str]:
    """Return the types that must be mutual according to the specification or to a rule."""
    return frozenset((*spec.relationships.symmetric, *spec.inverse_of, *expected))


class _AlsoListed:
    """The types that must be mutual under which a pattern links to others."""

    def __init__(self, entry: Entry, mutual: frozenset[str]) -> None:
        self._entry, self._mutual = entry, mutual

    @cached_property
    def _by_target(self) -> Mapping[str, Sequence[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for link in self._entry.links:
            if link.relation in self._mutual:
                found[link.target].append(link.relation)
        return found

    def under(self, link: Link, other: Entry) -> tuple[str, ...]:
        """Return the types of other links to `other` than `link`."""
        by_target, own = self._by_target, link.relation
        kinds = [
            kind for name in (other.slug, other.id) if name in by_target for kind in by_target[name] if kind != own
        ]
        return tuple(dict.fromkeys(kinds)) if kinds else ()


def _fix(entry: Entry, link: Link, other: Entry, inverse: str, library: Library) -> Fix | None:
    """Return the fix that adds `entry` to `inverse` in `other`, or None if it is unclear what to add."""
    spec = library.specs.by_version[other.spec]
    relationships = spec.relationships
    route = (relationships.key, inverse) if relationships.key else (inverse,)
    step = _step(spec, route, link, other)
    weight = link.weight if step else None
    if step is None or inverse in other.closed or (weight is not None and not 0 <= weight <= 1):
        return None
    by_id = relationships.targets == "typeid" or step in _IDS
    target = entry.id if by_id else entry.slug
    given = {step} if weight is None else {step, "weight"}
    if (
        not target
        or contradicts_inferred(other, target, inverse)
        or (by_id and len(library.by_id[target]) > 1)
        or (step and not required_keys(spec, (*route, 0)) <= given)
    ):
        return None
    title = f"add `{target}` to `{inverse}` of `{other.name}`"
    edit = InsertItem(route, target, weight, other.path, step)
    return Fix(title, Safety.UNSAFE, (edit,), (DeclaredChange(route, other.path),), _MAY_REVEAL)


def contradicts_inferred(entry: Entry, target: str, kind: str) -> bool:
    """Return whether `entry` has an inferred link to `target` of another type than `kind`."""
    return any(link.target == target and link.type not in {kind, ""} for link in entry.links if not link.is_curated)


def _step(spec: Spec, route: Route, link: Link, other: Entry) -> str | None:
    """Return the key of the target in an item at `route`: empty if the item is the target, None if it is unknown.

    The schema decides; if it allows several, the items of the other pattern do, else `link`.
    """
    relationships = spec.relationships
    if relationships.form or relationships.split or required_types(spec, route) - {"array"}:
        return None  # what is around the name, or between names, is for a person to write
    if relationships.item == "text":
        return ""
    item = (*route, 0)
    types = required_types(spec, item)
    keys = known_keys(spec, item)
    if types == {"string"}:
        return ""
    if keys and (types == {"object"} or relationships.item == "mapping"):
        return next((step for step in ("slug", *_IDS) if step in keys), None)
    mine = [one for one in other.links if one.is_curated]
    near = next((one for one in mine if one.relation == route[-1]), next(iter(mine), link))
    return near.key
