"""Runs rules over one file, and over a library. Pure: the same input gives the same findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import chain
from typing import Any, Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from patternlint.diagnostics.diagnostic import Diagnostic, sort_key
from patternlint.document.pattern import Pattern
from patternlint.library.entry import build_entry
from patternlint.library.library import Library
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
from patternlint.spec.model import Spec
from patternlint.validation.validator import SchemaValidator
from patternlint.validation.violation import SchemaViolation

_MANY = 1_000
"""Findings about a library that are packed at a time."""
_Packed = TypeVar("_Packed")


class _BatchingRule(Generic[_Packed]):
    """A rule about the library whose findings are packed while it is at it; what it yields before it raises counts too."""

    def __init__(
        self,
        rule: LibraryRule,
        is_heard: Callable[[Diagnostic], bool],
        pack: Callable[[Sequence[Diagnostic]], _Packed],
        *,
        is_own: bool,
    ) -> None:
        self.name = rule.name
        self.packed: list[_Packed] = []
        self.rule = rule
        self._is_heard = is_heard
        self._pack = pack
        self._check = partial(verified_diagnostics, rule.check) if is_own else rule.check

    def check(self, library: Library) -> Iterator[Diagnostic]:
        """Pack what the rule yields, and return nothing."""
        some: list[Diagnostic] = []
        try:
            for finding in filter(self._is_heard, self._check(library)):
                some.append(finding)
                if len(some) >= _MANY:
                    self.packed.append(self._pack(some))
                    some.clear()
        except RuleTimeout:
            self.packed.clear()
            some.clear()
            raise
        finally:
            self.packed.append(self._pack(some))
        return iter(())


class _SchemaRuleCall(Struct, frozen=True):
    """A rule that the schemas make, and the error that it is to speak of."""

    rule: SchemaRule
    error: SchemaViolation

    @property
    def name(self) -> str:
        """The rule's name."""
        return self.rule.name

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        """Yield what the rule says of the error."""
        return self.rule.check(self.error, pattern)


Looking = Rule | FileRule | _SchemaRuleCall | _BatchingRule[Any]
"""What looks at something and yields findings."""


