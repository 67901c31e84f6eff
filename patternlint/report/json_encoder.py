"""Deterministic JSON on one line that is safe to display."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, TextIO

import msgspec

from patternlint.report.escape import SAMPLE, encodable

_ENCODE = msgspec.json.Encoder().encode
_UNSEEN = re.compile(
    "[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\U000e0000-\U000e007f]"
)
_DELETE = b"\x7f"
_NOT_ASCII = re.compile("[^\x20-\x7e]")


def encoder(out: TextIO) -> Callable[[Any], str]:
    """Return a function that encodes a value as JSON on one line.

    Characters that a terminal interprets or hides are escaped, and those that `out` cannot write.
    """
    all_of_unicode = encodable(SAMPLE, out)
    harmful = _UNSEEN if all_of_unicode else _NOT_ASCII

    def encode(value: Any) -> str:
        try:
            data = _ENCODE(value)
        except UnicodeEncodeError:
            # Undecodable bytes of a file name are lone surrogates, which JSON can escape and UTF-8 cannot encode.
            return json.dumps(msgspec.to_builtins(value), separators=(",", ":"))
        text = data.decode()
        if data.isascii():
            return text if _DELETE not in data else harmful.sub(_escape, text)
        return text if all_of_unicode and text.isprintable() else harmful.sub(_escape, text)

    return encode


def _escape(match: re.Match[str]) -> str:
    return json.dumps(match[0])[1:-1]
