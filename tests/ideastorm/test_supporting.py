"""Supporting an idea: once for each person, by account or by an address; in time; and hidden until it is counted."""

from __future__ import annotations

import datetime as dt
import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from guards.spam import FIELD, posted
from ideastorm.models import Idea, IdeaMerge, Invitation, Support, SupportAddress
from ideastorm.models.support import address_hash
from ideastorm.permissions import Visitor
from ideastorm.results.figures import took_part
from ideastorm.supporting import actions
from ideastorm.supporting.forms import AddressForm
from notices.models import Notice, OutgoingMail
from tests.factories import UserFactory, WorkplaceFactory, editor, employee, public_idea, public_storm

pytestmark = pytest.mark.django_db
Clock = Callable[[dt.datetime], None]
OPENS = dt.datetime(2026, 9, 1, 8, tzinfo=dt.UTC)


def url(idea: Idea, name: str = "support") -> str:
    """An address of the idea."""
    return reverse(f"ideastorm:{name}", args=[idea.storm.slug, idea.slug])


def idea_in(**storm: Any) -> Idea:
    """A public idea in a storm that lets people support at once."""
    return public_idea(storm=public_storm(**{"support_while_open": True, **storm}))


def ask(client: Client, idea: Idea, email: str, **more: str) -> Any:
    """Write an address and send it."""
    return client.post(url(idea), {"email": email, **posted(AddressForm), **more})


def link_of(mail: OutgoingMail) -> str:
    """The address in a mail, without the site."""
    found = re.search(r"https?://[^/]+(/\S+)", mail.message["body"])
    assert found
    return found.group(1)


def test_one_click_supports_and_one_takes_it_back(client: Client) -> None:
    """Each twice is once; the page and the list say which it is, and no number before it is time."""
    idea, user = idea_in(), UserFactory.create()
    idea.reindex()
    client.force_login(user)
    for _n in range(2):
        response = client.post(url(idea), follow=True)
        assert "Du støtter" in response.content.decode() and "1 støtte" not in response.content.decode()
        assert Support.objects.get().user == user
    page = client.get(idea.storm.get_absolute_url()).content.decode()
    assert "Træk støtten tilbage" in page and "1 støtte" not in page
    assert idea.title in client.get("/min-side/").content.decode()
    for _n in range(2):
        response = client.post(url(idea, "unsupport"), follow=True)
        assert not Support.objects.exists()
    assert "Ideer, jeg støtter" not in client.get("/min-side/").content.decode()


@pytest.mark.parametrize(
    ("to", "leads"),
    [
        ("/idestorme/x/?side=2#ide-y", "/idestorme/x/?side=2#ide-y"),
        ("//evil.example/", ""),
        ("https://evil.example", ""),
    ],
)
def test_it_leads_back_to_the_list(client: Client, to: str, leads: str) -> None:
    """But never off the portal."""
    idea = idea_in()
    client.force_login(UserFactory.create())
    response = client.post(url(idea), {"next": to})
    assert response.headers["Location"] == (leads or idea.get_absolute_url())


WHO: dict[str, tuple[dict[str, Any], Callable[[Idea], User | None], int, int]] = {
    "the author": ({}, lambda idea: idea.author, 403, 0),
    "an account": ({}, lambda _: UserFactory.create(), 302, 1),
    "an editor": ({}, lambda _: editor(), 302, 1),
    "an account among employees": ({"access": "ansatte"}, lambda _: UserFactory.create(), 403, 0),
    "an employee among employees": ({"access": "ansatte"}, lambda _: employee(), 302, 1),
    "nobody where accounts are needed": ({"access": "konto"}, lambda _: None, 302, 0),
    "nobody among invited": ({"access": "inviterede"}, lambda _: None, 403, 0),
    "nobody where anyone may": ({}, lambda _: None, 200, 0),
}


@pytest.mark.parametrize("who", WHO)
def test_who_may(client: Client, who: str) -> None:
    """As the table in permissions says."""
    terms, person, status, rows = WHO[who]
    idea = idea_in(**terms)
    Idea.objects.filter(pk=idea.pk).update(author=UserFactory.create())
    idea.refresh_from_db()
    if (user := person(idea)) is not None:
        client.force_login(user)
    assert client.post(url(idea)).status_code == status
    assert Support.objects.count() == rows


