"""What a fix changes is not part of what a finding is: after `--fix`, a baseline and `--since HEAD` find nothing new."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import ROOT, patternlint
from tests.support.repository import EXAMPLES, Repository, environment

CORPUS = ROOT / "../shared/corpus"
LIBRARIES = {"examples": EXAMPLES, "commons-os": CORPUS / "commons-os/_patterns", "luebeck": CORPUS / "luebeck"}
EVERY = {"commons-os": 12}
"""Of a large library every so many files are taken."""

LINKS = """relationships:
  generalizes_from: []
  specializes_to: []
  enables:
    - id: no-such-pattern
      weight: 0.5
  requires: []
  alternatives: []
  complementary:
    - id: small-circles
      weight: 0.7
"""


def library(name: str, top: Path) -> Repository:
    """Return a repository with a copy of a library. The examples get links that `--fix` rewrites."""
    source = LIBRARIES[name]
    if not source.is_dir():
        pytest.skip(f"{source} is not here")
    for path in sorted(source.rglob("*.md"))[:: EVERY.get(name, 1)]:
        target = top / path.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    repository = Repository(top)
    if name == "examples":
        text = repository.read("mentor-bench.md")
        start, end = text.index("relationships:\n"), text.index("  tools: []\n")
        repository.add("mentor-bench.md", f"{text[:start]}{LINKS}{text[end:]}")
    repository.git("init", "-q", "-b", "main")
    repository.commit()
    return repository


@pytest.mark.parametrize("flags", [(), ("--unsafe-fixes",)], ids=["safe", "unsafe"])
@pytest.mark.parametrize(
    "name",
    ["examples", pytest.param("commons-os", marks=pytest.mark.slow), pytest.param("luebeck", marks=pytest.mark.slow)],
)
def test_a_fixed_library_has_no_new_findings(name: str, flags: tuple[str, ...], tmp_path: Path) -> None:
    repository = library(name, tmp_path / "library")
    common = ("--cache-dir", tmp_path / "cache")
    patternlint("baseline", "write", "--baseline", tmp_path / "known.json", *common, cwd=repository.top)
    patternlint("--fix-only", *flags, *common, cwd=repository.top, env=environment())
    assert repository.git("diff", "--name-only")
    written = changed_lines(repository) if flags else set()
    for known in (("--baseline", tmp_path / "known.json"), ("--since", "HEAD")):
        out = patternlint(*known, "--output-format", "json", *common, cwd=repository.top, env=environment()).out
        new = [one for one in json.loads(out)["findings"] if written.isdisjoint(places(one))]
        assert [(one["path"], one["rule"], one["route"]) for one in new] == [], known


WRONG_ITEMS = """  enables:
    - {slug: bench, weight: 0.5, since: 2019}
    - {slug: table, weight: 0.9, since: 2020}
  requires:
    - {id: oven}
    - {id: Öfen}
