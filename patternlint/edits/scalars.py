"""Format scalars as YAML that parsers of YAML 1.1 and 1.2 read as the same value."""

from __future__ import annotations

from patternlint.parser.yaml.scalars import resolve_scalar

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0", "\x07": "\\a", "\x1b": "\\e"}
_INVISIBLE = frozenset("\x85\u2028\u2029\ufeff")
_INDICATORS = frozenset("-?:,[]{}#&*!|>'\"%@`=<~")
_FORBIDDEN = frozenset(",[]{}:#\\\"'")
_NUMERIC_START = frozenset("0123456789+-.")
_NUMERIC_LETTERS = frozenset("abcdefABCDEFxXoO_tTzZ.:+- 0123456789")
_WORDS = frozenset("y n yes no on off true false null".split())  # noqa: SIM905 - reads as the list that it is


def double_quoted(value: str) -> str:
    """Return `value` in double quotes, with as few escapes as YAML allows."""
    if value.isprintable() and '"' not in value and "\\" not in value:
        return f'"{value}"'
    return f'"{"".join(_ESCAPES.get(char) or _escaped(char) for char in value)}"'


def _escaped(char: str) -> str:
    if char.isprintable() or (char not in _INVISIBLE and ord(char) > 0x9F):  # noqa: PLR2004 - the last control
        return char
    code = ord(char)
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"  # noqa: PLR2004 - two digits hold no more


def can_be_plain(value: str) -> bool:
    """Return whether `value` without quotes is the same text to every parser and in every context.

    Conservative: some text that YAML would allow is excluded.
    """
    if not value or not value.isprintable() or value != value.strip() or value[0] in _INDICATORS:
        return False
    return _FORBIDDEN.isdisjoint(value) and reads_as_text(value)


def reads_as_text(value: str) -> bool:
    """Return whether `value` without quotes is text in YAML 1.1 and 1.2, not a number, date or keyword. Conservative."""
    if value.lower() in _WORDS or (value[:1] in _NUMERIC_START and _NUMERIC_LETTERS.issuperset(value)):
        return False
    return isinstance(resolve_scalar(value), str)


def format_scalar(value: str, style: str) -> str:
    """Return `value` as a scalar of `style` (`"`, `'` or empty for plain), or in double quotes if that is not possible."""
    if not style and can_be_plain(value):
        return value
    if style == "'" and value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    return double_quoted(value)
