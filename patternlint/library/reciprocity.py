"""Relationships that the other side should return: A is an alternative to B, so B is one to A."""

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

_REMEMBERED = 5_000
"""Of so many targets at most it is remembered what they name: of all in a large library it would take much memory."""

_IDS = ("typeid", "id")

_BRINGS = ("cycle",)
"""What an answer may bring to light in the other pattern: `enables` answered by `requires` can close a circle."""


class MissingReciprocal(Struct, frozen=True):
    """A relationship that is not returned.

    Attributes:
        entry: the pattern that lists the other.
        link: where it does.
        other: the pattern that does not list it in turn.
        type: the relationship type that `other` would list it under.
        also_listed_as: further types under which `entry` lists `other` and that ask for an answer: one is enough for all.
        fix: the repair: adds it there; None where it is not certain what to add.
    """

    entry: Entry
    link: Link
    other: Entry
    type: str
    also_listed_as: tuple[str, ...]
    fix: Fix | None


def find_missing_reciprocals(
    library: Library, owed: Callable[[Spec], Mapping[str, str]]
) -> Iterator[MissingReciprocal]:
    """Yield every relationship that the other pattern does not return, once for each type and pattern.

    A pattern returns a relationship when it lists the first one under any type: under the wrong one it contradicts it,
    and a second line would not help. Nothing is expected of a pattern that cannot be mended: one that does not parse,
    that is only there to resolve against, or whose spec has no such type. Of several with one slug any may answer, and
    the first is asked to.

    Args:
        library: the library.
        owed: for a spec, the relationship types that are to be returned, each with the type of the answer.
    """
    types = {spec.version: _types(spec) for spec in library.specs.all}
    answers = {spec.version: owed(spec) for spec in library.specs.all}
    asking = {spec.version: _asking(spec, answers[spec.version]) for spec in library.specs.all}
    targets = _Targets(library)
    for entry in library.targets:
        expected = answers.get(entry.spec)
        names = {name for name in (entry.slug, entry.id) if name}
        if not expected or not names:
            continue
        seen: set[tuple[str, str]] = set()
        beside = _Beside(entry, asking[entry.spec])
        for link in entry.links:
            answer = expected.get(link.relation)
            if answer is None:
                continue
            named = targets.of(link.target)
            able = [one for one in named.entries if one.internal and answer in types.get(one.spec, ())]
            if not able or not named.whole or (answer, able[0].path) in seen:
                continue
            if link.target in names and [one for one in named.entries if one is entry]:
                continue
            seen.add((answer, able[0].path))
            if names.isdisjoint(named.listed):
                fix = _answer(entry, link, able[0], answer, library)
                yield MissingReciprocal(entry, link, able[0], answer, beside.of(link, able[0]), fix)


class _Named(Struct, frozen=True, gc=False):
    """What a target names.

    Attributes:
        entries: the patterns, in the order of their paths.
        whole: whether all of them parse.
        listed: what any of them lists.
    """

    entries: tuple[Entry, ...]
    whole: bool
    listed: frozenset[str]


class _Targets:
    """What targets name."""

    def __init__(self, library: Library) -> None:
        self._by_slug, self._by_id = library.by_slug, library.by_id
        self._known: dict[str, _Named] = {}

    def of(self, target: str) -> _Named:
        """Return what a target names."""
        found = self._known.get(target)
        if found is None:
            if len(self._known) > _REMEMBERED:
                self._known.clear()
            entries = self._by_slug.get(target) or self._by_id.get(target) or ()
            listed = frozenset([link.target for one in entries for link in one.links if link.is_curated])
            found = self._known[target] = _Named(entries, not any(one.failed_to_parse for one in entries), listed)
        return found


def _types(spec: Spec) -> frozenset[str]:
    return frozenset(route[-1] for route in spec.link_routes)


def _asking(spec: Spec, expected: Mapping[str, str]) -> frozenset[str]:
    """Return the types that ask for an answer: by the spec, or as a rule expects."""
    return frozenset((*spec.relationships.symmetric, *spec.inverse_of, *expected))


class _Beside:
    """The types that ask for an answer under which a pattern lists others."""

    def __init__(self, entry: Entry, asking: frozenset[str]) -> None:
        self._entry, self._asking = entry, asking

    @cached_property
    def _by_target(self) -> Mapping[str, Sequence[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for link in self._entry.links:
            if link.relation in self._asking:
                found[link.target].append(link.relation)
        return found

    def of(self, link: Link, other: Entry) -> tuple[str, ...]:
        """Return those under which `other` is listed, apart from that of `link`."""
        by_target, own = self._by_target, link.relation
        kinds = [
            kind for name in (other.slug, other.id) if name in by_target for kind in by_target[name] if kind != own
        ]
        return tuple(dict.fromkeys(kinds)) if kinds else ()


def _answer(entry: Entry, link: Link, other: Entry, answer: str, library: Library) -> Fix | None:
    """Return the fix that lists `entry` under `answer` in `other`."""
    spec = library.specs.by_version[other.spec]
    relationships = spec.relationships
    route = (relationships.key, answer) if relationships.key else (answer,)
    step = _step(spec, route, link, other)
    weight = link.weight if step else None
    if step is None or answer in other.closed or (weight is not None and not 0 <= weight <= 1):
        return None
    by_id = relationships.targets == "typeid" or step in _IDS
    target = entry.id if by_id else entry.slug
    given = {step} if weight is None else {step, "weight"}
    if (
        not target
        or contradicts_inferred(other, target, answer)
        or (by_id and len(library.by_id[target]) > 1)
        or (step and not required_keys(spec, (*route, 0)) <= given)
    ):
        return None
    title = f"add `{target}` to `{answer}` of `{other.name}`"
    edit = InsertItem(route, target, weight, other.path, step)
    return Fix(title, Safety.UNSAFE, (edit,), (DeclaredChange(route, other.path),), _BRINGS)


def contradicts_inferred(entry: Entry, target: str, kind: str) -> bool:
    """Return whether `entry` has inferred links to `target`, and one of them has another type than `kind`."""
    return any(link.target == target and link.type not in {kind, ""} for link in entry.links if not link.is_curated)


def _step(spec: Spec, route: Route, link: Link, other: Entry) -> str | None:
    """Return the key that holds the target in an item at `route`: empty for a target alone, None where that is unknown.

    The schema decides; where it leaves it open, the items of the other pattern do, else the item that is answered.
    """
    item = (*route, 0)
    types = required_types(spec, item)
    keys = known_keys(spec, item)
    if types == {"string"}:
        return ""
    if types == {"object"} and keys:
        return next((step for step in ("slug", *_IDS) if step in keys), None)
    mine = [one for one in other.links if one.is_curated]
    near = next((one for one in mine if one.relation == route[-1]), next(iter(mine), link))
    return near.key
