from __future__ import annotations

import posixpath
from collections.abc import Iterator
from urllib.parse import quote

from patternlint.rule import (
    BODY_ROUTE,
    CHANGES_BODY,
    Diagnostic,
    Entry,
    Example,
    Fix,
    Library,
    LibraryRule,
    Replacement,
    Safety,
    Severity,
    TextLink,
    text_links,
)

_FORMS = '[body]\nlinks = ["path", "wiki", "name"]\n'


def _file(slug: str, text: str, title: str = "Größe") -> str:
    return f"---\nslug: {slug}\ntitle: {title}\nontology: {{}}\n---\n\n{text}\n"


_TABLE = _file("long-table", "Öl.", "Long Table")


class BrokenLink(LibraryRule):
    """Links in the text lead to existing files, patterns and valid addresses."""

    name = "broken-link"
    severity = Severity.WARNING
    why = "Readers who follow a broken link find nothing."
    notes = (
        "A specification names the forms of links to check, as `links` under `[body]`:\n\n"
        "| form | written as | must lead to |\n"
        "|---|---|---|\n"
        '| `"path"` | `[text](../folder/name.md#part)` | a Markdown file of the library |\n'
        '| `"name"` | `[text](name)` | a slug, id, file name or alias |\n'
        '| `"wiki"` | `[[name]]`, `[[folder/name#part\\|text]]` | a slug, id, file name, title or alias |\n\n'
        "References such as `[text][ref]` are checked where they are defined: `[ref]: name.md`. Links in code and HTML are not "
        "links. An excluded file, and a file that is not a pattern, exists.\n\n"
        'With `"path"`, the rule also reports web addresses whose scheme is damaged or missing, such as '
        "`https.www.example.org` and `www.example.org`. Browsers read them as paths. It makes no network requests.\n\n"
        "These are not checked: paths into a folder that has no patterns, and no folder with "
        "patterns next to it; paths to files that are not Markdown; paths with a leading `/`; the part after `#`; images. A "
        "file that git ignores is not in the library. A name is reported only if it is a slug.\n\n"
        "The fix repairs an address if it is certain what was meant. With `--unsafe-fixes`, it replaces a link by one to the "
        "pattern that was probably meant, as `dangling-target` finds it. A former name in `redirects.toml` leads to the "
        "pattern that has replaced it, and the fix is safe."
    )
    bad = (
        Example(
            {
                "a/bread.md": _file(
                    "bread",
                    "Öl: [a](«./long-tabel.md#x»), [b](«../b/long-table.md»), [c](«long-tables»), [[«long-tabl»|d]].\n\n"
                    "[e][e], [f](«nothing-like-it»), [[«Nothing like it»]]\n\n[e]: <«gone.md»>",
                ),
                "a/long-table.md": _TABLE,
            },
            {
                "a/bread.md": _file(
                    "bread",
                    "Öl: [a](./long-table.md#x), [b](long-table.md), [c](long-table), [[long-table|d]].\n\n"
                    "[e][e], [f](nothing-like-it), [[Nothing like it]]\n\n[e]: <gone.md>",
                )
            },
            unsafe=True,
            settings=_FORMS,
            raw=True,
        ),
        Example(
            {
                "bread.md": _file(
                    "bread",
                    "Öl: [a](«https.www.example.org/a»), [b](«http//example.org»), [c](«htps://example.org»),\n"
                    "[d](«https.example.org/»), [e](«www.example.org»).",
                )
            },
            {
                "bread.md": _file(
                    "bread",
                    "Öl: [a](https://www.example.org/a), [b](http://example.org), [c](https://example.org),\n"
                    "[d](https.example.org/), [e](www.example.org).",
                )
            },
            settings=_FORMS,
            raw=True,
            note="addresses",
        ),
    )
    good = (
        Example(
            {
                "bread.md": _file(
                    "bread",
                    "[a](long-table.md#x), [b](long-table), [c](pat_table), [[Long Table]], [[a/long-table#b|c]], [[Bench]],\n"
                    "[d](README.md), [e](sub), [f](sub/öl.md), [g](sub/%C3%B6l.md) [h](#bread), ![i](gone), [j](gone.png).\n"
                    "[k](../gone.md), [l](/gone.md), [m](gone/a/gone.md), [n](https://example.org/gone.md),\n"
                    "[o](LICENSE), [p](mailto:a@example.org), \\[q](gone.md), [[1]], [[2]](https://example.org), [[a.png]].\n"
                    "`[r](gone.md)`\n\n```\n[[gone]]\n```",
                ),
                "long-table.md": _TABLE.replace("ontology", 'id: pat_table\naliases: ["Bench"]\nontology'),
                "README.md": "Größe\n",
                "sub/öl.md": _file("oil", "Öl."),
            },
            settings=_FORMS,
            raw=True,
        ),
        Example({"bread.md": _file("bread", "Öl: [a](gone.md)")}, settings="[body]\nlinks = []\n", raw=True),
    )

    def check(self, library: Library) -> Iterator[Diagnostic]:
        for entry in library.targets:
            for link in entry.text_links:
                if text_links.is_broken(library, entry, link):
                    yield self._diagnostic(library, entry, link)

    def _diagnostic(self, library: Library, entry: Entry, link: TextLink) -> Diagnostic:
        noun = library.spec_of(entry).noun
        subject = link.name
        if link.is_broken_address:
            subject = link.destination
            message = f"`{link.destination}` is not a valid address"
            new = link.repaired_address
            advice = f"write `{new}`" if new else "write the address with `https://` or `http://`"
            fix = _fix(link, link.destination, new, Safety.SAFE) if new else None
            return self.at(entry, link.span, message, route=BODY_ROUTE, subject=subject, help=advice, fix=fix)
        kind = "path of an existing file" if link.form == "path" else f"name of an existing {noun}"
        message = f"the link leads to `{link.path}`, which does not exist"
        if link.form != "path":
            message = f"no {noun} has the name `{link.name}`"
        former = text_links.renamed(library, entry, link)
        meant = former or text_links.suggestion(library, entry, link)
        if meant is None:
            advice = f"write the {kind}, or remove the link"
            return self.at(entry, link.span, message, route=BODY_ROUTE, subject=subject, help=advice)
        new = _destination(entry, link, meant)
        advice, fix = f"did you mean {meant.label}?", _fix(link, link.path, new, Safety.UNSAFE)
        if former is not None:
            advice = f"`{link.name}` is a former name of {meant.label}; write the current one"
            fix = _fix(link, link.path, new, Safety.SAFE)
        return self.at(entry, link.span, message, route=BODY_ROUTE, subject=subject, help=advice, fix=fix)


def _fix(link: TextLink, old: str, new: str, safety: Safety) -> Fix:
    """Return the fix that replaces the beginning of a destination."""
    edit = Replacement(link.span, new + link.destination[len(old) :])
    return Fix(f"replace `{old}` with `{new}`", safety, (edit,), CHANGES_BODY)


def _destination(entry: Entry, link: TextLink, meant: Entry) -> str:
    """Return the path or name that leads from an entry to the pattern that a link meant, in the form of the link."""
    if link.form != "path":
        return meant.slug
    path = quote(posixpath.relpath(meant.path, entry.folder or "."))
    return f"./{path}" if link.path.startswith("./") and not path.startswith("../") else path
