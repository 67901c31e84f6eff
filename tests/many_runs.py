"""Runs the command line again and again, each time in a process of its own, without starting Python anew.

As a program it is the process that all runs are copies of: it knows the modules already.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from command import ROOT

from patternlint.cli import main


class Runs:
    """Starts runs, one after the other."""

    def __init__(self, folder: Path) -> None:
        """Take the folder that all runs work in."""
        path = os.pathsep.join((str(ROOT), os.environ.get("PYTHONPATH", "")))
        self._server = subprocess.Popen(
            [sys.executable, __file__, folder],
            env={**os.environ, "PYTHONPATH": path},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._to, self._from = self._server.stdin, self._server.stdout
        self._pid = 0

    def start(self, *arguments: str) -> None:
        """Start a run."""
        self._to.write(json.dumps(arguments).encode() + b"\n")
        self._to.flush()
        self._pid = int(self._from.readline())

    def is_over(self, seconds: float) -> bool:
        """Return whether the run is over within some seconds."""
        return bool(select.select([self._from], [], [], seconds)[0])

    def kill(self) -> int:
        """Kill the run, and return its exit code: that of the kill, unless it was over before."""
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)
        return self.wait()

    def wait(self) -> int:
        """Wait for the run to end, and return its exit code."""
        return int(self._from.readline())

    def close(self) -> None:
        """End the process that runs are copies of."""
        self._to.close()
        self._from.close()
        self._server.wait()


def serve() -> None:
    answers = os.dup(1)
    silence = os.open(os.devnull, os.O_RDWR)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    os.chdir(sys.argv[1])
    main(["--no-cache", "--quiet"])
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            os._exit(main(json.loads(line)))
        os.write(answers, f"{pid}\n".encode())
        os.write(answers, f"{os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}\n".encode())


if __name__ == "__main__":
    serve()
