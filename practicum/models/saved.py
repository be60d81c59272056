"""That somebody wants to be told of new practicum places like those of a choice in the list."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class SavedSearchQuerySet(models.QuerySet["SavedSearch"]):
    """Saved searches as pages and the job use them."""

    def of(self, user: User) -> Self:
        """A person's own, newest first."""
        return self.filter(user=user).order_by("-created_at", "-pk")

    def may_be_told(self) -> Self:
        """Those whose account is open."""
        return self.filter(user__is_active=True)


class SavedSearch(models.Model):
    """A choice in the list of places that an account is told of news in. Stopped by deleting the row."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="saved_searches",
        verbose_name=_("konto"),
    )
    querystring = models.CharField(
        _("valg i listen"), max_length=400, blank=True,
        help_text=_("Listens egne parametre i fast rækkefølge; tom for alle pladser."),
    )  # fmt: skip
    created_at = models.DateTimeField(_("gemt"), db_default=Now())
    told_until = models.DateTimeField(_("har hørt til og med"), db_default=Now(), editable=False)

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        verbose_name = _("gemt søgning efter praktikpladser")
        verbose_name_plural = _("gemte søgninger efter praktikpladser")
        default_permissions: ClassVar = []
        indexes: ClassVar = [models.Index(fields=["told_until"], name="savedsearch_told")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "querystring"],
                name="saved_search_once",
                violation_error_message=_("Du får allerede besked om de pladser."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)
