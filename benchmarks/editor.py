"""Measure what an editor waits for: processor time of a session, in one process without a protocol, and of a start.

    python -m benchmarks.editor LIBRARY [--edits N]

The library must be a git repository or have a configuration; its cache is used. Nothing is written into it.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from patternlint.editor.completion import complete
from patternlint.editor.hover import hover
from patternlint.editor.references import references, search
from patternlint.editor.rename import rename_edits
from patternlint.editor.view import OWN
from patternlint.library.entry import Entry
from patternlint.linter.linter import Linter
from patternlint.server.positions import Encoding
from patternlint.server.wire.convert import locations
from patternlint.server.workspace import Document, Files, Workspace
from patternlint.source import Source

_ENCODING: Encoding = "utf-16"


def _timed(work: Callable[[], Any]) -> float:
    """Return the milliseconds of processor time that a call takes."""
    start = time.process_time()
    work()
    return 1000 * (time.process_time() - start)


def _summary(times: Sequence[float]) -> str:
    return f"median {median(times):7.2f} ms   95 % {quantiles(times, n=20)[-1]:7.2f} ms   most {max(times):7.2f} ms"


def _row(title: str, text: str) -> None:
    sys.stdout.write(f"{title:<44}{text}\n")
    sys.stdout.flush()


def _memory() -> float:
    """Return the largest resident size so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class Bench:
    """A library with one open file after the other.

    Args:
        folder: the library.
    """

    def __init__(self, folder: Path) -> None:
        self.workspace = Workspace(_ENCODING)
        paths = sorted(folder.rglob("*.md"))
        self.paths = random.Random(1).sample(paths, min(60, len(paths)))  # noqa: S311 - a sample
        self._version = 1

    def documents(self) -> Iterator[Document]:
        """Open each file of the sample that is a pattern, with its findings."""
        for path in self.paths:
            uri = path.as_uri()
            self.workspace.open(uri, 1, path.read_text(encoding="utf-8"))
            document = self.workspace.documents[uri]
            self.workspace.diagnostics(document)
            if self.workspace.view(document).parsed.pattern is not None:
                yield document

    def change(self, document: Document, text: str) -> None:
        """Change the text of a file, and find out what the editor shows then."""
        self._version += 1
        self.workspace.change(document.uri, self._version, text)
        self.workspace.diagnostics(document)


def _lint_alone(document: Document, workspace: Workspace, text: str) -> None:
    session = workspace.library(document).session
    linter: Linter = session.run.linter
    linter.lint_file(session.run.project.parse(Source(document.path, text.encode()), named=False))


def _edits(bench: Bench) -> None:
    alone: list[float] = []
    edits: dict[str, list[float]] = {"edit of the body": [], "edit of the slug": [], "edit of a link": []}
    others: list[float] = []
    for document in bench.documents():
        text = bench.workspace.text(document)
        pattern = bench.workspace.view(document).parsed.pattern
        links = pattern.links if pattern is not None else ()
        name = pattern.name if pattern is not None else ""
        if not links or not name:
            continue
        span = links[0].span
        changes = {
            "edit of the body": f"{text}\nMore text.\n",
            "edit of the slug": text.replace(f"slug: {name}", f"slug: {name}-x", 1),
            "edit of a link": f"{text[: span.start]}gone-with-the-wind{text[span.end :]}",
        }
        alone.append(_timed(partial(_lint_alone, document, bench.workspace, text)))
        for title, changed in changes.items():
            bench.workspace.take_affected()
            edits[title].append(_timed(partial(bench.change, document, changed)))
            others.append(_timed(bench.workspace.take_affected))
            bench.change(document, text)
    _row("parse and lint alone", _summary(alone))
    for title, times in edits.items():
        _row(title, f"{_summary(times)}   {median(times) / median(alone):.2f} x")
    _row("other files that an edit concerns", _summary(others))


def _questions(bench: Bench) -> None:
    completions: list[float] = []
    hovers: list[float] = []
    symbols: list[float] = []
    workspace = bench.workspace
    for document in bench.documents():
        library = workspace.library(document)
        if not symbols:
            _row("index of names", f"{_timed(lambda: library.names):.1f} ms")  # noqa: B023 - called at once
        for named in [one for one in workspace.view(document).names() if one.place.relation != OWN][:3]:
            at = named.span.start + min(3, len(named.name))
            completions.append(_timed(partial(_complete, workspace, document, at)))
            hovers.append(_timed(partial(_hover, workspace, document, at)))
        symbols.append(_timed(partial(search, library.session.library(), library.names, "urban gard")))
    _row("completion", _summary(completions))
    _row("hover", _summary(hovers))
    _row("workspace symbols", _summary(symbols))


