"""The answer 429: when to try again, what was typed, and nothing that was not."""

import datetime as dt

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters

from coi.urls import urlpatterns as ours
from guards.middleware import answer, at_clock, in_words, typed
from guards.ratelimits import LIMITS, Limit, Rate, TooManyRequests, limited

STORY = "Sygeplejersken satte sig ned\n<b>og lyttede</b> til os."


class StoryForm(forms.Form):
    title = forms.CharField(label="Titel")
    text = forms.CharField(label="Hvad skete der?", widget=forms.Textarea)
    password = forms.CharField(label="Kodeord", widget=forms.PasswordInput)
    once = forms.CharField(widget=forms.HiddenInput)
    place = forms.CharField(label="Sted", required=False)


LIMITS.setdefault("try", Limit())


@limited("try")
def tried(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


@pytest.fixture(autouse=True)
def _limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LIMITS, "try", Limit(address=Rate(2, 7200)))


urlpatterns = [*ours, path("proev/", tried)]


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_the_page_from_the_address_to_the_answer(client: Client) -> None:
    page = {"HTTP_ACCEPT": "text/html,*/*;q=0.8"}
    for _ in range(2):
        assert client.post("/proev/", {"text": STORY}, **page).status_code == 200  # type: ignore[arg-type]
    response = client.post("/proev/", {"text": STORY, "password1": "en lang hemmelig sætning her"}, **page)  # type: ignore[arg-type]
    html = response.content.decode()
    assert response.status_code == 429
    assert 3590 <= int(response["Retry-After"]) <= 3600
    assert response["Cache-Control"] == "no-store"
    assert "Prøv igen <strong>" in html
    assert "kl.\u00a0" in html
    assert "om 60 minutter" in html
    assert "&lt;b&gt;og lyttede&lt;/b&gt; til os." in html
    assert "hemmelig sætning" not in html
    assert client.get("/proev/").status_code == 200


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({"Accept": "text/html,application/xhtml+xml"}, "text/html"),
        ({"Accept": "text/html", "HX-Request": "true"}, "text/plain"),
        ({"Accept": "*/*"}, "text/plain"),
        ({}, "text/plain"),
        ({"Accept": "application/json"}, "application/json"),
    ],
)
@pytest.mark.django_db
def test_scripts_get_a_short_text(headers: dict[str, str], kind: str) -> None:
    request = RequestFactory().post("/", {"text": STORY}, headers=headers)
    request.user = AnonymousUser()
    response = answer(request, TooManyRequests(90))
    assert response["Content-Type"].startswith(kind)
    assert (response.status_code, response["Retry-After"], response["Cache-Control"]) == (
        429,
        "90",
        "no-store",
    )
    assert "om 2 minutter" in response.content.decode()
    assert (STORY.split("\n", maxsplit=1)[0] in response.content.decode()) is (kind == "text/html")


@pytest.mark.parametrize(
    ("posted", "expected"),
    [
        ({"text": STORY}, [STORY]),
        (
            {"text": STORY, "more": "en anden tekst af en vis længde"},
            [STORY, "en anden tekst af en vis længde"],
        ),
        ({"title": "kort"}, []),
        ({"csrfmiddlewaretoken": "x" * 64, "once": "y" * 36, "aabnet": "1:abc"}, []),
        ({"password": "en lang hemmelig sætning"}, []),
        ({"login-kodeord": "en lang hemmelig sætning"}, []),
        ({"code": "en lang hemmelig sætning"}, []),
    ],
)
def test_without_the_form_only_longer_text(posted: dict[str, str], expected: list[str]) -> None:
    assert [text for _label, text in typed(RequestFactory().post("/", posted))] == expected


def test_with_the_form_its_visible_fields() -> None:
    data = {"title": "Tak", "text": STORY, "password": "hemmeligt", "once": "abc", "place": " "}
    request = RequestFactory().post("/", data)
    assert typed(request, StoryForm(data)) == [("Titel", "Tak"), ("Hvad skete der?", STORY)]


@pytest.mark.parametrize("named", [(), ("text",)])
def test_what_a_view_calls_sensitive_is_left_out(named: tuple[str, ...]) -> None:
    request = RequestFactory().post("/", {"text": STORY})
    sensitive_post_parameters(*named)(lambda request: HttpResponse())(request)
    assert typed(request) == []


def test_reading_shows_nothing() -> None:
    assert typed(RequestFactory().get("/", {"text": STORY})) == []


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "om 1 sekund"),
        (59, "om 59 sekunder"),
        (60, "om 1 minut"),
        (61, "om 2 minutter"),
        (5400, "om 90 minutter"),
        (5401, "om 2 timer"),
        (86_400, "om 24 timer"),
    ],
)
def test_in_words(seconds: int, words: str) -> None:
    assert in_words(seconds) == words


@pytest.mark.parametrize(
    ("moment", "clock"),
    [
        ("2026-06-01T12:05:00Z", "kl.\u00a014.05"),
        ("2026-06-01T12:05:01Z", "kl.\u00a014.06"),
        ("2026-06-01T21:59:30Z", "i morgen kl.\u00a00.00"),
        ("2026-06-02T06:30:00Z", "i morgen kl.\u00a08.30"),
        ("2026-06-03T06:30:00Z", "onsdag 3. juni kl.\u00a08.30"),
    ],
)
def test_at_clock(moment: str, clock: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Danish time, in summer too, rounded up."""
    monkeypatch.setattr(timezone, "localdate", lambda: dt.date(2026, 6, 1))
    assert at_clock(dt.datetime.fromisoformat(moment)) == clock
