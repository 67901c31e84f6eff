"""Measure patternlint on libraries of several sizes: `python -m benchmarks.run --source FOLDER`.

Writes docs/performance.md, and a line per run to standard error. That takes about a quarter of an hour on two cores,
of which the library of 100,000 files takes ten minutes and 2.5 GB. A quick run takes a minute:

    python -m benchmarks.run --source FOLDER --form dump --runs 1 --output quick.md
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from benchmarks.cases import ROOT, SEVERAL_PROCESSES, STATISTICS, Case, CaseFactory
from benchmarks.forms import FORMS, WRITTEN
from benchmarks.generate import MARKER
from benchmarks.measure import MeasureError, Memory, Sample, measure, measure_memory, second_core
from benchmarks.tables import MIB, Result, write_page

SIZES = (3_616, 100_000)
SMALL = 10_000
"""Smaller libraries are measured in more rounds."""

BRIEF = ("yaml", "cold-1", "cold-2", "warm", "concise", "body")
"""The most important cases, for large libraries."""
BRIEF_FORM = ("yaml", "cold-1", "cold-2")
"""The cases for other forms: a form matters when files are parsed and analyzed."""


def main() -> int:
    """Run the command."""
    options = _parser().parse_args()
    results: list[Result] = []
    start_up: Mapping[str, Sequence[Sample]] = {}
    titles: dict[str, str] = {}
    try:
        for name, size in _libraries(options):
            form = FORMS.get(name)
            library = _library(options, name, size)
            is_brief = 0 < options.brief <= size
            runs = 1 if is_brief else options.runs or (5 if size < SMALL and form is None else 3)
            only = frozenset(options.only or (BRIEF if is_brief else BRIEF_FORM if form is not None else ()))
            with TemporaryDirectory(prefix="patternlint-") as scratch:
                meter = Meter(library, Path(scratch), titles)
                if not start_up and options.starts:
                    start_up = meter.start_up(options.starts)
                results.append(meter.library(size, runs, only)._replace(form=form.title if form is not None else ""))
    except MeasureError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    output: Path = options.output
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(write_page(results, start_up, titles), encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Measure patternlint on generated libraries of several sizes.")
    add = parser.add_argument
    add(
        "--source",
        type=Path,
        default=ROOT / "examples/library",
        metavar="DIR",
        help="folder with the patterns to generate libraries from",
    )
    add(
        "--libraries",
        type=Path,
        default=Path(gettempdir(), "patternlint-benchmarks"),
        metavar="DIR",
        help="folder for the generated libraries, each in a folder named after its size",
    )
    add("--sizes", type=_sizes, default=SIZES, metavar="N,N", help="numbers of files (default: 3616,100000)")
    add("--form", choices=(WRITTEN, *FORMS), help="measure only files in this form (default: all forms)")
    add("--form-size", type=int, default=2_237, metavar="N", help="number of files in other forms (default: 2237)")
    add("--runs", type=int, default=0, metavar="N", help="number of rounds (default: 5 below 10,000 files, else 3)")
    brief = f"from N files on, run one round of {', '.join(BRIEF)} (default: 50000; 0 for never)"
    add("--brief", type=int, default=50_000, metavar="N", help=brief)
    add("--starts", type=int, default=21, metavar="N", help="number of start-up rounds (default: 21)")
    add(
        "--only",
        type=lambda text: text.split(","),
        default=[],
        metavar="NAMES",
        help="run only these cases: yaml, hash, cold-1, cold-2, warm, concise, body, link, rumdl-cold, rumdl-warm",
    )
    add("--output", type=Path, default=ROOT / "docs/performance.md", metavar="FILE", help="the page to write")
    return parser


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


def _libraries(options: argparse.Namespace) -> list[tuple[str, int]]:
    """Return the form and the size of each library to measure."""
    forms = [options.form] if options.form else [WRITTEN, *FORMS]
    sizes = sorted(options.sizes)
    return [(form, size) for form in forms for size in (sizes if form == WRITTEN else [options.form_size])]


def _library(options: argparse.Namespace, form: str, size: int) -> Path:
    """Return a library of `size` files; generate it if it does not exist.

    Raises:
        MeasureError: if the source has no pattern for it.
    """
    folder: Path = options.libraries / (str(size) if form == WRITTEN else f"{size}-{form}")
    if not (folder / MARKER).exists():
        command = [sys.executable, "-m", "benchmarks.generate", options.source.resolve(), folder, "--files", str(size)]
        if form != WRITTEN:
            command += ["--form", form]
        done = subprocess.run(command, cwd=ROOT, check=False, stdout=sys.stderr)  # noqa: S603 - our own command
        if done.returncode:
            message = f"no library of {size} files in the form `{form}`"
            raise MeasureError(message)
    return folder


class Meter:
    """Measures the cases of one library.

    Args:
        library: the library.
        scratch: an empty folder.
        titles: collects the titles of the cases by name.
    """

    def __init__(self, library: Path, scratch: Path, titles: dict[str, str]) -> None:
        self._folder = library
        self._scratch = scratch
        self._titles = titles
        self._factory = CaseFactory(library, scratch)

    def start_up(self, runs: int) -> Mapping[str, Sequence[Sample]]:
        """Return the runs of the start-up cases by name."""
        cases = list(self._factory.start_up())
        rounds = [self._round(cases, number, "start-up") for number in range(1, runs + 1)]
        return {case.name: [one[case.name] for one in rounds] for case in cases}

    def library(self, size: int, runs: int, only: frozenset[str]) -> Result:
        """Return the measurements of all cases, or of those named in `only`.

        Raises:
            MeasureError: if a case is unknown or fails.
        """
        all_cases = list(self._factory.cases())
        unknown = only.difference(case.name for case in all_cases)
        if unknown:
            message = (
                f"unknown case {', '.join(sorted(unknown))}; cases are {', '.join(case.name for case in all_cases)}"
            )
            raise MeasureError(message)
        cases = [case for case in all_cases if not only or case.name in only]
        self._factory.warm_up()
        cores: list[float] = []
        rounds: list[Mapping[str, Sample]] = []
        for number in range(1, runs + 1):
            cores.append(second_core(self._factory.busy(), self._scratch / "busy.txt"))
            rounds.append(self._round(cases, number, f"{size:,} files"))
            self._compare()
        samples = {case.name: [one[case.name] for one in rounds] for case in cases}
        memory = {case.name: self._memory(case) for case in cases if case.name == SEVERAL_PROCESSES}
        total = sum(path.stat().st_size for path in self._folder.rglob("*.md"))
        return Result(size, total, samples, cores, memory)

    def _round(self, cases: Sequence[Case], number: int, subject: str) -> Mapping[str, Sample]:
        """Run every case once."""
        samples: dict[str, Sample] = {}
        for case in cases:
            self._titles[case.name] = case.title
            case.before(number)
            try:
                sample = measure(case.command, self._scratch / f"{case.name}.txt")
            finally:
                case.after(number)
            samples[case.name] = sample
            cost = f"{sample.wall:.3f} s, {sample.cpu:.3f} s of processors, {sample.peak / MIB:.0f} MiB"
            sys.stderr.write(f"{subject}, round {number}, {case.name}: {cost}\n")
        return samples

    def _memory(self, case: Case) -> Memory:
        memory = measure_memory(case.command, self._scratch / "memory.txt")
        case.after(0)
        return memory

    def _compare(self) -> None:
        """Compare the output of the cases in `STATISTICS`.

        Raises:
            MeasureError: if it differs.
        """
        paths = [self._scratch / f"{name}.txt" for name in sorted(STATISTICS)]
        printed = {path.stem: path.read_bytes() for path in paths if path.exists()}
        if len(set(printed.values())) > 1:
            message = f"different findings: {', '.join(printed)}"
            raise MeasureError(message)


if __name__ == "__main__":
    sys.exit(main())
