"""Changes: what is public stands until one is approved; a base that has moved shows; nothing is done twice."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from catalogue.models import Entry
from editorial.models import Change, Decision
from editorial.models.change import ChangeConflictError
from editorial.models.querysets import TransitionError
from search.models import Document
from tests.factories import (
    EntryFactory,
    LinkFactory,
    MeasureFactory,
    PictureFactory,
    UserFactory,
    WorkplaceFactory,
    published,
)


def begin(entry: Entry, **proposed: Any) -> Change:
    """A change of the entry by somebody."""
    return Change.begin(entry, by=UserFactory.create(), proposed=proposed)


def approve(change: Change, **options: Any) -> None:
    """Approve a fresh copy, as another request would."""
    Change.objects.get(pk=change.pk).approve(by=UserFactory.create(), **options)


def test_nothing_moves_before_approval(db: None) -> None:
    """Neither row nor search document."""
    entry = published(title="Før")
    change = begin(entry, title="Efter")
    entry.refresh_from_db()
    assert (entry.title, Document.objects.get().title, change.state) == ("Før", "Før", "draft")
    assert (change.base, change.base_version) == ({"title": "Før"}, entry.version)


def test_an_approved_change_is_public_and_logged(db: None) -> None:
    """Fields, search document, log and the change's own state."""
    entry, staff = published(title="Før"), UserFactory.create()
    before = entry.version
    change = begin(entry, title="Efter", problem="Vi var for få om det.", values=["kvalitet"], year_from=2020)
    change.approve(by=staff, reason="Godt set")
    entry.refresh_from_db()
    assert (entry.title, entry.problem, entry.values, entry.year_from) == (
        "Efter", "Vi var for få om det.", ["kvalitet"], 2020,
    )  # fmt: skip
    assert entry.version > before
    assert entry.slug == "foer"  # an address changes by staff's hand only
    document = Document.objects.get()
    assert (document.title, document.years, document.values) == ("Efter", [2020], ["kvalitet"])
    assert "for få" in document.body
    decision = Decision.objects.get(action="change-published")
    assert (decision.content_uuid, decision.actor_key, decision.reason) == (entry.uuid, staff.key, "Godt set")
    assert (change.state, change.submitted_at is not None) == ("published", True)


def test_rows_tags_and_pictures_are_replaced(db: None) -> None:
    """What hangs on the content is part of the change, in its order."""
    entry = published(tags=["gammelt", "fælles"], subject_areas=["skole"])
    LinkFactory.create(content=entry, title="Ud")
    PictureFactory.create(content=entry, alt="Ud")
    MeasureFactory.create(entry=entry)
    workplace = WorkplaceFactory.create(name="Nabokommunen")
    picture = {"name": "p/1.webp", "width": 10, "height": 20, "widths": [5], "alt": "Ind", "caption": "", "credit": "",
               "position": 0}  # fmt: skip
    links = [
        {"kind": "source", "title": f"Link {n}", "url": "https://example.dk", "note": "", "checked_on": "2026-02-03",
         "position": n}
        for n in (0, 1)
    ]  # fmt: skip
    change = begin(
        entry,
        links=links,
        pictures=[picture],
        measures=[],
        tags=["fælles", "nyt"],
        subject_areas=["aeldre", "sundhed"],
        participations=[{"workplace_id": workplace.pk, "role": "betaler", "position": 0}],
    )
    approve(change)
    assert list(entry.links.values_list("title", "checked_on")) == [
        ("Link 0", dt.date(2026, 2, 3)),
        ("Link 1", dt.date(2026, 2, 3)),
    ]
    assert [p.alt for p in entry.pictures.all()] == ["Ind"]
    assert not entry.measures.exists()
    assert sorted(entry.tags.names()) == ["fælles", "nyt"]
    assert {s.slug for s in entry.subject_areas.all()} == {"aeldre", "sundhed"}
    document = Document.objects.get()
    assert (sorted(document.tags), "Nabokommunen" in document.names) == (["faelles", "nyt"], True)
    assert sorted(document.subject_areas) == ["aeldre", "sundhed"]


def test_a_change_back_to_what_is_changes_nothing(db: None) -> None:
    """Approving the snapshot of a full entry gives the same snapshot."""
    entry = published(tags=["a"], year_from=2019, owner=WorkplaceFactory.create(), municipality_id="0751")
    LinkFactory.create(content=entry, checked_on=dt.date(2026, 1, 1))
    MeasureFactory.create(entry=entry, before="1.5", after=None)
    snapshot = entry.snapshot()
    approve(begin(entry, **snapshot))
    assert Entry.objects.get().snapshot() == snapshot


