"""Only new findings of a change: compared with full runs over both states, and with a baseline."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.gate.baseline import Baseline, baseline_text
from tests.support.command import ERROR, FINDINGS, OK, ROOT, Result, patternlint
from tests.support.repository import Repository, cache_folder, environment, example_library
from tests.support.repository_diagnostics import count_keys, describe, lint_repository


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ.keys() - environment().keys():
        monkeypatch.delenv(name)
    for name, text in environment().items():
        monkeypatch.setenv(name, text)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    return example_library(tmp_path_factory.mktemp("gate") / "library")


@pytest.fixture
def repository(template: Repository, tmp_path: Path) -> Repository:
    """A copy of the example library, committed."""
    shutil.copytree(template.top, tmp_path / "library")
    return Repository(tmp_path / "library")


@pytest.fixture(scope="session")
def old_findings(template: Repository) -> list[Diagnostic]:
    return lint_repository(template, "--no-cache")


# --- Changes ----------------------------------------------------------------------------------------------------------


class Change(NamedTuple):
    """A change: what is done, what is then new, which file became which, and what only a comparison finds."""

    do: Callable[[Repository], None]
    new: tuple[str, ...] = ()
    moved: Mapping[str, str] = {}
    compared: Sequence[str] = ()


CHANGES: dict[str, Change] = {}


def change(
    *new: str, moved: Mapping[str, str] | None = None, compared: Sequence[str] = ()
) -> Callable[[Callable[[Repository], None]], None]:
    def keep(do: Callable[[Repository], None]) -> None:
        CHANGES[do.__name__] = Change(do, new, moved or {}, compared)

    return keep


COMPLEMENTARY = "  complementary:\n    - slug: neighbourhood-assembly\n      weight: 0.7\n"


@change()
def nothing(_: Repository) -> None:
    pass


@change()
def edit_a_text(repository: Repository) -> None:
    repository.edit("rain-garden-street.md", ("Gravel below, sedges", "Gravel at the bottom, sedges"))


@change("open-ledger-evening.md invalid-enum")
def a_bad_value(repository: Repository) -> None:
    repository.edit("open-ledger-evening.md", ("status: draft", "status: dratf"))


@change("rain-garden-street.md overall-score-mean")
def a_bad_score(repository: Repository) -> None:
    repository.edit("rain-garden-street.md", ("overall_score: 3.8", "overall_score: 4.8"))


@change()
def another_bad_score_where_one_was(repository: Repository) -> None:
    repository.edit("open-ledger-evening.md", ("overall_score: 4.6", "overall_score: 4.5"))


@change()
def a_finding_less(repository: Repository) -> None:
    repository.edit("open-ledger-evening.md", ("overall_score: 4.6", "overall_score: 3.8"))


@change("open-ledger-evening.md dangling-target small-circuits")
def a_link_that_leads_nowhere(repository: Repository) -> None:
    repository.edit("open-ledger-evening.md", ("slug: small-circles", "slug: small-circuits"))


@change("rain-garden-street.md dangling-target rain-house")
def one_dangling_link_for_another(repository: Repository) -> None:
    repository.edit("rain-garden-street.md", ("slug: neighbourhood-assemblage", "slug: rain-house"))


@change("rain-garden-street.md dangling-target rain-house")
def a_dangling_link_before_an_old_one(repository: Repository) -> None:
    repository.edit(
        "rain-garden-street.md",
        (
            "    - slug: neighbourhood-assemblage\n",
            "    - slug: rain-house\n      weight: 0.9\n    - slug: neighbourhood-assemblage\n",
        ),
    )


@change("rain-garden-street.md dangling-target neighbourhood-assemblage")
def the_same_dangling_link_in_another_list(repository: Repository) -> None:
    repository.edit(
        "rain-garden-street.md",
        ("  requires:\n    - slug: neighbourhood-assemblage\n      weight: 0.7\n", "  requires: []\n"),
        ("  enables: []\n", "  enables:\n    - slug: neighbourhood-assemblage\n      weight: 0.7\n"),
    )


@change(
    "rain-garden-street.md dangling-target neighbourhood-assemblage",
    "rain-garden-street.md duplicate-target neighbourhood-assemblage",
)
def the_same_dangling_link_once_more(repository: Repository) -> None:
    item = "    - slug: neighbourhood-assemblage\n      weight: 0.7\n"
    repository.edit("rain-garden-street.md", (item, item + item))


@change()
def good_items_before_a_bad_one(repository: Repository) -> None:
    repository.edit(
        "rain-garden-street.md",
        (
            "    - slug: neighbourhood-assemblage\n",
            "    - slug: small-circles\n      weight: 0.9\n    - slug: neighbourhood-assemblage\n",
        ),
    )


@change()
def lines_moved(repository: Repository) -> None:
    repository.edit(
        "rain-garden-street.md",
        ("tend the hollow in\n  front of their door.", "tend the hollow in\n  front of their\n  door."),
        ("Dig where the chalk lines meet,", "Dig where\nthe chalk lines\nmeet,"),
    )


@change()
def keys_in_another_order(repository: Repository) -> None:
    text = repository.read("winter-kitchen.md")
    line = next(line for line in text.splitlines(keepends=True) if line.startswith("aliasses:"))
    repository.edit("winter-kitchen.md", (line, ""), ("title:", f"{line}title:"))


@change()
def inner_keys_in_another_order(repository: Repository) -> None:
    repository.edit(
        "mentor-bench.md",
        *[("  status: drfat\n", ""), ("lifecycle:\n", "lifecycle:\n  status: drfat\n")],
    )


@change("mending-room.md missing-reciprocal neighbourhood-assembly")
def a_sound_pattern_comes(repository: Repository) -> None:
    text = (
        repository.read("repair-cafe.md")
        .replace("slug: repair-cafe", "slug: mending-room")
        .replace("pat_01k", "pat_01m")
    )
    repository.add("mending-room.md", text.replace("Repair Café", "Mending Room"))


@change(
    "mending/mending-room.md missing-key",
    "mending/mending-room.md missing-reciprocal neighbourhood-assembly",
    "mending/mending-room.md wrong-type",
)
def a_bad_pattern_comes(repository: Repository) -> None:
    text = (
        repository.read("repair-cafe.md")
        .replace("slug: repair-cafe", "slug: mending-room")
        .replace("pat_01k", "pat_01m")
    )
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith(("title:", "attribution:"))]
    repository.add(
        "mending/mending-room.md", "".join(lines).replace("slug: mending-room\n", "slug: mending-room\ntitle: 7\n")
    )


@change(
    "mending-room.md duplicate-id",
    "mending-room.md duplicate-slug",
    "mending-room.md duplicate-title",
    "mending-room.md slug-filename",
    "repair-cafe.md duplicate-id",
    "repair-cafe.md duplicate-slug",
    "repair-cafe.md duplicate-title",
)
def a_copy_comes(repository: Repository) -> None:
    repository.add("mending-room.md", repository.read("repair-cafe.md"))


@change("notes.md stray-file")
def a_page_that_is_no_pattern(repository: Repository) -> None:
    repository.add("notes.md", "# Notes\n\nNo pattern.\n")


@change()
def a_pattern_that_nobody_links_to_goes(repository: Repository) -> None:
    repository.delete("seed-swap-day.md")


@change(
    "bread-oven-square.md dangling-target small-circles",
    "care-before-ownership.md dangling-target small-circles",
    "living-commons.md dangling-target small-circles",
    "living-commons.md hub-exists small-circles",
    "neighbourhood-assembly.md dangling-target small-circles",
    "neighbourhood-assembly.md hub-exists small-circles",
    "open-ledger-evening.md dangling-target small-circles",
)
def a_pattern_that_others_link_to_goes(repository: Repository) -> None:
    repository.delete("small-circles.md")


@change(
    "tutor-bench.md invalid-enum",
    "tutor-bench.md missing-key",
    "tutor-bench.md missing-reciprocal walking-school-bus",
    "walking-school-bus.md dangling-target mentor-bench",
)
def a_pattern_goes_and_a_like_one_comes(repository: Repository) -> None:
    text = repository.read("mentor-bench.md")
    repository.delete("mentor-bench.md")
    repository.add(
        "tutor-bench.md", text.replace("slug: mentor-bench", "slug: tutor-bench").replace("pat_01k", "pat_01m")
    )


@change(moved={"rain-garden-street.md": "water/rain-garden-street.md"})
def a_file_in_another_folder(repository: Repository) -> None:
    repository.rename("rain-garden-street.md", "water/rain-garden-street.md")


@change(
    "bread-oven-square.md dangling-target small-circles",
    "care-before-ownership.md dangling-target small-circles",
    "living-commons.md dangling-target small-circles",
    "living-commons.md hub-exists small-circles",
    "neighbourhood-assembly.md dangling-target small-circles",
    "neighbourhood-assembly.md hub-exists small-circles",
    "open-ledger-evening.md dangling-target small-circles",
    "tiny-circles.md missing-inverse neighbourhood-assembly",
    "tiny-circles.md missing-reciprocal care-before-ownership",
    moved={"small-circles.md": "tiny-circles.md"},
)
def a_rename_without_its_links(repository: Repository) -> None:
    repository.rename("small-circles.md", "tiny-circles.md")
    repository.edit("tiny-circles.md", ("slug: small-circles", "slug: tiny-circles"))


@change(moved={"small-circles.md": "tiny-circles.md"})
def a_rename_with_its_links(repository: Repository) -> None:
    repository.rename("small-circles.md", "tiny-circles.md")
    for path in repository.top.glob("*.md"):
        path.write_text(path.read_text(encoding="utf-8").replace("small-circles", "tiny-circles"), encoding="utf-8")


@change(
    "tutor-bench.md confidence-line",
    "tutor-bench.md section-missing",
    "tutor-bench.md section-missing",
    "tutor-bench.md section-missing",
    "tutor-bench.md section-missing",
    "tutor-bench.md section-missing",
    "tutor-bench.md section-missing",
    "tutor-bench.md section-missing",
    "tutor-bench.md section-missing",
    "tutor-bench.md slug-filename",
    "tutor-bench.md trailing-space",
    moved={"mentor-bench.md": "tutor-bench.md"},
)
def a_rename_that_rewrites_most(repository: Repository) -> None:
    head = repository.read("mentor-bench.md").partition("\n---\n")[0]
    repository.delete("mentor-bench.md")
    repository.add("tutor-bench.md", f"{head}\n---\n\n{'Another text, and much of it. ' * 400}\n")


@change("mentor-bench.md yaml-syntax")
def yaml_breaks(repository: Repository) -> None:
    repository.edit("mentor-bench.md", ("title: ", "title: [\n"))


@change()
def yaml_is_repaired(repository: Repository) -> None:
    repository.edit("seed-swap-day.md", ('"varieties",\n', '"varieties"]\n'))


@change("repair-cafe.md section-missing")
def a_section_goes(repository: Repository) -> None:
    text = repository.read("repair-cafe.md")
    start, end = text.index("### Section 4"), text.index("### Section 5")
    repository.add("repair-cafe.md", text[:start] + text[end:])


@change(compared=["mentor-bench.md new-suppression invalid-enum"])
def a_suppression_comes(repository: Repository) -> None:
    repository.edit("mentor-bench.md", ("status: drfat", "status: drfat # patternlint: ignore[invalid-enum] so it is"))


@change("mentor-bench.md unused-suppression invalid-enum", compared=["mentor-bench.md new-suppression invalid-enum"])
def a_suppression_that_silences_nothing_comes(repository: Repository) -> None:
    repository.edit("mentor-bench.md", ("title: ", "# patternlint: ignore[invalid-enum] so it is\ntitle: "))


@change()
def a_hub_moves_out(repository: Repository) -> None:
    repository.edit("small-circles.md", ("orbital_layer: 1", "orbital_layer: 4"))


@change("repair-cafe.md cycle requires", "shared-tool-library.md type-conflict repair-cafe")
def a_cycle(repository: Repository) -> None:
    repository.edit(
        "shared-tool-library.md", ("  requires:\n", "  requires:\n    - slug: repair-cafe\n      weight: 0.95\n")
    )


@change(
    "bread-oven-square.md encoding CRLF",
    "care-before-ownership.md encoding CRLF",
    "living-commons.md encoding CRLF",
    "mentor-bench.md encoding CRLF",
    "neighbourhood-assembly.md encoding CRLF",
    "open-ledger-evening.md encoding CRLF",
    "rain-garden-street.md encoding CRLF",
    "repair-cafe.md encoding CRLF",
    "seed-swap-day.md encoding CRLF",
    "shared-tool-library.md encoding CRLF",
    "small-circles.md encoding CRLF",
    "walking-school-bus.md encoding CRLF",
    "winter-kitchen.md encoding CRLF",
)
def a_change_of_everything(repository: Repository) -> None:
    for path in repository.top.glob("*.md"):
        path.write_text(path.read_text(encoding="utf-8").replace("\n", "\r\n"), encoding="utf-8", newline="")


@pytest.mark.parametrize("name", CHANGES)
def test_since_shows_what_a_change_brings_and_nothing_else(
    repository: Repository, old_findings: list[Diagnostic], name: str
) -> None:
    done = CHANGES[name]
    done.do(repository)
    new = count_keys(lint_repository(repository, "--no-cache")) - count_keys(old_findings, done.moved)
    changed = count_keys(lint_repository(repository, "--since", "HEAD"))
    assert describe(new) == sorted(done.new)
    assert new <= changed
    assert describe(changed - new) == sorted(done.compared)
    repository.git("add", "-A")
    assert count_keys(lint_repository(repository, "--since", "HEAD", "--staged")) == changed
    repository.commit()
    assert count_keys(lint_repository(repository, "--since", "HEAD~1")) == changed


@pytest.mark.parametrize("name", CHANGES)
def test_a_baseline_lets_only_new_findings_through_and_is_pruned_to_what_is_there(
    repository: Repository, old_findings: list[Diagnostic], name: str
) -> None:
    assert patternlint("baseline", "write", cwd=repository.top).code == OK
    assert lint_repository(repository) == []
    CHANGES[name].do(repository)
    now = count_keys(lint_repository(repository, "--no-baseline"))
    old = count_keys(old_findings, CHANGES[name].moved)
    assert count_keys(lint_repository(repository)) == now - old
    assert patternlint("baseline", "prune", cwd=repository.top).code == OK
    assert known_in(repository) == (old & now).total()
    assert count_keys(lint_repository(repository)) == now - old
    assert patternlint("baseline", "update", cwd=repository.top).code == OK
    assert known_in(repository) == now.total()
    assert lint_repository(repository) == []


def known_in(repository: Repository) -> int:
    files = json.loads(repository.read("patternlint-baseline.json"))["files"]
    return sum(len(abouts) for rules in files.values() for abouts in rules.values())


# --- What a change is compared with -----------------------------------------------------------------------------------


def lines(result: Result) -> list[str]:
    """Return the findings of a run with `--output-format concise`, without places and messages."""
    return sorted(
        f"{line.split(':')[0]} {line.partition('[')[2].partition(']')[0]}"
        for line in result.out.splitlines()
        if line.partition("[")[2]
    )


def since(repository: Repository, revision: str, *flags: str, **env: str) -> list[str]:
    return lines(concise(repository, "--since", revision, *flags, **env))


def concise(repository: Repository, *flags: str, **env: str) -> Result:
    return patternlint(*flags, "--output-format", "concise", cwd=repository.top, env=env)


def complaint(repository: Repository, *flags: str, **env: str) -> str:
    result = patternlint(*flags, cwd=repository.top, env=env)
    assert result.code == ERROR
    assert result.out == ""
    return result.err.removeprefix("patternlint: ").rstrip()


BAD_SCORE = ("overall_score: 3.8", "overall_score: 4.8")
BAD_STATUS = ("status: draft", "status: dratf")


def test_the_exit_code_is_that_of_the_new_findings(repository: Repository) -> None:
    assert concise(repository, "--since", "HEAD").code == OK
    repository.edit("open-ledger-evening.md", BAD_STATUS)
    assert concise(repository, "--since", "HEAD").code == FINDINGS


def test_the_deleted_file_is_named_as_the_cause(repository: Repository) -> None:
    repository.delete("small-circles.md")
    found = [one for one in lint_repository(repository, "--since", "HEAD") if one.rule == "dangling-target"]
    assert {one.help.partition(";")[0] for one in found} == {"this change deletes small-circles.md (`small-circles`)"}


@pytest.mark.parametrize("stage", [False, True])
def test_the_renamed_file_is_named_as_the_cause(repository: Repository, *, stage: bool) -> None:
    CHANGES["a_rename_without_its_links"].do(repository)
    if stage:
        repository.git("add", "-A")
    found = [one for one in lint_repository(repository, "--since", "HEAD") if one.subject == "small-circles"]
    assert {one.help.partition(";")[0] for one in found} == {
        "this change renames small-circles.md (`small-circles`) to tiny-circles.md"
    }


def test_another_slug_in_the_same_file_is_named_as_the_cause(repository: Repository) -> None:
    repository.edit("small-circles.md", ("slug: small-circles", "slug: tiny-circles"))
    found = [one for one in lint_repository(repository, "--since", "HEAD") if one.subject == "small-circles"]
    assert {one.help.partition(";")[0] for one in found} == {"this change renames `small-circles` in small-circles.md"}


def test_a_branch_counts_as_it_was_where_the_change_left_it(repository: Repository) -> None:
    repository.git("checkout", "-q", "-b", "side")
    repository.edit("rain-garden-street.md", BAD_SCORE)
    repository.commit()
    repository.git("checkout", "-q", "main")
    repository.edit("open-ledger-evening.md", ("overall_score: 4.6", "overall_score: 3.8"))
    repository.commit()
    repository.git("checkout", "-q", "side")
    assert since(repository, "main") == ["rain-garden-street.md overall-score-mean"]


def test_old_findings_about_a_pattern_follow_it_to_its_new_name(repository: Repository) -> None:
    repository.edit("neighbourhood-assembly.md", ("\nlifecycle:\n", "\nlifecycle: \n"))
    text = repository.read("repair-cafe.md").replace("slug: repair-cafe", "slug: mending-room")
    repository.add("mending-room.md", text.replace("pat_01k", "pat_01m").replace("Repair Café", "Mending Room"))
    repository.commit()
    old = lines(concise(repository))
    assert "mending-room.md missing-reciprocal" in old
    patternlint("baseline", "write", cwd=repository.top)
    assert patternlint("rename", "neighbourhood-assembly", "street-assembly", cwd=repository.top).code == OK
    renamed_old = sorted(line.replace("neighbourhood-assembly", "street-assembly") for line in old)
    assert lines(concise(repository, "--no-baseline")) == renamed_old
    assert since(repository, "HEAD", "--no-baseline") == []
    assert lines(concise(repository)) == []


def diverged(repository: Repository) -> None:
    """Make `side` bring a finding of its own, and `main` another one; both change the same lines."""
    repository.git("checkout", "-q", "-b", "side")
    repository.edit("rain-garden-street.md", BAD_SCORE, ("Gravel below,", "Gravel on the ground,"))
    repository.delete("seed-swap-day.md")
    repository.commit()
    repository.git("checkout", "-q", "main")
    repository.edit("open-ledger-evening.md", BAD_STATUS)
    repository.edit("rain-garden-street.md", ("Gravel below,", "Stones below,"))
    repository.commit()


def test_a_merge_with_conflicts_resolved_brings_only_what_neither_side_had(repository: Repository) -> None:
    diverged(repository)
    repository.git("merge", "side", check=False)
    text = repository.read("rain-garden-street.md")
    assert "<<<<<<<" in text
    resolved = text[: text.index("<<<<<<<")] + "Stones" + text[text.index(">>>>>>> side") + len(">>>>>>> side") :]
    repository.add("rain-garden-street.md", resolved.replace("license: CC-BY-SA-4.0", "license: CC-BY-4.0"))
    repository.git("add", "-A")
    assert since(repository, "HEAD", "--staged") == ["rain-garden-street.md invalid-enum"]
    assert lines(patternlint("hook", "--output-format", "concise", cwd=repository.top)) == [
        "rain-garden-street.md invalid-enum"
    ]
    repository.commit()
    assert since(repository, "HEAD^1") == [
        "rain-garden-street.md invalid-enum",
        "rain-garden-street.md overall-score-mean",
    ]
    assert since(repository, "HEAD^2") == ["open-ledger-evening.md invalid-enum", "rain-garden-street.md invalid-enum"]


def test_conflict_markers_that_stayed(repository: Repository) -> None:
    diverged(repository)
    repository.git("merge", "side", check=False)
    repository.git("add", "-A")
    assert "rain-garden-street.md conflict-marker" in since(repository, "HEAD", "--staged")


def test_what_two_good_branches_break_together(repository: Repository) -> None:
    repository.git("checkout", "-q", "-b", "side")
    repository.edit("rain-garden-street.md", ("slug: neighbourhood-assemblage", "slug: seed-swap-day"))
    repository.commit()
    repository.git("checkout", "-q", "main")
    repository.delete("seed-swap-day.md")
    repository.commit()
    repository.git("merge", "-q", "--no-commit", "side")
    assert since(repository, "HEAD", "--staged") == ["rain-garden-street.md dangling-target"]
    repository.git("commit", "-q", "-m", "merged")
    assert since(repository, "HEAD^1") == ["rain-garden-street.md dangling-target"]


def test_the_environment_of_a_merge_hook_names_what_is_merged(repository: Repository) -> None:
    """git runs `pre-merge-commit` before it writes MERGE_HEAD."""
    diverged(repository)
    side = repository.git("rev-parse", "side")
    repository.git("checkout", "-q", "side", "--", "rain-garden-street.md")
    assert since(repository, "HEAD", "--staged") == ["rain-garden-street.md overall-score-mean"]
    assert since(repository, "HEAD", "--staged", **{f"GITHEAD_{side}": "side"}) == []


# --- Pull requests ----------------------------------------------------------------------------------------------------


def pull_request(repository: Repository) -> dict[str, str]:
    """Merge `side` into a detached `main` as GitHub does, and return what GitHub says about it."""
    diverged_softly(repository)
    repository.git("checkout", "-q", "--detach", "main")
    repository.git("merge", "-q", "--no-ff", "-m", "Merge side into main", "side")
    return {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_BASE_REF": "main",
        "GITHUB_HEAD_REF": "side",
        "GITHUB_REF": "refs/pull/7/merge",
        "GITHUB_SHA": repository.git("rev-parse", "HEAD"),
    }


def diverged_softly(repository: Repository) -> None:
    repository.git("checkout", "-q", "-b", "side")
    repository.edit("rain-garden-street.md", BAD_SCORE)
    repository.commit()
    repository.git("checkout", "-q", "main")
    repository.edit("open-ledger-evening.md", BAD_STATUS)
    repository.commit()


def test_auto_is_what_a_pull_request_goes_into(repository: Repository) -> None:
    env = pull_request(repository)
    assert since(repository, "auto", **env) == ["rain-garden-street.md overall-score-mean"]


def test_auto_when_the_head_of_a_pull_request_is_checked_out(repository: Repository) -> None:
    env = pull_request(repository)
    repository.git("checkout", "-q", "side")
    repository.git("merge", "-q", "--no-ff", "-m", "Merge main into side", "main")
    repository.git("update-ref", "refs/remotes/origin/main", "main")
    assert since(repository, "auto", **env) == ["rain-garden-street.md overall-score-mean"]
    again = {**env, "GITHUB_EVENT_NAME": "pull_request_target", "GITHUB_SHA": repository.git("rev-parse", "main")}
    assert since(repository, "auto", **again) == ["rain-garden-street.md overall-score-mean"]


def test_auto_in_a_clone_of_one_commit_says_what_to_fetch(repository: Repository, tmp_path: Path) -> None:
    env = pull_request(repository)
    repository.git("branch", "pull", "HEAD")
    repository.git("clone", "-q", "--depth=1", "--branch=pull", f"file://{repository.top}", tmp_path / "one")
    one = Repository(tmp_path / "one")
    base = repository.git("rev-parse", "main")
    assert complaint(one, "--since", "auto", **env) == (
        f"the commit {base} is not in this clone; run `git fetch --depth=1 origin {base}`, "
        "or set `fetch-depth: 2` for actions/checkout"
    )
    one.git("fetch", "-q", "--depth=1", "origin", base)
    assert since(one, "auto", **env) == ["rain-garden-street.md overall-score-mean"]


def test_a_shallow_clone_with_the_commit_is_enough(repository: Repository, tmp_path: Path) -> None:
    env = pull_request(repository)
    repository.git("branch", "pull", "HEAD")
    repository.git("clone", "-q", "--depth=2", "--branch=pull", f"file://{repository.top}", tmp_path / "two")
    assert since(Repository(tmp_path / "two"), "auto", **env) == ["rain-garden-street.md overall-score-mean"]


def test_auto_is_what_a_push_started_from(repository: Repository, tmp_path: Path) -> None:
    before = repository.git("rev-parse", "HEAD")
    repository.edit("rain-garden-street.md", BAD_SCORE)
    repository.commit()
    repository.edit("open-ledger-evening.md", BAD_STATUS)
    repository.commit()
    event = tmp_path / "event.json"
    env = {"GITHUB_EVENT_NAME": "push", "GITHUB_EVENT_PATH": str(event)}
    new = ["open-ledger-evening.md invalid-enum", "rain-garden-street.md overall-score-mean"]
    event.write_text(json.dumps({"before": before}), encoding="utf-8")
    assert since(repository, "auto", **env) == new
    event.write_text(json.dumps({"merge_group": {"base_sha": before}}), encoding="utf-8")
    assert since(repository, "auto", **{**env, "GITHUB_EVENT_NAME": "merge_group"}) == new
    event.write_text(json.dumps({"before": "0" * 40}), encoding="utf-8")
    assert since(repository, "auto", **env) == []  # a new branch: compared with the main one, which this is
    event.write_text("no JSON", encoding="utf-8")
    assert since(repository, "auto", **env) == []
    assert since(repository, "auto", CI_MERGE_REQUEST_DIFF_BASE_SHA=before) == new


def test_auto_elsewhere_is_the_main_branch(repository: Repository) -> None:
    diverged_softly(repository)
    repository.git("checkout", "-q", "side")
    assert since(repository, "auto") == ["rain-garden-street.md overall-score-mean"]
    repository.git("branch", "-q", "-D", "main")
    assert complaint(repository, "--since", "auto") == (
        "`--since auto` found no branch to compare with; pass a commit or a branch"
    )


# --- Repositories of all kinds ----------------------------------------------------------------------------------------


def test_an_unknown_revision(repository: Repository) -> None:
    assert complaint(repository, "--since", "nowhere") == "no commit `nowhere` here"
    assert complaint(repository, "--since=--output=x") == "no commit `--output=x` here"


def test_an_unknown_revision_in_a_shallow_clone(repository: Repository, tmp_path: Path) -> None:
    old = repository.git("rev-parse", "HEAD")
    repository.commit("another")
    repository.git("clone", "-q", "--depth=1", f"file://{repository.top}", tmp_path / "one")
    one = Repository(tmp_path / "one")
    head = "no commit `{}` here; this clone is shallow: `git fetch --depth=1 origin {}` fetches it"
    assert complaint(one, "--since", old) == head.format(old, old)
    assert complaint(one, "--since", "origin/side") == head.format("origin/side", "side:refs/remotes/origin/side")
    repository.git("branch", "side", old)
    one.git("fetch", "-q", "--depth=1", "origin", "side:refs/remotes/origin/side")
    assert since(one, "origin/side") == []


def test_no_repository(repository: Repository) -> None:
    shutil.rmtree(repository.top / ".git")
    assert complaint(repository, "--since", "HEAD") == "--since, --staged and --at require a git work tree"
    assert complaint(repository, "hook").endswith("is in no git work tree")


def test_a_bare_repository(repository: Repository, tmp_path: Path) -> None:
    repository.git("clone", "-q", "--bare", repository.top, tmp_path / "bare")
    bare = Repository(tmp_path / "bare")
    assert complaint(bare, "--since", "HEAD") == "--since, --staged and --at require a git work tree"
    assert complaint(bare, "hook").endswith("is in no git work tree")


def test_no_git(repository: Repository, tmp_path: Path) -> None:
    assert complaint(repository, "--since", "HEAD", PATH=str(tmp_path)) == "git is not installed, and this needs it"


def test_a_second_work_tree(repository: Repository, tmp_path: Path) -> None:
    repository.git("worktree", "add", "-q", tmp_path / "second")
    second = Repository(tmp_path / "second")
    second.edit("rain-garden-street.md", BAD_SCORE)
    assert since(second, "HEAD") == ["rain-garden-street.md overall-score-mean"]
    second.git("add", "-A")
    assert lines(patternlint("hook", "--output-format", "concise", cwd=second.top)) == [
        "rain-garden-street.md overall-score-mean"
    ]


def test_a_library_in_a_subfolder_checked_from_inside(tmp_path: Path, template: Repository) -> None:
    (tmp_path / "top").mkdir()
    shutil.copytree(template.top, tmp_path / "top" / "docs", ignore=shutil.ignore_patterns(".git"))
    top = Repository(tmp_path / "top")
    top.git("init", "-q")
    top.commit()
    top.rename("docs/rain-garden-street.md", "docs/water/rain-garden-street.md")
    top.edit("docs/water/rain-garden-street.md", BAD_SCORE)
    within = Repository(tmp_path / "top" / "docs")
    assert since(within, "HEAD") == ["water/rain-garden-street.md overall-score-mean"]
    top.git("add", "-A")
    assert since(within, "HEAD", "--staged") == ["water/rain-garden-street.md overall-score-mean"]
    assert since(top, "HEAD") == ["docs/water/rain-garden-street.md overall-score-mean"]


def test_a_few_targets(repository: Repository) -> None:
    repository.edit("rain-garden-street.md", BAD_SCORE)
    repository.edit("open-ledger-evening.md", BAD_STATUS)
    result = concise(repository, "rain-garden-street.md", "--since", "HEAD")
    assert lines(result) == ["rain-garden-street.md overall-score-mean"]


def test_names_that_are_no_utf8(repository: Repository) -> None:
    raw = repository.top / os.fsdecode(b"rain-caf\xe9.md")
    (repository.top / "rain-garden-street.md").rename(raw)
    repository.commit()
    raw.write_text(raw.read_text(encoding="utf-8").replace(*BAD_SCORE), encoding="utf-8")
    new = [r"rain-caf\xe9.md overall-score-mean"]
    assert since(repository, "HEAD") == new
    assert since(repository, "HEAD") == new  # from the cache
    repository.git("add", "-A")
    assert since(repository, "HEAD", "--staged") == new
    assert patternlint("baseline", "write", cwd=repository.top).code == OK
    assert lint_repository(repository) == []


def test_since_with_a_baseline_reports_what_neither_hides(repository: Repository) -> None:
    repository.edit("rain-garden-street.md", BAD_SCORE)
    assert patternlint("baseline", "write", cwd=repository.top).code == OK
    assert since(repository, "HEAD") == []
    assert since(repository, "HEAD", "--no-baseline") == ["rain-garden-street.md overall-score-mean"]
    repository.edit("open-ledger-evening.md", BAD_STATUS)
    assert since(repository, "HEAD") == ["open-ledger-evening.md invalid-enum"]


# --- The hook ---------------------------------------------------------------------------------------------------------


def test_the_hook_looks_at_what_is_staged_and_nothing_else(repository: Repository) -> None:
    repository.edit("rain-garden-street.md", BAD_SCORE)
    assert patternlint("hook", cwd=repository.top) == Result(OK, "", "")
    repository.git("add", "-A")
    repository.edit("rain-garden-street.md", BAD_SCORE[::-1])
    assert lines(patternlint("hook", "--output-format", "concise", cwd=repository.top)) == [
        "rain-garden-street.md overall-score-mean"
    ]


def test_the_hook_leaves_when_no_pattern_is_involved(repository: Repository) -> None:
    repository.add("notes.txt", "n")
    repository.git("add", "-A")
    assert patternlint("hook", cwd=repository.top) == Result(OK, "", "")


@pytest.mark.parametrize("revision", ["HEAD", "@", "auto"])
@pytest.mark.parametrize("flags", [(), ("--staged",)])
def test_before_the_first_commit_everything_is_new(
    repository: Repository, revision: str, flags: tuple[str, ...]
) -> None:
    repository.edit("repair-cafe.md", ("slug: repair-cafe", "slug: repair-coffee"))
    repository.git("checkout", "-q", "--orphan", "other")
    repository.git("add", "-A")
    result = patternlint("--since", revision, *flags, "--output-format", "concise", cwd=repository.top)
    assert result.code == FINDINGS
    assert "[dangling-target] no pattern has the slug `repair-cafe`" in result.out
    assert "has no commits: all findings are reported" in result.out + result.err


def test_the_fixing_hook_of_the_documentation_leaves_old_lines_alone(repository: Repository) -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    [entry] = [hook["entry"].split() for hook in hooks if hook["id"] == "patternlint-fix"]
    documented = (ROOT / "docs" / "gates.md").read_text(encoding="utf-8")
    [arguments] = re.findall(r"- id: patternlint-fix\n +args: \[(.*)\]", documented)
    name = "rain-garden-street.md"
    repository.edit(name, ("overall_score: 3.8", "overall_score: 4.8"))
    repository.commit("an old mistake")
    old = repository.read(name)
    repository.add(name, f"{old}\n\n")
    repository.git("add", "-A")
    result = patternlint(*entry[1:], *arguments.split(", "), name, cwd=repository.top)
    assert (result.code, repository.read(name)) == (FINDINGS, old)


def test_before_the_first_commit_only_new_fixes_everything(repository: Repository) -> None:
    before = repository.read("repair-cafe.md")
    repository.add("repair-cafe.md", f"{before}\n\n")
    repository.git("checkout", "-q", "--orphan", "other")
    result = patternlint("--fix-only", "--since", "HEAD", "--only-new", "repair-cafe.md", cwd=repository.top)
    assert (result.code, result.err) == (OK, "")
    assert repository.read("repair-cafe.md") == before


def test_the_hook_of_the_first_commit(repository: Repository) -> None:
    shutil.rmtree(repository.top / ".git")
    repository.git("init", "-q")
    repository.git("add", "-A")
    result = patternlint("hook", "--output-format", "concise", cwd=repository.top)
    assert result.code == FINDINGS
    assert len(lines(result)) == 9


def test_the_hook_compares_the_commits_that_pre_commit_names(repository: Repository) -> None:
    before = repository.commit()
    repository.edit("rain-garden-street.md", BAD_SCORE)
    after = repository.commit()
    repository.edit("rain-garden-street.md", BAD_SCORE[::-1])  # a later commit, the index and the work tree
    repository.edit("open-ledger-evening.md", BAD_STATUS)
    repository.commit()
    repository.delete("small-circles.md")
    repository.git("add", "-A")
    repository.delete("repair-cafe.md")
    env = {"PRE_COMMIT_FROM_REF": before, "PRE_COMMIT_TO_REF": after}
    result = patternlint("hook", "--fail-on", "warning", "--output-format", "concise", cwd=repository.top, env=env)
    assert result.code == FINDINGS
    assert lines(result) == ["rain-garden-street.md overall-score-mean"]


def test_the_first_push_of_a_history_brings_everything(repository: Repository) -> None:
    """As pre-commit tells it: by the branch alone, or with nothing as the commit before."""
    old = lines(concise(repository, "--no-baseline"))
    repository.edit("rain-garden-street.md", BAD_SCORE)
    repository.git("add", "-A")
    for env in (
        {"PRE_COMMIT_LOCAL_BRANCH": "refs/heads/main", "PRE_COMMIT_REMOTE_NAME": "origin"},
        {"PRE_COMMIT_FROM_REF": "0" * 40, "PRE_COMMIT_TO_REF": "HEAD"},
        {"PRE_COMMIT_TO_REF": "main"},
    ):
        result = patternlint("hook", "--output-format", "concise", cwd=repository.top, env=env)
        assert (result.code, lines(result)) == (FINDINGS, old)
    repository.git("reset", "-q", "--hard")
    patternlint("baseline", "write", cwd=repository.top)
    result = patternlint("hook", cwd=repository.top, env={"PRE_COMMIT_LOCAL_BRANCH": "HEAD"})
    assert result.code == OK


def test_a_repository_of_somebody_else_is_named_as_such(repository: Repository) -> None:
    """As in a container whose folder was made outside; git's own tests ask for it so."""
    env = environment(GIT_TEST_ASSUME_DIFFERENT_OWNER="1")
    for arguments in (("hook",), ("--since", "HEAD")):
        result = patternlint(*arguments, cwd=repository.top, env=env)
        assert result.code == ERROR
        assert "dubious ownership" in result.err
        assert f"`git config --global --add safe.directory {repository.top}` allows it" in result.err


