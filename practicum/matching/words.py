"""The Danish of the codes. Said so that it fits whoever reads it: guest, host or editors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from practicum.matching.fairness import Change
from practicum.matching.limits import Limit
from practicum.matching.preferences import Criterion
from practicum.matching.result import Full, Origin

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

LIMITS: dict[Limit, _StrPromise] = {
    Limit.OWN_WORKPLACE: _("Pladsen er på den arbejdsplads, gæsten selv kommer fra."),
    Limit.DAYS: _("Opholdet varer flere dage, end der er ønsket."),
    Limit.DATES: _("Der er ikke nok dage, hvor begge kan."),
    Limit.TRAVEL: _("Pladsen ligger uden for den grænse, der er sat for rejsen."),
    Limit.CHILDREN: _("Pladsen kræver en børneattest."),
    Limit.CRIMINAL_RECORD: _("Pladsen kræver en straffeattest."),
    Limit.FORBIDDEN: _("Redaktionen har valgt, at de to ikke sættes sammen."),
    Limit.DECLINED: _("Der er allerede sagt nej til netop dette ophold."),
    Limit.GONE: _("Pladsen er ikke længere med i runden."),
}
"""Why a guest and a place can't be put together."""

FULL: dict[Full, _StrPromise] = {
    Full.POINTS: _("Pladsen er fyldt af gæster med flere point."),
    Full.DRAW: _("Pladsen er fyldt. Der var flere med lige mange point, og lodtrækningen afgjorde det."),
    Full.FIXED: _("Pladsen var optaget, før resten blev fordelt."),
    Full.NO_SEATS: _("Pladsen har ikke plads til nogen i denne runde."),
}
"""Why a place that could have been was not to be had."""

NO_WISHES = _("Ansøgningen har ingen ønsker blandt rundens pladser.")

CRITERIA: dict[Criterion, _StrPromise] = {
    Criterion.SUBJECT: _("Samme fagområde"),
    Criterion.SECTOR: _("Fra en anden sektor"),
    Criterion.DISTANCE: _("Kort afstand"),
    Criterion.LAST_YEAR: _("Fik ikke en plads sidste år"),
    Criterion.MARK: _("Værtens egen markering"),
}
"""The names of the criteria, as in the form of weights and beside points."""

ORIGINS: dict[Origin, _StrPromise] = {
    Origin.MATCHED: _("Fordelt efter ønsker"),
    Origin.PINNED: _("Sat sammen af redaktionen"),
    Origin.KEPT: _("Sendt tidligere"),
}
"""Where a pair comes from."""

CHANGES: dict[Change, _StrPromise] = {
    Change.GAINS: _("Får en plads"),
    Change.LOSES: _("Mister sin plads"),
    Change.BETTER: _("Får et højere ønske"),
    Change.WORSE: _("Får et lavere ønske"),
    Change.OTHER: _("Får en anden plads"),
}
"""What another matching does to a guest."""

WISH = _("ønske nr. %(number)s")
NOT_WISHED = _("ikke blandt ønskerne")
ONE_SUBJECT = _("samme fagområde: %(subjects)s")
SUBJECTS = _("samme fagområder: %(subjects)s")
OTHER_SECTOR = _("fra en anden sektor")
DISTANCE = _("%(km)s km")
LAST_YEAR = _("fik ikke en plads sidste år")
WANTED = _("værten vil gerne have gæsten")
DOUBTED = _("værten er i tvivl")
PINNED = _("sat sammen af redaktionen")
KEPT = _("står fra et forslag, der er sendt")
"""Parts of one sentence, put together by `reasons`."""
