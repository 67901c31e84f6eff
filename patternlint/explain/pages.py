"""Render a rule as a page in Markdown."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from patternlint.explain import default_level, fix_words, summary
from patternlint.explain.examples import block, example_lines
from patternlint.explain.settings import settings, toml, toml_key
from patternlint.linter.registry import Registry, RuleInfo
from patternlint.linter.selection import rules_of
from patternlint.rule.base import BaseRule
from patternlint.rule.example import Example
from patternlint.spec.loader import built_in_folder
from patternlint.spec.model import SpecRegistry
from patternlint.testing import lint_example, unmark

_SCOPES = {
    "pattern": "one pattern",
    "file": "one file, even if its front matter does not parse",
    "library": "the whole library",
    "schema": "one pattern, against the JSON Schema of its specification",
    "run": "the run itself",
}
_FIXES = {
    "none": "none",
    "safe": "safe (`--fix`)",
    "unsafe": "unsafe (`--fix --unsafe-fixes`)",
    "safe or unsafe": "safe (`--fix`) or, in some cases, unsafe (`--fix --unsafe-fixes`)",
}


def page(info: RuleInfo, registry: Registry, specs: SpecRegistry) -> str:
    """Return the page of a rule in Markdown.

    Args:
        info: the rule.
        registry: all rules.
        specs: all specifications.
    """
    return "\n".join(_lines(info, registry, specs)).rstrip() + "\n"


def _lines(info: RuleInfo, registry: Registry, specs: SpecRegistry) -> Iterator[str]:
    rule = info.rule
    yield from (f"# {info.name}", "", summary(rule), "")
    yield from _facts(info, registry, specs)
    yield from ("## Why", "", inspect.cleandoc(rule.why), "")
    if rule.notes:
        yield from ("## Details", "", inspect.cleandoc(rule.notes), "")
    shown_help: set[str] = set()
    yield from ("## Bad", "") if rule.bad else ()
    for example in rule.bad:
        yield from _heading(example)
        files, _ = unmark(example)
        yield from example_lines(example, lint_example(info, example, files, registry, specs), shown_help)
    yield from ("## Good", "") if rule.good else ()
    for example in rule.good:
        yield from _heading(example)
        yield from example_lines(example, (), shown_help)
    yield from _options(rule)
    yield from ("## How to disable", "")
    yield (
        f"For one line, with a reason: `# patternlint: ignore[{info.name}] reason` in the front matter, "
        f"`<!-- patternlint: ignore[{info.name}] reason -->` in the body. "
        f'For all files: `ignore = ["{info.name}"]` in the configuration.'
    )


def _facts(info: RuleInfo, registry: Registry, specs: SpecRegistry) -> Iterator[str]:
    rule = info.rule
    level = default_level(rule)
    yield f"- Level: **{level}**" + ("" if rule.enabled else f", {rule.severity.label} when enabled")
    yield f"- Group: **{info.group}**" + (f", from **{info.plugin}**" if info.plugin not in ("", info.group) else "")
    yield f"- Checks: **{_SCOPES[info.scope]}**"
    versions = [spec.version for spec in specs.all if info.name in rules_of(spec, registry)]
    if info.scope != "run" and len(versions) < len(specs.all):
        is_any_own = any(not spec.folder.is_relative_to(built_in_folder()) for spec in specs.all)
        yield f"- Specs: **{', '.join(sorted(versions))}**" + ("" if is_any_own else ", and your own")
    yield f"- Fix: **{_FIXES[fix_words(rule)]}**"
    yield ""


def _heading(example: Example) -> Iterator[str]:
    parts = [example.note] if example.note else []
    if example.options:
        given = ", ".join(f"`{toml_key(key)} = {toml(value)}`" for key, value in example.options.items())
        parts.append(f"with {given}")
    if parts:
        words = "; ".join(parts)
        yield from (f"{words[0].upper()}{words[1:]}:", "")


def _options(rule: type[BaseRule]) -> Iterator[str]:
    options = list(settings(rule))
    if not options:
        return
    yield from ("## Options", "", "In `patternlint.toml`, with the default values:", "")
    table = [f"[options.{toml_key(rule.name)}]", *(f"{one.name} = {toml(one.default)}" for one in options)]
    yield from block(table, "toml")
    for one in options:
        yield f"- `{one.name}`, {one.kind}: {one.description}"
    yield ""
