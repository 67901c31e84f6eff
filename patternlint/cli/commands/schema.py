"""`patternlint schema [SPEC] [GROUP]`: the JSON Schema of front matter."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from patternlint.cli.config import load_settings
from patternlint.cli.exit_codes import OK
from patternlint.cli.options import Parser, UsageError, add_common
from patternlint.messages.did_you_mean import did_you_mean
from patternlint.project.paths import absolute
from patternlint.project.project import load_all_specs
from patternlint.validation.validator import bundle_schema, load_group_schema


def parser() -> Parser:
    """Return the parser of `patternlint schema`."""
    made = Parser(
        prog="patternlint schema",
        description="The JSON Schema of front matter, for editors and other programs: joined, or of one group.",
    )
    made.add_argument(
        "spec", nargs="?", default="", metavar="SPEC", help="the version of the spec (default: list them)"
    )
    made.add_argument("group", nargs="?", default="", metavar="GROUP", help="one group of front matter")
    add_common(made)
    return made


def run(arguments: Sequence[str]) -> int:
    """Run the command and return the exit code."""
    options = parser().parse(arguments)
    loaded = load_settings(options, absolute("."))
    specs = load_all_specs(loaded)
    with_groups = {version: spec for version, spec in specs.by_version.items() if spec.groups}
    if not options.spec:
        for version, spec in with_groups.items():
            sys.stdout.write(f"{version}  {spec.title}: {', '.join(group.name for group in spec.groups)}\n")
        return OK
    if options.spec not in with_groups:
        message = f"there is no spec `{options.spec}`; there are {', '.join(with_groups)}"
        raise UsageError(message)
    found = with_groups[options.spec]
    names = [group.name for group in found.groups]
    if options.group and options.group not in names:
        message = f"spec {options.spec} has no group `{options.group}`{did_you_mean(options.group, names)}; there are {', '.join(names)}"
        raise UsageError(message)
    schema = load_group_schema(found, options.group) if options.group else bundle_schema(found)
    sys.stdout.write(json.dumps(schema, indent=2, ensure_ascii=False) + "\n")
    return OK
