"""Selection: which rules are enabled, at which level, with which options."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.diagnostics.severity import Severity
from patternlint.linter.registry import Registry, RegistryError
from patternlint.linter.text_rules import TextRule
from patternlint.messages.conversion_errors import explain_conversion_error
from patternlint.messages.did_you_mean import did_you_mean
from patternlint.rule.base import BaseRule, FileRule, LibraryRule, Rule
from patternlint.rule.internal import (
    AddedSuppressionRule,
    BrokenRuleError,
    FixRefusalRule,
    InternalErrorRule,
    RuleFailure,
    SchemaRule,
    SuppressionRule,
)
from patternlint.spec.model import Spec, SpecRegistry


class SpecRules(Struct, frozen=True):
    """The enabled rules for patterns that follow one specification.

    Attributes:
        pattern_rules: the rules that check one pattern.
        file_rules: the rules that check a file, even if its front matter does not parse.
        schema_rules: the rules that report schema violations, by name.
        names: the names of all of these and of library rules.
    """

    pattern_rules: tuple[Rule, ...]
    file_rules: tuple[FileRule, ...]
    schema_rules: Mapping[str, SchemaRule]
    names: frozenset[str]


class RuleSelection(Struct, frozen=True):
    """The enabled rules of a run, with their options.

    Attributes:
        by_spec: the rules for each version of the specification; under "" those for a file of unknown specification.
        library_rules: the rules that check the library.
        error_rules: the rules that report files that could not be checked and rules that failed, by the error.
        suppression_rule: the rule that reports unused suppressions, or None if it is disabled.
        refusal_rule: the rule that reports fixes that were not applied, or None if ignored; enabled despite `--select`.
        added_suppression_rule: the rule that reports suppressions that a change adds, or None if it is disabled.
        severities: severities from the configuration that differ from the rules' own.
        names: the names of all enabled rules.
        has_selected: whether any rule is selected; `error_rules` count only if they are named.
        groups: the names of the rules in each group, for suppressions.
        own: the names of the enabled rules that are not built in.
        broken: a failure for each enabled rule whose class is invalid; it does not run.
    """

    by_spec: Mapping[str, SpecRules]
    library_rules: tuple[LibraryRule, ...]
    error_rules: Mapping[type[BaseException], InternalErrorRule]
    suppression_rule: SuppressionRule | None
    refusal_rule: FixRefusalRule | None
    added_suppression_rule: AddedSuppressionRule | None
    severities: Mapping[str, Severity]
    names: frozenset[str]
    has_selected: bool
    groups: Mapping[str, tuple[str, ...]]
    own: frozenset[str] = frozenset()
    broken: tuple[RuleFailure, ...] = ()

    def report_failure(self, failure: RuleFailure) -> Iterator[Diagnostic]:
        """Yield the diagnostic for a failure, unless its rule is disabled."""
        rule = next(self.error_rules[kind] for kind in type(failure.error).__mro__ if kind in self.error_rules)
        if rule.name in self.names:
            yield from rule.check(failure)

    @property
    def has_own_library_rules(self) -> bool:
        """Whether a library rule that is not built in is enabled; it may use any pattern."""
        return any(rule.name in self.own for rule in self.library_rules)

    def spec(self, spec: Spec | None) -> SpecRules:
        """Return the rules for files that follow `spec`, or an unknown specification."""
        return self.by_spec[spec.version if spec is not None else ""]


def select(  # noqa: PLR0913 - the settings of users
    registry: Registry,
    specs: SpecRegistry,
    *,
    chosen: Sequence[str] = (),
    extended: Sequence[str] = (),
    ignored: Sequence[str] = (),
    levels: Mapping[str, Severity] | None = None,
    options: Mapping[str, Mapping[str, Any]] | None = None,
    pedantic: bool = False,
    library_rules: bool = True,
) -> RuleSelection:
    """Return the enabled rules of a run.

    Args:
        registry: all rules.
        specs: the specifications that files may follow.
        chosen: the only rules and groups to enable; empty for those that are enabled by default.
        extended: rules and groups to enable as well.
        ignored: rules and groups to disable.
        levels: a severity by rule; `Severity.OFF` disables the rule, any other enables it.
        options: options by rule, as written in the configuration.
        pedantic: whether to enable rules that are disabled by default.
        library_rules: whether library rules may be enabled at all.

    Raises:
        RegistryError: if a rule, a group or an option is unknown, or an option has an invalid value.
    """
    levels = levels or {}
    options = options or {}
    for name in (*levels, *options):
        registry.names(name)
    on = set(registry.expand(chosen)) if chosen else {info.name for info in registry if info.rule.enabled or pedantic}
    on |= {name for name, level in levels.items() if level is not Severity.OFF and not chosen}
    on |= registry.expand(extended)
    off = registry.expand(ignored) | {name for name, level in levels.items() if level is Severity.OFF}
    on -= off
    has_selected = bool(on)
    rules = {info.name: configure(info.rule, options.get(info.name, {})) for info in registry}
    error_rules = {
        error: rule for rule in rules.values() if isinstance(rule, InternalErrorRule) for error in rule.errors
    }
    if BaseException not in error_rules:
        message = "no rule reports internal errors: the installation of patternlint is incomplete"
        raise RegistryError(message)
    on |= {rule.name for rule in error_rules.values()} - off
    broken = {info.name: info for info in registry if info.mistake}
    active = {
        name: rule
        for name, rule in rules.items()
        if name in on and name not in broken and (library_rules or not isinstance(rule, LibraryRule))
    }
    by_spec = {spec.version: _for_spec(active, rules_of(spec, registry)) for spec in specs.all}
    by_spec[""] = _for_spec(active, frozenset(active))
    return RuleSelection(
        by_spec,
        tuple(rule for rule in active.values() if isinstance(rule, LibraryRule)),
        error_rules,
        next((rule for rule in active.values() if isinstance(rule, SuppressionRule)), None),
        next((rule for name, rule in rules.items() if isinstance(rule, FixRefusalRule) and name not in off), None),
        next((rule for rule in active.values() if isinstance(rule, AddedSuppressionRule)), None),
        {name: level for name, level in levels.items() if level not in (Severity.OFF, rules[name].severity)},
        frozenset(active),
        has_selected,
        registry.groups,
        frozenset(info.name for info in registry if info.plugin and info.name in active),
        tuple(
            RuleFailure("", name, BrokenRuleError(info.mistake), place=info.mistake_at)
            for name, info in broken.items()
            if name in on
        ),
    )


def rules_of(spec: Spec, registry: Registry) -> frozenset[str]:
    """Return the names of the rules for files that follow `spec`: those of `rules`, and those that it describes itself."""
    names = registry.expand(filter(registry.has, spec.rules))
    described = {info.name for info in registry if issubclass(info.rule, TextRule)}
    return (names - described) | described.intersection(rule.name for rule in spec.text)


def _for_spec(active: Mapping[str, BaseRule], names: frozenset[str]) -> SpecRules:
    mine = {name: rule for name, rule in active.items() if name in names}
    return SpecRules(
        tuple(rule for rule in mine.values() if isinstance(rule, Rule)),
        tuple(rule for rule in mine.values() if isinstance(rule, FileRule)),
        {name: rule for name, rule in mine.items() if isinstance(rule, SchemaRule)},
        frozenset(mine),
    )


def configure(rule: type[BaseRule], options: Mapping[str, Any]) -> BaseRule:
    """Return the rule with its options.

    Raises:
        RegistryError: if an option is unknown or has an invalid value.
    """
    if not options and len(rule.__struct_defaults__) == len(rule.__struct_fields__):
        return rule()  # `convert` inspects the annotations first: 40 ms for all rules
    known = [field.encode_name for field in msgspec.structs.fields(rule)]
    for name in options:
        if name not in known:
            hint = did_you_mean(name, known) or (f"; it has {', '.join(known)}" if known else "; it has no options")
            message = f"unknown option `{name}` of the rule `{rule.name}`{hint}"
            raise RegistryError(message)
    try:
        return msgspec.convert(dict(options), rule)
    except msgspec.ValidationError as error:
        message = f"the options of the rule `{rule.name}`: {explain_conversion_error(error, rule)}"
        raise RegistryError(message) from error
