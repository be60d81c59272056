"""A form that is sent twice gives one row, also when both come at once or the first is killed."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django import forms
from django.contrib.auth.models import Group
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import connection, transaction
from django.test import RequestFactory
from django.utils import timezone

from guards import once
from guards.models import Receival


class TitleForm(once.OnceMixin, forms.Form):
    title = forms.CharField()


class GroupForm(once.OnceMixin, forms.ModelForm):
    class Meta:
        model = Group
        fields = ("name",)


def send(token: str, scope: str = "x") -> str:
    """What a view does: a row (a group stands for it), and its address."""
    with transaction.atomic():
        if (address := once.first(token, scope)) is not None:
            return address
        row = Group.objects.create(name=str(uuid.uuid4()))
        once.done(token, scope, f"/row/{row.pk}/")
        return f"/row/{row.pk}/"


@pytest.mark.django_db
def test_the_second_time_gives_the_first_ones_address() -> None:
    token = str(uuid.uuid4())
    assert send(token) == send(token) == send(token.upper().lower())
    assert Group.objects.filter(name__contains="-").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("changed", ["token", "scope"])
def test_another_form_or_person_is_another_row(changed: str) -> None:
    token = str(uuid.uuid4())
    first = send(token, "proposal:ida")
    assert first != send(str(uuid.uuid4()) if changed == "token" else token, "proposal:bo")


@pytest.mark.django_db
def test_without_done_the_address_is_empty() -> None:
    token = str(uuid.uuid4())
    with transaction.atomic():
        assert once.first(token, "x") is None
    with transaction.atomic():
        assert once.first(token, "x") == ""


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_outside_a_transaction_it_refuses() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        once.first(str(uuid.uuid4()), "x")
    with pytest.raises(transaction.TransactionManagementError):
        once.done(str(uuid.uuid4()), "x", "/")


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_twenty_at_once_give_one_row() -> None:
    token = str(uuid.uuid4())
    ready = threading.Barrier(20)

    def attempt(number: int) -> str:
        try:
            ready.wait()
            return send(token)
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        addresses = set(pool.map(attempt, range(20)))
    assert len(addresses) == 1
    assert Group.objects.filter(name__contains="-").count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("killed", [True, False])
def test_the_second_waits_for_the_first(killed: bool) -> None:
    """The first commits: its address. The first is rolled back: the second goes on as the first."""
    token = str(uuid.uuid4())
    answers: list[str] = []

    def second() -> None:
        try:
            answers.append(send(token))
        finally:
            connection.close()

    thread = threading.Thread(target=second)
    try:
        with transaction.atomic():
            assert once.first(token, "x") is None
            thread.start()
            thread.join(0.3)
            assert thread.is_alive()
            once.done(token, "x", "/first/")
            if killed:
                raise ZeroDivisionError
    except ZeroDivisionError:
        pass
    thread.join(10)
    assert len(answers) == 1
    assert (answers[0] == "/first/") is not killed
    assert Group.objects.filter(name__contains="-").count() == int(killed)


@pytest.mark.parametrize("sent", [{}, {"once": ""}, {"once": "nonsense"}, {"once": "' OR 1=1"}])
def test_a_missing_or_broken_token_refuses_nothing(sent: dict[str, str]) -> None:
    form = TitleForm({"title": "x"} | sent)
    assert form.is_valid()
    assert uuid.UUID(form.cleaned_data["once"])


def test_the_token_is_in_the_form_and_stays_through_errors() -> None:
    fresh, other = str(TitleForm()["once"]), str(TitleForm()["once"])
    assert 'type="hidden"' in fresh
    assert fresh != other
    token = str(uuid.uuid4())
    assert token in str(TitleForm({"once": token})["once"])
    assert TitleForm({"once": token, "title": "x"}, initial={"title": "x"}).has_changed() is False


@pytest.mark.django_db
def test_model_forms_have_it_too() -> None:
    token = str(uuid.uuid4())
    form = GroupForm({"once": token, "name": "Ny"})
    assert form.is_valid()
    assert form.cleaned_data["once"] == token
    form.save()


def test_who_sends_again_is_told() -> None:
    request = RequestFactory().post("/")
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    response = once.again(request, "/row/1/")
    assert (response.status_code, response["Location"]) == (302, "/row/1/")
    assert "allerede modtaget" in str(next(iter(get_messages(request))))
    assert once.again(request, "")["Location"] == "/"


@pytest.mark.django_db
def test_tokens_are_forgotten_after_seven_days_and_name_nobody(as_web_role: Any) -> None:
    person = str(uuid.uuid4())
    with as_web_role(), transaction.atomic():
        once.first("old", person)
        once.first("new", person)
        once.done("new", person, "/new/")
    assert person not in str(list(Receival.objects.values_list()))
    Receival.objects.filter(url="").update(at=timezone.now() - timedelta(days=8))
    with as_web_role():
        assert once.purge() == 1
    assert Receival.objects.get().url == "/new/"
