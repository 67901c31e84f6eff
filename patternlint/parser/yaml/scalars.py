"""Values of plain scalars in the core schema of YAML 1.2.

Source: https://yaml.org/spec/1.2.2/#103-core-schema. Dates stay text, because JSON Schema has no dates.
"""

from __future__ import annotations

import re
from functools import lru_cache

_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INT = re.compile(r"[-+]?[0-9]+\Z")
_BASED = re.compile(r"0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_SPECIAL = re.compile(r"([-+])?\.(?:inf|Inf|INF)\Z|\.(?:nan|NaN|NAN)\Z")
_NUMERIC_START = frozenset("0123456789+-.")
_MAX_DIGITS = 300

NON_STRING_INITIALS = _NUMERIC_START.union("yYoO=<", (word[0] for word in _WORDS if word))
"""Initials of plain scalars that may be another type than text, here or in YAML 1.1 (`yes`, `on`, `=`)."""


@lru_cache(4096)  # files share most words and numbers
def resolve_scalar(text: str) -> str | int | float | bool | None:  # noqa: PLR0911 - one for each kind of value
    """Return the value of a plain scalar in the core schema of YAML 1.2."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMERIC_START or len(text) > _MAX_DIGITS:
        return text
    if _INT.match(text):
        return int(text)
    if _FLOAT.match(text):
        return float(text)
    if _BASED.match(text):
        return int(text, 0)
    special = _SPECIAL.match(text)
    if special:
        return float(text.lower().replace(".", ""))
    return text
