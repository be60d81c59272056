"""The list: facet counts that match the click, a sentence, sorting and pages, against what Python works out."""

import datetime as dt
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from catalogue.lists import catalogue_listing
from editorial.choices import Value
from places.choices import Sector
from search.listing import Listing, PageOutOfRange
from search.models import Document
from tests import pages
from tests.database_scope import shared_rows
from tests.search import world

Clock = Callable[[dt.datetime], None]
DAYS = [dt.date(2026, 6, 1), dt.date(2027, 6, 1)]
FACETS = [
    "type",
    "sektor",
    "fagomraade",
    "vaerdi",
    "region",
    "kommune",
    "emne",
    "innovationstype",
    "status",
    "aar",
]


@pytest.fixture(scope="module")
def rows(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[world.Row]]:
    """The generated entries."""
    with shared_rows(django_db_blocker):
        yield world.build()


@pytest.fixture(autouse=True)
def _database(db: None) -> None:
    """Every test here asks the database."""


@pytest.fixture(params=DAYS, ids=str)
def today(request: pytest.FixtureRequest, coi_clock: Clock) -> dt.date:
    """A day before and one after the regions merge."""
    coi_clock(dt.datetime.combine(request.param, dt.time(12), dt.UTC))
    day: dt.date = request.param
    return day


def listing(**choice: Any) -> Listing:
    """The list as an address asks for it."""
    params = QueryDict(mutable=True)
    for name, values in choice.items():
        params.setlist(name, values if isinstance(values, list) else [str(values)])
    return catalogue_listing(params)


def expected(rows: list[world.Row], choice: dict[str, list[str]], today: dt.date) -> set[str]:
    """The slugs that must come."""
    return {row.slug for row in rows if world.matches(row, choice, today)}


def found(asked: Listing) -> set[str]:
    """The slugs that come."""
    keys = asked.results.ids()
    return set(Document.objects.filter(pk__in=keys).values_list("content__slug", flat=True))


def some_choices(number: int, seed: int = 7) -> list[dict[str, list[str]]]:
    """Random choices of up to three facets with up to three values, half of them with a word."""
    chance = random.Random(seed)
    values = {
        "type": ["eksempel", "initiativ", "forskning", "vaerktoej"],
        "sektor": Sector.values,
        "fagomraade": ["aeldre", "skole", "sundhed", "dagtilbud", "beskaeftigelse", "borgerservice"],
        "vaerdi": Value.values,
        "region": ["1081", "1082", "1084", "1085", "hele"],
        "kommune": ["0101", "0751", "0265"],
        "emne": [f"emne-{n}" for n in range(30)],
        "innovationstype": ["produkt", "service"],
        "status": ["drift", "afsluttet", "pause"],
        "aar": ["2008", "2013", "2014", "2021"],
    }
    choices = []
    for n in range(number):
        names = chance.sample(FACETS, chance.randint(0, 3))
        choice = {
            name: chance.sample(values[name], chance.randint(1, min(3, len(values[name])))) for name in names
        }
        if n % 2:
            choice["q"] = [chance.choice(world.WORDS)]
        choices.append(choice)
    return choices


def test_results_and_counts_are_exact(rows: list[world.Row], today: dt.date) -> None:
    """For 16 choices: the results, and for every value of every facet the number that choosing it gives."""
    for choice in some_choices(16):
        asked = listing(**choice)
        assert found(asked) == expected(rows, choice, today), choice
        assert asked.count == len(expected(rows, choice, today))
        assert asked.unknown == []
        for group in asked.groups:
            name = group.facet.name
            for value in group.values:
                clicked = {**choice, name: [value.choice.value]}
                assert value.count == len(expected(rows, clicked, today)), (choice, name, value.choice)
                assert value.selected is (value.choice.value in choice.get(name, []))
                assert value.disabled is (value.count == 0 and not value.selected)


def test_the_count_is_what_the_click_gives(rows: list[world.Row], today: dt.date) -> None:
    """The same, asking the list itself instead of Python."""
    for choice in some_choices(3, seed=11):
        for group in listing(**choice).groups:
            for value in group.values[::3]:
                clicked = listing(**{**choice, group.facet.name: [value.choice.value]})
                assert clicked.count == value.count, (choice, group.facet.name, value.choice.value)


