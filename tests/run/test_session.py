"""After any changes on disk and in open files, a session and a run with a cache give the findings of a fresh run."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from patternlint.cache import store
from patternlint.project.config import find_config, load_config
from patternlint.project.git import find_top
from patternlint.project.paths import find_scope
from patternlint.project.project import Overrides
from patternlint.run import state
from patternlint.run.request import RunRequest, cache_folder
from patternlint.run.run import check
from patternlint.run.session import Session
from tests.support.editor import Editor, patterns
from tests.support.libraries import generate_library
from tests.support.repository import Repository


def request_for(library: Path, *, cached: bool = True) -> RunRequest:
    """Return a request for a whole library, with all rules."""
    config = find_config(library)
    assert config is not None
    scope = find_scope([library], config.parent, [])
    cache = cache_folder(scope, None) if cached else None
    return RunRequest(
        scope, load_config(config, library), Overrides(extend_select=("ALL",)), 1, cache, find_top(library)
    )


def open_session(library: Path) -> Session:
    return Session.open(request_for(library), lambda _: lambda _: None)


def settings_of(library: Path) -> Mapping[str, bytes]:
    files = [library / "patternlint.toml", *(library / "own").glob("*.py")]
    return {str(path): path.read_bytes() for path in files}


class Histories(RuleBasedStateMachine):
    """A library that changes on disk, in open files, and in its configuration."""

    template: Path

    @initialize(seed=st.integers(0, 10**6))
    def start(self, seed: int) -> None:
        self.folder = TemporaryDirectory()
        self.library = Path(self.folder.name, "library")
        shutil.copytree(self.template, self.library)
        os.chdir(self.library)
        self.editor = Editor(self.library, seed)
        self.open_files: dict[str, bytes] = {}
        self.session = open_session(self.library)
        self.before = self.findings()

    def path_of(self, file: Path) -> str:
        return file.relative_to(self.library).as_posix()

    def findings(self) -> Mapping[str, Any]:
        paths = [ref.path for ref in self.session.run.targets]
        return self.session.diagnostics({*paths, *self.open_files})

    @rule(steps=st.integers(1, 3))
    def change_on_disk(self, steps: int) -> None:
        before = settings_of(self.library)
        for _ in range(steps):
            self.editor.step()
        if settings_of(self.library) != before:
            self.session = open_session(self.library)
            self.session.put_all(self.open_files)
        else:
            self.session.refresh()

    @rule(kind=st.integers(0, 10), number=st.integers(0, 1000))
    def type_text(self, kind: int, number: int) -> None:
        """Change an open file as the editor changes one on disk, and compare what the change says it concerns."""
        files = patterns(self.library)
        file = files[number % len(files)]
        path = self.path_of(file) if kind else f"folder/new-{number % 3}.md"
        old = self.open_files.get(path, file.read_bytes())
        target = patterns(self.library)[(number * 7) % len(files)].stem.encode()
        data = [
            old + b"\nA line.\n",
            old.replace(b"slug: ", b"slug: x", 1),
            old.replace(b"requires:", b"requires:\n    - slug: " + target + b"\n      weight: 0.5\n  r:", 1),
            old.replace(b"title: ", b"title: 1", 1),
            old.replace(b"\n---", b"\n  - [\n---", 1),
            b"",
            file.read_bytes(),
            old[: len(old) // 2],
            b"# A page\n",
        ][kind % 9]
        known = self.findings()
        delta = self.session.put(path, data)
        self.open_files[path] = data
        now = self.findings()
        for one in known.keys() & now.keys() - {path} - delta.concerned:
            assert [_without_help(finding) for finding in known[one]] == [_without_help(f) for f in now[one]], one

    @rule(number=st.integers(0, 1000))
    def close(self, number: int) -> None:
        if self.open_files:
            path = sorted(self.open_files)[number % len(self.open_files)]
            self.session.drop(path)
            del self.open_files[path]

    @invariant()
    def findings_are_those_of_a_fresh_run(self) -> None:
        if not hasattr(self, "session"):
            return
        saved: dict[Path, bytes | None] = {}
        for path, data in self.open_files.items():
            file = self.library / path
            saved[file] = file.read_bytes() if file.exists() else None
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(data)
        fresh = check(request_for(self.library, cached=False), lambda _: lambda _: None)
        expected = {file.path: list(file.findings) for file in fresh.by_file() if file.path}
        cached = check(request_for(self.library), lambda _: lambda _: None)
        assert {file.path: list(file.findings) for file in cached.by_file() if file.path} == expected
        found = {path: list(some) for path, some in self.findings().items()}
        for file, old in saved.items():
            if old is None:
                file.unlink()
            else:
                file.write_bytes(old)
        self.session.refresh()
        for path, some in expected.items():
            known = found.get(path, [])
            different = [one for one in known if one not in some], [one for one in some if one not in known]
            assert different == ([], []), path
            assert known == some
        assert not any(some for path, some in found.items() if path not in expected and path not in self.open_files)
        assert list(self.session.store.everything) == list(fresh.library.store.everything)

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            os.chdir("/")
            self.folder.cleanup()


def _without_help(finding: Any) -> Any:
    return finding.rule, finding.message, finding.span, finding.severity


@pytest.fixture
def histories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> type[Histories]:
    monkeypatch.setattr(store, "RACY_WINDOW_NS", 0)
    monkeypatch.setattr(state, "MAX_KEPT", 10)
    monkeypatch.chdir(tmp_path)
    template = generate_library(tmp_path / "template", 30)
    Repository(template).git("init", "-q", "-b", "main")
    Histories.template = template
    return Histories


@pytest.mark.parametrize("examples", [5, pytest.param(300, marks=pytest.mark.slow)])
def test_a_session_and_the_cache_give_the_findings_of_a_fresh_run(examples: int, histories: type[Histories]) -> None:
    case = histories.TestCase
    case.settings = settings(
        max_examples=examples,
        stateful_step_count=8,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],  # shrinking a library takes minutes
    )
    case("runTest").runTest()
