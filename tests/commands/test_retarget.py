"""`patternlint retarget`, and `rename` where names are not slugs, through the command line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patternlint.edits.apply import apply_edits
from patternlint.fixer.rename import Renaming
from patternlint.fixer.rename import text_edits as rename_edits
from patternlint.fixer.retarget import Retargeting
from patternlint.fixer.retarget import text_edits as retarget_edits
from patternlint.library.entry import Entry
from patternlint.parser.markdown.text_links import links_between
from patternlint.source import Source, Span
from tests.support.command import ERROR, FINDINGS, OK, ROOT, patternlint

SPECS = ROOT / "examples/specs"

ONE = """\
---
id: pat_one
slug: one  # ours
title: "Größe"
ontology: {}
orbital_layer: 5
gravitational_hubs:
  - hub_id: old
    influence: 0.5
  - {hub_id: pat_old}
relationships:
  requires:
    - slug: "old"  # why
      weight: 0.9
    - 'old'
  enables:
    - typeid: pat_old
      slug: old
      weight: 0.5
    - id: pat_old
graph_garden:
  inferred_links:
    - target: old
      type: requires
---

"""
TEXT = """\
Öl [a](old.md), [b](./old.md#c "d"), [e](<old.md>), [f](../lib/old.md), [g](old), [[old]], [[sub/old.md#h|i]] ![[old|j]]
[k][k] [l](old?m) [n](/lib/old.md)

| a |
|---|
| [[old\\|b]] |

[k]: old.md 'o'
"""
LEFT = """\
`[a](old.md)` [b](older.md) [c](old.png) [d](https://example.org/old.md) [[older]] \\[e](old.md)

```
[[old]]
```
"""


def pattern(name: str, rest: str = "", *, identity: bool = True) -> str:
    return f"---\n{f'id: pat_{name}' if identity else 'title: x'}\nslug: {name}\nontology: {{}}\n{rest}---\n\n"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    (tmp_path / "patternlint.toml").write_text("", encoding="utf-8")
    for name, text in {
        "lib/one.md": ONE + TEXT + LEFT,
        "lib/new.md": pattern("new"),
        "lib/README.md": TEXT,
        "lib/sub/far.md": pattern("far", "relationships:\n  requires: [old]\n")
        + "[a](../old.md) [b](old.md) [c](old)\n",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text(text, encoding="utf-8", newline="\r\n")
    return tmp_path


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.md"))}


def retarget(library: Path, *arguments: str, code: int = OK) -> str:
    result = patternlint("retarget", *arguments, cwd=library)
    assert result.code == code, result.err
    return result.out + result.err


def test_all_links_to_a_pattern_that_does_not_exist_lead_to_another_one(library: Path) -> None:
    before = snapshot(library)
    out = retarget(library, "old", "new")
    assert out.startswith("retargeted `old` to `new`; ")
    after = snapshot(library)
    front, text = ONE, TEXT
    for key in ("slug: ", "hub_id: ", "target: ", "typeid: pat_", "- '", 'slug: "'):
        front = front.replace(f"{key}old", f"{key}new")
    text = text.replace("sub/old", "old").replace("../lib/old", "old").replace("old", "new")
    assert after["lib/one.md"].decode() == (front + text + LEFT).replace("\n", "\r\n")
    assert after["lib/README.md"].decode() == text.replace("\n", "\r\n")
    assert after["lib/sub/far.md"].decode() == before["lib/sub/far.md"].decode().replace("[old]", "[new]").replace(
        "[a](../old.md) [b](old.md) [c](old)", "[a](../new.md) [b](../new.md) [c](new)"
    )
    assert after["lib/new.md"] == before["lib/new.md"]


def test_links_to_an_existing_pattern_lead_to_another_one_by_slug_and_id(library: Path) -> None:
    (library / "lib/sub/old.md").write_text(pattern("old") + "Not [here](old.md).\n", encoding="utf-8")
    (library / "lib/one.md").write_text(ONE + "[a](old.md) [b](sub/old.md) [c](old) [[old]]\n", encoding="utf-8")
    retarget(library, "old", "new", "--in", "lib")
    one = (library / "lib/one.md").read_text(encoding="utf-8")
    assert "pat_old" not in one
    assert "  - {hub_id: pat_new}\n" in one
    assert "    - id: pat_new\n" in one
    assert one.endswith("[a](old.md) [b](new.md) [c](new) [[new]]\n")
    assert (library / "lib/sub/old.md").read_text(encoding="utf-8") == pattern("old") + "Not [here](../new.md).\n"


def test_an_item_is_merged_with_one_that_leads_to_the_same_pattern(library: Path) -> None:
    lists = (
        "gravitational_hubs:\n  - hub_id: pat_new\n  - hub_id: old\nrelationships:\n  requires:\n    - slug: old\n"
        "      weight: 0.9\n    - slug: new\n      weight: 0.1\n  enables: [old, x, pat_new]\n  complementary: [old]\n"
    )
    merged = (
        "gravitational_hubs:\n  - hub_id: pat_new\nrelationships:\n  requires:\n    - slug: new\n      weight: 0.1\n"
        "  enables: [x, pat_new]\n  complementary: [new]\n"
    )
    for path in (library / "lib").rglob("*.md"):
        path.unlink()
    (library / "lib/one.md").write_text(pattern("one", lists), encoding="utf-8")
    (library / "lib/new.md").write_text(pattern("new", "relationships:\n  requires: [old]\n"), encoding="utf-8")
    out = retarget(library, "old", "new")
    assert out == "retargeted `old` to `new`; 5 references updated, 4 items merged, 2 files changed\n"
    assert (library / "lib/one.md").read_text(encoding="utf-8") == pattern("one", merged)
    assert (library / "lib/new.md").read_text(encoding="utf-8") == pattern("new", "relationships:\n  requires: []\n")


@pytest.mark.parametrize(("flag", "code"), [("--diff", FINDINGS), ("--dry-run", OK)])
@pytest.mark.parametrize("command", ["retarget", "rename"])
def test_nothing_is_written_by_a_dry_run(flag: str, code: int, command: str, library: Path) -> None:
    (library / "lib/old.md").write_text(pattern("old"), encoding="utf-8")
    before = snapshot(library)
    result = patternlint(command, "old", "new" if command == "retarget" else "newer", flag, cwd=library)
    assert result.code == code
    assert ("+++ b/lib/one.md\n" in result.out) == (flag == "--diff")
    assert result.out.startswith(f"would {command} `old` to `") == (flag == "--dry-run")
    assert snapshot(library) == before


@pytest.mark.parametrize(
    ("files", "arguments", "message"),
    [
        ({}, ("old", "gone"), "no pattern has the slug `gone`"),
        ({}, ("new", "new"), "`new` is the name of lib/new.md itself"),
        ({}, ("pat_new", "new"), "`pat_new` is the name of lib/new.md itself"),
        ({}, ("oold", "new"), "no link leads to `oold`; did you mean `old`?"),
        ({"new": pattern("new", identity=False)}, ("old", "new"), "lib/one.md:17: cannot replace `pat_old`: lib/new.md has no id"),
        ({"x": pattern("x", "relationships:\n  requires:\n    - &a old\n")}, ("old", "new"), "lib/x.md:7: write `old` on one line"),
        ({"x": pattern("x", "relationships:\n  requires:\n    - old # a\n    - new\n")}, ("old", "new"), "lib/x.md:7: delete `old` first"),
        ({"x": pattern("new")}, ("old", "new"), "2 patterns have the slug `new`"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_one_sentence_and_changes_nothing(
    files: dict[str, str], arguments: tuple[str, str], message: str, library: Path
) -> None:
    for name, text in files.items():
        (library / f"lib/{name}.md").write_text(text, encoding="utf-8")
    before = snapshot(library)
    error = retarget(library, *arguments, code=ERROR)
    assert message in error
    assert error.count("\n") == 1
    assert snapshot(library) == before


# --- Names that are not slugs -----------------------------------------------------------------------------------------


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    return shutil.copytree(SPECS, tmp_path / "specs")


def test_a_number_is_renamed_with_its_file_and_links(specs: Path) -> None:
    folder = specs / "eip"
    first = folder / "EIPS/eip-1.md"
    text = first.read_text(encoding="utf-8")
    first.write_text(text + "See [a](./eip-3.md#b), [c](./eip-3), [3](3) and [[eip-3]].\n", encoding="utf-8")
    assert patternlint("rename", "3", "12", cwd=folder).code == OK
    assert "\neip: 12\n" in (folder / "EIPS/eip-12.md").read_text(encoding="utf-8")
    assert "\nrequires: 1, 12, 7\n" in (folder / "EIPS/eip-2.md").read_text(encoding="utf-8")
    assert first.read_text(encoding="utf-8") == text + "See [a](./eip-12.md#b), [c](./eip-12), [3](3) and [[eip-12]].\n"
    for new in ("abc", "012", "x/y"):
        assert "is not a valid name of a proposal" in patternlint("rename", "12", new, cwd=folder).err
    assert "the name `2` is already used by EIPS/eip-2.md" in patternlint("rename", "12", "2", cwd=folder).err
    error = patternlint("retarget", "7", "1", cwd=folder).err
    assert "EIPS/eip-2.md:10: delete `7` first; it would become a second link to `1`" in error
    assert patternlint("retarget", "7", "4", cwd=folder).code == OK
    assert "\nrequires: 1, 12, 4\n" in (folder / "EIPS/eip-2.md").read_text(encoding="utf-8")


def test_a_number_in_a_file_name_is_renamed_with_its_file_and_links(specs: Path) -> None:
    folder = specs / "madr/decisions"
    (folder / "0003-paint-the-shed.md").unlink()
    assert patternlint("rename", "0003", "0007", cwd=folder).code == OK
    assert (folder / "0007-keep-notes-in-files.md").is_file()
    wiki = (folder / "0002-keep-notes-in-a-wiki.md").read_text(encoding="utf-8")
    assert "status: superseded by [ADR-0007](0007-keep-notes-in-files.md)\n" in wiki
    assert patternlint("retarget", "0007", "0001", cwd=folder).code == OK
    wiki = (folder / "0002-keep-notes-in-a-wiki.md").read_text(encoding="utf-8")
    assert "status: superseded by [ADR-0001](0001-write-decisions-down.md)\n" in wiki
    assert patternlint("rename", "0007", "0008", "--diff", cwd=folder).out == (
        "--- a/0007-keep-notes-in-files.md\n+++ b/0008-keep-notes-in-files.md\n"
    )


def test_a_name_that_is_that_of_a_folder_is_not_renamed(tmp_path: Path) -> None:
    (tmp_path / "spec").mkdir()
    (tmp_path / "patternlint.toml").write_text('specs = ["spec"]\nbuiltin-specs = false\n', encoding="utf-8")
    (tmp_path / "spec/spec.toml").write_text(
        'version = "x"\ntitle = "X"\nfiles = ["p/*/index.md"]\nfront-matter = "none"\n[identity]\nname = "{folder}"\n',
        encoding="utf-8",
    )
    (tmp_path / "p/bread").mkdir(parents=True)
    (tmp_path / "p/bread/index.md").write_text("# Bread\n", encoding="utf-8")
    result = patternlint("rename", "bread", "loaf", cwd=tmp_path)
    assert result.code == ERROR
    assert "rename the folder `bread` to `loaf`, and run `patternlint retarget bread loaf`" in result.err


# --- Any text ---------------------------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    ["[a](", "[a]: ", "[[", "]]", "](", ")", "<", ">", "\n", "\n\n", " ", "old", "old.md", "./old.md", "../lib/old", "#z", "|", "`", "Ö", "- ", "\\", "…\u2028", "    ", "new", "/"]
)  # fmt: skip
FOLDER = Path("/nowhere/lib")


@given(st.lists(PIECES, max_size=30).map("".join))
def test_only_destinations_change_in_any_text(text: str) -> None:
    source = Source("a.md", text.encode())
    span = Span(0, len(text))
    there = Renaming("old", "fresh", FOLDER / "old.md", FOLDER / "fresh.md", {"old": "fresh"})
    back = Renaming("fresh", "old", FOLDER / "fresh.md", FOLDER / "old.md", {"fresh": "old"})
    renamed = apply_edits(text, rename_edits(source, span, FOLDER, there))
    again = rename_edits(Source("a.md", renamed.encode()), Span(0, len(renamed)), FOLDER, back)
    assert apply_edits(renamed, again) == text
    change = Retargeting("old", {"old": "new"}, frozenset(("new",)), Entry("new.md", "", slug="new"), FOLDER / "new.md")
    edits = retarget_edits(source, span, FOLDER, change)
    retargeted = apply_edits(text, edits)
    assert len(links_between(Source("a.md", retargeted.encode()), 0, len(retargeted))) == len(
        links_between(source, 0, len(text))
    )
    assert retarget_edits(Source("a.md", retargeted.encode()), Span(0, len(retargeted)), FOLDER, change) == []
    for edit in edits:
        assert "old" in Path(source.slice(edit.span).partition("#")[0]).name
