"""Base classes that only built-in rules may have, and the values that they check. Not part of the public API."""

from __future__ import annotations

from collections.abc import Iterator
from traceback import format_exception_only
from typing import ClassVar

from msgspec import Struct

from patternlint.diagnostics.diagnostic import Diagnostic, Label
from patternlint.diagnostics.fix import Fix
from patternlint.document.node import item_name
from patternlint.document.pattern import Pattern
from patternlint.parser.delimiters import utf16_or_utf32
from patternlint.parser.parser import Suppression
from patternlint.rule.base import BaseRule
from patternlint.source import Region, Span
from patternlint.validation.violation import SchemaViolation

__all__ = [
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
    """A line, from 1, in the code of a rule."""

    file: str
    line: int

    def __str__(self) -> str:
        """Return `FILE:LINE`."""
        return f"{self.file}:{self.line}"

    def label(self, message: str) -> Label:
        """Return the place as a secondary place of a finding."""
        return Label(message, Region(self.line, 1, self.line, 1), self.file)


def describe_error(error: BaseException) -> str:
    """Return the class and the first line of the message of an error."""
    return format_exception_only(error)[-1].strip().splitlines()[0].removesuffix(":")


class RuleFailure(Struct, frozen=True):
    """A file that could not be checked, or a rule that failed.

    Attributes:
        path: the file; empty for the library.
        rule: the rule that failed or was stopped; empty when the file itself could not be checked.
        error: what was raised; its class decides which `CrashRule` reports it.
        line: the line of the file, from 1.
        place: the place in the code of the rule, or None when it is not known.
    """

    path: str
    rule: str
    error: BaseException
    line: int = 1
    place: CodePlace | None = None

    @property
    def reason(self) -> str:
        """The class and the first line of the message of the error."""
        return describe_error(self.error)

    def region(self, _span: Span) -> Region:
        """Return the start of the line."""
        return Region(self.line, 1, self.line, 1)


class FileTooLargeError(OSError):
    """A file that holds more bytes than `limits.file-size`: `Crash.error` of `file-too-large`."""


class LineTooLongError(OSError):
    """A line that holds more bytes than `limits.line-length`: `Crash.error` of `line-too-long`."""

    def __init__(self, message: str, line: int) -> None:
        """Take the message and the number of the line, from 1."""
        super().__init__(0, message)
        self.line = line


class RuleTimeout(BaseException):
    """A rule that was stopped, and why: `Crash.error` of `slow-rule`. `except Exception` in a rule does not catch it."""


class BrokenRuleError(Exception):
    """A rule of a project or plug-in that is wrong, and how: `Crash.error` of `broken-rule`."""


class InternalErrorRule(BaseRule):
    """A rule that reports files that could not be checked, and rules that failed. Built-in rules only.

    Such a rule is enabled whatever `select` says: silence would look like a clean file. `ignore` and the level `off`
    disable it.

    Attributes:
        errors: the classes of `Crash.error` that it reports; a subclass that another rule names is reported by that one.
        example_failure: the crash that its examples show.
    """

    errors: ClassVar[tuple[type[BaseException], ...]]
    example_failure: ClassVar[RuleFailure]

    def check(self, failure: RuleFailure) -> Iterator[Diagnostic]:
        """Yield the finding for one crash."""
        raise NotImplementedError


class FixRefusal(Struct, frozen=True):
    """A fix that was left out, because the file would not be right with it.

    Attributes:
        finding: the finding that has the fix.
        reason: what would be wrong, as a clause.
        others: how many other fixes of the file were left out for the same reason.
        help: what to do, as an instruction.
    """

    finding: Diagnostic
    reason: str
    others: int = 0
    help: str = "correct it by hand"

    @property
    def path(self) -> str:
        """The file of the finding."""
        return self.finding.path

    def region(self, _span: Span) -> Region:
        """Return the place of the finding."""
        return self.finding.region


class FixRefusalRule(BaseRule):
    """The rule that reports fixes that were left out."""

    def check(self, refused: FixRefusal) -> Iterator[Diagnostic]:
        """Yield the finding for one fix."""
        raise NotImplementedError


class AddedSuppression(Struct, frozen=True):
    """A name in a suppression that a change adds.

    Attributes:
        path: the file.
        name: the rule or group that it silences.
        is_whole_file: whether it silences the rule in the whole file.
        reason: why, in the writer's words; may be empty.
        span: the name.
        region_of_name: the lines and columns of the name.
    """

    path: str
    name: str
    is_whole_file: bool
    reason: str
    span: Span
    region_of_name: Region

    def region(self, _span: Span) -> Region:
        """Return the lines and columns of the name."""
        return self.region_of_name


class AddedSuppressionRule(BaseRule):
    """The rule that reports the suppressions that a change adds."""

    def check(self, added: AddedSuppression) -> Iterator[Diagnostic]:
        """Yield the finding for one name."""
        raise NotImplementedError


class UnusedRuleName(Struct, frozen=True):
    """A suppression, or one name in it, that silences nothing.

    Attributes:
        path: the file.
        name: the name that silences nothing.
        is_known: whether there is such a rule or group.
        suppression: the whole suppression.
        index: the place of the name in it.
        is_whole_suppression: whether no name in it silences anything, though there are such rules.
        region_of_name: the lines and columns of the name.
        meant: the rule or group that was likely meant where there is none of the name, or empty.
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
        """Return the lines and columns of the name."""
        return self.region_of_name


class SuppressionRule(BaseRule):
    """The rule that speaks of suppressions."""

    def check(self, unused: UnusedRuleName) -> Iterator[Diagnostic]:
        """Yield the finding for a suppression that silences nothing."""
        raise NotImplementedError
