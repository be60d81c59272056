"""The front page shows the storms that are open, and only those."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import StormFactory, public_storm

pytestmark = pytest.mark.django_db


def test_open_storms_stand_on_the_front_page(client: Client) -> None:
    """With their question and how long they last yet; what comes later or is taken down does not stand there."""
    shown = public_storm(question="Hvilket brev skal skrives om først?")
    down = public_storm(question="Er denne taget ned?")
    down.suspend(by=None, reason="Prøve")  # type: ignore[arg-type]
    now = timezone.now()
    coming = StormFactory.create(question="Kommer denne senere?", opens_at=now + dt.timedelta(days=3))
    coming.publish(by=None)
    page = client.get("/").content.decode()
    assert shown.get_absolute_url() in page and shown.question in page and "Åben for ideer" in page
    assert down.question not in page and coming.question not in page


def test_without_open_storms_nothing_stands_there(client: Client) -> None:
    """No heading over nothing."""
    page = client.get("/").content.decode()
    assert "coi-storm-panels" not in page and "Se alle idéstorme" not in page
