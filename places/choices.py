"""The values of the portal's `sektor` parameter."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sector(models.TextChoices):
    """Which part of society a workplace belongs to; several may apply to content."""

    STATE = "stat", _("Staten")
    REGION = "region", _("Regioner")
    MUNICIPALITY = "kommune", _("Kommuner")
    SELF_GOVERNING = "selvejende", _("Selvejende institutioner")
    ORGANISATION = "organisation", _("Organisationer")
    PRIVATE = "privat", _("Private virksomheder")
    CIVIL_SOCIETY = "civilsamfund", _("Civilsamfund")
