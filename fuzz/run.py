"""Looks for files that break a promise: `python -m fuzz.run [--seconds N] [--count N] [--seed N] [--random]`.

Coverage-guided where atheris is installed, else random changes of the seeds. What breaks a promise is written to
`fuzz/findings/` (not under version control); mended, it becomes a test in `tests/test_fuzz_findings.py`.
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
TELL_EVERY = 10_000
STUCK = 10.0
"""Who is still at it after so many seconds of computing is stopped; more than `promises.SECONDS` breaks a promise."""


class StuckError(BaseException):
    """A file took far too long. No error, so that nobody catches it on the way."""


class Search:
    """Tries files until time or count is used up."""

    def __init__(self, seconds: float, count: int, seed: int) -> None:
        self.begun = time.monotonic()
        self.seconds = seconds
        self.count = count
        self.tried = 0
        self.stages: Counter[str] = Counter()
        self.found: dict[str, Path] = {}
        self.stopped = False
        self.chance = random.Random(seed)  # noqa: S311 - no secret

    def one(self, data: bytes) -> None:
        """Try one file."""
        from fuzz.promises import check  # noqa: PLC0415 - after atheris has begun to watch

        self.tried += 1
        if self.tried % TELL_EVERY == 0:
            self.tell()
        try:
            signal.setitimer(signal.ITIMER_VIRTUAL, STUCK, STUCK)
            self.stages.update(check(data, self.tried))
        except (Exception, StuckError) as error:  # noqa: BLE001 - any of them breaks a promise
            self._keep(data, error)
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)

    def _keep(self, data: bytes, error: BaseException) -> None:
        """Write a file that breaks a promise, the first of its kind."""
        kind = f"{type(error).__name__}: {error}"
        if kind not in self.found:
            FINDINGS.mkdir(exist_ok=True)
            path = FINDINGS / f"{hashlib.sha256(data).hexdigest()[:12]}.md"
            path.write_bytes(data)
            self.found[kind] = path
            sys.stdout.write(f"fuzz/findings/{path.name}: {kind}\n")
            sys.stdout.flush()

    @property
    def over(self) -> bool:
        """Whether time or count is used up, or somebody has had enough."""
        return self.stopped or self.tried >= self.count or time.monotonic() - self.begun >= self.seconds

    def stop(self, _signal: int, _frame: FrameType | None) -> None:
        """Stop after the file that is being tried."""
        self.stopped = True

    def tell(self) -> int:
        """Print what has come of it so far, and return the exit code."""
        seconds = time.monotonic() - self.begun
        sys.stdout.write(
            f"{self.tried:,} files tried in {seconds:,.0f} seconds, {time.process_time():,.0f} of them of computing; "
            f"{len(self.found):,} kinds of broken promises\n"
        )
        sys.stdout.writelines(f"  {count:>11,}  {stage}\n" for stage, count in sorted(self.stages.items()))
        sys.stdout.flush()
        return 1 if self.found else 0


def _stuck(_signal: int, _frame: FrameType | None) -> None:
    message = f"still at it after {STUCK:.0f} seconds"
    raise StuckError(message)


def search_at_random(search: Search) -> int:
    """Try random changes of the seeds."""
    from fuzz.changes import change, seeds  # noqa: PLC0415 - after atheris has begun to watch

    start = list(seeds())
    for data in start:
        if search.over:
            break
        search.one(data)
    while not search.over:
        search.one(change(search.chance.choice(start), start, search.chance))
    return search.tell()


def search_by_coverage(search: Search) -> None:
    """Let atheris search; it ends the process."""
    import atheris  # type: ignore[import-not-found, import-untyped, unused-ignore]  # noqa: PLC0415 - not everybody has it

    with atheris.instrument_imports(include=["patternlint", "rules"]):
        from fuzz.changes import MAX_SIZE, change, seeds  # noqa: PLC0415

        start = list(seeds())
    for data in start:
        search.one(data)

    def try_one(data: bytes) -> None:
        search.one(data)
        if search.over:
            os._exit(search.tell())

    def mutate(data: bytes, max_size: int, seed: int) -> bytes:
        chance = random.Random(seed)  # noqa: S311 - no secret
        base = data if len(data) > 3 and chance.random() < 0.6 else chance.choice(start)  # noqa: PLR2004 - worth changing
        return change(base, start, chance)[:max_size]

    # Without `len_control=0` the size grows from few bytes only. Signals and slow files are ours; what does not even come
    # back to Python is left to the fuzzer, which writes the file and ends the process.
    FINDINGS.mkdir(exist_ok=True)
    flags = [f"-max_len={MAX_SIZE}", "-len_control=0", "-rss_limit_mb=2000", "-verbosity=0"]
    flags += ["-timeout=60", "-handle_term=0", "-handle_int=0", f"-artifact_prefix={FINDINGS}/"]
    atheris.Setup([sys.argv[0], *flags, f"-seed={search.chance.randrange(1, 2**31)}"], try_one, custom_mutator=mutate)
    atheris.Fuzz()


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(description="Looks for files that break a promise.")
    parser.add_argument("--seconds", type=float, default=60.0, help="stop after so long (default: 60)")
    parser.add_argument("--count", type=int, default=10**9, help="stop after so many files")
    parser.add_argument("--seed", type=int, default=1, help="another seed tries other files")
    parser.add_argument("--random", action="store_true", help="random changes, also where atheris is installed")
    options = parser.parse_args()
    search = Search(options.seconds, options.count, options.seed)
    signal.signal(signal.SIGVTALRM, _stuck)
    signal.signal(signal.SIGTERM, search.stop)
    signal.signal(signal.SIGINT, search.stop)
    if not options.random:
        try:
            search_by_coverage(search)
        except ImportError:
            sys.stdout.write("atheris is not installed: random changes of the seeds\n")
    return search_at_random(search)


if __name__ == "__main__":
    sys.exit(main())
