"""/admin/moderation/: what the editors see and do."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from catalogue.models import Entry, Story
from catalogue.stories.actions import thank
from editorial.choices import Outcome
from editorial.diffs import marked
from editorial.figures import weekly
from editorial.memberships import ask_role
from editorial.models import Change, Decision, Participation, QueueItem, Report, StandardReason
from editorial.models.reports import ReportReason
from editorial.queue import claim, decide
from editorial.reporting import report_content
from editorial.submitting import ask_withdrawal, submit_change, submit_content
from places.models import Role
from tests.factories import (
    EntryFactory,
    MeasureFactory,
    UserFactory,
    WorkplaceFactory,
    contact_person,
    editor,
    public_story,
    published,
)
from tests.pages import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def sara(client: Client) -> User:
    """An editor who is logged in."""
    user = editor(name="Sara Lund")
    client.force_login(user)
    return user


def sent(**fields: Any) -> QueueItem:
    """A contribution that waits."""
    by = UserFactory.create(name="Jonas Friis")
    return submit_content(content=EntryFactory.create(author=by, **fields), by=by)


def state(item: QueueItem) -> str:
    """Of the item's content now."""
    return str(Entry.objects.values_list("state", flat=True).get(pk=item.content_id))


def answer(client: Client, item: QueueItem, outcome: str, reason: str = "", **more: Any) -> Any:
    """Post an answer to what was read."""
    return client.post(
        reverse("editorial:answer", args=[item.uuid]),
        {"outcome": outcome, "seen": item.version, "reason": reason, **more},
    )


def test_the_queue_is_oldest_first(client: Client, sara: User) -> None:
    """With sender and number; tabs narrow it."""
    for title in ("Anden", "Første"):
        sent(title=title)
    QueueItem.objects.filter(title="Første").update(submitted_at="2026-01-05T09:00:00Z")
    page = text(client.get(reverse("editorial:queue")))
    assert page.index("Første") < page.index("Anden") and "2 venter på svar" in page and "Jonas Friis" in page
    assert "Anden" in text(client.get(reverse("editorial:queue"), {"vis": "eksempel"}))
    assert "Anden" not in text(client.get(reverse("editorial:queue"), {"vis": "mine"}))
    assert client.get(reverse("editorial:queue"), {"vis": "%00'", "side": "x"}).status_code == 200


def test_empty(client: Client, sara: User) -> None:
    """Says so."""
    assert "Alt er besvaret" in text(client.get(reverse("editorial:queue")))


@pytest.mark.parametrize(
    ("outcome", "reason", "status", "becomes"),
    [
        ("approved", "", 302, "published"),
        ("returned", "Hvornår?", 302, "returned"),
        ("rejected", "Findes allerede.", 302, "rejected"),
        ("returned", "", 422, "submitted"),
        ("rejected", " ", 422, "submitted"),
        ("withdrawn", "x", 422, "submitted"),
        ("noget", "x", 422, "submitted"),
    ],
)
def test_answers(client: Client, sara: User, outcome: str, reason: str, status: int, becomes: str) -> None:
    """What can't be done says why, and keeps what was typed."""
    item = sent()
    response = answer(client, item, outcome, reason)
    assert response.status_code == status and state(item) == becomes
    if status == 422:
        assert 'role="alert"' in text(response) and f">\n{reason}</textarea>" in text(response)


def test_a_standard_reason_and_own_words(client: Client, sara: User) -> None:
    """Both reach the sender."""
    item, reason = sent(), StandardReason.objects.get(title="Findes allerede")
    answer(client, item, "rejected", "Se også »Vi ringer først«.", standard=reason.pk)
    letter = item.letters.get()
    assert reason.text in letter.text and "Vi ringer først" in letter.text


def test_the_second_is_told(client: Client, sara: User) -> None:
    """And what they wrote is still there."""
    item = sent()
    decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=editor(name="Ali Berg"))
    response = answer(client, item, "rejected", "Min lange begrundelse")
    assert response.status_code == 422 and "Ali Berg har allerede behandlet det" in text(response)
    assert state(item) == "published"


