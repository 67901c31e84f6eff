"""Selection: which rules are enabled, at which level, with which options."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.diagnostics.severity import Severity
from patternlint.linter.registry import Registry, RegistryError
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
    """The rules that speak of patterns that follow one spec.

    Attributes:
        pattern_rules: those that look at one pattern.
        file_rules: those that look at a file as read.
        schema_rules: those that the JSON Schemas make, by name.
        names: the names of all of them, those across the library included.
    """

    pattern_rules: tuple[Rule, ...]
    file_rules: tuple[FileRule, ...]
    schema_rules: Mapping[str, SchemaRule]
    names: frozenset[str]


class RuleSelection(Struct, frozen=True):
    """What a run looks for: rules with their options set, for each spec.

    Attributes:
        by_spec: the rules for each version of the spec; those for a file of no known spec under the empty version.
        library_rules: the rules that look at the library.
        error_rules: the rules that report files that could not be checked and rules that failed, by the error.
        suppression_rule: the rule that speaks of suppressions, or None when it is off.
        refusal_rule: the rule that reports fixes that were left out, or None when it is ignored. `--select` keeps it.
        added_suppression_rule: the rule that reports suppressions that a change adds, or None when it is off.
        severities: levels from the config that differ from the rules' own.
        names: the names of all active rules.
        has_selected: whether any rule is selected; the rules that report failures do not count unless they are named.
        groups: the names of the rules in each group, for suppressions.
        own: the names of the selected rules that are not built in.
        broken: the crash of each selected rule whose class is wrong; it does not run.
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

    def report_failure(self, crash: RuleFailure) -> Iterator[Diagnostic]:
        """Yield the finding for a crash, unless the rule for it is disabled."""
        rule = next(self.error_rules[kind] for kind in type(crash.error).__mro__ if kind in self.error_rules)
        if rule.name in self.names:
            yield from rule.check(crash)

    def spec(self, spec: Spec | None) -> SpecRules:
        """Return the rules for files that follow `spec`."""
        return self.by_spec[spec.version if spec is not None else ""]


def select(  # noqa: PLR0913 - the knobs that people have
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
    """Return the checks of a run.

    Args:
        registry: the rules that there are.
        specs: the specs that files may follow.
        chosen: names and groups to look for and nothing else; empty for those that are on by default.
        extended: names and groups to look for besides.
        ignored: names and groups not to look for.
        levels: a level for a rule; `Severity.OFF` turns it off, any other turns it on.
        options: options of rules, by name, as written in the config.
        pedantic: whether rules that are off by default are on.
        library_rules: whether rules that look at the library are on at all.

    Raises:
        RegistryError: when a name stands for nothing, or an option is none or has a wrong value.
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
    crash = {error: rule for rule in rules.values() if isinstance(rule, InternalErrorRule) for error in rule.errors}
    if BaseException not in crash:
        message = "no rule reports internal errors: the installation of patternlint is incomplete"
        raise RegistryError(message)
    on |= {rule.name for rule in crash.values()} - off
    broken = {info.name: info for info in registry if info.mistake}
    active = {
        name: rule
        for name, rule in rules.items()
        if name in on and name not in broken and (library_rules or not isinstance(rule, LibraryRule))
    }
    by_spec = {spec.version: _for_spec(active, registry.expand(filter(registry.has, spec.rules))) for spec in specs.all}
    by_spec[""] = _for_spec(active, frozenset(active))
    return RuleSelection(
        by_spec,
        tuple(rule for rule in active.values() if isinstance(rule, LibraryRule)),
        crash,
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


def _for_spec(active: Mapping[str, BaseRule], wanted: frozenset[str]) -> SpecRules:
    mine = {name: rule for name, rule in active.items() if name in wanted}
    return SpecRules(
        tuple(rule for rule in mine.values() if isinstance(rule, Rule)),
        tuple(rule for rule in mine.values() if isinstance(rule, FileRule)),
        {name: rule for name, rule in mine.items() if isinstance(rule, SchemaRule)},
        frozenset(mine),
    )


def configure(rule: type[BaseRule], options: Mapping[str, Any]) -> BaseRule:
    """Return the rule with its options set.

    Raises:
        RegistryError: when an option is none of the rule's, with the nearest, or has a wrong value.
    """
    if not options and not rule.__struct_fields__:
        return rule()
    known = [field.encode_name for field in msgspec.structs.fields(rule)]
    for name in options:
        if name not in known:
            hint = did_you_mean(name, known) or (f"; it has {', '.join(known)}" if known else "; it has no options")
            message = f"the rule `{rule.name}` has no option `{name}`{hint}"
            raise RegistryError(message)
    try:
        return msgspec.convert(dict(options), rule)
    except msgspec.ValidationError as error:
        message = f"the options of the rule `{rule.name}`: {explain_conversion_error(error, rule)}"
        raise RegistryError(message) from error