@pytest.mark.parametrize("hash_name", ["sha1", "sha256"])
def test_a_repository_without_patterns_is_none_of_the_business_of_the_hook(tmp_path: Path, hash_name: str) -> None:
    repository = Repository(tmp_path)
    repository.git("init", "-q", f"--object-format={hash_name}", check=False)
    if not (tmp_path / ".git").exists():
        pytest.skip("this git does not know the hash")
    repository.add("README.md", "# Notes\n")
    repository.git("add", "-A")
    assert patternlint("hook", cwd=tmp_path) == (OK, "", "")
    repository.commit()
    assert patternlint("hook", cwd=tmp_path, env={"PRE_COMMIT_LOCAL_BRANCH": "HEAD"}) == (OK, "", "")
    repository.git("rm", "-q", "README.md")
    assert patternlint("hook", cwd=tmp_path) == (OK, "", "")
    assert "no Markdown files" in complaint(repository)


def test_the_hook_looks_at_a_commit_of_another_branch(repository: Repository) -> None:
    """As with `git push origin side` while another branch is checked out."""
    before = repository.git("rev-parse", "HEAD")
    repository.git("checkout", "-q", "-b", "side")
    repository.rename("small-circles.md", "circles/small-circles.md")
    repository.edit("open-ledger-evening.md", ("slug: small-circles", "slug: small-circuits"))
    after = repository.commit()
    repository.git("checkout", "-q", "main")
    repository.edit("rain-garden-street.md", BAD_SCORE)
    repository.commit()
    env = {"PRE_COMMIT_FROM_REF": before, "PRE_COMMIT_TO_REF": after}
    result = patternlint("hook", "--output-format", "concise", cwd=repository.top, env=env)
    assert result.code == FINDINGS
    assert lines(result) == ["open-ledger-evening.md dangling-target"]