"""
"""Items that the safe `unsorted-weights` puts in another order, and an `id` that is renamed in an item that stays wrong."""


@pytest.mark.parametrize("flags", [(), ("--unsafe-fixes",)], ids=["safe", "unsafe"])
def test_a_finding_about_several_items_of_a_list_stays_known_when_a_fix_moves_them(
    flags: tuple[str, ...], tmp_path: Path
) -> None:
    repository = library("examples", tmp_path / "library")
    text = repository.read("mentor-bench.md")
    start, end = text.index("  enables:\n"), text.index("  alternatives:")
    repository.add("mentor-bench.md", f"{text[:start]}{WRONG_ITEMS}{text[end:]}")
    options = ("--select", "item-shape,unsorted-weights", "--output-format", "json", "--cache-dir", tmp_path / "cache")
    patternlint("baseline", "write", "--cache-dir", tmp_path / "cache", cwd=repository.top)
    repository.commit()
    out = patternlint("--no-baseline", *options, cwd=repository.top).out
    assert {(one["rule"], one["route"]) for one in json.loads(out)["findings"]} >= {
        ("item-shape", "relationships.enables[0]"),
        ("item-shape", "relationships.requires[0]"),
        ("unsorted-weights", "relationships.enables"),
    }
    patternlint("--fix-only", *flags, "--cache-dir", tmp_path / "cache", cwd=repository.top)
    assert "-    - {slug: bench" in repository.git("diff")
    for known in ((), ("--no-baseline", "--since", "HEAD")):
        new = json.loads(patternlint(*known, *options, cwd=repository.top, env=environment()).out)["findings"]
        assert [(one["rule"], one["route"]) for one in new] == [], known


def test_the_one_finding_for_a_template_stays_known_when_a_fix_moves_its_prompts(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "library")
    repository.top.mkdir()
    repository.git("init", "-q", "-b", "main")
    patternlint("new", "seed-bank", cwd=repository.top)
    text = repository.read("seed-bank.md")
    summary = re.search(r"^summary: (?:.+\n)(?: .+\n)*", text, re.MULTILINE)
    assert summary is not None
    moved = text.replace(summary[0], "").replace("\n---\n", f"\n{summary[0]}---\n", 1)
    repository.add("seed-bank.md", moved)
    repository.commit()
    patternlint("baseline", "write", "--cache-dir", tmp_path / "cache", cwd=repository.top)
    patternlint("--fix-only", "--cache-dir", tmp_path / "cache", cwd=repository.top)
    assert repository.git("diff", "--name-only") == "seed-bank.md"
    out = patternlint("--select", "placeholder", "--output-format", "json", cwd=repository.top).out
    assert json.loads(out)["findings"] == []


def places(finding: dict[str, Any]) -> set[tuple[str, int]]:
    return {(one["path"], one["line"]) for one in (finding, *finding["labels"])}


def changed_lines(repository: Repository) -> set[tuple[str, int]]:
    """Return path and line of what fixes wrote: an unsafe fix writes other values, and a finding about these is new."""
    found: set[tuple[str, int]] = set()
    path = ""
    for line in repository.git("diff", "-U0").splitlines():
        if line.startswith("+++ b/"):
            path = line.removeprefix("+++ b/")
        elif line.startswith("@@"):
            start, _, count = line.split(" ")[2].removeprefix("+").partition(",")
            found |= {(path, int(start) + at) for at in range(int(count or 1))}
    return found


def test_an_older_baseline_with_keys_of_list_items_still_hides_its_findings(tmp_path: Path) -> None:
    repository = library("examples", tmp_path / "library")
    patternlint("baseline", "write", cwd=repository.top)
    text = repository.read("patternlint-baseline.json")
    assert '"relationships.enables[]: ' in text
    repository.add("patternlint-baseline.json", text.replace("[]: ", "[].slug: "))
    assert "no findings" in patternlint(cwd=repository.top).out


# --- Unsafe fixes that would reveal a conflict ------------------------------------------------------------------------


def small_library(top: Path, files: Mapping[str, str]) -> Repository:
    """Return a library of patterns that consist of a slug and links, by slug."""
    repository = Repository(top)
    top.mkdir()
    repository.git("init", "-q", "-b", "main")
    for slug, links in files.items():
        text = f"---\nid: pat_{slug}\nslug: {slug}\ntitle: {slug}\nontology:\n  domain: gardens\n{links}---\n\nText.\n"
        repository.add(f"{slug}.md", text)
    repository.commit()
    return repository


def curated(**targets: str) -> str:
    return "relationships:\n" + "".join(
        f"  {kind}:\n    - slug: {target}\n      weight: 0.8\n" for kind, target in targets.items()
    )


def inferred(target: str, kind: str) -> str:
    return f"graph_garden:\n  inferred_links:\n    - target: {target}\n      type: {kind}\n      confidence: 0.8\n"


CONTRADICTED = {
    "an answer": {
        "bread": curated(complementary="table"),
        "table": curated(enables="bench") + inferred("bread", "requires"),
        "bench": "",
    },
    "an inverse": {
        "bread": curated(generalizes_from="table"),
        "table": curated(enables="bench") + inferred("bread", "alternatives"),
        "bench": "",
    },
    "a curated target": {"bread": curated(enables="long-tabel") + inferred("long-table", "requires"), "long-table": ""},
    "an inferred target": {"bread": curated(enables="long-table") + inferred("long-tabel", "tools"), "long-table": ""},
    "both targets": {"bread": curated(enables="long-tabel") + inferred("long-tabel", "requires"), "long-table": ""},
}


@pytest.mark.parametrize("case", CONTRADICTED)
def test_an_unsafe_fix_does_not_contradict_an_inferred_link(case: str, tmp_path: Path) -> None:
    repository = small_library(tmp_path / "library", CONTRADICTED[case])
    options = ("--fail-on", "info", "--output-format", "json")
    patternlint("--fix", "--unsafe-fixes", cwd=repository.top)
    found = json.loads(patternlint("--since", "HEAD", *options, cwd=repository.top, env=environment()).out)["findings"]
    assert [(one["path"], one["rule"], one["message"]) for one in found] == []
    rules = "dangling-target,missing-inverse,missing-reciprocal"
    left = json.loads(patternlint("--select", rules, *options, cwd=repository.top).out)["findings"]
    assert left
    assert all(one["fix"] is None for one in left)


def test_an_inferred_link_of_the_same_type_does_not_prevent_a_fix(tmp_path: Path) -> None:
    files = {
        "bread": curated(complementary="table"),
        "table": curated(enables="bench") + inferred("bread", "complementary"),
    }
    repository = small_library(tmp_path / "library", {**files, "bench": ""})
    patternlint("--fix", "--unsafe-fixes", "--select", "missing-reciprocal", cwd=repository.top)
    assert "complementary:\n    - slug: bread\n" in repository.read("table.md")


def test_a_cycle_stays_in_the_baseline_when_a_fix_adds_a_reciprocal_link(tmp_path: Path) -> None:
    repository = small_library(
        tmp_path / "library",
        {
            "a-bread": curated(specializes_to="b-table"),
            "b-table": curated(specializes_to="c-bench"),
            "c-bench": curated(specializes_to="a-bread"),
        },
    )
    assert "[cycle]" in patternlint("--select", "cycle", cwd=repository.top).out
    patternlint("--fix", "--unsafe-fixes", "--select", "missing-inverse", cwd=repository.top)
    assert "generalizes_from:\n    - slug: c-bench\n" in repository.read("a-bread.md")
    out = patternlint("--since", "HEAD", "--output-format", "json", cwd=repository.top, env=environment()).out
    assert [(one["path"], one["rule"]) for one in json.loads(out)["findings"]] == []
