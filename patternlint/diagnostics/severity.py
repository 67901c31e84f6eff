"""How much a finding matters."""

from __future__ import annotations

from enum import IntEnum


class Severity(IntEnum):
    """How much a finding matters; the order is that of weight."""

    OFF = 0
    INFO = 1
    WARNING = 2
    ERROR = 3

    @property
    def label(self) -> str:
        """The word that people see and write in the config."""
        return self.name.lower()


LEVELS = tuple(severity.label for severity in Severity)
"""The words, by their severity."""
