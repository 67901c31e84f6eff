"""The server in Emacs with eglot, where both are installed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.command import ROOT
from tests.support.editors import command_folder, config_blocks
from tests.support.repository import environment, example_library

_FILE = "rain-garden-street.md"

pytest.importorskip("pygls")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("emacs") is None, reason="requires Emacs")
def test_emacs_shows_findings_and_completes(tmp_path: Path) -> None:
    has_packages = ["emacs", "-q", "--batch", "--eval", "(progn (require 'eglot) (require 'markdown-mode))"]
    if subprocess.run(has_packages, capture_output=True, check=False).returncode:
        pytest.skip("requires eglot and markdown-mode")
    library, expected = (example_library(tmp_path / name) for name in ("library", "expected"))
    expected.edit(_FILE, ("neighbourhood-assemblage", "neighbourhood-assembly"))
    (config,) = config_blocks("Emacs", "elisp")
    (tmp_path / "config.el").write_text(config, encoding="utf-8")
    done = subprocess.run(
        ["emacs", "-q", "--batch", "-l", str(ROOT / "tests/data/editor.el")],
        env=environment(
            PATH=f"{command_folder(tmp_path / 'bin')}{os.pathsep}{os.environ['PATH']}",
            HOME=str(tmp_path),
            TEST_CONFIG=str(tmp_path / "config.el"),
            TEST_FILE=str(library.top / _FILE),
        ),
        cwd=library.top,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"before": ["dangling-target", "section-missing"], "after": ["section-missing"]}
    assert library.read(_FILE) == expected.read(_FILE)
