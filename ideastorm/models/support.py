"""Support of an idea: once for each person, counted once where ideas are merged."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, ClassVar, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Now
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from editorial.rules import refuse
from ideastorm.models.idea import Idea, Keys
from ideastorm.models.rules import STORM_VARIABLES, storm_of_idea
from ideastorm.models.storm import Storm

if TYPE_CHECKING:
    from accounts.models import User


def mailbox(email: str) -> str:
    """An address as the mailbox that it leads to, so that whoever has one counts as one: without case, and without what
    stands after a plus, which mail systems leave to the owner; Gmail ignores dots, too.
    """
    local, _at, domain = email.strip().lower().rpartition("@")
    with contextlib.suppress(UnicodeError):
        domain = domain.encode("idna").decode()
    local = local.split("+")[0] or local
    if domain in ("gmail.com", "googlemail.com"):
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"


def address_hash(storm: Storm, email: str) -> str:
    """What is stored of an address in a storm: nobody can follow it from storm to storm, or back to the address."""
    return salted_hmac(
        "ideastorm.support", f"{storm.uuid}\x00{mailbox(email)}", algorithm="sha256"
    ).hexdigest()


class SupportAddress(models.Model):
    """An address that supports without an account, as a hash. Its support counts once it is confirmed.

    `user` is the account that turned out to have the address: known when the account supports something in the storm.
    From then on they are one person, whatever each supports.
    """

    storm = models.ForeignKey(Storm, on_delete=models.CASCADE, related_name="support_addresses")
    address_hash = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(_("skrevet"), db_default=Now())
    confirmed_at = models.DateTimeField(_("bekræftet"), null=True, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        editable=False,
        related_name="support_addresses",
        verbose_name=_("kontoens adresse"),
    )

    class Meta:
        verbose_name = _("bekræftet adresse")
        verbose_name_plural = _("bekræftede adresser")
        default_permissions: ClassVar = []
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["storm", "address_hash"], name="support_address_once"),
            models.CheckConstraint(
                condition=Q(address_hash__regex=r"^[0-9a-f]{64}$"), name="support_address_is_hashed"
            ),
        ]

    def __str__(self) -> str:
        return self.address_hash[:8]


def _people() -> Combinable:
    """How many people stand behind rows of support: accounts, and addresses that are no known account's."""
    accounts = Count(Coalesce("user", "address__user"), distinct=True)
    return accounts + Count("address", filter=Q(address__user=None), distinct=True)


class SupportQuerySet(models.QuerySet["Support"]):
    """Support as pages count it."""

    def of_group(self, idea: Idea) -> Self:
        """That of an idea and of those merged into it."""
        return self.filter(idea__in=Idea.objects.with_merged([idea.pk]))

    def people(self) -> int:
        """How many people, each once, however many of these ideas they support."""
        return int(self.aggregate(people=_people())["people"])

    def of_person(self, user: User) -> Self:
        """That of an account, also what was given by its address."""
        return self.filter(Q(user=user) | Q(address__user=user))

    def counts(self, ideas: Keys) -> dict[int, int]:
        """Idea → how many people support it or what was merged into it; ideas without any are left out. One query."""
        rows = (
            self.filter(idea__in=Idea.objects.with_merged(ideas))
            .annotate(root=Coalesce("idea__merged_into", "idea"))
            .values("root")
            .annotate(people=_people())
        )
        return {row["root"]: row["people"] for row in rows.order_by()}


class Support(models.Model):
    """That somebody supports an idea. Taken back by deleting the row."""

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="supports")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="idea_supports",
    )
    address = models.ForeignKey(
        SupportAddress, on_delete=models.CASCADE, null=True, blank=True, related_name="supports"
    )
    created_at = models.DateTimeField(_("støttet"), db_default=Now())

    objects = SupportQuerySet.as_manager()

    class Meta:
        verbose_name = _("støtte")
        verbose_name_plural = _("støtter")
        default_permissions: ClassVar = []
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, address__isnull=True)
                | Q(user__isnull=True, address__isnull=False),
                name="support_of_one_person",
            ),
            models.UniqueConstraint(
                fields=["idea", "user"],
                name="support_once_per_account",
                violation_error_message=_("Du støtter allerede ideen."),
            ),
            models.UniqueConstraint(
                fields=["idea", "address"],
                name="support_once_per_address",
                violation_error_message=_("Du støtter allerede ideen."),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="is_given_in_time",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("idea_id", "user_id", "address_id"),
                declare=STORM_VARIABLES,
                func=f"""
                    {storm_of_idea("NEW.idea_id")}
                    IF NOT live THEN RETURN NEW; END IF;
                    IF coi_now() < (CASE WHEN early THEN opens ELSE closes END) OR coi_now() >= until
                        OR finished IS NOT NULL THEN
                        {refuse("support_in_time", "the storm is not open for support")}
                    END IF;
                    IF NOT EXISTS (SELECT 1 FROM editorial_content WHERE id = NEW.idea_id AND state = 'published'
                        AND (author_id IS NULL OR NEW.user_id IS NULL OR author_id <> NEW.user_id)) THEN
                        {refuse("support_of_anothers_public_idea", "only anothers public idea is supported")}
                    END IF;
                    IF NEW.address_id IS NOT NULL AND NOT EXISTS (
                        SELECT 1 FROM ideastorm_supportaddress a JOIN ideastorm_idea i ON i.storm_id = a.storm_id
                        WHERE a.id = NEW.address_id AND i.content_ptr_id = NEW.idea_id AND a.confirmed_at IS NOT NULL
                    ) THEN
                        {refuse("support_address_confirmed", "the address is confirmed, in the same storm")}
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 - our own names
            )
        ]

    def __str__(self) -> str:
        return f"{self.idea_id}"
