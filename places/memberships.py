"""Roles at workplaces: asked for, approved, vouched for, confirmed yearly, paused and ended.

Every action locks the workplace first, so that what happens at one workplace at the same time happens one after the
other, checks who may, updates on the old state, and writes to the log. This layer tells nobody: `Outcome` says when
the layer above should.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.addresses import verified_addresses
from accounts.models import User
from places.models import Basis, Membership, MembershipState, Pause, Role, RoleChange, Vouch, Workplace
from places.models.membership import MembershipQuerySet
from places.permissions import can_approve, can_remove, can_vouch, decides_roles, domain_rows, speaks_for

YEAR = dt.timedelta(days=365)
GRACE = dt.timedelta(days=30)
"""So long after the yearly date an unconfirmed contact person is paused."""
VOUCH_LIFE = dt.timedelta(days=14)
VOUCH_KEPT = dt.timedelta(days=30)
"""So long after it ran out a link is kept, so that who follows it late is told why it does not work."""
VOUCHES_AT_ONCE = 50
"""So many unused links one person may have at a workplace."""

What = RoleChange.What
State = MembershipState


class MembershipError(ValidationError):
    """It can't be done, or no longer. The message is for the page."""


@dataclass(frozen=True)
class Outcome:
    """A membership as it is now, and whether its workplace has just lost its last contact person."""

    membership: Membership
    workplace_left_alone: bool = False


