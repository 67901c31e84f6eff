"""Benchmark cases: a command each, with steps before and after every run."""

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
RACY_WINDOW = 2.5
"""Seconds after which patternlint trusts the modification time of a changed file."""

_SCRIPT = """\
import re
import sys
from patternlint.cli import main
if __name__ == "__main__":
    sys.argv[0] = re.sub(r"(-script\\.pyw|\\.exe)?$", "", sys.argv[0])
    sys.exit(main())
"""
"""The script that pip generates for an entry point."""

_LINK = re.compile(rb"^ *- slug: ([a-z0-9-]+)\r?$", re.MULTILINE)


def _nothing(_round: int) -> None:
    """Do nothing."""


class Case(NamedTuple):
    """A command to measure. Runs are numbered from 1.

    Attributes:
        name: its name on the command line.
        title: its title in the tables.
        command: the command.
        before: called before each run, with the number of the run.
        after: called after each run, with the number of the run.
    """

    name: str
    title: str
    command: Command
    before: Callable[[int], None] = _nothing
    after: Callable[[int], None] = _nothing


BARE = "python"
SEVERAL_PROCESSES = "cold-2"
"""The case whose memory is that of several processes; for the others, the largest process is all of it."""
STATISTICS = frozenset(("cold-1", "cold-2", "warm"))
"""Cases that must have the same output."""


class CaseFactory:
    """Creates the cases for one library.

    The measured tool is a copy, so that the checkout can change during a benchmark.

    Args:
        library: the library; the cases edit its files and restore them.
        scratch: an empty folder outside any library.
    """

    def __init__(self, library: Path, scratch: Path) -> None:
        self._library = library
        self._scratch = scratch
        self._warm = scratch / "warm"
        self._tool = [sys.executable, str(_install(scratch / "tool"))]
        self._environment = {**os.environ, "NO_COLOR": "1"}

    def busy(self) -> Command:
        """Return a command with a fixed amount of work for one processor."""
        return self._baseline("busy", "60")

    def cases(self) -> Iterator[Case]:
        """Yield the cases that check the library."""
        yield Case("yaml", "bare loop: `yaml.load(front matter, CSafeLoader)`", self._baseline("yaml", "."))
        yield Case("hash", "bare loop: read and hash every file", self._baseline("hash", "."))
        for jobs, words in ((1, "one process"), (2, "two processes")):
            cache = self._scratch / f"cold-{jobs}"
            yield Case(
                f"cold-{jobs}",
                f"patternlint, cold, {words} (`--jobs {jobs}`)",
                self.check("--jobs", str(jobs), "--statistics", cache=cache),
                after=_remover(cache),
            )
        yield Case("warm", "patternlint, unchanged, `--statistics`", self.check("--statistics", cache=self._warm))
        report = self._scratch / "report.txt"
        concise = self.check("--output-format", f"concise:{report}", cache=self._warm)
        yield Case("concise", "patternlint, unchanged, all findings to a file", concise)
        yield from self._changes()
        yield from self._rumdl()

    def start_up(self) -> Iterator[Case]:
        """Yield the cases that measure start-up."""
        yield Case(BARE, "`python -c pass`", self._command([sys.executable, "-c", "pass"], self._scratch))
        for flag in ("version", "help"):
            yield Case(flag, f"`patternlint --{flag}`", self._command([*self._tool, f"--{flag}"], self._scratch))
        shutil.copy(_median_file(self._library), self._scratch / "alone.md")
        alone = self._command([*self._tool, "alone.md"], self._scratch)
        yield Case("alone", "`patternlint FILE`, outside any library", alone)

    def warm_up(self) -> None:
        """Fill or update the cache of the warm cases."""
        measure(self.check("--statistics", cache=self._warm), self._scratch / "warm-up.txt")

    def check(self, *arguments: str, cache: Path) -> Command:
        """Return the command that lints the library."""
        return self._command([*self._tool, *arguments, "--cache-dir", str(cache)], self._library)

    def _command(self, arguments: list[str], folder: Path) -> Command:
        return Command(arguments, folder, self._environment)

    def _baseline(self, name: str, argument: str) -> Command:
        return self._command([sys.executable, str(ROOT / "benchmarks/baselines.py"), name, argument], self._library)

    def _changes(self) -> Iterator[Case]:
        """Yield the cases that change one file and check it."""
        path = _median_file(self._library)
        before = path.read_bytes()
        times = path.stat()
        command = self.check(str(path.relative_to(self._library)), cache=self._warm)
        slugs = [one.stem.encode() for one in sorted(path.parent.glob("*.md"))]

        def change_body(number: int) -> None:
            path.write_bytes(before + b"\nA paragraph of the run with the number %d.\n" % number)

        def change_link(number: int) -> None:
            slug = slugs[number * 7 % len(slugs)]
            path.write_bytes(_LINK.sub(lambda match: match[0].replace(match[1], slug), before, count=1))

        def restore(_round: int) -> None:
            path.write_bytes(before)
            os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
            time.sleep(RACY_WINDOW)
            self.warm_up()

        yield Case("body", "patternlint, one body changed, check that file", command, change_body, restore)
        if _LINK.search(before):
            yield Case("link", "patternlint, one link changed, check that file", command, change_link, restore)

    def _rumdl(self) -> Iterator[Case]:
        """Yield the cases of rumdl if it is installed."""
        beside = Path(sys.executable).with_name("rumdl")
        found = str(beside) if beside.exists() else shutil.which("rumdl")
        if found is None:
            sys.stderr.write("rumdl is not installed: cases skipped\n")
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


def _remover(folder: Path) -> Callable[[int], None]:
    """Return a function that deletes `folder`."""
    return lambda _: shutil.rmtree(folder)


def _median_file(library: Path) -> Path:
    """Return a file of median size, if possible with a link as a list item.

    Raises:
        MeasureError: if the library contains no file.
    """
    paths = sorted(library.rglob("*.md"), key=lambda path: (path.stat().st_size, path))
    if not paths:
        message = f"no Markdown file in {library}"
        raise MeasureError(message)
    middle = paths[len(paths) // 2 :]
    return next((path for path in middle if _LINK.search(path.read_bytes())), middle[0])
