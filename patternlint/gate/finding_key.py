"""Compare findings by rule and subject, independent of their line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.diagnostics.fingerprint import stable_subject
from patternlint.linter.suppressions import SuppressionKey

FindingKey = tuple[str, str]
"""The rule of a finding, and its `stable_subject`."""


def finding_key(finding: Diagnostic) -> FindingKey:
    """Return what identifies a finding across revisions of its file."""
    return finding.rule, stable_subject(finding)


def count_keys(findings: Iterable[Diagnostic]) -> Counter[FindingKey]:
    """Return the keys of findings with their number."""
    return Counter(map(finding_key, findings))


def rename_keys(
    known: Counter[FindingKey], names: Mapping[str, str], present: Counter[FindingKey]
) -> Counter[FindingKey]:
    """Return the keys of earlier findings after patterns were renamed.

    Args:
        known: the keys with the old names.
        names: the new name by old name.
        present: the keys of the current findings; an old name that is still reported stays.
    """
    if not names:
        return known
    renamed: Counter[FindingKey] = Counter()
    for key, count in known.items():
        rule, text = key
        head, colon, subject = text.rpartition(": ")
        unchanged = min(count, present[key]) if colon and subject in names else count
        if unchanged:
            renamed[key] += unchanged
        if unchanged < count:
            renamed[rule, f"{head}{colon}{names[subject]}"] += count - unchanged
    return renamed


class EarlierDiagnostics(Protocol):
    """The findings of a baseline or of an earlier revision of the library."""

    def known(self, path: str, present: Counter[FindingKey]) -> Counter[FindingKey]:
        """Return the earlier findings of a file of the run, whose current findings are `present`."""
        ...


class Revision(EarlierDiagnostics, Protocol):
    """An earlier revision of the library."""

    def suppressions(self, path: str) -> Counter[SuppressionKey]:
        """Return the suppressions of a file of the run in the revision, under its name in the revision."""
        ...


class NewDiagnosticsFilter:
    """Separates new findings from known ones.

    Args:
        earlier: sources of known findings.
        explain: returns a new finding with the cause that the change has for it.
        revisions: earlier revisions, whose findings are known too.
    """

    def __init__(
        self,
        earlier: Sequence[EarlierDiagnostics],
        explain: Callable[[Diagnostic], Diagnostic] = lambda finding: finding,
        revisions: Sequence[Revision] = (),
    ) -> None:
        self._earlier = (*earlier, *revisions)
        self._explain = explain
        self._revisions = revisions

    def and_known(self, earlier: EarlierDiagnostics) -> NewDiagnosticsFilter:
        """Return a filter that also excludes the findings of `earlier`."""
        return NewDiagnosticsFilter((earlier,), self._explain, self._revisions)

    def suppressions(self, path: str) -> Counter[SuppressionKey] | None:
        """Return the suppressions that a file had in any earlier revision; None without revisions."""
        if not self._revisions:
            return None
        suppressions: Counter[SuppressionKey] = Counter()
        for revision in self._revisions:
            suppressions |= revision.suppressions(path)
        return suppressions

    def split(self, path: str, findings: Sequence[Diagnostic]) -> tuple[Sequence[Diagnostic], int]:
        """Return the new findings of a file, and the number of known ones.

        Of findings with the same key, as many are known as the earlier source with the most of them contains.
        """
        if not findings:
            return findings, 0
        known: Counter[FindingKey] = Counter()
        keys = [finding_key(finding) for finding in findings]
        present = Counter(keys)
        for earlier in self._earlier:
            known |= earlier.known(path, present)
        new: list[Diagnostic] = []
        for key, finding in zip(keys, findings, strict=True):
            if known[key] > 0:
                known[key] -= 1
            else:
                new.append(self._explain(finding))
        return new, len(findings) - len(new)
