"""Cleanup at the end of a command."""

from __future__ import annotations

from contextlib import ExitStack

exit_stack = ExitStack()
"""Temporary folders of the command: `main` closes the stack when the command ends, however it ends."""
