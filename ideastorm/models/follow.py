"""That somebody follows a storm or an idea, and how far they have been told of it."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from editorial.choices import READABLE, State
from ideastorm.choices import StormPhase
from ideastorm.clock import phase_of
from ideastorm.models.idea import Idea
from ideastorm.models.storm import Storm


class FollowQuerySet(models.QuerySet["Follow"]):
    """Follows as pages and the job use them."""

    def of(self, user: User) -> Self:
        """A person's own, newest first."""
        return self.filter(user=user).order_by("-created_at", "-pk")

    def may_be_told(self) -> Self:
        """Those whose account is open and whose page anyone may read now."""
        public = Q(storm__state__in=READABLE) | Q(
            idea__state=State.PUBLISHED, idea__storm__state__in=READABLE
        )
        return self.filter(public, user__is_active=True)

    def with_new_phase(self) -> Self:
        """Those whose storm has come to another phase than they know of; with `phase`."""
        rows = self.filter(storm__isnull=False).annotate(phase=phase_of("storm__"))
        return rows.exclude(told_phase=models.F("phase"))


class Follow(models.Model):
    """That an account follows a storm or an idea. Stopped by deleting the row."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="follows", verbose_name=_("konto")
    )
    storm = models.ForeignKey(
        Storm,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="follows",
        verbose_name=_("idéstorm"),
    )
    idea = models.ForeignKey(
        Idea, on_delete=models.CASCADE, null=True, blank=True, related_name="follows", verbose_name=_("idé")
    )
    created_at = models.DateTimeField(_("fulgt fra"), db_default=Now())
    told_phase = models.CharField(
        _("kender fasen"), max_length=10, blank=True, choices=StormPhase, editable=False
    )
    """The phase of the storm that they know of; empty for an idea."""
    told_until = models.DateTimeField(_("har hørt til og med"), db_default=Now(), editable=False)
    """Answers and news from before this moment are known or have been told."""

    objects = FollowQuerySet.as_manager()

    class Meta:
        verbose_name = _("fulgt idéstorm eller idé")
        verbose_name_plural = _("fulgte idéstorme og ideer")
        default_permissions: ClassVar = []
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(storm__isnull=False, idea__isnull=True)
                | Q(storm__isnull=True, idea__isnull=False),
                name="follow_of_one_thing",
                violation_error_message=_("Man følger enten en idéstorm eller en idé."),
            ),
            models.UniqueConstraint(
                fields=["user", "storm"],
                name="follow_storm_once",
                violation_error_message=_("Du følger allerede idéstormen."),
            ),
            models.UniqueConstraint(
                fields=["user", "idea"],
                name="follow_idea_once",
                violation_error_message=_("Du følger allerede ideen."),
            ),
            models.CheckConstraint(
                condition=Q(idea__isnull=True, told_phase__in=StormPhase.values)
                | Q(storm__isnull=True, told_phase=""),
                name="follow_knows_phase",
                violation_error_message=_("Den fase findes ikke."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)
