"""`patternlint server`."""

from __future__ import annotations

import gc
import os
import sys
import traceback
from importlib.util import find_spec

from patternlint.cli.arguments import Parser, add_common
from patternlint.cli.errors import UsageError
from patternlint.cli.exit_codes import ERROR as INTERNAL_ERROR
from patternlint.cli.options import CommonOptions


def parser() -> Parser[CommonOptions]:
    """Return the parser of `patternlint server`."""
    arguments = Parser(
        lambda: CommonOptions,
        "server",
        "",
        "Serve an editor: findings while you type, completion, quick fixes and navigation, by the Language Server Protocol "
        "on standard input and output.",
    )
    return add_common(arguments)


def run(options: CommonOptions) -> int:  # noqa: ARG001 - the settings are those of each library
    """Serve an editor, and return the exit code.

    Raises:
        UsageError: when the extra is not installed.
    """
    if find_spec("pygls") is None or find_spec("lsprotocol") is None:
        message = "`patternlint server` needs more packages; run `pip install 'patternlint[lsp]'`"
        raise UsageError(message)
    from patternlint.server.wire.main import serve_on_standard_streams  # noqa: PLC0415 - takes half a second

    gc.enable()  # unlike a run, a server goes on
    code = INTERNAL_ERROR
    try:
        code = serve_on_standard_streams()
    except Exception:  # noqa: BLE001 - the process ends here
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)  # a thread may still wait for standard input
