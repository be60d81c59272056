"""Answers: who gives them, what is told, what is kept, and what happens when the promised day passes."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from accounts.models import User
from editorial.models import Decision, Receipt, SenderContact
from editorial.working_days import add_working_days
from ideastorm.answering import actions, late
from ideastorm.answering.reasons import TEMPLATES, is_unspecific
from ideastorm.choices import AnswerStatus
from ideastorm.models import Comment, Idea, IdeaAnswer, IdeaMerge, IdeaNews, Storm
from ideastorm.permissions import Visitor
from notices.models import Notice
from tests.factories import (
    StormFactory,
    UserFactory,
    editor,
    public_idea,
    public_project,
    published,
)

pytestmark = pytest.mark.django_db
Clock = Callable[[dt.datetime], None]
OPENS = dt.datetime(2026, 9, 1, 8, tzinfo=dt.UTC)
ASSESSED = OPENS + dt.timedelta(days=22)
PROMISED = dt.date(2026, 10, 22)
MIDNIGHT = dt.datetime(2026, 10, 22, 22, tzinfo=dt.UTC)
"""The promised day is over in Denmark, where it is still summer."""
CLOSES_ON = dt.date(2026, 11, 19)
CLOSED = dt.datetime(2026, 11, 19, 23, tzinfo=dt.UTC)
"""Twenty working days later it is over, too; now it is winter."""
SECOND = dt.timedelta(seconds=1)
WHY = "Vi skriver brevet om i maj, fordi mange ringer om det."


def a_storm(ideas: int = 1, **fields: Any) -> Storm:
    """A public storm with public ideas."""
    storm: Storm = StormFactory.create(opens_at=OPENS, promised_on=PROMISED, **fields)
    for _ in range(ideas):
        public_idea(storm=storm, author=UserFactory.create())
    storm.publish(by=None)
    return Storm.objects.with_page().get(pk=storm.pk)


def ideas_of(storm: Storm) -> list[Idea]:
    """Its ideas, in their order."""
    return list(Idea.objects.of_storm(storm).select_related("author", "storm").order_by("pk"))


def logged_in(user: User | None) -> Client:
    """A browser of somebody's."""
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def answered(storm: Storm, *ideas: Idea, number: int = 0, **fields: Any) -> list[IdeaAnswer]:
    """Answers by the one who answers."""
    values = {"status": "videre", "reason": WHY, **fields}
    seen = {idea.pk: number for idea in ideas}
    return actions.answer_ideas(storm=storm, seen=seen, fields=values, visitor=Visitor(storm.answerer))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("nobody", (302, 302)),
        ("answerer", (200, 200)),
        ("deputy", (200, 200)),
        ("editor", (200, 403)),
        ("author", (403, 403)),
        ("another", (403, 403)),
    ],
)
def test_whoever_owns_the_question_answers(coi_clock: Clock, who: str, expected: tuple[int, int]) -> None:
    """The deputy too; the editors read along, and nobody else."""
    storm = a_storm()
    coi_clock(ASSESSED)
    (idea,) = ideas_of(storm)
    people: dict[str, Any] = {
        "nobody": None, "answerer": storm.answerer, "deputy": storm.deputy, "editor": editor(), "author": idea.author,
        "another": UserFactory.create(),
    }  # fmt: skip
    browser = logged_in(people[who])
    overview, one = (f"{storm.get_absolute_url()}svar/", f"{storm.get_absolute_url()}svar/{idea.uuid}/")
    assert (browser.get(overview).status_code, browser.get(one).status_code) == expected
    sent = browser.post(one, {"status": "videre", "reason": WHY, f"set-{idea.uuid}": "0"})
    assert sent.status_code == (403 if expected[1] == 403 else 302)
    assert IdeaAnswer.objects.exists() is (expected[1] == 200)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"status": "", "reason": WHY}, "status"),
        ({"status": "videre", "reason": " "}, "reason"),
        ({"status": "videre", "reason": "Skriv til 010190-1235"}, "reason"),
        ({"status": "findes", "reason": WHY}, "entry"),
        ({"status": "findes", "reason": WHY, "entry": "/katalog/findes-ikke/"}, "entry"),
        ({"status": "sendt-videre", "reason": WHY, "sent_on": "2026-09-20"}, "authority"),
        ({"status": "sendt-videre", "reason": WHY, "authority": "Færdselsstyrelsen"}, "sent_on"),
        (
            {
                "status": "sendt-videre",
                "reason": WHY,
                "authority": "Færdselsstyrelsen",
                "sent_on": "2999-01-01",
            },
            "sent_on",
        ),
        *(
            ({"status": status, "reason": str(text), "authority": "X", "sent_on": "2026-09-20"}, "reason")
            for status, text in TEMPLATES.items()
            if status != AnswerStatus.EXISTS
        ),
    ],
    ids=str,
)
def test_a_wrong_answer_is_said_at_the_field(coi_clock: Clock, data: dict[str, str], field: str) -> None:
    """And nothing that was typed is lost."""
    storm = a_storm()
    coi_clock(ASSESSED)
    (idea,) = ideas_of(storm)
    url = f"{storm.get_absolute_url()}svar/{idea.uuid}/"
    response = logged_in(storm.answerer).post(url, data)
    assert response.status_code == 422 and field in response.context["form"].errors
    assert data["reason"].strip() in response.context["form"]["reason"].value()
    assert not IdeaAnswer.objects.exists()


