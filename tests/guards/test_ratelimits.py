"""Limits count exactly, whoever counts at once, and name nobody."""

import datetime as dt
import uuid
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from coi.middleware import TrustedProxies
from guards import ratelimits
from guards.models import Allowance
from guards.ratelimits import LIMITS, Limit, Rate, TooManyRequests, give_back, limit, limited, network, purge


@pytest.fixture(autouse=True)
def _some_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small numbers, and windows so long that nothing comes back while a test runs."""
    three = Rate(3, 30_000)
    for name, value in {
        "by-address": Limit(address=three),
        "by-account": Limit(account=three, address=three),
        "by-target": Limit(target=three),
        "by-pair": Limit(pair=three),
        "all": Limit(account=three, address=Rate(5, 50_000), pair=three, target=Rate(4, 40_000)),
        "ten": Limit(address=Rate(10, 100_000)),
    }.items():
        monkeypatch.setitem(LIMITS, name, value)


def request(
    address: str = "198.51.100.7", *, key: uuid.UUID | None = None, method: str = "POST", **meta: str
) -> HttpRequest:
    found = RequestFactory().generic(method, "/", REMOTE_ADDR=address, **meta)
    found.user = SimpleNamespace(is_authenticated=True, key=key) if key else AnonymousUser()  # type: ignore[assignment]
    return found


def allowed(name: str, req: HttpRequest, *, target: str = "") -> bool:
    try:
        limit(req, name, target=target)
    except TooManyRequests:
        return False
    return True


def use_up(name: str, req: HttpRequest, *, target: str = "") -> int:
    """How many attempts pass before the first refusal."""
    for passed in range(100):
        if not allowed(name, req, target=target):
            return passed
    raise AssertionError("never refused")


def wait(seconds: float) -> None:
    """Let time pass: every row's moment comes nearer."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE guards_allowance SET free_at = free_at - make_interval(secs => %s)", [seconds])


ANNE, BO = uuid.uuid4(), uuid.uuid4()


@pytest.mark.parametrize(
    "name",
    [
        "login", "second-step", "signup", "reset", "confirm", "proposal", "upload", "story", "report", "question",
        "receipt", "vouch", "export", "erase",
    ],
)  # fmt: skip
def test_each_has_a_limit_that_counts_someone(name: str) -> None:
    """Whoever it is, an attempt is counted: by the account that is needed, or by the address."""
    counted = LIMITS[name]
    assert counted.account or counted.address


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "first", "second", "shared"),
    [
        ("by-address", ("198.51.100.7", None, ""), ("198.51.100.7", None, ""), True),
        ("by-address", ("198.51.100.7", None, ""), ("198.51.100.8", None, ""), False),
        ("by-address", ("2001:db8:1:2::1", None, ""), ("2001:db8:1:2:ffff:1:2:3", None, ""), True),
        ("by-address", ("2001:db8:1:2::1", None, ""), ("2001:db8:1:3::1", None, ""), False),
        ("by-address", ("::ffff:198.51.100.7", None, ""), ("198.51.100.7", None, ""), True),
        ("by-address", ("::ffff:198.51.100.7", None, ""), ("::ffff:198.51.100.8", None, ""), False),
        # Without an account rate the address counts whoever is logged in too.
        ("by-address", ("198.51.100.7", ANNE, ""), ("198.51.100.7", BO, ""), True),
        # With one, colleagues behind one address do not stand in each other's way.
        ("by-account", ("198.51.100.7", ANNE, ""), ("198.51.100.7", BO, ""), False),
        ("by-account", ("198.51.100.7", ANNE, ""), ("203.0.113.9", ANNE, ""), True),
        ("by-account", ("198.51.100.7", ANNE, ""), ("198.51.100.7", None, ""), False),
        (
            "by-target",
            ("198.51.100.7", None, "ida@example.dk"),
            ("203.0.113.9", None, " Ida@Example.DK "),
            True,
        ),
        (
            "by-target",
            ("198.51.100.7", None, "ida@example.dk"),
            ("198.51.100.7", None, "bo@example.dk"),
            False,
        ),
        ("by-pair", ("198.51.100.7", None, "ida@example.dk"), ("198.51.100.7", None, "IDA@example.dk"), True),
        ("by-pair", ("198.51.100.7", None, "ida@example.dk"), ("203.0.113.9", None, "ida@example.dk"), False),
    ],
)
def test_who_counts_as_one(
    name: str, first: tuple[str, Any, str], second: tuple[str, Any, str], shared: bool
) -> None:
    assert use_up(name, request(first[0], key=first[1]), target=first[2]) == 3
    assert allowed(name, request(second[0], key=second[1]), target=second[2]) is not shared


@pytest.mark.django_db
def test_one_limit_takes_nothing_from_another() -> None:
    use_up("by-address", request())
    assert allowed("by-account", request())


@pytest.mark.django_db
def test_attempts_come_back_one_by_one_and_the_refusal_knows_when() -> None:
    use_up("by-address", request())
    with pytest.raises(TooManyRequests) as refused:
        limit(request(), "by-address")
    assert 9_990 <= refused.value.retry_after <= 10_000
    wait(refused.value.retry_after)
    assert allowed("by-address", request())
    assert not allowed("by-address", request())
    wait(30_000)
    assert use_up("by-address", request()) == 3


