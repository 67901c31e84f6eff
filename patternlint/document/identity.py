"""The name and the title of a record, as `[identity]` of its spec defines them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from patternlint.spec.model import Spec, fill, template_keys

__all__ = ["expected_stem", "name_text", "record_name", "stem_of", "template_keys"]


def stem_of(path: str) -> str:
    """Return the name of a file without its suffix."""
    return path.rpartition("/")[2].rpartition(".")[0]


def name_text(value: Any) -> str:
    """Return a name as text: a string, or a whole number; empty for any other value."""
    return value if isinstance(value, str) else str(value) if type(value) is int else ""


def record_name(spec: Spec, keys: Mapping[str, Any], path: str) -> str:
    """Return the name by which links reach a record; empty if it has none.

    Args:
        spec: the spec that it follows.
        keys: its top-level keys with their plain values.
        path: its path, as displayed.
    """
    source = spec.name_source
    if source == "{stem}":
        text = stem_of(path)
    elif source == "{folder}":
        text = Path(path).absolute().parent.resolve().name
    else:
        text = name_text(keys.get(source))
    if spec.name_part is None:
        return text
    found = spec.name_part.search(text)
    return "" if found is None else (found[1] if found.re.groups else found[0]) or ""


def expected_stem(spec: Spec, keys: Mapping[str, Any]) -> str:
    """Return what the file of a record must be called, without its suffix; empty for any name or without a value."""
    values = {key: name_text(keys.get(key)) for key in template_keys(spec.file_template)}
    return fill(spec.file_template, values) if all(values.values()) else ""
