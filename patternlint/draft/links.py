"""How records are called, and which keys name other records."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from patternlint.document.identity import name_text
from patternlint.draft.names import name_sources, names_by
from patternlint.draft.outliers import Constraint, Name
from patternlint.draft.records import Record
from patternlint.library.graph import strongly_connected_components

_UNSURE = 2, 0.8  # how many names, and which share of those at a key, are names of records if it has links
_SURE = 1, 0.5  # as above, for a key whose own name says that it has links
_FEWEST_PAIRS = 4  # links that show that the other side has them too
_MOST_LONELY = 5  # no more than one in so many links that the other side lacks
_SAMPLE = 1_000  # records that show which keys have links
_MOST_PREFIXES = 3
_TITLES = ("title", "name")  # a title may be like a name
_WORDS = re.compile(
    r"requir|need|depend|relat|replac|supersed|parent|child|see|link|next|previous|extend|part|refer|implement|us(?:es|ing)|"
    r"block|precede|follow|amend|obsolet|updat",
    re.IGNORECASE,
)
"""Words in keys with links. A number alone is a name only there; elsewhere it is an amount."""

_NUMBER = re.compile(r"(?<![A-Za-z0-9])([A-Za-z]+[-_ #]#?)([0-9]+)(?![0-9])")
_ITEM_KEYS = ("slug", "id")
_WIKI, _PATH, _DIGITS = r"\[\[([^\]|#]+)", r"([^/]+)\.mdx?$", "^([0-9]+)$"

Targets = Mapping[int, tuple[str, ...]]
"""The names at a key, by the number of the record."""


class Naming(Struct, frozen=True):
    """How records are called, and how links name them.

    Attributes:
        name: the setting `name` of `[identity]`.
        form: the setting `form` of `[relationships]`.
        split: the setting `split`.
        key: the top-level key that holds the types; empty when they are top-level keys themselves.
        names: the name of each record; empty without one.
        targets: the names at each relationship type.
    """

    name: str
    form: str
    split: str
    key: str
    names: tuple[str, ...]
    targets: Mapping[str, Targets]

    @property
    def route(self) -> Name:
        """The keys that lead to the types."""
        return (self.key,) if self.key else ()

    def is_link(self, route: Name) -> bool:
        """Return whether the values at a route name records."""
        return any(route[: len(self.route) + 1] == (*self.route, kind) for kind in self.targets)

    @property
    def has_wiki_links(self) -> bool:
        """Whether links are written as `[[name]]`."""
        return self.form == _WIKI

    def dangling(self, kind: str) -> int:
        """Return how many names at a type are those of no record."""
        known = {*self.names}
        return sum(name not in known for names in self.targets[kind].values() for name in names)


def naming_of(records: Sequence[Record]) -> Naming:
    """Return the names of some records that most links say; the usual ones if nothing links."""
    usual = next(name_sources(records))
    best = Naming(usual, "", "", "", names_by(usual, records), {})
    step = len(records) // _SAMPLE + 1
    score = 0
    for name in name_sources(records):
        names = names_by(name, records)
        known = {*names} - {""}
        for form, split in _forms(records[::step], known):
            for key, targets in _linking_keys(records, step, names, form, split).items():
                hits = sum(one in known for kind in targets.values() for found in kind.values() for one in found)
                if hits > score:
                    best, score = Naming(name, form, split, key, names, targets), hits
    if step > 1:
        return _of_all(best, records)
    return best


def _of_all(naming: Naming, records: Sequence[Record]) -> Naming:
    """Return names with the links of all records."""
    found = _read_all(enumerate(records), naming.form, naming.split)[naming.key]
    targets = {kind: {number: names for number, names in found[kind].items() if names} for kind in naming.targets}
    return Naming(naming.name, naming.form, naming.split, naming.key, naming.names, targets)


def _forms(records: Sequence[Record], known: set[str]) -> Iterator[tuple[str, str]]:
    """Yield how links may say names: the settings `form` and `split`."""
    yield from (("", ""), ("", ","), (_WIKI, ""), (_PATH, ""))
    if sum(map(str.isdecimal, known)) < 0.9 * len(known):
        return
    yield _DIGITS, ","
    texts = (text for record in records for value in record.keys.values() for text in _texts(value))
    prefixes = Counter(match[1] for text in texts for match in _NUMBER.finditer(text) if match[2] in known)
    lengths = {len(name) for name in known}
    digits = f"{{{max(lengths)}}}" if len(lengths) == 1 else "+"
    for prefix in sorted(prefixes, key=lambda prefix: (-prefixes[prefix], prefix))[:_MOST_PREFIXES]:
        yield f"{prefix}([0-9]{digits})", ""


def _texts(value: Any) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, str):
            yield one


def _linking_keys(
    records: Sequence[Record], step: int, names: Sequence[str], form: str, split: str
) -> dict[str, dict[str, Targets]]:
    """Return the keys whose values name other records, with these names, by the key above them."""
    known = {*names} - {""}
    found: dict[str, dict[str, Targets]] = {}
    sample = ((number, records[number]) for number in range(0, len(records), step))
    for key, kinds in sorted(_read_all(sample, form, split).items()):
        for kind, files in sorted(kinds.items()):
            targets = {number: named for number, named in files.items() if named}
            hits = sum(name in known and name != names[number] for number in targets for name in targets[number])
            total = sum(map(len, targets.values()))
            fewest, share = _SURE if _WORDS.search(kind) else _UNSURE
            is_usual = hits >= fewest and hits >= share * total and kind not in _TITLES
            if is_usual and _may_link(records, key, kind, targets):
                found.setdefault(key, {})[kind] = targets
    return found


def _may_link(records: Sequence[Record], key: str, kind: str, targets: Targets) -> bool:
    """Return whether the values at a key are more than amounts that happen to be the numbers of records."""
    if _WORDS.search(kind):
        return True
    keys = (records[number].keys for number in targets)
    return any(type(found[key][kind] if key else found[kind]) is not int for found in keys)


def _read_all(
    records: Iterator[tuple[int, Record]] | enumerate[Record], form: str, split: str
) -> dict[str, dict[str, dict[int, tuple[str, ...]]]]:
    """Return the names in all values, by the key above, which is empty for top-level keys, by key and by record."""
    found: dict[str, dict[str, dict[int, tuple[str, ...]]]] = defaultdict(lambda: defaultdict(dict))
    expression = re.compile(form)
    for number, record in records:
        for key, value in record.keys.items():
            if isinstance(value, dict):
                for inner, below in value.items():
                    if isinstance(below, list):
                        found[key][inner][number] = tuple(_names_in(below, expression, split))
            else:
                found[""][key][number] = tuple(_names_in(value, expression, split))
    return found


def _names_in(value: Any, form: re.Pattern[str], split: str) -> Iterator[str]:
    """Yield the names in a value, as the settings `form` and `split` read them."""
    if isinstance(value, list):
        for item in value:
            yield from _names_in_item(item, form)
    elif isinstance(value, str | int) and not isinstance(value, bool):
        for part in str(value).split(split) if split else (str(value),):
            if form.pattern:
                yield from (match[1] for match in form.finditer(part.strip()))
            elif part.strip():
                yield part.strip()


def _names_in_item(item: Any, form: re.Pattern[str]) -> Iterator[str]:
    if isinstance(item, dict):
        yield from [text for key in _ITEM_KEYS if (text := name_text(item.get(key)))][:1]
    elif isinstance(item, str | int) and not isinstance(item, bool):
        match = form.search(str(item)) if form.pattern else None
        yield match[1] if match is not None else str(item)


def link_constraints(naming: Naming) -> Iterator[Constraint]:
    """Yield what can be asked of links: that they have no cycles, and that both sides have them."""
    number_of = {name: number for number, name in enumerate(naming.names) if name}
    edges = {
        kind: {(number, number_of[name]) for number, names in files.items() for name in names if name in number_of}
        for kind, files in naming.targets.items()
    }
    for kind, pairs in edges.items():
        yield Constraint(("acyclic", kind), _in_cycles(pairs))
        for other, others in edges.items():
            lonely = _one_sided(pairs, others) | _one_sided(others, pairs)
            fewer = min(pairs, others, key=len)
            if kind <= other and len(fewer) >= _FEWEST_PAIRS and _MOST_LONELY * len(lonely) <= len(fewer):
                yield Constraint(("symmetric", kind) if kind == other else ("inverse", kind, other), lonely)


def _one_sided(pairs: set[tuple[int, int]], others: set[tuple[int, int]]) -> frozenset[int]:
    return frozenset(number for pair in pairs if pair[::-1] not in others for number in pair)


def _in_cycles(pairs: set[tuple[int, int]]) -> frozenset[int]:
    graph: dict[str, list[str]] = defaultdict(list)
    for one, other in sorted(pairs):
        graph[str(one)].append(str(other))
    return frozenset(int(node) for cycle in strongly_connected_components(graph, sorted(graph)) for node in cycle)