@pytest.mark.parametrize(
    ("day", "early", "said"),
    [
        (-1, True, "ikke åbnet"),
        (3, False, "når der er lukket for nye"),
        (3, True, ""),
        (15, False, ""),
        (22, True, "lukket for støtte"),
    ],
)
def test_what_comes_too_early_or_late_gets_a_sentence(
    client: Client, coi_clock: Clock, day: int, early: bool, said: str
) -> None:
    """Also taking it back: what is counted stands."""
    coi_clock(OPENS)
    idea = idea_in(opens_at=OPENS, support_while_open=early)
    other = UserFactory.create()
    client.force_login(other)
    coi_clock(OPENS + dt.timedelta(days=day))
    response = client.post(url(idea))
    assert (response.status_code, Support.objects.count()) == ((422, 0) if said else (302, 1))
    assert said in response.content.decode()
    if day == 22:
        coi_clock(OPENS + dt.timedelta(days=16))
        client.post(url(idea))
        coi_clock(OPENS + dt.timedelta(days=22))
        response = client.post(url(idea, "unsupport"))
        assert (response.status_code, Support.objects.count()) == (422, 1)
        assert "kan ikke trækkes tilbage" in response.content.decode()
        page = client.get(idea.get_absolute_url()).content.decode()
        assert "Du støtter" in page and "Træk støtten tilbage" not in page


def test_the_database_refuses_what_the_page_let_through(
    client: Client, coi_clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It closes between question and row: a sentence, not an error."""
    coi_clock(OPENS)
    idea = idea_in(opens_at=OPENS)
    coi_clock(OPENS + dt.timedelta(days=22))
    monkeypatch.setattr(actions, "can_support", lambda *_: True)
    monkeypatch.setattr("ideastorm.supporting.views.can_support", lambda *_: True)
    monkeypatch.setattr("ideastorm.supporting.views.is_open_for_support", lambda *_: True)
    client.force_login(UserFactory.create())
    response = client.post(url(idea))
    assert response.status_code == 422 and "lukket for støtte" in response.content.decode()


def test_a_hidden_idea_is_hidden(client: Client) -> None:
    """404 for all of it, and it is not on one's own page."""
    idea, user = idea_in(), UserFactory.create()
    client.force_login(user)
    client.post(url(idea))
    idea.suspend(by=None, reason="x")
    for name in ("support", "support_sent"):
        assert client.get(url(idea, name)).status_code == 404
    assert client.post(url(idea)).status_code == client.post(url(idea, "unsupport")).status_code == 404
    assert idea.title not in client.get("/min-side/").content.decode()


def test_an_address_supports_by_a_link_that_works_once(client: Client) -> None:
    """Nothing of the address is kept but a hash; opening the link writes nothing; this browser can take it back."""
    idea = idea_in()
    response = ask(client, idea, "Birthe@Example.dk")
    assert response.headers["Location"] == url(idea, "support_sent")
    assert not SupportAddress.objects.exists() and not Notice.objects.exists()
    link = link_of(mail := OutgoingMail.objects.get())
    assert mail.message["to"] == ["Birthe@Example.dk"] and "birthe" not in link.lower()
    assert client.get(link).status_code == 200 and not Support.objects.exists()
    page = client.post(link, follow=True).content.decode()
    assert "Du støtter" in page and "Træk støtten tilbage" in page
    assert Support.objects.get().address == SupportAddress.objects.get()
    assert "example" not in str(dict(client.session)).lower()
    elsewhere = Client()
    assert (
        "Det virker kun én gang" in (used := elsewhere.post(link)).content.decode()
        and used.status_code == 422
    )
    assert client.post(link).status_code == 302  # a double click
    # Another idea of the storm is one click now; and back.
    second = public_idea(storm=idea.storm)
    client.post(url(second))
    assert Support.objects.count() == 2
    client.post(url(second, "unsupport"))
    assert Support.objects.get().idea == idea
    # From another browser a new link leads to the same row.
    ask(elsewhere, idea, "birthe@example.dk")
    page = elsewhere.post(link_of(OutgoingMail.objects.last()), follow=True).content.decode()  # type: ignore[arg-type]
    assert "Du støtter allerede" in page and Support.objects.count() == 1
    elsewhere.post(url(idea, "unsupport"))
    assert not Support.objects.exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"email": ""}, "Skriv din e-mail."),
        ({"email": "x"}, "e-mail"),
        ({"email": "a@b.dk", FIELD: "x"}, "skjult felt"),
    ],
)
def test_a_wrong_address_is_explained(client: Client, fields: dict[str, str], said: str) -> None:
    """With what was typed, and no mail."""
    response = client.post(url(idea_in()), {**posted(AddressForm), **fields})
    assert response.status_code == 422 and said in response.content.decode()
    assert not OutgoingMail.objects.exists()