@pytest.mark.parametrize(
    ("status", "extra", "shown"),
    [
        ("videre", {"authority": "Glemt", "sent_on": "2026-09-20"}, "Ja, det arbejder vi videre med"),
        ("delvist", {}, "Vi arbejder videre med en del af det"),
        ("findes", {"entry": "http://testserver/katalog/breve-i-fjordby/?q=x"}, "Breve i Fjordby"),
        (
            "sendt-videre",
            {"authority": "Færdselsstyrelsen", "sent_on": "2026-09-20"},
            "Sendt til Færdselsstyrelsen",
        ),
        ("ikke-nu", {}, "Ikke nu"),
        ("uden-for-emnet", {}, "Uden for emnet"),
    ],
)
def test_each_status_stands_on_the_page(
    coi_clock: Clock, status: str, extra: dict[str, str], shown: str
) -> None:
    """With its reason, and what belongs to another status is left out; the author is told, once."""
    storm = a_storm()
    published(title="Breve i Fjordby")
    coi_clock(ASSESSED)
    (idea,) = ideas_of(storm)
    browser = logged_in(storm.deputy)
    url = f"{storm.get_absolute_url()}svar/{idea.uuid}/"
    once = browser.get(url).context["form"]["once"].value()
    data = {"status": status, "reason": WHY, "once": str(once), f"set-{idea.uuid}": "0", **extra}
    assert [browser.post(url, data).status_code for _ in range(2)] == [302, 302]
    row = IdeaAnswer.objects.get()
    assert (row.status, row.decided_by_key) == (status, storm.deputy.key)  # type: ignore[union-attr]
    assert bool(row.authority) is (status == "sendt-videre")
    page = Client().get(idea.get_absolute_url()).content.decode()
    assert shown in page and WHY in page
    told = Notice.objects.get()
    assert told.recipient == idea.author and WHY in told.text and told.url == idea.get_absolute_url()


def test_a_new_answer_is_a_new_version(coi_clock: Clock) -> None:
    """The former stays readable, and the author is told of the new one."""
    storm = a_storm()
    coi_clock(ASSESSED)
    (idea,) = ideas_of(storm)
    answered(storm, idea, status="ikke-nu", reason="Der er ikke penge til det i år.")
    browser = logged_in(storm.answerer)
    url = f"{storm.get_absolute_url()}svar/{idea.uuid}/"
    form = browser.get(url)
    assert form.context["form"]["reason"].value() == "Der er ikke penge til det i år."
    assert browser.post(url, {"status": "videre", "reason": WHY, f"set-{idea.uuid}": "1"}).status_code == 302
    assert list(idea.answers.values_list("number", "status")) == [(1, "ikke-nu"), (2, "videre")]
    page = Client().get(idea.get_absolute_url()).content.decode()
    assert "Tidligere svar" in page and "Der er ikke penge" in page
    assert Notice.objects.count() == 2


