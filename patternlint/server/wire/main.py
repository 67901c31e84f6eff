"""Run the server: one thread reads and writes messages, the main thread works."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from importlib import import_module
from threading import Thread
from typing import TYPE_CHECKING, Any, BinaryIO

from lsprotocol import types as lsp
from pygls.capabilities import get_capability
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

from patternlint import __version__
from patternlint.errors import UserError
from patternlint.server.wire.commands import Commands
from patternlint.server.wire.progress import progress_in
from patternlint.server.worker import Worker

if TYPE_CHECKING:
    from patternlint.server.wire.features import Features
    from patternlint.server.workspace import Document, Settings

_REQUEST_FAILED = -32803  # as the protocol defines it

_FIX_ALL = "source.fixAll.patternlint"
_LAYOUT = "refactor.rewrite.patternlint"

_REQUESTS: tuple[tuple[str, str, Any], ...] = (
    (
        lsp.TEXT_DOCUMENT_COMPLETION,
        "completion",
        lsp.CompletionOptions(trigger_characters=[" ", ":", '"', "-", "["], resolve_provider=True),
    ),
    (lsp.COMPLETION_ITEM_RESOLVE, "completion_resolve", None),
    (lsp.TEXT_DOCUMENT_HOVER, "hover", None),
    (lsp.TEXT_DOCUMENT_DEFINITION, "definition", None),
    (lsp.TEXT_DOCUMENT_REFERENCES, "references", None),
    (lsp.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT, "document_highlight", None),
    (lsp.TEXT_DOCUMENT_DOCUMENT_LINK, "document_link", lsp.DocumentLinkOptions(resolve_provider=False)),
    (lsp.WORKSPACE_SYMBOL, "workspace_symbol", None),
    (lsp.TEXT_DOCUMENT_PREPARE_CALL_HIERARCHY, "prepare_call_hierarchy", None),
    (lsp.CALL_HIERARCHY_INCOMING_CALLS, "incoming_calls", None),
    (lsp.CALL_HIERARCHY_OUTGOING_CALLS, "outgoing_calls", None),
    (
        lsp.TEXT_DOCUMENT_CODE_ACTION,
        "code_action",
        lsp.CodeActionOptions(
            code_action_kinds=[lsp.CodeActionKind.QuickFix, _FIX_ALL, _LAYOUT], resolve_provider=True
        ),
    ),
    (lsp.CODE_ACTION_RESOLVE, "code_action_resolve", None),
    (lsp.TEXT_DOCUMENT_FORMATTING, "formatting", None),
    (lsp.TEXT_DOCUMENT_PREPARE_RENAME, "prepare_rename", None),
    (lsp.TEXT_DOCUMENT_RENAME, "rename", lsp.RenameOptions(prepare_provider=True)),
    (
        lsp.WORKSPACE_WILL_RENAME_FILES,
        "will_rename_files",
        lsp.FileOperationRegistrationOptions(
            [lsp.FileOperationFilter(lsp.FileOperationPattern("**/*.md"), scheme="file")]
        ),
    ),
    (lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL, "document_symbol", None),
    (lsp.TEXT_DOCUMENT_FOLDING_RANGE, "folding_range", None),
    (lsp.TEXT_DOCUMENT_SELECTION_RANGE, "selection_range", None),
    (lsp.TEXT_DOCUMENT_INLAY_HINT, "inlay_hint", None),
    (lsp.TEXT_DOCUMENT_CODE_LENS, "code_lens", None),
    (
        lsp.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL,
        "semantic_tokens",
        lsp.SemanticTokensLegend(["class", "string"], ["deprecated"]),  # names that are known, and not
    ),
)
"""The requests, the method of `Features` that answers each, and its options."""

_PAUSE = 0.08  # seconds from one report to the next while somebody types

_WATCHED = ("**/*.md", "**/*.mdx", "**/*.toml", "**/*.json", "**/*.py")


class Server:
    """The server. Its methods run in the thread of the event loop, unless they say otherwise.

    Args:
        worker: owns the libraries.
    """

    def __init__(self, worker: Worker) -> None:
        full = lsp.TextDocumentSyncKind.Full  # pygls splits lines at more characters than the protocol
        self.editor = LanguageServer("patternlint", __version__, text_document_sync_kind=full)
        self.worker = worker
        self.is_shut_down = False
        self.features: Features | None = None
        self.loop: asyncio.AbstractEventLoop | None = None
        self._pulls = False
        self._sent: Any = None
        self._shows_closed = False
        self._can_refresh = False
        self._refreshes: list[Callable[[], Any]] = []
        self._dirty: dict[str, Document] = {}
        self._is_outdated = False  # a file that the editor does not ask about by itself
        for method, name, options in _REQUESTS:
            self.editor.feature(method, options)(self._request(name))
        for method, change in (
            (lsp.INITIALIZE, self._initialize),
            (lsp.INITIALIZED, self._initialized),
            (lsp.SHUTDOWN, self._shut_down),
            (lsp.TEXT_DOCUMENT_DID_OPEN, self._did_open),
            (lsp.TEXT_DOCUMENT_DID_CHANGE, self._did_change),
            (lsp.TEXT_DOCUMENT_DID_CLOSE, self._did_close),
            (lsp.TEXT_DOCUMENT_DID_SAVE, self._did_save),
            (lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES, self._did_change_watched_files),
            (lsp.WORKSPACE_DID_CHANGE_CONFIGURATION, self._did_change_configuration),
        ):
            self.editor.feature(method)(_function(change))
        Commands(self.editor, self._ask_features).register()

    # --- the thread of the event loop ---------------------------------------------------------------------------------

    def _request(self, name: str) -> Callable[[Any], Any]:
        async def answer(params: Any) -> Any:
            return await self._ask(lambda: getattr(self.features, name)(params))

        return answer

    async def _ask_features(self, question: Callable[[Features], Any]) -> Any:
        """Return the answer of the worker to a question, once the client is initialized."""
        return await self._ask(lambda: question(self.features) if self.features is not None else None)

    async def _ask(self, job: Callable[[], Any]) -> Any:
        """Return the result of a job of the worker. A request that the editor cancels in time never begins."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()

        def resolve(result: Any, error: BaseException | None) -> None:
            if not future.done():
                if error is None:
                    future.set_result(result)
                else:
                    future.set_exception(error)

        def run() -> None:
            if future.cancelled():
                return
            result: Any = None
            error: Exception | None = None
            try:
                result = job()
            except UserError as problem:
                error = JsonRpcException(str(problem), code=_REQUEST_FAILED)
            except Exception as problem:  # noqa: BLE001 - the editor gets it as the answer
                error = problem
            loop.call_soon_threadsafe(resolve, result, error)

        self.worker.post(run)
        return await future

    def _initialize(self, params: lsp.InitializeParams) -> None:
        self.loop = asyncio.get_running_loop()
        capabilities = params.capabilities
        self._pulls = get_capability(capabilities, "text_document.diagnostic") is not None
        is_notified = get_capability(capabilities, "text_document.publish_diagnostics") is not None
        self._shows_closed = is_notified or not self._pulls
        self._can_refresh = bool(get_capability(capabilities, "workspace.diagnostics.refresh_support", default=False))
        for name, refresh in (
            ("code_lens", lambda: self.editor.workspace_code_lens_refresh(None)),
            ("inlay_hint", lambda: self.editor.workspace_inlay_hint_refresh(None)),
            ("semantic_tokens", lambda: self.editor.workspace_semantic_tokens_refresh(None)),
        ):
            if get_capability(capabilities, f"workspace.{name}.refresh_support", default=False):
                self._refreshes.append(refresh)
        resolved = get_capability(capabilities, "text_document.code_action.resolve_support.properties") or []
        operations = get_capability(capabilities, "workspace.workspace_edit.resource_operations") or []
        has_versions = bool(get_capability(capabilities, "workspace.workspace_edit.document_changes", default=False))
        if self._pulls:
            options = lsp.DiagnosticOptions(inter_file_dependencies=True, workspace_diagnostics=False)
            self.editor.feature(lsp.TEXT_DOCUMENT_DIAGNOSTIC, options)(self._request("document_diagnostic"))
        folders = [folder.uri for folder in params.workspace_folders or ()] or [params.root_uri or ""]
        kind = self.editor.protocol.workspace.position_encoding
        encoding = str(getattr(kind, "value", kind))
        self._sent = params.initialization_options
        self.worker.post(
            lambda: self._start(
                encoding,
                folders,
                has_versions=has_versions,
                resolves_edits="edit" in resolved,
                renames="rename" in operations,
            )
        )

    def _initialized(self, params: lsp.InitializedParams) -> None:  # noqa: ARG002 - pygls passes it
        capabilities = self.editor.client_capabilities
        if get_capability(capabilities, "workspace.did_change_watched_files.dynamic_registration", default=False):
            watchers = [lsp.FileSystemWatcher(glob) for glob in _WATCHED]
            options = lsp.DidChangeWatchedFilesRegistrationOptions(watchers)
            registration = lsp.Registration("watch", lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
            self.editor.client_register_capability(lsp.RegistrationParams([registration]))

    def _shut_down(self, params: None) -> None:  # noqa: ARG002 - pygls passes it
        self.is_shut_down = True

    def _did_open(self, params: lsp.DidOpenTextDocumentParams) -> None:
        document = params.text_document
        uri, version, text = document.uri, document.version, document.text
        self._post(lambda features: features.workspace.open(uri, version, text), uri)

    def _did_change(self, params: lsp.DidChangeTextDocumentParams) -> None:
        document, text = params.text_document, params.content_changes[-1].text
        uri, version = document.uri, document.version
        self.worker.post(
            self._job(lambda features: features.workspace.change(uri, version, text), uri), f"text of {uri}"
        )

    def _did_close(self, params: lsp.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        self._post(lambda features: features.workspace.close(uri))
        if not self._pulls:
            self.worker.post(lambda: self._clear(uri))

    def _did_save(self, params: lsp.DidSaveTextDocumentParams) -> None:
        uri = params.text_document.uri
        self._post(lambda features: features.workspace.changed_on_disk([uri]))

    def _did_change_watched_files(self, params: lsp.DidChangeWatchedFilesParams) -> None:
        uris = [change.uri for change in params.changes]
        self._post(lambda features: features.workspace.changed_on_disk(uris))

    def _did_change_configuration(self, params: lsp.DidChangeConfigurationParams) -> None:
        """Use the settings that the editor sends, by themselves or under `patternlint`; an empty message asks nothing of the server."""
        sent: Any = params.settings
        if isinstance(sent, dict) and sent:
            settings = sent.get("patternlint", sent)
            self._post(
                lambda features: features.workspace.use(self._settings(type(features.workspace.settings), settings))
            )

    # --- the thread of the worker -------------------------------------------------------------------------------------

    def _start(
        self,
        encoding: Any,
        folders: Iterable[str],
        *,
        has_versions: bool,
        resolves_edits: bool,
        renames: bool,
    ) -> None:
        modules = [
            import_module(f"patternlint.server.{name}") for name in ("workspace", "wire.features", "wire.convert")
        ]
        workspace, features, convert = modules
        workspace.working_folder(folders)
        later = self._later if self._can_refresh or not self._pulls else None  # else nobody asks for the rest
        client = convert.Client(has_versions=has_versions or renames, resolves_edits=resolves_edits, renames=renames)
        progress = progress_in(self.editor, self._call)
        settings = self._settings(workspace.Settings, self._sent)
        opened = workspace.Workspace(encoding, self._report, progress, later, settings)
        opened.hint = partial(self._report, is_error=False)
        self.features = features.Features(opened, client)

    def _settings(self, settings_type: type[Settings], sent: Any) -> Settings:
        from msgspec import ValidationError, convert  # noqa: PLC0415 - `initialize` is answered before it is imported

        try:
            return convert(sent or {}, settings_type)
        except ValidationError as error:
            self._report(f"invalid settings: {error}")
            return settings_type()

    def _later(self, change: Callable[[], Sequence[Document]]) -> None:
        """Make a change that takes seconds, once the editor has no other requests."""
        self.worker.add_long(self._job(lambda _: change()))

    def _post(self, change: Callable[[Features], Iterable[Document]], own: str = "") -> None:
        """Make a change in the thread of the worker."""
        self.worker.post(self._job(change, own))

    def _job(self, change: Callable[[Features], Iterable[Document]], own: str = "") -> Callable[[], None]:
        """Return a job that makes a change, which returns the files whose findings may differ.

        Args:
            change: the change.
            own: the URI of the changed file; an editor asks for its findings by itself.
        """

        def job() -> None:
            if self.features is None:
                return
            try:
                found = {document.uri: document for document in change(self.features)}
            except Exception as error:  # noqa: BLE001 - the next change may succeed
                self._report(f"internal error: {type(error).__name__}: {error}")
                return
            self._dirty.update(found)
            self._is_outdated |= any(uri != own for uri in found)
            self.worker.later(self._publish, _PAUSE)

        return job

    def _publish(self) -> None:
        """Send the findings of the files whose findings may have changed, or tell the editor to ask for them.

        The edited file comes first: to find out whom an edit concerns takes longer.
        """
        features, dirty = self.features, dict(self._dirty)
        self._dirty.clear()
        if features is None:
            return
        self._publish_open(features, dirty)
        affected = {document.uri: document for document in features.workspace.take_affected()}
        self._publish_open(features, affected)
        is_outdated, self._is_outdated = self._is_outdated or bool(affected), False
        for refresh in self._refreshes if is_outdated else ():
            self._call(refresh)
        if self._pulls and self._can_refresh and is_outdated:
            self._call(lambda: self.editor.workspace_diagnostic_refresh(None))
        if self._shows_closed:
            self.worker.later(self._publish_closed)

    def _publish_open(self, features: Features, uris: Iterable[str]) -> None:
        """Send the findings of open files, unless the editor asks for them."""
        documents = features.workspace.documents
        for document in filter(None, map(documents.get, uris if not self._pulls else ())):
            found = features.diagnostics(document)
            self._send(lsp.PublishDiagnosticsParams(document.uri, found, version=document.version))

    def _publish_closed(self) -> None:
        """Send the findings of a few closed files, and continue later while there are more."""
        if self.features is None:
            return
        for uri in self.features.workspace.take_cleared() if self._pulls else ():
            self._clear(uri)
        for params in self.features.closed_diagnostics():
            self._send(params)
        if any(library.closed.is_waiting for library in self.features.workspace.libraries):
            self.worker.later(self._publish_closed)

    def _clear(self, uri: str) -> None:
        self._send(lsp.PublishDiagnosticsParams(uri, []))

    def _send(self, params: lsp.PublishDiagnosticsParams) -> None:
        self._call(lambda: self.editor.text_document_publish_diagnostics(params))

    def _report(self, message: str, *, is_error: bool = True) -> None:
        kind = lsp.MessageType.Error if is_error else lsp.MessageType.Info
        params = lsp.ShowMessageParams(kind, f"patternlint: {message}")
        self._call(lambda: self.editor.window_show_message(params))

    def _call(self, message: Callable[[], Any]) -> None:
        """Run a function in the thread of the event loop."""
        if self.loop is not None and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(message)


def _function(method: Callable[[Any], None]) -> Callable[[Any], None]:
    """Return a method as a function: pygls sets attributes on handlers, which methods cannot have."""

    def handle(params: Any) -> None:
        method(params)

    return handle


def serve(stdin: BinaryIO, stdout: BinaryIO) -> int:
    """Serve an editor until it says goodbye or goes away, and return the exit code: 0 after a shutdown."""
    worker = Worker()
    server = Server(worker)

    def read() -> None:
        try:
            server.editor.start_io(stdin, stdout)
        finally:
            worker.stop()

    Thread(target=read, daemon=True, name="messages").start()
    worker.run()
    sys.stderr.flush()
    return 0 if server.is_shut_down else 1


def serve_on_standard_streams() -> int:
    """Serve on standard input and output, which nothing else uses then: what own rules print goes to standard error.

    Processes that analyze files close their standard input, which would wait forever for the thread that reads it.
    """
    messages_in, messages_out = os.dup(sys.stdin.fileno()), os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115 - for the rest of the process
    os.dup2(sys.stdin.fileno(), 0)
    return serve(os.fdopen(messages_in, "rb"), os.fdopen(messages_out, "wb"))
