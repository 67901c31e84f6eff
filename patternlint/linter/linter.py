"""Run rules over one file, and over a library. The same input gives the same diagnostics."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from itertools import chain
from typing import Any, Literal, Protocol, TypeVar

from msgspec.structs import replace

from patternlint.diagnostics.diagnostic import Diagnostic, sort_key
from patternlint.document.pattern import Pattern
from patternlint.library.card import build_card
from patternlint.library.entry import build_entry
from patternlint.library.library import Library
from patternlint.library.sentences import sentence_digests
from patternlint.linter.own_rules import attribute_place, error_place, rule_file, verified_diagnostics, without_output
from patternlint.linter.results import FileAnalysis, LocalDiagnostics
from patternlint.linter.selection import RuleSelection
from patternlint.linter.suppressions import all_uses, apply_suppressions, unused_suppressions
from patternlint.linter.timeout import RULE_TIMER
from patternlint.parser.parser import FileKind, ParsedFile
from patternlint.rule.base import FileRule, LibraryRule, Rule
from patternlint.rule.internal import (
    AddedSuppression,
    BrokenRuleError,
    FixRefusal,
    LineTooLongError,
    RuleFailure,
    RuleTimeout,
    SchemaRule,
    describe_error,
)
from patternlint.validation.validator import SchemaValidator
from patternlint.validation.violation import SchemaViolation

BATCH_SIZE = 1_000  # diagnostics of a library rule: on a large library, all of them would take too much memory

CheckingRule = Rule | FileRule | LibraryRule | SchemaRule

_Encoded = TypeVar("_Encoded")


Measured = Literal["file", "library", "schemas", "rule"]
"""The parts that a profiler measures; rules run within the others."""


class LinterProfiler(Protocol):
    """Measures the time that a linter takes."""

    def measure(self, part: Measured, rule: str = "") -> AbstractContextManager[None]:
        """Return the context in which a part of the work is done, `rule` in one of its own. Contexts are nested."""
        ...


class Linter:
    """Runs the rules of a selection over any number of files.

    Args:
        selection: the rules.
        rule_time: the seconds that a rule may take for a file; None for no limit.
        profiler: measures the rules, if given.

    Attributes:
        is_complete: whether no rule failed when a file or the library was last linted.
    """

    def __init__(
        self, selection: RuleSelection, rule_time: float | None = None, profiler: LinterProfiler | None = None
    ) -> None:
        self.is_complete = True
        self._rule_time = rule_time
        self._selection = selection
        self._profiler = profiler
        self._causes = {
            rule.name: frozenset(rule.yields_to)
            for spec in selection.by_spec.values()
            for rule in (*spec.file_rules, *spec.pattern_rules, *spec.schema_rules.values())
            if rule.yields_to
        }
        self._validators: dict[str, SchemaValidator] = {}
        self._needs_sentences = any(rule.needs_sentences for rule in selection.library_rules)

    def lint_file(self, parsed: ParsedFile, ignored: frozenset[str] = frozenset()) -> FileAnalysis:
        """Return the analysis of one file, without library rules.

        Args:
            parsed: the file.
            ignored: names of rules that are disabled for this file.

        Raises:
            SpecError: if the schemas of its specification are invalid.
        """
        with self._measure("file"):
            return self._lint_file(parsed, ignored)

    def _lint_file(self, parsed: ParsedFile, ignored: frozenset[str]) -> FileAnalysis:
        path = parsed.source.path
        if parsed.kind is FileKind.NOT_A_PATTERN:
            return FileAnalysis(path, FileKind.NOT_A_PATTERN, build_entry(parsed))
        rules = self._selection.spec(parsed.spec)
        diagnostics: list[Diagnostic] = []
        pattern = parsed.pattern
        is_decoded = (
            parsed.source.decode_error is None
        )  # else rules would report characters that wrong decoding produces
        self.is_complete = True
        with self._guard():
            self._run(diagnostics, path, rules.file_rules, parsed)
            if pattern is not None and is_decoded:
                schema_rules = rules.schema_rules
                if ignored:
                    schema_rules = {name: rule for name, rule in schema_rules.items() if name not in ignored}
                if schema_rules and not pattern.front.is_missing:
                    with self._measure("schemas"):
                        self._validate(diagnostics, pattern, schema_rules)
                self._run(diagnostics, path, rules.pattern_rules, pattern)
        reported = self._without_consequences(self._configure(diagnostics, ignored))
        kept, suppressed, used = apply_suppressions(reported, parsed.suppressions, self._selection.groups)
        if not is_decoded:
            used = all_uses(parsed.suppressions)
        local = LocalDiagnostics(tuple(kept), len(suppressed), parsed.suppressions, used)
        entry = build_entry(parsed)
        card = None
        if pattern is not None:
            sentences = sentence_digests(parsed.source.text, entry.title) if self._needs_sentences else b""
            card = build_card(pattern, sentences)
        return FileAnalysis(path, parsed.kind, entry, local, self.is_complete, card)

    def _without_consequences(self, diagnostics: list[Diagnostic]) -> list[Diagnostic]:
        """Return the diagnostics without those of rules that yield to another diagnostic on the same line."""
        causes = self._causes
        if len(diagnostics) < 2 or causes.keys().isdisjoint([one.rule for one in diagnostics]):  # noqa: PLR2004 - a cause and a consequence
            return diagnostics
        lines = {(one.rule, one.region.line) for one in diagnostics}
        return [
            one
            for one in diagnostics
            if not any((cause, one.region.line) in lines for cause in causes.get(one.rule, ()))
        ]

    def internal_error(self, path: str, error: Exception, ignored: frozenset[str] = frozenset()) -> FileAnalysis:
        """Return the analysis of a file that could not be linted because of `error`.

        Args:
            path: the file.
            error: the reason.
            ignored: names of rules that are disabled for this file.
        """
        line = error.line if isinstance(error, LineTooLongError) else 1
        diagnostics = self._configure(self._selection.report_failure(RuleFailure(path, "", error, line)), ignored)
        return FileAnalysis(path, FileKind.BROKEN, None, LocalDiagnostics(tuple(diagnostics)), is_complete=False)

    def report_refused_fixes(self, refusals: Iterable[FixRefusal]) -> Iterator[Diagnostic]:
        """Yield a diagnostic for each fix that was not applied, in the order of the fixes."""
        rule = self._selection.refusal_rule
        if rule is not None:
            for refusal in refusals:
                yield from self._configure(rule.check(refusal))

    def report_added_suppressions(self, added: Iterable[AddedSuppression]) -> Iterator[Diagnostic]:
        """Yield a diagnostic for each suppression that a change adds."""
        rule = self._selection.added_suppression_rule
        if rule is not None:
            for suppression in added:
                yield from self._configure(rule.check(suppression))

    def lint_library(
        self, library: Library, ignored: Callable[[str], frozenset[str]], rules: Container[str] | None = None
    ) -> list[Diagnostic]:
        """Return the diagnostics of library rules about the targets, sorted, before suppressions.

        Args:
            library: all patterns.
            ignored: returns the names of the rules that are disabled for a path.
            rules: the names of the rules to run; by default all.
        """
        return sorted(chain.from_iterable(self.iter_library_batches(library, ignored, list, rules)), key=sort_key)

    def iter_library_batches(
        self,
        library: Library,
        ignored: Callable[[str], frozenset[str]],
        encode: Callable[[Sequence[Diagnostic]], _Encoded],
        rules: Container[str] | None = None,
    ) -> Iterator[_Encoded]:
        """Yield the diagnostics of `lint_library`, encoded in batches, in no particular order.

        Args:
            library: all patterns.
            ignored: returns the names of the rules that are disabled for a path.
            encode: returns the form of a batch to yield.
            rules: the names of the rules to run; by default all.
        """
        specs = {entry.path: entry.spec for entry in (*library.targets, *filter(library.is_target, library.left_alone))}
        by_spec = self._selection.by_spec
        self.is_complete = True
        failures = chain.from_iterable(map(self._selection.report_failure, self._selection.broken))
        yield encode(self._configure(failures))
        for rule in self._selection.library_rules:
            name = rule.name
            if rules is not None and name not in rules:
                continue

            def is_enabled(diagnostic: Diagnostic, name: str = name) -> bool:
                path = diagnostic.path
                spec = specs.get(path)
                return not path or (spec is not None and name in by_spec[spec].names and name not in ignored(path))

            versions = frozenset(version for version, rules in by_spec.items() if name in rules.names)
            with self._guard(library=True), self._measure("library"), self._measure("rule", name):
                batches = self._run_library_rule(rule, library.restricted_to(versions), is_enabled, encode)
            yield from batches

    def _run_library_rule(
        self,
        rule: LibraryRule,
        library: Library,
        is_enabled: Callable[[Diagnostic], bool],
        encode: Callable[[Sequence[Diagnostic]], _Encoded],
    ) -> list[_Encoded]:
        """Return the encoded diagnostics of a rule, and of its failure; what it yields before an error counts too."""
        batches: list[_Encoded] = []
        batch: list[Diagnostic] = []
        check = partial(verified_diagnostics, rule.check) if rule.name in self._selection.own else rule.check
        try:
            try:
                RULE_TIMER.rule = rule
                for diagnostic in filter(is_enabled, check(library)):
                    batch.append(diagnostic)
                    if len(batch) >= BATCH_SIZE:
                        batches.append(encode(self._configure(batch)))
                        batch = []
            finally:
                RULE_TIMER.rule = None  # nothing is interrupted after this line
        except BaseException as error:  # noqa: BLE001 - `_failure` raises KeyboardInterrupt again
            if isinstance(error, RuleTimeout):
                batches, batch = [], []
            batch += self._failure(rule, "", error)
        batches.append(encode(self._configure(batch)))
        return batches

    def finalize(
        self, path: str, local: LocalDiagnostics, of_library: Iterable[Diagnostic]
    ) -> tuple[list[Diagnostic], int]:
        """Join the diagnostics of library rules about a file with its local ones, and report unused suppressions.

        Returns:
            The diagnostics, sorted, and the number of suppressed ones.
        """
        kept, suppressed, used = apply_suppressions(of_library, local.suppressions, self._selection.groups)
        diagnostics = [*local.findings, *kept]
        rule = self._selection.suppression_rule
        if rule is not None and local.suppressions:
            unused = unused_suppressions(path, local.suppressions, used | local.used, self._enabled)
            diagnostics += self._configure(chain.from_iterable(map(rule.check, unused)))
        if kept or local.suppressions:
            diagnostics.sort(key=sort_key)
        return diagnostics, local.silenced + len(suppressed)

    @property
    def _enabled(self) -> Mapping[str, bool]:
        """Every existing rule and group, and whether it is enabled and would report the same in any run."""
        names = self._selection.names - {rule.name for rule in self._selection.library_rules if rule.needs_former}
        groups = self._selection.groups
        rules = {name: name in names for members in groups.values() for name in members}
        return rules | {group: not names.isdisjoint(members) for group, members in groups.items()}

    def _validate(self, diagnostics: list[Diagnostic], pattern: Pattern, rules: Mapping[str, SchemaRule]) -> None:
        """Add the diagnostics of schema rules."""
        spec = pattern.spec
        validator = self._validators.get(spec.version)
        if validator is None:
            validator = self._validators[spec.version] = SchemaValidator(spec)
        for violation in validator.iter_violations(pattern, rules):
            self._report(diagnostics, violation, pattern, rules)

    def _report(
        self,
        diagnostics: list[Diagnostic],
        violation: SchemaViolation,
        pattern: Pattern,
        rules: Mapping[str, SchemaRule],
    ) -> None:
        """Add the diagnostic for a violation; if its rule reports none, those for its consequences."""
        before = len(diagnostics)
        rule = rules.get(violation.rule)
        if rule is not None:
            self._run(diagnostics, pattern.path, (rule,), violation, pattern)
            if violation.message or violation.help:
                diagnostics[before:] = [_in_own_words(one, violation) for one in diagnostics[before:]]
        if len(diagnostics) == before:
            for consequence in violation.consequences:
                self._report(diagnostics, consequence, pattern, rules)

    def time_limit(self, *, library: bool = False) -> AbstractContextManager[None]:
        """Return a context that limits the time of each rule; one around many files starts the timer once."""
        return nullcontext() if self._rule_time is None else RULE_TIMER.limit(self._rule_time, library=library)

    def _measure(self, part: Measured, rule: str = "") -> AbstractContextManager[None]:
        return nullcontext() if self._profiler is None else self._profiler.measure(part, rule)

    @contextmanager
    def _guard(self, *, library: bool = False) -> Iterator[None]:
        """Limit the time of the rules that run in this context, and keep own rules from printing into the report."""
        with self.time_limit(library=library), without_output() if self._selection.own else nullcontext():
            yield

    def _run(self, diagnostics: list[Diagnostic], path: str, rules: Iterable[CheckingRule], *subject: Any) -> None:
        """Add the diagnostics of rules to `diagnostics`; a rule that fails becomes one too, and the others go on."""
        if self._profiler is None:
            self._run_each(diagnostics, path, rules, *subject)
            return
        for rule in rules:
            with self._profiler.measure("rule", rule.name):
                self._run_each(diagnostics, path, (rule,), *subject)

    def _run_each(self, diagnostics: list[Diagnostic], path: str, rules: Iterable[CheckingRule], *subject: Any) -> None:
        own = self._selection.own
        for rule in rules:
            check = partial(verified_diagnostics, rule.check) if own and rule.name in own else rule.check
            try:
                try:
                    RULE_TIMER.rule = rule
                    for diagnostic in check(*subject):  # most yield nothing: `extend` makes room for eight beforehand
                        diagnostics.append(diagnostic)  # noqa: PERF402
                finally:
                    RULE_TIMER.rule = None  # nothing is interrupted after this line
            except BaseException as error:  # noqa: BLE001 - `_failure` raises KeyboardInterrupt again
                if isinstance(error, RuleTimeout):  # how many diagnostics there are by now is chance
                    diagnostics[:] = [one for one in diagnostics if one.rule != rule.name]
                diagnostics.extend(self._failure(rule, path, error))

    def _failure(self, rule: CheckingRule, path: str, error: BaseException) -> Iterator[Diagnostic]:
        """Return the diagnostic about a rule that failed. Raises `error` again if it is KeyboardInterrupt."""
        if isinstance(error, KeyboardInterrupt):
            raise error
        self.is_complete = False
        place = error_place(error)
        if rule.name in self._selection.own and not isinstance(error, RuleTimeout):
            kind = type(rule)
            place = error_place(error, rule_file(kind)) or attribute_place(kind, "check")
            if not isinstance(error, BrokenRuleError):
                error = BrokenRuleError(f"raised {describe_error(error)}")
        return self._selection.report_failure(RuleFailure(path, rule.name, error, place=place))

    def _configure(self, diagnostics: Iterable[Diagnostic], ignored: frozenset[str] = frozenset()) -> list[Diagnostic]:
        """Return the diagnostics sorted, with the configured severities, without those of ignored rules."""
        levels = self._selection.severities
        kept = [diagnostic for diagnostic in diagnostics if diagnostic.rule not in ignored]
        if levels:
            kept = [replace(one, severity=levels[one.rule]) if one.rule in levels else one for one in kept]
        kept.sort(key=sort_key)
        return kept


def _in_own_words(diagnostic: Diagnostic, violation: SchemaViolation) -> Diagnostic:
    """Return a diagnostic with the message and the help that the schema has for its violation."""
    message, advice = violation.message or diagnostic.message, violation.help or diagnostic.help
    return replace(diagnostic, message=message, help=advice)
