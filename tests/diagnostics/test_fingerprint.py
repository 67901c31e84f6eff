from __future__ import annotations

from msgspec.structs import replace

from patternlint.diagnostics.diagnostic import Diagnostic, Label
from patternlint.diagnostics.fingerprint import fingerprints, repository_path
from patternlint.diagnostics.severity import Severity
from patternlint.source import WHOLE_FILE, Region, Span

FINDING = Diagnostic(
    "a.md",
    "dangling-target",
    Severity.ERROR,
    "no pattern has the slug `x`",
    Span(10, 11),
    Region(2, 3, 2, 4),
    ("relationships", "enables", 0, "slug"),
    "x",
)


def fingerprint(finding: Diagnostic, prefix: str = "") -> str:
    ((_, key),) = fingerprints([finding], prefix)
    return key


def test_a_fingerprint_is_short_and_stays() -> None:
    assert fingerprint(FINDING) == "afd8ece72b6bb311f23296b2ed051c88"


def test_it_stays_while_the_finding_does() -> None:
    same = replace(
        FINDING,
        severity=Severity.INFO,
        message="worded anew",
        help="h",
        span=Span(90, 91),
        region=Region(7, 3, 7, 4),
        route=("relationships", "enables", 5, "slug"),
        labels=(Label("l", WHOLE_FILE),),
    )
    assert fingerprint(same) == fingerprint(FINDING)


def test_the_key_of_a_link_is_not_part_of_it() -> None:
    for route in (("relationships", "enables", 0), ("relationships", "enables", 0, "id")):
        assert fingerprint(replace(FINDING, route=route)) == fingerprint(FINDING)


def test_it_differs_for_other_findings() -> None:
    others = (
        FINDING,
        replace(FINDING, path="b.md"),
        replace(FINDING, rule="self-reference"),
        replace(FINDING, subject="y"),
        replace(FINDING, route=("relationships", "requires", 0, "slug")),
        replace(FINDING, route=("relationships", "enables", "[]", "slug", "")),
    )
    assert len({fingerprint(one) for one in others}) == len(others)


def test_it_counts_from_the_top_of_the_repository() -> None:
    inside = replace(FINDING, path="../a.md")
    assert fingerprint(inside, "docs/") == fingerprint(FINDING)
    assert fingerprint(FINDING, "docs/") == fingerprint(replace(FINDING, path="docs/a.md"))
    assert repository_path("/x/a.md", "docs/") == "/x/a.md"
    assert repository_path("./a.md", "") == "./a.md"


def test_equal_ones_of_a_file_are_numbered() -> None:
    other = replace(FINDING, path="b.md")
    found = [key for _, key in fingerprints([FINDING, replace(FINDING, subject="y"), FINDING, FINDING, other, other])]
    key = fingerprint(FINDING)
    assert (found[0], found[2], found[3]) == (key, f"{key}#2", f"{key}#3")
    assert found[4:] == [fingerprint(other), f"{fingerprint(other)}#2"]
    assert len(set(found)) == 6


def test_undecodable_names() -> None:
    assert len(fingerprint(replace(FINDING, path="caf\udce9.md"))) == 32
