"""Find rules and check that each is complete.

Built-in rules, installed packages and folders of a project have the same form: a folder or package with one sub-folder
for each group and one module for each rule.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, NoReturn

from msgspec import Struct

from patternlint.diagnostics.severity import Severity
from patternlint.errors import UserError
from patternlint.linter.own_rules import attribute_place, error_place, without_output
from patternlint.messages.did_you_mean import did_you_mean
from patternlint.rule.base import BaseRule, FileRule, LibraryRule, Rule
from patternlint.rule.example import Example
from patternlint.rule.internal import (
    AddedSuppressionRule,
    CodePlace,
    FixRefusalRule,
    InternalErrorRule,
    SchemaRule,
    SuppressionRule,
    describe_error,
)

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

ALL = "ALL"
ENTRY_POINTS = "patternlint.rules"
_RUN_KINDS = (InternalErrorRule, SuppressionRule, FixRefusalRule, AddedSuppressionRule)
_KINDS = (Rule, FileRule, LibraryRule, SchemaRule, *_RUN_KINDS)


class RegistryError(UserError):
    """An invalid rule, or an invalid selection of rules."""


class RuleInfo(Struct, frozen=True):
    """A rule and its origin.

    Attributes:
        rule: the class.
        group: the name of its folder.
        plugin: its plug-in; empty if it is built in.
        module: its module.
        mistake: why the class is invalid and cannot run; empty if it is valid.
        mistake_at: the line of the mistake.
    """

    rule: type[BaseRule]
    group: str
    plugin: str = ""
    module: str = ""
    mistake: str = ""
    mistake_at: CodePlace | None = None

    @property
    def name(self) -> str:
        """The name of the rule."""
        return self.rule.name

    @property
    def scope(self) -> str:
        """What the rule checks: "pattern", "file", "library", "schema" or "run"."""
        scopes = {Rule: "pattern", FileRule: "file", LibraryRule: "library", SchemaRule: "schema"}
        return next((scope for kind, scope in scopes.items() if issubclass(self.rule, kind)), "run")


class Registry:
    """All rules, by name and by group.

    Raises:
        RegistryError: if two rules have the same name.
    """

    def __init__(self, infos: Iterable[RuleInfo]) -> None:
        self.rules: dict[str, RuleInfo] = {}
        for info in sorted(infos, key=lambda info: info.name):
            if info.name in self.rules:
                message = f"duplicate rule `{info.name}`: in {self.rules[info.name].module} and {info.module}"
                raise RegistryError(message)
            self.rules[info.name] = info
        self.groups: dict[str, tuple[str, ...]] = {}
        for info in self.rules.values():
            self.groups[info.group] = (*self.groups.get(info.group, ()), info.name)
            if info.plugin and info.plugin != info.group:
                self.groups[info.plugin] = (*self.groups.get(info.plugin, ()), info.name)

    def __iter__(self) -> Iterator[RuleInfo]:
        return iter(self.rules.values())

    def names(self, selector: str) -> tuple[str, ...]:
        """Return the names of the rules that `selector` selects: a rule, a group, or `ALL`.

        Raises:
            RegistryError: if the rule or group is unknown.
        """
        if selector == ALL:
            return tuple(self.rules)
        if selector in self.rules:
            return (selector,)
        if selector in self.groups:
            return self.groups[selector]
        hint = did_you_mean(selector, (*self.rules, *self.groups, ALL))
        message = f"unknown rule or group `{selector}`{hint or '; run `patternlint rules` to list all rules'}"
        raise RegistryError(message)

    def expand(self, selectors: Iterable[str]) -> frozenset[str]:
        """Return the names of all rules that `selectors` select.

        Raises:
            RegistryError: if a rule or group is unknown.
        """
        return frozenset(name for selector in selectors for name in self.names(selector))

    def has(self, selector: str) -> bool:
        """Return whether `selector` is a known rule or group."""
        return selector == ALL or selector in self.rules or selector in self.groups


@cache
def built_in_rules() -> tuple[RuleInfo, ...]:
    """Return the built-in rules."""
    return tuple(_rules_of_package(importlib.import_module("patternlint.rules"), ""))


@cache
def installed_plugins() -> tuple[EntryPoint, ...]:
    """Return the entry points in the group `patternlint.rules`, sorted by name."""
    from importlib.metadata import entry_points  # noqa: PLC0415 - 15 ms at every start

    return tuple(sorted(entry_points(group=ENTRY_POINTS), key=lambda point: point.name))


def plugin_rules() -> Iterator[RuleInfo]:
    """Yield the rules of installed packages with an entry point in the group `patternlint.rules`.

    Raises:
        RegistryError: if one cannot be loaded.
    """
    for point in installed_plugins():
        with _loading(f"the plug-in `{point.name}`"):
            package = point.load()
        yield from _rules_of_package(package, point.name)


def rules_in_folder(folder: Path) -> Iterator[RuleInfo]:
    """Yield the rules in a folder of a project; each sub-folder is a group.

    Raises:
        RegistryError: if a module in it cannot be loaded.
    """
    plugin = folder.resolve().name
    for path in sorted(folder.rglob("*.py")):
        if path.name.startswith("_"):
            continue
        group = path.parent.name if path.parent != folder else plugin
        name = f"_patternlint_rules_{abs(hash(str(path.resolve()))):x}"
        module = ModuleType(name)
        module.__file__ = str(path)
        sys.modules[name] = module
        with _loading(f"the rules in {path}", str(path)):
            # Not imported: Python uses a stale compiled file if the source has the same size and second of change.
            exec(compile(path.read_bytes(), path, "exec"), module.__dict__)  # noqa: S102 - own rules are code
        yield from _rules_of_module(module, group, plugin, str(path))


@contextmanager
def _loading(what: str, file: str = "") -> Iterator[None]:
    """Raise RegistryError about `what` if the code of rules in this context cannot be loaded, exits or prints."""
    try:
        with without_output():
            yield
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        place = error_place(error, file)
        message = f"{what} cannot be loaded: {describe_error(error)}{f' ({place})' if place else ''}"
        raise RegistryError(message) from error


def _rules_of_package(package: ModuleType, plugin: str) -> Iterator[RuleInfo]:
    if not hasattr(package, "__path__"):
        message = f"the plug-in `{plugin}` names {package!r}, which is not a package with a module for each rule"
        raise RegistryError(message)
    for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        parts = info.name.split(".")
        if info.ispkg or parts[-1].startswith("_"):
            continue
        with _loading(f"the rules in {info.name}"):
            module = importlib.import_module(info.name)
        for rule in _rules_of_module(module, parts[-2], plugin, info.name):
            if plugin and not rule.name.startswith(f"{plugin}/"):
                _refuse(rule.rule, info.name, f"has the name `{rule.name}`, which does not start with `{plugin}/`")
            yield rule


def _rules_of_module(module: ModuleType, group: str, plugin: str, where: str) -> Iterator[RuleInfo]:
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, BaseRule) and value.__module__ == module.__name__:
            _check_complete(value, where)
            if plugin and issubclass(value, _RUN_KINDS):
                _refuse(value, where, "has a base class for built-in rules only")
            if isinstance(value.severity, Severity):
                yield RuleInfo(value, group, plugin, where)
                continue
            mistake = f"sets `severity` to {value.severity!r} instead of a `Severity` such as `Severity.WARNING`"
            value.severity = Severity.ERROR  # lists and reports show it
            yield RuleInfo(value, group, plugin, where, mistake, attribute_place(value, "severity"))


def _check_complete(rule: type[BaseRule], where: str) -> None:
    """Raise RegistryError unless a rule has the base class and the attributes that every rule needs."""
    if not issubclass(rule, _KINDS):
        _refuse(rule, where, "is not a `Rule`, `FileRule` or `LibraryRule`")
    for attribute in ("name", "severity", "why"):
        if not getattr(rule, attribute, None):
            _refuse(rule, where, f"has no `{attribute}`")
        if attribute != "severity" and not isinstance(getattr(rule, attribute), str):
            _refuse(rule, where, f"has a `{attribute}` that is not text")
    if not rule.bad or not rule.good:
        _refuse(rule, where, "has no bad and good examples")
    for examples in (rule.bad, rule.good):
        if not isinstance(examples, tuple) or not all(isinstance(one, Example) for one in examples):
            _refuse(rule, where, "has examples that are not a tuple of `Example`")
    if not rule.__doc__:
        _refuse(rule, where, "has no docstring that states the requirement")


def _refuse(rule: type[BaseRule], where: str, reason: str) -> NoReturn:
    message = f"the rule class {rule.__name__} in {where} {reason}"
    raise RegistryError(message)
