from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import (
    Diagnostic,
    Entry,
    Example,
    Library,
    LibraryRule,
    Severity,
    Span,
    fold_title,
    label,
    phrases,
)

_SHOWN = 5


class AliasCollision(LibraryRule):
    """Aliases differ from the titles and slugs of other patterns."""

    name = "alias-collision"
    severity = Severity.WARNING
    why = "A search for the name finds two patterns, and a link to it may lead to the wrong one."
    notes = (
        "Case, punctuation and whitespace are ignored, so the alias `Open Book` collides with the slug `open-book`. "
        "Allowed are an alias that equals the pattern's own title or slug, which covers patterns with the same title "
        "(`duplicate-title` reports them), and one that is also an alias of another pattern. Patterns of external "
        "libraries are ignored."
    )
    bad = (
        Example(
            {
                "garten.md": '---\ntitle: Garten für alle\naliases: ["Hofgarten", «"Open table!"»]\n---\n',
                "tisch.md": "---\nslug: tisch\ntitle: Open Table\n---\n",
            }
        ),
        Example(
            {
                "a.md": "---\ntitle: Meals\naliases:\n  - «Long Bench»\n---\n",
                "long-bench.md": "---\nslug: long-bench\ntitle: Bench\n---\n",
            }
        ),
    )
    good = (
        Example({"a.md": '---\nslug: open-table\ntitle: Meals\naliases: ["Open Table"]\n---\n'}),
        Example(
            {
                "a.md": '---\ntitle: Meals\naliases: ["Open Table"]\n---\n',
                "b.md": '---\ntitle: Bench\naliases: ["Open Table"]\n---\n',
                "c.md": "---\ntitle: Open Tables\n---\n",
            }
        ),
    )

    def check(self, library: Library) -> Iterator[Diagnostic]:
        for entry in library.targets:
            for index, alias in enumerate(entry.aliases):
                folded = fold_title(alias)
                others = [other for other in library.by_name.get(folded, ()) if other.internal]
                if not others or folded in (fold_title(entry.title), fold_title(entry.slug)):
                    continue
                yield self.at(
                    entry,
                    Span(*entry.alias_spans[index]),
                    f"alias `{alias}` is the {_field(others[0], folded)} of `{others[0].path}`",
                    route=(library.spec_of(entry).identity.aliases, index),
                    subject=alias,
                    labels=tuple(
                        label(other, other.span(_field(other, folded)), "the same name") for other in others[:_SHOWN]
                    ),
                    help=f"delete the alias, or merge the two {phrases.plural(library.spec_of(entry).noun)}",
                )


def _field(entry: Entry, folded: str) -> str:
    return "title" if fold_title(entry.title) == folded else "slug"
