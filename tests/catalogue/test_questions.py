"""Questions: who asks, who reads and answers, whom it goes to when nobody does, and when it is shown."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from catalogue.asking import actions
from catalogue.mine import my_panels
from catalogue.models import HardQuestion, Inquiry
from catalogue.models.inquiry import InquiryState
from catalogue.tasks import pass_on_questions
from editorial.choices import Outcome, QueueKind
from editorial.models import QueueItem
from editorial.models.querysets import TransitionError
from editorial.queue import claim, decide
from guards.ratelimits import LIMITS, Limit, Rate
from notices.models import Notice
from places.models import Membership
from tests.catalogue.people import contact, member
from tests.factories import HIDDEN_STATES, UserFactory, WorkplaceFactory, editor, hidden, published

pytestmark = pytest.mark.django_db

LABEL = "Vises ikke på portalen, medmindre I begge siger ja. Kan være omfattet af aktindsigt."


class World:
    """An entry whose workplace has two contact persons, and somebody who asks."""

    def __init__(self) -> None:
        self.owner = WorkplaceFactory.create(name="Ejeren")
        self.entry = published(title="Vi ringer først", owner=self.owner)
        self.second = contact(self.owner, days=20, email="anden.kontakt@ejeren.example")
        self.first = contact(self.owner, days=900, email="foerste.kontakt@ejeren.example")
        self.asker = UserFactory.create(email="spoerger@hjemme.example", name="Spørge Jørgensen")
        self.address = reverse("catalogue:ask", args=[self.entry.slug])

    def ask(self, *, agrees: bool = True, question: str = "Hvad var sværest?") -> Inquiry:
        """A question, without a page."""
        return actions.ask(entry=self.entry, asker=self.asker, question=question, agrees=agrees)

    def answered(self, *, agrees: bool = True, asker_agrees: bool = True) -> Inquiry:
        """The same, answered."""
        inquiry = self.ask(agrees=asker_agrees)
        return actions.answer(
            inquiry=inquiry, by=self.first, text="Telefonerne.", agrees=agrees, shown_as="Anne"
        )

    def with_editors(self) -> Inquiry:
        """One that nobody at the workplace answers."""
        Membership.objects.filter(workplace=self.owner).delete()
        return self.ask()


@pytest.fixture
def world() -> World:
    """See World."""
    return World()


def form(**fields: Any) -> dict[str, Any]:
    """A filled-in question."""
    return {"question": "Hvad var sværest?", "once": str(uuid.uuid4())} | fields


def reply(**fields: Any) -> dict[str, Any]:
    """A filled-in answer."""
    return {"text": "Telefonerne.", "once": str(uuid.uuid4())} | fields


def page(inquiry: Inquiry) -> str:
    """The question's own page."""
    return reverse("catalogue:question", args=[inquiry.uuid])


def who(name: str, world: World) -> User | None:
    """Somebody by their part in it."""
    people: dict[str, Callable[[], User | None]] = {
        "anonymous": lambda: None,
        "citizen": UserFactory.create,
        "asker": lambda: world.asker,
        "first": lambda: world.first,
        "second": lambda: world.second,
        "colleague": lambda: member(world.owner),
        "elsewhere": lambda: contact(WorkplaceFactory.create()),
        "editor": editor,
    }
    return people[name]()


def signed_in(client: Client, user: User | None) -> Client:
    """A client of somebody."""
    client.logout()
    if user:
        client.force_login(user)
    return client


@pytest.mark.parametrize(
    ("name", "get", "has_form", "post"),
    [
        ("anonymous", 302, False, 302),
        ("citizen", 200, True, 302),
        ("colleague", 200, True, 302),
        ("elsewhere", 200, True, 302),
        ("editor", 200, True, 302),
        ("first", 200, False, 403),
        ("second", 200, False, 403),
    ],
)
def test_who_may_ask(client: Client, world: World, name: str, get: int, has_form: bool, post: int) -> None:
    """Everybody with an account but those who would be asked. GET asks nothing."""
    signed_in(client, who(name, world))
    response = client.get(world.address)
    text = response.content.decode()
    assert response.status_code == get and (LABEL in text) is has_form
    assert not Inquiry.objects.exists()
    assert client.post(world.address, form()).status_code == post
    assert Inquiry.objects.exists() is (has_form)


