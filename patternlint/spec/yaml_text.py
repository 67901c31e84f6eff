"""YAML for help texts: the line to write, and the number that a text probably means."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_PLAIN = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*|CC-[A-Z0-9.-]+|[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORDS = {word: number for number, word in enumerate("zero one two three four five six seven eight nine ten".split())}  # noqa: SIM905 - words read better as text
_NUMBER = re.compile(
    r"(?:[~≈]|ca\.?|about|approx\.?)?\s*(-?\d+(?:[.,]\d+)?)\s*(?:\+|[.,;]|points?|stars?)?", re.IGNORECASE
)
_OF = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:/|of|out of)\s*(\d+)", re.IGNORECASE)
_PERCENT = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:%|percent)", re.IGNORECASE)


def inline_yaml(value: Any, *, quoted: bool = False) -> str:
    """Return a value as YAML in one line; a word such as a slug has no quotes unless `quoted`."""
    if isinstance(value, str):
        return value if not quoted and _PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return f"[{', '.join(inline_yaml(item, quoted=True) for item in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(yaml_line(key, inner) for key, inner in value.items())}}}"
    return json.dumps(value)


def yaml_line(key: str | int, value: Any) -> str:
    """Return the line of a key with its value, or of a list item: `confidence: 2`, `- "Field notes"`."""
    return f"{key}: {inline_yaml(value)}" if isinstance(key, str) else f"- {inline_yaml(value, quoted=True)}"


def example_value(schema: Mapping[str, Any]) -> Any:
    """Return the first example of a schema, or the only value or the first one that it allows; None without any."""
    for values in (schema.get("examples"), [schema["const"]] if "const" in schema else None, schema.get("enum")):
        if values:
            return values[0]
    return None


def intended_number(text: str, schema: Mapping[str, Any]) -> float | int | None:
    """Return the number that a text was probably meant to be, if it is in the range of a schema: 3.5 for "3,5"."""
    low, high = schema.get("minimum"), schema.get("maximum")
    found = _read(text.strip(), high)
    if found is None or (low is not None and found < low) or (high is not None and found > high):
        return None
    if schema.get("type") == "integer" and found != int(found):
        return None
    return int(found) if found == int(found) else found


def _read(text: str, high: float | None) -> float | None:
    if text.casefold() in _WORDS:
        return _WORDS[text.casefold()]
    if text and not text.strip("★☆⭐*"):
        return len(text.strip("☆"))
    part = _OF.fullmatch(text)
    if part:
        number, whole = _decimal(part[1]), float(part[2])
        if high == whole:
            return number
        return round(number / whole, 2) if high == 1 and whole else None
    percent = _PERCENT.fullmatch(text)
    if percent:
        return round(_decimal(percent[1]) / 100, 4) if high == 1 else None
    plain = _NUMBER.fullmatch(text)
    return _decimal(plain[1]) if plain else None


def _decimal(text: str) -> float:
    return float(text.replace(",", "."))