def _complete(workspace: Workspace, document: Document, offset: int) -> None:
    complete(workspace.view(document), offset, lambda: workspace.library(document).names)


def _hover(workspace: Workspace, document: Document, offset: int) -> None:
    hover(workspace.view(document), offset, lambda _: "")


def most_linked(document: Document, workspace: Workspace) -> Entry:
    """Return the pattern that the most others in a sample link to."""
    counts: dict[str, int] = {}
    session = workspace.library(document).session
    for path in workspace.documents.values():
        entry = session.library().entry(path.path)
        for link in entry.links if entry is not None else ():
            counts[link.target] = counts.get(link.target, 0) + 1
    for slug in sorted(counts, key=lambda slug: counts[slug], reverse=True):
        found = session.library().resolve(slug)
        if found is not None:
            return found
    message = "no pattern links to another one"
    raise SystemExit(message)


def _most_linked(bench: Bench) -> None:
    document = next(iter(bench.workspace.documents.values()))
    library = bench.workspace.library(document)
    entry = most_linked(document, bench.workspace)

    def find() -> list[Any]:
        return locations(bench.workspace, library, references(library.session.library(), entry))

    first, count = _timed(find), len(find())
    _row(f"references of the most linked ({count:,})", f"{first:.1f} ms, again {_timed(find):.1f} ms")
    files = Files(library.session)
    edited: list[int] = []
    took = _timed(lambda: edited.append(len(rename_edits(files.all(), entry, "some-other-slug-x")[0])))
    _row(f"rename of it ({edited[0]:,} files)", f"{took:.0f} ms")


def _many_edits(bench: Bench, count: int) -> None:
    document = next(bench.documents())
    text = bench.workspace.text(document)
    for number in range(200):
        bench.change(document, f"{text}\n{number}\n")
    before = _memory()
    for number in range(count):
        bench.change(document, text.replace("slug: ", f"slug: x{number % 7}", 1))
    _row(f"memory after {count:,} edits", f"{_memory():.0f} MiB, {_memory() - before:+.1f}")


def _start(folder: Path) -> None:
    """Measure a server from its start to the complete findings of one file, against Python and the packages of the protocol."""
    path = next(path for path in sorted(folder.rglob("*.md")) if path.read_bytes().startswith(b"---"))
    base = _processor_time([sys.executable, "-c", "import pygls.lsp.server"], b"", lambda _: True)
    opened = {"uri": path.as_uri(), "languageId": "markdown", "version": 1, "text": path.read_text(encoding="utf-8")}
    messages: list[dict[str, Any]] = [
        {
            "id": 1,
            "method": "initialize",
            "params": {"capabilities": {}, "rootUri": folder.as_uri(), "processId": None},
        },
        {"method": "initialized", "params": {}},
        {"method": "textDocument/didOpen", "params": {"textDocument": opened}},
    ]
    # The findings of the file alone come first, then those of the library.
    command = [sys.executable, "-m", "patternlint", "server"]
    took = _processor_time(
        command, b"".join(map(_message, messages)), lambda out: out.count(b"textDocument/publishDiagnostics") > 1
    )
    _row(
        "start, all findings of one file",
        f"{took:.0f} ms   {took / base:.2f} x Python and the protocol ({base:.0f} ms)",
    )


def _message(content: dict[str, Any]) -> bytes:
    body = json.dumps({"jsonrpc": "2.0", **content}).encode()
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def _processor_time(command: Sequence[str], sent: bytes, is_done: Callable[[bytes], bool]) -> float:
    """Return the milliseconds of processor time of a process until its output is complete and its input ends."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:  # noqa: S603
        assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018 - both are pipes
        process.stdin.write(sent)
        process.stdin.flush()
        out = b""
        while not is_done(out) and (more := os.read(process.stdout.fileno(), 65536)):
            out += more
        process.stdin.close()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def main() -> None:
    """Measure a library."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("library", type=Path)
    parser.add_argument("--edits", type=int, default=1000)
    options = parser.parse_args()
    folder = options.library.resolve()
    os.chdir(folder)
    _start(folder)
    bench = Bench(folder)
    _row("open the library, all findings of one file", f"{_timed(lambda: next(bench.documents())):.0f} ms")
    _edits(bench)
    _questions(bench)
    _most_linked(bench)
    _many_edits(bench, options.edits)


if __name__ == "__main__":
    main()
