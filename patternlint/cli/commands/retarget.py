"""`patternlint retarget`."""

from __future__ import annotations

import sys

from patternlint.cli.arguments import Parser, add_common, add_plan
from patternlint.cli.exit_codes import FINDINGS, OK
from patternlint.cli.options import PlanOptions
from patternlint.cli.plans import load_library, print_diff, print_remaining
from patternlint.project.atomic_write import write
from patternlint.report.summary import number
from patternlint.run.fix import pending_writes
from patternlint.run.retarget import plan_retarget, retargeting_of


class RetargetOptions(PlanOptions, frozen=True, kw_only=True):
    """Options of `patternlint retarget`."""

    old: str
    new: str


def parser() -> Parser[RetargetOptions]:
    """Return the parser of `patternlint retarget`."""
    arguments = Parser(
        lambda: RetargetOptions,
        "retarget",
        "OLD NEW",
        "Change every relationship, hub and link that refers to OLD so that it refers to NEW. OLD need not exist. An item "
        "is deleted if its list already refers to NEW.",
    )
    add = arguments.add_argument
    add("old", metavar="OLD", help="Slug or id that links have now")
    add("new", metavar="NEW", help="Slug or id of an existing pattern")
    add_plan(arguments)
    return add_common(arguments)


def run(options: RetargetOptions) -> int:
    """Change the links to a pattern, and return the exit code.

    Raises:
        RenameError: when the new pattern does not exist, nothing links to the old one, or a link cannot be changed.
        WriteError: when a file cannot be written; then no file is changed.
    """
    run = load_library(options)
    plan = plan_retarget(run, retargeting_of(run, options.old, options.new))
    if options.diff:
        print_diff(plan)
    else:
        if not options.dry_run:
            write(pending_writes(run, plan.before, plan.after).values())
        verb = "would retarget" if options.dry_run else "retargeted"
        merged = f", {number(plan.merged, 'item')} merged" if plan.merged else ""
        counts = f"{number(plan.references, 'reference')} updated{merged}, {number(len(plan.after), 'file')} changed"
        sys.stdout.write(f"{verb} `{options.old}` to `{options.new}`; {counts}\n")
    print_remaining(options.old, plan)
    return FINDINGS if options.diff else OK
