"""Our own stylesheets are whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

SHEETS = sorted(Path(settings.BASE_DIR, "static", "css").glob("*.css"))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_every_block_is_closed(sheet: Path) -> None:
    """A brace too few hides all that follows in the block before, and browsers say nothing of it."""
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.S)
    depth = 0
    for number, line in enumerate(text.splitlines(), 1):
        for sign in re.findall(r"[{}]", line):
            depth += 1 if sign == "{" else -1
            assert 0 <= depth <= 2, f"line {number}"
    assert depth == 0
