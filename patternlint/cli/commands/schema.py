"""`patternlint schema`."""

from __future__ import annotations

import json
import sys

from patternlint.cli.arguments import Parser, add_common
from patternlint.cli.config import load_config_for
from patternlint.cli.errors import require_choice
from patternlint.cli.exit_codes import OK
from patternlint.cli.options import CommonOptions
from patternlint.project.project import load_all_specs
from patternlint.spec.schemas import bundle_schema, load_group_schema


class SchemaOptions(CommonOptions, frozen=True, kw_only=True):
    """Options of `patternlint schema`."""

    spec: str = ""
    group: str = ""


def parser() -> Parser[SchemaOptions]:
    """Return the parser of `patternlint schema`."""
    arguments = Parser(
        lambda: SchemaOptions,
        "schema",
        "[SPEC [GROUP]]",
        "Print the JSON Schema of front matter, for editors and other programs.",
    )
    arguments.add_argument("spec", nargs="?", metavar="SPEC", help="Specification version (default: list all versions)")
    arguments.add_argument(
        "group", nargs="?", metavar="GROUP", help="Group of front matter (default: all in one schema)"
    )
    return add_common(arguments)


def run(options: SchemaOptions) -> int:
    """Print a JSON Schema or the list of specifications, and return the exit code.

    Raises:
        UsageError: when the specification or the group is unknown.
    """
    specs = load_all_specs(load_config_for(options))
    with_groups = {version: spec for version, spec in specs.by_version.items() if spec.groups}
    if not options.spec:
        for version, spec in with_groups.items():
            sys.stdout.write(f"{version}  {spec.title}: {', '.join(group.name for group in spec.groups)}\n")
        return OK
    require_choice("specification", options.spec, with_groups)
    spec = with_groups[options.spec]
    names = [group.name for group in spec.groups]
    if options.group:
        require_choice("group", options.group, names)
    schema = load_group_schema(spec, options.group) if options.group else bundle_schema(spec)
    sys.stdout.write(json.dumps(schema, indent=2, ensure_ascii=False) + "\n")
    return OK