def test_a_question_goes_to_whoever_has_served_longest(client: Client, world: World) -> None:
    """Told at once, with a way to the page and nobody's address."""
    signed_in(client, world.asker).post(world.address, form(agrees="on"))
    inquiry = Inquiry.objects.get()
    assert (inquiry.recipient, inquiry.asker_agrees, inquiry.state) == (world.first, True, "open")
    notice = Notice.objects.get(event="spoergsmaal")
    assert (notice.recipient, notice.url) == (world.first, page(inquiry))
    assert "Hvad var sværest?" in notice.text and not QueueItem.objects.exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"question": ""}, "Skriv dit spørgsmål"),
        ({"question": "   \n "}, "Skriv dit spørgsmål"),
        ({"question": "x" * 2001}, "2000"),
        ({"question": "Min mor, 010203-1234, bor der"}, "CPR"),
        ({"question": "x" * 301, "agrees": "on"}, "højst være på 300"),
    ],
)
def test_what_is_refused(client: Client, world: World, fields: dict[str, str], sentence: str) -> None:
    """A sentence, and nothing is stored or told."""
    response = signed_in(client, world.asker).post(world.address, form(**fields))
    assert response.status_code == 422 and sentence in response.content.decode()
    assert not Inquiry.objects.exists() and not Notice.objects.exists()


def test_sent_twice_is_one(client: Client, world: World) -> None:
    """Question and answer."""
    data = form()
    signed_in(client, world.asker)
    first, second = (client.post(world.address, data) for _ in range(2))
    assert first["Location"] == second["Location"] and Inquiry.objects.count() == 1
    inquiry, data = Inquiry.objects.get(), reply()
    signed_in(client, world.first)
    for _ in range(2):
        assert client.post(page(inquiry), data).status_code == 302
    assert Notice.objects.filter(event="svar").count() == 1


def test_two_tabs_ask_one_question(client: Client, world: World) -> None:
    """Each tab has a form of its own; the same words to the same entry are one question while it waits."""
    signed_in(client, world.asker)
    first, second = (client.post(world.address, form(agrees=agrees)) for agrees in ("", "on"))
    assert first["Location"] == second["Location"] and Inquiry.objects.get().asker_agrees
    client.post(world.address, form(question="Og hvad så?"))
    signed_in(client, who("citizen", world)).post(world.address, form())
    assert Inquiry.objects.count() == 3


def test_nobody_is_flooded(client: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """One entry takes only so many questions, whoever asks them; another still can be asked about."""
    monkeypatch.setitem(LIMITS, "question", Limit(target=Rate(1, 3600)))
    signed_in(client, world.asker)
    assert client.post(world.address, form()).status_code == 302
    refused = signed_in(client, UserFactory.create()).post(world.address, form(question="Og hvad så?"))
    assert refused.status_code == 429 and int(refused["Retry-After"]) > 0
    other = reverse("catalogue:ask", args=[published().slug])
    assert client.post(other, form()).status_code == 302
    assert Inquiry.objects.count() == 2


def test_only_what_belongs_in_the_form_counts(client: Client, world: World) -> None:
    """Nobody answers, shows or sends as another by extra fields."""
    other = UserFactory.create()
    extra = {
        "asker": other.pk,
        "answer": "x",
        "state": "answered",
        "shown": "1",
        "recipient": other.pk,
        "entry": "1",
    }
    signed_in(client, world.asker).post(world.address, form(**extra, answerer_agrees="on"))
    inquiry = Inquiry.objects.get()
    assert (inquiry.asker, inquiry.recipient, inquiry.state, inquiry.answer) == (
        world.asker, world.first, "open", "",
    )  # fmt: skip
    assert not inquiry.answerer_agrees and not HardQuestion.objects.exists()


@pytest.mark.parametrize("state", [s for s in HIDDEN_STATES if s != "archived"])
def test_hidden_entries_are_not_asked_about(client: Client, world: World, state: str) -> None:
    """404."""
    entry = hidden(state, owner=world.owner)
    signed_in(client, world.asker)
    address = reverse("catalogue:ask", args=[entry.slug or "findes-ikke"])
    assert client.get(address).status_code == client.post(address, form()).status_code == 404


READERS = [
    ("anonymous", 302, 302, 302, 302),
    ("citizen", 404, 404, 404, 404),
    ("elsewhere", 404, 404, 404, 404),
    ("colleague", 404, 404, 404, 404),
    ("second", 404, 404, 404, 404),
    ("editor", 404, 404, 404, 404),
    ("asker", 200, 403, 403, 302),
    ("first", 200, 302, 302, 404),
]


@pytest.mark.parametrize(("name", "read", "answer", "onward", "consent"), READERS)
def test_both_sides(
    client: Client, world: World, name: str, read: int, answer: int, onward: int, consent: int
) -> None:
    """Who reads and answers while it is with the workplace; another's uuid is 404; GET on the buttons is 405."""
    inquiry = world.ask()
    signed_in(client, who(name, world))
    assert client.get(page(inquiry)).status_code == read
    other = world.ask(question="Hvad kostede det?")
    assert client.post(page(other), reply()).status_code == answer
    for address, status in (("question_pass_on", onward), ("question_consent", consent)):
        link = reverse(f"catalogue:{address}", args=[inquiry.uuid])
        assert client.get(link).status_code == 405
        assert client.post(link).status_code == status, address
        unknown = client.post(reverse(f"catalogue:{address}", args=[uuid.uuid4()]))
        assert unknown.status_code == (302 if name == "anonymous" else 404)
    other.refresh_from_db()
    assert (other.state == InquiryState.ANSWERED) is (answer == 302 and name != "anonymous")


def test_the_answer_reaches_the_asker(
    client: Client, world: World, deliver: Callable[[], list[EmailMessage]]
) -> None:
    """And no address or name reaches anybody: on a page, in a mail, or in its headers."""
    inquiry = world.ask()
    mails = deliver()
    signed_in(client, world.first)
    seen = client.get(page(inquiry)).content.decode()
    client.post(page(inquiry), reply(agrees="on", shown_as="Anne, sagsbehandler"))
    mails += deliver()
    told = Notice.objects.get(event="svar")
    assert told.recipient == world.asker and "Telefonerne." in told.text
    seen += (
        signed_in(client, world.asker).get(page(inquiry)).content.decode().replace("Spørge Jørgensen", "", 3)
    )
    assert "Telefonerne." in seen
    item = QueueItem.objects.get()
    decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=editor())
    client.logout()
    seen += client.get(world.entry.get_absolute_url()).content.decode()
    assert len(mails) == 2
    for mail in mails:
        whole = str(mail.message())
        assert not mail.reply_to and "Reply-To" not in whole
        others = {world.asker.email, world.first.email} - set(mail.to)
        assert not any(address in whole for address in others)
    assert world.asker.email not in seen and world.first.email not in seen and "Jørgensen" not in seen