def test_taking_giving_back_and_taking_over(client: Client, sara: User) -> None:
    """By POST only."""
    item = sent()
    take = reverse("editorial:take", args=[item.uuid])
    assert client.get(take).status_code == 405
    client.post(take)
    item.refresh_from_db()
    assert item.claimed_by == sara
    client.post(reverse("editorial:give_back", args=[item.uuid]))
    item.refresh_from_db()
    assert item.claimed_by is None
    claim(item=item, by=editor(name="Ali Berg"))
    page = text(client.post(take, follow=True))
    assert "Ali Berg har taget den" in page
    client.post(take, {"overtag": "1"})
    item.refresh_from_db()
    assert item.claimed_by == sara


def test_what_changed_is_marked(client: Client, sara: User) -> None:
    """Word by word, escaped."""
    entry, by = published(problem="Fraværet faldt meget."), UserFactory.create()
    change = Change.begin(entry, by=by, proposed={"problem": "Fraværet faldt <b>lidt</b>."})
    item = submit_change(change=change, by=by)
    assert item is not None
    page = text(client.get(reverse("editorial:item", args=[item.uuid])))
    assert "<del>meget</del>" in page and "<b>lidt" not in page and "&lt;" in page


def test_a_conflict_asks_for_a_second_look(client: Client, sara: User) -> None:
    """The editor sees it and may still decide."""
    entry, by = published(problem="Et"), UserFactory.create()
    change = Change.begin(entry, by=by, proposed={"problem": "To"})
    item = submit_change(change=change, by=by)
    assert item is not None
    entry.apply_parts({"problem": "Tre"})
    response = answer(client, item, "approved")
    assert response.status_code == 422 and "i mellemtiden" in text(response)
    assert answer(client, item, "approved", force="on").status_code == 302
    entry.refresh_from_db()
    assert entry.problem == "To"


@pytest.mark.parametrize(
    "route", ["queue", "figures", "item", "matter", "take", "give_back", "answer", "answer_many"]
)
@pytest.mark.parametrize("role", ["anonymous", "citizen", "staff"])
def test_closed_to_others(client: Client, route: str, role: str) -> None:
    """Who is not an editor gets nothing, whatever the method."""
    item = sent(title="Hemmelig titel")
    if role != "anonymous":
        client.force_login(UserFactory.create(is_staff=role == "staff"))
    args = [] if route in ("queue", "figures", "answer_many") else [item.uuid]
    for method in (client.get, client.post):
        response = method(reverse(f"editorial:{route}", args=args))
        assert response.status_code in (302, 403, 405) and "Hemmelig" not in text(response)
    assert state(item) == "submitted"


def test_figures_and_matter(client: Client, sara: User) -> None:
    """Drawn with a table of the same numbers; a matter on paper has versions, letters and decisions."""
    item = sent(title="En hel sag")
    decide(uuid=item.uuid, outcome=Outcome.REJECTED, by=editor(name="Ali Berg"), reason="Fordi det findes.")
    page = text(client.get(reverse("editorial:figures")))
    assert page.count("<tr>") == 13 and "<svg" in page
    paper = text(client.get(reverse("editorial:matter", args=[item.uuid])))
    assert "Fordi det findes." in paper and "Ali Berg" in paper
    assert "Udgave 1" in paper and "Jonas Friis" in paper


@pytest.mark.parametrize(
    ("before", "after", "left", "right"),
    [
        ("a b c", "a x c", "a <del>b</del> c", "a <ins>x</ins> c"),
        ("", "ny", "", "<ins>ny</ins>"),
        ("<i>", "<b>", "&lt;<del>i</del>&gt;", "&lt;<ins>b</ins>&gt;"),
    ],
)
def test_marks(before: str, after: str, left: str, right: str) -> None:
    """What went and what came."""
    assert marked(before, after) == (left, right)


def test_long_texts_are_not_compared_word_by_word() -> None:
    """Two very long texts are marked whole, without work that grows with the square."""
    left, right = marked("ord " * 5000, "andre ord " * 5000)
    assert left.count("<del>") == 1 and right.count("<ins>") == 1


