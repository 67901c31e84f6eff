"""Migrations of real libraries, compared by an independent YAML library and by the lines of the text."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from patternlint.migrate.front import LibraryView
from tests.support.command import OK, patternlint
from tests.support.migration import migrated, version_of
from tests.support.pattern_strategy import Loader
from tests.support.real_files import CORPUS, needs_corpus, real_files, sampled

LIBRARY = "commons-os/_patterns"
SECTORS = {"life": "Life", "urban": "Urban", "ecology": "Ecology", "business": "Business", "startup": "Business", "security": "Business", "platform": "Business"}  # fmt: skip
FILLED = {"Context": 1510, "Problem": 27, "Solution": 1509, "Implementation": 1487, "Consequences": 552, "Known Uses": 1006, "Cognitive Era": 946, "Vitality": 0}  # fmt: skip
"""How many of the 1,542 files fill a section, where a heading without text does not count."""


def parts(data: bytes) -> tuple[Any, str]:
    match = re.match(r"---[ \t]*\n(.*?\n)---[ \t]*\n", data.decode(), re.DOTALL)
    assert match is not None
    return yaml.load(match[1], Loader=Loader), data.decode()[match.end() :]  # noqa: S506 - a safe loader


def files_of(version: str, *, sample: bool) -> Iterator[tuple[Path, bytes]]:
    for path in real_files(LIBRARY, sample=sample)[:: 3 if sample else 1]:
        data = path.read_bytes()
        if version_of(data) in {"7.1": ("7.1",), "1.3": ("1.2", "1.3")}[version]:
            yield path, data


@cache
def names() -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for path in real_files(LIBRARY, sample=False):
        head = path.read_text(encoding="utf-8", errors="replace")[:3000]
        match = re.search(r"^id: *[\"']?([\w]+)", head, re.MULTILINE)
        if match is not None:
            found.setdefault(match[1], (match[1], path.stem))
    return found


def view() -> LibraryView:
    return LibraryView(names().get, lambda _: False)


def scalars(value: Any) -> Iterator[str]:
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    if children is None:
        yield repr(value)
    else:
        for child in children:
            yield from scalars(child)


def paragraphs(text: str) -> Counter[str]:
    """Count the paragraphs without headings and rules, which move and get other levels."""
    plain = re.sub(r"(?m)^[> ]*#+ .*$", "\n", "\n\n" + text.lstrip().replace("\r\n", "\n"))
    plain = re.sub(r"(?m)(?:(?<=\n\n).+\n)?^(?:-{3,}|={3,})$", "\n", plain)  # a rule, or a heading above one
    found = (re.sub(r"\s+", " ", one).strip() for one in re.split(r"\n[ \t]*\n", plain))
    return Counter(re.sub(r"( -{3,}| ={3,})$", "", one) for one in found if not re.fullmatch(r"[-*_= ]*", one))


@needs_corpus
@sampled
def test_between_7_1_and_8_2_nothing_changes_but_four_keys(*, sample: bool) -> None:
    count = 0
    for path, data in files_of("7.1", sample=sample):
        result = migrated(data, "7.1", "8.2", view())
        assert result is not None
        assert result[1] == "", path
        count += 1
        (old, old_text), (new, new_text) = parts(data), parts(result[0])
        assert new_text == old_text
        added = {"orbital_layer": "[Give the orbit, from 0 for the center to 5 for the edge]", "gravitational_hubs": []}
        ontology = old.get("ontology") or {}
        domains = ontology.get("commons_domain") or old.get("commons_domain") or []
        sectors = {SECTORS.get(domain, "") for domain in ([domains] if isinstance(domains, str) else domains)}
        added["sector"] = next(iter(sectors)) if len(sectors) == 1 and "" not in sectors else "Universal"
        assert new == old | added
        assert version_of(result[0]) == "8.2"
    assert count == (2072 if not sample else count)
    assert count > 30


@needs_corpus
@sampled
def test_between_1_3_and_7_1_nothing_is_lost(*, sample: bool) -> None:
    count = 0
    filled: Counter[str] = Counter()
    for path, data in files_of("1.3", sample=sample):
        result = migrated(data, version_of(data), "7.1", view())
        assert result is not None
        assert result[1] == "", path
        count += 1
        (old, old_text), (new, new_text) = parts(data), parts(result[0])
        named = [one for one in old["contributors"] if isinstance(one, dict)]
        lost = Counter(scalars(old)) - Counter(scalars(new)) - Counter(scalars(named))
        assert not lost, path
        assert all(f"name: {one['name']}, role: {one['role']}" in result[0].decode() for one in named)
        assert not paragraphs(old_text) - paragraphs(new_text), path
        _nothing_is_invented(old, new, old_text)
        filled.update(_filled_sections(new_text))
    assert count > 30
    if not sample:
        assert count == 1542
        assert {title: filled[title] for title in FILLED} == FILLED


def _nothing_is_invented(old: Any, new: Any, text: str) -> None:
    """Every new value is an old one, a prompt, the beginning of the text, or one of the few constants."""
    constants = {"'stable'", "1", "1.0", "'migration'", "'[One force] vs. [The force against it]'"}
    summary = new.pop("summary")
    assert summary.startswith("[") or " ".join(summary.split()) in " ".join(text.split())
    stems = {repr(stem) for _, stem in names().values()}
    for value in Counter(scalars(new)) - Counter(scalars(old)):
        is_prompt = re.fullmatch(r"'\[[A-Z][^\[\]]+\]'", value)
        is_name = any(isinstance(one, dict) for one in old["contributors"])
        assert is_prompt or value in constants or value in stems or is_name, value


def _filled_sections(text: str) -> Iterator[str]:
    sections = re.split(r"(?m)^### Section \d: (.*)\n", text)[1:]
    for title, content in zip(sections[::2], sections[1::2], strict=True):
        first = re.sub(r"(?m)^> \*\*(?:Therefore|The core conflict).*$|^\*\*What flourishes:\*\*$", "", content).strip()
        if not re.match(r"\[[A-Z][^\]]*[.?]\]|\*\*Signs of life", first):
            yield title


@needs_corpus
@sampled
def test_1_1_made_from_real_files_becomes_what_they_were(*, sample: bool) -> None:
    equal = 0
    for path, data in files_of("1.3", sample=sample):
        if version_of(data) == "1.2":  # its contributors change too
            continue
        text = data.decode()
        old, _ = parts(data)
        domain = old["classification"]["commons_domain"][0]
        category = old["classification"]["category"]
        made = text.replace("\nclassification:\n", "\ntags:\n", 1)
        made, removed = re.subn(r"\n  commons_domain:\n(?:  - .*\n)+", "\n", made, count=1)
        if not removed or not category:
            continue
        made = made.replace("\ncontributors:", f"\ncommons_domain: {domain}\ncontributors:", 1)
        if len(category) == 1:
            made = re.sub(r"\n  category:\n  - (.*)\n", r"\n  category: \1\n", made, count=1)
        assert version_of(made.encode()) == "1.1", path
        result = migrated(made.encode(), "1.1", "1.3", view())
        assert result is not None
        assert result[1] == "", path
        new, new_text = parts(result[0])
        expected = old | {"classification": old["classification"] | {"commons_domain": [domain]}}
        assert new == expected, path
        assert new_text == parts(data)[1]
        equal += 1
    assert equal > 30


@needs_corpus
@sampled
def test_7_0_made_from_real_files_gets_back_what_was_taken(*, sample: bool) -> None:
    count = 0
    for path, data in files_of("7.1", sample=sample):
        text = data.decode()
        made = re.sub(r"\n    vitality: .*(?=\n)", "", text, count=1)
        made = re.sub(r"\n    vitality_reasoning: >-\n(?:      .*\n)+", "\n", made, count=1)
        made, removed = re.subn(r"\n(?:---\n\n)?### Section 8: Vitality[\s\S]*", "\n", made)
        if not removed or version_of(made.encode()) != "7.0":
            continue
        count += 1
        result = migrated(made.encode(), "7.0", "7.1", view())
        assert result is not None
        assert result[1] == "", path
        (old, _), (new, new_text) = parts(made.encode()), parts(result[0])
        scores = new["ontology"]["commons_assessment"]
        assert scores.pop("vitality").startswith("[Give")
        assert scores.pop("vitality_reasoning").startswith("[Say")
        assert new == old
        assert "### Section 8: Vitality\n\n**Signs of life:**" in new_text
    assert count > 30


def gained(before: Sequence[Any], after: Sequence[Any]) -> Counter[str]:
    return Counter(one["rule"] for one in after) - Counter(one["rule"] for one in before)


def findings(folder: Path) -> list[dict[str, Any]]:
    out = patternlint(".", "--output-format", "json", "--no-cache", "--exit-zero", cwd=folder).out
    found: list[dict[str, Any]] = json.loads(out)["findings"]
    return found


@needs_corpus
@pytest.mark.slow
def test_a_migrated_library_has_only_findings_that_prompts_explain(tmp_path: Path) -> None:
    shutil.copytree(CORPUS / LIBRARY, tmp_path / "patterns", copy_function=shutil.copyfile)  # without read-only modes
    (tmp_path / "patternlint.toml").write_text("", encoding="utf-8")
    before = findings(tmp_path)
    files = [f"patterns/{path.name}" for path, _ in files_of("7.1", sample=False)]
    assert patternlint("migrate", "--to", "8.2", "--quiet", *files, cwd=tmp_path).code == OK
    more = gained(before, findings(tmp_path))
    # one prompt in each file, which is a text in the place of a number; links to tools count as external in 8.2
    assert more == {"placeholder": 2072, "wrong-type": 2072, "inferred-conflict": 7}
    again = patternlint("migrate", "--to", "8.2", "--dry-run", *files, cwd=tmp_path)
    assert again.out.startswith("0 files would be migrated to 8.2\n2,072 files already")
