"""What a guest does with an application. Each is one transaction, and safe to do twice or at once from two tabs."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from editorial.models import SubjectArea
from editorial.models.querysets import TransitionError
from places.models import Workplace
from practicum.applying.opening import closed
from practicum.approving.actions import ask_leader
from practicum.choices import OPEN_REQUESTS, ApplicationState, RequestState
from practicum.models import EDITABLE, MOST_WISHES, Application, DirectRequest, LeaderApproval, Offer, Wish
from practicum.permissions import can_edit_application


@transaction.atomic
def wish_for(*, offer: Offer, by: User, workplace: Workplace) -> Application:
    """Wish for a place: the one application of its round is begun, or gets it as its last wish.

    A place without a round gets an application of its own. Wished for already, it stands as it stands. Raises
    TransitionError when one can't apply now, when it is the guest's own workplace, or when there is no more room.
    """
    # One at a time for each guest: two tabs make one application, and no two wishes get the same number.
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if why := closed(offer):
        raise TransitionError(why.sentence)
    application = standing(offer=offer, by=by)
    if application is None:
        application = Application.objects.create(
            guest=by, round=offer.round, workplace=workplace, days=offer.days,
            municipality=workplace.municipality,
        )  # fmt: skip
    else:  # nobody moves or removes a wish meanwhile: the new one gets the next number
        application = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    wishes = application.wishes.all()
    if wishes.filter(offer=offer).exists():
        return application
    if not can_edit_application(by, application):
        raise TransitionError(_("Din ansøgning i runden kan ikke få flere ønsker nu."))
    if application.workplace_id == offer.owner_id:
        raise TransitionError(_("Det er din egen arbejdsplads. Find en plads et andet sted."))
    if len(wishes) >= MOST_WISHES:
        raise TransitionError(
            _("Du kan højst ønske %s pladser i en runde. Fjern et ønske, før du lægger et nyt til.")
            % MOST_WISHES
        )
    Wish.objects.create(application=application, offer=offer, rank=len(wishes) + 1)
    return application


def standing(*, offer: Offer, by: User) -> Application | None:
    """The guest's open application that a wish for the place belongs to; None when there is none."""
    rows = Application.objects.open().of(by)
    if offer.round_id is not None:
        return rows.filter(round=offer.round).first()
    return rows.filter(round=None, wishes__offer=offer).first()


def _locked(application: Application, by: User) -> Application:
    """The row, kept from others until the end of the transaction. Raises TransitionError when it is read only."""
    row = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if not can_edit_application(by, row):
        raise TransitionError(_("Ansøgningen kan ikke rettes mere."))
    return row


@transaction.atomic
def move_wish(*, application: Application, wish: str, up: bool, by: User) -> None:
    """Move a wish one up or down. One that has gone, or stands first or last already, stays."""
    row = _locked(application, by)
    order = list(row.wishes.order_by("rank"))
    here = next((n for n, found in enumerate(order) if str(found.uuid) == wish), None)
    there = None if here is None else here + (-1 if up else 1)
    if here is None or there is None or not 0 <= there < len(order):
        return
    order[here], order[there] = order[there], order[here]
    _number(order)


@transaction.atomic
def remove_wish(*, application: Application, wish: str, by: User) -> None:
    """Take a wish away; those after it move up. One that has gone is no error."""
    row = _locked(application, by)
    order = list(row.wishes.order_by("rank"))
    for found in order:
        if str(found.uuid) == wish:
            found.delete()
    _number([found for found in order if found.pk])


def _number(order: list[Wish]) -> None:
    """1, 2, 3 … in this order. The unique index looks at the end of the transaction."""
    for rank, wish in enumerate(order, 1):
        if wish.rank != rank:
            Wish.objects.filter(pk=wish.pk).update(rank=rank)


@transaction.atomic
def change(
    *,
    application: Application,
    by: User,
    again: bool = False,
    subject_areas: list[SubjectArea] | None = None,
    **fields: Any,
) -> bool:
    """Write what the guest has changed; True when the leader was asked anew. See Application.change."""
    _locked(application, by)
    try:
        with transaction.atomic():
            is_anew = application.change(again=again, **fields)
            if subject_areas is not None:
                application.subject_areas.set(subject_areas)
    except IntegrityError as error:
        raise TransitionError(_("Noget i ansøgningen passer ikke sammen. Se den igennem.")) from error
    if is_anew and (last := last_question(application)):
        ask_leader(thing=application, email=last.email, by=by)
    return is_anew


def last_question(application: Application) -> LeaderApproval | None:
    """What a leader was asked last."""
    return application.approvals.order_by("-asked_at", "-pk").first()


@transaction.atomic
def send(*, application: Application, email: str, by: User) -> None:
    """Ask the leader: the first time, or another one while no one has said yes.

    Raises TransitionError when something is missing, or it is not for the leader to answer now; ValidationError for
    an address that can't be asked.
    """
    row = _locked(application, by)
    if row.state == ApplicationState.DRAFT:
        row.send()
    elif row.state != ApplicationState.LEADER:
        raise TransitionError(_("Din leder har allerede sagt ja."))
    if row.state == ApplicationState.LEADER:
        ask_leader(thing=row, email=email, by=by)


@transaction.atomic
def withdraw(*, application: Application, by: User) -> None:
    """Take it back: no leader is asked, no host answers. Raises TransitionError when there is a place."""
    row = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if row.guest_id != by.pk or row.state not in EDITABLE:
        raise TransitionError(_("Ansøgningen kan ikke trækkes tilbage mere."))
    row.withdraw()
    row.approvals.filter(answer="").delete()
    DirectRequest.objects.filter(application=row, state__in=OPEN_REQUESTS).update(
        state=RequestState.WITHDRAWN
    )
