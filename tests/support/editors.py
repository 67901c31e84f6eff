"""Real editors with the configurations of docs/editors.md."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from tests.support.command import ROOT


def config_blocks(editor: str, language: str) -> list[str]:
    """Return the code blocks in a language in the section of an editor."""
    page = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
    section = page.partition(f"\n## {editor}\n")[2].partition("\n## ")[0]
    return re.findall(rf"```{language}\n(.*?)```", section, re.DOTALL)


def command_folder(folder: Path) -> Path:
    """Return a new folder with the command `patternlint`, which runs this code."""
    folder.mkdir()
    command = folder / "patternlint"
    command.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m patternlint "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    return folder
