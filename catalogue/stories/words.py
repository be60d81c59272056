"""What is read out of a story's words: the year."""

import re

from django.utils import timezone

_YEAR = re.compile(r"(?<!\d)(19\d\d|20\d\d)(?!\d)")


def year_of(happened: str) -> int | None:
    """The year that is named, unless it lies ahead."""
    years = [int(year) for year in _YEAR.findall(happened)]
    return next((year for year in years if year <= timezone.localdate().year), None)
