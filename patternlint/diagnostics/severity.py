"""The levels of findings."""

from __future__ import annotations

from enum import IntEnum


class Severity(IntEnum):
    """The level of a finding, ordered by weight."""

    OFF = 0
    INFO = 1
    WARNING = 2
    ERROR = 3

    @property
    def label(self) -> str:
        """The name of the level, as in the configuration."""
        return self.name.lower()


LEVELS = tuple(severity.label for severity in Severity)
"""The names, indexed by level."""
