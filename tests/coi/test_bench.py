"""What the measuring makes and looks at is there, or nobody notices that it measures nothing."""

from __future__ import annotations

import pytest
from django.test import Client

from coi.bench_places import APPLIED, FULL, HOST, HOSTED, fill_practicum
from coi.bench_practicum import accept_at_once, distance_alone, practicum_files, practicum_pages
from practicum.models import Application, DirectRequest, Offer, Stay


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_practicum_is_made_once_and_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fiftieth of it: every page answers, and accepts at once are neither too many nor lost."""
    monkeypatch.setattr("coi.bench_places.SEATS", 3)
    monkeypatch.setattr("coi.bench_practicum.SEATS", 3)
    monkeypatch.setattr("coi.bench_practicum.REQUESTS", 9 * FULL)
    assert fill_practicum(100) == 100
    assert fill_practicum(100) == 0
    assert Offer.objects.published().count() == 100 + FULL
    assert Offer.objects.filter(owner__memberships__user__email=HOST).count() == HOSTED
    assert Application.objects.filter(guest__email__startswith="gaest@").count() == APPLIED
    for name, path, dress in practicum_pages():
        client = Client()
        if dress:
            dress(client)
        assert client.get(path).status_code == 200, name
    assert len(practicum_files()) == 2
    assert distance_alone(runs=1).queries == 0
    before = Stay.objects.count(), DirectRequest.objects.count()
    found = accept_at_once()
    assert (found.held, found.waiting) == (found.seats, found.requests - found.seats)
    assert (found.too_many, found.lost) == (0, 0)
    assert (Stay.objects.count(), DirectRequest.objects.count()) == before
