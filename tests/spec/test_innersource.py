"""The example specification of InnerSource patterns, over the example and over the real ones, with a count of its own."""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from tests.support.command import FINDINGS, OK, ROOT, patternlint
from tests.support.real_files import CORPUS

EXAMPLE = ROOT / "examples/specs/innersource"
REAL = CORPUS / "foreign/innersource"
FOLDERS = ("1-initial", "2-structured")


def found(folder: Path, *arguments: str) -> list[tuple[str, str, int]]:
    report = json.loads(patternlint("--no-cache", "--output-format", "json", *arguments, cwd=folder).out)
    return [(one["path"], one["rule"], one["line"]) for one in report["findings"]]


def test_the_findings_of_the_example() -> None:
    page = "patterns/borrowed-shelf.md"
    assert found(EXAMPLE) == [
        (page, "section-missing", 7),
        (page, "section-heading", 11),
        (page, "placeholder", 17),
        (page, "section-empty", 23),
        (page, "section-missing", 31),
        (page, "section-missing", 31),
    ]


def test_a_fix_changes_only_the_heading_in_another_form(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(EXAMPLE, tmp_path / "library"))
    before = {path: path.read_text(encoding="utf-8") for path in folder.glob("patterns/*.md")}
    assert patternlint("--no-cache", "--fix", "--unsafe-fixes", cwd=folder).code == FINDINGS
    for path, text in before.items():
        fixed = text.replace("## Context (first draft)", "## Context\n\n(first draft)")
        assert path.read_text(encoding="utf-8") == fixed


@pytest.fixture
def real_library(tmp_path: Path) -> Path:
    """Return a copy of the real patterns with the example specification."""
    if not REAL.is_dir():
        pytest.skip("requires the real InnerSource patterns")
    folder = tmp_path / "library"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("patterns"))
    for name in FOLDERS:
        shutil.copytree(REAL / name, folder / name, copy_function=shutil.copyfile)
        (folder / name).chmod(0o755)
    spec = folder / "spec/spec.toml"
    text = spec.read_text(encoding="utf-8")
    spec.write_text(text.replace('"patterns/*.md"', ", ".join(f'"{name}/*.md"' for name in FOLDERS)), encoding="utf-8")
    return folder


def missing_sections(folder: Path) -> Counter[tuple[str, str]]:
    """Return how often a file lacks a required section, by reading lines that start with `## `."""
    sections = tomllib.loads((EXAMPLE / "spec/spec.toml").read_text(encoding="utf-8"))["body"]["sections"]
    count: Counter[tuple[str, str]] = Counter()
    for name in FOLDERS:
        for path in (folder / name).glob("*.md"):
            lines = path.read_text(encoding="utf-8").splitlines()
            titles = {re.sub(r"\s*\(optional\)$", "", line[3:].strip()) for line in lines if line.startswith("## ")}
            for section in sections:
                if not section.get("optional") and titles.isdisjoint((section["title"], *section.get("also", ()))):
                    count[f"{name}/{path.name}", section["title"]] += 1
    return count


def test_missing_sections_of_the_real_patterns(real_library: Path) -> None:
    report = json.loads(patternlint("--no-cache", "--output-format", "json", cwd=real_library).out)
    missing = Counter(
        (one["path"], re.sub(r"missing section `(.*)`", r"\1", one["message"]))
        for one in report["findings"]
        if one["rule"] == "section-missing"
    )
    assert missing == missing_sections(real_library)
    by_folder = Counter(path.partition("/")[0] for path, _ in missing)
    assert by_folder == {"1-initial": 21}
    assert report["summary"]["patterns"] == {"innersource": 80}


def test_the_structured_patterns_are_valid(real_library: Path) -> None:
    assert patternlint("--no-cache", "2-structured", cwd=real_library).code == OK