def test_html_in_what_was_sent_is_text(client: Client, sara: User) -> None:
    """In title, sender's name and every part."""
    item = sent(title="<script>alert(1)</script>", problem="<img src=x onerror=alert(2)>")
    User.objects.filter(pk=item.sender_id).update(name="<b>Navn</b>")
    for route in ("queue", "item", "matter"):
        args = [] if route == "queue" else [item.uuid]
        page = text(client.get(reverse(f"editorial:{route}", args=args)))
        assert "<script>alert" not in page and "<img src=x" not in page and "<b>Navn" not in page
        assert not re.search(r"onerror=[^&]*>(?!.*&gt;)", page.split("onerror", 1)[0])


def test_the_queue_costs_the_same_for_many(client: Client, sara: User) -> None:
    """The number of queries does not grow with what waits."""
    costs = []
    for _round in range(2):
        for _n in range(6):
            sent()
        client.get(reverse("editorial:queue"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("editorial:queue"))
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 18


def reported(**fields: Any) -> QueueItem:
    """A reader's report that waits."""
    report = Report(reason=ReportReason.PRIVATE, text="Min adresse står i teksten.")
    return report_content(report=report, content=published(**fields), by=None)


def test_what_a_reader_reports_is_read_and_printed(client: Client, sara: User) -> None:
    """Reason and words, on the item's page and on paper."""
    item = reported()
    for route in ("item", "matter"):
        page = text(client.get(reverse(f"editorial:{route}", args=[item.uuid])))
        assert "Det viser private oplysninger" in page and "Min adresse står i teksten." in page


def test_who_asks_for_a_role_is_read_and_printed(client: Client, sara: User) -> None:
    """Title, reason and address, and after the answer who answered."""
    asker = UserFactory.create(name="Bo Lind", email="bo@kommune.example")
    workplace = WorkplaceFactory.create(name="Huset")
    ask_role(user=asker, workplace=workplace, role=Role.CONTACT, title="Leder", note="Jeg leder huset.")
    item = QueueItem.objects.get(membership__user=asker)
    for route in ("item", "matter"):
        page = text(client.get(reverse(f"editorial:{route}", args=[item.uuid])))
        assert all(words in page for words in ("Leder", "Jeg leder huset.", "bo@kommune.example", "Huset"))
    decide(uuid=item.uuid, outcome=Outcome.REJECTED, by=editor(name="Ali Berg"), reason="Vi kender dig ikke.")
    paper = text(client.get(reverse("editorial:matter", args=[item.uuid])))
    assert "Ali Berg" in paper and "Vi kender dig ikke." in paper.split("Behandlinger")[1]


def test_reuse_thanks_and_questions_are_on_paper(client: Client, sara: User) -> None:
    """What a workplace told, also when it was not shown."""
    story = public_story()
    workplace = WorkplaceFactory.create()
    Story.objects.filter(pk=story.pk).update(owner=workplace)
    story.refresh_from_db()
    item = thank(story=story, by=contact_person(workplace), text="Tak for de pæne ord.").item
    assert item is not None
    decide(uuid=item.uuid, outcome=Outcome.REJECTED, by=sara, reason="For kort.")
    assert "Tak for de pæne ord." in text(client.get(reverse("editorial:matter", args=[item.uuid])))


def test_each_decision_is_logged(client: Client, sara: User, as_web_role: Any) -> None:
    """Of a report and a wish too, under the matter's own number, so that it is nobody else's to read."""
    item = reported(author=UserFactory.create())
    wish = ask_withdrawal(content=published(), by=UserFactory.create(), reason="Fortrudt")
    for each in (item, wish):
        decide(uuid=each.uuid, outcome=Outcome.REJECTED, by=sara, reason="Siden er rigtig.")
        row = Decision.objects.get(content_uuid=each.uuid)
        assert (row.action, row.actor_key, row.reason) == (
            f"{each.kind}-rejected",
            sara.key,
            "Siden er rigtig.",
        )
        with as_web_role(), pytest.raises(ProgrammingError), transaction.atomic():
            Decision.objects.filter(pk=row.pk).update(reason="Andet")
        paper = text(client.get(reverse("editorial:matter", args=[each.uuid])))
        assert "Siden er rigtig." in paper.split("Behandlinger")[1]


def test_the_second_keeps_what_they_wrote(client: Client, sara: User) -> None:
    """It is not sent, and it is not gone."""
    item = sent()
    decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=editor(name="Ali Berg"))
    page = text(answer(client, item, "returned", "Et langt svar, som nogen har skrevet."))
    assert "Ali Berg har allerede behandlet det" in page and "Et langt svar, som nogen har skrevet." in page


