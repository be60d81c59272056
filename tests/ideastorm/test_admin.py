"""Storms are set up in admin; what stands once they have opened is said there in words."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ideastorm.models import Invitation, Storm
from ideastorm.models.storm import TIMES
from tests.admin_forms import errors, shown
from tests.factories import IdeaFactory, StormFactory, WorkplaceFactory, editor, public_idea, public_storm

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    """An editor."""
    client.force_login(editor())
    return client


def change(row: object) -> str:
    """The page of a row in admin."""
    meta = row._meta  # type: ignore[attr-defined]
    return reverse(f"admin:ideastorm_{meta.model_name}_change", args=[row.pk])  # type: ignore[attr-defined]


def written(staff: Client, storm: Storm, **changes: str) -> dict[str, Any]:
    """What the browser would send of a storm, with its moments as two fields each."""
    data = shown(staff.get(change(storm)))
    for name in TIMES:
        local = timezone.localtime(getattr(storm, name))
        data |= {f"{name}_0": local.strftime("%d.%m.%Y"), f"{name}_1": local.strftime("%H:%M:%S")}
    return data | changes


def test_every_page_opens(staff: Client) -> None:
    """For drafts and for what is public."""
    storm = public_storm()
    invitation = Invitation.objects.create(storm=storm, workplace=WorkplaceFactory.create())
    for row in (StormFactory.create(), storm, IdeaFactory.create(), public_idea(storm=storm), invitation):
        assert staff.get(change(row)).status_code == 200
    link = reverse("ideastorm:invitation", args=[storm.slug, invitation.code])
    page = staff.get(change(invitation)).content.decode()
    assert f"{settings.SITE_URL}{link}</a>" in page, "it is copied into a mail"
    for model in ("storm", "idea", "invitation"):
        assert staff.get(reverse(f"admin:ideastorm_{model}_changelist")).status_code == 200
        assert staff.get(reverse(f"admin:ideastorm_{model}_add")).status_code == 200
    found = staff.get(reverse("admin:ideastorm_storm_changelist"), {"fase": "ideer"}).content.decode()
    assert storm.title in found and "Åben for ideer. Slutter" in found


def test_a_storm_is_corrected_before_it_opens(staff: Client) -> None:
    """Anything, with its criteria."""
    storm = StormFactory.create()
    data = written(staff, storm, question="Hvilket brev er værst?", **{"criteria-0-weight": "9"})
    response = staff.post(change(storm), data)
    assert response.status_code == 302, errors(response)
    storm.refresh_from_db()
    assert storm.question == "Hvilket brev er værst?"
    assert set(storm.criteria.values_list("weight", flat=True)) == {9, 1}


def test_what_is_fixed_is_said_in_words(staff: Client) -> None:
    """And nothing else of what was typed is lost; the criteria can only be read."""
    storm = public_storm()
    assert 'name="criteria-0-weight"' not in staff.get(change(storm)).content.decode()
    data = {
        k: v for k, v in written(staff, storm).items() if not k.startswith("criteria-") or k.endswith("FORMS")
    }
    page = staff.post(change(storm), data | {"access": "konto", "question": "Noget nyt?"})
    assert page.status_code == 200
    assert "Idéstormen er åbnet, så det her ligger fast." in page.content.decode()
    assert "Noget nyt?" in page.content.decode()
    late = Storm.objects.get(pk=storm.pk)
    assert late.access == storm.access
    new = storm.closes_at + dt.timedelta(days=1)
    data |= {"closes_at_0": new.strftime("%d.%m.%Y"), "closes_at_1": "12:00"}
    response = staff.post(change(storm), data)
    assert response.status_code == 302, errors(response)
    late.refresh_from_db()
    assert late.closes_at > storm.closes_at


@pytest.mark.parametrize(
    ("field", "days", "sentence"),
    [
        (
            "closes_at",
            {"opens_at": 5, "closes_at": 4},
            "Idéstormen skal lukke for ideer, efter at den er åbnet.",
        ),
        (
            "support_until",
            {"closes_at": 5, "support_until": 4},
            "Man skal kunne støtte ideerne, mindst til der er lukket for nye.",
        ),
        (
            "promised_on",
            {"support_until": 6, "promised_on": 5},
            "Svarene kan tidligst loves til den dag, der lukkes for støtte.",
        ),
    ],
)
def test_a_date_in_the_wrong_order_is_told_at_the_date(
    staff: Client, field: str, days: dict[str, int], sentence: str
) -> None:
    """Once, not above the form, where one has to guess which."""
    storm = StormFactory.create()
    at = {"opens_at": 3, "closes_at": 5, "support_until": 6, "promised_on": 9} | days
    now = timezone.localtime()
    data = written(staff, storm)
    for name, days_from_now in at.items():
        day = (now + dt.timedelta(days=days_from_now)).strftime("%d.%m.%Y")
        data[name if name == "promised_on" else f"{name}_0"] = day
    response = staff.post(change(storm), data)
    form = response.context["adminform"].form
    assert form.errors == {field: [sentence]} and response.content.decode().count(sentence) == 1


def test_each_half_of_a_moment_has_a_name(staff: Client) -> None:
    """For those who hear the form."""
    page = staff.get(reverse("admin:ideastorm_storm_add")).content.decode()
    assert 'aria-label="Åbner for ideer, dato"' in page and 'aria-label="Åbner for ideer, klokkeslæt"' in page
