"""Housekeeping takes what nobody needs, and nothing else."""

import datetime as dt
import os
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from coi import tasks
from editorial.models import Picture
from guards.models import Allowance, Receival
from tests.factories import EntryFactory


@pytest.mark.django_db
def test_sessions_that_have_run_out_are_deleted() -> None:
    now = timezone.now()
    Session.objects.create(session_key="old", session_data="", expire_date=now - dt.timedelta(days=1))
    Session.objects.create(session_key="new", session_data="", expire_date=now + dt.timedelta(days=1))
    tasks.clear_sessions(timestamp=0)
    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]


@pytest.mark.django_db
def test_pictures_that_no_row_uses_are_deleted_after_a_day(settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    folder = tmp_path / "billeder" / "ab"
    folder.mkdir(parents=True)
    for name in ("used.jpg", "used-400.webp", "orphan.jpg", "orphan-400.webp", "young.jpg"):
        (folder / name).write_bytes(b"x")
    long_ago = (timezone.now() - dt.timedelta(days=2)).timestamp()
    for file in folder.iterdir():
        if file.name != "young.jpg":
            os.utime(file, (long_ago, long_ago))
    Picture.objects.create(content=EntryFactory(), name="billeder/ab/used.jpg", width=10, height=10)
    tasks.delete_orphaned_pictures(timestamp=0)
    assert sorted(f.name for f in folder.iterdir()) == ["used-400.webp", "used.jpg", "young.jpg"]


@pytest.mark.django_db
def test_limits_and_received_forms_are_forgotten() -> None:
    now = timezone.now()
    for model, key, moments in (
        (Allowance, "free_at", {"old": now - dt.timedelta(minutes=1), "new": now + dt.timedelta(minutes=1)}),
        (Receival, "at", {"old": now - dt.timedelta(days=8), "new": now - dt.timedelta(days=6)}),
    ):
        for name, moment in moments.items():
            model.objects.create(key=name, **{key: moment})  # type: ignore[attr-defined]
    tasks.forget_attempts(timestamp=0)
    tasks.forget_received_forms(timestamp=0)
    assert list(Allowance.objects.values_list("key", flat=True)) == ["new"]
    assert list(Receival.objects.values_list("key", flat=True)) == ["new"]
