"""The server in Neovim, where it is installed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command import ROOT, patternlint
from tests.support.repository import environment, example_library

_FILE = "rain-garden-street.md"
_HUB = "neighbourhood-assembly"

pytest.importorskip("pygls")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("nvim") is None, reason="requires Neovim")
def test_neovim_shows_completes_and_renames(tmp_path: Path) -> None:
    library, expected = (example_library(tmp_path / name) for name in ("library", "expected"))
    expected.edit(_FILE, ("neighbourhood-assemblage", _HUB))
    assert patternlint("rename", _HUB, "town-assembly", cwd=expected.top).code == 0
    variables = environment(
        PYTHONPATH=str(ROOT),
        TEST_FILE=str(library.top / _FILE),
        TEST_COMMAND=json.dumps([sys.executable, "-m", "patternlint", "server"]),
        XDG_STATE_HOME=str(tmp_path),
    )
    script = ROOT / "tests/data/editor.lua"
    done = subprocess.run(
        ["nvim", "--headless", "-n", "-u", "NONE", "-c", f"luafile {script}", "-c", "cquit"],
        env=variables,
        cwd=library.top,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout.strip().split("\n")[-1])
    assert result == {
        "before": ["dangling-target", "section-missing"],
        "range": True,
        "completed": _HUB,
        "after": ["section-missing"],
    }
    texts, others = ({path.name: path.read_bytes() for path in one.top.glob("*.md")} for one in (library, expected))
    assert texts == others
