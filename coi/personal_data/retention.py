"""How long: the rules that a daily job carries out, in portions, each safe to run twice.

Other tables purge themselves: notices (`notices.keeping`), vouches (`places.memberships.forget_vouches`), sessions,
jobs, imports, limits and received forms (`coi.tasks`, `guards`). What is an authority's document is spared: see SPARED.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.models import Exists, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from accounts.models import User
from catalogue.models import Inquiry
from coi.models import Warned, Why
from coi.personal_data.erasing import _delete_files, contributions, erase, is_unsent
from editorial.choices import OPEN, QueueKind, State
from editorial.filing import FILED
from editorial.models import Change, Content, Decision, Picture, QueueItem, Report, SenderContact
from notices.sending import tell
from places.models import Membership, MembershipState
from practicum.models import Agreement, Application, Evaluation, FollowUp, OpenWish, Stay, StayReminder

log = logging.getLogger(__name__)

PORTION = 200
"""Rows at a time, each portion in a transaction of its own."""
WARNING = dt.timedelta(days=30)
DRAFTS = dt.timedelta(days=365)
ACCOUNTS = dt.timedelta(days=3 * 365)
UNCONFIRMED = dt.timedelta(days=30)
CONTACTS = dt.timedelta(days=365)
ROLES = dt.timedelta(days=2 * 365)
QUESTIONS = dt.timedelta(days=2 * 365)
PRACTICUM = dt.timedelta(days=2 * 365)
MATTERS = dt.timedelta(days=365)
"""As in coi_forget_content."""


@dataclass(frozen=True)
class Rule:
    """What is deleted, and when, in Danish; `run` does one portion at a moment and returns how many rows it took."""

    name: str
    tables: tuple[str, ...]
    says: str
    run: Callable[[dt.datetime], int]


SPARED: dict[str, str] = {
    "editorial.QueueItem": "Sager er en myndigheds dokumenter: de står, til centrets journalsystem har dem",
    "editorial.Letter": "Breve hører til sagen",
    "editorial.Decision": "Loggen over svar er en del af sagen",
    "editorial.Change": "Rettelser, der er sendt, er en sag",
    "editorial.Content": "Det offentlige står, til det tages ned; det afviste står, til journalsystemet har sagen",
    "editorial.Report": "Henvendelsens tekst er en del af en sag og bliver slettet med den",
}
"""What was sent to the editors, which no rule takes before the records system has it, and why."""


def now() -> dt.datetime:
    """The database's clock, which tests can move."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coi_now()")
        moment: dt.datetime = cursor.fetchone()[0]
    return moment


def _day(moment: dt.datetime) -> str:
    return formats.date_format(moment + WARNING, "j. F Y")


# -- drafts ------------------------------------------------------------------


def _untouched_drafts(moment: dt.datetime) -> Q:
    decided = Decision.objects.filter(content_uuid=OuterRef("uuid"))
    return Q(
        ~Exists(decided), state=State.DRAFT, author__isnull=False, updated_at__lt=moment - DRAFTS + WARNING
    )


def warn_of_drafts(moment: dt.datetime) -> int:
    """Tell authors of drafts untouched for 11 months that they go in 30 days."""
    Warned.objects.filter(content__updated_at__gt=F("at")).delete()
    warned = Warned.objects.filter(content=OuterRef("pk"))
    rows = list(
        Content.objects.filter(_untouched_drafts(moment))
        .filter(~Exists(warned))
        .select_related("author")[:PORTION]
    )
    for content in rows:
        assert content.author is not None
        Warned.objects.create(content=content, at=moment)
        tell(
            to=content.author,
            event="behandling",
            subject=_("Din kladde »%s« bliver slettet om en måned") % content.title,
            text=_(
                "Du har ikke rettet i kladden i næsten et år. Retter du i den inden den %s, bliver den liggende. "
                "Ellers sletter vi den med billeder."
            )
            % _day(moment),
            url=reverse("my_page"),
        )
    return len(rows)


