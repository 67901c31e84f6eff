from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Fix, Pattern, Rule, Safety, Severity, layout


class Indentation(Rule):
    """Every level is indented by two spaces, including list items below their key."""

    name = "indentation"
    severity = Severity.INFO
    why = "Indentation shows what belongs together; when it is uniform, mistakes stand out."
    notes = (
        "One finding per file, at its first line. Comments move with the lines they belong to. Continuation lines "
        "of a text or of a list in brackets keep their distance from the key. A text block with an explicit "
        "indentation (`>2-`) keeps it."
    )
    bad = (
        Example(
            "title: Gärten\nsources:\n«- Ostrom»\n- Alexander\n",
            "---\ntitle: Gärten\nsources:\n  - Ostrom\n  - Alexander\n---\n",
        ),
        Example(
            "title: Gärten\nrelationships:\n    «enables:»\n      # die besten\n    -   slug: wald\n        weight: 0.8\n",
            "---\ntitle: Gärten\nrelationships:\n  enables:\n    # die besten\n    - slug: wald\n      weight: 0.8\n---\n",
        ),
        Example(
            "title: Gärten\nsummary: >-\n    «Viele Gärten»\n\n      sind\n    schön.\n",
            "---\ntitle: Gärten\nsummary: >-\n  Viele Gärten\n\n    sind\n  schön.\n---\n",
        ),
        Example(
            "title: Gärten\nontology:\n    «domain: food»\n    domain:\n        - wald\n    # zuletzt\n    tags: []\n",
            "---\ntitle: Gärten\nontology:\n  domain: food\n  domain:\n    - wald\n  # zuletzt\n  tags: []\n---\n",
            note="also the lines of a duplicate key",
        ),
        Example("title: Gärten\nlifecycle:\n    ? status\n    «: draft»\n", note="no fix for an explicit key"),
    )
    good = (
        Example("title: Gärten\nrelationships:\n  enables:\n    - slug: wald\n      weight: 0.8\n"),
        Example('aliases: ["Gärten",\n          "Wälder"]\n', note="a list in brackets"),
        Example("summary: >4-\n    Gärten\n", note="a text block with an explicit indentation"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        issue, count = layout.check_indentation(pattern)
        if issue is not None:
            edits = issue.edits
            lines = "line is" if count == 1 else f"{count} lines are"
            yield self.at(
                pattern,
                issue.span,
                f"{lines} not indented by two spaces per level",
                help="indent every line by two spaces more than its key, including the `- ` of list items",
                fix=Fix("indent every level by two spaces", Safety.SAFE, edits)
                if layout.preserves_data(pattern, edits)
                else None,
            )
