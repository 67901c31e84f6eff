"""Values that follow from others in the same file."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field


class DerivedSpec(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """A value that follows from others in the same file.

    Attributes:
        value: the route of the value, such as `ontology.primary` or `transitions[].from`.
        kind: what it is: the key of the "greatest" number of a mapping, the "share" of the greatest number in the sum,
            the "mean" of the numbers, or "one-of" the values at a route.
        of: the route of that mapping, or of those values, such as `states[].name`.
        decimals: the digits after the point in which a share or a mean must agree.
    """

    value: str
    of: str
    kind: Literal["greatest", "share", "mean", "one-of"] = field(name="is")
    decimals: int = 2
