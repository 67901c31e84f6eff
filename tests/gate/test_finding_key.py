from __future__ import annotations

from collections.abc import Callable

import pytest

from patternlint.library.entry import Entry, Hub
from patternlint.library.library import Library
from patternlint.linter.linter import Linter
from patternlint.linter.registry import Registry
from patternlint.linter.selection import select
from patternlint.report.model import Report
from patternlint.spec.model import SpecRegistry

RULES = ("duplicate-id", "duplicate-slug", "duplicate-title", "alias-collision", "hub-exists", "hub-anchor")


@pytest.fixture
def names(specs: SpecRegistry, registry: Registry) -> Callable[..., list[tuple[str, str]]]:
    """Return a function that says which rules find something in which files of a library of entries."""

    def names_of(*entries: Entry) -> list[tuple[str, str]]:
        engine = Linter(select(registry, specs, chosen=RULES))
        library_diagnostics = engine.lint_library(Library.build(entries, specs), lambda _: frozenset())
        return [(finding.path, finding.rule) for finding in library_diagnostics]

    return names_of


def pattern(path: str, *aliases: str, reported: bool = True) -> Entry:
    places = tuple((0, 0) for _ in aliases)
    return Entry(path, "7.1", "pat_1", "open-table", "Open Table", aliases, alias_spans=places, internal=reported)


def test_a_copy_in_a_library_that_is_only_there_to_resolve_against_is_no_duplicate(
    names: Callable[..., list[tuple[str, str]]],
) -> None:
    assert names(pattern("a.md"), pattern("elsewhere/a.md", reported=False)) == []
    assert names(pattern("a.md", reported=False), pattern("b.md", reported=False)) == []
    both = [(path, rule) for path in ("a.md", "b.md") for rule in ("duplicate-id", "duplicate-slug", "duplicate-title")]
    assert names(pattern("a.md"), pattern("b.md"), pattern("elsewhere/a.md", reported=False)) == both


def test_an_alias_may_be_the_title_of_a_pattern_of_another_library(
    names: Callable[..., list[tuple[str, str]]],
) -> None:
    other = Entry("b.md", "7.1", "pat_2", "bench", "Bench", ("Open Table",), alias_spans=((0, 0),))
    assert names(pattern("a.md", reported=False), other) == []
    assert names(pattern("a.md"), other) == [("b.md", "alias-collision")]


@pytest.mark.parametrize(
    ("near", "found"),
    [
        pytest.param(Entry("near.md", "8.2", slug="near", orbit=1, internal=False), [], id="of another library"),
        pytest.param(Entry("near.md", "8.2", slug="near", failed_to_parse=True), [], id="that does not parse"),
        pytest.param(Entry("near.md", "7.1", slug="near"), ["hub-anchor"], id="without an orbit"),
        pytest.param(Entry("near.md", "8.2", slug="far-away", orbit=1), ["hub-exists"], id="none"),
    ],
)
def test_hubs(names: Callable[..., list[tuple[str, str]]], near: Entry, found: list[str]) -> None:
    far = Entry("far.md", "8.2", slug="far", orbit=4, hubs=(Hub(0, "near", 0, 0),))
    assert names(far, near) == [("far.md", rule) for rule in found]


def test_many_patterns_with_one_name_are_reported_fast_and_briefly(lint: Callable[..., Report]) -> None:
    files = {f"{number:04}.md": "---\nid: pat_1\nslug: a\nontology: {}\n---\n" for number in range(2000)}
    findings = list(lint(files, "duplicate-slug").findings)
    assert len(findings) == 2000
    assert all(len(finding.labels) == 5 for finding in findings)
    assert findings[0].message == "duplicate slug `a`, also in `0001.md` and 1998 more"
    assert findings[9].message == "duplicate slug `a`, also in `0000.md` and 1998 more"


def test_a_score_that_is_rounded_settles_at_the_mean(lint: Callable[..., Report]) -> None:
    """The rounded score may be too far from the mean; the mean that is then written has one decimal, too."""
    dimensions = "stakeholder_architecture value_creation resilience ownership autonomy composability fractal_value"
    scores = "".join(
        f"    {name}: {3.8 if name == 'resilience' else 3.5}\n" for name in (*dimensions.split(), "vitality")
    )

    def findings(overall: str) -> list[tuple[str, str]]:
        text = f"---\nid: pat_1\nontology:\n  commons_assessment:\n{scores}    overall_score: {overall}\n---\n"
        report = lint({"a.md": text}, "score-precision", "overall-score-mean")
        return [(finding.rule, finding.fix.title) for finding in report.findings if finding.fix is not None]

    assert findings("3.58") == [("score-precision", "replace `3.58` with `3.6`")]
    assert findings("3.6") == [("overall-score-mean", "replace `3.6` with `3.5`")]
    assert findings("3.5") == []
