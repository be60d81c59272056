"""A round: a year of Innovationspraktik with its common week and its dates."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import TYPE_CHECKING, ClassVar, Self

import pghistory
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from editorial.clock import CoiToday
from practicum.choices import RoundPhase
from practicum.clock import phase_of

DEFAULT_WEEK = 37
"""The week that it has been held in since 2015."""


def new_seed() -> str:
    """What ties between guests are broken by: drawn once, before anybody has applied, and then public."""
    return secrets.token_hex(8)


class RoundQuerySet(models.QuerySet["Round"]):
    """Rounds as pages use them. What a page or a predicate asks about the phase needs `with_phase()`."""

    def with_phase(self) -> Self:
        """With `phase` (RoundPhase) and `today` (the Danish day by the database's clock)."""
        return self.annotate(phase=phase_of(), today=CoiToday())

    def public(self) -> Self:
        """Those that anyone may read."""
        return self.filter(is_public=True)

    def standing(self) -> Self:
        """The public ones that are not over, the one that has come furthest first. With phase."""
        return self.public().not_over()

    def current(self) -> Round | None:
        """The public round that has come furthest without being over; None between rounds. With phase."""
        return self.standing().first()

    def not_over(self) -> Self:
        """Those that are not over, public or not. With phase."""
        rows = self.with_phase().exclude(phase=RoundPhase.OVER)
        return rows.order_by("offers_from", "pk")

    def open_for_offers(self) -> Self:
        """Public ones that hosts may offer places in today."""
        return self.public().filter(offers_from__lte=CoiToday(), offers_until__gte=CoiToday())

    def open_for_applications(self) -> Self:
        """Public ones that guests may apply in today."""
        return self.public().filter(applications_from__lte=CoiToday(), applications_until__gte=CoiToday())


@pghistory.track()
class Round(models.Model):
    """A round. All dates are Danish days; the last day of a period counts in full."""

    year = models.PositiveSmallIntegerField(
        _("år"), unique=True, validators=[MinValueValidator(2015), MaxValueValidator(2100)]
    )
    week = models.PositiveSmallIntegerField(
        _("fælles uge"), default=DEFAULT_WEEK, validators=[MinValueValidator(1), MaxValueValidator(53)],
        help_text=_("Ugens nummer. De fleste ophold ligger i den uge."),
    )  # fmt: skip
    offers_from = models.DateField(_("værter slår pladser op fra"))
    offers_until = models.DateField(_("til og med"))
    applications_from = models.DateField(_("gæster søger fra"))
    applications_until = models.DateField(_("til og med"))
    seats_move_on = models.DateField(
        _("ledige direkte pladser går med i runden"),
        help_text=_("De pladser, der kunne aftales direkte og ikke er taget, fordeles fra den dag i runden."),
    )
    answers_until = models.DateField(
        _("begge har svaret senest"), help_text=_("Så længe varer parringen af gæster og værter.")
    )
    agreements_until = models.DateField(_("aftalen er skrevet senest"))
    stays_from = models.DateField(_("ophold fra"))
    stays_until = models.DateField(_("til og med"))
    evaluation_until = models.DateField(_("evaluering til og med"))
    seed = models.CharField(
        _("lodtrækningens tal"), max_length=16, default=new_seed, editable=False,
        help_text=_("Gør forskel, når to gæster står lige. Trukket på forhånd, og alle kan se det."),
    )  # fmt: skip
    is_public = models.BooleanField(_("vises"), default=False)
    is_demo = models.BooleanField(_("demonstration"), default=False)

    objects = RoundQuerySet.as_manager()

    if TYPE_CHECKING:
        # From with_phase().
        phase: str
        today: dt.date

    class Meta:
        verbose_name = _("runde")
        verbose_name_plural = _("runder")
        ordering: ClassVar = ["-year"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(year__range=(2015, 2100)) & Q(week__range=(1, 53)),
                name="round_year_and_week",
                violation_error_message=_("Skriv et år fra 2015 og en uge fra 1 til 53."),
            ),
            models.CheckConstraint(
                condition=Q(offers_until__gte=F("offers_from"))
                & Q(applications_from__gte=F("offers_from"))
                & Q(applications_until__gte=F("applications_from"))
                & Q(applications_until__gte=F("offers_until")),
                name="round_offers_before_applications",
                violation_error_message=_(
                    "Værterne begynder, før gæsterne søger, og hver periode slutter tidligst den dag, den begynder."
                ),
            ),
            models.CheckConstraint(
                condition=Q(seats_move_on__gte=F("offers_from"))
                & Q(seats_move_on__lte=F("applications_until")),
                name="round_seats_move_in_time",
                violation_error_message=_(
                    "De ledige direkte pladser skal gå med i runden, før der lukkes for at søge."
                ),
            ),
            models.CheckConstraint(
                condition=Q(answers_until__gt=F("applications_until"))
                & Q(agreements_until__gte=F("answers_until"))
                & Q(stays_from__gte=F("agreements_until"))
                & Q(stays_until__gte=F("stays_from"))
                & Q(evaluation_until__gt=F("stays_until")),
                name="round_dates_forward",
                violation_error_message=_(
                    "Datoerne skal følge efter hinanden: ansøgning, svar, aftale, ophold, evaluering."
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Runden %s") % self.year)

    def common_week(self) -> tuple[dt.date, dt.date]:
        """Monday and Friday of the common week."""
        monday = dt.date.fromisocalendar(self.year, self.week, 1)
        return monday, monday + dt.timedelta(days=4)
