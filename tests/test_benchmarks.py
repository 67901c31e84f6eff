"""Generated libraries have the documented properties, and the benchmark command writes its page."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from uuid import UUID

import pytest

from benchmarks.forms import FORMS
from benchmarks.generate import copies, read_templates
from patternlint.document.identifiers import decode_suffix
from patternlint.library.entry import Entry, build_entry
from patternlint.parser.parser import FileKind, parse
from patternlint.source import Source
from patternlint.spec.model import SpecRegistry
from tests.support.command import ROOT

EXAMPLES = ROOT / "examples/library"
FILES = 700


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return {path.as_posix(): data for path, data in copies(read_templates(EXAMPLES, 1), FILES, 1)}


@pytest.fixture(scope="module")
def entries(made: dict[str, bytes], specs: SpecRegistry) -> list[Entry]:
    return [build_entry(parse(Source(path, data), specs)) for path, data in made.items()]


def originals(specs: SpecRegistry) -> dict[str, bytes]:
    read = {path.name: path.read_bytes() for path in EXAMPLES.glob("*.md")}
    return {
        name: data for name, data in read.items() if parse(Source(name, data), specs).kind is not FileKind.NOT_A_PATTERN
    }


def test_every_file_has_a_path_and_names_of_its_own(made: dict[str, bytes], entries: list[Entry]) -> None:
    assert len(made) == FILES
    for names in (
        [entry.slug for entry in entries],
        [entry.id for entry in entries],
        [entry.title for entry in entries],
    ):
        assert [name for name, count in Counter(names).items() if count > 1] == []
    assert all(Path(entry.path).stem == entry.slug for entry in entries)


def test_the_ids_are_typeids_around_a_uuid_of_version_7(entries: list[Entry]) -> None:
    for entry in entries:
        number = decode_suffix(entry.id.partition("_")[2])
        assert number is not None
        assert UUID(int=number).version == 7


def test_one_copy_is_the_source(specs: SpecRegistry) -> None:
    source = originals(specs)
    assert {path.name: data for path, data in copies(read_templates(EXAMPLES, 1), len(source), 1)} == source


def test_links_resolve_as_in_the_source_and_a_few_lead_to_other_copies(
    entries: list[Entry], specs: SpecRegistry
) -> None:
    known = {entry.slug for entry in entries} | {entry.id for entry in entries}
    count = len(originals(specs))
    source, rest = entries[:count], entries[count:]

    def dangling(of: list[Entry]) -> float:
        links = [link.target in known for entry in of for link in entry.links]
        return links.count(False) / len(links)

    assert dangling(source) == pytest.approx(dangling(rest), abs=0.01)
    tails = [
        (entry.slug.rpartition("-")[2], link.target) for entry in rest for link in entry.links if "_" not in link.target
    ]
    elsewhere = sum(not target.endswith(f"-{tail}") for tail, target in tails)
    assert 0 < elsewhere < len(tails) * 0.1


def test_nothing_but_names_differs_between_copies(made: dict[str, bytes], specs: SpecRegistry) -> None:
    """Lines stay where they are, and so does every line without a name."""
    count = len(originals(specs))
    whole = list(made.items())
    for (_, one), (path, other) in zip(whole[:count], whole[count : 2 * count], strict=True):
        word = Path(path).stem.rpartition("-")[2]
        before, after = one.decode().split("\n"), other.decode().split("\n")
        assert len(before) == len(after)
        changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
        for old, new in changed:
            bare = new.replace(f" ({word.title()})", "").replace(f"-{word}", "")
            assert bare == old or re.search(r"\b[a-z]+_\w{26}\b|-[a-z]{4}\b", new), new


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(made: dict[str, bytes]) -> None:
    assert dict(made) == {path.as_posix(): data for path, data in copies(read_templates(EXAMPLES, 1), FILES, 1)}
    assert dict(made) != {path.as_posix(): data for path, data in copies(read_templates(EXAMPLES, 2), FILES, 2)}


def test_a_part_of_a_copy_has_no_links_into_the_void(specs: SpecRegistry) -> None:
    few = [
        build_entry(parse(Source(path.as_posix(), data), specs))
        for path, data in copies(read_templates(EXAMPLES, 1), 5, 1)
    ]
    known = {entry.slug for entry in few} | {entry.id for entry in few}
    sources = {build_entry(parse(Source(name, data), specs)).slug for name, data in originals(specs).items()}
    assert len(few) == 5
    assert not {link.target for entry in few for link in entry.links if link.target in sources} - known


@pytest.mark.parametrize("name", FORMS)
def test_a_form_has_the_data_of_the_source(name: str, specs: SpecRegistry) -> None:
    form = FORMS[name]
    templates = read_templates(EXAMPLES, 1, form.spec)
    for path, data in copies(templates, len(templates), 1):
        written = form.rewrite(data)
        before, after = (parse(Source(path.as_posix(), one), specs) for one in (data, written))
        if before.pattern is None:
            continue  # the example that does not parse
        assert after.pattern is not None
        assert written != data
        assert after.pattern.data == before.pattern.data
        assert not form.spec or after.pattern.spec.version == form.spec


def test_dumps_are_those_of_pyyaml() -> None:
    dumped = FORMS["dump"].rewrite("---\n# top\na: [ü, 'ß']\n---\n\nText\n".encode())
    assert dumped.decode() in ("---\na:\n- ü\n- ß\n---\n\nText\n", '---\na:\n- "\\xFC"\n- "\\xDF"\n---\n\nText\n')
    assert FORMS["dump"].rewrite(b"---\na: [\n---\n") == b"---\na: [\n---\n", "what does not parse is unchanged"


@pytest.mark.slow
def test_the_command_measures_and_writes_its_page(tmp_path: Path) -> None:
    page = tmp_path / "docs" / "performance.md"
    command = [
        sys.executable,
        "-m",
        "benchmarks.run",
        "--libraries",
        str(tmp_path),
        "--output",
        str(page),
        "--runs",
        "1",
    ]
    more = ["--sizes", "40", "--form-size", "9", "--starts", "1", "--only", "yaml,cold-1,link"]
    done = subprocess.run([*command, *more], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    text = page.read_text(encoding="utf-8")
    assert "<!-- Written by `python -m benchmarks.run`" in text
    for words in ("| 40 files |", "bare YAML loop", "## Growth", "## Memory", "## Start-up", "Second core", "| CRLF |"):
        assert words in text
    assert str(tmp_path) not in text
    files = {path.read_bytes() for path in (tmp_path / "40").rglob("*.md")}
    assert files == {data for _, data in copies(read_templates(EXAMPLES, 1), 40, 1)}, "edited files are restored"
    refused = subprocess.run(
        [*command, "--sizes", "40", "--starts", "0", "--only", "nonsense"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 2
    assert "unknown case nonsense; cases are yaml, hash, cold-1" in refused.stderr
