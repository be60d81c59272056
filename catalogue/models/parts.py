"""Rows that hang on an entry: measures of effect, the timeline, a tool's steps, and answered hard questions."""

from typing import ClassVar

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalogue.choices import Better
from catalogue.models.entry import Entry
from editorial.fields import one_of


class Row(models.Model):
    """A row with a place in the order of its entry."""

    position = models.PositiveSmallIntegerField(_("rækkefølge"), default=0)

    class Meta:
        abstract = True
        ordering: ClassVar = ["position", "id"]


@pghistory.track()
class Measure(Row):
    """One measured effect: the same thing before and after, in one unit."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="measures")
    label = models.CharField(_("mål"), max_length=80, help_text=_("F.eks. »Klager«."))
    unit = models.CharField(_("enhed"), max_length=60, help_text=_("F.eks. »om måneden« eller »i minutter«."))
    before = models.DecimalField(_("før"), max_digits=14, decimal_places=3, null=True, blank=True)
    after = models.DecimalField(_("efter"), max_digits=14, decimal_places=3, null=True, blank=True)
    better = models.CharField(_("hvad er bedre"), max_length=6, choices=Better, blank=True)
    evidence = models.CharField(
        _("hvordan ved I det"),
        max_length=300,
        blank=True,
        help_text=_("F.eks. »Egen optælling, fire måneder før og efter«."),
    )

    class Meta(Row.Meta):
        verbose_name = _("målt virkning")
        verbose_name_plural = _("målte virkninger")
        constraints: ClassVar = [
            one_of("better", Better, name="measure_better_known"),
            models.CheckConstraint(
                condition=models.Q(before__isnull=False) | models.Q(after__isnull=False),
                name="measure_has_number",
                violation_error_message=_("Skriv mindst ét af tallene før og efter."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.unit}"


@pghistory.track()
class TimelineStep(Row):
    """Something that happened along the way."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="timeline")
    when = models.CharField(_("hvornår"), max_length=60, help_text=_("F.eks. »Marts 2024«."))
    text = models.CharField(_("hvad skete der"), max_length=400)

    class Meta(Row.Meta):
        verbose_name = _("skridt på tidslinjen")
        verbose_name_plural = _("tidslinje")

    def __str__(self) -> str:
        return f"{self.when}: {self.text}"


@pghistory.track()
class Step(Row):
    """One step of a tool."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="steps")
    title = models.CharField(_("trin"), max_length=120)
    text = models.TextField(_("sådan gør I"), blank=True, max_length=4000)

    class Meta(Row.Meta):
        verbose_name = _("trin")
        verbose_name_plural = _("trin")

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class HardQuestion(Row):
    """»Spørg om det, der var svært«: a question and the answer of those who did it, readable by all."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="questions")
    question = models.CharField(_("spørgsmål"), max_length=300)
    answer = models.TextField(_("svar"), max_length=4000)
    answered_by = models.CharField(
        _("hvem svarer"),
        max_length=120,
        blank=True,
        help_text=_("Fornavn og rolle, når personen har sagt ja."),
    )

    class Meta(Row.Meta):
        verbose_name = _("svar på det svære")
        verbose_name_plural = _("det, der var svært")

    def __str__(self) -> str:
        return self.question
