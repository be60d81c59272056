"""An idea, its public versions, and what its author adds later."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeAlias

import pgtrigger
from django.core.validators import MaxLengthValidator
from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from editorial.choices import READABLE, Kind, State
from editorial.fields import one_of
from editorial.history import track_type
from editorial.models import Content, QueueItem
from editorial.models.querysets import ContentQuerySet
from editorial.rules import refuse
from editorial.text import plain
from ideastorm.choices import ShownAs
from ideastorm.clock import GRACE
from ideastorm.models.storm import Storm
from places.models import Workplace

if TYPE_CHECKING:
    import datetime as dt

    from accounts.models import User

MINUTES = int(GRACE.total_seconds() // 60)


Keys: TypeAlias = Iterable[int] | QuerySet[Any, Any]
"""Keys of ideas, or a query of them."""


class IdeaQuerySet(ContentQuerySet["Idea"]):
    """Ideas as their pages use them."""

    def standing(self) -> Self:
        """Those that stand by themselves: what has been merged into another is read there."""
        return self.filter(merged_into=None)

    def of_storm(self, storm: Storm) -> Self:
        """A storm's ideas."""
        return self.filter(storm=storm)

    def with_merged(self, ideas: Keys) -> QuerySet[Any, Any]:
        """The keys of these ideas and of what was merged into them, as a subquery: what hangs on ideas is found by its
        index with `idea__in`, where an OR over two tables would read them all.
        """
        return self.filter(Q(pk__in=ideas) | Q(merged_into__in=ideas)).order_by().values("pk")

    def with_activity(self) -> Self:
        """With `has_activity`: whether somebody has supported or commented it, so that its text stands."""
        from ideastorm.models.comment import Comment
        from ideastorm.models.support import Support

        return self.annotate(
            has_activity=Exists(Support.objects.filter(idea=OuterRef("pk")))
            | Exists(Comment.objects.filter(idea=OuterRef("pk"), hidden_at=None))
        )

    def answered(self) -> Self:
        """Those with an answer."""
        return self.filter(Exists(_answers()))

    def unanswered(self) -> Self:
        """Public ones that stand by themselves and have no answer: what keeps a storm from being finished."""
        return self.published().standing().exclude(Exists(_answers()))

    def with_card(self) -> Self:
        """With what a card in a list shows, in a fixed number of queries."""
        return super().with_card().select_related("workplace", "author", "storm")

    def with_page(self) -> Self:
        """With what an idea's page shows, in a fixed number of queries."""
        return (
            self.with_card()
            .with_activity()
            .select_related(
                "reuses", "merged_into__storm", "raised_from__idea__storm", "raised_from__workplace"
            )
            .prefetch_related("pictures", "tags", "additions")
        )


def _answers() -> models.QuerySet[Any]:
    from ideastorm.models.answer import IdeaAnswer

    return IdeaAnswer.objects.filter(idea=OuterRef("pk"))


