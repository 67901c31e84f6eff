"""Stops a rule that does not come to an end.

A timer rings now and then, whatever is going on, and what it finds running three times in a row is stopped. So a rule costs
nothing more, and a machine that stands still for a while stops nobody: rings that nobody hears are not counted.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from patternlint.engine import Engine
from patternlint.rule import TooSlowError

RINGS = 2
"""So often a timer rings in the time that a rule has: the rule has it whole, and at most half of it more."""

LIBRARY = 10
"""So many times as long as for a file a rule may take for the library."""


class _Watch:
    """What was running when the timer rang, and how often in a row."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._running: tuple[str, str] | None = None
        self._rings = 0

    def ring(self, _signal: int, frame: FrameType | None) -> None:
        """Take note of the rule that is running, and stop it when it has had its time."""
        running = Engine.running(frame)
        self._rings = self._rings + 1 if running == self._running else 0
        self._running = running
        if running is None:
            return
        times = 1 if running[0] else LIBRARY
        if self._rings >= RINGS * times:
            message = f"it took longer than {self._seconds * times:g} seconds for {'this file' if running[0] else 'the library'}"
            raise TooSlowError(message)


def start_watching(seconds: float) -> None:
    """Stop every rule that takes longer for a file, in this process, from now on.

    Only Unix has such timers, and only the main thread hears them; elsewhere nothing happens.
    """
    if _can_watch():
        signal.signal(signal.SIGALRM, _Watch(seconds).ring)
        signal.setitimer(signal.ITIMER_REAL, seconds / RINGS, seconds / RINGS)


def _can_watch() -> bool:
    return hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()


@contextmanager
def watching(seconds: float) -> Iterator[None]:
    """Stop every rule that takes longer for a file, as long as the context lasts (see `start_watching`)."""
    if not _can_watch():
        yield
        return
    before = signal.getsignal(signal.SIGALRM)
    start_watching(seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before if before is not None else signal.SIG_DFL)
