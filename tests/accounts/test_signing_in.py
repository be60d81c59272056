"""From sign-up to a session and out again: what is answered, what is stored, what is refused."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.template import engines
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.addresses import verified_addresses
from accounts.models import User
from tests.factories import PASSWORD, UserFactory, editor
from tests.pages import text

pytestmark = pytest.mark.django_db
NEW = "helt-nyt-kodeord-2026"
LOGIN = "/konto/login/"
SECRET = "JBSWY3DPEHPK3PXP"


def log_in(client: Client, user: User, **more: Any) -> Any:
    """Log in as anybody would."""
    return client.post(LOGIN, {"login": user.email, "password": PASSWORD} | more)


def sure(client: Client, user: User) -> None:
    """Log in, and give the password once more, as what matters asks for."""
    log_in(client, user)
    assert client.post("/konto/reauthenticate/", {"password": PASSWORD}).status_code == 302


def code(secret: str = SECRET) -> str:
    """What the app shows now."""
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def with_app(user: User) -> User:
    """The same user, with an app."""
    TOTP.activate(user, SECRET)
    return user


def is_in(client: Client) -> bool:
    """Whether the browser is logged in."""
    return client.get(reverse("account_email")).status_code == 200


def link(number: int = -1) -> str:
    """The path of the link in a mail."""
    found = re.search(r"https?://[^/]+(/konto/\S+)", mail.outbox[number].body)
    assert found, mail.outbox[number].body
    return found[1]


def test_sign_up_confirm_log_in(client: Client) -> None:
    """The link may be opened in another browser, and opening it does nothing: mail programs open links too."""
    form = {"email": "Ny.Person@Example.dk", "name": "Ny Person", "password1": NEW}
    assert client.post("/konto/signup/", form)["Location"] == "/konto/confirm-email/"
    user = User.objects.get()
    assert (user.email, user.name, user.is_staff) == ("ny.person@example.dk", "Ny Person", False)
    assert verified_addresses(user) == []
    assert not is_in(client)
    other, path = Client(), link()
    assert "Ja, bekræft adressen" in other.get(path).content.decode()
    assert other.head(path).status_code == 200
    assert verified_addresses(user) == []
    assert other.post(path).status_code == 302
    assert verified_addresses(user) == ["ny.person@example.dk"]
    assert not is_in(other)
    answer = client.post(LOGIN, {"login": "ny.person@example.dk", "password": NEW})
    assert answer["Location"] == "/"
    assert is_in(client)
    # Once more does no harm.
    assert "Linket kan ikke bruges" in other.get(path).content.decode() or other.get(path).status_code == 200


def test_who_is_not_confirmed_gets_the_link_again(client: Client) -> None:
    """By mail only: the page says the same as for a wrong password."""
    user = UserFactory.create(confirmed=False)
    assert "Vi kan ikke logge dig ind" in log_in(client, user).content.decode()
    assert mail.outbox[0].to == [user.email]
    client.post(link())
    assert log_in(client, user).status_code == 302


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"email": "", "password1": NEW}, "Skriv din mailadresse."),
        ({"email": "ikke en adresse", "password1": NEW}, "navn@eksempel.dk"),
        ({"email": "a@example.dk", "password1": "kort"}, "mindst 12 tegn"),
        ({"email": "a@example.dk", "password1": "123456789012"}, "tal"),
        ({"email": "a@example.dk\r\nBcc: b@example.dk", "password1": NEW}, "navn@eksempel.dk"),
        ({"email": "a@example.dk", "password1": NEW, "name": "x" * 151}, "150"),
        ({"email": "a@example.dk", "password1": NEW, "name": "nul\x00"}, "nul"),
    ],
)
def test_wrong_input_is_explained_and_kept(client: Client, form: dict[str, str], message: str) -> None:
    """What was typed is still there; nothing is stored."""
    answer = client.post("/konto/signup/", form)
    assert answer.status_code == 200
    assert message in answer.content.decode()
    assert not User.objects.exists()
    assert not mail.outbox


def test_nobody_gives_themselves_rights(client: Client) -> None:
    """Fields that the form has not are left alone."""
    form = {"email": "a@example.dk", "password1": NEW}
    extra = {
        "is_staff": "1",
        "is_superuser": "1",
        "is_active": "0",
        "groups": "1",
        "verified": "1",
        "key": "x",
    }
    client.post("/konto/signup/", form | extra)
    user = User.objects.get()
    assert (user.is_staff, user.is_superuser, user.is_active) == (False, False, True)
    assert verified_addresses(user) == []


@pytest.mark.parametrize("name", ["<b>Hej</b>", "Hej\r\nBcc: x@example.dk", "\u202eHej"])
def test_names_are_one_line_and_text(client: Client, name: str) -> None:
    client.post("/konto/signup/", {"email": "a@example.dk", "password1": NEW, "name": name})
    user = User.objects.get()
    assert user.name.isprintable()
    client.force_login(user)
    assert "<b>Hej" not in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("way_on", "leads_to"),
    [
        ("/katalog/?q=tillid", "/katalog/?q=tillid"),
        ("https://ond.example/", "/"),
        ("//ond.example/", "/"),
        ("/\\ond.example", "/"),
        ("javascript:alert(1)", "/"),
        ("http:///ond.example", "/"),
        ("\thttps://ond.example", "/"),
        ("", "/"),
    ],
)
@pytest.mark.parametrize("where", ["form", "address"])
def test_a_login_leads_to_a_page_of_ours(client: Client, way_on: str, leads_to: str, where: str) -> None:
    user = UserFactory.create()
    form = {"login": user.email, "password": PASSWORD}
    if where == "form":
        answer = client.post(LOGIN, form | {"next": way_on})
    else:
        answer = client.post(LOGIN, form, query_params={"next": way_on})
    assert answer["Location"] == leads_to


def test_a_host_of_ours_in_next_is_no_other_host(client: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "anden.example"]
    answer = log_in(client, UserFactory.create(), next="https://anden.example/")
    assert answer["Location"] == "/"


def test_a_long_query_is_not_repeated(client: Client) -> None:
    """In the link to the log-in, and on the way from the administration's."""
    page = client.get("/katalog/", {"q": "x" * 2000}).content.decode()
    assert 'href="/konto/login/?next=%2Fkatalog%2F"' in page
    assert len(client.get(f"/admin/login/?next=/admin/?q={'x' * 2000}")["Location"]) < 200
    assert len(client.get(f"/admin/login/?next=/{'x' * 2000}")["Location"]) < 200


