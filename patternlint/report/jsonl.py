"""One JSON object per line: the findings of the json format, for tools that read line by line."""

from __future__ import annotations

from typing import TextIO

from patternlint.report.chunks import batches
from patternlint.report.json_encoder import encoder
from patternlint.report.json_v1 import json_findings
from patternlint.report.model import RenderOptions, Report


def write(report: Report, out: TextIO, _style: RenderOptions) -> None:
    """Write one line per finding."""
    encode = encoder(out)
    out.writelines(batches(encode(finding) + "\n" for finding in json_findings(report)))
