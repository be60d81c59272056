"""Official municipal boundaries, where an operator has loaded them (`load_boundaries`)."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from places.models.geography import Municipality


@pghistory.track(exclude=["geometry", "outline"], model_name="BoundaryEvent")
class Boundary(models.Model):
    """The area of one municipality, as it was loaded. Either all municipalities have one, or none has.

    `geometry` (GeoJSON MultiPolygon, WGS84) is what was in the file and answers where a point lies; `outline` is the
    same with fewer corners, for drawing: neighbours have lost the same corners, so they still fit. The box is a
    filter for the database. The history has who loaded what and when, not the shapes.
    """

    municipality = models.OneToOneField(
        Municipality,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="boundary",
        verbose_name=_("kommune"),
    )
    geometry = models.JSONField(_("grænse"))
    outline = models.JSONField(_("omrids"))
    west = models.FloatField(_("vest"))
    south = models.FloatField(_("syd"))
    east = models.FloatField(_("øst"))
    north = models.FloatField(_("nord"))
    source = models.CharField(_("kilde"), max_length=300)
    loaded_at = models.DateTimeField(_("indlæst"))

    class Meta:
        verbose_name = _("kommunegrænse")
        verbose_name_plural = _("kommunegrænser")
        default_permissions: ClassVar = []
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    geometry__contains={"type": "MultiPolygon"}, outline__contains={"type": "MultiPolygon"}
                ),
                name="boundary_is_an_area",
            ),
            models.CheckConstraint(
                condition=Q(west__gte=7, south__gte=54, east__lte=16, north__lte=59)
                & Q(west__lt=F("east"))
                & Q(south__lt=F("north")),
                name="boundary_box_in_denmark",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="boundary_has_a_source"),
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id} ({self.source})"
