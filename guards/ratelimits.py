"""Rate limits in PostgreSQL: exact across threads, processes and servers, with nothing beside the database.

The method is GCRA (generic cell rate algorithm, ITU-T I.371, in the form of Brandur Leach, »Rate Limiting, Cells,
and GCRA«, 2015): a row holds only the moment at which everything is free again. An attempt moves that moment by
window / attempts, and is refused when it would lie more than one window ahead. Check and count are one statement
(`INSERT … ON CONFLICT DO UPDATE … WHERE … RETURNING`), so two at once never both get the last attempt. There is no
edge of a window at which the double slips through, and a refusal knows to the second when the next attempt is free.
A refused attempt costs nothing: whoever goes on trying does not shut themself out for longer. Over a long time exactly
`attempts` per `window` pass; right at the start a full window's worth may come at once.

The clock is the database's. An attempt is committed on its own before the view does anything: it survives whatever the
view rolls back, and no slow view holds a lock on the row. Calling `limit` within a transaction is a mistake, and
raises RuntimeError (`atomic(durable=True)`).

Who is counted: the account when there is one, the network address, and the target (the e-mail address somebody tries
to log in to). The address is REMOTE_ADDR, which coi.middleware.TrustedProxies has made trustworthy. No address, account
or target is stored: the key is an HMAC of it, with SECRET_KEY.
"""

from __future__ import annotations

import functools
import ipaddress
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec

from django.db import connection, transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac

P = ParamSpec("P")

MINUTE, HOUR, DAY = 60, 3600, 86_400


@dataclass(frozen=True, slots=True)
class Rate:
    """So many attempts in so many seconds."""

    attempts: int
    seconds: int

    @property
    def step(self) -> float:
        """How many seconds one attempt costs."""
        return self.seconds / self.attempts


@dataclass(frozen=True, slots=True)
class Limit:
    """What is counted for one kind of attempt. What is None is not counted.

    `address` counts visitors who are not logged in, and everybody where there is no `account` rate: a whole town hall
    may sit behind one IPv4 address, and whoever is logged in is counted as themself. `pair` is one target
    from one address.
    """

    account: Rate | None = None
    address: Rate | None = None
    pair: Rate | None = None
    target: Rate | None = None


