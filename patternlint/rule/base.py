"""Base classes of rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Protocol, dataclass_transform

from msgspec import Struct, field

from patternlint.diagnostics.diagnostic import Diagnostic, Label
from patternlint.diagnostics.fix import Fix
from patternlint.diagnostics.route import Route
from patternlint.diagnostics.severity import Severity
from patternlint.document.pattern import Pattern
from patternlint.library.library import Library
from patternlint.messages.characters import name_of, odd_characters, visible
from patternlint.parser.parser import ParsedFile
from patternlint.rule.example import Example
from patternlint.source import WHOLE_FILE, Region, Span


class Locatable(Protocol):
    """A value with a path that converts spans to lines and columns: a `Source`, a `Pattern`, an `Entry`."""

    @property
    def path(self) -> str:
        """The path, as displayed."""
        ...

    def region(self, span: Span, /) -> Region:
        """Return the lines and columns of `span`."""
        ...


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
class BaseRule(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Base class of all rules. The fields of a rule are its options.

    Attributes:
        name: the name in reports, settings and suppressions; that of a plug-in starts with `<plugin>/`.
        severity: the default severity.
        enabled: whether the rule is enabled by default.
        why: the reason for the rule, in one or two sentences for authors of patterns.
        notes: more paragraphs for its page, in Markdown: decisions in doubtful cases.
        bad: examples that violate the rule.
        good: examples that comply, close to a violation.
        yields_to: rules whose diagnostic on the same line is the cause of this rule's, which is dropped then.
    """

    name: ClassVar[str]
    severity: ClassVar[Severity]
    enabled: ClassVar[bool] = True
    why: ClassVar[str]
    notes: ClassVar[str] = ""
    bad: ClassVar[tuple[Example, ...]] = ()
    good: ClassVar[tuple[Example, ...]] = ()
    yields_to: ClassVar[tuple[str, ...]] = ()

    def at(  # noqa: PLR0913 - the fields of a diagnostic
        self,
        where: Locatable,
        span: Span | None,
        message: str,
        *,
        route: Route = (),
        subject: str = "",
        help: str = "",  # noqa: A002 - the field's name
        labels: tuple[Label, ...] = (),
        fix: Fix | None = None,
    ) -> Diagnostic:
        """Return a diagnostic of this rule.

        Invisible and confusable characters in the message are escaped, and named in the help.

        Args:
            where: the file or entry.
            span: the place in `where`; None for the first line.
            message: the problem, as one clause in lower case without a full stop.
            route: the route of the value in the front matter, or `BODY_ROUTE`.
            subject: what the diagnostic is about, where a route has several; part of its identity.
            help: the remedy, as an imperative clause.
            labels: related places.
            fix: the edits that solve the problem.
        """
        if message and not message.isascii():  # a message that is not text is reported when own rules are verified
            for character in odd_characters(message):
                help = "; ".join(filter(None, (help, f"`{visible(character)}` is {name_of(character)}")))  # noqa: A001
            message = visible(message)
        path = where.path
        region = WHOLE_FILE if span is None else where.region(span)
        place = Span(0, 0) if span is None else span  # an empty span is false
        if labels:
            labels = tuple([one if one.path != path else Label(one.message, one.region) for one in labels])
        return Diagnostic(path, self.name, self.severity, message, place, region, route, subject, labels, help, fix)


def label(where: Locatable, span: Span, message: str) -> Label:
    """Return a label: a secondary place of a finding, with a message."""
    return Label(message, where.region(span), where.path)


class Rule(BaseRule):
    """A rule that checks one pattern. Its findings depend only on that file and the configuration."""

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        """Yield the findings about `pattern`."""
        raise NotImplementedError


class FileRule(BaseRule):
    """A rule that checks one file, even if its front matter does not parse."""

    def check(self, parsed: ParsedFile) -> Iterator[Diagnostic]:
        """Yield the findings about the file."""
        raise NotImplementedError


class LibraryRule(BaseRule):
    """A rule that checks the entries of all patterns, never the text of a file.

    Attributes:
        needs_sentences: whether it uses the sentences in cards, which are not read otherwise.
        needs_former: whether it reports only what differs from `Library.former`, so that other runs cannot tell whether a
            suppression of it is used.
    """

    needs_sentences: ClassVar[bool] = False
    needs_former: ClassVar[bool] = False

    def about_library(self, message: str, *, subject: str = "", help: str = "") -> Diagnostic:  # noqa: A002 - the field's name
        """Return a diagnostic about the library as a whole, without a file."""
        return Diagnostic("", self.name, self.severity, message, subject=subject, help=help)

    def check(self, library: Library) -> Iterator[Diagnostic]:
        """Yield the findings about the targets of `library`."""
        raise NotImplementedError
