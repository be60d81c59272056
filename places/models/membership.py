"""Who may speak for a workplace: memberships, the links by which colleagues vouch, and the log of both."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from places.models.workplace import Workplace

HASHED = r"^[0-9a-f]{64}$"
"""A sha256 as we write it."""


class Role(models.TextChoices):
    """What somebody is at a workplace."""

    EMPLOYEE = "medarbejder", _("Medarbejder")
    LEADER = "leder", _("Leder")
    CONTACT = "kontaktperson", _("Kontaktperson")


class MembershipState(models.TextChoices):
    """How far a membership has come. Only an active one gives rights."""

    WAITING = "waiting", _("Venter på svar")
    ACTIVE = "active", _("Gælder")
    SUSPENDED = "suspended", _("Sat på pause")
    ENDED = "ended", _("Ophørt")
    DECLINED = "declined", _("Afvist")


OPEN_STATES = (MembershipState.WAITING, MembershipState.ACTIVE, MembershipState.SUSPENDED)
"""States of which one person has at most one row for a role at a workplace."""


class Basis(models.TextChoices):
    """Why we believe that somebody works there."""

    DOMAIN = "domain", _("E-mail hos arbejdspladsen")
    VOUCHED = "vouched", _("En kollega står inde for det")
    STAFF = "staff", _("Redaktionen har vurderet det")


class Pause(models.TextChoices):
    """Why a membership is suspended."""

    BOUNCED = "bounced", _("Mails kommer retur")
    UNCONFIRMED = "unconfirmed", _("Ikke bekræftet efter et år")
    STAFF = "staff", _("Sat på pause af redaktionen")


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships as the portal speaks of them."""

    def active(self) -> Self:
        """Those that give rights now: active, of somebody whose account is open."""
        return self.filter(state=MembershipState.ACTIVE, user__is_active=True)

    def open(self) -> Self:
        """Those that are not over."""
        return self.filter(state__in=OPEN_STATES)

    def waiting(self) -> Self:
        """Those that somebody must answer."""
        return self.filter(state=MembershipState.WAITING)

    def contacts(self) -> Self:
        """Contact persons, whatever their state."""
        return self.filter(role=Role.CONTACT)

    def with_names(self) -> Self:
        """With what a line about a membership shows, in the same query."""
        return self.select_related("user", "workplace")


