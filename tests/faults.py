"""Runs the command in a process in which something happens at an exact step: a kill, or somebody saves a file."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from patternlint.cli import main

_STEPS = ("open", "os.rename", "os.remove", "os.link", "os.mkdir", "os.chmod", "os.chown", "os.rmdir")


def run_with(at_step: Callable[[int], None], folders: tuple[Path, ...], *arguments: str | Path, cwd: Path) -> int:
    """Run the command in a copy of this process and return its exit code, negative for a signal.

    Args:
        at_step: called with the number of each step, from 1, just before a file below one of `folders` is opened,
            made, renamed or deleted.
        folders: the folders that are watched.
        arguments: those of the command.
        cwd: the folder that it runs in.
    """
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.chdir(cwd)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 1)
    os.dup2(null, 2)
    count, busy = 0, False

    def hook(event: str, values: tuple[Any, ...]) -> None:
        nonlocal count, busy
        if busy or event not in _STEPS or not isinstance(values[0], str | bytes | os.PathLike):
            return
        if any(Path(os.fsdecode(values[0])).is_relative_to(folder) for folder in folders):
            count += 1
            busy = True
            at_step(count)
            busy = False

    sys.addaudithook(hook)
    os._exit(main([*map(str, arguments)]))


def kill_at(step: int) -> Callable[[int], None]:
    """Return what kills the process just before a step."""

    def at_step(number: int) -> None:
        if number == step:
            os.kill(os.getpid(), signal.SIGKILL)

    return at_step
