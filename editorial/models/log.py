"""The log of decisions: append-only, without foreign keys, people named by their random key."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Decision(models.Model):
    """Who moved which content from one state to another, when and why. The web role may only add rows."""

    append_only = True

    content_uuid = models.UUIDField(_("indhold"), db_index=True)
    title = models.CharField(_("titel"), max_length=120)
    actor_key = models.UUIDField(_("hvem"), null=True, help_text=_("Tom: portalen selv."))
    action = models.CharField(_("til"), max_length=20)
    before = models.CharField(_("fra"), max_length=20, blank=True)
    reason = models.TextField(_("begrundelse"), blank=True)
    change_uuid = models.UUIDField(_("ændring"), null=True, help_text=_("Tom: det gjaldt selve indholdet."))
    at = models.DateTimeField(_("hvornår"), db_default=Now())

    class Meta:
        verbose_name = _("behandling")
        verbose_name_plural = _("behandlinger")
        ordering: ClassVar = ["-at", "-id"]
        default_permissions: ClassVar = ["view"]

    def __str__(self) -> str:
        return f"{self.title}: {self.before} → {self.action}"
