"""Leaders say yes or no by a link in a mail: to places, and to applications."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from editorial.models import Change
from editorial.models.querysets import TransitionError
from notices.models import Notice, OutgoingMail, Suppression, Why, address_hash
from places.models import MembershipState, Role, Workplace, WorkplaceDomain
from practicum.approving import actions, reminding
from practicum.approving.addresses import leaders_address
from practicum.approving.facts import Facts, has_yes, missing_yes
from practicum.choices import Answer, ApplicationState
from practicum.models import Application, LeaderApproval, Offer
from tests.factories import (
    ApplicationFactory,
    OfferFactory,
    UserFactory,
    WorkplaceFactory,
    contact_person,
    membership,
    public_offer,
    say_yes,
)

pytestmark = pytest.mark.django_db
LEADER = "leder@fjordby.example"
OTHER = "chef@fjordby.example"
YES = {"answer": "ja", "name": "Karen Leder"}


def with_domain(name: str = "fjordby.example", **fields: Any) -> Workplace:
    """A workplace whose people write from a domain."""
    workplace: Workplace = WorkplaceFactory.create(**fields)
    WorkplaceDomain.objects.create(workplace=workplace, domain=name)
    return workplace


@pytest.fixture
def offer() -> Offer:
    """A place on its way, written by a contact person of its host."""
    host = with_domain()
    author = contact_person(host, email="mig@fjordby.example")
    made: Offer = OfferFactory.create(owner=host, author=author)
    made.submit(by=author)
    return made


@pytest.fixture
def application() -> Application:
    """An application that waits for its leader."""
    made: Application = ApplicationFactory.create(
        workplace=with_domain(),
        guest=UserFactory.create(email="gaest@fjordby.example"),
        state=ApplicationState.LEADER,
    )
    return made


def address(approval: LeaderApproval) -> str:
    """Where a question is answered."""
    return reverse("practicum:approval", args=[approval.code])


def told(user: User) -> list[str]:
    """What somebody was told, the newest first."""
    return list(Notice.objects.filter(recipient=user).order_by("-pk").values_list("subject", flat=True))


# -- whom one may ask ---------------------------------------------------------


@pytest.mark.parametrize(
    ("email", "refused"),
    [
        ("leder@fjordby.example", ""),
        ("LEDER@Fjordby.example ", ""),
        ("leder@skole.fjordby.example", ""),
        ("leder@ondfjordby.example", "slutte på @fjordby.example"),
        ("leder@andetsted.example", "slutte på"),
        ("leder@fjordby.example.ond.example", "slutte på"),
        ("mig@fjordby.example", "selv spørger"),
        ("mig+leder@fjordby.example", "selv spørger"),
        ('"mig"@fjordby.example', "Skriv en mailadresse"),
        ('"m\\ig"@fjordby.example', "Skriv en mailadresse"),
        ("leder", "Skriv en mailadresse"),
        ("leder@fjordby.example\nBcc: a@b.dk", "Skriv en mailadresse"),
        ("", "Skriv en mailadresse"),
    ],
)
def test_a_leader_is_asked_at_the_workplace_and_never_oneself(offer: Offer, email: str, refused: str) -> None:
    if not refused:
        assert leaders_address(offer, email, by=None) == email.strip().lower()
        return
    with pytest.raises(ValidationError, match=refused):
        actions.ask_leader(offer, email)
    assert not LeaderApproval.objects.exists() and not OutgoingMail.objects.exists()


def test_the_domain_of_a_workplace_above_counts_and_without_any_it_is_said() -> None:
    above = with_domain()
    school = WorkplaceFactory.create(parent=above)
    offer = OfferFactory.create(owner=school)
    assert leaders_address(offer, LEADER, by=None) == LEADER
    with pytest.raises(ValidationError, match="kender ikke jeres mailadresser"):
        leaders_address(OfferFactory.create(), LEADER, by=None)


@pytest.mark.parametrize(
    ("role", "state", "verified", "refused"),
    [
        (Role.LEADER, MembershipState.ACTIVE, True, ""),
        (Role.LEADER, MembershipState.ACTIVE, False, "slutte på"),
        (Role.LEADER, MembershipState.WAITING, True, "slutte på"),
        (Role.EMPLOYEE, MembershipState.ACTIVE, True, "slutte på"),
    ],
)
def test_who_has_a_leaders_role_there_is_asked_at_any_confirmed_address(
    role: str, state: str, verified: bool, refused: str
) -> None:
    above = with_domain()
    offer = OfferFactory.create(owner=WorkplaceFactory.create(parent=above))
    leader = UserFactory.create(email="chef@andetsted.example")
    EmailAddress.objects.update_or_create(
        user=leader, email=leader.email, defaults={"verified": verified, "primary": True}
    )
    membership(user=leader, workplace=above, role=role, state=state)
    if not refused:
        assert leaders_address(offer, leader.email, by=None) == leader.email
        return
    with pytest.raises(ValidationError, match=refused):
        leaders_address(offer, leader.email, by=None)


def test_an_address_that_refuses_mail_is_not_asked(offer: Offer) -> None:
    Suppression.objects.create(address_hash=address_hash(LEADER), address=LEADER, reason=Why.REFUSED)
    with pytest.raises(ValidationError, match="kommer retur"):
        actions.ask_leader(offer, LEADER)


def test_the_link_stands_only_in_the_mail(offer: Offer, deliver: Callable[[], list[EmailMessage]]) -> None:
    approval = actions.ask_leader(offer, LEADER)
    assert approval.email == LEADER and Facts.asked(approval) == Facts.of(offer)
    (mail,) = [mail for mail in deliver() if mail.to == [LEADER]]
    assert address(approval) in mail.body and offer.title in mail.body
    assert "egen arbejdsplads" in mail.body and "Plads til 3 gæster" in mail.body
    assert not Notice.objects.filter(url__contains=approval.code).exists()
    assert not OutgoingMail.objects.exists()


def test_asking_again_replaces_the_question_and_a_double_click_does_not(offer: Offer) -> None:
    first = actions.ask_leader(offer, LEADER)
    assert actions.ask_leader(offer, LEADER) == first
    assert OutgoingMail.objects.count() == 1
    second = actions.ask_leader(offer, OTHER)
    assert LeaderApproval.objects.get() == second and second.code != first.code
    assert Client().get(address(first)).status_code == 404
    LeaderApproval.objects.update(asked_at=timezone.now() - dt.timedelta(hours=1))
    third = actions.ask_leader(offer, OTHER)
    assert third != second and OutgoingMail.objects.count() == 3


def test_nobody_is_asked_about_what_has_a_yes(offer: Offer) -> None:
    say_yes(offer)
    with pytest.raises(ValidationError, match="allerede sagt ja"):
        actions.ask_leader(offer, LEADER)


# -- the page -----------------------------------------------------------------


def test_the_page_says_what_is_asked_and_opening_it_answers_nothing(offer: Offer) -> None:
    approval = actions.ask_leader(offer, LEADER)
    for _time in range(2):
        response = Client().get(address(approval))
        assert response.status_code == 200
    page = response.content.decode()
    for words in (
        offer.title,
        str(offer.owner),
        "Op til 3 gæster",
        "3 dage",
        "løn fra sin egen arbejdsplads",
    ):
        assert words in page, words
    assert "noindex" in response["X-Robots-Tag"] and "noindex" in page
    assert "no-store" in response["Cache-Control"] and response["Referrer-Policy"] == "same-origin"
    assert Client().head(address(approval)).status_code == 200
    approval.refresh_from_db()
    assert approval.answer == ""


def test_a_leader_says_yes_and_the_host_is_told(offer: Offer) -> None:
    approval = actions.ask_leader(offer, LEADER)
    client = Client()
    assert client.post(address(approval), YES).status_code == 302
    approval.refresh_from_db()
    assert (approval.answer, approval.answered_by_name) == ("ja", "Karen Leder") and approval.answered_at
    assert "Karen Leder sagde ja" in client.get(address(approval)).content.decode()
    assert has_yes(offer, Facts.of(offer)) and missing_yes(offer) is None
    offer.publish(by=None)
    assert offer.is_public
    assert offer.author is not None and told(offer.author) == [f"Din leder har sagt ja: »{offer.title}«"]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "answer"),
        ({"answer": "ja"}, "name"),
        ({"answer": "nej", "name": "K"}, "reason"),
        ({"answer": "nej", "name": "K", "reason": "  "}, "reason"),
        ({"answer": "nej", "name": "K", "reason": "Ring til 010203-1234"}, "reason"),
        ({"answer": "videre", "name": "K"}, "email"),
        ({"answer": "videre", "name": "K", "email": "a@andetsted.example"}, "email"),
        ({"answer": "videre", "name": "K", "email": LEADER}, "email"),
        ({"answer": "videre", "name": "K", "email": "mig@fjordby.example"}, "email"),
        ({"answer": "maaske", "name": "K"}, "answer"),
        ({"answer": "", "name": "K\x00"}, "name"),
    ],
)
def test_wrong_answers_are_explained_and_kept(offer: Offer, data: dict[str, str], field: str) -> None:
    approval = actions.ask_leader(offer, LEADER)
    response = Client().post(address(approval), data)
    assert response.status_code == 422 and field in response.context["form"].errors
    approval.refresh_from_db()
    assert approval.answer == "" and LeaderApproval.objects.count() == 1


def test_a_no_has_a_reason_that_the_host_reads(offer: Offer) -> None:
    approval = actions.ask_leader(offer, LEADER)
    assert (
        Client()
        .post(address(approval), {**YES, "answer": "nej", "reason": "Vi flytter i uge 37."})
        .status_code
        == 302
    )
    notice = Notice.objects.get(recipient=offer.author)
    assert "Vi flytter i uge 37." in notice.text and notice.url == reverse(
        "practicum:ask_leader", args=[offer.uuid]
    )
    assert missing_yes(offer) == Facts.of(offer)
    with pytest.raises(TransitionError):
        offer.publish(by=None)


def test_two_tabs_give_one_answer(offer: Offer) -> None:
    approval = actions.ask_leader(offer, LEADER)
    stale = LeaderApproval.objects.get(pk=approval.pk)
    actions.say_yes(approval=approval, name="Karen")
    with pytest.raises(actions.AlreadyAnsweredError):
        actions.say_no(approval=stale, name="Bo", reason="Nej.")
    with pytest.raises(actions.AlreadyAnsweredError):
        actions.delegate(approval=stale, name="Bo", email=OTHER)
    late = Client().post(address(approval), {**YES, "answer": "nej", "reason": "Nej."})
    approval.refresh_from_db()
    assert approval.answer == "ja" and late.status_code in (200, 409)
    assert LeaderApproval.objects.count() == 1
    assert Notice.objects.filter(recipient=offer.author).count() == 1


def test_a_question_is_passed_on_and_the_first_link_is_used(
    offer: Offer, deliver: Callable[[], list[EmailMessage]]
) -> None:
    first = actions.ask_leader(offer, LEADER)
    passed_on = {"answer": "videre", "name": "Karen Leder", "email": OTHER}
    assert Client().post(address(first), passed_on).status_code == 302
    first.refresh_from_db()
    second = LeaderApproval.objects.get(answer="")
    assert first.answer == Answer.DELEGATED and second.delegated_from == first
    assert Facts.asked(second) == Facts.asked(first)
    mails = {mail.to[0]: mail.body for mail in deliver()}
    assert "Karen Leder har bedt dig" in mails[OTHER]
    assert "En anden leder svarer" in Client().get(address(first)).content.decode()
    assert Client().post(address(first), YES).status_code in (200, 409)
    assert not has_yes(offer, Facts.of(offer))
    back = Client().post(address(second), {**passed_on, "email": LEADER})
    assert back.status_code == 422 and "før" in str(back.context["form"].errors["email"])
    assert Client().post(address(second), YES).status_code == 302
    assert has_yes(offer, Facts.of(offer))


def test_a_question_passes_through_few_hands(offer: Offer) -> None:
    approval = actions.ask_leader(offer, LEADER)
    for n in range(actions.MOST_HANDS - 1):
        approval = actions.delegate(approval=approval, name="K", email=f"leder{n}@fjordby.example")
    with pytest.raises(ValidationError, match="mange gange"):
        actions.delegate(approval=approval, name="K", email="endnu@fjordby.example")
    actions.say_yes(approval=approval, name="K")


def test_an_expired_link_says_so_and_takes_no_answer(
    offer: Offer, coi_clock: Callable[[dt.datetime], None]
) -> None:
    approval = actions.ask_leader(offer, LEADER)
    coi_clock(timezone.now() + dt.timedelta(days=actions.LIFE, minutes=1))
    client = Client()
    assert client.get(address(approval)).status_code == 410
    response = client.post(address(approval), YES)
    assert response.status_code == 410 and "udløbet" in response.content.decode()
    with pytest.raises(actions.NoLongerAskedError):
        actions.say_yes(approval=approval, name="K")
    with pytest.raises(IntegrityError, match="approval_in_time"), transaction.atomic():
        LeaderApproval.objects.filter(pk=approval.pk).update(answer="ja", answered_at=timezone.now())
    assert missing_yes(offer) == Facts.of(offer)
    again = actions.ask_leader(offer, LEADER)
    assert again != approval and client.get(address(again)).status_code == 200


@pytest.mark.parametrize("code", ["", "forkert", "0" * 26, "ÆØÅ", "a" * 300])
def test_a_wrong_code_has_a_page_of_its_own(code: str) -> None:
    response = Client().get(f"/praktik/leder/{code or 'x'}/")
    assert response.status_code == 404 and "Linket virker ikke" in response.content.decode()
    assert "noindex" in response["X-Robots-Tag"]


def test_guessing_is_stopped_and_right_codes_cost_nothing(offer: Offer) -> None:
    approval = actions.ask_leader(offer, LEADER)
    client = Client()
    for _time in range(25):
        assert client.get(address(approval)).status_code == 200
    answers = [client.get(f"/praktik/leder/gaet-{n}/").status_code for n in range(22)]
    assert answers[:20] == [404] * 20 and answers[20:] == [429] * 2


def test_what_is_taken_back_or_changed_is_not_answered(offer: Offer) -> None:
    approval = actions.ask_leader(offer, LEADER)
    Offer.objects.filter(pk=offer.pk).update(days=4)
    assert Client().get(address(approval)).status_code == 410
    with pytest.raises(actions.NoLongerAskedError):
        actions.say_yes(approval=approval, name="K")
    Offer.objects.filter(pk=offer.pk).update(days=3)
    assert Client().get(address(approval)).status_code == 200
    offer.withdraw(by=offer.author)
    assert Client().get(address(approval)).status_code == 410
    assert Client().post(address(approval), YES).status_code == 410
    approval.refresh_from_db()
    assert approval.answer == ""


def test_a_change_that_is_sent_can_be_said_yes_to(offer: Offer) -> None:
    say_yes(offer)
    offer.publish(by=None)
    change = Change.begin(offer, by=offer.author, proposed={"days": 5})
    change.submit()
    wanted = missing_yes(offer)
    assert wanted is not None and wanted.days == 5
    with pytest.raises(TransitionError, match="ikke sagt ja"):
        change.approve(by=None)
    approval = actions.ask_leader(offer, LEADER, facts=wanted)
    page = Client().get(address(approval)).content.decode()
    assert "ændring" in page and "5 dage" in page
    change.refresh_from_db()
    assert Client().post(address(approval), YES).status_code == 302
    change.approve(by=None)
    assert Offer.objects.get(pk=offer.pk).days == 5


# -- applications -------------------------------------------------------------


def test_a_yes_makes_an_application_ready_in_the_same_transaction(application: Application) -> None:
    approval = actions.ask_leader(application, LEADER)
    page = Client().get(address(approval)).content.decode()
    assert application.guest.name in page and "som den er nu" in page
    assert application.motivation not in page
    assert Client().post(address(approval), YES).status_code == 302
    application.refresh_from_db()
    assert application.state == ApplicationState.READY and application.ready_at
    assert told(application.guest) == ["Din leder har sagt ja"]


def test_a_no_leads_an_application_back_to_its_guest(application: Application) -> None:
    approval = actions.ask_leader(application, LEADER)
    actions.say_no(approval=approval, name="Karen", reason="Vi er for få.")
    application.refresh_from_db()
    assert application.state == ApplicationState.DRAFT and application.ready_at is None
    assert "Vi er for få." in Notice.objects.get(recipient=application.guest).text


def test_changed_days_of_an_application_need_a_new_question(application: Application) -> None:
    approval = actions.ask_leader(application, LEADER)
    days = [day + dt.timedelta(days=7) for day in application.possible_days]
    Application.objects.filter(pk=application.pk).update(possible_days=days)
    with pytest.raises(actions.NoLongerAskedError):
        actions.say_yes(approval=approval, name="K")
    application.refresh_from_db()
    assert application.state == ApplicationState.LEADER
    again = actions.ask_leader(application, LEADER)
    actions.say_yes(approval=again, name="K")
    application.refresh_from_db()
    assert application.state == ApplicationState.READY


def test_the_wished_places_stand_in_no_order_that_tells(application: Application) -> None:
    names = ("Åben skole", "Bybus", "Café")
    for rank, name in enumerate(names, 1):
        application.wishes.create(offer=public_offer(title=name, round=application.round), rank=rank)
    approval = actions.ask_leader(application, LEADER)
    page = Client().get(address(approval)).content.decode()
    assert re.findall(r"Åben skole|Bybus|Café", page) == ["Bybus", "Café", "Åben skole"]


# -- reminders ----------------------------------------------------------------


def at(day: dt.date) -> dt.datetime:
    """Noon of a day."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))


