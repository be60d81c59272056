"""Wishes without a place, where hosts are missing, and workplaces that are invited."""

from __future__ import annotations

import datetime as dt
import re
import threading
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from editorial.models import SubjectArea
from notices.models import Notice
from places.models import Region, Workplace
from practicum.models import HostInvitation, OpenWish, OpenWishAnswer, Round, Wish
from practicum.shortage import figures, inviting
from practicum.wishing import actions
from tests.factories import (
    ApplicationFactory,
    UserFactory,
    WorkplaceFactory,
    contact_person,
    editor,
    employee,
    public_offer,
    published,
    stay_at,
)
from tests.practicum.test_applying import open_round

pytestmark = pytest.mark.django_db
WISHES = "/praktik/oensker/"


def host() -> User:
    """A contact person of some workplace."""
    return contact_person(WorkplaceFactory.create())


def once_of(client: Client, address: str) -> str:
    """The token of the form on a page."""
    return str(client.get(address).context["form"]["once"].value())


# -- wishes ----------------------------------------------------------------------------


def test_a_wish_is_written_once_and_stands_in_the_round(client: Client) -> None:
    """With subject areas, sector and region; the same form twice is one."""
    row, user = open_round(), employee()
    client.force_login(user)
    sent = {
        "once": once_of(client, WISHES), "text": "Et bosted uden vagtplan", "subject_areas": ["aeldre"],
        "sector": "kommune", "region": "1082",
    }  # fmt: skip
    for _n in range(2):
        assert client.post(WISHES, sent).status_code == 302
    wish = OpenWish.objects.get()
    assert (wish.guest, wish.round, wish.sector, wish.region_id) == (user, row, "kommune", "1082")
    assert [area.slug for area in wish.subject_areas.all()] == ["aeldre"]


def test_a_wrong_wish_loses_nothing(client: Client) -> None:
    """422 and what was typed; no text, a CPR number, what is not on the list; the sixth open one."""
    user = employee()
    client.force_login(user)
    assert client.post(WISHES, {"text": " "}).status_code == 422
    answer = client.post(WISHES, {"text": "Det her 010203-1234", "sector": "privat", "region": "9999"})
    assert answer.status_code == 422 and "010203-1234" in answer.content.decode()
    assert set(answer.context["form"].errors) == {"text", "sector", "region"}
    for _n in range(5):
        OpenWish.objects.create(guest=user, text="Et")
    answer = client.post(WISHES, {"text": "Det sjette"})
    assert answer.status_code == 422 and "Det sjette" in answer.content.decode()
    assert OpenWish.objects.count() == 5


def test_pages_of_wishes_by_role(client: Client) -> None:
    """Guests write, hosts and the centre read what and not who; citizens are told how; a changed uuid opens nothing."""
    guest = employee(name="Gerda Gæst")
    wish = OpenWish.objects.create(guest=guest, text="Et hus uden kø")
    page = reverse("practicum:open_wish", args=[wish.uuid])
    close = reverse("practicum:open_wish_close", args=[wish.uuid])
    assert client.get(WISHES).status_code == 302
    table: list[tuple[User, int, int, bool]] = [
        (UserFactory.create(), 403, 404, False),
        (employee(), 200, 404, False),
        (host(), 200, 200, True),
        (editor(), 200, 200, True),
        (guest, 200, 200, True),
    ]
    for user, listed, one, sees in table:
        client.force_login(user)
        first, second = client.get(WISHES), client.get(page)
        assert (first.status_code, second.status_code) == (listed, one)
        assert ("Et hus uden kø" in first.content.decode()) is sees
        if user != guest:
            for answer in (first, second):
                assert (
                    guest.name not in answer.content.decode() and guest.email not in answer.content.decode()
                )
            assert client.post(close).status_code == 404
        assert client.get(reverse("practicum:open_wish", args=[uuid.uuid4()])).status_code == 404
    assert client.get(close).status_code == 405
    for _n in range(2):
        assert client.post(close).status_code == 302
    wish.refresh_from_db()
    assert wish.closed_at
    client.force_login(host())
    assert client.get(page).status_code == 404


