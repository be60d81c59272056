"""Comments: who writes when, what is shown of them, and what the editors do with those that should not stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from editorial.models import Letter, QueueItem
from editorial.queue import decide
from guards.spam import FIELD, posted
from ideastorm.commenting import actions
from ideastorm.commenting.forms import ReportCommentForm
from ideastorm.models import Comment, Idea
from notices.models import Notice
from tests.factories import (
    UserFactory,
    WorkplaceFactory,
    editor,
    employee,
    membership,
    public_idea,
    public_storm,
)

pytestmark = pytest.mark.django_db
Clock = Callable[[dt.datetime], None]
OPENS = dt.datetime(2026, 9, 1, 8, tzinfo=dt.UTC)
SAID = {"text": "Det har vi gjort i et år.", "shown_as": "privat"}


def at(idea: Idea, reply_to: Comment | None = None) -> str:
    """Where a comment is written."""
    address = reverse("ideastorm:comment", args=[idea.storm.slug, idea.slug])
    return f"{address}?svar={reply_to.uuid}" if reply_to else address


def of(comment: Comment, name: str) -> str:
    """An address of a comment."""
    return reverse(f"ideastorm:comment_{name}", args=[comment.uuid])


def page(client: Client, idea: Idea, query: str = "") -> str:
    """The idea's page."""
    return client.get(idea.get_absolute_url() + query).content.decode()


def test_a_comment_and_a_reply_are_read_and_told(client: Client) -> None:
    """With what their authors chose to show; whom they answer is told, and nobody of their own."""
    author, first, workplace = (
        UserFactory.create(),
        UserFactory.create(name="Mette Holm"),
        WorkplaceFactory.create(),
    )
    idea = public_idea(author=author)
    membership(user=first, workplace=workplace, role="medarbejder")
    client.force_login(first)
    response = client.post(at(idea), SAID | {"workplace": workplace.slug, "shown_as": "arbejdsplads"})
    comment = Comment.objects.get()
    assert response.headers["Location"] == f"{idea.get_absolute_url()}#kommentar-{comment.uuid}"
    assert (comment.author, comment.workplace, comment.shown_name) == (first, workplace, "")
    client.force_login(author)
    client.post(at(idea, comment), SAID | {"text": "Fortæl <b>mere</b>", "shown_as": "navn"})
    reply = Comment.objects.get(parent=comment)
    text = page(Client(), idea)
    assert f"Ansat i {workplace.name}" in text and "Mette Holm" not in text
    assert author.name in text and "&lt;b&gt;mere" in text and "2 kommentarer" in text
    told = [(n.recipient, n.event) for n in Notice.objects.order_by("pk")]
    assert told == [(author, "foelger"), (first, "svar")]
    assert client.get(at(idea, reply)).status_code == 404  # one level


@pytest.mark.parametrize(
    ("storm", "person", "status", "rows"),
    [
        ({}, UserFactory.create, 302, 1),
        ({}, lambda: None, 302, 0),
        ({"access": "ansatte"}, UserFactory.create, 403, 0),
        ({"access": "ansatte"}, employee, 302, 1),
        ({"access": "inviterede"}, UserFactory.create, 403, 0),
    ],
)
def test_who_may(
    client: Client, storm: dict[str, Any], person: Callable[[], User | None], status: int, rows: int
) -> None:
    """Whoever may take part, with an account."""
    idea = public_idea(storm=public_storm(**storm))
    if (user := person()) is not None:
        client.force_login(user)
    assert client.post(at(idea), SAID).status_code == status
    assert Comment.objects.count() == rows


