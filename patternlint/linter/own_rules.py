"""Run rules that are not built in. Each of their errors becomes a diagnostic with a place in their code."""

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
    """A standard output that refuses writes: output of a rule would be part of the report."""

    def write(self, _text: str) -> int:
        message = "printed to standard output, which holds the report; print to `sys.stderr` instead"
        raise BrokenRuleError(message)


def without_output() -> AbstractContextManager[Any]:
    """Return a context in which writing to standard output raises `BrokenRuleError`."""
    return redirect_stdout(_NoOutput())


def error_place(error: BaseException, file: str = "") -> CodePlace | None:
    """Return the innermost line of a traceback that is in `file`, or in any file without one; None if it has none."""
    lines = [(frame.f_code.co_filename, line) for frame, line in walk_tb(error.__traceback__)]
    inside = [line for line in lines if file in ("", line[0])]
    return _code_place(*inside[-1]) if inside else None


def rule_file(rule: type[BaseRule]) -> str:
    """Return the file that defines a rule."""
    return str(sys.modules[rule.__module__].__file__)


def attribute_place(rule: type[BaseRule], name: str) -> CodePlace:
    """Return the line on which a class sets an attribute or defines a method; its first line if it does not."""
    try:
        lines, first = inspect.getsourcelines(rule)
    except OSError:
        lines, first = [], 1
    sets = re.compile(rf"\s+(?:def\s+)?{re.escape(name)}\b")
    return _code_place(rule_file(rule), next((i for i, line in enumerate(lines, first) if sets.match(line)), first))


def _code_place(file: str, line: int) -> CodePlace:
    """Return a place whose file is relative to the working directory if it is below it."""
    path = Path(file)
    return CodePlace((path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path).as_posix(), line)


def verified_diagnostics(check: Callable[..., Iterable[Diagnostic]], *subject: Any) -> Iterator[Diagnostic]:
    """Yield the diagnostics of the `check` method of a rule.

    Raises:
        BrokenRuleError: if that is not a valid diagnostic.
    """
    results = check(*subject)
    if not isinstance(results, Iterable):
        message = f"returned `{results!r}` from `check` instead of yielding diagnostics"
        raise BrokenRuleError(message)
    for result in results:
        mistake = _mistake_in(result)
        if mistake:
            error = BrokenRuleError(mistake)
            if isinstance(results, GeneratorType):
                results.throw(error)  # adds the line that yields to the traceback
            raise error
        yield result


def _mistake_in(result: object) -> str:
    """Return why a value that a rule yields is not a valid diagnostic; empty if it is one."""
    if not isinstance(result, Diagnostic):
        return f"yielded `{result!r}` instead of a diagnostic"
    try:
        _decode(_encode(result))
    except msgspec.ValidationError as error:
        return f"yielded an invalid diagnostic: {explain_conversion_error(error, Diagnostic)}"
    except (TypeError, ValueError, OverflowError) as error:
        return f"yielded an invalid diagnostic: {error}"
    return ""
