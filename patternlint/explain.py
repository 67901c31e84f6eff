"""A rule as a page: what holds, why, bad and good, the fix and how safe it is, the options."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator
from typing import get_args, get_type_hints

import msgspec

from patternlint.diagnostic import Severity
from patternlint.registry import RuleInfo
from patternlint.report import RuleHelp
from patternlint.rule import BaseRule, Example

DOCS_URL = "https://patternlint.github.io/patternlint/rules"

_MARKS = re.compile("[«»]")


def summary(rule: type[BaseRule]) -> str:
    """Return what holds, in one line."""
    return (inspect.getdoc(rule) or "").partition("\n")[0]


def fix_words(rule: type[BaseRule]) -> str:
    """Return "safe", "unsafe", "safe or unsafe" or "none": derived from the examples, which show every fix."""
    safeties = sorted({safety for example in rule.bad for safety in _safeties(example, rule)})
    return " or ".join(safeties) or "none"


def _safeties(example: Example, rule: type[BaseRule]) -> Iterable[str]:
    return ("unsafe" if example.unsafe else "safe",) if example.fixed is not None else ()


def rule_help(info: RuleInfo, severity: Severity) -> RuleHelp:
    """Return what a report may say about a rule whose findings have this level."""
    rule = info.rule
    return RuleHelp(
        info.name,
        summary(rule),
        rule.why,
        "\n\n".join(part for part in (rule.why, rule.notes) if part),
        severity,
        info.group,
        "" if info.plugin else f"{DOCS_URL}/{info.group}/{info.name}/",
        fix_words(rule) != "none",
    )


def page(info: RuleInfo) -> str:
    """Return the page of a rule in Markdown."""
    return "\n".join(_lines(info)).rstrip() + "\n"


def _lines(info: RuleInfo) -> Iterator[str]:
    rule = info.rule
    yield f"# {info.name}"
    yield ""
    yield summary(rule)
    yield ""
    default = rule.severity.label if rule.enabled else f"off ({rule.severity.label} when turned on)"
    yield f"* Level: **{default}**"
    yield f"* Group: **{info.group}**" + (f", from the plug-in **{info.plugin}**" if info.plugin else "")
    yield f"* Looks at: **{_SCOPES[info.scope]}**"
    yield f"* Fix: **{_FIXES[fix_words(rule)]}**"
    yield ""
    yield "## Why"
    yield ""
    yield rule.why
    yield ""
    if rule.notes:
        yield inspect.cleandoc(rule.notes)
        yield ""
    for title, examples in (("Bad", rule.bad), ("Good", rule.good)):
        yield f"## {title}"
        yield ""
        for example in examples:
            yield from _example(example)
    options = list(_options(rule))
    if options:
        yield "## Options"
        yield ""
        yield "In `patternlint.toml`:"
        yield ""
        yield "```toml"
        yield f"[options.{_toml_key(info.name)}]"
        for name, _, default_value, _ in options:
            yield f"{name} = {default_value}"
        yield "```"
        yield ""
        for name, kind, _, description in options:
            yield f"* `{name}` ({kind}): {description}"
        yield ""
    yield "## Silence it"
    yield ""
    yield f"For one place, with a reason: `# patternlint: ignore[{info.name}] reason` in the front matter, "
    yield f"`<!-- patternlint: ignore[{info.name}] reason -->` in the text."


_SCOPES = {
    "pattern": "one pattern",
    "file": "one file, also when its front matter does not parse",
    "library": "the whole library",
    "schema": "one pattern, by the JSON Schema of its spec",
    "run": "the run itself",
}
_FIXES = {
    "none": "none",
    "safe": "safe (`--fix`)",
    "unsafe": "unsafe (`--fix --unsafe-fixes`)",
    "safe or unsafe": "safe (`--fix`) or, in some cases, unsafe (`--fix --unsafe-fixes`)",
}


def _example(example: Example) -> Iterator[str]:
    heading = [example.note] if example.note else []
    if example.options:
        settings = ", ".join(f"{key} = {_toml_value(value)}" for key, value in example.options.items())
        heading.append(f"with the options `{settings}`")
    if heading:
        yield f"{'; '.join(heading).capitalize()}:"
        yield ""
    for path, text in example.files.items():
        if len(example.files) > 1:
            yield f"`{path}`"
            yield ""
        yield from _block(text if isinstance(text, str) else repr(text))
    for path, text in (example.fixed or {}).items():
        yield f"fixed{f' `{path}`' if len(example.files) > 1 else ''}:"
        yield ""
        yield from _block(text)


def _block(text: str) -> Iterator[str]:
    fence = "~~~~" if "```" in text else "```"
    front = not _MARKS.sub("", text).startswith(("---", "\ufeff"))
    yield f"{fence}{'yaml' if front else 'markdown'}"
    for line in text.rstrip("\n").split("\n"):
        yield from _underlined(line)
    yield fence
    yield ""


def _underlined(line: str) -> Iterator[str]:
    """Yield a line without marks, and below it carets under what was marked."""
    yield _MARKS.sub("", line)
    if "«" not in line and "»" not in line:
        return
    carets: list[str] = []
    inside = False
    for character in line:
        if character in "«»":
            if character == "»" and inside and not carets[-1:] == ["^"]:
                carets.append("^")
            inside = character == "«"
        else:
            carets.append("^" if inside else " ")
    yield "".join(carets).rstrip()


def _options(rule: type[BaseRule]) -> Iterator[tuple[str, str, str, str]]:
    """Yield each option: its name, its type in words, its default as TOML, and what it does."""
    hints = get_type_hints(rule, include_extras=True)
    for field in msgspec.structs.fields(rule):
        hint = hints[field.name]
        metas = [arg for arg in get_args(hint)[1:] if isinstance(arg, msgspec.Meta)]
        description = next((meta.description for meta in metas if meta.description), "")
        default = field.default if field.default is not msgspec.NODEFAULT else field.default_factory()
        yield field.encode_name, _kind(default), _toml_value(default), description


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "text"
    return "a table" if isinstance(value, dict) else "a list"


def _toml_key(name: str) -> str:
    return name if re.fullmatch(r"[\w-]+", name) else f'"{name}"'


def _toml_value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, dict):
        inside = ", ".join(f'"{key}" = {_toml_value(item)}' for key, item in value.items())
        return f"{{{inside}}}"
    if isinstance(value, list | tuple | frozenset):
        return f"[{', '.join(_toml_value(item) for item in value)}]"
    return repr(value)
