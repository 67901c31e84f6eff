"""Generated libraries for tests."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.support.command import ROOT
from tests.support.repository import EXAMPLES


def generate_library(folder: Path, count: int) -> Path:
    """Generate a library with a configuration and `count` files in the new folder `folder`."""
    script = ROOT / "benchmarks" / "generate.py"
    subprocess.run(
        [sys.executable, script, EXAMPLES, folder, "--files", str(count)],
        env={"PYTHONPATH": str(ROOT)},
        check=True,
        capture_output=True,
        timeout=300,
    )
    return folder


BREAD = """\
---
id: pat_bread
slug: bread
title: "Bröd"
ontology:
  domain: gärten
  commons_assessment:
    stakeholder_architecture: 4.0
    value_creation: 4.5
    resilience: 3.0
    ownership: 3.0
    autonomy: 3.0
    composability: 3.0
    fractal_value: 4.0
    vitality: 3.7
    overall_score: 4.5
relationships:
  enables:
    - slug: long-tabel
      weight: 0.8
"""
"""Front matter with a wrong score and a dangling link, without the closing line."""
