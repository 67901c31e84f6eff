from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Fix, Pattern, Rule, Safety, Severity, layout

_RULE = "# " + "═" * 67
_SHORT = "# " + "═" * 20
_EQUALS = "# " + "=" * 60
_NAME = "# GROUP 1: CORE IDENTITY"
_HELP = "write a banner as three lines: `# ` and 67 `═`, `# ` and the group name, and the first line again"
_MESSAGES = {
    "rule": ("border line is not `# ` and 67 `═`", "replace the border lines with `# ` and 67 `═`"),
    "around": ("missing border lines around `{0}`", "add `# ` and 67 `═` above and below the group name"),
    "above": ("missing border line above `{0}`", "add `# ` and 67 `═` above the group name"),
    "below": ("missing border line below `{0}`", "add `# ` and 67 `═` below the group name"),
    "stray": ("extra border line", "delete the extra border line"),
    "name": ("unknown group name `{0}` in a banner", ""),
}


class BannerForm(Rule):
    """A banner consists of a border line, the group name, and the same border line."""

    name = "banner-form"
    severity = Severity.INFO
    why = "Uniform banners are easy to find, for people and for programs."
    notes = (
        "Lines with the same issue are one finding, at the first of them; where a border line is missing, at the "
        "name. The shorter names that the specification lists are accepted. An unknown name, or a border line that "
        "contains other text, has no fix, because only a person can tell what was meant. Borders around other "
        "comments are ignored."
    )
    bad = (
        Example(
            f"«{_EQUALS}»\n{_NAME}\n{_SHORT}\nslug: gärten\n",
            f"---\n{_RULE}\n{_NAME}\n{_RULE}\nslug: gärten\n---\n",
        ),
        Example(
            f"# Grüße\n\n«{_NAME}»\nslug: gärten\n",
            f"---\n# Grüße\n\n{_RULE}\n{_NAME}\n{_RULE}\nslug: gärten\n---\n",
        ),
        Example(
            f"{_RULE}\n«{_NAME}»\nslug: gärten\n",
            f"---\n{_RULE}\n{_NAME}\n{_RULE}\nslug: gärten\n---\n",
        ),
        Example(
            f"«{_RULE}»\n{_RULE}\n{_NAME}\n{_RULE}\nslug: gärten\n",
            f"---\n{_RULE}\n{_NAME}\n{_RULE}\nslug: gärten\n---\n",
        ),
        Example(f"{_RULE}\n«# GROUP 1: IDENTITÄT»\n{_RULE}\nslug: gärten\n"),
        Example(f"«{_SHORT}ähm»\n{_NAME}\n{_RULE}\nslug: gärten\n", note="other text in a border line"),
    )
    good = (
        Example(f"{_RULE}\n{_NAME}\n{_RULE}\nslug: gärten\n"),
        Example(f"{_RULE}\n# GROUP 4: LIFECYCLE\n{_RULE}\nlifecycle:\n  status: draft\n", note="a known shorter name"),
        Example(f"{_EQUALS}\n# Notes of the gardeners\n{_EQUALS}\nslug: gärten\n", note="not a banner"),
        Example(f"aliases: ['{_SHORT}']\nsummary: >-\n  # GROUP 1\n  {_SHORT}\n", note="text, not comments"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        by_kind: dict[str, list[layout.LayoutIssue]] = {}
        for issue in layout.check_banner_form(pattern):
            by_kind.setdefault(issue.detail, []).append(issue)
        for kind, issues in by_kind.items():
            message, title = _MESSAGES[kind]
            span = issues[0].span
            name = pattern.source.slice(span).lstrip("# ")
            more = f", and {len(issues) - 1} more" if len(issues) > 1 else ""
            edits = layout.all_edits(issues)
            fix = Fix(title, Safety.SAFE, edits) if edits else None
            yield self.at(pattern, span, f"{message.format(name)}{more}", help=_HELP, fix=fix)
