"""Rules about text that a specification describes, without Python.

RE2 runs their regular expressions in time linear in the text, so that none can hang.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Literal

from msgspec import Struct, field

from patternlint.errors import UserError

BODY = "body"
FRONT_MATTER = "front-matter"
_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


class TextRuleSpec(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """A rule about the text of a pattern.

    Attributes:
        name: the name of the rule.
        message: what findings say: one clause in lower case.
        place: the text to search: "body", "front-matter", or the route of a value, such as `title` or `links[].note`.
        forbid: a regular expression; each match is a finding.
        match: a regular expression that the text must match; a value, or the body, without a match is a finding.
        help: what to do about it, in the imperative.
        level: "error", "warning" or "info".
    """

    name: str
    message: str
    place: str = field(default=BODY, name="in")
    forbid: str = ""
    match: str = ""
    help: str = ""
    level: Literal["error", "warning", "info"] = "warning"

    @property
    def setting(self) -> str:
        """The setting that holds the regular expression."""
        return "forbid" if self.forbid else "match"

    @property
    def expression(self) -> str:
        """The regular expression."""
        return self.forbid or self.match


def text_rule_problem(rule: TextRuleSpec) -> tuple[str, str] | None:
    """Return the setting of a rule that is invalid, and the reason; None for a valid rule."""
    if not _NAME.fullmatch(rule.name):
        return "name", f"`{rule.name}` is not a valid rule name; use lower-case words of a–z and 0–9, joined by `-`"
    if bool(rule.forbid) == bool(rule.match):
        return "name", f"the rule `{rule.name}` needs either `forbid` or `match`"
    try:
        compile_expression(rule.expression)
    except UserError as error:
        return rule.setting, f"`{rule.setting}` of the rule `{rule.name}`: {error}"
    return None


@cache
def compile_expression(expression: str) -> Any:
    """Return a compiled regular expression, in which `^` and `$` match at lines.

    Raises:
        UserError: when it is not valid, or RE2 is not installed.
    """
    try:
        import re2  # noqa: PLC0415 - an optional dependency
    except ImportError as error:
        message = "rules about text need RE2; run `pip install 'patternlint[text]'`"
        raise UserError(message) from error
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(f"(?m){expression}", options)
    except re2.error as error:
        reason = error.args[0].decode() if error.args and isinstance(error.args[0], bytes) else str(error)
        message = f"`{expression}` is not a valid regular expression for RE2: {reason}"
        raise UserError(message) from error
