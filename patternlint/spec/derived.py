"""Values that follow from others in the same file."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Literal

from msgspec import Struct, field


class DerivedSpec(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab", dict=True):
    """A value that follows from others in the same file.

    Attributes:
        value: the route of the value, such as `ontology.primary` or `transitions[].from`.
        kind: what it is: the key of the "greatest" number of a mapping, the "share" of the greatest number in the sum,
            the "mean" of the numbers, "one-of" the values at a route, or a number "in-text".
        of: the route of that mapping, or of those values, such as `states[].name`. For "in-text", a regular expression
            whose first group is the number; if it matches several times in the text, each of the numbers is right.
        decimals: the digits after the point in which a share or a mean must agree.
    """

    value: str
    of: str
    kind: Literal["greatest", "share", "mean", "one-of", "in-text"] = field(name="is")
    decimals: int = 2

    @cached_property
    def form(self) -> re.Pattern[str]:
        """The compiled regular expression of "in-text"."""
        return re.compile(self.of)
