"""The cost of a file and of a library grows with its size, and no faster.

Each shape is linted at one size and at four times that size. Linear work takes four times as long, quadratic work
sixteen times; so the bound is ten, in seconds of this process, and the least of several runs counts.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from time import process_time
from typing import NamedTuple

import pytest

from benchmarks.generate import copies, read_templates
from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.library.entry import Entry, build_entry
from patternlint.library.library import Library
from patternlint.linter.linter import Linter
from patternlint.linter.registry import Registry
from patternlint.linter.selection import RuleSelection, select
from patternlint.parser.parser import parse
from patternlint.run import profile
from patternlint.run.profile import Profiler
from patternlint.source import Source
from patternlint.spec.model import SpecRegistry
from tests.support.command import ROOT

TIMES = 4
BOUND = 10.0
TRIES = 4
GATE = 0.4
"""Part of each size that the gate measures; the slow tests measure all of it."""
ID = "pat_01m3250v00fay828t5cy4tqkff"
SECTIONS = (
    "Context",
    "Problem",
    "Solution",
    "Implementation",
    "Consequences",
    "Known Uses",
    "Cognitive Era",
    "Vitality",
)


class Cost(NamedTuple):
    """Seconds of the whole, and of each rule."""

    seconds: float
    rules: Mapping[str, float]


@pytest.fixture
def checks(specs: SpecRegistry, registry: Registry, monkeypatch: pytest.MonkeyPatch) -> Iterator[RuleSelection]:
    """Return all rules, ready to be timed by the clock of this process."""
    monkeypatch.setattr(profile, "perf_counter", process_time)
    gc.disable()  # as in a run
    yield select(registry, specs, chosen=("ALL",))
    gc.enable()


def check_growth(cost: Callable[[int], Cost], size: int) -> None:
    """Fail if the cost of `TIMES` the size exceeds the bound, and name the slowest rules.

    Other load on the machine can only add to a cost, so the minimum of several runs counts. They run only if needed.
    """
    small, large = cost(size), cost(size * TIMES)
    for _ in range(TRIES):
        if large.seconds < BOUND * small.seconds:
            return
        small, large = min(small, cost(size)), min(large, cost(size * TIMES))
    slowest = sorted(large.rules, key=large.rules.__getitem__, reverse=True)[:3]
    rules = ", ".join(f"{name} {small.rules.get(name, 0):.3f} to {large.rules[name]:.3f} s" for name in slowest)
    pytest.fail(f"{TIMES} times the size takes {large.seconds / small.seconds:.1f} times as long: {rules}")


# --- One file ---------------------------------------------------------------------------------------------------------


def front(relationships: str = " []", inferred: str = " []", summary: str = "Ein Satz.", more: str = "") -> str:
    return f"""---
# {"═" * 67}
# GROUP 1: CORE IDENTITY
# {"═" * 67}
id: {ID}
slug: größe
title: "Größe"
summary: >-
  {summary}
ontology:
  domain: work
  search_hints:
    primary_tension: "Öl vs. Wasser"
  commons_assessment:
    resilience: 4
relationships:
  enables:{relationships}
  requires: []
graph_garden:
  entities: []
  inferred_links:{inferred}
{more}---

