"""Run the commands of a page, and return the page with their output.

A page begins with the files of `<!-- folder: examples/… -->`, if it names one. `<!-- file: NAME -->` above a code block
writes the block to a file, `<!-- append: NAME -->` adds it to the file, `<!-- show: NAME -->` shows the file in the block, and
`<!-- run -->` above a `console` block runs the command in its first line.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

_FOLDER = re.compile(r"<!-- folder: ([\w/-]+) -->")
_STEP = re.compile(
    r"<!-- (?:(?P<mode>file|append|show): (?P<name>[\w./-]+)|run) -->\n(?P<fence>```)\w+\n(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


def has_runs(text: str) -> bool:
    """Return whether a page has commands to run."""
    return "<!-- run -->" in text


def with_runs(text: str, root: Path) -> str:
    """Return a page with the current output of its commands.

    Args:
        text: the page.
        root: the folder of the project.
    """
    with TemporaryDirectory() as name:
        folder = Path(name) / "library"
        start = _FOLDER.search(text)
        shutil.copytree(root / start[1], folder) if start is not None else folder.mkdir()

        def step(match: re.Match[str]) -> str:
            if match["name"]:
                path = folder / match["name"]
                if match["mode"] == "show":
                    before, _, _ = match[0].partition(match["body"])
                    return f"{before}{path.read_text(encoding='utf-8')}```"
                path.parent.mkdir(parents=True, exist_ok=True)
                before = path.read_text(encoding="utf-8") + "\n" if match["mode"] == "append" else ""
                path.write_text(before + match["body"], encoding="utf-8")
                return match[0]
            command = match["body"].partition("\n")[0]
            before, _, _ = match[0].partition(match["body"])
            return f"{before}{command}\n{_output(command.removeprefix('$ '), folder, root)}```"

        return _STEP.sub(step, text)


def _output(command: str, folder: Path, root: Path) -> str:
    """Return what a command prints in a folder, with a cache of its own beside it."""
    done = subprocess.run(  # noqa: S603 - commands of our own pages
        [sys.executable, "-m", *shlex.split(command)],
        cwd=folder,
        env=os.environ | {"COLUMNS": "100", "PYTHONPATH": str(root), "XDG_CACHE_HOME": str(folder.parent)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return (done.stdout + done.stderr).replace(f"{folder}/", "")
