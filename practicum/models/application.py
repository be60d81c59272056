"""An application for a stay, its wishes in order, what hosts note about it, and wishes without a place."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from editorial.clock import CoiNow, coi_now
from editorial.fields import ChoiceArrayField, one_of, only_known
from editorial.models.querysets import TransitionError
from editorial.rules import refuse
from guards.cpr import refuse_cpr
from places.choices import Sector
from places.models import Municipality, Workplace
from practicum.choices import (
    OPEN_APPLICATIONS,
    OPEN_REQUESTS,
    SENT_APPLICATIONS,
    ApplicationState,
    Certificate,
    RequestState,
    Side,
)
from practicum.models.approval import LeaderApproval
from practicum.models.offer import MOST_DAYS, Offer
from practicum.models.round import Round

MOST_WISHES = 8
EDITABLE = (ApplicationState.DRAFT, ApplicationState.LEADER, ApplicationState.READY)
"""States in which its guest may write in it."""


class NewYesError(TransitionError):
    """These days need a new yes from the leader, and the guest has not said that they know."""

    def __init__(self) -> None:
        super().__init__(_("Din leder har sagt ja til andre dage. Sæt kryds, hvis vi skal spørge igen."))


class ApplicationQuerySet(models.QuerySet["Application"]):
    """Applications as pages use them."""

    def of(self, user: User) -> Self:
        """A person's own, the newest first."""
        return self.filter(guest=user).order_by("-created_at", "-pk")

    def open(self) -> Self:
        """Those that count: not taken back, not closed."""
        return self.filter(state__in=OPEN_APPLICATIONS)

    def seen_by_hosts(self) -> Self:
        """Those whose leader has said yes: nobody else sees the others."""
        return self.filter(state__in=SENT_APPLICATIONS)

    def to_offer(self, offer: Offer) -> Self:
        """Those that wish for a place, in no order that tells how much."""
        return self.seen_by_hosts().filter(wishes__offer=offer).order_by("uuid")


