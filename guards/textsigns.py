"""What in a text the editors should look at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from guards.cpr import cpr_like

LINK = re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE)


@dataclass(frozen=True)
class Sign:
    """Something to look at."""

    key: str
    label: Any
    detail: str = ""
    severe: bool = False


def signs(text: str) -> list[Sign]:
    """What stands out in `text`."""
    found = []
    if cpr_like(text):
        found.append(Sign("cpr", _("Ligner et CPR-nummer"), severe=True))
    if links := LINK.findall(text):
        found.append(Sign("links", _("Indeholder links"), ", ".join(links[:3])))
    return found
