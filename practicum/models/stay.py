"""A stay: a guest has a seat, from the host's yes or a match until it is over. Its agreement and evaluations."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar, Self

import pghistory
import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from editorial.fields import one_of
from editorial.rules import refuse
from guards.cpr import refuse_cpr
from places.models import Workplace
from practicum.choices import SEATED, Origin, Reminder, Side, StayState
from practicum.days import days_in_words
from practicum.models.application import Application
from practicum.models.offer import MOST_DAYS, Offer, Seat
from practicum.models.round import Round

SECOND = dt.timedelta(seconds=1)


class StayQuerySet(models.QuerySet["Stay"]):
    """Stays as pages use them."""

    def seated(self) -> Self:
        """Those that take up their seat."""
        return self.filter(state__in=SEATED)

    def of_guest(self, user: User) -> Self:
        """A guest's own, the next first."""
        return self.filter(guest=user).order_by("starts_on", "pk")

    def with_page(self) -> Self:
        """With what a stay's page shows, in a fixed number of queries."""
        return self.select_related(
            "offer__owner", "offer__municipality", "seat", "guest", "guest_workplace", "application", "round"
        ).prefetch_related("agreements", "evaluations")


@pghistory.track(exclude=["guest", "reason"])
class Stay(models.Model):
    """A guest's stay at a place. `uuid` stands in its address: nobody guesses it, and it lets in only the two.

    One seat has one stay that counts, by a unique index: never more guests than seats, whoever accepts at once.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    offer = models.ForeignKey(
        Offer, on_delete=models.PROTECT, related_name="stays", verbose_name=_("praktikplads")
    )
    seat = models.ForeignKey(
        Seat, on_delete=models.SET_NULL, null=True, blank=True, related_name="stays", verbose_name=_("plads")
    )
    """None once the place has fewer seats than when the stay fell through."""
    round = models.ForeignKey(
        Round, on_delete=models.PROTECT, null=True, blank=True, related_name="stays", verbose_name=_("runde")
    )
    application = models.ForeignKey(
        Application, on_delete=models.SET_NULL, null=True, blank=True, related_name="stays"
    )
    guest = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="practicum_stays",
        verbose_name=_("gæst"),
    )  # fmt: skip
    guest_workplace = models.ForeignKey(
        Workplace,
        on_delete=models.PROTECT,
        related_name="practicum_stays",
        verbose_name=_("gæstens arbejdsplads"),
    )
    origin = models.CharField(_("fandt hinanden"), max_length=8, choices=Origin)
    state = models.CharField(_("tilstand"), max_length=10, choices=StayState, default=StayState.OFFERED)
    starts_on = models.DateField(_("første dag"))
    ends_on = models.DateField(_("sidste dag"))
    days = models.PositiveSmallIntegerField(_("dage"))
    held_until = models.DateTimeField(_("pladsen holdes til"), null=True, blank=True)
    guest_accepted_at = models.DateTimeField(_("gæsten sagde ja"), null=True, blank=True)
    host_accepted_at = models.DateTimeField(_("værten sagde ja"), null=True, blank=True)
    cancelled_by = models.CharField(_("aflyst af"), max_length=6, choices=Side, blank=True)
    reason = models.CharField(_("begrundelse"), max_length=500, blank=True, validators=[refuse_cpr])
    ended_at = models.DateTimeField(_("faldt fra"), null=True, blank=True)
    sequence = models.PositiveIntegerField(_("nummer i kalenderen"), default=0, editable=False)
    created_at = models.DateTimeField(_("oprettet"), db_default=Now())

    objects = StayQuerySet.as_manager()

    class Meta:
        verbose_name = _("ophold")
        verbose_name_plural = _("ophold")
        ordering: ClassVar = ["starts_on", "id"]
        default_permissions: ClassVar = ["view"]
        indexes: ClassVar = [
            models.Index(fields=["state", "starts_on"], name="stay_state_start"),
            models.Index(fields=["offer", "state"], name="stay_offer_state"),
        ]
        constraints: ClassVar = [
            one_of("origin", Origin, name="stay_origin_known"),
            one_of("state", StayState, name="stay_state_known"),
            one_of("cancelled_by", Side, name="stay_cancelled_by_known", blank=True),
            models.UniqueConstraint(
                fields=["seat"],
                condition=Q(state__in=SEATED),
                name="stay_one_per_seat",
                violation_error_message=_("Pladsen er taget."),
            ),
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(state__in=SEATED),
                name="stay_one_per_application",
                violation_error_message=_("Gæsten har allerede en plads."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")) & Q(days__range=(1, MOST_DAYS)),
                name="stay_dates_forward",
                violation_error_message=_("Den sidste dag kan ikke ligge før den første."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[StayState.AGREED, StayState.DONE])
                | Q(guest_accepted_at__isnull=False, host_accepted_at__isnull=False),
                name="stay_both_accept",
                violation_error_message=_("Begge skal have sagt ja."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=SEATED) | Q(seat__isnull=False), name="stay_has_its_seat"
            ),
            models.CheckConstraint(
                condition=~Q(state=StayState.OFFERED) | Q(held_until__isnull=False), name="stay_held_until"
            ),
            models.CheckConstraint(
                condition=~Q(state=StayState.CANCELLED) | ~Q(cancelled_by="") & ~Q(reason__regex=r"^\s*$"),
                name="stay_cancelled_with_a_reason",
                violation_error_message=_("Skriv, hvorfor opholdet bliver aflyst."),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="seat_of_its_offer",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("seat_id", "offer_id", "guest_workplace_id"),
                func=f"""
                    IF NEW.seat_id IS NOT NULL AND NOT EXISTS (
                        SELECT 1 FROM practicum_seat WHERE id = NEW.seat_id AND offer_id = NEW.offer_id
                    ) THEN
                        {refuse("stay_seat_of_its_offer", "the seat belongs to another place")}
                    END IF;
                    IF EXISTS (
                        SELECT 1 FROM editorial_content WHERE id = NEW.offer_id AND owner_id = NEW.guest_workplace_id
                    ) THEN
                        {refuse("stay_elsewhere", "nobody visits their own workplace")}
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 - our own names
            ),
            pgtrigger.Trigger(
                name="leader_said_yes_to_these_days",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert
                | pgtrigger.UpdateOf("state", "application_id", "starts_on", "ends_on", "days"),
                func=f"""
                    IF NEW.application_id IS NOT NULL AND NEW.state IN ('{StayState.OFFERED}', '{StayState.AGREED}')
                        AND (TG_OP = 'INSERT' OR (NEW.state, NEW.application_id, NEW.starts_on, NEW.ends_on, NEW.days)
                        IS DISTINCT FROM (OLD.state, OLD.application_id, OLD.starts_on, OLD.ends_on, OLD.days))
                        AND NOT EXISTS (
                        SELECT 1 FROM practicum_leaderapproval a
                        WHERE a.application_id = NEW.application_id AND a.answer = 'ja' AND a.days >= NEW.days
                        AND a.first_day <= NEW.starts_on AND a.last_day >= NEW.ends_on
                    ) THEN
                        {refuse("stay_has_a_yes", "no leader of the guest has said yes to these days")}
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 - our own names
            ),
            pgtrigger.Trigger(
                name="counts_for_calendars",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    NEW.sequence = OLD.sequence;
                    IF (NEW.starts_on, NEW.ends_on, NEW.state) IS DISTINCT FROM (OLD.starts_on, OLD.ends_on, OLD.state)
                    THEN
                        NEW.sequence = OLD.sequence + 1;
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    def get_absolute_url(self) -> str:
        """Its page, for the two and the editors."""
        return reverse("practicum:stay", args=[self.uuid])

    @property
    def when(self) -> str:
        """»2.–4. december 2026«."""
        return days_in_words(self.starts_on, self.ends_on)

    @property
    def answer_by(self) -> dt.date | None:
        """The last day on which the one who has not answered can say yes. `held_until` is the midnight after it."""
        return timezone.localdate(self.held_until - SECOND) if self.held_until else None


class StayReminder(models.Model):
    """That the two were reminded of something about a stay: each thing once, by its unique row."""

    stay = models.ForeignKey(Stay, on_delete=models.CASCADE, related_name="reminders")
    kind = models.CharField(_("om"), max_length=8, choices=Reminder)
    at = models.DateTimeField(_("sendt"), db_default=Now())

    class Meta:
        verbose_name = _("påmindelse om et ophold")
        verbose_name_plural = _("påmindelser om ophold")
        default_permissions: ClassVar = []
        constraints: ClassVar = [
            one_of("kind", Reminder, name="stay_reminder_kind_known"),
            models.UniqueConstraint(fields=["stay", "kind"], name="stay_reminder_once"),
        ]

    def __str__(self) -> str:
        return f"{self.stay} ({self.kind})"


class AgreementQuerySet(models.QuerySet["Agreement"]):
    """Agreements as pages use them."""

    def in_force(self) -> Self:
        """Those that both have signed, the newest first."""
        return self.filter(guest_signed_at__isnull=False, host_signed_at__isnull=False).order_by("-number")


class Agreement(models.Model):
    """What guest and host expect of a stay, in one version. Both sign it; a change after that is a new version, and the
    one that both have signed counts until they have signed the new one."""

    stay = models.ForeignKey(Stay, on_delete=models.CASCADE, related_name="agreements")
    number = models.PositiveSmallIntegerField(_("udgave"))
    written_by = models.CharField(_("skrevet af"), max_length=6, choices=Side)
    starts_on = models.DateField(_("første dag"), null=True, blank=True)
    ends_on = models.DateField(_("sidste dag"), null=True, blank=True)
    """The stay lies on these days once both have signed; None leaves it where it is."""
    purpose = models.TextField(_("det vil gæsten lære"), max_length=2000, validators=[refuse_cpr])
    programme = models.TextField(_("programmet"), max_length=4000, blank=True, validators=[refuse_cpr])
    contact = models.CharField(_("den, gæsten spørger efter"), max_length=200, blank=True)
    gives = models.TextField(_("det får værten"), max_length=2000, blank=True, validators=[refuse_cpr])
    confidentiality = models.TextField(
        _("det, der ikke må deles"), max_length=2000, blank=True, validators=[refuse_cpr]
    )
    certificates = models.TextField(_("attester, og hvornår de skal være der"), max_length=1000, blank=True)
    consent = models.TextField(_("ja fra dem, gæsten møder"), max_length=1000, blank=True)
    expenses = models.TextField(_("rejse og overnatning"), max_length=1000, blank=True)
    insurance = models.TextField(_("forsikring"), max_length=1000, blank=True)
    working_time = models.TextField(_("arbejdstid"), max_length=1000, blank=True)
    created_at = models.DateTimeField(_("skrevet"), db_default=Now())
    guest_signed_at = models.DateTimeField(_("gæsten godkendte"), null=True, blank=True)
    host_signed_at = models.DateTimeField(_("værten godkendte"), null=True, blank=True)

    TEXTS: ClassVar = (
        "purpose", "programme", "contact", "gives", "confidentiality", "certificates", "consent", "expenses",
        "insurance", "working_time",
    )  # fmt: skip

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("aftale om et ophold")
        verbose_name_plural = _("aftaler om ophold")
        ordering: ClassVar = ["-number"]
        default_permissions: ClassVar = ["view"]
        constraints: ClassVar = [
            one_of("written_by", Side, name="agreement_written_by_known"),
            models.UniqueConstraint(fields=["stay", "number"], name="agreement_number_once"),
            models.CheckConstraint(
                condition=~Q(purpose__regex=r"^\s*$"),
                name="agreement_has_purpose",
                violation_error_message=_("Skriv, hvad gæsten vil lære."),
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True, ends_on__isnull=True)
                | Q(starts_on__isnull=False, ends_on__isnull=False, ends_on__gte=F("starts_on")),
                name="agreement_days_forward",
                violation_error_message=_("Den sidste dag kan ikke ligge før den første."),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="stands_once_signed",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF (OLD.guest_signed_at IS NOT NULL OR OLD.host_signed_at IS NOT NULL)
                        AND to_jsonb(NEW) - '{{guest_signed_at,host_signed_at}}'::text[]
                        IS DISTINCT FROM to_jsonb(OLD) - '{{guest_signed_at,host_signed_at}}'::text[]
                        OR OLD.guest_signed_at IS NOT NULL AND NEW.guest_signed_at IS DISTINCT FROM OLD.guest_signed_at
                        OR OLD.host_signed_at IS NOT NULL AND NEW.host_signed_at IS DISTINCT FROM OLD.host_signed_at
                    THEN
                        {refuse("agreement_stands", "what somebody has signed stands")}
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stay} ({self.number})"

    @property
    def when(self) -> str:
        """»2.–4. december 2026«; "" when it leaves the stay where it is."""
        return days_in_words(self.starts_on, self.ends_on) if self.starts_on and self.ends_on else ""

    def moves(self, stay: Stay) -> bool:
        """Whether it puts the stay on other days than it lies on now."""
        return self.starts_on is not None and (self.starts_on, self.ends_on) != (stay.starts_on, stay.ends_on)

    @property
    def in_force_since(self) -> dt.datetime | None:
        """When the second of the two signed it; None before."""
        if self.guest_signed_at and self.host_signed_at:
            return max(self.guest_signed_at, self.host_signed_at)
        return None


class Evaluation(models.Model):
    """What one of the two says of a stay when it is over. The other never sees it; figures only show groups of five."""

    stay = models.ForeignKey(Stay, on_delete=models.CASCADE, related_name="evaluations")
    side = models.CharField(_("fra"), max_length=6, choices=Side)
    could_use = models.PositiveSmallIntegerField(
        _("kunne bruge det"), validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    recommends = models.BooleanField(_("vil anbefale det"))
    as_expected = models.PositiveSmallIntegerField(
        _("som ventet"), validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    text = models.TextField(_("med egne ord"), max_length=2000, blank=True, validators=[refuse_cpr])
    created_at = models.DateTimeField(_("skrevet"), db_default=Now())

    class Meta:
        verbose_name = _("evaluering")
        verbose_name_plural = _("evalueringer")
        default_permissions: ClassVar = ["view"]
        constraints: ClassVar = [
            one_of("side", Side, name="evaluation_side_known"),
            models.UniqueConstraint(
                fields=["stay", "side"],
                name="evaluation_once",
                violation_error_message=_("Du har allerede svaret."),
            ),
            models.CheckConstraint(
                condition=Q(could_use__range=(1, 5), as_expected__range=(1, 5)), name="evaluation_in_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stay} ({self.side})"


class FollowUp(models.Model):
    """What the guest has used, three months after. It can become reuse or a draft in the catalogue."""

    stay = models.OneToOneField(Stay, on_delete=models.CASCADE, related_name="follow_up")
    asked_at = models.DateTimeField(_("spurgt"), db_default=Now())
    answered_at = models.DateTimeField(_("svaret"), null=True, blank=True)
    used = models.TextField(_("det har jeg brugt"), max_length=2000, blank=True, validators=[refuse_cpr])
    entry = models.ForeignKey(
        "catalogue.Entry", on_delete=models.SET_NULL, null=True, blank=True, related_name="practicum_follow_ups",
        verbose_name=_("blev til indlægget"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("hvad blev brugt")
        verbose_name_plural = _("hvad blev brugt")
        default_permissions: ClassVar = ["view"]

    def __str__(self) -> str:
        return str(self.stay)
