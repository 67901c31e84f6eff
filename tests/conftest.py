from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping

import pytest
from hypothesis import HealthCheck, settings

from patternlint.diagnostics.diagnostic import sort_key
from patternlint.library.library import Library
from patternlint.linter.linter import Linter
from patternlint.linter.registry import Registry, built_in_rules
from patternlint.linter.selection import select
from patternlint.parser.parser import parse
from patternlint.report.model import Report, RuleHelp
from patternlint.source import Source
from patternlint.spec.loader import load_specs
from patternlint.spec.model import SpecRegistry
from tests.support.reports import statistics_of

settings.register_profile(
    "gate",
    max_examples=int(os.environ.get("PATTERNLINT_EXAMPLES", "25")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)
settings.load_profile("gate")

Lint = Callable[..., Report]
"""Lints files, given by path, with the named rules as a run does, and returns the report."""


@pytest.fixture(scope="session", autouse=True)
def _own_user_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the caches and journals of tests apart from those of the user."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("user")))
        yield


@pytest.fixture(scope="session")
def specs() -> SpecRegistry:
    return load_specs()


@pytest.fixture(scope="session")
def registry() -> Registry:
    return Registry(built_in_rules())


@pytest.fixture(scope="session")
def lint(specs: SpecRegistry, registry: Registry) -> Lint:
    rules = {
        info.name: RuleHelp(
            info.name,
            (info.rule.__doc__ or "").partition("\n")[0],
            info.rule.why,
            f"# {info.name}\n\n{info.rule.why}\n",
            info.rule.severity,
            info.group,
            f"https://example.org/rules/{info.name}",
        )
        for info in registry
    }

    def report_of(files: Mapping[str, str | bytes], *names: str) -> Report:
        linter = Linter(select(registry, specs, chosen=names))
        sources = {
            path: Source(path, text if isinstance(text, bytes) else text.encode()) for path, text in files.items()
        }
        parsed = [parse(source, specs, named=True) for source in sources.values()]
        results = [linter.lint_file(one) for one in parsed]
        library = Library.build([result.entry for result in results if result.entry is not None], specs)
        library_diagnostics = linter.lint_library(library, lambda _: frozenset())
        finished = [
            linter.finalize(one.path, one.own, [found for found in library_diagnostics if found.path == one.path])
            for one in results
        ]
        findings = sorted((finding for found, _ in finished for finding in found), key=sort_key)
        return Report(findings, statistics_of(findings, len(files)), rules, source=sources.get, version="0.1.0")

    return report_of