@pytest.mark.parametrize("name", FACETS)
def test_siblings_stay(rows: list[world.Row], name: str) -> None:
    """One choice takes no other choice of its group away, and does not change its number."""

    def numbers(**choice: list[str]) -> dict[str, int]:
        group = next(g for g in listing(**choice).groups if g.facet.name == name)
        return {v.choice.value: v.count for v in group.values}

    before = numbers()
    chosen = max(before, key=lambda value: before[value])
    after = numbers(**{name: [chosen]})
    assert after == before
    assert len(before) > 1


@pytest.mark.parametrize("name", ["emne", "aar", "region", "kommune"])
def test_a_rare_value_stays_among_the_choices_once_chosen(
    rows: list[world.Row], name: str, today: dt.date
) -> None:
    """Else the form would drop it at the next change. Tags: 30, of which only the most used are offered."""
    occurring = sorted(
        {v for row in rows for v in row.values.get(name, [row.area] if name == "region" else []) if v}
    )
    if name == "region":
        occurring = [*world.REGIONS, "hele"]
    for value in occurring:
        group = next(g for g in listing(**{name: [value]}).groups if g.facet.name == name)
        chosen = [v for v in group.values if v.selected]
        assert [v.choice.value for v in chosen] == [value]
        values = [v.choice.value for v in group.values]
        assert len(values) == len(set(values))


def test_tags_offered_are_the_most_used(rows: list[world.Row]) -> None:
    """Fifteen, in alphabetical order."""
    group = next(g for g in listing().groups if g.facet.name == "emne")
    counts = sorted((sum(f"emne-{n}" in r.values["emne"] for r in rows) for n in range(30)), reverse=True)
    assert sorted((v.count for v in group.values), reverse=True) == counts[:15]


def test_what_gives_nothing_stays_visible_and_cannot_be_chosen(rows: list[world.Row], client: Client) -> None:
    """But what has been chosen can always be taken away."""
    items = pages.facet_items(client.get("/katalog/?kommune=0101"))
    zeros = [markup for (_, _), (n, markup) in items.items() if n == 0]
    assert zeros
    assert all("disabled" in markup and "checked" not in markup for markup in zeros)
    assert {v for f, v in items if f == "sektor"} == set(Sector.values)
    assert len({v for f, v in items if f == "kommune"}) == 98
    n, markup = pages.facet_items(client.get("/katalog/?kommune=0563"))["kommune", "0563"]
    assert n == 0 and "checked" in markup and "disabled" not in markup


def test_the_page_says_what_the_list_knows(rows: list[world.Row], client: Client) -> None:
    """Numbers in the markup's hooks are those of the list, and the results those of its page."""
    asked = listing(sektor=["stat", "region"], q="tillid")
    response = client.get("/katalog/?sektor=stat&sektor=region&q=tillid")
    assert pages.count(response) == asked.count
    shown = {key: n for key, (n, _) in pages.facet_items(response).items()}
    assert shown == {(g.facet.name, v.choice.value): v.count for g in asked.groups for v in g.values}
    entries = [d.content for d in asked.page.object_list]
    assert pages.slugs(response) == [e.slug for e in entries if e]
    assert pages.titles(response) == [e.title for e in entries if e]
    assert "<mark>tillid</mark>" in pages.text(response)


UNKNOWN = [
    ("type", "maskine"), ("sektor", "statt"), ("region", "9999"), ("kommune", "751"), ("fagomraade", "x"),
    ("emne", "findes-ikke"), ("aar", "i går"), ("vaerdi", "penge"), ("innovationstype", "x"), ("status", "x"),
    ("sort", "størst"), ("pr_side", "11"), ("side", "to"), ("side", "-1"), ("side", "1.5"), ("side", "٣"),
    ("sektor", "<b>&\"'"), ("kommune", "'; DROP TABLE--"), ("aar", "99999"), ("type", "x" * 10_000),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), UNKNOWN, ids=[f"{n}={v[:20]}" for n, v in UNKNOWN])
