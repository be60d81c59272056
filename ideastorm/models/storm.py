"""A storm: a question that is open for ideas for a while, its criteria, and its invitations."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, ClassVar, Self

import pghistory
import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Func, Q
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from editorial.choices import READABLE, Kind, State
from editorial.clock import CoiNow
from editorial.fields import one_of, section
from editorial.history import track_type
from editorial.models import Content
from editorial.models.querysets import ContentQuerySet, TransitionError
from editorial.models.receipts import code_hash, spelled
from editorial.rules import refuse
from editorial.text import plain
from guards.cpr import refuse_cpr
from ideastorm.choices import Access, AuthorsShown, Moderation, StormPhase
from ideastorm.clock import next_change, phase_of
from ideastorm.models.rules import OPENED
from places.models import Workplace
from search.models import Document

if TYPE_CHECKING:
    import datetime as dt

    from accounts.models import User

DAYS_BEFORE_CLOSING_OPENLY = 28
"""Calendar days that twenty working days are at the least."""
TIMES = ("opens_at", "closes_at", "support_until")


def danish_day(field: str, *, less: int = 0) -> Func:
    """The Danish day of a moment, so many days `less`, as an expression that a CHECK may hold."""
    return Func(
        F(field),
        template=f"((%(expressions)s AT TIME ZONE 'Europe/Copenhagen')::date - {less})",
        output_field=models.DateField(),
    )


class StormQuerySet(ContentQuerySet["Storm"]):
    """Storms as their pages use them. What a page or a predicate asks about the phase needs `with_phase()`."""

    def with_phase(self) -> Self:
        """With `phase` (StormPhase), `changes_at` (when it changes by itself next) and `now`."""
        return self.annotate(phase=phase_of(), changes_at=next_change(), now=CoiNow())

    def in_phase(self, *phases: str) -> Self:
        """Those in one of the phases now."""
        return self.alias(phase_now=phase_of()).filter(phase_now__in=phases)

    def with_page(self) -> Self:
        """With what a storm's page shows, in a fixed number of queries."""
        return (
            self.with_phase()
            .with_card()
            .select_related("answerer", "deputy")
            .prefetch_related("pictures", "tags", "subject_areas", "criteria")
        )


