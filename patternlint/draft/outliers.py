"""Decide which constraints a draft has: those that nearly all files keep."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

Name = tuple[str, ...]
"""What a constraint is about: its kind, and the route or the title that it restricts."""


class Constraint(Struct, frozen=True):
    """Something that a specification can ask for.

    Attributes:
        name: what it is about.
        exceptions: the numbers of the files that do not keep it.
    """

    name: Name
    exceptions: frozenset[int]


def affordable(constraints: Iterable[Constraint], most: int, taken: Iterable[int] = ()) -> frozenset[Name]:
    """Return the names of the constraints that a draft has.

    Constraints with the fewest exceptions come first, as long as at most `most` files are exceptions to any of them.

    Args:
        constraints: the candidates, the preferred one of equal ones first.
        most: the number of files.
        taken: files that count already.
    """
    return frozenset(_affordable(sorted(constraints, key=lambda one: len(one.exceptions)), most, set(taken)))


def _affordable(constraints: Iterable[Constraint], most: int, taken: set[int]) -> Iterator[Name]:
    for constraint in constraints:
        if not constraint.exceptions or len(taken | constraint.exceptions) <= most:
            taken |= constraint.exceptions
            yield constraint.name