def test_an_unknown_value_is_named_and_left_out(
    rows: list[world.Row], client: Client, name: str, value: str
) -> None:
    """The rest of the choice holds; no error; nothing of it runs."""
    response = client.get("/katalog/", {"q": "tillid", name: [value] if name == "side" else value})
    assert response.status_code == 200
    assert pages.count(response) == listing(q="tillid").count
    asked = response.context["listing"]
    assert asked.unknown == [(name, value[:60])]
    assert "så det er sprunget over" in pages.text(response)
    assert "<b>&" not in pages.text(response)
    assert all(name not in QueryDict(part.remove[1:]) for part in asked.sentence)


def test_known_and_unknown_values_together(rows: list[world.Row]) -> None:
    """The known one counts."""
    asked = listing(sektor=["stat", "x", "stat", ""])
    assert (found(asked), asked.unknown) == (found(listing(sektor=["stat"])), [("sektor", "x")])


def test_all_municipalities_may_be_chosen(rows: list[world.Row]) -> None:
    """No choice that can be clicked is dropped."""
    group = next(g for g in listing().groups if g.facet.name == "kommune")
    asked = listing(kommune=[v.choice.value for v in group.values])
    assert sum(v.selected for g in asked.groups for v in g.values) == 98
    assert asked.count == sum(v.count for v in group.values)