# The numbers. A municipality's hundreds of employees may share one IPv4 address, so:
# - A login that succeeds is given back (`give_back`), so the address counts failures only. 300 people who log in on a
#   Monday between 8 and 8.30, one in ten with a slip, are 30 failures: 60 in 15 minutes is room enough.
# - Guessing one person's password is held by the pair (8 in 15 minutes). The target alone has a wider limit, so that
#   somebody elsewhere cannot easily lock a person out by trying wrong passwords on their address.
# - What needs an account is counted by account; the address counts only those who have none. A workshop where 100
#   people sign up or tell a story in the same hour gets through.
# - What sends mail to an address somebody types is strict by target: nobody's mailbox is filled from here.
# - Receipt codes have 128 bits; the limit is there to make guessing show, not to make it impossible.
LIMITS: dict[str, Limit] = {
    "login": Limit(address=Rate(60, 15 * MINUTE), pair=Rate(8, 15 * MINUTE), target=Rate(40, HOUR)),
    # The second step (a code of six digits), and to prove again who one is: by account.
    "second-step": Limit(
        account=Rate(8, 15 * MINUTE), address=Rate(60, 15 * MINUTE), target=Rate(8, 15 * MINUTE)
    ),
    "signup": Limit(address=Rate(120, HOUR), target=Rate(4, HOUR)),
    "reset": Limit(account=Rate(10, HOUR), address=Rate(60, HOUR), target=Rate(4, HOUR)),
    # To ask for a new confirmation mail, or to add or change an address.
    "confirm": Limit(account=Rate(10, HOUR), address=Rate(60, HOUR), target=Rate(4, HOUR)),
    "proposal": Limit(account=Rate(30, HOUR), address=Rate(30, HOUR)),
    # Saving a draft, also by itself while one writes.
    "draft": Limit(account=Rate(600, HOUR), address=Rate(600, HOUR)),
    "story": Limit(account=Rate(15, HOUR), address=Rate(120, HOUR)),
    # As stories: a workshop where a hundred people give an idea in the same hour gets through.
    "idea": Limit(account=Rate(15, HOUR), address=Rate(120, HOUR)),
    # Looking for what is alike while one writes: every half second at most, of a workshop behind one address.
    "alike": Limit(account=Rate(900, HOUR), address=Rate(6000, HOUR)),
    # Opening a workplace's link; its code has 128 bits, and all of a workplace may do it at once.
    "invitation": Limit(account=Rate(60, HOUR), address=Rate(300, HOUR)),
    # Support of ideas, and opening its links: a click each; without account a whole town hall may share an address.
    "support": Limit(account=Rate(240, HOUR), address=Rate(600, HOUR)),
    "support-mail": Limit(address=Rate(120, HOUR), target=Rate(6, HOUR)),
    "follow": Limit(account=Rate(240, HOUR), address=Rate(240, HOUR)),
    "comment": Limit(account=Rate(60, HOUR), address=Rate(60, HOUR)),
    # Those who answer a storm: each answer is mail to whoever wrote the idea, and a hundred are answered in a day.
    "storm-answer": Limit(account=Rate(120, HOUR)),
    # Points: saved meanwhile, and sent.
    "assessment": Limit(account=Rate(600, HOUR)),
    # What the editors do in storms: join and part ideas, hide and raise comments, distribute. Each tells somebody.
    "storm-staff": Limit(account=Rate(240, HOUR)),
    # Innovationspraktik: to ask a host for a seat is mail to its contact persons; what the two answer is mail as well.
    "practicum-ask": Limit(account=Rate(20, HOUR)),
    "practicum-answer": Limit(account=Rate(120, HOUR)),
    # An application is saved, and its wishes moved, many times in a row; sending it is mail to an address.
    "application": Limit(account=Rate(600, HOUR)),
    "application-send": Limit(account=Rate(20, HOUR), target=Rate(6, HOUR)),
    # What hosts think of those who apply: a click each.
    "host-mark": Limit(account=Rate(600, HOUR)),
    # Wishes without a place, and their answers, each of which is mail to a guest.
    "open-wish": Limit(account=Rate(20, HOUR)),
    "wish-answer": Limit(account=Rate(60, HOUR)),
    # Staff write to many workplaces at once.
    "host-invitation": Limit(account=Rate(30, HOUR)),
    # Leaders' answers by link: only wrong codes count, and a code has 128 bits. Asking one is mail to an address that
    # somebody types.
    "leader": Limit(address=Rate(20, 10 * MINUTE)),
    "leader-mail": Limit(account=Rate(20, HOUR), address=Rate(20, HOUR), target=Rate(6, HOUR)),
    # The editors in a round of Innovationspraktik: run, fix, send.
    "practicum-staff": Limit(account=Rate(240, HOUR)),
    "reuse": Limit(account=Rate(60, HOUR), address=Rate(60, HOUR)),
    "thanks": Limit(account=Rate(30, HOUR), address=Rate(60, HOUR)),
    "report": Limit(account=Rate(20, HOUR), address=Rate(40, HOUR), target=Rate(60, HOUR)),
    # Mail to an address that somebody has typed: strict by the address, whoever types it.
    "report-mail": Limit(target=Rate(4, HOUR)),
    "question": Limit(account=Rate(20, HOUR), address=Rate(20, HOUR), target=Rate(60, HOUR)),
    "answer": Limit(account=Rate(60, HOUR), address=Rate(60, HOUR), target=Rate(30, HOUR)),
    "upload": Limit(account=Rate(100, HOUR), address=Rate(150, HOUR)),
    "receipt": Limit(address=Rate(10, 10 * MINUTE)),
    "vouch": Limit(account=Rate(20, DAY), target=Rate(10, DAY)),
    "membership": Limit(account=Rate(20, DAY), target=Rate(60, HOUR)),
    "export": Limit(account=Rate(10, HOUR)),
    # To end one's account: each attempt counts all that would go.
    "erase": Limit(account=Rate(10, HOUR)),
}


class TooManyRequests(Exception):  # noqa: N818 - it is an answer (429), not a fault
    """A limit is reached. `guards.middleware` answers with the page that says when one may try again."""

    def __init__(self, retry_after: int, *, name: str = "", form: BaseForm | None = None) -> None:
        self.retry_after = max(1, retry_after)
        self.name = name
        self.form = form
        super().__init__(f"{name}: try again in {self.retry_after} s")


