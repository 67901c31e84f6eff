"""Run the command repeatedly in one process, with an unreliable standard output.

Standard output is unbuffered, its reader is slow, and a signal interrupts writes every few milliseconds. Usage:

    slow_reader.py FOLDER COUNT KIND < COMMANDS

KIND is `blocking` or `nonblocking`. COMMANDS are lines of JSON with the arguments and the standard input. The script prints
the number of runs and bytes, and each run whose output or exit code differs from a run that writes into a file.
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

_PIPE_SIZE = 4096
"""Capacity of the pipe in bytes."""
_PAUSE = 0.0002
"""Seconds that the reader sleeps between some reads."""
_SIGNAL_INTERVAL = 0.002
"""Seconds between signals."""


def run(arguments: list[str], text: str, descriptors: dict[str, int]) -> int:
    """Run the command with these descriptors as unbuffered standard streams."""
    streams = sys.stdin, sys.stdout, sys.stderr
    with TemporaryFile() as given:
        given.write(text.encode())
        given.seek(0)
        sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(given.fileno(), closefd=False)), "utf-8")
        for name, descriptor in descriptors.items():
            raw = io.FileIO(descriptor, "w", closefd=False)
            setattr(sys, name, io.TextIOWrapper(raw, "utf-8", write_through=True))  # like `python -u`
        try:
            return main(arguments)
        finally:
            sys.stdin, sys.stdout, sys.stderr = streams
            gc.enable()


def expected(arguments: list[str], text: str) -> tuple[int, bytes]:
    """Return the exit code and the output of a run that writes into a file."""
    with TemporaryFile() as out:
        code = run(arguments, text, {"stdout": out.fileno(), "stderr": out.fileno()})
        out.seek(0)
        return code, out.read()


def through_pipe(arguments: list[str], text: str, *, blocking: bool) -> tuple[int, bytes]:
    """Return the exit code and the output of a run that writes into a small pipe with a slow reader."""
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, _PIPE_SIZE)
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
        while not is_over.wait(_SIGNAL_INTERVAL):
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
    """Run `count` commands, cycling through the list."""
    signal.signal(signal.SIGUSR1, lambda *_: None)
    commands = [(one["arguments"], one["input"]) for one in map(json.loads, sys.stdin)]
    references = [expected(*command) for command in commands]
    size = 0
    for number in range(count):
        index = number % len(commands)
        found = through_pipe(*commands[index], blocking=blocking)
        size += len(found[1])
        if found != references[index]:
            sizes = f"{len(found[1])} of {len(references[index][1])} bytes"
            sys.stdout.write(f"{commands[index][0]}: exit {found[0]} for {references[index][0]}, {sizes}\n")
    sys.stdout.write(f"{count} runs, {size} bytes, {min(len(output) for _, output in references)} in the smallest\n")


if __name__ == "__main__":
    os.chdir(Path(sys.argv[1]))
    compare(int(sys.argv[2]), blocking=sys.argv[3] == "blocking")
