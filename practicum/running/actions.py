"""Running the matching, what the editors fix, and sending a proposal: each safe to do twice and at once."""

from __future__ import annotations

import dataclasses
import datetime as dt
import logging
import uuid
from collections import defaultdict
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.models import User
from editorial.clock import CoiNow, coi_today
from editorial.models.querysets import TransitionError
from editorial.working_days import add_working_days
from notices.events import Event
from notices.outbox import defer
from notices.sending import tell
from places.permissions import contacts_of
from practicum.choices import SEATED, SENT_APPLICATIONS, Origin, PinKind, RunState, SeatWay
from practicum.matching import words
from practicum.matching.fairness import Figures, figures
from practicum.matching.problem import Problem, ProblemError, Weights
from practicum.matching.reasons import Reader, sentence, why_unmatched
from practicum.matching.result import Origin as Made
from practicum.matching.result import Result, Unmatched
from practicum.matching.solving import solve
from practicum.matching.stability import blocking_pairs
from practicum.models import Application, MatchLine, MatchPin, MatchRun, Offer, Round, Seat, Stay
from practicum.running.lines import as_match, as_missed, lines_of
from practicum.running.log import log
from practicum.running.problem import days_of, days_of_both, problem_of, seats_of
from practicum.running.showing import names_of_subjects

logger = logging.getLogger(__name__)
TASK = "practicum.run_matching"
GIVEN_UP = dt.timedelta(minutes=30)
"""A run that has not come to anything by then does not stand in the way of another."""
ANSWER_DAYS = 5
"""Working days that guest and host have at least to answer in, also when the round's own date is near or gone."""


# -- running ------------------------------------------------------------------


def start(*, its_round: Round, weights: Weights, by: User) -> MatchRun:
    """Order a run; the worker works it out. Raises TransitionError while another is being worked out."""
    try:
        with transaction.atomic():
            Round.objects.select_for_update(of=("self",)).get(pk=its_round.pk)
            its_round.runs.unfinished().filter(created_at__lt=CoiNow() - GIVEN_UP).update(
                state=RunState.FAILED, error=_("Den blev ikke færdig."), finished_at=CoiNow()
            )
            last = its_round.runs.aggregate(last=Max("number"))["last"] or 0
            run = MatchRun.objects.create(
                round=its_round, number=last + 1, weights=dataclasses.asdict(weights), made_by_key=by.key
            )
            defer(TASK, key=str(run.uuid))
    except IntegrityError as error:
        if "matchrun_one_at_a_time" not in str(error):
            raise
        raise TransitionError(
            _("Parringen er allerede ved at blive regnet ud. Vent, til den er klar.")
        ) from error
    return run


def work(key: uuid.UUID) -> bool:
    """Work a run out. Safe to run twice, at once, and after it was killed half-way: one result is written."""
    run = MatchRun.objects.unfinished().select_related("round").filter(uuid=key).first()
    if run is None:
        return False
    mine = MatchRun.objects.filter(pk=run.pk)
    mine.unfinished().update(state=RunState.RUNNING)
    try:
        problem = problem_of(run.round, Weights(**run.weights))
        result = solve(problem, on_progress=lambda done, total: _note(run, done, total))
    except ProblemError as error:
        logger.warning("The matching contradicts itself: %s", type(error).__name__)
        text = _("Det, der er bestemt på forhånd, modsiger sig selv. Se rettelserne igennem, og kør igen.")
        return bool(mine.unfinished().update(state=RunState.FAILED, error=text, finished_at=CoiNow()))
    return _store(run, problem, result)


def _note(run: MatchRun, done: int, total: int) -> None:
    MatchRun.objects.filter(pk=run.pk, state=RunState.RUNNING, done__lte=done).update(done=done, total=total)


@transaction.atomic
def _store(run: MatchRun, problem: Problem, result: Result) -> bool:
    """Write what a run came to, once."""
    held = MatchRun.objects.unfinished().select_for_update(of=("self",)).filter(pk=run.pk).first()
    if held is None:
        return False
    held.lines.all().delete()
    applications = {
        str(key): pk for key, pk in Application.objects.filter(round=run.round_id).values_list("uuid", "pk")
    }
    offers = {str(key): pk for key, pk in Offer.objects.filter(round=run.round_id).values_list("uuid", "pk")}
    lines = lines_of(held, result, applications=applications, offers=offers)
    MatchLine.objects.bulk_create(lines, batch_size=1000)
    blocking = [[pair.guest, pair.place, pair.cause] for pair in blocking_pairs(problem, result)]
    MatchRun.objects.filter(pk=held.pk).update(
        state=RunState.READY,
        finished_at=CoiNow(),
        figures=_as_json(figures(problem, result)),
        blocking=blocking,
        seats_left=dict(result.seats_left),
        pins=pins_now(run.round),
    )
    return True


def _as_json(found: Figures) -> dict[str, object]:
    return dataclasses.asdict(found) | {
        "by_wish": {str(number): count for number, count in found.by_wish.items()}
    }