@pytest.mark.parametrize(
    ("asker", "answerer", "shown"),
    [(True, True, True), (True, False, False), (False, True, False), (False, False, False)],
)
def test_shown_only_when_both_say_yes(
    client: Client, world: World, asker: bool, answerer: bool, shown: bool
) -> None:
    """And only when the editors have looked at it."""
    inquiry = world.answered(asker_agrees=asker, agrees=answerer)
    assert QueueItem.objects.filter(kind=QueueKind.QUESTION).exists() is shown
    assert not HardQuestion.objects.exists()
    if shown:
        assert inquiry.item
        decide(uuid=inquiry.item.uuid, outcome=Outcome.APPROVED, by=editor())
        row = HardQuestion.objects.get()
        assert (row.question, row.answer, row.answered_by) == ("Hvad var sværest?", "Telefonerne.", "Anne")
        assert "Telefonerne." in client.get(world.entry.get_absolute_url()).content.decode()
        assert Notice.objects.filter(recipient=world.first, event="svar").count() == 1


def test_one_may_think_better_of_it(client: Client, world: World) -> None:
    """Before the editors have looked: it leaves the queue. After: it leaves the page at once."""
    for person, decided in ((world.asker, False), (world.first, True)):
        inquiry = world.answered()
        assert inquiry.item
        if decided:
            decide(uuid=inquiry.item.uuid, outcome=Outcome.APPROVED, by=editor())
            assert HardQuestion.objects.count() == 1
        signed_in(client, person)
        link = reverse("catalogue:question_consent", args=[inquiry.uuid])
        assert [client.post(link).status_code for _ in range(2)] == [302, 302]
        assert not HardQuestion.objects.exists() and not QueueItem.objects.waiting().exists()
        inquiry.refresh_from_db()
        with pytest.raises(TransitionError):
            actions.show(inquiry=inquiry, shown_as="")


def test_not_the_right_one(client: Client, world: World) -> None:
    """It goes to the next at once, then to the editors; whoever passed it on sees it no more."""
    inquiry = world.ask()
    link = reverse("catalogue:question_pass_on", args=[inquiry.uuid])
    signed_in(client, world.first)
    assert client.post(link).status_code == 302
    assert client.post(link).status_code == 404 and client.get(page(inquiry)).status_code == 404
    inquiry.refresh_from_db()
    assert inquiry.recipient == world.second
    signed_in(client, world.second).post(link)
    inquiry.refresh_from_db()
    assert inquiry.recipient is None and inquiry.item and inquiry.item.kind == QueueKind.QUESTION
    assert set(inquiry.tried.all()) == {world.first, world.second}
    assert signed_in(client, world.asker).get(page(inquiry)).status_code == 200


