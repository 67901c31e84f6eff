"""internal-error."""

from __future__ import annotations

from collections.abc import Iterator
from traceback import extract_tb

from patternlint.rule import Crash, CrashRule, Diagnostic, Example, Severity, TooSlowError


class InternalError(CrashRule, frozen=True):
    """Every rule runs to its end on every file."""

    name = "internal-error"
    severity = Severity.ERROR
    why = "A rule that breaks down says nothing, and silence would look like a clean file."
    notes = (
        "It is the rule's fault, or the machine's, never the pattern's. All other rules go on. A file or a folder that "
        "cannot be read, or a file whose fixes cannot be written, or would do more than they say, is reported here too; it stays as it was. So is a rule "
        "that took longer for a file than `limits.rule-time` in the config and was stopped."
    )
    bad = (Example("«»---\ntitle: Böser Traum\n---\n", note="a rule raised an error on this file"),)
    good = (Example("title: Fine\n"),)

    def check(self, crash: Crash) -> Iterator[Diagnostic]:
        """Say which rule raised what, and where in its code."""
        error = crash.error
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
        if isinstance(error, OSError) and not crash.rule:
            what = "folder" if isinstance(error, IsADirectoryError) else "file"
            advice = f"make it readable, or leave the {what} out (`exclude` in the config)"
            yield self.at(crash, None, f"the {what} cannot be read: {error.strerror or reason}", help=advice)
            return
        if isinstance(error, TooSlowError):
            yield self.at(
                crash,
                None,
                f"the rule `{crash.rule}` was stopped: {error}",
                subject=crash.rule,
                help="please report this; `limits.rule-time` in the config gives it longer, "
                f"`--ignore {crash.rule}` leaves it out",
            )
            return
        frames = extract_tb(crash.traceback) if crash.traceback is not None else ()
        where = f" ({frames[-1].filename}:{frames[-1].lineno})" if frames else ""
        yield self.at(
            crash,
            None,
            f"the rule `{crash.rule}` broke down: {reason}{where}",
            subject=crash.rule,
            help=f"please report this; until it is mended, `--ignore {crash.rule}` leaves the rule out",
        )
