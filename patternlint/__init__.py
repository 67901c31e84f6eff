"""A linter for libraries of pattern files: linked Markdown with YAML front matter."""

import os.path

__version__ = "0.2.0"

# In a checkout that is not installed, `rules/` and `schemas/` are beside this package, not inside it.
_HERE = os.path.dirname(os.path.realpath(__file__))
_CHECKOUT = os.path.dirname(_HERE)
if not os.path.isdir(os.path.join(_HERE, "rules")) and os.path.isdir(os.path.join(_CHECKOUT, "rules")):
    __path__.append(_CHECKOUT)
