"""A change does not choose its own judge: config, rules, specs and baseline of another commit."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import ERROR, FINDINGS, OK, Result, patternlint
from tests.support.repository import EXAMPLES, Repository, environment, example_library

_RULE = """\
from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Pattern, Rule, Severity


class House(Rule):
    \"\"\"A rule of the house.\"\"\"

    name = "house"
    severity = Severity.ERROR
    why = "A test."
    bad = (Example("slug: «a»\\n"),)
    good = (Example("slug: b\\n"),)

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        yield self.at(pattern, pattern.front.root.span, "MESSAGE")
"""


def rule(message: str) -> str:
    return _RULE.replace("MESSAGE", message)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """The base has a config with a rule of its own; the branch `side` is a stranger's, who changes all that decides."""
    made = example_library(tmp_path / "library")
    made.add("patternlint.toml", 'rules = ["lint/rules"]\nselect = ["house"]\n')
    made.add("lint/rules/own/house.py", rule("as the base says"))
    made.commit("the base")
    made.git("checkout", "-q", "-b", "side")
    made.add("lint/rules/own/house.py", "raise SystemExit('code of a stranger')\n")
    made.add("patternlint.toml", 'rules = ["lint/rules"]\nselect = ["encoding"]\nexclude = ["*"]\n')
    made.commit("a stranger's")
    return made


def run(repository: Repository, *arguments: str, **more: str) -> Result:
    return patternlint(*arguments, cwd=repository.top, env=environment(**more))


def found(result: Result) -> list[dict[str, Any]]:
    assert result.code in (OK, FINDINGS), result.err
    findings: list[dict[str, Any]] = json.loads(result.out)["findings"]
    return findings


JSON = ("--output-format", "json")


def test_config_and_rules_are_those_of_the_commit(repository: Repository) -> None:
    findings = found(run(repository, *JSON, "--config-from", "main"))
    assert {one["message"] for one in findings} == {"as the base says"}
    assert (
        len({one["path"] for one in findings}) == len(list(EXAMPLES.glob("*.md"))) - 2
    )  # the README, and one that does not parse


def test_a_second_run_answers_from_the_cache(repository: Repository) -> None:
    first = run(repository, *JSON, "--config-from", "main")
    assert run(repository, *JSON, "--config-from", "main") == first
    repository.git("checkout", "-q", "main", "--", "lint", "patternlint.toml")
    repository.add("lint/rules/own/house.py", rule("as the work tree says"))
    assert {one["message"] for one in found(run(repository, *JSON))} == {"as the work tree says"}
    assert run(repository, *JSON, "--config-from", "main") == first


