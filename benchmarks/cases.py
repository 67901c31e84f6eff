"""What is measured: each case is a command, with what has to be done before and after every run of it."""

from __future__ import annotations

import compileall
import os
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.measure import Command, MeasureError, measure

ROOT = Path(__file__).resolve().parent.parent
SETTLED = 2.5
"""Seconds after which a changed file is old enough that its time stamp is believed."""

_SCRIPT = """\
import re
import sys
from patternlint.cli import main
if __name__ == "__main__":
    sys.argv[0] = re.sub(r"(-script\\.pyw|\\.exe)?$", "", sys.argv[0])
    sys.exit(main())
"""
"""What pip makes of an entry point."""

_LINK = re.compile(rb"^ +- slug: ([a-z0-9-]+)$", re.MULTILINE)


def _nothing(_round: int) -> None:
    """Do nothing."""


class Case(NamedTuple):
    """Something to measure. Runs are numbered from 1.

    Attributes:
        name: what the command line calls it.
        title: what the tables call it.
        command: the command.
        before: done before each run, with the number of the run.
        after: done after each run, with the number of the run.
    """

    name: str
    title: str
    command: Command
    before: Callable[[int], None] = _nothing
    after: Callable[[int], None] = _nothing


BARE = "python"
STATISTICS = frozenset(("cold-1", "cold-2", "warm"))
"""The cases that must print the same."""


class Bench:
    """Makes the cases for one library."""

    def __init__(self, library: Path, scratch: Path) -> None:
        """Take the library, which is edited and mended again, and an empty folder outside any library.

        What is measured is a copy of the tool, so that work on it goes on meanwhile.
        """
        self._library = library
        self._scratch = scratch
        self._warm = scratch / "warm"
        self._tool = [sys.executable, str(_install(scratch / "tool"))]
        self._environment = {**os.environ, "NO_COLOR": "1"}

    def busy(self) -> Command:
        """Return the command that keeps one processor busy for a moment."""
        return self._baseline("busy", "60")

    def cases(self) -> Iterator[Case]:
        """Yield the cases that look at the library."""
        yield Case("yaml", "bare loop: `yaml.load(front matter, CSafeLoader)`", self._baseline("yaml", "."))
        yield Case("hash", "bare loop: read and hash every file", self._baseline("hash", "."))
        for jobs, words in ((1, "one process"), (2, "two processes")):
            cache = self._scratch / f"cold-{jobs}"
            yield Case(
                f"cold-{jobs}",
                f"patternlint, cold, {words} (`--jobs {jobs}`)",
                self.check("--jobs", str(jobs), "--statistics", cache=cache),
                after=_removes(cache),
            )
        yield Case("warm", "patternlint, nothing changed, `--statistics`", self.check("--statistics", cache=self._warm))
        report = self._scratch / "report.txt"
        concise = self.check("--output-format", f"concise:{report}", cache=self._warm)
        yield Case("concise", "patternlint, nothing changed, all findings to a file", concise)
        yield from self._changes()
        yield from self._rumdl()

    def start_up(self) -> Iterator[Case]:
        """Yield the cases that show how fast a process starts."""
        yield Case(BARE, "`python -c pass`", self._command([sys.executable, "-c", "pass"], self._scratch))
        for flag in ("version", "help"):
            yield Case(flag, f"`patternlint --{flag}`", self._command([*self._tool, f"--{flag}"], self._scratch))
        shutil.copy(_middle(self._library), self._scratch / "alone.md")
        alone = self._command([*self._tool, "alone.md"], self._scratch)
        yield Case("alone", "`patternlint FILE`, outside any library", alone)

    def warm_up(self) -> None:
        """Fill the cache of the warm cases, or bring it up to date."""
        measure(self.check("--statistics", cache=self._warm), self._scratch / "warm-up.txt")

    def check(self, *arguments: str, cache: Path) -> Command:
        """Return the command that lints the library."""
        return self._command([*self._tool, *arguments, "--cache-dir", str(cache)], self._library)

    def _command(self, arguments: list[str], folder: Path) -> Command:
        return Command(arguments, folder, self._environment)

    def _baseline(self, name: str, argument: str) -> Command:
        return self._command([sys.executable, str(ROOT / "benchmarks/baselines.py"), name, argument], self._library)

    def _changes(self) -> Iterator[Case]:
        """Yield the cases in which one file has changed and is asked about."""
        path = _middle(self._library)
        before = path.read_bytes()
        times = path.stat()
        command = self.check(str(path.relative_to(self._library)), cache=self._warm)
        slugs = [one.stem.encode() for one in sorted(path.parent.glob("*.md"))]

        def change_body(number: int) -> None:
            path.write_bytes(before + b"\nA paragraph of the run with the number %d.\n" % number)

        def change_link(number: int) -> None:
            slug = slugs[number * 7 % len(slugs)]
            path.write_bytes(_LINK.sub(lambda match: match[0].replace(match[1], slug), before, count=1))

        def mend(_round: int) -> None:
            path.write_bytes(before)
            os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
            time.sleep(SETTLED)
            self.warm_up()

        yield Case("body", "patternlint, one body changed, that file asked about", command, change_body, mend)
        if _LINK.search(before):
            yield Case("link", "patternlint, one link changed, that file asked about", command, change_link, mend)

    def _rumdl(self) -> Iterator[Case]:
        """Yield the cases of rumdl, where it is installed."""
        beside = Path(sys.executable).with_name("rumdl")
        found = str(beside) if beside.exists() else shutil.which("rumdl")
        if found is None:
            sys.stderr.write("rumdl is not installed: left out\n")
            return
        rumdl = [found, "check", "--no-config", "--silent"]
        cache = ["--cache-dir", str(self._scratch / "rumdl")]
        yield Case("rumdl-cold", "rumdl, cold", self._command([*rumdl, "--no-cache", "."], self._library))
        cached = self._command([*rumdl, *cache, "."], self._library)

        def fill(number: int) -> None:
            if number == 1:
                measure(cached, self._scratch / "rumdl.txt")

        yield Case("rumdl-warm", "rumdl, cached", cached, fill)


def _install(folder: Path) -> Path:
    """Copy the tool into `folder`, compile it, and return the script that starts it."""
    for name in ("patternlint", "rules", "schemas"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    script = folder / "start.py"
    script.write_text(_SCRIPT, encoding="utf-8")
    compileall.compile_dir(folder, quiet=1)
    return script


def _removes(folder: Path) -> Callable[[int], None]:
    """Return what deletes `folder`."""
    return lambda _: shutil.rmtree(folder)


def _middle(library: Path) -> Path:
    """Return a file of middling size, one with links of the present form where there is one.

    Raises:
        MeasureError: when there is no file.
    """
    paths = sorted(library.rglob("*.md"), key=lambda path: (path.stat().st_size, path))
    if not paths:
        message = f"no Markdown file in {library}"
        raise MeasureError(message)
    middle = paths[len(paths) // 2 :]
    return next((path for path in middle if _LINK.search(path.read_bytes())), middle[0])
