"""slug-filename."""

from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Change, Diagnostic, Example, Fix, Pattern, Replace, Rule, Safety, Severity, is_slug, layout

_SUFFIXES = (".md", ".markdown")
_BLOCKS = ("|", ">")


class SlugFilename(Rule, frozen=True):
    """The slug is the file's name without `.md`."""

    name = "slug-filename"
    severity = Severity.ERROR
    why = "People and programs find a pattern's file by its slug, and the slug of a file by its name."
    notes = (
        "The finding points at the slug, because the file's name stands nowhere in the text. The fix writes the file's "
        "name as the slug. It is unsafe: other patterns may link to the old slug, and it may be the file that has the "
        "wrong name; `patternlint rename` renames a pattern with everything that links to it. There is no fix when the "
        "file's name is no slug, or a number, a date or a word like `true`, which YAML would not take for text, nor when "
        "the slug is written as a block (`>-` or `|-`). Text that comes from no file is left alone."
    )
    bad = (
        Example(
            {"gärten/urban-garden.md": "---\ntitle: Gärten\nslug: «urban-gardens»\n---\n"},
            {"gärten/urban-garden.md": "---\ntitle: Gärten\nslug: urban-garden\n---\n"},
            unsafe=True,
        ),
        Example({"true.md": "---\nslug: «garden»\n---\n"}, note="YAML would not take `true` for text"),
        Example({"1025-Garden.md": "---\nslug: «garden»\n---\n"}, note="the file has no name that could be a slug"),
        Example(
            {"urban-garden.md": "---\ntitle: Gärten\nslug: «>-\n  urban-gardens»\n---\n"},
            note="written as a block, which a person makes a line",
        ),
    )
    good = (
        Example({"a/urban-garden.md": "---\nslug: urban-garden\n---\n"}),
        Example({"-": "---\nslug: urban-garden\n---\n"}, note="read from no file"),
        Example({"urban-garden.md": "---\ntitle: Urban Garden\n---\n"}, note="`missing-key` says so"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        """Compare the slug with the file's name."""
        node = pattern.get("slug")
        if node is None or not isinstance(node.value, str):
            return
        file = pattern.path.rpartition("/")[2]
        name = next((file.removesuffix(suffix) for suffix in _SUFFIXES if file.endswith(suffix)), "")
        if not name or name == node.value or not node.value:
            return
        ways: list[str] = []
        fix = None
        if is_slug(node.value):
            ways.append(f"rename the file to `{node.value}.md`")
        if is_slug(name) and layout.reads_as_text(name):
            ways.append(f"write `{name}` here, and in every pattern that links here")
            if node.style not in _BLOCKS:
                fix = Fix(f"write {name}", Safety.UNSAFE, (Replace(node.span, name),), (Change(("slug",)),))
        yield self.at(
            pattern,
            node.mark,
            f"the slug is `{node.value}`, the file is called `{file}`",
            route=("slug",),
            help=", or ".join(ways) or "find a slug, and give it to the file too",
            fix=fix,
        )
