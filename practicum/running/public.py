"""The public figures of a round: places, guests and stays, by sector and region, and how many could use it.

Persons are shown when the round is over, in groups of five at least (editorial.suppression), and then stand as they
were: from figures that change from day to day one could work out who came or went. The same persons are shown by
sector and by region, each time parted in those who got a stay and those who did not, and only when every cell has
nobody or five; else by the groups alone; else as a whole. Two such tables of the same persons tell nothing of a group
of one to four: a cell of both together is fixed by their sums only where one of them has nobody or everybody.

Context of the template (templates/practicum/running/figures.html):
  round, rounds, is_over, offers and parts (Part: title, lines, bars)
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from editorial.choices import State
from editorial.clock import CoiToday
from editorial.suppression import Group, shown
from guards.exports import Row, write_csv, write_json
from places.areas import Geography
from places.choices import Sector
from places.models import Region
from practicum.choices import RoundPhase, StayState
from practicum.models import Evaluation, Offer, Round, RoundFigures, Stay
from practicum.offers.dates import region_on_its_day
from practicum.running.drawing import Bar, bars
from practicum.running.problem import regions_on
from practicum.running.views import attached

COULD_USE = 4
"""From here on, of five, somebody could use it."""
COLUMNS = ("emne", "gruppe", "antal")
TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json; charset=utf-8"}
STAYED, WITHOUT = "ophold", "uden"


@dataclass(frozen=True)
class Line:
    """One number: what it is of, and which group."""

    topic: str
    group: str
    count: int


# -- places: everybody can read them one by one, so no group is too small -------


def offer_lines(its_round: Round) -> list[Line]:
    """Places by sector and region. A place of two sectors counts in both."""
    rows = Offer.objects.filter(round=its_round, state__in=(State.PUBLISHED, State.ARCHIVED))
    offers = list(rows.select_related("owner", "round"))
    names, geography = _region_names(), Geography.current()
    sectors: Counter[str] = Counter()
    areas: Counter[str] = Counter()
    for offer in offers:
        sectors.update(offer.sectors or ([offer.owner.sector] if offer.owner else []))
        areas[names.get(region_on_its_day(offer, geography), _("Uden sted"))] += 1
    return [
        Line(_("Praktikpladser"), _("I alt"), len(offers)),
        *(
            Line(_("Praktikpladser efter sektor"), str(label), sectors[key])
            for key, label in Sector.choices
            if sectors[key]
        ),
        *(Line(_("Praktikpladser efter region"), name, count) for name, count in sorted(areas.items())),
    ]


# -- persons ----------------------------------------------------------------------


def person_lines(its_round: Round) -> list[Line]:
    """Guests and stays, and what they could use. Only groups of five."""
    people = _people(its_round)
    sectors = {str(key): str(label) for key, label in Sector.choices}
    whole = _whole(people)
    lines = [*whole, *_by(people, 0, sectors, _("Gæster efter sektor"))]
    lines += _by(people, 1, _region_names(), _("Gæster efter region"))
    # Two answer of each stay, so the answers tell how many stays there were: only where that stands already.
    return lines + (_use(its_round) if len(whole) > 1 else [])


Person = tuple[str, str, str]
"""A guest's sector, region, and whether they got a stay."""


def _people(its_round: Round) -> Counter[Person]:
    """Guests whose leader had said yes, each once."""
    regions = regions_on(its_round.stays_from)
    stays = Stay.objects.filter(application=OuterRef("pk"), state=StayState.DONE)
    rows = its_round.applications.filter(ready_at__isnull=False).annotate(stayed=Exists(stays))
    return Counter(
        (
            row.workplace.sector,
            regions.get(row.municipality_id or row.workplace.municipality_id or "", ""),
            STAYED if row.stayed else WITHOUT,
        )
        for row in rows.select_related("workplace")
    )


def _whole(people: Counter[Person]) -> list[Line]:
    total = Counter(
        {what: sum(n for key, n in people.items() if key[2] == what) for what in (STAYED, WITHOUT)}
    )
    group = Group(
        "alle",
        _("Har søgt"),
        parts=(
            Group(STAYED, _("Har søgt og været på ophold"), total[STAYED]),
            Group(WITHOUT, _("Har søgt, men ikke været på ophold"), total[WITHOUT]),
        ),
    )
    return [Line(_("Gæster"), line.label, line.people) for line in shown(group)]


