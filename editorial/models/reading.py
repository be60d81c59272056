"""How much is read, and what readers looked for: totals of a day or a month, never a person."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from editorial.models.content import Content
from places.models import Workplace

ENOUGH = 5
"""So many times a search must have led to a workplace in a month before its words are written down at all."""


class Reading(models.Model):
    """How many times a page was opened on a day: of content, or of a workplace itself."""

    content = models.ForeignKey(
        Content, on_delete=models.CASCADE, null=True, related_name="readings", verbose_name=_("indhold")
    )
    workplace = models.ForeignKey(
        Workplace,
        on_delete=models.CASCADE,
        null=True,
        related_name="readings",
        verbose_name=_("arbejdsplads"),
    )
    day = models.DateField(_("dag"))
    times = models.PositiveIntegerField(_("gange"), default=1)

    class Meta:
        verbose_name = _("læsninger")
        verbose_name_plural = _("læsninger")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["content", "workplace", "day"], nulls_distinct=False, name="reading_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(content__isnull=True) ^ Q(workplace__isnull=True), name="reading_of_one_page"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["day"], name="reading_day")]

    def __str__(self) -> str:
        return f"{self.day}: {self.times}"


class Sought(models.Model):
    """What readers had searched for when they opened one of a workplace's pages, per month.

    Only a fingerprint (HMAC) is kept until the same words have come ENOUGH times in that month. Readers are not told
    apart, so one who comes that often counts as several; what may be about a person is never kept (editorial.reading).
    """

    workplace = models.ForeignKey(
        Workplace, on_delete=models.CASCADE, related_name="sought", verbose_name=_("arbejdsplads")
    )
    month = models.DateField(_("måned"), help_text=_("Dens første dag."))
    fingerprint = models.CharField(_("aftryk"), max_length=64)
    words = models.CharField(_("ord"), max_length=80, blank=True)
    times = models.PositiveIntegerField(_("gange"), default=1)

    class Meta:
        verbose_name = _("søgning, der førte hertil")
        verbose_name_plural = _("søgninger, der førte hertil")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workplace", "month", "fingerprint"], name="sought_once_a_month"),
            models.CheckConstraint(
                condition=Q(words="") | Q(times__gte=ENOUGH), name="sought_words_only_of_many"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["month"], name="sought_month")]

    def __str__(self) -> str:
        return self.words or self.fingerprint[:8]
