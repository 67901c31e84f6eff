from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import (
    BODY_ROUTE,
    DeclaredChange,
    Diagnostic,
    Example,
    Fix,
    Pattern,
    Rule,
    Safety,
    Severity,
    layout,
)

_RULE = "# " + "═" * 67
_FIRST = f"{_RULE}\n# GROUP 1: CORE IDENTITY\n{_RULE}\nslug: gärten\n"
_CONTEXT = f"# GROUP 2: CONTEXTUAL TRANSLATION\n{_RULE}\ncontext_labels: {{}}\n"
_GARDEN = f"{_RULE}\n# GROUP 6: GRAPH GARDEN\n{_RULE}\ngraph_garden: {{}}\n"


class BlankLines(Rule, frozen=True):
    """One blank line parts the front matter from the text, and the groups from each other."""

    name = "blank-lines"
    severity = Severity.INFO
    why = "A blank line shows where something new begins; more than one is a hole in the page."
    notes = (
        "One finding for a file. One blank line stands behind the front matter, and one before the banners of the groups 2 "
        "to 5; before 6 and 7, and in 8.2 before 1, there may be one or none. Before the first banner there is none. Blank "
        "lines elsewhere are a matter of taste."
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
        Example(f"{_FIRST}{_GARDEN}", note="either is fine before group 6"),
        Example("---\nslug: gärten\n---\n", note="no text"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        slips = list(layout.check_group_spacing(pattern))
        gap = layout.check_gap_before_body(pattern)
        if gap is not None:
            slips.append(gap)
        if not slips:
            return
        first = slips[0]
        where = "behind the front matter" if first is gap else "before a group"
        message = f"no blank line {where}" if first.what == layout.MISSING else f"a blank line too many {where}"
        yield self.at(
            pattern,
            first.span,
            message,
            help="one blank line stands before a group and behind the front matter",
            fix=Fix(
                "set the blank lines right",
                Safety.SAFE,
                tuple(edit for slip in slips for edit in slip.edits),
                (DeclaredChange(BODY_ROUTE),) if gap is not None else (),
            ),
        )
