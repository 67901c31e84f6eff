from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Fix, Pattern, Rule, Safety, Severity, layout, phrases


class QuoteStyle(Rule, frozen=True):
    """Texts for people stand in double quotes, names for programs without quotes."""

    name = "quote-style"
    severity = Severity.INFO
    why = "Text may hold any character, and in quotes YAML takes none of them for its own; a slug or a word from a list needs none."
    notes = (
        "One finding for a file, at its first value. In double quotes: title, labels, tension, reasons, attribution, "
        "sources and the items of lists in one line. Without: id, slug, words from a list, targets, license. A value that "
        "would be another one without quotes keeps them, and so does text in a block (`>-`, `|`). Words in "
        "`cross_domains` are written either way."
    )
    bad = (
        Example(
            "title: «Gärten am Rand»\nsources:\n  - 'Ostrom''s \"Commons\"'\n",
            '---\ntitle: "Gärten am Rand"\nsources:\n  - "Ostrom\'s \\"Commons\\""\n---\n',
        ),
        Example(
            'title: "Gärten"\nslug: «"gärten"»\nlifecycle:\n  status: \'draft\'\n',
            '---\ntitle: "Gärten"\nslug: gärten\nlifecycle:\n  status: draft\n---\n',
        ),
        Example(
            "title: «Gärten und\n  Wiesen»\n",
            '---\ntitle: "Gärten und\n  Wiesen"\n---\n',
            note="its lines stay as they are",
        ),
        Example('aliases: ["Wälder", «Wiesen»]\n', '---\naliases: ["Wälder", "Wiesen"]\n---\n'),
    )
    good = (
        Example('title: "Gärten"\nslug: gärten\n'),
        Example('slug: "404"\nid: "no"\nlicense: "a: b"\ntitle: "Gärten"\n', note="other values without quotes"),
        Example("title: >-\n  Gärten\naliases:\n  - Wiesen\n", note="a block, and a list that is not in one line"),
        Example("title: 1984\nontology:\n  cross_domains: [garten, wald]\n", note="no text; either way"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        slips = layout.check_quotes(pattern)
        if slips:
            first = slips[0]
            form = "not in double quotes" if first.what else "in quotes"
            more = f", nor are {len(slips) - 1} more values as they should be" if len(slips) > 1 else ""
            yield self.at(
                pattern,
                first.span,
                f"`{phrases.config_route(first.route)}` is {form}{more}",
                route=first.route,
                help="put text for people in double quotes, and leave them out around ids, slugs and words from a list",
                fix=Fix("set the quotes right", Safety.SAFE, tuple(edit for slip in slips for edit in slip.edits)),
            )