def _by(people: Counter[Person], place: int, names: dict[str, str], topic: str) -> list[Line]:
    """One table, in its cells or by its groups, or not at all."""
    cells: Counter[tuple[str, str]] = Counter()
    for key, count in people.items():
        cells[key[place], key[2]] += count
    groups = sorted({group for group, _what in cells}, key=lambda group: names.get(group, ""))
    if len(groups) < 2:
        return []
    said = {STAYED: _("%s: har været på ophold"), WITHOUT: _("%s: har ikke været på ophold")}
    fine = Group(
        "alle",
        "",
        parts=tuple(
            Group(f"{group}-{what}", text % names.get(group, _("Ukendt")), cells[group, what])
            for group in groups
            for what, text in said.items()
        ),
    )
    coarse = Group(
        "alle",
        "",
        parts=tuple(
            Group(group, names.get(group, _("Ukendt")), cells[group, STAYED] + cells[group, WITHOUT])
            for group in groups
        ),
    )
    for table in (fine, coarse):
        lines = shown(table)
        if lines and not lines[0].is_whole:
            return [Line(topic, line.label, line.people) for line in lines]
    return []


def _use(its_round: Round) -> list[Line]:
    """What was said of the stays of the guests that are counted: those who said nothing are a group, too."""
    held = Stay.objects.filter(
        state=StayState.DONE, application__round=its_round, application__ready_at__isnull=False
    )
    stays = held.count()
    said = list(Evaluation.objects.filter(stay__in=held).values_list("could_use", flat=True))
    useful = sum(points >= COULD_USE for points in said)
    group = Group(
        "svar",
        "",
        parts=(
            Group("ja", _("Kunne bruge det (4 eller 5 af 5)"), useful),
            Group("nej", _("Kunne bruge det mindre (1 til 3 af 5)"), len(said) - useful),
            Group("intet", _("Har ikke svaret"), 2 * stays - len(said)),
        ),
    )
    lines = shown(group)
    if not lines or lines[0].is_whole:
        return []
    return [Line(_("Gæsters og værters svar bagefter"), line.label, line.people) for line in lines]


def _region_names() -> dict[str, str]:
    return dict(Region.objects.values_list("code", "name"))


# -- keeping and showing ----------------------------------------------------------


def lines_of(its_round: Round) -> list[Line]:
    """What anyone may see of a round (from `with_phase()`) today."""
    if its_round.phase != RoundPhase.OVER:
        return offer_lines(its_round)
    kept = RoundFigures.objects.filter(round=its_round).first()
    if kept is not None:
        return [Line(**line) for line in kept.lines]
    return offer_lines(its_round) + person_lines(its_round)


def keep_figures() -> int:
    """Keep the figures of rounds that are over, each once. Safe to run twice, and at once."""
    over = Round.objects.filter(evaluation_until__lt=CoiToday(), public_figures=None)
    return sum(_keep(row) for row in over)


@transaction.atomic
def _keep(its_round: Round) -> bool:
    lines = [asdict(line) for line in offer_lines(its_round) + person_lines(its_round)]
    _row, is_new = RoundFigures.objects.get_or_create(round=its_round, defaults={"lines": lines})
    return is_new


@dataclass(frozen=True)
class Part:
    """The lines of a topic, drawn."""

    title: str
    bars: list[Bar]


def _parts(lines: list[Line]) -> list[Part]:
    topics = list(dict.fromkeys(line.topic for line in lines))
    return [
        Part(topic, bars([(line.group, line.count) for line in lines if line.topic == topic]))
        for topic in topics
    ]


def _public(year: int) -> Round:
    return get_object_or_404(Round.objects.public().with_phase(), year=year)


@require_safe
def figures(request: HttpRequest, year: int) -> HttpResponse:
    """The figures of a round, for everybody."""
    its_round = _public(year)
    lines = lines_of(its_round)
    useful = {line.group: line.count for line in lines if line.topic == _("Gæsters og værters svar bagefter")}
    yes, no = (
        useful.get(_("Kunne bruge det (4 eller 5 af 5)")),
        useful.get(_("Kunne bruge det mindre (1 til 3 af 5)")),
    )
    context: dict[str, Any] = {
        "round": its_round,
        "rounds": Round.objects.public().order_by("-year").values_list("year", flat=True)[:20],
        "is_over": its_round.phase == RoundPhase.OVER,
        "parts": _parts(lines),
        "share": round(100 * yes / (yes + no)) if yes is not None and no is not None and yes + no else None,
        "has_people": any(line.topic == _("Gæster") for line in lines),
    }
    return render(request, "practicum/running/figures.html", context)


@require_safe
def export(request: HttpRequest, year: int, kind: str) -> HttpResponseBase:
    """The same numbers as open data."""
    its_round = _public(year)
    if kind not in TYPES:
        raise Http404
    write = write_csv if kind == "csv" else write_json
    rows: list[Row] = [(line.topic, line.group, line.count) for line in lines_of(its_round)]
    pieces = () if request.method == "HEAD" else write(rows, header=COLUMNS)
    return attached(StreamingHttpResponse(pieces, content_type=TYPES[kind]), f"praktik-{year}", kind)
