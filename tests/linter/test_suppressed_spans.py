"""Suppressions of several lines, and of blocks of text."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import patternlint
from tests.support.repository import EXAMPLES

NAME = "bread-oven-square.md"


@pytest.fixture
def pattern(tmp_path: Path) -> Path:
    (tmp_path / "patternlint.toml").write_text("", encoding="utf-8")
    path = tmp_path / NAME
    text = (EXAMPLES / NAME).read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8", newline="")
    return path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8", newline="")


def rules(path: Path, *names: str) -> list[str]:
    flags = ("--no-cache", "--select", ",".join((*names, "unused-suppression")), "--output-format", "concise")
    out = patternlint(*flags, cwd=path.parent).out
    return [line.split("[")[1].split("]")[0] for line in out.splitlines() if line.startswith(NAME)]


@pytest.mark.parametrize("mark", [">-", "|"])
def test_a_suppression_behind_the_mark_of_a_block_covers_the_block(pattern: Path, mark: str) -> None:
    edit(pattern, "summary: >-\n", f"summary: {mark}\n  An FÃ¼ÃŸe line.\n  Another FÃ¼ÃŸe line.\n")
    assert rules(pattern, "mojibake")
    edit(pattern, f"summary: {mark}\n", f"summary: {mark} # patternlint: ignore[mojibake] quoted\n")
    assert rules(pattern, "mojibake") == []
    edit(pattern, "ignore[mojibake]", "ignore[encoding]")
    assert "unused-suppression" in rules(pattern, "mojibake", "encoding")


def test_a_suppression_inside_a_block_of_text_is_text(pattern: Path) -> None:
    edit(pattern, "summary: >-\n", "summary: >-\n  # patternlint: ignore[mojibake] no comment\n  An FÃ¼ÃŸe line.\n")
    assert rules(pattern, "mojibake") == ["mojibake"]


SECTION = "### Section 2: Problem\n"


def test_start_and_end_in_the_text(pattern: Path) -> None:
    inside = "<!-- patternlint: ignore-start[placeholder] so -->\n\nTODO one.\n\nTODO two.\n\n<!-- patternlint: ignore-end -->\n"
    edit(pattern, SECTION, f"{SECTION}\n{inside}\nTODO three.\n")
    assert rules(pattern, "placeholder") == ["placeholder"]
    edit(pattern, "<!-- patternlint: ignore-end -->\n", "")
    assert rules(pattern, "placeholder") == []


def test_start_and_end_in_the_front_matter(pattern: Path) -> None:
    edit(pattern, "summary: >-\n", "summary: >-\n  An FÃ¼ÃŸe line.\n")
    edit(pattern, "summary: >-\n", "# patternlint: ignore-start[mojibake]\nsummary: >-\n")
    edit(pattern, "\n# GROUP 2", "\n# patternlint: ignore-end[mojibake]\n# GROUP 2")
    assert rules(pattern, "mojibake") == []


def test_spans_may_lie_in_each_other(pattern: Path) -> None:
    start, end = "<!-- patternlint: ignore-start[{}] -->\n\n", "<!-- patternlint: ignore-end{} -->\n\n"
    text = (
        start.format("mojibake")
        + start.format("placeholder")
        + "TODO.\n\n"
        + end.format("[mojibake]")
        + "TODO FÃ¼ÃŸe.\n\n"
    )
    edit(pattern, SECTION, f"{SECTION}\n{text}{end.format('')}TODO.\n")
    assert rules(pattern, "placeholder", "mojibake") == ["unused-suppression", "mojibake", "placeholder"]


def test_an_end_without_a_start_is_a_finding(pattern: Path) -> None:
    edit(pattern, SECTION, f"{SECTION}\n<!-- patternlint: ignore-end[placeholder] -->\nTODO.\n")
    assert sorted(rules(pattern, "placeholder")) == ["placeholder", "unused-suppression"]


@pytest.mark.parametrize("ending", ["  ", "\\"])
def test_a_line_that_ends_in_a_hard_break_keeps_it_when_a_suppression_is_added(pattern: Path, ending: str) -> None:
    edit(pattern, SECTION, f"{SECTION}\nA first line\nand TODO behind it{ending}\nand a third.\n")
    patternlint("--no-cache", "--select", "placeholder", "--add-suppressions", cwd=pattern.parent)
    text = pattern.read_text(encoding="utf-8")
    assert f"\nand TODO behind it <!-- patternlint: ignore[placeholder] -->{ending}\nand a third.\n" in text
    assert rules(pattern, "placeholder") == []