def test_staff_come_to_the_administration(client: Client) -> None:
    assert client.get("/admin/")["Location"] == "/admin/login/?next=/admin/"
    assert client.get("/admin/login/?next=/admin/")["Location"] == "/konto/login/?next=%2Fadmin%2F"
    assert log_in(client, editor())["Location"] == "/admin/"
    assert client.get("/admin/login/")["Location"] == "/admin/"
    client.force_login(UserFactory.create())
    assert client.get("/admin/login/").status_code == 403


def test_createsuperuser_can_log_in(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has the server's shell need not confirm by mail."""
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", email="Chef@example.dk", interactive=False, verbosity=0)
    assert log_in(client, User.objects.get())["Location"] == "/admin/"


def test_a_new_password_by_mail(client: Client) -> None:
    """The link works once, other sessions end, and GET changes nothing."""
    user, elsewhere = UserFactory.create(), Client()
    log_in(elsewhere, user)
    client.post("/konto/password/reset/", {"email": user.email.upper()})
    path = link()
    form_page = client.get(path)["Location"]
    assert "set-password" in form_page
    assert f"/{user.key.hex}-" in path  # their random key, never a number that can be counted on from
    unlike = client.post(form_page, {"password1": NEW, "password2": NEW + "x"})
    assert "ikke ens" in unlike.content.decode()
    assert client.post(form_page, {"password1": NEW, "password2": NEW}).status_code == 302
    assert not is_in(elsewhere)
    assert "Linket kan ikke bruges" in Client().get(path).content.decode()
    assert client.post(LOGIN, {"login": user.email, "password": NEW}).status_code == 302
    assert mail.outbox[-1].subject == "Din adgangskode er ændret"


@pytest.mark.parametrize(
    "key", ["1-x", "zzzzzzzzzzzzzzz-abc", "0-set-password", "1-" + "a" * 900, "0" * 32 + "-x"]
)
def test_made_up_reset_links_are_refused(client: Client, key: str) -> None:
    assert "Linket kan ikke bruges" in client.get(f"/konto/password/reset/key/{key}/").content.decode()


@pytest.mark.parametrize("key", ["x", "MQ:1abc:xyz", "a" * 900])
def test_made_up_confirmations_are_refused(client: Client, key: str) -> None:
    assert "Linket kan ikke bruges" in client.get(f"/konto/confirm-email/{key}/").content.decode()
    assert client.post(f"/konto/confirm-email/{key}/").status_code == 404


# -- addresses ------------------------------------------------------------------


def test_the_login_address_follows_the_primary_one(client: Client) -> None:
    """Add, confirm, make primary, remove the old one: User.email is the primary address all the way."""
    user = UserFactory.create(email="gammel@example.dk")
    sure(client, user)
    client.post("/konto/email/", {"email": "Ny@example.dk", "action_add": ""})
    assert "ny@example.dk" in client.get("/konto/email/").content.decode()
    client.post("/konto/email/", {"email": "ny@example.dk", "action_primary": ""})
    user.refresh_from_db()
    assert user.email == "gammel@example.dk"  # not before it is confirmed
    Client().post(link())
    client.post("/konto/email/", {"email": "ny@example.dk", "action_primary": ""})
    user.refresh_from_db()
    assert user.email == "ny@example.dk" == EmailAddress.objects.get(user=user, primary=True).email
    assert mail.outbox[-1].to == ["gammel@example.dk"]  # the old one is told
    client.post("/konto/email/", {"email": "gammel@example.dk", "action_remove": ""})
    client.post("/konto/email/", {"email": "ny@example.dk", "action_remove": ""})
    assert verified_addresses(user) == ["ny@example.dk"]


def test_nobody_touches_another_ones_addresses(client: Client) -> None:
    other = UserFactory.create()
    log_in(client, UserFactory.create())
    for action in ("action_remove", "action_primary", "action_send"):
        client.post("/konto/email/", {"email": other.email, action: ""})
    assert verified_addresses(other) == [other.email]
    assert not mail.outbox


def test_an_address_that_somebody_squats_is_no_error(client: Client) -> None:
    """Somebody signed up with it and never confirmed; its owner adds it to the account they have."""
    UserFactory.create(email="min@example.dk", confirmed=False)
    user = UserFactory.create()
    sure(client, user)
    client.post("/konto/email/", {"email": "min@example.dk", "action_add": ""})
    client.post(link())
    assert "min@example.dk" in verified_addresses(user)
    answer = client.post("/konto/email/", {"email": "min@example.dk", "action_primary": ""}, follow=True)
    assert "også af en anden konto" in answer.content.decode()
    user.refresh_from_db()
    assert user.email != "min@example.dk"


# -- sessions -------------------------------------------------------------------


def test_sessions_are_seen_and_ended(client: Client) -> None:
    user, phone, work = UserFactory.create(), Client(HTTP_USER_AGENT="Firefox Android"), Client()
    stranger = Client()
    log_in(stranger, UserFactory.create())
    for browser in (client, phone, work):
        log_in(browser, user)
    assert "Firefox på Android" in client.get("/konto/sessions/").content.decode()
    foreign = UserSession.objects.exclude(user=user).get()
    for wrong in (foreign.pk, "x", "9" * 40, ""):
        client.post("/konto/sessions/", {"session": wrong})
    assert is_in(stranger)
    assert is_in(phone)
    one = UserSession.objects.get(session_key=phone.session.session_key)
    assert client.post("/konto/sessions/", {"session": one.pk}).status_code == 302
    assert (is_in(phone), is_in(work), is_in(client)) == (False, True, True)
    client.post("/konto/sessions/")
    assert (is_in(work), is_in(client), is_in(stranger)) == (False, True, True)


def test_when_a_log_in_was_last_in_use(client: Client) -> None:
    """Noted once in ten minutes, for this log-in only; the list shows it for the other ones."""
    user, other = UserFactory.create(), Client()
    long_ago = timezone.now() - dt.timedelta(days=3)
    for browser in (client, other):
        log_in(browser, user)
    User.objects.update(last_login=long_ago)
    UserSession.objects.update(last_seen_at=long_ago)
    client.get("/konto/2fa/")
    mine, theirs = UserSession.objects.order_by("created_at")
    assert timezone.now() - mine.last_seen_at < dt.timedelta(minutes=1)
    assert theirs.last_seen_at == long_ago
    with CaptureQueriesContext(connection) as queries:
        client.get("/konto/sessions/")
    assert not [q for q in queries.captured_queries if q["sql"].startswith("UPDATE")]
    assert f"Sidst brugt {date_format(timezone.localtime(long_ago), 'j. F Y H:i')}" in text(
        client.get("/konto/sessions/")
    )


def test_logging_out_takes_a_post(client: Client) -> None:
    log_in(client, UserFactory.create())
    key = client.session.session_key
    assert "Vil du logge ud?" in client.get("/konto/logout/").content.decode()
    assert is_in(client)
    assert client.post("/konto/logout/").status_code == 302
    assert not is_in(client)
    assert not Session.objects.filter(session_key=key).exists()


# -- two steps ------------------------------------------------------------------


def test_an_app_is_added_used_and_removed(client: Client) -> None:
    user = UserFactory.create()
    sure(client, user)
    page = client.get("/konto/2fa/totp/activate/")
    assert "img-src 'self' data:" in page["Content-Security-Policy"]
    assert "data:" not in client.get("/konto/2fa/")["Content-Security-Policy"]
    secret = re.search(r'<code class="coi-secret">(\w+)<', page.content.decode())
    assert secret
    wrong = client.post("/konto/2fa/totp/activate/", {"code": "000000"})
    assert "Koden er forkert" in wrong.content.decode()
    assert client.post("/konto/2fa/totp/activate/", {"code": code(secret[1])}).status_code == 302
    codes = re.findall(r"<li><code>(\w+)<", client.get("/konto/2fa/recovery-codes/").content.decode())
    assert len(codes) == 10

    other = Client()
    assert log_in(other, user, next="/katalog/")["Location"].startswith("/konto/2fa/authenticate/")
    assert not is_in(other)
    assert "Koden er forkert" in other.post("/konto/2fa/authenticate/", {"code": "1"}).content.decode()
    assert other.post("/konto/2fa/authenticate/", {"code": codes[0]})["Location"] == "/katalog/"
    assert is_in(other)
    again = Client()
    log_in(again, user)
    again.post("/konto/2fa/authenticate/", {"code": codes[0]})
    assert not is_in(again)

    assert client.post("/konto/2fa/totp/deactivate/").status_code == 302
    assert not Authenticator.objects.filter(user=user).exists()


def test_a_code_works_once_in_all_processes(client: Client) -> None:
    """Also the one that added the app. Each process has a cache of its own; to empty it is to be another one."""
    user = UserFactory.create()
    sure(client, user)
    page = client.get("/konto/2fa/totp/activate/").content.decode()
    secret = re.search(r'<code class="coi-secret">(\w+)<', page)
    assert secret
    shown = code(secret[1])
    assert client.post("/konto/2fa/totp/activate/", {"code": shown}).status_code == 302
    cache.clear()
    for given in (shown, f" {shown[:3]} {shown[3:]} "):
        other = Client()
        log_in(other, user)
        assert "allerede brugt" in other.post("/konto/2fa/authenticate/", {"code": given}).content.decode()
        assert not is_in(other)


def test_a_code_of_another_person_is_not_used_up(client: Client) -> None:
    """Two people may be shown the same six digits."""
    for user in (with_app(UserFactory.create()), with_app(UserFactory.create())):
        cache.clear()
        browser = Client()
        log_in(browser, user)
        assert browser.post("/konto/2fa/authenticate/", {"code": code()}).status_code == 302
        assert is_in(browser)


def test_what_matters_asks_once_more(client: Client) -> None:
    """A session without a fresh log-in is led to the password first; the POST is not lost on the way."""
    user = UserFactory.create()
    log_in(client, user)
    for path in ("/konto/2fa/totp/activate/", "/konto/2fa/webauthn/add/"):
        assert client.get(path)["Location"].startswith("/konto/reauthenticate/")
    answer = client.post("/konto/email/", {"email": "ny@example.dk", "action_add": ""})
    assert answer["Location"].startswith("/konto/reauthenticate/")
    assert not mail.outbox
    client.post(answer["Location"], {"password": PASSWORD})
    assert EmailAddress.objects.filter(user=user, email="ny@example.dk").exists()


def test_keys_of_others_are_not_there(client: Client) -> None:
    key = Authenticator.objects.create(user=UserFactory.create(), type="webauthn", data={"name": "x"})
    sure(client, UserFactory.create())
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        address = reverse(name, args=[key.pk])
        assert client.get(address).status_code == client.post(address).status_code == 404
    assert Authenticator.objects.filter(pk=key.pk).exists()


@pytest.mark.parametrize("body", [{}, {"credential": "x"}, {"credential": "{}"}, {"credential": "[]"}])
@pytest.mark.parametrize("path", ["/konto/2fa/webauthn/login/", "/konto/2fa/webauthn/add/"])
def test_broken_keys_are_no_error(client: Client, path: str, body: dict[str, str]) -> None:
    if "login" not in path:
        sure(client, UserFactory.create())
    assert client.post(path, body).status_code in (200, 302)


# -- words ----------------------------------------------------------------------

OURS = Path(__file__).parents[2] / "templates"
PAGES = [
    "account/login.html",
    "account/signup.html",
    "account/email.html",
    "account/email_confirm.html",
    "account/logout.html",
    "account/password_change.html",
    "account/password_set.html",
    "account/password_reset.html",
    "account/password_reset_done.html",
    "account/password_reset_from_key.html",
    "account/reauthenticate.html",
    "account/password_reset_from_key_done.html",
    "account/verification_sent.html",
    "account/account_inactive.html",
    "mfa/index.html",
    "mfa/authenticate.html",
    "mfa/reauthenticate.html",
    "mfa/totp/activate_form.html",
    "mfa/totp/deactivate_form.html",
    "mfa/recovery_codes/index.html",
    "mfa/recovery_codes/generate.html",
    "mfa/webauthn/add_form.html",
    "mfa/webauthn/edit_form.html",
    "mfa/webauthn/authenticator_list.html",
    "mfa/webauthn/authenticator_confirm_delete.html",
    "mfa/webauthn/reauthenticate.html",
    "usersessions/usersession_list.html",
    "socialaccount/login.html",
    "socialaccount/signup.html",
    "socialaccount/connections.html",
    "socialaccount/login_cancelled.html",
    "socialaccount/authentication_error.html",
]
LETTERS = sorted(
    str(path.relative_to(OURS))
    for folder in ("account", "mfa", "socialaccount")
    for path in (OURS / folder).rglob("*.txt")
)


@pytest.mark.parametrize("name", PAGES + LETTERS)
def test_every_text_is_ours(name: str) -> None:
    """No page or letter of allauth's own, and no English in them."""
    template = engines["django"].get_template(name)
    assert Path(template.origin.name).is_relative_to(OURS)
    source = Path(template.origin.name).read_text(encoding="utf-8")
    said = re.sub(r"\{[%#{].*?[%#}]\}|<[^>]+>", " ", source)
    assert not re.search(r"\b(the|your|you|please|email|account|sign|password)\b", said, re.IGNORECASE), said


def test_every_letter_of_allauths_is_written_anew() -> None:
    """Those that our settings can send."""
    import allauth

    theirs = Path(allauth.__file__).parent / "templates"
    unused = ("code_", "phone")
    for folder in ("account/email", "mfa/email", "socialaccount/email", "account/messages", "mfa/messages"):
        for path in (theirs / folder).glob("*.txt"):
            if not any(word in path.name for word in unused):
                assert (OURS / folder / path.name).exists(), path.name
