"""The GitHub Action: its steps as a runner runs them, on a pull request that GitHub has merged."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Mapping
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from tests.support.command import ROOT
from tests.support.repository import Repository, environment, example_library

ACTION = ROOT / "action.yml"
PAGES = (ROOT / "docs" / "github-action.md", ROOT / "README.md")
_EXPRESSION = re.compile(r"\$\{\{ ([\w.-]+|hashFiles\('[^']+'\)) \}\}")


class Step(NamedTuple):
    """What a run of the action left behind."""

    code: int
    log: str
    outputs: Mapping[str, str]
    summary: str


class Job(NamedTuple):
    """What all steps left behind: each command's by its id or name, what the action puts out, and the cache's hit."""

    steps: Mapping[str, Step]
    outputs: Mapping[str, str]
    hit: str


INSTALL = "Install patternlint"
SAVES = "${{ !cancelled() && steps.run.outputs.exit-code != '' && steps.cache.outputs.cache-hit != 'true' }}"
UPLOADS = "${{ !cancelled() && steps.run.outputs.library-report != '' }}"
EVENT = {
    "action": "synchronize",
    "number": 7,
    "pull_request": {"number": 7, "base": {"ref": "main"}, "head": {"ref": "side", "repo": {"fork": True}}},
    "repository": {"full_name": "patterns/library", "default_branch": "main"},
}


class Runner:
    """Runs the steps of the action as GitHub does, with the files and variables that it gives."""

    def __init__(self, repository: Repository, folder: Path) -> None:
        self.repository = repository
        self.store = folder / "store"
        self.temp = folder / "temp"
        self.temp.mkdir()
        self.base = repository.git("rev-parse", "HEAD")
        self.push: Mapping[str, object] | None = None

    def pull_request(self) -> None:
        """Commit what was changed on a branch, and check out its merge into main as `actions/checkout` does."""
        git = self.repository.git
        git("checkout", "-q", "-b", "side")
        self.repository.commit("a pull request")
        git("checkout", "-q", "--detach", "main")
        git("merge", "-q", "--no-ff", "-m", "Merge side into main", "side")

    def run(self, **inputs: str) -> Step:
        """Run the step that checks the patterns, with the patternlint under test."""
        step = next(step for step in self.action["runs"]["steps"] if step.get("id") == "run")
        (self.temp / "patternlint").mkdir(exist_ok=True)
        values = self.values(inputs) | {"steps.python.outputs.python-path": sys.executable}
        return self.command(step, values, PYTHONPATH=str(ROOT))

    def job(self, python: Path, source: Path, **inputs: str) -> Job:
        """Run all steps in their order: the commands unchanged, other actions simulated.

        What is installed stays for the next job: it takes long, and would be the same.

        Args:
            python: what `setup-python` sets up.
            source: the checkout of the action.
            inputs: what the workflow says.
        """
        values = self.values(inputs) | {"github.action_path": str(source)}
        steps: dict[str, Step] = {}
        for step in self.action["runs"]["steps"]:
            given = {
                name: self.evaluated(text, values)
                for name, text in step.get("with", {}).items()
                if name != "update-environment"
            }
            used = step.get("uses", "").partition("@")[0]
            outputs: Mapping[str, str] = {}
            if used == "actions/setup-python":
                assert given["python-version"] == "3.12"
                outputs = {"python-path": str(python)}
            elif used == "actions/cache/restore":
                outputs = self.restored(given)
            elif used == "actions/upload-artifact":
                assert step["if"] == UPLOADS
                outputs = {"artifact-url": "https://example.org/artifact"} if given["path"] else {}
            elif used == "actions/cache/save":
                assert step["if"] == SAVES
                if values["steps.run.outputs.exit-code"] and values["steps.cache.outputs.cache-hit"] != "true":
                    shutil.copytree(given["path"], self.store / given["key"])
            elif step["name"] != INSTALL or not (self.temp / "patternlint" / "packages").exists():
                done = steps[step.get("id", step["name"])] = self.command(step, values)
                outputs = done.outputs
            values |= {f"steps.{step.get('id')}.outputs.{name}": text for name, text in outputs.items()}
            if step.get("name") == INSTALL and INSTALL in steps and steps[INSTALL].code:
                break
        outputs = {name: self.evaluated(one["value"], values) for name, one in self.action["outputs"].items()}
        return Job(steps, outputs, values["steps.cache.outputs.cache-hit"])

    def restored(self, given: Mapping[str, str]) -> dict[str, str]:
        """Copy what was kept under a key, or under the last one that begins as asked for, as `actions/cache` does."""
        kept = sorted(self.store.glob("*")) if self.store.exists() else []
        begins = [path for path in kept if path.name.startswith(given["restore-keys"])]
        found = next((path for path in kept if path.name == given["key"]), None) or (begins[-1] if begins else None)
        if found is not None:
            shutil.rmtree(given["path"], ignore_errors=True)
            shutil.copytree(found, given["path"])
        hit = "" if found is None else str(found.name == given["key"]).lower()
        return {"cache-primary-key": given["key"], "cache-hit": hit}

    @cached_property
    def action(self) -> Any:
        return yaml.safe_load(ACTION.read_text(encoding="utf-8"))

    def values(self, inputs: Mapping[str, str]) -> dict[str, str]:
        """Return what expressions stand for."""
        return {
            "github.action_path": str(ROOT),
            "runner.temp": str(self.temp),
            "runner.os": "Linux",
            **{f"inputs.{name}": str(one["default"]) for name, one in self.action["inputs"].items()},
            **{f"inputs.{name.replace('_', '-')}": text for name, text in inputs.items()},
        }

    def evaluated(self, text: str, values: Mapping[str, str]) -> str:
        def value(match: re.Match[str]) -> str:
            name = match[1]
            if name.startswith("hashFiles"):
                paths = sorted(self.repository.top.glob(name.split("'")[1]))
                return sha256(b"".join(sha256(path.read_bytes()).digest() for path in paths)).hexdigest()
            return values.get(name, "") if name.startswith("steps.") else values[name]

        found = _EXPRESSION.sub(value, text)
        assert "${{" not in found
        return found

    def command(self, step: Mapping[str, Any], values: Mapping[str, str], **more: str) -> Step:
        """Run one step that is a command."""
        files = {name: self.temp / name for name in ("output", "summary", "event.json")}
        for path in files.values():
            path.write_text("", encoding="utf-8")
        files["event.json"].write_text(json.dumps(self.push or EVENT), encoding="utf-8")
        github = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": "pull_request" if self.push is None else "push",
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
        env = {name: self.evaluated(text, values) for name, text in step["env"].items()}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]],
            cwd=self.repository.top,
            env=environment(**{**github, **env, **more}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        lines = files["output"].read_text(encoding="utf-8").splitlines()
        outputs = dict(line.split("=", 1) for line in lines)
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


def test_a_pull_request_that_chooses_its_own_judge(runner: Runner) -> None:
    runner.repository.edit("open-ledger-evening.md", BAD)
    runner.repository.add("patternlint.toml", 'ignore = ["ALL"]\n')
    runner.pull_request()
    done = runner.run()
    assert (done.code, done.outputs["errors"]) == (1, "1"), done.log
    words = "this change edits the configuration (`patternlint.toml`) and is checked with"
    assert (
        f"::warning title=patternlint::{words} the version of auto; the new one takes effect after the merge"
        in done.log
    )
    assert "this change edits the configuration (&#96;patternlint.toml&#96;)" in done.summary.partition("###")[0]
    done = runner.run(config_from="")
    assert (done.code, done.outputs["findings"]) == (0, "0")
    assert f"::warning title=patternlint::{words} the new version; use `--config-from auto`" in done.log


def test_a_push_is_checked_with_its_own_config(runner: Runner) -> None:
    runner.repository.edit("open-ledger-evening.md", BAD)
    runner.repository.add("patternlint.toml", 'ignore = ["ALL"]\n')
    runner.repository.commit()
    runner.push = {"before": runner.base}
    assert runner.run().code == 0


def test_a_force_push_without_the_former_commit(runner: Runner) -> None:
    runner.repository.edit("open-ledger-evening.md", BAD)
    runner.repository.commit()
    runner.push = {"before": "1" * 40, "forced": True}
    done = runner.run()
    assert (done.code, done.outputs["errors"]) == (1, "1"), done.log
    assert "::warning title=patternlint::the commit 111111111111 before the force push is not in this clone" in done.log
    assert "the parent of the last commit" in done.summary


def test_a_pull_request_that_brings_nothing(runner: Runner) -> None:
    runner.repository.edit("rain-garden-street.md", ("Gravel below,", "Stones below,"))
    runner.pull_request()
    done = runner.run()
    assert (done.code, done.log, done.outputs["findings"]) == (0, "", "0")
    assert done.summary.startswith("## patternlint: no findings\n")


def test_warnings_fail_on_request(runner: Runner) -> None:
    runner.repository.edit("rain-garden-street.md", ("overall_score: 3.8", "overall_score: 4.8"))
    runner.pull_request()
    assert runner.run().code == 0
    assert runner.run(fail_on="warning").code == 1


def test_everything_and_a_baseline(runner: Runner) -> None:
    runner.pull_request()
    assert runner.run(since="").outputs["findings"] == "9"
    baseline = '{"version": 1, "files": {"seed-swap-day.md": {"yaml-syntax": [""]}}}'
    runner.repository.add("known findings.json", baseline)
    assert runner.run(since="", config_from="", baseline="known findings.json").outputs["findings"] == "8"


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


def test_errors(runner: Runner) -> None:
    runner.pull_request()
    done = runner.run(since="nowhere")
    assert done.code == 2
    assert done.outputs == {"exit-code": "2"}
    assert "::error title=patternlint::patternlint: no commit `nowhere` here" in done.log
    assert done.summary.startswith("## patternlint could not check the patterns\n\n    patternlint: no commit")


def test_a_clone_of_one_commit_says_what_to_fetch(runner: Runner, tmp_path: Path) -> None:
    runner.pull_request()
    runner.repository.git("branch", "pull", "HEAD")
    top = runner.repository.top
    runner.repository.git("clone", "-q", "--depth=1", "--branch=pull", f"file://{top}", tmp_path / "one")
    runner.repository = Repository(tmp_path / "one")
    done = runner.run()
    assert done.code == 2
    assert "`fetch-depth: 2` for actions/checkout" in done.log


def test_fix_diff_is_about_the_files_of_the_change(runner: Runner) -> None:
    runner.repository.edit("rain-garden-street.md", ("overall_score: 3.8", "overall_score: 4.8"))
    runner.pull_request()
    diff = Path(runner.run(fix_diff="true").outputs["diff"]).read_text(encoding="utf-8")
    assert [line for line in diff.splitlines() if line.startswith("+++")] == ["+++ b/rain-garden-street.md"]
    assert "+    overall_score: 3.8\n" in diff
    diff = Path(runner.run(fix_diff="true", since="").outputs["diff"]).read_text(encoding="utf-8")
    assert "+++ b/open-ledger-evening.md\n" in diff


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
    assert commands[-1].endswith("more are shown in the job summary")
    assert done.summary.count("small-circuits") >= 60
    assert len(done.summary.encode()) < 2**20


# --- The whole job ----------------------------------------------------------------------------------------------------

NO_INDEX = ("No matching distribution", "Could not find a version", "Connection", "Temporary failure", "timed out")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The files of this repository, as the checkout of an action has them."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is no git repository: nothing says which files a checkout has")
    names = Repository(ROOT).git("ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (tmp_path / "action" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, tmp_path / "action" / name)
    return tmp_path / "action"


def another_runner(folder: Path) -> None:
    """Take away what does not stay when another machine runs the next job: all but the packages."""
    for path in folder.iterdir():
        if path.name != "packages":
            shutil.rmtree(path) if path.is_dir() else path.unlink()


@pytest.mark.slow
def test_all_steps_from_the_checkout_of_the_action_on(runner: Runner, checkout: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "python", with_pip=True)
    python = tmp_path / "python" / "bin" / "python"
    runner.repository.edit("open-ledger-evening.md", BAD)
    runner.repository.edit("rain-garden-street.md", ("overall_score: 3.8", "overall_score: 4.8"))
    runner.pull_request()

    first = runner.job(python, checkout, fix_diff="true")
    install = first.steps[INSTALL]
    if install.code and any(words in install.log for words in NO_INDEX):
        pytest.skip(f"the package index cannot be reached: {install.log.strip().splitlines()[-1]}")
    assert (install.code, install.outputs, install.summary) == (0, {}, ""), install.log
    packages = runner.temp / "patternlint" / "packages"
    assert (packages / "patternlint" / "schemas").is_dir()
    done = first.steps["run"]
    assert done.code == 1, done.log
    assert [line.split(",")[0] for line in done.log.splitlines()] == [
        "::error file=open-ledger-evening.md",
        "::warning file=rain-garden-street.md",
    ]
    assert done.summary.startswith("## patternlint: 1 error, 1 warning\n")
    folder = runner.temp / "patternlint"
    assert first.outputs == {
        "exit-code": "1",
        "findings": "2",
        "errors": "1",
        "warnings": "1",
        "sarif": str(folder / "findings.sarif"),
        "report": str(folder / "report.json"),
        "diff": str(folder / "fixes.diff"),
    }
    assert "+    overall_score: 3.8\n" in (folder / "fixes.diff").read_text(encoding="utf-8")
    assert first.hit == ""
    kept = next(runner.store.iterdir())
    assert any(path.is_file() for path in kept.rglob("*"))

    another_runner(folder)
    again = runner.job(python, checkout)
    assert again.hit == "true"
    assert (again.steps["run"].log, again.steps["run"].summary) == (done.log, done.summary)
    assert list(runner.store.iterdir()) == [kept]

    another_runner(folder)
    runner.repository.git("checkout", "-q", "side")
    runner.repository.edit("open-ledger-evening.md", BAD[::-1])
    runner.repository.edit("rain-garden-street.md", ("overall_score: 4.8", "overall_score: 3.8"))
    runner.repository.commit()
    runner.repository.git("checkout", "-q", "--detach", "main")
    runner.repository.git("merge", "-q", "--no-ff", "-m", "Merge side into main", "side")
    fixed = runner.job(python, checkout)
    assert fixed.hit == "false"
    assert (fixed.steps["run"].code, fixed.steps["run"].log) == (0, "")
    assert fixed.steps["run"].summary.startswith("## patternlint: no findings\n")
    assert {name: fixed.outputs[name] for name in ("exit-code", "findings", "diff")} == {
        "exit-code": "0",
        "findings": "0",
        "diff": "",
    }
    assert len(list(runner.store.iterdir())) == 2


# --- The files --------------------------------------------------------------------------------------------------------


def tool(name: str, *arguments: str | Path) -> str:
    path = Path(sys.executable).parent / name
    if not path.exists():
        pytest.skip(f"{name} is not installed")
    done = subprocess.run([path, *arguments], capture_output=True, text=True, check=False, env=dict(os.environ))
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def workflows() -> list[str]:
    """Return the workflows that the pages show."""
    return [
        block
        for page in PAGES
        for block in re.findall(r"^```yaml\n(.*?)^```$", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
        if "\non:" in f"\n{block}"
    ]


def test_the_action_is_sound() -> None:
    tool("zizmor", "--offline", "--no-progress", "--persona=pedantic", ACTION)
    tool("check-jsonschema", "--builtin-schema", "vendor.github-actions", ACTION)


def test_the_workflows_in_the_docs_are_sound(tmp_path: Path) -> None:
    assert len(workflows()) == len(PAGES) + 1
    for number, text in enumerate(workflows()):
        path = tmp_path / ".github" / "workflows" / f"{number}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(re.sub(r"patternlint@v[\d.]+", f"patternlint@{'0' * 40}", text), encoding="utf-8")
        tool("check-jsonschema", "--builtin-schema", "vendor.github-workflows", path)
        tool("zizmor", "--offline", "--no-progress", path)
        assert "pull_request_target" not in text


@pytest.mark.parametrize("path", sorted((ROOT / ".github" / "workflows").glob("*.yml")), ids=lambda path: path.name)
def test_the_workflows_of_this_project_are_sound(path: Path) -> None:
    tool("check-jsonschema", "--builtin-schema", "vendor.github-workflows", path)
    tool("zizmor", "--offline", "--no-progress", path)
    runs = [
        step["run"]
        for job in yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].values()
        for step in job["steps"]
        if "run" in step
    ]
    for name in (word for run in runs for word in run.split() if word.startswith("tools/")):
        assert os.access(ROOT / name, os.X_OK)


def test_the_action_is_thin() -> None:
    action: dict[str, Any] = yaml.safe_load(ACTION.read_text(encoding="utf-8"))
    for step in action["runs"]["steps"]:
        assert "${{" not in step.get("run", "")
        assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", step["uses"]) if "uses" in step else step["shell"] == "bash"


def test_the_report_about_the_library(runner: Runner) -> None:
    assert "library-report" not in runner.run(since="", config_from="").outputs
    done = runner.run(since="", config_from="", library_report="true")
    assert "library-report" in done.outputs, done
    path = Path(done.outputs["library-report"])
    assert path.read_text(encoding="utf-8").startswith("<!doctype html>")
