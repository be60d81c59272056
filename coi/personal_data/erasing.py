"""Erasing a person: everything the register says, in one transaction, ended by the owner's function."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.mail import EmailMessage
from django.db import connection, models, transaction
from django.db.models import Q, Value
from django.db.models.functions import Replace
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts.models import User
from catalogue.models import HardQuestion, Story
from coi.models import ErasureRequest, FormerContribution, FormerUser, Why
from coi.personal_data import function
from coi.personal_data.register import TABLES, Erase
from editorial.choices import READABLE, State
from editorial.clock import CoiToday
from editorial.memberships import leave_role
from editorial.models import Change, Contact, Content, Decision, Picture, QueueItem, Report, SenderContact
from editorial.models.receipts import ALPHABET
from guards.pictures import original_names
from guards.pictures.storage import delete_picture
from ideastorm.models import Comment, Idea
from notices.models import Mailing, Notice, OutgoingMail, Suppression
from notices.models import Why as WhySuppressed
from places.models import Membership, Vouch
from practicum.choices import Side, StayState
from practicum.models import Stay
from practicum.staying.actions import cancel

SHORTEST = 4
"""Letters of a pseudonym, where nobody else has it; else one more, and so on."""
MOST_SECONDS = 120
"""What the database may take for one statement of an erasure: it reads every text for the address."""


class LastAdministratorError(ValidationError):
    """Somebody must be left who can do what only administrators can."""

    def __init__(self) -> None:
        super().__init__(
            _("Du er den eneste administrator. Gør en anden til administrator, før du sletter din konto.")
        )


def key_hash(key: uuid.UUID) -> str:
    """What a former user is found by. Without the server's secret nobody can make it from a key."""
    return salted_hmac("coi.former-user", key.hex, algorithm="sha256").hexdigest()


def former_of(user: User) -> FormerUser:
    """The person's pseudonym, made from the key by HMAC; the same whenever it is asked for."""
    digest = key_hash(user.key)
    known = FormerUser.objects.filter(key_hash=digest).first()
    if known:
        return known
    number = int(salted_hmac("coi.pseudonym", user.key.hex, algorithm="sha256").hexdigest(), 16)
    letters = "".join(ALPHABET[(number >> shift) & 31] for shift in range(0, 60, 5))
    with connection.cursor() as cursor:  # one at a time, so that two never take the same
        cursor.execute("SELECT pg_advisory_xact_lock(742003)")
    for length in range(SHORTEST, 12):
        if not FormerUser.objects.filter(pseudonym=letters[:length]).exists():
            break
    else:
        length = 12
    return FormerUser.objects.create(pseudonym=letters[:length], key_hash=digest)


