"""The documentation matches the program."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import get_args, get_type_hints

import msgspec
import pytest
from markdown_it import MarkdownIt

from patternlint import __version__
from patternlint.explain.settings import settings
from patternlint.project.config import Config, parse_config
from patternlint.report import FORMATS
from patternlint.spec.model import Spec
from tests.support.command import ROOT
from tools.spec_reference import TABLES, descriptions

README = (ROOT / "README.md").read_text(encoding="utf-8")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
_LINK = re.compile(r"\]\(([^)#\s]+)")
_ELSEWHERE = ("http://", "https://")
_HAND_WRITTEN = [
    path for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("examples/*/README.md")) if path.is_file()
]


def test_the_gate_runs_the_test_command_of_the_readme() -> None:
    commands = re.findall(r"^```sh\n(python3 -m venv .*?)\n```$", README, re.MULTILINE)
    assert len(commands) == 2
    assert commands[0].endswith(".venv/bin/patternlint examples/library")
    test = commands[1].rpartition("&& ")[2]
    assert shlex.split(test)[:3] == [".venv/bin/python", "-m", "pytest"]
    gate = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert any(line.startswith(test.removeprefix(".venv/bin/")) for line in gate.splitlines())


@pytest.mark.slow  # the gate has a step for it
def test_generated_pages_are_current() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "generate_docs.py", "--check"],
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("", ""), "run `python tools/generate_docs.py`"


@pytest.mark.parametrize("path", _HAND_WRITTEN, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_resolve(path: Path) -> None:
    text = re.sub(r"^```.*?^```$|`[^`\n]+`", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for link in _LINK.findall(text):
        if not link.startswith(_ELSEWHERE):
            assert (path.parent / link).exists(), link


def test_every_output_format_is_documented() -> None:
    page = (ROOT / "docs" / "output-formats.md").read_text(encoding="utf-8").partition("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE) == list(FORMATS)


def test_every_page_is_in_the_navigation() -> None:
    navigation = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    for path in (ROOT / "docs").rglob("*.md"):
        assert f"- {path.relative_to(ROOT / 'docs').as_posix()}\n" in navigation


def test_links_of_the_readme_are_absolute() -> None:
    """The package index shows the README too, where relative links do not resolve."""
    assert not [link for link in _LINK.findall(README) if not link.startswith(_ELSEWHERE)]


@pytest.mark.parametrize("path", _HAND_WRITTEN, ids=lambda path: str(path.relative_to(ROOT)))
def test_pinned_versions_are_current(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    pins = re.findall(r"patternlint/patternlint@v([\d.]+\d)|rev: v([\d.]+\d)", text)
    assert {version for pin in pins for version in pin if version} <= {__version__}


@pytest.mark.parametrize("path", _HAND_WRITTEN, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_of_the_project_that_pages_name_exist(path: Path) -> None:
    names = re.findall(
        r"`((?:tests|tools|benchmarks|patternlint|schemas|rules)/[\w./-]+)`", path.read_text(encoding="utf-8")
    )
    assert not [name for name in names if not (ROOT / name).exists()]


def test_modules_that_the_architecture_names_exist() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    packages = {path.name for path in (ROOT / "patternlint").iterdir() if path.is_dir()}
    for name in re.findall(r"`([a-z_]+(?:\.[a-z_]+)+)`", text):
        package, *rest = name.split(".")
        if package not in packages or rest == ["toml"]:
            continue
        module = ROOT / "patternlint" / package / rest[0]
        assert module.is_dir() or module.with_suffix(".py").is_file(), name
        if len(rest) > 1:
            assert f"def {rest[1]}(" in module.with_suffix(".py").read_text(encoding="utf-8"), name


def test_the_architecture_lists_every_package_in_the_order_of_the_contract() -> None:
    layers = PYPROJECT["tool"]["importlinter"]["contracts"][0]["layers"]
    packages = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").partition("## Packages")[2]
    assert re.findall(r"^\| `(\w+)` \|", packages, re.MULTILINE) == layers


def test_every_example_of_a_specification_is_accepted() -> None:
    page = (ROOT / "docs" / "reference" / "specification.md").read_text(encoding="utf-8")
    examples = [token.content for token in MarkdownIt().parse(page) if token.type == "fence"]
    assert len(examples) == len(TABLES)
    for example in examples:
        data = {"version": "1", "title": "One"} | tomllib.loads(example)
        assert isinstance(msgspec.convert(data, Spec), Spec)


@pytest.mark.parametrize("kind", TABLES.values(), ids=lambda kind: kind.__name__)
def test_every_key_of_a_specification_is_described(kind: type[msgspec.Struct]) -> None:
    assert set(descriptions(kind)) == {field.name for field in msgspec.structs.fields(kind)}


def test_every_table_of_a_specification_is_in_the_reference() -> None:
    nested = {
        inner
        for kind in TABLES.values()
        for hint in get_type_hints(kind).values()
        for inner in (*get_args(hint), hint)
        if isinstance(inner, type) and issubclass(inner, msgspec.Struct)
    }
    assert nested <= set(TABLES.values())


def test_every_setting_has_an_example_that_sets_it() -> None:
    page = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    tokens = MarkdownIt().parse(page)
    examples = [tomllib.loads(token.content) for token in tokens if token.type == "fence"]
    assert [[*example] for example in examples] == [[setting.name] for setting in settings(Config)]
    for example in examples:
        parse_config(example, lambda _: "an example")
