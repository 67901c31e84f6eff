from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, FileKind, FileRule, ParsedFile, Severity, Spec, phrases


class UnknownSpec(FileRule):
    """A file that is said to be a pattern follows a known specification."""

    name = "unknown-spec"
    severity = Severity.ERROR
    why = (
        "Without knowing the specification, nothing can be said about the pattern, and silence would look like praise."
    )
    notes = (
        "A file is said to be a pattern by a glob in the config (`library`) or by its name on the command line. Which "
        "specification it follows is seen by its content; `spec` in the config says it for all files. Other Markdown "
        "is left alone."
    )
    bad = (Example("«»---\ntitle: Über uns\nlayout: page\n---\n\n# Über uns\n", spec=""),)
    good = (
        Example("---\ntitle: Über uns\norbital_layer: 5\n---\n\n# Über uns\n", spec=""),
        Example("title: Gärten\n", spec="7.1", note="the config says which specification it follows"),
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
            "the file follows no known specification",
            help=f"what a specification is known by: {marks}. Add what is missing, say `spec` in the config, or leave the file out (`exclude`)",
        )


def _mark(spec: Spec) -> str:
    """Say by what a specification is known."""
    mark = spec.mark
    words = [f"an id that begins with `{prefix}_`" for prefix in mark.id_prefixes]
    words += phrases.backticked(mark.any_key)
    words += [f"`{key}` with keys of its own" for key in mark.mapping_key]
    return phrases.join_or(words)
