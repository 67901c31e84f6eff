from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Annotated, Diagnostic, Example, Meta, Pattern, Rule, Severity


class SectorLabel(Rule):
    """The sector of a pattern has a context label of the same name."""

    name = "sector-label"
    severity = Severity.WARNING
    enabled = False
    why = "Readers from that sector search for the pattern with their own terms."
    notes = (
        "Chapter 6 of specification 8.2 requires the label; it is off by default, because no pattern has one yet. Case is "
        "ignored. The sector Universal needs no label, because it covers all sectors."
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
        spec = pattern.spec
        node = pattern.get(spec.sector)
        if node is None or not isinstance(node.value, str) or not node.value or node.value in self.exempt:
            return
        labels = pattern.get(spec.labels)
        sector = node.value.casefold()
        if labels is not None and any(name.casefold() == sector for name in labels.keys):
            return
        yield self.at(
            pattern,
            node.label_span,
            f"no context label for the sector `{node.value}`",
            route=(spec.sector,),
            help=f"add `{sector}:` under `{spec.labels}`, with the title in the terms of that sector",
        )
