"""`patternlint config`: the settings that there are, and those in force here."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import get_args, get_type_hints

import msgspec

from patternlint.cli import OK
from patternlint.cli.arguments import Parser, add_common
from patternlint.cli.settings import load_settings
from patternlint.config import Config, LoadedConfig
from patternlint.run.discover import absolute


def run(arguments: Sequence[str]) -> int:
    """Run the command and return the exit code."""
    parser = Parser(prog="patternlint config", description="The settings that there are, and those in force here.")
    parser.add_argument("path", nargs="?", default=".", metavar="PATH", help="where (default: the current folder)")
    add_common(parser)
    options = parser.parse(arguments)
    sys.stdout.write(settings_text(load_settings(options, absolute(options.path))))
    return OK


def settings_text(loaded: LoadedConfig) -> str:
    """Return every setting with what it does and its value."""
    lines = [f"# from {loaded.path}" if loaded.path is not None else "# no config: all settings have their defaults", ""]
    hints = get_type_hints(Config, include_extras=True)
    for field in msgspec.structs.fields(Config):
        metas = [arg for arg in get_args(hints[field.name]) if isinstance(arg, msgspec.Meta)]
        description = metas[0].description if metas else ""
        value = msgspec.to_builtins(getattr(loaded.config, field.name))
        lines += [f"# {description}", f"{field.encode_name} = {_toml(value)}", ""]
    return "\n".join(lines)


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if value is None:
        return '""  # none'
    return json.dumps(value, ensure_ascii=False)
