"""Values of patternlint as the Language Server Protocol has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from lsprotocol import types as lsp
from msgspec import Struct

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.diagnostics.fingerprint import fingerprints
from patternlint.diagnostics.fix import Replacement
from patternlint.diagnostics.severity import Severity
from patternlint.editor.actions import Action, Edits
from patternlint.editor.completion import Item, Items, Kind
from patternlint.editor.outline import Node
from patternlint.editor.references import Location
from patternlint.editor.tokens import Token
from patternlint.explain import DOCS_URL
from patternlint.server.libraries import OpenLibrary
from patternlint.server.positions import Position, Positions, Range, range_of
from patternlint.server.workspace import Document, Workspace

_SEVERITIES = {
    Severity.ERROR: lsp.DiagnosticSeverity.Error,
    Severity.WARNING: lsp.DiagnosticSeverity.Warning,
    Severity.INFO: lsp.DiagnosticSeverity.Information,
}
_KINDS = {
    Kind.PATTERN: lsp.CompletionItemKind.Reference,
    Kind.KEY: lsp.CompletionItemKind.Property,
    Kind.VALUE: lsp.CompletionItemKind.EnumMember,
    Kind.SECTION: lsp.CompletionItemKind.Struct,
    Kind.RULE: lsp.CompletionItemKind.Constant,
}
_SYMBOLS = {
    "group": lsp.SymbolKind.Namespace,
    "key": lsp.SymbolKind.Property,
    "section": lsp.SymbolKind.String,
}
UNUSED = "unused-suppression"
_KNOWN, _UNKNOWN, _DEPRECATED = 0, 1, 1  # places in the legend of `main.py`; the last one is a bit


class Client(Struct, frozen=True):
    """What the editor can do.

    Attributes:
        has_versions: whether edits may have versions; Neovim supports that and tells only that it renames files.
        renames: whether it renames files.
        resolves_edits: whether the edits of an action may be loaded later.
    """

    has_versions: bool = False
    renames: bool = False
    resolves_edits: bool = False


def position(one: Position) -> lsp.Position:
    """Return a position."""
    return lsp.Position(one.line, one.character)


def range_(one: Range) -> lsp.Range:
    """Return a range."""
    return lsp.Range(position(one.start), position(one.end))


def from_position(one: lsp.Position) -> Position:
    """Return a position of the protocol."""
    return Position(one.line, one.character)


def location(workspace: Workspace, library: OpenLibrary, one: Location) -> lsp.Location:
    """Return a place in a file of a library."""
    return locations(workspace, library, (one,))[0]


def locations(workspace: Workspace, library: OpenLibrary, places: Iterable[Location]) -> list[lsp.Location]:
    """Return places in files of a library. Only files whose columns editors may count differently are read, each once."""
    found: list[lsp.Location] = []
    for (path, is_plain), some in groupby(places, key=lambda place: (place.path, place.is_plain)):
        uri = workspace.uri(library, path)
        source = None if is_plain else workspace.source_to_count(library, path)
        found += [lsp.Location(uri, range_(range_of(one.region, source, workspace.encoding))) for one in some]
    return found


def diagnostics(
    workspace: Workspace, library: OpenLibrary, path: str, findings: Sequence[Diagnostic]
) -> list[lsp.Diagnostic]:
    """Return the findings about a file of a library; those that the baseline contains are hints."""
    new = frozenset(library.new(path, findings))
    registry = library.session.run.project.registry
    source = library.session.source(path)
    positions = Positions(source.text if source is not None else "", workspace.encoding)

    def convert(finding: Diagnostic, fingerprint: str) -> lsp.Diagnostic:
        place = positions.range(finding.span) if finding.span else range_of(finding.region, source, workspace.encoding)
        related = [
            lsp.DiagnosticRelatedInformation(
                location(workspace, library, Location(label.path or finding.path, label.region)), label.message
            )
            for label in finding.labels
        ]
        info = registry.rules.get(finding.rule)
        page = f"{DOCS_URL}/{info.group}/{info.name}/" if info is not None and not info.plugin else ""
        return lsp.Diagnostic(
            range=range_(place),
            message=f"{finding.message}\n{finding.help}" if finding.help else finding.message,
            severity=_SEVERITIES[finding.severity] if finding in new else lsp.DiagnosticSeverity.Hint,
            code=finding.rule,
            code_description=lsp.CodeDescription(page) if page else None,
            source="patternlint",
            tags=[lsp.DiagnosticTag.Unnecessary] if finding.rule == UNUSED else None,
            related_information=related or None,
            data={"fix": finding.fix.safety.value if finding.fix is not None else None, "fingerprint": fingerprint},
        )

    return [convert(finding, fingerprint) for finding, fingerprint in fingerprints(findings)]


def completion(items: Items, positions: Positions, offset: int, text: str) -> lsp.CompletionList:
    """Return items for the menu, which an editor sorts by `sort_text`.

    Editors compare what is typed with `filter_text`. For patterns that is what is typed, because they are found by their
    titles too.

    Args:
        items: the items.
        positions: the positions of the file.
        offset: the cursor.
        text: the text of the file.
    """
    return lsp.CompletionList(
        is_incomplete=items.is_incomplete,
        items=[_item(item, index, positions, offset, text) for index, item in enumerate(items.items)],
    )


def _item(item: Item, index: int, positions: Positions, offset: int, text: str) -> lsp.CompletionItem:
    is_pattern = item.kind is Kind.PATTERN
    written = text[item.span.start : offset]
    return lsp.CompletionItem(
        label=item.label,
        label_details=lsp.CompletionItemLabelDetails(description=item.detail) if item.detail else None,
        kind=_KINDS[item.kind],
        detail=item.detail or None,
        documentation=lsp.MarkupContent(lsp.MarkupKind.Markdown, item.about) if item.about else None,
        sort_text=f"{index:04}",
        filter_text=written if is_pattern and written else item.text.strip(),
        text_edit=lsp.TextEdit(range_(positions.range(item.span)), item.text),
        data={"pattern": item.label} if is_pattern else None,
    )


def text_edits(edits: Iterable[Replacement], positions: Positions) -> list[lsp.TextEdit | lsp.AnnotatedTextEdit]:
    """Return the edits of a file."""
    return [lsp.TextEdit(range_(positions.range(edit.span)), edit.text) for edit in edits]


def workspace_edit(
    workspace: Workspace,
    client: Client,
    library: OpenLibrary,
    edits: Edits,
    renames: Mapping[str, str] | None = None,
) -> lsp.WorkspaceEdit:
    """Return the edits of several files, and the new URIs of renamed ones by the old ones, which come last."""
    by_uri: dict[str, list[lsp.TextEdit | lsp.AnnotatedTextEdit]] = {}
    for path, some in edits.items():
        source = library.session.source(path)
        if source is not None and some:
            by_uri[workspace.uri(library, path)] = text_edits(some, Positions(source.text, workspace.encoding))
    if not client.has_versions:
        plain = {uri: [one for one in some if isinstance(one, lsp.TextEdit)] for uri, some in by_uri.items()}
        return lsp.WorkspaceEdit(changes=plain)
    changes: list[lsp.TextDocumentEdit | lsp.CreateFile | lsp.RenameFile | lsp.DeleteFile] = [
        lsp.TextDocumentEdit(lsp.OptionalVersionedTextDocumentIdentifier(uri, workspace.version(uri)), [*some])
        for uri, some in by_uri.items()
    ]
    if client.renames and renames:
        changes += [lsp.RenameFile(old_uri=old, new_uri=new) for old, new in renames.items()]
    return lsp.WorkspaceEdit(document_changes=changes)


def action(
    one: Action, document: Document, shown: lsp.Diagnostic | None, edit: lsp.WorkspaceEdit | None
) -> lsp.CodeAction:
    """Return a change that is offered; without an edit, it is loaded later."""
    return lsp.CodeAction(
        title=one.title,
        kind=lsp.CodeActionKind.QuickFix,
        diagnostics=[shown] if shown is not None else None,
        is_preferred=one.is_preferred or None,
        edit=edit,
        data={"uri": document.uri, "title": one.title, "start": one.finding.span.start, "rule": one.finding.rule}
        if edit is None
        else None,
    )


def symbols(nodes: Iterable[Node], positions: Positions) -> list[lsp.DocumentSymbol]:
    """Return the structure of a file."""
    return [
        lsp.DocumentSymbol(
            name=node.name or "?",
            kind=_SYMBOLS[node.kind],
            range=range_(positions.range(node.span)),
            selection_range=range_(positions.range(node.name_span)),
            children=symbols(node.children, positions),
        )
        for node in nodes
    ]


def semantic_tokens(tokens: Iterable[Token], positions: Positions) -> list[int]:
    """Return tokens as the protocol encodes them: five numbers each, the place relative to the token before."""
    data: list[int] = []
    line = start = 0
    for token in tokens:
        place = positions.range(token.span)
        if place.start.line != place.end.line:
            continue
        if place.start.line != line:
            line, start, lines = place.start.line, 0, place.start.line - line
        else:
            lines = 0
        kind, modifiers = _KNOWN if token.is_known else _UNKNOWN, _DEPRECATED if token.is_deprecated else 0
        data += (lines, place.start.character - start, place.end.character - place.start.character, kind, modifiers)
        start = place.start.character
    return data
