"""A host, a guest and an editor, and what they have to do with each other."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.models import User
from practicum.choices import Side
from practicum.models import Agreement, Application, DirectRequest, Offer, Stay
from practicum.staying import agreeing
from tests.factories import (
    UserFactory,
    WorkplaceFactory,
    contact_person,
    editor,
    membership,
    public_offer,
    ready_application,
    stay_at,
)

DAY = dt.timedelta(days=1)
NOON = dt.time(11)


class World:
    """A public place with `seats` for direct agreement, its host, and a guest whose leader has said yes."""

    def __init__(self, seats: int = 1, **fields: Any) -> None:
        self.offer: Offer = public_offer(
            direct_seats=seats, round_seats=0, meeting_place="Rådhuset", **fields
        )
        assert self.offer.owner is not None
        self.host: User = contact_person(self.offer.owner, name="Karim Skov", email="karim@vaert.example")
        self.application = self.another(name="Mette Holm", email="mette@gaest.example")
        self.guest: User = self.application.guest
        self.editor = editor()
        self.stranger: User = contact_person(WorkplaceFactory.create())

    def another(self, **fields: Any) -> Application:
        """One more application that the leader has said yes to."""
        guest = UserFactory.create(**fields)
        application = ready_application(guest=guest, round=self.offer.round)
        membership(user=guest, workplace=application.workplace, role="medarbejder")
        return application

    @property
    def first(self) -> dt.date:
        """The first day that guests can."""
        return min(self.application.possible_days)

    def request(self, application: Application | None = None, **fields: Any) -> DirectRequest:
        """A request for a seat."""
        return DirectRequest.objects.create(
            application=application or self.application, offer=self.offer, **fields
        )

    def stay(self, **fields: Any) -> Stay:
        """A stay of the guest's; agreed on, unless told otherwise."""
        stay = stay_at(self.offer, application=self.application, **fields)
        if stay.state in ("aftalt", "holdt"):
            Application.objects.filter(pk=self.application.pk).update(state="placeret")
        return stay

    def offered(self, **fields: Any) -> Stay:
        """A stay that the guest is to confirm."""
        held = timezone.now() + 5 * DAY
        return self.stay(**{"state": "tilbudt", "held_until": held, "guest_accepted_at": None, **fields})


def texts(stay: Stay, **fields: Any) -> dict[str, Any]:
    """What an agreement says, on the days that the stay lies on."""
    return dict.fromkeys(Agreement.TEXTS, "") | {
        "purpose": "At se, hvordan et hold lægger ruten.",
        "starts_on": stay.starts_on,
        "ends_on": stay.ends_on,
        **fields,
    }


def written(stay: Stay, *, signed: bool = False, side: Side = Side.GUEST, **fields: Any) -> Agreement:
    """A version of the agreement, signed by both when `signed`."""
    before = agreeing.latest(stay)
    number = before.number if before else 0
    row = agreeing.write(stay=stay, side=side, read=number, fields=texts(stay, **fields), sign=False)
    if signed:
        for one in Side:
            agreeing.sign(stay=stay, side=one, read=row.number)
        row.refresh_from_db()
    return row


def client_of(user: User | None) -> Client:
    """A browser in which somebody is logged in."""
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def at(day: dt.date) -> dt.datetime:
    """Noon of a day in Denmark or an hour after."""
    return dt.datetime.combine(day, NOON, dt.UTC)