@pytest.mark.parametrize(("day", "open"), [(0, True), (20, True), (21, False)])
def test_when(client: Client, coi_clock: Clock, day: int, open: bool) -> None:
    """Until support closes; what comes later gets a sentence, and what was typed stands there."""
    coi_clock(OPENS)
    idea = public_idea(storm=public_storm(opens_at=OPENS))
    client.force_login(UserFactory.create())
    coi_clock(OPENS + dt.timedelta(days=day))
    assert client.get(at(idea)).status_code == (200 if open else 403)
    response = client.post(at(idea), SAID)
    assert (response.status_code, Comment.objects.count()) == ((302, 1) if open else (422, 0))
    if not open:
        assert "ikke åbent for kommentarer" in response.content.decode()
        assert SAID["text"] in response.content.decode()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"text": " "}, "Skriv din kommentar."),
        ({"text": "Mit nummer er 010190-1234"}, "010190-1234"),
        ({"text": "x" * 2001}, "2000"),
        ({"shown_as": ""}, "Vælg, hvad vi viser om dig."),
        ({"shown_as": "arbejdsplads"}, "arbejdsplads"),
    ],
    ids=["empty", "cpr", "long", "nothing chosen", "no workplace"],
)
def test_wrong_input_is_explained(client: Client, fields: dict[str, str], said: str) -> None:
    """And nothing is stored."""
    client.force_login(UserFactory.create())
    response = client.post(at(public_idea()), SAID | fields)
    assert response.status_code == 422 and said in response.content.decode()
    assert not Comment.objects.exists()


def test_the_same_form_twice_is_one(client: Client) -> None:
    """Double click."""
    idea = public_idea()
    client.force_login(UserFactory.create())
    once = str(client.get(at(idea)).context["form"]["once"].value())
    for _n in range(2):
        assert client.post(at(idea), SAID | {"once": once}).status_code == 302
    assert Comment.objects.count() == 1


