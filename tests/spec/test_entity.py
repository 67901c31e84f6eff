"""Entities: a file written to the letter of its specification has no finding, and each mistake has the right one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.support.command import ROOT, patternlint

FRONT = """\
---
# ═══════════════════════════════════════════════════════════════════
# GROUP 0: ARCHITECTURAL POSITION (The Gravity Well)
# ═══════════════════════════════════════════════════════════════════
id: ent_01kh8ad0m6eqtt63hys8cf2dej
orbital_layer: 2
sector: "Business"
gravitational_hubs: []

# ═══════════════════════════════════════════════════════════════════
# GROUP 1: CORE IDENTITY
# ═══════════════════════════════════════════════════════════════════
slug: loan
title: "Leihe für alle"
aliases: ["Borrowing"]
entity_type: transactional
summary: >-
  A thing that somebody has taken home and brings back.

# ═══════════════════════════════════════════════════════════════════
# GROUP 2: CONTEXTUAL TRANSLATION (The Navigator Engine)
# ═══════════════════════════════════════════════════════════════════
context_labels:
  corporate: "Equipment Loan"
  cooperative: "Member Loan"

# ═══════════════════════════════════════════════════════════════════
# GROUP 3: ONTOLOGY & DIMENSIONAL DENSITY
# ═══════════════════════════════════════════════════════════════════
ontology:
  domain: production
  cross_domains: [purpose]
  search_hints:
    primary_tension: "Trust vs. Care"
    vector_keywords: ["loan", "return"]
  dimensional_density:
    d1: 2
    d2: 0
    d3: 9
    d4: 0
  primary_dimension: d3
  concentration: 0.82

# ═══════════════════════════════════════════════════════════════════
# GROUP 4: LIFECYCLE & CONFIDENCE
# ═══════════════════════════════════════════════════════════════════
lifecycle:
  status: stable
  version: 1.0
  confidence: 3
states:
  - name: out
    description: "At home with somebody"
  - name: back
    description: "On the shelf"
transitions:
  - from: out
    to: back
    trigger: "Returned"

# ═══════════════════════════════════════════════════════════════════
# GROUP 5: RELATIONSHIPS (Human-Curated Graph)
# ═══════════════════════════════════════════════════════════════════
relationships:
  is_role_of: []
  composed_of: []
  depends_on: []
  produces: []
  participates_in: []
  governed_by: []
  acted_upon_by:
    - slug: repair-cafe
      weight: 0.9

# ═══════════════════════════════════════════════════════════════════
# GROUP 6: GRAPH GARDEN (Machine-Written Graph)
# ═══════════════════════════════════════════════════════════════════
graph_garden:
  last_pruned: null
  entities: []
  communities: []
  inferred_links: []

# ═══════════════════════════════════════════════════════════════════
# GROUP 7: PROVENANCE
# ═══════════════════════════════════════════════════════════════════
contributors: ["rosa-elm"]
sources:
  - "Notes of the repair café"
license: CC-BY-SA-4.0
attribution: "commons.engineering by cloudsters, https://cloudsters.net"

# ═══════════════════════════════════════════════════════════════════
# GROUP 8: REGISTRY ACTIVATION (Entity-Specific)
# ═══════════════════════════════════════════════════════════════════
registry:
  activation_path: "instance/registry/entities/{primary_dimension}/{slug}.yml"
  instance_fields:
    required:
      - name
      - status
    optional:
      - notes
  default_state: "out"
---

> A thing that is out, and comes back.

> [!NOTE] Confidence Rating: ★★★ (High)
> This rating says how sure we are.

---

"""
TITLES = (
    "Context",
    "Problem",
    "Structure",
    "Implementation",
    "Consequences",
    "Known Uses",
    "Cognitive Era",
    "Vitality",
)
OPENINGS = {
    "Context": "> **Lineage:** This entity orbits sharing.\n\n",
    "Problem": "> **The core tension is Trust vs. Care.**\n\n",
    "Structure": "> **Therefore, write down who has what.**\n\n",
}
BODY = "\n".join(
    f"### Section {number}: {title}\n\n{OPENINGS.get(title, '')}Ein Ding für alle.\n"
    for number, title in enumerate(TITLES, 1)
)


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = Path(shutil.copytree(ROOT / "examples/library", tmp_path / "library"))
    (folder / "loan.md").write_text(FRONT + BODY, encoding="utf-8")
    return folder


def findings(folder: Path) -> list[tuple[str, str]]:
    report = json.loads(patternlint("--no-cache", "--output-format", "json", cwd=folder).out)
    return [(one["rule"], one["message"]) for one in report["findings"] if one["path"] == "loan.md"]


def test_a_file_written_to_the_letter_has_no_finding(library: Path) -> None:
    assert findings(library) == []


@pytest.mark.parametrize(
    ("right", "wrong", "expected"),
    [
        ("id: ent_", "id: pat_", "unknown-key"),
        ("slug: loan", "slug: lending", "slug-filename"),
        ("entity_type: transactional\n", "", "missing-key"),
        ("entity_type: transactional", "entity_type: event", "invalid-enum"),
        ("    d2: 0\n", "", "missing-key"),
        ("d3: 9", "d3: -9", "out-of-range"),
        ("d3: 9", "d3: many", "wrong-type"),
        ("primary_dimension: d3", "primary_dimension: d1", "derived-value"),
        ("concentration: 0.82", "concentration: 0.6", "derived-value"),
        ("    to: back", "    to: bakc", "derived-value"),
        ('default_state: "out"', 'default_state: "gone"', "derived-value"),
        ("slug: repair-cafe", "slug: repair-kafe", "dangling-target"),
        ("  acted_upon_by:\n    - slug: repair-cafe\n      weight: 0.9\n", "  acted_upon_by: []\n", "empty-value"),
        ("  is_role_of: []", "  requires: []", "unknown-key"),
        ('  activation_path: "instance/registry/entities/{primary_dimension}/{slug}.yml"\n', "", "missing-key"),
        ("### Section 3: Structure", "### Section 3: Solution", "section-missing"),
        ("The core tension is Trust vs. Care", "The core tension is Hope vs. Fear", "core-conflict"),
        ("> **Therefore, write", "Therefore, write", "therefore"),
        ("★★★ (High)", "★★☆ (Medium)", "confidence-mismatch"),
        ("GROUP 8: REGISTRY ACTIVATION (Entity-Specific)", "GROUP 8: ACTIVATION", "banner-form"),
    ],
)
def test_each_mistake_has_its_finding(library: Path, right: str, wrong: str, expected: str) -> None:
    page = library / "loan.md"
    text = page.read_text(encoding="utf-8")
    assert right in text
    page.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    assert expected in [rule for rule, _ in findings(library)]


def test_a_fix_touches_no_heading(library: Path) -> None:
    patternlint("--no-cache", "--fix", "--unsafe-fixes", cwd=library)
    assert (library / "loan.md").read_text(encoding="utf-8") == FRONT + BODY
