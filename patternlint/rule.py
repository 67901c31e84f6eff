"""The rule API. A rule sees this module and the ones below it, and nothing else of patternlint.

A rule is a class whose docstring's first line says what holds, with a `name`, a `severity`, a `why`, and `bad` and
`good` examples that are its tests and its page. Its fields are its options: typed, with a default, checked when the
config is read. It has no state. What it looks at is decided by its base class:

* `Rule`: one pattern at a time;
* `LibraryRule`: the library, that is what every pattern let the others know;
* `FileRule`: a file as read, also when it does not parse;
* `SchemaRule`: what a JSON Schema says about a value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from traceback import format_exception_only
from typing import Annotated, Any, ClassVar, Protocol

from msgspec import Meta, Struct

from patternlint import layout, prose, yaml_text
from patternlint.answers import unanswered
from patternlint.characters import name_of, odd_characters, visible
from patternlint.diagnostic import (
    ALL_RULES,
    BODY_ROUTE,
    AddItem,
    AddKey,
    Change,
    Diagnostic,
    Edit,
    Fix,
    Label,
    Replace,
    Route,
    Safety,
)
from patternlint.graph import Graph, circles, shortest_way_back
from patternlint.items import with_items, without_items
from patternlint.library import Entry, Hub, Library, Stray, fold_title, namesakes
from patternlint.links import INFERRED, Link, link_route, list_route
from patternlint.names import ALPHABET, SUFFIX_LENGTH, are_slugs, decode_suffix, is_slug, is_wikidata
from patternlint.node import Node
from patternlint.parse import Damage, Directive, Kind, Parsed
from patternlint.parse.fences import wide_encoding
from patternlint.pattern import Body, Fence, FrontMatter, Heading, Line, Pattern, Section
from patternlint.quote_fix import quote_fix
from patternlint.schema_lookup import asks_for_text, date_routes, is_in_bounds, known_keys
from patternlint.severity import Severity
from patternlint.spec import Spec
from patternlint.suggest import nearest
from patternlint.text import FIRST_LINE, Region, Source, Span
from patternlint.words import (
    all_of,
    any_of,
    dotted,
    item_name,
    kind_words,
    quoted,
    route_words,
    type_words,
    value_words,
)

__all__ = [
    "ALL_RULES",
    "ALPHABET",
    "BODY_ROUTE",
    "FIRST_LINE",
    "INFERRED",
    "SUFFIX_LENGTH",
    "AddItem",
    "AddKey",
    "AddedSuppression",
    "AddedSuppressionRule",
    "Annotated",
    "BaseRule",
    "Body",
    "BrokenRuleError",
    "Change",
    "CodePlace",
    "Crash",
    "CrashRule",
    "Damage",
    "Diagnostic",
    "Directive",
    "DirectiveRule",
    "Edit",
    "Entry",
    "Example",
    "Fence",
    "FileRule",
    "FileTooLargeError",
    "Fix",
    "FixRefusal",
    "FixRefusalRule",
    "FrontMatter",
    "Graph",
    "Heading",
    "Hub",
    "Kind",
    "Label",
    "Library",
    "LibraryRule",
    "Line",
    "LineTooLongError",
    "Link",
    "Meta",
    "Node",
    "Parsed",
    "Pattern",
    "Region",
    "Replace",
    "Route",
    "Rule",
    "RuleTimeout",
    "Safety",
    "SchemaError",
    "SchemaRule",
    "Section",
    "Severity",
    "Source",
    "Span",
    "Spec",
    "Stray",
    "Unused",
    "all_of",
    "any_of",
    "are_slugs",
    "asks_for_text",
    "circles",
    "date_routes",
    "decode_suffix",
    "dotted",
    "fold_title",
    "is_in_bounds",
    "is_slug",
    "is_wikidata",
    "item_name",
    "kind_words",
    "known_keys",
    "label",
    "layout",
    "link_route",
    "list_route",
    "name_of",
    "namesakes",
    "nearest",
    "not_returned",
    "odd_characters",
    "prose",
    "quote_fix",
    "quoted",
    "route_words",
    "shortest_way_back",
    "type_words",
    "value_words",
    "visible",
    "wide_encoding",
    "with_items",
    "without_items",
    "yaml_text",
]

EXAMPLE_PATH = "example.md"


class Example:
    """A small file, or a small library, that shows a rule: its test and its documentation.

    In a bad example `«»` surround what must be underlined, nothing else may be; a place without characters is `«»`.
    The marks are not part of the file. A text that does not begin with `---` is front matter alone, unless it is raw.

    Args:
        files: the text of one file, or the text of each file by its path; bytes where text cannot say it.
        fixed: the text, or the changed files by path, that the rule's own fixes make of it; None when the rule has no
            fix for it.
        spec: the version of the spec that the files follow, unless their content says so.
        unsafe: whether the fix is an unsafe one.
        options: the rule's options, as written in the config.
        schema: what a project's own JSON Schemas add to those of the spec, by group.
        raw: whether the texts are whole files, of which only the content says whether they are patterns.
        note: what it shows, in a few words.
    """

    __slots__ = ("files", "fixed", "note", "options", "raw", "schema", "spec", "unsafe")

    def __init__(  # noqa: PLR0913 - what an example can say
        self,
        files: str | bytes | Mapping[str, str | bytes],
        fixed: str | Mapping[str, str] | None = None,
        *,
        spec: str = "7.1",
        unsafe: bool = False,
        options: Mapping[str, Any] | None = None,
        schema: Mapping[str, Any] | None = None,
        raw: bool = False,
        note: str = "",
    ) -> None:
        """Keep what is given."""
        self.files: Mapping[str, str | bytes] = {EXAMPLE_PATH: files} if isinstance(files, str | bytes) else files
        self.fixed: Mapping[str, str] | None = {EXAMPLE_PATH: fixed} if isinstance(fixed, str) else fixed
        self.spec = spec
        self.unsafe = unsafe
        self.options: Mapping[str, Any] = options or {}
        self.schema: Mapping[str, Any] = schema or {}
        self.raw = raw
        self.note = note


class HasPlaces(Protocol):
    """A thing with a path that turns a span into lines and columns: a `Source`, a `Pattern`, an `Entry`."""

    @property
    def path(self) -> str:
        """The path as people see it."""
        ...

    def region(self, span: Span, /) -> Region:
        """Return `span` in lines and columns."""
        ...


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
        where: HasPlaces,
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
        region = FIRST_LINE if span is None else where.region(span)
        place = Span(0, 0) if span is None else span  # a span without characters is false
        if labels:
            labels = tuple([one if one.path != path else Label(one.message, one.region) for one in labels])
        return Diagnostic(path, self.name, self.severity, message, place, region, route, subject, labels, help, fix)


def label(where: HasPlaces, span: Span, message: str) -> Label:
    """Return a secondary place of a finding: `span` of `where`, with what is to be seen there."""
    return Label(message, where.region(span), where.path)


class Rule(BaseRule, frozen=True):
    """A rule that looks at one pattern. Its findings depend on that file and the config alone."""

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        """Yield what is wrong with `pattern`."""
        raise NotImplementedError


class FileRule(BaseRule, frozen=True):
    """A rule that looks at a file as read, also when its front matter does not parse."""

    def check(self, parsed: Parsed) -> Iterator[Diagnostic]:
        """Yield what is wrong with the file."""
        raise NotImplementedError


class LibraryRule(BaseRule, frozen=True):
    """A rule that looks at the whole library, never at a file's text."""

    def check(self, library: Library) -> Iterator[Diagnostic]:
        """Yield what is wrong with any `reported` entry of `library`."""
        raise NotImplementedError