def test_at_looks_at_a_commit_and_not_at_the_work_tree(repository: Repository) -> None:
    before = lines(concise(repository))
    repository.edit("rain-garden-street.md", BAD_SCORE)
    repository.add("new.md", repository.read("repair-cafe.md"))
    assert lines(concise(repository, "--at", "HEAD")) == before
    repository.commit()
    assert since(repository, "HEAD~1", "--at", "HEAD~1") == []
    assert "rain-garden-street.md overall-score-mean" in since(repository, "HEAD~1", "--at", "main")
    assert complaint(repository, "--at", "nowhere") == "no commit `nowhere` here"
    assert complaint(repository, "--at", "HEAD", "--staged") == "--staged cannot be used with --at"
    assert "--staged and --at cannot be used with fixes" in complaint(repository, "--at", "HEAD", "--fix")


@pytest.mark.parametrize("flag", ["--fix", "--fix-only", "--diff", "--unsafe-fixes"])
@pytest.mark.parametrize("staged", [False, True], ids=["nothing staged", "staged"])
def test_the_hook_refuses_to_fix_and_names_the_command_that_does(
    repository: Repository, flag: str, *, staged: bool
) -> None:
    if staged:
        repository.edit("rain-garden-street.md", BAD_SCORE)
        repository.git("add", "-A")
    assert (
        complaint(repository, "hook", flag)
        == "`patternlint hook` does not apply fixes; run `patternlint --fix --since HEAD`"
    )


