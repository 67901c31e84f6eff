"""Only new findings of a change to real patterns: scripted changes, compared with full runs over both states.

By default, a sixth of the patterns is used, with several changes to different files at a time. With
`PATTERNLINT_CORPUS=all`, all patterns are used and each change is checked separately, which takes some minutes.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import pytest

from patternlint.diagnostics.diagnostic import Diagnostic
from tests.support.command import OK, ROOT, patternlint
from tests.support.repository import Repository, environment
from tests.support.repository_diagnostics import Key, count_keys, lint_repository

CORPUS = ROOT / "../shared/corpus/commons-os/_patterns"
ALL = os.environ.get("PATTERNLINT_CORPUS") == "all"
FOLDER = "_patterns"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="the real patterns are not here"),
]


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ.keys() - environment().keys():
        monkeypatch.delenv(name)
    for name, text in environment().items():
        monkeypatch.setenv(name, text)


class Library(NamedTuple):
    """A repository with real patterns, and what is found in it."""

    repository: Repository
    texts: dict[str, str]
    findings: list[Diagnostic]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    top = tmp_path_factory.mktemp("real") / "library"
    (top / FOLDER).mkdir(parents=True)
    for path in sorted(CORPUS.glob("*.md"))[:: 1 if ALL else 6]:
        shutil.copyfile(path, top / FOLDER / path.name)
    repository = Repository(top)
    repository.git("init", "-q", "-b", "main")
    repository.commit()
    texts = {f"{FOLDER}/{path.name}": path.read_text(encoding="utf-8") for path in sorted((top / FOLDER).iterdir())}
    yield Library(repository, texts, lint_repository(repository))
    shutil.rmtree(top)


# --- Changes ----------------------------------------------------------------------------------------------------------


class Hand:
    """Makes changes, each of files that no other change has touched, and keeps what they must bring."""

    def __init__(self, library: Library) -> None:
        self.repository = library.repository
        self.texts = library.texts
        self._linkers: dict[str, set[str]] = {}
        for name, text in library.texts.items():
            for slug in re.findall(r"\n    - slug: ([\w-]+)(?=\n)", text.partition("\n---\n")[0]):
                if slug != self.slug(name):
                    self._linkers.setdefault(slug, set()).add(name)
        whole = [name for name, text in library.texts.items() if _is_whole(text)]
        self._free = sorted(whole, key=lambda name: len(self.linkers(name)))
        self._found: dict[str, set[str]] = {}
        for finding in library.findings:
            self._found.setdefault(finding.path, set()).add(finding.rule)
        self.expected: Counter[str] = Counter()
        self.moved: dict[str, str] = {}
        self.called: dict[str, str] = {}
        self.deleted: dict[str, set[str]] = {}
        self.come: set[str] = set()

    def take(
        self,
        *needles: str,
        linked: int = 0,
        has: str = "",
        lacks: Sequence[str] = (),
        test: Callable[[str], bool] = lambda _: True,
    ) -> str:
        """Return a pattern whose text has each of `wanted` once, that at least so many link to, with such findings."""
        for name in self._free:
            text, found = self.texts[name], self._found.get(name, set())
            if (
                all(text.count(part) == 1 for part in needles)
                and (not has or has in found)
                and found.isdisjoint(lacks)
                and (not linked or len(self.linkers(name)) >= linked)
                and test(name)
            ):
                self._free.remove(name)
                return name
        pytest.fail(f"no pattern has {needles}, {linked} links and the finding {has!r}")

    def brings(self, name: str, *rules: str) -> None:
        self.expected.update(f"{name} {rule}" for rule in rules)

    def edit(self, name: str, *changes: tuple[str, str]) -> None:
        self.repository.edit(name, *changes)

    def slug(self, name: str) -> str:
        return name.rpartition("/")[2].removesuffix(".md")

    def linkers(self, name: str) -> set[str]:
        """Return the patterns whose front matter has the slug of this one in a list."""
        return self._linkers.get(self.slug(name), set())

    def lost(self, name: str) -> list[str]:
        """Return the slugs that a pattern lists once and that no pattern has."""
        known = {self.slug(other) for other in self.texts}
        slugs = Counter(re.findall(r"\n    - slug: ([\w-]+)(?=\n)", self.texts[name]))
        return [slug for slug, count in slugs.items() if count == 1 and slug not in known]

    def loses(self, name: str) -> None:
        """Take down that nothing is called as this pattern any more: its linkers must show it."""
        self.deleted[self.slug(name)] = self.linkers(name)


def _is_whole(text: str) -> bool:
    """Return whether this is a pattern of spec 7.1 that is as most are: written by the template."""
    return all(text.count(part) == 1 for part in ("\ncontext_labels:\n", "\n  status: draft\n", SOLUTION))


SOLUTION = "\n### Section 3: Solution\n"
IMPLEMENTATION = "\n### Section 4: Implementation\n"
NOWHERE = "    - slug: nowhere-to-be-found\n      weight: 0.99\n"
CHANGES: list[Callable[[Hand], None]] = []


def change(do: Callable[[Hand], None]) -> Callable[[Hand], None]:
    CHANGES.append(do)
    return do


@change
def a_text_is_edited(hand: Hand) -> None:
    hand.edit(hand.take(), (SOLUTION, f"{SOLUTION}\nBegin with what is there.\n"))


@change
def lines_move(hand: Hand) -> None:
    name = hand.take("\nsummary: >-\n", has="missing-reciprocal")
    start, _, rest = hand.texts[name].partition("\nsummary: >-\n")
    summary, _, end = rest.partition("\n\n")
    folded = "".join(f"  {word}\n" for word in summary.split())
    hand.repository.add(name, f"{start}\nsummary: >-\n{folded}\n{end}")


@change
def a_comment_above_old_findings(hand: Hand) -> None:
    hand.edit(
        hand.take("\nrelationships:\n", has="dangling-target"), ("\nrelationships:\n", "\n# Links\nrelationships:\n")
    )


@change
def inner_keys_change_places(hand: Hand) -> None:
    text = "\n    resilience: 3.0\n    ownership: 3.0\n"
    name = hand.take(text, has="missing-reciprocal")
    hand.edit(name, (text, "\n    ownership: 3.0\n    resilience: 3.0\n"))


@change
def keys_change_places(hand: Hand) -> None:
    name = hand.take("\nlicense: CC-BY-SA-4.0\n", "\ncontributors: ", has="dangling-target", lacks=["key-order"])
    moved = "\nlicense: CC-BY-SA-4.0\ncontributors: "
    hand.edit(name, ("\nlicense: CC-BY-SA-4.0\n", "\n"), ("\ncontributors: ", moved))
    hand.brings(name, "key-order")


@change
def items_change_places(hand: Hand) -> None:
    name = hand.take(has="dangling-target", lacks=["duplicate-target", "unsorted-weights"])
    text = hand.texts[name]
    items = re.search(
        r"^((?:    - slug: .*\n(?:      .*\n)*))((?:    - slug: .*\n(?:      .*\n)*)+)", text, re.MULTILINE
    )
    assert items is not None, name
    hand.edit(name, (items[0], items[2] + items[1]))
    hand.brings(name, "unsorted-weights")


@change
def a_bad_value(hand: Hand) -> None:
    name = hand.take()
    hand.edit(name, ("\n  status: draft\n", "\n  status: dratf\n"))
    hand.brings(name, "invalid-enum")


@change
def a_bad_score(hand: Hand) -> None:
    name = hand.take("\n    overall_score: 3.2\n", lacks=["overall-score-mean"])
    hand.edit(name, ("\n    overall_score: 3.2\n", "\n    overall_score: 4.7\n"))
    hand.brings(name, "overall-score-mean")


@change
def a_score_out_of_range(hand: Hand) -> None:
    name = hand.take("\n    resilience: 3.0\n")
    hand.edit(name, ("\n    resilience: 3.0\n", "\n    resilience: 9.0\n"))
    hand.brings(name, "out-of-range", "overall-score-mean")


@change
def a_finding_less(hand: Hand) -> None:
    name = hand.take(has="trailing-space")
    text = re.sub(r"[ \t]+$", "", hand.texts[name], flags=re.MULTILINE)
    assert text != hand.texts[name]
    hand.repository.add(name, text)


@change
def a_link_that_leads_nowhere(hand: Hand) -> None:
    name = hand.take("\n  requires: []\n")
    hand.edit(name, ("\n  requires: []\n", f"\n  requires:\n{NOWHERE}"))
    hand.brings(name, "dangling-target")


@change
def a_dangling_link_before_an_old_one(hand: Hand) -> None:
    name = hand.take("\n  enables:\n", has="dangling-target")
    hand.edit(name, ("\n  enables:\n", f"\n  enables:\n{NOWHERE}"))
    hand.brings(name, "dangling-target")


@change
def one_dangling_link_for_another(hand: Hand) -> None:
    name = hand.take(has="dangling-target", test=lambda name: bool(hand.lost(name)))
    hand.edit(name, (f"\n    - slug: {hand.lost(name)[0]}\n", "\n    - slug: nowhere-to-be-found\n"))
    hand.brings(name, "dangling-target")


@change
def the_same_dangling_link_again(hand: Hand) -> None:
    name = hand.take("\n  requires: []\n")
    hand.edit(name, ("\n  requires: []\n", f"\n  requires:\n{NOWHERE}{NOWHERE}"))
    hand.brings(name, "dangling-target", "dangling-target", "duplicate-target")


@change
def a_link_to_itself(hand: Hand) -> None:
    name = hand.take("\n  requires: []\n")
    hand.edit(name, ("\n  requires: []\n", f"\n  requires:\n    - slug: {hand.slug(name)}\n      weight: 0.7\n"))
    hand.brings(name, "self-reference")


@change
def a_pattern_comes(hand: Hand) -> None:
    name = hand.take()
    new = f"{FOLDER}/a-new-thing.md"
    text = re.sub(r"^title: .*$", 'title: "A New Thing"', hand.texts[name], flags=re.MULTILINE)
    text = re.sub(r"^slug: .*$", "slug: a-new-thing", text, flags=re.MULTILINE)
    hand.repository.add(new, re.sub(r"^id: .*$", f"id: pat_{'0' * 25}1", text, flags=re.MULTILINE))
    hand.come.add(new)


@change
def a_copy_comes(hand: Hand) -> None:
    name = hand.take("\naliases: []\n")
    new = f"{FOLDER}/copies/copy-of-{hand.slug(name)}.md"
    hand.repository.add(new, hand.texts[name])
    hand.come.add(new)
    hand.brings(name, "duplicate-id", "duplicate-slug", "duplicate-title")


@change
def a_page_that_is_no_pattern(hand: Hand) -> None:
    hand.repository.add("notes.md", "# Notes\n\nNo pattern.\n")


@change
def a_pattern_goes(hand: Hand) -> None:
    name = hand.take(linked=1)
    hand.repository.delete(name)
    hand.loses(name)


@change
def a_pattern_that_very_many_link_to_goes(hand: Hand) -> None:
    name = hand.take(linked=100 if ALL else 17)
    hand.repository.delete(name)
    hand.loses(name)


@change
def a_pattern_goes_and_a_like_one_comes(hand: Hand) -> None:
    name = hand.take()
    new = f"{FOLDER}/another-thing.md"
    text = re.sub(r"^slug: .*$", "slug: another-thing", hand.texts[name], flags=re.MULTILINE)
    hand.repository.delete(name)
    hand.repository.add(new, re.sub(r"^id: .*$", f"id: pat_{'0' * 25}2", text, flags=re.MULTILINE))
    hand.loses(name)
    hand.come.add(new)


@change
def a_file_in_another_folder(hand: Hand) -> None:
    name = hand.take(has="dangling-target")
    hand.moved[name] = f"{FOLDER}/moved/{hand.slug(name)}.md"
    hand.repository.rename(name, hand.moved[name])


@change
def a_folder_moves(hand: Hand) -> None:
    for _ in range(12):
        name = hand.take(has="missing-reciprocal")
        hand.moved[name] = f"{FOLDER}/elsewhere/{hand.slug(name)}.md"
        hand.repository.rename(name, hand.moved[name])


@change
def another_file_name(hand: Hand) -> None:
    name = hand.take(lacks=["slug-filename"])
    hand.moved[name] = f"{FOLDER}/another-file-name.md"
    hand.repository.rename(name, hand.moved[name])
    hand.brings(hand.moved[name], "slug-filename")


def renamed(hand: Hand, name: str, slug: str) -> None:
    hand.moved[name] = f"{FOLDER}/{slug}.md"
    hand.called[hand.slug(name)] = slug
    hand.repository.rename(name, hand.moved[name])
    hand.edit(hand.moved[name], (f"\nslug: {hand.slug(name)}\n", f"\nslug: {slug}\n"))


@change
def a_rename_without_its_links(hand: Hand) -> None:
    name = hand.take(linked=3)
    renamed(hand, name, "renamed-and-lost")
    hand.come.add(hand.moved[name])  # the links that were returned are not any more
    hand.loses(name)


@change
def a_rename_with_its_links(hand: Hand) -> None:
    name = hand.take(linked=3)
    new = "renamed-and-found"
    hand.moved[name] = f"{FOLDER}/{new}.md"
    hand.called[hand.slug(name)] = new
    assert patternlint("rename", hand.slug(name), new, cwd=hand.repository.top).code == OK
    assert (hand.repository.top / hand.moved[name]).exists()


@change
def a_rename_that_rewrites_most(hand: Hand) -> None:
    name = hand.take()
    new = hand.moved[name] = f"{FOLDER}/rewritten/{hand.slug(name)}.md"
    hand.repository.rename(name, new)
    head = hand.texts[name].partition("\n---\n")[0]
    hand.repository.add(new, f"{head}\n---\n\n{'Another text, and much of it. ' * 400}\n")
    hand.come.add(new)


@change
def yaml_breaks(hand: Hand) -> None:
    name = hand.take("\ntitle: ")
    hand.edit(name, ("\ntitle: ", "\ntitle: [\n"))
    hand.brings(name, "yaml-syntax")


@change
def a_key_goes(hand: Hand) -> None:
    name = hand.take("\n  status: draft\n")
    hand.edit(name, ("\n  status: draft\n", "\n"))
    hand.brings(name, "missing-key")


@change
def an_unknown_key(hand: Hand) -> None:
    name = hand.take("\naliases: []\n")
    hand.edit(name, ("\naliases: []\n", "\naliases: []\ncolour: green\n"))
    hand.brings(name, "unknown-key")


@change
def a_value_of_another_type(hand: Hand) -> None:
    name = hand.take("\naliases: []\n")
    hand.edit(name, ("\naliases: []\n", "\naliases: 7\n"))
    hand.brings(name, "wrong-type")


@change
def a_bad_id(hand: Hand) -> None:
    name = hand.take()
    hand.repository.add(name, re.sub(r"^id: .*$", "id: pattern-7", hand.texts[name], flags=re.MULTILINE))
    hand.brings(name, "id-format")


def section(text: str) -> str:
    """Return the third section."""
    return text[text.index(SOLUTION) : text.index(IMPLEMENTATION)]


@change
def a_section_goes(hand: Hand) -> None:
    name = hand.take(SOLUTION, IMPLEMENTATION)
    hand.repository.add(name, hand.texts[name].replace(section(hand.texts[name]), ""))
    hand.brings(name, "section-missing")


@change
def a_duplicate_section(hand: Hand) -> None:
    name = hand.take(SOLUTION, IMPLEMENTATION)
    text = section(hand.texts[name])
    hand.repository.add(name, hand.texts[name].replace(text, text + text))
    hand.brings(name, "section-duplicate")


@change
def a_suppression_comes(hand: Hand) -> None:
    name = hand.take("\nid: ", has="dangling-target")
    hand.edit(name, ("\nid: ", "\n# patternlint: ignore-file[dangling-target] written next year\nid: "))


@change
def a_suppression_that_silences_nothing_comes(hand: Hand) -> None:
    name = hand.take("\nid: ", lacks=["id-format"])
    hand.edit(name, ("\nid: ", "\n# patternlint: ignore[id-format] so it is\nid: "))
    hand.brings(name, "unused-suppression")


@change
def other_line_ends(hand: Hand) -> None:
    name = hand.take(lacks=["encoding"])
    (hand.repository.top / name).write_text(hand.texts[name], encoding="utf-8", newline="\r\n")
    hand.brings(name, "encoding")


@change
def a_space_at_the_end_of_a_line(hand: Hand) -> None:
    name = hand.take("\nlifecycle:\n", lacks=["trailing-space"])
    hand.edit(name, ("\nlifecycle:\n", "\nlifecycle: \n"))
    hand.brings(name, "trailing-space")


# --- What must come of them -------------------------------------------------------------------------------------------

BATCHES = [[do] for do in CHANGES] if ALL else [CHANGES[start::3] for start in range(3)]


@pytest.fixture
def hand(library: Library) -> Iterator[Hand]:
    assert patternlint("baseline", "write", cwd=library.repository.top).code == OK
    yield Hand(library)
    library.repository.git("reset", "-q", "--hard")
    library.repository.git("clean", "-q", "-d", "-f")


@pytest.mark.parametrize("changes", BATCHES, ids=lambda changes: changes[0].__name__)
def test_only_what_changes_bring(library: Library, hand: Hand, changes: Sequence[Callable[[Hand], None]]) -> None:
    repository = library.repository
    for do in changes:
        do(hand)
    now = count_keys(lint_repository(repository, "--no-baseline"))
    old = under_new_names(count_keys(library.findings, hand.moved), hand.called, now)
    new = now - old
    assert count_keys(lint_repository(repository, "--since", "HEAD", "--no-baseline")) == new
    assert count_keys(lint_repository(repository)) == new
    assert_expected(hand, new)

    assert patternlint("baseline", "prune", cwd=repository.top).code == OK
    assert known_in(repository) == (old & now).total()
    assert count_keys(lint_repository(repository)) == new


def under_new_names(old: Counter[Key], called: Mapping[str, str], now: Counter[Key]) -> Counter[Key]:
    """Return old findings about patterns by the names that these have now, where they are not found by the old ones."""
    found: Counter[Key] = Counter()
    for path, rule, route, subject in old.elements():
        key = path, rule, route, subject
        lost = subject in called and found[key] >= now[key]
        found[(path, rule, route, called[subject]) if lost else key] += 1
    return found


def assert_expected(hand: Hand, new: Counter[Key]) -> None:
    local = Counter(
        f"{path} {rule}"
        for path, rule, _, subject in new.elements()
        if subject not in hand.deleted and path not in hand.come
    )
    assert local == hand.expected
    for slug, linkers in hand.deleted.items():
        files = {path for path, rule, _, subject in new if rule == "dangling-target" and subject == slug}
        assert {hand.moved.get(name, name) for name in linkers} <= files


def known_in(repository: Repository) -> int:
    files = json.loads(repository.read("patternlint-baseline.json"))["files"]
    return sum(len(abouts) for rules in files.values() for abouts in rules.values())


def test_a_merge_with_conflicts_resolved(library: Library, hand: Hand) -> None:
    repository, name = library.repository, hand.take("\n  requires: []\n")
    repository.git("stash", "-q", "-u")
    try:
        base = repository.git("rev-parse", "HEAD")
        repository.git("checkout", "-q", "-b", "side")
        repository.edit(name, ("\n  status: draft\n", "\n  status: dratf\n"), (SOLUTION, f"{SOLUTION}\nOne.\n"))
        a_bad_score(hand)
        repository.commit()
        repository.git("checkout", "-q", "main")
        repository.edit(name, (SOLUTION, f"{SOLUTION}\nTwo.\n"))
        repository.commit()
        repository.git("merge", "-q", "side", check=False)
        text = repository.read(name)
        start, end = text.index("<<<<<<<"), text.index(">>>>>>> side\n") + len(">>>>>>> side\n")
        resolved = text[:start] + "Three.\n" + text[end:]
        repository.add(name, resolved.replace("\n  requires: []\n", f"\n  requires:\n{NOWHERE}"))
        repository.git("add", "-A")
        assert brought(repository, "--since", "HEAD", "--staged") == {f"{name} dangling-target": 1}
        repository.git("commit", "-q", "--no-verify", "-m", "merged")
        since_main = Counter({f"{name} dangling-target": 1, f"{name} invalid-enum": 1}) + hand.expected
        assert brought(repository, "--since", "HEAD^1") == since_main
        assert brought(repository, "--since", "HEAD^2") == {f"{name} dangling-target": 1}
    finally:
        repository.git("reset", "-q", "--hard")
        repository.git("checkout", "-q", "main")
        repository.git("reset", "-q", "--hard", base)
        repository.git("stash", "drop", "-q")


def brought(repository: Repository, *flags: str) -> Counter[str]:
    return Counter(
        f"{path} {rule}"
        for path, rule, _, _ in count_keys(lint_repository(repository, "--no-baseline", *flags)).elements()
    )
