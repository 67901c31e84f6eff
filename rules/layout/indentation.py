from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Fix, Pattern, Rule, Safety, Severity, layout


class Indentation(Rule, frozen=True):
    """Every level is indented by two spaces, the items of a list under their key."""

    name = "indentation"
    severity = Severity.INFO
    why = "Indentation shows what belongs to what; when it is always the same, a slip is seen."
    notes = (
        "One finding for a file, at its first line. Comments move with the lines that they belong to. Continued lines of a "
        "text or of a list in brackets keep their distance from their key. A block of text that says its own indentation "
        "(`>2-`) keeps it."
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
            note="also the lines of a key that is there twice",
        ),
        Example("title: Gärten\nlifecycle:\n    ? status\n    «: draft»\n", note="no fix for an explicit key"),
    )
    good = (
        Example("title: Gärten\nrelationships:\n  enables:\n    - slug: wald\n      weight: 0.8\n"),
        Example('aliases: ["Gärten",\n          "Wälder"]\n', note="a list in brackets"),
        Example("summary: >4-\n    Gärten\n", note="a block that says its own indentation"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        slips = layout.check_indentation(pattern)
        if slips:
            lines = "a line is" if len(slips) == 1 else f"{len(slips)} lines are"
            edits = tuple(edit for slip in slips for edit in slip.edits)
            is_kept = layout.keeps_data(pattern, edits)
            yield self.at(
                pattern,
                slips[0].span,
                f"{lines} not indented by two spaces for each level",
                help="indent everything by two spaces more than its key, the `- ` of list items too",
                fix=Fix("indent the lines", Safety.SAFE, edits) if is_kept else None,
            )
