from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import BODY_ROUTE, DeclaredChange, Diagnostic, Example, Fix, Replacement, Safety, Severity, Span
from patternlint.rule.internal import SuppressionRule, UnusedRuleName


class UnusedSuppression(SuppressionRule):
    """Every suppression silences something."""

    name = "unused-suppression"
    severity = Severity.WARNING
    why = "A suppression that silences nothing hides the next real finding on its line."
    notes = (
        "A name is only called idle when this run looked for the rule. The fix takes the name out, or the whole comment "
        "when no name in it is of use. A name that no rule has is not taken out: it is likely misspelt, and the reason "
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
            note="behind the mark of a block of text",
        ),
        Example("title: Gärten\n# patternlint: «ignore-end»\n", note="an end without a start"),
        Example("title: Gärten # patternlint: ignore[«danglng-target»]\n", note="no rule has this name"),
        Example("title: Gärten # patternlint: «ignore» alles\n", note="no rule is named"),
        Example("title: Gärten # patternlint: «disable»[dangling-target]\n", note="the word is `ignore`"),
    )
    good = (
        Example("title: Gärten # patternlint: ignore[dangling-target] not looked for in this run\n"),
        Example('title: "Gärten # patternlint: ignore[unused-suppression]"\n', note="text in quotes"),
        Example("title: Gärten # patternlint: knows nothing of this\n", note="words about patternlint"),
    )

    def check(self, unused: UnusedRuleName) -> Iterator[Diagnostic]:
        span = unused.suppression.names[unused.index]
        if not unused.name:
            message = "a suppression that names no rule"
            advice = "write `ignore[rule]` with the name of a rule, or `ignore-file[rule]`; or delete the comment"
        elif not unused.is_known:
            message = f"no rule is called `{unused.name}`"
            advice = (
                f"did you mean `{unused.meant}`?"
                if unused.meant
                else "`patternlint rules` lists the names; correct it, or delete the comment"
            )
        else:
            message = f"there is nothing here for `{unused.name}` to silence"
            advice = "delete it"
        finding = self.at(unused, span, message, subject=unused.name, help=advice, fix=_fix(unused))
        yield finding


def _fix(unused: UnusedRuleName) -> Fix | None:
    if not unused.is_known:
        return None
    directive = unused.suppression
    span = directive.removal if unused.is_whole_suppression else _name_and_comma(directive.names, unused.index)
    title = "delete the comment" if unused.is_whole_suppression else f"take `{unused.name}` out"
    edits = [Replacement(span, "")]
    if unused.is_whole_suppression and directive.end is not None:
        edits.append(Replacement(directive.end, ""))
    return Fix(title, Safety.SAFE, tuple(edits), (DeclaredChange(BODY_ROUTE),) if directive.in_body else ())


def _name_and_comma(names: tuple[Span, ...], index: int) -> Span:
    """Return a name with the comma that goes with it: the one behind it, or before it where it is the last."""
    if index + 1 < len(names):
        return Span(names[index].start, names[index + 1].start)
    return Span(names[index - 1].end, names[index].end)
