"""One file through the command line: what it becomes, step by step."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.command import ERROR, FINDINGS, OK, Result, patternlint
from tests.support.pattern_strategy import load

ID = "pat_01khvcxctmf3hspms3sjns2ccq"
OTHER = "pat_01khvcxctmf3hspms3sjns2ccr"
V7 = f"""---
# a note
id: {ID}  # permanent
slug: gärten
title: 'Gärten am Rand'
summary: >-
  Am Rand wächst
  mehr.
context_labels: {{corporate: "Beet"}}
ontology:
  domain: life
  commons_domain: [startup, business]
lifecycle: {{status: draft}}
relationships:
  enables:
    - {{slug: wald, weight: 0.9}}
    - wiese
    - id: wald   # by hand
      weight: 0.7
      description: "So"
graph_garden:
  entities: ["Soil life"]
own: 1
---
Text.
"""
_CLASSIFICATION = """classification:
  universality: domain
  domain: life
  category:
  - practice
  status: published
  commons_domain:
  - life
"""
V1 = f"""---
id: {ID}
page_url: https://example.org/garden/
slug: garden
title: Garden
aliases: []
version: '1.0.0'
created: 2026-01-01
modified: 2026-01-01
# kept
{_CLASSIFICATION}generalizes_from: []
specializes_to: []
enables:
- {OTHER}
- pat_00000000000000000000000000
requires: []
related: []
contributors:
- rosa-elm
sources: []
license: CC-BY-SA-4.0
attribution: Example Library
---

# Garden

### 1. Overview

A garden is a place, e.g. a bed. It has soil! More follows here.

### 2. Core Principles

First.

#### Detail

Deep.

### 3. Key Practices

- one

### 4. Application Context (100–200 words)

Where.

### 5. Implementation

How.

### Notes

Own text.

### 9. References

