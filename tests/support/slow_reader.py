"""Runs the command again and again in one process, with a standard output that loses what nobody takes care of.

It is unbuffered, a signal interrupts it every few milliseconds, and its reader is slow. As a program:

    slow_reader.py FOLDER COUNT KIND < COMMANDS

where KIND is `blocking` or `nonblocking`, and COMMANDS are lines of JSON: the arguments and the standard input. Prints how
many runs of how many bytes there were, and each run whose bytes or exit code are not those of a run into a file.
"""

from __future__ import annotations

import fcntl
import gc
import io
import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from tempfile import TemporaryFile

from patternlint.cli import main

_PIPE = 4096
"""Bytes that the pipe holds."""
_PAUSE = 0.0002
"""Seconds that the reader sleeps now and then."""
_EVERY = 0.002
"""Seconds between two signals."""


def run(arguments: list[str], text: str, descriptors: dict[str, int]) -> int:
    """Run the command with unbuffered standard streams that are these descriptors."""
    streams = sys.stdin, sys.stdout, sys.stderr
    with TemporaryFile() as given:
        given.write(text.encode())
        given.seek(0)
        sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(given.fileno(), closefd=False)), "utf-8")
        for name, descriptor in descriptors.items():
            raw = io.FileIO(descriptor, "w", closefd=False)
            setattr(sys, name, io.TextIOWrapper(raw, "utf-8", write_through=True))  # as Python does it for `-u`
        try:
            return main(arguments)
        finally:
            sys.stdin, sys.stdout, sys.stderr = streams
            gc.enable()


def expected(arguments: list[str], text: str) -> tuple[int, bytes]:
    """Return the exit code and what a run writes into a file."""
    with TemporaryFile() as out:
        code = run(arguments, text, {"stdout": out.fileno(), "stderr": out.fileno()})
        out.seek(0)
        return code, out.read()


def through_pipe(arguments: list[str], text: str, *, blocking: bool) -> tuple[int, bytes]:
    """Return the exit code and what a run writes into a small pipe with a slow reader."""
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, _PIPE)
    os.set_blocking(writing, blocking)
    parts: list[bytes] = []

    def read() -> None:
        while data := os.read(reading, 1500):
            parts.append(data)
            if len(parts) % 4 == 0:
                time.sleep(_PAUSE)

    reader = threading.Thread(target=read)
    reader.start()
    is_over = threading.Event()
    main_thread = threading.main_thread().ident
    assert main_thread is not None

    def interrupt() -> None:
        while not is_over.wait(_EVERY):
            signal.pthread_kill(main_thread, signal.SIGUSR1)

    interrupter = threading.Thread(target=interrupt)
    interrupter.start()
    try:
        code = run(arguments, text, {"stdout": writing, "stderr": writing})
    finally:
        is_over.set()
        interrupter.join()
        os.close(writing)
        reader.join()
        os.close(reading)
    return code, b"".join(parts)


def compare(count: int, *, blocking: bool) -> None:
    """Run each command so many times in turn."""
    signal.signal(signal.SIGUSR1, lambda *_: None)
    commands = [(one["arguments"], one["input"]) for one in map(json.loads, sys.stdin)]
    right = [expected(*command) for command in commands]
    size = 0
    for number in range(count):
        at = number % len(commands)
        found = through_pipe(*commands[at], blocking=blocking)
        size += len(found[1])
        if found != right[at]:
            sizes = f"{len(found[1])} of {len(right[at][1])} bytes"
            sys.stdout.write(f"{commands[at][0]}: exit {found[0]} for {right[at][0]}, {sizes}\n")
    sys.stdout.write(f"{count} runs, {size} bytes, {min(len(one) for _, one in right)} in the smallest\n")


if __name__ == "__main__":
    os.chdir(Path(sys.argv[1]))
    compare(int(sys.argv[2]), blocking=sys.argv[3] == "blocking")