class Membership(models.Model):
    """One person's role at one workplace. It is the person's own data and goes with the account; the log stays."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name=_("person"),
    )
    workplace = models.ForeignKey(
        Workplace, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("arbejdsplads")
    )
    role = models.CharField(_("rolle"), max_length=13, choices=Role)
    state = models.CharField(
        _("tilstand"), max_length=9, choices=MembershipState, default=MembershipState.WAITING
    )
    basis = models.CharField(_("grundlag"), max_length=7, choices=Basis, blank=True)
    title = models.CharField(
        _("stilling"), max_length=120, blank=True, help_text=_("Hvad du laver der, f.eks. »pædagog«.")
    )
    note = models.TextField(
        _("begrundelse"),
        blank=True,
        validators=[MaxLengthValidator(1000)],
        help_text=_("Hvorfor du kan tale for arbejdspladsen. Læses kun af dem, der svarer dig."),
    )
    trusted = models.BooleanField(
        _("betroet"),
        default=False,
        help_text=_("Må offentliggøre små rettelser med det samme. Sættes af redaktionen."),
    )
    created_at = models.DateTimeField(_("oprettet"), db_default=Now(), editable=False)
    approved_at = models.DateTimeField(_("godkendt"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("senest bekræftet"), null=True, blank=True)
    confirm_by = models.DateField(_("bekræftes senest"), null=True, blank=True)
    asked_on = models.DateField(_("spurgt den"), null=True, blank=True)
    suspended_reason = models.CharField(_("på pause fordi"), max_length=11, choices=Pause, blank=True)
    ended_at = models.DateTimeField(_("slut"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("rolle på en arbejdsplads")
        verbose_name_plural = _("roller på arbejdspladser")
        ordering: ClassVar = ["-created_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["workplace", "role", "state"], name="membership_workplace"),
            models.Index(fields=["user", "state"], name="membership_user"),
            models.Index(
                fields=["confirm_by"],
                name="membership_due",
                condition=Q(state="active", role="kontaktperson"),
            ),
            models.Index(fields=["-created_at", "-id"], name="membership_newest"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "workplace", "role"],
                condition=Q(state__in=["waiting", "active", "suspended"]),
                name="membership_one_open",
                violation_error_message=_("Personen har allerede den rolle på arbejdspladsen."),
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role"),
            models.CheckConstraint(condition=Q(state__in=MembershipState.values), name="membership_state"),
            models.CheckConstraint(condition=Q(basis__in=["", *Basis.values]), name="membership_basis"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "ended", "declined"])
                | (Q(approved_at__isnull=False) & ~Q(basis="")),
                name="membership_approved_on_a_basis",
                violation_error_message=_("En rolle, der gælder, er godkendt på et grundlag."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["waiting", "declined"]) | Q(approved_at__isnull=True),
                name="membership_waiting_is_not_approved",
                violation_error_message=_("Det, der venter eller er afvist, er ikke godkendt."),
            ),
            models.CheckConstraint(
                condition=Q(state="suspended", suspended_reason__in=Pause.values)
                | (~Q(state="suspended") & Q(suspended_reason="")),
                name="membership_pause_has_a_reason",
                violation_error_message=_("En rolle på pause har en grund, og kun den."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["ended", "declined"], ended_at__isnull=False)
                | (~Q(state__in=["ended", "declined"]) & Q(ended_at__isnull=True)),
                name="membership_end_has_a_time",
                violation_error_message=_("En rolle, der er slut, har et tidspunkt, og kun den."),
            ),
            models.CheckConstraint(
                condition=Q(trusted=False) | Q(role="kontaktperson", state__in=["active", "suspended"]),
                name="membership_trusted_contact",
                violation_error_message=_("Kun en godkendt kontaktperson kan være betroet."),
            ),
            models.CheckConstraint(
                condition=~Q(role="kontaktperson", state="active") | Q(confirm_by__isnull=False),
                name="membership_contact_is_confirmed_yearly",
                violation_error_message=_("En kontaktperson har en dato, rollen skal bekræftes inden."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.workplace}"


class Vouch(models.Model):
    """A link by which a leader or contact person vouches for one colleague. Only the hash of its token is kept."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    workplace = models.ForeignKey(
        Workplace, on_delete=models.PROTECT, related_name="vouches", verbose_name=_("arbejdsplads")
    )
    role = models.CharField(_("rolle"), max_length=13, choices=Role, default=Role.EMPLOYEE)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="vouches_made",
        verbose_name=_("lavet af"),
    )
    email = models.EmailField(
        _("e-mail"),
        blank=True,
        help_text=_("Kun den, der har denne adresse, kan bruge linket. Adressen slettes, når det er brugt."),
    )
    created_at = models.DateTimeField(_("oprettet"), db_default=Now(), editable=False)
    expires_at = models.DateTimeField(_("udløber"))
    used_at = models.DateTimeField(_("brugt"), null=True, blank=True)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="vouches_used",
        verbose_name=_("brugt af"),
    )

    class Meta:
        verbose_name = _("link til en kollega")
        verbose_name_plural = _("links til kolleger")
        ordering: ClassVar = ["-created_at", "-id"]
        default_permissions: ClassVar = []
        indexes: ClassVar = [models.Index(fields=["expires_at"], name="vouch_expires")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(role__in=["medarbejder", "kontaktperson"]),
                name="vouch_role",
                violation_error_message=_(
                    "Med et link kan en kollega blive medarbejder eller kontaktperson."
                ),
            ),
            models.CheckConstraint(condition=Q(token_hash__regex=HASHED), name="vouch_hashed"),
            models.CheckConstraint(
                condition=Q(used_by__isnull=True) | Q(used_at__isnull=False), name="vouch_used_whole"
            ),
            models.CheckConstraint(
                condition=Q(used_by__isnull=True) | ~Q(used_by=models.F("made_by")),
                name="vouch_not_for_oneself",
                violation_error_message=_("Du kan ikke stå inde for dig selv."),
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(email=""), name="vouch_forgets_the_address"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.workplace}"


class RoleChange(models.Model):
    """Who changed which role at which workplace, when and why. The web role may only add rows."""

    append_only = True

    class What(models.TextChoices):
        ASKED = "asked", _("bad om rollen")
        APPROVED = "approved", _("godkendte")
        DECLINED = "declined", _("afviste")
        LEFT = "left", _("gik selv")
        REMOVED = "removed", _("fjernede")
        SUSPENDED = "suspended", _("satte på pause")
        RESUMED = "resumed", _("satte i kraft igen")
        CONFIRMED = "confirmed", _("bekræftede")
        VOUCHED = "vouched", _("stod inde for med et link")
        TRUSTED = "trusted", _("gjorde betroet")
        NOT_TRUSTED = "not_trusted", _("fjernede betroet")
        MERGED = "merged", _("lagde arbejdspladser sammen")

    workplace_uuid = models.UUIDField(_("arbejdsplads"), db_index=True)
    workplace_name = models.CharField(_("arbejdspladsens navn"), max_length=160)
    user_key = models.UUIDField(_("hvis rolle"), db_index=True)
    actor_key = models.UUIDField(_("hvem"), null=True, help_text=_("Tom: portalen selv."))
    role = models.CharField(_("rolle"), max_length=13, choices=Role)
    what = models.CharField(_("hvad"), max_length=12, choices=What)
    before = models.CharField(_("fra"), max_length=9, choices=MembershipState, blank=True)
    after = models.CharField(_("til"), max_length=9, choices=MembershipState)
    reason = models.TextField(_("begrundelse"), blank=True)
    at = models.DateTimeField(_("hvornår"), db_default=Now())

    class Meta:
        verbose_name = _("ændring af rolle")
        verbose_name_plural = _("ændringer af roller")
        ordering: ClassVar = ["-at", "-id"]
        default_permissions: ClassVar = ["view"]
        indexes: ClassVar = [models.Index(fields=["-at", "-id"], name="rolechange_newest")]

    def __str__(self) -> str:
        return f"{self.workplace_name}: {self.get_role_display()}, {self.get_what_display()}"
