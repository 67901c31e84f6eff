from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from patternlint.rule import (
    DeclaredChange,
    Diagnostic,
    Example,
    Fix,
    Pattern,
    Replacement,
    Rule,
    Safety,
    Severity,
    identifiers,
    layout,
)

_SUFFIXES = (".md", ".markdown", ".mdx")
_BLOCKS = ("|", ">")
_BRINGS = ("cycle", "inferred-conflict", "missing-inverse", "missing-reciprocal", "orphan")
"""What comes to light once links to the file's name find the pattern, and links to an original no longer find its copy."""


class SlugFilename(Rule):
    """The slug is the file's name without `.md`."""

    name = "slug-filename"
    severity = Severity.ERROR
    why = "People and programs find a pattern's file by its slug, and the slug of a file by its name."
    notes = (
        "The finding points at the slug, because the file's name stands nowhere in the text. The fix renames the pattern "
        "as `patternlint rename` does: the slug becomes the name of the file, and every relationship, hub, alias and link "
        "in the text that names the old slug follows, in all files or in none. Where a copy kept the slug of its "
        "original, the links belong to the original and stay. The fix is unsafe, because it may be the file that has the "
        "wrong name. There is no fix when the name of the file is not a slug, or is a number, a date or a word like "
        "`true`, which YAML does not read as text, or when the slug is written as a block (`>-` or `|-`). Text that comes "
        "from no file is left alone."
    )
    bad = (
        Example(
            {"gärten/urban-garden.md": "---\ntitle: Gärten\nslug: «urban-gardens»\n---\n"},
            {"gärten/urban-garden.md": "---\ntitle: Gärten\nslug: urban-garden\n---\n"},
            unsafe=True,
        ),
        Example(
            {
                "urban-garden.md": "---\ntitle: Gärten\nslug: «'urban-gardens'»\n---\n",
                "shed.md": "---\ntitle: Schuppen\nslug: shed\n---\nSee [the gardens](urban-gardens).\n",
            },
            {
                "urban-garden.md": "---\ntitle: Gärten\nslug: 'urban-garden'\n---\n",
                "shed.md": "---\ntitle: Schuppen\nslug: shed\n---\nSee [the gardens](urban-garden).\n",
            },
            unsafe=True,
            note="links to the pattern follow",
        ),
        Example(
            {
                "copy.md": "---\ntitle: Übung\nslug: «garden»\n---\nNot [me](garden).\n",
                "garden.md": "---\ntitle: Garten\nslug: garden\n---\n",
            },
            {"copy.md": "---\ntitle: Übung\nslug: copy\n---\nNot [me](garden).\n"},
            unsafe=True,
            note="a copy that kept the slug of its original: links to the original stay",
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
        Example({"a/urban-garden.MD": "---\nslug: urban-garden\n---\n"}),
        Example({"-": "---\nslug: urban-garden\n---\n"}, note="read from no file"),
        Example({"urban-garden.md": "---\ntitle: Urban Garden\n---\n"}, note="`missing-key` says so"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        """Compare the slug with the file's name."""
        node = pattern.get("slug")
        if node is None or not isinstance(node.value, str):
            return
        file = pattern.path.rpartition("/")[2]
        name = next((file[: -len(suffix)] for suffix in _SUFFIXES if file.lower().endswith(suffix)), "")
        if not name or name == node.value or not node.value:
            return
        ways: list[str] = []
        decomposed = (
            "" if name != unicodedata.normalize("NFD", node.value) else ", with its accents as characters (NFD)"
        )
        fix = None
        if identifiers.is_slug(node.value):
            ways.append(f"rename the file to `{node.value}{file[len(name) :]}`")
        if identifiers.is_slug(name) and layout.reads_as_text(name):
            command = (
                f"; `patternlint rename {node.value} {name}` also changes all links"
                if identifiers.is_slug(node.value)
                else ""
            )
            ways.append(f"write `{name}` here{command}")
            if node.style not in _BLOCKS:
                fix = Fix(
                    f"rename the pattern to `{name}`, with all links to it",
                    Safety.UNSAFE,
                    (Replacement(node.span, name),),
                    (DeclaredChange(("slug",)),),
                    _BRINGS,
                    name,
                )
        yield self.at(
            pattern,
            node.label_span,
            f"the slug is `{node.value}`, the file is called `{file}`{decomposed}",
            route=("slug",),
            help=", or ".join(ways) or "find a slug, and give it to the file too",
            fix=fix,
        )
