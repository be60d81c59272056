"""Counting what is read, for those whose pages they are; and what they are shown of it.

Pages call `count_reading` once they know that they will be shown. Nothing about the reader is kept: no account,
address, cookie or time of day. Machines that say what they are, previews and the editors are not counted.
"""

from __future__ import annotations

import datetime as dt
import logging
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import Q, Sum
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from psycopg.errors import LockNotAvailable

from editorial.models import Content
from editorial.models.reading import ENOUGH, Reading, Sought
from guards.cpr import cpr_like
from guards.textsigns import names_a_person
from places.models import Workplace
from search import query

log = logging.getLogger(__name__)

MACHINES = re.compile(
    r"bot|crawl|spider|slurp|preview|monitor|curl|wget|python|java/|headless|lighthouse", re.IGNORECASE
)
LONGEST = 80
"""Characters of a search that are kept."""
WINDOW = dt.timedelta(days=28)
MONTHS = 3
PATIENCE = "SET LOCAL lock_timeout = '100ms'"
"""A page is not held up by a count: what is locked for longer, as by a merge of workplaces, is not counted."""

_COUNT = """
INSERT INTO editorial_reading (content_id, workplace_id, day, times) VALUES (%s, %s, coi_today(), 1)
ON CONFLICT (content_id, workplace_id, day) DO UPDATE SET times = editorial_reading.times + 1
"""
_SOUGHT = f"""
INSERT INTO editorial_sought AS s (workplace_id, month, fingerprint, words, times)
VALUES (%s, date_trunc('month', coi_today())::date, %s, '', 1)
ON CONFLICT (workplace_id, month, fingerprint) DO UPDATE SET times = s.times + 1,
    words = CASE WHEN s.times + 1 >= {ENOUGH} THEN %s ELSE '' END
"""  # noqa: S608 - our own number


def count_reading(
    request: HttpRequest, *, content: Content | None = None, workplace: Workplace | None = None
) -> None:
    """Count that a public page of content, or of a workplace, is opened. A failure is logged; the page is shown.

    In a transaction of its own, so that what the foreign keys lock when it ends is under the time limit, too.
    """
    if request.method != "GET" or not _is_reader(request):
        return
    owner = workplace.pk if workplace else content.owner_id if content else None
    words = _searched(request) if owner else ""
    try:
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            cursor.execute(PATIENCE)
            cursor.execute(_COUNT, [content.pk if content else None, workplace.pk if workplace else None])
            if words:
                cursor.execute(_SOUGHT, [owner, _fingerprint(words), words])
    except DatabaseError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            log.info("a reading was not counted: its row is locked")
        else:
            log.exception("a reading was not counted")


def _is_reader(request: HttpRequest) -> bool:
    if request.user.is_authenticated and request.user.is_staff:
        return False
    if "prefetch" in request.headers.get("Sec-Purpose", ""):
        return False
    agent = request.headers.get("User-Agent", "")
    return bool(agent) and MACHINES.search(agent) is None


def _searched(request: HttpRequest) -> str:
    """The words of the list on this portal that the reader came from; "" for none, or what may be about a person."""
    try:
        came_from = urlsplit(request.headers.get("Referer", "")[:2000])
        if came_from.netloc != request.get_host():
            return ""
        words = query.clean(parse_qs(came_from.query).get("q", [""])[0]).lower()[:LONGEST]
    except ValueError:  # no address at all
        return ""
    about_person = (
        "@" in words or cpr_like(words) or re.search(r"\d{6}", words) or names_a_person(words.title())
    )
    return "" if about_person else words


def _fingerprint(words: str) -> str:
    return salted_hmac("editorial.reading", words, secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()


@dataclass(frozen=True)
class PageRead:
    """A page, and how many times it was opened in the last four weeks and the four before."""

    title: str
    url: str
    times: int
    before: int


def read_pages(workplace: Workplace, limit: int = 10) -> list[PageRead]:
    """The workplace's pages that were read in the last four weeks, the most read first. Two queries."""
    today = timezone.localdate()
    rows = Reading.objects.filter(
        Q(content__owner=workplace, content__state="published") | Q(workplace=workplace),
        day__gt=today - 2 * WINDOW,
    )
    recent = Sum("times", filter=Q(day__gt=today - WINDOW), default=0)
    earlier = Sum("times", filter=Q(day__lte=today - WINDOW), default=0)
    totals = list(
        rows.values("content")
        .annotate(recent=recent, earlier=earlier)
        .filter(recent__gt=0)
        .order_by("-recent")[:limit]
    )
    contents = Content.objects.in_bulk([row["content"] for row in totals if row["content"]])
    return [
        PageRead(thing.title, thing.get_absolute_url(), row["recent"], row["earlier"])
        if (thing := contents.get(row["content"]))
        else PageRead(workplace.name, workplace.get_absolute_url(), row["recent"], row["earlier"])
        for row in totals
    ]


def sought_words(workplace: Workplace, limit: int = 10) -> list[tuple[str, int]]:
    """What readers searched for before they came, in this month and the two before: (words, times), most first."""
    first = timezone.localdate().replace(day=1)
    for _n in range(MONTHS - 1):
        first = (first - dt.timedelta(days=1)).replace(day=1)
    rows = Sought.objects.filter(workplace=workplace, month__gte=first).exclude(words="")
    return [
        (row["words"], row["total"])
        for row in rows.values("words").annotate(total=Sum("times")).order_by("-total", "words")[:limit]
    ]


def forget_old(today: dt.date | None = None) -> int:
    """Delete totals older than 13 months; returns how many rows."""
    before = (today or timezone.localdate()) - dt.timedelta(days=396)
    return (
        Reading.objects.filter(day__lt=before).delete()[0]
        + Sought.objects.filter(month__lt=before).delete()[0]
    )
