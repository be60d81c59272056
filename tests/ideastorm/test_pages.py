"""The pages of storms and ideas: what they say in each phase, in which order, and what they keep to themselves."""

from __future__ import annotations

import collections
import datetime as dt
import re
from collections.abc import Callable

import numpy as np
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from editorial.models.subjects import resolve_tags
from ideastorm.choices import StormPhase
from ideastorm.models import Comment, Idea, IdeaAnswer, IdeaMerge, Storm, Support
from ideastorm.shuffling import shuffled
from tests.factories import StormFactory, UserFactory, public_idea, public_storm

pytestmark = pytest.mark.django_db
Clock = Callable[[dt.datetime], None]
OPENS = dt.datetime(2026, 9, 1, 8, tzinfo=dt.UTC)
MOMENTS = {
    StormPhase.ANNOUNCED: (OPENS - dt.timedelta(days=3), "3<"),
    StormPhase.IDEAS: (OPENS + dt.timedelta(days=1), "13<"),
    StormPhase.SUPPORT: (OPENS + dt.timedelta(days=15), "6<"),
    StormPhase.ASSESSMENT: (OPENS + dt.timedelta(days=22), "Alle får svar senest"),
}


def titles(page: str) -> list[str]:
    """The slugs of the ideas on a page, in their order."""
    return re.findall(r'class="coi-idea" id="[^"]*" data-slug="([^"]*)"', page)


@pytest.mark.parametrize("phase", MOMENTS)
def test_a_storm_tells_its_phase(client: Client, coi_clock: Clock, phase: StormPhase) -> None:
    """In words, without any script; counts are told when support has closed."""
    storm = StormFactory.create(opens_at=OPENS)
    idea = public_idea(storm=storm)
    Support.objects.create(idea=idea, user=UserFactory.create())
    storm.publish(by=None)
    idea.reindex()
    now, told = MOMENTS[phase]
    coi_clock(now)
    page = client.get(storm.get_absolute_url()).content.decode()
    assert str(phase.label) in page and told in page
    assert ("Skriv din idé" in page) is (phase == StormPhase.IDEAS)
    assert ("1 støtte" in page) is (phase == StormPhase.ASSESSMENT)
    assert (idea.title in page) is (phase != StormPhase.ANNOUNCED)
    idea_page = client.get(idea.get_absolute_url()).content.decode()
    assert ("1 støtter ideen" in idea_page) is (phase == StormPhase.ASSESSMENT)
    overview = client.get("/idestorme/").content.decode()
    assert storm.question in overview


def test_the_order_is_random_and_stays(client: Client) -> None:
    """For a visitor, without any cookie; another has another."""
    storm = public_storm()
    for _ in range(12):
        public_idea(storm=storm)
    pages = []
    for agent in ("a", "a", "b", "c"):
        visitor = Client(headers={"user-agent": agent})
        first = visitor.get(storm.get_absolute_url())
        rest = visitor.get(storm.get_absolute_url() + first.context["listing"].after)
        pages.append(titles(first.content.decode()) + titles(rest.content.decode()))
        assert not visitor.cookies
    assert pages[0] == pages[1] and len(set(pages[0])) == 12
    assert len({tuple(page) for page in pages}) > 1
    follow = Client(headers={"user-agent": "d"}).get(storm.get_absolute_url(), {"orden": "0123456789ab"})
    assert follow.context["listing"].order == "0123456789ab"


def test_each_idea_is_first_as_often_as_any_other() -> None:
    """10,000 simulated visits, each with an order as visitors get them: within 20 % of even."""
    from hashlib import sha256

    ideas = np.arange(100, 125, dtype=np.int64)
    first = collections.Counter(
        int(ideas[shuffled(ideas, sha256(f"{n}".encode()).hexdigest()[:12])[0]]) for n in range(10_000)
    )
    assert all(abs(first[int(pk)] - 400) <= 80 for pk in ideas), first


def test_by_support_when_it_has_closed(client: Client, coi_clock: Clock) -> None:
    """By people, merged ones once; before, asking for it gives the random order."""
    storm = StormFactory.create(opens_at=OPENS)
    a, b, c = (public_idea(storm=storm) for _ in range(3))
    users = [UserFactory.create() for _ in range(3)]
    for idea, supporters in ((a, users[:1]), (b, users[:2]), (c, users[1:])):
        for user in supporters:
            Support.objects.create(idea=idea, user=user)
    IdeaMerge.objects.create(survivor=b, merged=c)
    storm.publish(by=None)
    for idea in Idea.objects.all():
        idea.reindex()
    coi_clock(OPENS)
    assert client.get(storm.get_absolute_url(), {"sort": "stoette"}).context["listing"].sort == "tilfaeldig"
    coi_clock(MOMENTS[StormPhase.ASSESSMENT][0])
    page = client.get(storm.get_absolute_url()).content.decode()
    assert titles(page) == [b.slug, a.slug]
    assert "3 støtter" in page
    merged = client.get(c.get_absolute_url()).content.decode()
    assert "lagt sammen" in merged and b.get_absolute_url() in merged


