"""A leader's yes or no to a place or an application, given by a link in a mail, without account."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from editorial.clock import CoiNow
from editorial.fields import one_of
from editorial.models.receipts import code_hash, spelled
from editorial.rules import refuse
from guards.cpr import refuse_cpr
from practicum.choices import Answer

if TYPE_CHECKING:
    from practicum.models.application import Application
    from practicum.models.offer import Offer


class ApprovalQuerySet(models.QuerySet["LeaderApproval"]):
    """Approvals as pages and the job use them."""

    def open(self) -> Self:
        """Those that can still be answered."""
        return self.filter(answer="", expires_at__gt=CoiNow())

    def of_code(self, code: str) -> Self:
        """The one that a link's code belongs to, answered or not."""
        return self.filter(code_hash=code_hash(code))

    def say_yes_to_offer(self, offer: Offer) -> Self:
        """Those that say yes to a place as it is: so many days, so many guests, on these dates."""
        return self.filter(
            answer=Answer.YES, offer=offer, days=offer.days, seats=offer.seats_wanted,
            first_day=offer.starts_on, last_day=offer.ends_on,
        )  # fmt: skip

    def say_yes_to_application(self, application: Application) -> Self:
        """Those that say yes to an application as it is: so many days, on days within these."""
        days = application.possible_days
        if not days:
            return self.none()
        return self.filter(
            answer=Answer.YES, application=application, days__gte=application.days,
            first_day__lte=min(days), last_day__gte=max(days),
        )  # fmt: skip


class LeaderApproval(models.Model):
    """One question to one leader. The link's code is made of the key and SECRET_KEY and stored nowhere; it works once.

    What is asked about is kept with the question: a yes counts for nothing else, so changed dates need a new one.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    offer = models.ForeignKey(
        "practicum.Offer", on_delete=models.CASCADE, null=True, blank=True, related_name="approvals"
    )
    application = models.ForeignKey(
        "practicum.Application", on_delete=models.CASCADE, null=True, blank=True, related_name="approvals"
    )
    email = models.EmailField(
        _("lederens e-mail"), help_text=_("På arbejdspladsen. Kun til at spørge; vises ikke for andre.")
    )
    days = models.PositiveSmallIntegerField(_("dage"))
    seats = models.PositiveSmallIntegerField(_("gæster"), null=True, blank=True)
    first_day = models.DateField(_("tidligst"), null=True, blank=True)
    last_day = models.DateField(_("senest"), null=True, blank=True)
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    asked_at = models.DateTimeField(_("spurgt"), db_default=Now())
    expires_at = models.DateTimeField(_("linket udløber"))
    reminders = models.PositiveSmallIntegerField(_("mindet om det"), default=0)
    answer = models.CharField(_("svar"), max_length=8, choices=Answer, blank=True)
    answered_at = models.DateTimeField(_("svaret"), null=True, blank=True)
    answered_by_name = models.CharField(_("navn"), max_length=80, blank=True)
    reason = models.CharField(_("begrundelse"), max_length=500, blank=True, validators=[refuse_cpr])
    delegated_from = models.OneToOneField(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="delegated_to"
    )

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        verbose_name = _("spørgsmål til en leder")
        verbose_name_plural = _("spørgsmål til ledere")
        ordering: ClassVar = ["-asked_at", "-id"]
        default_permissions: ClassVar = ["view"]
        constraints: ClassVar = [
            one_of("answer", Answer, name="approval_answer_known", blank=True),
            models.CheckConstraint(
                condition=Q(offer__isnull=False, application__isnull=True)
                | Q(offer__isnull=True, application__isnull=False),
                name="approval_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | ~Q(answer="") & Q(answered_at__isnull=False),
                name="approval_answer_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(answer=Answer.NO) | ~Q(reason__regex=r"^\s*$"),
                name="approval_no_has_a_reason",
                violation_error_message=_("Skriv, hvorfor det ikke kan lade sig gøre."),
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("asked_at")), name="approval_expires_later"),
            models.CheckConstraint(
                condition=Q(code_hash__regex=r"^[0-9a-f]{64}$"), name="approval_is_hashed"
            ),
            models.UniqueConstraint(
                fields=["offer"],
                condition=Q(answer="", offer__isnull=False),
                name="approval_one_open_per_offer",
            ),
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(answer="", application__isnull=False),
                name="approval_one_open_per_application",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="answers_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF OLD.answer <> ''
                        AND (NEW.answer, NEW.answered_at, NEW.days, NEW.seats, NEW.first_day, NEW.last_day)
                        IS DISTINCT FROM
                        (OLD.answer, OLD.answered_at, OLD.days, OLD.seats, OLD.first_day, OLD.last_day) THEN
                        {refuse("approval_stands", "what a leader has answered stands")}
                    END IF;
                    IF OLD.answer = '' AND NEW.answer <> '' AND OLD.expires_at <= coi_now() THEN
                        {refuse("approval_in_time", "the link has expired")}
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """With the hash of its code."""
        self.code_hash = code_hash(self.code)
        super().save(*args, **kwargs)

    @property
    def code(self) -> str:
        """The code of the link: 128 bits that nobody can work out without SECRET_KEY."""
        mac = salted_hmac("practicum.approvals", self.uuid.hex, algorithm="sha256")
        return spelled(int.from_bytes(mac.digest()[:16]))
