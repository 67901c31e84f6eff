"""The extension in a real VS Code. `editors/vscode/test/install.sh` installs what it needs."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.command import ROOT, patternlint
from tests.support.editors import command_folder
from tests.support.repository import Repository, example_library
from tests.support.vscode import CODE_SERVER, Code, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytest.importorskip("pygls")
sync_api = pytest.importorskip("playwright.sync_api")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
EXTENSION = ROOT / "editors" / "vscode"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (EXTENSION / "node_modules").is_dir(), reason="requires `npm ci` in editors/vscode"),
]

_FILE, _LINE, _COLUMN = "rain-garden-street.md", 64, 13
_HUB = "neighbourhood-assembly"
_MAX_SIZE = 150 * 1024
requires_editor = pytest.mark.skipif(
    CODE_SERVER is None or CHROMIUM is None, reason="requires Chromium and code-server (editors/vscode/test/install.sh)"
)


def _package() -> bytes:
    subprocess.run(["npm", "run", "--silent", "package"], cwd=EXTENSION, check=True, capture_output=True)
    return (EXTENSION / "patternlint.vsix").read_bytes()


def test_the_extension_is_small_and_the_same_each_time() -> None:
    first = _package()
    assert _package() == first
    assert len(first) <= _MAX_SIZE


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@requires_editor
def test_a_new_user_fixes_completes_and_renames(tmp_path: Path, browser: Browser) -> None:
    library, expected = (example_library(tmp_path / name) for name in ("library", "expected"))
    _package()
    (tmp_path / "editor").mkdir()
    commands = command_folder(tmp_path / "bin")
    with served(tmp_path / "editor", library.top, EXTENSION / "patternlint.vsix", commands) as address:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        code = Code(page, address)
        code.trust()
        code.open(_FILE)
        _findings(code)
        _hints(code)
        _completion(code, library)
        expected.edit(_FILE, ("neighbourhood-assemblage", _HUB))
        assert library.read(_FILE) == expected.read(_FILE)
        _rename(code)
        assert patternlint("rename", _HUB, "town-assembly", cwd=expected.top).code == 0
        assert _texts(library) == _texts(expected)
        _commands(code)


@requires_editor
def test_a_server_that_does_not_start_has_one_message(tmp_path: Path, browser: Browser) -> None:
    library = example_library(tmp_path / "library")
    _package()
    (tmp_path / "editor").mkdir()
    vsix = EXTENSION / "patternlint.vsix"
    with served(tmp_path / "editor", library.top, vsix, None, command=["/bin/false"]) as address:
        code = Code(browser.new_page(viewport={"width": 1440, "height": 900}), address)
        code.trust()
        code.open(_FILE)
        code.shown(".notification-toast", "`/bin/false` did not start")
        code.picture("not-started")
        assert code.page.locator(".notification-toast").count() == 1


def _texts(library: Repository) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in library.top.glob("*.md")}


def _findings(code: Code) -> None:
    """Show the findings of the file, their fixes and their reasons."""
    code.keys("Control+Shift+M")
    code.shown(".markers-panel .monaco-list-row", "dangling-target")
    code.shown(".markers-panel .monaco-list-row", "section-missing")
    code.picture("problems")
    code.keys("Control+1")
    code.go_to(_LINE, _COLUMN)
    code.shown(".squiggly-error")
    code.keys("Control+.")
    code.shown(".action-widget .monaco-list-row", f"with `{_HUB}`")
    code.shown(".action-widget .monaco-list-row", "Ignore `dangling-target` on this line")
    code.picture("fixes")
    code.keys("Escape")
    code.keys("Control+K", "Control+I")
    code.shown(".monaco-hover", "no pattern has the slug")
    code.picture("reason")
    code.keys("Escape")


def _hints(code: Code) -> None:
    """Show hints in and above the text, and details of another pattern."""
    code.open("open-ledger-evening.md")
    code.shown(".codelens-decoration", "link")
    code.picture("lens")
    line = next(number for number, text in code.lines("open-ledger-evening.md") if f"slug: {_HUB}" in text)
    code.go_to(line, 15)
    code.shown(".view-line", "← not returned")
    code.keys("Control+K", "Control+I")
    code.shown(".monaco-hover", "Neighbourhood Assembly")
    code.picture("hover")
    code.keys("Escape")


def _completion(code: Code, library: Repository) -> None:
    """Write a slug anew: the list opens while typing."""
    code.open(_FILE)
    code.go_to(_LINE, _COLUMN - 1)
    code.keys("Shift+End", "Delete")
    code.type(" neigh")
    code.shown(".suggest-widget .monaco-list-row", _HUB)
    code.picture("completion")
    code.keys("Enter")
    code.shown(".view-line", f"slug: {_HUB}")
    code.page.locator(".squiggly-error").first.wait_for(state="detached")
    code.keys("Control+S")
    code.page.locator(".tab.active.dirty").wait_for(state="detached")
    assert _HUB in library.read(_FILE)


def _rename(code: Code) -> None:
    """Preview the changes of a rename, and apply them."""
    code.keys("F2")
    code.shown(".rename-box input").fill("town-assembly")
    code.keys("Control+Enter")
    code.shown(".part.panel .monaco-list-row", "town-assembly.md")
    code.picture("rename")
    code.page.get_by_role("button", name="Apply").click()
    code.shown(".explorer-folders-view .monaco-list-row", "town-assembly.md")
    code.keys("Control+K", "S")
    code.page.locator(".tab.dirty").first.wait_for(state="detached")


def _commands(code: Code) -> None:
    """List the commands, and run one."""
    code.run("patternlint: Check the Library")
    code.shown(".notification-toast", "14 files")
    code.picture("check")
    code.keys("F1")
    code.shown(".quick-input-widget input").fill(">patternlint")
    code.shown(".quick-input-list .monaco-list-row", "New Pattern")
    code.picture("commands")
    code.keys("Escape")