def test_nobodys_mailbox_is_filled(client: Client) -> None:
    """Six mails an hour to one address, whoever asks."""
    idea = idea_in()
    answers = [ask(client, idea, "a@example.dk").status_code for _n in range(7)]
    assert answers == [302] * 6 + [429] and OutgoingMail.objects.count() == 6


def test_who_has_an_account_is_asked_to_log_in_and_nobody_else_learns_it(client: Client) -> None:
    """The page answers as always; the mail says it."""
    idea, user = idea_in(), UserFactory.create()
    assert ask(client, idea, user.email).status_code == 302
    mail = OutgoingMail.objects.get()
    assert "Log ind" in mail.message["body"] and link_of(mail) == idea.get_absolute_url()


def test_an_address_that_became_an_account_counts_once(client: Client) -> None:
    """Who supported by mail, made an account with the address and supports again, is one."""
    idea = idea_in()
    ask(client, idea, "a@example.dk")
    client.post(link_of(OutgoingMail.objects.get()))
    client.force_login(user := UserFactory.create(email="a@example.dk"))
    client.post(url(idea))
    assert Support.objects.get().user == user


def test_the_author_does_not_support_by_another_way(client: Client) -> None:
    """By the address of the account, a link that was sent before."""
    idea = idea_in()
    ask(client, idea, "a@example.dk")
    Idea.objects.filter(pk=idea.pk).update(author=UserFactory.create(email="a@example.dk"))
    response = client.post(link_of(OutgoingMail.objects.get()))
    assert response.status_code == 422 and "din egen idé" in response.content.decode()
    assert not Support.objects.exists() and not SupportAddress.objects.exists()


@pytest.mark.parametrize("minutes", [3 * 24 * 60 - 1, 3 * 24 * 60 + 1])
def test_the_link_holds_three_days(client: Client, monkeypatch: pytest.MonkeyPatch, minutes: int) -> None:
    """And is nobody else's."""
    import time

    idea = idea_in()
    ask(client, idea, "a@example.dk")
    link = link_of(OutgoingMail.objects.get())
    assert client.get(link[:-2] + "x/").status_code == 404
    now = time.time()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + minutes * 60)
    assert client.post(link).status_code == (302 if minutes < 3 * 24 * 60 else 404)


def test_who_is_invited_supports_from_the_mail(client: Client) -> None:
    """In whichever browser the mail is opened, until the invitation is revoked."""
    idea = idea_in(access="inviterede")
    invitation = Invitation.objects.create(storm=idea.storm, workplace=WorkplaceFactory.create())
    client.post(reverse("ideastorm:invitation", args=[idea.storm.slug, invitation.code]))
    for email in ("a@example.dk", "b@example.dk"):
        ask(client, idea, email)
    first, second = (link_of(mail) for mail in OutgoingMail.objects.order_by("pk"))
    assert Client().post(first).status_code == 302 and Support.objects.count() == 1
    Invitation.objects.update(revoked_at=timezone.now())
    assert Client().post(second).status_code == 422 and Support.objects.count() == 1


def test_what_was_merged_is_supported_where_it_is_read(client: Client) -> None:
    """The survivor shows that one supports it already, and taking back takes both."""
    survivor = idea_in()
    merged = public_idea(storm=survivor.storm)
    client.force_login(UserFactory.create())
    client.post(url(merged))
    IdeaMerge.objects.create(merged=merged, survivor=survivor, made_by_key=editor().key)
    assert "Træk støtten tilbage" in client.get(survivor.get_absolute_url()).content.decode()
    assert client.post(url(merged)).status_code == 403
    client.post(url(survivor))
    assert Support.objects.of_group(survivor).people() == 1
    client.post(url(survivor, "unsupport"))
    assert not Support.objects.exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_fifty_clicks_at_once_give_one_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """With real connections, the first of which pauses where it is about to write."""
    idea, user = idea_in(), UserFactory.create()
    clients = [Client() for _n in range(50)]
    clients[0].force_login(user)
    for client in clients[1:]:
        client.cookies = clients[0].cookies
    inside, others, answers = threading.Event(), threading.Event(), []
    create = Support.objects.create

    def slowly(**fields: Any) -> Support:
        inside.set()
        others.wait(1)  # time for the others to stand at the lock
        return create(**fields)

    monkeypatch.setattr(Support.objects, "create", slowly)

    def click(client: Client) -> None:
        try:
            answers.append(client.post(url(idea)).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=click, args=(client,)) for client in clients]
    threads[0].start()
    assert inside.wait(10)
    for thread in threads[1:]:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert answers == [302] * 50
    assert Support.objects.count() == 1


