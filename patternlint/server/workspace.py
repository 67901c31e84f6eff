"""The open files, each with its library: everything that a request of an editor is about."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.editor.view import View
from patternlint.errors import UserError
from patternlint.fixer.references import RenameError
from patternlint.parser.parser import ParsedFile
from patternlint.project.files import make_display_path
from patternlint.project.paths import find_scope
from patternlint.run.fix import SAFE_ONLY, fix_text, selected_by, verification_request
from patternlint.run.rename import RenameWorkspace, may_contain, parse_file, with_references
from patternlint.run.results import Progress
from patternlint.run.run import check
from patternlint.run.session import Delta, Session
from patternlint.server.libraries import LibraryKey, OpenLibrary, key_of
from patternlint.server.positions import Encoding, Positions, is_counted_alike
from patternlint.server.uris import path_of, uri_of
from patternlint.source import Source

_SILENT: Progress = lambda _: lambda _: None  # noqa: E731


class Document(Struct, frozen=True):
    """An open file.

    Attributes:
        uri: its URI, as the editor writes it.
        absolute: its absolute path.
        path: its path, as displayed.
        key: its library.
        version: the version of its text.
    """

    uri: str
    absolute: str
    path: str
    key: LibraryKey
    version: int

    @property
    def is_provisional(self) -> bool:
        """Whether its library is not open yet."""
        return self.key.file is not None and self.key.folder is not None


class Settings(Struct, frozen=True, rename="camel"):
    """The settings that an editor sends when it starts the server, and when they change.

    Attributes:
        scope: the files with findings besides the open ones: "open" for those that an edit concerns, "changed" for those
            that differ from the last commit, "library" for all files with errors.
        keep_alias: whether a rename keeps the old slug as an alias.
    """

    scope: Literal["open", "changed", "library"] = "open"
    keep_alias: bool = False


_DEFAULTS = Settings()


class _Edit(Struct, frozen=True):
    """The change by the latest edits of one open file, until it is known whom they concern."""

    path: str
    delta: Delta


class Files:
    """The files of a library, with the texts in the editor."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def parsed(self, path: str) -> ParsedFile | None:
        """Return a file, or None if it cannot be read."""
        return self._session.parsed(path)

    def parse(self, source: Source) -> ParsedFile:
        """Parse another text of a file."""
        return parse_file(self._session.run.project, source, self._session.ref(source.path))

    def expand(self, finding: Diagnostic) -> Diagnostic | None:
        """Return a finding with the edits that its fix needs in other files, or None if they cannot be made."""
        if finding.fix is None or not finding.fix.new_slug:
            return finding
        try:
            return with_references(finding, self.all())
        except RenameError:
            return None

    def all(self) -> RenameWorkspace:
        """Return all files of the library, with those that are not saved yet."""
        session, run = self._session, self._session.run
        refs = {ref.path: ref for ref in run.files.all}
        refs.update((path, session.ref(path)) for path in session.entries if path not in refs)
        return RenameWorkspace(
            session.library(),
            refs,
            session.source,
            partial(parse_file, run.project),
            run.request.scope.roots,
            lambda ref, name: session.is_changed(ref.path) or may_contain(ref, name),
        )


