"""The number of queries a page costs is bounded, and the same for 5 rows as for 40."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalogue.models import Story, StoryThanks
from ideastorm.models import Comment, Idea, IdeaMerge, Storm, Support
from practicum.models import DirectRequest, Offer, OfferEntry, Wish
from tests.factories import (
    ChapterFactory,
    CollectionEntryFactory,
    LinkFactory,
    MeasureFactory,
    ReuseFactory,
    UserFactory,
    WorkplaceFactory,
    WorkplacePeriodFactory,
    contact_person,
    public_idea,
    public_offer,
    public_storm,
    public_story,
    published,
    ready_application,
    stay_at,
)

BOUNDS = {
    "/": 17,
    "/katalog/?pr_side=50": 12,
    "/katalog/?pr_side=50&q=fælles&sektor=kommune&region=1082&emne=tillid&side=1": 16,
    "/katalog/emner/": 8,
    "/katalog/emner/tillid/?pr_side=50": 12,
    "/katalog/fagomraader/aeldre/?pr_side=50": 12,
    "/katalog/feed/": 10,
    "/katalog/samlinger/": 3,
    "/katalog/samlinger/samling/": 8,
    "/katalog/midten/": 24,
    "/soeg/?q=fælles": 14,
    "/kort/?pr_side=50": 16,
    "/kort/?vis=kommuner&q=fælles": 18,
    "/kort/indlejr/": 14,
    "/kort/arbejdspladser/ejer/": 13,
    "/historier/?pr_side=50": 12,
    "/historier/?pr_side=50&q=historie&kommune=0751": 16,
    "/historier/feed/": 10,
    "/historier/midt-i-det-hele/": 16,
    "/idestorme/": 12,
    "/idestorme/stormen/?pr_side=50": 22,
    "/idestorme/stormen/?pr_side=50&q=fælles&sort=kommentarer": 26,
    "/idestorme/stormen/ideer/ideen/": 24,
    "/praktik/?pr_side=50": 16,
    "/praktik/?pr_side=50&q=fælles&kommune=0751&ledige=ja&naer=0751&km=50": 20,
    "/praktik/feed/": 12,
    "/praktik/pladser/pladsen/": 18,
    "/sitemap.xml": 20,
    "/kort/feed/?sort=titel": 10,
}


def rows(first: int, last: int) -> None:
    """Entries of all types, each with an owner of its own who had another name, and all that can hang on it."""
    chapter = ChapterFactory.create()
    kinds = ["eksempel", "initiativ", "videnscenter", "forskning", "litteratur", "vaerktoej"]
    for n in range(first, last):
        owner = WorkplaceFactory.create(name=f"Fælles ejer {n}")
        WorkplacePeriodFactory.create(workplace=owner, name=f"Før {n}")
        entry = published(
            kind=kinds[n % 6], title=f"Fælles {n}", owner=owner, tags=["tillid", f"emne {n}"], municipality_id="0751",
            subject_areas=["aeldre", "skole"], sectors=["kommune"], year_from=2014, values=["kvalitet"],
        )  # fmt: skip
        CollectionEntryFactory.create(
            chapter=ChapterFactory.create(collection=chapter.collection), entry=entry
        )
        entry.participations.create(workplace_id=1 if n < 0 else owner.pk)


def stories(first: int, last: int) -> None:
    """Stories with a workplace each, and thanks and examples on the one whose page is measured."""
    middle = Story.objects.filter(slug="midt-i-det-hele").first() or public_story(title="Midt i det hele")
    for n in range(first, last):
        owner = WorkplaceFactory.create()
        public_story(title=f"Historie {n}", owner=owner, municipality_id="0751")
        StoryThanks.objects.create(story=middle, workplace=owner, text="Tak", visible=True)
        published(title=f"Blev til {n}", from_story=middle)


def storms(first: int, last: int) -> None:
    """Storms, and on one of them ideas with authors, comments and support; on one idea, too."""
    storm = Storm.objects.filter(slug="stormen").first() or public_storm(title="Stormen")
    idea = Idea.objects.filter(slug="ideen").first() or public_idea(title="Ideen", storm=storm)
    for n in range(first, last):
        public_storm()
        author, workplace = UserFactory.create(), WorkplaceFactory.create()
        other = public_idea(
            title=f"Fælles idé {n}", storm=storm, author=author, workplace=workplace, shown_as="arbejdsplads"
        )
        for row in (idea, other):
            Comment.objects.create(idea=row, text="Ja", author=author)
            Support.objects.create(idea=row, user=UserFactory.create())
        IdeaMerge.objects.create(survivor=idea, merged=public_idea(storm=storm))


def places(first: int, last: int) -> None:
    """Practicum places with a host each, and on one of them entries that can be seen."""
    middle = Offer.objects.filter(slug="pladsen").first() or public_offer(title="Pladsen")
    for n in range(first, last):
        owner = WorkplaceFactory.create()
        WorkplacePeriodFactory.create(workplace=owner, name=f"Vært {n}")
        public_offer(title=f"Fælles plads {n}", owner=owner, municipality_id="0751")
        OfferEntry.objects.create(offer=middle, entry=published(title=f"Ses i praksis {n}"))


def hang_on_the_middle(first: int, last: int) -> None:
    """Rows on the one entry, workplace and collection whose pages are measured."""
    from catalogue.models import Collection, Entry
    from places.models import Workplace

    owner = Workplace.objects.filter(slug="ejer").first() or WorkplaceFactory.create(
        slug="ejer", name="Fælles ejer"
    )
    entry = Entry.objects.filter(slug="midten").first()
    if entry is None:
        entry = published(
            title="Midten", owner=owner, tags=["tillid"], municipality_id="0751", sectors=["kommune"]
        )
    collection = Collection.objects.filter(slug="samling").first()
    chapter = collection.chapters.get() if collection else ChapterFactory.create(collection__slug="samling")
    for n in range(first, last):
        LinkFactory.create(content=entry)
        MeasureFactory.create(entry=entry)
        ReuseFactory.create(entry=entry, parent=entry.reuses.last())
        entry.participations.create(workplace=WorkplacePeriodFactory.create().workplace)
        WorkplaceFactory.create(parent=owner)
        WorkplacePeriodFactory.create(
            workplace=owner, name=f"Da {n}", valid_from=f"{1900 + n}-01-01", valid_to=f"{1901 + n}-01-01"
        )
        mine = published(title=f"Ejerens {n}", owner=owner)
        other = published(title=f"Deltagelse {n}", owner=WorkplaceFactory.create())
        other.participations.create(workplace=owner)
        CollectionEntryFactory.create(chapter=chapter, entry=mine)


@pytest.fixture
def cost(client: Client) -> Callable[[str], int]:
    """Return the number of queries of a page, after a first visit has warmed what is kept."""

    def measure(path: str) -> int:
        assert client.get(path).status_code == 200
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(path)
        assert len(queries) <= BOUNDS[path], "\n".join(q["sql"][:200] for q in queries)
        return len(queries)

    return measure


def test_costs_do_not_grow(db: None, cost: Callable[[str], int]) -> None:
    """Every page in one go, for the rows take longer than the pages."""
    rows(0, 5)
    stories(0, 5)
    storms(0, 5)
    hang_on_the_middle(0, 5)
    places(0, 5)
    few = {path: cost(path) for path in BOUNDS}
    rows(5, 40)
    stories(5, 20)
    storms(5, 20)
    hang_on_the_middle(5, 20)
    places(5, 20)
    many = {path: cost(path) for path in BOUNDS}
    assert many == few


MINE = {"vært": 44, "gæst": 40}
"""Queries of »Min side« for who hosts many places, and for who applies for many."""


def test_my_page_costs_the_same_for_many(db: None, client: Client) -> None:
    """Places with requests and stays for the host, applications with wishes and requests for the guest."""
    owner = WorkplaceFactory.create()
    people = {"vært": contact_person(owner), "gæst": UserFactory.create()}

    def more(first: int, last: int) -> None:
        for _n in range(first, last):
            place, other = (
                public_offer(owner=owner),
                public_offer(round=None, round_seats=0, starts_on=None, ends_on=None),
            )
            stay_at(place)
            DirectRequest.objects.create(application=ready_application(round=place.round), offer=place)
            mine = ready_application(guest=people["gæst"], round=None, possible_days=[place.starts_on])
            Wish.objects.create(application=mine, offer=other, rank=1)
            DirectRequest.objects.create(application=mine, offer=other)

    def costs() -> dict[str, int]:
        found = {}
        for name, person in people.items():
            client.force_login(person)
            client.get("/min-side/")
            with CaptureQueriesContext(connection) as queries:
                page = client.get("/min-side/").content.decode()
            assert len(queries) <= MINE[name], (name, "\n".join(q["sql"][:200] for q in queries))
            assert page.count("/praktik/") > 6, name
            found[name] = len(queries)
        return found

    more(0, 3)
    few = costs()
    more(3, 14)
    assert costs() == few
