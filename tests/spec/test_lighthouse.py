"""Lighthouses: a file written to the letter of its specification has no finding, and each slip has the right one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from patternlint.cli import main
from tests.support.command import OK, ROOT, patternlint

PATTERN_ID = "pat_01kh8ad0m6eqtt63hys8cf2dej"
ID = "lh_01kg5023vveprts2at71w6e29g"
OTHER_ID = "lh_01kg502401ejststrxw4haba08"
FRONT = f"""\
---
id: {ID}
page_url: https://library.example/lighthouses/7-grüner-hof/
github_url: https://library.example/_lighthouses/7-green-wharf.md
slug: 7-green-wharf
title: Grüner Hof
aliases: [Hof]
version: 1.0
created: 2026-02-01T14:53:55Z
modified: 2026-02-10T09:00:00Z

tags:
  industry: [agriculture, retail]
  scale: [small]
  region: [europe]
  era: [cognitive]
  status: draft
  commons_alignment: 4

location:
  city: Lübeck
  country: Germany
  coordinates: [53.87, 10.69]

# Relationships
implements: [{PATTERN_ID}]
inspired_by: []
collaborates_with: [{OTHER_ID}]
related: []

# Metadata
website: https://hof.example
founded: 1998
contributors: [rosa-elm]
sources: [https://hof.example/report]
license: CC-BY-SA-4.0
attribution: Example Library, https://library.example
repository: https://library.example/repository
---

"""
BODY = """\
### 1. Overview

Ein Hof für alle.

### 2. Patterns in Action

| Pattern | Implementation |
|---------|----------------|
| [Repair Café](repair-cafe.md) | Each bed has two gardeners |

### 3. Key Innovations

1. Beds without fences.

### 4. Impact & Outcomes

More food than before.

### 5. 7 Pillars Assessment

| Pillar | Score (1-5) | Rationale |
|--------|-------------|-----------|
| Purpose | 4 | Clear |
| Governance | 4 | Shared by 12 people |
| Culture | 5 | Warm |
| Incentives | 3 | Weak |
| Knowledge | 4 | Open |
| Technology | 3 | Simple |
| Resilience | 4 | Tried |
| **Overall** | **3.9** | **Good** |

### 6. Lessons Learned

Begin small.

### 7. Challenges & Limitations

Winter.

### 8. References

[1] Report
[2] Visit
"""
OTHER = (
    FRONT.replace(ID, "?")
    .replace(OTHER_ID, ID)
    .replace("?", OTHER_ID)
    .replace("7-green-wharf", "12-öfen".replace("ö", "o"))
    .replace("Grüner Hof", "Öfen")
    .replace("[Hof]", "[]")
)


@pytest.fixture
def library(tmp_path: Path) -> Path:
    pattern = (ROOT / "examples/library/repair-cafe.md").read_text(encoding="utf-8")
    old = next(line for line in pattern.splitlines() if line.startswith("id: "))
    (tmp_path / "repair-cafe.md").write_text(pattern.replace(old, f"id: {PATTERN_ID}"), encoding="utf-8")
    (tmp_path / "7-green-wharf.md").write_text(FRONT + BODY, encoding="utf-8")
    (tmp_path / "12-ofen.md").write_text(OTHER + BODY, encoding="utf-8")
    return tmp_path


def findings(folder: Path, name: str = "7-green-wharf.md") -> list[tuple[str, int]]:
    report = json.loads(patternlint("--no-cache", "--library", ".", "--output-format", "json", cwd=folder).out)
    return [(one["rule"], one["line"]) for one in report["findings"] if one["path"] == name]


def test_files_written_to_the_letter_have_no_finding(library: Path) -> None:
    assert findings(library) == []
    assert findings(library, "12-ofen.md") == []


@pytest.mark.parametrize(
    ("right", "wrong", "expected"),
    [
        (f"id: {ID}\n", f"id: {ID[:-1]}\n", "id-format"),
        ("(repair-cafe.md)", "(repair-caff.md)", "broken-link"),
        ("slug: 7-green-wharf", "slug: green-wharf", "invalid-value"),
        ("slug: 7-green-wharf", "slug: 8-green-wharf", "slug-filename"),
        ("title: Grüner Hof\n", "", "missing-key"),
        ("version: 1.0\n", "version: []\n", "wrong-type"),
        ("created: 2026-02-01T14:53:55Z", "created: 1 February 2026", "invalid-value"),
        ("[agriculture, retail]", "[agriculture, farming]", "invalid-enum"),
        ("scale: [small]", "scale: [tiny]", "invalid-enum"),
        ("status: draft", "status: drafted", "invalid-enum"),
        ("commons_alignment: 4", "commons_alignment: 6", "out-of-range"),
        ("  country: Germany\n", "", "missing-key"),
        ("[53.87, 10.69]", "[153.87, 10.69]", "out-of-range"),
        (PATTERN_ID, PATTERN_ID.replace("01kh", "01kj"), "dangling-target"),
        ("inspired_by: []", f"inspired_by: [{PATTERN_ID}]", "invalid-value"),
        (f"collaborates_with: [{OTHER_ID}]", "collaborates_with: []", None),
        ("related: []", f"related: [{OTHER_ID}]", "type-conflict"),
        ("related: []", f"related: [{ID}]", "self-reference"),
        ("founded: 1998", "founded: long ago", "wrong-type"),
        ("license: CC-BY-SA-4.0", "license: MIT", "invalid-enum"),
        ("website: ", "web_site: ", "unknown-key"),
        ("### 4. Impact & Outcomes", "### 4. Impact", "section-missing"),
        ("### 4. Impact & Outcomes", "#### 4. Impact & Outcomes", "section-heading"),
        ("More food than before.\n", "", "section-empty"),
        ("| Culture | 5 | Warm |\n", "", "table-rows"),
        ("| Culture | 5 | Warm |", "| Culture | 6 | Warm |", "table-rows"),
        ("| Culture | 5 | Warm |", "| Culture | high | Warm |", "table-rows"),
        ("**3.9**", "**39**", "table-rows"),
        ("Winter.", "[Describe what is hard here, and what this example does not show.]", "placeholder"),
    ],
)
def test_each_mistake_has_its_finding(library: Path, right: str, wrong: str, expected: str | None) -> None:
    page = library / "7-green-wharf.md"
    text = page.read_text(encoding="utf-8")
    assert right in text
    page.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    if expected is None:  # the other side reports it
        assert [rule for rule, _ in findings(library, "12-ofen.md")] == ["missing-reciprocal"]
    else:
        assert expected in [rule for rule, _ in findings(library)]


def test_a_fix_touches_no_heading(library: Path) -> None:
    before = (library / "7-green-wharf.md").read_bytes()
    patternlint("--no-cache", "--fix", "--unsafe-fixes", cwd=library)
    assert (library / "7-green-wharf.md").read_bytes() == before


def test_a_new_lighthouse_has_only_its_prompts_to_fill_in(tmp_path: Path) -> None:
    main(["new", "Green", "Wharf", "--spec", "lighthouse", "--slug", "7-green-wharf", "--into", str(tmp_path)])
    rules = {rule for rule, _ in findings(tmp_path)}
    assert rules <= {"placeholder", "orphan"}
    assert patternlint("--no-cache", "--ignore", "placeholder,orphan", cwd=tmp_path).code == OK
