"""patternlint: the schema validator and linter for pattern files."""

import os.path

__version__ = "0.1.0"

# In a checkout that is not installed, `rules/` and `schemas/` lie beside this package and not in it.
_HERE = os.path.dirname(os.path.realpath(__file__))
_CHECKOUT = os.path.dirname(_HERE)
if not os.path.isdir(os.path.join(_HERE, "rules")) and os.path.isdir(os.path.join(_CHECKOUT, "rules")):
    __path__.append(_CHECKOUT)
