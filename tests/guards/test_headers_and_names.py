"""One line is one line, and a name is a name."""

from email.message import EmailMessage

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from guards.headers import one_line
from guards.names import plain_name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Emne\r\nBcc: alle@example.dk", "Emne Bcc: alle@example.dk"),
        ("a\nb\rc\x0bd\x0ce\u2028f\u2029g\x85h", "a b c d e f g h"),
        ("a\x00b\x1bc", "abc"),
        ("fil\u202efdp.exe", "filfdp.exe"),
        ("  to   ord ", "to ord"),
        ("Æblegrød og 👩‍⚕️", "Æblegrød og 👩‍⚕️"),
        ("", ""),
        ("a" * 600, "a" * 500),
    ],
)
def test_one_line(text: str, expected: str) -> None:
    assert one_line(text) == expected


@given(st.text(max_size=200))
def test_any_text_can_be_a_subject(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert one_line(line) == line
    EmailMessage()["Subject"] = line


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Ida Sø-Holm", None),
        ("Åse O’Brien", None),
        ("Søren A. Møller", None),
        ("محمد علي", None),
        ("Teamet i Borgerservice, Faaborg-Midtfyn", None),
        ("", None),
        ("a" * 150, None),
        ("a" * 151, "long"),
        ("Ida\nBo", "hidden"),
        ("Ida\x00", "hidden"),
        ("Ida \u202eoB", "hidden"),
        ("Ida\u200b", "hidden"),
        ("https://example.dk", "url"),
        ("www.example", "url"),
        ("Køb på billigt.dk nu", "url"),
        ("ida@example.org", "url"),
        ("ida@lokalt", "email"),
    ],
)
def test_plain_name(name: str, code: str | None) -> None:
    if code is None:
        plain_name(name)
        return
    with pytest.raises(ValidationError) as refused:
        plain_name(name)
    assert refused.value.code == code
