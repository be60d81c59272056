"""A workplace asks: its contact person sets a storm up, and the editors read it before it is shown."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from editorial.models import QueueItem
from editorial.moderation import decide
from ideastorm.models import Storm
from places.models import Workplace
from tests.factories import UserFactory, WorkplaceFactory, editor, membership

pytestmark = pytest.mark.django_db
ADDRESS = "/idestorme/spoerg/"
NOW = timezone.now()


class Asking:
    """A workplace with a contact person and a colleague, and what the contact person writes."""

    def __init__(self) -> None:
        self.place: Workplace = WorkplaceFactory.create()
        self.contact: User = UserFactory.create()
        self.colleague: User = UserFactory.create()
        membership(user=self.contact, workplace=self.place, role="kontaktperson")
        membership(user=self.colleague, workplace=self.place, role="medarbejder")
        self.client = Client()
        self.client.force_login(self.contact)

    def data(self, **changes: Any) -> dict[str, Any]:
        """A whole form."""
        first = timezone.localtime() + dt.timedelta(days=10)

        def at(days: int) -> str:
            return (first + dt.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")

        return {
            "once": "2a6f8ab5-3f43-4f6a-9f5e-52e9b6a3a001", "workplace": self.place.slug, "title": "Breve",
            "question": "Hvilket brev skal skrives om?", "summary": "Peg på et brev.", "background": "",
            "answerer": self.contact.key, "deputy": self.colleague.key, "access": "alle", "moderation": "foer",
            "authors_shown": "valg", "opens_at": at(0), "closes_at": at(14), "support_until": at(21),
            "support_while_open": "on", "promised_on": (first + dt.timedelta(days=60)).date().isoformat(),
            "tags": "telefon, breve,  breve", "criterion_1": "Hjælper mange", "weight_1": "3", "criterion_2": "Er nyt",
            "message": "Vi vil gerne begynde i foråret.", **changes,
        }  # fmt: skip

    def send(self, **changes: Any) -> Any:
        """Send the form."""
        return self.client.post(ADDRESS, self.data(**changes))


@pytest.fixture
def asking() -> Asking:
    """See Asking."""
    return Asking()


def test_a_workplace_asks_and_the_editors_let_it(asking: Asking) -> None:
    """From the form to the public page; sent twice it is one."""
    assert asking.client.get(ADDRESS).status_code == 200
    for _time in range(2):
        assert asking.send().status_code == 302
    storm = Storm.objects.get()
    assert (storm.state, storm.author, storm.owner) == ("submitted", asking.contact, asking.place)
    assert (storm.answerer, storm.deputy, storm.access) == (asking.contact, asking.colleague, "alle")
    assert list(storm.criteria.values_list("title", "weight")) == [("Hjælper mange", 3), ("Er nyt", 1)]
    assert sorted(storm.tags.names()) == ["breve", "telefon"]
    item = QueueItem.objects.get(content=storm)
    assert item.letters.get().text == "Vi vil gerne begynde i foråret."
    assert Client().get(storm.get_absolute_url()).status_code == 404
    staff = Client()
    moderator = editor()
    staff.force_login(moderator)
    page = staff.get(f"/admin/moderation/{item.uuid}/").content.decode()
    for words in (
        "Hvilket brev skal skrives om?",
        "Hjælper mange (3)",
        "Lovet svar senest",
        asking.colleague.name,
    ):
        assert words in page
    decide(uuid=item.uuid, by=moderator, outcome="approved", reason="")
    storm.refresh_from_db()
    assert Client().get(storm.get_absolute_url()).status_code == 200


def test_what_came_back_is_corrected_and_sent_again(asking: Asking) -> None:
    """From Min side; while the editors read, it is nobody's to change, and never another's."""
    asking.send()
    storm = Storm.objects.get()
    address = f"{ADDRESS}{storm.uuid}/"
    assert asking.client.get(address).status_code == 404
    item = QueueItem.objects.get(content=storm)
    decide(uuid=item.uuid, by=editor(), outcome="returned", reason="Hvem er det for?")
    assert f'href="{address}"' in asking.client.get("/min-side/").content.decode()
    page = asking.client.get(address).content.decode()
    assert "Hjælper mange" in page and "breve, telefon" in page
    other = Asking()
    assert other.client.get(address).status_code == 404
    sent = asking.data(once="2a6f8ab5-3f43-4f6a-9f5e-52e9b6a3a002", question="Hvilket brev er værst?")
    assert asking.client.post(address, sent).status_code == 302
    storm.refresh_from_db()
    assert (storm.state, storm.question) == ("submitted", "Hvilket brev er værst?")
    assert storm.criteria.count() == 2


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"title": ""}, "title", "Skriv emnet."),
        ({"question": " "}, "question", "Skriv det spørgsmål, I stiller."),
        ({"question": "Hvad med 010190-1234?"}, "question", "CPR"),
        ({"deputy": ""}, "deputy", "Vælg en stedfortræder."),
        ({"opens_at": "i morgen"}, "opens_at", "Skriv dag og klokkeslæt"),
        ({"opens_at": "2020-01-01T08:00"}, "opens_at", "Vælg et tidspunkt, der ikke er gået."),
        ({"closes_at": "2020-01-01T08:00"}, "closes_at", "Luk for ideer, efter at der er åbnet."),
        ({"support_until": "2020-01-01T08:00"}, "support_until", "Luk tidligst for støtte"),
        ({"promised_on": "2020-01-01"}, "promised_on", "Svarene kan tidligst loves"),
        ({"criterion_1": "", "criterion_2": ""}, "criterion_1", "Skriv mindst ét kriterium"),
        ({"weight_1": "0", "weight_2": "0"}, "criterion_1", "Skriv mindst ét kriterium"),
        ({"weight_1": "101"}, "weight_1", "Vægten er et tal fra 0 til 100."),
        ({"criterion_2": "hjælper mange"}, "criterion_2", "Kriteriet står der allerede."),
        ({"tags": ",".join("abcdefghijklmn")}, "tags", "Skriv højst 12 emner."),
        ({"tags": "x" * 41}, "tags", "Et emne er højst 40 tegn."),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_wrong_is_said_at_its_field(
    asking: Asking, changes: dict[str, Any], field: str, words: str
) -> None:
    """And nothing that was typed is lost."""
    answer = asking.send(**changes)
    assert answer.status_code == 422 and not Storm.objects.exists()
    assert any(words in error for error in answer.context["form"].errors[field])
    assert "Vi vil gerne begynde i foråret." in answer.content.decode()


def test_who_answers_works_there(asking: Asking) -> None:
    """Not at another workplace that the same contact person speaks for, and nobody is both."""
    elsewhere = WorkplaceFactory.create()
    membership(user=asking.contact, workplace=elsewhere, role="kontaktperson")
    stranger = UserFactory.create()
    membership(user=stranger, workplace=elsewhere, role="medarbejder")
    for deputy in (stranger, asking.contact):
        answer = asking.send(deputy=deputy.key)
        assert answer.status_code == 422 and "deputy" in answer.context["form"].errors
    outsider = UserFactory.create()
    assert asking.send(answerer=outsider.key).status_code == 422
    assert not Storm.objects.exists()


def test_only_contact_persons_ask(asking: Asking) -> None:
    """Others read what to do; another's workplace can't be asked for."""
    client = Client()
    client.force_login(asking.colleague)
    answer = client.get(ADDRESS)
    assert answer.status_code == 403 and "En kontaktperson kan spørge" in answer.content.decode()
    assert client.post(ADDRESS, asking.data()).status_code == 403
    assert asking.send(workplace=WorkplaceFactory.create().slug).status_code == 422
    assert not Storm.objects.exists()
