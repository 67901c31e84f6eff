"""Measures whole processes from outside: wall clock, processor time and memory."""

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
"""Seconds between two looks at the memory of a group of processes."""


class MeasureError(Exception):
    """A command that went wrong: one clear sentence."""


class Command(NamedTuple):
    """A command to measure.

    Attributes:
        arguments: the program and its arguments.
        folder: the working directory.
        environment: the environment.
        codes: the exit codes that mean that it did its work.
    """

    arguments: Sequence[str]
    folder: Path
    environment: Mapping[str, str]
    codes: frozenset[int] = frozenset((0, 1))


class Sample(NamedTuple):
    """One run: seconds on the wall, seconds of the processors, and bytes of the largest process at its peak.

    Linux counts in what the measuring process held when it began the other, some 25 MiB.
    """

    wall: float
    cpu: float
    peak: int


class Memory(NamedTuple):
    """The memory of all processes of a run together, in bytes, at its peak.

    Attributes:
        resident: the sum of what each holds; what several share is counted in each.
        proportional: the same, with what several share counted once.
        processes: how many processes there were at most.
    """

    resident: int
    proportional: int
    processes: int


def measure(command: Command, output: Path) -> Sample:
    """Run a command, with what it prints in the file `output`, and return what it cost.

    Raises:
        MeasureError: when its exit code is none of those that mean that it did its work.
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
    """Run a command and return the memory of all its processes; looking at it takes time, so that is not measured.

    Raises:
        MeasureError: when its exit code is none of those that mean that it did its work.
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
    return subprocess.Popen(  # noqa: S603 - commands of ours
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
        found = [_memory(one) for one in _family(process)]
        peak = peaks[0]
        peaks[0] = Memory(
            max(peak.resident, sum(resident for resident, _ in found)),
            max(peak.proportional, sum(proportional for _, proportional in found)),
            max(peak.processes, len(found)),
        )


def _family(process: int) -> list[int]:
    """Return a process and all its descendants."""
    family = [process]
    for one in family:
        try:
            for task in Path(f"/proc/{one}/task").iterdir():
                family += [int(child) for child in (task / "children").read_text().split()]
        except OSError:  # it has ended
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
    """Return what a second process gets done beside a first: 1 when nothing is shared, 0 when one waits for the other.

    Args:
        command: a fixed amount of work for one processor.
        output: a file for what it prints.
    """
    alone = measure(command, output).wall
    with output.open("wb") as out:
        begun = time.perf_counter()
        both = [_start(command, out.fileno()) for _ in range(2)]
        for process in both:
            process.wait()
        together = time.perf_counter() - begun
    return max(0.0, 2 * alone / together - 1)
