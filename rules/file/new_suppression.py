from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Severity
from patternlint.rule.internal import AddedSuppression, AddedSuppressionRule


class NewSuppression(AddedSuppressionRule):
    """A change adds no suppressions without review."""

    name = "new-suppression"
    severity = Severity.INFO
    why = "A suppression hides findings from the check of the change that adds it, so a reviewer must see it."
    notes = (
        "Reported only with `--since`, and therefore by the hook and the GitHub Action: for each name in a "
        "suppression that the file did not have before. A suppression that moves, or gets another reason, is not "
        'new. A suppression cannot silence this rule. `levels = { new-suppression = "error" }` rejects all new '
        "suppressions."
    )
    bad = (
        Example("---\ntitle: Gärten # patternlint: ignore[«slug-format»] imported\n---\n", note="this change adds it"),
        Example("---\ntitle: Gärten\n# patternlint: ignore-file[«body»]\n---\n", note="this change adds it"),
    )
    good = (
        Example(
            "---\ntitle: Gärten # patternlint: ignore[slug-format] imported\n---\n", note="not added by this change"
        ),
    )

    def check(self, added: AddedSuppression) -> Iterator[Diagnostic]:
        where = " in the whole file" if added.is_whole_file else ""
        reason = f", reason: {added.reason}" if added.reason else ", without a reason"
        yield self.at(
            added,
            added.span,
            f"new suppression of `{added.name}`{where}{reason}",
            subject=added.name,
            help="check that the finding may be ignored, or delete the comment",
        )