def test_leaders_are_reminded_twice_and_then_whoever_asked_is_told(
    offer: Offer, coi_clock: Callable[[dt.datetime], None], deliver: Callable[[], list[EmailMessage]]
) -> None:
    monday = dt.date(2027, 9, 6)
    coi_clock(at(monday))
    approval = actions.ask_leader(offer, LEADER)
    deliver()
    for days, mails in ((2, 0), (3, 1), (4, 0), (8, 0), (9, 1), (15, 0), (20, 0)):
        coi_clock(at(monday + dt.timedelta(days=days)))
        for _twice in range(2):
            reminding.look_after()
        sent = [mail for mail in deliver() if mail.to == [LEADER]]
        assert len(sent) == mails, days
        assert all(address(approval) in mail.body and "6. september" in mail.body for mail in sent)
    assert offer.author is not None and told(offer.author) == []
    coi_clock(at(monday + dt.timedelta(days=22)))
    for _twice in range(2):
        reminding.look_after()
    assert told(offer.author) == [f"Din leder har ikke svaret: »{offer.title}«"]
    approval.refresh_from_db()
    assert approval.answer == ""


def test_nobody_is_reminded_of_what_is_answered_or_taken_back(
    offer: Offer, coi_clock: Callable[[dt.datetime], None], deliver: Callable[[], list[EmailMessage]]
) -> None:
    actions.ask_leader(offer, LEADER)
    offer.withdraw(by=offer.author)
    deliver()
    coi_clock(timezone.now() + dt.timedelta(days=14))
    reminding.look_after()
    assert not [mail for mail in deliver() if mail.to == [LEADER]]


