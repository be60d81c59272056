"""Whom to ask and when, what the answer does, and what no answer does. Days are days in Denmark."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.core import signing
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from editorial.choices import Kind, QueueKind
from editorial.models import Content, Letter, QueueItem
from editorial.submitting import enqueue
from editorial.workplace_pages import ToDo
from notices.sending import tell
from places.memberships import GRACE, note_asked
from places.models import Membership, Workplace
from places.permissions import contacts_of, speaks_for

YEAR = dt.timedelta(days=365)
"""How long a confirmation lasts, and how long nobody is asked again."""
SILENCE = dt.timedelta(days=30)
"""How long the workplace has to answer before the page says that it has not."""
KINDS = tuple(kind for kind in Kind if kind != Kind.STORY)
"""What workplaces answer for; a story is its teller's own."""
SALT = "catalogue.confirming"
AHEAD = dt.timedelta(days=30)
"""A contact person whose own yearly date comes within so long is asked about the role in the same message."""
WORKPLACES = 200
"""Workplaces that one run asks; the rest are asked the day after."""
PAGES = 50
"""Pages that one message names."""
PORTION = 500


@dataclass(frozen=True)
class Asked:
    """What a link is about: a workplace's pages, and what stands about itself, if it was asked about them on a day."""

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

    def asks_about(self, workplace: Workplace) -> bool:
        """Whether it holds for what stands about the workplace itself: not closed, not asked about again since."""
        return (
            workplace.pk == self.workplace_id
            and workplace.closed_on is None
            and workplace.confirmation_asked_on == self.day
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
    contacts = Membership.objects.active().contacts().filter(workplace=OuterRef("owner"))
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


def workplaces_due(today: dt.date) -> QuerySet[Workplace]:
    """Workplaces that exist and can be reached, whose own facts nobody has confirmed, added or been asked about for a
    year.
    """
    before = today - YEAR
    contacts = Membership.objects.active().contacts().filter(workplace=OuterRef("pk"))
    return (
        Workplace.objects.active()
        .filter(
            Q(confirmed_on__lte=before) | Q(confirmed_on__isnull=True, created_at__date__lte=before),
            Q(confirmation_asked_on__isnull=True) | Q(confirmation_asked_on__lte=before),
        )
        .filter(~Q(mailbox="") | Exists(contacts))
    )


def ask_about_old(today: dt.date | None = None) -> int:
    """Ask the workplaces whose pages or own facts are due, one message each; returns how many were asked.

    Safe to run twice, also at the same time, and to be killed: what is asked about is marked in the transaction that
    tells.
    """
    today = today or timezone.localdate()
    owners = due(today).order_by("owner").values_list("owner", flat=True).distinct()[:WORKPLACES]
    themselves = workplaces_due(today).order_by("pk").values_list("pk", flat=True)[:WORKPLACES]
    wanted = sorted({*owners, *themselves})[:WORKPLACES]
    return sum(_ask(key, today) for key in wanted)


@transaction.atomic
def _ask(key: int, today: dt.date) -> bool:
    """Ask one workplace about what is due; False when another run has, or it is gone."""
    # The workplace first, as when two become one.
    workplace = Workplace.objects.select_for_update(no_key=True).filter(pk=key).first()
    if workplace is None:
        return False
    itself = workplaces_due(today).filter(pk=key).exists()
    wanted = list(due(today).filter(owner=workplace).order_by("pk").values_list("pk", flat=True)[:PAGES])
    locked = Content.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk")
    list(locked.values_list("pk", flat=True))
    entries = list(due(today).filter(pk__in=wanted).order_by("sort_key"))
    if not entries and not itself:
        return False
    Content.objects.filter(pk__in=[e.pk for e in entries]).update(confirmation_asked_on=today)
    if itself:
        Workplace.objects.filter(pk=key).update(confirmation_asked_on=today)
    _tell(workplace, entries, itself=itself, asked=Asked(key, today))
    return True


def _tell(workplace: Workplace, entries: list[Content], *, itself: bool, asked: Asked) -> None:
    names = [f"– {entry.title}" for entry in entries]
    if itself:
        names.insert(0, _("– Oplysningerne om jer selv: navn, sted, hjemmeside og fællespostkasse"))
    subject = _subject(workplace, entries, itself=itself)
    text = _(
        "På portalen står dette om %(workplace)s, og det er over et år siden, nogen sagde, at det passer:\n\n"
        "%(names)s\n\n"
        "Følg linket, og svar med ét klik: Det passer stadig, vi vil rette, eller tag det ned. Du behøver ikke logge "
        "ind. Svarer ingen inden en måned, skriver vi på siden, at den ikke er bekræftet."
    ) % {"workplace": workplace.name, "names": "\n".join(names)}
    contacts = list(contacts_of(workplace))
    for person in contacts:
        event, more = "bekraeft", ""
        if until := _asked_about_role(person, workplace, asked.day):
            event = "arbejdsplads"  # as the message that this one stands in for
            more = "\n\n" + _(
                "Det er også et år siden, du sidst sagde, at du taler for %(workplace)s. Log ind, og sig til på den "
                "samme side, om det stadig passer. Hører vi ikke fra dig inden den %(day)s, sætter vi rollen på pause."
            ) % {"workplace": workplace.name, "day": formats.date_format(until, "j. F Y")}
        tell(to=person, event=event, subject=subject, text=text + more, url=asked.address)
    if not contacts:
        tell(to=workplace.mailbox, event="bekraeft", subject=subject, text=text, url=asked.address)


def _subject(workplace: Workplace, entries: list[Content], *, itself: bool) -> str:
    n = len(entries)
    if itself and not n:
        return _("Passer det, der står om %(workplace)s?") % {"workplace": workplace.name}
    return ngettext("Er »%(title)s« stadig rigtigt?", "Er de %(n)s sider om jer stadig rigtige?", n) % {
        "title": entries[0].title,
        "n": n,
    }


def _asked_about_role(person: User, workplace: Workplace, day: dt.date) -> dt.date | None:
    """Note that somebody is asked about the role as well, when that is due soon; they get no second message then.

    Returns until when they may answer.
    """
    due_soon = (
        Membership.objects.active()
        .contacts()
        .filter(user=person, workplace=workplace, asked_on__isnull=True, confirm_by__lte=day + AHEAD)
    )
    for membership in due_soon:
        if membership.confirm_by and note_asked(membership=membership):
            return max(membership.confirm_by, day) + GRACE
    return None


@transaction.atomic
def ask_correction(*, workplace: Workplace, text: str, by: User | None) -> QueueItem:
    """Whoever has the link says what is wrong about the workplace; the editors read it, and correct it."""
    item = enqueue(
        kind=QueueKind.WORKPLACE, title=workplace.name, sender=by, workplace=workplace, text=text,
        snapshot={"before": {}, "after": {}},
    )  # fmt: skip
    said = _("Svar på »Er det stadig rigtigt?«: %s") % text.strip()
    Letter.objects.create(item=item, from_editors=False, author=by, text=said[:4000])
    return item


def owing(workplaces: QuerySet[Workplace]) -> QuerySet[Workplace]:
    """Those that exist and have not answered about themselves since they were asked: Workplace.owes_confirmation."""
    return workplaces.filter(
        Q(confirmed_on__isnull=True) | Q(confirmed_on__lt=F("confirmation_asked_on")),
        closed_on__isnull=True,
        confirmation_asked_on__isnull=False,
    )


@transaction.atomic
def confirm_itself(*, asked: Asked) -> bool:
    """The workplace says that what stands about itself is right; False when it has said so before, or is not asked."""
    today = timezone.localdate()
    waiting = owing(Workplace.objects.filter(pk=asked.workplace_id, confirmation_asked_on=asked.day))
    return bool(waiting.update(confirmed_on=max(today, asked.day)))


@transaction.atomic
def count_correction(*, workplace: Workplace, by: User | None, sent_at: dt.datetime) -> bool:
    """Whoever speaks for the workplace and has corrected what stands about it has said that the rest holds, as of the
    day they sent it. Nobody else's correction does. Returns whether it counts.
    """
    if by is None or not speaks_for(by, workplace):
        return False
    day = timezone.localdate(sent_at)
    rows = Workplace.objects.filter(pk=workplace.pk)
    return bool(rows.filter(Q(confirmed_on__isnull=True) | Q(confirmed_on__lt=day)).update(confirmed_on=day))


def is_silent(workplace: Workplace, today: dt.date | None = None) -> bool:
    """Whether it has had its days to answer about itself, and has not: then its page says so."""
    asked_on = workplace.confirmation_asked_on
    if not workplace.owes_confirmation or asked_on is None:
        return False
    return asked_on <= (today or timezone.localdate()) - SILENCE


def to_do(workplace: Workplace) -> list[ToDo]:
    """That nobody has said whether what stands about the workplace itself is right."""
    if not workplace.owes_confirmation or workplace.confirmation_asked_on is None:
        return []
    address = Asked(workplace.pk, workplace.confirmation_asked_on).address
    return [ToDo(_("Oplysningerne om jer er ikke bekræftet."), address, _("Se, om de stadig passer"))]


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
