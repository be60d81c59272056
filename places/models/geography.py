"""Regions and municipalities. Who belongs to whom depends on the day, so it is a row with a period."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Self

import pghistory
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from places.fields import danish_sort_key, one_at_a_time

four_digits = RegexValidator(r"^\d{4}$", _("Koden skal være fire cifre."))


class RegionQuerySet(models.QuerySet["Region"]):
    """Regions, with the day as a filter."""

    def valid_on(self, day: dt.date) -> Self:
        """Regions that exist on `day`."""
        return self.filter(Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day)))


@pghistory.track(exclude=["sort_key"], model_name="RegionEvent")
class Region(models.Model):
    """One of the regions, for as long as it exists. An old code keeps its meaning for ever."""

    code = models.CharField(_("kode"), max_length=4, primary_key=True, validators=[four_digits])
    name = models.CharField(_("navn"), max_length=80, help_text=_("F.eks. »Region Midtjylland«."))
    short_name = models.CharField(_("kort navn"), max_length=40, help_text=_("F.eks. »Midtjylland«."))
    valid_from = models.DateField(_("gælder fra"))
    valid_to = models.DateField(
        _("gælder til"), null=True, blank=True, help_text=_("Første dag, hvor regionen ikke længere findes.")
    )
    successor = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=_("afløst af"),
    )
    sort_key = danish_sort_key("short_name")

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regioner")
        ordering: ClassVar = ["sort_key"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(code__regex=r"^\d{4}$"), name="region_code_four_digits"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=models.F("valid_from")),
                name="region_period_forward",
                violation_error_message=_("Slutdatoen skal ligge efter startdatoen."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def exists_on(self, day: dt.date) -> bool:
        """Whether the region exists on `day`."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@pghistory.track(exclude=["sort_key"], model_name="MunicipalityEvent")
class Municipality(models.Model):
    """One of the 98 municipalities, with a seat coordinate that lies inside it."""

    code = models.CharField(_("kode"), max_length=4, primary_key=True, validators=[four_digits])
    name = models.CharField(_("navn"), max_length=60, help_text=_("F.eks. »Aarhus«."))
    full_name = models.CharField(_("fulde navn"), max_length=80, help_text=_("F.eks. »Aarhus Kommune«."))
    seat = models.CharField(_("hovedsæde"), max_length=60)
    lat = models.DecimalField(_("breddegrad"), max_digits=8, decimal_places=5)
    lng = models.DecimalField(_("længdegrad"), max_digits=8, decimal_places=5)
    population = models.PositiveIntegerField(
        _("indbyggere"), null=True, blank=True, help_text=_("Til antal pr. 100.000 indbyggere på kortet.")
    )
    population_year = models.PositiveSmallIntegerField(
        _("indbyggere i år"), null=True, blank=True, help_text=_("Det år, tallet gælder for.")
    )
    sort_key = danish_sort_key("name")
    regions = models.ManyToManyField(
        Region, through="places.MunicipalityRegion", related_name="municipalities"
    )

    class Meta:
        verbose_name = _("kommune")
        verbose_name_plural = _("kommuner")
        ordering: ClassVar = ["sort_key"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(code__regex=r"^\d{4}$"), name="municipality_code_four_digits"),
            models.CheckConstraint(
                condition=Q(lat__range=(54.4, 57.9)) & Q(lng__range=(7.9, 15.3)),
                name="municipality_seat_in_denmark",
                violation_error_message=_("Punktet ligger uden for Danmark."),
            ),
            models.CheckConstraint(
                condition=Q(population__isnull=True, population_year__isnull=True)
                | Q(population__isnull=False, population__gt=0, population_year__isnull=False)
                & Q(population_year__range=(2007, 2100)),
                name="municipality_population_with_its_year",
                violation_error_message=_(
                    "Skriv både antal indbyggere og årstal (tidligst 2007), eller ingen af dem."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    def region_on(self, day: dt.date) -> Region | None:
        """The region the municipality belongs to on `day`, or None before the first period."""
        return (
            Region.objects.filter(
                Q(members__municipality=self, members__valid_from__lte=day),
                Q(members__valid_to__isnull=True) | Q(members__valid_to__gt=day),
            )
            .order_by()
            .first()
        )


@pghistory.track()
class MunicipalityRegion(models.Model):
    """Which region a municipality belongs to, in one period."""

    municipality = models.ForeignKey(
        Municipality, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("kommune")
    )
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="members", verbose_name=_("region")
    )
    valid_from = models.DateField(_("fra"))
    valid_to = models.DateField(
        _("til"), null=True, blank=True, help_text=_("Første dag, det ikke længere gælder.")
    )

    class Meta:
        verbose_name = _("kommunens region")
        verbose_name_plural = _("kommunens regioner")
        ordering: ClassVar = ["valid_from"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=models.F("valid_from")),
                name="municipality_region_period_forward",
                violation_error_message=_("Slutdatoen skal ligge efter startdatoen."),
            ),
            one_at_a_time(
                "municipality",
                name="municipality_region_one_at_a_time",
                message=_("Kommunen hører allerede til en region i den periode."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id} → {self.region_id}"
