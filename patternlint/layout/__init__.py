"""The canonical layout of a pattern file, from the spec's data: pure functions from a pattern to edits of its text.

Nothing here loads and dumps YAML: an edit replaces the characters that must change and no others.
"""

from patternlint.edits.insert_key import can_add_key
from patternlint.edits.scalars import reads_as_text
from patternlint.layout.banners import check_banner_form, check_group_spacing, check_missing_banners
from patternlint.layout.blank_lines import check_final_newline, check_gap_before_body, check_trailing_whitespace
from patternlint.layout.data_check import preserves_data
from patternlint.layout.folds import check_fold_width
from patternlint.layout.indentation import check_indentation
from patternlint.layout.issue import MISSING, LayoutIssue, all_edits
from patternlint.layout.key_order import check_key_order
from patternlint.layout.lists import BLOCK, EMPTY, INLINE, INLINE_WIDTH, check_list_style
from patternlint.layout.quotes import CLOSING_QUOTES, TYPOGRAPHIC, check_quotes, expected_quotes, has_typographic_quotes

__all__ = [
    "BLOCK",
    "CLOSING_QUOTES",
    "EMPTY",
    "INLINE",
    "INLINE_WIDTH",
    "MISSING",
    "TYPOGRAPHIC",
    "LayoutIssue",
    "all_edits",
    "can_add_key",
    "check_banner_form",
    "check_final_newline",
    "check_fold_width",
    "check_gap_before_body",
    "check_group_spacing",
    "check_indentation",
    "check_key_order",
    "check_list_style",
    "check_missing_banners",
    "check_quotes",
    "check_trailing_whitespace",
    "expected_quotes",
    "has_typographic_quotes",
    "preserves_data",
    "reads_as_text",
]