def test_another_has_answered_meanwhile(coi_clock: Clock) -> None:
    """It is told, the other's answer shown, and what was typed stays and can be sent as a new version."""
    storm = a_storm()
    coi_clock(ASSESSED)
    (idea,) = ideas_of(storm)
    browser = logged_in(storm.deputy)
    url = f"{storm.get_absolute_url()}svar/{idea.uuid}/"
    data = {"status": "videre", "reason": WHY, f"set-{idea.uuid}": "0"}
    answered(storm, idea, status="ikke-nu", reason="Det passer ikke nu.")
    response = browser.post(url, data)
    page = response.content.decode()
    assert response.status_code == 422 and "mens du skrev" in page
    assert "Det passer ikke nu." in page and WHY in page and IdeaAnswer.objects.count() == 1
    seen = re.search(rf'name="set-{idea.uuid}" value="(\d+)"', page)
    assert seen
    assert browser.post(url, {**data, f"set-{idea.uuid}": seen[1]}).status_code == 302
    assert IdeaAnswer.objects.count() == 2


def test_a_mistake_keeps_what_was_read(coi_clock: Clock) -> None:
    """Who errs once does not thereby take over another's answer unseen."""
    storm = a_storm()
    coi_clock(ASSESSED)
    (idea,) = ideas_of(storm)
    answered(storm, idea)
    url = f"{storm.get_absolute_url()}svar/{idea.uuid}/"
    page = logged_in(storm.deputy).post(url, {"status": "", "reason": "x", f"set-{idea.uuid}": "0"})
    assert f'name="set-{idea.uuid}" value="0"' in page.content.decode()


def test_several_are_answered_alike_all_or_none(coi_clock: Clock) -> None:
    """From a template that must be made specific; where another was first, nothing is stored, the rest stays chosen."""
    storm = a_storm(3)
    coi_clock(ASSESSED)
    a, b, c = ideas_of(storm)
    browser = logged_in(storm.answerer)
    url = f"{storm.get_absolute_url()}svar/flere/"
    chosen = {"ide": [str(a.uuid), str(b.uuid)], "svar": "ikke-nu"}
    form = browser.get(url, chosen).context["form"]
    template = form["reason"].value()
    assert form["status"].value() == "ikke-nu" and template == str(TEMPLATES[AnswerStatus.NOT_NOW])
    data = {**chosen, "status": "ikke-nu", "reason": template, f"set-{a.uuid}": "0", f"set-{b.uuid}": "0"}
    assert browser.post(url, data).status_code == 422 and not IdeaAnswer.objects.exists()
    answered(storm, a)
    page = browser.post(url, {**data, "reason": WHY})
    assert page.status_code == 422 and f"»{a.title}«" in page.content.decode()
    assert [row["is_chosen"] for row in page.context["ideas"]] == [False, True]
    assert IdeaAnswer.objects.count() == 1 and WHY in page.content.decode()
    data = {"ide": [str(b.uuid), str(c.uuid)], "status": "ikke-nu", "reason": WHY}
    assert browser.post(url, data).status_code == 302
    assert set(IdeaAnswer.objects.values_list("idea", "status")) == {
        (a.pk, "videre"), (b.pk, "ikke-nu"), (c.pk, "ikke-nu"),
    }  # fmt: skip
    assert Notice.objects.count() == 3


@pytest.mark.parametrize(
    ("value", "status"), [("", 302), ("ikke-et-uuid", 302), ("5f0c7d1e-0000-4000-8000-000000000000", 302)]
)
def test_nothing_chosen_is_nothing_answered(coi_clock: Clock, value: str, status: int) -> None:
    """It leads back, and a form without ideas is refused in words."""
    storm = a_storm()
    coi_clock(ASSESSED)
    browser = logged_in(storm.answerer)
    url = f"{storm.get_absolute_url()}svar/flere/"
    assert browser.get(url, {"ide": value}).status_code == status
    wrong = browser.post(url, {"ide": value, "status": "videre", "reason": WHY})
    assert wrong.status_code == 422 and "Vælg mindst én idé" in wrong.content.decode()


