"""The wheel contains the packages of the repository, and nothing else; and checks of all modules."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.support.command import ROOT

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
OLDEST_SETUPTOOLS = 80
_FOLDERS = {"patternlint": "patternlint", "rules": "patternlint/rules", "schemas": "patternlint/schemas"}

in_git = pytest.mark.skipif(not (ROOT / ".git").exists(), reason="requires a git repository")


def tracked(*folders: str) -> list[str]:
    done = subprocess.run(
        ["git", "ls-files", "-z", "--", *folders], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )
    return [name for name in done.stdout.split("\0") if name and (ROOT / name).exists()]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel, built offline from the tracked files."""
    if int(version("setuptools").partition(".")[0]) < OLDEST_SETUPTOOLS:
        pytest.skip("setuptools is too old to build the wheel; install the extra `dev`")
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    for name in tracked():
        target = source / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((ROOT / name).read_bytes())
    options = ("--quiet", "--disable-pip-version-check", "--no-deps", "--no-build-isolation", "--wheel-dir", folder)
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", *options, source], stdin=subprocess.DEVNULL, check=True, timeout=300
    )
    [path] = folder.glob("*.whl")
    return zipfile.ZipFile(path)


@in_git
def test_the_wheel_holds_every_file_and_no_other(wheel: zipfile.ZipFile) -> None:
    expected = set()
    for name in tracked(*_FOLDERS):
        top, _, rest = name.partition("/")
        expected.add(f"{_FOLDERS[top]}/{rest}")
    assert {name for name in wheel.namelist() if ".dist-info/" not in name} == expected


@in_git
def test_the_metadata_of_the_wheel(wheel: zipfile.ZipFile) -> None:
    names = {Path(name).name: name for name in wheel.namelist() if ".dist-info/" in name}
    assert "LICENSE" in names
    assert "patternlint = patternlint.cli:main" in wheel.read(names["entry_points.txt"]).decode()
    metadata = wheel.read(names["METADATA"]).decode()
    assert "License-Expression: MIT" in metadata
    assert "Requires-Python: >=3.11" in metadata


def test_every_package_is_listed() -> None:
    listed = set(PYPROJECT["tool"]["setuptools"]["packages"])
    packages = {
        ".".join((_FOLDERS[top], *path.parent.relative_to(ROOT / top).parts)).replace("/", ".")
        for top in ("patternlint", "rules")
        for path in (ROOT / top).rglob("__init__.py")
    }
    schemas = {f"patternlint.schemas.{path.name}" for path in (ROOT / "schemas").iterdir() if path.name.isidentifier()}
    assert listed == packages | schemas | {"patternlint.schemas"}


def test_every_exception_from_the_linter_has_a_reason() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").partition("[tool.ruff.lint]")[2].splitlines()
    codes = [line for line in lines[: lines.index("[tool.ruff.lint.pydocstyle]")] if line.startswith('    "')]
    has_reason = False
    for line in codes:
        has_reason = "#" in line or has_reason  # a reason also applies to the lines below it
        assert has_reason, line


def test_replace_names_fields_that_exist() -> None:
    """Type checkers ignore the keywords of `msgspec.structs.replace`."""
    modules = [ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "patternlint").rglob("*.py")]
    nodes = [node for module in modules for node in ast.walk(module)]
    annotated = [
        one for node in nodes if isinstance(node, ast.ClassDef) for one in node.body if isinstance(one, ast.AnnAssign)
    ]
    calls = [node for node in nodes if isinstance(node, ast.Call) and ast.unparse(node.func) == "replace"]
    used = {keyword.arg for call in calls for keyword in call.keywords}
    assert "findings" in used
    assert used - {ast.unparse(one.target) for one in annotated} == set()
