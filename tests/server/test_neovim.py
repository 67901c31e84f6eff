"""The server in Neovim, where it is installed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.command import ROOT, patternlint
from tests.support.editors import command_folder, config_blocks
from tests.support.repository import environment, example_library

_FILE = "rain-garden-street.md"
_HUB = "neighbourhood-assembly"

NVIM = os.environ.get("PATTERNLINT_NVIM") or shutil.which("nvim")
_FIRST_WITH_START = (0, 8)  # the first version with `vim.lsp.start`
_FIRST_WITH_CONFIG = (0, 11)  # the first version with `vim.lsp.enable`

pytest.importorskip("pygls")


def _version() -> tuple[int, ...]:
    first = subprocess.run([str(NVIM), "--version"], capture_output=True, text=True, check=True).stdout.split("\n")[0]
    return tuple(map(int, re.findall(r"\d+", first)[:2]))


def _configure(folder: Path) -> None:
    """Write the configuration of the page for this version."""
    new, old = config_blocks("Neovim", "lua")
    files = {"lsp/patternlint.lua": new, "init.lua": 'vim.lsp.enable("patternlint")\n'}
    if _version() < _FIRST_WITH_CONFIG:
        files = {"ftplugin/markdown.lua": old, "init.vim": "filetype plugin on\n"}
    for name, text in files.items():
        path = folder / "nvim" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.mark.slow
@pytest.mark.skipif(NVIM is None, reason="requires Neovim")
def test_neovim_shows_completes_and_renames(tmp_path: Path) -> None:
    if _version() < _FIRST_WITH_START:
        pytest.skip("requires Neovim 0.8 or later")
    library, expected = (example_library(tmp_path / name) for name in ("library", "expected"))
    expected.edit(_FILE, ("neighbourhood-assemblage", _HUB))
    assert patternlint("rename", _HUB, "town-assembly", cwd=expected.top).code == 0
    _configure(tmp_path)
    variables = environment(
        PATH=f"{command_folder(tmp_path / 'bin')}{os.pathsep}{os.environ['PATH']}",
        TEST_FILE=str(library.top / _FILE),
        XDG_CONFIG_HOME=str(tmp_path),
        XDG_STATE_HOME=str(tmp_path),
    )
    script = ROOT / "tests/data/editor.lua"
    done = subprocess.run(
        [str(NVIM), "--headless", "-n", "-c", f"luafile {script}", "-c", "cquit"],
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