def now() -> dt.datetime:
    """The database's clock, which tests can move."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coi_now()")
        moment: dt.datetime = cursor.fetchone()[0]
    return moment


def day_of(moment: dt.datetime) -> dt.date:
    """The day in Denmark."""
    return timezone.localdate(moment)


# -- what all actions do -----------------------------------------------------------


def _lock_workplace(pk: int) -> Workplace | None:
    return Workplace.objects.select_for_update(no_key=True).filter(pk=pk).first()


def _lock(membership: Membership) -> Membership:
    """The membership as it is, with its workplace locked before it. Raises MembershipError when it is gone."""
    if _lock_workplace(membership.workplace_id) is None:
        raise MembershipError(
            _("Arbejdspladsen er lagt sammen med en anden. Hent siden igen, og prøv en gang til.")
        )
    found = (
        Membership.objects.select_for_update(of=("self",))
        .with_names()
        .filter(pk=membership.pk, workplace=membership.workplace_id)
        .first()
    )
    if found is None:
        raise MembershipError(_("Rollen findes ikke mere, eller arbejdspladsen er lagt sammen med en anden."))
    return found


def _log(membership: Membership, what: str, *, before: str, by: User | None, reason: str = "") -> None:
    RoleChange.objects.create(
        workplace_uuid=membership.workplace.uuid,
        workplace_name=membership.workplace.name,
        user_key=membership.user.key,
        actor_key=by.key if by else None,
        role=membership.role,
        what=what,
        before=before,
        after=membership.state,
        reason=reason,
    )


def _move(
    membership: Membership,
    *,
    to: str,
    what: str,
    by: User | None,
    reason: str = "",
    **fields: Any,
) -> Outcome:
    """Update on the old state, log, and say whether the workplace is left alone."""
    before = membership.state
    moved = Membership.objects.filter(pk=membership.pk, state=before).update(state=to, **fields)
    if not moved:
        raise MembershipError(_("En anden har lige ændret rollen. Hent siden igen, og prøv en gang til."))
    membership.refresh_from_db(fields=["state", *fields])
    _log(membership, what, before=before, by=by, reason=reason)
    lost = membership.role == Role.CONTACT and before == State.ACTIVE and to != State.ACTIVE
    return Outcome(membership, lost and is_alone(membership.workplace))


def is_alone(workplace: Workplace) -> bool:
    """Whether the workplace has no active contact person."""
    return not Membership.objects.active().contacts().filter(workplace=workplace).exists()


def _need_state(membership: Membership, *states: str) -> None:
    """Raise MembershipError unless the membership is in one of these states; says what it is instead."""
    if membership.state in states:
        return
    texts = {
        State.WAITING: _("Rollen venter stadig på svar."),
        State.ACTIVE: _("Rollen er allerede godkendt."),
        State.SUSPENDED: _("Rollen er sat på pause."),
        State.ENDED: _("Rollen er ophørt."),
        State.DECLINED: _("Rollen er allerede afvist."),
    }
    raise MembershipError(texts[State(membership.state)])


def _need_reason(reason: str) -> str:
    """The reason without blanks around. Raises MembershipError when there is none."""
    if not reason.strip():
        raise MembershipError(_("Skriv en begrundelse. Personen får den at se."))
    return reason.strip()


def _need_open_account(user: User) -> None:
    if not user.is_active:
        raise MembershipError(_("Kontoen er lukket."))


def _need_own(membership: Membership, by: User) -> None:
    if membership.user_id != by.pk:
        raise MembershipError(_("Det kan kun personen selv gøre."))


def _in_force(role: str, moment: dt.datetime) -> dict[str, Any]:
    """The dates of a role that begins to hold now."""
    contact = role == Role.CONTACT
    return {
        "confirmed_at": moment,
        "confirm_by": day_of(moment) + YEAR if contact else None,
        "asked_on": None,
    }


# -- asked for and answered ---------------------------------------------------------


@transaction.atomic
def ask(*, user: User, workplace: Workplace, role: str, title: str = "", note: str = "") -> Membership:
    """Ask for a role. Asking twice, also at once, gives the one row that is open already, as it stands.

    Raises MembershipError for a closed account or workplace, ValidationError for values that are too long or wrong.
    """
    _need_open_account(user)
    found = _lock_workplace(workplace.pk)
    if found is None or found.closed_on is not None:
        raise MembershipError(_("Arbejdspladsen er nedlagt eller lagt sammen med en anden. Vælg en anden."))
    already = Membership.objects.open().with_names().filter(user=user, workplace=found, role=role).first()
    if already is not None:
        return already
    membership = Membership(user=user, workplace=found, role=role, title=title.strip(), note=note.strip())
    if domain_rows(user).filter(workplace=found).exists():
        membership.basis = Basis.DOMAIN
    membership.full_clean(exclude=["created_at"])
    membership.save()
    _log(membership, What.ASKED, before="", by=user)
    return membership


@transaction.atomic
def approve(*, membership: Membership, by: User, reason: str = "") -> Outcome:
    """Let what waits hold. Raises MembershipError when `by` may not, or it no longer waits."""
    membership = _lock(membership)
    _need_state(membership, State.WAITING)
    _need_open_account(membership.user)
    if membership.workplace.closed_on is not None:
        raise MembershipError(_("Arbejdspladsen er nedlagt."))
    if membership.user_id == by.pk:
        raise MembershipError(_("Du kan ikke godkende din egen rolle."))
    if not can_approve(by, membership):
        if membership.role == Role.CONTACT:
            text = _(
                "Redaktionen eller en af arbejdspladsens kontaktpersoner skal godkende en kontaktperson."
            )
        else:
            text = _("Redaktionen eller en, der har ansvar på arbejdspladsen, skal godkende rollen.")
        raise MembershipError(text)
    moment = now()
    basis = membership.basis or (Basis.STAFF if decides_roles(by) else Basis.VOUCHED)
    return _move(
        membership, to=State.ACTIVE, what=What.APPROVED, by=by, reason=reason.strip(), approved_at=moment,
        basis=basis, **_in_force(membership.role, moment),
    )  # fmt: skip


@transaction.atomic
def decline(*, membership: Membership, by: User, reason: str) -> Outcome:
    """Say no to what waits, with a reason. Raises MembershipError when `by` may not, or it no longer waits."""
    reason = _need_reason(reason)
    membership = _lock(membership)
    _need_state(membership, State.WAITING)
    if not can_approve(by, membership):
        raise MembershipError(_("Du kan ikke svare på den rolle."))
    return _move(membership, to=State.DECLINED, what=What.DECLINED, by=by, reason=reason, ended_at=now())


# -- ended ------------------------------------------------------------------------


@transaction.atomic
def leave(*, membership: Membership, by: User) -> Outcome:
    """End one's own role, or take back what one asked for."""
    membership = _lock(membership)
    _need_own(membership, by)
    _need_state(membership, State.WAITING, State.ACTIVE, State.SUSPENDED)
    return _end(membership, what=What.LEFT, by=by)


