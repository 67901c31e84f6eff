"""`patternlint --fix` on copies of real libraries, compared by an independent YAML library."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from patternlint.cli import main
from tests.support.real_files import CORPUS, needs_corpus, real_files, sampled

LIBRARIES = {"commons-os": "commons-os/_patterns", "luebeck": "luebeck"}
LISTS = ("generalizes_from", "specializes_to", "enables", "requires", "alternatives", "complementary", "tools")
MORE_LISTS = ("manifests_as", "governed_by", "entities", "communities", "inferred_links")


class Loader(yaml.CSafeLoader):
    """Loads dates as text."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def parts(text: str) -> tuple[str, str]:
    match = re.match(r"---[ \t]*\r?\n(.*?\n)---[ \t]*\r?\n?", text, re.DOTALL)
    assert match is not None
    return match[1], text[match.end() :]


def comments(front: str) -> Counter[str]:
    """The comments on lines of their own except banners, which fixes may change."""
    lines = (line.strip() for line in front.splitlines())
    return Counter(line for line in lines if line.startswith("#") and not re.match(r"# ?([═=─-]{5}|GROUP \d)", line))


def normal(data: Any) -> Any:
    """Front matter without what the safe fixes say that they change: by RULES, and nothing else."""
    data = with_numbers_as_text(without_null(json.loads(json.dumps(data))))
    scores = (data.get("ontology") or {}).get("commons_assessment")
    if isinstance(scores, dict):
        scores.pop("overall_score", None)
        scores["vitality"] = round(float(scores.get("vitality", 0)), 1)
    lifecycle = data.get("lifecycle")
    if isinstance(lifecycle, dict) and re.fullmatch(r"[0-9]+(\.[0-9]+)?", str(lifecycle.get("version"))):
        lifecycle["version"] = float(lifecycle["version"])
    for group in ("relationships", "graph_garden"):
        lists = data.get(group)
        for name in (*LISTS, *MORE_LISTS) if isinstance(lists, dict) else ():
            if not lists.get(name):
                lists.pop(name, None)
            elif isinstance(lists[name], list):
                lists[name] = sorted({json.dumps(relation(item)) for item in lists[name] if not names(item, data)})
    return data


def without_null(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: without_null(value) for key, value in data.items()}
    return [] if data is None else data


def with_numbers_as_text(data: Any) -> Any:
    """The data with quotes around whole numbers, which fixes write where the schema requires text."""
    if isinstance(data, dict):
        return {key: with_numbers_as_text(value) for key, value in data.items()}
    if isinstance(data, list):
        return [with_numbers_as_text(value) for value in data]
    return str(data) if isinstance(data, int) and not isinstance(data, bool) else data


def names(item: Any, data: dict[str, Any]) -> bool:
    """Whether a relationship leads to the pattern itself: such a one is taken out."""
    target = item.get("target") or item.get("slug") or item.get("id") if isinstance(item, dict) else item
    return target in (data.get("slug"), data.get("id"))


def relation(item: Any) -> Any:
    if isinstance(item, dict) and "id" in item and "slug" not in item:
        return dict(sorted((("slug" if key == "id" else key), value) for key, value in item.items()))
    return dict(sorted(item.items())) if isinstance(item, dict) else item


def bare_body(body: str) -> list[str]:
    """The lines of a body without what the safe fixes of body and layout rules may change."""
    lines = (re.sub(r"^#+ ", "# ", line.rstrip()) for line in body.splitlines())
    return [
        line for line in lines if line and not re.match(r"#{1,6} (Section \d:|\d\.) |(> )?\[!NOTE\] Confidence", line)
    ]


def findings(folder: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Counter[str]]:
    capsys.readouterr()
    main([str(folder), "--output-format", "json", "--no-cache", "--jobs", "2"])
    found: dict[str, Counter[str]] = {}
    for finding in json.loads(capsys.readouterr().out)["findings"]:
        found.setdefault(finding["path"], Counter())[finding["rule"]] += 1
    return found


