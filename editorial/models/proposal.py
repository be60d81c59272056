"""What somebody has typed into the steps of a proposal and that is not, or cannot be, part of the row yet."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ProposalDraft(models.Model):
    """What is typed and not saved as parts: of an entry before it is public, or of a change to one that is.

    `pending` is {step: {field: [values]}} as the browser sent it, so that »nitten« in a field for numbers is there
    on any device. `beside` is what was sent for a step by somebody who had not seen the newest text: both are kept.
    Never tracked, for it may hold contact data; it goes when the proposal is sent.
    """

    content = models.OneToOneField(
        "editorial.Content", on_delete=models.CASCADE, null=True, blank=True, related_name="proposal_draft"
    )
    change = models.OneToOneField(
        "editorial.Change", on_delete=models.CASCADE, null=True, blank=True, related_name="proposal_draft"
    )
    pending = models.JSONField(_("skrevet"), default=dict)
    beside = models.JSONField(_("skrevet samtidig et andet sted"), default=dict)
    updated_at = models.DateTimeField(_("gemt"), auto_now=True)

    class Meta:
        verbose_name = _("kladde")
        verbose_name_plural = _("kladder")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(content__isnull=True) ^ Q(change__isnull=True), name="proposal_draft_of_one"
            )
        ]

    def __str__(self) -> str:
        return str(_("Kladde"))
