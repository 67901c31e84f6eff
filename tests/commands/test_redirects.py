"""Former names: `redirects.toml`, which `rename` and `redirects` write, and the rules about links read."""

from __future__ import annotations

import json
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patternlint.project.id_history import former_holders
from patternlint.project.redirects import load_redirects, with_redirects
from tests.support.command import ERROR, OK, patternlint
from tests.support.repository import Repository

BREAD = "pat_01kg5023vdecr9aqhgjf4vp12v"
TABLE = "pat_01kg5023vyfzhvteh02a487gvh"
DEAD = "pat_01kg5023vdecr9aqhgjf4vp99v"


def older(identity: str, slug: str, *related: str) -> str:
    links = "".join(f"\n- {one}" for one in related) or " []"
    return f"---\nid: {identity}\nslug: {slug}\ntitle: {slug}\nclassification: {{}}\nrelated:{links}\n---\n\nBröd.\n"


def dangling(folder: Path) -> list[dict[str, Any]]:
    out = patternlint("--select", "dangling-target", "--output-format", "json", cwd=folder).out
    found: list[dict[str, Any]] = json.loads(out)["findings"]
    return found


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A library in which a commit exchanged the id of a pattern that another one links to."""
    made = Repository(tmp_path / "library")
    made.top.mkdir()
    made.git("init", "-q")
    made.add("patternlint.toml", "")
    made.add("bread.md", older(BREAD, "bread", DEAD))
    made.add("table.md", older(DEAD, "table"))
    made.commit()
    made.add("table.md", older(TABLE, "table"))
    made.commit()
    return made


def test_a_former_id_of_the_history_is_fixed(repository: Repository) -> None:
    (before,) = dangling(repository.top)
    assert before["fix"] is None
    result = patternlint("redirects", cwd=repository.top)
    assert result.code == OK, result.err
    assert result.out.splitlines() == [
        f"{DEAD} was an id of `table` (table)",
        "1 of 1 missing id found in the history and added to redirects.toml",
    ]
    assert load_redirects(repository.top) == {DEAD: "table"}
    (after,) = dangling(repository.top)
    assert after["help"] == f"`{DEAD}` is a former name of `table` (table); write the current one"
    patternlint("--fix", "--select", "dangling-target", cwd=repository.top)
    assert repository.read("bread.md") == older(BREAD, "bread", TABLE)
    assert dangling(repository.top) == []


def test_a_pattern_is_found_after_its_file_moves(repository: Repository) -> None:
    repository.rename("table.md", "rooms/table.md")
    repository.commit()
    out = patternlint("redirects", "--dry-run", cwd=repository.top).out
    assert f"{DEAD} was an id of `table`" in out
    assert load_redirects(repository.top) == {}


def test_a_shallow_clone_says_how_to_fetch_the_history(repository: Repository, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--depth=1", repository.top.as_uri(), clone], check=True)
    result = patternlint("redirects", cwd=clone)
    assert (result.code, result.out) == (OK, "0 of 1 missing id found in the history\n")
    assert "`git fetch --unshallow`" in result.err


def test_an_id_that_no_commit_has_is_not_found(repository: Repository) -> None:
    repository.add("bread.md", older(BREAD, "bread", "pat_01kg5023vdecr9aqhgjf4vp88v"))
    out = patternlint("redirects", cwd=repository.top).out
    assert out == "0 of 1 missing id found in the history\n"
    assert not (repository.top / "redirects.toml").exists()


def test_a_line_in_a_body_is_not_a_header(repository: Repository) -> None:
    repository.add("notes.md", f"-- a/other.md\nid: {DEAD}\n")
    repository.commit()
    repository.add("notes.md", "")
    repository.commit()
    found = former_holders(repository.top, {"id"}, {DEAD, "x.*"})
    assert {one.path for one in found[DEAD]} == {"notes.md", "table.md"}
    assert list(found) == [DEAD]
    assert [one.new_ids for one in found[DEAD]][2:] == [(TABLE,), (DEAD,)]


def test_the_command_requires_a_repository(tmp_path: Path) -> None:
    (tmp_path / "patternlint.toml").touch()
    (tmp_path / "bread.md").write_text(older(BREAD, "bread", DEAD), encoding="utf-8")
    result = patternlint("redirects", cwd=tmp_path)
    assert result.code == ERROR
    assert "git" in result.err


def test_rename_records_the_old_slug_if_the_file_exists(repository: Repository) -> None:
    assert patternlint("rename", "table", "long-table", cwd=repository.top).code == OK
    assert not (repository.top / "redirects.toml").exists()
    repository.add("redirects.toml", "# ours\n")
    for old, new in (("long-table", "bench"), ("bench", "stool")):
        assert patternlint("rename", old, new, cwd=repository.top).code == OK
    assert repository.read("redirects.toml") == '# ours\n"long-table" = "bench"\n"bench" = "stool"\n'
    repository.add("bread.md", older(BREAD, "bread", "long-table"))
    (found,) = dangling(repository.top)
    assert "is a former name of `stool`" in found["help"]


def test_the_diff_of_a_renaming_shows_the_recorded_name(repository: Repository) -> None:
    repository.add("redirects.toml", "# ours")
    (repository.top / "rooms").mkdir()
    for folder, path in ((repository.top, "redirects.toml"), (repository.top / "rooms", "../redirects.toml")):
        out = patternlint("rename", "table", "bench", "--diff", cwd=folder).out
        assert f"--- a/{path}\n+++ b/{path}\n@@ -1 +1,2 @@\n-# ours\n" in out
        assert out.endswith('+"table" = "bench"\n')
    assert repository.read("redirects.toml") == "# ours"


HUBS = "---\nslug: {}\norbital_layer: {}\ngravitational_hubs:\n  - {}\n---\n\n{}\n"


def test_former_names_of_hubs_and_in_texts_are_fixed(tmp_path: Path) -> None:
    made = Repository(tmp_path)
    made.add("patternlint.toml", "")
    made.add("a/oil.md", HUBS.format("oil", 0, "oil", "Öl."))
    text = "[a](../a/old-oil.md#x), [b](old-oil), [[old-oil|Öl]], [c](older-oil.md), [d](gone-oil.md), [[self]]"
    made.add("b/far.md", HUBS.format("far", 5, '{hub_id: "old-oil", influence: 0.5}', text))
    made.add("redirects.toml", "old-oil = 'oil'\nolder-oil = 'old-oil'\nself = 'far'\ngone-oil = 'gone'\n")
    result = patternlint("--fix", "--select", "hub-exists,broken-link", "--output-format", "json", cwd=tmp_path)
    assert result.out.count("former name") == 0
    fixed = "[a](../a/oil.md#x), [b](oil), [[oil|Öl]], [c](../a/oil.md), [d](gone-oil.md), [[self]]"
    assert made.read("b/far.md") == HUBS.format("far", 5, '{hub_id: "oil", influence: 0.5}', fixed)


def test_the_help_names_the_current_name_of_a_hub_and_a_page(tmp_path: Path) -> None:
    made = Repository(tmp_path)
    made.add("patternlint.toml", "")
    made.add("oil.md", HUBS.format("oil", 0, "oil", "Öl."))
    made.add("far.md", HUBS.format("far", 5, "old-oil", "[[old-oil]]"))
    made.add("redirects.toml", "old-oil = 'oil'\n")
    out = patternlint("--select", "hub-exists,broken-link", "--output-format", "json", cwd=tmp_path).out
    assert [one["help"] for one in json.loads(out)["findings"]] == [
        "`old-oil` is a former name of `oil`; write the current one"
    ] * 2


def test_former_names_in_a_cycle_lead_nowhere(repository: Repository) -> None:
    repository.add("redirects.toml", f'{DEAD} = "a"\na = "b"\nb = "a"\n')
    (found,) = dangling(repository.top)
    assert "former name" not in found["help"]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("a = 1\n", "expected a name after `a`"),
        ("[a]\n", "after `a`"),
        ("=", ""),
        ("# a\n'b\udcf6' = 'c'\n", "line 2 is not UTF-8"),
        ("a = " + "[" * 2_000, "nested too deeply"),
    ],
)
def test_an_invalid_file_is_an_error(text: str, error: str, repository: Repository) -> None:
    (repository.top / "redirects.toml").write_bytes(text.encode(errors="surrogateescape"))
    result = patternlint(cwd=repository.top)
    assert result.code == ERROR
    assert "redirects.toml: " in result.err
    assert error in result.err


def test_a_file_of_an_editor_on_windows_is_read_and_extended(repository: Repository) -> None:
    content = b"\xef\xbb\xbf'long-table' = 'table'\r\n'bench' = 'table'"
    (repository.top / "redirects.toml").write_bytes(content)
    assert load_redirects(repository.top) == {"long-table": "table", "bench": "table"}
    content = with_redirects(content, {"long-table": "stool"})
    assert content == b"'bench' = 'table'\r\n\"long-table\" = \"stool\"\r\n"


def test_a_former_id_under_the_key_id_becomes_the_current_id(tmp_path: Path) -> None:
    made = Repository(tmp_path)
    made.add("patternlint.toml", "")
    header = f"---\nid: {BREAD}\nslug: bröd\nontology: {{}}\nrelationships:\n  enables:\n    - id: "
    made.add("bread.md", f"{header}{DEAD}\n---\n")
    made.add("table.md", f"---\nid: {TABLE}\nslug: table\nontology: {{}}\n---\n")
    made.add("redirects.toml", f"{DEAD} = 'table'\n")
    patternlint("--fix", "--select", "dangling-target", cwd=tmp_path)
    assert made.read("bread.md") == f"{header}{TABLE}\n---\n"


def test_the_command_reports_that_no_id_is_missing(repository: Repository) -> None:
    repository.add("bread.md", older(BREAD, "bread", TABLE))
    out = patternlint("redirects", cwd=repository.top).out
    assert out == "no missing ids: each id in a link belongs to a pattern or is in redirects.toml\n"


_NAMES = st.dictionaries(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8")), max_size=4)


@given(_NAMES, _NAMES)
def test_added_names_are_read_again(first: dict[str, str], second: dict[str, str]) -> None:
    content = with_redirects(with_redirects(b"", first), second)
    used_again = set(second.values())
    assert tomllib.loads(content.decode()) == {old: new for old, new in first.items() if old not in used_again} | second
