"""`patternlint test`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from patternlint.cli.arguments import Parser, add_common
from patternlint.cli.config import load_config_for
from patternlint.cli.errors import UsageError
from patternlint.cli.exit_codes import FINDINGS, OK
from patternlint.cli.options import CommonOptions
from patternlint.linter.registry import Registry, RuleInfo
from patternlint.project.project import load_all_specs, load_registry
from patternlint.report.color import Paint, painter, use_color
from patternlint.report.summary import number
from patternlint.spec.model import SpecRegistry
from patternlint.testing import check_examples


class TestOptions(CommonOptions, frozen=True, kw_only=True):
    """Options of `patternlint test`."""

    names: tuple[str, ...] = ()


def parser() -> Parser[TestOptions]:
    """Return the parser of `patternlint test`."""
    arguments = Parser(
        lambda: TestOptions,
        "test",
        "[NAME …]",
        "Run the examples of rules: bad examples must have exactly the marked findings, good examples none, and fixes "
        "must give the text of the example.",
    )
    arguments.add_argument(
        "names", nargs="*", metavar="NAME", help="Rules or groups (default: all that are not built in)"
    )
    return add_common(arguments)


def run(options: TestOptions) -> int:
    """Run the examples, and return the exit code: 1 when an example fails."""
    loaded = load_config_for(options)
    specs = load_all_specs(loaded)
    registry = load_registry(loaded, specs)
    rules = _select_rules(registry, options.names)
    paint = painter(color=use_color(options.color, is_terminal=sys.stdout.isatty()))
    failed = 0
    for info in rules:
        failures = list(_failures(info, registry, specs))
        failed += bool(failures)
        _report(info, failures, paint, quiet=options.quiet)
    role, outcome = ("error", f"{failed} failed") if failed else ("good", "all examples passed")
    sys.stdout.write(f"{number(len(rules), 'rule')}: {paint(role, outcome)}\n")
    return FINDINGS if failed else OK


def _select_rules(registry: Registry, names: Sequence[str]) -> list[RuleInfo]:
    """Return the rules to test, or raise UsageError without any."""
    selected = registry.expand(names) if names else {info.name for info in registry if info.plugin and info.rule.bad}
    if not selected:
        missing = 'the configuration sets no folder of rules (`rules = ["lint/rules"]`), and no plug-in is installed'
        message = f"no rules to test: {missing}"
        raise UsageError(message)
    return [info for info in registry if info.name in selected]


def _failures(info: RuleInfo, registry: Registry, specs: SpecRegistry) -> Iterator[str]:
    """Yield the problems of a rule and its examples. An exception of an example is one of them."""
    if info.mistake:
        yield f"{info.name}: the class {info.mistake} ({info.mistake_at})"
        return
    try:
        yield from check_examples(info, registry, specs)
    except Exception as error:  # noqa: BLE001 - an example may be anything
        yield f"{info.name}: the examples cannot be run: {type(error).__name__}: {error}"


def _report(info: RuleInfo, failures: Sequence[str], paint: Paint, *, quiet: bool) -> None:
    if not failures:
        if not quiet:
            count = len(info.rule.bad) + len(info.rule.good)
            sys.stdout.write(f"{paint('good', 'passed')} {info.name} ({number(count, 'example')})\n")
        return
    sys.stdout.write(f"{paint('error', 'FAILED')} {info.name} ({info.module})\n")
    for failure in failures:
        text = failure.removeprefix(f"{info.name}, ").removeprefix(f"{info.name}: ")
        sys.stdout.write("".join(f"  {line}\n" for line in text.splitlines()))
