from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import ALL_RULES, Diagnostic, Example, FileRule, Fix, ParsedFile, Safety, Severity, label
from patternlint.rule.internal import utf16_or_utf32

_FRONT = "id: pat_01kh8ad0m6eqtt63hys8cf2dej\nslug: gaerten\nontology:\n  domain: ökologie\n---\n\n# Gärten\n"


class FrontMatterOpening(FileRule):
    """The first line of a pattern is `---`."""

    name = "front-matter-opening"
    severity = Severity.ERROR
    why = (
        "Without exactly `---` on its first line, a file has no front matter for any program: it is not part of "
        "the library, and no other rule checks it."
    )
    notes = (
        "A file counts as a pattern if the text after its first line has the keys of one, or if the `id` of a "
        "pattern stands outside code near its top. Files such as `README.md`, `CONTRIBUTING.md`, `index.md` and "
        "templates do not count. Links to such a file resolve, so no finding asks to delete them.\n\n"
        "The fix is available where it keeps every character of the data: whitespace and invisible characters "
        "before `---`, dashes of another kind or number, a key or a comment on the same line, and lines that end "
        "in CR. UTF-16 files and binary files are reported by `encoding`."
    )
    bad = (
        Example("«\n»---\n" + _FRONT, "---\n" + _FRONT, raw=True, note="a blank line"),
        Example("«\u200b»---\n" + _FRONT, "---\n" + _FRONT, raw=True, note="an invisible character"),
        Example("«———»\n" + _FRONT, "---\n" + _FRONT, raw=True, note="dashes of another kind"),
        Example("«-----»\n" + _FRONT, "---\n" + _FRONT, raw=True),
        Example("---« # Gärten»\n" + _FRONT, "---\n# Gärten\n" + _FRONT, raw=True),
        Example("«»" + _FRONT, "---\n" + _FRONT, raw=True, note="no opening line"),
        Example("«<!-- Gärten -->»\n---\n" + _FRONT, raw=True),
        Example("«# Gärten»\n\n---\n" + _FRONT, raw=True),
        Example("«```yaml»\n" + _FRONT.replace("\n---\n", "\n```\n"), raw=True),
        Example('«+++»\nid = "pat_01kh8ad0m6eqtt63hys8cf2dej"\ntitle = "Gärten"\n+++\n', raw=True, note="TOML"),
    )
    good = (
        Example("---\n" + _FRONT, raw=True),
        Example("# Gärten\n\n```yaml\n" + _FRONT + "```\n", raw=True, note="a page that shows a pattern"),
        Example({"README.md": "# Gärten\n\n" + _FRONT}, raw=True),
        Example("+++\ntitle = 'Gärten'\n+++\n", raw=True),
    )

    def check(self, parsed: ParsedFile) -> Iterator[Diagnostic]:
        damage = parsed.opening
        source = parsed.source
        if damage is None or utf16_or_utf32(source.data) or (not damage.keys and b"\0" in source.data):
            return  # `encoding` reports the file
        fix = Fix(damage.title, Safety.SAFE, damage.edits, may_reveal=(ALL_RULES,)) if damage.edits else None
        labels = (label(source, damage.label, "start of the front matter"),) if damage.label is not None else ()
        yield self.at(source, damage.span, damage.message, help=damage.help, labels=labels, fix=fix)
