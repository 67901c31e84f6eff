"""The commands that an editor can run. Each runs in the thread of the event loop and asks the worker."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types as lsp
from pygls.capabilities import get_capability
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

from patternlint.server.uris import path_of, uri_of
from patternlint.server.wire.progress import ProgressBar

if TYPE_CHECKING:
    from patternlint.server.libraries import OpenLibrary
    from patternlint.server.wire.features import Checked, Features

_FILES = 100  # that are checked between two requests
_REQUEST_FAILED = -32803  # as the protocol defines it

Ask = Callable[[Callable[["Features"], Any]], Awaitable[Any]]
"""Returns the answer of the worker to a question."""


class Commands:
    """The commands of the server.

    Args:
        editor: the editor.
        ask: returns the answer of the worker to a question.
    """

    def __init__(self, editor: LanguageServer, ask: Ask) -> None:
        self._editor = editor
        self._ask = ask

    def register(self) -> None:
        """Offer the commands to the editor."""

        async def check_library(*arguments: Any) -> Any:
            return await self._check_library(_text(arguments, 0))

        async def new_pattern(*arguments: Any) -> Any:
            return await self._new_pattern(_text(arguments, 0), _text(arguments, 1))

        async def write_report(*arguments: Any) -> Any:
            return await self._write_report(_text(arguments, 0))

        self._editor.command("patternlint.checkLibrary")(check_library)
        self._editor.command("patternlint.newPattern")(new_pattern)
        self._editor.command("patternlint.writeReport")(write_report)

    async def _check_library(self, uri: str) -> dict[str, int]:
        """Check all files of the library of a file, or of all libraries, and list the errors."""
        from patternlint.report.summary import number  # noqa: PLC0415 - `initialize` is answered before it is imported

        libraries = await self._ask(lambda features: features.start_check(uri))
        total = sum(len(paths) for _, paths in libraries)
        progress = ProgressBar(self._editor, "Checking the library", total, lambda send: send())
        counts: Counter[str] = Counter()
        for library, paths in libraries:
            for start in range(0, len(paths), _FILES):
                part = paths[start : start + _FILES]
                found: Checked = await self._ask(partial(_check, library, part))
                counts.update(found.counts)
                for params in found.listed:
                    self._editor.text_document_publish_diagnostics(params)
                progress.advance(len(part))
        errors, listed = counts["error"], counts.pop("listed", 0)
        rest = f"; {number(listed, 'error is', 'errors are')} listed" if listed < errors else ""
        levels = ", ".join(number(counts[level], level, many) for level, many in _LEVELS if counts[level])
        self._show(f"{number(total, 'file')}: {levels or 'no findings'}{rest}")
        return {"files": total, **counts}

    async def _new_pattern(self, uri: str, title: str) -> str:
        """Create a pattern in the folder of a file, or in a folder, show it, and return its URI."""
        path = path_of(uri)
        if path is None or not title:
            message = "missing folder or title"
            raise JsonRpcException(message, code=_REQUEST_FAILED)
        folder = os.path.dirname(path) if path.endswith(".md") else path  # noqa: PTH120 - asks the disk nothing
        created = uri_of((await _run(folder, "new", "--into", folder, "--", title)).rstrip("\n"))
        self._open(created)
        return created

    async def _write_report(self, uri: str) -> str:
        """Write the report about the library of a file, show it, and return its URI."""
        folder = await self._ask(lambda features: features.library_folder(uri))
        page = Path(tempfile.mkdtemp(prefix="patternlint-"), "report.html")
        await _run(str(folder), "report", "--output", str(page))
        written = uri_of(str(page))
        self._open(written, external=True)
        return written

    def _open(self, uri: str, *, external: bool = False) -> None:
        if get_capability(self._editor.client_capabilities, "window.show_document.support", default=False):
            self._editor.window_show_document(lsp.ShowDocumentParams(uri, external=external, take_focus=True))

    def _show(self, message: str) -> None:
        params = lsp.ShowMessageParams(lsp.MessageType.Info, f"patternlint: {message}")
        self._editor.window_show_message(params)


def _check(library: OpenLibrary, paths: list[str], features: Features) -> Checked:
    return features.check(library, paths)


_LEVELS = (("error", "errors"), ("warning", "warnings"), ("info", "info"))


def _text(arguments: tuple[Any, ...], index: int) -> str:
    return arguments[index] if len(arguments) > index and isinstance(arguments[index], str) else ""


async def _run(folder: str, *arguments: str) -> str:
    """Run patternlint in a folder, and return its output. Modules in the folder are not imported.

    Raises:
        JsonRpcException: when it fails.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "patternlint", *arguments),
        cwd=folder,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, errors = await process.communicate()
    if process.returncode:
        raise JsonRpcException(errors.decode(errors="replace").strip(), code=_REQUEST_FAILED)
    return output.decode()
