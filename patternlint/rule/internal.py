"""Base classes that only built-in rules may have, and the values that they check. Not part of the public API."""

from __future__ import annotations

from collections.abc import Iterator
from traceback import format_exception_only
from typing import ClassVar

from msgspec import Struct

from patternlint.diagnostics.diagnostic import LINE_ENDINGS, Diagnostic, Label
from patternlint.diagnostics.fix import Fix
from patternlint.document.node import item_name
from patternlint.document.pattern import Pattern
from patternlint.parser.delimiters import utf16_or_utf32
from patternlint.parser.parser import Suppression
from patternlint.rule.base import BaseRule
from patternlint.source import Region, Span
from patternlint.validation.violation import SchemaViolation

__all__ = [
    "LINE_ENDINGS",
    "AddedSuppression",
    "AddedSuppressionRule",
    "BrokenRuleError",
    "CodePlace",
    "FileTooLargeError",
    "FixRefusal",
    "FixRefusalRule",
    "InternalErrorRule",
    "LineTooLongError",
    "RuleFailure",
    "RuleTimeout",
    "SchemaRule",
    "SchemaViolation",
    "SuppressionRule",
    "UnusedRuleName",
    "describe_error",
    "utf16_or_utf32",
]


class SchemaRule(BaseRule):
    """A rule that reports violations of the JSON Schemas."""

    def check(self, error: SchemaViolation, pattern: Pattern) -> Iterator[Diagnostic]:
        """Yield the finding for one violation that names this rule, or nothing."""
        raise NotImplementedError

    def report(
        self, error: SchemaViolation, pattern: Pattern, message: str, advice: str, fix: Fix | None = None
    ) -> Diagnostic:
        """Return a finding at the value of `error`; its subject is the list item that holds the value."""
        subject = item_name(pattern.front.root, error.route)
        span = error.node.label_span
        return self.at(pattern, span, message, route=error.route, subject=subject, help=advice, fix=fix)


class CodePlace(Struct, frozen=True):
    """A line of a rule's code, from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"

    def label(self, message: str) -> Label:
        """Return a label for this line."""
        return Label(message, Region(self.line, 1, self.line, 1), self.file)


def describe_error(error: BaseException) -> str:
    """Return the class of an error and the first line of its message."""
    return format_exception_only(error)[-1].strip().splitlines()[0].removesuffix(":")


class RuleFailure(Struct, frozen=True):
    """A file that could not be checked, or a rule that failed.

    Attributes:
        path: the file; empty for the library.
        rule: the rule that failed or was stopped; empty if the file itself could not be checked.
        error: the exception; its class decides which `InternalErrorRule` reports it.
        line: the line of the file, from 1.
        place: the line of the rule's code, or None if it is unknown.
    """

    path: str
    rule: str
    error: BaseException
    line: int = 1
    place: CodePlace | None = None

    @property
    def reason(self) -> str:
        """The class of the error and the first line of its message."""
        return describe_error(self.error)

    def region(self, _span: Span) -> Region:
        """Return the start of the line, for `Locatable`."""
        return Region(self.line, 1, self.line, 1)


class FileTooLargeError(OSError):
    """A file is larger than `limits.file-size`."""


class LineTooLongError(OSError):
    """A line, numbered from 1, is longer than `limits.line-length`."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(0, message)
        self.line = line


class RuleTimeout(BaseException):
    """A rule exceeded its time limit. `except Exception` in a rule does not catch it."""


class BrokenRuleError(Exception):
    """A rule of a project or plug-in is invalid."""


class InternalErrorRule(BaseRule):
    """A rule that reports files that could not be checked, and rules that failed.

    It is enabled despite `select`, because a file without findings would look correct. `ignore` and the level `off`
    disable it.

    Attributes:
        errors: the classes of `RuleFailure.error` that it reports; the most specific class wins.
        example_failure: the failure that its examples show.
    """

    errors: ClassVar[tuple[type[BaseException], ...]]
    example_failure: ClassVar[RuleFailure]

    def check(self, failure: RuleFailure) -> Iterator[Diagnostic]:
        """Yield the diagnostic for a failure."""
        raise NotImplementedError


class FixRefusal(Struct, frozen=True):
    """A fix that was not applied because it would damage the file.

    Attributes:
        finding: the diagnostic with the fix.
        reason: the damage, as a clause.
        others: the number of other fixes of the file that were not applied for the same reason.
        help: the remedy, as an imperative clause.
    """

    finding: Diagnostic
    reason: str
    others: int = 0
    help: str = "correct it by hand"

    @property
    def path(self) -> str:
        """The file."""
        return self.finding.path

    def region(self, _span: Span) -> Region:
        """Return the region of the diagnostic, for `Locatable`."""
        return self.finding.region


class FixRefusalRule(BaseRule):
    """The rule that reports fixes that were not applied."""

    def check(self, refused: FixRefusal) -> Iterator[Diagnostic]:
        """Yield the diagnostic for a fix."""
        raise NotImplementedError


class AddedSuppression(Struct, frozen=True):
    """A name in a suppression that a change adds.

    Attributes:
        path: the file.
        name: the suppressed rule or group.
        is_whole_file: whether it is suppressed in the whole file.
        reason: the reason in the comment; may be empty.
        span: the span of the name.
        region_of_name: the region of the name.
    """

    path: str
    name: str
    is_whole_file: bool
    reason: str
    span: Span
    region_of_name: Region

    def region(self, _span: Span) -> Region:
        """Return the region of the name, for `Locatable`."""
        return self.region_of_name


class AddedSuppressionRule(BaseRule):
    """The rule that reports the suppressions that a change adds."""

    def check(self, added: AddedSuppression) -> Iterator[Diagnostic]:
        """Yield the diagnostic for a name."""
        raise NotImplementedError


class UnusedRuleName(Struct, frozen=True):
    """A name in a suppression that suppresses no diagnostic.

    Attributes:
        path: the file.
        name: the name.
        is_known: whether it is an existing rule or group.
        suppression: the whole suppression.
        index: the index of the name in it.
        is_whole_suppression: whether all names in it are known and unused.
        region_of_name: the region of the name.
        meant: the rule or group that an unknown name was likely meant to be, or empty.
    """

    path: str
    name: str
    is_known: bool
    suppression: Suppression
    index: int
    is_whole_suppression: bool
    region_of_name: Region
    meant: str = ""

    def region(self, _span: Span) -> Region:
        """Return the region of the name, for `Locatable`."""
        return self.region_of_name


class SuppressionRule(BaseRule):
    """The rule that reports unused suppressions."""

    def check(self, unused: UnusedRuleName) -> Iterator[Diagnostic]:
        """Yield the diagnostic for an unused name."""
        raise NotImplementedError
