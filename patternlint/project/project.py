"""A project: configuration and command line resolved to specifications, rules and path matchers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from itertools import islice
from pathlib import Path

from msgspec import Struct

from patternlint.diagnostics.severity import Severity
from patternlint.document.identifiers import is_pattern_name
from patternlint.linter.linter import Linter, LinterProfiler
from patternlint.linter.registry import Registry, RegistryError, RuleInfo, built_in_rules, plugin_rules, rules_in_folder
from patternlint.linter.selection import RuleSelection, configure, select
from patternlint.linter.text_rules import text_rules
from patternlint.messages.did_you_mean import did_you_mean
from patternlint.parser.parser import UNMATCHED, FileKind, Limits, ParsedFile, parse
from patternlint.project.config import Config, ConfigError, LoadedConfig
from patternlint.source import Source
from patternlint.spec.loader import SPEC_NAME, load_specs, spec_error
from patternlint.spec.model import Spec, SpecRegistry
from patternlint.spec.validation import check_spec, suffix_problem


class Overrides(Struct, frozen=True):
    """Rule settings of the command line, which take precedence over the configuration."""

    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    levels: tuple[tuple[str, str], ...] = ()
    per_file_ignores: tuple[tuple[str, str], ...] = ()
    pedantic: bool = False
    library_rules: bool = True


class Project(Struct, frozen=True):
    """A project.

    Attributes:
        folder: the folder of the configuration; None without one.
        spec: the specification that all patterns follow; None to detect it for each pattern.
        ignores: pairs of a path matcher and the names of the rules that are ignored in matching files.
        is_excluded: returns whether an absolute path is excluded.
        is_declared_pattern: returns whether the configuration or `files` of a specification declares the file at an
            absolute path a pattern.
        files: path matchers of the specifications with `files`, in the order in which they are tried.
        profiler: measures the rules, if given.
        redirects: former slugs and ids of patterns, each with the name that replaced it.
    """

    config: Config
    folder: Path | None
    specs: SpecRegistry
    registry: Registry
    selection: RuleSelection
    spec: Spec | None
    ignores: tuple[tuple[Callable[[str], bool], frozenset[str]], ...]
    is_excluded: Callable[[str], bool]
    is_declared_pattern: Callable[[str], bool]
    files: tuple[tuple[Callable[[str], bool], Spec], ...] = ()
    profiler: LinterProfiler | None = None
    redirects: Mapping[str, str] = {}

    def linter(self) -> Linter:
        """Return a new linter for the selected rules."""
        return Linter(self.selection, self.config.limits.rule_time, self.profiler)

    def parse(self, source: Source, *, named: bool) -> ParsedFile:
        """Return a parsed file; `named` says whether the user declares it a pattern, or `files` of a specification."""
        if not named and not is_pattern_name(source.path):
            return ParsedFile(source, FileKind.NOT_A_PATTERN, skip_reason=UNMATCHED)
        most = self.config.limits
        limits = Limits(most.front_matter_size, most.nesting, most.values)
        spec = self._specs_of(source.path) if self.files else ()
        return parse(source, self.specs, spec=spec or self.spec, named=named or bool(spec), limits=limits)

    def _specs_of(self, path: str) -> tuple[Spec, ...]:
        """Return the specifications whose `files` match a path for display."""
        absolute = os.path.normpath(Path.cwd() / path)
        return tuple([spec for matches, spec in self.files if matches(absolute)])

    def ignored_rules(self, path: str) -> frozenset[str]:
        """Return the names of the rules that are ignored in the file at an absolute path."""
        if not self.ignores:
            return frozenset()
        return frozenset().union(*(names for matches, names in self.ignores if matches(path)))


def load_registry(loaded: LoadedConfig, specs: SpecRegistry) -> Registry:
    """Return the built-in and installed rules, and those of the project and of its specifications.

    Raises:
        RegistryError: when a rule cannot be used.
    """
    infos: list[RuleInfo] = [*built_in_rules(), *plugin_rules()]
    for index, name in enumerate(loaded.config.rules):
        folder = _below(loaded.code_folder, name)
        if not folder.is_dir():
            message = f"{loaded.location('rules', index)}: `rules`: folder not found: {name}"
            raise ConfigError(message)
        infos += rules_in_folder(folder)
    infos += text_rules(specs)
    return Registry(infos)


def load_all_specs(loaded: LoadedConfig) -> SpecRegistry:
    """Return the built-in specifications and those of the project.

    Raises:
        SpecError: when a specification cannot be used.
        ConfigError: when a folder has none, or a built-in one is unknown.
    """
    chosen = loaded.config.builtin_specs
    built_in = load_specs().by_version if isinstance(chosen, tuple) else {}
    for index, name in enumerate(chosen if isinstance(chosen, tuple) else ()):
        if name not in built_in:
            hint = did_you_mean(name, built_in)
            message = (
                f"{loaded.location('builtin-specs', index)}: `builtin-specs`: unknown specification `{name}`{hint}; "
                f"built in are {', '.join(built_in)}"
            )
            raise ConfigError(message)
    if not chosen and not loaded.config.specs:
        message = (
            f"{loaded.location('builtin-specs')}: `builtin-specs` leaves no specification; add your own to `specs`"
        )
        raise ConfigError(message)
    folders: list[Path] = []
    for index, name in enumerate(loaded.config.specs):
        folder = _below(loaded.code_folder, name)
        if not (folder / SPEC_NAME).is_file():
            message = f"{loaded.location('specs', index)}: `specs`: no {SPEC_NAME} in {name}"
            raise ConfigError(message)
        folders.append(folder)
    specs = load_specs(folders, built_in=chosen)
    for spec in specs.all:
        if spec.folder in folders:
            check_spec(spec)
    return specs


def load_project(loaded: LoadedConfig, overrides: Overrides) -> Project:
    """Return the project of a configuration.

    Raises:
        RegistryError: when a rule cannot be used, or a name is unknown.
        SpecError: when a specification cannot be used.
        ConfigError: when a glob can match no file.
    """
    config, folder = loaded.config, loaded.folder
    for index, glob in enumerate(config.patterns):
        reason = suffix_problem(glob, "patterns")
        if reason:
            message = f"{loaded.location('patterns', index)}: {reason}"
            raise ConfigError(message)
    specs = load_all_specs(loaded)
    registry = load_registry(loaded, specs)
    _check_names(loaded, registry, specs)
    _check_rules_of_specs(specs, registry)
    levels = {**config.levels, **dict(overrides.levels)}
    checks = select(
        registry,
        specs,
        chosen=overrides.select or config.select,
        extended=(*(() if overrides.select else config.extend_select), *overrides.extend_select),
        ignored=(*config.ignore, *overrides.ignore),
        levels={name: Severity[level.upper()] for name, level in levels.items()},
        options=config.options,
        pedantic=config.pedantic or overrides.pedantic,
        library_rules=overrides.library_rules,
    )
    files = tuple((_matcher(spec.files, folder), spec) for spec in specs.all if spec.files)
    is_configured = _matcher(config.patterns, folder)
    ignores = [*config.per_file_ignores.items(), *((glob, (name,)) for glob, name in overrides.per_file_ignores)]
    return Project(
        config,
        folder,
        specs,
        registry,
        checks,
        _named_spec(config.spec, specs),
        tuple((_matcher((glob,), folder), registry.expand(names)) for glob, names in ignores),
        _matcher(config.exclude, folder),
        (lambda path: is_configured(path) or any(matches(path) for matches, _ in files)) if files else is_configured,
        files,
    )


@contextmanager
def _naming(loaded: LoadedConfig, *keys: str | int) -> Iterator[None]:
    """Add the file, the line and the name of a setting to the message of a `RegistryError`."""
    try:
        yield
    except RegistryError as error:
        message = f"{loaded.location(*keys)}: `{keys[0]}`: {error}"
        raise RegistryError(message) from error


def _check_names(loaded: LoadedConfig, registry: Registry, specs: SpecRegistry) -> None:
    """Check that all names in a configuration exist, or raise RegistryError with the file, the line and the setting."""
    config = loaded.config
    named: list[tuple[str, tuple[str | int, ...]]] = [(name, ("levels", name)) for name in config.levels]
    named += [(name, ("options", name)) for name in config.options]
    for setting, names in (
        ("select", config.select),
        ("extend-select", config.extend_select),
        ("ignore", config.ignore),
    ):
        named += [(name, (setting, index)) for index, name in enumerate(names)]
    for glob, names in config.per_file_ignores.items():
        named += [(name, ("per-file-ignores", glob, index)) for index, name in enumerate(names)]
    for name, keys in named:
        with _naming(loaded, *keys):
            registry.expand((name,))
    for name, options in config.options.items():
        with _naming(loaded, "options", name, *islice(options, 1)):
            if name not in registry.rules:
                message = f"`{name}` is a group of rules; only a rule has options"
                raise RegistryError(message)
            configure(registry.rules[name].rule, options)
    with _naming(loaded, "spec"):
        _named_spec(config.spec, specs)


def _check_rules_of_specs(specs: SpecRegistry, registry: Registry) -> None:
    """Check that all rules named by specifications exist, or raise SpecError with the line and the closest rule."""
    for spec in specs.all:
        for name in spec.rules:
            try:
                registry.expand((name,))
            except RegistryError as error:
                raise spec_error(spec.folder, ("rules", name), str(error)) from error


def _named_spec(version: str, specs: SpecRegistry) -> Spec | None:
    if not version:
        return None
    if version not in specs.by_version:
        hint = did_you_mean(version, specs.by_version)
        message = f"unknown spec `{version}`{hint}; the specs are {', '.join(specs.by_version)}"
        raise RegistryError(message)
    return specs.by_version[version]


def _below(folder: Path | None, name: str) -> Path:
    return (folder or Path.cwd()) / name


def _matcher(globs: tuple[str, ...], folder: Path | None) -> Callable[[str], bool]:
    """Return a function that returns whether an absolute path matches one of the globs, as in `.gitignore`."""
    if not globs:
        return lambda _: False
    from pathspec import GitIgnoreSpec  # noqa: PLC0415 - only for configs with globs

    # other backends refuse some globs, and depend on what is installed
    matcher = GitIgnoreSpec.from_lines(globs, backend="simple")
    top = f"{(folder or Path.cwd()).as_posix().rstrip('/')}/"

    @cache
    def matches(path: str) -> bool:
        path = path.replace("\\", "/")
        return path.startswith(top) and matcher.match_file(path[len(top) :])

    return matches
