"""Every byte that is written arrives, whatever standard output is and however slow its reader."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from patternlint.report import FORMATS
from tests.support.command import FINDINGS, ROOT

fcntl = pytest.importorskip("fcntl")
pytestmark = pytest.mark.skipif(not hasattr(fcntl, "F_SETPIPE_SZ"), reason="the size of a pipe cannot be set")

COUNT = int(os.environ.get("PATTERNLINT_SLOW_READERS", "40"))
"""How many runs with each kind of pipe are tried: 5000 make ten thousand, and take some minutes."""

_BROKEN = """\
---
slug: "{name}"
title: "Café · {title}"
status: seed
sources: [a, b, c, d, e, f, g, h]
ontology: {{}}
unknown_{name}: 1
---

# Café
"""


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A few files whose findings take more room in every format than the pipe has."""
    folder = tmp_path / "library"
    folder.mkdir()
    for number in range(3):
        text = _BROKEN.format(name=f"p-{number}", title="long " * 300)
        (folder / f"p-{number}.md").write_text(text, encoding="utf-8")
    (folder / "patternlint.toml").touch()
    return folder


def commands() -> list[tuple[list[str], str]]:
    """Every way to write much to standard output, each with its standard input."""
    text = _BROKEN.format(name="p-0", title="long " * 2_000)
    plain = ["--select", "ALL", "--no-cache", "--jobs", "1", "--config", "patternlint.toml"]
    found = [([*plain, "--output-format", name], "") for name in FORMATS]
    found.append(([*plain, "--diff"], ""))
    found.append(([*plain, "--stdin-filename", "p-0.md", "--fix"], text))
    found.append(([*plain, "--stdin-filename", "p-0.md", "--output-format", "json"], text))
    return found


@pytest.mark.parametrize("kind", ["blocking", "nonblocking"])
def test_every_byte_arrives_at_a_slow_reader(kind: str, library: Path) -> None:
    lines = "".join(f"{json.dumps({'arguments': one, 'input': text})}\n" for one, text in commands())
    program = str(ROOT / "tests" / "support" / "slow_reader.py")
    path = os.pathsep.join((str(ROOT), str(ROOT / "tests"), os.environ.get("PYTHONPATH", "")))
    done = subprocess.run(
        [sys.executable, program, str(library), str(COUNT), kind],
        input=lines.encode(),
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
        check=True,
    )
    last = done.stdout.decode().splitlines()
    assert len(last) == 1, done.stdout.decode()
    assert last[0].startswith(f"{COUNT} runs, ")


def test_a_standard_input_that_does_not_block_is_read_whole(library: Path) -> None:
    text = _BROKEN.format(name="p-0", title="long " * 20_000).encode()
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    command = [sys.executable, "-m", "patternlint", "--no-cache", "--stdin-filename", "p-0.md", "--fix"]
    with subprocess.Popen(
        command,
        cwd=library,
        stdin=reading,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
    ) as process:
        os.close(reading)
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(text)
        assert process.stdout is not None
        out = process.stdout.read()
    assert process.returncode == FINDINGS
    assert len(out) > 100_000
    assert out.endswith(b"# Caf\xc3\xa9\n")
