"""Run the command in a process with a fault at an exact step: a kill, or a file saved by an editor."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from patternlint.cli import main

_STEPS = (
    *("open", "os.rename", "os.remove", "os.link", "os.mkdir", "os.chmod", "os.chown", "os.rmdir"),
    "sqlite3.connect",
)


def run_with(at_step: Callable[[int], None], folders: tuple[Path, ...], *arguments: str | Path, cwd: Path) -> int:
    """Run the command in a forked process and return its exit code, negative for a signal.

    Args:
        at_step: called with the number of each step, from 1, before a file below one of `folders` is opened, created,
            renamed or deleted, or a method of a database there is called.
        folders: the folders to watch.
        arguments: arguments of the command.
        cwd: working directory of the command.
    """

    def watch() -> None:
        count, busy = 0, False

        def take_step() -> None:
            nonlocal count, busy
            count += 1
            busy = True
            at_step(count)
            busy = False

        def profile(_: object, event: str, function: object) -> None:
            if event == "c_call" and isinstance(getattr(function, "__self__", None), sqlite3.Connection):
                take_step()

        def hook(event: str, values: tuple[Any, ...]) -> None:
            if busy or event not in _STEPS or not isinstance(values[0], str | bytes | os.PathLike):
                return
            if any(Path(os.fsdecode(values[0])).is_relative_to(folder) for folder in folders):
                take_step()
                if event == "sqlite3.connect":  # the file operations of SQLite are not audited
                    sys.setprofile(profile)

        sys.addaudithook(hook)

    return _run_forked(watch, *arguments, cwd=cwd)


def run_until_file_size(size: int, *arguments: str | Path, cwd: Path) -> int:
    """Run the command in a forked process, which the system kills if a file would exceed `size` bytes.

    Returns:
        The exit code, `-SIGXFSZ` if it was killed.
    """

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)

    return _run_forked(limit, *arguments, cwd=cwd)


def _run_forked(prepare: Callable[[], None], *arguments: str | Path, cwd: Path) -> int:
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.chdir(cwd)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 1)
    os.dup2(null, 2)
    prepare()
    os._exit(main([*map(str, arguments)]))


def kill_at(step: int) -> Callable[[int], None]:
    """Return a function for `run_with` that kills the process before a step."""

    def at_step(number: int) -> None:
        if number == step:
            os.kill(os.getpid(), signal.SIGKILL)

    return at_step
