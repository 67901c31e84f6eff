"""Stops a rule that does not come to an end.

While a rule runs, a timer ticks a few times in the time that the rule has, and raises in the rule when it still runs after
that. So a rule costs nothing more, a machine that sleeps for a while stops no rule, and no signal interrupts anything else.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from patternlint.rule.internal import RuleTimeout

TICKS_PER_LIMIT = 2
"""How often the timer ticks in the time that a rule has: the rule has it whole, and at most half of it more."""

LIBRARY_FACTOR = 10
"""So many times as long as for a file a rule may take for the library."""


class RuleTimer:
    """The timer of this process.

    Attributes:
        rule: the rule that runs now, set by whoever runs rules; the timer raises only while it is not None.
    """

    def __init__(self) -> None:
        """Make a timer that does not tick."""
        self.rule: object = None
        self._seconds = 0.0
        self._times = 1
        self._last: object = None
        self._ticks = 0

    @contextmanager
    def limit(self, seconds: float, *, library: bool) -> Iterator[None]:
        """Stop rules that take too long, as long as the context lasts.

        Contexts may be nested: a rule about the library may ask for a file that must be checked again first.
        Only Unix has such timers, and only the main thread receives their signals; elsewhere nothing happens.

        Args:
            seconds: the time that a rule has for a file.
            library: whether rules run for the library.
        """
        if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
            yield
            return
        outer = self.rule, self._seconds, self._times
        self.rule, self._seconds, self._times = None, seconds, LIBRARY_FACTOR if library else 1
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
        """Stop the rule that is running when it has had its time."""
        rule = self.rule
        self._ticks = self._ticks + 1 if rule is self._last else 0
        self._last = rule
        if rule is not None and self._ticks >= TICKS_PER_LIMIT * self._times:
            subject = "the library" if self._times > 1 else "this file"
            message = f"it took longer than {self._seconds * self._times:g} seconds for {subject}"
            raise RuleTimeout(message)


RULE_TIMER = RuleTimer()
"""Signals belong to the process, and so does what they do."""