class Linter:
    """The checks of a run, ready to use on any number of files.

    Attributes:
        is_complete: whether every rule has come to its end, the last time that it ran for a file or for the library.
    """

    def __init__(self, checks: RuleSelection, rule_time: float | None = None) -> None:
        """Take the checks, and the seconds that a rule may take for a file; None for any."""
        self.is_complete = True
        self._rule_time = rule_time
        self._checks = checks
        self._causes = {
            rule.name: frozenset(rule.yields_to)
            for spec in checks.by_spec.values()
            for rule in (*spec.file_rules, *spec.pattern_rules, *spec.schema_rules.values())
            if rule.yields_to
        }
        self._schemas: dict[str, SchemaValidator] = {}

    def lint_file(self, parsed: ParsedFile, ignored: frozenset[str] = frozenset()) -> FileAnalysis:
        """Return what one file shows by itself.

        Args:
            parsed: the file.
            ignored: names of rules that do not speak of this file.

        Raises:
            SpecError: when the schemas of its spec cannot be used.
        """
        path = parsed.source.path
        if parsed.kind is FileKind.NOT_A_PATTERN:
            return FileAnalysis(path, FileKind.NOT_A_PATTERN, build_entry(parsed))
        checks = self._checks.spec(parsed.spec)
        findings: list[Diagnostic] = []
        pattern = parsed.pattern
        is_decoded = parsed.source.decode_error is None  # else rules would report what wrong decoding makes of the text
        self.is_complete = True
        with self._running():
            self._collect(findings, path, checks.file_rules, parsed)
            if pattern is not None and is_decoded:
                schema = checks.schema_rules
                if ignored:
                    schema = {name: rule for name, rule in schema.items() if name not in ignored}
                if schema:
                    self._check_schema(findings, pattern, schema)
                self._collect(findings, path, checks.pattern_rules, pattern)
        settled = self._without_consequences(self._settle(findings, ignored))
        kept, silenced, used = apply_suppressions(settled, parsed.suppressions, self._checks.groups)
        if not is_decoded:
            used = all_uses(parsed.suppressions)
        region = parsed.source.region
        own = LocalDiagnostics(
            tuple(kept),
            len(silenced),
            parsed.suppressions,
            tuple(tuple(region(span) for span in directive.names) for directive in parsed.suppressions),
            used,
        )
        return FileAnalysis(path, parsed.kind, build_entry(parsed), own, self.is_complete)

    def _without_consequences(self, findings: list[Diagnostic]) -> list[Diagnostic]:
        """Return the findings without those of rules that yield to another finding in the same line."""
        causes = self._causes
        if len(findings) < 2 or causes.keys().isdisjoint([one.rule for one in findings]):  # noqa: PLR2004 - a cause and a consequence
            return findings
        found = {(one.rule, one.region.line) for one in findings}
        return [
            one for one in findings if not any((cause, one.region.line) in found for cause in causes.get(one.rule, ()))
        ]

    def internal_error(self, path: str, error: Exception, ignored: frozenset[str] = frozenset()) -> FileAnalysis:
        """Return what is found about a file that could not be checked.

        Args:
            path: the file.
            error: why.
            ignored: names of rules that do not speak of this file.
        """
        line = error.line if isinstance(error, LineTooLongError) else 1
        findings = self._settle(self._checks.report_failure(RuleFailure(path, "", error, line)), ignored)
        return FileAnalysis(path, FileKind.BROKEN, None, LocalDiagnostics(tuple(findings)), is_complete=False)

    def report_refused_fixes(self, some: Iterable[FixRefusal]) -> Iterator[Diagnostic]:
        """Yield a finding for each fix that was left out, in the order of the fixes."""
        rule = self._checks.refusal_rule
        if rule is not None:
            for fix in some:
                yield from self._settle(rule.check(fix), frozenset())

    def report_added_suppressions(self, some: Iterable[AddedSuppression]) -> Iterator[Diagnostic]:
        """Yield a finding for each suppression that a change adds."""
        rule = self._checks.added_suppression_rule
        if rule is not None:
            for one in some:
                yield from self._settle(rule.check(one), frozenset())

    def lint_library(self, library: Library, ignored: Callable[[str], frozenset[str]]) -> list[Diagnostic]:
        """Return what the library as a whole shows about the patterns that are asked about, sorted, suppressions apart.

        Args:
            library: all patterns.
            ignored: the names of rules that do not speak of a path.
        """
        return sorted(chain.from_iterable(self.iter_library_batches(library, ignored, list)), key=sort_key)

    def iter_library_batches(
        self,
        library: Library,
        ignored: Callable[[str], frozenset[str]],
        pack: Callable[[Sequence[Diagnostic]], _Packed],
    ) -> Iterator[_Packed]:
        """Yield the same as `lint_library` in no order, a few at a time: of a large library it can be too much at once.

        Args:
            library: all patterns.
            ignored: the names of rules that do not speak of a path.
            pack: what becomes of findings as soon as there are many.
        """
        specs = {entry.path: entry.spec for entry in (*library.targets, *filter(library.is_target, library.left_alone))}
        by_spec = self._checks.by_spec
        self.is_complete = True
        yield pack(
            self._settle(chain.from_iterable(map(self._checks.report_failure, self._checks.broken)), frozenset())
        )
        for rule in self._checks.library_rules:
            name = rule.name

            def is_heard(finding: Diagnostic, name: str = name) -> bool:
                path = finding.path
                spec = specs.get(path)
                return not path or (spec is not None and name in by_spec[spec].names and name not in ignored(path))

            def settled(some: Iterable[Diagnostic]) -> _Packed:
                return pack(self._settle(some, frozenset()))

            packing = _BatchingRule(rule, is_heard, settled, is_own=name in self._checks.own)
            found: list[Diagnostic] = []
            heard = frozenset(version for version, checks in by_spec.items() if name in checks.names)
            with self._running(library=True):
                self._collect(found, "", (packing,), library.restricted_to(heard))
            yield from packing.packed
            yield settled(filter(is_heard, found))

    def finalize(self, path: str, own: LocalDiagnostics, found: Iterable[Diagnostic]) -> tuple[list[Diagnostic], int]:
        """Join what the library shows about a file to what the file shows by itself.

        Suppressions that silence neither become findings themselves.

        Returns:
            The findings, sorted, and how many were silenced.
        """
        kept, silenced, used = apply_suppressions(found, own.suppressions, self._checks.groups)
        findings = [*own.findings, *kept]
        rule = self._checks.suppression_rule
        if rule is not None and own.suppressions:
            idle = unused_suppressions(path, own.suppressions, own.regions, used | own.used, self._looked_for)
            findings += self._settle((finding for one in idle for finding in rule.check(one)), frozenset())
        if kept or own.suppressions:
            findings.sort(key=sort_key)
        return findings, own.silenced + len(silenced)

    @property
    def _looked_for(self) -> Mapping[str, bool]:
        """Whether this run looked for each rule and group that there is."""
        names = self._checks.names
        groups = self._checks.groups
        known = {name: name in names for members in groups.values() for name in members}
        return known | {group: any(name in names for name in members) for group, members in groups.items()}

    def _check_schema(self, findings: list[Diagnostic], pattern: Pattern, rules: Mapping[str, SchemaRule]) -> None:
        spec = pattern.spec
        schemas = self._schemas.get(spec.version) or self._schemas_of(spec)
        for error in schemas.iter_violations(pattern, rules):
            self._report(findings, error, pattern, rules)

    def _report(
        self, findings: list[Diagnostic], error: SchemaViolation, pattern: Pattern, rules: Mapping[str, SchemaRule]
    ) -> None:
        """Add the finding for a schema error; where its rule reports none, those for its consequences."""
        before = len(findings)
        rule = rules.get(error.rule)
        if rule is not None:
            self._collect(findings, pattern.path, (_SchemaRuleCall(rule, error),), pattern)
        if len(findings) == before:
            for consequence in error.consequences:
                self._report(findings, consequence, pattern, rules)

    def _schemas_of(self, spec: Spec) -> SchemaValidator:
        return self._schemas.setdefault(spec.version, SchemaValidator(spec))

    @contextmanager
    def _running(self, *, library: bool = False) -> Iterator[None]:
        """Limit the time of rules that run in this context, and keep own rules from printing into the report."""
        with ExitStack() as stack:
            if self._rule_time is not None:
                stack.enter_context(RULE_TIMER.limit(self._rule_time, library=library))
            if self._checks.own:
                stack.enter_context(without_output())
            yield

    def _collect(self, findings: list[Diagnostic], path: str, rules: Iterable[Looking], subject: Any) -> None:
        """Add what rules yield to `findings`; a rule that fails becomes a finding, and the others go on."""
        own = self._checks.own
        for rule in rules:
            check = partial(verified_diagnostics, rule.check) if own and rule.name in own else rule.check
            try:
                try:
                    RULE_TIMER.rule = rule
                    for finding in check(subject):  # most yield nothing: `extend` makes room for eight beforehand
                        findings.append(finding)  # noqa: PERF402
                finally:
                    RULE_TIMER.rule = None  # behind this line nothing is interrupted
            except RuleTimeout as error:
                findings[:] = [one for one in findings if one.rule != rule.name]  # how many there are is chance
                self._fail(findings, path, rule, error)
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # noqa: BLE001 - whatever a rule raises is a finding
                self._fail(findings, path, rule, error)

    def _fail(self, findings: list[Diagnostic], path: str, rule: Looking, error: BaseException) -> None:
        """Add the finding about a rule that failed."""
        self.is_complete = False
        kind = type(rule.rule if isinstance(rule, (_SchemaRuleCall, _BatchingRule)) else rule)
        place = error_place(error)
        if rule.name in self._checks.own and not isinstance(error, RuleTimeout):
            place = error_place(error, rule_file(kind)) or attribute_place(kind, "check")
            if not isinstance(error, BrokenRuleError):
                error = BrokenRuleError(f"raised {describe_error(error)}")
        findings.extend(self._checks.report_failure(RuleFailure(path, rule.name, error, place=place)))

    def _settle(self, findings: Iterable[Diagnostic], ignored: frozenset[str]) -> list[Diagnostic]:
        """Return the findings sorted, with the levels of the config, without the rules that do not speak here."""
        levels = self._checks.severities
        kept = [finding for finding in findings if finding.rule not in ignored]
        if levels:
            kept = [
                replace(finding, severity=levels[finding.rule]) if finding.rule in levels else finding
                for finding in kept
            ]
        kept.sort(key=sort_key)
        return kept
