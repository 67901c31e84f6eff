from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Pattern, Severity, phrases, yaml_text
from patternlint.rule.internal import SchemaRule, SchemaViolation


class EmptyValue(SchemaRule):
    """Required text, lists and mappings are not empty."""

    name = "empty-value"
    severity = Severity.WARNING
    why = "An empty title or summary shows as a blank card, and a pattern without keywords is not found by search."
    notes = (
        "An empty mapping of context labels is reported once, not as four missing labels. A key without a value is "
        "reported by `wrong-type`. Lists of relationships and sources may be empty."
    )
    bad = (
        Example('slug: gärten\ntitle: «""»\n'),
        Example('title: "Gärten"\ncontext_labels: «{}»\n'),
        Example('ontology:\n  search_hints:\n    primary_tension: "Größe vs. Nähe"\n    vector_keywords: «[]»\n'),
        Example("ontology:\n  commons_assessment:\n    vitality_reasoning: «''»\n"),
    )
    good = (
        Example('title: "Ä"\nsummary: "Gärten."\nsources: []\n'),
        Example('context_labels:\n  tech: ""\n', note="`missing-key` reports the other three"),
        Example("title:\n", note="no value: reported by `wrong-type`"),
    )

    def check(self, error: SchemaViolation, pattern: Pattern) -> Iterator[Diagnostic]:
        example = yaml_text.example_value(error.schema)
        advice = (
            f"write a value, such as `{yaml_text.yaml_line(error.route[-1], example)}`" if example else "add a value"
        )
        advice = f"{advice}. {error.schema.get('description', '')}".rstrip()
        yield self.report(error, pattern, f"{phrases.describe_route(error.route)} is empty", advice)