def test_by_comments_and_by_words(client: Client) -> None:
    """Search and facets are those of the other lists, within one storm."""
    storm = public_storm()
    one = public_idea(storm=storm, title="Noget om rykkere")
    two = public_idea(storm=storm, title="Noget om skoler")
    two.tags.set(resolve_tags(names=["skole"]))
    two.reindex()
    public_idea(title="Rykkere i en anden storm")
    Comment.objects.create(idea=two, text="Ja")
    url = storm.get_absolute_url()
    assert titles(client.get(url, {"sort": "kommentarer"}).content.decode()) == [two.slug, one.slug]
    assert titles(client.get(url, {"q": "rykkere"}).content.decode()) == [one.slug]
    page = client.get(url, {"emne": two.tags.get().slug})
    assert titles(page.content.decode()) == [two.slug]
    assert page.context["listing"].everything.count == 2
    assert client.get(url, {"side": "9"}).status_code == 404
    fragment = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment and 'id="results"' in fragment


def test_storms_and_ideas_are_found_in_the_whole_portal(client: Client) -> None:
    """As results of their own kinds; an idea's short address leads to its own."""
    idea = public_idea(title="Rykkeren skal have et navn")
    page = client.get("/soeg/", {"q": "rykkeren", "type": "ide"}).content.decode()
    assert f"/idestorme/ideer/{idea.slug}/" in page
    response = client.get(f"/idestorme/ideer/{idea.slug}/")
    assert response.status_code == 301 and response.headers["Location"] == idea.get_absolute_url()
    storms = client.get("/soeg/", {"q": idea.storm.question, "type": "idestorm"}).content.decode()
    assert idea.storm.get_absolute_url() in storms
    sitemap = client.get("/sitemap.xml").content.decode()
    assert idea.get_absolute_url() in sitemap and idea.storm.get_absolute_url() in sitemap


def test_a_storm_that_is_taken_down_takes_its_ideas_along(client: Client) -> None:
    """Out of search, sitemap and reach; and back again."""
    idea = public_idea(title="Rykkeren skal have et navn")
    storm = Storm.objects.get()
    search = {"q": "rykkeren", "type": "ide"}
    for state, there in (("suspend", False), ("publish", True)):
        if state == "suspend":
            storm.suspend(by=None, reason="Prøve")
        else:
            storm.publish(by=None)
        assert (f"/idestorme/ideer/{idea.slug}/" in client.get("/soeg/", search).content.decode()) is there
        assert client.get(idea.get_absolute_url()).status_code == (200 if there else 404)
        assert (idea.get_absolute_url() in client.get("/sitemap.xml").content.decode()) is there


def test_old_addresses_lead_on(client: Client) -> None:
    """Of the storm, and of the idea under it."""
    idea = public_idea()
    old_storm, old_idea = idea.storm.slug, idea.slug
    Storm.objects.filter(pk=idea.storm_id).update(slug="ny-storm")
    assert client.get(f"/idestorme/{old_storm}/").headers["Location"] == "/idestorme/ny-storm/"
    response = client.get(f"/idestorme/{old_storm}/ideer/{old_idea}/")
    assert response.status_code == 301
    assert response.headers["Location"] == f"/idestorme/ny-storm/ideer/{old_idea}/"
    Idea.objects.filter(pk=idea.pk).update(slug="ny-ide")
    response = client.get(f"/idestorme/ny-storm/ideer/{old_idea}/")
    assert response.headers["Location"] == "/idestorme/ny-storm/ideer/ny-ide/"


def test_an_answer_stands_under_the_idea_and_is_counted(client: Client) -> None:
    """All the way."""
    idea = public_idea()
    public_idea(storm=idea.storm)
    IdeaAnswer.objects.create(
        idea=idea, status="sendt-videre", reason="Det er Skats.", authority="Skat", sent_on="2026-10-01"
    )
    page = client.get(idea.get_absolute_url()).content.decode()
    assert "Svar: Sendt videre" in page and "Sendt til Skat den 1. oktober 2026" in page
    assert "1 af 2 besvaret, median 1 dag" in client.get(idea.storm.get_absolute_url()).content.decode()


def test_pages_ask_as_often_however_much_there_is(client: Client) -> None:
    """Storm page and list: the number of queries does not grow with the ideas."""

    def queries(url: str) -> int:
        client.get(url)
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get(url).status_code == 200
        return len(found)

    storm = public_storm()
    public_idea(storm=storm)
    few = queries(storm.get_absolute_url()), queries("/idestorme/")
    for _ in range(8):
        public_idea(storm=storm, author=UserFactory.create())
        public_storm()
    many = queries(storm.get_absolute_url()), queries("/idestorme/")
    assert many[0] <= few[0] + 1 and many[1] <= few[1] + 1, (few, many)
