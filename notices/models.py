"""Notices, how often people want them by mail, addresses that get none, and mail on its way.

Addresses are contact data: none of these tables is tracked by history, and rules of keeping stand in notices.keeping.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from notices.events import ABOUT, CHOSEN, Event, Frequency


def address_hash(address: str) -> str:
    """What an address is remembered by where the address itself is not needed; whatever its case."""
    return hashlib.sha256(b"notices:" + address.strip().lower().encode("utf-8", "replace")).hexdigest()


class Mailing(models.TextChoices):
    """Where the mail of a notice is."""

    WAITING = "venter", _("Venter")
    SENT = "sendt", _("Sendt")
    DIGESTED = "samlet", _("Sendt i en samlet mail")
    OFF = "slaaet-fra", _("Ingen mail")
    FAILED = "fejlet", _("Kunne ikke sendes")


class NoticeQuerySet(models.QuerySet["Notice"]):
    """The vocabulary of notices."""

    def of(self, user: User) -> NoticeQuerySet:
        """A person's own, newest first."""
        return self.filter(recipient=user).order_by("-created_at", "-pk")

    def unread_for(self, user: User) -> NoticeQuerySet:
        """What a person has not read yet."""
        return self.filter(recipient=user, read_at=None)

    def mark_read(self) -> int:
        """Mark those that are unread as read; returns how many."""
        return self.filter(read_at=None).update(read_at=Now())

    def due_at_once(self) -> NoticeQuerySet:
        """Whose mail waits, and not for a digest."""
        return self.filter(state=Mailing.WAITING, frequency=Frequency.AT_ONCE)

    def due_in_digest(self, frequency: Frequency, before: dt.datetime) -> NoticeQuerySet:
        """What waits for the digest that was due at `before`."""
        return self.filter(
            state=Mailing.WAITING, frequency=frequency, created_at__lt=before, recipient__isnull=False
        )


