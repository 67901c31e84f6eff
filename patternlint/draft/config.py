"""Write `patternlint.toml` for a library."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from patternlint.draft.draft import MOST_PERCENT
from patternlint.draft.outliers import Constraint, affordable
from patternlint.draft.text import of_files, quoted

_ESSENTIAL = "schema"
"""The group of rules that a draft never ignores: they compare files with what it says."""

HEADER = "# Written by `patternlint init"
"""The first characters of every configuration that the command writes."""

_SITE = "https://patternlint.github.io/patternlint"


def ignored_rules(files: Mapping[str, Collection[int]], groups: Mapping[str, str], total: int) -> list[str]:
    """Return the rules that a draft ignores, so that at most 5 % of the files have findings.

    Args:
        files: the numbers of the files with findings, by rule.
        groups: the group of each rule.
        total: the number of files.
    """
    essential = [rule for rule in sorted(files) if groups[rule] == _ESSENTIAL]
    taken = {number for rule in essential for number in files[rule]}
    others = [Constraint((rule,), frozenset(files[rule])) for rule in sorted(files) if rule not in essential]
    chosen = affordable(others, MOST_PERCENT * total // 100, taken)
    return [constraint.name[0] for constraint in others if constraint.name not in chosen]


def config_for_spec(folder: str, ignored: Mapping[str, int], total: int) -> str:
    """Return the text of a configuration that enables a drafted specification.

    Args:
        folder: the folder of the specification.
        ignored: the rules to ignore, each with the number of files with findings.
        total: the number of files.
    """
    lines = [
        f"{HEADER} --spec`. All settings: {_SITE}/reference/settings/",
        f"specs = [{quoted(folder)}]",
        "builtin-specs = false",
        *_ignore(ignored, total),
    ]
    return "\n".join(lines) + "\n"


def _ignore(ignored: Mapping[str, int], total: int) -> Iterator[str]:
    if not ignored:
        return
    yield ""
    yield "# These rules have findings in many files. Remove a line to see them; `patternlint rule NAME` explains a rule."
    yield "ignore = ["
    yield from (f"  {quoted(rule)}, # {of_files(count, total)}" for rule, count in ignored.items())
    yield "]"


def config_for_library(counts: Mapping[str, int], known: Iterable[str], skipped: int) -> str:
    """Return the text of a configuration for a library of built-in specifications.

    Args:
        counts: the number of patterns by specification.
        known: the built-in specifications.
        skipped: the number of other Markdown files.
    """
    lines = [f"{HEADER}`. All settings: {_SITE}/reference/settings/"]
    if counts:
        lines += [
            "",
            "# The built-in specifications that files here follow. patternlint detects them by their content.",
        ]
        lines += ["builtin-specs = ["]
        lines += [f"  {quoted(version)}, # {of_files(counts[version], counts[version])}" for version in sorted(counts)]
        lines += ["]"]
    else:
        lines += ["", f"# No file here follows a built-in specification ({', '.join(known)})."]
        lines += ["# `patternlint init --spec` drafts one from the files."]
    if skipped:
        lines += [
            "",
            f"# Skipped because of their content: {of_files(skipped, skipped)}. `patternlint --show-files` lists them.",
        ]
    return "\n".join(lines) + "\n"