@transaction.atomic
def remove(*, membership: Membership, by: User, reason: str) -> Outcome:
    """End another's role, with a reason. Raises MembershipError when `by` may not, or it does not hold."""
    reason = _need_reason(reason)
    membership = _lock(membership)
    _need_state(membership, State.ACTIVE, State.SUSPENDED)
    if not can_remove(by, membership):
        raise MembershipError(
            _("Kun redaktionen eller en kontaktperson på arbejdspladsen kan fjerne rollen.")
        )
    return _end(membership, what=What.REMOVED, by=by, reason=reason)


def _end(membership: Membership, *, what: str, by: User | None, reason: str = "") -> Outcome:
    return _move(
        membership, to=State.ENDED, what=what, by=by, reason=reason, ended_at=now(), trusted=False,
        suspended_reason="",
    )  # fmt: skip


@transaction.atomic
def leave_everything(*, user: User) -> list[Outcome]:
    """End all of a person's roles, before the account goes."""
    rows = Membership.objects.open().filter(user=user).order_by("workplace_id", "pk")
    return [_end(_lock(row), what=What.LEFT, by=user) for row in rows]


# -- paused and confirmed -----------------------------------------------------------


@transaction.atomic
def suspend(*, membership: Membership, reason: str, by: User | None = None, note: str = "") -> Outcome:
    """Pause a role at once. `reason` is a Pause; `note` is for the log. By staff, or by the portal itself (None)."""
    if reason not in Pause.values:
        raise MembershipError(_("Vælg, hvorfor rollen sættes på pause."))
    membership = _lock(membership)
    _need_state(membership, State.ACTIVE)
    if by is not None and not (decides_roles(by) and membership.user_id != by.pk):
        raise MembershipError(_("Kun redaktionen kan sætte en rolle på pause."))
    return _move(
        membership, to=State.SUSPENDED, what=What.SUSPENDED, by=by,
        reason=note.strip() or str(Pause(reason).label), suspended_reason=reason,
    )  # fmt: skip


@transaction.atomic
def resume(*, membership: Membership, by: User, reason: str) -> Outcome:
    """Let a paused role hold again, with a new year to confirm it in. Staff only."""
    reason = _need_reason(reason)
    membership = _lock(membership)
    _need_state(membership, State.SUSPENDED)
    if not decides_roles(by) or membership.user_id == by.pk:
        raise MembershipError(_("Kun redaktionen kan sætte rollen i kraft igen."))
    return _move(
        membership, to=State.ACTIVE, what=What.RESUMED, by=by, reason=reason, suspended_reason="",
        **_in_force(membership.role, now()),
    )  # fmt: skip


@transaction.atomic
def confirm_yearly(*, membership: Membership, by: User) -> Outcome:
    """»Ja, jeg er stadig kontaktperson«: another year. Only the person's own, and only while it holds."""
    membership = _lock(membership)
    _need_own(membership, by)
    if membership.state == State.SUSPENDED:
        raise MembershipError(_("Rollen er sat på pause. Skriv til redaktionen, så ser vi på det."))
    _need_state(membership, State.ACTIVE)
    moment = now()
    dates = _in_force(membership.role, moment)
    if membership.asked_on is None and membership.confirm_by == dates["confirm_by"]:
        return Outcome(membership)  # sent twice
    return _move(membership, to=State.ACTIVE, what=What.CONFIRMED, by=by, **dates)


def due_for_confirmation() -> MembershipQuerySet:
    """Contact persons whose yearly date has come. `asked_on` is empty for those who have not been asked yet."""
    rows = Membership.objects.active().contacts().with_names()
    return rows.filter(confirm_by__lte=day_of(now())).order_by("confirm_by", "pk")


@transaction.atomic
def note_asked(*, membership: Membership) -> bool:
    """Note that the person is being asked whether it is still right. False when that was noted already."""
    waiting = Membership.objects.filter(pk=membership.pk, state=State.ACTIVE, asked_on__isnull=True)
    return bool(waiting.update(asked_on=day_of(now())))


def _suspend_each(rows: Iterable[Membership], still: Q, reason: str) -> list[Outcome]:
    """Pause those of `rows` that `still` holds for once they are locked."""
    done = []
    for row in rows:
        try:
            with transaction.atomic():
                _lock(row)
                if Membership.objects.active().filter(still, pk=row.pk).exists():
                    done.append(suspend(membership=row, reason=reason))
        except MembershipError:
            continue  # moved or over meanwhile; the next run sees it
    return done


