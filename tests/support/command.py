"""Run the command line in tests, in this process or in a new one."""

from __future__ import annotations

import gc
import io
import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from patternlint.cli import main

ROOT = Path(__file__).resolve().parents[2]

OK, FINDINGS, ERROR = 0, 1, 2
_COLOR_VARIABLES = ("NO_COLOR", "FORCE_COLOR")


class Result(NamedTuple):
    code: int
    out: str
    err: str


def patternlint(*arguments: str | Path, cwd: Path, env: Mapping[str, str] | None = None) -> Result:
    """Run the command line in this process, with a standard output that is not a terminal."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="ascii", write_through=True) for _ in range(2))
    with pytest.MonkeyPatch.context() as patch, chdir(cwd), redirect_stdout(out), redirect_stderr(err):
        for name in _COLOR_VARIABLES:
            patch.delenv(name, raising=False)
        for name, value in (env or {}).items():
            patch.setenv(name, value)
        try:
            code = main([*map(str, arguments)])
        except SystemExit as error:  # `--help`
            code = int(error.code or 0)
        finally:
            gc.enable()  # a run disables it
    return Result(code, *(stream.buffer.getvalue().decode() for stream in (out, err)))


def process(*arguments: str | Path, cwd: Path, packages: Path | None = None, **streams: Any) -> subprocess.Popen[bytes]:
    """Start the command line in a new process, with an additional folder of packages if given."""
    path = os.pathsep.join(filter(None, (str(packages or ""), str(ROOT), os.environ.get("PYTHONPATH"))))
    command = [sys.executable, "-m", "patternlint", *map(str, arguments)]
    plain = {name: value for name, value in os.environ.items() if name not in _COLOR_VARIABLES}
    return subprocess.Popen(command, cwd=cwd, env={**plain, "PYTHONPATH": path}, **streams)


def answer(*arguments: str | Path, cwd: Path, packages: Path | None = None) -> Result:
    """Run the command line in a new process."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL}
    with process(*arguments, cwd=cwd, packages=packages, **pipes) as running:
        out, err = running.communicate(timeout=300)
    return Result(running.returncode, out.decode(), err.decode())
