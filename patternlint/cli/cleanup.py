"""What is to be undone when a command is over."""

from __future__ import annotations

from contextlib import ExitStack

exit_stack = ExitStack()
"""Folders that a command made for itself: whatever enters this is left when the command is over, however it ends."""