@pytest.mark.parametrize("size", [10, 20, 50])
@pytest.mark.parametrize("sort", ["nyeste", "titel", "genbrugt", "relevans"])
@pytest.mark.parametrize("q", ["", "tillid"])
def test_pages_never_overlap_and_leave_nothing_out(
    rows: list[world.Row], size: int, sort: str, q: str
) -> None:
    """Whatever the order: all results, each once, and the same at every look."""
    first = listing(q=q, sort=sort, pr_side=size)
    last = -(-first.count // size)
    seen = [listing(q=q, sort=sort, pr_side=size, side=n).page.object_list for n in range(1, last + 1)]
    assert [len(page) for page in seen[:-1]] == [size] * (last - 1)
    ids = [document.pk for page in seen for document in page]
    assert len(ids) == len(set(ids)) == first.count
    assert ids == listing(q=q, sort=sort).results.ids(first.sort)


def test_orders_are_what_they_say(rows: list[world.Row]) -> None:
    """Newest, Danish alphabet, most reused; relevance needs a query; each default."""
    dates = [d.published_at for d in listing().documents()]
    assert dates == sorted(dates, reverse=True)
    keys = [d.sort_key for d in listing(sort="titel").documents()]
    assert keys == sorted(keys)
    reused = [d.reuse_count for d in listing(sort="genbrugt").documents()]
    assert reused == sorted(reused, reverse=True)
    assert reused[0] == 2
    assert (listing().sort, listing(q="tillid").sort, listing(sort="relevans").sort) == (
        "nyeste",
        "relevans",
        "nyeste",
    )
    best = listing(q="tillid").results
    assert best.match
    scores = best.match.scores[best.slots("relevans")].tolist()
    assert scores == sorted(scores, reverse=True)
    assert min(scores) > 0


@pytest.mark.parametrize(
    ("query", "last"),
    [
        ("side=99", "?"),
        ("side=0", "?"),
        ("side=99999999", "?"),
        ("side=99&sektor=stat&q=tillid", "?q=tillid&sektor=stat"),
    ],
)
def test_a_page_past_the_end_leads_back(rows: list[world.Row], client: Client, query: str, last: str) -> None:
    """404, with the way to the last page there is."""
    with pytest.raises(PageOutOfRange) as error:
        _ = catalogue_listing(QueryDict(query)).page
    response = client.get(f"/katalog/?{query}")
    assert response.status_code == 404
    suffix = f"side={error.value.last}" if error.value.last > 1 else ""
    address = "/katalog/" + (last + ("&" if suffix and last != "?" else "") + suffix)
    assert address.replace("&", "&amp;").rstrip("?") in pages.text(response)
    assert client.get(address).status_code == 200
    assert client.get(address).context["page"].has_next() is False


def test_an_empty_list_has_a_first_page(rows: list[world.Row], client: Client) -> None:
    """And suggests what to let go of, with numbers that hold."""
    response = client.get("/katalog/?q=findesikke&sektor=stat")
    assert (response.status_code, pages.count(response)) == (200, 0)
    misses = response.context["listing"].near_misses()
    assert misses
    for _, address, number in misses:
        assert catalogue_listing(QueryDict(address[1:])).count == number
    assert client.get("/katalog/?q=findesikke&side=2").status_code == 404


def test_each_part_of_the_sentence_can_be_taken_away(rows: list[world.Row]) -> None:
    """Its link gives exactly the same choice minus that part; order and page size stay, the page does not."""
    for choice in some_choices(20, seed=3):
        asked = listing(**choice, sort="titel", pr_side=20, side=1)
        parts = [(part.parameter, part.value) for part in asked.sentence]
        assert sorted(parts) == sorted((name, v) for name, values in choice.items() for v in values)
        for part in asked.sentence:
            left = catalogue_listing(QueryDict(part.remove[1:]))
            assert sorted((p.parameter, p.value) for p in left.sentence) == sorted(
                set(parts) - {(part.parameter, part.value)}
            )
            assert (left.sort, left.page_size, left.number, left.unknown) == ("titel", 20, 1, [])
            without = {
                n: [v for v in vs if (n, v) != (part.parameter, part.value)] for n, vs in choice.items()
            }
            assert found(left) == found(listing(**{n: vs for n, vs in without.items() if vs}))


def test_the_address_of_a_list_is_stable(rows: list[world.Row]) -> None:
    """Its own query string gives the same list; unknown parts are gone."""
    for choice in some_choices(20, seed=5):
        asked = listing(**{**choice, "ukendt": "x", "sektor": [*choice.get("sektor", []), "x"]})
        again = catalogue_listing(QueryDict(asked.querystring()[1:]))
        assert found(again) == found(asked)
        assert again.querystring() == asked.querystring()


def test_a_narrowed_list_stays_narrow(rows: list[world.Row], client: Client) -> None:
    """A tag's page: its parameter cannot be widened, and its facet is not offered."""
    slug = max((f"emne-{n}" for n in range(30)), key=lambda s: sum(s in r.values["emne"] for r in rows))
    inside = {r.slug for r in rows if slug in r.values["emne"]}
    response = client.get(f"/katalog/emner/{slug}/?pr_side=50&emne=emne-1&sektor=stat")
    assert set(pages.slugs(response)) == {
        r.slug for r in rows if r.slug in inside and "stat" in r.values["sektor"]
    }
    assert not [key for key in pages.facet_items(response) if key[0] == "emne"]
    for (name, value), (n, _) in pages.facet_items(response).items():
        if name in ("type", "vaerdi", "status"):
            choice = {"emne": [slug], "sektor": ["stat"], name: [value]}
            assert n == len(expected(rows, choice, dt.date(2026, 6, 1)))


def test_an_htmx_answer_is_the_same_list(rows: list[world.Row], client: Client) -> None:
    """The fragment and the page cannot drift."""
    whole = client.get("/katalog/?sektor=stat")
    part = client.get("/katalog/?sektor=stat", headers={"HX-Request": "true"})
    assert pages.slugs(part) == pages.slugs(whole)
    assert pages.facet_items(part) == pages.facet_items(whole)
    assert len(part.content) < len(whole.content)
    assert "HX-Request" in whole["Vary"]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("q=tillid", "Du ser alt om »tillid«"),
        ("q=kø&type=eksempel&type=forskning", "Du ser eksempler og forskning om »kø«"),
        (
            "sektor=stat&sektor=civilsamfund&fagomraade=aeldre",
            "Du ser alt fra staten eller civilsamfundet på fagområdet ældre",
        ),
        (
            "region=hele&region=1082&kommune=0751",
            "Du ser alt i hele landet eller Region Midtjylland i Aarhus Kommune",
        ),
        (
            "innovationstype=produkt&innovationstype=kommunikation",
            "Du ser alt med et nyt produkt eller ny kommunikation",
        ),
        (
            "type=vaerktoej&status=drift&status=gennemfoerelse",
            "Du ser værktøjer med status i drift eller under gennemførelse",
        ),
    ],
)
def test_the_sentence_reads_as_danish(db: None, address: str, said: str) -> None:
    """Whatever is chosen, with one value or several."""
    asked = catalogue_listing(QueryDict(address))
    words = [asked.sentence_start, *(f"{part.joint} {part.label}" for part in asked.sentence)]
    assert " ".join(" ".join(words).split()) == said
