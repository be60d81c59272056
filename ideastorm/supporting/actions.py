"""Giving support and taking it back. One row for each person and idea, however often and from wherever it is sent."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext as _

from accounts.models import User
from editorial.models import Content, SenderContact
from editorial.models.querysets import TransitionError
from ideastorm.choices import OPEN_PHASES, WITHOUT_ACCOUNT, StormPhase
from ideastorm.models import Idea, Storm, Support, SupportAddress
from ideastorm.models.support import SupportQuerySet, address_hash
from ideastorm.permissions import Visitor, can_support, is_author


def why_not(visitor: Visitor, idea: Idea) -> str:
    """Why this visitor can't support the idea now, as a sentence. The storm comes from `with_phase()`."""
    storm = idea.storm
    if storm.phase == StormPhase.ANNOUNCED:
        return _("Idéstormen er ikke åbnet endnu.")
    if storm.phase == StormPhase.IDEAS and not storm.support_while_open:
        return _("Du kan støtte ideerne, når der er lukket for nye.")
    if storm.phase not in OPEN_PHASES:
        return _("Der er lukket for støtte. Det, der er givet, står.")
    if is_author(visitor, idea):
        return _("Du kan ikke støtte din egen idé.")
    if idea.merged_into_id is not None:
        return _("Ideen er lagt sammen med en anden. Støt den i stedet.")
    return _("Du kan ikke støtte ideen.")


def is_open_for_support(storm: Storm) -> bool:
    """Whether support is given and taken back now. The storm comes from `with_phase()`."""
    return storm.phase == StormPhase.SUPPORT or (storm.phase == StormPhase.IDEAS and storm.support_while_open)


def supports_of(user: User | None, address: SupportAddress | None) -> SupportQuerySet:
    """What somebody supports: by account, else by the address that is confirmed in this browser."""
    if user is not None:
        return Support.objects.of_person(user)
    return Support.objects.filter(address=address) if address is not None else Support.objects.none()


@transaction.atomic
def give_support(*, idea: Idea, visitor: Visitor, address: SupportAddress | None = None) -> bool:
    """Support an idea, as the account, else as a confirmed address. False when the person did already.

    The idea's content row is locked, so that its author does not edit what is being supported. Raises TransitionError
    with the reason when it can't be supported (any more).
    """
    idea = _locked(idea)
    if not can_support(visitor, idea):
        raise TransitionError(why_not(visitor, idea))
    user = visitor.account
    if user is None and address is None:
        raise TransitionError(_("Skriv din e-mail for at støtte ideen."))
    before = Support.objects.filter(idea=idea)
    if user is not None:
        _know_address(idea.storm, user)
        if before.filter(user=user).exists():
            return False
        # The same person may have supported with the address before they had an account.
        before.filter(address__user=user).delete()
    else:
        address = SupportAddress.objects.select_related("user").get(pk=address.pk)  # type: ignore[union-attr]
        if address.user is not None and address.user == idea.author:
            raise TransitionError(_("Du kan ikke støtte din egen idé."))
        if before.filter(address=address).exists():
            return False
        if address.user is not None and before.filter(user=address.user).exists():
            return False
    try:
        with transaction.atomic():
            Support.objects.create(idea=idea, user=user, address=None if user else address)
    except IntegrityError as error:  # it closed between our question and the row
        idea.storm = Storm.objects.with_phase().get(pk=idea.storm_id)
        raise TransitionError(why_not(visitor, idea)) from error
    return True


def _know_address(storm: Storm, user: User) -> None:
    """Say whose the account's address is in this storm, whether it has supported or will: so the two are one person.

    Where support needs an account, no address is asked for, and none is stored.
    """
    if storm.access not in WITHOUT_ACCOUNT:
        return
    address, _new = SupportAddress.objects.get_or_create(
        storm=storm,
        address_hash=address_hash(storm, user.email),
        defaults={"user": user, "confirmed_at": Now()},
    )
    if address.user_id != user.pk:
        SupportAddress.objects.filter(pk=address.pk).update(
            user=user, confirmed_at=Coalesce("confirmed_at", Now())
        )


@transaction.atomic
def take_back(*, idea: Idea, user: User | None, address: SupportAddress | None = None) -> bool:
    """Take one's support back, of the idea and of what was merged into it. False when there was none.

    Raises TransitionError when support has closed: what others see counted does not change afterwards.
    """
    idea = _locked(idea)
    if not is_open_for_support(idea.storm):
        raise TransitionError(_("Der er lukket for støtte, så den kan ikke trækkes tilbage mere."))
    gone, _rows = supports_of(user, address).of_group(idea).delete()
    return gone > 0


@transaction.atomic
def confirm_address(*, idea: Idea, visitor: Visitor, hashed: str) -> tuple[SupportAddress, bool]:
    """Somebody has opened the link that was sent to an address: it is confirmed, and supports the idea.

    Raises TransitionError as give_support, and when the address belongs to an account or to the idea's author.
    """
    idea = _locked(idea)
    if _is_authors(idea, hashed):
        raise TransitionError(_("Du kan ikke støtte din egen idé."))
    address, _new = SupportAddress.objects.get_or_create(
        storm=idea.storm, address_hash=hashed, defaults={"confirmed_at": Now()}
    )
    SupportAddress.objects.filter(pk=address.pk, confirmed_at=None).update(confirmed_at=Now())
    if Support.objects.filter(idea=idea, address=address).exists():
        return address, False
    return address, give_support(idea=idea, visitor=visitor, address=address)


def _is_authors(idea: Idea, hashed: str) -> bool:
    """Whether the address is the one that the idea's author has left, or has an account with."""
    own = [idea.author.email] if idea.author else []
    own += SenderContact.objects.filter(receipt__content=idea).values_list("email", flat=True)
    return hashed in {address_hash(idea.storm, email) for email in own if email}


def has_account(email: str) -> bool:
    """Whether an address is that of an account that is open."""
    return User.objects.filter(Q(email__iexact=email.strip()), is_active=True).exists()


def _locked(idea: Idea) -> Idea:
    """The idea as it is now, with its content row locked and the storm's phase. The lock comes first."""
    Content.objects.select_for_update(of=("self",)).get(pk=idea.pk)
    found = Idea.objects.select_related("author").get(pk=idea.pk)
    found.storm = Storm.objects.with_phase().get(pk=found.storm_id)
    return found
