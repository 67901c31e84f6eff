"""Standard streams that lose nothing.

With `PYTHONUNBUFFERED` Python gives a text stream a raw file, and ignores how much of a text the raw file has taken: when a
signal interrupts the write, or a pipe does not block, the rest is lost. Here every stream has a buffer, which writes the rest,
above a file that waits.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class _WaitingFile(io.RawIOBase):
    """An open file that waits where a file that does not block refuses to read or write."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def fileno(self) -> int:
        return self._descriptor

    def isatty(self) -> bool:
        return os.isatty(self._descriptor)

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        while True:
            try:
                data = os.read(self._descriptor, len(buffer))
            except BlockingIOError:
                self._wait((self._descriptor,), ())
            else:
                buffer[: len(data)] = data
                return len(data)

    def write(self, data: Any, /) -> int:
        while True:
            try:
                return os.write(self._descriptor, data)
            except BlockingIOError:
                self._wait((), (self._descriptor,))

    @staticmethod
    def _wait(readers: tuple[int, ...], writers: tuple[int, ...]) -> None:
        import select  # noqa: PLC0415 - for files that do not block only

        select.select(readers, writers, ())


@contextmanager
def lossless_streams() -> Iterator[None]:
    """Replace the standard streams that are open files by streams that lose nothing, as long as the context lasts.

    Where a stream is closed (`>&-`) Python has None. Closed standard output becomes a file that refuses to be written,
    so that a report is never lost in silence; the other two become the null device.
    """
    before = sys.stdin, sys.stdout, sys.stderr
    for name, mode in (("stdin", os.O_RDONLY), ("stdout", os.O_RDONLY), ("stderr", os.O_WRONLY)):
        stream = getattr(sys, name)
        # In this order each takes its own number.
        setattr(sys, name, _lossless(stream, name) if stream is not None else _text(os.open(os.devnull, mode), name))
    try:
        yield
    finally:
        _detach_broken_streams()
        sys.stdin, sys.stdout, sys.stderr = (
            now if old is None else old for old, now in zip(before, (sys.stdin, sys.stdout, sys.stderr), strict=True)
        )


def _lossless(stream: io.TextIOBase, name: str) -> io.TextIOBase:
    buffer = getattr(stream, "buffer", None)
    raw = getattr(buffer, "raw", buffer)
    if not isinstance(stream, io.TextIOWrapper) or not isinstance(raw, io.FileIO):
        return stream
    return _text(raw.fileno(), name, stream.encoding, stream.errors)


def _text(descriptor: int, name: str, encoding: str = "utf-8", errors: str | None = None) -> io.TextIOWrapper:
    file = _WaitingFile(descriptor)
    kept = io.BufferedReader(file) if name == "stdin" else io.BufferedWriter(file)
    by_line = name == "stderr" or file.isatty()
    return io.TextIOWrapper(kept, encoding, errors, line_buffering=by_line)


def _detach_broken_streams() -> None:
    """Redirect a stream that cannot be written, because of a full disk or a closed pipe, to the null device.

    Otherwise the rest of its buffer would be written, and fail again, when the process ends.
    """
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
            stream.flush()
