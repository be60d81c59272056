"""What the guards remember for a while: how much of a limit is used, and which forms have been received.

Neither table names anybody: keys are keyed hashes (see `guards.ratelimits` and `guards.once`), jobs delete the rows
(`coi.tasks`), and history does not follow them.
"""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Allowance(models.Model):
    """How much one account, address or target has used of one limit; written by `guards.ratelimits` only."""

    key = models.CharField(_("nøgle"), max_length=64, primary_key=True)
    limit = models.CharField(_("grænse"), max_length=40)
    kind = models.CharField(_("tælles pr."), max_length=10)
    free_at = models.DateTimeField(
        _("igen urørt"), help_text=_("Derefter er der intet brugt, og rækken kan slettes.")
    )

    class Meta:
        verbose_name = _("forbrug af en grænse")
        verbose_name_plural = _("forbrug af grænser")
        default_permissions: ClassVar = []

    def __str__(self) -> str:
        return f"{self.limit} ({self.kind})"


class Receival(models.Model):
    """One form that has been received, and where its result is; written by `guards.once` only."""

    key = models.CharField(_("nøgle"), max_length=64, primary_key=True)
    url = models.CharField(
        _("adresse"), max_length=500, blank=True, help_text=_("Siden, hvor resultatet kan ses.")
    )
    at = models.DateTimeField(_("hvornår"), db_default=Now())

    class Meta:
        verbose_name = _("modtaget formular")
        verbose_name_plural = _("modtagne formularer")
        default_permissions: ClassVar = []

    def __str__(self) -> str:
        return self.url
