"""The canonical layout of a pattern file, from the spec's data: pure functions from a pattern to edits of its text.

Nothing here loads and dumps YAML: an edit replaces the characters that must change and no others.
"""

from patternlint.edits.insert_key import can_add_key
from patternlint.edits.scalars import reads_as_text
from patternlint.layout.banners import malformed_banners, misparted_groups, unopened_groups
from patternlint.layout.blank_lines import final_newlines, gap_before_body, trailing_blanks
from patternlint.layout.folds import overlong_folds
from patternlint.layout.indentation import misindented
from patternlint.layout.issue import EXTRA, MISSING, Slip
from patternlint.layout.key_order import misordered
from patternlint.layout.lists import BLOCK, EMPTY, INLINE, INLINE_WIDTH, misstyled
from patternlint.layout.preserves_data import keeps_data
from patternlint.layout.quotes import CLOSING_QUOTES, TYPOGRAPHIC, has_typographic_quotes, misquoted, wanted_quotes

__all__ = [
    "BLOCK",
    "CLOSING_QUOTES",
    "EMPTY",
    "EXTRA",
    "INLINE",
    "INLINE_WIDTH",
    "MISSING",
    "TYPOGRAPHIC",
    "Slip",
    "can_add_key",
    "final_newlines",
    "gap_before_body",
    "has_typographic_quotes",
    "keeps_data",
    "malformed_banners",
    "misindented",
    "misordered",
    "misparted_groups",
    "misquoted",
    "misstyled",
    "overlong_folds",
    "reads_as_text",
    "trailing_blanks",
    "unopened_groups",
    "wanted_quotes",
]
