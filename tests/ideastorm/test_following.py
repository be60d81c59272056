"""Following a storm or an idea: who may, what followers are told, once, and never of what is hidden."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from ideastorm.choices import AnswerStatus
from ideastorm.following import telling
from ideastorm.following.actions import follow
from ideastorm.models import Follow, Idea, IdeaAnswer, IdeaMerge, IdeaNews, Storm
from notices import letters
from notices.events import Event, Frequency
from notices.models import Notice, Preference
from tests.factories import IdeaFactory, StormFactory, UserFactory, public_idea, public_storm

pytestmark = pytest.mark.django_db
LATER = dt.timedelta(hours=1)


def run() -> int:
    """The job, an hour from now, so that all that was written is settled."""
    return telling.tell_followers(timezone.now() + LATER)


def told(user: User) -> list[tuple[str, str]]:
    """What somebody was told as a follower: (subject, page)."""
    return list(
        Notice.objects.filter(recipient=user, event=Event.FOLLOWS)
        .order_by("pk")
        .values_list("subject", "url")
    )


def answer(idea: Idea, number: int = 1) -> None:
    """An answer that came a minute after the follow."""
    IdeaAnswer.objects.create(
        idea=idea, number=number, status=AnswerStatus.TAKEN_FURTHER, reason="Vi prøver det.",
        decided_at=timezone.now() + dt.timedelta(minutes=number),
    )  # fmt: skip


def news(idea: Idea) -> None:
    """What happened later."""
    IdeaNews.objects.create(
        idea=idea, text="Nu er det i gang.", happened_on=timezone.localdate(),
        created_at=timezone.now() + dt.timedelta(minutes=3),
    )  # fmt: skip


def following(thing: Storm | Idea, **fields: Any) -> User:
    """Somebody who follows it."""
    user = UserFactory.create(**fields)
    follow(user, thing)
    return user


def phased(storm: Storm) -> Storm:
    """The storm with its phase."""
    return Storm.objects.with_phase().get(pk=storm.pk)


# -- the pages ------------------------------------------------------------------


def test_follow_and_stop_without_script(client: Client) -> None:
    """A button on the page that posts; twice is once; Min side lists it and stops it."""
    user, idea = UserFactory.create(), public_idea()
    client.force_login(user)
    for thing, name, args in (
        (idea.storm, "follow_storm", [idea.storm.slug]),
        (idea, "follow_idea", [idea.storm.slug, idea.slug]),
    ):
        address = reverse(f"ideastorm:{name}", args=args)
        assert address in client.get(thing.get_absolute_url()).content.decode()
        for _ in range(2):
            assert client.post(address).url == thing.get_absolute_url()  # type: ignore[attr-defined]
    assert Follow.objects.of(user).count() == 2
    assert "Stop med at følge" in client.get(idea.get_absolute_url()).content.decode()
    mine = client.get(reverse("my_page")).content.decode()
    assert "Det, jeg følger" in mine and idea.get_absolute_url() in mine
    for row in Follow.objects.of(user):
        for _ in range(2):
            client.post(reverse("ideastorm:unfollow", args=[row.uuid]), {"min-side": "1"})
    assert not Follow.objects.exists()


def test_nobody_stops_for_another(client: Client) -> None:
    """The key of another's row does nothing."""
    following(public_idea())
    client.force_login(UserFactory.create())
    client.post(reverse("ideastorm:unfollow", args=[Follow.objects.get().uuid]))
    assert Follow.objects.exists()


def test_without_an_account_one_is_led_to_the_log_in(client: Client) -> None:
    """And back to the page."""
    storm = public_storm()
    assert "Log ind for at følge" in client.get(storm.get_absolute_url()).content.decode()
    response = client.post(reverse("ideastorm:follow_storm", args=[storm.slug]))
    assert response.status_code == 302 and f"next={storm.get_absolute_url()}" in response["Location"]


def test_ones_own_idea_is_told_of_anyway(client: Client) -> None:
    """Its author gets no button, and 403."""
    me = UserFactory.create()
    idea = public_idea(author=me)
    client.force_login(me)
    address = reverse("ideastorm:follow_idea", args=[idea.storm.slug, idea.slug])
    assert address not in client.get(idea.get_absolute_url()).content.decode()
    assert client.post(address).status_code == 403 and not Follow.objects.exists()


def test_a_hidden_page_is_not_named_on_min_side_but_can_be_stopped(client: Client) -> None:
    """The row stands until one stops."""
    idea = public_idea(title="Hemmeligt nu")
    user = following(idea)
    idea.suspend(by=None, reason="Prøve")
    client.force_login(user)
    page = client.get(reverse("my_page")).content.decode()
    assert "Hemmeligt nu" not in page and "skjult lige nu" in page
    client.post(reverse("ideastorm:unfollow", args=[Follow.objects.get().uuid]), {"min-side": "1"})
    assert not Follow.objects.exists()


# -- what is told -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("known", "expected"),
    [("kommer", "er åben for ideer"), ("ideer", None), ("stoette", "er åben for ideer")],
)
def test_a_new_phase_is_told_once(known: str, expected: str | None) -> None:
    """Whoever knows of the present one hears nothing."""
    storm = public_storm()
    user = following(storm)
    Follow.objects.update(told_phase=known)
    assert [run(), run()] == ([1, 0] if expected else [0, 0])
    words = [subject.removeprefix(f"»{storm.title}« ") for subject, _url in told(user)]
    assert words == ([expected] if expected else [])


