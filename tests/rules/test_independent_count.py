from __future__ import annotations

import shutil
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.diagnostics.severity import Severity
from patternlint.library.library import Library
from patternlint.linter.linter import Linter
from patternlint.linter.registry import Registry, built_in_rules
from patternlint.linter.selection import select
from patternlint.parser.parser import parse
from patternlint.source import Source
from patternlint.spec.loader import load_specs
from tests.support.independent_count import Counts, count
from tests.support.real_files import CORPUS, needs_corpus, real_files, sampled

RULES = (
    "confidence-mismatch",
    "dangling-target",
    "duplicate-target",
    "id-format",
    "id-not-uuid7",
    "label-junk",
    "missing-inverse",
    "missing-reciprocal",
    "overall-score-mean",
    "section-missing",
    "self-reference",
    "slug-filename",
    "type-conflict",
)
BY_LIST = ("dangling-target", "duplicate-target", "missing-inverse", "missing-reciprocal", "self-reference")
SHOWN = 20


def found(root: Path) -> tuple[Diagnostic, ...]:
    """Return what patternlint finds in the library under `root` with the rules that are counted."""
    specs = load_specs()
    engine = Linter(select(Registry(built_in_rules()), specs, chosen=RULES))
    sources = (Source(path.relative_to(root).as_posix(), path.read_bytes()) for path in sorted(root.rglob("*.md")))
    results = [engine.lint_file(parse(source, specs)) for source in sources]
    library = Library.build([result.entry for result in results if result.entry is not None], specs)
    library_diagnostics = engine.lint_library(library, lambda _: frozenset())
    return (*(finding for result in results for finding in result.own.findings), *library_diagnostics)


def list_of(finding: Diagnostic) -> str:
    """Return the list of links that a finding is in, for the rules that are counted by list."""
    names = [str(step) for step in finding.route if isinstance(step, str)]
    if finding.rule not in BY_LIST:
        return ""
    return names[1] if names[:1] in (["relationships"], ["graph_garden"]) else names[0]


def differences(expected: Counts, findings: tuple[Diagnostic, ...], rule: str) -> list[str]:
    """Say, file by file, where the two counts of a rule differ, with what patternlint found there."""
    here: defaultdict[tuple[str, str], list[Diagnostic]] = defaultdict(list)
    for finding in findings:
        if finding.rule == rule:
            here[finding.path, list_of(finding)].append(finding)
    counts = Counter({(path, kind): times for (path, name, kind), times in expected.items() if name == rule})
    messages: list[str] = []
    for path, kind in sorted(counts.keys() | here.keys()):
        mine = here.get((path, kind), [])
        if len(mine) != counts[path, kind]:
            shown = "".join(f"\n    line {finding.region.line}: {finding.message}" for finding in mine)
            where = f"{path} ({kind})" if kind else path
            messages.append(f"{where}: counted {counts[path, kind]}, patternlint finds {len(mine)}{shown}")
    return messages


@needs_corpus
@sampled
@pytest.mark.parametrize("name", ["commons-os", "luebeck"])
def test_patternlint_finds_what_a_count_by_other_means_finds(name: str, tmp_path: Path, *, sample: bool) -> None:
    root = tmp_path / name
    for path in real_files(name, sample=sample):
        copy = root / path.relative_to(CORPUS / name)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    expected, findings = count(root), found(root)
    assert {finding.rule for finding in findings} <= set(RULES)
    messages = {rule: differences(expected, findings, rule) for rule in RULES}
    shown = "\n".join(
        f"{rule} differs in {len(lines)} places:\n" + "\n".join(lines[:SHOWN])
        for rule, lines in messages.items()
        if lines
    )
    assert not shown, f"\n{shown}"
    assert sum(expected.values()) == len(findings)


def test_differences_are_shown() -> None:
    one = Diagnostic("a.md", "dangling-target", Severity.ERROR, "no `x`", route=("relationships", "enables", 0, "slug"))
    expected: Counts = Counter({("a.md", "dangling-target", "enables"): 2, ("b.md", "dangling-target", "related"): 1})
    assert differences(expected, (one,), "dangling-target") == [
        "a.md (enables): counted 2, patternlint finds 1\n    line 1: no `x`",
        "b.md (related): counted 1, patternlint finds 0",
    ]
    assert differences(expected, (one,), "self-reference") == []
