"""What is read out of a story's words: its first sentences, and the year."""

import re

from django.utils import timezone
from django.utils.text import Truncator

SUMMARY = 300
"""Characters of a story's summary."""
_SENTENCE = re.compile(r"(?<=[.!?…])\s+")
_YEAR = re.compile(r"(?<!\d)(19\d\d|20\d\d)(?!\d)")


def summary_of(text: str) -> str:
    """The first sentences, whole as far as they fit."""
    plain = " ".join(text.split())
    kept = ""
    for sentence in _SENTENCE.split(plain):
        if len(kept) + len(sentence) + 1 > SUMMARY:
            break
        kept = f"{kept} {sentence}".strip()
    return kept or Truncator(plain).chars(SUMMARY)


def year_of(happened: str) -> int | None:
    """The year that is named, unless it lies ahead."""
    years = [int(year) for year in _YEAR.findall(happened)]
    return next((year for year in years if year <= timezone.localdate().year), None)