# --- Fixes of a change ------------------------------------------------------------------------------------------------


def test_fixes_since_a_commit_are_made_in_the_files_of_the_change(repository: Repository) -> None:
    repository.edit("rain-garden-street.md", BAD_SCORE)
    text = repository.read("repair-cafe.md").replace("slug: repair-cafe", "slug: mending-room")
    repository.add("mending-room.md", text.replace("pat_01k", "pat_01m").replace("\nlifecycle:\n", "\nlifecycle: \n"))
    diff = patternlint("--diff", "--since", "HEAD", cwd=repository.top).out
    changed = [line for line in diff.splitlines() if line.startswith("+++ ")]
    assert changed == ["+++ b/mending-room.md", "+++ b/rain-garden-street.md"]
    repository.git("add", "-A")
    result = concise(repository, "--fix", "--since", "HEAD")
    assert "fixed 2 findings" in result.out
    assert not any(line.startswith("rain-garden-street.md") for line in lines(result))
    assert repository.git("diff", "--name-only", "HEAD").split() == ["mending-room.md"]
    shutil.rmtree(repository.top / ".git")
    assert "--since requires a git work tree" in complaint(repository, "--fix", "--since", "HEAD")


# --- The baseline -----------------------------------------------------------------------------------------------------


def test_a_baseline_is_sorted_and_does_not_depend_on_what_wrote_it(repository: Repository) -> None:
    first = patternlint("baseline", "write", cwd=repository.top)
    assert first.out == f"{repository.top}/patternlint-baseline.json: 9 known findings in 5 files\n"
    text = repository.read("patternlint-baseline.json")
    patternlint("baseline", "write", "--no-cache", cwd=repository.top)
    assert repository.read("patternlint-baseline.json") == text
    data = json.loads(text)["files"]
    assert list(data) == sorted(data)
    assert data["rain-garden-street.md"] == {
        "dangling-target": ["relationships.requires[]: neighbourhood-assemblage"],
        "section-missing": ["section-7"],
    }


