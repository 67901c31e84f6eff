"""Libraries of any size for tests, made from the examples."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from command import ROOT
from repository import EXAMPLES


def make_library(folder: Path, count: int) -> Path:
    """Make a library of so many files in `folder`, which must not be there yet; its root has a config."""
    script = ROOT / "benchmarks" / "generate.py"
    subprocess.run(
        [sys.executable, script, EXAMPLES, folder, "--files", str(count)],
        env={"PYTHONPATH": str(ROOT)},
        check=True,
        capture_output=True,
        timeout=300,
    )
    return folder
