from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import CHANGES_BODY, Diagnostic, Example, Fix, Pattern, Rule, Safety, Severity, layout

_RULE = "# " + "═" * 67
_FIRST = f"{_RULE}\n# GROUP 1: CORE IDENTITY\n{_RULE}\nslug: gärten\n"
_CONTEXT = f"# GROUP 2: CONTEXTUAL TRANSLATION\n{_RULE}\ncontext_labels: {{}}\n"
_GARDEN = f"{_RULE}\n# GROUP 6: GRAPH GARDEN\n{_RULE}\ngraph_garden: {{}}\n"


class BlankLines(Rule):
    """One blank line separates the front matter from the body, and the groups from each other."""

    name = "blank-lines"
    severity = Severity.INFO
    why = "A blank line marks the start of something new; further ones are only a gap."
    notes = (
        "One finding per file. One blank line follows the front matter, and one precedes the banners of groups 2 "
        "to 5; before groups 6 and 7, and before group 1 in 8.2, it is optional. No blank line precedes the first "
        "banner. Blank lines elsewhere are ignored."
    )
    bad = (
        Example("---\nslug: gärten\n«---»\nText.\n", "---\nslug: gärten\n---\n\nText.\n"),
        Example("---\nslug: gärten\n---\n\n«\n\n»Text.\n", "---\nslug: gärten\n---\n\nText.\n"),
        Example(f"{_FIRST}«{_RULE}»\n{_CONTEXT}", f"---\n{_FIRST}\n{_RULE}\n{_CONTEXT}---\n"),
        Example(f"{_FIRST}\n«\n»{_GARDEN}", f"---\n{_FIRST}\n{_GARDEN}---\n"),
        Example(f"---\n«\n»{_FIRST}---\n", f"---\n{_FIRST}---\n"),
    )
    good = (
        Example(f"---\n{_FIRST}\n{_RULE}\n{_CONTEXT}---\n\nText.\n"),
        Example(f"{_FIRST}{_GARDEN}", note="optional before group 6"),
        Example("---\nslug: gärten\n---\n", note="no body"),
        Example("# Gärten\n\nText.\n", settings='front-matter = "optional"\n', raw=True, note="no front matter"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        issues = list(layout.check_group_spacing(pattern))
        gap = layout.check_gap_before_body(pattern)
        if gap is not None:
            issues.append(gap)
        if not issues:
            return
        first = issues[0]
        kind = "missing" if first.detail == layout.MISSING else "extra"
        yield self.at(
            pattern,
            first.span,
            f"{kind} blank line {'after the front matter' if first is gap else 'before a group'}",
            help="leave one blank line before each group and after the front matter",
            fix=Fix(
                "correct the blank lines before groups and after the front matter",
                Safety.SAFE,
                layout.all_edits(issues),
                CHANGES_BODY if gap is not None else (),
            ),
        )
