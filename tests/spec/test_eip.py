"""The specification of proposals under `examples/specs/eip`, over its own example and over the real library."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import FINDINGS, OK, ROOT, patternlint
from tests.support.real_files import CORPUS

EXAMPLES = ROOT / "examples/specs"
FOREIGN = CORPUS / "foreign"

Finding = Mapping[str, Any]


def findings(folder: Path, *flags: str) -> list[Finding]:
    result = patternlint("--no-cache", "--output-format", "json", *flags, cwd=folder)
    assert result.code in (OK, FINDINGS), result.err
    found: list[Finding] = json.loads(result.out)["findings"]
    return found


def test_the_example_of_proposals_has_the_findings_that_it_promises() -> None:
    assert [f"{one['path']}:{one['line']}: {one['rule']}: {one['message']}" for one in findings(EXAMPLES / "eip")] == [
        "EIPS/eip-2.md:1: missing-key: missing key `description`",
        "EIPS/eip-2.md:3: invalid-value: `title` has 55 characters, expected at most 44",
        "EIPS/eip-2.md:8: invalid-value: `created` is `2026-02-30`, which is not a valid date",
        "EIPS/eip-2.md:9: key-order: `category` comes after `created`",
        "EIPS/eip-2.md:10: relationship-flow: `3` is `Draft`, but this proposal is `Final`",
        "EIPS/eip-2.md:10: dangling-target: no proposal has the eip `7`",
        "EIPS/eip-2.md:27: section-missing: missing section `Rationale`",
    ]


# --- Real proposals, and a count of the same with regular expressions -------------------------------------------------

ORDER = (
    *("eip", "title", "description", "author", "discussions-to", "status", "last-call-deadline", "type", "category"),
    *("created", "requires", "withdrawal-reason"),
)
REQUIRED = ("eip", "title", "description", "author", "discussions-to", "status", "type", "created")
HEADER = re.compile(r"^([\w-]+):[ \t]*(.*?)[ \t]*$", re.MULTILINE)


def headers_of(path: Path) -> dict[str, str]:
    front, _, _ = path.read_text(encoding="utf-8").removeprefix("---\n").partition("\n---\n")
    return dict(HEADER.findall(front))


def is_unordered(headers: Mapping[str, str]) -> bool:
    places = [ORDER.index(key) for key in headers if key in ORDER]
    return places != sorted(places)


COUNTS: dict[str, tuple[int, Callable[[Mapping[str, str]], bool], Callable[[Finding], bool]]] = {
    "titles that are too long": (
        53,
        lambda one: len(one.get("title", "")) > 44,
        lambda one: one["rule"] == "invalid-value" and one["route"] == "title",
    ),
    "headers in another order, or unknown": (
        432,
        lambda one: is_unordered(one) or not one.keys() <= {*ORDER},
        lambda one: one["rule"] in ("key-order", "unknown-key"),
    ),
    "missing headers": (
        194,
        lambda one: one["status"] != "Moved" and not one.keys() >= {*REQUIRED},
        lambda one: one["rule"] == "missing-key" and one["route"] != "withdrawal-reason",
    ),
    "missing reasons": (
        17,
        lambda one: one["status"] == "Withdrawn" and "withdrawal-reason" not in one,
        lambda one: one["rule"] == "missing-key" and one["route"] == "withdrawal-reason",
    ),
    "requirements that do not exist": (0, lambda _: False, lambda one: one["rule"] == "dangling-target"),
}


@pytest.fixture(scope="module")
def proposals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a library of the real proposals with the specification of the example."""
    if not (FOREIGN / "eips").is_dir():
        pytest.skip("requires the real proposals")
    folder = tmp_path_factory.mktemp("proposals")
    shutil.copytree(EXAMPLES / "eip", folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("EIPS"))
    shutil.copytree(FOREIGN / "eips", folder / "EIPS")
    return folder


@pytest.fixture(scope="module")
def of_proposals(proposals: Path) -> list[Finding]:
    return findings(proposals)


@pytest.mark.parametrize("name", COUNTS)
def test_real_proposals_have_as_many_findings_as_a_count_of_their_text(
    name: str, proposals: Path, of_proposals: list[Finding]
) -> None:
    number, has_fault, is_finding = COUNTS[name]
    expected = {f"EIPS/{path.name}" for path in (proposals / "EIPS").iterdir() if has_fault(headers_of(path))}
    assert {one["path"] for one in of_proposals if is_finding(one)} == expected
    assert len(expected) == number


def test_real_proposals_have_two_cycles(proposals: Path, of_proposals: list[Finding]) -> None:
    requires = {
        headers["eip"]: {number.strip() for number in headers.get("requires", "").split(",")}
        for headers in map(headers_of, (proposals / "EIPS").iterdir())
    }

    def reached(start: str) -> Iterator[str]:
        waiting, known = [start], set[str]()
        while waiting:
            for number in requires.get(waiting.pop(), set()) - known:
                known.add(number)
                waiting.append(number)
                yield number

    ways = {number: frozenset(reached(number)) for number in requires}
    cyclic = {frozenset(other for other in ways[one] if one in ways.get(other, ())) for one in ways if one in ways[one]}
    found = [one for one in of_proposals if one["rule"] == "cycle"]
    first = {one["path"].removeprefix("EIPS/eip-").removesuffix(".md") for one in found}
    assert len(found) == len(cyclic) == 2
    assert all(sum(number in group for number in first) == 1 for group in cyclic)


def test_real_proposals_lack_sections_where_no_heading_has_their_title(
    proposals: Path, of_proposals: list[Finding]
) -> None:
    titles = ("Abstract", "Specification", "Rationale", "Security Considerations", "Copyright")

    def lacks_section(path: Path) -> bool:
        body = re.sub(
            r"^```.*?^```", "", path.read_text(encoding="utf-8").partition("\n---\n")[2], flags=re.MULTILINE | re.DOTALL
        )
        headings = {text.strip(" *#").casefold() for text in re.findall(r"^#+[ \t]+(.*)$", body, re.MULTILINE)}
        return headers_of(path)["status"] != "Moved" and not {title.casefold() for title in titles} <= headings

    expected = {f"EIPS/{path.name}" for path in (proposals / "EIPS").iterdir() if lacks_section(path)}
    assert {one["path"] for one in of_proposals if one["rule"] == "section-missing"} == expected
    assert len(expected) == 136