@pytest.mark.parametrize("first", ["address", "account"])
def test_by_address_and_by_account_is_one_person_where_ideas_are_merged(client: Client, first: str) -> None:
    """One idea by a confirmed address, another by the account that has it: one person, in every number and button."""
    one = idea_in()
    two = public_idea(storm=one.storm)
    by_address, by_account = Client(), Client()
    ask(by_address, one, "A@example.dk")
    link = link_of(OutgoingMail.objects.get())
    by_account.force_login(user := UserFactory.create(email="a@example.dk"))
    steps = [lambda: by_address.post(link), lambda: by_account.post(url(two))]
    for step in steps if first == "address" else steps[::-1]:
        assert step().status_code == 302
    assert (Support.objects.filter(address=None).count(), Support.objects.count()) == (1, 2)
    IdeaMerge.objects.create(merged=one, survivor=two)
    assert Support.objects.of_group(two).people() == Support.objects.counts([two.pk])[two.pk] == 1
    assert took_part(one.storm).people == 3  # the two who gave the ideas, and one who supports
    IdeaMerge.objects.update(undone_at=timezone.now())
    assert Support.objects.counts([one.pk, two.pk]) == {one.pk: 1, two.pk: 1}
    # The account sees both as its own; neither way adds a second row to an idea, and either takes back.
    assert "Træk støtten tilbage" in by_account.get(one.get_absolute_url()).content.decode()
    by_address.post(url(two))
    assert Support.objects.filter(idea=two).count() == 1
    by_account.post(url(one))
    assert Support.objects.get(idea=one).user == user
    by_account.post(url(one, "unsupport"))
    assert not Support.objects.filter(idea=one).exists()


def test_the_author_does_not_support_by_an_address_that_is_open(client: Client) -> None:
    """Another idea's link opened the address in this browser; the account gives an idea and supports another's."""
    one = idea_in()
    ask(client, one, "a@example.dk")
    client.post(link_of(OutgoingMail.objects.get()))
    user = UserFactory.create(email="a@example.dk")
    own = public_idea(storm=one.storm, author=user)
    actions.give_support(idea=public_idea(storm=one.storm), visitor=Visitor(user))
    response = client.post(url(own))
    assert response.status_code == 422 and "din egen idé" in response.content.decode()


@pytest.mark.parametrize(("access", "rows"), [("alle", 1), ("konto", 0)])
def test_an_address_is_kept_only_where_addresses_support(db: None, access: str, rows: int) -> None:
    """Where accounts are needed, there is nothing to recognise."""
    actions.give_support(idea=idea_in(access=access), visitor=Visitor(UserFactory.create()))
    assert SupportAddress.objects.count() == rows and Support.objects.count() == 1


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("mette@example.dk", " Mette@EXAMPLE.dk ", True),
        ("mette@example.dk", "mette+2@example.dk", True),
        ("mette@example.dk", "mette+2+3@example.dk", True),
        ("mette@blåbær.dk", "mette@xn--blbr-roah.dk", True),
        ("mette.holm@gmail.com", "m.etteholm+x@googlemail.com", True),
        ("mette.holm@example.dk", "metteholm@example.dk", False),
        ("+mette@example.dk", "+holm@example.dk", False),
        ("mette@example.dk", "holm@example.dk", False),
    ],
)
def test_a_mailbox_is_one_however_it_is_written(one: str, other: str, is_same: bool) -> None:
    """Else whoever has one mailbox supports as often as they like."""
    storm = idea_in().storm
    assert (address_hash(storm, one) == address_hash(storm, other)) is is_same


def test_one_mailbox_supports_once_and_is_not_filled(client: Client) -> None:
    """Though each link is one of its own."""
    idea = idea_in()
    answers = [ask(client, idea, f"a+{n}@example.dk").status_code for n in range(7)]
    assert answers == [302] * 6 + [429]
    for mail in OutgoingMail.objects.order_by("pk"):
        Client().post(link_of(mail))
    assert Support.objects.count() == 1
