"""A citizen's good story about the public sector, and the thank-you from the workplace it is about."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any, ClassVar, Self

import pghistory
from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from catalogue.stories.naming import hold_on
from editorial.choices import Kind, QueueKind
from editorial.history import track_type
from editorial.models import Content, QueueItem
from editorial.models.querysets import ContentQuerySet, TransitionError
from editorial.text import plain
from places.models import Workplace

if TYPE_CHECKING:
    from accounts.models import User


class StoryQuerySet(ContentQuerySet["Story"]):
    """Stories as their pages use them."""

    def with_page(self) -> Self:
        """With what a story's page shows, in a fixed number of queries."""
        return self.with_card().prefetch_related("pictures", "tags", "subject_areas")


@track_type
class Story(Content):  # type: ignore[django-manager-missing]
    """A good story. `text` is plain paragraphs; whoever told it is named as they chose, or not at all."""

    KINDS: ClassVar = (Kind.STORY,)
    URL_NAME: ClassVar = "catalogue:story"

    text = models.TextField(_("hvad skete der"), max_length=6000, validators=[MaxLengthValidator(6000)])
    happened = models.CharField(
        _("hvornår cirka"), max_length=60, blank=True, help_text=_("F.eks. »I foråret« eller »2024«.")
    )
    workplace_told = models.CharField(
        _("hvor, som det blev skrevet"),
        max_length=160,
        blank=True,
        help_text=_("Når arbejdspladsen ikke findes på portalen."),
    )
    shown_name = models.CharField(_("navn, der vises"), max_length=80, blank=True)

    objects = StoryQuerySet.as_manager()  # type: ignore[misc]

    PARTS: ClassVar = (*Content.PARTS, "text", "happened", "workplace_told", "shown_name")

    class Meta:
        verbose_name = _("god historie")
        verbose_name_plural = _("gode historier")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(text__regex=r"^\s*$"),
                name="story_has_text",
                violation_error_message=_("Skriv, hvad der skete."),
            )
        ]

    def publish(self, *, by: User | None, reason: str = "", now: dt.datetime | None = None) -> None:
        """See Content. Named staff hold it back wherever an editor publishes it: see catalogue.stories.naming."""
        if by is not None:
            item = self.queue_items.filter(kind=QueueKind.CONTENT, decided_at__isnull=True).first()
            if why := hold_on(self, item):
                raise TransitionError(why)
        super().publish(by=by, reason=reason, now=now)

    def search_fields(self) -> dict[str, Any]:
        """See Content; with the story itself as body."""
        return {**super().search_fields(), "body": plain(self.text)}


@pghistory.track(exclude=["author", "item"])
class StoryThanks(models.Model):
    """A workplace's thank-you for a story. It thanks; it never confirms or adds anything about the citizen."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    story = models.ForeignKey(
        Story, on_delete=models.CASCADE, related_name="thanks", verbose_name=_("historie")
    )
    workplace = models.ForeignKey(
        Workplace, on_delete=models.PROTECT, related_name="thanks", verbose_name=_("arbejdsplads")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="thanks",
        verbose_name=_("skrevet af"),
    )
    text = models.TextField(_("tak"), max_length=600, validators=[MaxLengthValidator(600)])
    visible = models.BooleanField(_("vises"), default=False)
    item = models.ForeignKey(
        QueueItem,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="thanks",
        verbose_name=_("i køen"),
    )
    created_at = models.DateTimeField(_("skrevet"), db_default=Now())

    class Meta:
        verbose_name = _("tak")
        verbose_name_plural = _("tak")
        ordering: ClassVar = ["created_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["story", "workplace"],
                name="thanks_once_per_workplace",
                violation_error_message=_("Arbejdspladsen har allerede takket for historien."),
            ),
            models.CheckConstraint(condition=~Q(text__regex=r"^\s*$"), name="thanks_has_text"),
        ]

    def __str__(self) -> str:
        return f"{self.workplace}: {self.text[:40]}"
