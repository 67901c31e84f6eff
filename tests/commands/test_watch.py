from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command import ROOT, patternlint
from tests.support.repository import environment, example_library

_FILE = "rain-garden-street.md"
_HUB = "neighbourhood-assembly"

_INTERRUPTIBLE = (
    "import runpy, signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "runpy.run_module('patternlint', run_name='__main__', alter_sys=True)"
)
"""Runs the command. A shell that starts tests in the background lets them ignore interrupts."""


def test_watch_prints_findings_that_appear_and_disappear(tmp_path: Path) -> None:
    library = example_library(tmp_path / "library")
    library.add("patternlint.toml", 'select = ["dangling-target"]\n')
    process = subprocess.Popen(
        [sys.executable, "-c", _INTERRUPTIBLE, "--watch"],
        cwd=library.top,
        env=environment(PYTHONPATH=str(ROOT)),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline().startswith(f"{_FILE}:64:13: error [dangling-target] ")
        assert any("1 fixable" in line for line in process.stdout)
        library.edit(_FILE, ("neighbourhood-assemblage", _HUB))
        assert process.stdout.readline().startswith(f"resolved {_FILE}:64:13: error [dangling-target] ")
        library.delete("small-circles.md")
        line = process.stdout.readline()
        assert line.startswith("new      ")
        assert "`small-circles`" in line
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0
    finally:
        process.kill()


@pytest.mark.parametrize("flag", ["--fix", "--diff", "--staged", "--statistics", "--timing"])
def test_watch_excludes_other_flags(tmp_path: Path, flag: str) -> None:
    result = patternlint("--watch", flag, cwd=tmp_path)
    assert result.code == 2
    assert f"--watch cannot be used with {flag}" in result.err