@transaction.atomic
def suspend_unconfirmed() -> list[Outcome]:
    """Pause the contact persons who have not confirmed within the days of grace."""
    # Asked so long ago too: when the job stood still, nobody is asked and paused in one go.
    before = day_of(now()) - GRACE
    late = Q(role=Role.CONTACT, confirm_by__lt=before, asked_on__lte=before)
    rows = Membership.objects.active().filter(late).order_by("workplace_id", "pk")
    return _suspend_each(rows, late, Pause.UNCONFIRMED)


@transaction.atomic
def bounced(*, address: str) -> list[Outcome]:
    """Mail to this address comes back: pause the contact roles of whoever has it."""
    address = address.strip().lower()
    owners = User.objects.filter(
        Q(email=address) | Q(emailaddress__email__iexact=address, emailaddress__verified=True)
    )
    theirs = Q(role=Role.CONTACT, user__in=owners.values("pk"))
    rows = Membership.objects.active().filter(theirs).order_by("workplace_id", "pk")
    return _suspend_each(rows, theirs, Pause.BOUNCED)


# -- trusted -------------------------------------------------------------------------


@transaction.atomic
def set_trusted(*, membership: Membership, value: bool, by: User, reason: str = "") -> Outcome:
    """Let a contact person publish small corrections at once, or no longer. Staff only, and not for oneself."""
    membership = _lock(membership)
    if not decides_roles(by) or membership.user_id == by.pk:
        raise MembershipError(_("Kun redaktionen kan gøre nogen betroet, og ikke sig selv."))
    if membership.role != Role.CONTACT:
        raise MembershipError(_("Kun en kontaktperson kan være betroet."))
    if value:
        _need_state(membership, State.ACTIVE)
    else:
        _need_state(membership, State.ACTIVE, State.SUSPENDED)
    if membership.trusted is value:
        return Outcome(membership)
    return _move(
        membership,
        to=membership.state,
        what=What.TRUSTED if value else What.NOT_TRUSTED,
        by=by,
        reason=reason.strip(),
        trusted=value,
    )


# -- vouching by link ----------------------------------------------------------------


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def _may_offer(user: User, workplace: Workplace, role: str) -> bool:
    """Contact persons may make both; leaders only employees."""
    if role == Role.CONTACT:
        return speaks_for(user, workplace)
    return role == Role.EMPLOYEE and can_vouch(user, workplace)


@transaction.atomic
def make_vouch(*, workplace: Workplace, role: str, by: User, email: str = "") -> tuple[Vouch, str]:
    """A link for one colleague. Returns it with its token, which is shown once and kept nowhere.

    Raises MembershipError when `by` may not vouch for that role there, or has too many unused links.
    """
    found = _lock_workplace(workplace.pk)
    if found is None or found.closed_on is not None or not _may_offer(by, found, role):
        raise MembershipError(_("Du kan ikke lave et link til den rolle på arbejdspladsen."))
    moment = now()
    unused = Vouch.objects.filter(made_by=by, workplace=found, used_at__isnull=True, expires_at__gt=moment)
    if unused.count() >= VOUCHES_AT_ONCE:
        raise MembershipError(
            _("Du har %s links, der ikke er brugt endnu. Vent, til nogle er brugt eller udløbet.")
            % VOUCHES_AT_ONCE
        )
    token = secrets.token_urlsafe(16)
    vouch = Vouch(
        token_hash=_hash(token), workplace=found, role=role, made_by=by, email=email.strip().lower(),
        expires_at=moment + VOUCH_LIFE,
    )  # fmt: skip
    vouch.full_clean(exclude=["created_at"])
    vouch.save()
    return vouch, token


def find_vouch(token: str) -> Vouch:
    """The link with this token, for the page that asks »vil du?«. Raises MembershipError when it does not work."""
    vouch = Vouch.objects.select_related("workplace", "made_by").filter(token_hash=_hash(token)).first()
    if vouch is None:
        raise MembershipError(_("Linket findes ikke. Se efter, om du fik det hele med."))
    if vouch.used_at is not None:
        raise MembershipError(_("Linket er brugt. Et link gælder kun én gang. Bed din kollega om et nyt."))
    if vouch.expires_at <= now():
        raise MembershipError(_("Linket er udløbet. Bed din kollega om et nyt."))
    return vouch


