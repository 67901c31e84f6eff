"""The GitHub Action: its steps as a runner runs them, on a pull request that GitHub has merged."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from command import ROOT
from repository import Repository, environment, example_library

ACTION = ROOT / "action.yml"
PAGE = ROOT / "docs" / "github-action.md"
_EXPRESSION = re.compile(r"\$\{\{ ([\w.-]+) \}\}")


class Step(NamedTuple):
    """What a run of the action left behind."""

    code: int
    log: str
    outputs: Mapping[str, str]
    summary: str


class Runner:
    """Runs the steps of the action that are commands, with the files and variables that GitHub gives."""

    def __init__(self, repository: Repository, folder: Path) -> None:
        self.repository = repository
        self.temp = folder / "temp"
        self.temp.mkdir()
        self.base = repository.git("rev-parse", "HEAD")

    def pull_request(self) -> None:
        """Commit what was changed on a branch, and check out its merge into main as `actions/checkout` does."""
        git = self.repository.git
        git("checkout", "-q", "-b", "side")
        self.repository.commit("a pull request")
        git("checkout", "-q", "--detach", "main")
        git("merge", "-q", "--no-ff", "-m", "Merge side into main", "side")

    def run(self, **inputs: str) -> Step:
        action = yaml.safe_load(ACTION.read_text(encoding="utf-8"))
        files = {name: self.temp / name for name in ("output", "summary", "event.json")}
        for path in files.values():
            path.write_text("", encoding="utf-8")
        files["event.json"].write_text(json.dumps({"pull_request": {"number": 7}}), encoding="utf-8")
        github = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": "pull_request",
            "GITHUB_EVENT_PATH": str(files["event.json"]),
            "GITHUB_BASE_REF": "main",
            "GITHUB_HEAD_REF": "side",
            "GITHUB_REF": "refs/pull/7/merge",
            "GITHUB_SHA": self.repository.git("rev-parse", "HEAD"),
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_REPOSITORY": "patterns/library",
            "GITHUB_OUTPUT": str(files["output"]),
            "GITHUB_STEP_SUMMARY": str(files["summary"]),
            "RUNNER_TEMP": str(self.temp),
        }
        values = {
            "github.action_path": str(ROOT),
            "runner.temp": str(self.temp),
            "steps.python.outputs.python-path": sys.executable,
            **{f"inputs.{name}": str(one["default"]) for name, one in action["inputs"].items()},
            **{f"inputs.{name.replace('_', '-')}": text for name, text in inputs.items()},
        }
        step = next(step for step in action["runs"]["steps"] if step.get("id") == "run")
        env = {name: _EXPRESSION.sub(lambda match: values[match[1]], text) for name, text in step["env"].items()}
        env["PYTHONPATH"] = str(ROOT)  # what the step before would have installed
        (self.temp / "patternlint").mkdir(exist_ok=True)
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]],
            cwd=self.repository.top,
            env=environment(**github, **env),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        outputs = dict(line.split("=", 1) for line in files["output"].read_text(encoding="utf-8").splitlines())
        return Step(done.returncode, done.stdout, outputs, files["summary"].read_text(encoding="utf-8"))


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    if shutil.which("bash") is None:
        pytest.skip("there is no bash here")
    return Runner(example_library(tmp_path / "library"), tmp_path)


BAD = ("slug: small-circles", "slug: small-circuits")


def test_a_pull_request_that_brings_something(runner: Runner) -> None:
    runner.repository.edit("open-ledger-evening.md", BAD)
    runner.repository.edit("rain-garden-street.md", ("overall_score: 3.8", "overall_score: 4.8"))
    runner.pull_request()
    done = runner.run()
    assert done.code == 1, done.log
    assert [line.partition("::")[2].partition("::")[0] for line in done.log.splitlines()] == [
        "error file=open-ledger-evening.md,line=64,endLine=64,col=13,endColumn=27,title=dangling-target",
        "warning file=rain-garden-street.md,line=44,endLine=44,col=20,endColumn=23,title=overall-score-mean",
    ]
    folder = runner.temp / "patternlint"
    assert done.outputs == {
        "exit-code": "1",
        "findings": "2",
        "errors": "1",
        "warnings": "1",
        "report": str(folder / "report.json"),
        "sarif": str(folder / "findings.sarif"),
    }
    results = json.loads((folder / "findings.sarif").read_text(encoding="utf-8"))["runs"][0]["results"]
    assert [one["ruleId"] for one in results] == ["dangling-target", "overall-score-mean"]
    head = runner.repository.git("rev-parse", "HEAD")
    link = f"https://github.com/patterns/library/blob/{head}/open-ledger-evening.md?plain=1#L64"
    assert done.summary.startswith("## patternlint: 1 error, 1 warning\n")
    assert link in done.summary
    assert "### What to do" in done.summary


def test_a_pull_request_that_brings_nothing(runner: Runner) -> None:
    runner.repository.edit("rain-garden-street.md", ("Gravel below,", "Stones below,"))
    runner.pull_request()
    done = runner.run()
    assert (done.code, done.log, done.outputs["findings"]) == (0, "", "0")
    assert done.summary.startswith("## patternlint: no findings\n")


def test_warnings_fail_when_asked(runner: Runner) -> None:
    runner.repository.edit("rain-garden-street.md", ("overall_score: 3.8", "overall_score: 4.8"))
    runner.pull_request()
    assert runner.run().code == 0
    assert runner.run(fail_on="warning").code == 1


def test_everything_and_a_baseline(runner: Runner) -> None:
    runner.pull_request()
    assert runner.run(since="").outputs["findings"] == "9"
    baseline = '{"version": 1, "files": {"seed-swap-day.md": {"yaml-syntax": [""]}}}'
    runner.repository.add("known findings.json", baseline)
    assert runner.run(since="", baseline="known findings.json").outputs["findings"] == "8"


def test_paths_with_spaces(runner: Runner) -> None:
    runner.repository.rename("rain-garden-street.md", "rain, 100% -- gärten/rain garden.md")
    runner.pull_request()
    done = runner.run(since="", paths="rain, 100% -- gärten\nmentor-bench.md\n", format="concise")
    assert {line.split(":")[0] for line in done.log.splitlines() if ".md:" in line} == {
        "mentor-bench.md",
        "rain, 100% -- gärten/rain garden.md",
    }


def test_inputs_are_no_code(runner: Runner) -> None:
    runner.pull_request()
    evil = "$(touch evil)`touch evil`; touch evil"
    for name in ("paths", "since", "fail_on", "baseline", "format", "fix_diff"):
        runner.run(**{name: evil})
    assert not (runner.repository.top / "evil").exists()


def test_modules_of_the_pull_request_are_not_imported(runner: Runner) -> None:
    for name in ("patternlint", "json", "msgspec", "sitecustomize"):
        runner.repository.add(f"{name}.py", "open('evil', 'w').close()\n")
    runner.pull_request()
    assert runner.run().code == 0
    assert not (runner.repository.top / "evil").exists()


def test_trouble(runner: Runner) -> None:
    runner.pull_request()
    done = runner.run(since="nowhere")
    assert done.code == 2
    assert done.outputs == {"exit-code": "2"}
    assert "there is no commit `nowhere` here" in done.log
    assert done.summary == ""


def test_a_clone_of_one_commit_says_what_to_fetch(runner: Runner, tmp_path: Path) -> None:
    runner.pull_request()
    runner.repository.git("branch", "pull", "HEAD")
    top = runner.repository.top
    runner.repository.git("clone", "-q", "--depth=1", "--branch=pull", f"file://{top}", tmp_path / "one")
    runner.repository = Repository(tmp_path / "one")
    done = runner.run()
    assert done.code == 2
    assert "`fetch-depth: 2` for actions/checkout" in done.log


def test_fix_diff(runner: Runner) -> None:
    runner.pull_request()
    done = runner.run(fix_diff="true")
    assert "+    overall_score: 3.8\n" in Path(done.outputs["diff"]).read_text(encoding="utf-8")


def test_many_findings(runner: Runner) -> None:
    text = runner.repository.read("open-ledger-evening.md").replace("overall_score: 4.6", "overall_score: 3.8")
    for number in range(60):
        slug = f"evening-{number}"
        new = text.replace("slug: open-ledger-evening", f"slug: {slug}").replace(
            "1kfvj4y2qesc", f"1kfvj4y2q{number:03}"
        )
        runner.repository.add(f"{slug}.md", new.replace(*BAD).replace("Open-Ledger Evening", f"Evening {number}"))
    runner.pull_request()
    done = runner.run()
    commands = done.log.splitlines()
    assert sum(line.startswith("::error ") for line in commands) == 10
    assert commands[-1].startswith("::notice title=patternlint::")
    assert commands[-1].endswith("more are to be seen in the job summary")
    assert done.summary.count("small-circuits") >= 60
    assert len(done.summary.encode()) < 2**20


# --- The files --------------------------------------------------------------------------------------------------------


def tool(name: str, *arguments: str | Path) -> str:
    path = Path(sys.executable).parent / name
    if not path.exists():
        pytest.skip(f"{name} is not installed")
    done = subprocess.run([path, *arguments], capture_output=True, text=True, check=False, env=dict(os.environ))
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def workflows() -> list[str]:
    """Return the workflows that the page shows."""
    return [
        block
        for block in re.findall(r"^```yaml\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
        if "\non:" in f"\n{block}"
    ]


def test_the_action_is_sound() -> None:
    tool("zizmor", "--offline", "--no-progress", "--persona=pedantic", ACTION)
    tool("check-jsonschema", "--builtin-schema", "vendor.github-actions", ACTION)


def test_the_workflows_in_the_docs_are_sound(tmp_path: Path) -> None:
    assert workflows()
    for number, text in enumerate(workflows()):
        path = tmp_path / ".github" / "workflows" / f"{number}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("patternlint@main", f"patternlint@{'0' * 40}"), encoding="utf-8")
        tool("check-jsonschema", "--builtin-schema", "vendor.github-workflows", path)
        tool("zizmor", "--offline", "--no-progress", path)
        assert "pull_request_target" not in text


def test_the_action_is_thin() -> None:
    action: dict[str, Any] = yaml.safe_load(ACTION.read_text(encoding="utf-8"))
    for step in action["runs"]["steps"]:
        assert "${{" not in step.get("run", "")
        assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", step["uses"]) if "uses" in step else step["shell"] == "bash"
