from __future__ import annotations

import re
from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, FileRule, ParsedFile, Severity, Span, label

_CONFLICT = re.compile(r"^<<<<<<< .*", re.MULTILINE)


class YamlSyntax(FileRule):
    """The front matter is valid YAML between two lines of `---`."""

    name = "yaml-syntax"
    severity = Severity.ERROR
    yields_to = ("conflict-marker",)
    why = "If the front matter cannot be read, no program can use the pattern, and it is not part of the library."
    notes = (
        "A parser often stops some lines below the mistake. The finding therefore names the mistake that probably "
        "caused the error: a nearby change that lets the parser continue, such as a space after a colon, a closing "
        "quote or another indentation. Without such a change, it points at the place where the parser stopped. "
        "Other errors in the file are reported once this one is fixed. A merge conflict above the error is "
        "reported by `conflict-marker`, or at its first line if that rule is disabled. `patternlint` reads YAML "
        "1.2."
    )
    bad = (
        Example("title: Gärten«:» ein Anfang\n", note="a colon inside text"),
        Example('title: «"»Gärten\nslug: gaerten\n', note="no closing quote"),
        Example("title: 'It«'»s a garden'\n", note="an apostrophe ends the text"),
        Example("lifecycle:\n  status«:»draft\n  version: 0.1 # für später\n", note="no space after the colon"),
        Example("slug: gaerten\n«ein» Schlüssel\ntitle: Gärten\n"),
        Example("aliases: «[»Beete, Gärten}\n", note="brackets that do not match"),
        Example("aliases: [Beete, {Gärten«]»}\n"),
        Example("lifecycle:\n«\t»status: draft # für später\n", note="a tab before a key"),
        Example("«---»\nid: pat_01kh8ad0m6eqtt63hys8cf2dej\nslug: gaerten\n\n# Gärten\n", note="no closing line"),
    )
    good = (
        Example('title: "Gärten: ein Anfang"\nsummary: >-\n  It\'s a garden: yes.\n'),
        Example("---   \ntitle: 'It''s a garden'\n---\n\n# Gärten\n", note="spaces after `---` are allowed"),
    )

    def check(self, parsed: ParsedFile) -> Iterator[Diagnostic]:
        problem = parsed.problem
        if problem is None:
            return
        source = parsed.source
        conflict = _CONFLICT.search(source.text, 0, source.line_span(source.region(problem.span).end_line).end)
        if conflict is not None:
            span = source.line_span(source.region(Span(*conflict.span())).line)
            yield self.at(source, span, "merge conflict in the front matter", help="resolve the merge conflict")
            return
        labels = (label(source, problem.other, problem.other_message),) if problem.other is not None else ()
        yield self.at(source, problem.span, problem.message, help=problem.help, labels=labels)
