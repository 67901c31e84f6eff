"""`patternlint test`: run the examples of rules, those of a project and of installed plug-ins."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from patternlint.cli.config import load_settings
from patternlint.cli.exit_codes import FINDINGS, OK
from patternlint.cli.options import Parser, UsageError, add_common
from patternlint.cli.terminal import use_color
from patternlint.linter.registry import Registry, RuleInfo
from patternlint.project.paths import absolute
from patternlint.project.project import load_all_specs, load_registry
from patternlint.report.color import Paint, painter
from patternlint.spec.model import SpecRegistry
from patternlint.testing import check_examples

PASSED, FAILED = "passed", "FAILED"


def parser() -> Parser:
    """Return the parser of `patternlint test`."""
    made = Parser(
        prog="patternlint test",
        description="Run the examples of rules: what is marked in a bad one must be found and nothing else, a good one "
        "must be silent, a fix must make what the example says.",
    )
    made.add_argument("names", nargs="*", metavar="NAME", help="rules or groups (default: all that are not built in)")
    add_common(made)
    return made


def run(arguments: Sequence[str]) -> int:
    """Run the command and return the exit code: 1 when an example fails."""
    options = parser().parse(arguments)
    loaded = load_settings(options, absolute("."))
    registry = load_registry(loaded)
    specs = load_all_specs(loaded)
    chosen = _chosen(registry, options.names)
    paint = painter(color=use_color(options, terminal=sys.stdout.isatty()))
    failed = 0
    for info in chosen:
        failures = list(_failures(info, registry, specs))
        failed += bool(failures)
        _report(info, failures, paint, quiet=options.quiet)
    number = "1 rule" if len(chosen) == 1 else f"{len(chosen)} rules"
    role, outcome = ("error", f"{failed} failed") if failed else ("good", "all examples are as they say")
    sys.stdout.write(f"{number}: {paint(role, outcome)}\n")
    return FINDINGS if failed else OK


def _chosen(registry: Registry, names: Sequence[str]) -> list[RuleInfo]:
    """Return the rules to test.

    Raises:
        UsageError: when there is none.
        RegistryError: when a name stands for nothing.
    """
    wanted = registry.expand(names) if names else {info.name for info in registry if info.plugin}
    if not wanted:
        message = 'there is no rule to test: no folder of rules in the config (`rules = ["lint/rules"]`) and no plug-in'
        raise UsageError(message)
    return [info for info in registry if info.name in wanted]


def _failures(info: RuleInfo, registry: Registry, specs: SpecRegistry) -> Iterator[str]:
    """Yield what is wrong with a rule or its examples; an example that cannot be run is wrong too."""
    if info.mistake:
        yield f"{info.name}: the class {info.mistake} ({info.mistake_at})"
        return
    try:
        yield from check_examples(info, registry, specs)
    except Exception as error:  # noqa: BLE001 - an example may be anything
        yield f"{info.name}: the examples cannot be run: {type(error).__name__}: {error}"


def _report(info: RuleInfo, failures: Sequence[str], paint: Paint, *, quiet: bool) -> None:
    count = len(info.rule.bad) + len(info.rule.good)
    number = "1 example" if count == 1 else f"{count} examples"
    if not failures:
        if not quiet:
            sys.stdout.write(f"{paint('good', PASSED)} {info.name} ({number})\n")
        return
    sys.stdout.write(f"{paint('error', FAILED)} {info.name} ({info.module})\n")
    for failure in failures:
        text = failure.removeprefix(f"{info.name}, ").removeprefix(f"{info.name}: ")
        sys.stdout.write("".join(f"  {line}\n" for line in text.splitlines()))
