from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Library, LibraryRule, Severity

_PATTERNS = {
    f"{slug}.md": f"---\nslug: {slug}\nontology: {{}}\n---\n"
    for slug in ["ahorn", "birke", "buche", "eiche", "erle", "esche", "fichte", "kiefer", "linde", "ulme"]
}


class StrayFile(LibraryRule):
    """Every Markdown file in a folder of patterns is a pattern."""

    name = "stray-file"
    severity = Severity.ERROR
    why = "A file that is not read as a pattern is not checked, and links to it do not resolve."
    notes = (
        "A file is reported if its folder holds ten or more patterns that make up 90 % of the Markdown files in "
        "it, or, with `--since` and in the hook, if it was a pattern before the change. A pattern that a change "
        "turns into a file of a specification without groups is reported too, because such a file is not checked. Files with a conventional name, such as "
        "`README.md`, `CONTRIBUTING.md`, `index.md`, `_index.md`, `LICENSE.md`, `CHANGELOG.md` or a template, are "
        "expected. If another file is not meant as a pattern, add it to `exclude`."
    )
    bad = (
        Example(_PATTERNS | {"weide.md": "«»"}, raw=True, note="an empty file"),
        Example(_PATTERNS | {"weide.md": "«»# Die Weide\n\nAm Bächlein.\n"}, raw=True),
        Example(
            _PATTERNS | {"weide.md": "«»version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"},
            raw=True,
            note="a pointer in place of the content",
        ),
    )
    good = (
        Example(_PATTERNS, raw=True),
        Example(_PATTERNS | {"README.md": "# Bäume\n", "_index.md": "", "weide-template.md": ""}, raw=True),
        Example({"ahorn.md": _PATTERNS["ahorn.md"], "weide.md": ""}, raw=True, note="a folder of few patterns"),
        Example(_PATTERNS | {"weide.md": "# Weide\n", "erlen.md": "# Erlen\n"}, raw=True, note="too many others"),
    )

    def check(self, library: Library) -> Iterator[Diagnostic]:
        former = library.former.specs
        for entry in library.targets if former else ():
            if entry.path in former:
                previous = f"specification {former[entry.path]}" if former[entry.path] else "that of a pattern"
                yield self.at(
                    entry,
                    entry.span("id"),
                    f"file is no longer a pattern: its id selects the specification `{entry.spec}` instead of {previous}",
                    help="restore the id of the pattern, or add the file to `exclude` if it is not meant as one",
                )
        for entry in filter(library.is_target, library.strays):
            problem = (
                "no longer a pattern" if entry.path in former else "not checked, although its folder holds patterns"
            )
            yield self.at(
                entry,
                None,
                f"file is {problem}: {entry.left_alone}",
                help="restore the file, or add it to `exclude` if it is not meant as a pattern",
            )
