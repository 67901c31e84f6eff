from __future__ import annotations

import random
from collections.abc import Iterator

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.library.entry import Entry
from patternlint.library.library import Library
from patternlint.linter.linter import Linter
from patternlint.linter.registry import Registry
from patternlint.linter.selection import select
from patternlint.parser.parser import parse
from patternlint.source import Source
from patternlint.spec.model import SpecRegistry
from tests.support.command import ROOT

PATTERNS = sorted((ROOT / "examples" / "library").glob("*-*.md"))
ODD = (
    *("", "null", "[]", "{}", "7", "true", "''", "x", "- a", "ü vs. ß", "2026-02-17", "0x1F", "'it''s'", '"a\\nb"'),
    *(".inf", ".nan", "-1.25e3", "3.14159", "9" * 400, f"{'9' * 40}.5", "1e999"),
    *("[a, [b]]", "{a: {b: c}}", "[{slug: 3}, {}, null, {id: a}, [b]]", "&x 3", "*x", "!!str 3", "!!float 4.25"),
    *("|\n  a\n  b", ">-\n  ", "[" * 20, "x" * 40_000, "- " * 5_000),
)
TIMES = 600


def spoil(text: str, chance: random.Random) -> str:
    """Return a pattern file in which a few lines of front matter and body are deleted, duplicated, or have odd values."""
    lines = text.split("\n")
    for _ in range(chance.randint(1, 8)):
        reach = lines.index("---", 1) if chance.random() < 0.9 and "---" in lines[1:] else len(lines)
        place, other = chance.randrange(reach), chance.randrange(len(lines))
        key, colon, _ = lines[place].partition(":")
        mark, dash, _ = lines[place].partition("- ")
        what = chance.random()
        if colon and what < 0.8:
            lines[place] = f"{key}: {chance.choice(ODD)}"
        elif dash and what < 0.8:
            lines[place] = f"{mark}- {chance.choice(ODD)}"
        elif what < 0.87:
            del lines[place]
        elif what < 0.94:
            lines[place], lines[other] = lines[other], lines[place]
        else:
            lines.insert(place, lines[other])
    return chance.choice(("\n", "\n", "\r\n")).join(lines)


def test_no_rule_raises_on_corrupted_patterns(specs: SpecRegistry, registry: Registry) -> None:
    chance = random.Random(20_260_217)  # noqa: S311 - the same files every time
    engine = Linter(select(registry, specs, pedantic=True))
    texts = [path.read_text(encoding="utf-8") for path in PATTERNS]
    entries: list[Entry] = []

    def findings() -> Iterator[Diagnostic]:
        for number in range(TIMES):
            source = Source(f"{number}.md", spoil(chance.choice(texts), chance).encode())
            result = engine.lint_file(parse(source, specs))
            entries.extend([result.entry] if result.entry is not None else [])
            yield from result.own.findings
        yield from engine.lint_library(Library.build(entries, specs), lambda _: frozenset())

    assert [found.message for found in findings() if found.rule == "internal-error"] == []
    assert len(entries) > TIMES / 2