def limit(request: HttpRequest, name: str, *, target: str = "", form: BaseForm | None = None) -> None:
    """Count one attempt by account, address and target, as LIMITS[name] says. Raises TooManyRequests.

    Call it before the view's own transaction. `target` is what the attempt is aimed at, written in any case. With
    `form`, the page shows what was typed under the fields' own labels.
    """
    for kind, key, rate in _counted(request, name, target):
        if retry := _spend(name, kind, key, rate):
            raise TooManyRequests(retry, name=name, form=form)


def give_back(request: HttpRequest, name: str, *, target: str = "") -> None:
    """Take one attempt off again, as after a login that succeeded. Never raises, and never gives more than was used."""
    for _kind, key, rate in _counted(request, name, target):
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE guards_allowance SET free_at = free_at - make_interval(secs => %s) WHERE key = %s",
                [rate.step, key],
            )


def limited(
    name: str,
) -> Callable[
    [Callable[Concatenate[HttpRequest, P], HttpResponseBase]],
    Callable[Concatenate[HttpRequest, P], HttpResponseBase],
]:
    """A decorator for views: counts each POST as one attempt, by account and address."""
    if name not in LIMITS:
        raise KeyError(name)

    def decorate(
        view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
    ) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @functools.wraps(view)
        def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method == "POST":
                limit(request, name)
            return view(request, *args, **kwargs)

        return wrapped

    return decorate


def purge() -> int:
    """Delete the rows of which nothing is used any more (a missing row means the same); returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM guards_allowance WHERE free_at < statement_timestamp()")
        return int(cursor.rowcount)


def network(address: str) -> str:
    """The network that counts as one visitor: IPv4 whole, IPv6 by its /64, IPv4 within IPv6 as IPv4."""
    try:
        found = ipaddress.ip_address(address.strip().partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is None:
            return str(ipaddress.ip_network((found, 64), strict=False))
        found = found.ipv4_mapped
    return str(found)


def _counted(request: HttpRequest, name: str, target: str) -> list[tuple[str, str, Rate]]:
    """What one attempt is counted by: kind, key and rate, in the order they are asked."""
    rates = LIMITS[name]
    user: Any = getattr(request, "user", None)
    account = str(user.key) if user is not None and user.is_authenticated else ""
    address = network(request.META.get("REMOTE_ADDR") or "")
    target = target.strip().lower()
    found: list[tuple[str, str, Rate]] = []

    def add(kind: str, rate: Rate | None, *values: str) -> None:
        if rate is not None:
            key = salted_hmac(
                "guards.ratelimits", "\x00".join((name, kind, *values)), algorithm="sha256"
            ).hexdigest()
            found.append((kind, key, rate))

    if account and rates.account:
        add("account", rates.account, account)
    else:
        add("address", rates.address, address)
    if target:
        add("pair", rates.pair, address, target)
        add("target", rates.target, target)
    return found


def _spend(name: str, kind: str, key: str, rate: Rate) -> int:
    """Use one attempt. Returns 0, or the seconds until there is one."""
    ahead = rate.seconds - rate.step  # how far ahead `free_at` may lie for one more attempt
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO guards_allowance AS a (key, "limit", kind, free_at)
            VALUES (%(key)s, %(name)s, %(kind)s, statement_timestamp() + make_interval(secs => %(step)s))
            ON CONFLICT (key) DO UPDATE
            SET free_at = GREATEST(a.free_at, statement_timestamp()) + make_interval(secs => %(step)s)
            WHERE a.free_at <= statement_timestamp() + make_interval(secs => %(ahead)s)
            RETURNING 1
            """,
            {"key": key, "name": name, "kind": kind, "step": rate.step, "ahead": ahead},
        )
        if cursor.fetchone():
            return 0
        cursor.execute(
            "SELECT extract(epoch FROM free_at - statement_timestamp()) FROM guards_allowance WHERE key = %s",
            [key],
        )
        row = cursor.fetchone()
    return max(1, math.ceil(float(row[0]) - ahead)) if row else 1
