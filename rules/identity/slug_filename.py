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
    identity,
    layout,
    phrases,
)

_SUFFIXES = (".md", ".markdown", ".mdx")
_BLOCKS = ("|", ">")
_REVEALED = ("cycle", "inferred-conflict", "missing-inverse", "missing-reciprocal", "orphan")
"""Rules whose findings may change because links resolve to another pattern after the rename."""


class SlugFilename(Rule):
    """The slug is the file name without its extension."""

    name = "slug-filename"
    severity = Severity.ERROR
    why = "People and programs find the file of a pattern by its slug, and the slug by the file name."
    notes = (
        "The fix renames the pattern as `patternlint rename` does: it changes the slug to the file name, and updates all "
        "relationships, hubs, aliases and links in the text, in all files or in none. If a copied file still has the "
        "slug of the original, links to the original stay unchanged. The fix is unsafe, because the file name may be "
        "wrong instead. No fix is offered if the file name is not a slug, if YAML does not read it as a string (a number, a "
        "date, `true`), or if the slug is a block scalar (`>-` or `|-`). Input that is not read from a file is not checked. "
        'If a specification has `file` under `[identity]`, such as `"{number}-{slug}"`, the file name is compared with '
        "it, and no fix is offered if it has other keys."
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
            note="links to the pattern are updated",
        ),
        Example(
            {
                "copy.md": "---\ntitle: Übung\nslug: «garden»\n---\nNot [me](garden).\n",
                "garden.md": "---\ntitle: Garten\nslug: garden\n---\n",
            },
            {"copy.md": "---\ntitle: Übung\nslug: copy\n---\nNot [me](garden).\n"},
            unsafe=True,
            note="a copy with the slug of the original: links to the original stay unchanged",
        ),
        Example({"true.md": "---\nslug: «garden»\n---\n"}, note="YAML does not read `true` as a string"),
        Example({"1025-Garden.md": "---\nslug: «garden»\n---\n"}, note="the file name is not a slug"),
        Example(
            {"urban-garden.md": "---\ntitle: Gärten\nslug: «>-\n  urban-gardens»\n---\n"},
            note="no fix for a block scalar",
        ),
        Example(
            {"7-garden.md": "---\ntitle: «8»\nslug: garden\n---\n"},
            settings='[identity]\nfile = "{title}-{slug}"\n',
        ),
    )
    good = (
        Example({"a/urban-garden.md": "---\nslug: urban-garden\n---\n"}),
        Example({"a/urban-garden.MD": "---\nslug: urban-garden\n---\n"}),
        Example({"-": "---\nslug: urban-garden\n---\n"}, note="not read from a file"),
        Example({"urban-garden.md": "---\ntitle: Urban Garden\n---\n"}, note="reported by `missing-key`"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        spec = pattern.spec
        file = pattern.path.rpartition("/")[2]
        name = next((file[: -len(suffix)] for suffix in _SUFFIXES if file.lower().endswith(suffix)), "")
        expected = identity.expected_stem(spec, pattern.data)
        if not name or not expected or name == expected:
            return
        keys = identity.template_keys(spec.file_template)
        if spec.has_slugs and spec.name_key in keys and not isinstance(pattern.data.get(spec.name_key), str):
            return  # `wrong-type` reports it
        key = next((one for one in keys if identity.name_text(pattern.data.get(one)) not in name), "") or next(
            iter(keys), ""
        )
        node = pattern.get(key)
        if node is None:
            return
        is_slug = spec.has_slugs and identifiers.is_slug(expected)
        options = [f"rename the file to `{expected}{file[len(name) :]}`"] if is_slug or not spec.has_slugs else []
        fix = None
        if (
            spec.has_slugs
            and spec.file_template == f"{{{spec.name_key}}}"
            and identifiers.is_slug(name)
            and layout.reads_as_text(name)
        ):
            command = f"run `patternlint rename {expected} {name}`" if is_slug else f"write `{key}: {name}`"
            options.append(command)
            if node.style not in _BLOCKS:
                title = f"rename the {spec.noun} from `{expected}` to `{name}`, with all links to it"
                edits = (Replacement(node.span, name),)
                fix = Fix(title, Safety.UNSAFE, edits, (DeclaredChange((key,)),), _REVEALED, name)
        encoding = ", which has decomposed accents (NFD)" if name == unicodedata.normalize("NFD", expected) else ""
        if spec.file_template == f"{{{key}}}":
            message = f"{key} `{expected}` differs from the file name `{file}`{encoding}"
        else:
            subject = f"file name `{file}`{encoding}{',' if encoding else ''}"
            message = f"{subject} differs from `{spec.file_template}`, here `{expected}`"
            options.append(f"correct {phrases.join_or(phrases.backticked(dict.fromkeys(keys)))}")
        yield self.at(
            pattern,
            node.label_span,
            message,
            route=(key,),
            help=", or ".join(options) or f"choose a valid {key}, and rename the file to it",
            fix=fix,
        )
