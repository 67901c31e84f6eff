from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Entry, Example, Library, LibraryRule, Severity, Span, fold_title, label

_SHOWN = 5


class AliasCollision(LibraryRule):
    """No alias is another pattern's title or slug."""

    name = "alias-collision"
    severity = Severity.WARNING
    why = "Who looks for that name finds two patterns, and a link to it may be led to the wrong one."
    notes = (
        "Upper and lower case, punctuation and blanks make no difference, so the alias `Open Book` is the slug "
        "`open-book`. An alias that is the pattern's own title or slug, or another pattern's alias, is left alone, and "
        "so is one that another pattern with the same title has: `duplicate-title` speaks of these. Patterns of another library, there only to resolve against, are not "
        "looked at."
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
        """Look each alias up among the titles and slugs."""
        for entry in library.targets:
            for index, alias in enumerate(entry.aliases):
                folded = fold_title(alias)
                others = [other for other in library.by_name.get(folded, ()) if other.internal]
                if not others or folded in (fold_title(entry.title), fold_title(entry.slug)):
                    continue
                yield self.at(
                    entry,
                    Span(*entry.alias_spans[index]),
                    f"the alias `{alias}` is the {_what(others[0], folded)} of {others[0].path}",
                    route=("aliases", index),
                    subject=alias,
                    labels=tuple(
                        label(other, other.span(_what(other, folded)), "the same name") for other in others[:_SHOWN]
                    ),
                    help="delete the alias; if both are one pattern, merge them",
                )


def _what(entry: Entry, folded: str) -> str:
    return "title" if fold_title(entry.title) == folded else "slug"