@pytest.mark.parametrize("phase", ["kommer", "ideer", "stoette", "vurdering", "resultater"])
def test_every_phase_has_words(phase: str) -> None:
    """One line and a text."""
    storm = phased(public_storm())
    storm.phase = phase
    subject, text = telling.phase_in_words(storm)
    assert storm.title in subject and text and "%s" not in subject + text


@pytest.mark.parametrize("what", [answer, news], ids=["answer", "news"])
def test_answers_and_news_are_told_once(what: Callable[[Idea], None]) -> None:
    """To who follows the idea, and to who follows the storm; the storm's notice names no idea."""
    idea = public_idea()
    of_idea, of_storm = following(idea), following(phased(idea.storm))
    what(idea)
    assert [run(), run()] == [2, 0]
    assert told(of_idea) == [(f"Nyt om ideen »{idea.title}«", idea.get_absolute_url())]
    assert told(of_storm) == [(f"Nyt i idéstormen »{idea.storm.title}«", idea.storm.get_absolute_url())]
    assert idea.title not in Notice.objects.get(recipient=of_storm).text


def test_what_came_before_one_followed_is_not_told() -> None:
    """It stood on the page."""
    idea = public_idea()
    IdeaAnswer.objects.create(
        idea=idea, status=AnswerStatus.TAKEN_FURTHER, reason="Ja.", decided_at=timezone.now() - LATER
    )
    following(idea)
    assert run() == 0


def test_an_idea_that_was_joined_is_followed_where_it_is_read() -> None:
    """The answer to the one that stands is told, with its address."""
    survivor = public_idea()
    merged = public_idea(storm=survivor.storm)
    user = following(merged)
    IdeaMerge.objects.create(survivor=survivor, merged=merged)
    answer(survivor)
    assert run() == 1 and told(user)[0][1] == survivor.get_absolute_url()


def hide_idea(idea: Idea) -> None:
    idea.suspend(by=None, reason="Prøve")


def hide_storm(idea: Idea) -> None:
    idea.storm.suspend(by=None, reason="Prøve")


def close_accounts(idea: Idea) -> None:
    User.objects.update(is_active=False)


@pytest.mark.parametrize("how", [hide_idea, hide_storm, close_accounts], ids=lambda f: f.__name__)
def test_nothing_is_told_of_what_is_hidden_or_to_a_closed_account(how: Callable[[Idea], None]) -> None:
    """Neither the phase, nor an answer."""
    idea = public_idea()
    following(idea)
    following(phased(idea.storm))
    if how is not hide_idea:
        Follow.objects.filter(idea=None).update(told_phase="kommer")
    answer(idea)
    how(idea)
    assert run() == 0 and not Notice.objects.filter(event=Event.FOLLOWS).exists()


@pytest.mark.parametrize("how", [hide_idea, hide_storm], ids=lambda f: f.__name__)
def test_what_waits_is_taken_back_when_the_page_is_hidden(how: Callable[[Idea], None]) -> None:
    """A digest that has not gone names nothing that is hidden by then; what is about a comment stands."""
    idea = public_idea()
    user = following(idea)
    answer(idea)
    assert run() == 1 and told(user)
    how(idea)
    assert not told(user)


def test_a_mail_can_stop_them_with_one_click(client: Client) -> None:
    """By the link that mail programs know, without a log-in: no more mail of this kind."""
    idea = public_idea()
    user = following(idea)
    answer(idea)
    run()
    letter = letters.of_notice(Notice.objects.get(recipient=user))
    link = letter.extra_headers["List-Unsubscribe"].strip("<>")
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert client.post("/" + link.split("/", 3)[3]).status_code == 200
    assert Preference.objects.frequency(user, Event.FOLLOWS) == Frequency.NEVER


def test_a_run_is_bounded_and_the_next_takes_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is forgotten, nobody told twice."""
    monkeypatch.setattr(telling, "AT_MOST", 2)
    storm = public_storm()
    for _ in range(5):
        following(storm)
    Follow.objects.update(told_phase="kommer")
    assert [run(), run(), run(), run()] == [2, 2, 1, 0]


def test_one_that_fails_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is tried again in the next run."""
    storm = public_storm()
    first, second = following(storm), following(storm)
    Follow.objects.update(told_phase="kommer")
    real = telling.tell

    def failing(*, to: User, **fields: Any) -> Any:
        if to == first:
            raise RuntimeError
        return real(to=to, **fields)

    monkeypatch.setattr(telling, "tell", failing)
    assert run() == 1 and told(second) and not told(first)
    monkeypatch.setattr(telling, "tell", real)
    assert run() == 1 and told(first)


def test_drafts_are_not_followed(client: Client) -> None:
    """What nobody can read has no page to follow."""
    client.force_login(UserFactory.create())
    draft, idea = StormFactory.create(slug="kladde"), IdeaFactory.create()
    assert client.post(reverse("ideastorm:follow_storm", args=[draft.slug])).status_code == 404
    assert client.post(reverse("ideastorm:follow_idea", args=[idea.storm.slug, "x"])).status_code == 404