def pins_now(its_round: Round) -> list[list[str]]:
    """What the editors have fixed, as runs store it."""
    rows = MatchPin.objects.filter(round=its_round).values_list("application__uuid", "offer__uuid", "kind")
    return sorted([str(application), str(offer), kind] for application, offer, kind in rows)


# -- what the editors fix -------------------------------------------------------


@transaction.atomic
def pin(
    *, its_round: Round, application: Application, offer: Offer, kind: str, reason: str, by: User
) -> MatchPin:
    """Put a guest and a place together, or rule them out. Counts from the next run on. Raises TransitionError."""
    Round.objects.select_for_update(of=("self",)).get(pk=its_round.pk)
    if offer.round_id != its_round.pk or application.round_id != its_round.pk:
        raise TransitionError(_("De to er ikke med i runden."))
    if kind == PinKind.FIXED:
        if application.workplace_id == offer.owner_id:
            raise TransitionError(_("Ingen kan besøge sin egen arbejdsplads."))
        if not days_of_both(offer, application, days_of(its_round)):
            raise TransitionError(_("De to har ingen fælles dage. Gæsten skal først vælge andre dage."))
        fixed = MatchPin.objects.filter(offer=offer, kind=PinKind.FIXED).count()
        if fixed >= seats_of(its_round).filter(offer=offer).count():
            raise TransitionError(_("Pladsen har ikke plads til flere."))
    row = MatchPin(
        round=its_round, application=application, offer=offer, kind=kind, reason=reason.strip(), made_by_key=by.key
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if "matchpin_one_place" in str(error):
            text = _("Gæsten er allerede sat sammen med en plads. Fjern den rettelse først.")
        elif "matchpin_pair_once" in str(error):
            text = _("Der er allerede bestemt noget om netop de to.")
        else:
            raise
        raise TransitionError(text) from error
    log(its_round, action="practicum-pin", by=by, reason=f"{row.get_kind_display()}: {row.reason}")
    return row


@transaction.atomic
def unpin(*, its_round: Round, key: uuid.UUID, by: User) -> bool:
    """Take it back; False when somebody has."""
    row = MatchPin.objects.select_for_update(of=("self",)).filter(round=its_round, uuid=key).first()
    if row is None:
        return False
    row.delete()
    log(its_round, action="practicum-unpin", by=by, reason=str(row.get_kind_display()))
    return True


# -- sending --------------------------------------------------------------------


@transaction.atomic
def send(*, run: MatchRun, by: User) -> list[Stay]:
    """Give each new pair its seat, held until the answers are due, and tell guests and hosts. All or nothing; sent
    twice it is sent once. Raises TransitionError where something has changed since it was worked out.
    """
    its_round = Round.objects.select_for_update(of=("self",)).get(pk=run.round_id)
    run = MatchRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if run.is_sent:
        raise TransitionError(_("Forslaget er allerede sendt."))
    if run.state != RunState.READY:
        raise TransitionError(_("Forslaget er ikke klar til at blive sendt."))
    if run.pins != pins_now(its_round):
        raise TransitionError(
            _("Rettelserne er ændret, siden parringen blev kørt. Kør den igen, og se den igennem.")
        )
    if its_round.runs.filter(sent_at__gt=run.created_at).exists():
        raise TransitionError(_("Et andet forslag er sendt, siden denne parring blev kørt. Kør den igen."))
    is_first = not its_round.runs.filter(sent_at__isnull=False).exists()
    stays = _stays(its_round, run)
    if not stays and not is_first:
        raise TransitionError(_("Der er ingen nye par at sende."))
    its_round.runs.filter(state=RunState.SENT).update(state=RunState.REPLACED)
    MatchRun.objects.filter(pk=run.pk).update(state=RunState.SENT, sent_at=CoiNow())
    names = names_of_subjects()
    for stay, line in stays:
        _tell(stay, line, names)
    if is_first:
        _tell_the_others(run)
    log(its_round, action="practicum-send", by=by, reason=_("%s par") % len(stays))
    return [stay for stay, _line in stays]


def _stays(its_round: Round, run: MatchRun) -> list[tuple[Stay, MatchLine]]:
    found = (
        run.lines.exclude(offer=None)
        .exclude(made=Made.KEPT)
        .select_related("application__guest", "application__workplace", "offer__owner")
        .order_by("pk")
    )
    offers = sorted(set(found.values_list("offer_id", flat=True)))
    list(Offer.objects.select_for_update(of=("self",)).filter(pk__in=offers).order_by("pk").only("pk"))
    pks = sorted(found.values_list("application_id", flat=True))
    locked = Application.objects.select_for_update(of=("self",)).filter(pk__in=pks).order_by("pk")
    standing = {row.pk for row in locked if row.state in SENT_APPLICATIONS}
    seated = set(
        Stay.objects.filter(application__in=pks, state__in=SEATED).values_list("application", flat=True)
    )
    lines = list(found)  # read now that nobody changes them any more
    seats: dict[int, list[Seat]] = defaultdict(list)
    # Those for direct agreement last: they are given out only when the round's own are gone.
    for seat in seats_of(its_round).filter(offer__in=offers):
        seats[seat.offer_id].append(seat)
    for free in seats.values():
        free.sort(key=lambda seat: (seat.way != SeatWay.ROUND, seat.number))
    changed = [line for line in lines if line.application_id not in standing or line.application_id in seated]
    made, until, period = [], _held_until(its_round), days_of(its_round)
    for line in lines:
        assert line.offer_id is not None
        if line in changed or not seats[line.offer_id]:
            raise TransitionError(_changed())
        made.append((_stay(its_round, line, seats[line.offer_id].pop(0), until, period), line))
    return made


def _stay(
    its_round: Round, line: MatchLine, seat: Seat, until: dt.datetime, period: frozenset[dt.date]
) -> Stay:
    assert line.offer is not None
    if seat.way == SeatWay.DIRECT:
        Seat.objects.filter(pk=seat.pk).update(way=SeatWay.ROUND, moved_on=coi_today())
    days = _days(line, period)
    return Stay.objects.create(
        offer=line.offer, seat=seat, round=its_round, application=line.application, guest=line.application.guest,
        guest_workplace=line.application.workplace,
        origin=Origin.MANUAL if line.made == Made.PINNED else Origin.MATCH,
        starts_on=days[0], ends_on=days[-1], days=len(days), held_until=until,
    )  # fmt: skip


def _days(line: MatchLine, period: frozenset[dt.date]) -> list[dt.date]:
    """As many days as the stay lasts: those next to each other if there are any. A pair that was put together by hand
    gets those that it has, so that nobody is sent on days that a leader has not said yes to. Raises TransitionError."""
    assert line.offer is not None
    offer, application = line.offer, line.application
    days = days_of_both(offer, application, period)
    wanted = offer.days
    if line.made == Made.PINNED:
        wanted = min(wanted, application.days, len(days))
    if not days or wanted > min(application.days, len(days)):
        raise TransitionError(_changed())
    runs = [days[n : n + wanted] for n in range(len(days) - wanted + 1)]
    return min(runs, key=lambda run: (run[-1] - run[0], run[0]))


def _changed() -> str:
    return _(
        "En ansøgning eller en plads er ændret, siden parringen blev kørt. Kør den igen, og se den igennem."
    )


def _held_until(its_round: Round) -> dt.datetime:
    """The midnight after the last day on which they can answer."""
    last = max(its_round.answers_until, add_working_days(coi_today(), ANSWER_DAYS))
    return timezone.make_aware(dt.datetime.combine(last + dt.timedelta(days=1), dt.time()))


def _tell(stay: Stay, line: MatchLine, names: Callable[[str], str]) -> None:
    """Tell guest and host why, each what is meant for them."""
    match = as_match(line)
    until = formats.date_format(timezone.localdate(stay.held_until) - dt.timedelta(days=1), "j. F Y")
    facts = {
        "title": stay.offer.title,
        "host": stay.offer.owner.name if stay.offer.owner else "",
        "home": stay.guest_workplace.name,
        "first": formats.date_format(stay.starts_on, "j. F Y"),
        "last": formats.date_format(stay.ends_on, "j. F Y"),
        "until": until,
    }
    address = stay.get_absolute_url()
    ask = (
        _("Opholdet er fra %(first)s til %(last)s. Svar senest %(until)s, ellers går pladsen videre.") % facts
    )
    if stay.guest is not None:
        text = [_("Du er parret med %(host)s i »%(title)s«.") % facts]
        if why := sentence(match, Reader.GUEST, names):
            text.append(_("Derfor: %s.") % why)
        tell(
            to=stay.guest, event=Event.PRACTICUM, subject=_("Du er parret med en plads: %(title)s") % facts,
            text="\n\n".join([*text, ask]), url=address,
        )  # fmt: skip
    if stay.offer.owner is not None:
        text = [_("I er parret med en gæst fra %(home)s i »%(title)s«.") % facts]
        if why := sentence(match, Reader.HOST, names):
            text.append(_("Derfor: %s.") % why)
        for person in contacts_of(stay.offer.owner):
            tell(
                to=person, event=Event.PRACTICUM, subject=_("I er parret med en gæst: %(title)s") % facts,
                text="\n\n".join([*text, ask]), url=address,
            )  # fmt: skip


def _tell_the_others(run: MatchRun) -> None:
    """Tell who got no place, and why, wish by wish."""
    lines = list(run.lines.filter(offer=None).select_related("application__guest"))
    titles = {
        str(key): title
        for key, title in Offer.objects.filter(round=run.round_id).values_list("uuid", "title")
    }
    for line in lines:
        reasons = why_unmatched(Unmatched(guest=str(line.application.uuid), missed=as_missed(line)))
        said = [
            f"»{titles.get(missed.place, _('En plads, der ikke længere er med'))}«: {' '.join(why)}"
            for missed, why in reasons
        ]
        text = _(
            "Der blev ikke en plads til dig i denne omgang. Siger nogen nej, bliver deres pladser fordelt igen."
        )
        tell(
            to=line.application.guest, event=Event.PRACTICUM, subject=_("Du har ikke fået en plads endnu"),
            text="\n\n".join([text, *(said or [str(words.NO_WISHES)])]),
            url=reverse("practicum:application", args=[line.application.uuid]),
        )  # fmt: skip
