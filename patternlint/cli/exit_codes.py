"""Exit codes of the command."""

from __future__ import annotations

OK = 0
FINDINGS = 1
ERROR = 2
INTERRUPTED = 130  # 128 + SIGINT, as shells have it
