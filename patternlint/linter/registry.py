"""Finds rules, checks that each is complete, and selects those of a run.

Built-in rules, a project's own folder and installed packages come through the same door: a folder or package with one
sub-folder per group and one rule per module.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import NoReturn

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

ALL = "ALL"
ENTRY_POINTS = "patternlint.rules"
_KINDS = (
    Rule,
    FileRule,
    LibraryRule,
    SchemaRule,
    InternalErrorRule,
    SuppressionRule,
    FixRefusalRule,
    AddedSuppressionRule,
)


class RegistryError(UserError):
    """A rule that cannot be used, or a selection that makes no sense: one clear sentence."""


class RuleInfo(Struct, frozen=True):
    """A rule and where it comes from.

    Attributes:
        rule: its class.
        group: its folder.
        plugin: its plug-in; empty when it is built in.
        module: its module.
        mistake: what is wrong with the class, so that it cannot run; empty when nothing is.
        mistake_at: the place of that.
    """

    rule: type[BaseRule]
    group: str
    plugin: str = ""
    module: str = ""
    mistake: str = ""
    mistake_at: CodePlace | None = None

    @property
    def name(self) -> str:
        """The rule's name."""
        return self.rule.name

    @property
    def scope(self) -> str:
        """What the rule looks at: "pattern", "file", "library", "schema" or "run"."""
        for kind, scope in (
            (Rule, "pattern"),
            (FileRule, "file"),
            (LibraryRule, "library"),
            (SchemaRule, "schema"),
        ):
            if issubclass(self.rule, kind):
                return scope
        return "run"


class Registry:
    """The rules that there are, by name and by group."""

    def __init__(self, infos: Iterable[RuleInfo]) -> None:
        """Take the rules.

        Raises:
            RegistryError: when two rules have one name.
        """
        self.rules: dict[str, RuleInfo] = {}
        for info in sorted(infos, key=lambda info: info.name):
            if info.name in self.rules:
                message = f"two rules are called `{info.name}`: in {self.rules[info.name].module} and {info.module}"
                raise RegistryError(message)
            self.rules[info.name] = info
        self.groups: dict[str, tuple[str, ...]] = {}
        for info in self.rules.values():
            self.groups[info.group] = (*self.groups.get(info.group, ()), info.name)
            if info.plugin and info.plugin != info.group:
                self.groups[info.plugin] = (*self.groups.get(info.plugin, ()), info.name)

    def __iter__(self) -> Iterator[RuleInfo]:
        """Yield the rules in the order of their names."""
        return iter(self.rules.values())

    def names(self, selector: str) -> tuple[str, ...]:
        """Return the names of the rules that `selector` stands for: a name, a group, or `ALL`.

        Raises:
            RegistryError: when there is no such rule or group, with the nearest that there is.
        """
        if selector == ALL:
            return tuple(self.rules)
        if selector in self.rules:
            return (selector,)
        if selector in self.groups:
            return self.groups[selector]
        hint = did_you_mean(selector, (*self.rules, *self.groups, ALL))
        message = f"there is no rule or group called `{selector}`{hint}"
        raise RegistryError(message)

    def expand(self, selectors: Iterable[str]) -> frozenset[str]:
        """Return the names of all rules that `selectors` stand for.

        Raises:
            RegistryError: when a selector stands for nothing.
        """
        return frozenset(name for selector in selectors for name in self.names(selector))

    def has(self, selector: str) -> bool:
        """Return whether `selector` is a rule's name or a group's."""
        return selector == ALL or selector in self.rules or selector in self.groups


def built_in_rules() -> Iterator[RuleInfo]:
    """Yield the rules that come with patternlint."""
    package = importlib.import_module("patternlint.rules")
    yield from _rules_of_package(package, "")


def plugin_rules() -> Iterator[RuleInfo]:
    """Yield the rules of installed packages with an entry point in the group `patternlint.rules`.

    Raises:
        RegistryError: when one cannot be loaded.
    """
    from importlib.metadata import entry_points  # noqa: PLC0415 - 15 ms at every start

    for point in sorted(entry_points(group=ENTRY_POINTS), key=lambda point: point.name):
        with _loading(f"the plug-in `{point.name}`"):
            package = point.load()
        yield from _rules_of_package(package, point.name)


def rules_in_folder(folder: Path) -> Iterator[RuleInfo]:
    """Yield the rules of a project's own folder; each sub-folder is a group.

    Raises:
        RegistryError: when there is no such folder, or a module in it cannot be loaded.
    """
    if not folder.is_dir():
        message = f"there is no folder {folder} for rules"
        raise RegistryError(message)
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
            # From the source: Python trusts a compiled file when size and second of the source are the same.
            exec(compile(path.read_bytes(), path, "exec"), module.__dict__)  # noqa: S102 - own rules are code
        yield from _rules_of_module(module, group, plugin, str(path))


@contextmanager
def _loading(what: str, file: str = "") -> Iterator[None]:
    """Raise an error that names `what` when the code of rules cannot be loaded, ends the program or prints."""
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
        message = f"the plug-in `{plugin}` names {package!r}, which is no package with a module for each rule"
        raise RegistryError(message)
    for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        parts = info.name.split(".")
        if info.ispkg or parts[-1].startswith("_"):
            continue
        with _loading(f"the rules in {info.name}"):
            module = importlib.import_module(info.name)
        for rule in _rules_of_module(module, parts[-2], plugin, info.name):
            if plugin and not rule.name.startswith(f"{plugin}/"):
                _refuse(rule.rule, info.name, f"is called `{rule.name}`; the rules of this plug-in are `{plugin}/…`")
            yield rule


def _rules_of_module(module: ModuleType, group: str, plugin: str, where: str) -> Iterator[RuleInfo]:
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, BaseRule) and value.__module__ == module.__name__:
            _check_complete(value, where)
            if plugin and issubclass(value, (InternalErrorRule, SuppressionRule, FixRefusalRule, AddedSuppressionRule)):
                _refuse(value, where, "is of a kind that only built-in rules may be")
            if isinstance(value.severity, Severity):
                yield RuleInfo(value, group, plugin, where)
                continue
            mistake = f"sets `severity` to {value.severity!r} instead of a `Severity` such as `Severity.WARNING`"
            value.severity = Severity.ERROR  # lists and reports show it
            yield RuleInfo(value, group, plugin, where, mistake, attribute_place(value, "severity"))


def _check_complete(rule: type[BaseRule], where: str) -> None:
    """Refuse a rule that lacks what every rule has.

    Raises:
        RegistryError: naming the rule and what it lacks.
    """
    if not issubclass(rule, _KINDS):
        _refuse(rule, where, f"is none of {', '.join(kind.__name__ for kind in _KINDS)}")
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
        _refuse(rule, where, "has no docstring that says what holds")


def _refuse(rule: type[BaseRule], where: str, reason: str) -> NoReturn:
    message = f"the rule class {rule.__name__} in {where} {reason}"
    raise RegistryError(message)
