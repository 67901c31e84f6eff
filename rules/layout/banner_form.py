from __future__ import annotations

from collections.abc import Iterator

from patternlint.rule import Diagnostic, Example, Fix, Pattern, Rule, Safety, Severity, layout

_RULE = "# " + "═" * 67
_SHORT = "# " + "═" * 20
_EQUALS = "# " + "=" * 60
_NAME = "# GROUP 1: CORE IDENTITY"
_HELP = "a banner is three lines: `# ` and 67 `═`, `# ` and the name of the group, and the first line again"
_WORDS = {
    "rule": ("rule line is not `# ` and 67 `═`", "write the rule lines"),
    "around": ("no rule lines around `{0}`", "write the rule lines"),
    "above": ("no rule line above `{0}`", "write the rule line"),
    "below": ("no rule line below `{0}`", "write the rule line"),
    "stray": ("a rule line too many", "take the rule line out"),
    "name": ("no group has the banner `{0}`", ""),
}


class BannerForm(Rule, frozen=True):
    """A banner is a rule line, the name of the group, and the same rule line."""

    name = "banner-form"
    severity = Severity.INFO
    why = "Banners that all look alike can be found by eye and by program."
    notes = (
        "One finding for all lines of a file that are wrong in the same way, at the first of them; at the name where a "
        "rule line is missing. Known shorter names are "
        "accepted, and a name that the spec does not know is reported and left as it is: only a person knows what was "
        "meant. So is a rule line with other text in it. Rule lines around other comments are a matter of taste."
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
        Example(f"«{_SHORT}ähm»\n{_NAME}\n{_RULE}\nslug: gärten\n", note="other text in a rule line"),
    )
    good = (
        Example(f"{_RULE}\n{_NAME}\n{_RULE}\nslug: gärten\n"),
        Example(f"{_RULE}\n# GROUP 4: LIFECYCLE\n{_RULE}\nlifecycle:\n  status: draft\n", note="a known shorter name"),
        Example(f"{_EQUALS}\n# Notes of the gardeners\n{_EQUALS}\nslug: gärten\n", note="no banner"),
        Example(f"aliases: ['{_SHORT}']\nsummary: >-\n  # GROUP 1\n  {_SHORT}\n", note="text, not comments"),
    )

    def check(self, pattern: Pattern) -> Iterator[Diagnostic]:
        slips: dict[str, list[layout.LayoutIssue]] = {}
        for slip in layout.check_banner_form(pattern):
            slips.setdefault(slip.what, []).append(slip)
        for what, (first, *others) in slips.items():
            message, title = _WORDS[what]
            name = pattern.source.slice(first.span).lstrip("# ")
            more = f", and {len(others)} more" if others else ""
            edits = tuple(dict.fromkeys(edit for slip in (first, *others) for edit in slip.edits))
            fix = Fix(title, Safety.SAFE, edits) if edits else None
            yield self.at(pattern, first.span, f"{message.format(name)}{more}", help=_HELP, fix=fix)
