"""Write the measurements as a page of tables."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import median
from typing import NamedTuple

from benchmarks.cases import BARE
from benchmarks.measure import Memory, Sample
from patternlint import __version__

MIB = 1024 * 1024


class Result(NamedTuple):
    """Measurements on one library.

    Attributes:
        files: number of files.
        size: size of all files in bytes.
        samples: the runs of each case, in the order of the rounds.
        cores: throughput of a second processor beside a busy one, from 0 to 1, once per round.
        memory: memory of all processes together, by the name of the case.
        form: the form of the files; empty for that of the source.
    """

    files: int
    size: int
    samples: Mapping[str, Sequence[Sample]]
    cores: Sequence[float]
    memory: Mapping[str, Memory]
    form: str = ""

    @property
    def title(self) -> str:
        """The head of its column."""
        return self.form or f"{self.files:,} files"


class Ratio(NamedTuple):
    """Two cases to compare, the goal, the goal for other forms, and whether processor time is compared."""

    title: str
    case: str
    to: str
    goal: str = ""
    form_goal: str = ""
    is_of_processor: bool = False


RATIOS = (
    Ratio("cold, one process : bare YAML loop", "cold-1", "yaml", "at most 1.2 (large library)", "at most 1.6"),
    Ratio(
        "the same in processor time",
        "cold-1",
        "yaml",
        "at most 1.2 (large library)",
        "at most 1.6",
        is_of_processor=True,
    ),
    Ratio(
        "cold, two processes : bare YAML loop",
        "cold-2",
        "yaml",
        "at most 0.8 (large library, second core free)",
        "at most 1.1 (PyYAML; second core free)",
    ),
    Ratio("cold, one process : read and hash", "cold-1", "hash"),
    Ratio("unchanged, statistics : cold, one process", "warm", "cold-1", "at most 1/30 (large library)"),
    Ratio("unchanged, statistics : cold, two processes", "warm", "cold-2"),
    Ratio("unchanged, all findings : cold, one process", "concise", "cold-1", "at most 1/12 (large library)"),
    Ratio("unchanged, all findings : cold, two processes", "concise", "cold-2"),
    Ratio("one body changed : cold, one process", "body", "cold-1", "at most 1/50 (large library)"),
    Ratio("one link changed : cold, one process", "link", "cold-1", "at most 1/50 (large library)"),
    Ratio("one body changed : cold, two processes", "body", "cold-2"),
    Ratio("cold, two processes : rumdl, cold", "cold-2", "rumdl-cold"),
    Ratio("unchanged, statistics : rumdl, cached", "warm", "rumdl-warm"),
)

START_UP_GOALS = {"version": "at most 3", "help": "at most 3", "alone": "at most 12"}

_INTRODUCTION = """\
# Performance

<!-- Written by `python -m benchmarks.run`: run that, do not edit. -->

See how long a run takes for a library of your size, and how much memory it needs.

