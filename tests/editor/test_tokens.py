from __future__ import annotations

from patternlint.editor.tokens import tokens
from tests.support.views import text_of, view_of

_FILE = "living-commons.md"


def test_names_of_other_patterns_are_colored() -> None:
    view = view_of(_FILE, text_of(_FILE).replace("slug: small-circles", "slug: gone-circles"))
    found = list(tokens(view, lambda entry: entry.slug == "care-before-ownership"))
    by_name = {view.text[one.span.start : one.span.end]: (one.is_known, one.is_deprecated) for one in found}
    assert by_name["gone-circles"] == (False, False)
    assert by_name["care-before-ownership"] == (True, True)
    assert by_name["neighbourhood-assembly"] == (True, False)
    assert "living-commons" not in by_name
    assert [one.span for one in found] == sorted(one.span for one in found)