@track_type
class Storm(Content):  # type: ignore[django-manager-missing]
    """A storm. `title` is the topic, `owner` the workplace that asks; its tags are those that ideas choose from.

    Once it has opened, what people took part under stands: opening time, terms, criteria, and the promised day.
    """

    KINDS: ClassVar = (Kind.STORM,)
    URL_NAME: ClassVar = "ideastorm:storm"

    content_ptr = models.OneToOneField(
        Content, on_delete=models.CASCADE, parent_link=True, primary_key=True, related_name="as_storm"
    )  # with a name of its own, for an idea is content, too, and has a `storm`
    question = models.CharField(
        _("spørgsmål"), max_length=200, help_text=_("Det, I gerne vil vide, som ét spørgsmål. Vises øverst.")
    )
    background = section(_("baggrund"), _("Hvorfor spørger I, og hvad kan der ikke ændres?"))
    answerer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="storms_to_answer",
        verbose_name=_("svarer"),
        help_text=_("Den, der ejer spørgsmålet og svarer på hver idé. Navnet vises på siden."),
    )
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="storms_to_deputise",
        verbose_name=_("stedfortræder"),
    )
    access = models.CharField(_("hvem kan være med"), max_length=12, choices=Access, default=Access.ANYONE)
    moderation = models.CharField(
        _("redaktionen læser ideer"), max_length=5, choices=Moderation, default=Moderation.BEFORE
    )
    authors_shown = models.CharField(
        _("det vises om dem, der skriver"), max_length=12, choices=AuthorsShown, default=AuthorsShown.CHOSEN
    )
    opens_at = models.DateTimeField(_("åbner for ideer"))
    closes_at = models.DateTimeField(_("lukker for ideer"), help_text=_("Fra dette sekund er der lukket."))
    support_until = models.DateTimeField(_("lukker for støtte og kommentarer"))
    support_while_open = models.BooleanField(
        _("støtte, mens der kommer ideer"),
        default=True,
        help_text=_("Ellers kan man først støtte, når der er lukket for ideer."),
    )
    promised_on = models.DateField(
        _("lovet svar senest"), help_text=_("Kan ikke flyttes, når idéstormen er åbnet.")
    )
    discussed_on = models.DateField(
        _("drøftet i MED/SU"),
        null=True,
        blank=True,
        help_text=_("Kun når en arbejdsplads spørger sine egne, altså når idéstormen er for inviterede."),
    )
    discussed_note = models.CharField(
        _("om drøftelsen"),
        max_length=300,
        blank=True,
        validators=[refuse_cpr],
        help_text=_("En sætning om, hvad der blev sagt. Vises på siden."),
    )
    finished_at = models.DateTimeField(_("afsluttet"), null=True, blank=True, editable=False)
    closed_openly = models.BooleanField(
        _("lukket uden alle svar"),
        default=False,
        editable=False,
        help_text=_(
            "Løftet er overskredet med mere end 20 arbejdsdage, og det står på siden, hvad der mangler."
        ),
    )

    objects = StormQuerySet.as_manager()  # type: ignore[misc]

    if TYPE_CHECKING:
        # From with_phase().
        phase: str
        changes_at: dt.datetime | None
        now: dt.datetime

    PARTS: ClassVar = (*Content.PARTS, "question", "background")

    class Meta:
        verbose_name = _("idéstorm")
        verbose_name_plural = _("idéstorme")
        indexes: ClassVar = [models.Index(fields=["opens_at"], name="storm_opens")]
        constraints: ClassVar = [
            one_of("access", Access, name="storm_access_known"),
            one_of("moderation", Moderation, name="storm_moderation_known"),
            one_of("authors_shown", AuthorsShown, name="storm_authors_shown_known"),
            models.CheckConstraint(
                condition=~Q(question__regex=r"^\s*$"),
                name="storm_has_question",
                violation_error_message=_("Skriv det spørgsmål, I stiller."),
            ),
            models.CheckConstraint(
                condition=Q(opens_at__lt=F("closes_at")),
                name="storm_closes_after_opening",
                violation_error_message=_("Idéstormen skal lukke for ideer, efter at den er åbnet."),
            ),
            models.CheckConstraint(
                condition=Q(closes_at__lte=F("support_until")),
                name="storm_support_not_before_closing",
                violation_error_message=_("Man skal kunne støtte ideerne, mindst til der er lukket for nye."),
            ),
            models.CheckConstraint(
                condition=Q(promised_on__gte=danish_day("support_until")),
                name="storm_promise_after_support",
                violation_error_message=_("Svarene kan tidligst loves til den dag, der lukkes for støtte."),
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(finished_at__gte=F("support_until")),
                name="storm_finished_after_support",
                violation_error_message=_("Idéstormen kan først afsluttes, når der er lukket for støtte."),
            ),
            models.CheckConstraint(
                condition=Q(closed_openly=False)
                | Q(
                    finished_at__isnull=False,
                    promised_on__lte=danish_day("finished_at", less=DAYS_BEFORE_CLOSING_OPENLY),
                ),
                name="storm_closed_openly_late",
                violation_error_message=_(
                    "Idéstormen kan først lukkes uden alle svar 20 arbejdsdage efter den lovede dag."
                ),
            ),
            models.CheckConstraint(
                condition=Q(deputy__isnull=True) | Q(answerer__isnull=True) | ~Q(deputy=F("answerer")),
                name="storm_deputy_is_another",
                violation_error_message=_("Stedfortræderen skal være en anden end den, der svarer."),
            ),
            models.CheckConstraint(
                condition=Q(discussed_on__isnull=True) | Q(access=Access.INVITED),
                name="storm_discussed_by_its_own",
                violation_error_message=_(
                    "Kun en idéstorm, hvor en arbejdsplads spørger sine egne, kan være drøftet i MED eller SU."
                ),
            ),
            models.CheckConstraint(
                condition=Q(discussed_note="") | Q(discussed_on__isnull=False),
                name="storm_discussion_has_a_day",
                violation_error_message=_("Skriv også, hvornår det er drøftet."),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="keeps_its_terms",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                declare=[("was_public", "boolean")],
                func=f"""
                    SELECT published_at IS NOT NULL INTO was_public
                    FROM editorial_content WHERE id = OLD.content_ptr_id;
                    IF NOT was_public THEN RETURN NEW; END IF;
                    IF OLD.finished_at IS NOT NULL AND (NEW.finished_at, NEW.closed_openly)
                        IS DISTINCT FROM (OLD.finished_at, OLD.closed_openly) THEN
                        {refuse("storm_stays_finished", "a finished storm stays finished")}
                    END IF;
                    IF OLD.opens_at > coi_now() THEN RETURN NEW; END IF;
                    IF (NEW.opens_at, NEW.promised_on, NEW.access, NEW.authors_shown, NEW.support_while_open)
                        IS DISTINCT FROM
                        (OLD.opens_at, OLD.promised_on, OLD.access, OLD.authors_shown, OLD.support_while_open) THEN
                        {refuse("storm_keeps_its_terms", "terms stand once it has opened")}
                    END IF;
                    IF NEW.closes_at <> OLD.closes_at AND coi_now() >= least(OLD.closes_at, NEW.closes_at)
                        OR NEW.support_until <> OLD.support_until
                        AND coi_now() >= least(OLD.support_until, NEW.support_until) THEN
                        {refuse("storm_past_stands", "what is past is not moved, and nothing is moved into the past")}
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 - our own names
            ),
            pgtrigger.Trigger(
                name="answers_all_first",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("finished_at"),
                condition=pgtrigger.Q(new__finished_at__isnull=False, old__finished_at__isnull=True),
                func=f"""
                    IF NOT NEW.closed_openly AND EXISTS (
                        SELECT 1 FROM ideastorm_idea i JOIN editorial_content c ON c.id = i.content_ptr_id
                        WHERE i.storm_id = NEW.content_ptr_id AND c.state IN ('submitted', 'returned', 'published')
                        AND NOT EXISTS (SELECT 1 FROM ideastorm_ideaanswer a WHERE a.idea_id = i.content_ptr_id)
                        AND NOT EXISTS (SELECT 1 FROM ideastorm_ideamerge m
                            WHERE m.merged_id = i.content_ptr_id AND m.undone_at IS NULL)
                    ) THEN
                        {refuse("storm_answers_all", "an idea has no answer")}
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 - our own names
            ),
        ]

    @property
    def is_a_workplaces_own(self) -> bool:
        """Whether a workplace asks its own: only then there is a MED or SU that it can be discussed in."""
        return self.access == Access.INVITED

    @property
    def phase_label(self) -> str:
        """The phase in words. Needs with_phase()."""
        return str(StormPhase(self.phase).label)

    def clean(self) -> None:
        """Say in words what the triggers would refuse."""
        super().clean()
        before = Storm.objects.with_phase().filter(pk=self.pk).first() if self.pk else None
        if before is None or before.published_at is None or before.phase == StormPhase.ANNOUNCED:
            return
        fixed = ("opens_at", "promised_on", "access", "authors_shown", "support_while_open")
        errors: dict[str, Any] = {
            name: _("Idéstormen er åbnet, så det her ligger fast.")
            for name in fixed
            if getattr(before, name) != getattr(self, name)
        }
        for name in ("closes_at", "support_until"):
            old, new = getattr(before, name), getattr(self, name)
            if new is not None and old != new and before.now >= min(old, new):
                errors[name] = _("Det, der er sket, kan ikke flyttes, og intet kan flyttes tilbage i tiden.")
        if errors:
            raise ValidationError(errors)

    def ensure_publishable(self) -> None:
        """See Content; a storm also needs who asks, who answers and their deputy, and criteria to assess by."""
        super().ensure_publishable()
        if self.owner_id is None:
            raise TransitionError(_("Skriv, hvilken arbejdsplads der spørger."))
        if self.answerer_id is None or self.deputy_id is None:
            raise TransitionError(_("Vælg, hvem der svarer på ideerne, og en stedfortræder."))
        if not self.criteria.filter(weight__gt=0).exists():
            raise TransitionError(_("Skriv mindst ét kriterium, som ideerne vurderes efter, med en vægt."))

    def _move(
        self, to: str, *, allowed: tuple[str, ...], by: User | None, reason: str, **fields: Any
    ) -> None:
        """See Transitions; a storm that is taken down takes its ideas out of the search, and back again,
        and what followers were told of it with it."""
        from ideastorm.following.actions import forget_told

        with transaction.atomic():
            super()._move(to, allowed=allowed, by=by, reason=reason, **fields)
            # Ideas that are being shown meanwhile are there first, else they would stay in the search.
            Storm.objects.select_for_update(of=("self",), no_key=True).values_list("pk").get(pk=self.pk)
            if self.state not in READABLE:
                forget_told(self)
            Document.objects.filter(
                content__state=State.PUBLISHED, content__idea__storm=self, content__idea__merged_into=None
            ).update(visible=self.state in READABLE)

    def search_fields(self) -> dict[str, Any]:
        """See Content; with question and background as body."""
        return {**super().search_fields(), "body": " \n".join([self.question, plain(self.background)])}


