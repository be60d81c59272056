"""The demonstration's Innovationspraktik."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.models import User
from coi.demo_practicum import load_practicum
from coi.demo_practicum_places import HOSTS, PLACES
from coi.demo_roles import ROLES
from coi.management.commands.load_demo import ACCOUNTS
from editorial.choices import State
from places.models import Membership
from practicum.models import Application, Evaluation, Offer, OpenWish, Round, Stay
from practicum.permissions import is_host
from practicum.running.public import person_lines
from tests.factories import UserFactory, WorkplaceFactory, editor

Clock = Callable[[dt.datetime], None]


DAYS = (dt.date(2026, 11, 25), dt.date(2027, 8, 1))


def test_a_round_that_is_over_and_one_ready_for_the_matching(db: None, coi_clock: Clock) -> None:
    """Whatever day it is made on; made twice it is there once, and nothing of it passes for real."""
    for email in ACCOUNTS:
        (editor if email.startswith("moderator@") else UserFactory.create)(email=email)
    others = {slug for slug, _role in ROLES.values()} | {place.host for place in PLACES}
    for slug in sorted(others - set(HOSTS)):
        WorkplaceFactory.create(slug=slug, is_demo=True)
    for day in DAYS:
        for model in (Stay, OpenWish, Application, Offer, Round):
            model._default_manager.all().delete()
        coi_clock(timezone.make_aware(dt.datetime.combine(day, dt.time(9))))
        load_practicum()
        load_practicum()
        is_whole()


def is_whole() -> None:
    """Two rounds, with all that the pages have to show."""
    phases = dict(Round.objects.with_phase().values_list("phase", "pk"))
    assert set(phases) == {"match", "slut"}
    places = Offer.objects.published()
    assert places.filter(round=phases["match"]).count() >= 30
    assert Application.objects.filter(round=phases["match"], state="klar", wishes__rank=1).count() == 45
    day = dt.date(2026, 12, 31)
    regions = {offer.region or (offer.municipality and offer.municipality.region_on(day)) for offer in places}
    assert len(regions - {None}) == 5
    over = Stay.objects.filter(round=phases["slut"])
    assert over.count() == 22 and {stay.state for stay in over} == {"holdt"}
    assert Evaluation.objects.filter(side="gaest").count() >= 5
    assert set(Offer.objects.filter(round=phases["slut"]).values_list("state", flat=True)) == {State.ARCHIVED}
    assert all(Offer.objects.values_list("is_demo", flat=True))
    assert all(Offer.objects.values_list("owner__is_demo", flat=True))
    shown = {line.topic for line in person_lines(Round.objects.get(pk=phases["slut"]))}
    assert {"Gæster efter sektor", "Gæster efter region"} <= shown
    contacts = Membership.objects.active().contacts().filter(workplace=OuterRef("owner"))
    assert not places.filter(~Exists(contacts)).exists()
    host = User.objects.get(email="vaert@demo.example")
    coming = Stay.objects.get(guest__email="medarbejder@demo.example")
    assert coming.agreements.get().host_signed_at is None and coming.offer.round is None
    assert is_host(host, coming.offer)
