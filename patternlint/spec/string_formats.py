"""Functions that check the `format` keyword of JSON Schema.

Formats that need tables of other packages (`idn-hostname`, `uri-template`) are not supported.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import cache
from ipaddress import AddressValueError, IPv4Address, IPv6Address

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(
    r"(?P<hour>[01][0-9]|2[0-3]):(?P<minute>[0-5][0-9]):(?P<second>[0-5][0-9]|60)(?:\.[0-9]+)?"
    r"(?:[Zz]|(?P<sign>[+-])(?P<ahead>[01][0-9]|2[0-3]):(?P<rest>[0-5][0-9]))"
)
_CLOCK = r"(?:[0-9]+H(?:[0-9]+M(?:[0-9]+S)?)?|[0-9]+M(?:[0-9]+S)?|[0-9]+S)"
_DURATION = re.compile(
    rf"P(?:[0-9]+W|T{_CLOCK}|(?:[0-9]+Y(?:[0-9]+M(?:[0-9]+D)?)?|[0-9]+M(?:[0-9]+D)?|[0-9]+D)(?:T{_CLOCK})?)"
)
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOSTNAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_HOSTNAME_LENGTH = 253
_LOCAL = re.compile(
    r"""[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*|"(?:[ !#-\[\]-~]|\\[ -~])*\""""
)
_LOCAL_LENGTH = 64  # RFC 5321, section 4.5.3.1.1
_POINTER = re.compile(r"(?:/(?:[^~/]|~[01])*)*")
_RELATIVE_POINTER = re.compile(r"(?:0|[1-9][0-9]*)(?:#|(?:/(?:[^~/]|~[01])*)*)")

_IRI_CHARACTERS = "\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\U00010000-\U000effff"


@cache  # compiled when a schema first needs it: with the characters of an IRI, that takes 30 ms
def _reference(more: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of a URI and of a relative reference (RFC 3986, appendix A), with `more` characters."""
    free = rf"[A-Za-z0-9\-._~!$&'()*+,;={more}"
    escape = "%[0-9A-Fa-f]{2}"
    segment, first = rf"(?:{free}:@]|{escape})", rf"(?:{free}@]|{escape})"
    authority = rf"(?:(?:{free}:]|{escape})*@)?(?:\[(?P<literal>[0-9A-Fa-f:.]+)\]|(?:{free}]|{escape})*)(?::[0-9]*)?"
    rest = rf"(?:\?(?:{segment}|[/?])*)?(?:\#(?:{segment}|[/?])*)?"
    rooted = rf"//{authority}(?:/{segment}*)*|/(?:{segment}+(?:/{segment}*)*)?"
    absolute = re.compile(rf"[A-Za-z][A-Za-z0-9+.\-]*:(?:{rooted}|{segment}+(?:/{segment}*)*)?{rest}")
    relative = re.compile(rf"(?:{rooted}|{first}+(?:/{segment}*)*)?{rest}")
    return absolute, relative


def _is_date(text: str) -> bool:
    if _DATE.fullmatch(text) is None:
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_time(text: str) -> bool:
    match = _TIME.fullmatch(text)
    if match is None or match["second"] != "60":
        return match is not None
    # A leap second is the last one of a day in UTC.
    offset = int(match["ahead"]) * 60 + int(match["rest"]) if match["sign"] else 0
    minutes = int(match["hour"]) * 60 + int(match["minute"]) - (offset if match["sign"] == "+" else -offset)
    return minutes % (24 * 60) == 24 * 60 - 1


def _is_date_time(text: str) -> bool:
    return text[10:11] in ("T", "t") and _is_date(text[:10]) and _is_time(text[11:])


def _is_hostname(text: str) -> bool:
    return len(text) <= _HOSTNAME_LENGTH and _HOSTNAME.fullmatch(text) is not None


def _is_ipv4(text: str) -> bool:
    try:
        IPv4Address(text)
    except AddressValueError:
        return False
    return True


def _is_ipv6(text: str) -> bool:
    try:
        IPv6Address(text)
    except AddressValueError:
        return False
    return "%" not in text


def _is_email(text: str) -> bool:
    local, at, domain = text.rpartition("@")
    if not at or len(local) > _LOCAL_LENGTH or _LOCAL.fullmatch(local) is None:
        return False
    if domain.startswith("[") and domain.endswith("]"):
        literal = domain[1:-1]
        return _is_ipv6(literal[5:]) if literal[:5].lower() == "ipv6:" else _is_ipv4(literal)
    return _is_hostname(domain)


def _is_reference(text: str, more: str, *, relative: bool) -> bool:
    patterns = _reference(more)[: 2 if relative else 1]
    match = next((match for pattern in patterns if (match := pattern.fullmatch(text)) is not None), None)
    return match is not None and (match["literal"] is None or _is_ipv6(match["literal"]))


FORMATS: dict[str, Callable[[str], bool]] = {
    "date": _is_date,
    "date-time": _is_date_time,
    "time": _is_time,
    "duration": lambda text: _DURATION.fullmatch(text) is not None,
    "email": _is_email,
    "hostname": _is_hostname,
    "ipv4": _is_ipv4,
    "ipv6": _is_ipv6,
    "uri": lambda text: _is_reference(text, "", relative=False),
    "uri-reference": lambda text: _is_reference(text, "", relative=True),
    "iri": lambda text: _is_reference(text, _IRI_CHARACTERS, relative=False),
    "iri-reference": lambda text: _is_reference(text, _IRI_CHARACTERS, relative=True),
    "uuid": lambda text: _UUID.fullmatch(text) is not None,
    "json-pointer": lambda text: _POINTER.fullmatch(text) is not None,
    "relative-json-pointer": lambda text: _RELATIVE_POINTER.fullmatch(text) is not None,
}