@pytest.mark.parametrize(
    ("reason", "unspecific"),
    [
        *((str(text), True) for text in TEMPLATES.values()),
        *((re.sub(r"\[.*?\]", "", str(text)), True) for text in TEMPLATES.values()),
        *((str(text).upper().replace("[", "").replace("]", "") + " !", True) for text in TEMPLATES.values()),
        ("Vi går videre, fordi [hvorfor].", True),
        (WHY, False),
        ("Læs [hele planen](https://example.org).", False),
        (re.sub(r"\[.*?\]", "skolerne i Fjordby", str(TEMPLATES[AnswerStatus.PARTLY])), False),
    ],
)
def test_a_template_must_be_made_specific(reason: str, unspecific: bool) -> None:
    """Commas and capitals make nothing specific; links are no gaps."""
    assert is_unspecific(reason) is unspecific


def test_authors_without_an_account_are_told_by_their_receipt(coi_clock: Clock) -> None:
    """At the address they left, also of what was merged; who left none reads it with the code."""
    storm: Storm = StormFactory.create(opens_at=OPENS, promised_on=PROMISED)
    kept, merged, silent = (public_idea(storm=storm) for _ in range(3))
    codes = {idea.pk: Receipt.issue(idea) for idea in (kept, merged, silent)}
    SenderContact.objects.create(receipt=kept.receipt, email="a@example.org")
    SenderContact.objects.create(receipt=merged.receipt, email="b@example.org")
    IdeaMerge.objects.create(survivor=kept, merged=merged)
    storm.publish(by=None)
    storm = Storm.objects.with_page().get(pk=storm.pk)
    coi_clock(ASSESSED)
    answered(storm, kept, silent)
    assert sorted(Notice.objects.values_list("address", flat=True)) == ["a@example.org", "b@example.org"]
    browser = Client()
    browser.post("/kvittering/", {"code": codes[silent.pk]})
    page = browser.get("/kvittering/").content.decode()
    assert WHY in page and "Ja, det arbejder vi videre med" in page


def test_progress_is_shown_all_the_way(coi_clock: Clock) -> None:
    """On the storm's page and where ideas are answered."""
    storm = a_storm(3)
    coi_clock(ASSESSED)
    answered(storm, ideas_of(storm)[0])
    overview = logged_in(storm.answerer).get(f"{storm.get_absolute_url()}svar/").content.decode()
    for page in (Client().get(storm.get_absolute_url()).content.decode(), overview):
        assert "1 af 3 besvaret, median" in page


def test_a_storm_is_finished_when_all_is_answered(coi_clock: Clock) -> None:
    """Not before, said in words; twice is once; and it leaves its line in the log."""
    storm = a_storm(2)
    coi_clock(ASSESSED)
    a, b = ideas_of(storm)
    browser, url = logged_in(storm.answerer), f"{storm.get_absolute_url()}svar/afslut/"
    answered(storm, a)
    early = browser.post(url)
    assert early.status_code == 422 and "1 idé har intet svar" in early.content.decode()
    answered(storm, b)
    assert [browser.post(url).status_code for _ in range(2)] == [302, 302]
    row = Storm.objects.get(pk=storm.pk)
    assert row.finished_at == ASSESSED and not row.closed_openly
    assert Decision.objects.filter(content_uuid=storm.uuid, action="storm-finished").count() == 1


@pytest.mark.parametrize(
    ("now", "status"), [(OPENS, 403), (OPENS + dt.timedelta(days=20), 403), (ASSESSED, 302)]
)
def test_it_is_finished_while_it_is_assessed(coi_clock: Clock, now: dt.datetime, status: int) -> None:
    """Not while people take part, even when all is answered."""
    storm = a_storm()
    coi_clock(now)
    answered(storm, *ideas_of(storm))
    assert logged_in(storm.answerer).post(f"{storm.get_absolute_url()}svar/afslut/").status_code == status


def test_days_are_those_that_the_text_says() -> None:
    """The boundaries of the table below."""
    assert add_working_days(PROMISED, 20) == CLOSES_ON


