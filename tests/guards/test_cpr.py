"""What looks like a CPR number is found in every spelling, and other numbers are left alone."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from guards.cpr import cpr_like, mask_cpr, refuse_cpr


@pytest.mark.parametrize(
    "text",
    [
        "010203-1234",
        "0102031234",
        "010203 1234",
        "010203–1234",
        "010203 - 1234",
        "010203\u00a01234",
        "010203\u20111234",
        "010203\n1234",
        "01.02.03-1234",
        "01-02-03-1234",
        "01 02 03 - 1234",
        "CPR:010203-1234.",
        "cpr0102031234",
        "(010203-1234)",
        "Hun er 43, 010203-1234 og glad",
        "født 2003 010203-1234",
        "0\u00ad1020\u200b3-1234",
        "\uff10\uff11\uff10\uff12\uff10\uff13\uff0d\uff11\uff12\uff13\uff14",
        "\u0660\u0661\u0660\u0662\u0660\u0663-\u0661\u0662\u0663\u0664",
    ],
)
def test_found_in_every_spelling(text: str) -> None:
    assert cpr_like(text) == ["010203-1234"]
    assert "1234" not in mask_cpr(text)
    assert cpr_like(mask_cpr(text)) == []
    with pytest.raises(ValidationError) as refused:
        refuse_cpr(text)
    assert refused.value.code == "cpr"
    assert "1234" not in refused.value.message.replace("2026-1234", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("290204-1234", ["290204-1234"]),  # a leap year
        ("290203-1234", []),
        ("310403-1234", []),
        ("311299-0000", ["311299-0000"]),
        ("610203-1234", ["610203-1234"]),  # replacement numbers: the day and 60
        ("910303-1234", ["910303-1234"]),
        ("920303-1234", []),
        ("000103-1234", []),
        ("321203-1234", []),
        ("011303-1234", []),
        ("010165-4321 og 020265-1234", ["010165-4321", "020265-1234"]),
    ],
)
def test_only_days_that_exist(text: str, expected: list[str]) -> None:
    assert cpr_like(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12345678",
        "12 34 56 78",
        "1212 1212",
        "+45 12121212",
        "+4512121212",
        "+46 0102031234",
        "5798000420526",
        "0102031234567",
        "10102031234",
        "CVR 10101010",
        "1234 0102031234",
        "1234-0102031234",
        "0102031234 5678",
        "DK5000400102031234",
        "kr. 1.010.203,1234",
        "010203.1234,50",
        "2026-1234",
        "01-02-2003",
        "kl. 10.15-12.30",
        "01.02.03 kl. 1234",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert cpr_like(text) == []
    refuse_cpr(text)


@given(
    day=st.dates(dt.date(1900, 1, 1), dt.date(2035, 12, 31)),
    rest=st.integers(0, 9999),
    add=st.sampled_from([0, 60]),
    between=st.sampled_from(["", "-", " ", "–", "\u2011", "\u00ad", " - "]),
    before=st.sampled_from(["", "Hun hedder Ida, ", "cpr ", "("]),
    after=st.sampled_from(["", ".", " og", ")", ", tak"]),
)
def test_every_date_is_found_in_every_surrounding(
    day: dt.date, rest: int, add: int, between: str, before: str, after: str
) -> None:
    date = f"{day.day + add:02}{day:%m%y}"
    assert cpr_like(f"{before}{date}{between}{rest:04}{after}") == [f"{date}-{rest:04}"]


@given(st.text(alphabet="0123456789 -–.+kr\u00ad\n", max_size=60))
def test_any_text_is_read(text: str) -> None:
    for number in cpr_like(text):
        assert len(number) == 11
    mask_cpr(text)
