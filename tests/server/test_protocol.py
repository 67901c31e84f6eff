"""The server as an editor sees it: a process that reads and writes messages."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from tests.support.command import ROOT, patternlint
from tests.support.repository import Repository, environment, example_library

pytest.importorskip("pygls")

from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

_FILE = "rain-garden-street.md"
_HUB = "neighbourhood-assembly"
_WAIT = 60  # seconds; the machine may be busy

PULL: dict[str, Any] = {
    "general": {"positionEncodings": ["utf-16"]},
    "textDocument": {
        "diagnostic": {},
        "codeAction": {"resolveSupport": {"properties": ["edit"]}, "dataSupport": True},
    },
    "workspace": {
        "diagnostics": {"refreshSupport": True},
        "workspaceEdit": {"resourceOperations": ["create", "rename", "delete"]},
        "didChangeWatchedFiles": {"dynamicRegistration": True},
    },
}
"""An editor such as VS Code, which asks for findings."""

VSCODE: dict[str, Any] = {
    **PULL,
    "textDocument": {**PULL["textDocument"], "publishDiagnostics": {}},
    "window": {"workDoneProgress": True, "showDocument": {"support": True}},
}
"""An editor that asks for findings about open files, and lists those about closed ones."""

PUSH: dict[str, Any] = {"general": {"positionEncodings": ["utf-8", "utf-32", "utf-16"]}}
"""An editor such as Helix, which is told."""


class Editor:
    """An editor with a server."""

    def __init__(self, client: LanguageClient, folder: Path) -> None:
        self.client = client
        self.folder = folder
        self.published: dict[str, lsp.PublishDiagnosticsParams] = {}
        self.messages: list[str] = []
        self.refreshed = 0
        self.progress: dict[str, list[str]] = {}
        self.shown: list[tuple[str, bool]] = []
        self.news = asyncio.Event()

        def publish(params: lsp.PublishDiagnosticsParams) -> None:
            self.published[params.uri] = params
            self.news.set()

        def show(params: lsp.ShowMessageParams) -> None:
            self.messages.append(params.message)
            self.news.set()

        def refresh(params: None) -> None:
            self.refreshed += 1
            self.news.set()

        def register(params: lsp.RegistrationParams) -> None:
            self.registered = params

        def make_progress(params: lsp.WorkDoneProgressCreateParams) -> None:
            self.progress[str(params.token)] = []

        def progress(params: lsp.ProgressParams) -> None:
            value: Any = params.value
            self.progress[str(params.token)].append(value["kind"] if isinstance(value, dict) else value.kind)

        def show_document(params: lsp.ShowDocumentParams) -> lsp.ShowDocumentResult:
            self.shown.append((params.uri, bool(params.external)))
            self.news.set()
            return lsp.ShowDocumentResult(success=True)

        client.feature(lsp.WINDOW_WORK_DONE_PROGRESS_CREATE)(make_progress)
        client.feature(lsp.PROGRESS)(progress)
        client.feature(lsp.WINDOW_SHOW_DOCUMENT)(show_document)
        client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(publish)
        client.feature(lsp.WINDOW_SHOW_MESSAGE)(show)
        client.feature(lsp.WORKSPACE_DIAGNOSTIC_REFRESH)(refresh)
        client.feature(lsp.CLIENT_REGISTER_CAPABILITY)(register)

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    def document(self, name: str) -> lsp.TextDocumentIdentifier:
        return lsp.TextDocumentIdentifier(self.uri(name))

    def open(self, name: str, text: str | None = None) -> str:
        text = (self.folder / name).read_text(encoding="utf-8") if text is None else text
        item = lsp.TextDocumentItem(self.uri(name), "markdown", 1, text)
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
        return text

    def type(self, name: str, version: int, text: str) -> None:
        change = lsp.TextDocumentContentChangeWholeDocument(text)
        document = lsp.VersionedTextDocumentIdentifier(version, self.uri(name))
        self.client.text_document_did_change(lsp.DidChangeTextDocumentParams(document, [change]))

    async def run(self, command: str, *arguments: object) -> Any:
        params = lsp.ExecuteCommandParams(f"patternlint.{command}", [*arguments])
        return await self.client.workspace_execute_command_async(params)

    async def pulled(self, name: str) -> list[lsp.Diagnostic]:
        report = await self.client.text_document_diagnostic_async(lsp.DocumentDiagnosticParams(self.document(name)))
        assert isinstance(report, lsp.RelatedFullDocumentDiagnosticReport)
        return [*report.items]

    async def until(self, is_true: Callable[[], bool]) -> None:
        while not is_true():
            self.news.clear()
            await asyncio.wait_for(self.news.wait(), _WAIT)


def edit(
    folder: Path,
    capabilities: dict[str, Any],
    steps: Callable[[Editor], Awaitable[None]],
    settings: dict[str, Any] | None = None,
) -> int:
    """Run steps of an editor with a server, and return the exit code of the server."""

    async def session() -> int:
        client = LanguageClient("test", "1")
        editor = Editor(client, folder)
        variables = environment(PYTHONPATH=str(ROOT))
        await client.start_io(sys.executable, "-m", "patternlint", "server", env=variables, cwd=folder.parent)
        structure = client.protocol._converter.structure  # noqa: SLF001 - the converter of the protocol's types
        params = {"processId": os.getpid(), "rootUri": folder.as_uri(), "capabilities": capabilities}
        params["initializationOptions"] = settings
        await asyncio.wait_for(client.initialize_async(structure(params, lsp.InitializeParams)), _WAIT)
        client.initialized(lsp.InitializedParams())
        await asyncio.wait_for(steps(editor), 3 * _WAIT)
        await asyncio.wait_for(client.shutdown_async(None), _WAIT)
        client.exit(None)
        process = client._server  # noqa: SLF001 - pygls does not tell the exit code
        assert process is not None
        code = await asyncio.wait_for(process.wait(), _WAIT)
        await client.stop()  # type: ignore[no-untyped-call]
        return code

    return asyncio.run(session())


@pytest.fixture
def library(tmp_path: Path) -> Repository:
    return example_library(tmp_path / "lib rärÿ")


def codes(diagnostics: Sequence[lsp.Diagnostic]) -> list[object]:
    return [one.code for one in diagnostics]


def place(text: str, word: str, shift: int = 0) -> lsp.Position:
    before = text[: text.index(word) + shift]
    return lsp.Position(before.count("\n"), len(before) - before.rfind("\n") - 1)


def edited(library: Repository, change: lsp.TextDocumentEdit) -> tuple[str, str]:
    """Return the name of a file, and its text after edits."""
    name = change.text_document.uri.rpartition("/")[2]
    lines = library.read(name).split("\n")
    for one in sorted(change.edits, key=lambda one: one.range.start, reverse=True):
        assert isinstance(one, lsp.TextEdit)
        first, start, last, end = (
            one.range.start.line,
            one.range.start.character,
            one.range.end.line,
            one.range.end.character,
        )
        lines[first : last + 1] = (lines[first][:start] + one.new_text + lines[last][end:]).split("\n")
    return name, "\n".join(lines)


def names(text: str, data: Sequence[int]) -> dict[str, int]:
    """Return the names in a text by semantic tokens, each with its type."""
    found: dict[str, int] = {}
    line = start = 0
    for at in range(0, len(data), 5):
        lines, columns, length, kind, _ = data[at : at + 5]
        line, start = line + lines, columns + (0 if lines else start)
        found[text.split("\n")[line][start : start + length]] = kind
    return found


def test_an_editor_that_asks_for_findings(library: Repository) -> None:
    async def steps(editor: Editor) -> None:
        text = editor.open(_FILE)
        await editor.pulled(_FILE)
        await editor.until(lambda: editor.refreshed > 0)  # the library is open
        found = await editor.pulled(_FILE)
        assert [one.code for one in found] == ["dangling-target", "section-missing"]
        first = found[0]
        assert first.source == "patternlint"
        assert first.message.split("\n")[0] == "no pattern has the slug `neighbourhood-assemblage`"
        assert first.code_description is not None
        assert first.code_description.href.endswith("/rules/relationships/dangling-target/")
        assert first.range.start == place(text, "neighbourhood-assemblage")
        document, at = editor.document(_FILE), place(text, "neighbourhood-assemblage", 4)

        menu = await editor.client.text_document_completion_async(lsp.CompletionParams(document, at))
        assert isinstance(menu, lsp.CompletionList)
        assert menu.items[0].label == _HUB
        resolved = await editor.client.completion_item_resolve_async(menu.items[0])
        assert isinstance(resolved.documentation, lsp.MarkupContent)
        assert "Neighbourhood Assembly" in resolved.documentation.value

        context = lsp.CodeActionContext(found)
        offered = await editor.client.text_document_code_action_async(
            lsp.CodeActionParams(document, lsp.Range(at, at), context)
        )
        assert offered is not None
        fix = offered[0]
        assert isinstance(fix, lsp.CodeAction)
        assert (fix.title, fix.edit) == (f"Replace `neighbourhood-assemblage` with `{_HUB}`", None)
        whole = await editor.client.code_action_resolve_async(fix)
        assert whole.edit is not None
        assert whole.edit.document_changes is not None
        (change,) = whole.edit.document_changes
        assert isinstance(change, lsp.TextDocumentEdit)
        assert change.text_document.version == 1

        colored = await editor.client.text_document_semantic_tokens_full_async(lsp.SemanticTokensParams(document))
        assert colored is not None
        assert names(text, colored.data) == {"neighbourhood-assemblage": 1, "care-before-ownership": 0}

        editor.open("bread-oven-square.md")
        assert [one.code for one in await editor.pulled("bread-oven-square.md")] == []
        hub = editor.open(f"{_HUB}.md")
        refreshed = editor.refreshed
        editor.type(f"{_HUB}.md", 2, hub.replace(f"slug: {_HUB}", "slug: town"))
        await editor.until(lambda: editor.refreshed > refreshed)
        assert "dangling-target" in [one.code for one in await editor.pulled("bread-oven-square.md")]
        refreshed = editor.refreshed
        library.delete("small-circles.md")
        deleted = lsp.FileEvent(editor.uri("small-circles.md"), lsp.FileChangeType.Deleted)
        editor.client.workspace_did_change_watched_files(lsp.DidChangeWatchedFilesParams([deleted]))
        await editor.until(lambda: editor.refreshed > refreshed)
        assert editor.published == {}
        assert editor.messages == []

    assert edit(library.top, PULL, steps) == 0


def test_an_editor_that_receives_findings(library: Repository) -> None:
    async def steps(editor: Editor) -> None:
        text = editor.open(_FILE)
        uri = editor.uri(_FILE)
        both = ["dangling-target", "section-missing"]
        await editor.until(lambda: uri in editor.published and codes(editor.published[uri].diagnostics) == both)
        fixed = text.replace("neighbourhood-assemblage", _HUB)
        editor.type(_FILE, 2, fixed)
        await editor.until(lambda: editor.published[uri].version == 2)
        assert [one.code for one in editor.published[uri].diagnostics] == ["section-missing"]

        client, document = editor.client, editor.document(_FILE)
        at = place(fixed, _HUB, 3)
        shown = await client.text_document_hover_async(lsp.HoverParams(document, at))
        assert shown is not None
        assert isinstance(shown.contents, lsp.MarkupContent)
        assert shown.contents.value.startswith("**Neighbourhood Assembly**")
        target = await client.text_document_definition_async(lsp.DefinitionParams(document, at))
        assert isinstance(target, lsp.Location)
        assert target.uri == editor.uri(f"{_HUB}.md")
        context = lsp.ReferenceContext(include_declaration=True)
        places = await client.text_document_references_async(lsp.ReferenceParams(context, document, at))
        assert places is not None
        assert len(places) > 6
        symbols = await client.workspace_symbol_async(lsp.WorkspaceSymbolParams("assembl"))
        assert symbols is not None
        assert [one.name for one in symbols] == ["Neighbourhood Assembly"]

        editor.client.text_document_did_close(lsp.DidCloseTextDocumentParams(document))
        await editor.until(lambda: not editor.published[uri].diagnostics)

    assert edit(library.top, PUSH, steps) == 0


def test_rename_gives_what_the_command_line_writes(library: Repository) -> None:
    async def steps(editor: Editor) -> None:
        text = editor.open(f"{_HUB}.md")
        document, at = editor.document(f"{_HUB}.md"), place(text, f"slug: {_HUB}", 8)
        prepared = await editor.client.text_document_prepare_rename_async(lsp.PrepareRenameParams(document, at))
        assert isinstance(prepared, lsp.PrepareRenamePlaceholder)
        assert prepared.placeholder == _HUB
        params = lsp.RenameParams(text_document=document, position=at, new_name="Town")
        with pytest.raises(Exception, match="`Town` is not a valid slug"):
            await editor.client.text_document_rename_async(params)
        params = lsp.RenameParams(text_document=document, position=at, new_name="town-assembly")
        edits = await editor.client.text_document_rename_async(params)
        assert edits is not None
        assert edits.document_changes is not None
        *changes, move = edits.document_changes
        assert isinstance(move, lsp.RenameFile)
        assert (move.old_uri, move.new_uri) == (document.uri, editor.uri("town-assembly.md"))
        after = {}
        for change in changes:
            assert isinstance(change, lsp.TextDocumentEdit)
            name, text = edited(library, change)
            after[name] = text
        assert patternlint("rename", _HUB, "town-assembly", cwd=library.top).code == 0
        after["town-assembly.md"] = after.pop(f"{_HUB}.md")
        assert after == {name: library.read(name) for name in after}
        assert len(after) > 5

    assert edit(library.top, PULL, steps) == 0


def test_a_check_of_the_library_lists_errors_in_closed_files(library: Repository) -> None:
    library.edit("small-circles.md", ("slug: small-circles", "slug: Small"))
    lines = patternlint("--output-format", "json", cwd=library.top)
    found = json.loads(lines.out)["findings"]
    errors = [(one["path"], one["rule"]) for one in found if one["level"] == "error" and one["path"] != _FILE]

    async def steps(editor: Editor) -> None:
        editor.open(_FILE)
        await editor.until(lambda: editor.refreshed > 0)
        counts = await editor.run("checkLibrary", editor.uri(_FILE))
        assert counts["error"] == sum(one["level"] == "error" for one in found)
        listed = [
            (unquote(uri.rpartition("/")[2]), one.code)
            for uri, params in editor.published.items()
            for one in params.diagnostics
        ]
        assert sorted(listed) == sorted(errors)
        assert errors
        assert editor.messages[0].startswith(f"patternlint: {counts['files']} files: ")
        assert ["begin", "end"] in [[kinds[0], kinds[-1]] for kinds in editor.progress.values()]
        editor.open("small-circles.md")
        await editor.until(lambda: not editor.published[editor.uri("small-circles.md")].diagnostics)

    assert edit(library.top, VSCODE, steps) == 0


def test_an_edit_lists_what_it_breaks_in_closed_files(library: Repository) -> None:
    async def steps(editor: Editor) -> None:
        text = editor.open(f"{_HUB}.md")
        await editor.until(lambda: editor.refreshed > 0)
        editor.type(f"{_HUB}.md", 2, text.replace(f"slug: {_HUB}", "slug: town"))
        oven = editor.uri("bread-oven-square.md")
        await editor.until(lambda: oven in editor.published)
        assert "dangling-target" in codes(editor.published[oven].diagnostics)
        editor.type(f"{_HUB}.md", 3, text)
        await editor.until(lambda: not any(params.diagnostics for params in editor.published.values()))
        assert editor.messages == []

    assert edit(library.top, VSCODE, steps) == 0


def test_commands_create_a_pattern_and_write_the_report(library: Repository) -> None:
    library.add("json.py", "raise SystemExit('imported from the library')")
    pages: list[Path] = []

    async def steps(editor: Editor) -> None:
        editor.open(_FILE)
        created = await editor.run("newPattern", editor.uri(_FILE), "Tool Library on the Corner")
        assert created == editor.uri("tool-library-on-the-corner.md")
        assert "slug: tool-library-on-the-corner" in library.read("tool-library-on-the-corner.md")
        with pytest.raises(Exception, match="already exists"):
            await editor.run("newPattern", library.top.as_uri(), "Tool Library on the Corner")
        with pytest.raises(Exception, match="missing folder or title"):
            await editor.run("newPattern")
        report = await editor.run("writeReport", editor.uri(_FILE))
        pages.append(Path(unquote(urlsplit(report).path)))
        await editor.until(lambda: len(editor.shown) == 2)
        assert editor.shown == [(created, False), (report, True)]

    assert edit(library.top, VSCODE, steps) == 0
    (page,) = pages
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    shutil.rmtree(page.parent)


def test_files_that_are_renamed_together_change_together(library: Repository) -> None:
    pair = {_HUB: "town-assembly", "small-circles": "rounds"}

    async def steps(editor: Editor) -> None:
        editor.open(f"{_HUB}.md")
        renames = [lsp.FileRename(editor.uri(f"{old}.md"), editor.uri(f"{new}.md")) for old, new in pair.items()]
        edits = await editor.client.workspace_will_rename_files_async(lsp.RenameFilesParams(renames))
        assert edits is not None
        assert edits.document_changes is not None
        for change in edits.document_changes:
            assert isinstance(change, lsp.TextDocumentEdit)
            name, text = edited(library, change)
            (library.top / name).write_text(text, encoding="utf-8")
        for old, new in pair.items():
            (library.top / f"{old}.md").rename(library.top / f"{new}.md")

    assert edit(library.top, VSCODE, steps, {"keepAlias": True}) == 0
    expected = example_library(library.top.parent / "expected")
    for old, new in pair.items():
        assert patternlint("rename", old, new, "--keep-alias", cwd=expected.top).code == 0
    texts, others = ({path.name: path.read_text() for path in one.top.glob("*.md")} for one in (library, expected))
    assert texts == others


def test_errors_in_all_files_are_listed_where_the_settings_ask_for_them(library: Repository) -> None:
    library.edit("small-circles.md", ("slug: small-circles", "slug: Small"))
    other = "small-circles.md"

    async def steps(editor: Editor) -> None:
        editor.open("bread-oven-square.md")
        await editor.until(lambda: editor.uri(other) in editor.published)
        assert "slug-filename" in codes(editor.published[editor.uri(other)].diagnostics)

    assert edit(library.top, VSCODE, steps, {"scope": "library"}) == 0
    assert edit(library.top, VSCODE, steps, {"scope": "changed"}) == 0


def test_changed_settings_count_at_once(library: Repository) -> None:
    library.edit("small-circles.md", ("slug: small-circles", "slug: Small"))
    other = (library.top / "small-circles.md").as_uri()

    async def steps(editor: Editor) -> None:
        def configure(settings: dict[str, Any]) -> None:
            editor.client.workspace_did_change_configuration(lsp.DidChangeConfigurationParams(settings))

        editor.open("bread-oven-square.md")
        await editor.pulled("bread-oven-square.md")
        configure({"patternlint": {"scope": "library"}})
        await editor.until(lambda: bool(editor.published.get(other) and editor.published[other].diagnostics))
        configure({"scope": "open"})
        await editor.until(lambda: not editor.published[other].diagnostics)
        configure({"scope": "nothing"})
        await editor.until(lambda: any("invalid settings" in message for message in editor.messages))

    assert edit(library.top, VSCODE, steps) == 0


def test_invalid_settings_and_files_outside_of_a_library_are_shown(library: Repository, tmp_path: Path) -> None:
    folder = tmp_path / "alone"
    folder.mkdir()
    (folder / _FILE).write_text(library.read(_FILE), encoding="utf-8")

    async def steps(editor: Editor) -> None:
        editor.open(_FILE)
        await editor.pulled(_FILE)
        await editor.until(lambda: len(editor.messages) == 2)
        assert "invalid settings: Invalid enum value 'all'" in editor.messages[0]
        assert "is outside of any library" in editor.messages[1]

    assert edit(folder, PULL, steps, {"scope": "all"}) == 0


def test_a_cancelled_request_and_broken_text_do_no_harm(library: Repository) -> None:
    async def steps(editor: Editor) -> None:
        text = editor.open(_FILE)
        document = editor.document(_FILE)
        pending = []
        for version, count in enumerate(range(0, len(text), 300), 2):
            editor.type(_FILE, version, text[:count])
            at = lsp.Position(text[:count].count("\n"), 0)
            request = asyncio.ensure_future(
                editor.client.text_document_completion_async(lsp.CompletionParams(document, at))
            )
            pending.append(request)
            await asyncio.sleep(0)
            if version % 2:
                ids = [*editor.client.protocol._request_futures]  # noqa: SLF001 - pygls has no other way to cancel
                editor.client.protocol.notify(lsp.CANCEL_REQUEST, lsp.CancelParams(ids[-1]))
        await asyncio.gather(*pending, return_exceptions=True)
        editor.type(_FILE, 1000, text)
        await editor.until(lambda: editor.refreshed > 0)
        assert codes(await editor.pulled(_FILE)) == ["dangling-target", "section-missing"]
        assert editor.messages == []

    assert edit(library.top, PULL, steps) == 0


def test_the_server_ends_with_its_editor(library: Repository) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "patternlint", "server"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        env=environment(PYTHONPATH=str(ROOT)),
        cwd=library.top,
    )
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(timeout=_WAIT) == 1


def test_an_own_rule_that_prints_does_not_disturb_messages(library: Repository) -> None:
    library.add("patternlint.toml", 'rules = ["own"]\n')
    rule = (ROOT / "tests/data/noisy_rule.py").read_text(encoding="utf-8")
    library.add("own/words/noisy.py", rule)

    async def steps(editor: Editor) -> None:
        editor.open(_FILE)
        assert "noisy" in [one.code for one in await editor.pulled(_FILE)]

    assert edit(library.top, PULL, steps) == 0


def test_an_own_rule_that_never_ends_is_stopped(library: Repository) -> None:
    library.add("patternlint.toml", 'rules = ["own"]\n[limits]\nrule-time = 0.05\n')
    rule = (ROOT / "tests/data/noisy_rule.py").read_text(encoding="utf-8")
    library.add(
        "own/words/noisy.py",
        rule.replace('        os.write(1, b"printed")\n', "        while True:\n            pass\n"),
    )

    async def steps(editor: Editor) -> None:
        text = editor.open(_FILE)
        assert "slow-rule" in codes(await editor.pulled(_FILE))
        editor.type(_FILE, 2, text.replace("neighbourhood-assemblage", _HUB))
        assert "dangling-target" not in codes(await editor.pulled(_FILE))

    assert edit(library.top, PULL, steps) == 0


def test_two_servers_share_a_library_in_which_a_file_is_deleted(library: Repository) -> None:
    async def check(editor: Editor) -> None:
        editor.open("bread-oven-square.md")
        await editor.until(lambda: editor.refreshed > 0)
        assert "dangling-target" in codes(await editor.pulled("bread-oven-square.md"))

    async def steps(editor: Editor) -> None:
        editor.open("bread-oven-square.md")
        await editor.until(lambda: editor.refreshed > 0)
        text = editor.open(f"{_HUB}.md")
        assert "dangling-target" not in codes(await editor.pulled("bread-oven-square.md"))
        library.delete(f"{_HUB}.md")
        assert await asyncio.to_thread(edit, library.top, PULL, check) == 0
        editor.type(f"{_HUB}.md", 2, f"{text}\nMore text.\n")
        await editor.pulled(f"{_HUB}.md")
        assert "dangling-target" not in codes(await editor.pulled("bread-oven-square.md"))  # the unsaved text counts
        editor.client.text_document_did_close(lsp.DidCloseTextDocumentParams(editor.document(f"{_HUB}.md")))
        assert "dangling-target" in codes(await editor.pulled("bread-oven-square.md"))
        assert not editor.messages

    assert edit(library.top, PULL, steps) == 0
