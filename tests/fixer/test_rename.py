"""The fix of `slug-filename` renames the pattern: in all files, or in none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.support.command import FINDINGS, OK, ROOT, patternlint

_PATTERN = """---
slug: {slug}
title: {slug} title
ontology:
  domain: x
relationships:
  requires:{links}
---

{text}
"""
FIX = ("--fix", "--unsafe-fixes", "--select", "slug-filename", "--no-cache")


def write(folder: Path, name: str, slug: str, *links: str, text: str = "") -> None:
    items = "".join(f"\n    - slug: {link}\n      weight: 0.5" for link in links) or " []"
    (folder / f"{name}.md").write_text(_PATTERN.format(slug=slug, links=items, text=text), encoding="utf-8")


def read(folder: Path, name: str) -> str:
    return (folder / f"{name}.md").read_text(encoding="utf-8")


def rules(folder: Path, *names: str) -> list[tuple[str, str]]:
    result = patternlint("--output-format", "json", "--no-cache", "--select", ",".join(names), cwd=folder)
    return [(one["path"], one["rule"]) for one in json.loads(result.out)["findings"]]


@pytest.fixture
def library(tmp_path: Path) -> Path:
    (tmp_path / "patternlint.toml").write_text("", encoding="utf-8")
    write(tmp_path, "garden", "gardens", "shed", text="I am [[gardens]].")
    write(tmp_path, "shed", "shed", "gardens", text="See [it](gardens), [file](garden.md) and `[[gardens]]`.")
    (tmp_path / "README.md").write_text("- [Garden](gardens)\n", encoding="utf-8")
    return tmp_path


def test_all_links_follow_the_slug(library: Path) -> None:
    result = patternlint(*FIX, cwd=library)
    assert result.code in (OK, FINDINGS)
    assert "slug: garden\n" in read(library, "garden")
    assert "I am [[garden]]." in read(library, "garden")
    assert "- slug: garden\n" in read(library, "shed")
    assert "See [it](garden), [file](garden.md) and `[[gardens]]`." in read(library, "shed")
    assert read(library, "README") == "- [Garden](garden)\n"
    assert rules(library, "slug-filename", "dangling-target") == []
    again = {path.name: path.read_bytes() for path in library.iterdir()}
    patternlint(*FIX, cwd=library)
    assert {path.name: path.read_bytes() for path in library.iterdir()} == again


def test_addresses_in_files_before_the_pattern_follow_the_slug(library: Path) -> None:
    address = "https://example.org/{}/"
    (library / "garden.md").write_text(
        f"---\nid: pat_01kg1tp8mce2zbdw95pa7835sy\npage_url: {address.format('gardens')}\nslug: gardens\ntitle: T\n"
        "classification:\n  tags: []\n---\n",
        encoding="utf-8",
    )
    (library / "README.md").write_text(f"[Garden]({address.format('gardens')}#a)\n", encoding="utf-8")
    patternlint(*FIX, cwd=library)
    assert f"page_url: {address.format('garden')}\nslug: garden\n" in read(library, "garden")
    assert read(library, "README") == f"[Garden]({address.format('garden')}#a)\n"


def test_patterns_whose_slugs_form_a_chain_are_renamed_one_after_the_other(library: Path) -> None:
    write(library, "gardens", "plots", "gardens")
    write(library, "field", "field", "plots", "gardens")
    patternlint(*FIX, cwd=library)
    assert "slug: garden\n" in read(library, "garden")
    assert "slug: gardens\n" in read(library, "gardens")
    assert "- slug: gardens\n" in read(library, "field")
    assert "- slug: garden\n" in read(library, "field")
    assert rules(library, "slug-filename", "dangling-target") == []


def test_patterns_with_each_others_slug_are_left_and_named(library: Path) -> None:
    write(library, "gardens", "garden", "gardens")
    before = {path.name: path.read_bytes() for path in library.iterdir()}
    result = patternlint(*FIX, "--output-format", "concise", cwd=library)
    assert {path.name: path.read_bytes() for path in library.iterdir()} == before
    assert result.out.count("[refused-fix]") == 2
    assert "the slug `garden` is already used by gardens.md" in result.out


def test_a_link_in_a_file_that_is_not_to_be_fixed_keeps_the_slug(library: Path) -> None:
    before = {path.name: path.read_bytes() for path in library.iterdir()}
    result = patternlint(*FIX, "--output-format", "concise", "garden.md", cwd=library)
    assert {path.name: path.read_bytes() for path in library.iterdir()} == before
    assert "links to `gardens` and is not among the files to fix" in result.out


def test_a_copy_with_the_slug_of_its_original_leaves_the_links_to_the_original(library: Path) -> None:
    write(library, "copy", "shed")
    patternlint(*FIX, cwd=library)
    assert "slug: copy\n" in read(library, "copy")
    assert "- slug: shed\n" in read(library, "garden")


def test_two_patterns_with_one_slug_that_neither_file_is_called_are_left_and_named(library: Path) -> None:
    write(library, "plot", "gardens")
    before = {path.name: path.read_bytes() for path in library.iterdir()}
    result = patternlint(*FIX, "--output-format", "concise", cwd=library)
    assert {path.name: path.read_bytes() for path in library.iterdir()} == before
    assert "2 patterns have the slug `gardens`" in result.out


def test_the_diff_shows_all_files_of_a_rename(library: Path) -> None:
    result = patternlint("--diff", "--unsafe-fixes", "--select", "slug-filename", "--no-cache", cwd=library)
    assert result.code == FINDINGS
    assert [line for line in result.out.splitlines() if line.startswith("+++")] == [
        "+++ b/README.md",
        "+++ b/garden.md",
        "+++ b/shed.md",
    ]


def test_the_json_report_has_the_rename_as_one_edit(library: Path) -> None:
    result = patternlint("--output-format", "json", "--no-cache", "--select", "slug-filename", cwd=library)
    [found] = json.loads(result.out)["findings"]
    assert found["fix"]["edits"] == [{"kind": "rename-slug", "path": "garden.md", "slug": "garden"}]
    schema = json.loads((ROOT / "schemas" / "report-1.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(json.loads(result.out))