class Application(models.Model):
    """A public employee's application. In a round it holds wishes in order; outside, one wish is enough.

    Hosts see motivation, what the guest brings home and gives, days, workplace; never the order of wishes.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    guest = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="practicum_applications",
        verbose_name=_("gæst"),
    )  # fmt: skip
    round = models.ForeignKey(
        Round,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="applications",
        verbose_name=_("runde"),
    )
    workplace = models.ForeignKey(
        Workplace,
        on_delete=models.PROTECT,
        related_name="practicum_applications",
        verbose_name=_("arbejdsplads"),
    )
    state = models.CharField(
        _("tilstand"), max_length=10, choices=ApplicationState, default=ApplicationState.DRAFT
    )
    motivation = models.TextField(_("derfor søger jeg"), max_length=3000, validators=[refuse_cpr])
    brings_home = models.TextField(
        _("det vil jeg tage med hjem"), max_length=2000, blank=True, validators=[refuse_cpr]
    )
    gives = models.TextField(_("det kan jeg give"), max_length=2000, blank=True, validators=[refuse_cpr])
    days = models.PositiveSmallIntegerField(
        _("dage"), default=3, validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)]
    )
    possible_days = ArrayField(
        models.DateField(), default=list, blank=True, size=100, verbose_name=_("dage, der kan lade sig gøre")
    )
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, blank=True, related_name="practicum_applications",
        verbose_name=_("rejser fra kommune"),
    )  # fmt: skip
    travel_km = models.PositiveSmallIntegerField(
        _("rejser højst, km"), null=True, blank=True, help_text=_("Tom, når det kan være hele landet.")
    )
    subject_areas = models.ManyToManyField(
        "editorial.SubjectArea",
        blank=True,
        related_name="practicum_applications",
        verbose_name=_("fagområder"),
    )
    certificates = ChoiceArrayField(Certificate, verbose_name=_("attester, jeg har eller kan få"))
    created_at = models.DateTimeField(_("begyndt"), db_default=Now())
    updated_at = models.DateTimeField(_("rettet"), auto_now=True)
    sent_at = models.DateTimeField(_("sendt"), null=True, blank=True)
    ready_at = models.DateTimeField(_("lederen sagde ja"), null=True, blank=True)
    offers_wished = models.ManyToManyField(Offer, through="practicum.Wish", related_name="wished_by")

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("ansøgning")
        verbose_name_plural = _("ansøgninger")
        ordering: ClassVar = ["-created_at", "-id"]
        default_permissions: ClassVar = ["view"]
        indexes: ClassVar = [models.Index(fields=["round", "state"], name="application_round_state")]
        constraints: ClassVar = [
            one_of("state", ApplicationState, name="application_state_known"),
            only_known(
                "certificates",
                Certificate,
                name="application_certificates_known",
                message=_("Ukendt attest."),
            ),
            models.CheckConstraint(
                condition=Q(days__range=(1, MOST_DAYS)),
                name="application_days_in_range",
                violation_error_message=_("Et ophold varer fra 1 til 10 dage."),
            ),
            models.CheckConstraint(
                condition=Q(travel_km__isnull=True) | Q(travel_km__range=(1, 600)),
                name="application_travel_in_range",
                violation_error_message=_("Skriv et antal kilometer fra 1 til 600."),
            ),
            models.CheckConstraint(
                condition=Q(state=ApplicationState.DRAFT)
                | ~Q(motivation__regex=r"^\s*$") & Q(possible_days__len__gte=1),
                name="application_sent_is_whole",
                violation_error_message=_("Skriv, hvorfor du søger, og hvilke dage du kan."),
            ),
            models.UniqueConstraint(
                fields=["guest", "round"],
                condition=Q(state__in=OPEN_APPLICATIONS, round__isnull=False),
                name="application_once_per_round",
                violation_error_message=_("Du har allerede en ansøgning i runden."),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="leader_says_yes_first",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=f"""
                    IF NEW.state IN ('{ApplicationState.READY}', '{ApplicationState.PLACED}') AND NOT EXISTS (
                        SELECT 1 FROM practicum_leaderapproval a
                        WHERE a.application_id = NEW.id AND a.answer = 'ja' AND a.days >= NEW.days
                        AND a.first_day <= (SELECT min(d) FROM unnest(NEW.possible_days) d)
                        AND a.last_day >= (SELECT max(d) FROM unnest(NEW.possible_days) d)
                    ) THEN
                        {refuse("application_has_a_yes", "the leader has not said yes to these days")}
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 - our own names
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def certificate_names(self) -> list[str]:
        """What the guest has or can get, in words."""
        return [str(Certificate(key).label) for key in self.certificates]

    # -- what is missing, and transitions -------------------------------------

    def missing(self) -> list[str]:
        """What must be there before it can be sent, as sentences in the order of the page; empty when it is whole."""
        found = []
        if not self.motivation.strip():
            found.append(_("Skriv, hvorfor du søger."))
        if not self.possible_days:
            found.append(_("Vælg de dage, der kan lade sig gøre."))
        elif len(self.possible_days) < self.days:
            found.append(_("Vælg mindst lige så mange dage, som du vil være på besøg."))
        if not self.wishes.exists():
            found.append(_("Find mindst én plads, du vil søge."))
        return [str(sentence) for sentence in found]

    def has_yes(self) -> bool:
        """Whether a leader has said yes to the days that stand here now."""
        return LeaderApproval.objects.say_yes_to_application(self).exists()

    def needs_new_yes(self) -> bool:
        """Whether a leader was asked about, or said yes to, other days than stand here now."""
        if self.state == ApplicationState.READY:
            return not self.has_yes()
        if self.state != ApplicationState.LEADER or not self.possible_days:
            return False
        asked = LeaderApproval.objects.open().filter(application=self)
        same = asked.filter(
            days=self.days, first_day=min(self.possible_days), last_day=max(self.possible_days)
        )
        return asked.exists() and not same.exists() and not self.has_yes()

    def send(self) -> None:
        """Draft → waits for the leader's yes, or is ready where there is one to these days already. Raises
        TransitionError when something is missing, or it was sent."""
        if missing := self.missing():
            raise TransitionError(missing)
        if self.has_yes():
            self._move(
                ApplicationState.DRAFT, state=ApplicationState.READY, sent_at=CoiNow(), ready_at=CoiNow()
            )
        else:
            self._move(ApplicationState.DRAFT, state=ApplicationState.LEADER, sent_at=CoiNow())

    def withdraw(self) -> None:
        """Take it back, until there is a place. Raises TransitionError when there is one, or it is over."""
        if self.stays.seated().exists():
            raise TransitionError(_("Du har en plads. Sig først nej til den, eller aflys opholdet."))
        states = (ApplicationState.DRAFT, ApplicationState.LEADER, ApplicationState.READY)
        self._move(*states, state=ApplicationState.WITHDRAWN)

    def change(self, *, again: bool = False, **fields: Any) -> bool:
        """Write what the guest has changed; True when the leader must say yes anew.

        Other days than the leader has said yes to set it back to waiting for the leader. `again` says that the guest
        has read that; without, NewYesError is raised and nothing is written. Days that there is a yes to already need
        no other.
        """
        with transaction.atomic():
            row = Application.objects.select_for_update(of=("self",)).get(pk=self.pk)
            if row.state not in EDITABLE:
                raise TransitionError(_("Ansøgningen kan ikke rettes mere. Det, du skrev, er ikke gemt."))
            for name, value in fields.items():
                setattr(row, name, value)
            is_anew = row.needs_new_yes()
            if is_anew and not again:
                raise NewYesError
            if is_anew:
                row.state, row.ready_at = ApplicationState.LEADER, None
            elif row.state == ApplicationState.LEADER and row.has_yes():
                row.approvals.filter(answer="").delete()
                row.state, row.ready_at = ApplicationState.READY, coi_now()
            row.save(update_fields=[*fields, "state", "ready_at", "updated_at"])
        self.refresh_from_db()
        return is_anew

    def _move(self, *states: str, **fields: Any) -> None:
        """Set fields if the state is still one of these; else raises TransitionError."""
        rows = Application.objects.filter(pk=self.pk, state__in=states)
        if not rows.update(updated_at=Now(), **fields):
            raise TransitionError(
                _("Det er allerede sket, eller det kan ikke gøres mere. Se, hvor ansøgningen er nu.")
            )
        self.refresh_from_db()

    def leader_said_yes(self) -> bool:
        """Let hosts and the matching see it, now that the leader's yes is recorded; False when it does not wait for
        one any more. Call in the transaction that records the yes: the database refuses it without one.
        """
        waiting = Application.objects.filter(pk=self.pk, state=ApplicationState.LEADER)
        return bool(waiting.update(state=ApplicationState.READY, ready_at=CoiNow(), updated_at=Now()))

    def leader_said_no(self, reason: str) -> bool:
        """Back to a draft, so that the guest can choose other days or ask again; False when it does not wait any more.
        The reason stands with the leader's answer (LeaderApproval).
        """
        waiting = Application.objects.filter(pk=self.pk, state=ApplicationState.LEADER)
        return bool(waiting.update(state=ApplicationState.DRAFT, updated_at=Now()))


