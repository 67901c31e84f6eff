"""What the documentation shows is what the program does."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from patternlint.report import FORMATS
from tests.support.command import ROOT, patternlint

README = (ROOT / "README.md").read_text(encoding="utf-8")
_LINK = re.compile(r"\]\(([^)#\s]+)")
_ELSEWHERE = ("http://", "https://")
_HAND_WRITTEN = [
    path for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("examples/*/README.md")) if path.is_file()
]


def test_the_screen_in_the_readme_is_what_patternlint_prints() -> None:
    [screen] = re.findall(r"^```console\n\$ (patternlint examples/library\n.*?)^```$", README, re.MULTILINE | re.DOTALL)
    _, _, shown = screen.partition("\n")
    printed = patternlint("examples/library", "--isolated", cwd=ROOT).out
    at = 0
    for part in re.split(r"^…\n", shown, flags=re.MULTILINE):
        found = printed.find(part, at)
        assert found >= 0, f"not printed, or not in this order:\n{part}"
        at = found + len(part)


def test_the_finding_in_getting_started_is_what_patternlint_prints() -> None:
    page = (ROOT / "docs" / "getting-started.md").read_text(encoding="utf-8")
    [finding] = re.findall(r"^```text\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert finding in patternlint("examples/library", "--isolated", cwd=ROOT).out


def test_the_gate_runs_the_test_command_of_the_readme() -> None:
    commands = re.findall(r"^```sh\n(python3 -m venv .*?)\n```$", README, re.MULTILINE)
    assert len(commands) == 2
    assert commands[0].endswith(".venv/bin/patternlint examples/library")
    test = commands[1].rpartition("&& ")[2]
    assert shlex.split(test)[:3] == [".venv/bin/python", "-m", "pytest"]
    assert f"\n{test.removeprefix('.venv/bin/')}\n" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_generated_pages_are_as_the_code_makes_them() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "generate_docs.py", "--check"],
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("", ""), "run `python tools/generate_docs.py`"


@pytest.mark.parametrize("path", _HAND_WRITTEN, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    text = re.sub(r"^```.*?^```$|`[^`\n]+`", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for link in _LINK.findall(text):
        if not link.startswith(_ELSEWHERE):
            assert (path.parent / link).exists(), link


def test_every_output_format_is_documented() -> None:
    page = (ROOT / "docs" / "output-formats.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE) == list(FORMATS)


def test_every_page_is_in_the_navigation() -> None:
    navigation = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    for path in (ROOT / "docs").rglob("*.md"):
        assert f"- {path.relative_to(ROOT / 'docs').as_posix()}\n" in navigation