def test_pages_are_bounded(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty on a page; replies and comments have an end, said in a sentence."""
    idea = public_idea()
    rows = [Comment.objects.create(idea=idea, text=f"Nummer {n};") for n in range(21)]
    assert "Nummer 20;" not in page(client, idea) and "Flere kommentarer" in page(client, idea)
    assert "Nummer 20;" in page(client, idea, "?kommentarer=2")
    assert "Nummer 20;" in page(client, idea, "?kommentarer=99")
    client.force_login(UserFactory.create())
    monkeypatch.setattr(actions, "REPLIES", 0)
    assert "svaret mange gange" in client.post(at(idea, rows[0]), SAID).content.decode()
    monkeypatch.setattr(actions, "COMMENTS", 21)
    assert "ikke plads" in client.post(at(idea), SAID).content.decode()
    assert Comment.objects.count() == 21


def test_a_reported_comment_is_one_matter_and_is_hidden_with_a_reason(client: Client) -> None:
    """Everybody reads the reason; the author and who reported it are told; its text is nowhere any more."""
    author, reporter, by = UserFactory.create(), UserFactory.create(), editor()
    comment = Comment.objects.create(idea=public_idea(), text="Noget grimt om naboen", author=author)
    client.force_login(reporter)
    for said in ("Det er grimt", "Igen"):
        client.post(of(comment, "report"), {"text": said, **posted(ReportCommentForm)})
    item = QueueItem.objects.get(kind="comment")
    assert Letter.objects.filter(item=item).count() == 2
    client.force_login(by)
    assert "Noget grimt" in client.get(f"/admin/moderation/{item.uuid}/").content.decode()
    decide(uuid=item.uuid, by=by, outcome="rejected", reason="Om en bestemt person", seen=item.version)
    text = page(Client(), comment.idea)
    assert "Noget grimt" not in text and "Skjult af redaktionen" in text and "Om en bestemt person" in text
    assert set(Notice.objects.values_list("recipient", flat=True)) >= {author.pk, reporter.pk}
    assert Client().get(of(comment, "report")).status_code == 404
    client.post(of(comment, "show"))
    assert "Noget grimt" in page(Client(), comment.idea)


def test_a_report_that_is_let_be(client: Client) -> None:
    """The comment stays; a new report is a new matter; a trap is a trap."""
    comment = Comment.objects.create(idea=public_idea(), text="Helt fint")
    client.post(of(comment, "report"), {"text": "x", **posted(ReportCommentForm), FIELD: "x"})
    assert not QueueItem.objects.filter(kind="comment").exists()
    for n in (1, 2):
        client.post(of(comment, "report"), {"text": "Hm", **posted(ReportCommentForm)})
        item = QueueItem.objects.get(kind="comment", decided_at=None)
        decide(uuid=item.uuid, by=editor(), outcome="approved", reason="", seen=item.version)
        assert QueueItem.objects.filter(kind="comment").count() == n
    assert "Helt fint" in page(client, comment.idea)


@pytest.mark.parametrize("name", ["hide", "lift", "show"])
def test_only_editors_moderate(client: Client, name: str) -> None:
    """Others get 403, and nothing happens."""
    comment = Comment.objects.create(idea=public_idea(), text="Helt fint")
    for person in (None, employee()):
        if person:
            client.force_login(person)
        response = client.post(of(comment, name), {"reason": "x", "title": "x", "text": "x"})
        assert response.status_code == 403
    comment.refresh_from_db()
    assert not comment.is_hidden and Idea.objects.count() == 1


def test_hiding_needs_a_reason_and_is_told_once(client: Client) -> None:
    """Twice is once."""
    comment = Comment.objects.create(idea=public_idea(), text="Grimt", author=UserFactory.create())
    client.force_login(editor())
    assert client.post(of(comment, "hide"), {"reason": " "}).status_code == 422
    for _n in range(2):
        assert client.post(of(comment, "hide"), {"reason": "Om en person"}).status_code == 302
    assert Notice.objects.count() == 1


def test_what_was_told_of_a_comment_goes_when_it_is_hidden(client: Client) -> None:
    """The idea's author may get it in a digest yet; what is told of other comments stands."""
    idea = public_idea(author=UserFactory.create())
    client.force_login(UserFactory.create())
    for text in ("Et groft ord", "Et pænt ord"):
        client.post(at(idea), {**SAID, "text": text})
    comment = Comment.objects.get(text="Et groft ord")
    actions.hide_comment(comment=comment, by=editor(), reason="Grimt")
    told = Notice.objects.filter(recipient=idea.author)
    assert [notice.text for notice in told] == ["Et pænt ord"]


def test_a_comment_becomes_an_idea_that_credits_its_author(client: Client) -> None:
    """It waits in the queue as theirs; both pages lead to each other when it is shown; once."""
    author, by = UserFactory.create(name="Mette Holm"), editor()
    comment = Comment.objects.create(
        idea=public_idea(), text="Skriv beløbet øverst. Så er det klart.", author=author, shown_as="navn",
        shown_name="Mette Holm",
    )  # fmt: skip
    client.force_login(by)
    form = client.get(of(comment, "lift")).context["form"]
    assert form.initial["title"] == "Skriv beløbet øverst"
    for status in (302, 422):
        assert client.post(of(comment, "lift"), form.initial).status_code == status
    idea = Idea.objects.get(raised_from=comment)
    assert (idea.author, idea.shown_name, idea.state, idea.storm) == (
        author, "Mette Holm", "submitted", comment.idea.storm,
    )  # fmt: skip
    assert Notice.objects.filter(recipient=author).count() == 1
    assert "Blev til ideen" not in page(client, comment.idea)
    item = QueueItem.objects.get(content=idea)
    decide(uuid=item.uuid, by=by, outcome="approved", reason="", seen=item.version)
    idea.refresh_from_db()
    assert "Blev til ideen" in page(client, comment.idea)
    assert "begyndte som en kommentar" in page(client, idea) and "Mette Holm" in page(client, idea)


def test_a_comment_of_a_hidden_idea_is_hidden(client: Client) -> None:
    """404 for everything about it."""
    comment = Comment.objects.create(idea=public_idea(), text="Helt fint")
    comment.idea.suspend(by=None, reason="x")
    client.force_login(UserFactory.create())
    assert client.get(of(comment, "report")).status_code == client.get(of(comment, "hide")).status_code == 404
    assert client.post(at(comment.idea), SAID).status_code == 404


def test_the_reason_for_hiding_holds_no_number_of_a_person(client: Client) -> None:
    """It stands on the page for all."""
    idea = public_idea()
    comment = Comment.objects.create(idea=idea, text="Nej", shown_as="privat")
    client.force_login(editor())
    response = client.post(of(comment, "hide"), {"reason": "Nævner 010190-1234"})
    assert response.status_code == 422 and "Nævner 010190-1234" in response.content.decode()
    assert not Comment.objects.get(pk=comment.pk).is_hidden
