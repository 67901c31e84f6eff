"""Make untrusted text safe to display: no cursor movement, no bidirectional overrides, no invisible characters."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TextIO

_UNSEEN = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters without tab and newline
    "\xad\u061c\u180e\u200b\u200e\u200f"  # zero width, and marks of direction
    "\u2028-\u202e\u2060-\u206f"  # line ends, embeddings, overrides, isolates
    "\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff"  # surrogates: undecodable bytes of a file name
    "\U000e0000-\U000e007f"  # tags
)
_ONE_LINE = re.compile(f"[\t\n{_UNSEEN}]")
_LINES = re.compile(f"[{_UNSEEN}]")
_NAMES = {"\t": r"\t", "\n": r"\n", "\r": r"\r"}
_BYTE = 0x100
_PLANE = 0x10000
_COMMAND = "::"
_BRACKET = re.compile(r"(?<=##)\[|(?<=##vso)\[", re.IGNORECASE)
"""The bracket of `##[error]` and `##vso[task.setvariable]`, which CI runners execute anywhere in a line."""

SAMPLE = "\u20ac\u2500\U0001f600"
"""Characters that only a stream with all of Unicode can write."""


def _escape(match: re.Match[str]) -> str:
    r"""Return the escape sequence of a character in the notation of Python and JSON: `\x1b`, `\u202e`."""
    code = ord(match[0])
    if code < _BYTE:
        return _NAMES.get(match[0]) or f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < _PLANE else f"\\U{code:08x}"


def escape_line(text: str) -> str:
    """Return `text` on one line, with escape sequences for characters that terminals interpret or hide.

    A backslash keeps CI runners from interpreting `##[error]`.
    """
    text = text if text.isprintable() else _ONE_LINE.sub(_escape, text)
    return _BRACKET.sub(r"\\[", text) if "##" in text else text


def shown_lines(text: str) -> str:
    """Return `text` as `escape_line` does, but keep tabs and line feeds."""
    text = text if text.isprintable() else _LINES.sub(_escape, text)
    return _BRACKET.sub(r"\\[", text) if "##" in text else text


def command_brackets(text: str) -> frozenset[int]:
    """Return the offsets of the brackets that `escape_line` puts a backslash before."""
    return frozenset(match.start() for match in _BRACKET.finditer(text)) if "##" in text else frozenset()


def shown_path(path: str) -> str:
    """Return a path on one line, with `./` before one that would be a workflow command at the start of a line."""
    path = escape_line(path)
    return f"./{path}" if path.lstrip().startswith(_COMMAND) else path


def encodable(text: str, out: TextIO) -> bool:
    """Return whether `out` can write `text`."""
    try:
        text.encode(out.encoding or "utf-8")
    except (UnicodeError, LookupError):
        return False
    return True


def writer(out: TextIO, *, xml: bool = False) -> Callable[[str], object]:
    """Return a function that writes to `out` and escapes the characters that its encoding lacks.

    In XML all characters that are not ASCII are escaped, since XML declares its own encoding.
    """
    if encodable(SAMPLE, out):
        return out.write
    if xml:
        return lambda text: out.write(text.encode("ascii", "xmlcharrefreplace").decode())
    encoding = out.encoding
    return lambda text: out.write(text.encode(encoding, "backslashreplace").decode(encoding))
