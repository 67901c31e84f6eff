"""`patternlint id`: a new id."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from patternlint.cli.config import load_settings
from patternlint.cli.exit_codes import OK
from patternlint.cli.options import Parser, UsageError, add_common, whole_number
from patternlint.messages.did_you_mean import did_you_mean
from patternlint.project.paths import absolute
from patternlint.project.project import load_all_specs
from patternlint.scaffold import new_id


def parser() -> Parser:
    """Return the parser of `patternlint id`."""
    made = Parser(prog="patternlint id", description="Print a new id for a pattern.")
    made.add_argument(
        "--prefix", default="", metavar="PREFIX", help="prefix of the id (default: that of the specification)"
    )
    made.add_argument("--count", type=whole_number, default=1, metavar="N", help="number of ids (default: 1)")
    add_common(made)
    return made


def run(arguments: Sequence[str]) -> int:
    """Run the command and return the exit code.

    Raises:
        UsageError: when no specification has the prefix.
    """
    options = parser().parse(arguments)
    loaded = load_settings(options, absolute("."))
    specs = load_all_specs(loaded)
    spec = specs.by_version.get(loaded.config.spec)
    prefix = options.prefix or next(iter(spec.id_prefixes if spec is not None else ()), "pat")
    if prefix not in specs.id_prefixes:
        known = sorted(specs.id_prefixes)
        message = f"unknown prefix `{prefix}`{did_you_mean(prefix, known)}; the prefixes are {', '.join(known)}"
        raise UsageError(message)
    sys.stdout.writelines(f"{new_id(prefix)}\n" for _ in range(options.count))
    return OK
