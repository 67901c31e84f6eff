from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import CHANGES_BODY, Diagnostic, Example, Fix, Replacement, Safety, Severity, Span
from patternlint.rule.internal import SuppressionRule, UnusedRuleName


class UnusedSuppression(SuppressionRule):
    """Every suppression silences a finding."""

    name = "unused-suppression"
    severity = Severity.WARNING
    why = "A suppression that silences nothing hides the next real finding on its line."
    notes = (
        "A name is reported only if this run checked the rule. The fix removes the name, or the whole comment if "
        "no name in it is used. An unknown name is not removed, because it is probably misspelled, and the reason "
        "beside it is worth keeping."
    )
    bad = (
        Example(
            'title: "Gärten" # patternlint: ignore[«unused-suppression»] ein Grund\nslug: a\n',
            'title: "Gärten"\nslug: a\n',
            note="no finding on this line",
        ),
        Example(
            'title: "Gärten"\n  # patternlint: ignore-file[«unused-suppression»]\nslug: a\n',
            'title: "Gärten"\nslug: a\n',
        ),
        Example(
            "---\ntitle: Gärten\n---\n\n# Gärten\n\n<!-- patternlint: ignore[«unused-suppression»] ein Grund -->\nText.\n",
            "---\ntitle: Gärten\n---\n\n# Gärten\n\nText.\n",
        ),
        Example(
            "# patternlint: ignore-start[«unused-suppression»] ein Grund\ntitle: Gärten\n# patternlint: ignore-end\nslug: a\n",
            "title: Gärten\nslug: a\n",
            note="a start and its end",
        ),
        Example(
            "summary: >- # patternlint: ignore[«unused-suppression»]\n  Gärten.\n",
            "summary: >-\n  Gärten.\n",
            note="after the mark of a text block",
        ),
        Example("title: Gärten\n# patternlint: «ignore-end»\n", note="an end without a start"),
        Example("title: Gärten # patternlint: ignore[«danglng-target»]\n", note="unknown rule"),
        Example("title: Gärten # patternlint: «ignore» alles\n", note="no rule name"),
        Example("title: Gärten # patternlint: «disable»[dangling-target]\n", note="the keyword is `ignore`"),
    )
    good = (
        Example("title: Gärten # patternlint: ignore[dangling-target] not looked for in this run\n"),
        Example('title: "Gärten # patternlint: ignore[unused-suppression]"\n', note="text in quotes"),
        Example("title: Gärten # patternlint: knows nothing of this\n", note="words about patternlint"),
    )

    def check(self, unused: UnusedRuleName) -> Iterator[Diagnostic]:
        span = unused.suppression.names[unused.index]
        if not unused.name:
            message = "suppression without a rule name"
            advice = "write `ignore[rule]` or `ignore-file[rule]` with the name of a rule, or delete the comment"
        elif unused.is_known:
            message = f"unused suppression of `{unused.name}`"
            advice = f"delete `{unused.name}` from the comment, or the whole comment"
        else:
            message = f"unknown rule `{unused.name}`"
            advice = "correct the name (`patternlint rules` lists all rules), or delete the comment"
            if unused.meant:
                advice = f"did you mean `{unused.meant}`?"
        yield self.at(unused, span, message, subject=unused.name, help=advice, fix=_fix(unused))


def _fix(unused: UnusedRuleName) -> Fix | None:
    if not unused.is_known:
        return None
    suppression = unused.suppression
    if unused.is_whole_suppression:
        title = "delete the unused suppression"
        spans = [suppression.removal, *([suppression.end] if suppression.end is not None else [])]
    else:
        title = f"delete `{unused.name}` from the suppression"
        spans = [_name_and_comma(suppression.names, unused.index)]
    edits = tuple(Replacement(span, "") for span in spans)
    return Fix(title, Safety.SAFE, edits, CHANGES_BODY if suppression.in_body else ())


def _name_and_comma(names: tuple[Span, ...], index: int) -> Span:
    """Return a name with the comma after it, or before it if it is the last name."""
    if index + 1 < len(names):
        return Span(names[index].start, names[index + 1].start)
    return Span(names[index - 1].end, names[index].end)
