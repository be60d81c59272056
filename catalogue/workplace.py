"""What the catalogue shows on a workplace's page: who reused what, and what its people can do for their entries."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalogue.asking.actions import address
from catalogue.models import Entry, Inquiry, Reuse
from catalogue.proposals.steps import PIECES
from editorial.choices import READABLE
from editorial.confirming.actions import Asked, unanswered
from editorial.handlers import Panel
from editorial.models import Content
from editorial.workplace_pages import ToDo
from places.models import Workplace

AT_MOST = 30
LOOKED_AT = 10
"""Entries that are looked through for what is missing; the newest."""


def reuse_panel(workplace: Workplace) -> Panel | None:
    """What the workplace reuses of others', and what others reuse of theirs. Two queries."""
    shown = (
        Reuse.objects.visible().filter(entry__state__in=READABLE).select_related("entry__owner", "workplace")
    )
    shown = shown.order_by("-created_at", "-pk")
    theirs = list(shown.filter(workplace=workplace).prefetch_related("entry__owner__periods")[:AT_MOST])
    others = list(shown.filter(entry__owner=workplace)[:AT_MOST])
    if not theirs and not others:
        return None
    return Panel("catalogue/reusing/on_workplace.html", {"theirs": theirs, "others": others})


def to_do(workplace: Workplace) -> list[ToDo]:
    """Questions without an answer, pages that nobody has confirmed, and parts that readers look for in vain."""
    return [*_questions(workplace), *_stale(workplace), *_missing(workplace)]


def _questions(workplace: Workplace) -> list[ToDo]:
    waiting = Inquiry.objects.waiting().filter(entry__owner=workplace).select_related("entry")[:AT_MOST]
    return [
        ToDo(_("Nogen har spurgt om »%s«.") % row.entry.title, address(row), _("Svar")) for row in waiting
    ]


def _stale(workplace: Workplace) -> list[ToDo]:
    rows = list(
        unanswered(Content.objects.published().filter(owner=workplace)).order_by("sort_key")[:AT_MOST]
    )
    if not rows:
        return []
    days = {row.confirmation_asked_on for row in rows if row.confirmation_asked_on}
    n = len(rows)
    text = ngettext("%(n)s side er ikke bekræftet.", "%(n)s sider er ikke bekræftet.", n) % {"n": n}
    return [
        ToDo(text, Asked(workplace.pk, day).address, _("Se, om det stadig passer")) for day in sorted(days)
    ]


def _missing(workplace: Workplace) -> list[ToDo]:
    found = []
    for entry in Entry.objects.published().filter(owner=workplace).order_by("-published_at")[:LOOKED_AT]:
        parts = entry.snapshot()
        lacking = [str(piece.title).lower() for piece in PIECES[entry.kind] if not piece.filled(parts)]
        if lacking:
            text = _("»%(title)s« mangler %(what)s.") % {"title": entry.title, "what": ", ".join(lacking)}
            found.append(ToDo(text, reverse("catalogue:edit", args=[entry.slug]), _("Ret siden")))
    return found
