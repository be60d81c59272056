"""Two workplaces that are one: every relation has a way, totals are added up, and nothing else goes along."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from pghistory.models import Event

from editorial.actions import merge_workplaces
from editorial.models import Content, Reading, Sought
from places.merging import BECOME_ONE, DERIVED, MOVED, WAYS, MergeError, Way, name_of, pointers, refused
from places.models import Workplace
from tests.factories import (
    ReuseFactory,
    WorkplaceFactory,
    public_project,
    public_story,
    public_unit,
    published,
)

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 2)
NOTHING = Way(lambda _field, _keep, _duplicate: None)


def pair() -> tuple[Workplace, Workplace]:
    return WorkplaceFactory.create(), WorkplaceFactory.create()


def merge(keep: Workplace, duplicate: Workplace) -> Workplace:
    return merge_workplaces(keep=keep, duplicate=duplicate, by=None)


def pointing() -> list[models.Field[Any, Any]]:
    """Every column that points at a workplace, from the models themselves."""
    return [
        field
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and not issubclass(model, Event)
        for field in model._meta.local_fields
        if field.remote_field and field.remote_field.model is Workplace
    ]


def test_every_relation_to_a_workplace_has_a_way() -> None:
    """A new one says in its AppConfig.ready what becomes of it (places.merging.WAYS); until then nothing is merged."""
    assert {name_of(field) for field in pointing()} == set(WAYS)
    assert {name_of(field) for field in pointers()} == set(WAYS)


def test_no_way_takes_content_away() -> None:
    """What a page hangs on moves or is let go of; it never becomes one with another, and is never made anew."""
    content = [field for field in pointing() if issubclass(field.model, Content)]
    assert content
    assert not [name_of(f) for f in content if WAYS[name_of(f)] in (BECOME_ONE, DERIVED)]


def test_all_content_stands_after_a_merge() -> None:
    keep, duplicate = pair()
    for owner in (keep, duplicate):
        entry = published(owner=owner)
        entry.participations.create(workplace=duplicate if owner is keep else keep)
        public_project(owner=owner)
        public_story(owner=owner)
        public_unit(owner=owner, same_workplace=owner)
        ReuseFactory.create(entry=published(), workplace=owner)
        ReuseFactory.create(entry=entry, workplace=duplicate if owner is keep else keep)
    before = set(Content.objects.values_list("pk", "kind", "state"))
    merge(keep, duplicate)
    assert set(Content.objects.values_list("pk", "kind", "state")) == before
    assert set(Content.objects.exclude(owner=None).values_list("owner", flat=True)) >= {keep.pk}
    assert not Workplace.objects.filter(pk=duplicate.pk).exists()


def test_what_was_read_and_sought_is_added_up() -> None:
    keep, duplicate = pair()
    days = {keep: {0: 3, 1: 4}, duplicate: {1: 10, 2: 20}}
    for workplace, totals in days.items():
        for n, times in totals.items():
            Reading.objects.create(workplace=workplace, day=DAY + dt.timedelta(days=n), times=times)
    page = published(owner=duplicate)
    Reading.objects.create(content=page, day=DAY, times=7)
    rows = [
        (keep, "a", "", 4), (duplicate, "a", "", 4), (keep, "b", "tillid", 9), (duplicate, "b", "", 2),
        (keep, "c", "", 1), (duplicate, "c", "leg", 6), (duplicate, "d", "mad", 5),
    ]  # fmt: skip
    for workplace, mark, words, times in rows:
        Sought.objects.create(workplace=workplace, month=DAY, fingerprint=mark, words=words, times=times)
    merge(keep, duplicate)
    read = Reading.objects.filter(workplace=keep).order_by("day").values_list("day__day", "times")
    assert list(read) == [(2, 3), (3, 14), (4, 20)]
    assert Reading.objects.get(content=page).times == 7
    sought = Sought.objects.order_by("fingerprint").values_list("workplace", "fingerprint", "words", "times")
    assert list(sought) == [
        (keep.pk, "a", "", 8),
        (keep.pk, "b", "tillid", 11),
        (keep.pk, "c", "leg", 7),
        (keep.pk, "d", "mad", 5),
    ]


@pytest.mark.parametrize(
    ("relation", "way", "said"),
    [
        ("catalogue.Reuse.workplace", None, "ved ikke, hvad der skal ske med genbrug"),
        ("editorial.Content.owner", NOTHING, "noget gå tabt: indhold"),
        ("editorial.Reading.workplace", NOTHING, "noget gå tabt: læsninger"),
        ("mapping.Unit.same_workplace", NOTHING, "noget gå tabt: innovationsenheder"),
        ("editorial.Reading.workplace", MOVED, "Begge har læsninger"),
        ("editorial.Content.owner", refused("Flyt siderne først."), "Flyt siderne først."),
    ],
)
def test_what_would_be_lost_stops_the_merge(
    monkeypatch: pytest.MonkeyPatch, relation: str, way: Way | None, said: str
) -> None:
    """Rows whose way is missing, forgets them or can't be walked; nothing has happened then."""
    keep, duplicate = pair()
    for workplace in (keep, duplicate):
        public_unit(owner=workplace, same_workplace=workplace if workplace is duplicate else None)
        Reading.objects.create(workplace=workplace, day=DAY)
    if way:
        monkeypatch.setitem(WAYS, relation, way)
    else:
        monkeypatch.delitem(WAYS, relation)
    with pytest.raises(MergeError, match=said):
        merge(keep, duplicate)
    assert Workplace.objects.filter(pk=duplicate.pk).exists()
    assert (
        Content.objects.filter(owner=duplicate).count()
        == Reading.objects.filter(workplace=duplicate).count()
        == 1
    )
