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
    """

    files: int
    size: int
    samples: Mapping[str, Sequence[Sample]]
    cores: Sequence[float]
    memory: Mapping[str, Memory]


class Ratio(NamedTuple):
    """Two cases to compare, and the goal."""

    title: str
    case: str
    to: str
    goal: str = ""


RATIOS = (
    Ratio("cold, one process : bare YAML loop", "cold-1", "yaml", "at most 1.5 (54,266 files)"),
    Ratio("cold, two processes : bare YAML loop", "cold-2", "yaml", "at most 0.9 (54,266 files, second core free)"),
    Ratio("cold, one process : read and hash", "cold-1", "hash"),
    Ratio("unchanged, statistics : cold, one process", "warm", "cold-1", "at most 1/30 (54,266 files)"),
    Ratio("unchanged, statistics : cold, two processes", "warm", "cold-2"),
    Ratio("unchanged, all findings : cold, one process", "concise", "cold-1", "at most 1/12 (54,266 files)"),
    Ratio("unchanged, all findings : cold, two processes", "concise", "cold-2"),
    Ratio("one body changed : cold, one process", "body", "cold-1", "at most 1/50 (54,266 files)"),
    Ratio("one link changed : cold, one process", "link", "cold-1", "at most 1/50 (54,266 files)"),
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


def write_page(results: Sequence[Result], start_up: Mapping[str, Sequence[Sample]], titles: Mapping[str, str]) -> str:
    """Return the page.

    Args:
        results: measurements on each library, smallest first.
        start_up: runs of the start-up cases, the bare interpreter first.
        titles: title of each case in the tables.
    """
    parts = [_INTRODUCTION, "\n".join(_machine(results)) + "\n"]
    if results:
        parts += _sections(results, titles)
    if start_up.get(BARE):
        parts += ["## Start-up\n", _start_up(start_up, titles)]
    return "\n".join(parts)


def _sections(results: Sequence[Result], titles: Mapping[str, str]) -> Iterator[str]:
    head = [f"{one.files:,} files" for one in results]
    yield "## Time\n"
    yield _table(
        ["seconds", *head],
        [[titles[name], *(_seconds(one.samples.get(name, ())) for one in results)] for name in _names(results)],
    )
    yield "## Ratios\n"
    rows = [[ratio.title, *(_ratio(one, ratio) for one in results), ratio.goal] for ratio in RATIOS]
    yield _table(["", *head, "goal"], [row for row in rows if any(cell != "–" for cell in row[1:-1])])
    yield "## Growth\n"
    yield _table(
        ["", *head, "goal"],
        [
            ["cold, one process, ms per file", *(_a_file(one, "cold-1") for one in results), ""],
            ["the same, relative to the first column", *_growth(results, "cold-1"), "at most 1.3"],
            ["unchanged, statistics, relative to the previous column", *_steps(results, "warm"), "100,000: under 2"],
        ],
    )
    yield "## Memory\n"
    yield (
        "Peak of the largest process over all runs; and peak of all processes together, sampled twenty times per second, "
        "with shared memory counted once.\n"
    )
    yield _table(["MiB", *head, "goal"], list(_memory(results, titles)))


def _machine(results: Sequence[Result]) -> Iterator[str]:
    """Yield the properties of the machine and the libraries."""
    cores = [one for result in results for one in result.cores]
    yield f"- {os.cpu_count()} cores ({platform.machine()}), {platform.system()}, Python {platform.python_version()}, patternlint {__version__}"
    for result in results:
        runs = max((len(samples) for samples in result.samples.values()), default=0)
        yield f"- {result.files:,} files: {result.size / MIB:,.0f} MiB, {runs} round{'s' if runs != 1 else ''}"
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


def _paired(samples: Sequence[Sample], others: Sequence[Sample]) -> float:
    return median(one.wall / other.wall for one, other in zip(samples, others, strict=True))


def _ratio(result: Result, ratio: Ratio) -> str:
    samples, others = result.samples.get(ratio.case, ()), result.samples.get(ratio.to, ())
    return _as_ratio(_paired(samples, others)) if samples and others else "–"


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
        yield [f"{titles[name]}: all processes", *cells, "100,000: at most 700"]


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
