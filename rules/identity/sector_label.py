from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Annotated, Diagnostic, Example, Meta, Pattern, Rule, Severity


class SectorLabel(Rule):
    """A pattern of a sector has a context label of that name."""

    name = "sector-label"
    severity = Severity.WARNING
    enabled = False
    why = "Readers from that sector look for the pattern under the words that they use themselves."
    notes = (
        "Specification 8.2 asks for it in its sixth chapter, and no pattern does it so far. Upper and lower case make "
        "no difference. The sector Universal needs no label, because it is no sector of its own."
    )
    bad = (
        Example(
            "title: Gärten\norbital_layer: 4\nsector: «Urban»\ncontext_labels:\n  corporate: Roof Garden\n", spec="8.2"
        ),
        Example('orbital_layer: 4\nsector: «"Life"»\n', spec="8.2"),
    )
    good = (
        Example("orbital_layer: 4\nsector: Urban\ncontext_labels:\n  urban: City Garden\n", spec="8.2"),
        Example("orbital_layer: 4\nsector: Universal\ncontext_labels:\n  corporate: Garden\n", spec="8.2"),
    )

    exempt: Annotated[tuple[str, ...], Meta(description="Sectors that need no label.")] = ("Universal",)

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        """Look for the sector among the context labels."""
        node = pattern.get("sector")
        if node is None or not isinstance(node.value, str) or not node.value or node.value in self.exempt:
            return
        labels = pattern.get("context_labels")
        sector = node.value.casefold()
        if labels is not None and any(name.casefold() == sector for name in labels.keys):
            return
        yield self.at(
            pattern,
            node.label_span,
            f"the sector is {node.value}, and no context label is called `{sector}`",
            route=("sector",),
            help=f"add a label `{sector}` to the context labels: the title in the words of that sector",
        )