@track_type
class Idea(Content):  # type: ignore[django-manager-missing]
    """An idea in a storm. `text` is Markdown; `summary` its first sentences.

    `owner` stays empty: nobody owns an idea. `workplace` is where whoever wrote it works, when they write as employees.
    """

    KINDS: ClassVar = (Kind.IDEA,)
    URL_NAME: ClassVar = "ideastorm:any_idea"
    """From any content row, without a query; it leads to the idea's own address under its storm."""

    storm = models.ForeignKey(
        Storm, on_delete=models.PROTECT, related_name="ideas", verbose_name=_("idéstorm")
    )
    text = models.TextField(_("ideen"), max_length=6000, validators=[MaxLengthValidator(6000)])
    workplace = models.ForeignKey(
        Workplace,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="ideas",
        verbose_name=_("skrevet som ansat i"),
    )
    shown_as = models.CharField(_("det vises"), max_length=12, choices=ShownAs, default=ShownAs.PRIVATE)
    shown_name = models.CharField(
        _("navn, der vises"),
        max_length=80,
        blank=True,
        help_text=_("Som det blev skrevet. Tomt, når der ikke vises navn."),
    )
    reuses = models.ForeignKey(
        "catalogue.Entry",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="ideas",
        verbose_name=_("vil genbruge"),
        help_text=_("Et indlæg i Inspiration, som ideen går ud på at genbruge."),
    )
    raised_from = models.OneToOneField(
        "ideastorm.Comment",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="raised_to",
        verbose_name=_("løftet fra kommentar"),
    )
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        verbose_name=_("lagt sammen med"),
        help_text=_("Følger rækken i IdeaMerge; databasen sætter den."),
    )
    sent_late = models.BooleanField(
        _("sendt efter lukketid"),
        default=False,
        editable=False,
        help_text=_("Begyndt, før der blev lukket, og sendt højst ti minutter efter. Databasen sætter den."),
    )

    objects = IdeaQuerySet.as_manager()  # type: ignore[misc]

    if TYPE_CHECKING:
        has_activity: bool
        """From with_activity()."""

    TEXTS: ClassVar = ("text",)
    PARTS: ClassVar = (*Content.PARTS, *TEXTS, "workplace_id", "shown_as", "shown_name", "reuses_id")
    SEARCH_RELATIONS: ClassVar = (*Content.SEARCH_RELATIONS, "workplace__aliases")

    class Meta:
        verbose_name = _("idé")
        verbose_name_plural = _("ideer")
        constraints: ClassVar = [
            one_of("shown_as", ShownAs, name="idea_shown_as_known"),
            models.CheckConstraint(
                condition=~Q(text__regex=r"^\s*$"),
                name="idea_has_text",
                violation_error_message=_("Skriv din idé."),
            ),
            models.CheckConstraint(
                condition=Q(shown_as=ShownAs.NAME) | Q(shown_name=""),
                name="idea_name_only_when_shown",
                violation_error_message=_("Når der ikke vises navn, skal navnet være tomt."),
            ),
            models.CheckConstraint(
                condition=~Q(shown_as=ShownAs.WORKPLACE) | Q(workplace__isnull=False),
                name="idea_shown_workplace_is_there",
                violation_error_message=_("Vælg den arbejdsplads, du skriver som ansat i."),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="comes_in_time",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[
                    ("opens", "timestamptz"),
                    ("closes", "timestamptz"),
                    ("until", "timestamptz"),
                    ("finished", "timestamptz"),
                    ("live", "boolean"),
                ],
                func=f"""
                    SELECT s.opens_at, s.closes_at, s.support_until, s.finished_at, c.published_at IS NOT NULL
                    INTO opens, closes, until, finished, live
                    FROM ideastorm_storm s JOIN editorial_content c ON c.id = s.content_ptr_id
                    WHERE s.content_ptr_id = NEW.storm_id FOR SHARE OF s;
                    NEW.sent_late = live AND NEW.raised_from_id IS NULL AND coi_now() >= closes;
                    IF live AND (finished IS NOT NULL OR coi_now() < opens OR coi_now() >= (CASE
                        WHEN NEW.raised_from_id IS NULL THEN closes + interval '{MINUTES} minutes' ELSE until END)) THEN
                        {refuse("idea_comes_in_time", "the storm is not open for ideas")}
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 - our own names
            ),
            pgtrigger.Trigger(
                name="stays_in_its_storm",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF NEW.storm_id <> OLD.storm_id THEN
                        {refuse("idea_stays_in_its_storm", "an idea stays in its storm")}
                    END IF;
                    -- What a stale row says of these is never believed.
                    NEW.sent_late = OLD.sent_late;
                    NEW.merged_into_id = (SELECT survivor_id FROM ideastorm_ideamerge
                        WHERE merged_id = NEW.content_ptr_id AND undone_at IS NULL);
                    RETURN NEW;
                """,  # noqa: S608 - our own names
            ),
        ]

    def get_absolute_url(self) -> str:
        """Its page under its storm; the preview before it has an address."""
        if not self.slug:
            return reverse("ideastorm:idea_preview", args=[self.uuid])
        return reverse("ideastorm:idea", args=[self.storm.slug or self.storm.uuid, self.slug])

    @property
    def is_late(self) -> bool:
        """Whether it was sent in the ten minutes after closing."""
        return self.sent_late

    def publish(self, *, by: User | None, reason: str = "", now: dt.datetime | None = None) -> None:
        """See Content; what becomes public is kept as a version."""
        super().publish(by=by, reason=reason, now=now)
        self.keep_version()

    def apply_parts(self, parts: dict[str, Any]) -> None:
        """See Content; of something public, the new text is a new version."""
        super().apply_parts(parts)
        row = Idea.objects.get(pk=self.pk)
        if row.is_public:
            row.keep_version()

    def keep_version(self) -> IdeaVersion:
        """Keep title and text as they are now, unless the last version says the same."""
        last = self.versions.order_by("-number").first()
        if last is not None and (last.title, last.text) == (self.title, self.text):
            return last
        number = last.number + 1 if last else 1
        return IdeaVersion.objects.create(idea=self, number=number, title=self.title, text=self.text)

    def _move(
        self, to: str, *, allowed: tuple[str, ...], by: User | None, reason: str, **fields: Any
    ) -> None:
        """See Transitions; of what is hidden from now on, followers' notices are taken back."""
        from ideastorm.following.actions import forget_told

        with transaction.atomic():
            super()._move(to, allowed=allowed, by=by, reason=reason, **fields)
            if self.state != State.PUBLISHED:
                forget_told(self)

    def search_fields(self) -> dict[str, Any]:
        """See Content; found while it stands by itself in a storm that anyone may read."""
        shown = self.workplace if self.shown_as != ShownAs.PRIVATE else None
        fields = super().search_fields()
        return {
            **fields,
            "body": plain(self.text),
            "names": " · ".join(filter(None, [fields["names"], shown.name if shown else ""])),
            "visible": self.state == State.PUBLISHED
            and self.merged_into_id is None
            and self._storm_is_readable(),
        }

    def _storm_is_readable(self) -> bool:
        """Whether anyone may read the storm; it stays so until the transaction ends. A storm that is taken down at the
        same time waits (Storm._move), and then finds what the search has of its ideas.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM ideastorm_storm WHERE content_ptr_id = %s FOR SHARE", [self.storm_id]
            )
        # Asked by itself: the statement that waits would tell what was true before.
        return Content.objects.filter(pk=self.storm_id, state__in=READABLE).exists()


class IdeaVersion(models.Model):
    """What an idea said when it was public. Anyone may read it; it is never changed."""

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("nummer"))
    title = models.CharField(_("titel"), max_length=120)
    text = models.TextField(_("ideen"))
    created_at = models.DateTimeField(_("vist fra"), db_default=Now())

    class Meta:
        verbose_name = _("udgave af en idé")
        verbose_name_plural = _("udgaver af ideer")
        ordering: ClassVar = ["number"]
        default_permissions: ClassVar = ["view"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["idea", "number"], name="idea_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"


class IdeaAddition(models.Model):
    """What its author adds after others have supported or commented the idea. Dated; never changed."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="additions")
    text = models.TextField(_("tilføjelse"), max_length=2000, validators=[MaxLengthValidator(2000)])
    created_at = models.DateTimeField(_("skrevet"), db_default=Now())
    visible = models.BooleanField(_("vises"), default=False)
    item = models.ForeignKey(
        QueueItem,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="idea_additions",
        verbose_name=_("i køen"),
    )

    class Meta:
        verbose_name = _("tilføjelse til en idé")
        verbose_name_plural = _("tilføjelser til ideer")
        ordering: ClassVar = ["created_at", "id"]
        default_permissions: ClassVar = ["view"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(text__regex=r"^\s*$"),
                name="idea_addition_has_text",
                violation_error_message=_("Skriv, hvad du vil tilføje."),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]
