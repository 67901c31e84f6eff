"""Looks for files that break a promise: `python -m fuzz.run [--seconds N] [--count N]`.

Coverage-guided where atheris is installed, else random changes of the seeds. What breaks a promise is written to
`fuzz/findings/`; mended, it becomes a test in `tests/test_fuzz_findings.py`.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
EXAMPLES = HERE.parent / "examples"
FINDINGS = HERE / "findings"
TELL_EVERY = 10_000
_TOKENS = (
    *(b"---\n", b"\n---\n", b": ", b"- ", b"[]", b"{}", b"null", b"# ", b"\r\n", b"\t", b"\xef\xbb\xbf", b"&a ", b"*a"),
    *(
        b"|\n",
        b">-\n",
        b'"',
        b"'",
        b"\xe2\x80\xa8",
        b"\xc2\x85",
        b"\xff",
        b"<!-- ",
        b" -->",
        b"```\n",
        b"~~~\n",
        b"!!str ",
    ),
    *(b"# patternlint: ignore[key-order]\n", b"<!-- patternlint: ignore -->\n", b"### Section 2: Problem\n", b"    "),
    *(
        "═".encode() * 67,
        "👩‍🌾".encode(),
        b"relationships:\n",
        b"  requires:\n",
        b"weight: 0.5\n",
        b"\n\n\n",
        b"<<: ",
        b"? ",
    ),
)


def all_seeds() -> list[bytes]:
    """Return what the search starts from."""
    from fuzz.promises import seeds  # noqa: PLC0415 - after atheris has begun to watch

    return [*(path.read_bytes() for path in sorted(EXAMPLES.rglob("*.md"))), *seeds()]


def change(data: bytes, seeds: Sequence[bytes], chance: random.Random) -> bytes:
    """Return `data` with a few changes as slips of people, tools and enemies make them."""
    text = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 8))):
        at = chance.randrange(len(text) + 1)
        end = min(len(text), at + chance.choice((1, 2, 8, 40, 300)))
        match chance.randrange(7):
            case 0:
                text[at:end] = b""
            case 1:
                text[at:at] = chance.choice(_TOKENS)
            case 2:
                text[at:end] = chance.choice(_TOKENS)
            case 3:
                text[at:at] = text[at:end] * chance.choice((1, 2, 30))
            case 4:
                other = chance.choice(seeds)
                start = chance.randrange(len(other) + 1)
                text[at:end] = other[start : start + chance.choice((4, 40, 400))]
            case 5 if at < len(text):
                text[at] = chance.randrange(256)
            case _:
                lines = text.split(b"\n")
                one, two = chance.randrange(len(lines)), chance.randrange(len(lines))
                lines[one], lines[two] = lines[two], lines[one]
                text = bytearray(b"\n".join(lines))
    return bytes(text)


class Search:
    """Tries files until time or count is used up."""

    def __init__(self, seconds: float, count: int, seed: int) -> None:
        self.end = time.monotonic() + seconds
        self.count = count
        self.tried = 0
        self.found: dict[str, Path] = {}
        self.chance = random.Random(seed)  # noqa: S311 - no secret

    def one(self, data: bytes) -> None:
        """Try one file."""
        from fuzz.promises import check  # noqa: PLC0415 - see above

        self.tried += 1
        if self.tried % TELL_EVERY == 0:
            sys.stdout.write(f"{self.tried:,} files tried\n")
            sys.stdout.flush()
        try:
            check(data)
        except Exception as error:  # noqa: BLE001 - any of them breaks a promise
            self._keep(data, error)

    def _keep(self, data: bytes, error: Exception) -> None:
        """Write a file that breaks a promise, the first of its kind."""
        kind = f"{type(error).__name__}: {error}"
        if kind not in self.found:
            FINDINGS.mkdir(exist_ok=True)
            path = FINDINGS / f"{hashlib.sha256(data).hexdigest()[:12]}.md"
            path.write_bytes(data)
            self.found[kind] = path
            sys.stdout.write(f"{path.relative_to(HERE.parent)}: {kind}\n")
            sys.stdout.flush()

    @property
    def over(self) -> bool:
        """Whether time or count is used up."""
        return self.tried >= self.count or time.monotonic() >= self.end

    def tell(self) -> int:
        """Print what came of it, and return the exit code."""
        sys.stdout.write(f"{self.tried:,} files tried, {len(self.found):,} kinds of broken promises\n")
        sys.stdout.flush()
        return 1 if self.found else 0


def search_at_random(search: Search) -> int:
    """Try random changes of the seeds."""
    seeds = all_seeds()
    for data in seeds:
        search.one(data)
    while not search.over:
        search.one(change(search.chance.choice(seeds), seeds, search.chance))
    return search.tell()


def search_by_coverage(search: Search) -> None:
    """Let atheris search; it ends the process."""
    import os  # noqa: PLC0415 - with atheris alone

    import atheris  # type: ignore[import-not-found, import-untyped, unused-ignore]  # noqa: PLC0415 - not everybody has it

    with atheris.instrument_imports(include=["patternlint", "rules"]):
        seeds = all_seeds()
    for data in seeds:
        search.one(data)

    def try_one(data: bytes) -> None:
        search.one(data)
        if search.over:
            os._exit(search.tell())

    def mutate(data: bytes, max_size: int, seed: int) -> bytes:
        chance = random.Random(seed)  # noqa: S311 - no secret
        base = data if len(data) > 3 and chance.random() < 0.8 else chance.choice(seeds)  # noqa: PLR2004 - worth changing
        return change(base, seeds, chance)[:max_size]

    atheris.Setup([sys.argv[0], "-max_len=20000", "-rss_limit_mb=2000"], try_one, custom_mutator=mutate)
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
    if not options.random:
        try:
            search_by_coverage(search)
        except ImportError:
            sys.stdout.write("atheris is not installed: random changes of the seeds\n")
    return search_at_random(search)


if __name__ == "__main__":
    sys.exit(main())
