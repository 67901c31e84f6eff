"""The hook, as pre-commit installs and runs it, stops bad commits among thousands of real patterns.

It takes a minute or two, and `test_hooks.py` shows the same in a small library: asked for with `PATTERNLINT_CORPUS=all`.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import time
from collections.abc import Callable, Iterator

import pytest

from tests.integrations.test_hooks import CONFIG, commit, pre_commit, run, source
from tests.support.command import ROOT
from tests.support.repository import Repository

CORPUS = ROOT / "../shared/corpus/commons-os/_patterns"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="the real patterns are not here"),
    pytest.mark.skipif(os.environ.get("PATTERNLINT_CORPUS") != "all", reason="PATTERNLINT_CORPUS=all asks for it"),
]

__all__ = ["source"]  # the fixture

FOLDER = "_patterns"
Tell = Callable[[str, object], None]


@pytest.fixture(scope="module")
def hooked(source: Repository, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Repository]:
    """The real patterns, committed, with the hook."""
    top = tmp_path_factory.mktemp("hooked") / "library"
    shutil.copytree(CORPUS, top / FOLDER)
    repository = Repository(top)
    repository.git("init", "-q", "-b", "main")
    repository.commit("the library")
    revision = source.git("rev-parse", "HEAD")
    repository.add(".pre-commit-config.yaml", CONFIG.format(source=source.top, revision=revision, hook="patternlint"))
    repository.commit("hooks")
    done = pre_commit(repository, "install", "--install-hooks")
    assert done.returncode == 0, done.stdout
    yield repository
    shutil.rmtree(top)


@pytest.fixture
def repository(hooked: Repository) -> Iterator[Repository]:
    yield hooked
    hooked.git("reset", "-q", "--hard", "main")
    hooked.git("clean", "-q", "-d", "-f")


def with_text(repository: Repository, *parts: str) -> tuple[str, str]:
    """Return the name and the text of the first pattern that has all of these parts once."""
    for path in sorted((repository.top / FOLDER).glob("*.md")):
        text = path.read_text(encoding="utf-8")
        if all(text.count(part) == 1 for part in parts):
            return f"{FOLDER}/{path.name}", text
    pytest.fail(f"no pattern has {parts}")


def often_linked(repository: Repository) -> tuple[str, set[str]]:
    """Return a pattern that at least a hundred others link to, and these."""
    linkers: dict[str, set[str]] = {}
    for path in sorted((repository.top / FOLDER).glob("*.md")):
        for slug in re.findall(r"\n    - slug: ([\w-]+)(?=\n)", path.read_text(encoding="utf-8")):
            linkers.setdefault(slug, set()).add(f"{FOLDER}/{path.name}")
    found = sorted(slug for slug, names in linkers.items() if len(names) > 100)
    slug = next(slug for slug in found if (repository.top / FOLDER / f"{slug}.md").exists())
    return slug, linkers[slug] - {f"{FOLDER}/{slug}.md"}


def a_bad_score(repository: Repository) -> set[str]:
    name, _ = with_text(repository, "\n    overall_score: 3.2\n")
    repository.edit(name, ("\n    overall_score: 3.2\n", "\n    overall_score: 4.7\n"))
    return {f"{name} overall-score-mean"}


def a_dangling_link(repository: Repository) -> set[str]:
    name, _ = with_text(repository, "\n  requires: []\n")
    repository.edit(name, ("\n  requires: []\n", "\n  requires:\n    - slug: nowhere-at-all\n      weight: 0.7\n"))
    return {f"{name} dangling-target"}


def a_deleted_pattern(repository: Repository) -> set[str]:
    slug, linkers = often_linked(repository)
    repository.delete(f"{FOLDER}/{slug}.md")
    return {f"{name} dangling-target" for name in linkers}


def a_rename_without_its_links(repository: Repository) -> set[str]:
    slug, linkers = often_linked(repository)
    repository.rename(f"{FOLDER}/{slug}.md", f"{FOLDER}/renamed-and-lost.md")
    repository.edit(f"{FOLDER}/renamed-and-lost.md", (f"\nslug: {slug}\n", "\nslug: renamed-and-lost\n"))
    return {f"{name} dangling-target" for name in linkers}


def a_section_less(repository: Repository) -> set[str]:
    name, text = with_text(repository, "\n### Section 3: Solution\n", "\n### Section 4: Implementation\n")
    start, end = text.index("\n### Section 3: Solution\n"), text.index("\n### Section 4: Implementation\n")
    repository.add(name, text[:start] + text[end:])
    return {f"{name} section-missing"}


def broken_yaml(repository: Repository) -> set[str]:
    name, _ = with_text(repository, "\ntitle: ")
    repository.edit(name, ("\ntitle: ", "\ntitle: [\n"))
    return {f"{name} yaml-syntax"}


def a_link_to_what_is_not_staged(repository: Repository) -> set[str]:
    name, text = with_text(repository, "\n  requires: []\n", "\ntitle: ", "\nid: ", "\nslug: ")
    new = re.sub(r"^slug: .*$", "slug: not-staged-yet", text, flags=re.MULTILINE)
    new = re.sub(r"^title: .*$", "title: Not Staged Yet", new, flags=re.MULTILINE)
    repository.edit(name, ("\n  requires: []\n", "\n  requires:\n    - slug: not-staged-yet\n      weight: 0.7\n"))
    repository.git("add", "-A")
    repository.add(f"{FOLDER}/not-staged-yet.md", re.sub(r"^id: .*$", f"id: pat_{'0' * 26}", new, flags=re.MULTILINE))
    return {f"{name} dangling-target"}


CHANGES = (
    a_bad_score,
    a_dangling_link,
    a_deleted_pattern,
    a_rename_without_its_links,
    a_section_less,
    broken_yaml,
    a_link_to_what_is_not_staged,
)


def test_an_untouched_commit_passes(repository: Repository) -> None:
    assert commit(repository) == (True, [])


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_commit_is_stopped(repository: Repository, change: Callable[[Repository], set[str]]) -> None:
    expected = change(repository)
    passed, found = commit(repository, add=change is not a_link_to_what_is_not_staged)
    assert not passed
    more = set(found) - expected
    assert expected <= set(found)
    if len(expected) == 1:
        assert not more
    else:  # inferred links lead nowhere too, and those of a pattern that has lost its name are not returned any more
        rules = {"dangling-target", "hub-exists", "missing-inverse", "missing-reciprocal"}
        assert sorted(line for line in more if line.partition(" ")[2] not in rules) == []


def test_what_the_hook_costs_where_no_pattern_is_touched(
    repository: Repository, record_testsuite_property: Tell
) -> None:
    """It is told to whoever asks for a report (`--junit-xml`); a clock would be no test."""
    config = repository.read(".pre-commit-config.yaml")
    seconds: dict[str, float] = {}
    for title, text in (("with", config), ("without", "repos: []\n")):
        repository.add(".pre-commit-config.yaml", text)
        repository.git("add", "-A")
        repository.git("commit", "-q", "--no-verify", "--allow-empty", "-m", title)
        times = []
        for number in range(9):
            repository.add("notes.txt", f"{title} {number}")
            repository.git("add", "notes.txt")
            begun = time.perf_counter()
            assert run(repository, "git", "commit", "-q", "-m", "notes").returncode == 0
            times.append(time.perf_counter() - begun)
        seconds[title] = statistics.median(times)
    for title, median in seconds.items():
        record_testsuite_property(f"seconds {title} the hook", round(median, 3))
