"""The requests of an editor. Each function runs in the thread of the worker."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

from lsprotocol import types as lsp
from msgspec import Struct

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.diagnostics.fix import Replacement
from patternlint.diagnostics.severity import Severity
from patternlint.document.identifiers import is_slug
from patternlint.editor import actions as editor_actions
from patternlint.editor import completion as editor_completion
from patternlint.editor import hints as editor_hints
from patternlint.editor import hover as editor_hover
from patternlint.editor import outline as editor_outline
from patternlint.editor import references as editor_references
from patternlint.editor import rename as editor_rename
from patternlint.editor import tokens as editor_tokens
from patternlint.editor.references import Location
from patternlint.editor.view import View
from patternlint.errors import UserError
from patternlint.fixer.references import RenameError
from patternlint.fixer.rename import Renaming
from patternlint.library.card import Card
from patternlint.library.entry import Entry
from patternlint.server.libraries import LibraryKey, OpenLibrary
from patternlint.server.positions import Positions
from patternlint.server.uris import path_of, uri_of
from patternlint.server.wire import convert
from patternlint.server.wire.convert import Client
from patternlint.server.workspace import Document, Files, Workspace
from patternlint.source import Span

FIX_ALL = f"{lsp.CodeActionKind.SourceFixAll.value}.patternlint"
_DEPRECATED = "deprecated"  # the status of a pattern that another one has replaced
LAYOUT = f"{lsp.CodeActionKind.RefactorRewrite.value}.patternlint"


class Checked(Struct, frozen=True):
    """The result of a check of some files.

    Attributes:
        counts: the number of findings by level, and of the errors that the editor lists.
        listed: what it shows about closed files.
    """

    counts: Mapping[str, int]
    listed: Sequence[lsp.PublishDiagnosticsParams]


class _AtPlace(Protocol):
    """The parameters of a request about a place."""

    text_document: lsp.TextDocumentIdentifier
    position: lsp.Position


class Features:
    """Answers requests about open files.

    Args:
        workspace: the open files.
        client: what the editor can do.
    """

    def __init__(self, workspace: Workspace, client: Client) -> None:
        self.workspace = workspace
        self.client = client

    def _at(
        self, params: _AtPlace, *, whole: bool = False
    ) -> tuple[Document, OpenLibrary, View, Positions, int] | None:
        """Return the file and the offset of a request; with its whole library, if that is needed."""
        if whole:
            self.workspace.require_libraries([params.text_document.uri])
        document = self.workspace.documents.get(params.text_document.uri)
        if document is None:
            return None
        positions = self.workspace.positions(document)
        offset = positions.offset(convert.from_position(params.position))
        return document, self.workspace.library(document), self.workspace.view(document), positions, offset

    def _in(self, uri: str) -> tuple[Document, OpenLibrary, View, Positions] | None:
        document = self.workspace.documents.get(uri)
        if document is None:
            return None
        library = self.workspace.library(document)
        return document, library, self.workspace.view(document), self.workspace.positions(document)

    # --- findings -----------------------------------------------------------------------------------------------------

    def diagnostics(self, document: Document) -> list[lsp.Diagnostic]:
        """Return the findings about an open file."""
        return self._converted(document, self.workspace.diagnostics(document))

    def _converted(self, document: Document, findings: Sequence[Diagnostic]) -> list[lsp.Diagnostic]:
        return convert.diagnostics(self.workspace, self.workspace.library(document), document.path, findings)

    def closed_diagnostics(self) -> list[lsp.PublishDiagnosticsParams]:
        """Return the findings about a few closed files that edits of other files concern."""
        return [
            self._published(library, path, findings)
            for library in self.workspace.libraries
            for path, findings in library.closed.next().items()
        ]

    def start_check(self, uri: str) -> list[tuple[OpenLibrary, list[str]]]:
        """Return the files of the library of an open file, or of all libraries; their errors are shown from now on."""
        self.workspace.require_libraries(self.workspace.documents)
        document = self.workspace.documents.get(uri)
        libraries = [self.workspace.library(document)] if document is not None else self.workspace.libraries
        return [(library, library.closed.list_all()) for library in libraries]

    def check(self, library: OpenLibrary, paths: Sequence[str]) -> Checked:
        """Return the number of findings about some files of a library, and what an editor shows about closed ones."""
        counts: Counter[str] = Counter()
        opened = {document.path for document in self.workspace.documents.values()}
        for path, findings in library.session.diagnostics(paths).items():
            new = library.new(path, findings)
            counts.update(finding.severity.label for finding in new)
            counts["listed"] += sum(finding.severity is Severity.ERROR for finding in new if path in opened)
        shown = library.closed.findings([path for path in paths if path not in opened])
        counts["listed"] += sum(map(len, shown.values()))
        return Checked(counts, [self._published(library, path, some) for path, some in shown.items()])

    def library_folder(self, uri: str) -> str:
        """Return the folder of the library of an open file, or of the first one.

        Raises:
            UserError: when no library is open.
        """
        document = self.workspace.documents.get(uri)
        opened = [document] if document is not None else list(self.workspace.documents.values())
        folders = [one.key.folder for one in opened if one.key.folder is not None]
        if not folders:
            message = "open a file of a library first"
            raise UserError(message)
        return str(folders[0])

    def _published(
        self, library: OpenLibrary, path: str, findings: Sequence[Diagnostic]
    ) -> lsp.PublishDiagnosticsParams:
        shown = convert.diagnostics(self.workspace, library, path, findings) if findings else []
        return lsp.PublishDiagnosticsParams(self.workspace.uri(library, path), shown)

    def document_diagnostic(self, params: lsp.DocumentDiagnosticParams) -> lsp.DocumentDiagnosticReport:
        """Return the findings about a file that the editor asks for."""
        document = self.workspace.documents.get(params.text_document.uri)
        return lsp.RelatedFullDocumentDiagnosticReport(self.diagnostics(document) if document is not None else [])

    # --- completion and hover -----------------------------------------------------------------------------------------

    def completion(self, params: lsp.CompletionParams) -> lsp.CompletionList | None:
        """Return what can be written at a place."""
        found = self._at(params)
        if found is None:
            return None
        document, library, view, positions, offset = found
        items = editor_completion.complete(view, offset, lambda: library.names, self.workspace.rule_names(document))
        return convert.completion(items, positions, offset, view.text)

    def completion_resolve(self, item: lsp.CompletionItem) -> lsp.CompletionItem:
        """Return an item with the details of its pattern."""
        slug = item.data.get("pattern") if isinstance(item.data, dict) else None
        for library in self.workspace.libraries if isinstance(slug, str) else ():
            known = library.session.library()
            entry = known.resolve(str(slug))
            if entry is not None:
                text = editor_hover.describe(known, entry, _about(library)(entry))
                item.documentation = lsp.MarkupContent(lsp.MarkupKind.Markdown, text)
        return item

    def hover(self, params: lsp.HoverParams) -> lsp.Hover | None:
        """Return the text to show at a place: the pattern, the key, and the reasons for findings."""
        found = self._at(params)
        if found is None:
            return None
        document, library, view, positions, offset = found
        shown = editor_hover.hover(view, offset, _about(library))
        reasons = self.workspace.reasons(document)
        here = [one for one in self.workspace.diagnostics(document) if one.span.start <= offset < one.span.end]
        why = editor_hover.why((one.rule, reasons[one.rule]) for one in here if one.rule in reasons)
        text = "\n\n---\n\n".join(filter(None, (shown.text if shown is not None else "", why)))
        if not text:
            return None
        span = shown.span if shown is not None else here[0].span
        markdown = lsp.MarkupContent(lsp.MarkupKind.Markdown, text)
        return lsp.Hover(markdown, convert.range_(positions.range(span)))

    # --- references ---------------------------------------------------------------------------------------------------

    def definition(self, params: lsp.DefinitionParams) -> lsp.Location | None:
        """Return where the pattern at a place is defined."""
        found = self._at(params, whole=True)
        if found is None:
            return None
        _, library, view, _, offset = found
        place = editor_references.definition(view, offset)
        return convert.location(self.workspace, library, place) if place is not None else None

    def references(self, params: lsp.ReferenceParams) -> list[lsp.Location] | None:
        """Return all places that name the pattern at a place."""
        found = self._at(params, whole=True)
        if found is None:
            return None
        _, library, view, _, offset = found
        entry = editor_references.target_at(view, offset)
        if entry is None:
            return None
        places = list(editor_references.references(view.library, entry))
        if params.context.include_declaration:
            places.insert(0, editor_references.location_of(entry))
        return convert.locations(self.workspace, library, places)

    def document_highlight(self, params: lsp.DocumentHighlightParams) -> list[lsp.DocumentHighlight] | None:
        """Return the places in the same file that name the pattern at a place."""
        found = self._at(params)
        if found is None:
            return None
        _, _, view, positions, offset = found
        spans = editor_references.highlights(view, offset)
        return [lsp.DocumentHighlight(convert.range_(positions.range(span))) for span in spans]

    def document_link(self, params: lsp.DocumentLinkParams) -> list[lsp.DocumentLink] | None:
        """Return the names of patterns as links to their files."""
        found = self._in(params.text_document.uri)
        if found is None:
            return None
        _, library, view, positions = found
        return [
            lsp.DocumentLink(
                convert.range_(positions.range(named.span)),
                target=self.workspace.uri(library, entry.path),
                tooltip=entry.title or None,
            )
            for named, entry in editor_references.links(view)
        ]

    def workspace_symbol(self, params: lsp.WorkspaceSymbolParams) -> list[lsp.WorkspaceSymbol]:
        """Return the patterns that a search finds."""
        return [
            lsp.WorkspaceSymbol(
                name=symbol.title or symbol.slug,
                kind=lsp.SymbolKind.File,
                container_name=symbol.slug,
                location=convert.location(self.workspace, library, symbol.location),
            )
            for library in self.workspace.libraries
            for symbol in editor_references.search(library.session.library(), library.names, params.query)
        ]

    def prepare_call_hierarchy(self, params: lsp.CallHierarchyPrepareParams) -> list[lsp.CallHierarchyItem] | None:
        """Return the pattern at a place, else that of the file, to follow its links."""
        found = self._at(params, whole=True)
        if found is None:
            return None
        _, library, view, _, offset = found
        entry = editor_references.target_at(view, offset) or view.entry
        return [self._call_item(library, entry)] if entry is not None else None

    def incoming_calls(
        self, params: lsp.CallHierarchyIncomingCallsParams
    ) -> list[lsp.CallHierarchyIncomingCall] | None:
        """Return the patterns that link to one."""
        place = self._called(params.item)
        if place is None:
            return None
        library, entry = place
        return [
            lsp.CallHierarchyIncomingCall(
                self._call_item(library, call.entry, ", ".join(call.relations)),
                [self._region(library, call.entry.path, region) for region in call.regions],
            )
            for call in editor_references.incoming(library.session.library(), entry)
        ]

    def outgoing_calls(
        self, params: lsp.CallHierarchyOutgoingCallsParams
    ) -> list[lsp.CallHierarchyOutgoingCall] | None:
        """Return the patterns that one links to."""
        place = self._called(params.item)
        if place is None:
            return None
        library, entry = place
        return [
            lsp.CallHierarchyOutgoingCall(
                self._call_item(library, call.entry, ", ".join(call.relations)),
                [self._region(library, entry.path, region) for region in call.regions],
            )
            for call in editor_references.outgoing(library.session.library(), entry)
        ]

    def _called(self, item: lsp.CallHierarchyItem) -> tuple[OpenLibrary, Entry] | None:
        path = path_of(item.uri)
        place = self.workspace.at_path(path) if path is not None else None
        entry = place[0].session.library().entry(place[1]) if place is not None else None
        return (place[0], entry) if place is not None and entry is not None else None

    def _region(self, library: OpenLibrary, path: str, region: Any) -> lsp.Range:
        return convert.location(self.workspace, library, Location(path, region)).range

    def _call_item(self, library: OpenLibrary, entry: Entry, detail: str = "") -> lsp.CallHierarchyItem:
        place = convert.location(self.workspace, library, editor_references.location_of(entry))
        return lsp.CallHierarchyItem(
            entry.title or entry.name, lsp.SymbolKind.File, place.uri, place.range, place.range, detail=detail or None
        )

    # --- actions ------------------------------------------------------------------------------------------------------

    def code_action(self, params: lsp.CodeActionParams) -> list[lsp.CodeAction] | None:
        """Return what can be done about the findings in a range, and about the whole file if that is asked for."""
        if not self.client.resolves_edits:
            self.workspace.require_libraries([params.text_document.uri])
        found = self._in(params.text_document.uri)
        if found is None:
            return None
        document, library, view, positions = found
        only = [str(getattr(kind, "value", kind)) for kind in params.context.only or ()]

        def is_requested(kind: str) -> bool:
            return any(kind == one or kind.startswith(f"{one}.") for one in only)

        offered: list[lsp.CodeAction] = []
        if not only or is_requested(lsp.CodeActionKind.QuickFix.value):
            span = Span(
                positions.offset(convert.from_position(params.range.start)),
                positions.offset(convert.from_position(params.range.end)),
            )
            here = [
                one
                for one in self.workspace.diagnostics(document)
                if one.span.start <= span.end and one.span.end >= span.start
            ]
            offered += self._quick_fixes(document, library, view, here)
        if is_requested(FIX_ALL):
            edit = self._whole_file(document, library, layout_only=False)
            offered += [lsp.CodeAction("Apply all safe fixes", kind=FIX_ALL, edit=edit)] if edit is not None else []
        if is_requested(LAYOUT):
            edit = self._whole_file(document, library, layout_only=True)
            offered += [lsp.CodeAction("Correct the layout", kind=LAYOUT, edit=edit)] if edit is not None else []
        return offered

    def _quick_fixes(
        self, document: Document, library: OpenLibrary, view: View, findings: Sequence[Diagnostic]
    ) -> list[lsp.CodeAction]:
        files = Files(library.session)
        shown = dict(zip(findings, self._converted(document, findings), strict=True))
        offered: list[lsp.CodeAction] = []
        for one in editor_actions.actions(view, findings, files, lambda: library.names):
            edit = None
            if not self.client.resolves_edits:
                edits = one.edits()
                if edits is None:
                    continue
                edit = convert.workspace_edit(self.workspace, self.client, library, edits)
            offered.append(convert.action(one, document, shown.get(one.finding), edit))
        return offered

    def code_action_resolve(self, action: lsp.CodeAction) -> lsp.CodeAction:
        """Return an action with its edit; it stays without one when the fix would damage a file."""
        data = action.data if isinstance(action.data, dict) else {}
        self.workspace.require_libraries([str(data.get("uri"))])
        found = self._in(str(data.get("uri")))
        if found is None:
            return action
        document, library, view, _ = found
        findings = [
            one
            for one in self.workspace.diagnostics(document)
            if one.rule == data.get("rule") and one.span.start == data.get("start")
        ]
        for one in editor_actions.actions(view, findings, Files(library.session), lambda: library.names):
            edits = one.edits() if one.title == data.get("title") else None
            if edits is not None:
                action.edit = convert.workspace_edit(self.workspace, self.client, library, edits)
                break
        return action

    def _whole_file(self, document: Document, library: OpenLibrary, *, layout_only: bool) -> lsp.WorkspaceEdit | None:
        edits = list(self._fixes(document, layout_only=layout_only))
        if not edits:
            return None
        return convert.workspace_edit(self.workspace, self.client, library, {document.path: edits})

    def _fixes(self, document: Document, *, layout_only: bool) -> Sequence[Replacement]:
        return line_edits(self.workspace.text(document), self.workspace.fixed(document, layout_only=layout_only))

    def formatting(self, params: lsp.DocumentFormattingParams) -> list[lsp.TextEdit] | None:
        """Return the edits that correct the layout of a file."""
        found = self._in(params.text_document.uri)
        if found is None:
            return None
        document, _, _, positions = found
        edits = convert.text_edits(self._fixes(document, layout_only=True), positions)
        return [edit for edit in edits if isinstance(edit, lsp.TextEdit)]

    # --- rename -------------------------------------------------------------------------------------------------------

    def prepare_rename(self, params: lsp.PrepareRenameParams) -> lsp.PrepareRenamePlaceholder | None:
        """Return the slug at a place that can be renamed."""
        found = self._at(params, whole=True)
        named = editor_rename.renamable_at(found[2], found[4]) if found is not None else None
        if found is None or named is None:
            return None
        return lsp.PrepareRenamePlaceholder(convert.range_(found[3].range(named[0].span)), named[0].name)

    def rename(self, params: lsp.RenameParams) -> lsp.WorkspaceEdit | None:
        """Return the edits that give the pattern at a place another slug, and its file another name.

        Raises:
            RenameError: when the new slug cannot be used, or a file cannot be changed.
        """
        found = self._at(params, whole=True)
        named = editor_rename.renamable_at(found[2], found[4]) if found is not None else None
        if found is None or named is None:
            message = "only the slug of a pattern can be renamed"
            raise RenameError(message)
        library, entry = found[1], named[1]
        edits, renaming = self._rename_edits(library, entry, params.new_name)
        renames: Mapping[str, str] = {}
        if renaming.moves:
            new_file = renaming.new_file
            if os.path.lexists(new_file):
                message = f"{new_file} already exists"
                raise RenameError(message)
            renames = {self.workspace.uri(library, entry.path): uri_of(str(new_file))}
        return convert.workspace_edit(self.workspace, self.client, library, edits, renames)

    def will_rename_files(self, params: lsp.RenameFilesParams) -> lsp.WorkspaceEdit | None:
        """Return the edits that follow when files are renamed whose names are their slugs.

        Raises:
            RenameError: when a new slug cannot be used, or two of the renames change the same place.
        """
        self.workspace.require_libraries(self.workspace.documents)
        planned: dict[LibraryKey, tuple[OpenLibrary, defaultdict[str, list[Replacement]]]] = {}
        for file in params.files:
            old, new = path_of(file.old_uri), path_of(file.new_uri)
            place = self.workspace.at_path(old) if old is not None else None
            if old is None or new is None or place is None:
                continue
            library, path = place
            entry = library.session.library().entry(path)
            slug = Path(new).stem
            if entry is None or entry.slug != Path(old).stem or slug == entry.slug or not is_slug(slug):
                continue
            _, edits = planned.setdefault(library.key, (library, defaultdict(list)))
            for changed, some in self._rename_edits(library, entry, slug)[0].items():
                edits[changed] += some
        if not planned:
            return None
        whole = lsp.WorkspaceEdit()
        for library, by_path in planned.values():
            ordered = {path: _disjoint(path, some) for path, some in by_path.items()}
            edit = convert.workspace_edit(self.workspace, self.client, library, ordered)
            whole.changes = {**(whole.changes or {}), **edit.changes} if edit.changes else whole.changes
            if edit.document_changes:
                whole.document_changes = [*(whole.document_changes or ()), *edit.document_changes]
        return whole

    def _rename_edits(
        self, library: OpenLibrary, entry: Entry, slug: str
    ) -> tuple[Mapping[str, Sequence[Replacement]], Renaming]:
        files = Files(library.session).all()
        return editor_rename.rename_edits(files, entry, slug, keep_alias=self.workspace.settings.keep_alias)

    # --- the text -----------------------------------------------------------------------------------------------------

    def document_symbol(self, params: lsp.DocumentSymbolParams) -> list[lsp.DocumentSymbol] | None:
        """Return the structure of a file."""
        found = self._in(params.text_document.uri)
        return convert.symbols(editor_outline.outline(found[2]), found[3]) if found is not None else None

    def folding_range(self, params: lsp.FoldingRangeParams) -> list[lsp.FoldingRange] | None:
        """Return the parts of a file that can be folded."""
        found = self._in(params.text_document.uri)
        if found is None:
            return None
        return [lsp.FoldingRange(start, end) for start, end in editor_outline.folds(found[2])]

    def selection_range(self, params: lsp.SelectionRangeParams) -> list[lsp.SelectionRange] | None:
        """Return the ranges around places, from the innermost to the whole file."""
        found = self._in(params.text_document.uri)
        if found is None:
            return None
        _, _, view, positions = found
        ranges: list[lsp.SelectionRange] = []
        for one in params.positions:
            around: lsp.SelectionRange | None = None
            for span in reversed(editor_outline.selection(view, positions.offset(convert.from_position(one)))):
                around = lsp.SelectionRange(convert.range_(positions.range(span)), around)
            if around is not None:
                ranges.append(around)
        return ranges

    def inlay_hint(self, params: lsp.InlayHintParams) -> list[lsp.InlayHint] | None:
        """Return the words to show behind names."""
        found = self._in(params.text_document.uri)
        if found is None:
            return None
        _, _, view, positions = found
        span = Span(
            positions.offset(convert.from_position(params.range.start)),
            positions.offset(convert.from_position(params.range.end)),
        )
        return [
            lsp.InlayHint(convert.position(positions.position(hint.offset)), hint.text, padding_left=True)
            for hint in editor_hints.hints(view, span)
        ]

    def semantic_tokens(self, params: lsp.SemanticTokensParams) -> lsp.SemanticTokens | None:
        """Return how to color the names of patterns."""
        found = self._in(params.text_document.uri)
        if found is None:
            return None
        document, library, view, positions = found
        if document.is_provisional:
            return None

        def is_deprecated(entry: Entry) -> bool:
            card = library.session.card(entry.path)
            return card is not None and card.status == _DEPRECATED

        return lsp.SemanticTokens(convert.semantic_tokens(editor_tokens.tokens(view, is_deprecated), positions))

    def code_lens(self, params: lsp.CodeLensParams) -> list[lsp.CodeLens] | None:
        """Return how many patterns link to that of a file."""
        found = self._in(params.text_document.uri)
        lens = editor_hints.lens(found[2]) if found is not None else None
        if found is None or lens is None or found[0].is_provisional:
            return None
        return [lsp.CodeLens(convert.range_(found[3].range(lens.span)), lsp.Command(title=lens.text, command=""))]


def _disjoint(path: str, edits: Iterable[Replacement]) -> Sequence[Replacement]:
    """Return the edits of several renames in the order of a file.

    Raises:
        RenameError: when two of them change the same place.
    """
    ordered = sorted(edits, key=lambda edit: edit.span)
    if any(one.span.end > other.span.start for one, other in pairwise(ordered)):
        message = f"two of the new names change the same place in {path}; rename the files one by one"
        raise RenameError(message)
    return ordered


def line_edits(before: str, after: str) -> Sequence[Replacement]:
    """Return the edits that turn one text into another, by whole lines."""
    if before == after:
        return ()
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line))
    return [
        Replacement(Span(starts[low], starts[high]), "".join(new[first:last]))
        for tag, low, high, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        if tag != "equal"
    ]


def _about(library: OpenLibrary) -> Callable[[Entry], str]:
    def about(entry: Entry) -> str:
        card = library.session.card(entry.path)
        return describe_card(card) if card is not None else ""

    return about


def describe_card(card: Card) -> str:
    """Return what people see of a pattern, in Markdown."""
    facts = [card.domain, card.status]
    if card.overall is not None:
        facts.append(f"score {card.overall:g}")
    if card.confidence is not None:
        facts.append("★" * max(0, min(round(card.confidence), 5)))
    return "\n\n".join(filter(None, (" ".join(card.summary.split()), " · ".join(filter(None, facts)))))
