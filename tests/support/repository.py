"""Git repositories for tests."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from patternlint.project.user_folder import library_cache_folder
from tests.support.command import ROOT

EXAMPLES = ROOT / "examples" / "library"

_SETTINGS = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    **{
        f"GIT_{who}_{what}": text for who in ("AUTHOR", "COMMITTER") for what, text in (("NAME", "T"), ("EMAIL", "t@t"))
    },
}


def environment(**more: str) -> dict[str, str]:
    """Return the environment without the settings of this machine, or of a hook that runs these tests, for git and GitHub."""
    plain = {name: text for name, text in os.environ.items() if not name.startswith(("GIT", "PRE_COMMIT"))}
    return {**plain, **_SETTINGS, **more}


def cache_folder(library: Path) -> Path:
    """Return the cache folder of a library."""
    folder = library_cache_folder(library)
    assert folder is not None
    return folder


class Repository:
    """A git work tree, with the changes that users make."""

    def __init__(self, top: Path) -> None:
        self.top = top

    def git(self, *arguments: str | Path, check: bool = True) -> str:
        done = subprocess.run(
            ["git", *map(str, arguments)], cwd=self.top, env=environment(), capture_output=True, text=True, check=False
        )
        assert not check or done.returncode == 0, done.stderr
        return done.stdout.strip()

    def edit(self, name: str, *changes: tuple[str, str]) -> None:
        """Replace texts that occur exactly once."""
        path = self.top / name
        text = path.read_text(encoding="utf-8")
        for old, new in changes:
            assert text.count(old) == 1, (name, old, text.count(old))
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")

    def add(self, name: str, text: str) -> None:
        path = self.top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def read(self, name: str) -> str:
        return (self.top / name).read_text(encoding="utf-8")

    def rename(self, old: str, new: str) -> None:
        target = self.top / new
        target.parent.mkdir(parents=True, exist_ok=True)
        (self.top / old).rename(target)

    def delete(self, name: str) -> None:
        (self.top / name).unlink()

    def commit(self, message: str = "a change") -> str:
        self.git("add", "-A")
        self.git("commit", "-q", "--no-verify", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")


def example_library(top: Path) -> Repository:
    """Return a new repository in which the example library is committed."""
    top.mkdir(parents=True)
    for path in EXAMPLES.glob("*.md"):
        shutil.copy(path, top)
    repository = Repository(top)
    repository.git("init", "-q", "-b", "main")
    repository.commit("a library")
    return repository