def test_a_baseline_changes_by_the_lines_of_the_findings_that_come_and_go(repository: Repository) -> None:
    patternlint("baseline", "write", cwd=repository.top)
    repository.commit()
    repository.edit("mentor-bench.md", ("status: drfat", "status: draft"))
    repository.edit("open-ledger-evening.md", BAD_STATUS)
    result = patternlint("baseline", "update", cwd=repository.top)
    assert result.out.endswith("9 known findings in 5 files (+0)\n")
    changed = repository.git("diff", "--numstat", "--", "patternlint-baseline.json").split()
    assert changed[:2] == ["3", "3"]


def test_what_a_baseline_holds_is_read_from_it_alone(repository: Repository) -> None:
    patternlint("baseline", "write", "--baseline", "known.json", cwd=repository.top)
    repository.add("lint/broken.py", "no Python")
    repository.add("patternlint.toml", 'rules = ["lint"]\nbaseline = "known.json"\n')
    shutil.rmtree(cache_folder(repository.top))
    assert complaint(repository)
    result = patternlint("baseline", "show", cwd=repository.top)
    assert result.out.startswith(f"{repository.top}/known.json: 9 known findings in 5 files\n")
    assert not cache_folder(repository.top).exists()


def test_resolved_findings_are_counted(repository: Repository) -> None:
    patternlint("baseline", "write", cwd=repository.top)
    repository.delete("mentor-bench.md")
    repository.delete("winter-kitchen.md")
    repository.edit("open-ledger-evening.md", ("overall_score: 4.6", "overall_score: 3.8"))
    result = patternlint(cwd=repository.top)
    assert result.out.splitlines()[-1] == (
        "5 known findings no longer exist; run `patternlint baseline prune` to remove them from the baseline"
    )
    assert patternlint("baseline", "prune", cwd=repository.top).out.endswith("4 known findings in 3 files (-5)\n")
    assert "no longer exist" not in patternlint(cwd=repository.top).out