[1] A book.
"""


def migrate(folder: Path, text: str, *flags: str, name: str = "garden.md") -> Result:
    (folder / name).write_bytes(text.encode())
    return patternlint("migrate", name, *flags, "--no-cache", cwd=folder)


def read(folder: Path, name: str = "garden.md") -> str:
    return (folder / name).read_bytes().decode()


def library(folder: Path) -> None:
    (folder / "patternlint.toml").write_text("", encoding="utf-8")
    other = V1.replace(ID, OTHER).replace("slug: garden", "slug: wald").replace("title: Garden", "title: Wald")
    (folder / "wald.md").write_text(other, encoding="utf-8")


def test_only_keys_are_added_between_7_1_and_8_2(tmp_path: Path) -> None:
    result = migrate(tmp_path, V7, "--to", "8.2", "--set", "orbital_layer=2")
    assert result == (OK, "1 file migrated to 8.2: 1 from 7.1\n", "")
    text = read(tmp_path)
    added = 'orbital_layer: 2\nsector: "Business"\ngravitational_hubs: []\n'
    assert text.replace(added, "") == V7
    assert text.index("orbital_layer") > text.index("id:")


def test_a_key_goes_into_braces(tmp_path: Path) -> None:
    scores = "  commons_assessment: {resilience: 3.0, overall_score: 3.0}\n"
    old = V7.replace("  commons_domain: [startup, business]\n", scores)
    assert migrate(tmp_path, old.replace("Text.\n", "Text.\n\n## 7. Cognitive Era\n"), "--to", "7.1").code == OK
    assert list(load(read(tmp_path).encode())["ontology"]["commons_assessment"].values())[2:] == [
        "[Give the score for vitality, from 0 to 5]",
        "[Say what keeps this pattern alive, and what could make it go stale]",
    ]


def test_what_a_person_must_write_is_a_prompt(tmp_path: Path) -> None:
    result = migrate(tmp_path, V7, "--to", "8.2")
    assert "garden.md: orbital_layer\n" in result.out
    found = patternlint("--select", "placeholder", "--output-format", "concise", cwd=tmp_path).out
    assert "unreplaced template text `[Give the orbit" in found


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    migrate(tmp_path, V7, "--to", "8.2")
    text = read(tmp_path)
    assert migrate(tmp_path, text, "--to", "8.2").out == "0 files migrated to 8.2\n1 file already in this version\n"
    assert read(tmp_path) == text


@pytest.mark.parametrize("form", ["crlf", "bom"])
def test_line_endings_and_byte_order_marks_stay(form: str, tmp_path: Path) -> None:
    for text in (V7, V1):
        changed = text.replace("\n", "\r\n") if form == "crlf" else "\ufeff" + text
        assert migrate(tmp_path, changed, "--to", "8.2").code == OK
        new = read(tmp_path)
        assert new.startswith("---\r\n" if form == "crlf" else "\ufeff---\n")
        assert new.count("\n") == (new.count("\r\n") if form == "crlf" else new.count("\n"))
        assert "orbital_layer" in new


@pytest.mark.parametrize(
    ("domains", "sector"),
    [
        ("[life]", "Life"),
        ("[startup, security]", "Business"),
        ("[life, urban]", "Universal"),
        ("[commons-engineering]", "Universal"),
        ("ecology", "Ecology"),
    ],
)
def test_the_sector_comes_from_the_domains(domains: str, sector: str, tmp_path: Path) -> None:
    migrate(tmp_path, V7.replace("[startup, business]", domains), "--to", "8.2")
    assert f'sector: "{sector}"' in read(tmp_path)


def test_the_collection_of_a_distribution_is_the_domain(tmp_path: Path) -> None:
    folder = tmp_path / "extensions" / "wild-ones" / "base" / "patterns"
    folder.mkdir(parents=True)
    (folder / "a.md").write_text(V7.replace("  commons_domain: [startup, business]\n", ""), encoding="utf-8")
    patternlint("migrate", "--to", "8.2", "a.md", cwd=folder)
    assert load((folder / "a.md").read_bytes())["ontology"]["commons_domain"] == ["wild-ones"]


def test_items_get_the_form_of_8_2_on_demand(tmp_path: Path) -> None:
    library(tmp_path)
    assert migrate(tmp_path, V7, "--to", "8.2", "--normalize").code == OK
    text = read(tmp_path)
    assert (
        f"""    - {{typeid: {OTHER}, slug: wald, weight: 0.9, source: migration}}
    - slug: wiese
      weight: "[Give the weight, from 0 to 1]"
    - typeid: {OTHER}
      slug: wald   # by hand
      weight: 0.7
      source: migration
      description: "So"
