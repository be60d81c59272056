"""A comment to an idea, and one level of replies."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

import pghistory
import pgtrigger
from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from editorial.fields import one_of
from editorial.models import QueueItem
from editorial.rules import refuse
from ideastorm.choices import ShownAs
from ideastorm.models.idea import Idea
from ideastorm.models.rules import STORM_VARIABLES, storm_of_idea
from places.models import Workplace


class CommentQuerySet(models.QuerySet["Comment"]):
    """Comments as pages use them."""

    def visible(self) -> Self:
        """Those that nobody has hidden."""
        return self.filter(hidden_at=None)

    def first_level(self) -> Self:
        """Those that are no reply."""
        return self.filter(parent=None)

    def of_group(self, idea: Idea) -> Self:
        """Those of an idea and of what was merged into it."""
        return self.filter(idea__in=Idea.objects.with_merged([idea.pk]))


@pghistory.track(exclude=["author", "item", "shown_name"])
class Comment(models.Model):
    """A comment. Needs an account; what is shown of its author follows the storm's terms.

    The idea that a comment was raised to is `raised_to` (see Idea.raised_from).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="comments", verbose_name=_("idé"))
    parent = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="replies",
        verbose_name=_("svar på"),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="idea_comments",
        verbose_name=_("skrevet af"),
    )
    workplace = models.ForeignKey(
        Workplace,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("skrevet som ansat i"),
    )
    shown_as = models.CharField(_("det vises"), max_length=12, choices=ShownAs, default=ShownAs.PRIVATE)
    shown_name = models.CharField(_("navn, der vises"), max_length=80, blank=True)
    text = models.TextField(_("kommentar"), max_length=2000, validators=[MaxLengthValidator(2000)])
    created_at = models.DateTimeField(_("skrevet"), db_default=Now())
    hidden_at = models.DateTimeField(_("skjult"), null=True, blank=True)
    hidden_by_key = models.UUIDField(_("skjult af"), null=True, blank=True)
    hidden_reason = models.CharField(_("hvorfor den er skjult"), max_length=300, blank=True)
    item = models.ForeignKey(
        QueueItem,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="idea_comments",
        verbose_name=_("i køen"),
    )

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("kommentar")
        verbose_name_plural = _("kommentarer")
        ordering: ClassVar = ["created_at", "id"]
        indexes: ClassVar = [models.Index(fields=["idea", "created_at"], name="comment_of_idea")]
        constraints: ClassVar = [
            one_of("shown_as", ShownAs, name="comment_shown_as_known"),
            models.CheckConstraint(
                condition=~Q(text__regex=r"^\s*$"),
                name="comment_has_text",
                violation_error_message=_("Skriv din kommentar."),
            ),
            models.CheckConstraint(
                condition=Q(shown_as=ShownAs.NAME) | Q(shown_name=""), name="comment_name_only_when_shown"
            ),
            models.CheckConstraint(
                condition=~Q(shown_as=ShownAs.WORKPLACE) | Q(workplace__isnull=False),
                name="comment_shown_workplace_is_there",
            ),
            models.CheckConstraint(
                condition=Q(hidden_at__isnull=True, hidden_reason="")
                | (Q(hidden_at__isnull=False) & ~Q(hidden_reason__regex=r"^\s*$")),
                name="comment_hidden_has_reason",
                violation_error_message=_("Skriv, hvorfor kommentaren bliver skjult."),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="one_level",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id", "idea_id"),
                condition=pgtrigger.Q(new__parent__isnull=False),
                func=f"""
                    IF NOT EXISTS (SELECT 1 FROM ideastorm_comment WHERE id = NEW.parent_id AND idea_id = NEW.idea_id
                        AND parent_id IS NULL AND id <> NEW.id) THEN
                        {refuse("comment_one_level", "a reply is to a comment of the same idea that is no reply")}
                    END IF;
                    IF TG_OP = 'UPDATE' AND EXISTS (SELECT 1 FROM ideastorm_comment WHERE parent_id = NEW.id) THEN
                        {refuse("comment_one_level", "what has replies is no reply")}
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 - our own names
            ),
            pgtrigger.Trigger(
                name="is_written_in_time",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=STORM_VARIABLES,
                func=f"""
                    {storm_of_idea("NEW.idea_id")}
                    IF live AND (coi_now() < opens OR coi_now() >= until OR finished IS NOT NULL OR NOT EXISTS (
                        SELECT 1 FROM editorial_content WHERE id = NEW.idea_id AND state = 'published')) THEN
                        {refuse("comment_in_time", "the idea is not open for comments")}
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 - our own names
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def is_hidden(self) -> bool:
        """Whether the editors have hidden it."""
        return self.hidden_at is not None
