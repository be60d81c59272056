"""Whom to ask and when, what the answer does, and what no answer does. Days are days in Denmark."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.core import signing
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from editorial.choices import Kind
from editorial.models import Content
from notices.sending import tell
from places.models import Membership, MembershipState, Role, Workplace
from places.permissions import contacts_of

YEAR = dt.timedelta(days=365)
"""How long a confirmation lasts, and how long nobody is asked again."""
SILENCE = dt.timedelta(days=30)
"""How long the workplace has to answer before the page says that it has not."""
KINDS = tuple(kind for kind in Kind if kind != Kind.STORY)
"""What workplaces answer for; a story is its teller's own."""
SALT = "catalogue.confirming"
WORKPLACES = 200
"""Workplaces that one run asks; the rest are asked the day after."""
PAGES = 50
"""Pages that one message names."""
PORTION = 500


@dataclass(frozen=True)
class Asked:
    """What a link is about: the entries of a workplace that it was asked about on a day."""

    workplace_id: int
    day: dt.date

    @property
    def token(self) -> str:
        """The link's secret part."""
        return signing.dumps({"w": self.workplace_id, "d": self.day.isoformat()}, salt=SALT)

    @property
    def address(self) -> str:
        """The page where one answers."""
        return reverse("editorial:still_right", args=[self.token])

    def entries(self) -> QuerySet[Content]:
        """The entries it still holds for: not taken down, not given to another, not asked about again since."""
        return (
            Content.objects.published()
            .of_kind(*KINDS)
            .filter(owner=self.workplace_id, confirmation_asked_on=self.day)
        )


def read(token: str) -> Asked | None:
    """What a link is about; None for one that is not ours or older than a year."""
    try:
        said = signing.loads(token, salt=SALT, max_age=YEAR)
        return Asked(int(said["w"]), dt.date.fromisoformat(said["d"]))
    except (signing.BadSignature, ValueError, KeyError, TypeError):
        return None


def unanswered(entries: QuerySet[Content]) -> QuerySet[Content]:
    """Those that have not been confirmed since they were asked about."""
    return entries.filter(
        Q(confirmed_on__isnull=True) | Q(confirmed_on__lt=F("confirmation_asked_on")),
        confirmation_asked_on__isnull=False,
    )


def due(today: dt.date) -> QuerySet[Content]:
    """Published entries that nobody has confirmed, published or been asked about for a year, of a workplace that can be
    reached. What has no owner, or one without contact person and mailbox, is never asked about.
    """
    before = today - YEAR
    contacts = Membership.objects.filter(
        workplace=OuterRef("owner"), role=Role.CONTACT, state=MembershipState.ACTIVE, user__is_active=True
    )
    return (
        Content.objects.published()
        .of_kind(*KINDS)
        .filter(
            Q(confirmed_on__lte=before) | Q(confirmed_on__isnull=True, published_at__date__lte=before),
            Q(confirmation_asked_on__isnull=True) | Q(confirmation_asked_on__lte=before),
            owner__closed_on__isnull=True,
        )
        .filter(~Q(owner__mailbox="") | Exists(contacts))
    )


def ask_about_old(today: dt.date | None = None) -> int:
    """Ask the workplaces whose entries are due, one message each; returns how many were asked.

    Safe to run twice, also at the same time: an entry is marked as asked about in the transaction that tells.
    """
    today = today or timezone.localdate()
    owners = due(today).order_by("owner").values_list("owner", flat=True).distinct()[:WORKPLACES]
    return sum(_ask(workplace, today) for workplace in Workplace.objects.filter(pk__in=list(owners)))


@transaction.atomic
def _ask(workplace: Workplace, today: dt.date) -> bool:
    """Ask one workplace about what is due; False when another run has."""
    wanted = list(due(today).filter(owner=workplace).order_by("pk").values_list("pk", flat=True)[:PAGES])
    locked = Content.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk")
    list(locked.values_list("pk", flat=True))
    entries = list(due(today).filter(pk__in=wanted).order_by("sort_key"))
    if not entries:
        return False
    Content.objects.filter(pk__in=[e.pk for e in entries]).update(confirmation_asked_on=today)
    _tell(workplace, entries, Asked(workplace.pk, today))
    return True


def _tell(workplace: Workplace, entries: list[Content], asked: Asked) -> None:
    n = len(entries)
    subject = ngettext("Er »%(title)s« stadig rigtigt?", "Er de %(n)s sider om jer stadig rigtige?", n) % {
        "title": entries[0].title,
        "n": n,
    }
    names = "\n".join(f"– {entry.title}" for entry in entries)
    text = _(
        "På portalen står dette om %(workplace)s, og det er over et år siden, nogen sagde, at det passer:\n\n"
        "%(names)s\n\n"
        "Følg linket, og svar med ét klik: Det passer stadig, vi vil rette, eller tag det ned. Du behøver ikke logge "
        "ind. Svarer ingen inden en måned, skriver vi på siden, at den ikke er bekræftet."
    ) % {"workplace": workplace.name, "names": names}
    contacts: list[User | str] = list(contacts_of(workplace))
    for person in contacts or [workplace.mailbox]:
        tell(to=person, event="bekraeft", subject=subject, text=text, url=asked.address)


@transaction.atomic
def confirm(*, entries: Iterable[Content], asked: Asked) -> int:
    """The workplace says that it is still right; returns how many had not been confirmed before."""
    today = timezone.localdate()
    rows = unanswered(asked.entries()).filter(pk__in=[entry.pk for entry in entries])
    keys = list(rows.values_list("pk", flat=True))
    return (
        Content.objects.filter(pk__in=keys, confirmation_asked_on=asked.day)
        .exclude(confirmed_on__gte=F("confirmation_asked_on"))
        .update(confirmed_on=max(today, asked.day), is_unconfirmed=False)
    )


def mark_unanswered(today: dt.date | None = None) -> int:
    """Mark what nobody has answered for 30 days, and take the mark off what has been confirmed since.

    In portions. Returns how many were marked.
    """
    today = today or timezone.localdate()
    silent = unanswered(Content.objects.published().of_kind(*KINDS)).filter(
        confirmation_asked_on__lte=today - SILENCE, is_unconfirmed=False
    )
    marked = 0
    while keys := list(silent.order_by("pk").values_list("pk", flat=True)[:PORTION]):
        with transaction.atomic():
            rows = Content.objects.filter(pk__in=keys, is_unconfirmed=False).exclude(
                confirmed_on__gte=F("confirmation_asked_on")
            )
            marked += rows.update(is_unconfirmed=True)
        if len(keys) < PORTION:
            break
    answered = Content.objects.filter(is_unconfirmed=True, confirmed_on__gte=F("confirmation_asked_on"))
    answered.update(is_unconfirmed=False)
    return marked
