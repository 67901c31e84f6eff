"""What YAML is parsed into, and what is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from msgspec import Struct

from patternlint.document.node import Node
from patternlint.parser.yaml.errors import SyntaxProblem
from patternlint.source import Span


class Limits(Struct, frozen=True):
    """What is refused, since hostile input could exhaust stack, memory or patience.

    Attributes:
        size: more bytes of front matter.
        depth: lists and mappings nested deeper; a pattern needs five levels.
        values: more values, what aliases stand for counted as often as they are used (the "billion laughs").
    """

    size: int = 1_000_000
    depth: int = 64
    values: int = 200_000


DEFAULT_LIMITS = Limits()


class Duplicate(Struct, frozen=True):
    """A key that is twice in one mapping: its name and both places."""

    key: str
    first: Span
    second: Span


class YamlTree(Struct, frozen=True):
    """What `compose` found.

    Attributes:
        root: the root node, or None.
        problem: what stopped it, or None.
        duplicates: keys that are there twice.
        ambiguous_scalars: the scalars without quotes that may be something else than text (see `SPECIAL`), each different one once,
            as written, with their values.
        key_names: the keys of all mappings, each different one once.
        line_starts: where its lines start, and the one behind it, if that was looked at.
    """

    root: Node | None
    problem: SyntaxProblem | None = None
    duplicates: tuple[Duplicate, ...] = ()
    ambiguous_scalars: Mapping[str, Any] = {}
    key_names: AbstractSet[str] = frozenset()
    line_starts: Sequence[int] = ()
