"""Search for files that violate a guarantee: `python -m fuzz.run [--seconds N] [--count N] [--seed N] [--random]`.

The search is coverage-guided if atheris is installed; otherwise it changes the seeds at random. Files that violate a
guarantee are written to `fuzz/findings/` (not under version control). After the fix, move the file to
`tests/fuzz_findings/`, where `tests/test_fuzz_findings.py` checks it.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import signal
import sys
import time
from collections import Counter
from pathlib import Path
from types import FrameType

FINDINGS = Path(__file__).resolve().parent / "findings"
PROGRESS_INTERVAL = 10_000
HARD_LIMIT = 10.0
"""Processor seconds after which a check is aborted; it violates the limit `guarantees.SECONDS` long before."""


class AbortedCheck(BaseException):
    """A check that exceeded `HARD_LIMIT`. Not an `Exception`, so that no handler of the checked code catches it."""


class Search:
    """Checks files until the time or the number of files is used up."""

    def __init__(self, seconds: float, count: int, seed: int) -> None:
        self.started = time.monotonic()
        self.seconds = seconds
        self.count = count
        self.tried = 0
        self.stages: Counter[str] = Counter()
        self.violations: dict[str, Path] = {}
        self.stopped = False
        self.chance = random.Random(seed)  # noqa: S311 - not for security

    def check(self, data: bytes) -> None:
        """Check one file."""
        from fuzz.guarantees import check  # noqa: PLC0415 - atheris instruments later imports

        self.tried += 1
        if self.tried % PROGRESS_INTERVAL == 0:
            self.print_progress()
        try:
            signal.setitimer(signal.ITIMER_VIRTUAL, HARD_LIMIT, HARD_LIMIT)
            self.stages.update(check(data, self.tried))
        except (Exception, AbortedCheck) as error:  # noqa: BLE001 - any exception is a violation
            self._record(data, error)
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)

    def _record(self, data: bytes, error: BaseException) -> None:
        """Write the first file of each kind of violation."""
        kind = f"{type(error).__name__}: {error}"
        if kind not in self.violations:
            FINDINGS.mkdir(exist_ok=True)
            path = FINDINGS / f"{hashlib.sha256(data).hexdigest()[:12]}.md"
            path.write_bytes(data)
            self.violations[kind] = path
            sys.stdout.write(f"fuzz/findings/{path.name}: {kind}\n")
            sys.stdout.flush()

    @property
    def is_over(self) -> bool:
        """Whether time or number of files is used up, or a signal asked to stop."""
        return self.stopped or self.tried >= self.count or time.monotonic() - self.started >= self.seconds

    def stop(self, _signal: int, _frame: FrameType | None) -> None:
        """Stop after the current file."""
        self.stopped = True

    def print_progress(self) -> int:
        """Print the number of checked files and violations, and return the exit code."""
        seconds = time.monotonic() - self.started
        sys.stdout.write(
            f"{self.tried:,} files checked in {seconds:,.0f} seconds, {time.process_time():,.0f} of processor time; "
            f"{len(self.violations):,} kinds of violations\n"
        )
        sys.stdout.writelines(f"  {count:>11,}  {stage}\n" for stage, count in sorted(self.stages.items()))
        sys.stdout.flush()
        return 1 if self.violations else 0


def _abort(_signal: int, _frame: FrameType | None) -> None:
    message = f"aborted after {HARD_LIMIT:.0f} seconds"
    raise AbortedCheck(message)


def search_at_random(search: Search) -> int:
    """Check random changes of the seeds."""
    from fuzz.changes import change, seeds  # noqa: PLC0415 - atheris instruments later imports

    start = list(seeds())
    for data in start:
        if search.is_over:
            break
        search.check(data)
    while not search.is_over:
        search.check(change(search.chance.choice(start), start, search.chance))
    return search.print_progress()


def search_by_coverage(search: Search) -> None:
    """Search with atheris, which ends the process."""
    import atheris  # type: ignore[import-not-found, import-untyped, unused-ignore]  # noqa: PLC0415 - optional

    with atheris.instrument_imports(include=["patternlint", "rules"]):
        from fuzz.changes import MAX_SIZE, change, seeds  # noqa: PLC0415

        start = list(seeds())
    for data in start:
        search.check(data)

    def check_one(data: bytes) -> None:
        search.check(data)
        if search.is_over:
            os._exit(search.print_progress())

    def mutate(data: bytes, max_size: int, seed: int) -> bytes:
        chance = random.Random(seed)  # noqa: S311 - not for security
        base = data if len(data) > 3 and chance.random() < 0.6 else chance.choice(start)  # noqa: PLR2004 - shorter inputs are not worth changing
        return change(base, start, chance)[:max_size]

    # `len_control=0` allows long files from the start. This module handles signals and slow files. If native code does not
    # return, the fuzzer writes the file and ends the process.
    FINDINGS.mkdir(exist_ok=True)
    flags = [f"-max_len={MAX_SIZE}", "-len_control=0", "-rss_limit_mb=2000", "-verbosity=0"]
    flags += ["-timeout=60", "-handle_term=0", "-handle_int=0", f"-artifact_prefix={FINDINGS}/"]
    atheris.Setup([sys.argv[0], *flags, f"-seed={search.chance.randrange(1, 2**31)}"], check_one, custom_mutator=mutate)
    atheris.Fuzz()


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description="Search for files that violate a guarantee.")
    parser.add_argument("--seconds", type=float, default=60.0, help="stop after this time (default: 60)")
    parser.add_argument("--count", type=int, default=10**9, help="stop after this number of files")
    parser.add_argument("--seed", type=int, default=1, help="seed of the changes (default: 1)")
    parser.add_argument("--random", action="store_true", help="use random changes even if atheris is installed")
    options = parser.parse_args()
    search = Search(options.seconds, options.count, options.seed)
    signal.signal(signal.SIGVTALRM, _abort)
    signal.signal(signal.SIGTERM, search.stop)
    signal.signal(signal.SIGINT, search.stop)
    if not options.random:
        try:
            search_by_coverage(search)
        except ImportError:
            sys.stdout.write("atheris is not installed: using random changes\n")
    return search_at_random(search)


if __name__ == "__main__":
    sys.exit(main())
