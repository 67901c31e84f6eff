from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, FileKind, FileRule, ParsedFile, Severity, Spec, phrases


class UnknownSpec(FileRule):
    """A file declared as a pattern follows a known specification."""

    name = "unknown-spec"
    severity = Severity.ERROR
    why = "Without a known specification, the pattern cannot be checked, and silence would look like a clean file."
    notes = (
        "A file is declared as a pattern by a glob in the configuration (`library`), or by its name on the command "
        "line. Its content determines the specification; `spec` in the configuration sets it for all files. Other "
        "Markdown files are ignored."
    )
    bad = (Example("«»---\ntitle: Über uns\nlayout: page\n---\n\n# Über uns\n", spec=""),)
    good = (
        Example("---\ntitle: Über uns\norbital_layer: 5\n---\n\n# Über uns\n", spec=""),
        Example("title: Gärten\n", spec="7.1", note="`spec` in the configuration selects the specification"),
        Example("Über uns\n", spec="", raw=True, note="no front matter: `front-matter-opening` reports it"),
    )

    def check(self, parsed: ParsedFile) -> Iterator[Diagnostic]:
        is_read = parsed.problem is None and parsed.opening is None
        if parsed.kind is not FileKind.BROKEN or parsed.spec is not None or not is_read:
            return
        marks = "; ".join(f"{spec.version} has {mark}" for spec in parsed.candidates if (mark := _mark(spec)))
        yield self.at(
            parsed.source,
            None,
            "file follows no known specification",
            help=f"add what identifies a specification ({marks}), set `spec` in the configuration, "
            "or exclude the file (`exclude`)",
        )


def _mark(spec: Spec) -> str:
    """Return what identifies a specification, in words."""
    mark = spec.mark
    words = [f"an id that begins with `{prefix}_`" for prefix in mark.id_prefixes]
    words += phrases.backticked(mark.any_key)
    words += [f"`{key}` with keys of its own" for key in mark.mapping_key]
    return phrases.join_or(words)