"""


def items(count: int, item: str) -> str:
    return "".join(f"\n    - {item.format(i=number)}" for number in range(count))


def body(text: str) -> str:
    return front() + text


def sections(count: int, heading: str) -> str:
    return body("".join(f"{heading.format(i=i % 8 + 1, title=SECTIONS[i % 8])}\n\näpfel\n\n" for i in range(count)))


Shape = Callable[[int], str]

LINE = 10_000
LONG_LINES: Mapping[str, Shape] = {
    "words": lambda n: body("wörter " * (n // 7)),
    "blanks": lambda n: body("a" + " " * n + "b\n" + "\t" * n),
    "table row": lambda n: body("| a | b |\n|---|---|\n|" + " ä |" * (n // 4)),
    "wide table": lambda n: body("|" + " a |" * (n // 4) + "\n|" + "---|" * (n // 4) + "\n|" + " ä |" * (n // 4)),
    "emphasis": lambda n: body("*a _b " * (n // 6)),
    "strong": lambda n: body("**a" * (n // 3)),
    "brackets": lambda n: body("[" * (n // 2) + "]" * (n // 2)),
    "links": lambda n: body("[a](" * (n // 4)),
    "braces": lambda n: body("{Describe " * (n // 10)),
    "orders": lambda n: body("[State " * (n // 7)),
    "backticks": lambda n: body("".join("`" * (i % 50) + "ä" for i in range(n // 25))),
    "tags": lambda n: body("<a " * (n // 3)),
    "comments": lambda n: body("<!--" * (n // 4)),
    "suppressions": lambda n: body("<!-- patternlint: ignore[" * (n // 26)),
    "names in a suppression": lambda n: body("<!-- patternlint: ignore[" + "todo," * (n // 5) + "] -->"),
    "scores": lambda n: body("Resilience is low (3.0). " * (n // 25)),
    "leftovers": lambda n: body("TODO " * (n // 5)),
    "mojibake": lambda n: body("Ã¤Ã¶ " * (n // 5)),
    "two scripts": lambda n: body("aа, " * (n // 4)),
    "quotes": lambda n: body("> " * (n // 2) + "ä"),
    "stars": lambda n: body("> [!NOTE] Confidence Rating: " + "★" * n + " (Hoch)"),
    "tension": lambda n: body("### Section 2: Problem\n\n> **The core conflict is " + "a vs. " * (n // 6) + ".**"),
    "summary": lambda n: front(summary="wörter " * (n // 7)),
    "comment of front matter": lambda n: front(more="# " + "═" * n + "\n# " + " " * n + "x\n"),
    "plain scalar": lambda n: front(more="x: " + "a:#" * (n // 3) + "\n"),
}

MANY = 2_500
LISTS: Mapping[str, Shape] = {
    "links": lambda n: front(items(n, "{{slug: ziel-{i}, weight: 0.5}}")),
    "links to one target": lambda n: front(items(n, "{{slug: ziel, weight: 0.5}}")),
    "links to itself": lambda n: front(items(n, "{{slug: größe, weight: 0.5}}")),
    "links without a target": lambda n: front(items(n, "~")),
    "inferred links": lambda n: front(items(n, "{{slug: ziel}}"), items(n, "{{target: ziel, type: requires}}")),
    "items in brackets": lambda n: front(more=f"contributors: [{', '.join(f'ä{i}' for i in range(n))}]\n"),
    "aliases": lambda n: front(more=f"aliases: [{', '.join(f'Ä {i}' for i in range(n))}]\n"),
    "scalars that mean two things": lambda n: front(more=f"x: [{', '.join(['yes', '012'] * (n // 2))}]\n"),
    "keys": lambda n: front(more="".join(f"key{i}: 1\n" for i in range(n))),
    "keys of one name": lambda n: front(more="x: 1\n" * n),
    "keys with comments": lambda n: front(more="".join(f"# ä\nkey{i}: [a] # b\n" for i in range(n))),
    "trailing blanks": lambda n: front(more="".join(f"key{i}: 1  \n" for i in range(n))),
    "trailing blanks in a value": lambda n: front(summary=" \n  ".join(["wörter"] * n)),
    "suppressions in front matter": lambda n: front(
        more="".join(f"key{i}: 1 # patternlint: ignore[unknown-key] so\n" for i in range(n))
    ),
    "suppressions below each other": lambda n: front(more="# patternlint: ignore[unknown-key] so\n" * n),
    "suppressions": lambda n: body("<!-- patternlint: ignore[placeholder] so -->\nTODO\n\n" * n),
    "paragraphs": lambda n: body("ä\n\n" * n),
    "lines": lambda n: body("ä \n" * n).replace("\n", "\r\n"),
    "blank lines": lambda n: body("ä\n" + " \n" * n),
    "leftovers": lambda n: body("TODO\n\n" * n),
    "list items": lambda n: body("- ä\n" * n),
    "references": lambda n: body("".join(f"[{i}]: /u\n" for i in range(n)) + "[State it] " * n),
    "comments": lambda n: body("ä <!-- TODO -->\n\n" * n),
    "code blocks": lambda n: body("```\nTODO\n```\n\nTODO\n\n" * n),
    "a page in HTML": lambda n: body("<div>\n" + "TODO\n" * n),
    "conflict markers": lambda n: body("<<<<<<< a\nä\n=======\nb\n>>>>>>> c\n" * n),
    "broken front matter": lambda n: front(more="x: [\n" * n),
    "front matter without an end": lambda n: front().replace("\n---\n", "\n") + "a: b\n" * n,
}

SOME = 1_250
HEADINGS: Mapping[str, Shape] = {
    "headings": lambda n: body("".join(f"## Höhe {i}\n\ntext\n\n" for i in range(n))),
    "headings without text": lambda n: body("### Höhe\n" * n),
    "skipped levels": lambda n: body("# Höhe\n\n#### Tiefe\n\n" * (n // 2)),
    "underlined headings": lambda n: body("Höhe\n---\n\n" * n),
    "sections": lambda n: sections(n, "### Section {i}: {title}"),
    "sections by number": lambda n: sections(n, "### {i}. {title}"),
    "sections with a tail": lambda n: sections(n, "#### Section {i} - {title} Considerations"),
    "one section": lambda n: body("### Section 1: Context\n\n" * n),
    "headings and code blocks": lambda n: body("```\nä\n```\n\n### Höhe\n\n" * n),
    "code blocks with comments": lambda n: body("```\n# ä\n# b\n```\n\n### Höhe\n\n" * n),
    "a code block of comments": lambda n: body("```\n" + "# ä\n" * n),
    "headings and tags": lambda n: body("### Höhe\n\nä\n\n### <b>Tiefe</b>\n\n" * n),
    "headings in brackets": lambda n: body("### [Höhe]\n\n" * n),
}

DEEP = 250
NESTED: Mapping[str, Shape] = {
    "quotes": lambda n: body("> " * n * 10 + "ä"),
    "brackets": lambda n: front(more="x: " + "[" * n * 10 + "]" * n * 10 + "\n"),
    "braces": lambda n: front(more="x: " + "{a: " * n * 10 + "}" * n * 10 + "\n"),
    "dashes": lambda n: front(more="x:\n  " + "- " * n * 10 + "a\n"),
    "list items": lambda n: body("- " * n * 10 + "ä"),
    "emphasis": lambda n: body("*a " * n * 10 + "a*" * n * 10),
}


HUGE: Mapping[str, tuple[Shape, int]] = {
    "5 MB of text": (lambda n: body("Ein Absatz mit wörtern und [[einem-verweis]].\n\n" * (n // 48)), 1_250_000),
    "20,000 findings": (lambda n: body("TODO\n\n" * n), 5_000),
    "5,000 suppressions": (lambda n: body("<!-- patternlint: ignore[placeholder] so -->\nTODO\n\n" * n), 1_250),
}


def parameters(shapes: Mapping[str, Callable[..., str]], size: int) -> Iterator[object]:
    for name, shape in shapes.items():
        yield pytest.param(shape, int(size * GATE), id=name)
        yield pytest.param(shape, size, id=f"{name}, large", marks=pytest.mark.slow)


@pytest.mark.parametrize(
    ("shape", "size"),
    [
        *parameters({f"long line: {name}": shape for name, shape in LONG_LINES.items()}, LINE),
        *parameters({f"many: {name}": shape for name, shape in LISTS.items()}, MANY),
        *parameters({f"headings: {name}": shape for name, shape in HEADINGS.items()}, SOME),
        *parameters({f"deep: {name}": shape for name, shape in NESTED.items()}, DEEP),
        *(pytest.param(*case, id=f"huge: {name}", marks=pytest.mark.slow) for name, case in HUGE.items()),
    ],
)
def test_a_file(shape: Shape, size: int, specs: SpecRegistry, checks: RuleSelection) -> None:
    def cost(count: int) -> Cost:
        source = Source("größe.md", shape(count).encode())
        clock = Profiler()
        engine = Linter(checks, 10, clock)
        gc.collect()
        begun = process_time()
        result = engine.lint_file(parse(source, specs, named=True))
        entries = [result.entry] if result.entry is not None else []
        engine.finalize(source.path, result.own, lint_entries(engine, entries, specs))
        return Cost(process_time() - begun, clock.rules)

    check_growth(cost, size)


def lint_entries(engine: Linter, entries: Sequence[Entry], specs: SpecRegistry) -> Sequence[Diagnostic]:
    return engine.lint_library(Library.build(entries, specs), lambda _: frozenset())


# --- A library --------------------------------------------------------------------------------------------------------


def check_library(make: Callable[[int], list[Entry]], size: int, specs: SpecRegistry, checks: RuleSelection) -> None:
    known = {count: make(count) for count in (size, size * TIMES)}

    def cost(count: int) -> Cost:
        clock = Profiler()
        engine = Linter(checks, 10, clock)
        gc.collect()
        begun = process_time()
        lint_entries(engine, known[count], specs)
        return Cost(process_time() - begun, clock.rules)

    check_growth(cost, size)


def entry(path: str, text: str, specs: SpecRegistry) -> Entry:
    return build_entry(parse(Source(path, text.encode()), specs, named=True))


@pytest.mark.parametrize("size", [800, pytest.param(2_000, marks=pytest.mark.slow)])
def test_a_generated_library(size: int, specs: SpecRegistry, checks: RuleSelection) -> None:
    templates = read_templates(ROOT / "examples/library", 1)

    def make(count: int) -> list[Entry]:
        return [entry(path.as_posix(), data.decode(), specs) for path, data in copies(templates, count, 1)]

    check_library(make, size, specs, checks)


def pattern(number: int, slug: str = "", title: str = "", links: Mapping[str, Sequence[str]] | None = None) -> str:
    lists = "".join(f"  {kind}: [{', '.join(targets)}]\n" for kind, targets in (links or {}).items())
    relationships = f"relationships:\n{lists}" if lists else ""
    front_matter = f"id: {ID[:-5]}{number:05}\nslug: {slug or f's-{number}'}\ntitle: {title or f'T {number}'}\naliases: [Ähnlich]\n"
    return f"---\n{front_matter}ontology:\n  domain: work\n{relationships}---\n"


Patterns = Callable[[int, int], str]
"""Takes the number of a pattern and how many there are."""

LIBRARIES: Mapping[str, Patterns] = {
    "one slug": lambda i, _: pattern(i, slug="größe"),
    "one title": lambda i, _: pattern(i, title="Ähnlich"),
    "all to one": lambda i, _: pattern(i, links={"complementary": ["s-0"], "enables": ["s-0"]}),
    "one to all": lambda i, n: pattern(i, links={} if i else {"complementary": [f"s-{j}" for j in range(1, n)]}),
    "chain": lambda i, _: pattern(i, links={"requires": [f"s-{i + 1}"], "generalizes_from": [f"s-{i + 1}"]}),
    "ring": lambda i, n: pattern(i, links={"requires": [f"s-{(i + 1) % n}"]}),
    "rings of two": lambda i, _: pattern(i, links={"requires": [f"s-{i ^ 1}"]}),
    "ring with chords": lambda i, n: pattern(i, links={"requires": [f"s-{(i * j + 1) % n}" for j in (1, 7, 13)]}),
    "star": lambda i, n: pattern(i, links={"requires": ["s-0"] if i else [f"s-{j}" for j in range(1, n)]}),
    "unknown target": lambda i, _: pattern(i, links={"enables": ["nichts-dergleichen"]}),
    "unknown targets": lambda i, _: pattern(i, links={"enables": [f"nichts-{i}"]}),
    "slips of a letter": lambda i, _: pattern(
        i, slug=f"muster-{i:05}-der-art", links={"enables": [f"muster-{i:05}x-der-ort"]}
    ),
    "slips of a word": lambda i, _: pattern(i, slug=f"muster-groß{i}", links={"enables": [f"muster-grob{i}"]}),
    "beginnings": lambda i, _: pattern(i, slug=f"muster{i}", links={"enables": ["muster", f"muster{i}{i}{i}"]}),
}


@pytest.mark.parametrize(
    ("patterns", "size"),
    [
        *parameters(LIBRARIES, 1_000),
        *(
            pytest.param(LIBRARIES[name], 2_500, id=f"10,000 patterns: {name}", marks=pytest.mark.slow)
            for name in ("one title", "all to one")
        ),
    ],
)
def test_a_library(patterns: Patterns, size: int, specs: SpecRegistry, checks: RuleSelection) -> None:
    def make(count: int) -> list[Entry]:
        return [entry(f"{i}.md", patterns(i, count), specs) for i in range(count)]

    check_library(make, size, specs, checks)


# --- The measure itself -----------------------------------------------------------------------------------------------


def test_quadratic_work_is_noticed() -> None:
    def cost(count: int) -> Cost:
        begun = process_time()
        total = sum(number & other for number in range(count) for other in range(count))
        return Cost(process_time() - begun + total * 0, {"slow": 1.0})

    with pytest.raises(pytest.fail.Exception, match=r"4 times the size takes \d\d\.\d times as long: slow"):
        check_growth(cost, 300)


def test_linear_work_passes() -> None:
    def cost(count: int) -> Cost:
        begun = process_time()
        total = sum(number & 7 for number in range(count * 100))
        return Cost(process_time() - begun + total * 0, {})

    check_growth(cost, 300)