def test_findings_outside_the_run_are_not_resolved(repository: Repository) -> None:
    patternlint("baseline", "write", cwd=repository.top)
    for flags in (("rain-garden-street.md",), ("--select", "dangling-target"), ("--ignore", "body")):
        assert "no longer exist" not in patternlint(*flags, cwd=repository.top).out
        assert "(+0); " in patternlint("baseline", "prune", *flags, cwd=repository.top).out
        assert "(+0); " in patternlint("baseline", "update", *flags, cwd=repository.top).out
    repository.add("patternlint.toml", 'ignore = ["body"]\n')
    assert patternlint("baseline", "prune", cwd=repository.top).out.endswith("(-2)\n")


def renamed(repository: Repository) -> None:
    repository.rename("mentor-bench.md", "tutors/mentor-bench.md")


def test_a_renamed_file_is_followed_by_a_baseline(repository: Repository) -> None:
    patternlint("baseline", "write", cwd=repository.top)
    before = json.loads(repository.read("patternlint-baseline.json"))
    renamed(repository)
    result = concise(repository)
    assert (result.code, lines(result)) == (OK, [])
    assert "no longer exist" not in result.out
    assert patternlint("baseline", "prune", cwd=repository.top).out.endswith("9 known findings in 5 files (+0)\n")
    after = json.loads(repository.read("patternlint-baseline.json"))
    for part in ("files", "patterns"):
        before[part]["tutors/mentor-bench.md"] = before[part].pop("mentor-bench.md")
    assert after == before


