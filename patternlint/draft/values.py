"""Describe the values of front matter by a JSON Schema."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from patternlint.draft.outliers import Constraint, Name
from patternlint.spec.string_formats import FORMATS

_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
_FORMATS = ("date", "date-time", "uuid", "email", "uri")
ITEM = "[]"
"""The step of a route into the items of a list."""

_DEPTH = 6
_SHARE = 10  # a constraint that more than a tenth of the values break is none
_MOST_VALUES = 12  # of an enum
_ALWAYS = 20  # equal values that are enough for an enum of one
_LONGEST_VALUE = 40
_FEWEST = 6  # values that are enough for an enum or a form
_TYPO = 40  # a value that occurs once among so many is left to the author
_OPEN_KEYS = 30  # a mapping with more keys in all, each rare, holds names and not fields
_RUN = re.compile(r"[0-9]+|[a-z]+|[A-Z]+|[^0-9a-zA-Z]", re.DOTALL)
_MOST_RUNS = 12


class Values:
    """All values at one route of the front matter.

    Attributes:
        files: the numbers of the files that have a value here.
        types: the files with a value of each JSON type.
        texts: the files of each string.
        least: the least number.
        keys: the values of each key of mappings.
        items: the values of the items of lists.
        count: the number of mappings.
        sizes: the number of keys in all mappings.
    """

    def __init__(self, depth: int = 0) -> None:
        self.depth = depth
        self.files: set[int] = set()
        self.types: dict[str, set[int]] = {}
        self.texts: dict[str, set[int]] = {}
        self.least: float = 0
        self.keys: dict[str, Values] = {}
        self.items: Values | None = None
        self.count = 0
        self.sizes = 0

    def add(self, file: int, value: Any) -> None:
        """Add the value of a file."""
        self.files.add(file)
        kind = "null" if value is None else _TYPES[type(value)]
        if isinstance(value, int | float) and not isinstance(value, bool):
            has_numbers = "integer" in self.types or "number" in self.types
            self.least = min(self.least, value) if has_numbers else value
        self.types.setdefault(kind, set()).add(file)
        if isinstance(value, str):
            self.texts.setdefault(value, set()).add(file)
        elif self.depth < _DEPTH:
            self._add_inner(file, value)

    def _add_inner(self, file: int, value: Any) -> None:
        if isinstance(value, list):
            self.items = self.items or Values(self.depth + 1)
            for item in value:
                self.items.add(file, item)
        elif isinstance(value, dict):
            self.count += 1
            self.sizes += len(value)
            for key, inner in value.items():
                if not any("\ud800" <= character <= "\udfff" for character in key):
                    self.keys.setdefault(key, Values(self.depth + 1)).add(file, inner)

    @property
    def is_open(self) -> bool:
        """Whether the keys of its mappings are data and not fields: there are many rare ones, or all lack values."""
        if self.depth > 0 and all(found.types.keys() == {"null"} for found in self.keys.values()):
            return True  # the braces of a template, such as `{name of the author}`
        is_large = self.depth > 0 and len(self.keys) > _OPEN_KEYS
        return is_large and 4 * self.sizes < self.count * len(self.keys)


def constraints_of(values: Values, route: Name, *, is_link: Callable[[Name], bool]) -> Iterator[Constraint]:
    """Yield what can be asked of the values at a route, and below it.

    Args:
        values: the values.
        route: the keys that lead to them, `[]` for items.
        is_link: returns whether the values at a route name other records; any name is allowed there.
    """
    if not is_link(route):
        yield from (one for one in _own_constraints(values, route) if _has_few(one.exceptions, values.files))
    if values.items is not None:
        yield from constraints_of(values.items, (*route, ITEM), is_link=is_link)
    for key, inner in () if values.is_open else values.keys.items():
        yield from constraints_of(inner, (*route, key), is_link=is_link)


def _own_constraints(values: Values, route: Name) -> Iterator[Constraint]:
    types = sorted(values.types, key=lambda kind: (-len(values.types[kind]), kind))
    for kind in types[1:]:
        if kind != "integer" or "number" not in values.types:
            yield Constraint(("no-type", *route, kind), frozenset(values.types[kind]))
    if len(values.types.get("integer", ())) >= _FEWEST and values.least >= 0:
        yield Constraint(("minimum", *route), frozenset())
    if values.texts:
        yield from _text_constraints(values, route)
    if ITEM in route or values.is_open:  # a file may have several mappings there: any of them may lack a key
        return
    mappings = values.types.get("object", set())
    for key, inner in values.keys.items():
        yield Constraint(("required", *route, key), frozenset(mappings - inner.files))


def _has_few(exceptions: Collection[int], files: Collection[int]) -> bool:
    return _SHARE * len(exceptions) <= len(files)


def _text_constraints(values: Values, route: Name) -> Iterator[Constraint]:
    texts = values.texts
    count = sum(map(len, texts.values()))
    yield Constraint(("not-empty", *route), frozenset(texts.get("", ())))
    listed = enum_of(values)
    others = _files_without(texts, listed.__contains__)
    if listed and _has_few(others, values.files):
        yield Constraint(("enum", *route), others)
    elif count >= _FEWEST:
        yield from _form_constraints(texts, route, count)


def _form_constraints(texts: Mapping[str, set[int]], route: Name, count: int) -> Iterator[Constraint]:
    for name in _FORMATS:
        is_valid = FORMATS[name]
        if sum(len(files) for text, files in texts.items() if is_valid(text)) > count / 2:
            yield Constraint(("format", *route, name), _files_without(texts, is_valid))
            return
    form = form_of(texts)
    if form:
        expression = re.compile(form)
        yield Constraint(("pattern", *route), _files_without(texts, lambda text: expression.search(text) is not None))


def _files_without(texts: Mapping[str, set[int]], condition: Callable[[str], bool]) -> frozenset[int]:
    """Return the files with a text that does not meet a condition."""
    return frozenset().union(*(files for text, files in texts.items() if not condition(text)))


def enum_of(values: Values) -> tuple[str, ...]:
    """Return the few texts that occur, without typos; empty if there are too many to list."""
    texts = values.texts
    count = sum(map(len, texts.values()))
    rare = 1 if count >= _TYPO else 0
    listed = [text for text, files in texts.items() if len(files) > rare]
    is_short = all(text and len(text) <= _LONGEST_VALUE and "\n" not in text for text in listed)
    enough = _ALWAYS if len(listed) == 1 else max(_FEWEST, 3 * len(listed))
    is_list = 0 < len(listed) <= _MOST_VALUES and is_short and count >= enough
    if not is_list or any(all(map(FORMATS[name], listed)) for name in _FORMATS):
        return ()
    return tuple(sorted(listed, key=lambda text: (-len(texts[text]), text)))


def form_of(texts: Collection[str]) -> str:
    """Return a regular expression for texts of one form with digits, such as `ADR-0042`; empty for others."""
    forms = Counter(tuple(_kinds(text)) for text in texts if len(text) <= _LONGEST_VALUE)
    if not forms:
        return ""
    (form, count) = max(forms.items(), key=lambda one: (one[1], one[0]))
    if count < _FEWEST or count < 0.9 * len(texts) or "0" not in form or len(form) > _MOST_RUNS:
        return ""
    columns = zip(*(_RUN.findall(text) for text in texts if tuple(_kinds(text)) == form), strict=True)
    return f"^{''.join(map(_expression, form, columns))}$"


def _kinds(text: str) -> Iterator[str]:
    """Yield what each run of a text is: `0` for digits, `a` and `A` for letters, else the character."""
    for run in _RUN.findall(text):
        yield "0" if run[0] in "0123456789" else "a" if "a" <= run[0] <= "z" else "A" if "A" <= run[0] <= "Z" else run


def _expression(kind: str, runs: tuple[str, ...]) -> str:
    if kind not in ("0", "a", "A"):
        return f"\\{kind}" if kind in r"\^$.|?*+()[]{}/" else kind
    if kind != "0" and len(set(runs)) == 1:
        return runs[0]
    lengths = {len(run) for run in runs}
    ranges = {"0": "[0-9]", "a": "[a-z]", "A": "[A-Z]"}[kind]
    length = lengths.pop() if len(lengths) == 1 else 1
    return f"{ranges}{{{length}}}" if length > 1 else f"{ranges}+"


def schema_of(values: Values, route: Name, chosen: Collection[Name]) -> dict[str, Any]:
    """Return the JSON Schema of the values at a route.

    Args:
        values: the values.
        route: the keys that lead to them.
        chosen: the names of the constraints that the draft has.
    """
    types = [kind for kind in values.types if ("no-type", *route, kind) not in chosen]
    if "number" in types and "integer" in types:
        types.remove("integer")
    types.sort(key=lambda kind: (kind == "null", -len(values.types[kind]), kind))
    if types == ["null"]:  # a key without values may have any
        return {}
    schema: dict[str, Any] = {"type": types[0] if len(types) == 1 else types}
    if ("enum", *route) in chosen and set(types) <= {"string", "null"}:
        return {"enum": [*enum_of(values), *([None] if "null" in types else [])]}
    if "string" in types:
        schema |= _text_schema(values, route, chosen)
    if "integer" in types and ("minimum", *route) in chosen:
        schema["minimum"] = 1 if values.least >= 1 else 0
    if "array" in types and values.items is not None and values.items.types:
        schema["items"] = schema_of(values.items, (*route, ITEM), chosen)
    if "object" in types and values.is_open:
        schema["additionalProperties"] = True
    elif "object" in types and values.keys:
        schema["properties"] = {key: schema_of(one, (*route, key), chosen) for key, one in values.keys.items()}
        required = [key for key in values.keys if ("required", *route, key) in chosen]
        schema |= {"required": required} if required else {}
    return schema


def _text_schema(values: Values, route: Name, chosen: Collection[Name]) -> dict[str, Any]:
    found = [{"format": name} for name in _FORMATS if ("format", *route, name) in chosen]
    if found:
        return found[0]
    if ("pattern", *route) in chosen:
        return {"pattern": form_of(values.texts)}
    return {"minLength": 1} if ("not-empty", *route) in chosen else {}
