"""`patternlint completion`: what a shell offers."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command import ROOT, patternlint
from tests.support.repository import environment, example_library

_COMPLETE = """
source "$1"; shift
COMP_WORDS=(patternlint "$@"); COMP_CWORD=$#
_shtab_patternlint
printf '%s\\n' "${COMPREPLY[@]}"
"""


def test_bash_completes_commands_options_rules_and_slugs(tmp_path: Path) -> None:
    library = example_library(tmp_path / "library")
    script = tmp_path / "script.bash"
    script.write_text(patternlint("completion", "bash", cwd=tmp_path).out, encoding="utf-8")
    programs = tmp_path / "bin"
    programs.mkdir()
    program = programs / "patternlint"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m patternlint "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    variables = environment(PYTHONPATH=str(ROOT))
    variables["PATH"] = f"{programs}:{variables['PATH']}"

    def offered(*words: str) -> list[str]:
        done = subprocess.run(
            ["bash", "-c", _COMPLETE, "bash", str(script), *words],
            env=variables,
            cwd=library.top,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.split()

    assert offered("ret") == ["retarget"]
    assert offered("rename", "--dry") == ["--dry-run"]
    assert offered("rule", "dangling") == ["dangling-target"]
    assert offered("rename", "neigh") == ["neighbourhood-assembly"]
    assert offered("rename", "neighbourhood-assembly", "neigh") == []
    assert offered("--output-format", "sar") == ["sarif"]
    assert offered("check", "neigh") == ["neighbourhood-assembly.md"]
    assert "8.2" in offered("new", "--spec", "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_is_valid_for_its_shell(shell: str, tmp_path: Path) -> None:
    done = patternlint("completion", shell, cwd=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert "patternlint completion --list slugs" in done.out
    if shutil.which(shell) is None:
        pytest.skip(f"requires {shell}")
    script = tmp_path / "script"
    script.write_text(done.out, encoding="utf-8")
    assert subprocess.run([shell, "-n", str(script)], check=False).returncode == 0


_OFFERS_FILES = {
    "bash": "complete -o bashdefault -o default -F",
    "zsh": "_describe 'patternlint commands' _commands\n  _files\n",
    "fish": 'complete -c patternlint -n _shtab_patternlint_using -a "(__fish_complete_path (commandline -ct))"',
}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_files_are_offered_where_a_command_can_stand(shell: str, tmp_path: Path) -> None:
    script = patternlint("completion", shell, cwd=tmp_path).out
    assert script.count(_OFFERS_FILES[shell]) == 1
    assert shell != "zsh" or script.count("*) _files ;;") == 1
    if shell != "fish" or shutil.which(shell) is None:
        return
    (tmp_path / "rain-garden.md").touch()
    (tmp_path / "script").write_text(script, encoding="utf-8")
    ask = "source script; complete -C 'patternlint rain'; complete -C 'patternlint rain-garden.md rain'"
    done = subprocess.run(["fish", "-c", ask], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert [line.split("\t")[0] for line in done.stdout.splitlines()] == ["rain-garden.md", "rain-garden.md"]


def test_a_missing_shell_is_an_error(tmp_path: Path) -> None:
    done = patternlint("completion", cwd=tmp_path)
    assert (done.code, done.out) == (2, "")
    assert "missing shell; write `patternlint completion bash`" in done.err
