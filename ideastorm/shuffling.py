"""The order of ideas until support closes: random, so that nobody's idea always stands first, and the same each time
for the same visitor, so that nobody loses their place between pages and visits.

There is no cookie in it. Whoever is logged in has an order of their own; of others it is worked out of what every
request carries (network address and browser), keyed with SECRET_KEY, used and forgotten. The addresses of the further
pages carry it along (`orden`), so that it lasts when a phone changes network, and can be sent to somebody else.

An idea's place is a hash of the visitor's number and its own: every idea is as likely to be first as any other, however
many there are, and a new one slips in without moving the rest.
"""

from __future__ import annotations

import re

import numpy as np
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from numpy.typing import NDArray

from accounts.models import User
from ideastorm.models import Storm

ORDER = re.compile(r"[0-9a-f]{12}")
"""The form of an order in an address."""


def order_of(request: HttpRequest, storm: Storm) -> str:
    """The visitor's order of a storm: the one that the address carries, else their own."""
    asked = request.GET.get("orden", "")
    if ORDER.fullmatch(asked):
        return asked
    if isinstance(request.user, User):
        who = str(request.user.key)
    else:
        who = "\x00".join(
            request.META.get(name, "") for name in ("REMOTE_ADDR", "HTTP_USER_AGENT", "HTTP_ACCEPT_LANGUAGE")
        )
    return salted_hmac("ideastorm.shuffling", f"{storm.uuid}\x00{who}", algorithm="sha256").hexdigest()[:12]


def shuffled(keys: NDArray[np.int64], order: str) -> NDArray[np.int64]:
    """The places of `keys`, the first first, in this order (splitmix64, Steele et al. 2014)."""
    with np.errstate(over="ignore"):
        x = _mixed(keys.astype(np.uint64) + _mixed(np.array([int(order, 16)], np.uint64)))
    places: NDArray[np.int64] = np.lexsort((keys, x))
    return places


def _mixed(x: NDArray[np.uint64]) -> NDArray[np.uint64]:
    x = x + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: NDArray[np.uint64] = x ^ (x >> np.uint64(31))
    return mixed
