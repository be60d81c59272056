"""A notice and its job stand or fall with what they tell of, and no trouble with mail loses either."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from notices.models import Notice
from notices.sending import tell, tell_staff
from tests.factories import UserFactory, editor

Deliver = Callable[[], list[EmailMessage]]


def jobs() -> list[str]:
    """The keys of the notices that a job waits for."""
    rows = ProcrastinateJob.objects.filter(task_name="notices.send_notice", status="todo")
    return [row.args["key"] for row in rows]


@pytest.mark.django_db
def test_the_job_stands_in_the_same_transaction() -> None:
    """Rolled back: neither. Committed: both."""
    user = UserFactory.create()
    with pytest.raises(RuntimeError), transaction.atomic():
        tell(to=user, event="svar", subject="Svar", text="Et svar")
        assert len(jobs()) == 1
        raise RuntimeError
    assert not Notice.objects.exists()
    assert not jobs()
    notice = tell(to=user, event="svar", subject="Svar", text="Et svar")
    assert jobs() == [str(notice.uuid)]


@pytest.mark.django_db
def test_editors_are_told(deliver: Deliver) -> None:
    """Active ones, each once; nobody else."""
    one, two = editor(), editor()
    editor(is_active=False)
    UserFactory.create()
    tell_staff(event="redaktion", subject="Noget venter", text="Se her.", url="/admin/")
    sent = deliver()
    assert sorted(m.to[0] for m in sent) == sorted([one.email, two.email])
    assert "http://localhost:8000/admin/" in sent[0].body or "/admin/" in sent[0].body


@pytest.mark.django_db
def test_an_address_without_account(deliver: Deliver) -> None:
    """Gets the mail, without the link to choices that only an account has."""
    tell(to="Borger@Example.dk", event="behandling", subject="Tak", text="Tak for din historie.")
    (message,) = deliver()
    assert message.to == ["borger@example.dk"]
    assert "valg" not in message.body
    assert "/beskeder/afmeld/" in message.body
    assert deliver() == []


def test_placeholder(settings: Any) -> None:
    """The queue is what Django's own mails go through."""
    assert settings.MAIL_DELIVERY_BACKEND.endswith("locmem.EmailBackend")
