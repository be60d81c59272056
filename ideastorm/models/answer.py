"""The answer to an idea, and what happened later."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from editorial.fields import one_of
from editorial.models import Content
from editorial.rules import refuse
from ideastorm.choices import AnswerStatus
from ideastorm.models.idea import Idea


class IdeaAnswerQuerySet(models.QuerySet["IdeaAnswer"]):
    """Answers as pages use them."""

    def latest_of(self, ideas: list[int]) -> dict[int, IdeaAnswer]:
        """Idea → its present answer; ideas without any are left out. One query."""
        rows = self.filter(idea__in=ideas).order_by("idea_id", "-number").distinct("idea_id")
        return {row.idea_id: row for row in rows.select_related("entry")}

    def with_names(self) -> Self:
        """With what a list of answers shows."""
        return self.select_related("entry", "idea")


class IdeaAnswer(models.Model):
    """A version of the answer to an idea; the highest number holds. The web role may only add rows."""

    append_only = True

    idea = models.ForeignKey(Idea, on_delete=models.PROTECT, related_name="answers", verbose_name=_("idé"))
    number = models.PositiveSmallIntegerField(_("nummer"), default=1)
    status = models.CharField(_("svar"), max_length=15, choices=AnswerStatus)
    reason = models.TextField(_("begrundelse"), max_length=6000)
    authority = models.CharField(_("sendt videre til"), max_length=160, blank=True)
    sent_on = models.DateField(_("sendt videre den"), null=True, blank=True)
    entry = models.ForeignKey(
        "catalogue.Entry",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="idea_answers",
        verbose_name=_("findes allerede her"),
    )
    decided_by_key = models.UUIDField(_("svaret af"), null=True)
    decided_at = models.DateTimeField(_("svaret"), db_default=Now())

    objects = IdeaAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("svar på en idé")
        verbose_name_plural = _("svar på ideer")
        ordering: ClassVar = ["idea", "number"]
        default_permissions: ClassVar = ["view"]
        constraints: ClassVar = [
            one_of("status", AnswerStatus, name="answer_status_known"),
            models.UniqueConstraint(
                fields=["idea", "number"],
                name="answer_version_once",
                violation_error_message=_(
                    "En anden har lige svaret på ideen. Læs svaret, før du skriver et nyt."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(reason__regex=r"^\s*$"),
                name="answer_has_reason",
                violation_error_message=_("Skriv en begrundelse, som alle må læse."),
            ),
            models.CheckConstraint(
                condition=(Q(status=AnswerStatus.SENT_ON, sent_on__isnull=False) & ~Q(authority=""))
                | (~Q(status=AnswerStatus.SENT_ON) & Q(authority="", sent_on__isnull=True)),
                name="answer_sent_on_to_whom",
                violation_error_message=_("Skriv, hvilken myndighed ideen er sendt til, og hvornår."),
            ),
            models.CheckConstraint(
                condition=Q(status=AnswerStatus.EXISTS, entry__isnull=False)
                | (~Q(status=AnswerStatus.EXISTS) & Q(entry__isnull=True)),
                name="answer_exists_where",
                violation_error_message=_("Vælg det indlæg, hvor det findes allerede."),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="numbers_follow",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"""
                    IF NEW.number <> 1 + coalesce(
                        (SELECT max(number) FROM ideastorm_ideaanswer WHERE idea_id = NEW.idea_id), 0) THEN
                        {refuse("answer_version_once", "somebody has answered meanwhile")}
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 - our own names
            ),
        ]

    def __str__(self) -> str:
        return f"{self.idea}: {self.get_status_display()}"


class IdeaNews(models.Model):
    """What happened later with an idea that was taken further; perhaps the project or entry that it became."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="news", verbose_name=_("idé"))
    text = models.TextField(_("nyt"), max_length=2000)
    became = models.ForeignKey(
        Content,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="from_ideas",
        verbose_name=_("blev til"),
        help_text=_("Projektet på kortet eller indlægget i Inspiration, som ideen blev til."),
    )
    happened_on = models.DateField(_("dato"))
    written_by_key = models.UUIDField(_("skrevet af"), null=True)
    created_at = models.DateTimeField(_("skrevet"), db_default=Now())

    class Meta:
        verbose_name = _("nyt om en idé")
        verbose_name_plural = _("nyt om ideer")
        ordering: ClassVar = ["happened_on", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(text__regex=r"^\s*$"),
                name="idea_news_has_text",
                violation_error_message=_("Skriv, hvad der er sket."),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="became_something_real",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("became_id"),
                condition=pgtrigger.Q(new__became__isnull=False),
                func=f"""
                    IF EXISTS (SELECT 1 FROM editorial_content WHERE id = NEW.became_id
                        AND kind IN ('idestorm', 'ide', 'historie', 'enhed')) THEN
                        {refuse("idea_became_project_or_entry", "an idea becomes a project or an entry")}
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 - our own names
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]