def test_a_host_answers_with_a_place_and_the_guest_is_told(client: Client) -> None:
    """Once, however often it is sent; the guest reads it, other hosts do not."""
    guest, other = employee(), host()
    wish = OpenWish.objects.create(guest=guest, text="Et hus uden kø")
    offer = public_offer(round=open_round())
    by = contact_person(offer.owner)  # type: ignore[arg-type]
    page = reverse("practicum:open_wish", args=[wish.uuid])
    client.force_login(by)
    sent = {
        "once": once_of(client, page), "workplace": offer.owner.slug, "text": "Kom og se vores.",  # type: ignore[union-attr]
        "offer": f"http://testserver/praktik/pladser/{offer.slug}/?a=b",
    }  # fmt: skip
    for _n in range(2):
        assert client.post(page, sent).status_code == 302
    answer = OpenWishAnswer.objects.get()
    assert (answer.workplace, answer.offer, answer.written_by_key) == (offer.owner, offer, by.key)
    notice = Notice.objects.get(recipient=guest)
    assert notice.event == "praktik" and "Kom og se vores." in notice.text and notice.url == page
    client.force_login(guest)
    html = client.get(page).content.decode()
    assert "Kom og se vores." in html and reverse("practicum:apply", args=[offer.slug]) in html
    assert client.post(page, sent).status_code == 403
    client.force_login(other)
    assert "Kom og se vores." not in client.get(page).content.decode()


def test_answers_that_are_refused(client: Client) -> None:
    """In the name of another workplace, without words, with a place that is not there; a closed wish."""
    wish = OpenWish.objects.create(guest=employee(), text="Et hus uden kø")
    mine, others = WorkplaceFactory.create(), WorkplaceFactory.create()
    page = reverse("practicum:open_wish", args=[wish.uuid])
    client.force_login(contact_person(mine))
    answer = client.post(page, {"workplace": others.slug, "text": " ", "offer": "findes-ikke"})
    assert answer.status_code == 422 and set(answer.context["form"].errors) == {"workplace", "text", "offer"}
    assert "findes-ikke" in answer.content.decode()
    client.force_login(editor())
    assert client.post(page, {"text": "Spørg Strandby."}).status_code == 302
    assert OpenWishAnswer.objects.get().workplace is None
    actions.close(wish=wish, by=wish.guest)
    with pytest.raises(Exception, match="lukket sit ønske"):
        actions.answer(wish=wish, by=UserFactory.create(), workplace=mine, offer=None, text="For sent")


# -- where hosts are missing ---------------------------------------------------------------


def lines(row: Round | None, *, exact: bool) -> dict[tuple[str, str], figures.Line]:
    """The lines of the tables by table and key."""
    return {(table.key, line.key): line for table in figures.tables(row, exact=exact) for line in table.lines}


def test_wishes_against_free_seats() -> None:
    """A person counts once in a line; drafts don't; seats that somebody has are not free."""
    row = open_round()
    offer = public_offer(round=row, municipality_id="0751", areas=["aeldre"])
    area = SubjectArea.objects.get(slug="aeldre")
    guest = employee()
    for _n in range(2):
        wish = OpenWish.objects.create(guest=guest, round=row, text="Et", sector="kommune", region_id="1082")
        wish.subject_areas.add(area)
    sent, draft = (ApplicationFactory.create(round=row) for _n in range(2))
    for application in (sent, draft):
        Wish.objects.create(application=application, offer=offer, rank=1)
    type(sent).objects.filter(pk=sent.pk).update(state="leder")
    OpenWish.objects.create(
        guest=employee(), round=row, text="Lukket", sector="kommune", closed_at=timezone.now()
    )
    placed = stay_at(offer)
    Wish.objects.create(application=placed.application, offer=offer, rank=1)
    found = lines(row, exact=True)
    for key in (("sektor", "kommune"), ("region", "1082"), ("omraade", "aeldre")):
        assert (found[key].persons, found[key].seats, found[key].is_short) == ("2", 2, False), key
    assert found["sektor", "stat"].persons == "0"


def test_a_host_sees_no_group_under_five_and_no_exact_number(client: Client) -> None:
    """Nobody and four look the same, five and nine look the same; in the words, in the drawing, in the HTML."""
    row = open_round()

    def html(people: int) -> str:
        OpenWish.objects.all().delete()
        for _n in range(people):
            OpenWish.objects.create(guest=UserFactory.create(), round=row, text="Et", sector="stat")
        answer = client.get(reverse("practicum:shortage")).content.decode()
        return re.sub(r"csrfmiddlewaretoken\S+ value=\S+|nonce-\S+", "", answer)

    client.force_login(host())
    none, four, five, nine, ten = (html(n) for n in (0, 4, 5, 9, 10))
    strip = [
        re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page)
        for page in (none, four, five, nine, ten)
    ]
    assert strip[0] == strip[1] != strip[2] == strip[3] != strip[4]
    assert "færre end 5" in none and "5–9" in five and "10–19" in ten
    client.force_login(editor())
    assert '<td class="coi-number">4</td>' in html(4)


