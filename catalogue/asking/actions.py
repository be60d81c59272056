"""The course of a question: asked, passed on until somebody answers, and shown when both say yes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from catalogue.models import Entry, HardQuestion, Inquiry
from catalogue.models.inquiry import InquiryState
from editorial.choices import Outcome, QueueKind
from editorial.models import Content, QueueItem
from editorial.models.querysets import TransitionError
from editorial.submitting import enqueue
from editorial.working_days import add_working_days, working_days_between
from notices.sending import tell
from places.models import Workplace
from places.permissions import contacts_of

PATIENCE = 10
"""Working days that a contact person has, before the question goes to the next."""
SHOWN_AT_MOST = 300
"""Characters of a question that may stand on an entry's page."""
MEASURED = 5
"""Answers within a year from which the time of answering is told."""
AT_ONCE = 500
"""Questions that one run of the job looks at."""


def address(inquiry: Inquiry) -> str:
    """The question's own page."""
    return reverse("catalogue:question", args=[inquiry.uuid])


@transaction.atomic
def ask(*, entry: Entry, asker: User, question: str, agrees: bool) -> Inquiry:
    """Ask whoever has spoken for the entry's workplace longest; the editors where there is nobody.

    The same words by the same person while they wait for an answer are the question that is there already.
    """
    question = question.strip()
    Content.objects.select_for_update(of=("self",)).values_list("pk", flat=True).get(pk=entry.pk)
    same = Inquiry.objects.filter(
        entry=entry, asker=asker, question=question, state=InquiryState.OPEN
    ).first()
    if same is not None:
        same.asker_agrees = agrees
        same.save(update_fields=["asker_agrees"])
        return same
    inquiry = Inquiry.objects.create(entry=entry, asker=asker, question=question, asker_agrees=agrees)
    _give(inquiry)
    return inquiry


def next_contact(inquiry: Inquiry) -> User | None:
    """The contact person who has waited longest for a question like this: not the asker, none who has had it."""
    owner = inquiry.entry.owner
    if owner is None:
        return None
    had = inquiry.tried.values("pk")
    return contacts_of(owner).exclude(pk=inquiry.asker_id).exclude(pk__in=had).first()


def _give(inquiry: Inquiry) -> None:
    """Give the question to the next contact person, else to the editors. Call in a transaction."""
    person = next_contact(inquiry)
    changes: dict[str, Any] = {"recipient": person, "passed_on_at": Now()}
    if person is None:
        changes["item"] = enqueue(
            kind=QueueKind.QUESTION,
            title=inquiry.entry.title,
            sender=inquiry.asker,
            content=Content.objects.get(pk=inquiry.entry_id),
            workplace=inquiry.entry.owner,
            text=inquiry.question,
        )
    Inquiry.objects.filter(pk=inquiry.pk).update(**changes)
    inquiry.refresh_from_db()
    if person is None:
        return
    inquiry.tried.add(person)
    tell(
        to=person,
        event="spoergsmaal",
        subject=_("Et spørgsmål til »%s«") % inquiry.entry.title,
        text=_(
            "Nogen har et spørgsmål til »%(title)s«, som du er kontaktperson for:\n\n%(question)s\n\n"
            "Svar på portalen inden ti arbejdsdage. Er du ikke den rette, så send det videre med det samme."
        )
        % {"title": inquiry.entry.title, "question": inquiry.question},
        url=address(inquiry),
    )


def _open(inquiry: Inquiry) -> Inquiry:
    """The question, locked after its entry as the queue does; raises TransitionError when it is not open any more."""
    Content.objects.select_for_update(of=("self",)).values_list("pk", flat=True).get(pk=inquiry.entry_id)
    row = (
        Inquiry.objects.select_for_update(of=("self",))
        .select_related("entry__owner", "asker")
        .get(pk=inquiry.pk)
    )
    if row.state != InquiryState.OPEN:
        raise TransitionError(_("Spørgsmålet er allerede besvaret eller lukket."))
    return row


@transaction.atomic
def pass_on(*, inquiry: Inquiry, had_by: int | None) -> None:
    """Give it to the next, unless it has left `had_by` (the recipient's key) already. Raises TransitionError."""
    row = _open(inquiry)
    if row.recipient_id != had_by or row.item_id is not None:
        raise TransitionError(_("Spørgsmålet er allerede sendt videre."))
    _give(row)


@transaction.atomic
def answer(*, inquiry: Inquiry, by: User, text: str, agrees: bool, shown_as: str = "") -> Inquiry:
    """Answer it; the asker is told. When both want it shown, the editors look at it first, unless they answered.

    Raises TransitionError when somebody answered first, it has been passed on, or another editor has taken it.
    """
    row = _open(inquiry)
    by_editors = row.item_id is not None
    if not by_editors and row.recipient_id != by.pk:
        raise TransitionError(_("Spørgsmålet er sendt videre til en anden."))
    if by_editors:
        _ensure_free(row, by)
    changed = Inquiry.objects.filter(pk=row.pk, state=InquiryState.OPEN)
    changed.update(
        state=InquiryState.ANSWERED,
        answer=text.strip(),
        answerer=by,
        answerer_agrees=agrees,
        answered_at=Now(),
    )
    row.refresh_from_db()
    if by_editors:
        QueueItem.objects.filter(pk=row.item_id or 0, decided_at__isnull=True).update(
            decided_at=Now(), decided_by_key=by.key, outcome=Outcome.APPROVED, claimed_by=None, claimed_at=None,
            version=F("version") + 1,
        )  # fmt: skip
    if row.asker_agrees and agrees:
        if by_editors:
            show(inquiry=row, shown_as=shown_as)
        else:
            _ask_to_show(row, by, shown_as)
    tell(
        to=row.asker,
        event="svar",
        subject=_("Svar på dit spørgsmål til »%s«") % row.entry.title,
        text=_("Du spurgte:\n\n%(question)s\n\nSvaret er:\n\n%(answer)s")
        % {"question": row.question, "answer": row.answer},
        url=address(row),
    )
    return row


