"""Runs the code of rules that are not built in: whatever it does becomes a finding with the rule's own file and line."""

from __future__ import annotations

import inspect
import io
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, redirect_stdout
from pathlib import Path
from traceback import walk_tb
from types import GeneratorType
from typing import Any

import msgspec

from patternlint.diagnostics.diagnostic import Diagnostic
from patternlint.messages.conversion_errors import explain_conversion_error
from patternlint.rule.base import BaseRule
from patternlint.rule.internal import BrokenRuleError, CodePlace

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Diagnostic).decode


class _NoOutput(io.TextIOBase):
    """A standard output that cannot be written: what a rule prints would end up in the report."""

    def write(self, _text: str) -> int:
        message = "printed to standard output, which holds the report; print to `sys.stderr` instead"
        raise BrokenRuleError(message)


def without_output() -> AbstractContextManager[Any]:
    """Return a context in which writing to standard output raises `BrokenRuleError`."""
    return redirect_stdout(_NoOutput())


def error_place(error: BaseException, file: str = "") -> CodePlace | None:
    """Return the last place in `file`, or in any file, that an error came through; None when there is none."""
    places = [(frame.f_code.co_filename, line) for frame, line in walk_tb(error.__traceback__)]
    inside = [place for place in places if not file or place[0] == file]
    return _code_place(*inside[-1]) if inside else None


def rule_file(rule: type[BaseRule]) -> str:
    """Return the file that defines a rule."""
    return str(sys.modules[rule.__module__].__file__)


def attribute_place(rule: type[BaseRule], name: str) -> CodePlace:
    """Return where the class of a rule sets an attribute or defines a method; the start of the class when it does not."""
    try:
        lines, first = inspect.getsourcelines(rule)
    except OSError:
        lines, first = [], 1
    sets = re.compile(rf"\s+(?:def\s+)?{re.escape(name)}\b")
    return _code_place(rule_file(rule), next((first + at for at, line in enumerate(lines) if sets.match(line)), first))


def _code_place(file: str, line: int) -> CodePlace:
    """Return a place in a file, which is named relative to the working directory when it is below it."""
    path = Path(file)
    return CodePlace((path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path).as_posix(), line)


def verified_diagnostics(check: Callable[..., Iterable[Diagnostic]], *subject: Any) -> Iterator[Diagnostic]:
    """Yield what the `check` method of a rule yields.

    Raises:
        BrokenRuleError: if that is not a valid diagnostic.
    """
    found = check(*subject)
    if not isinstance(found, Iterable):
        message = f"returned `{found!r}` from `check` instead of yielding diagnostics"
        raise BrokenRuleError(message)
    for one in found:
        mistake = _mistake_in(one)
        if mistake:
            error = BrokenRuleError(mistake)
            if isinstance(found, GeneratorType):
                found.throw(error)  # so that the traceback has the line that yields
            raise error
        yield one


def _mistake_in(found: object) -> str:
    """Return what is wrong with something that a rule yields; empty when it is a valid diagnostic."""
    if not isinstance(found, Diagnostic):
        return f"yielded `{found!r}` instead of a diagnostic"
    try:
        _decode(_encode(found))
    except msgspec.ValidationError as error:
        return f"yielded an invalid diagnostic: {explain_conversion_error(error, Diagnostic)}"
    except (TypeError, ValueError, OverflowError) as error:
        return f"yielded an invalid diagnostic: {error}"
    return ""