def test_what_falls_to_the_editors(client: Client, world: World) -> None:
    """They answer on its page, which shows it at once when both agree; the asker may not answer it."""
    inquiry = world.with_editors()
    assert inquiry.item and inquiry.recipient is None
    item = inquiry.item
    with pytest.raises(TransitionError, match="ikke fået svar"):
        decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=editor())
    signed_in(client, world.asker)
    assert client.post(page(inquiry), reply()).status_code == 403
    signed_in(client, editor())
    assert "Hvad var sværest?" in client.get(reverse("editorial:item", args=[item.uuid])).content.decode()
    assert client.post(page(inquiry), reply(agrees="on")).status_code == 302
    item.refresh_from_db()
    assert item.outcome == Outcome.APPROVED and HardQuestion.objects.count() == 1
    assert Notice.objects.filter(recipient=world.asker, event="svar").count() == 1


def test_a_colleague_who_has_taken_it_answers(client: Client, world: World) -> None:
    """Another editor is told who has it, and keeps what was typed; whoever took it answers."""
    inquiry = world.with_editors()
    assert inquiry.item
    mine, other = editor(), editor()
    claim(item=inquiry.item, by=mine)
    response = signed_in(client, other).post(page(inquiry), reply(text="Mit svar"))
    text = response.content.decode()
    assert response.status_code == 422 and "har taget spørgsmålet" in text and "Mit svar" in text
    assert Inquiry.objects.get().state == InquiryState.OPEN and not Notice.objects.filter(event="svar")
    assert signed_in(client, mine).post(page(inquiry), reply()).status_code == 302