def test_nothing_is_left_of_the_rules_that_were_written_for_the_run(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    assert run(repository, "--config-from", "main").code == FINDINGS
    assert list(folder.iterdir()) == []


def test_auto_is_what_a_pull_request_goes_to(repository: Repository) -> None:
    repository.git("checkout", "-q", "main")
    repository.git("merge", "-q", "--no-ff", "--no-verify", "-m", "merge", "side")
    more = {
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_REF": "refs/pull/7/merge",
        "GITHUB_SHA": repository.git("rev-parse", "HEAD"),
    }
    findings = found(run(repository, *JSON, "--config-from", "auto", **more))
    assert {one["message"] for one in findings} == {"as the base says"}


def test_it_goes_with_since_and_staged(repository: Repository) -> None:
    repository.edit("repair-cafe.md", ("slug: repair-cafe", "slug: repair-coffee"))
    repository.git("add", "-A")
    for flags in (("--since", "main"), ("--staged", "--since", "main")):
        assert found(run(repository, *JSON, "--config-from", "main", *flags)) == []
    repository.add("new.md", '---\nslug: new\ntitle: "Neu für alle"\nontology: {}\n---\n')
    repository.git("add", "-A")
    for flags in (("--since", "main"), ("--staged", "--since", "main")):
        [one] = found(run(repository, *JSON, "--config-from", "main", *flags))
        assert (one["path"], one["message"]) == ("new.md", "as the base says")


def test_the_baseline_is_that_of_the_commit(repository: Repository) -> None:
    repository.git("checkout", "-q", "main")
    assert run(repository, "baseline", "write").code == OK
    repository.commit("a baseline")
    repository.git("checkout", "-q", "-b", "other")
    repository.add("new.md", '---\nslug: new\ntitle: "Neu für alle"\nontology: {}\n---\n')
    assert run(repository, "baseline", "write").code == OK
    repository.commit("new, and known")
    assert found(run(repository, *JSON)) == []
    for flags in ((), ("--baseline", "patternlint-baseline.json")):
        [one] = found(run(repository, *JSON, "--config-from", "main", *flags))
        assert one["path"] == "new.md"
    repository.git("checkout", "-q", "side")
    repository.add("patternlint-baseline.json", '{"version": 1, "files": {}}')
    assert len(found(run(repository, *JSON, "--config-from", "main~1"))) > 1
    missing = run(repository, "--config-from", "main~1", "--baseline", "patternlint-baseline.json")
    assert missing.code == ERROR
    assert "baseline not found in main~1" in missing.err


def test_a_commit_without_a_config_is_no_reason_to_take_that_of_the_work_tree(repository: Repository) -> None:
    shown = run(repository, "config", "--config-from", "main~1")
    assert shown.out.startswith("# no configuration file in main~1: all settings have their defaults\n")
    assert run(repository, "config", "--config-from", "main").out.startswith(
        f"# from {repository.top / 'patternlint.toml'} in main\n"
    )


def test_own_specs_are_those_of_the_commit(tmp_path: Path) -> None:
    top = tmp_path / "own"
    shutil.copytree(EXAMPLES.parent / "own-spec", top)
    made = Repository(top)
    made.git("init", "-q", "-b", "main")
    made.commit("the base")
    before = run(made, *JSON, "--config-from", "main")
    shutil.rmtree(top / "spec-9.0")
    assert run(made, *JSON).code == ERROR
    assert run(made, *JSON, "--config-from", "main") == before
    assert json.loads(before.out)["summary"]["patterns"] == {"9.0": 2}


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (("--config-from", "nowhere"), "no commit `nowhere` here"),
        (("--config-from", "main", "--isolated"), "--isolated cannot be used with --config-from"),
        (("--config-from", "main", "--config", "other.toml"), "other.toml in main"),
        (("--config-from", "gone"), "no folder `lint/gone` in gone"),
        (("--config-from", "out"), "cannot take `../rules` from out; use a folder of the repository"),
        (("--config-from", "absolute"), "from absolute; use a folder of the repository"),
    ],
)
def test_what_cannot_be_is_a_sentence(flags: tuple[str, ...], words: str, repository: Repository) -> None:
    for name, rules in (("gone", "lint/gone"), ("out", "../rules"), ("absolute", str(repository.top / "lint/rules"))):
        repository.git("checkout", "-q", "-b", name, "main")
        repository.add("patternlint.toml", f'rules = ["{rules}"]\n')
        repository.commit()
    (repository.top.parent / "rules").mkdir()
    result = run(repository, *flags)
    assert (result.code, result.out) == (ERROR, "")
    assert words in result.err
    assert len(result.err.splitlines()) == 1


def test_without_git_it_is_a_sentence(tmp_path: Path) -> None:
    result = patternlint("--config-from", "main", cwd=tmp_path)
    assert (result.code, result.err) == (
        ERROR,
        "patternlint: --config-from requires a git work tree\n",
    )


def test_rules_outside_of_the_repository_stay_where_they_are(repository: Repository, tmp_path: Path) -> None:
    folder = tmp_path / "trusted" / "own"
    folder.mkdir(parents=True)
    (folder / "house.py").write_text(rule("from elsewhere"), encoding="utf-8")
    repository.git("checkout", "-q", "-b", "elsewhere", "main")
    repository.add("patternlint.toml", f'rules = ["{folder.parent}"]\nselect = ["house"]\n')
    repository.commit()
    repository.git("checkout", "-q", "side")
    findings = found(run(repository, *JSON, "--config-from", "elsewhere"))
    assert {one["message"] for one in findings} == {"from elsewhere"}


@pytest.mark.parametrize("name", ["lint/rules/own/house.py", "lint/rules", "lint", "patternlint.toml"])
def test_a_symbolic_link_in_the_base_is_refused_by_name(repository: Repository, name: str) -> None:
    repository.git("checkout", "-q", "main")
    link = repository.top / name
    link.rename(repository.top / "elsewhere")
    link.symlink_to(repository.top / "elsewhere")
    repository.commit("with a link")
    result = run(repository, *JSON, "--config-from", "main")
    assert result.code == ERROR
    assert f"`{name}` is a symbolic link in main" in result.err
