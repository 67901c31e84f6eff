"""Silence the findings of a run by comments in the files; lint again, and keep only comments that had this effect."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.diagnostics.fingerprint import stable_subject
from patternlint.diagnostics.route import BODY_ROUTE
from patternlint.edits.apply import apply_edits
from patternlint.edits.suppression_comments import suppression_edits
from patternlint.fixer.verify import rejection_reason
from patternlint.parser.parser import ParsedFile
from patternlint.project.atomic_write import WriteError, write_all
from patternlint.run.fix import FixWorkspace, pending_writes
from patternlint.run.run import Run

_Counts = defaultdict[str, Counter[tuple[str, str]]]


class SuppressionRun(Struct, frozen=True):
    """What silencing came to.

    Attributes:
        before: the old bytes of every file that changes, by path.
        after: the new bytes.
        silenced: how many findings they silence.
        left: how many findings cannot be silenced.
    """

    before: Mapping[str, bytes]
    after: Mapping[str, bytes]
    silenced: Mapping[str, int]
    left: int


def suppress(run: Run, reason: str) -> SuppressionRun:
    """Return what the files become when everything that a run shows is silenced. Nothing is written.

    A comment that changes more than it should (another finding comes up, or the comment is unused) gives way to one for
    the whole file, and that to none.

    Args:
        run: the run; findings that it holds back are left alone.
        reason: why, for every comment.
    """
    bench = FixWorkspace(run)
    files = bench.files()
    suppression_rule = run.project.selection.suppression_rule
    unused = suppression_rule.name if suppression_rule is not None else ""
    chosen: dict[str, list[Diagnostic]] = {}
    total = 0
    for one in run.by_file():
        total += len(one.findings)
        parsed = files.get(one.path)
        if parsed is not None and parsed.pattern is not None and parsed.source.decode_error is None:
            suppressible = [finding for finding in one.findings if finding.rule != unused]
            if suppressible:
                chosen[one.path] = suppressible
    before = _counts(bench.findings())
    for_file: dict[str, frozenset[str]] = dict.fromkeys(chosen, frozenset())
    texts: dict[str, bytes] = {}
    for attempt in range(_ATTEMPTS):
        again = [path for path in chosen if path not in texts]
        for path in again:
            texts[path] = _text(files[path], chosen[path], reason, for_file[path])
        after = _counts(bench.relint({path: texts[path] for path in again}).findings)
        now = bench.files()
        for path in again:
            wrong = _wrong(files[path], now[path], chosen[path], (before[path], after[path]), unused)
            if wrong and attempt == 0:
                for_file[path] = wrong
            elif wrong:
                chosen[path] = [finding for finding in chosen[path] if finding.rule not in wrong]
            if wrong:
                del texts[path]
    done = {path: data for path, data in texts.items() if data != files[path].source.data}
    silenced = {path: len(chosen[path]) for path in done}
    return SuppressionRun(
        {path: files[path].source.data for path in done}, done, silenced, total - sum(silenced.values())
    )


_ATTEMPTS = 4


def _text(parsed: ParsedFile, findings: Sequence[Diagnostic], reason: str, for_file: frozenset[str]) -> bytes:
    if parsed.pattern is None or not findings:
        return parsed.source.data
    return apply_edits(parsed.source.text, suppression_edits(parsed.pattern, findings, reason, for_file)).encode()


def _wrong(
    old: ParsedFile,
    new: ParsedFile,
    chosen: Sequence[Diagnostic],
    counts: tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]],
    unused: str,
) -> frozenset[str]:
    """Return the rules whose suppressions did not do what they should; all of them when the data is another."""
    if rejection_reason(old, new, (BODY_ROUTE,)) is not None:
        return frozenset(finding.rule for finding in chosen)
    before, after = counts
    more = after - (before - Counter((finding.rule, stable_subject(finding)) for finding in chosen))
    rules = {rule for rule, _ in more if rule != unused}
    rules |= {subject.rpartition(": ")[2] for rule, subject in more if rule == unused}
    if rules and rules.isdisjoint(finding.rule for finding in chosen):
        return frozenset(finding.rule for finding in chosen)
    return frozenset(rules)


def _counts(findings: Iterable[Diagnostic]) -> _Counts:
    counts: defaultdict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for finding in findings:
        counts[finding.path][finding.rule, stable_subject(finding)] += 1
    return counts


def write(run: Run, suppressed: SuppressionRun) -> Mapping[str, WriteError]:
    """Write what `suppress` returned, and return what went wrong, by path."""
    return write_all(pending_writes(run, suppressed.before, suppressed.after), ())