- **Cache**: patternlint stores analysis results in the cache folder of the user ([details](security.md#the-cache)), under the
  content of each file and everything else that affects the result: patternlint itself, configuration, specifications and
  rules. A second run over an unchanged library reads no file. The result is the same without a cache (`--no-cache`) and
  with a damaged one. You can delete it at any time. `--cache-dir` sets another folder.
- **Processes**: from several hundred files on, patternlint uses all processors. `--jobs N` sets the number of processes. The
  output is the same for any number.
- **Profile**: `patternlint --timing --no-cache` shows the time per stage and per rule.

A run reads each file once. Fast line readers parse the usual form of front matter and text; libyaml and a CommonMark parser
parse the rest. Compiled JSON Schemas validate the data.

## Method

The benchmarks measure whole processes on generated libraries (`benchmarks/generate.py`): copies of real patterns with
different names, whose links lead to each other. Each round runs every case once; the files are in the page cache. Seconds
are medians. A ratio is the median of the ratios within the rounds, so that other load on the machine cancels out.

- **cold**: with a new, empty cache. **unchanged**: with the cache of the previous run.
- **bare loops**: a few lines of Python in one process that walk the folders, read the files, and discard the result.
- **rumdl**: a linter for Markdown style, written in Rust, for comparison. It has other rules, and uses all processors by
  default.

"""


_FORMS = """\
The same measurements on libraries in other forms: the data of the source, with front matter written by PyYAML or with lists in
brackets and quotes, with CRLF, and with a byte order mark. The first one has the patterns of specification 8.2 only.
"""


def write_page(results: Sequence[Result], start_up: Mapping[str, Sequence[Sample]], titles: Mapping[str, str]) -> str:
    """Return the page.

    Args:
        results: measurements on each library, smallest first, those in other forms last.
        start_up: runs of the start-up cases, the bare interpreter first.
        titles: title of each case in the tables.
    """
    parts = [_INTRODUCTION, "\n".join(_machine(results)) + "\n"]
    written = [one for one in results if not one.form]
    others = [one for one in results if one.form]
    if written:
        parts += _sections(written, titles)
    if others:
        parts += ["## Other forms\n", _FORMS, *_form_sections(others, titles)]
    if start_up.get(BARE):
        parts += ["## Start-up\n", _start_up(start_up, titles)]
    return "\n".join(parts)


def _sections(results: Sequence[Result], titles: Mapping[str, str]) -> Iterator[str]:
    yield "## Time\n"
    yield _times(results, titles)
    yield "## Ratios\n"
    yield _ratios(results, [ratio.goal for ratio in RATIOS])
    yield "## Growth\n"
    yield _table(
        ["", *(one.title for one in results), "goal"],
        [
            ["cold, one process, ms per file", *(_a_file(one, "cold-1") for one in results), ""],
            ["the same, relative to the first column", *_growth(results, "cold-1"), "at most 1.2"],
            ["unchanged, statistics, relative to the previous column", *_steps(results, "warm"), "100,000: under 2"],
        ],
    )
    yield "## Memory\n"
    yield (
        "Peak of the largest process over all runs; for several processes also the peak of all together, sampled twenty times "
        "per second, with shared memory counted once.\n"
    )
    yield _memory_table(results, titles)


def _form_sections(results: Sequence[Result], titles: Mapping[str, str]) -> Iterator[str]:
    yield _times(results, titles)
    yield _ratios(results, [ratio.form_goal for ratio in RATIOS])
    yield _memory_table(results, titles)


def _times(results: Sequence[Result], titles: Mapping[str, str]) -> str:
    return _table(
        ["seconds", *(one.title for one in results)],
        [[titles[name], *(_seconds(one.samples.get(name, ())) for one in results)] for name in _names(results)],
    )


def _ratios(results: Sequence[Result], goals: Sequence[str]) -> str:
    rows = [
        [ratio.title, *(_ratio(one, ratio) for one in results), goal] for ratio, goal in zip(RATIOS, goals, strict=True)
    ]
    return _table(
        ["", *(one.title for one in results), "goal"], [row for row in rows if any(cell != "–" for cell in row[1:-1])]
    )


def _memory_table(results: Sequence[Result], titles: Mapping[str, str]) -> str:
    return _table(["MiB", *(one.title for one in results), "goal"], list(_memory(results, titles)))


def _machine(results: Sequence[Result]) -> Iterator[str]:
    """Yield the properties of the machine and the libraries."""
    cores = [one for result in results for one in result.cores]
    yield f"- {os.cpu_count()} cores ({platform.machine()}), {platform.system()}, Python {platform.python_version()}, patternlint {__version__}"
    for result in results:
        runs = max((len(samples) for samples in result.samples.values()), default=0)
        form = f", {result.form}" if result.form else ""
        yield f"- {result.files:,} files{form}: {result.size / MIB:,.0f} MiB, {runs} round{'s' if runs != 1 else ''}"
    if cores:
        yield (
            f"- Second core: beside a busy process, a second process ran at {median(cores):.0%} of its speed "
            f"(median; {min(cores):.0%} to {max(cores):.0%})"
        )


def _names(results: Sequence[Result]) -> list[str]:
    return list(dict.fromkeys(name for one in results for name in one.samples))


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---", *("---:" for _ in head[1:])], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _wall(samples: Sequence[Sample]) -> float:
    return median(sample.wall for sample in samples)


def _seconds(samples: Sequence[Sample]) -> str:
    return _number(_wall(samples)) if samples else "–"


def _number(value: float) -> str:
    return f"{value:.2f}" if value < 100 else f"{value:.0f}"  # noqa: PLR2004 - three significant digits


def _as_ratio(value: float) -> str:
    return f"{value:.2f}" if value > 0.5 else f"1/{1 / value:.1f}"  # noqa: PLR2004 - small ratios are easier to read as fractions


def _paired(samples: Sequence[Sample], others: Sequence[Sample], *, of_processor: bool = False) -> float:
    pairs = zip(samples, others, strict=True)
    return median(one.cpu / other.cpu if of_processor else one.wall / other.wall for one, other in pairs)


def _ratio(result: Result, ratio: Ratio) -> str:
    samples, others = result.samples.get(ratio.case, ()), result.samples.get(ratio.to, ())
    return _as_ratio(_paired(samples, others, of_processor=ratio.is_of_processor)) if samples and others else "–"


def _a_file(result: Result, name: str) -> str:
    samples = result.samples.get(name, ())
    return f"{_wall(samples) / result.files * 1000:.3f}" if samples else "–"


def _growth(results: Sequence[Result], name: str) -> list[str]:
    """Return the time per file relative to the first library."""
    return _against(results, name, lambda _: results[0], lambda one, value: value / one.files)


def _steps(results: Sequence[Result], name: str) -> list[str]:
    """Return the total time relative to the previous library."""
    before = dict(zip((one.files for one in results[1:]), results, strict=False))
    return _against(results, name, lambda one: before.get(one.files), lambda _, value: value)


def _against(
    results: Sequence[Result],
    name: str,
    other: Callable[[Result], Result | None],
    weigh: Callable[[Result, float], float],
) -> list[str]:
    cells: list[str] = []
    for one in results:
        base = other(one)
        if base is None or not (one.samples.get(name) and base.samples.get(name)):
            cells.append("–")
            continue
        cells.append(f"{weigh(one, _wall(one.samples[name])) / weigh(base, _wall(base.samples[name])):.2f}")
    return cells


def _memory(results: Sequence[Result], titles: Mapping[str, str]) -> Iterator[list[str]]:
    for name in _names(results):
        peaks = [max((sample.peak for sample in one.samples.get(name, ())), default=0) for one in results]
        yield [f"{titles[name]}: largest process", *(f"{peak / MIB:.0f}" if peak else "–" for peak in peaks), ""]
    for name in dict.fromkeys(name for one in results for name in one.memory):
        together = [one.memory.get(name) for one in results]
        cells = [f"{one.proportional / MIB:.0f} ({one.processes} processes)" if one else "–" for one in together]
        yield [f"{titles[name]}: all processes", *cells, "100,000: at most 600"]


def _start_up(samples: Mapping[str, Sequence[Sample]], titles: Mapping[str, str]) -> str:
    rows = [
        [
            titles[name],
            f"{_wall(runs) * 1000:.0f}",
            f"{_paired(runs, samples[BARE]):.1f}",
            START_UP_GOALS.get(name, ""),
        ]
        for name, runs in samples.items()
    ]
    return _table(["", "ms", "ratio", "goal (ratio)"], rows)