@pghistory.track()
class Criterion(models.Model):
    """What ideas are assessed by. Stands from the moment the storm opens."""

    storm = models.ForeignKey(Storm, on_delete=models.CASCADE, related_name="criteria")
    title = models.CharField(_("kriterium"), max_length=80, help_text=_("F.eks. »Gør en forskel for mange«."))
    explanation = models.CharField(_("forklaring"), max_length=300, blank=True)
    weight = models.PositiveSmallIntegerField(
        _("vægt"), default=1, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    position = models.PositiveSmallIntegerField(_("rækkefølge"), default=0)

    class Meta:
        verbose_name = _("kriterium")
        verbose_name_plural = _("kriterier")
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(weight__range=(0, 100)),
                name="criterion_weight_in_range",
                violation_error_message=_("Vægten er et tal fra 0 til 100."),
            ),
            models.UniqueConstraint(
                fields=["storm", "title"],
                name="criterion_once",
                violation_error_message=_("Kriteriet står der allerede."),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="stands_once_opened",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=f"""
                    IF EXISTS (
                        SELECT 1 FROM ideastorm_storm s JOIN editorial_content c ON c.id = s.content_ptr_id
                        WHERE s.content_ptr_id IN (CASE WHEN TG_OP <> 'DELETE' THEN NEW.storm_id END,
                            CASE WHEN TG_OP <> 'INSERT' THEN OLD.storm_id END) AND {OPENED}
                    ) THEN
                        {refuse("criterion_stands", "criteria stand once the storm has opened")}
                    END IF;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    RETURN NEW;
                """,  # noqa: S608 - our own names
            ),
            pgtrigger.Trigger(
                name="some_weight_is_left",
                when=pgtrigger.After,
                operation=pgtrigger.Update | pgtrigger.Delete,
                timing=pgtrigger.Deferred,
                func=f"""
                    IF EXISTS (SELECT 1 FROM editorial_content
                        WHERE id = OLD.storm_id AND state IN ('submitted', 'published', 'archived'))
                    AND coalesce((SELECT sum(weight) FROM ideastorm_criterion WHERE storm_id = OLD.storm_id), 0) = 0
                    THEN
                        {refuse("criteria_weigh_something", "a public storm has criteria that weigh something")}
                    END IF;
                    RETURN NULL;
                """,  # noqa: S608 - our own names
            ),
        ]

    def __str__(self) -> str:
        return self.title


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations as pages use them."""

    def valid(self) -> Self:
        """Those that nobody has revoked."""
        return self.filter(revoked_at__isnull=True)

    def of_code(self, storm: Storm, code: str) -> Self:
        """The one that a code belongs to, if it is valid."""
        return self.valid().filter(storm=storm, code_hash=code_hash(code))


class Invitation(models.Model):
    """A workplace's link to a storm for invited ones. The code is made of the key and SECRET_KEY and stored nowhere, so
    whoever reads the database cannot take part, and the editors can still show the link again."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    storm = models.ForeignKey(Storm, on_delete=models.CASCADE, related_name="invitations")
    workplace = models.ForeignKey(
        Workplace, on_delete=models.CASCADE, related_name="storm_invitations", verbose_name=_("arbejdsplads")
    )
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("inviteret"), db_default=Now())
    revoked_at = models.DateTimeField(_("trukket tilbage"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitationer")
        ordering: ClassVar = ["workplace__sort_key", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["storm", "workplace"],
                condition=Q(revoked_at__isnull=True),
                name="invitation_once_per_workplace",
                violation_error_message=_(
                    "Arbejdspladsen har allerede et link. Træk det tilbage for at give et nyt."
                ),
            ),
            models.CheckConstraint(
                condition=Q(code_hash__regex=r"^[0-9a-f]{64}$"), name="invitation_is_hashed"
            ),
        ]

    def __str__(self) -> str:
        return str(self.workplace)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """With the hash of its code."""
        self.code_hash = code_hash(self.code)
        super().save(*args, **kwargs)

    @property
    def code(self) -> str:
        """The code of the link: 128 bits that nobody can work out without SECRET_KEY."""
        mac = salted_hmac("ideastorm.invitations", self.uuid.hex, algorithm="sha256")
        return spelled(int.from_bytes(mac.digest()[:16]))