def taken(*, token: str, user: User) -> Membership | None:
    """The role that this user has by this link already: a second click is no error."""
    vouch = Vouch.objects.filter(token_hash=_hash(token), used_by=user).first()
    if vouch is None:
        return None
    rows = Membership.objects.active().with_names()
    return rows.filter(user=user, workplace=vouch.workplace_id, role=vouch.role).first()


@transaction.atomic
def use_vouch(*, token: str, user: User) -> Membership:
    """Become what a colleague vouches for. Returns the active membership.

    Raises MembershipError when the link is unknown, used or run out, is one's own, was made for another address, when
    who made it may no longer vouch, or when the user has the role already or paused. The link is used only on success.
    """
    _need_open_account(user)
    vouch = find_vouch(token)
    workplace = _lock_workplace(vouch.workplace_id)
    if workplace is None or workplace.closed_on is not None:
        raise MembershipError(
            _("Arbejdspladsen er nedlagt eller lagt sammen med en anden. Bed om et nyt link.")
        )
    Vouch.objects.select_for_update().filter(pk=vouch.pk).first()
    vouch = find_vouch(token)  # as it is now that others wait
    if vouch.made_by_id == user.pk:
        raise MembershipError(_("Du kan ikke stå inde for dig selv. Send linket til din kollega."))
    if vouch.email and vouch.email not in verified_addresses(user):
        raise MembershipError(
            _(
                "Linket er lavet til en anden mailadresse. Bekræft den adresse på din konto, eller bed om et nyt link."
            )
        )
    if not _may_offer(vouch.made_by, workplace, vouch.role):
        raise MembershipError(
            _("Den, der lavede linket, kan ikke længere stå inde for kolleger. Bed en anden.")
        )
    moment = now()
    membership = (
        Membership.objects.open().with_names().filter(user=user, workplace=workplace, role=vouch.role).first()
    )
    if membership is not None and membership.state == State.ACTIVE:
        raise MembershipError(_("Du har allerede den rolle på arbejdspladsen."))
    if membership is not None and membership.state == State.SUSPENDED:
        raise MembershipError(_("Din rolle er sat på pause. Skriv til redaktionen, så ser vi på det."))
    used = Vouch.objects.filter(pk=vouch.pk, used_at__isnull=True, expires_at__gt=moment)
    if not used.update(used_at=moment, used_by=user, email=""):
        raise MembershipError(_("Linket er brugt. Et link gælder kun én gang. Bed din kollega om et nyt."))
    fields = {"approved_at": moment, "basis": Basis.VOUCHED, **_in_force(vouch.role, moment)}
    if membership is None:
        membership = Membership.objects.create(
            user=user, workplace=workplace, role=vouch.role, state=State.ACTIVE, **fields
        )
        _log(membership, What.VOUCHED, before="", by=vouch.made_by)
        return membership
    return _move(membership, to=State.ACTIVE, what=What.VOUCHED, by=vouch.made_by, **fields).membership


@transaction.atomic
def forget_vouches() -> int:
    """Delete links long run out, with the addresses they were made for. Returns how many."""
    return Vouch.objects.filter(expires_at__lt=now() - VOUCH_KEPT).delete()[0]


# -- two workplaces that are one --------------------------------------------------------


def merge_memberships(*, keep: Workplace, duplicate: Workplace, by: User | None) -> None:
    """Before a merge: where one person has the same role at both, end the one that says less.

    A pause by staff outweighs all, so that a merge gives nobody back what staff have paused.
    """
    rows = Membership.objects.open().with_names().filter(workplace__in=[keep, duplicate])
    rows = rows.select_for_update(of=("self",)).order_by("pk")
    pairs: dict[tuple[int, str], list[Membership]] = {}
    for row in rows:
        pairs.setdefault((row.user_id, row.role), []).append(row)
    for both in pairs.values():
        if len(both) == 2:
            _end(min(both, key=_weight), what=What.MERGED, by=by)


def _weight(row: Membership) -> tuple[int, int, bool, bool]:
    by_staff = row.suspended_reason == Pause.STAFF
    order = [State.WAITING, State.SUSPENDED, State.ACTIVE]
    return (int(by_staff), order.index(State(row.state)), row.trusted, row.approved_at is not None)