# -- a host asks --------------------------------------------------------------


def test_a_host_asks_another_leader(client: Client, offer: Offer) -> None:
    page = reverse("practicum:ask_leader", args=[offer.uuid])
    assert client.get(page).status_code == 302
    client.force_login(UserFactory.create())
    assert client.get(page).status_code == 404
    assert client.post(page, {"email": LEADER}).status_code == 404
    assert offer.author is not None
    client.force_login(offer.author)
    token = str(client.get(page).context["form"]["once"].value())
    for _twice in range(2):
        assert client.post(page, {"email": LEADER, "once": token}).status_code == 302
    first = LeaderApproval.objects.get()
    assert LEADER in client.get(page).content.decode()
    assert client.post(page, {"email": "x@andetsted.example"}).status_code == 422
    assert LeaderApproval.objects.get() == first


def test_who_leads_the_workplace_has_said_yes_by_asking(client: Client, offer: Offer) -> None:
    assert offer.author is not None and offer.owner is not None
    membership(user=offer.author, workplace=offer.owner, role="leder")
    row = actions.ask_about_offer(offer=offer, email="", by=offer.author)
    assert row is not None and row.answer == "ja" and row.answered_by_name == str(offer.author)
    assert not OutgoingMail.objects.exists()
    offer.publish(by=None)