class Workspace:
    """The open files and their libraries.

    Args:
        encoding: what the columns of positions count.
        report: shows a problem to the user.
        progress: shows the progress of opening a library.
        later: does a change later, which returns what `open` returns; without it, libraries are opened at once.
        settings: the settings of the editor.
    """

    def __init__(
        self,
        encoding: Encoding,
        report: Callable[[str], None] = lambda _: None,
        progress: Progress = _SILENT,
        later: Callable[[Callable[[], Sequence[Document]]], None] | None = None,
        settings: Settings = _DEFAULTS,
    ) -> None:
        self.settings = settings
        self.hint: Callable[[str], None] = lambda _: None
        """Shows a hint to the user."""
        self._has_hinted = False
        self.encoding: Encoding = encoding
        self.documents: dict[str, Document] = {}
        self._open_uris: dict[str, str] = {}
        self._libraries: dict[LibraryKey, OpenLibrary] = {}
        self._report = report
        self._progress = progress
        self._later = later
        self._here = Path.cwd()
        self._display = make_display_path()
        self._cleared: list[str] = []
        self._edits: dict[LibraryKey, _Edit] = {}
        self._affected: dict[str, Document] = {}

    # --- changes: each returns the open files whose findings may differ; for edits of an open file, `take_affected` does --

    def open(self, uri: str, version: int, text: str) -> Sequence[Document]:
        """Open a file. Until its library is open, it has only the findings about the file itself."""
        absolute = path_of(uri)
        if absolute is None:
            return ()
        try:
            key = key_of(Path(absolute))
            if key not in self._libraries:
                if self._later is not None and key.file is None:
                    key = replace(key, file=Path(absolute))
                    self._later(lambda: self._move([uri]))
                self._libraries[key] = OpenLibrary(key, self._progress)
        except UserError as error:
            self._report(str(error))
            return ()
        document = Document(uri, absolute, self._display(absolute), key, version)
        self.documents[uri] = document
        self._open_uris[document.path] = uri
        self._forget_closed(self._libraries[key], document.path)
        found = self._put(self._libraries[key], document, text)
        if key.folder is None and not self._has_hinted and self.view(document).parsed.pattern is not None:
            self._has_hinted = True
            self.hint(
                f"{document.path} is outside of any library: rules about links need a git repository or a configuration"
            )
        return found

    def change(self, uri: str, version: int, text: str) -> Sequence[Document]:
        """Take the new text of an open file."""
        document = self.documents.get(uri)
        if document is None:
            return ()
        document = self.documents[uri] = replace(document, version=version)
        return self._put(self._libraries[document.key], document, text)

    def _put(self, library: OpenLibrary, document: Document, text: str) -> Sequence[Document]:
        """Give an open file a text. Its own findings need no knowledge of whom the change concerns, so that waits."""
        self._settle(document.key, unless=document.path)
        delta = library.note(library.session.put(document.path, text.encode("utf-8", "surrogatepass")))
        earlier = self._edits.get(document.key)
        self._edits[document.key] = _Edit(document.path, earlier.delta.then(delta) if earlier is not None else delta)
        return (document,)

    def take_affected(self) -> Sequence[Document]:
        """Return the other open files whose findings may differ after edits of open files, once."""
        for key in list(self._edits):
            self._settle(key)
        affected, self._affected = self._affected, {}
        return [self.documents[uri] for uri in affected if uri in self.documents]

    def _settle(self, key: LibraryKey, *, unless: str = "") -> None:
        """Find out whom the edits of an open file concern, before another file than `unless` changes or is asked about."""
        edit = self._edits.get(key)
        if edit is None or edit.path == unless:
            return
        del self._edits[key]
        found = self._concerned(key, edit.delta, is_edit=True)
        self._affected.update((one.uri, one) for one in found if one.path != edit.path)

    def close(self, uri: str) -> Sequence[Document]:
        """Close a file: what is on disk counts again."""
        document = self.documents.pop(uri, None)
        if document is None:
            return ()
        self._open_uris.pop(document.path, None)
        library = self._libraries[document.key]
        if document.key.file is not None:
            self._edits.pop(document.key, None)
            del self._libraries[document.key]
            return ()
        self._settle(document.key)
        found = self._concerned(document.key, library.note(library.session.drop(document.path)))
        return [*found, *self._concerned(document.key, library.note(library.session.refresh()))]

    def look_again(self) -> Sequence[Document]:
        """Read the files on disk again that have changed."""
        found: list[Document] = []
        for key, library in self._libraries.items():
            self._settle(key)
            found += self._concerned(key, library.note(library.session.refresh()))
        return found

    def changed_on_disk(self, uris: Iterable[str]) -> Sequence[Document]:
        """Take changes of files into account: of patterns, configurations, rules and schemas."""
        paths = [path for uri in uris if (path := path_of(uri)) is not None]
        outdated = {key for key, library in self._libraries.items() if any(map(library.depends_on, paths))}
        found = self._move([uri for uri, document in self.documents.items() if document.key in outdated])
        return [*found, *self.look_again()]

    def require_libraries(self, uris: Iterable[str]) -> None:
        """Open the libraries of open files now, if they are not open yet: for requests that change or list other files."""
        self._move([uri for uri in uris if uri in self.documents and self.documents[uri].is_provisional])

    def _move(self, uris: Iterable[str]) -> Sequence[Document]:
        """Move open files into their libraries, which are opened again. The old ones serve if that fails."""
        documents = [self.documents[uri] for uri in uris if uri in self.documents]
        texts = {document.uri: self.text(document) for document in documents}
        outdated = {document.key for document in documents}
        fresh: dict[LibraryKey, OpenLibrary] = {}
        moved: dict[str, Document] = {}
        try:
            for document in documents:
                key = key_of(Path(document.absolute))
                if key not in fresh and (key in outdated or key not in self._libraries):
                    fresh[key] = OpenLibrary(key, self._progress)
                moved[document.uri] = replace(document, key=key)
        except UserError as error:
            self._report(str(error))
            return ()
        for key in outdated:
            self._edits.pop(key, None)
            library = self._libraries.pop(key)
            for path in list(library.closed.shown):
                self._forget_closed(library, path)
        self._libraries.update(fresh)
        for library in fresh.values():
            self._list_closed(library)
        self.documents.update(moved)
        return [
            one for uri, document in moved.items() for one in self._put(self.library(document), document, texts[uri])
        ]

    def use(self, settings: Settings) -> Sequence[Document]:
        """Use other settings from now on. No findings of open files differ."""
        if settings.scope != self.settings.scope:
            self.settings = settings
            for library in self._libraries.values():
                library.closed.list_none()
                self._list_closed(library)
        self.settings = settings
        return ()

    def _list_closed(self, library: OpenLibrary) -> None:
        if self.settings.scope == "library":
            library.closed.list_all()
        elif self.settings.scope == "changed":
            library.closed.list_files(library.changed_files())

    def _concerned(self, key: LibraryKey, delta: Delta, *, is_edit: bool = False) -> Sequence[Document]:
        """Return the open files whose findings may differ; closed ones are checked later.

        Args:
            key: the library.
            delta: what has changed.
            is_edit: whether the change is an edit.
        """
        library = self._libraries[key]
        paths = frozenset(delta.changes) | delta.concerned
        found = [one for one in self.documents.values() if one.key == key and one.path in paths]
        opened = {one.path for one in self.documents.values() if one.key == key}
        library.closed.note(paths - opened, delta.changes.keys() - opened, is_edit=is_edit)
        return found

    def _forget_closed(self, library: OpenLibrary, path: str) -> None:
        if library.closed.open(path):
            self._cleared.append(self.uri(library, path))

    def take_cleared(self) -> Sequence[str]:
        """Return the URIs of the files about which findings were shown while they were closed, once."""
        cleared, self._cleared = self._cleared, []
        return cleared

    # --- questions ----------------------------------------------------------------------------------------------------

    def library(self, document: Document) -> OpenLibrary:
        """Return the library of an open file."""
        return self._libraries[document.key]

    @property
    def libraries(self) -> Sequence[OpenLibrary]:
        """All libraries with open files."""
        return list(self._libraries.values())

    def view(self, document: Document) -> View:
        """Return an open file with the library around it."""
        self._settle(document.key, unless=document.path)
        session = self.library(document).session
        parsed = session.parsed(document.path)
        assert parsed is not None  # noqa: S101 - the session holds the text
        return View(parsed, session.library())

    def positions(self, document: Document) -> Positions:
        """Return the positions in an open file."""
        return Positions(self.text(document), self.encoding)

    def text(self, document: Document) -> str:
        """Return the text of an open file."""
        source = self.library(document).session.source(document.path)
        return source.text if source is not None else ""

    def diagnostics(self, document: Document) -> Sequence[Diagnostic]:
        """Return the findings about an open file."""
        self._settle(document.key, unless=document.path)
        library = self.library(document)
        if library.is_excluded(document.absolute):
            return ()
        return library.session.diagnostics((document.path,))[document.path]

    def uri(self, library: OpenLibrary, path: str) -> str:
        """Return the URI of a file of a library, as the editor writes it."""
        return self._open_uris.get(path) or uri_of(self._absolute(library, path))

    def _absolute(self, library: OpenLibrary, path: str) -> str:
        if "\\" in path:  # maybe the name for display of another (see `encodable`)
            return library.session.ref(path).absolute
        return os.path.normpath(self._here / path)

    def source_to_count(self, library: OpenLibrary, path: str) -> Source | None:
        """Return a file whose lines or columns the editor counts in another way, else None."""
        if path in self._open_uris:
            return library.session.source(path)
        try:
            data = Path(self._absolute(library, path)).read_bytes()
        except OSError:
            return None
        return None if is_counted_alike(data, self.encoding) else Source(path, data)

    def version(self, uri: str) -> int | None:
        """Return the version of an open file, or None for another one."""
        document = self.documents.get(uri)
        return document.version if document is not None else None

    def at_path(self, absolute: str) -> tuple[OpenLibrary, str] | None:
        """Return the library that lists the file at an absolute path, with its path as displayed, or None."""
        for library in self._libraries.values():
            ref = library.session.run.files.at(absolute)
            if ref is not None:
                return library, ref.path
        return None

    def fixed(self, document: Document, *, layout_only: bool = False) -> str:
        """Return the text of an open file after safe fixes, as `patternlint --fix` writes it; other files are as on disk."""
        run = self.library(document).session.run
        request = run.request
        scope = find_scope([Path(document.absolute)], request.loaded.folder, request.scope.external, exist=False)
        narrow = replace(request, scope=replace(scope, nested=request.scope.nested))
        layout = run.project.registry.expand(("layout",)) if layout_only else frozenset()
        is_selected = selected_by(narrow)
        text = self.text(document)
        fixed = fix_text(
            check(verification_request(narrow), _SILENT),
            text.encode("utf-8", "surrogatepass"),
            SAFE_ONLY,
            lambda finding: is_selected(finding) and (not layout_only or finding.rule in layout),
        )
        return fixed.after[document.path].decode() if document.path in fixed.after else text

    def rule_names(self, document: Document) -> Iterator[str]:
        """Yield the names of all rules and groups."""
        registry = self.library(document).session.run.project.registry
        yield from (info.name for info in registry)
        yield from sorted({info.group for info in registry})

    def reasons(self, document: Document) -> Mapping[str, str]:
        """Return why there are rules, by their names."""
        rules = self.library(document).session.run.project.registry.rules
        return {name: info.rule.why for name, info in rules.items()}


def working_folder(folders: Iterable[str]) -> None:
    """Make the first folder of a workspace the working directory: paths are displayed relative to it."""
    path = next((found for uri in folders if (found := path_of(uri)) is not None and Path(found).is_dir()), None)
    if path is not None:
        os.chdir(path)
