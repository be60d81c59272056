"""The traps catch programs, and a person who is caught loses nothing."""

import pytest
from django import forms
from django.contrib.auth.models import Group
from django.template.loader import render_to_string

from guards import spam
from guards.spam import FIELD, OPENED, TrapMixin, posted


class StoryForm(TrapMixin, forms.Form):
    text = forms.CharField()


class OtherForm(TrapMixin, forms.Form):
    text = forms.CharField()


class ModelStory(TrapMixin, forms.ModelForm):
    class Meta:
        model = Group
        fields = ("name",)


HOUR = 3600
NOW = 1_800_000_000


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands still."""
    monkeypatch.setattr(spam.time, "time", lambda: NOW)


@pytest.mark.parametrize(
    ("seconds_ago", "changed", "code"),
    [
        (60, {}, None),
        (3, {}, None),
        (23 * HOUR, {}, None),
        (60, {FIELD: "http://x"}, "trap"),
        (0, {}, "fast"),
        (2, {}, "fast"),
        (-60, {}, "fast"),
        (25 * HOUR, {}, "expired"),
        (60, {OPENED: ""}, "expired"),
        (60, {OPENED: "1700000000:forged"}, "expired"),
        (60, {OPENED: "\x00"}, "expired"),
    ],
)
def test_who_is_caught(seconds_ago: int, changed: dict[str, str], code: str | None) -> None:
    form = StoryForm({"text": "Min historie"} | posted(StoryForm, seconds_ago=seconds_ago) | changed)
    assert form.is_valid() is (code is None)
    if code:
        assert [error.code for error in form.non_field_errors().as_data()] == [code]
        assert form["text"].value() == "Min historie"


@pytest.mark.parametrize("sent", [{}, posted(OtherForm)])
def test_another_forms_time_or_none_is_not_taken(sent: dict[str, str]) -> None:
    form = StoryForm({"text": "x"} | sent)
    assert [error.code for error in form.non_field_errors().as_data()] == ["expired"]


@pytest.mark.parametrize(
    ("seconds_ago", "changed"),
    [(60, {FIELD: "x"}), (25 * HOUR, {}), (0, {}), (60, {OPENED: "forged"})],
)
def test_sending_again_after_a_moment_works(
    seconds_ago: int, changed: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what the page then holds."""
    form = StoryForm({"text": "x"} | posted(StoryForm, seconds_ago=seconds_ago) | changed)
    assert not form.is_valid()
    token = form.trap.token
    monkeypatch.setattr(spam.time, "time", lambda: NOW + 3)
    assert StoryForm({"text": "x", FIELD: "", OPENED: token}).is_valid()


def test_other_errors_need_no_second_wait() -> None:
    form = StoryForm(posted(StoryForm) | {"text": ""})
    assert not form.is_valid()
    assert StoryForm({"text": "x", FIELD: "", OPENED: form.trap.token}).is_valid()


def test_what_is_drawn() -> None:
    html = render_to_string("components/trap.html", {"form": StoryForm()})
    for piece in (
        'class="coi-trap" aria-hidden="true"',
        'autocomplete="off"',
        'tabindex="-1"',
        "Lad feltet stå tomt",
    ):
        assert piece in html
    assert html.count('name="hjemmeside"') == html.count('name="aabnet"') == 1
    assert "style=" not in html
    assert [bound.name for bound in StoryForm()] == ["text"]


def test_two_forms_on_a_page_do_not_share_names() -> None:
    one, two = StoryForm(prefix="a").trap, StoryForm(prefix="b").trap
    assert one.field != two.field
    assert one.field_id != two.field_id
    form = StoryForm({"a-text": "x"} | posted(StoryForm, prefix="a"), prefix="a")
    assert form.is_valid()


@pytest.mark.django_db
def test_model_forms_have_them_too() -> None:
    assert ModelStory({"name": "Ny"} | posted(ModelStory)).is_valid()
    assert not ModelStory({"name": "Ny"}).is_valid()
