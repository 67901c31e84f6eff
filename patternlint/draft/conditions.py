"""Keys that only files with certain values have, such as a date of withdrawal."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from patternlint.draft.outliers import Constraint, Name
from patternlint.draft.values import Values, enum_of

_FEWEST = 4  # files with a value that show that it goes with a key
_SHARE = 0.8  # of the files with a key that have such a value


def condition_constraints(values: Values) -> Iterator[Constraint]:
    """Yield the keys that are required where another key has certain values, from the values of the front matter."""
    listed = {key: options for key, found in values.keys.items() if len(options := enum_of(found)) > 1}
    for key, found in values.keys.items():
        conditions = [
            (covered, -len(constraint.exceptions), constraint)
            for decisive, options in listed.items()
            if key != decisive and len(found.files) < len(values.files)
            for covered, constraint in _condition(decisive, values.keys[decisive], options, key, found)
        ]
        if conditions:
            yield max(conditions, key=lambda one: one[:2])[2]


def _condition(
    decisive: str, deciding: Values, options: Collection[str], key: str, found: Values
) -> Iterator[tuple[int, Constraint]]:
    """Yield the values of a key with which another key goes, with the number of files that have both."""
    having = [value for value in options if _goes_with(deciding.texts[value], found.files)]
    where = frozenset().union(*(deciding.texts[value] for value in having))
    covered = len(where & found.files)
    if having and len(having) < len(options) and covered >= _SHARE * len(found.files):
        yield covered, Constraint(("if", decisive, key, *having), where - found.files)


def _goes_with(files: Collection[int], others: Collection[int]) -> bool:
    lacking = sum(number not in others for number in files)
    return len(files) >= _FEWEST and 20 * lacking <= len(files)


def conditions_of(chosen: Collection[Name], keys: Collection[str]) -> list[Mapping[str, Any]]:
    """Return the conditions of a JSON Schema: what each set of values requires.

    Args:
        chosen: the names of the constraints that the draft has.
        keys: the keys that the schema describes.
    """
    required: dict[tuple[str, ...], list[str]] = {}
    always = {name[1] for name in chosen if name[0] == "required" and len(name) == 2}  # noqa: PLR2004 - a top-level key
    for _, decisive, key, *values in sorted(name for name in chosen if name[0] == "if"):
        if key in keys and decisive in keys and key not in always:
            required.setdefault((decisive, *values), []).append(key)
    return [
        {
            "if": {"properties": {decisive: _one_of(values)}, "required": [decisive]},
            "then": {"required": sorted(needed)},
        }
        for (decisive, *values), needed in required.items()
    ]


def _one_of(values: list[str]) -> Mapping[str, Any]:
    return {"const": values[0]} if len(values) == 1 else {"enum": values}