def pairs(before: Path, after: Path) -> Iterator[tuple[str, str, str]]:
    for path in sorted(after.rglob("*.md")):
        name = str(path.relative_to(after))
        yield name, (before / name).read_bytes().decode(), path.read_bytes().decode()


@needs_corpus
@sampled
@pytest.mark.parametrize("name", LIBRARIES)
def test_safe_fixes_lose_nothing(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], *, sample: bool
) -> None:
    original = CORPUS / LIBRARIES[name]
    copy = tmp_path / "library"
    for path in real_files(LIBRARIES[name], sample=sample):
        target = copy / path.relative_to(original)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    before = findings(copy, capsys)
    main([str(copy), "--fix-only", "--no-cache", "--jobs", "2"])
    changed = 0
    for shown, old, new in pairs(original, copy):
        if old == new:
            continue
        changed += 1
        (front, body), (fixed_front, fixed_body) = parts(old), parts(new)
        assert normal(yaml.load(fixed_front, Loader)) == normal(yaml.load(front, Loader)), shown  # noqa: S506 - safe
        assert not comments(front) - comments(fixed_front), shown
        assert bare_body(fixed_body) == bare_body(body), shown
    assert changed > 50
    after = findings(copy, capsys)
    worse = {
        path: now - before.get(path, Counter()) for path, now in after.items() if now.total() > before[path].total()
    }
    assert worse == {}
    assert {rule for now in after.values() for rule in now} <= {rule for old in before.values() for rule in old}
    once = {path: path.read_bytes() for path in copy.rglob("*.md")}
    main([str(copy), "--fix-only", "--no-cache", "--jobs", "2"])
    assert {path: path.read_bytes() for path in copy.rglob("*.md")} == once


@pytest.mark.slow
def test_unsafe_fixes_make_every_relationship_mutual_that_has_a_weight(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    original = CORPUS / LIBRARIES["commons-os"]
    if not original.is_dir():
        pytest.skip("the corpus of real libraries is not here")
    copy = tmp_path / "library"
    copy.mkdir()
    for path in sorted(original.glob("*.md")):
        shutil.copyfile(path, copy / path.name)
    before = Counter[str]()
    for found in findings(copy, capsys).values():
        before += found
    main([str(copy), "--fix-only", "--unsafe-fixes", "--no-cache", "--jobs", "2"])
    after = Counter[str]()
    for found in findings(copy, capsys).values():
        after += found
    assert after["missing-reciprocal"] == 0
    capsys.readouterr()
    main([str(copy), "--select", "missing-inverse", "--output-format", "json", "--no-cache"])
    left = json.loads(capsys.readouterr().out)["findings"]
    assert [one for one in left if one["fix"] is not None] == []  # those that are left have no weight to give
    assert len(left) < 20
    assert after["type-conflict"] <= before["type-conflict"]
    once = {path: path.read_bytes() for path in copy.glob("*.md")}
    main([str(copy), "--fix-only", "--unsafe-fixes", "--no-cache", "--jobs", "2"])
    assert {path: path.read_bytes() for path in copy.glob("*.md")} == once


@pytest.mark.slow
@pytest.mark.parametrize("flags", [(), ("--unsafe-fixes",)], ids=["safe", "unsafe"])
@pytest.mark.parametrize("name", LIBRARIES)
def test_a_second_run_changes_nothing_and_nothing_is_refused(
    name: str, flags: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    original = CORPUS / LIBRARIES[name]
    if not original.is_dir():
        pytest.skip("the corpus of real libraries is not here")
    copy = tmp_path / "library"
    shutil.copytree(original, copy)
    for path in copy.rglob("*.md"):
        path.chmod(0o644)
    arguments = [str(copy), "--fix", *flags, "--no-cache", "--library", str(copy), "--output-format", "json"]
    capsys.readouterr()
    main(arguments)
    report = json.loads(capsys.readouterr().out)
    assert [one for one in report["findings"] if one["rule"] == "refused-fix"] == []
    once = {path: path.read_bytes() for path in copy.rglob("*.md")}
    main(arguments)
    assert {path: path.read_bytes() for path in copy.rglob("*.md")} == once