class Wish(models.Model):
    """A wish for a place. `rank` is the guest's own business: hosts never see it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="wishes")
    offer = models.ForeignKey(
        Offer, on_delete=models.PROTECT, related_name="wishes", verbose_name=_("praktikplads")
    )
    rank = models.PositiveSmallIntegerField(_("nummer"))

    class Meta:
        verbose_name = _("ønske")
        verbose_name_plural = _("ønsker")
        ordering: ClassVar = ["rank"]
        default_permissions: ClassVar = ["view"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["application", "offer"],
                name="wish_once",
                violation_error_message=_("Pladsen står allerede blandt dine ønsker."),
            ),
            models.UniqueConstraint(
                fields=["application", "rank"],
                name="wish_rank_once",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message=_("To ønsker kan ikke have samme nummer."),
            ),
            models.CheckConstraint(condition=Q(rank__range=(1, MOST_WISHES)), name="wish_rank_in_range"),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="not_ones_own_workplace",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=f"""
                    IF EXISTS (
                        SELECT 1 FROM editorial_content c JOIN practicum_application a ON a.workplace_id = c.owner_id
                        WHERE c.id = NEW.offer_id AND a.id = NEW.application_id
                    ) THEN
                        {refuse("wish_elsewhere", "nobody visits their own workplace")}
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 - our own names
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rank}. {self.offer}"