def test_names_and_not_keys(client: Client, sara: User) -> None:
    """Rows of a contribution are read by people: workplaces by name, choices by label."""
    entry = EntryFactory.create(author=UserFactory.create())
    other = WorkplaceFactory.create(name="Naboen i øst")
    Participation.objects.create(content=entry, workplace=other)
    MeasureFactory.create(entry=entry, better="lower")
    item = submit_content(content=entry, by=entry.author)
    page = text(client.get(reverse("editorial:item", args=[item.uuid])))
    assert "Naboen i øst" in page and "lower" not in page


def test_what_a_change_leaves_is_one_click_away(client: Client, sara: User) -> None:
    """The rest of the page, folded."""
    change = Change.begin(
        published(problem="Det gamle problem"), by=UserFactory.create(), proposed={"summary": "Nyt"}
    )
    item = submit_change(change=change, by=change.author)  # type: ignore[arg-type]
    assert item is not None
    page = text(client.get(reverse("editorial:item", args=[item.uuid])))
    assert "Det gamle problem" in page.split("<details")[1]


def test_the_button_for_many_is_there_when_something_can_be_chosen(client: Client, sara: User) -> None:
    """And each box has a label that is seen."""
    sent()
    assert "Godkend de valgte" not in text(client.get(reverse("editorial:queue")))
    story = public_story()
    workplace = WorkplaceFactory.create()
    Story.objects.filter(pk=story.pk).update(owner=workplace)
    story.refresh_from_db()
    thank(story=story, by=contact_person(workplace), text="Tak.")
    page = text(client.get(reverse("editorial:queue")))
    assert "Godkend de valgte" in page and 'class="form-checkbox"' in page


def test_how_long_the_oldest_waited(client: Client, sara: User) -> None:
    """Week by week, beside how many waited; weeks begin on Monday in Denmark."""
    now = timezone.now()
    monday = timezone.localtime(now).replace(hour=0, minute=30, second=0, microsecond=0)
    monday -= dt.timedelta(days=monday.weekday())
    old, new = sent(), sent()
    QueueItem.objects.filter(pk=old.pk).update(submitted_at=now - dt.timedelta(days=9, hours=1))
    QueueItem.objects.filter(pk=new.pk).update(submitted_at=min(monday, now))
    last = weekly()[-1]
    assert (last.came, last.waiting, last.oldest) == (1, 2, 9)
    assert "9 dage" in text(client.get(reverse("editorial:figures")))
    QueueItem.objects.all().delete()
    assert weekly()[-1].oldest is None


def test_a_matter_gets_its_journal_number(client: Client, sara: User) -> None:
    """Once it is decided; logged, and printed. Twice the same is once."""
    item = sent(title="En hel sag")
    url = reverse("editorial:matter", args=[item.uuid])
    early = client.post(url, {"journal": "2026-17"})
    assert early.status_code == 422 and "ikke behandlet endnu" in text(early) and "2026-17" in text(early)
    decide(uuid=item.uuid, outcome=Outcome.REJECTED, by=editor(), reason="Nej.")
    for wrong in ("", "  ", "x" * 41, "a\0b"):
        assert client.post(url, {"journal": wrong}).status_code == 422
    for _time in range(2):
        assert client.post(url, {"journal": " 2026-<17> "}).status_code == 302
    item.refresh_from_db()
    assert item.journal == "2026-<17>" and item.filed_at is not None
    assert item.content is not None
    row = Decision.objects.get(content_uuid=item.content.uuid, action="filed")
    assert (row.reason, row.actor_key) == ("2026-<17>", sara.key)
    paper = text(client.get(url))
    assert "2026-&lt;17&gt;" in paper and "Journaliseret" in paper
