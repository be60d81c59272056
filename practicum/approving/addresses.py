"""Which addresses a leader may be asked at: at the workplace, or of who has a leader's role there, and not the asker's
own."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from accounts.addresses import verified_addresses
from accounts.models import User
from notices.models import Suppression
from places.models import Membership, Role, Workplace, WorkplaceDomain
from places.permissions import domains_above
from practicum.approving.facts import Thing
from practicum.models import Application

LEVELS = 6
"""Workplaces above a workplace whose domains count as its own: the school's leader writes from the municipality's."""


def workplace_of(thing: Thing) -> Workplace | None:
    """Whose leader is asked: the host, or the guest's workplace."""
    return thing.workplace if isinstance(thing, Application) else thing.owner


def asker_of(thing: Thing) -> User | None:
    """Who asks, when nobody else is named: the guest, or who wrote the place."""
    return thing.guest if isinstance(thing, Application) else thing.author


def _with_those_above(workplace: Workplace) -> list[int]:
    keys, above = [], workplace
    for _level in range(LEVELS):
        keys.append(above.pk)
        if above.parent is None or above.parent.pk in keys:
            break
        above = above.parent
    return keys


def domains_of(workplace: Workplace) -> set[str]:
    """The e-mail domains of a workplace and of those it lies under."""
    rows = WorkplaceDomain.objects.filter(workplace__in=_with_those_above(workplace))
    return set(rows.values_list("domain", flat=True))


def is_leaders(email: str, workplace: Workplace) -> bool:
    """Whether the address is the confirmed one of somebody with a leader's role at the workplace, or at one it lies
    under: a role that has been approved says more than a domain."""
    rows = Membership.objects.active().filter(
        role=Role.LEADER, workplace__in=_with_those_above(workplace), user__is_active=True
    )
    confirmed = EmailAddress.objects.filter(email=email, verified=True)
    return bool(confirmed.filter(user__in=rows.values("user")).exists())


def mailbox(email: str) -> str:
    """The mailbox of an address, as one writes it without what follows a plus: `a+b@c.dk` is `a@c.dk`."""
    local, _at, domain = email.strip().lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def leaders_address(thing: Thing, email: str, *, by: User | None) -> str:
    """The address as it is kept. Raises ValidationError, saying why, when no leader can be asked there."""
    email = email.strip().lower()
    try:
        # Within quotes the same mailbox is written in many ways, so also one's own.
        validate_email("" if '"' in email else email)
    except ValidationError as error:
        raise ValidationError(_("Skriv en mailadresse, for eksempel navn@kommune.dk.")) from error
    workplace = workplace_of(thing)
    domains = domains_of(workplace) if workplace else set()
    is_known = workplace is not None and is_leaders(email, workplace)
    if not domains and not is_known:
        raise ValidationError(
            _(
                "Vi kender ikke jeres mailadresser endnu. Skriv til redaktionen, så tilføjer vi arbejdspladsens "
                "domæne."
            )
        )
    if not is_known and not domains & set(domains_above(email.rpartition("@")[2])):
        names = ", ".join(f"@{name}" for name in sorted(domains)[:3])
        raise ValidationError(
            _("Adressen skal høre til arbejdspladsen og slutte på %(names)s."), params={"names": names}
        )
    asker = by or asker_of(thing)
    own = {mailbox(address) for address in [*verified_addresses(asker), asker.email]} if asker else set()
    if mailbox(email) in own:
        raise ValidationError(_("Adressen hører til den, der selv spørger. Skriv en leders adresse."))
    if Suppression.objects.covers(email, refused_only=True):
        raise ValidationError(_("Mails til adressen kommer retur. Se efter, om den er skrevet rigtigt."))
    return email