def test_answers_are_limited_by_question(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only who may answer uses them up; another question is answered all the same."""
    monkeypatch.setitem(LIMITS, "answer", Limit(target=Rate(1, 3600)))
    one, other = world.ask(), world.ask(question="Hvad kostede det?")
    onward = reverse("catalogue:question_pass_on", args=[one.uuid])
    for _n in range(2):
        assert signed_in(client, world.asker).post(page(one), reply()).status_code == 403
        assert client.post(onward).status_code == 403
    signed_in(client, world.first)
    assert client.post(page(one), reply(text="")).status_code == 422
    refused = client.post(page(one), reply(text="Skrevet"), headers={"Accept": "text/html"})
    assert refused.status_code == 429 and "Skrevet" in refused.content.decode()
    assert client.post(onward).status_code == 429
    assert client.post(page(other), reply()).status_code == 302


def test_closed_without_an_answer(world: World) -> None:
    """With a reason, which the asker gets."""
    inquiry = world.with_editors()
    assert inquiry.item
    with pytest.raises(TransitionError):
        decide(uuid=inquiry.item.uuid, outcome=Outcome.REJECTED, by=editor())
    decide(uuid=inquiry.item.uuid, outcome=Outcome.REJECTED, by=editor(), reason="Stedet er nedlagt.")
    inquiry.refresh_from_db()
    assert inquiry.state == InquiryState.CLOSED
    assert "Stedet er nedlagt." in Notice.objects.get(recipient=world.asker).text


def local(day: str, hour: int = 12) -> dt.datetime:
    """A moment in Denmark."""
    return dt.datetime.combine(
        dt.date.fromisoformat(day), dt.time(hour), tzinfo=timezone.get_default_timezone()
    )


@pytest.mark.parametrize(
    ("asked", "last", "late"),
    [
        ("2026-11-02", "2026-11-16", "2026-11-17"),  # plain weeks
        ("2026-10-19", "2026-11-02", "2026-11-03"),  # over the end of summer time
        ("2026-03-23", "2026-04-09", "2026-04-10"),  # over its beginning, and Easter
        ("2026-12-21", "2027-01-13", "2027-01-14"),  # over Christmas
        ("2026-07-03", "2026-08-14", "2026-08-17"),  # over the summer weeks
    ],
)
def test_ten_working_days(world: World, asked: str, last: str, late: str) -> None:
    """On the tenth it still waits; on the day after it goes on, once, however often the job runs."""
    inquiry = world.ask()
    Inquiry.objects.filter(pk=inquiry.pk).update(passed_on_at=local(asked, 23))
    assert actions.pass_on_the_late(dt.date.fromisoformat(last)) == 0
    assert actions.pass_on_the_late(dt.date.fromisoformat(late)) == 1
    inquiry.refresh_from_db()
    assert inquiry.recipient == world.second
    assert Notice.objects.filter(event="spoergsmaal").count() == 2


def test_the_job(world: World) -> None:
    """To the next, then to the editors, and then no further; a question with somebody who left goes on at once."""
    inquiry = world.ask()
    pass_on_questions(0)
    inquiry.refresh_from_db()
    assert inquiry.recipient == world.first
    Membership.objects.filter(user=world.first).delete()
    for _ in range(2):
        pass_on_questions(0)
    inquiry.refresh_from_db()
    assert inquiry.recipient == world.second
    for _ in range(3):
        Inquiry.objects.update(passed_on_at=timezone.now() - dt.timedelta(days=100))
        pass_on_questions(0)
    inquiry.refresh_from_db()
    assert inquiry.recipient is None and QueueItem.objects.count() == 1


def test_whoever_answers_late_is_told(client: Client, world: World) -> None:
    """It has been passed on meanwhile: nothing of it is stored."""
    inquiry = world.ask()
    actions.pass_on(inquiry=inquiry, had_by=world.first.pk)
    with pytest.raises(TransitionError, match="sendt videre"):
        actions.answer(inquiry=inquiry, by=world.first, text="For sent", agrees=False)
    with pytest.raises(TransitionError, match="sendt videre"):
        actions.pass_on(inquiry=inquiry, had_by=world.first.pk)
    assert signed_in(client, world.first).post(page(inquiry), reply()).status_code == 404


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ([1, 1, 1, 1], ""),
        ([0] * 5, "1 arbejdsdag."),
        ([1, 2, 3, 3, 9], "3 arbejdsdage."),
        ([9] * 6, "9 arbejdsdage."),
    ],
)
def test_how_fast_they_answer(client: Client, world: World, days: list[int], told: str) -> None:
    """Only when measured: five answers by the workplace itself within a year."""
    asked = local("2026-11-02")
    for n in days:
        inquiry = world.answered(asker_agrees=False)
        answered = local("2026-11-02") + dt.timedelta(days=n + 2 * (n // 5))
        Inquiry.objects.filter(pk=inquiry.pk).update(created_at=asked, answered_at=answered)
    old = world.answered(asker_agrees=False)
    Inquiry.objects.filter(pk=old.pk).update(answered_at=timezone.now() - dt.timedelta(days=400))
    by_editors = world.ask()
    Inquiry.objects.filter(pk=by_editors.pk).update(
        recipient=None, answerer=world.second, state="answered", answer="x", answered_at=asked
    )
    text = client.get(world.entry.get_absolute_url()).content.decode()
    assert ("Svarer som regel inden for" in text) is bool(told)
    assert told in text


def test_panels(world: World) -> None:
    """What waits for me, and what I asked."""
    inquiry = world.ask()
    assert my_panels(world.first)[0].context["rows"] == [(inquiry, page(inquiry))]
    assert my_panels(world.asker)[0].context["rows"] == [(inquiry, page(inquiry))]
    assert my_panels(world.second) == []


def test_html_is_text(client: Client, world: World) -> None:
    """In question, answer and name."""
    evil = "<script>alert(1)</script>"
    inquiry = world.ask(question=evil)
    inquiry = actions.answer(inquiry=inquiry, by=world.first, text=evil, agrees=True, shown_as=evil)
    assert inquiry.item
    decide(uuid=inquiry.item.uuid, outcome=Outcome.APPROVED, by=editor())
    assert evil not in signed_in(client, world.asker).get(page(inquiry)).content.decode()
    assert evil not in client.get(world.entry.get_absolute_url()).content.decode()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_answered_and_passed_on_at_once() -> None:
    """One of the two happens; the other is told."""
    world = World()
    inquiry = world.ask(agrees=False)
    outcomes: list[str] = []
    barrier = threading.Barrier(2)

    def run(name: str, action: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            action()
            outcomes.append(name)
        except TransitionError:
            outcomes.append("refused")
        finally:
            connections.close_all()

    answer = lambda: actions.answer(inquiry=inquiry, by=world.first, text="Nu", agrees=False)  # noqa: E731
    onward = lambda: actions.pass_on(inquiry=inquiry, had_by=world.first.pk)  # noqa: E731
    threads = [threading.Thread(target=run, args=args) for args in (("answered", answer), ("passed", onward))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    inquiry.refresh_from_db()
    assert "refused" in outcomes and len(set(outcomes)) == 2
    assert (inquiry.state == InquiryState.ANSWERED) is ("answered" in outcomes)
