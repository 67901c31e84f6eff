"""A real VS Code: code-server with the extension, driven in Chromium."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.request import urlopen

from tests.support.repository import environment

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

CODE_SERVER = os.environ.get("PATTERNLINT_CODE_SERVER") or shutil.which("code-server")
_PICTURES = os.environ.get("PATTERNLINT_PICTURES")
_SETTINGS = {
    "workbench.startupEditor": "none",
    "workbench.colorTheme": "Default Light Modern",
    "telemetry.telemetryLevel": "off",
    "files.autoSave": "off",
    "editor.minimap.enabled": False,
    "chat.disableAIFeatures": True,
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "editor.cursorBlinking": "solid",
}
TIMEOUT = 120_000  # milliseconds; a busy machine starts an editor in half of it


@contextmanager
def served(folder: Path, library: Path, vsix: Path, commands: Path | None, **settings: Any) -> Iterator[str]:
    """Install the extension, serve an editor, and yield the address of the library in it.

    Args:
        folder: an empty folder for the data of the editor.
        library: the library.
        vsix: the extension.
        commands: a folder with the command `patternlint`, which the editor finds on `PATH`; None for no such command.
        settings: the settings of the extension.
    """
    assert CODE_SERVER is not None
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    all_settings = _SETTINGS | {f"patternlint.{name}": value for name, value in settings.items()}
    (folder / "data" / "User").mkdir(parents=True)
    (folder / "data" / "User" / "settings.json").write_text(json.dumps(all_settings), encoding="utf-8")
    places = [
        "--user-data-dir",
        folder / "data",
        "--extensions-dir",
        folder / "extensions",
        "--config",
        folder / "config",
    ]
    (folder / "config").touch()
    path = os.pathsep.join(filter(None, (str(commands or ""), "/usr/bin", "/bin")))
    (folder / ".bash_profile").write_text(f"export PATH={path}\n", encoding="utf-8")  # which editors read
    variables = environment(PATH=path, HOME=str(folder), SHELL="/bin/bash")
    command = [CODE_SERVER, *map(str, places)]
    subprocess.run([*command, "--install-extension", str(vsix)], env=variables, check=True, capture_output=True)
    options = ["--auth", "none", "--bind-addr", f"127.0.0.1:{port}", "--disable-telemetry", "--disable-update-check"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([*command, *options], env=variables, stdout=log, stderr=log, cwd=folder)
    try:
        _wait_for(f"http://127.0.0.1:{port}/healthz")
        yield f"http://127.0.0.1:{port}/?folder={library}"
    finally:
        server.terminate()
        server.wait(30)


def _wait_for(address: str) -> None:
    for _ in range(TIMEOUT // 500):
        try:
            urlopen(address, timeout=5).close()  # noqa: S310 - our own server
        except (URLError, OSError):
            time.sleep(0.5)
        else:
            return
    message = f"{address} does not answer"
    raise TimeoutError(message)


class Code:
    """An editor in a page.

    Args:
        page: an empty page.
        address: the address of a library.
    """

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self._folder = Path(address.partition("folder=")[2])
        page.set_default_timeout(TIMEOUT)
        page.goto(address)

    def trust(self) -> None:
        """Trust the folder, as the banner above the editor asks."""
        self.shown(".part.banner a", "Manage").click()
        self.page.get_by_role("button", name="Trust", exact=True).first.click()
        self.page.get_by_text("You trust this folder").wait_for()
        self.keys("Escape")

    def lines(self, name: str) -> Iterator[tuple[int, str]]:
        """Yield the lines of a file on disk with their numbers."""
        yield from enumerate((self._folder / name).read_text(encoding="utf-8").split("\n"), 1)

    def keys(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text, delay=30)

    def shown(self, selector: str, text: str = "") -> Locator:
        """Return the first place with a text, once it is there."""
        found = self.page.locator(selector, has_text=text) if text else self.page.locator(selector)
        found.first.wait_for()
        return found.first

    def open(self, name: str) -> None:
        self.keys("Control+P")
        self.shown(".quick-input-widget input").fill(name)
        self.shown(".quick-input-list .monaco-list-row", name)
        self.keys("Enter")
        self.shown(".tab.active", name)

    def go_to(self, line: int, column: int) -> None:
        self.keys("Control+G")
        self.shown(".quick-input-widget input").fill(f":{line}:{column}")
        self.keys("Enter")
        self.shown("#status\\.editor\\.selection", f"Ln {line}, Col {column}")

    def run(self, command: str) -> None:
        """Run a command of the palette."""
        self.keys("F1")
        self.shown(".quick-input-widget input").fill(f">{command}")
        self.shown(".quick-input-list .monaco-list-row", command).click()

    def picture(self, name: str) -> None:
        """Save a picture, if `PATTERNLINT_PICTURES` names a folder."""
        if _PICTURES:
            self.page.wait_for_timeout(700)
            self.page.screenshot(path=Path(_PICTURES, f"{name}.png"))
