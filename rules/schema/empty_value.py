from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Pattern, Severity, item_name, phrases
from patternlint.rule.internal import SchemaRule, SchemaViolation


class EmptyValue(SchemaRule):
    """What must say something is not empty."""

    name = "empty-value"
    severity = Severity.WARNING
    why = "An empty title or summary leaves a blank card, and without keywords nobody finds the pattern."
    notes = (
        "An empty mapping of context labels is reported once, not as four missing labels. A key without any value "
        "is the matter of `wrong-type`. Lists of relationships and sources may be empty."
    )
    bad = (
        Example('slug: gärten\ntitle: «""»\n'),
        Example('title: "Gärten"\ncontext_labels: «{}»\n'),
        Example('ontology:\n  search_hints:\n    primary_tension: "Größe vs. Nähe"\n    vector_keywords: «[]»\n'),
        Example("ontology:\n  commons_assessment:\n    vitality_reasoning: «''»\n"),
    )
    good = (
        Example('title: "Ä"\nsummary: "Gärten."\nsources: []\n'),
        Example('context_labels:\n  tech: ""\n', note="`missing-key` speaks of the other three"),
        Example("title:\n", note="no value at all: `wrong-type` says so"),
    )

    def check(self, error: SchemaViolation, pattern: Pattern) -> Iterator[Diagnostic]:
        """Say what belongs there."""
        yield self.at(
            pattern,
            error.node.label_span,
            f"{phrases.describe_route(error.route)} is empty",
            route=error.route,
            subject=item_name(pattern.front.root, error.route),
            help=f"fill it in. {error.schema.get('description', '')}".rstrip(". "),
        )