def test_a_copy_is_not_taken_for_a_renamed_file(repository: Repository) -> None:
    patternlint("baseline", "write", cwd=repository.top)
    repository.add("tutor-bench.md", repository.read("mentor-bench.md"))
    assert "tutor-bench.md invalid-enum" in lines(concise(repository))


def test_another_pattern_in_the_place_of_a_deleted_one_is_new(repository: Repository) -> None:
    patternlint("baseline", "write", cwd=repository.top)
    CHANGES["a_pattern_goes_and_a_like_one_comes"].do(repository)
    assert "tutor-bench.md invalid-enum" in lines(concise(repository))


def test_a_baseline_without_the_names_of_its_patterns_follows_nothing(repository: Repository) -> None:
    patternlint("baseline", "write", cwd=repository.top)
    data = json.loads(repository.read("patternlint-baseline.json"))
    del data["patterns"]
    repository.add("patternlint-baseline.json", json.dumps(data))
    assert concise(repository).code == OK
    renamed(repository)
    assert "tutors/mentor-bench.md invalid-enum" in lines(concise(repository))


def test_show_says_what_a_baseline_holds(repository: Repository) -> None:
    patternlint("baseline", "write", "--select", "schema,dangling-target", cwd=repository.top)
    shown_lines = patternlint("baseline", "show", cwd=repository.top).out.splitlines()
    assert shown_lines == [
        f"{repository.top}/patternlint-baseline.json: 4 known findings in 3 files",
        "        1  dangling-target",
        "        1  invalid-enum",
        "        1  missing-key",
        "        1  unknown-key",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "is not a valid baseline"),
        ('{"version": 1, "files": []}', "is not a valid baseline"),
        ('{"version": 2, "files": {}}', "unsupported version 2 of the baseline"),
    ],
)
def test_a_baseline_that_is_none(repository: Repository, text: str, words: str) -> None:
    repository.add("patternlint-baseline.json", text)
    assert words in complaint(repository)
    assert words in complaint(repository, "baseline", "show")


def test_a_baseline_that_is_not_there(repository: Repository) -> None:
    words = "baseline not found"
    assert words in complaint(repository, "--baseline", "known.json")
    for action in ("show", "prune"):
        assert words in complaint(repository, "baseline", action)
    assert complaint(repository, "baseline", "wriet").startswith("unknown action `wriet`; did you mean `write`?")
    assert complaint(repository, "baseline").startswith("missing action; expected one of write, ")


def test_a_baseline_of_names_that_git_quotes() -> None:
    baseline = Baseline({'a "b", 100%/ü.md': Counter({("slug-format", "slug: x"): 2})})
    assert json.loads(baseline_text(baseline))["files"] == {'a "b", 100%/ü.md': {"slug-format": ["slug: x"] * 2}}