def _ensure_free(inquiry: Inquiry, by: User) -> None:
    """Raise TransitionError when another editor has taken the item, as the queue does; lock it."""
    item = (
        QueueItem.objects.select_for_update(of=("self",))
        .select_related("claimed_by")
        .filter(pk=inquiry.item_id or 0)
        .first()
    )
    if item is not None and item.claimed_by_id not in (None, by.pk):
        raise TransitionError(
            _("%(who)s har taget spørgsmålet. Overtag det i køen, før du svarer."),
            params={"who": item.claimed_by},
        )


def _ask_to_show(inquiry: Inquiry, by: User, shown_as: str) -> None:
    """Both want it shown: the editors look at it first."""
    item = enqueue(
        kind=QueueKind.QUESTION,
        title=inquiry.entry.title,
        sender=by,
        content=Content.objects.get(pk=inquiry.entry_id),
        workplace=inquiry.entry.owner,
        text=f"{inquiry.question}\n{inquiry.answer}",
        snapshot={"answered_by": shown_as.strip()},
    )
    Inquiry.objects.filter(pk=inquiry.pk).update(item=item)
    inquiry.refresh_from_db()


def show(*, inquiry: Inquiry, shown_as: str) -> None:
    """Put question and answer on the entry's page, unless one of the two has thought better of it meanwhile.

    Call in a transaction. Raises TransitionError when they do not both agree.
    """
    row = Inquiry.objects.select_for_update(of=("self",)).get(pk=inquiry.pk)
    if not (row.asker_agrees and row.answerer_agrees and row.state == InquiryState.ANSWERED):
        raise TransitionError(_("De har ikke begge sagt ja til, at spørgsmål og svar bliver vist."))
    if row.shown_id:
        return
    last = HardQuestion.objects.filter(entry=row.entry_id).order_by("-position").first()
    row.shown = HardQuestion.objects.create(
        entry_id=row.entry_id,
        question=" ".join(row.question.split())[:SHOWN_AT_MOST],
        answer=row.answer,
        answered_by=shown_as[:120],
        position=last.position + 1 if last else 0,
    )
    row.save(update_fields=["shown"])


@transaction.atomic
def take_consent_back(*, inquiry: Inquiry, by: User) -> None:
    """One of the two does not want it shown any more: it goes off the page at once."""
    Content.objects.select_for_update(of=("self",)).values_list("pk", flat=True).get(pk=inquiry.entry_id)
    row = Inquiry.objects.select_for_update(of=("self",)).get(pk=inquiry.pk)
    if row.asker_id == by.pk:
        row.asker_agrees = False
    if row.answerer_id == by.pk:
        row.answerer_agrees = False
    shown, row.shown = row.shown, None
    row.save(update_fields=["asker_agrees", "answerer_agrees", "shown"])
    if shown is not None:
        shown.delete()
    if row.state == InquiryState.ANSWERED:
        QueueItem.objects.filter(pk=row.item_id or 0, decided_at__isnull=True).update(
            decided_at=Now(),
            outcome=Outcome.WITHDRAWN,
            claimed_by=None,
            claimed_at=None,
            version=F("version") + 1,
        )


def close(*, inquiry: Inquiry) -> None:
    """Nobody can answer it; the queue tells why."""
    Inquiry.objects.filter(pk=inquiry.pk, state=InquiryState.OPEN).update(state=InquiryState.CLOSED)


def pass_on_the_late(today: dt.date | None = None) -> int:
    """Pass on what has waited more than ten working days, or waits with somebody who left; returns how many."""
    today = today or timezone.localdate()
    rows = Inquiry.objects.waiting().filter(item__isnull=True).select_related("entry__owner")[:AT_ONCE]
    done = 0
    for row in rows:
        owner = row.entry.owner
        due = add_working_days(timezone.localdate(row.passed_on_at), PATIENCE)
        there = (
            owner is not None
            and row.recipient_id is not None
            and contacts_of(owner).filter(pk=row.recipient_id).exists()
        )
        if there and today <= due:
            continue
        try:
            pass_on(inquiry=row, had_by=row.recipient_id)
        except TransitionError:
            continue
        done += 1
    return done


def usual_answer_time(workplace: Workplace | None) -> int | None:
    """Working days within which three of four questions to a workplace were answered in the last year; at least 1.

    None before there are five: a promise that nobody has measured is none.
    """
    if workplace is None:
        return None
    rows = Inquiry.objects.filter(
        entry__owner=workplace,
        answered_at__gte=timezone.now() - dt.timedelta(days=365),
        recipient=F("answerer"),
    )
    times = rows.order_by("-answered_at").values_list("created_at", "answered_at")[:200]
    waited = sorted(working_days_between(timezone.localdate(a), timezone.localdate(b)) for a, b in times)
    if len(waited) < MEASURED:
        return None
    return max(1, waited[(len(waited) * 3 + 3) // 4 - 1])
