"""Workplaces that the centre has asked to offer places in a round."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from places.models import Workplace
from practicum.models.round import Round


class HostInvitation(models.Model):
    """A workplace's contact persons have been asked to offer a place in a round. Once, by a unique row."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="invitations")
    workplace = models.ForeignKey(Workplace, on_delete=models.CASCADE, related_name="practicum_invitations")
    created_at = models.DateTimeField(_("spurgt"), db_default=Now())

    class Meta:
        verbose_name = _("invitation til at være vært")
        verbose_name_plural = _("invitationer til at være vært")
        default_permissions: ClassVar = ["view"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "workplace"],
                name="host_invitation_once",
                violation_error_message=_("Arbejdspladsen er allerede inviteret i runden."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.workplace} ({self.round})"