@pytest.mark.parametrize("part", ["title", "links", "tags"])
def test_a_base_that_moved_shows_the_conflict(db: None, part: str) -> None:
    """Nothing is written until the moderator has seen both and insists."""
    link = {
        "kind": "more",
        "title": "Mit",
        "url": "https://example.dk",
        "note": "",
        "checked_on": None,
        "position": 0,
    }
    mine: Any = {"title": "Min", "links": [link], "tags": ["mit"]}[part]
    entry = published(title="Før")
    change = begin(entry, **{part: mine})
    if part == "title":
        Entry.objects.update(title="Andens")
    elif part == "links":
        LinkFactory.create(content=entry, title="Andens")
    else:
        entry.tags.add("andens")
    with pytest.raises(ChangeConflictError) as error:
        approve(change)
    assert error.value.fields == [part]
    assert Entry.objects.get().snapshot()[part] != mine
    change.refresh_from_db()
    assert change.state == "draft"
    assert not Decision.objects.filter(action__startswith="change").exists()
    approve(change, force=True)
    assert Entry.objects.get().snapshot()[part] == mine


def test_no_conflict_where_it_does_not_matter(db: None) -> None:
    """Another field, or the same value, or a version that moved for other reasons."""
    entry = published(title="Før")
    change = begin(entry, title="Efter", source="Rapport")
    Entry.objects.update(title="Efter", problem="Noget andet")
    approve(change)
    entry.refresh_from_db()
    assert (entry.title, entry.source, entry.problem) == ("Efter", "Rapport", "Noget andet")


@pytest.mark.parametrize("first", ["approve", "reject"])
@pytest.mark.parametrize("second", ["approve", "reject"])
def test_a_change_is_decided_once(db: None, first: str, second: str) -> None:
    """Also by a moderator who has an old page open."""
    entry, staff = published(title="Før"), UserFactory.create()
    change = begin(entry, title="Efter")
    copy = Change.objects.get(pk=change.pk)
    getattr(change, first)(by=staff, reason="A")
    with pytest.raises(TransitionError, match="allerede behandlet"):
        getattr(copy, second)(by=staff, reason="B")
    assert Entry.objects.get().title == ("Efter" if first == "approve" else "Før")
    assert Decision.objects.filter(action__startswith="change").count() == 1


KNOWN = {"title", "summary", "sectors", "municipality_id", "region_id", "year_from", "year_to", "source", "source_year",
         "owner_id", "links", "pictures", "participations", "tags", "subject_areas"}  # fmt: skip
FORBIDDEN = ["state", "slug", "uuid", "kind", "version", "is_demo", "author_id", "published_at", "contact", "reuses",
             "confirmed_on", "external_id", "pk", "objects", "nonsense", "__class__"]  # fmt: skip


@pytest.mark.parametrize("part", FORBIDDEN)
def test_only_known_parts_can_be_changed(db: None, part: str) -> None:
    """A change that names anything else can neither be begun nor approved, and writes nothing of the rest."""
    entry = published(title="Før")
    with pytest.raises(KeyError):
        begin(entry, title="Efter", **{part: "x"})
    change = begin(entry, title="Efter")
    Change.objects.filter(pk=change.pk).update(proposed={"title": "Efter", part: "x"})
    with pytest.raises(KeyError):
        approve(change)
    assert Entry.objects.get().title == "Før"
    assert Change.objects.get().state == "draft"


def test_what_may_be_changed_is_what_is_meant(db: None) -> None:
    """A new part is a decision, so it changes this test."""
    assert set(EntryFactory.create().snapshot()) >= KNOWN
    assert not set(FORBIDDEN) & set(EntryFactory.create().snapshot())


@pytest.mark.parametrize(
    "proposed",
    [
        {"title": ""},
        {"title": "x" * 121},
        {"summary": ""},
        {"sectors": ["maanen"]},
        {"values": ["penge"]},
        {"status": "ide"},
        {"year_from": 2020, "year_to": 2010},
        {"year_from": "i fjor"},
        {"municipality_id": "9999"},
        {"municipality_id": "0751", "region_id": "1082"},
        {"links": [{"kind": "more", "title": "x", "url": "javascript:alert(1)", "position": 0, "note": ""}]},
        {"links": [{"title": "x"}]},
        {"measures": [{"label": "x", "unit": "y", "better": "", "evidence": "", "position": 0}]},
        {"subject_areas": []},
        {"subject_areas": ["aeldre", "findes-ikke"]},
    ],
)
def test_a_change_that_would_break_the_content_is_refused(db: None, proposed: dict[str, Any]) -> None:
    """With a message, and without a trace: what is public stays complete."""
    entry = published()
    before = entry.snapshot()
    with pytest.raises(ValidationError):
        approve(begin(entry, **proposed))
    assert Entry.objects.get().snapshot() == before
    assert Change.objects.get().state == "draft"


def test_a_change_does_not_bring_back_what_was_taken_down(db: None) -> None:
    """It is refused, and the page stays as it was taken down."""
    entry = published(title="Før")
    change = begin(entry, title="Efter")
    entry.suspend(by=None, reason="Fejl")
    with pytest.raises(TransitionError):
        approve(change)
    entry.refresh_from_db()
    assert (entry.title, entry.state, Document.objects.get().visible) == ("Før", "suspended", False)