@pytest.mark.parametrize(
    ("now", "is_late", "is_closed"),
    [
        (ASSESSED, False, False),
        (MIDNIGHT - SECOND, False, False),
        (MIDNIGHT, True, False),
        (CLOSED - SECOND, True, False),
        (CLOSED, False, True),
    ],
)
def test_the_promised_day_and_twenty_working_days_more(
    coi_clock: Clock, now: dt.datetime, is_late: bool, is_closed: bool
) -> None:
    """To the second, in Danish time, on both sides of the night when the clocks change."""
    storm = a_storm(2)
    staff = editor()
    (a, b) = ideas_of(storm)
    coi_clock(ASSESSED)
    answered(storm, a)
    Notice.objects.all().delete()
    coi_clock(now)
    before = Client().get(storm.get_absolute_url()).content.decode()
    assert ("er forsinkede" in before) is (is_late or is_closed)
    for _ in range(2):
        late.look_after()
    page = Client().get(storm.get_absolute_url()).content.decode()
    assert ("er forsinkede" in page) is is_late
    assert ("Lukket, uden at alle fik svar" in page) is is_closed
    if is_late:
        assert storm.answerer and f"1 idé mangler svar fra {storm.answerer.name} og" in page
        assert "19. november 2026" in page
    told = {notice.recipient_id for notice in Notice.objects.all()}
    people = {storm.answerer_id, storm.deputy_id, staff.pk}
    assert told == (people if is_late else people | {b.author_id} if is_closed else set())
    assert Notice.objects.count() == len(told)
    row = Storm.objects.get(pk=storm.pk)
    assert row.closed_openly is is_closed and bool(row.finished_at) is is_closed
    if is_closed:
        assert b.title in page.split("mangler svar:")[1].split("</ul>")[0]
        assert a.title not in page.split("mangler svar:")[1].split("</ul>")[0]


def test_late_is_told_once_and_then_closed_once(coi_clock: Clock) -> None:
    """However often the job runs, also when both days have passed meanwhile."""
    storm = a_storm()
    for moment in (MIDNIGHT, MIDNIGHT + dt.timedelta(days=3), CLOSED, CLOSED + dt.timedelta(days=9)):
        coi_clock(moment)
        late.look_after()
        late.look_after()
    actions_logged = Decision.objects.filter(content_uuid=storm.uuid, action__startswith="storm-")
    assert sorted(actions_logged.values_list("action", flat=True)) == ["storm-closed", "storm-late"]
    assert Storm.objects.get(pk=storm.pk).finished_at == CLOSED
    assert Notice.objects.filter(recipient=storm.answerer).count() == 2


def test_what_is_answered_late_is_no_longer_missing(coi_clock: Clock) -> None:
    """A storm that was closed openly still takes answers, and its page follows."""
    storm = a_storm()
    coi_clock(CLOSED)
    late.look_after()
    answered(storm, *ideas_of(storm))
    page = Client().get(storm.get_absolute_url()).content.decode()
    assert "Alle ideer har fået svar siden." in page


