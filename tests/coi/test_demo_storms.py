"""The demonstration's storms: one is over, one open, one comes, on whatever day they are made."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coi.demo_roles import ROLES
from coi.demo_storms import load_storms
from coi.management.commands.load_demo import ACCOUNTS
from editorial.models import Content
from ideastorm.choices import AnswerStatus, StormPhase
from ideastorm.models import (
    Assignment,
    Comment,
    Idea,
    IdeaAnswer,
    IdeaMerge,
    IdeaNews,
    Score,
    Storm,
    Support,
)
from tests.factories import UserFactory, WorkplaceFactory, public_project, published

pytestmark = pytest.mark.django_db


def test_three_storms(client: Client) -> None:
    """With everything that a storm can have, all of it marked; made once."""
    for email in ACCOUNTS:
        UserFactory.create(email=email)
    for slug, _role in ROLES.values():
        WorkplaceFactory.create(slug=slug, is_demo=True)
    published(is_demo=True)
    public_project(is_demo=True)
    load_storms()
    phases = dict(Storm.objects.with_phase().values_list("title", "phase"))
    assert phases == {
        "Kortere vej til svar": StormPhase.RESULTS,
        "Breve, man forstår": StormPhase.IDEAS,
        "Færre møder": StormPhase.ANNOUNCED,
    }
    over = Storm.objects.get(external_id="demo-idestorm-3")
    assert over.finished_at is not None and over.finished_at.date() <= over.promised_on
    assert Idea.objects.published().of_storm(over).standing().count() >= 25
    assert not Idea.objects.of_storm(over).unanswered().exists()
    assert set(IdeaAnswer.objects.values_list("status", flat=True)) == set(AnswerStatus)
    assert Comment.objects.filter(idea__storm=over, parent__isnull=False).exists()
    assert Idea.objects.filter(storm=over, raised_from__isnull=False).count() == 1
    assert IdeaMerge.objects.active().count() == 1
    assert Support.objects.filter(idea__storm=over).count() > 300
    assert not Assignment.objects.filter(sent_at=None).exists() and Score.objects.exists()
    assert IdeaNews.objects.filter(became__isnull=False).exists()
    assert not Content.objects.filter(kind__in=("ide", "idestorm"), is_demo=False).exists()
    page = client.get(over.get_absolute_url()).content.decode()
    assert "26 af 26 besvaret" in page and "Demo: fundet på" in page
    assert "Alle ideer fik svar" in page and "svarede." in page
    found = client.get("/soeg/", {"q": "ventetiden", "type": "ide"}).content.decode()
    assert f"{over.get_absolute_url()}ideer/" in found or "/idestorme/ideer/" in found
    before = Content.objects.count()
    with CaptureQueriesContext(connection) as queries:
        load_storms()
    assert Content.objects.count() == before and len(queries) < 8
