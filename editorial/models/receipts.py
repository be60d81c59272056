"""What belongs to a sender without account: the receipt, the contact kept apart, and the consent."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from editorial.models.content import Content

if TYPE_CHECKING:
    from accounts.models import User

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, so that a code can be read aloud and copied by hand."""
LENGTH = 26
"""26 × 5 bits hold 128 random bits."""
GROUP = 5


def new_code() -> str:
    """A receipt code of 128 random bits, in groups with hyphens."""
    return spelled(secrets.randbits(128))


def code_from(token: str, content: Content) -> str:
    """The code of what was sent with a form that carried `token`: the same each time, and stored nowhere.

    It takes SECRET_KEY, the random token that only the sender's form has, and the content's random uuid. So the code
    can be shown again to a browser that sends the same form twice, or lost the answer.
    """
    mac = salted_hmac("editorial.receipts", f"{content.uuid}\x00{token}", algorithm="sha256")
    return spelled(int.from_bytes(mac.digest()[:16]))


def spelled(number: int) -> str:
    """128 bits as a code, in groups with hyphens."""
    signs = "".join(ALPHABET[(number >> shift) & 31] for shift in range(5 * (LENGTH - 1), -1, -5))
    return "-".join(signs[n : n + GROUP] for n in range(0, LENGTH, GROUP))


def code_hash(code: str) -> str:
    """What is stored of a code, however it was typed: small letters, blanks, O for 0, I or L for 1.

    A plain SHA-256 is enough, because 128 random bits can't be guessed from it.
    """
    signs = code.upper().translate(str.maketrans("OIL", "011"))
    kept = "".join(c for c in signs if c in ALPHABET)
    return hashlib.sha256(kept.encode()).hexdigest()


class Receipt(models.Model):
    """Whoever has the code of a receipt is the sender of its content. The code itself is not stored."""

    content = models.OneToOneField(Content, on_delete=models.CASCADE, related_name="receipt")
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("oprettet"), db_default=Now())
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="receipts",
        verbose_name=_("overtaget af"),
    )
    claimed_at = models.DateTimeField(_("overtaget"), null=True, blank=True)

    class Meta:
        verbose_name = _("kvittering")
        verbose_name_plural = _("kvitteringer")
        default_permissions: ClassVar = []
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(code_hash__regex=r"^[0-9a-f]{64}$"), name="receipt_is_hashed")
        ]

    def __str__(self) -> str:
        return str(self.content)

    @classmethod
    def issue(cls, content: Content, *, token: str = "") -> str:
        """Make the receipt of `content` and return its code; with `token`, the one that code_from() gives again."""
        code = code_from(token, content) if token else new_code()
        cls.objects.create(content=content, code_hash=code_hash(code))
        return code

    @classmethod
    def on_account(cls, content: Content, by: User) -> None:
        """Make the receipt of what somebody sends with their account: it opens there, and nobody gets a code."""
        cls.objects.create(content=content, code_hash=code_hash(new_code()), claimed_by=by, claimed_at=Now())

    @classmethod
    def of_code(cls, code: str) -> Receipt | None:
        """The receipt that a code belongs to; None for an unknown one."""
        return cls.objects.select_related("content").filter(code_hash=code_hash(code)).first()


class SenderContact(models.Model):
    """How the editors may reach a sender without account; only for questions, never shown or exported with content."""

    receipt = models.OneToOneField(Receipt, on_delete=models.CASCADE, related_name="contact")
    email = models.EmailField(_("e-mail"))

    class Meta:
        verbose_name = _("afsenderens e-mail")
        verbose_name_plural = _("afsenderes e-mail")
        default_permissions: ClassVar = []

    def __str__(self) -> str:
        return self.email


class Consent(models.Model):
    """That a sender said yes to a text: which, in which version, and when."""

    content = models.ForeignKey(Content, on_delete=models.CASCADE, related_name="consents")
    what = models.CharField(_("til hvad"), max_length=40)
    version = models.CharField(_("tekstens version"), max_length=20)
    given_at = models.DateTimeField(_("givet"), db_default=Now())
    withdrawn_at = models.DateTimeField(_("trukket tilbage"), null=True, blank=True)

    class Meta:
        verbose_name = _("samtykke")
        verbose_name_plural = _("samtykker")
        default_permissions: ClassVar = ["view"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["content", "what", "version"], name="consent_once"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.version}"