class HostMark(models.Model):
    """What a host thinks of an application to one of its places, for the matching. The guest never sees it."""

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="marks")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="marks")
    mark = models.PositiveSmallIntegerField(
        _("passer"), validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    note = models.CharField(_("note"), max_length=300, blank=True, validators=[refuse_cpr])
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("værtens mening")
        verbose_name_plural = _("værters meninger")
        default_permissions: ClassVar = []
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["offer", "application"], name="host_mark_once"),
            models.CheckConstraint(condition=Q(mark__range=(1, 5)), name="host_mark_in_range"),
        ]

    def __str__(self) -> str:
        return str(self.mark)


class DirectRequest(models.Model):
    """An application to a seat that is agreed on directly: the host accepts, declines with a reason, or asks."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="requests")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="requests")
    state = models.CharField(_("tilstand"), max_length=12, choices=RequestState, default=RequestState.SENT)
    created_at = models.DateTimeField(_("sendt"), db_default=Now())
    waiting_since = models.DateTimeField(_("på venteliste siden"), null=True, blank=True)
    answered_at = models.DateTimeField(_("svaret"), null=True, blank=True)
    reason = models.CharField(_("begrundelse"), max_length=500, blank=True, validators=[refuse_cpr])
    reminders = models.PositiveSmallIntegerField(_("mindet om det"), default=0)
    waits_from = models.DateTimeField(
        _("venter siden"), db_default=Now(), help_text=_("Siden hvornår en af de to skylder et svar.")
    )
    starts_on = models.DateField(
        _("første dag"), null=True, blank=True, help_text=_("Dage, værten har sagt ja til.")
    )
    ends_on = models.DateField(_("sidste dag"), null=True, blank=True)

    class Meta:
        verbose_name = _("direkte ansøgning")
        verbose_name_plural = _("direkte ansøgninger")
        ordering: ClassVar = ["created_at", "id"]
        default_permissions: ClassVar = ["view"]
        indexes: ClassVar = [
            models.Index(fields=["offer", "state", "waiting_since"], name="request_offer_state")
        ]
        constraints: ClassVar = [
            one_of("state", RequestState, name="request_state_known"),
            models.UniqueConstraint(
                fields=["application", "offer"],
                condition=Q(state__in=OPEN_REQUESTS),
                name="request_once",
                violation_error_message=_("Du har allerede søgt pladsen."),
            ),
            models.CheckConstraint(
                condition=~Q(state=RequestState.DECLINED) | ~Q(reason__regex=r"^\s*$"),
                name="request_decline_has_a_reason",
                violation_error_message=_("Skriv, hvorfor det ikke kan lade sig gøre."),
            ),
            models.CheckConstraint(
                condition=~Q(state=RequestState.WAITING) | Q(waiting_since__isnull=False),
                name="request_waits_since",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True, ends_on__isnull=True)
                | Q(starts_on__isnull=False, ends_on__gte=F("starts_on")),
                name="request_days_forward",
                violation_error_message=_("Den sidste dag kan ikke ligge før den første."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    def get_absolute_url(self) -> str:
        """Its page, for guest and host."""
        return reverse("practicum:request", args=[self.uuid])


class RequestMessage(models.Model):
    """What host and guest ask and answer before they have agreed, without seeing each other's address."""

    request = models.ForeignKey(DirectRequest, on_delete=models.CASCADE, related_name="messages")
    side = models.CharField(_("fra"), max_length=6, choices=Side)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="practicum_messages",
    )
    text = models.TextField(_("tekst"), max_length=2000, validators=[refuse_cpr])
    created_at = models.DateTimeField(_("skrevet"), db_default=Now())

    class Meta:
        verbose_name = _("besked om en plads")
        verbose_name_plural = _("beskeder om pladser")
        ordering: ClassVar = ["created_at", "id"]
        default_permissions: ClassVar = []
        constraints: ClassVar = [
            one_of("side", Side, name="request_message_side_known"),
            models.CheckConstraint(
                condition=~Q(text__regex=r"^\s*$"),
                name="request_message_has_text",
                violation_error_message=_("Skriv noget."),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class OpenWishQuerySet(models.QuerySet["OpenWish"]):
    """General wishes as pages use them."""

    def standing(self) -> Self:
        """Those that hosts and staff can answer."""
        return self.filter(closed_at__isnull=True)


class OpenWish(models.Model):
    """»I would like to see …«: a wish without a place. Hosts see what, not who."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    guest = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="practicum_wishes",
        verbose_name=_("gæst"),
    )
    round = models.ForeignKey(
        Round,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="open_wishes",
        verbose_name=_("runde"),
    )
    text = models.TextField(_("jeg vil gerne se"), max_length=1000, validators=[refuse_cpr])
    subject_areas = models.ManyToManyField(
        "editorial.SubjectArea", blank=True, related_name="practicum_wishes", verbose_name=_("fagområder")
    )
    sector = models.CharField(_("helst i sektoren"), max_length=20, blank=True)
    region = models.ForeignKey(
        "places.Region", on_delete=models.PROTECT, null=True, blank=True, related_name="practicum_wishes",
        verbose_name=_("helst i regionen"),
    )  # fmt: skip
    created_at = models.DateTimeField(_("skrevet"), db_default=Now())
    closed_at = models.DateTimeField(_("lukket"), null=True, blank=True)

    objects = OpenWishQuerySet.as_manager()

    class Meta:
        verbose_name = _("ønske uden plads")
        verbose_name_plural = _("ønsker uden plads")
        ordering: ClassVar = ["-created_at", "-id"]
        default_permissions: ClassVar = ["view"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(text__regex=r"^\s*$"),
                name="open_wish_has_text",
                violation_error_message=_("Skriv, hvad du gerne vil se."),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def sector_name(self) -> str:
        """The sector in words; empty for any."""
        return str(Sector(self.sector).label) if self.sector else ""


class OpenWishAnswer(models.Model):
    """What a host or the centre answers a general wish: a place, or a few words."""

    wish = models.ForeignKey(OpenWish, on_delete=models.CASCADE, related_name="answers")
    workplace = models.ForeignKey(
        Workplace, on_delete=models.PROTECT, null=True, blank=True, related_name="practicum_wish_answers",
        verbose_name=_("fra arbejdspladsen"), help_text=_("Tom, når centret svarer."),
    )  # fmt: skip
    offer = models.ForeignKey(
        Offer, on_delete=models.SET_NULL, null=True, blank=True, related_name="wish_answers",
        verbose_name=_("praktikplads"),
    )  # fmt: skip
    text = models.TextField(_("svar"), max_length=1000, validators=[refuse_cpr])
    written_by_key = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField(_("skrevet"), db_default=Now())

    class Meta:
        verbose_name = _("svar på et ønske")
        verbose_name_plural = _("svar på ønsker")
        ordering: ClassVar = ["created_at", "id"]
        default_permissions: ClassVar = ["view"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(text__regex=r"^\s*$"),
                name="open_wish_answer_has_text",
                violation_error_message=_("Skriv et svar."),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]
