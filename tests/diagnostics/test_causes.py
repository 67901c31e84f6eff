"""Findings are gathered by their causes."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from patternlint.diagnostics.causes import Cause, CauseCollector, by_weight, causes_of_most, collect_causes
from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.diagnostics.fix import Fix, Safety
from patternlint.diagnostics.severity import Severity


def finding(path: str, message: str, subject: str = "", rule: str = "r", title: str = "") -> Diagnostic:
    fix = Fix(title, Safety.UNSAFE, ()) if title else None
    return Diagnostic(path, rule, Severity.WARNING, message, subject=subject, help=f"see {message}", fix=fix)


def messages(found: Iterable[Diagnostic]) -> list[tuple[str, int, int]]:
    return [(one.message, one.count, one.files) for one in collect_causes(found)]


def test_findings_with_one_subject_have_one_cause() -> None:
    found = [
        finding("a", "`hub` does not link back to `öven` under `enables`", "hub"),
        finding("a", "`hub` does not link back to `öven` under `requires`", "hub"),
        finding("b", "`hub` does not link back to `bread` under `requires`", "hub"),
        finding("b", "`other` does not link back to `bread` under `requires`", "other"),
    ]
    assert messages(found) == [
        ("`hub` does not link back to … under …", 3, 2),
        ("`other` does not link back to `bread` under `requires`", 1, 1),
    ]


def test_without_subject_what_is_in_backticks_and_numbers_may_differ() -> None:
    found = [
        finding("a", "score `x` has 2 decimals"),
        finding("b", "score `y` has 2 decimals"),
        finding("c", "score `y` has 1,500.25 decimals"),
        finding("d", "score of `y` has 2 decimals"),
    ]
    assert messages(found) == [("score … has … decimals", 3, 3), ("score of `y` has 2 decimals", 1, 1)]


def test_texts_that_differ_in_other_parts() -> None:
    found = [finding("a", "no slug `x`", "x", title="add `x`"), finding("b", "no pattern has the id `x`", "x")]
    (cause,) = collect_causes(found)
    assert (cause.message, cause.help) == ("no slug `x`", "")
    assert (cause.fix, cause.safety) == ("add `x`", Safety.UNSAFE)


def test_the_most_important_come_first() -> None:
    base = Cause("r", Severity.WARNING, "", "m", "", 10, 1)
    fixable = replace(base, count=6, safety=Safety.SAFE)
    error = replace(base, count=3, severity=Severity.ERROR, subject="z")
    info = replace(base, count=29, severity=Severity.INFO)
    assert by_weight([info, error, base, fixable]) == (fixable, base, info, error)


@pytest.mark.parametrize(
    ("counts", "expected"), [((), 0), ((5,), 1), ((80, 20), 1), ((79, 21), 2), ((1,) * 10, 8), ((20, 80), 1)]
)
def test_how_many_account_for_most(counts: tuple[int, ...], expected: int) -> None:
    assert causes_of_most([Cause("r", Severity.INFO, "", "", "", count, 1) for count in counts]) == expected


TEXTS = st.text(alphabet="ab`1, ", max_size=12)


@given(st.lists(st.tuples(st.sampled_from("ab"), TEXTS, st.sampled_from(["", "x"])), max_size=30))
def test_every_finding_has_exactly_one_cause(made: list[tuple[str, str, str]]) -> None:
    found = [finding(*one) for one in sorted(made)]
    collector = CauseCollector()
    numbers = [collector.add(one) for one in found]
    causes = collector.causes()
    assert [numbers.count(number) for number in range(len(causes))] == [one.count for one in causes]
    for number, cause in enumerate(causes):
        mine = [one for one, other in zip(found, numbers, strict=True) if other == number]
        assert cause.files == len({one.path for one in mine})
        assert len(mine) > 1 or cause.message == mine[0].message
