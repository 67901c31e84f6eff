"""Drafts of random libraries: each can be used, and nearly all records are valid under it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.command import FINDINGS, OK, patternlint

WORDS = st.text("abcÄß日 -_.:#'\"[]{}|>=/0189\\", min_size=1, max_size=8)
LINE = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=30)
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 30), st.sampled_from(("a", "b", "r1", "r2", "2024-01-05")), LINE
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=5,
)
FRONT = st.none() | st.dictionaries(
    st.sampled_from(("title", "slug", "id", "needs", "name", "x-1")) | WORDS, VALUES, max_size=6
)
HEADINGS = st.lists(st.tuples(st.integers(1, 3), st.sampled_from(("Needs", "Steps", "1. Needs")) | LINE), max_size=4)
KINDS = st.lists(st.tuples(FRONT, HEADINGS, st.integers(1, 24)), min_size=1, max_size=4)


def to_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def text_of(front: dict[str, Any] | None, headings: list[tuple[int, str]]) -> str:
    """Return a record, with JSON for YAML."""
    lines = (
        [] if not front else ["---", *(f"{to_json(key)}: {to_json(value)}" for key, value in front.items()), "---", ""]
    )
    body = [f"{'#' * level} {title}\n\nThere is enough text here.\n" for level, title in headings]
    return "\n".join([*lines, "There is enough text here.\n", *body])


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(KINDS)
def test_a_draft_loads_and_fits(kinds: list[tuple[dict[str, Any] | None, list[tuple[int, str]], int]]) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name) / "library"
        (folder / "r").mkdir(parents=True)
        records = [(front, headings) for front, headings, count in kinds for _ in range(count)]
        for number, (front, headings) in enumerate(records, 1):
            (folder / f"r/r{number}.md").write_text(text_of(front, headings), encoding="utf-8")
        drafted = patternlint("init", "--spec", cwd=folder)
        assert (drafted.code, drafted.err) == (OK, "")
        result = patternlint("--no-cache", "--output-format", "json", cwd=folder)
        assert result.code in (OK, FINDINGS), result.err
        report = json.loads(result.out)
        assert report["summary"]["patterns"] == {"r": len(records)}
        invalid = re.search(r"not valid: .*?(?: and (\d+) more)?$", drafted.out, re.MULTILINE)
        broken = int(invalid[1] or 0) + 1 if invalid is not None else 0
        faulty = {one["path"] for one in report["findings"]}
        assert len(faulty) - broken <= 0.05 * len(records), report["findings"]
