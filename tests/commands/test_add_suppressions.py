"""--add-suppressions: comments that silence what is there today, and change nothing else."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from patternlint.edits.suppression_comments import CommentPlace, comment_place
from patternlint.parser.parser import parse
from patternlint.source import Source
from patternlint.spec.model import SpecRegistry
from tests.support.command import ERROR, FINDINGS, OK, ROOT, patternlint

EXAMPLES = ROOT / "examples" / "library"
RULES = (
    "--select",
    "invalid-enum,dangling-target,missing-key,mojibake,placeholder,list-style,unknown-key,quoted-score",
)

HEAD = "---\nid: pat_01kfvj4y2qescbwyqppc6b3rmw\nontology: {}\n"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A copy of the example library with a config, so that it is one."""
    folder = tmp_path / "library"
    shutil.copytree(EXAMPLES, folder)
    (folder / "patternlint.toml").write_text("", encoding="utf-8")
    return folder


def test_afterwards_a_run_finds_nothing_but_what_cannot_be_silenced(library: Path) -> None:
    result = patternlint("--add-suppressions", "--reason", "alt, wie es ist", cwd=library)
    assert result == (OK, "8 findings suppressed in 4 files; 1 cannot be suppressed by a comment\n", "")
    found = json.loads(patternlint("--output-format", "json", cwd=library).out)
    assert [one["rule"] for one in found["findings"]] == ["yaml-syntax"]
    assert found["summary"]["silenced"] == 8
    text = (library / "winter-kitchen.md").read_text(encoding="utf-8")
    assert "\n# patternlint: ignore[unknown-key] alt, wie es ist\naliasses:" in text
    assert "\n<!-- patternlint: ignore[confidence-mismatch] alt, wie es ist -->\n> [!NOTE] Confidence" in text
    text = (library / "mentor-bench.md").read_text(encoding="utf-8")
    assert text.startswith("---\n# patternlint: ignore-file[missing-key] alt, wie es ist\n")
    assert "\n  # patternlint: ignore[invalid-enum] alt, wie es ist\n  status: drfat\n" in text


def test_a_second_time_changes_nothing(library: Path) -> None:
    patternlint("--add-suppressions", cwd=library)
    before = {path.name: path.read_bytes() for path in library.glob("*.md")}
    result = patternlint("--add-suppressions", cwd=library)
    assert result.out == "0 findings suppressed in 0 files; 1 cannot be suppressed by a comment\n"
    assert {path.name: path.read_bytes() for path in library.glob("*.md")} == before


def test_what_is_added_can_be_taken_out_again(library: Path) -> None:
    """Once the findings are gone the comments are idle, and the fix for idle ones leaves no trace."""
    path = library / "open-ledger-evening.md"
    good = path.read_bytes().replace(b"overall_score: 4.6", b"overall_score: 3.8")
    select = ("--select", "overall-score-mean,unused-suppression")
    patternlint("--add-suppressions", *select, cwd=library)
    assert path.read_bytes().count(b"patternlint:") == 1
    path.write_bytes(path.read_bytes().replace(b"overall_score: 4.6", b"overall_score: 3.8"))
    patternlint("--fix", *select, cwd=library)
    assert path.read_bytes() == good


@pytest.mark.parametrize("reason", ["two\nlines", "ends --> here", "a -- b"])
def test_reasons_that_cannot_stand_in_a_comment(library: Path, reason: str) -> None:
    result = patternlint("--add-suppressions", "--reason", reason, cwd=library)
    assert result.code == ERROR
    assert result.err.startswith("patternlint: a reason ")


def test_findings_of_a_baseline_get_no_comment(library: Path) -> None:
    patternlint("baseline", "write", "--ignore", "invalid-enum", cwd=library)
    assert patternlint("--add-suppressions", cwd=library).out == "1 finding suppressed in 1 file\n"
    assert patternlint(cwd=library).code == OK


def test_a_file_that_must_not_be_written(library: Path) -> None:
    (library / "mentor-bench.md").chmod(0o444)
    result = patternlint("--add-suppressions", cwd=library)
    assert result.code == ERROR
    assert "mentor-bench.md was not written: it is read-only" in result.err
    assert result.out.startswith("6 findings suppressed in 3 files")


@pytest.fixture
def lone(tmp_path: Path) -> Path:
    (tmp_path / "patternlint.toml").write_text("", encoding="utf-8")
    return tmp_path / "a.md"


def silenced(path: Path, text: str) -> str:
    """Return a pattern with suppressions for some rules, after making sure that they silence all."""
    path.write_bytes(text.encode())
    assert patternlint(*RULES, "--fail-on", "info", cwd=path.parent).code == FINDINGS
    patternlint("--add-suppressions", "--reason", "so", *RULES, cwd=path.parent)
    again = patternlint(*RULES, "--extend-select", "unused-suppression", "--fail-on", "info", cwd=path.parent)
    assert again.code == OK, again.out
    return path.read_bytes().decode().replace("ignore-file[missing-key] so", "X")


def test_in_a_block_of_text_the_comment_speaks_of_the_file(lone: Path) -> None:
    text = f"{HEAD}summary: >-\n  Good words.\n  Bad FÃ¼ÃŸe.\n---\n\n# Gärten\n"
    assert "\n# patternlint: ignore-file[missing-key, mojibake] so\n" in silenced(lone, text)


def test_line_endings_are_kept(lone: Path) -> None:
    text = f"{HEAD}lifecycle:\n  status: drfat\n---\n\n# Gärten\n".replace("\n", "\r\n")
    after = silenced(lone, text)
    assert "\r\n  # patternlint: ignore[invalid-enum] so\r\n  status: drfat\r\n" in after
    assert after.count("\n") == after.count("\r\n")


def test_several_lines_of_a_list_in_brackets(lone: Path) -> None:
    text = f"{HEAD}relationships:\n  enables: [{{slug: gärten,\n     weight: 0.7}},\n    {{slug: hof, weight: 0.6}}]\n---\n\nText.\n"
    after = silenced(lone, text)
    assert "\n    # patternlint: ignore[dangling-target" in after


BODY = """{head}---

# Gärten

First line of a paragraph,
TODO write the second line.

- an item
  TODO and its second line
- another

| a | b |
|---|---|
| TODO | c |

> quoted
> TODO too

### Section 2: TODO

TODO opens a paragraph.

```
TODO in code
```
"""


def test_places_in_the_text(specs: SpecRegistry) -> None:
    text = BODY.format(head=HEAD)
    pattern = parse(Source("a.md", text.encode()), specs).pattern
    assert pattern is not None
    found = {
        line.strip(): comment_place(pattern, number).name
        for number, line in enumerate(text.splitlines(), 1)
        if "TODO" in line
    }
    assert found == {
        "TODO write the second line.": CommentPlace.BEHIND.name,
        "TODO and its second line": CommentPlace.BEHIND.name,
        "| TODO | c |": CommentPlace.FILE.name,
        "> TODO too": CommentPlace.BEHIND.name,
        "### Section 2: TODO": CommentPlace.ABOVE.name,
        "TODO opens a paragraph.": CommentPlace.ABOVE.name,
        "TODO in code": CommentPlace.FILE.name,
    }


def test_in_the_text(lone: Path) -> None:
    after = silenced(lone, BODY.format(head=HEAD))
    assert "placeholder" in after
    assert after.endswith("```\nTODO in code\n```\n")
