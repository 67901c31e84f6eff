"""The result of parsing YAML, and its limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from msgspec import Struct

from patternlint.document.node import Node
from patternlint.parser.yaml.errors import SyntaxProblem
from patternlint.source import Span


class Limits(Struct, frozen=True):
    """Limits against hostile input.

    Attributes:
        size: bytes of front matter.
        depth: levels of nested lists and mappings; a pattern needs five.
        values: number of values, with those of aliases counted at each use (against "billion laughs").
    """

    size: int = 1_000_000
    depth: int = 64
    values: int = 200_000


DEFAULT_LIMITS = Limits()


class Duplicate(Struct, frozen=True):
    """A duplicate key in a mapping: its name and both positions."""

    key: str
    first: Span
    second: Span


class YamlTree(Struct, frozen=True):
    """The result of parsing YAML.

    Attributes:
        root: the root node, or None.
        problem: the syntax error, or None.
        duplicates: the duplicate keys.
        ambiguous_scalars: the distinct unquoted scalars that may be another type than text (see
            `NON_STRING_INITIALS`), as written, with their values.
        key_names: the distinct keys of all mappings.
        line_starts: the offsets of its lines and of the line after it, if they are available.
    """

    root: Node | None
    problem: SyntaxProblem | None = None
    duplicates: tuple[Duplicate, ...] = ()
    ambiguous_scalars: Mapping[str, Any] = {}
    key_names: AbstractSet[str] = frozenset()
    line_starts: Sequence[int] = ()
