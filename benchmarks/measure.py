"""Measure processes from outside: wall-clock time, processor time and memory."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple

KIB = 1024
INTERVAL = 0.05
"""Seconds between two samples of the memory of a group of processes."""


class MeasureError(Exception):
    """A measurement that failed, with a message for the user."""


class Command(NamedTuple):
    """A command to measure.

    Attributes:
        arguments: the program and its arguments.
        folder: the working directory.
        environment: the environment.
        codes: exit codes of success.
    """

    arguments: Sequence[str]
    folder: Path
    environment: Mapping[str, str]
    codes: frozenset[int] = frozenset((0, 1))


class Sample(NamedTuple):
    """One run: wall-clock seconds, processor seconds, and peak memory of the largest process in bytes.

    On Linux, the peak includes some 25 MiB of the measuring process at the time of the fork.
    """

    wall: float
    cpu: float
    peak: int


class Memory(NamedTuple):
    """The memory of all processes of a run together, in bytes, at its peak.

    Attributes:
        resident: sum over the processes; shared memory is counted in each of them.
        proportional: the same with shared memory counted once.
        processes: maximum number of processes.
    """

    resident: int
    proportional: int
    processes: int


def measure(command: Command, output: Path) -> Sample:
    """Run a command with its output in the file `output`, and return its cost.

    Raises:
        MeasureError: if the exit code is not one of `command.codes`.
    """
    with output.open("wb") as out:
        begun = time.perf_counter()
        process = _start(command, out.fileno())
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    _check(command, process.returncode)
    return Sample(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * KIB)


def measure_memory(command: Command, output: Path) -> Memory:
    """Run a command and return the memory of all its processes. Sampling takes time, so time is not measured.

    Raises:
        MeasureError: if the exit code is not one of `command.codes`.
    """
    with output.open("wb") as out:
        process = _start(command, out.fileno())
        over = Event()
        peaks = [Memory(0, 0, 0)]
        watcher = Thread(target=_watch, args=(process.pid, over, peaks))
        watcher.start()
        process.wait()
        over.set()
        watcher.join()
    _check(command, process.returncode)
    return peaks[0]


def _start(command: Command, out: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own commands
        command.arguments,
        cwd=command.folder,
        env=dict(command.environment),
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=subprocess.DEVNULL,
    )


def _check(command: Command, code: int) -> None:
    if code not in command.codes:
        message = f"exit code {code} from {' '.join(command.arguments)}"
        raise MeasureError(message)


def _watch(process: int, over: Event, peaks: list[Memory]) -> None:
    while not over.wait(INTERVAL):
        sizes = [_memory(member) for member in _family(process)]
        peak = peaks[0]
        peaks[0] = Memory(
            max(peak.resident, sum(resident for resident, _ in sizes)),
            max(peak.proportional, sum(proportional for _, proportional in sizes)),
            max(peak.processes, len(sizes)),
        )


def _family(process: int) -> list[int]:
    """Return a process and all its descendants."""
    family = [process]
    for member in family:  # grows while it is iterated
        try:
            for task in Path(f"/proc/{member}/task").iterdir():
                family += [int(child) for child in (task / "children").read_text().split()]
        except OSError:  # the process has ended
            continue
    return family


def _memory(process: int) -> tuple[int, int]:
    """Return the resident and the proportional memory of a process in bytes."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    except OSError:
        return 0, 0
    sizes = {name: int(rest.split()[0]) * KIB for name, _, rest in (line.partition(":") for line in lines)}
    return sizes.get("Rss", 0), sizes.get("Pss", 0)


def second_core(command: Command, output: Path) -> float:
    """Return the relative speed of a second process beside a busy one: 1 for independent processors, 0 for a single one.

    Args:
        command: a fixed amount of work for one processor.
        output: a file for its output.
    """
    alone = measure(command, output).wall
    with output.open("wb") as out:
        begun = time.perf_counter()
        both = [_start(command, out.fileno()) for _ in range(2)]
        for process in both:
            process.wait()
        together = time.perf_counter() - begun
    return max(0.0, 2 * alone / together - 1)