def former_names(keys: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """What logs and history call those who are erased, by the keys that they had."""
    hashes = {key_hash(key): key for key in keys}
    return {hashes[row.key_hash]: str(row) for row in FormerUser.objects.filter(key_hash__in=hashes)}


def is_last_administrator(user: User) -> bool:
    """Whether nobody else could do what administrators do. Locks those who could."""
    if not (user.is_superuser and user.is_active):
        return False
    active = User.objects.select_for_update().filter(is_superuser=True, is_active=True)
    return not any(other.pk != user.pk for other in active.order_by("pk"))


def contributions(user: User) -> models.QuerySet[Content]:
    """What somebody wrote, with or without an account at the time."""
    return Content.objects.filter(Q(author=user) | Q(receipt__claimed_by=user)).distinct()


def addresses_of(user: User) -> list[str]:
    """Every address of an account, confirmed or not."""
    known = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    return sorted({user.email, *(email.lower() for email in known)})


def is_unsent(content: Content) -> bool:
    """A draft that nobody has been sent: no decision was ever made about it."""
    return content.state == State.DRAFT and not Decision.objects.filter(content_uuid=content.uuid).exists()


def what_goes(user: User) -> dict[str, int]:
    """What an erasure would do to what the person contributed, for the page that asks."""
    mine = contributions(user)
    decided = Decision.objects.filter(content_uuid=models.OuterRef("uuid"))
    return {
        "drafts": mine.filter(state=State.DRAFT).exclude(models.Exists(decided)).count(),
        "waiting": mine.filter(state__in=(State.SUBMITTED, State.RETURNED)).count(),
        "public": mine.filter(state__in=READABLE).count(),
        "roles": Membership.objects.open().filter(user=user).count(),
    }


@transaction.atomic
def erase(*, user: User, why: str = Why.SELF, by: User | None = None) -> FormerUser | None:
    """Erase a person. Returns the pseudonym; None when the account is gone already, so twice does no harm.

    Raises LastAdministratorError. Everything or nothing: killed half-way, the person is still there, whole.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = '{MOST_SECONDS}s'")
    person = User.objects.select_for_update().filter(pk=user.pk).first()
    if person is None or FormerUser.objects.filter(key_hash=key_hash(person.key)).exists():
        return None
    if is_last_administrator(person):
        raise LastAdministratorError
    former = former_of(person)
    addresses = addresses_of(person)
    _cancel_stays(person)
    _leave_workplaces(person)
    _settle_contributions(person, former)
    _forget_addresses(addresses)
    _forget_name(person, former)
    if why != Why.UNCONFIRMED:  # who never confirmed an address has never been logged in
        _end_sessions(person)
    _delete_rows(person)
    asked_by = by.key if by and by.pk != person.pk else None
    ErasureRequest.objects.create(user=person, former=former, why=why, asked_by_key=asked_by)
    with connection.cursor() as cursor:
        cursor.execute("SELECT coi_erase_person(%s)", [person.pk])
    connection.check_constraints()  # a table that still points at the account fails here, and nothing has happened
    if why != Why.UNCONFIRMED:  # nobody has said that the address is theirs
        _say_goodbye(person.email)
    return former


def _leave_workplaces(person: User) -> None:
    """End all roles; the log keeps the key, and staff hear when a workplace is left without a contact person."""
    for membership in Membership.objects.open().filter(user=person).order_by("workplace_id", "pk"):
        leave_role(membership=membership, by=person)


def _cancel_stays(person: User) -> None:
    """Nobody comes: the seats are free, and hosts and leaders are told."""
    coming = Stay.objects.filter(guest=person, state__in=(StayState.OFFERED, StayState.AGREED))
    for stay in coming.filter(ends_on__gte=CoiToday()).order_by("offer_id", "pk"):
        cancel(stay=stay, side=Side.GUEST, reason=_("Gæstens konto er slettet."))


def _settle_contributions(person: User, former: FormerUser) -> None:
    """Delete what was never sent, withdraw what waits, and put the pseudonym on what stays."""
    for change in Change.objects.filter(author=person, state=State.DRAFT):
        change.delete()
    for change in Change.objects.filter(author=person, state__in=(State.SUBMITTED, State.RETURNED)):
        change.withdraw(by=person)
    for content in contributions(person).order_by("pk"):
        if is_unsent(content):
            names = list(Picture.objects.filter(content=content).values_list("name", flat=True))
            content.typed().delete()
            transaction.on_commit(lambda names=names: _delete_files(names))  # type: ignore[misc]
            continue
        if content.state in (State.SUBMITTED, State.RETURNED):
            content.typed().withdraw(by=person)
        FormerContribution.objects.get_or_create(content=content, defaults={"former": former})
    for model in (Story, Idea):
        for told in model._default_manager.filter(pk__in=contributions(person)).exclude(shown_name=""):
            told.shown_name = str(former)
            told.save(update_fields=["shown_name", "updated_at"])
    Comment.objects.filter(author=person).exclude(shown_name="").update(shown_name=str(former))
    if person.name:
        HardQuestion.objects.filter(inquiry__answerer=person, answered_by=person.name).update(
            answered_by=str(former)
        )
    _rename_in(QueueItem.objects.filter(content__in=contributions(person)), "snapshot", str(former))
    for part in ("base", "proposed"):
        _rename_in(Change.objects.filter(author=person), part, str(former))
        _rename_in(Change.objects.filter(target__in=contributions(person)), part, str(former))


def _rename_in(rows: models.QuerySet[Any], column: str, name: str) -> None:
    """In the JSON of content as it was sent: the name that was to be shown."""
    for row in rows.filter(**{f"{column}__shown_name__isnull": False}):
        parts = getattr(row, column)
        if parts.get("shown_name"):
            parts["shown_name"] = name
            row.save(update_fields=[column])


def _delete_files(names: list[str]) -> None:
    """Delete pictures that no row uses any more (equal pictures share a file)."""
    for name in names:
        if not Picture.objects.filter(name__in=original_names(name)).exists():
            delete_picture(name)
            default_storage.delete(name)


def _forget_addresses(addresses: list[str]) -> None:
    """Rows that hold one of the person's addresses by itself."""

    def at(column: str) -> Q:
        found = Q(pk__in=[])
        for address in addresses:
            found |= Q(**{f"{column}__iexact": address})
        return found

    SenderContact.objects.filter(at("email")).delete()
    Contact.objects.filter(at("email")).delete()
    Report.objects.filter(at("email")).update(email="")
    Vouch.objects.filter(at("email")).delete()
    Suppression.objects.filter(at("address"), reason=WhySuppressed.REFUSED).delete()
    told = Notice.objects.filter(at("address"))
    told.filter(state=Mailing.WAITING).update(state=Mailing.OFF)
    told.update(address="")
    for address in addresses:
        OutgoingMail.objects.filter(message__to__icontains=address).delete()


def _forget_name(person: User, former: FormerUser) -> None:
    """Where the portal itself has written the person's name: notices to others, titles and signals of own matters.

    A single first name is left alone there: it is others' too.
    """
    name = person.name.strip()
    if not name:
        return
    QueueItem.objects.filter(sender=person, title__contains=name).update(
        title=models.functions.Left(Replace("title", Value(name), Value(str(former))), 200)
    )
    if " " not in name:
        return
    for column, longest in (("subject", 200), ("text", 100_000)):
        Notice.objects.filter(**{f"{column}__contains": name}).update(
            **{column: models.functions.Left(Replace(column, Value(name), Value(str(former))), longest)}
        )
    OutgoingMail.objects.filter(message__icontains=name).delete()


def _end_sessions(person: User) -> None:
    """End every log-in, everywhere; also the ones that no list of log-ins knows."""
    gone = [
        session.session_key
        for session in Session.objects.iterator(chunk_size=500)
        if str(session.get_decoded().get("_auth_user_id")) == str(person.pk)
    ]
    Session.objects.filter(session_key__in=gone).delete()


DELETED_BY_FUNCTION = {
    "accounts.User_groups",
    "accounts.User_user_permissions",
    "account.EmailAddress",
    "coi.ErasureRequest",
}
"""Tables that the owner's function empties, as it must still read them."""


def _delete_rows(person: User) -> None:
    """Delete the rows that the register says go with the person: every relation whose action is DELETE."""
    for table in TABLES:
        if table.model in DELETED_BY_FUNCTION:
            continue
        model: Any = function.apps.get_model(table.model)
        for name, action in table.people.items():
            field = model._meta.get_field(name)
            if action is Erase.DELETE and field.is_relation and field.related_model is User:
                if field.many_to_many:
                    field.remote_field.through._base_manager.filter(user=person).delete()
                else:
                    model._base_manager.filter(**{name: person}).delete()


def _say_goodbye(address: str) -> None:
    """Tell the person that it is done. The address goes with the mail."""
    body = _(
        "Din konto på portalen er slettet, som du eller redaktionen bad om, eller fordi den ikke var brugt "
        "i tre år.\n\n"
        "Det, du har fået offentliggjort, står uden dit navn. Vi har ikke din mailadresse mere, så du får ikke "
        "flere mails fra os.\n\nHar du ikke bedt om det, så skriv til os."
    )
    EmailMessage(_("Din konto er slettet"), body, to=[address]).send()
