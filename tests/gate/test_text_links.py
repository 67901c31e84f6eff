"""Links in the text in baselines and comparisons: a change of one file may break the links of others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.command import FINDINGS, OK, patternlint
from tests.support.repository import Repository


def pattern(name: str, text: str = "") -> str:
    return f"---\nid: pat_{name}\nslug: {name}\ntitle: {name}\nontology: {{}}\n---\n\n{text}\n"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    (tmp_path / "patternlint.toml").write_text('select = ["broken-link", "orphan"]\n', encoding="utf-8")
    texts = {"öven": "[a](bread.md) [b](gone.md)", "bread": "[[salt]]", "salt": "", "sub/oil": "[a](../bread.md)"}
    for name, text in texts.items():
        path = tmp_path / f"{name}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(pattern(path.stem, text), encoding="utf-8")
    return tmp_path


def found(library: Path, *flags: str) -> list[tuple[str, str, str]]:
    result = patternlint("--output-format", "json", *flags, cwd=library)
    assert result.code in (OK, FINDINGS), result.err
    return [(one["path"], one["rule"], one["help"]) for one in json.loads(result.out)["findings"]]


def test_a_known_broken_link_stays_known_when_its_text_moves(library: Path) -> None:
    assert patternlint("baseline", "write", cwd=library).code == OK
    assert found(library) == []
    path = library / "öven.md"
    path.write_text(path.read_text(encoding="utf-8").replace("[a]", "Größe\n\n[a]"), encoding="utf-8")
    assert found(library) == []
    path.write_text(path.read_text(encoding="utf-8").replace("(gone.md)", "(gone.md) [c](gone.md)"), encoding="utf-8")
    assert len(found(library)) == 1


@pytest.mark.parametrize("flags", [("--no-cache",), ()])
def test_a_comparison_reports_the_links_that_a_change_breaks(flags: tuple[str, ...], library: Path) -> None:
    repository = Repository(library)
    repository.git("init", "-q", "-b", "main")
    repository.commit("a library")
    since = ("--since", "HEAD", *flags)
    assert found(library, *since) == []
    (library / "bread.md").unlink()
    cause = "this change deletes bread.md (`bread`)"
    assert [(path, rule, cause in text) for path, rule, text in found(library, *since)] == [
        ("salt.md", "orphan", False),
        ("sub/oil.md", "orphan", False),
        ("sub/oil.md", "broken-link", True),
        ("öven.md", "orphan", False),
        ("öven.md", "broken-link", True),
    ]
    (library / "sub/oil.md").unlink()
    repository.git("checkout", "-q", "bread.md")
    (library / "bread.md").rename(library / "sub/bread.md")
    assert found(library, *since) == [
        ("öven.md", "orphan", "add a relationship to a related pattern, here or in that pattern"),
        ("öven.md", "broken-link", "did you mean `bread` (bread)?"),
    ]
