from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Fix, Pattern, Rule, Safety, Severity, layout, phrases


class QuoteStyle(Rule):
    """Text for people is in double quotes, and names for programs have no quotes."""

    name = "quote-style"
    severity = Severity.INFO
    why = (
        "Text may contain characters that have a meaning in YAML outside quotes; a slug or a word from a fixed "
        "list does not."
    )
    notes = (
        "One finding per file, at its first value. In double quotes: title, labels, tension, reasons, attribution, "
        "sources and the items of lists on one line. Without quotes: id, slug, words from a fixed list, targets, "
        "license. A value that would change without quotes keeps them, and so does text in a block (`>-`, `|`). "
        "Words in `cross_domains` may have quotes or not."
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
            note="its lines are unchanged",
        ),
        Example('aliases: ["Wälder", «Wiesen»]\n', '---\naliases: ["Wälder", "Wiesen"]\n---\n'),
    )
    good = (
        Example('title: "Gärten"\nslug: gärten\n'),
        Example('slug: "404"\nid: "no"\nlicense: "a: b"\ntitle: "Gärten"\n', note="values that change without quotes"),
        Example("title: >-\n  Gärten\naliases:\n  - Wiesen\n", note="a text block, and a list that is not on one line"),
        Example("title: 1984\nontology:\n  cross_domains: [garten, wald]\n", note="not text; quotes are optional"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        issues = layout.check_quotes(pattern)
        if issues:
            first = issues[0]
            problem = "is not in double quotes" if first.detail else "has unnecessary quotes"
            more = len(issues) - 1
            others = f", and {more} more value{'s have' if more > 1 else ' has'} wrong quotes" if more else ""
            yield self.at(
                pattern,
                first.span,
                f"`{phrases.config_route(first.route)}` {problem}{others}",
                route=first.route,
                help="put text in double quotes, and write ids, slugs and words from a fixed list without quotes",
                fix=Fix("add missing and remove unnecessary quotes", Safety.SAFE, layout.all_edits(issues)),
            )