def test_shortage_by_role(client: Client) -> None:
    """Contact persons and editors; only editors invite."""
    open_round()
    for user, seen, invites in (
        (UserFactory.create(), 403, 403), (employee(), 403, 403), (host(), 200, 403), (editor(), 200, 200),
    ):  # fmt: skip
        client.force_login(user)
        assert client.get(reverse("practicum:shortage")).status_code == seen
        assert client.get(reverse("practicum:invite_hosts")).status_code == invites
        assert client.post(reverse("practicum:invite_hosts")).status_code == (422 if invites == 200 else 403)


# -- workplaces are invited ---------------------------------------------------------------


def candidate(**fields: Any) -> Workplace:
    """A workplace with a contact person."""
    workplace: Workplace = WorkplaceFactory.create(**fields)
    contact_person(workplace)
    return workplace


def test_workplaces_are_invited_once_in_a_round(client: Client) -> None:
    """Those of the chosen sector with a contact person and no place; pressed again, nobody is told twice."""
    row = open_round()
    wanted = [candidate(sector="stat") for _n in range(2)]
    candidate(sector="kommune"), WorkplaceFactory.create(sector="stat")
    candidate(sector="stat", closed_on=dt.date(2020, 1, 1))
    has_place = public_offer(round=row, owner=candidate(sector="stat"))
    client.force_login(editor())
    address = reverse("practicum:invite_hosts")
    for _n in range(2):
        sent = {"once": once_of(client, address), "sector": "stat", "text": "Gæster vil se breve."}
        assert client.post(address, sent).status_code == 302
    assert {invitation.workplace for invitation in HostInvitation.objects.all()} == set(wanted)
    notices = Notice.objects.filter(event="praktik")
    assert len(notices) == 2 and all("Gæster vil se breve." in notice.text for notice in notices)
    assert has_place.owner not in {row.workplace for row in HostInvitation.objects.all()}


def test_an_invitation_names_no_day_that_is_gone() -> None:
    """Before, while and after places can be offered in the round."""
    row, day = open_round(), dt.timedelta(days=1)
    today = timezone.localdate()
    row.offers_from, row.offers_until = today - 9 * day, today
    assert inviting.when_to_offer(row).startswith("I kan slå pladser op til og med den ")
    row.offers_until = today - day
    assert "Runden har lukket for nye pladser" in inviting.when_to_offer(row)
    row.offers_from, row.offers_until = today + day, today + 9 * day
    assert inviting.when_to_offer(row).startswith("I kan slå pladser op fra den ")


def test_region_and_subject_area_narrow() -> None:
    """By the municipality's region today, and by what is public of the workplace's own."""
    row = open_round()
    here, there = candidate(municipality_id="0751"), candidate(municipality_id="0101")
    published(owner=there, subject_areas=["skole"])
    region, area = Region.objects.get(pk="1082"), SubjectArea.objects.get(slug="skole")
    assert list(inviting.candidates(row, region=region)) == [here]
    assert list(inviting.candidates(row, subject_area=area)) == [there]
    assert list(inviting.candidates(row, region=region, subject_area=area)) == []


def test_nothing_chosen_is_refused_with_what_was_typed(client: Client) -> None:
    """Nobody writes to everybody by accident; no round, no invitation."""
    client.force_login(editor())
    address = reverse("practicum:invite_hosts")
    assert client.get(address).status_code == 302
    open_round()
    answer = client.post(address, {"text": "Kom nu"})
    assert answer.status_code == 422 and "Kom nu" in answer.content.decode()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_invited_by_two_at_once_is_told_once() -> None:
    """The unique row decides, in the transaction that tells."""
    row = open_round()
    for _n in range(3):
        candidate(sector="stat")

    def run() -> None:
        try:
            inviting.invite(row, text="Kom", sector="stat")
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert HostInvitation.objects.count() == Notice.objects.filter(event="praktik").count() == 3