@pytest.mark.parametrize("hidden", [True, False])
def test_what_nobody_sees_is_not_late(coi_clock: Clock, hidden: bool) -> None:
    """Neither a storm that is taken down nor one in which all is answered."""
    storm = a_storm()
    if hidden:
        storm.suspend(by=None, reason="Ses efter")
    else:
        coi_clock(ASSESSED)
        answered(storm, *ideas_of(storm))
        Notice.objects.all().delete()
    coi_clock(CLOSED)
    late.look_after()
    assert not Notice.objects.exists() and Storm.objects.get(pk=storm.pk).finished_at is None


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_job_stands_being_killed(coi_clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between two storms' notices, it has told all of one and nothing of the other; the next tells the rest."""
    storms = [a_storm(), a_storm()]
    coi_clock(MIDNIGHT)
    told: list[Any] = []
    send = late.tell

    def dies(**fields: Any) -> Any:
        told.append(fields)
        if len(told) == 4:
            raise SystemExit
        return send(**fields)

    monkeypatch.setattr(late, "tell", dies)
    with pytest.raises(SystemExit):
        late.look_after()
    assert Notice.objects.count() == 2 and Decision.objects.filter(action="storm-late").count() == 1
    monkeypatch.setattr(late, "tell", send)
    late.look_after()
    assert Notice.objects.count() == 4
    assert {n.recipient_id for n in Notice.objects.all()} == {
        pk for s in storms for pk in (s.answerer_id, s.deputy_id)
    }


def test_news_of_an_idea(coi_clock: Clock) -> None:
    """Of one with an answer; with what it became; told to its author; sent twice is once."""
    storm = a_storm()
    coi_clock(ASSESSED)
    (idea,) = ideas_of(storm)
    project = public_project(title="Breve til at forstå")
    url = f"{storm.get_absolute_url()}svar/{idea.uuid}/nyt/"
    browser = logged_in(storm.answerer)
    assert browser.get(url).status_code == 403
    answered(storm, idea)
    Notice.objects.all().delete()
    once = str(browser.get(url).context["form"]["once"].value())
    data = {"text": "Projektet er begyndt.", "happened_on": "2026-09-24", "once": once}
    wrong = browser.post(url, {**data, "became": "/kort/projekter/findes-ikke/"})
    assert wrong.status_code == 422 and "Projektet er begyndt." in wrong.content.decode()
    assert browser.post(url, {**data, "happened_on": "2999-01-01"}).status_code == 422
    data["became"] = project.get_absolute_url()
    assert [browser.post(url, data).status_code for _ in range(2)] == [302, 302]
    row = IdeaNews.objects.get()
    assert row.became_id == project.pk and row.written_by_key == storm.answerer.key  # type: ignore[union-attr]
    page = Client().get(idea.get_absolute_url()).content.decode()
    assert "Projektet er begyndt." in page and project.get_absolute_url() in page
    assert Notice.objects.get().recipient == idea.author


def test_the_chain_is_shown_both_ways_with_credit(coi_clock: Clock) -> None:
    """Comment, idea, answer, project, entry: on the idea's page, and back on the pages of what it became."""
    storm: Storm = StormFactory.create(opens_at=OPENS, promised_on=PROMISED)
    other = public_idea(storm=storm)
    comment = Comment.objects.create(idea=other, text="Gør det", shown_as="navn", shown_name="Ada Kommentar")
    idea = public_idea(
        storm=storm, raised_from=comment, shown_as="navn", shown_name="Bo Idé", title="Kort brev"
    )
    storm.publish(by=None)
    storm = Storm.objects.with_page().get(pk=storm.pk)
    entry = published(title="Breve på én side")
    project = public_project(title="Brevprojektet", example=entry)
    coi_clock(ASSESSED)
    answered(storm, idea)
    news = {"text": "I gang.", "happened_on": dt.date(2026, 9, 20), "became": project}
    actions.give_news(idea=idea, fields=news, visitor=Visitor(storm.answerer))  # type: ignore[arg-type]
    page = Client().get(idea.get_absolute_url()).content.decode()
    way = page.split("coi-way-of-idea")[1]
    steps = ["Ada Kommentar", "Bo Idé", "Besvaret", "Brevprojektet", "Breve på én side"]
    assert [way.find(step) for step in steps] == sorted(way.find(step) for step in steps) and "Ada" in way
    assert all(step in way for step in steps)
    for other_page in (project.get_absolute_url(), entry.get_absolute_url()):
        text = Client().get(other_page).content.decode()
        assert "Begyndte som en idé:" in text and "Kort brev" in text
        assert "Bo Idé" in text and "Ada Kommentar" in text
    idea.suspend(by=None, reason="Ses efter")
    assert "Kort brev" not in Client().get(entry.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("who", "access", "status"),
    [
        ("answerer", "inviterede", 302),
        ("editor", "inviterede", 403),
        ("another", "inviterede", 403),
        ("answerer", "alle", 403),
        ("answerer", "ansatte", 403),
    ],
)
def test_discussed_at_work(coi_clock: Clock, who: str, access: str, status: int) -> None:
    """A date and a sentence on the page of a workplace's own storm, written by whoever asks."""
    storm = a_storm(access=access)
    coi_clock(ASSESSED)
    people = {"answerer": storm.answerer, "editor": editor(), "another": UserFactory.create()}
    browser, url = logged_in(people[who]), f"{storm.get_absolute_url()}svar/droeftet/"
    fields = {"discussed_on": "2026-09-20", "discussed_note": "Udvalget vil have <tre> ideer med."}
    assert browser.post(url, fields).status_code == status
    page = Client().get(storm.get_absolute_url()).content.decode()
    assert ("drøftet i MED eller SU" in page) is (status == 302)
    assert ("Udvalget vil have &lt;tre&gt; ideer med." in page) is (status == 302)
    if who == "answerer":
        form = browser.get(f"{storm.get_absolute_url()}svar/").content.decode()
        assert ("discussed_note" in form) is (status == 302)
    if status == 302:
        for wrong in ({"discussed_note": "Uden dag."}, fields | {"discussed_note": "010190-1234"}):
            again = browser.post(url, wrong)
            assert again.status_code == 422 and wrong["discussed_note"] in again.content.decode()
        assert browser.post(url, {"discussed_on": "2999-01-01"}).status_code == 422
        assert browser.post(url, {"discussed_on": ""}).status_code == 302
        assert Storm.objects.get(pk=storm.pk).discussed_on is None


@pytest.mark.parametrize(
    "query", ["emne=%00", "emne=findes-ikke", "vis=%00", "side=%00", "emne=a%00b&vis=alle"]
)
def test_the_overview_stands_any_address(coi_clock: Clock, query: str) -> None:
    """What somebody types in the address is no fault of ours."""
    storm = a_storm()
    coi_clock(ASSESSED)
    assert logged_in(storm.answerer).get(f"{storm.get_absolute_url()}svar/?{query}").status_code == 200


def test_what_an_answer_may_need_is_not_called_voluntary(coi_clock: Clock) -> None:
    """Where it exists, whom it was sent to and when are needed by some answers."""
    storm = a_storm()
    coi_clock(ASSESSED)
    (idea,) = ideas_of(storm)
    page = logged_in(storm.answerer).get(f"{storm.get_absolute_url()}svar/{idea.uuid}/").content.decode()
    assert "Sendt til" in page and "frivilligt" not in page.split("<main")[1].split("</main>")[0]


def test_no_form_of_storms_speaks_as_a_program(coi_clock: Clock) -> None:
    """What is missing is said in our own words, also in forms that only staff see."""
    storm = a_storm()
    coi_clock(ASSESSED)
    (idea,) = ideas_of(storm)
    answered(storm, idea)
    for browser, path in (
        (logged_in(storm.answerer), f"svar/{idea.uuid}/"),
        (logged_in(storm.answerer), f"svar/{idea.uuid}/nyt/"),
        (logged_in(editor()), "vurdering/fordeling/"),
    ):
        response = browser.post(f"{storm.get_absolute_url()}{path}")
        assert response.status_code == 422 and "Dette felt er påkrævet" not in response.content.decode(), path


def test_two_answers_at_once_give_one(coi_clock: Clock) -> None:
    """The database's number decides; the other is told."""
    storm = a_storm()
    coi_clock(ASSESSED)
    (idea,) = ideas_of(storm)
    answered(storm, idea)
    with pytest.raises(actions.AnsweredMeanwhile), transaction.atomic():
        answered(storm, idea)
    assert IdeaAnswer.objects.count() == 1


# -- Min side -------------------------------------------------------------------


def test_who_answers_sees_what_is_missing_on_their_own_page(coi_clock: Clock) -> None:
    """The owner of the question and the deputy, until it is finished; nobody else, and no storm that is hidden."""
    storm = a_storm(2)
    coi_clock(ASSESSED)
    answered(storm, ideas_of(storm)[0])
    link = f'href="{storm.get_absolute_url()}svar/"'
    for user in (storm.answerer, storm.deputy):
        page = logged_in(user).get("/min-side/").content.decode()
        assert link in page and "1 af 2 mangler svar" in page and "lovet senest 22. oktober 2026" in page
    assert link not in logged_in(UserFactory.create()).get("/min-side/").content.decode()
    storm.suspend(by=None, reason="Prøve")
    assert storm.question not in logged_in(storm.answerer).get("/min-side/").content.decode()
