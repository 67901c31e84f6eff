"""Forms of pattern files: other ways to write the same data."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import yaml

from patternlint.source import BOM

_FRONT_MATTER = re.compile(rb"---\n(.*?\n)(---[ ]*\n.*)", re.DOTALL)
_STYLES = (None, "'", '"')


class Form(NamedTuple):
    """A form of pattern files.

    Attributes:
        title: its title in the tables.
        rewrite: returns the content of a file in this form.
        spec: the version of the patterns that have this form; empty for any.
    """

    title: str
    rewrite: Callable[[bytes], bytes]
    spec: str = ""


class _HandWriter(yaml.SafeDumper):
    """Writes strings plain, in single quotes and in double quotes by turns."""


def _write_string(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, _STYLES[len(text) % len(_STYLES)])


_HandWriter.add_representer(str, _write_string)


def _dump(data: bytes) -> bytes:
    """Return a file with front matter as `yaml.safe_dump` writes it; every other one with escapes beyond ASCII."""
    return _rewrite(data, lambda front: yaml.safe_dump(front, sort_keys=False, allow_unicode=len(data) % 2 == 0))


def _write_by_hand(data: bytes) -> bytes:
    """Return a file with small lists and mappings in brackets, and strings in all three styles."""
    options: dict[str, Any] = {"sort_keys": False, "allow_unicode": True, "default_flow_style": None, "width": 120}
    return _rewrite(data, lambda front: yaml.dump(front, Dumper=_HandWriter, **options))


def _rewrite(data: bytes, write: Callable[[Any], str]) -> bytes:
    """Return a file with its front matter written by `write`; unchanged if it does not parse."""
    found = _FRONT_MATTER.fullmatch(data)
    if found is None:
        return data
    try:
        front = yaml.load(found[1], yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError):
        return data
    return b"---\n%b%b" % (write(front).encode(), found[2])


WRITTEN = "written"
"""The name of the form of the source."""

FORMS: Mapping[str, Form] = {
    "dump": Form("PyYAML dumps of 8.2", _dump, "8.2"),
    "crlf": Form("CRLF", lambda data: data.replace(b"\n", b"\r\n")),
    "bom": Form("byte order mark", lambda data: BOM.encode() + data),
    "hand": Form("flow style and quotes", _write_by_hand),
}
