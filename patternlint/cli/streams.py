"""Standard streams that lose nothing.

With `PYTHONUNBUFFERED` Python gives a text stream a raw file, and ignores how much of a text the raw file has taken: when a
signal interrupts the write, or a pipe does not block, the rest is lost. Here every stream has a buffer, which writes the rest,
above a file that waits.
"""

from __future__ import annotations

import io
import os
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class _WaitingFile(io.FileIO):
    """An open file that waits where a non-blocking file refuses to read or write. It does not close its descriptor."""

    # Those of FileIO do not call `readinto`, and return what is there instead of waiting.
    read = io.RawIOBase.read  # type: ignore[assignment] # the buffers never pass None
    readall = io.RawIOBase.readall

    def readinto(self, buffer: Any, /) -> int:
        while (count := super().readinto(buffer)) is None:
            select.select((self,), (), ())
        return count

    def write(self, data: Any, /) -> int:
        while (count := super().write(data)) is None:
            select.select((), (self,), ())
        return count


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
    if not isinstance(stream, io.TextIOWrapper) or not isinstance(raw, io.FileIO) or isinstance(raw, _WaitingFile):
        return stream
    return _text(raw.fileno(), name, stream.encoding, stream.errors)


def _text(descriptor: int, name: str, encoding: str = "utf-8", errors: str | None = None) -> io.TextIOWrapper:
    file = _WaitingFile(descriptor, "rb" if name == "stdin" else "wb", closefd=False)
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