def delete_drafts(moment: dt.datetime) -> int:
    """Delete drafts that their author was warned of, and has not touched since."""
    warned = Warned.objects.filter(content=OuterRef("pk"), at__lt=moment - WARNING)
    old = Content.objects.filter(_untouched_drafts(moment)).filter(
        Exists(warned), updated_at__lt=moment - DRAFTS
    )
    count = 0
    for content in old.select_for_update(of=("self",), skip_locked=True)[:PORTION]:
        if not is_unsent(content):
            continue
        _delete_content(content)
        count += 1
    return count


def _delete_content(content: Content) -> None:
    """Delete a row with its pictures and its history."""
    key = content.pk
    names = list(Picture.objects.filter(content=content).values_list("name", flat=True))
    content.typed().delete()
    _forget_history(key)
    transaction.on_commit(lambda: _delete_files(names))


def _forget_history(key: int) -> None:
    """Take the history of content that is gone. The owner's function says no where it must be kept."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coi_forget_content(%s)", [key])


def forget_drafts(moment: dt.datetime) -> int:
    """Take the history of drafts that their author has deleted. Nobody but the author has seen them."""
    events: Any = apps.get_model("editorial.ContentEvent")
    sent = events.objects.filter(pgh_obj_id=OuterRef("pgh_obj_id")).exclude(state=State.DRAFT)
    there = Content.objects.filter(pk=OuterRef("pgh_obj_id"))
    decided = Decision.objects.filter(content_uuid=OuterRef("uuid"))
    gone = events.objects.filter(~Exists(there), ~Exists(sent), ~Exists(decided))
    keys = list(gone.order_by().values_list("pgh_obj_id", flat=True).distinct()[:PORTION])
    for key in keys:
        _forget_history(key)
    return len(keys)


# -- matters that the records system has -----------------------------------------


CLOSED = (State.REJECTED, State.WITHDRAWN)
CONTRIBUTIONS = (QueueKind.CONTENT, QueueKind.CHANGE)
"""Matters that stand as long as what they led to; all other kinds are over with the answer."""


def delete_filed_contributions(moment: dt.datetime) -> int:
    """Delete what was rejected or withdrawn a year after the answer, once all of the matter has its journal number.

    The log of decisions stands. What somebody waits for an answer about, or nobody has filed, stands too.
    """
    items = QueueItem.objects.filter(content=OuterRef("pk"))
    late = Decision.objects.filter(content_uuid=OuterRef("uuid"), at__gt=moment - MATTERS).exclude(
        action=FILED
    )
    filed = Decision.objects.filter(content_uuid=OuterRef("uuid"), action=FILED)
    over = Content.objects.filter(Exists(filed), Exists(items), state__in=CLOSED).exclude(
        Exists(late) | Exists(items.filter(filed_at__isnull=True))
    )
    rows = list(over.select_for_update(of=("self",), skip_locked=True)[:PORTION])
    for content in rows:
        _delete_content(content)
    return len(rows)


def delete_filed_changes(moment: dt.datetime) -> int:
    """The same for changes of pages that stand: with what was proposed go its letters; the log stands."""
    items = QueueItem.objects.filter(change=OuterRef("pk"))
    open_or_late = items.filter(Q(filed_at__isnull=True) | Q(decided_at__gt=moment - MATTERS))
    over = Change.objects.filter(Exists(items), ~Exists(open_or_late), state__in=CLOSED)
    keys = list(over.values_list("pk", flat=True)[:PORTION])
    Change.objects.filter(pk__in=keys).delete()
    return len(keys)


def delete_filed_matters(moment: dt.datetime) -> int:
    """The same for what is no contribution, whatever the answer: reports, roles, workplaces, reuse, thanks, questions,
    wishes. The report goes with it, and its letters; what it was about stands, and so does the log.

    A matter about content that is itself over goes with the content.
    """
    over = QueueItem.objects.filter(filed_at__isnull=False, decided_at__lt=moment - MATTERS)
    over = over.exclude(kind__in=CONTRIBUTIONS).exclude(content__state__in=CLOSED)
    rows = over.select_for_update(of=("self",), skip_locked=True).order_by("pk")
    keys = list(rows.values_list("pk", flat=True)[:PORTION])
    Report.objects.filter(item__in=keys).delete()
    QueueItem.objects.filter(pk__in=keys).delete()
    return len(keys)


# -- accounts ----------------------------------------------------------------


def _unused_accounts(moment: dt.datetime, since: dt.timedelta) -> Q:
    return Q(is_staff=False, is_superuser=False, is_active=True) & (
        Q(last_login__lt=moment - since) | Q(last_login=None, date_joined__lt=moment - since)
    )


def warn_of_accounts(moment: dt.datetime) -> int:
    """Tell people whose account is unused for 35 months that it goes in 30 days. Staff close theirs by hand."""
    Warned.objects.filter(user__last_login__gt=F("at")).delete()
    warned = Warned.objects.filter(user=OuterRef("pk"))
    people = User.objects.filter(_unused_accounts(moment, ACCOUNTS - WARNING)).filter(~Exists(warned))
    rows = list(people.order_by("pk")[:PORTION])
    for user in rows:
        Warned.objects.create(user=user, at=moment)
        tell(
            to=user,
            event="konto",
            subject=_("Din konto bliver slettet om en måned"),
            text=_(
                "Du har ikke brugt din konto i næsten tre år. Logger du ind inden den %s, bliver den liggende. "
                "Ellers sletter vi den. Det, du har fået offentliggjort, bliver stående uden dit navn."
            )
            % _day(moment),
            url=reverse("my_page"),
        )
    return len(rows)


def erase_accounts(moment: dt.datetime) -> int:
    """Erase accounts whose owner was warned 30 days ago and has not logged in since."""
    warned = Warned.objects.filter(user=OuterRef("pk"), at__lt=moment - WARNING)
    people = User.objects.filter(_unused_accounts(moment, ACCOUNTS)).filter(Exists(warned)).order_by("pk")
    return sum(erase(user=user, why=Why.UNUSED) is not None for user in people[:PORTION])


def erase_unconfirmed(moment: dt.datetime) -> int:
    """Erase accounts that nobody confirmed within 30 days, and that hold nothing.

    Nobody is written to: the address may be somebody else's.
    Who confirms at the same moment keeps the account: the addresses are locked while it is looked at.
    """
    mine = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    people = User.objects.filter(
        ~Exists(mine), is_staff=False, is_superuser=False, last_login=None, memberships=None,
        date_joined__lt=moment - UNCONFIRMED,
    )  # fmt: skip
    count = 0
    for user in people.order_by("pk")[:PORTION]:
        addresses = EmailAddress.objects.select_for_update().filter(user=user)
        if any(address.verified for address in addresses) or contributions(user).exists():
            continue
        count += erase(user=user, why=Why.UNCONFIRMED) is not None
    return count


# -- contact data, roles, questions --------------------------------------------


def delete_sender_contacts(moment: dt.datetime) -> int:
    """Delete addresses of senders without account: once an account has taken over, else a year after the answer."""
    latest = (
        Decision.objects.filter(content_uuid=OuterRef("receipt__content__uuid"))
        .values("content_uuid")
        .annotate(last=Max("at"))
        .values("last")
    )
    since = Coalesce(Subquery(latest), F("receipt__created_at"))
    over = SenderContact.objects.annotate(since=since).filter(
        Q(receipt__claimed_at__isnull=False)
        | (Q(since__lt=moment - CONTACTS) & ~Q(receipt__content__state__in=OPEN))
    )
    keys = list(over.values_list("pk", flat=True)[:PORTION])
    return SenderContact.objects.filter(pk__in=keys).delete()[0]


def blank_report_addresses(moment: dt.datetime) -> int:
    """Forget the address of whoever reported something, once the matter is closed."""
    closed = Report.objects.exclude(email="").filter(Q(item=None) | Q(item__decided_at__isnull=False))
    keys = list(closed.values_list("pk", flat=True)[:PORTION])
    return Report.objects.filter(pk__in=keys).update(email="")


def delete_roles(moment: dt.datetime) -> int:
    """Delete roles two years after they ended; the log stands."""
    over = Membership.objects.filter(
        state__in=(MembershipState.ENDED, MembershipState.DECLINED),
        ended_at__lt=moment - ROLES,
        queue_items__isnull=True,
    )
    keys = list(over.values_list("pk", flat=True)[:PORTION])
    Membership.objects.filter(pk__in=keys).delete()
    return len(keys)


def delete_questions(moment: dt.datetime) -> int:
    """Delete questions two years after the answer, unless they stand on the page."""
    over = Inquiry.objects.filter(answered_at__lt=moment - QUESTIONS, shown=None)
    keys = list(over.values_list("pk", flat=True)[:PORTION])
    Inquiry.objects.filter(pk__in=keys).delete()
    return len(keys)


def forget_applications(moment: dt.datetime) -> int:
    """Delete applications two years after their round and their last stay, with wishes, marks, requests and what their
    leader was asked. The stay itself stands, without them.

    What belongs to no round and has no stay goes two years after it was last touched.
    """
    over = (moment - PRACTICUM).date()
    later = Stay.objects.filter(application=OuterRef("pk"), ends_on__gte=over)
    some = Stay.objects.filter(application=OuterRef("pk"))
    rows = Application.objects.filter(
        Q(round__evaluation_until__lt=over)
        | Q(Exists(some), round=None)
        | Q(round=None, updated_at__lt=moment - PRACTICUM)
    ).exclude(Exists(later))
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[:PORTION])
    Application.objects.filter(pk__in=keys).delete()
    return len(keys)


def forget_open_wishes(moment: dt.datetime) -> int:
    """Delete wishes without a place, and their answers, two years after their round, or after they were written."""
    over = moment - PRACTICUM
    rows = OpenWish.objects.filter(
        Q(round__evaluation_until__lt=over.date()) | Q(round=None, created_at__lt=over)
    )
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[:PORTION])
    OpenWish.objects.filter(pk__in=keys).delete()
    return len(keys)


def forget_stays(moment: dt.datetime) -> int:
    """Forget who was guest 24 months after a stay's last day: agreements and words go, figures without a name stand."""
    old = Q(ends_on__lt=(moment - PRACTICUM).date())
    named = Q(guest__isnull=False) | Q(application__isnull=False) | Q(agreements__isnull=False)
    written = Q(evaluations__text__gt="") | Q(follow_up__used__gt="")
    keys = list(
        Stay.objects.filter(old, named | written)
        .order_by("pk")
        .values_list("pk", flat=True)
        .distinct()[:PORTION]
    )
    Agreement.objects.filter(stay__in=keys).delete()
    StayReminder.objects.filter(stay__in=keys).delete()
    Evaluation.objects.filter(stay__in=keys).exclude(text="").update(text="")
    FollowUp.objects.filter(stay__in=keys).exclude(used="").update(used="")
    Stay.objects.filter(pk__in=keys).exclude(reason="").update(reason=_("Slettet"))
    Stay.objects.filter(pk__in=keys).update(guest=None, application=None)
    return len(keys)


