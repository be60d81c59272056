"""Saved searches: told of new places that match, in the digest, until one stops."""

from __future__ import annotations

import datetime as dt
import logging

from django.db import transaction
from django.db.models import Max
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from notices.events import Event
from notices.sending import tell
from practicum.models import Offer, SavedSearch
from practicum.offers.lists import OfferListing

log = logging.getLogger(__name__)

LONGEST = 400
"""Characters of a choice that can be saved; a notice's address must hold it."""
AT_MOST = 20
"""Choices that one account is told of."""
TOLD_AT_ONCE = 500
"""Rows that one run of the job looks at; the next takes the others."""
SETTLED = dt.timedelta(minutes=5)
"""A place that is younger waits for the next run: its transaction may have begun before, and end later."""


class NotSavedError(ValueError):
    """A choice that cannot be saved; the message is for the page."""


def asked(listing: OfferListing) -> str:
    """What the list is asked for, always written the same way; "" for all places."""
    return listing.querystring(sort=None, pr_side=None).lstrip("?")


def words(listing: OfferListing) -> str:
    """The choice in words: »pladser i Region Midtjylland med ledige pladser«."""
    parts = " ".join(f"{part.joint} {part.label}".strip() for part in listing.sentence)
    return f"{_('pladser')} {parts}" if parts else _("alle pladser")


def save(user: User, querystring: str) -> None:
    """Tell this account of new places from now on. Twice, or at once, is once."""
    if len(querystring) > LONGEST:
        raise NotSavedError(_("Du har valgt så meget, at det ikke kan gemmes. Vælg lidt færre filtre."))
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        others = SavedSearch.objects.of(user).exclude(querystring=querystring)
        if others.count() >= AT_MOST:
            raise NotSavedError(
                _("Du får allerede besked om %s slags pladser. Stop en af dem først.") % AT_MOST
            )
        SavedSearch.objects.bulk_create(
            [SavedSearch(user=user, querystring=querystring)], ignore_conflicts=True
        )


def tell_of_new(now: dt.datetime) -> int:
    """Tell of the places that came since; returns how many were told. Safe to run twice, at once, and killed half-way:
    each saved search is a transaction of its own.
    """
    until = now - SETTLED
    newest = Offer.objects.published().filter(published_at__lte=until).aggregate(Max("published_at"))
    if (latest := newest["published_at__max"]) is None:
        return 0
    waiting = SavedSearch.objects.may_be_told().filter(told_until__lt=latest).order_by("told_until", "pk")
    keys = waiting.values_list("pk", flat=True)[:TOLD_AT_ONCE]
    return sum(_safely(pk, until) for pk in list(keys))


def _safely(pk: int, until: dt.datetime) -> bool:
    try:
        with transaction.atomic():
            return _tell(pk, until)
    except Exception as error:  # the others are to be told; the next run tries this one again
        log.warning("Somebody could not be told of new places: %s", type(error).__name__)
        return False


def _tell(pk: int, until: dt.datetime) -> bool:
    rows = SavedSearch.objects.may_be_told().filter(pk=pk, told_until__lt=until).select_related("user")
    row = rows.select_for_update(of=("self",), skip_locked=True).first()
    if row is None:
        return False
    since = row.told_until
    SavedSearch.objects.filter(pk=row.pk).update(told_until=until)
    listing = OfferListing(QueryDict(row.querystring))
    new = Offer.objects.published().filter(
        pk__in=listing.results.content(), published_at__gt=since, published_at__lte=until
    )
    if not (number := new.count()):
        return False
    # Which they are stands on the page: what is hidden before the digest is sent is named nowhere.
    tell(
        to=row.user, event=Event.FOLLOWS,
        subject=ngettext("%s ny praktikplads, der passer", "%s nye praktikpladser, der passer", number) % number,
        text=_("Du har bedt om besked om %s. På siden kan du se dem og stoppe igen med ét klik.") % words(listing),
        url=reverse("practicum:list") + (f"?{row.querystring}" if row.querystring else ""),
    )  # fmt: skip
    return True
