"""An import that somebody in admin has asked for: its file, how far it is, and what came of it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from editorial.fields import one_of

SILENCE = dt.timedelta(seconds=90)
"""A run that is being worked on and has not moved for so long has probably lost its worker."""


class RunState(models.TextChoices):
    """Where an import is."""

    CHECKING = "checking", _("Læses igennem")
    CHECKED = "checked", _("Venter på dit svar")
    IMPORTING = "importing", _("Lægges ind")
    DONE = "done", _("Lagt ind")
    REFUSED = "refused", _("Ikke lagt ind")


class ImportRun(models.Model):
    """A file on its way into the catalogue: read through, looked at by whoever sent it, then imported.

    The file lies in the row and not in the media folder, where everybody could fetch it: it may hold what is not
    public yet. The person is named by the random key of the logs; runs are deleted after 30 days.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("fil"), max_length=200)
    file = models.BinaryField(_("indhold"), editable=False)
    publish = models.BooleanField(_("offentliggør"), default=False)
    skip_bad = models.BooleanField(_("spring rækker med fejl over"), default=False)
    state = models.CharField(_("tilstand"), max_length=10, choices=RunState, default=RunState.CHECKING)
    rows_total = models.PositiveIntegerField(_("rækker"), default=0)
    rows_done = models.PositiveIntegerField(_("læst"), default=0)
    report = models.JSONField(_("resultat"), default=dict)
    requested_by = models.UUIDField(_("af"))
    created_at = models.DateTimeField(_("sendt"), db_default=Now())
    moved_at = models.DateTimeField(_("sidste livstegn"), db_default=Now())
    finished_at = models.DateTimeField(_("færdig"), null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("importer")
        ordering: ClassVar = ["-created_at", "-id"]
        default_permissions: ClassVar = []
        constraints: ClassVar = [
            one_of("state", RunState, name="import_run_state_known"),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(state__in=[RunState.DONE, RunState.REFUSED]),
                name="import_run_finished_is_over",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_working(self) -> bool:
        """Whether something is going on."""
        return self.state in (RunState.CHECKING, RunState.IMPORTING)

    @property
    def is_silent(self) -> bool:
        """Whether something should be going on, but has given no sign for a while."""
        return self.is_working and timezone.now() - self.moved_at > SILENCE
