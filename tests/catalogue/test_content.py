"""The written content: all of it loads, says where it is from, and promises nothing on behalf of real workplaces."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Value
from django.db.models.functions import Concat
from django.test import Client

from catalogue.choices import KINDS
from catalogue.loading import load_all, read
from catalogue.models import Collection, Entry, Reuse
from coi.home import TRY
from editorial.models import Contact
from places.models import Succession, Workplace, WorkplacePeriod, WorkplaceSlug
from search.models import Document
from tests import pages
from tests.database_scope import shared_rows


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, int]]:
    """The content, loaded once."""
    with shared_rows(django_db_blocker):
        yield load_all()


@pytest.fixture(autouse=True)
def _loaded(loaded: dict[str, int], db: None) -> None:
    """Every test here is about it."""


def test_there_is_enough_of_it(loaded: dict[str, int]) -> None:
    """58 entries, at least 30 real ones, over all six types, all public and found."""
    assert (
        loaded["entries"]
        == Entry.objects.published().count()
        == Document.objects.visible().filter(kind__in=KINDS).count()
        == 58
    )
    real = Counter(Entry.objects.filter(is_demo=False).values_list("kind", flat=True))
    assert sum(real.values()) >= 30
    assert set(real) == set(KINDS)


def test_loading_again_adds_nothing() -> None:
    """And changes nothing that staff have changed since."""
    Entry.objects.filter(slug=Entry.objects.published()[0].slug).update(title="Rettet af redaktionen")

    def numbers() -> dict[str, int]:
        return {m._meta.label: m._default_manager.count() for m in apps.get_models() if m._meta.managed}

    before = numbers()
    assert set(load_all().values()) == {0}
    assert numbers() == before
    assert Entry.objects.filter(title="Rettet af redaktionen").exists()


def test_what_is_invented_is_loaded_only_where_it_is_asked_for() -> None:
    """A portal in production begins with what is real, collections and all."""
    for model in (Collection, Entry):
        model._default_manager.all().delete()
    WorkplacePeriod.objects.all().delete()
    Succession.objects.all().delete()
    Workplace.objects.update(parent=None)
    Workplace.objects.update(slug=Concat("slug", Value("-foer")))
    Workplace.objects.filter(is_demo=True).update(is_demo=False)
    WorkplaceSlug.objects.filter(slug__in=[w["key"] for w in read("workplaces.toml", "workplace")]).delete()
    load_all(demo=False)
    assert Entry.objects.count() >= 30
    for model in (Entry, Workplace):
        assert not model._default_manager.filter(is_demo=True).exists()


def test_every_real_entry_says_where_it_is_from() -> None:
    """Source and year."""
    for entry in Entry.objects.filter(is_demo=False):
        assert entry.source and entry.source_year, entry
        assert entry.external_id


def test_nothing_is_promised_for_real_workplaces() -> None:
    """No reuse, confirmation, contact or answer; what is invented belongs to invented workplaces."""
    real = Entry.objects.filter(is_demo=False)
    assert not Reuse.objects.filter(entry__in=real).exists()
    assert not real.filter(confirmed_on__isnull=False).exists()
    assert not Contact.objects.filter(content__in=real).exists()
    assert not real.filter(questions__isnull=False).exists()
    for entry in Entry.objects.filter(is_demo=True).select_related("owner"):
        assert entry.owner is None or entry.owner.is_demo, entry
        assert all(w.is_demo for w in entry.participants.all())
        assert all(r.workplace.is_demo for r in entry.reuses.all())
    assert not Workplace.objects.filter(mailbox__gt="").exists()


def test_invented_entries_show_what_the_portal_can() -> None:
    """Effect with numbers, reuse and a confirmation."""
    demo = Entry.objects.filter(is_demo=True)
    assert demo.filter(measures__before__isnull=False, measures__after__isnull=False).exists()
    assert demo.filter(reuses__visible=True).exists()
    assert demo.filter(confirmed_on__isnull=False).exists()


def test_every_page_answers(client: Client) -> None:
    """Entries, collections, and every fifth workplace."""
    for thing in [*Entry.objects.all(), *Collection.objects.all(), *Workplace.objects.all()[::5]]:
        response = client.get(thing.get_absolute_url())
        assert response.status_code == 200, thing
        assert ">None<" not in pages.text(response)


@pytest.mark.parametrize("word", TRY)
def test_what_the_front_page_offers_has_results(client: Client, word: str) -> None:
    """Each search that is suggested."""
    assert f"?q={word}" in pages.text(client.get("/")) or word != word.encode("ascii", "ignore").decode()
    assert pages.count(client.get("/katalog/", {"q": word})) > 0


def test_the_front_page_counts(client: Client) -> None:
    """Numbers are those of the lists they lead to."""
    context = client.get("/").context
    assert context["total"] == 58 == sum(t.count for t in context["types"])
    for kind in context["types"]:
        assert pages.count(client.get("/katalog/", {"type": kind.value})) == kind.count > 0
    for shape in context["map"].shapes:
        assert pages.count(client.get("/katalog/", {"region": shape.code})) == shape.count
    assert len(context["newest"]) == 4


def test_the_first_collection_has_the_chapters_of_its_source(client: Client) -> None:
    """»Tillid og samarbejde«."""
    collection = Collection.objects.get(title="Tillid og samarbejde")
    titles = [c.title.lower() for c in collection.chapters.all()]
    assert len(titles) == 5
    for word, title in zip(
        ["initiativer", "videnscentre", "forskning", "erfaringer", "litteratur"], titles, strict=True
    ):
        assert word in title
    assert all(c.entries.exists() for c in collection.chapters.all())


def test_content_shows_the_name_of_its_time(client: Client) -> None:
    """Where a workplace has changed its name since, both stand on the page."""
    changed = [e for e in Entry.objects.with_page() if e.owner and e.owner.name != e.owner_name]
    for entry in changed:
        text = pages.text(client.get(entry.get_absolute_url()))
        assert entry.owner is not None
        assert entry.owner_name in text
        assert entry.owner.name in text
