"""Invisible and look-alike characters, and their names."""

from __future__ import annotations

import re
import unicodedata

INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e007f"
)
"""The characters without width, for a character class of a regular expression."""

BLANK = "\u0085\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
"""The space characters beyond ASCII, in the same form."""

DASHES = "\u2010-\u2015\u2043\u2212\u2500\u2501\ufe58\ufe63\uff0d"
"""The dashes and lines that are not a hyphen-minus, in the same form."""

_JOINERS = "\u200c\u200d\ufe00-\ufe0f"  # belong to emoji and to scripts that are not Latin
_ODD = re.compile(  # a class comes first, which the search of `re` skips to
    f"[{INVISIBLE}{BLANK}\u2010\u2011](?<![^\\x00-\\x7f][{_JOINERS}])"
)
_NAMES = {"\t": "tab", "\r": "CR", "\n": "line feed", " ": "space", "\x85": "next line", "\ufeff": "byte order mark"}


def name_of(character: str) -> str:
    """Return the code point and the name of a character: "U+00A0 (no-break space)"."""
    name = _NAMES.get(character) or unicodedata.name(character, "unnamed").lower()
    return f"U+{ord(character):04X} ({name})"


def odd_characters(text: str) -> tuple[str, ...]:
    """Return the characters of `text` that cannot be seen or told from another, each once, in their order."""
    return tuple(dict.fromkeys(_ODD.findall(text))) if not text.isascii() else ()


def visible(text: str) -> str:
    r"""Return `text` with such characters as escapes: `\u00a0`."""
    return _ODD.sub(lambda found: _escape(found[0]), text) if not text.isascii() else text


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\U{code:08x}" if code > 0xFFFF else f"\\u{code:04x}"  # noqa: PLR2004 - the last of the first plane