def not_returned(
    rule: LibraryRule, library: Library, owed: Callable[[Spec], Mapping[str, str]], ending: str = ""
) -> Iterator[Diagnostic]:
    """Yield a finding of `rule` for every relationship that the other pattern should return and does not.

    Args:
        rule: the rule that says so.
        library: the library.
        owed: for a spec, the relationship types that are to be returned, each with the type of the answer.
        ending: what the message ends with.
    """
    for found in unanswered(library, owed):
        entry, link, other = found.entry, found.link, found.other
        there = other.spans.get(found.type)
        yield rule.at(
            entry,
            link.span,
            f"`{other.name}` does not list `{entry.name}` under `{found.type}`{ending}",
            route=link_route(link, library.specs.by_version[entry.spec]),
            subject=link.target,
            labels=(label(other, Span(*there), "missing here"),) if there is not None else (),
            help=f"add `{entry.name}` there, or delete `{link.target}` here{_one_is_enough(found.beside)}",
            fix=found.fix,
        )


def _one_is_enough(beside: Sequence[str]) -> str:
    """Return why there are two findings about one pair, where there are."""
    if not beside:
        return ""
    kinds = all_of(quoted(beside))
    return (
        f"; it is listed here under {kinds} too, and one answer is enough for {'both' if len(beside) == 1 else 'all'}"
    )