"""
        in text
    )
    assert 'entities: ["Soil life"]' in text  # a list in brackets stays, because its items would not fit
    assert migrate(tmp_path, text, "--to", "8.2", "--normalize").out.startswith("0 files migrated")


def test_suppressed_items_keep_their_form(tmp_path: Path) -> None:
    text = V7.replace("    - wiese\n", "    - wiese  # patternlint: ignore[item-shape] by hand\n")
    migrate(tmp_path, text, "--to", "8.2", "--normalize")
    assert "    - wiese  # patternlint: ignore[item-shape] by hand\n" in read(tmp_path)


def test_1_3_becomes_7_1_and_loses_nothing(tmp_path: Path) -> None:
    library(tmp_path)
    assert migrate(tmp_path, V1, "--to", "7.1", "--report", "left.json").code == OK
    text = read(tmp_path)
    new, old = load(text.encode()), load(V1.encode())
    assert {key: new[key] for key in ("id", "slug", "title", "contributors")} == {
        key: old[key] for key in ("id", "slug", "title", "contributors")
    }
    assert new["summary"] == "A garden is a place, e.g. a bed. It has soil!"
    assert new["lifecycle"]["status"] == "stable"
    assert new["lifecycle"]["version"] == 1.0
    weight = "[Give the weight, from 0 to 1]"
    assert new["relationships"]["enables"] == [
        {"typeid": OTHER, "slug": "wald", "weight": weight, "source": "migration"},
        {"slug": "pat_00000000000000000000000000", "weight": weight},
    ]
    assert new["legacy"]["classification"] == {
        "universality": "domain",
        "category": ["practice"],
        "status": "published",
    }
    assert new["legacy"]["version"] == "1.0.0"
    assert "# kept\n" in text
    body = text.partition("\n---\n")[2]
    headings = [line for line in body.split("\n") if line.startswith("#")]
    assert headings == [
        "### Section 1: Context",
        "#### Application Context",
        "### Section 2: Problem",
        "### Section 3: Solution",
        "#### Core Principles",
        "##### Detail",
        "#### Key Practices",
        "### Section 4: Implementation",
        "### Section 5: Consequences",
        "### Section 6: Known Uses",
        "### Section 7: Cognitive Era",
        "### Section 8: Vitality",
        "### Garden",
        "### 1. Overview",
        "### Notes",
        "### 9. References",
    ]
    [report] = json.loads((tmp_path / "left.json").read_text(encoding="utf-8"))
    assert report["drafts"] == ["summary"]
    assert "legacy.classification.universality" in report["kept"]
    assert "section 8, Vitality" in report["prompts"]


def test_findings_of_a_migrated_file_are_its_prompts(tmp_path: Path) -> None:
    library(tmp_path)
    migrate(tmp_path, V1, "--to", "7.1")
    out = patternlint("garden.md", "--output-format", "json", "--no-cache", cwd=tmp_path).out
    rules = {finding["rule"] for finding in json.loads(out)["findings"]}
    explained = {"placeholder", "wrong-type", "invalid-enum", "date-type", "item-shape", "out-of-range"}
    # the dead id was there before, and so were an uncertain id and links in one direction
    assert rules - explained <= {"dangling-target", "id-not-uuid7", "missing-inverse", "missing-reciprocal"}


def test_tags_of_1_1_become_the_classification(tmp_path: Path) -> None:
    old = V1.replace("classification:", "tags:").replace("  commons_domain:\n  - life\n", "")
    old = old.replace("  category:\n  - practice\n", "  category: practice  # one\n")
    old = old.replace("license:", "commons_domain: life\nlicense:")
    old = old.replace("- rosa-elm", "- name: Rosa Elm\n  role: author")
    assert migrate(tmp_path, old, "--to", "1.3").out.startswith("1 file migrated to 1.3: 1 from 1.1\n")
    text = read(tmp_path)
    data = load(text.encode())
    assert data["classification"]["commons_domain"] == ["life"]
    assert data["classification"]["category"] == ["practice"]
    assert data["contributors"] == ["rosa-elm"]
    assert "- rosa-elm  # name: Rosa Elm, role: author\n" in text
    assert "category: [practice]  # one\n" in text
    assert "tags" not in data
    assert "commons_domain" not in data


def test_7_0_gets_vitality_as_a_prompt_and_as_a_section(tmp_path: Path) -> None:
    scores = "  commons_assessment:\n    resilience: 3.0\n    overall_score: 3.0\n"
    old = V7.replace("  commons_domain: [startup, business]\n", scores).replace(ID, ID.upper().replace("PAT", "pat"))
    old = old.replace("Text.\n", "Text.\n\n## 6. Known Uses\n\nThere.\n\n## 7. Cognitive Era\n\nThen.\n")
    assert migrate(tmp_path, old, "--to", "7.1").out.startswith("1 file migrated to 7.1: 1 from 7.0\n")
    text = read(tmp_path)
    scored = load(text.encode())["ontology"]["commons_assessment"]
    assert scored["vitality"] == "[Give the score for vitality, from 0 to 5]"
    assert list(scored)[-1] == "overall_score"
    assert load(text.encode())["id"] == ID
    assert "Then.\n\n## 8. Vitality\n\n**Signs of life:**\n" in text


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("slug: garden", "slug: garden\nslug: garden", "it has duplicate keys"),
        ("sources: []", "sources: &a [x]", "it has an anchor or an alias"),
        ("# Garden", "<!-- patternlint: ignore-start[body] -->", "`ignore-start` comments in it apply to lines"),
        ("title: Garden", "title: [", "its front matter does not parse: missing closing `]`"),
        (
            _CLASSIFICATION,
            "classification: {domain: life, status: draft}\n",
            "`domain` is inside braces, or behind another key",
        ),
    ],
)
def test_files_that_cannot_be_migrated_stay(old: str, new: str, reason: str, tmp_path: Path) -> None:
    text = V1.replace(old, new)
    result = migrate(tmp_path, text, "--to", "7.1")
    assert result.code == FINDINGS
    assert reason in result.err
    assert read(tmp_path) == text


def test_links_change_in_all_files_or_in_none(tmp_path: Path) -> None:
    library(tmp_path)
    (tmp_path / "garden.md").write_text(V1, encoding="utf-8")
    (tmp_path / "rand.md").write_text(V1.replace("sources: []", "sources: &a [x]"), encoding="utf-8")
    result = patternlint("migrate", "--to", "7.1", ".", cwd=tmp_path)
    assert result.code == FINDINGS
    assert "garden.md: not migrated: links to it or from it change" in result.err
    assert {read(tmp_path, name) for name in ("garden.md",)} == {V1}


def test_a_read_only_file_holds_back_those_that_belong_to_it(tmp_path: Path) -> None:
    library(tmp_path)
    (tmp_path / "garden.md").write_text(V1, encoding="utf-8")
    (tmp_path / "wald.md").chmod(0o444)
    result = patternlint("migrate", "--to", "7.1", ".", cwd=tmp_path)
    assert "read-only" in result.err
    assert read(tmp_path) == V1


def test_diff_and_dry_run_write_nothing(tmp_path: Path) -> None:
    result = migrate(tmp_path, V7, "--to", "8.2", "--diff")
    assert result.code == FINDINGS
    assert '+sector: "Business"\n' in result.out
    assert migrate(tmp_path, V7, "--to", "8.2", "--dry-run").out.startswith("1 file would be migrated")
    assert read(tmp_path) == V7


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--to", "8.3"], "unknown version `8.3`"),
        (["--to", "8.2", "--set", "orbit=2"], "unknown key `orbit`"),
        (["--to", "8.2", "--set", "orbital_layer"], "expected KEY=VALUE"),
        (["--to", "8.2", "--set", "orbital_layer=2\nown: 1"], "expected KEY=VALUE"),
    ],
)
def test_wrong_flags_are_reported(flags: list[str], words: str, tmp_path: Path) -> None:
    result = migrate(tmp_path, V7, *flags)
    assert result.code == 2
    assert words in result.err


def test_without_a_table_there_is_nothing_to_migrate_to(tmp_path: Path) -> None:
    (tmp_path / "spec.toml").write_text('version = "own"\ntitle = "Own"\nfiles = ["*.md"]\n', encoding="utf-8")
    (tmp_path / "patternlint.toml").write_text('builtin-specs = false\nspecs = ["."]\n', encoding="utf-8")
    result = migrate(tmp_path, V7, "--to", "8.2")
    assert (result.code, result.err) == (2, "patternlint: none of the specifications in use has a migration table\n")


def test_a_folder_without_patterns_is_reported(tmp_path: Path) -> None:
    result = patternlint("migrate", "--to", "8.2", cwd=tmp_path)
    assert (result.code, result.err) == (2, f"patternlint: no Markdown files in {tmp_path}\n")


def test_no_way_back(tmp_path: Path) -> None:
    new = V7.replace("---\n# a", "---\norbital_layer: 1\n# a", 1)
    assert "1 file skipped: no migration from 8.2 to 7.1" in migrate(tmp_path, new, "--to", "7.1").out


def nine(library: Path, steps: str) -> None:
    """Write a specification 9 with two more keys than 7.1, and a table that leads to it."""
    folder = library / "spec"
    folder.mkdir()
    (folder / "spec.toml").write_text(
        'version = "9"\ntitle = "Nine"\nextends = "7.1"\n[mark]\nany-key = ["mood"]\nrank = 1\n'
        '[[groups]]\nname = "mood"\nkeys = ["mood", "light"]\n',
        encoding="utf-8",
    )
    (folder / "mood.schema.json").write_text('{"properties": {"mood": {"type": "string"}}}', encoding="utf-8")
    (folder / "from-7.1.toml").write_text(f'from = "7.1"\n{steps}', encoding="utf-8")
    (library / "patternlint.toml").write_text('specs = ["spec"]\n', encoding="utf-8")


@pytest.mark.parametrize(
    ("steps", "reason"),
    [
        ('[[keys]]\nkey = "light.shade"\nvalue = "1"\n', "`light.shade` cannot be added to it, because `light` is not a mapping"),
        ('[[keys]]\nkey = "mood"\nfrom = "air"\n[[keys]]\nkey = "light"\nfrom = "air"\n', "`air` would move to two keys"),
    ],
)  # fmt: skip
def test_a_step_that_does_not_fit_a_file_leaves_it(steps: str, reason: str, tmp_path: Path) -> None:
    nine(tmp_path, steps)
    text = V7.replace("---\n", f"---\n{'air: fresh' if 'air' in steps else 'light: dim'}\n", 1)
    result = migrate(tmp_path, text, "--to", "9")
    assert (result.code, result.err) == (FINDINGS, f"garden.md: not migrated: {reason}\n")
    assert read(tmp_path) == text


def test_a_folder_without_a_way_to_the_version_is_skipped(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (tmp_path / "patternlint.toml").touch()
    (own / "patternlint.toml").write_text('builtin-specs = false\nspecs = ["."]\n', encoding="utf-8")
    (own / "spec.toml").write_text('version = "own"\ntitle = "Own"\nfiles = ["*.md"]\n', encoding="utf-8")
    (own / "note.md").write_text("---\ntitle: Note\n---\n", encoding="utf-8")
    (tmp_path / "garden.md").write_text(V7, encoding="utf-8")
    result = patternlint("migrate", "--to", "8.2", "--set", "orbital_layer=2", ".", cwd=tmp_path)
    assert (result.code, result.err) == (OK, "")
    assert result.out.startswith("1 file migrated to 8.2: 1 from 7.1\n1 file skipped: no migration from own to 8.2\n")


def test_a_report_that_cannot_be_written_stops_the_migration(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for name, reason in (("garden.md", "would overwrite the pattern garden.md"), ("folder", "Is a directory")):
        result = migrate(tmp_path, V7, "--to", "8.2", "--report", name)
        assert result.code == ERROR
        assert reason in result.err
        assert read(tmp_path) == V7


def test_the_report_lists_what_was_written(tmp_path: Path) -> None:
    (tmp_path / "meadow.md").write_text(V7.replace("garden", "meadow").replace(ID, OTHER), encoding="utf-8")
    (tmp_path / "meadow.md").chmod(0o444)
    (tmp_path / "garden.md").write_text(V7, encoding="utf-8")
    result = patternlint("migrate", "--to", "8.2", "--report", "new/left.json", ".", cwd=tmp_path)
    assert result.code == FINDINGS
    left = json.loads((tmp_path / "new" / "left.json").read_text(encoding="utf-8"))
    assert [one["path"] for one in left] == ["garden.md"]


def test_an_own_specification_has_a_table_of_its_own(tmp_path: Path) -> None:
    nine(tmp_path, '[[keys]]\nkey = "mood"\nvalue = "calm"\n')
    assert migrate(tmp_path, V7, "--to", "9").out.startswith("1 file migrated to 9: 1 from 7.1")
    assert load(read(tmp_path).encode())["mood"] == "calm"
