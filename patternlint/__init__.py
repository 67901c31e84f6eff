"""patternlint: the schema validator and linter for pattern files."""

from pathlib import Path

__version__ = "0.1.0"

# In a checkout that is not installed, `rules/` and `schemas/` lie beside this package and not in it.
_CHECKOUT = Path(__file__).resolve().parent.parent
if not (_CHECKOUT / "patternlint" / "rules").is_dir() and (_CHECKOUT / "rules").is_dir():
    __path__.append(str(_CHECKOUT))
