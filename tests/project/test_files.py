"""Paths for display, in which bytes that are not UTF-8 are escaped."""

from __future__ import annotations

import os

from hypothesis import example, given
from hypothesis import strategies as st

from patternlint.project.files import decodable, encodable

_PARTS = st.sampled_from([b"\\", b"\\\\", b"\\xe9", b"x", b"\xe9", b"\xff", "é".encode(), b"/", b"n"])


@given(st.lists(_PARTS, max_size=8).map(b"".join))
@example(b"\\\\x")
def test_the_path_on_disk_follows_from_the_displayed_one(path: bytes) -> None:
    shown = encodable(os.fsdecode(path))
    assert shown.encode().decode() == shown
    assert os.fsencode(decodable(shown)) == path
