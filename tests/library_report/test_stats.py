"""`patternlint stats`: counts of a library by what its specifications name."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patternlint.document.identifiers import creation_date, encode_id, uuid7
from tests.support.command import ERROR, OK, patternlint

DAY = {"SOURCE_DATE_EPOCH": "1764460800"}  # 2025-11-30
_OLDER = "---\nid: {id}\nslug: {slug}\ncreated: {created}\nclassification:\n  status: {status}\n  domain: gärten\n{links}---\n"
_CREATED = encode_id("pat", uuid7(1_763_000_000_000, 5))  # 2025-11-13
_NEWER = (
    "---\nid: {id}\nslug: {slug}\norbital_layer: 5\nontology:\n  domain: wald\nlifecycle:\n"
    "  status: draft\n  usage_stage: design\n{links}---\n"
)


@pytest.fixture
def library(tmp_path: Path) -> Path:
    (tmp_path / "patternlint.toml").touch()
    texts = {
        "a": _OLDER.format(id="pat_a", slug="a", created="2024-01-02", status="draft", links="related: [pat_b]\n"),
        "b": _OLDER.format(id="pat_b", slug="b", created="2025-11-01T10:00:00Z", status="draft", links="related: []\n"),
        "c": _OLDER.format(id="pat_c", slug="c", created="soon", status="published", links="related: [pat_c]\n"),
        "d": _NEWER.format(id=_CREATED, slug="d", links="relationships:\n  enables: [gone]\n"),
        "e": "---\nid: pat_e\nslug: e\norbital_layer: 4\n---\n",
        "f": _NEWER.format(id="pat_f", slug="f", links=""),
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    return tmp_path


def stats(library: Path, *arguments: str) -> dict[str, Any]:
    result = patternlint("stats", "--format", "json", *arguments, cwd=library, env=DAY)
    assert result.code == OK, result.err
    found: dict[str, Any] = json.loads(result.out)
    return found


def test_counts_follow_the_specifications(library: Path) -> None:
    found = stats(library)
    assert found == {
        "date": "2025-11-30",
        "patterns": 6,
        "specs": {"1.3": 3, "8.2": 3},
        "statuses": {"draft": 4, "": 1, "published": 1},
        "domains": {"gärten": 3, "wald": 2, "": 1},
        "stages": {"lifecycle.usage_stage": {"design": 2, "": 1}, "lifecycle.adoption_stage": {"": 3}},
        "without_links": 3,
        "not_linked": 5,
        "isolated": 2,
        "drafts": {
            "total": 4,
            "ages": {"30": 2, "90": 0, "180": 0, "365": 0},
            "older": 1,
            "unknown": 1,
            "oldest": "a.md",
            "oldest_created": "2024-01-02",
        },
    }


def test_only_targets_are_counted_and_links_of_others_count(library: Path) -> None:
    found = stats(library, "b.md")
    assert (found["patterns"], found["without_links"], found["not_linked"]) == (1, 1, 0)


def test_the_text_has_a_table_for_each_count(library: Path) -> None:
    lines = patternlint("stats", cwd=library, env=DAY).out.splitlines()
    assert lines[0] == "6 patterns"
    assert ["design", "2", "33%"] in [line.split() for line in lines]
    assert "  oldest: a.md (2024-01-02)" in lines


def test_many_names_are_joined(tmp_path: Path) -> None:
    (tmp_path / "patternlint.toml").touch()
    for index in range(30):
        text = f"---\nid: pat_{index}\nslug: s{index}\norbital_layer: 5\nontology:\n  domain: d{index:02}\n---\n"
        (tmp_path / f"s{index}.md").write_text(text, encoding="utf-8")
    assert ["10", "others", "10", "33%"] in [
        line.split() for line in patternlint("stats", cwd=tmp_path).out.splitlines()
    ]
    assert len(stats(tmp_path)["domains"]) == 30


def test_the_history_is_that_of_the_report(library: Path) -> None:
    (library / "history.jsonl").write_text(
        '{"date":"2025-01-01","commit":"","patterns":3,"levels":{"error":9},"rules":{"cycle":9}}\n'
    )
    assert patternlint("report", "-o", "r.html", "--history", "history.jsonl", cwd=library, env=DAY).code == OK
    reported = (library / "history.jsonl").read_bytes()
    out = patternlint("stats", "--history", "history.jsonl", cwd=library, env=DAY).out
    assert (library / "history.jsonl").read_bytes() == reported
    assert [line.split()[0] for line in out.splitlines()[-2:]] == ["2025-01-01", "2025-11-30"]
    assert "6 (+3)" in out.splitlines()[-1]
    assert [point["patterns"] for point in stats(library, "--history", "history.jsonl")["history"]] == [3, 6]


def test_a_folder_without_patterns_is_an_error(tmp_path: Path) -> None:
    assert patternlint("stats", cwd=tmp_path).code == ERROR


@given(st.dates(date(1970, 1, 2), date(2200, 1, 1)), st.integers(0, (1 << 74) - 1))
def test_the_day_of_a_generated_id(day: date, random_bits: int) -> None:
    milliseconds = (day - date(1970, 1, 1)).days * 86_400_000
    assert creation_date(encode_id("pat", uuid7(milliseconds, random_bits))) == day


@given(st.text())
def test_any_other_id_has_no_day(text: str) -> None:
    assert creation_date(f"pat_{text}") is None
