"""Small mistakes in conditions that no other test would notice."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from patternlint.cache.store import ResultCache
from tests.support.command import patternlint

SECOND = 1_000_000_000


@pytest.mark.parametrize(
    ("modified", "changed", "is_trusted"),
    [(10, 10, True), (1, 1, False), (10, 1, False), (1, 10, False), (-5, 10, False)],
)
def test_the_stamp_of_a_file_that_changed_a_moment_ago_is_not_trusted(
    modified: int,
    changed: int,
    is_trusted: bool,  # noqa: FBT001 - a parameter of the test
    tmp_path: Path,
) -> None:
    now = time.time_ns()
    cache = ResultCache(tmp_path, b"signature")
    assert cache.is_settled((1, now - modified * SECOND, now - changed * SECOND, 1)) is is_trusted


def test_a_version_with_a_leading_zero_is_not_called_a_number(tmp_path: Path) -> None:
    path = tmp_path / "p.md"
    messages = []
    for version in ("01", "1"):
        path.write_text(f'---\nslug: p\nontology: {{}}\nlifecycle:\n  version: "{version}"\n---\n', encoding="utf-8")
        done = patternlint("--output-format", "json", "--select", "version-type", "--no-cache", cwd=tmp_path)
        [found] = json.loads(done.out)["findings"]
        messages.append(found["message"])
    assert "a string, not a number" not in messages[0]
    assert "a string, not a number" in messages[1]
