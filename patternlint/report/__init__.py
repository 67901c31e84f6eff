"""Output formats, one module each. A module is imported when its format is written."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:  # the command line reads the names of the formats before anything slow is imported
    from patternlint.report.model import RenderOptions, Report

FORMATS: Mapping[str, str] = {
    "text": "text",
    "concise": "concise",
    "json": "json_v1",
    "jsonl": "jsonl",
    "sarif": "sarif",
    "github": "github",
    "gitlab": "gitlab",
    "junit": "junit",
    "rdjson": "rdjson",
    "markdown": "markdown",
}
"""All formats by name, each with the module that writes it."""


def write_report(name: str, report: Report, out: TextIO, style: RenderOptions) -> None:
    """Write `report` in the format `name` to `out`, a stream that does not translate line endings."""
    import_module(f"{__name__}.{FORMATS[name]}").write(report, out, style)
