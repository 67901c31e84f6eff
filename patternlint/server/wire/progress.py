"""Progress in the editor."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import TYPE_CHECKING, Any

from lsprotocol import types as lsp
from pygls.capabilities import get_capability
from pygls.lsp.server import LanguageServer

if TYPE_CHECKING:
    from patternlint.run.results import Progress

_numbers = count(1)


class ProgressBar:
    """The progress of one task.

    Args:
        editor: the editor; it shows nothing if it cannot.
        title: the task.
        total: the number of steps.
        call: runs a function in the thread of the event loop.
    """

    def __init__(
        self, editor: LanguageServer, title: str, total: int, call: Callable[[Callable[[], Any]], None]
    ) -> None:
        self._editor = editor
        self._total = total
        self._call = call
        self._done = 0
        self._percentage = 0
        self._token = f"patternlint-{next(_numbers)}"
        self._is_shown = total > 0 and bool(
            get_capability(editor.client_capabilities, "window.work_done_progress", default=False)
        )
        if self._is_shown:
            create = lsp.WorkDoneProgressCreateParams(self._token)
            call(lambda: self._editor.window_work_done_progress_create(create))
            self._notify(lsp.WorkDoneProgressBegin(title, percentage=0))

    def advance(self, steps: int) -> None:
        """Show that some steps more are done. The last one ends the task."""
        self._done += steps
        if not self._is_shown:
            return
        percentage = min(100, 100 * self._done // self._total)
        if self._done >= self._total:
            self._is_shown = False
            self._notify(lsp.WorkDoneProgressEnd())
        elif percentage > self._percentage:
            self._percentage = percentage
            self._notify(lsp.WorkDoneProgressReport(percentage=percentage))

    def _notify(self, value: Any) -> None:
        params = lsp.ProgressParams(self._token, value)
        self._call(lambda: self._editor.progress(params))


def progress_in(editor: LanguageServer, call: Callable[[Callable[[], Any]], None]) -> Progress:
    """Return the progress of reading a library, shown in an editor."""

    def begin(total: int) -> Callable[[int], None]:
        return ProgressBar(editor, "Reading patterns", total, call).advance

    return begin
