"""The time limit of rules.

A timer sends a few signals per time limit. Its handler raises `RuleTimeout` in a rule that has been running for all of
them. Nothing else is interrupted, and a rule is not stopped because the machine was suspended.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from patternlint.rule.internal import RuleTimeout

TICKS_PER_LIMIT = 2  # a rule is stopped after one to one and a half time limits
LIBRARY_FACTOR = 10  # a rule may take this many times as long for the library as for a file


class RuleTimer:
    """The timer of this process.

    Attributes:
        rule: the running rule, set by the code that runs rules; the timer raises only while it is not None.
    """

    def __init__(self) -> None:
        self.rule: object = None
        self._seconds = 0.0
        self._times = 1
        self._last: object = None
        self._ticks = 0

    @contextmanager
    def limit(self, seconds: float, *, library: bool) -> Iterator[None]:
        """Stop rules that take too long within this context.

        Contexts may be nested: a library rule may load an entry whose file must be analyzed first. One that has the limit
        of the context around it starts no timer, as for each of many files.
        Has no effect on Windows, which lacks such timers, and outside the main thread, which receives their signals.

        Args:
            seconds: the time limit for a file.
            library: whether library rules run.
        """
        if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
            yield
            return
        times = LIBRARY_FACTOR if library else 1
        self._last = None  # a tick of an earlier file does not count
        outer = self.rule, self._seconds, self._times
        if outer == (None, seconds, times):
            yield
            return
        self.rule, self._seconds, self._times = None, seconds, times
        handler = signal.signal(signal.SIGALRM, self._tick)
        every = seconds / TICKS_PER_LIMIT
        timer = signal.setitimer(signal.ITIMER_REAL, every, every)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, *timer)
            signal.signal(signal.SIGALRM, handler if handler is not None else signal.SIG_DFL)
            self.rule, self._seconds, self._times = outer

    def _tick(self, _signal: int, _frame: FrameType | None) -> None:
        """Raise in the running rule if it is still the same after `TICKS_PER_LIMIT` ticks."""
        rule = self.rule
        self._ticks = self._ticks + 1 if rule is self._last else 0
        self._last = rule
        if rule is not None and self._ticks >= TICKS_PER_LIMIT * self._times:
            subject = "the library" if self._times > 1 else "this file"
            message = f"it took longer than {self._seconds * self._times:g} seconds for {subject}"
            raise RuleTimeout(message)


RULE_TIMER = RuleTimer()  # one per process, like its signal handler
