"""`patternlint id`."""

from __future__ import annotations

import sys

from patternlint.cli.arguments import Parser, add_common, whole_number
from patternlint.cli.config import load_config_for
from patternlint.cli.errors import require_choice
from patternlint.cli.exit_codes import OK
from patternlint.cli.options import CommonOptions
from patternlint.project.project import load_all_specs
from patternlint.scaffold import new_id


class IdOptions(CommonOptions, frozen=True, kw_only=True):
    """Options of `patternlint id`."""

    prefix: str = ""
    count: int = 1


def parser() -> Parser[IdOptions]:
    """Return the parser of `patternlint id`."""
    arguments = Parser(lambda: IdOptions, "id", "", "Generate pattern ids.")
    arguments.add_argument("--prefix", metavar="PREFIX", help="Prefix of the id (default: that of the specification)")
    arguments.add_argument("--count", type=whole_number, metavar="N", help="Number of ids (default: 1)")
    return add_common(arguments)


def run(options: IdOptions) -> int:
    """Print new ids, and return the exit code.

    Raises:
        UsageError: when no specification has the prefix.
    """
    loaded = load_config_for(options)
    specs = load_all_specs(loaded)
    spec = specs.by_version.get(loaded.config.spec)
    known = [spec] if spec is not None else reversed(specs.all)  # those of the highest rank recognize most files
    prefixes = (prefix for one in known for prefix in one.identity.id_prefixes)
    prefix = options.prefix or next(prefixes, "")
    require_choice("prefix", prefix, sorted(specs.id_prefixes))
    sys.stdout.writelines(f"{new_id(prefix)}\n" for _ in range(options.count))
    return OK