@pytest.mark.django_db
def test_refused_attempts_cost_nothing() -> None:
    use_up("by-address", request())
    before = Allowance.objects.get().free_at
    for _ in range(20):
        assert not allowed("by-address", request())
    assert Allowance.objects.get().free_at == before


@pytest.mark.django_db
def test_what_succeeds_is_given_back() -> None:
    """An office with one address logs in again and again, and wrong passwords are still counted."""
    for _ in range(50):
        limit(request(), "all", target="ida@example.dk")
        give_back(request(), "all", target="ida@example.dk")
    assert use_up("all", request(), target="ida@example.dk") == 3
    purge()
    wait(1_000_000)
    give_back(request(), "all", target="ida@example.dk")
    assert use_up("all", request(), target="ida@example.dk") == 3


@pytest.mark.django_db
def test_a_refusal_by_address_leaves_the_target_alone() -> None:
    use_up("ten", request())
    rows = Allowance.objects.count()
    LIMITS["ten"] = Limit(address=LIMITS["ten"].address, target=Rate(3, 30_000))
    assert not allowed("ten", request(), target="ida@example.dk")
    assert Allowance.objects.count() == rows


@pytest.mark.django_db
def test_no_row_names_anybody() -> None:
    limit(request("203.0.113.77"), "all", target="ida@example.dk")
    limit(request("203.0.113.77", key=ANNE), "all", target="ida@example.dk")
    stored = str(list(Allowance.objects.values_list()))
    assert not any(name in stored for name in ("203.0.113", "ida", str(ANNE)))


@pytest.mark.django_db
@pytest.mark.parametrize("forged", ["203.0.113.9", "203.0.113.9, 10.0.0.1", "x", "::1"])
def test_a_forged_header_has_no_effect_and_poisons_nobody(settings: Any, forged: str) -> None:
    """The peer is no proxy of ours, so what it says of itself is not heard."""
    settings.TRUSTED_PROXIES = []
    seen: list[bool] = []

    def view(req: HttpRequest) -> HttpResponse:
        req.user = AnonymousUser()
        seen.append(allowed("by-address", req))
        return HttpResponse()

    for number in range(4):
        TrustedProxies(view)(request("198.51.100.7", HTTP_X_FORWARDED_FOR=f"192.0.2.{number}, {forged}"))
    assert seen == [True, True, True, False]
    assert use_up("by-address", request("203.0.113.9")) == 3


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("name", ["ten"])
def test_fifty_at_once_are_counted_exactly(name: str) -> None:
    def attempt(number: int) -> bool:
        try:
            return allowed(name, request())
        finally:
            connection.close()

    with ThreadPoolExecutor(50) as pool:
        assert sum(pool.map(attempt, range(50))) == 10


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_an_attempt_survives_what_the_view_rolls_back() -> None:
    for _ in range(3):
        limit(request(), "by-address")
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            Allowance.objects.all().delete()
            _ = 1 // 0
    assert not allowed("by-address", request())


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_within_a_transaction_it_refuses_to_count() -> None:
    """Else the count would be rolled back with the view, and the row locked as long as the view takes."""
    with pytest.raises(RuntimeError), transaction.atomic():
        limit(request(), "by-address")


@pytest.mark.django_db
def test_the_decorator_counts_posts_only() -> None:
    @limited("by-address")
    def view(req: HttpRequest, number: int) -> HttpResponse:
        return HttpResponse(str(number))

    for _ in range(10):
        assert view(request(method="GET"), 5).content == b"5"  # type: ignore[attr-defined]
    for _ in range(3):
        view(request(), 5)
    with pytest.raises(TooManyRequests):
        view(request(), 5)


def test_an_unknown_limit_stops_at_import() -> None:
    with pytest.raises(KeyError):
        limited("no-such-limit")


@pytest.mark.django_db
def test_used_up_rows_stay_and_others_go() -> None:
    limit(request("198.51.100.1"), "by-address")
    wait(20_000)
    limit(request("198.51.100.2"), "by-address")
    assert purge() == 1
    assert Allowance.objects.get().free_at > dt.datetime.now(dt.UTC)


@pytest.mark.django_db
def test_the_web_role_may_count_and_purge(as_web_role: Any) -> None:
    with as_web_role():
        assert use_up("by-address", request()) == 3
        give_back(request(), "by-address")
        purge()


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("198.51.100.7", "198.51.100.7"),
        (" 198.51.100.7 ", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("", "unknown"),
        ("nonsense", "unknown"),
    ],
)
def test_network(address: str, expected: str) -> None:
    assert network(address) == expected


@pytest.mark.parametrize("name", sorted(LIMITS))
def test_every_limit_counts_something_and_leaves_room_for_an_office(name: str) -> None:
    """Anonymous visitors are always counted by something; an address never gets fewer than a family needs."""
    found = LIMITS[name]
    rates = [rate for rate in (found.account, found.address, found.pair, found.target) if rate]
    assert rates
    assert all(rate.attempts > 0 and 60 <= rate.seconds <= 86_400 for rate in rates)


@pytest.mark.django_db
def test_three_hundred_colleagues_log_in_behind_one_address() -> None:
    """One in ten mistypes once; nobody is refused."""
    for number in range(300):
        target = f"ida{number}@kommune.example"
        if number % 10 == 0:
            limit(request(), "login", target=target)
        limit(request(), "login", target=target)
        give_back(request(), "login", target=target)
    assert ratelimits.LIMITS["login"].address is not None
