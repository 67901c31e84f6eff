"""The specification of decision records under `examples/specs/madr`, over its own example and over real decisions."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import FINDINGS, OK, ROOT, patternlint
from tests.support.real_files import CORPUS

EXAMPLE = ROOT / "examples/specs/madr"
REAL = CORPUS / "foreign/decisions"

Finding = Mapping[str, Any]


def findings(folder: Path) -> list[Finding]:
    result = patternlint("--no-cache", "--output-format", "json", cwd=folder)
    assert result.code in (OK, FINDINGS), result.err
    found: list[Finding] = json.loads(result.out)["findings"]
    return found


def test_the_example_of_decisions_has_the_findings_that_it_promises() -> None:
    found = [(one["path"].removeprefix("decisions/000"), one["rule"]) for one in findings(EXAMPLE)]
    assert found == [
        ("3-keep-notes-in-files.md", "duplicate-slug"),
        ("3-paint-the-shed.md", "duplicate-slug"),
        ("3-paint-the-shed.md", "dangling-target"),
        ("3-paint-the-shed.md", "invalid-value"),
        ("3-paint-the-shed.md", "placeholder"),
        ("3-paint-the-shed.md", "wrong-type"),
        ("3-paint-the-shed.md", "section-missing"),
    ]


@pytest.fixture(scope="module")
def decisions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a library of real decisions with the specification of the example."""
    if not REAL.is_dir():
        pytest.skip("requires the real decisions")
    folder = tmp_path_factory.mktemp("decisions")
    shutil.copytree(EXAMPLE, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("decisions"))
    shutil.copytree(REAL, folder / "decisions")
    return folder


@pytest.fixture(scope="module")
def of_decisions(decisions: Path) -> list[Finding]:
    return findings(decisions)


def texts(folder: Path) -> dict[str, str]:
    """Return the texts of the decisions by the names of their files."""
    files = sorted((folder / "decisions").glob("[0-9]*.md"))
    return {path.name: path.read_text(encoding="utf-8-sig") for path in files}


def paths(found: list[Finding], rule: str) -> set[str]:
    return {one["path"].removeprefix("decisions/") for one in found if one["rule"] == rule}


def test_real_decisions_share_numbers(decisions: Path, of_decisions: list[Finding]) -> None:
    numbers = Counter(name[:4] for name in texts(decisions))
    expected = {name for name in texts(decisions) if numbers[name[:4]] > 1}
    assert paths(of_decisions, "duplicate-slug") == expected
    assert (len(expected), len({name[:4] for name in expected})) == (13, 6)


def test_real_decisions_are_superseded_by_existing_ones(decisions: Path, of_decisions: list[Finding]) -> None:
    named = {
        number
        for text in texts(decisions).values()
        for status in re.findall(r"^status: superseded (.*)$", text.partition("\n---")[0], re.MULTILINE)
        for number in re.findall(r"ADR-([0-9]{4})", status)
    }
    assert len(named) == 3
    assert named <= {name[:4] for name in texts(decisions)}
    assert paths(of_decisions, "dangling-target") == set()


def test_real_decisions_have_braces_of_the_template(decisions: Path, of_decisions: list[Finding]) -> None:
    braces = re.compile(r"^(status|contact|date|deciders|consulted|informed):\s*\{(?!proposed \|)", re.MULTILINE)
    expected = {
        name
        for name, text in texts(decisions).items()
        if text[:3] == "---" and braces.search(text.partition("\n---")[0])
    }
    assert paths(of_decisions, "wrong-type") == expected
    assert len(expected) == 10