class SchemaError(Struct, frozen=True):
    """What a JSON Schema says about one value.

    Attributes:
        rule: the name of the rule that speaks of it.
        keyword: the JSON Schema keyword that failed, such as "enum".
        route: the value that failed; for a missing or unknown key, the route of that key.
        node: the value's node; for a missing key, that of the mapping that lacks it.
        expected: the keyword's argument in the schema: the allowed values, the type or types, the bound, the pattern.
        value: the value that failed.
        known: for an unknown key, the keys that are known there.
        elsewhere: for an unknown key, where else a key of its name is known, if anywhere.
        schema: the subschema that failed (its title, description and examples explain it).
        condition: where an `if` of the schema decides, the clause for it: "where `kind` is `x`"; for `not`, what is not
            allowed: "`a` and `b` are present". Empty where it is not simple.
        required: for an unknown key, whether it probably stands for a required key that is missing.
        also: for an item of a list, the errors of the same kind in further items.
        consequences: errors that this one causes; they are reported only where no rule reports this one.
    """

    rule: str
    keyword: str
    route: Route
    node: Node
    expected: Any = None
    value: Any = None
    known: tuple[str, ...] = ()
    elsewhere: Route = ()
    schema: Mapping[str, Any] = {}
    condition: str = ""
    required: bool = False
    also: tuple[SchemaError, ...] = ()
    consequences: tuple[SchemaError, ...] = ()


class SchemaRule(BaseRule, frozen=True):
    """A rule that the JSON Schemas make: it says what their errors mean to a person."""

    def check(self, error: SchemaError, pattern: Pattern) -> Iterator[Diagnostic]:
        """Yield the finding for one error of this rule's name in `pattern`, or nothing."""
        raise NotImplementedError


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


class Crash(Struct, frozen=True):
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


class CrashRule(BaseRule, frozen=True):
    """A rule that reports files that could not be checked, and rules that failed. Built-in rules only.

    Such a rule is enabled whatever `select` says: silence would look like a clean file. `ignore` and the level `off`
    disable it.

    Attributes:
        errors: the classes of `Crash.error` that it reports; a subclass that another rule names is reported by that one.
        shown: the crash that its examples show.
    """

    errors: ClassVar[tuple[type[BaseException], ...]]
    shown: ClassVar[Crash]

    def check(self, crash: Crash) -> Iterator[Diagnostic]:
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


class FixRefusalRule(BaseRule, frozen=True):
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
        place: the lines and columns of the name.
    """

    path: str
    name: str
    is_whole_file: bool
    reason: str
    span: Span
    place: Region

    def region(self, _span: Span) -> Region:
        """Return the lines and columns of the name."""
        return self.place


class AddedSuppressionRule(BaseRule, frozen=True):
    """The rule that reports the suppressions that a change adds."""

    def check(self, added: AddedSuppression) -> Iterator[Diagnostic]:
        """Yield the finding for one name."""
        raise NotImplementedError


class Unused(Struct, frozen=True):
    """A suppression, or one name in it, that silences nothing.

    Attributes:
        path: the file.
        name: the name that silences nothing.
        known: whether there is such a rule or group.
        directive: the whole suppression.
        index: the place of the name in it.
        all: whether no name in it silences anything, though there are such rules.
        place: the lines and columns of the name.
        meant: the rule or group that was likely meant where there is none of the name, or empty.
    """

    path: str
    name: str
    known: bool
    directive: Directive
    index: int
    all: bool
    place: Region
    meant: str = ""

    def region(self, _span: Span) -> Region:
        """Return the lines and columns of the name."""
        return self.place


class DirectiveRule(BaseRule, frozen=True):
    """The rule that speaks of suppressions."""

    def check(self, unused: Unused) -> Iterator[Diagnostic]:
        """Yield the finding for a suppression that silences nothing."""
        raise NotImplementedError
