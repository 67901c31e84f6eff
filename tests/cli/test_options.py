"""Options are frozen values: only the argument parsers see what argparse returns."""

from __future__ import annotations

import ast
from importlib import import_module

import msgspec
import pytest

from patternlint.cli.arguments import COMMANDS
from patternlint.cli.options import CommonOptions
from tests.support.command import ROOT

_REQUIRED = {
    "rule": ["dangling-target"],
    "new": ["Title"],
    "rename": ["old", "new"],
    "migrate": ["--to", "8.2"],
    "retarget": ["old", "new"],
    "baseline": ["show"],
}


def test_only_the_parsers_import_argparse() -> None:
    importers = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "patternlint").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Import) and any(alias.name == "argparse" for alias in node.names))
        or (isinstance(node, ast.ImportFrom) and node.module == "argparse")
    }
    assert importers == {"patternlint/cli/arguments.py"}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_parser_returns_a_frozen_value(command: str) -> None:
    parser = import_module(f"patternlint.cli.commands.{command}").parser()
    options = parser.parse([*_REQUIRED.get(command, []), "--quiet"])
    assert isinstance(options, CommonOptions)
    assert options == parser.parse([*_REQUIRED.get(command, []), "-q"])
    assert options.quiet
    with pytest.raises(AttributeError, match="immutable"):
        options.quiet = False  # type: ignore[misc]


@pytest.mark.parametrize("command", COMMANDS)
def test_each_flag_sets_a_field(command: str) -> None:
    parser = import_module(f"patternlint.cli.commands.{command}").parser()
    flags = {action.dest for action in parser._actions if action.dest not in ("help", "version")}  # noqa: SLF001 - argparse has no public access
    fields = {field.name for field in msgspec.structs.fields(type(parser.parse(_REQUIRED.get(command, []))))}
    assert flags <= fields
