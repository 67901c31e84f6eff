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
    """A thing with a path that turns a span into lines and columns: a `Source`, a `Pattern`, an `Entry`."""

    @property
    def path(self) -> str:
        """The path as people see it."""
        ...

    def region(self, span: Span, /) -> Region:
        """Return `span` in lines and columns."""
        ...


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
class BaseRule(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """What all rules have in common. The fields of a rule are its options.

    Attributes:
        name: its identity, everywhere; reads well after "allow". A plug-in's is `<plugin>/<name>`.
        severity: how much its findings matter by default.
        enabled: whether it is on by default.
        why: why it exists, in one or two sentences for someone who writes patterns.
        notes: further paragraphs for its page, in Markdown: decisions in doubtful cases.
        bad: examples that break it.
        good: examples that keep it, chosen to be near to breaking it.
        yields_to: rules whose finding in the same line is the cause of this rule's finding, which is left out then.
    """

    name: ClassVar[str]
    severity: ClassVar[Severity]
    enabled: ClassVar[bool] = True
    why: ClassVar[str]
    notes: ClassVar[str] = ""
    bad: ClassVar[tuple[Example, ...]] = ()
    good: ClassVar[tuple[Example, ...]] = ()
    yields_to: ClassVar[tuple[str, ...]] = ()

    def at(  # noqa: PLR0913 - the fields of a finding
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
        """Return a finding of this rule at `span` of `where`; at the first line when `span` is None.

        A character of the message that cannot be seen, or told from another, is written as an escape and named in the
        help.
        """
        if message:  # what is not text is reported where own rules are verified
            for odd in odd_characters(message):
                help = "; ".join(filter(None, (help, f"`{visible(odd)}` is {name_of(odd)}")))  # noqa: A001
            message = visible(message)
        path = where.path
        region = WHOLE_FILE if span is None else where.region(span)
        place = Span(0, 0) if span is None else span  # a span without characters is false
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
    """A rule that checks the entries of all patterns, never the text of a file."""

    def check(self, library: Library) -> Iterator[Diagnostic]:
        """Yield the findings about the targets of `library`."""
        raise NotImplementedError
