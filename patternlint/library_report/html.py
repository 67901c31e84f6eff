"""The report as one HTML page that works offline.

Patterns are untrusted: their texts are only in the packed blocks, which the page shows as text nodes, and in the table
for readers without scripts, where they are escaped. The policy of the page allows its own script and style only.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache
from html import escape
from importlib.resources import files

from msgspec.structs import replace

from patternlint.library_report.findings import CollectedFindings, details_within, with_details
from patternlint.library_report.model import LibraryReport
from patternlint.library_report.payload import BLOCKS, FINDINGS, OVERVIEW, pack

_PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")
_SPARE = 0.95  # fewer findings have fewer texts in common, so each takes more space


def html_page(report: LibraryReport, max_size: int | None = None) -> str:
    """Return the page.

    Args:
        report: what it shows.
        max_size: if the page would be larger, in characters, it shows fewer findings of each cause in full.
    """
    packed = {name: pack(make(report)) for name, make in BLOCKS.items()}
    title, fallback = escape(f"{report.title} · patternlint"), _fallback(report)
    if max_size is not None:
        room = max_size - len(_html({**packed, FINDINGS: ""}, title, fallback))
        while len(packed[FINDINGS]) > room and report.findings.columns.cause:
            report = replace(report, findings=_fewer(report.findings, room / len(packed[FINDINGS])))
            packed |= {name: pack(BLOCKS[name](report)) for name in (OVERVIEW, FINDINGS)}
    return _html(packed, title, fallback)


def _fewer(found: CollectedFindings, share: float) -> CollectedFindings:
    """Return findings of which about a share is shown in full."""
    total = int(len(found.columns.cause) * max(share, 0) * _SPARE)
    return with_details(found, details_within(found, total))


def html_of_blocks(blocks: Mapping[str, object], title: str, fallback: str) -> str:
    """Return a page.

    Args:
        blocks: its data by the id of their element; the first one is what the page needs at once.
        title: its title as HTML.
        fallback: what readers without scripts see, as HTML.
    """
    return _html({name: pack(block) for name, block in blocks.items()}, title, fallback)


def _html(packed: Mapping[str, str], title: str, fallback: str) -> str:
    script, style = _asset("report.js"), _asset("report.css")
    first, *others = (
        f'<script type="application/octet-stream" id="{name}">{block}</script>' for name, block in packed.items()
    )
    values = {
        "policy": _policy(script, style),
        "title": title,
        "style": style,
        "script": script,
        "first": first,
        "others": "\n".join(others),
        "fallback": fallback,
    }
    return _PLACEHOLDER.sub(lambda match: values[match[1]], _asset("report.html"))


@lru_cache(maxsize=3)
def _asset(name: str) -> str:
    return files("patternlint.library_report").joinpath("assets", name).read_text(encoding="utf-8")


def _policy(script: str, style: str) -> str:
    """Return the content security policy: nothing from elsewhere, and only the script and style of the page."""
    return (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _fallback(report: LibraryReport) -> str:
    """Return what readers without scripts see: the number of findings of each rule."""
    rows = "".join(
        f"<tr><td>{escape(one.rule)}</td><td>{one.severity.label}</td><td>{one.count:,}</td><td>{one.files:,}</td></tr>"
        for one in sorted(report.summary.rules, key=lambda one: (-one.count, one.rule))
    )
    return (
        f"<h1>{escape(report.title)}</h1><p>{report.summary.total:,} findings in {report.summary.files:,} files, "
        f"{escape(report.date)}. This page needs scripts to show more.</p>"
        f"<table><tr><th>rule</th><th>level</th><th>findings</th><th>files</th></tr>{rows}</table>"
    )