class Notice(models.Model):
    """One thing that one person is told, on the portal and by mail."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name=_("modtager"),
    )
    address = models.EmailField(
        _("adresse"),
        max_length=254,
        blank=True,
        help_text=_("Kun for den, der ikke har en konto. Slettes 30 dage efter, at mailen er sendt."),
    )
    event = models.CharField(_("slags"), max_length=20, choices=Event)
    subject = models.CharField(_("emne"), max_length=200)
    text = models.TextField(_("tekst"))
    url = models.CharField(_("adresse på portalen"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("oprettet"), db_default=Now(), editable=False)
    read_at = models.DateTimeField(_("læst"), null=True, blank=True)
    frequency = models.CharField(_("hvor tit"), max_length=10, choices=Frequency, default=Frequency.AT_ONCE)
    state = models.CharField(_("mail"), max_length=12, choices=Mailing, default=Mailing.WAITING)
    attempts = models.PositiveSmallIntegerField(_("forsøg"), default=0)
    sent_at = models.DateTimeField(_("sendt"), null=True, blank=True)
    last_error = models.CharField(_("seneste fejl"), max_length=80, blank=True)

    objects: ClassVar = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("besked")
        verbose_name_plural = _("beskeder")
        indexes: ClassVar = [
            models.Index(fields=["recipient", "-created_at", "-id"], name="notice_inbox"),
            models.Index(fields=["recipient"], condition=Q(read_at=None), name="notice_unread"),
            models.Index(
                fields=["frequency", "created_at"], condition=Q(state="venter"), name="notice_waiting"
            ),
            models.Index(fields=["created_at"], name="notice_created"),
            models.Index(fields=["created_at"], condition=~Q(address=""), name="notice_with_address"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(event__in=Event.values),
                name="notice_event_known",
                violation_error_message=_("Den slags besked findes ikke."),
            ),
            models.CheckConstraint(
                condition=Q(frequency__in=Frequency.values) & Q(state__in=Mailing.values),
                name="notice_state_known",
                violation_error_message=_("Den tilstand findes ikke."),
            ),
            models.CheckConstraint(
                condition=Q(recipient=None) | Q(address=""),
                name="notice_one_recipient",
                violation_error_message=_("En besked går enten til en konto eller til en adresse."),
            ),
            models.CheckConstraint(
                condition=Q(recipient__isnull=False) | ~Q(address="") | ~Q(state="venter"),
                name="notice_waiting_has_recipient",
                violation_error_message=_("En besked, der skal sendes, skal have en modtager."),
            ),
            models.CheckConstraint(
                condition=~Q(subject="") & ~Q(subject__regex=r"[\x01-\x1f]"),
                name="notice_subject_one_line",
                violation_error_message=_("Emnet skal være én linje."),
            ),
            models.CheckConstraint(
                condition=Q(url="") | (Q(url__startswith="/") & ~Q(url__startswith="//")),
                name="notice_url_own",
                violation_error_message=_("Adressen skal være en side på portalen."),
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=False, state__in=["sendt", "samlet"])
                | Q(sent_at=None, state__in=["venter", "slaaet-fra", "fejlet"]),
                name="notice_sent_has_time",
                violation_error_message=_("En sendt besked skal have et tidspunkt."),
            ),
        ]

    def __str__(self) -> str:
        # Without the subject: lists of staff are not to tell what is between the portal and its reader.
        return f"{self.get_event_display()} ({str(self.uuid)[:8]})"

    @property
    def is_long(self) -> bool:
        """Whether a list shows only its beginning."""
        return len(self.text) > 500


class PreferenceQuerySet(models.QuerySet["Preference"]):
    """The vocabulary of preferences."""

    def frequency(self, user: User, event: Event) -> Frequency:
        """How often a person wants mail of this kind: as chosen, else the default."""
        if ABOUT[event].fixed:
            return ABOUT[event].default
        chosen = self.filter(user=user, event=event).values_list("frequency", flat=True).first()
        return Frequency(chosen) if chosen else ABOUT[event].default

    def all_of(self, user: User) -> dict[Event, Frequency]:
        """The same for every kind that can be chosen."""
        chosen = dict(self.filter(user=user).values_list("event", "frequency"))
        return {event: Frequency(chosen.get(event, ABOUT[event].default)) for event in CHOSEN}


class Preference(models.Model):
    """How often a person wants mail of one kind; without a row it is the default of the kind."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="notice_preferences",
        verbose_name=_("bruger"),
    )
    event = models.CharField(_("slags"), max_length=20, choices=Event)
    frequency = models.CharField(_("hvor tit"), max_length=10, choices=Frequency)

    objects: ClassVar = PreferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("valg af mails")
        verbose_name_plural = _("valg af mails")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "event"], name="preference_once"),
            models.CheckConstraint(
                condition=Q(event__in=CHOSEN),
                name="preference_event_known",
                violation_error_message=_("Den slags mails kan ikke vælges til eller fra."),
            ),
            models.CheckConstraint(
                condition=Q(frequency__in=Frequency.values),
                name="preference_frequency_known",
                violation_error_message=_("Vælg, hvor tit du vil have mail."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_event_display()}: {self.get_frequency_display()}"


class Why(models.TextChoices):
    """Why an address gets no mail."""

    REFUSED = "afvist", _("Modtagerens mailserver afviser den")
    UNSUBSCRIBED = "afmeldt", _("Modtageren har sagt nej tak")


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    """The vocabulary of suppressions."""

    def covers(self, address: str, *, refused_only: bool = False) -> bool:
        """Whether this address gets no mail."""
        rows = self.filter(address_hash=address_hash(address))
        return (rows.filter(reason=Why.REFUSED) if refused_only else rows).exists()


class Suppression(models.Model):
    """An address that gets no mail. One that refuses is kept readable, for staff must be able to find it."""

    address_hash = models.CharField(_("adressens aftryk"), max_length=64, editable=False)
    address = models.EmailField(_("adresse"), max_length=254, blank=True)
    reason = models.CharField(_("grund"), max_length=10, choices=Why)
    code = models.CharField(_("svar fra mailserveren"), max_length=20, blank=True)
    at = models.DateTimeField(_("tidspunkt"), db_default=Now(), editable=False)

    objects: ClassVar = SuppressionQuerySet.as_manager()

    class Meta:
        verbose_name = _("adresse, der ikke får mail")
        verbose_name_plural = _("adresser, der ikke får mail")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["address_hash", "reason"], name="suppression_once"),
            models.CheckConstraint(
                condition=Q(reason=Why.REFUSED) & ~Q(address="") | Q(reason=Why.UNSUBSCRIBED, address=""),
                name="suppression_address_only_where_needed",
                violation_error_message=_("En afvist adresse skal nævnes, en afmeldt må ikke."),
            ),
            models.CheckConstraint(
                condition=Q(address_hash__regex=r"^[0-9a-f]{64}$"),
                name="suppression_hash_form",
                violation_error_message=_("Aftrykket har ikke den rigtige form."),
            ),
        ]

    def __str__(self) -> str:
        return self.address or self.get_reason_display()


class OutgoingMail(models.Model):
    """A mail on its way: written by QueuedBackend or as a digest, deleted once it is sent."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    message = models.JSONField(_("mailen"), help_text=_("Se notices.mail."))
    attempts = models.PositiveSmallIntegerField(_("forsøg"), default=0)
    last_error = models.CharField(_("seneste fejl"), max_length=80, blank=True)
    failed = models.BooleanField(_("opgivet"), default=False)
    created_at = models.DateTimeField(_("oprettet"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("udgående mail")
        verbose_name_plural = _("udgående mails")
        indexes: ClassVar = [models.Index(fields=["created_at"], name="outgoing_mail_created")]

    def __str__(self) -> str:
        return str(self.uuid)
