"""What the site itself keeps."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Why(models.TextChoices):
    """Why an account is erased."""

    SELF = "selv", _("Personen slettede den selv")
    ASKED = "anmodet", _("Personen bad redaktionen om det")
    UNUSED = "ubrugt", _("Den var ikke brugt i tre år")
    UNCONFIRMED = "ubekraeft", _("Adressen blev aldrig bekræftet")


class Marker(models.Model):
    """Notes that something was done once in this database, such as loading the demonstration content."""

    name = models.SlugField(_("navn"), primary_key=True)
    created_at = models.DateTimeField(_("hvornår"), auto_now_add=True)

    class Meta:
        verbose_name = _("mærke")
        verbose_name_plural = _("mærker")

    def __str__(self) -> str:
        return self.name


class FormerUser(models.Model):
    """Somebody whose account is erased, under the pseudonym that stands where their name stood.

    The pseudonym comes from the person's random key by HMAC, so nobody gets from it to the key, or back to the person;
    everything that one person wrote has the same.
    """

    pseudonym = models.CharField(_("pseudonym"), max_length=12, unique=True)
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    erased_at = models.DateTimeField(_("slettet"), db_default=Now())

    class Meta:
        verbose_name = _("tidligere bruger")
        verbose_name_plural = _("tidligere brugere")
        default_permissions: ClassVar = []
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(pseudonym__regex=r"^[0-9A-HJKMNP-TV-Z]{4,12}$"), name="former_user_pseudonym"
            ),
            models.CheckConstraint(condition=Q(key_hash__regex=r"^[0-9a-f]{64}$"), name="former_user_hashed"),
        ]

    def __str__(self) -> str:
        return str(_("Tidligere bruger %s") % self.pseudonym)


class FormerContribution(models.Model):
    """What a former user contributed: the author of the content is gone, the pseudonym stays."""

    former = models.ForeignKey(FormerUser, on_delete=models.PROTECT, related_name="contributions")
    content = models.OneToOneField(
        "editorial.Content", on_delete=models.CASCADE, related_name="former_author"
    )

    class Meta:
        verbose_name = _("en tidligere brugers bidrag")
        verbose_name_plural = _("tidligere brugeres bidrag")
        default_permissions: ClassVar = []

    def __str__(self) -> str:
        return f"{self.former}: {self.content}"


class ErasureRequest(models.Model):
    """That an account is to be erased now. Lives only inside the transaction that erases it (`coi_erase_person`)."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    former = models.ForeignKey(FormerUser, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=10, choices=Why)
    asked_by_key = models.UUIDField(null=True)
    made_at = models.DateTimeField(db_default=TransactionNow())

    class Meta:
        verbose_name = _("sletning i gang")
        verbose_name_plural = _("sletninger i gang")
        default_permissions: ClassVar = []
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(why__in=Why.values), name="erasure_request_why")
        ]

    def __str__(self) -> str:
        return str(self.former)


class Erasure(models.Model):
    """That an account was erased, why and when. The function that erases writes it; nobody can change it."""

    append_only = True

    pseudonym = models.CharField(_("tidligere bruger"), max_length=12)
    why = models.CharField(_("hvorfor"), max_length=10, choices=Why)
    asked_by_key = models.UUIDField(
        _("hvem bad om det"), null=True, help_text=_("Tom: personen selv, eller portalen.")
    )
    closed_only = models.BooleanField(
        _("kontoen er lukket under pseudonym"),
        help_text=_("For redaktionens konti: det, de har gjort i administrationen, bliver stående."),
    )
    counts = models.JSONField(_("rækker"), default=dict)
    at = models.DateTimeField(_("hvornår"), db_default=Now())

    class Meta:
        verbose_name = _("sletning af en konto")
        verbose_name_plural = _("sletninger af konti")
        ordering: ClassVar = ["-at", "-id"]
        default_permissions: ClassVar = ["view"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(why__in=Why.values), name="erasure_why"),
        ]

    def __str__(self) -> str:
        return str(_("Tidligere bruger %s") % self.pseudonym)


class Warned(models.Model):
    """That somebody was told that an unused account, or a draft nobody touches, will be deleted."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    content = models.ForeignKey("editorial.Content", on_delete=models.CASCADE, null=True, related_name="+")
    at = models.DateTimeField(_("advaret"), db_default=Now())

    class Meta:
        verbose_name = _("advarsel om sletning")
        verbose_name_plural = _("advarsler om sletning")
        default_permissions: ClassVar = []
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user"], name="warned_user_once"),
            models.UniqueConstraint(fields=["content"], name="warned_content_once"),
            models.CheckConstraint(
                condition=Q(user__isnull=True, content__isnull=False)
                | Q(user__isnull=False, content__isnull=True),
                name="warned_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return str(self.at)