def forget_logins(moment: dt.datetime) -> int:
    """Delete addresses and browsers of log-ins that are over, and confirmations that ran out."""
    EmailConfirmation.objects.filter(created__lt=moment - dt.timedelta(days=3)).delete()
    live = Session.objects.filter(session_key=OuterRef("session_key"))
    keys = list(UserSession.objects.filter(~Exists(live)).values_list("pk", flat=True)[:PORTION])
    UserSession.objects.filter(pk__in=keys).delete()
    return len(keys)


RULES: tuple[Rule, ...] = (
    Rule("warn_of_drafts", ("editorial.Content",), "30 dage før en kladde slettes, får du besked", warn_of_drafts),
    Rule("delete_drafts", ("editorial.Content",), "Kladder, ingen har rettet i 12 måneder, slettes", delete_drafts),
    Rule("forget_drafts", ("editorial.ContentEvent",),
         "Tidligere udgaver af kladder, der er slettet, slettes", forget_drafts),
    Rule("delete_filed_contributions", ("editorial.Content", "editorial.QueueItem", "editorial.Letter"),
         "Det, der er afvist eller trukket tilbage, slettes 12 måneder efter svaret, når sagen er journaliseret",
         delete_filed_contributions),
    Rule("delete_filed_changes", ("editorial.Change", "editorial.QueueItem", "editorial.Letter"),
         "Rettelser, der er afvist eller trukket tilbage, slettes på samme måde", delete_filed_changes),
    Rule("delete_filed_matters", ("editorial.QueueItem", "editorial.Letter", "editorial.Report"),
         "Sager, der ikke er bidrag (henvendelser, roller, arbejdspladser, genbrug, tak, spørgsmål og ønsker om at få "
         "fjernet), slettes 12 måneder efter svaret, når de er journaliseret", delete_filed_matters),
    Rule("warn_of_accounts", ("accounts.User",),
         "30 dage før en ubrugt konto slettes, får du besked", warn_of_accounts),
    Rule("erase_accounts", ("accounts.User",), "Konti, der er ubrugte i 36 måneder, slettes", erase_accounts),
    Rule("erase_unconfirmed", ("accounts.User",),
         "Konti, hvis adresse ikke er bekræftet efter 30 dage, slettes, når de intet har bidraget med",
         erase_unconfirmed),
    Rule(
        "delete_sender_contacts", ("editorial.SenderContact",),
        "Adresser uden konto slettes 12 måneder efter svaret, eller når en konto overtager", delete_sender_contacts,
    ),
    Rule(
        "blank_report_addresses", ("editorial.Report",), "Adressen slettes, når sagen er lukket",
        blank_report_addresses,
    ),
    Rule("delete_roles", ("places.Membership",), "Roller slettes 24 måneder efter, at de er slut", delete_roles),
    Rule("delete_questions", ("catalogue.Inquiry",), "Spørgsmål slettes 24 måneder efter svaret", delete_questions),
    Rule("forget_applications",
         ("practicum.Application", "practicum.Wish", "practicum.HostMark", "practicum.DirectRequest",
          "practicum.RequestMessage", "practicum.LeaderApproval"),
         "Ansøgninger om praktik slettes 24 måneder efter opholdet, eller efter at runden sluttede",
         forget_applications),
    Rule("forget_open_wishes", ("practicum.OpenWish", "practicum.OpenWishAnswer"),
         "Ønsker uden en plads slettes 24 måneder efter, at runden sluttede", forget_open_wishes),
    Rule("forget_stays", ("practicum.Stay", "practicum.Agreement", "practicum.Evaluation", "practicum.FollowUp"),
         "24 måneder efter et ophold slettes aftalen, det skrevne og hvem der var gæst; tal uden navn står",
         forget_stays),
    Rule("forget_logins", ("usersessions.UserSession", "account.EmailConfirmation"),
         "IP-adresse og browser slettes, når loginnet er udløbet", forget_logins),
)  # fmt: skip


def apply() -> dict[str, int]:
    """Carry out every rule until nothing is left to take. A rule that fails is logged, and holds up no other."""
    moment, done = now(), {}
    for rule in RULES:
        total = 0
        try:
            while True:
                with transaction.atomic():
                    count = rule.run(moment)
                total += count
                if count < PORTION:
                    break
        except Exception:
            log.exception("retention rule failed: %s", rule.name)
        done[rule.name] = total
    return done
